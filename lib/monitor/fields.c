/* SPDX-License-Identifier: ISC */
#include "monitor/fields.h"

#include "base/json.h"
#include "base/number.h"
#include "monitor/amount.h"

static bool add_key(struct sw_buffer *out, const char *key, struct sw_error *error)
{
    unsigned char last = out->length ? out->bytes[out->length - 1] : '{';
    bool first = last == '{' || last == '[' || last == '\n';
    if (!first && !sw_buffer_text(out, ", ", error)) return false;
    return !key || (sw_json_text(out, key, strlen(key), error) && sw_buffer_text(out, ": ", error));
}

bool sw_field_open(struct sw_buffer *out, const char *key, char bracket, struct sw_error *error)
{
    return add_key(out, key, error) && sw_buffer_add(out, &bracket, 1, error);
}

bool sw_field_close(struct sw_buffer *out, char bracket, struct sw_error *error)
{
    return sw_buffer_add(out, &bracket, 1, error);
}

bool sw_field_null(struct sw_buffer *out, const char *key, struct sw_error *error)
{
    return add_key(out, key, error) && sw_buffer_text(out, "null", error);
}

bool sw_field_text(struct sw_buffer *out, const char *key, const char *text, struct sw_error *error)
{
    if (!text) return sw_field_null(out, key, error);
    return add_key(out, key, error) && sw_json_text(out, text, strlen(text), error);
}

bool sw_field_decimal(struct sw_buffer *out, const char *key, sw_int128 value, int scale,
                      struct sw_error *error)
{
    char text[SW_NUMBER_LENGTH];
    size_t length = sw_format_decimal(text, value, scale);
    return add_key(out, key, error) && sw_buffer_add(out, text, length, error);
}

bool sw_field_count(struct sw_buffer *out, const char *key, uint64_t count, struct sw_error *error)
{
    return sw_field_decimal(out, key, count, 0, error);
}

bool sw_field_seconds(struct sw_buffer *out, const char *key, int64_t us, struct sw_error *error)
{
    if (us < 0) return sw_field_null(out, key, error);
    return sw_field_decimal(out, key, us, SW_DECIMALS_OF_SECONDS, error);
}

bool sw_field_megabytes(struct sw_buffer *out, const char *key, uint64_t bytes,
                        struct sw_error *error)
{
    sw_int128 thousandths = (((sw_int128)bytes * 1000 << 1) + (1 << 20)) >> 21;
    return sw_field_decimal(out, key, thousandths, 3, error);
}
