/* SPDX-License-Identifier: ISC */
#include "record/kept_value.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"

bool sw_kept_value_set(struct sw_kept_value *kept, const struct sw_vector *vector, size_t row,
                       struct sw_error *error)
{
    sw_kept_value_free(kept);
    if (vector->type != SW_TEXT) {
        *kept = (struct sw_kept_value){.number = sw_value(vector, row), .scale = vector->scale};
        return true;
    }
    const struct sw_text *text = &vector->dictionary[vector->codes[row]];
    kept->length = text->length;
    kept->text = sw_copy_text(text->bytes, text->length, error);
    return kept->text != NULL;
}

void sw_kept_value_free(struct sw_kept_value *kept)
{
    free(kept->text);
    *kept = (struct sw_kept_value){0};
}

int sw_kept_values_compare(const struct sw_kept_value *a, const struct sw_kept_value *b)
{
    const struct sw_text one = {a->text, a->length}, other = {b->text, b->length};
    if (a->text) return sw_texts_compare(&one, &other);
    return (a->number > b->number) - (a->number < b->number);
}

bool sw_kept_value_put(const struct sw_kept_value *kept, struct sw_buffer *out,
                       struct sw_error *error)
{
    char number[SW_NUMBER_LENGTH];
    if (kept->text) return sw_buffer_add(out, kept->text, kept->length, error);
    return sw_buffer_add(out, number, sw_format_decimal(number, kept->number, kept->scale), error);
}
