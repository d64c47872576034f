/* SPDX-License-Identifier: ISC
 *
 * Arithmetic over measures, as "(max(price)-min(price))/mean(price)" has it: read into steps, and worked out from the exact values of the
 * measures in it. What a measure is, and what it comes to, the caller knows.
 *
 *     sw_formula_parse(&formula, text, length, &source, &plain, error)
 *     sw_formula_value(&formula, fetch, context, &value, error)
 *
 * + − × ÷ and parentheses; numbers; abs(a), least(a,…), greatest(a,…), round(a,n). As in rows, what is made of null is null, but least and
 * greatest leave it out, and a quotient by 0 is null. Nothing is rounded on the way, but by round.
 */
#ifndef SW_MEASURE_FORMULA_H
#define SW_MEASURE_FORMULA_H

#include "base/rational.h"

enum { SW_FORMULA_STEPS = 128, SW_FORMULA_DEPTH = 32 };

enum sw_formula_operation {
    SW_FORMULA_MEASURE, /* `argument` is which */
    SW_FORMULA_NUMBER,  /* of `argument` decimals */
    SW_FORMULA_NEGATE,
    SW_FORMULA_ADD,
    SW_FORMULA_SUBTRACT,
    SW_FORMULA_MULTIPLY,
    SW_FORMULA_DIVIDE,
    SW_FORMULA_ABS,
    SW_FORMULA_LEAST, /* of the `argument` values last */
    SW_FORMULA_GREATEST,
    SW_FORMULA_ROUND, /* to `argument` decimals */
};

/* Each takes values from a stack, and puts one there. */
struct sw_formula_step {
    enum sw_formula_operation operation;
    int argument;
    sw_int128 number;
};

/* Zero-initialized: none. */
struct sw_formula {
    struct sw_formula_step steps[SW_FORMULA_STEPS];
    size_t count;
};

/* Where measures come from while a formula is read. */
struct sw_formula_source {
    /* Makes the measure FUNCTION(…), text[0..length): sets *which, and appends it to `plain` without needless blanks. */
    bool (*measure)(void *context, const char *text, size_t length, int *which,
                    struct sw_buffer *plain, struct sw_error *error);
    /* The definition of a measure before this one, by its name; NULL: there is none. */
    const char *(*named)(void *context, const char *name, size_t length);
    void *context;
};

/* Whether FUNCTION(…) of this name is arithmetic and no measure. */
bool sw_formula_function(const char *name, size_t length);

/* Reads text[0..length); appends to `plain` the same without blanks, and with definitions in the place of names. SW_USAGE: it is no
 * formula, has no measure in it, or is longer than the limits above; or what the source says. */
bool sw_formula_parse(struct sw_formula *formula, const char *text, size_t length,
                      const struct sw_formula_source *source, struct sw_buffer *plain,
                      struct sw_error *error) SW_CHECKED;

struct sw_formula_value {
    bool null;
    struct sw_rational number; /* where it is not null */
};

typedef bool sw_formula_fetch(void *context, int which, struct sw_formula_value *value,
                              struct sw_error *error);

/* What it comes to. SW_DATA: out of range; or what `fetch` says. */
bool sw_formula_value(const struct sw_formula *formula, sw_formula_fetch *fetch, void *context,
                      struct sw_formula_value *value, struct sw_error *error) SW_CHECKED;

#endif
