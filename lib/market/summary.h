/* SPDX-License-Identifier: ISC
 *
 * The summary of a simulation: for each scenario the sums over its orders, and what is made of them
 * (sw-analysis(7)). Orders whose costs are of different quantities, amended or not, are counted and left
 * out, unless asked for; what midprices rest on is counted over all. Sums add the rounded values
 * that the rows show.
 *
 *     for every fully filled order: sw_summary_add(&summary, simulate, error);
 *     or, for rows that were written before: sw_summary_read(&summary, reader, error);
 *     sw_summary_write(&summary, format, &output, error);
 */
#ifndef SW_MARKET_SUMMARY_H
#define SW_MARKET_SUMMARY_H

#include "base/sum.h"
#include "output/text_writer.h"
#include "market/simulate.h"

/* What is added up. */
enum sw_total {
    SW_TOTAL_QUANTITY,
    SW_TOTAL_ACTUAL_QUANTITY,
    SW_TOTAL_ACTUAL_COST, /* from here on of millionths */
    SW_TOTAL_SIMULATED_COST,
    SW_TOTAL_COST_DIFFERENCE,
    SW_TOTAL_SAVINGS,
    SW_TOTAL_MIDPRICE,
    SW_TOTALS,
};

enum { SW_OLD_QUOTE_S = 60 }; /* an older one than this is counted as old */

struct sw_summary_row {
    uint64_t orders;           /* those that are included */
    uint64_t simulated;        /* all */
    uint64_t amended, unequal; /* of all, as the next ones */
    uint64_t without_quote, old_quotes;
    uint64_t beyond_limit; /* the simulated price is worse than the order's initial one */
    bool any_older;        /* there is a quote that is not from its window … */
    sw_int128 oldest_ns;   /* … and the age of the oldest */
    struct sw_sum totals[SW_TOTALS];
    uint64_t midprices; /* how many there were */
};

struct sw_summary {
    bool chosen[SW_SCENARIOS];
    struct sw_inclusion inclusion;
    struct sw_summary_row rows[SW_SCENARIOS];
    int quantity_scale, actual_scale; /* of the totals of quantities */
};

/* Adds the current order, which is fully filled. */
void sw_summary_add(struct sw_summary *summary, const struct sw_simulate *simulate);

/* Adds all rows of a stream of the table `simulation`. SW_DATA: a column is not there or not as
 * sw-simulate writes it, a scenario is unknown. */
bool sw_summary_read(struct sw_summary *summary, struct sw_reader *reader,
                     struct sw_error *error) SW_CHECKED;

/* Appends lines "NAME<tab>COUNT": of each chosen scenario, its name in front, the counts above. SW_SYSTEM:
 * memory. */
bool sw_summary_tally(const struct sw_summary *summary, struct sw_buffer *to,
                      struct sw_error *error) SW_CHECKED;

/* Appends, for people, the counts that are not 0: "317 amended, 50 of unequal quantities, …"; nothing
 * where all are. */
bool sw_summary_doubts(const struct sw_summary *summary, struct sw_buffer *to,
                       struct sw_error *error) SW_CHECKED;

/* Writes a line for each chosen scenario. The output stays open. SW_DATA: a sum or a ratio does
 * not fit. */
bool sw_summary_write(const struct sw_summary *summary, enum sw_print_format format,
                      struct sw_output *output, struct sw_error *error) SW_CHECKED;

#endif
