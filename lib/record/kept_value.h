/* SPDX-License-Identifier: ISC
 *
 * A value of a row, kept when the row's block is gone: compared with the values of rows to come, and written.
 */
#ifndef SW_RECORD_KEPT_VALUE_H
#define SW_RECORD_KEPT_VALUE_H

#include "record/vector.h"

/* Zero-initialize; free with sw_kept_value_free. */
struct sw_kept_value {
    sw_int128 number; /* of this scale, or: */
    int scale;
    char *text; /* NULL: a number */
    uint32_t length;
};

/* Keeps the value at a row that is not null. SW_SYSTEM: no memory. */
bool sw_kept_value_set(struct sw_kept_value *kept, const struct sw_vector *vector, size_t row,
                       struct sw_error *error) SW_CHECKED;
void sw_kept_value_free(struct sw_kept_value *kept);

/* Below 0, 0 or above 0 as the value comes before, is or comes after that of a row that is not null, of the same type and scale. */
static inline int sw_kept_value_compare(const struct sw_kept_value *kept,
                                        const struct sw_vector *vector, size_t row)
{
    if (vector->type != SW_TEXT) {
        sw_int128 value = sw_value(vector, row);
        return (kept->number > value) - (kept->number < value);
    }
    const struct sw_text text = {kept->text, kept->length};
    return sw_texts_compare(&text, &vector->dictionary[vector->codes[row]]);
}

/* The same of two values that are kept. */
int sw_kept_values_compare(const struct sw_kept_value *a, const struct sw_kept_value *b);

/* Appends it as text. */
bool sw_kept_value_put(const struct sw_kept_value *kept, struct sw_buffer *out,
                       struct sw_error *error) SW_CHECKED;

#endif
