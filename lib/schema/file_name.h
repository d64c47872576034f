/* SPDX-License-Identifier: ISC
 *
 * What stands in the name of a file and is a column of all its rows: "AAPL_2012-06-21_34200000_57600000_message_10.csv". A pattern has
 * parts in braces, each of which matches one byte or more without an underscore; a part with a name is a column, {} is nothing.
 *
 *     {security_code}_{date}_{}_{}_message_{}.csv
 */
#ifndef SW_SCHEMA_FILE_NAME_H
#define SW_SCHEMA_FILE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { SW_FILE_PARTS = 16 };

struct sw_file_part {
    const char *text;
    size_t length;
};

/* Whether it is a pattern. SW_USAGE: a brace without its partner, more than SW_FILE_PARTS parts, two parts side by side. */
bool sw_file_pattern_check(const char *pattern, struct sw_error *error) SW_CHECKED;

/* The name of a part, counted from 0: false where there is none of that number; its length is 0 for {}. */
bool sw_file_pattern_part(const char *pattern, size_t number, struct sw_file_part *name);

/* The part of a path that a pattern is to meet: the last one, without .gz or .zst at its end. */
struct sw_file_part sw_file_name_of(const char *path);

/* Whether the name meets the pattern; parts[i] is then what its part i stands for, within the name. */
bool sw_file_name_match(const char *pattern, struct sw_file_part name,
                        struct sw_file_part parts[SW_FILE_PARTS]);

#endif
