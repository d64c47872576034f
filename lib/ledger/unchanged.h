/* SPDX-License-Identifier: ISC
 *
 * Whether a stage's inputs, STAGE/inputs, are as STAGE/seen has them: still those that its chunks were planned of (ledger/parts.h).
 */
#ifndef SW_LEDGER_UNCHANGED_H
#define SW_LEDGER_UNCHANGED_H

#include "base/error.h"

/* *unchanged: that is certain without a look into them; else nothing is known. SW_SYSTEM: a list that is none, or no memory. */
bool sw_inputs_unchanged(const char *stage, bool *unchanged, struct sw_error *error) SW_CHECKED;

#endif
