/* SPDX-License-Identifier: ISC */
#include "record/encode.h"

#include <zlib.h>

/* ---- bounds ---- */

static void narrow_bounds(const struct sw_vector *vector, size_t rows, struct sw_entry *entry)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    const int64_t *values = vector->narrow;
    if (!entry->nulls) {
        for (size_t row = 0; row < rows; row++) {
            low = values[row] < low ? values[row] : low;
            high = values[row] > high ? values[row] : high;
        }
    } else {
        for (size_t row = 0; row < rows; row++) {
            if (sw_is_null(vector, row)) continue;
            low = values[row] < low ? values[row] : low;
            high = values[row] > high ? values[row] : high;
        }
    }
    entry->minimum = low;
    entry->maximum = high;
}

static void wide_bounds(const struct sw_vector *vector, size_t rows, struct sw_entry *entry)
{
    bool first = true;
    for (size_t row = 0; row < rows; row++) {
        if (sw_is_null(vector, row)) continue;
        sw_int128 value = vector->wide_values[row];
        if (first || value < entry->minimum) entry->minimum = value;
        if (first || value > entry->maximum) entry->maximum = value;
        first = false;
    }
}

static int compare_texts(const struct sw_text *a, const struct sw_text *b)
{
    uint32_t common = a->length < b->length ? a->length : b->length;
    int order = common ? memcmp(a->bytes, b->bytes, common) : 0;
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static sw_int128 text_prefix(const struct sw_text *text)
{
    unsigned char bytes[16] = {0};
    if (text->length) memcpy(bytes, text->bytes, text->length < 16 ? text->length : 16);
    return sw_load128(bytes);
}

static void text_bounds(const struct sw_vector *vector, struct sw_entry *entry)
{
    const struct sw_text *least = vector->dictionary, *most = vector->dictionary;
    for (uint32_t code = 1; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        if (compare_texts(text, least) < 0) least = text;
        if (compare_texts(text, most) > 0) most = text;
    }
    entry->minimum = text_prefix(least);
    entry->maximum = text_prefix(most);
}

static uint8_t width_of(sw_uint128 range)
{
    if (range >> 64) return 16;
    uint8_t width = 0;
    for (uint64_t left = (uint64_t)range; left; left >>= 8) width++;
    return width;
}

/* ---- encoding ---- */

static size_t rounded_up(size_t length)
{
    return (length + 7) / 8 * 8;
}

static void pad(struct sw_buffer *out, size_t length)
{
    memset(out->bytes + out->length, 0, length);
    out->length += length;
}

/* Makes room for length bytes and the eight that an 8-byte store may run over; returns where they begin. */
static unsigned char *room(struct sw_buffer *out, size_t length, struct sw_error *error)
{
    return sw_buffer_reserve(out, rounded_up(length) + 8, error) ? out->bytes + out->length : NULL;
}

static void took(struct sw_buffer *out, size_t length)
{
    out->length += length;
    pad(out, rounded_up(length) - length);
}

#define STORE_LOOP(type)                                                                           \
    for (size_t row = 0; row < rows; row++) {                                                      \
        type small = (type)((uint64_t)values[row] - base);                                         \
        memcpy(to + row * sizeof small, &small, sizeof small);                                     \
    }

static void store_narrow(unsigned char *to, const int64_t *values, size_t rows, uint64_t base,
                         uint8_t width)
{
    switch (width) {
    case 1: STORE_LOOP(uint8_t) return;
    case 2: STORE_LOOP(uint16_t) return;
    case 4: STORE_LOOP(uint32_t) return;
    case 8: STORE_LOOP(uint64_t) return;
    default:
        for (size_t row = 0; row < rows; row++)
            sw_store64(to + row * width, (uint64_t)values[row] - base);
    }
}

/* Where there are nulls or 128-bit values; what stands in a null's place is 0. */
static void store_any(unsigned char *to, const struct sw_vector *vector, size_t rows,
                      const struct sw_entry *entry)
{
    for (size_t row = 0; row < rows; row++) {
        sw_uint128 offset = sw_is_null(vector, row)
                                ? 0
                                : (sw_uint128)sw_value(vector, row) - (sw_uint128)entry->minimum;
        memcpy(to + row * entry->width, &offset, entry->width);
    }
}

static bool encode_numbers(struct sw_buffer *out, const struct sw_vector *vector, size_t rows,
                           struct sw_entry *entry, struct sw_error *error)
{
    if (vector->wide) wide_bounds(vector, rows, entry);
    else narrow_bounds(vector, rows, entry);
    entry->width = width_of((sw_uint128)entry->maximum - (sw_uint128)entry->minimum);
    if (entry->width == 0) return true;
    entry->encoding = SW_FRAME_OF_REFERENCE;
    unsigned char *to = room(out, rows * entry->width, error);
    if (!to) return false;
    if (vector->wide || entry->nulls) store_any(to, vector, rows, entry);
    else store_narrow(to, vector->narrow, rows, (uint64_t)(int64_t)entry->minimum, entry->width);
    took(out, rows * entry->width);
    return true;
}

static void store_codes(unsigned char *to, const uint32_t *codes, size_t rows, uint8_t width)
{
    if (width == 1)
        for (size_t row = 0; row < rows; row++) to[row] = (unsigned char)codes[row];
    else
        for (size_t row = 0; row < rows; row++) memcpy(to + row * width, &codes[row], width);
}

static bool encode_texts(struct sw_buffer *out, const struct sw_vector *vector, size_t rows,
                         struct sw_entry *entry, struct sw_error *error)
{
    uint32_t count = vector->dictionary_size;
    size_t bytes = 0;
    text_bounds(vector, entry);
    entry->encoding = SW_DICTIONARY;
    entry->dictionary_size = count;
    entry->width = width_of(count - 1);
    for (uint32_t code = 0; code < count; code++) bytes += vector->dictionary[code].length;
    unsigned char *to = room(out, 4 * (size_t)count + bytes, error);
    if (!to) return false;
    unsigned char *text = to + 4 * (size_t)count;
    for (uint32_t code = 0; code < count; code++) {
        const struct sw_text *entry_text = &vector->dictionary[code];
        sw_store32(to + 4 * (size_t)code, entry_text->length);
        if (entry_text->length) memcpy(text, entry_text->bytes, entry_text->length);
        text += entry_text->length;
    }
    took(out, 4 * (size_t)count + bytes);
    to = room(out, rows * entry->width, error);
    if (!to) return false;
    store_codes(to, vector->codes, rows, entry->width);
    took(out, rows * entry->width);
    return true;
}

static size_t count_nulls(const struct sw_vector *vector, size_t rows)
{
    size_t nulls = 0;
    if (!vector->nulls) return 0;
    for (size_t row = 0; row < rows; row++) nulls += sw_is_null(vector, row);
    return nulls;
}

static bool encode_bitmap(struct sw_buffer *out, const struct sw_vector *vector, size_t rows,
                          struct sw_error *error)
{
    size_t length = (rows + 63) / 64 * 8;
    unsigned char *to = room(out, length, error);
    if (!to) return false;
    memcpy(to, vector->valid, length);
    if (rows % 64) {
        uint64_t last = sw_load64(to + length - 8) & ((UINT64_C(1) << rows % 64) - 1);
        sw_store64(to + length - 8, last);
    }
    took(out, length);
    return true;
}

static bool encode_raw(struct sw_buffer *out, const struct sw_vector *vector, size_t rows,
                       struct sw_entry *entry, struct sw_error *error)
{
    entry->nulls = (uint32_t)count_nulls(vector, rows);
    if (entry->nulls == rows) return true;
    if (entry->nulls && !encode_bitmap(out, vector, rows, error)) return false;
    return vector->type == SW_TEXT ? encode_texts(out, vector, rows, entry, error)
                                   : encode_numbers(out, vector, rows, entry, error);
}

/* Replaces the bytes from `start` on by their zlib stream, where that is smaller. */
static bool compress_from(struct sw_buffer *out, size_t start, int level, struct sw_buffer *scratch,
                          struct sw_entry *entry, struct sw_error *error)
{
    size_t raw = out->length - start;
    uLongf length = compressBound(raw);
    scratch->length = 0;
    if (!sw_buffer_reserve(scratch, length, error)) return false;
    if (compress2(scratch->bytes, &length, out->bytes + start, raw, level) != Z_OK)
        return sw_fail(error, SW_SYSTEM, "zlib cannot compress %zu bytes", raw);
    if (rounded_up(length) >= raw) return true;
    memcpy(out->bytes + start, scratch->bytes, length);
    out->length = start;
    took(out, length);
    entry->compressed = 1;
    return true;
}

bool sw_encode_column(struct sw_buffer *out, const struct sw_vector *vector, size_t rows, int level,
                      struct sw_buffer *scratch, struct sw_entry *entry, struct sw_error *error)
{
    size_t start = out->length;
    *entry = (struct sw_entry){.encoding = SW_CONSTANT};
    if (!encode_raw(out, vector, rows, entry, error)) return false;
    if (out->length - start > SW_COLUMN_MAXIMUM)
        return sw_fail(error, SW_DATA, "more than %d bytes of a column in a block",
                       SW_COLUMN_MAXIMUM);
    entry->raw_length = (uint32_t)(out->length - start);
    if (level > 0 && entry->raw_length &&
        !compress_from(out, start, level, scratch, entry, error))
        return false;
    entry->stored_length = (uint32_t)(out->length - start);
    return true;
}

/* ---- decoding ---- */

static bool fits_narrow(const struct sw_entry *entry)
{
    return entry->minimum >= INT64_MIN && entry->maximum <= INT64_MAX;
}

size_t sw_decoded_width(const struct sw_entry *entry, enum sw_type type)
{
    if (type == SW_TEXT) return sizeof(uint32_t);
    return fits_narrow(entry) ? sizeof(int64_t) : sizeof(sw_int128);
}

#define LOAD_LOOP(type)                                                                            \
    for (size_t row = 0; row < rows; row++) {                                                      \
        type small;                                                                                \
        memcpy(&small, from + row * sizeof small, sizeof small);                                   \
        to[row] = (int64_t)(base + small);                                                         \
    }

static void load_narrow(int64_t *to, const unsigned char *from, size_t rows, uint64_t base,
                        uint8_t width)
{
    switch (width) {
    case 0:
        for (size_t row = 0; row < rows; row++) to[row] = (int64_t)base;
        return;
    case 1: LOAD_LOOP(uint8_t) return;
    case 2: LOAD_LOOP(uint16_t) return;
    case 4: LOAD_LOOP(uint32_t) return;
    case 8: LOAD_LOOP(uint64_t) return;
    case 16: /* bounds that fit 64 bits never need it, but it is no error */
        for (size_t row = 0; row < rows; row++)
            to[row] = (int64_t)(base + sw_load64(from + row * 16));
        return;
    default: {
        uint64_t mask = (UINT64_C(1) << 8 * width) - 1;
        for (size_t row = 0; row < rows; row++)
            to[row] = (int64_t)(base + (sw_load64(from + row * width) & mask));
    }
    }
}

static void load_wide(sw_int128 *to, const unsigned char *from, size_t rows, sw_uint128 base,
                      uint8_t width)
{
    for (size_t row = 0; row < rows; row++) {
        sw_uint128 offset = 0;
        memcpy(&offset, from + row * width, width);
        to[row] = (sw_int128)(base + offset);
    }
}

static void clear_nulls(struct sw_vector *vector)
{
    if (!vector->nulls) return;
    for (size_t row = 0; row < vector->rows; row++)
        if (sw_is_null(vector, row)) {
            if (vector->wide) vector->wide_values[row] = 0;
            else vector->narrow[row] = 0;
        }
}

static bool decode_numbers(const unsigned char *raw, const struct sw_entry *entry,
                           const struct sw_decoded *to, struct sw_vector *vector)
{
    vector->wide = !fits_narrow(entry);
    if (vector->wide) {
        vector->wide_values = to->values;
        load_wide(to->values, raw, vector->rows, (sw_uint128)entry->minimum, entry->width);
    } else {
        vector->narrow = to->values;
        load_narrow(to->values, raw, vector->rows, (uint64_t)(int64_t)entry->minimum,
                    entry->width);
    }
    clear_nulls(vector);
    return true;
}

static bool load_dictionary(const unsigned char *raw, size_t length, uint32_t count,
                            struct sw_text *dictionary, size_t *used)
{
    const unsigned char *text = raw + 4 * (size_t)count, *end = raw + length;
    for (uint32_t code = 0; code < count; code++) {
        uint32_t bytes = sw_load32(raw + 4 * (size_t)code);
        if (bytes > SW_TEXT_MAXIMUM || bytes > (size_t)(end - text)) return false;
        dictionary[code] = (struct sw_text){(const char *)text, bytes};
        text += bytes;
    }
    *used = rounded_up((size_t)(text - raw));
    return true;
}

static void load_codes(uint32_t *to, const unsigned char *from, size_t rows, uint8_t width)
{
    if (width == 1) {
        for (size_t row = 0; row < rows; row++) to[row] = from[row];
        return;
    }
    for (size_t row = 0; row < rows; row++) {
        to[row] = 0;
        memcpy(&to[row], from + row * width, width);
    }
}

static bool decode_texts(const unsigned char *raw, size_t length, const struct sw_entry *entry,
                         const struct sw_decoded *to, struct sw_vector *vector)
{
    size_t used = 0;
    uint32_t most = 0;
    vector->codes = to->values;
    vector->dictionary = to->dictionary;
    vector->dictionary_size = entry->dictionary_size;
    if (entry->dictionary_size &&
        !load_dictionary(raw, length, entry->dictionary_size, to->dictionary, &used))
        return false;
    if (used + rounded_up(vector->rows * entry->width) != length) return false;
    load_codes(vector->codes, raw + used, vector->rows, entry->width);
    for (size_t row = 0; row < vector->rows; row++)
        most = vector->codes[row] > most ? vector->codes[row] : most;
    return most < entry->dictionary_size || entry->nulls == vector->rows;
}

bool sw_decode_column(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                      int scale, size_t rows, const struct sw_decoded *to, struct sw_vector *vector)
{
    size_t bitmap = entry->nulls && entry->nulls < rows ? (rows + 63) / 64 * 8 : 0;
    *vector =
        (struct sw_vector){.type = type, .scale = scale, .rows = rows, .nulls = entry->nulls};
    if (entry->nulls) {
        vector->valid = to->valid;
        if (bitmap) memcpy(to->valid, raw, bitmap);
        else memset(to->valid, 0, (rows + 63) / 64 * 8);
        if (bitmap && count_nulls(vector, rows) != entry->nulls) return false;
    }
    return type == SW_TEXT
               ? decode_texts(raw + bitmap, entry->raw_length - bitmap, entry, to, vector)
               : decode_numbers(raw + bitmap, entry, to, vector);
}

bool sw_decompress(const unsigned char *stored, size_t stored_length, unsigned char *raw,
                   size_t raw_length)
{
    uLongf length = raw_length;
    uLong used = stored_length;
    if (uncompress2(raw, &length, stored, &used) != Z_OK || length != raw_length) return false;
    if (stored_length - used >= 8) return false;
    for (; used < stored_length; used++)
        if (stored[used]) return false;
    return true;
}
