/* SPDX-License-Identifier: ISC
 *
 * How much a pipeline says of its run.
 */
#ifndef SW_STAGE_LOG_LEVEL_H
#define SW_STAGE_LOG_LEVEL_H

#include "base/error.h"

enum sw_log_level { SW_LOG_ERROR, SW_LOG_WARNING, SW_LOG_INFO, SW_LOG_DEBUG };

/* The level of that name; false, with *level as it was, where there is none. */
bool sw_log_level_find(const char *name, enum sw_log_level *level);

#endif
