/* SPDX-License-Identifier: ISC
 *
 * The functions that measures are made of: their names, what they take, and what they keep of a group.
 */
#ifndef SW_MEASURE_MEASURE_FUNCTIONS_H
#define SW_MEASURE_MEASURE_FUNCTIONS_H

#include "measure/measure.h"

/* What a function keeps: kinds of fields and what they are called after "NAME=FUNCTION(…)/". The
 * field called "value" has the type of the column, so that a partial stream says it. */
struct sw_measure_function {
    const char *name;
    size_t least, most; /* how many columns it takes */
    bool numbers;       /* of numbers only */
    struct {
        const char *suffix;
        enum sw_field_kind kind;
    } fields[SW_MEASURE_FIELDS];
};

extern const struct sw_measure_function sw_measure_functions[SW_FUNCTIONS];

/* The function of this name; false where there is none. */
bool sw_measure_function_find(const char *name, size_t length,
                              enum sw_function *function) SW_CHECKED;

#endif
