/* SPDX-License-Identifier: ISC
 *
 * What a job of the analysis has made, as the run's folder tells: the orders, trades and fill ratio
 * of a security, and the files. Of other jobs the folder does not tell.
 */
#ifndef SW_MONITOR_OUTCOME_H
#define SW_MONITOR_OUTCOME_H

#include "monitor/run.h"

/* Appends the JSON members orders, trades, fill_ratio (quantity traded ÷ quantity ordered over all
 * of the security's dates, six decimals) and output_files (below OUT), null where not known.
 * SW_SYSTEM only when there is no memory. */
bool sw_outcome_add(struct sw_buffer *out, const struct sw_run *run, const struct sw_stage *stage,
                    const struct sw_watched_job *job, struct sw_error *error) SW_CHECKED;

#endif
