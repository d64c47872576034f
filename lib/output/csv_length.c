/* SPDX-License-Identifier: ISC */
#include "output/csv_length.h"

#include "base/civil.h"
#include "base/number.h"
#include "output/quote_text.h"

static size_t digits_of(uint64_t value)
{
    size_t digits = 1;
    for (; value >= 10000; value /= 10000) digits += 4;
    return digits + (value >= 10) + (value >= 100) + (value >= 1000);
}

static size_t number_length(const struct sw_vector *vector, size_t row)
{
    char text[SW_CIVIL_LENGTH + SW_NUMBER_LENGTH];
    sw_int128 value = sw_value(vector, row);
    if (vector->type == SW_DATE) return sw_format_date(text, (int64_t)value);
    if (vector->scale || vector->wide) return sw_format_decimal(text, value, vector->scale);
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    return digits_of(size) + (value < 0);
}

static size_t text_length(const struct sw_text *text)
{
    size_t quotes = 0;
    bool quoted = sw_begins_otherwise(text->bytes, text->length);
    for (uint32_t i = 0; i < text->length; i++) {
        char byte = text->bytes[i];
        quotes += byte == '"';
        quoted = quoted || byte == ',' || byte == '\n' || byte == '\r';
    }
    return text->length + quotes + (quoted || quotes ? 2 : 0);
}

uint64_t sw_csv_length(const struct sw_vector *vector)
{
    uint64_t length = vector->rows;
    for (size_t row = 0; row < vector->rows; row++) {
        if (sw_is_null(vector, row)) continue;
        length += vector->type == SW_TEXT ? text_length(&vector->dictionary[vector->codes[row]])
                                          : number_length(vector, row);
    }
    return length;
}
