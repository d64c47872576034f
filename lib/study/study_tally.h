/* SPDX-License-Identifier: ISC
 *
 * What became of the rows of each security of a study: counted while all of them go by in the order of their securities. The
 * securities are those of the events; rows of others are not counted.
 */
#ifndef SW_STUDY_STUDY_TALLY_H
#define SW_STUDY_STUDY_TALLY_H

#include "market/classify.h"
#include "market/summary.h"
#include "record/kept_value.h"

struct sw_study_counts {
    struct sw_classify_counts classified;             /* but for `trades` */
    uint64_t selected;                                /* orders */
    uint64_t crossed, one_sided;                      /* quotes that were left out */
    struct sw_summary summary;                        /* of the simulated orders */
    uint64_t missing[SW_FIGURES], missing_quantities; /* of these, what could not be had */
};

struct sw_study_security {
    struct sw_kept_value name;
    struct sw_study_counts counts;
};

struct sw_study_tally {
    bool chosen[SW_SCENARIOS];
    struct sw_inclusion inclusion;
    struct sw_study_security *securities;
    size_t count, capacity;
    size_t trade_at, order_at, quote_at, simulated_at; /* the security whose rows went by last */
};

/* Before each of the others: rows of events, which tell what securities there are. SW_DATA: an event without a security, or one of a
 * security that was left behind. */
bool sw_study_tally_events(struct sw_study_tally *tally, const struct sw_vector *security,
                           size_t rows, struct sw_error *error) SW_CHECKED;

/* What is counted of trades and of orders while they are classified, and of quotes that are left out. owner: a sw_study_tally. */
extern const struct sw_classify_watch sw_study_classify_watch;
void sw_study_tally_quote(void *owner, const struct sw_vector *security, size_t row, bool crossed);

/* An order that came by. */
void sw_study_tally_order(struct sw_study_tally *tally, const struct sw_simulate *simulate);

/* "security_code<tab>events<tab>…", and a line a security. */
bool sw_study_tally_write(const struct sw_study_tally *tally, const char *path,
                          struct sw_error *error) SW_CHECKED;

void sw_study_tally_free(struct sw_study_tally *tally);

#endif
