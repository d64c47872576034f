/* SPDX-License-Identifier: ISC */
#include "parquet/cell.h"

#include "base/civil.h"
#include "base/number.h"

enum { ROOM = 64 }; /* bytes that any number, date or time has as text */

bool sw_parquet_field_put(const void *bytes, size_t length, struct sw_buffer *out,
                          struct sw_error *error)
{
    const char *text = bytes;
    bool quoted = false;
    for (size_t i = 0; i < length && !quoted; i++)
        quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    if (!quoted) return sw_buffer_add(out, text, length, error);
    if (!sw_buffer_reserve(out, 2 * length + 2, error)) return false;
    unsigned char *to = out->bytes + out->length;
    *to++ = '"';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') *to++ = '"';
        *to++ = (unsigned char)text[i];
    }
    *to++ = '"';
    out->length = (size_t)(to - out->bytes);
    return true;
}

/* ---- decimals ---- */

/* Big-endian, with a sign; bytes above 128 bits only repeat it. */
static bool from_bytes(const struct sw_parquet_text *text, sw_int128 *value)
{
    const unsigned char *bytes = text->bytes;
    size_t length = text->length;
    if (length == 0) return false;
    unsigned char sign = bytes[0] & 128 ? 255 : 0;
    while (length > 16) {
        if (bytes[0] != sign || (bytes[1] & 128) != (sign & 128)) return false;
        bytes++, length--;
    }
    sw_uint128 number = sign ? ~(sw_uint128)0 : 0;
    for (size_t i = 0; i < length; i++) number = number << 8 | bytes[i];
    *value = (sw_int128)number;
    return true;
}

static bool put_decimal(const struct sw_parquet_column_kind *kind,
                        const struct sw_parquet_value *value, struct sw_buffer *out,
                        struct sw_error *error)
{
    char digits[2 * ROOM];
    bool whole = kind->type == SW_TYPE_INT32 || kind->type == SW_TYPE_INT64;
    sw_int128 number = value->number;
    if (!whole && !from_bytes(&value->text, &number))
        return sw_fail(error, SW_DATA, "a decimal of %u bytes, which has more than 128 bits",
                       value->text.length);
    return sw_buffer_add(out, digits, sw_format_decimal(digits, number, kind->scale), error);
}

/* ---- times ---- */

static bool out_of_range(int64_t number, const char *what, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s out of range: '%lld'", what, (long long)number);
}

/* What is no instant has no offset. */
static bool put_timestamp(const struct sw_parquet_column_kind *kind, int64_t number,
                          struct sw_buffer *out, struct sw_error *error)
{
    char text[ROOM];
    int64_t time_ns;
    if (__builtin_mul_overflow(number, kind->unit_ns, &time_ns))
        return out_of_range(number, "a timestamp", error);
    size_t length = sw_format_time(text, time_ns, 0, true);
    return sw_buffer_add(out, text, length - (kind->kind == SW_KIND_LOCAL), error);
}

static bool put_time(const struct sw_parquet_column_kind *kind, int64_t number,
                     struct sw_buffer *out, struct sw_error *error)
{
    char text[ROOM];
    int64_t ns;
    if (__builtin_mul_overflow(number, kind->unit_ns, &ns) || ns < 0 || ns > SW_NS_PER_DAY)
        return out_of_range(number, "a time of day", error);
    return sw_buffer_add(out, text, sw_format_time_of_day(text, ns), error);
}

static bool put_date(int64_t days, struct sw_buffer *out, struct sw_error *error)
{
    char text[ROOM];
    const int64_t first = sw_days_from_civil(0, 1, 1), last = sw_days_from_civil(9999, 12, 31);
    if (days < first || days > last) return out_of_range(days, "a date", error);
    return sw_buffer_add(out, text, sw_format_date(text, days), error);
}

/* ---- any ---- */

static bool put_uuid(const struct sw_parquet_text *text, struct sw_buffer *out,
                     struct sw_error *error)
{
    static const char digits[] = "0123456789abcdef";
    char shown[36];
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) shown[at++] = '-';
        shown[at++] = digits[text->bytes[i] >> 4];
        shown[at++] = digits[text->bytes[i] & 15];
    }
    return sw_buffer_add(out, shown, sizeof shown, error);
}

static bool put_whole(const struct sw_parquet_column_kind *kind, int64_t number,
                      struct sw_buffer *out, struct sw_error *error)
{
    char digits[ROOM];
    uint64_t as_unsigned = kind->type == SW_TYPE_INT32 ? (uint32_t)number : (uint64_t)number;
    size_t length = kind->kind == SW_KIND_UNSIGNED ? sw_format_unsigned(digits, as_unsigned)
                                                   : sw_format_integer(digits, number);
    return sw_buffer_add(out, digits, length, error);
}

bool sw_parquet_cell_put(const struct sw_parquet_column_kind *kind,
                         const struct sw_parquet_value *value, struct sw_buffer *out,
                         struct sw_error *error)
{
    if (value->null) return true;
    switch (kind->kind) {
    case SW_KIND_INTEGER:
    case SW_KIND_UNSIGNED:
        return put_whole(kind, value->number, out, error);
    case SW_KIND_BOOLEAN:
        return sw_buffer_text(out, value->number ? "true" : "false", error);
    case SW_KIND_DECIMAL:
        return put_decimal(kind, value, out, error);
    case SW_KIND_DATE:
        return put_date(value->number, out, error);
    case SW_KIND_TIME:
        return put_time(kind, value->number, out, error);
    case SW_KIND_TIMESTAMP:
    case SW_KIND_LOCAL:
        return put_timestamp(kind, value->number, out, error);
    case SW_KIND_UUID:
        return put_uuid(&value->text, out, error);
    case SW_KIND_TEXT:
        return sw_parquet_field_put(value->text.bytes, value->text.length, out, error);
    case SW_KIND_UNREADABLE:
        break;
    }
    return sw_fail(error, SW_DATA, "%s", kind->reason);
}
