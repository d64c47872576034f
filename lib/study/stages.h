/* SPDX-License-Identifier: ISC
 *
 * The stages of a study (study/study.h), each of which reads what those before it put by, and what they share. None of it is anybody
 * else's.
 *
 *     events, trades, quotes ─▶ merged ─▶ classified ─▶ selected ─┬▶ simulated ─▶ aggregates
 *                                                                 ├▶ costs
 *                                                                 └▶ tables of each security and date
 */
#ifndef SW_STUDY_STAGES_H
#define SW_STUDY_STAGES_H

#include "study/study.h"
#include "study/study_files.h"
#include "study/study_tally.h"

struct sw_study {
    const struct sw_study_settings *settings;
    struct sw_scratch scratch;
    struct sw_part events, trades, quotes, classified, selected; /* streams in it */
    struct sw_study_tally tally;
    struct sw_study_files files;
    char *orders_path, *sums_path, *partial_path, *tally_path, *tca_path;
};

/* Whether files of orders are wanted. */
bool sw_study_has_files(const struct sw_study *study);

/* A stream begins where the scratch file ends, and ends there. SW_SYSTEM: it cannot be written. */
struct sw_part sw_study_begin_part(const struct sw_study *study);
bool sw_study_end_part(struct sw_study *study, struct sw_part *part,
                       struct sw_error *error) SW_CHECKED;

/* A stream that was put by, as an input or opened. The name stands in messages. SW_SYSTEM, SW_DATA: it cannot be read. */
struct sw_input sw_study_input(const struct sw_study *study, struct sw_part part, const char *name);
bool sw_study_open_part(const struct sw_study *study, struct sw_part part, const char *name,
                        struct sw_reader *reader, struct sw_error *error) SW_CHECKED;

/* The stages, in their order. Each is false with SW_DATA where its input is not what it has to be, naming file and row or order,
 * and with SW_SYSTEM where memory or a file fails, or where rows do not add up. */
bool sw_study_merge(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_classify(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_select(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_write_orders(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_simulate(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_cost(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_aggregate(struct sw_study *study, struct sw_error *error) SW_CHECKED;
bool sw_study_write_events(struct sw_study *study, struct sw_error *error) SW_CHECKED;

#endif
