/* SPDX-License-Identifier: ISC
 *
 * The account of a run, OUT/run/metrics.json: what every job took and made, for programs that read
 * it when the run has ended. Its members are listed in sw-monitor(1).
 */
#ifndef SW_MONITOR_ACCOUNT_H
#define SW_MONITOR_ACCOUNT_H

#include "monitor/progress.h"

/* Writes the account to path, which appears whole. SW_SYSTEM on failure. */
bool sw_account_write(const struct sw_snapshot *snapshot, const char *path,
                      struct sw_error *error) SW_CHECKED;

#endif
