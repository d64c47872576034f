/* SPDX-License-Identifier: ISC
 *
 * Whether a configuration can be run: its values beside each other, the files that it names, and
 * its selectors, expressions and measures against the columns of those files, as far as that can be
 * told from their headers. Every mistake is noted in the configuration; a key that has one already
 * is not looked at again.
 */
#ifndef SW_CONFIG_CHECK_H
#define SW_CONFIG_CHECK_H

#include "config/configuration.h"

/* Notes everything that is wrong. share_directory holds schemas/ and sets/. False only with
 * SW_SYSTEM: no memory. */
bool sw_configuration_check(struct sw_configuration *configuration, const char *share_directory,
                            struct sw_error *error) SW_CHECKED;

/* What the diagnostics come to: SW_USAGE where one of them is in what was said; else SW_SYSTEM
 * where one is in the system (a file, a permission); else SW_DATA where a file is not what it
 * should be; SW_DONE where there are none. */
enum sw_status sw_configuration_status(const struct sw_configuration *configuration);

/* ---- its parts ---- */

/* What needs the columns of the data (config/check_query.c). */
bool sw_check_query(struct sw_configuration *configuration, const char *share_directory,
                    struct sw_error *error) SW_CHECKED;

/* Files that are read and written (config/check_files.c). */
bool sw_check_files(struct sw_configuration *configuration, struct sw_error *error) SW_CHECKED;

#endif
