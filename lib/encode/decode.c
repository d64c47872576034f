/* SPDX-License-Identifier: ISC */
#include "encode/encode.h"

#include <zlib.h>

#include "kernels/narrow.h"
#include "encode/sequence.h"
#include "kernels/scatter.h"

static size_t rounded_up(size_t length)
{
    return (length + 7) / 8 * 8;
}

/* ---- numbers ---- */

static bool fits_narrow(const struct sw_entry *entry)
{
    return entry->minimum >= INT64_MIN && entry->maximum <= INT64_MAX;
}

size_t sw_decoded_scratch(const struct sw_entry *entry, size_t rows)
{
    return sw_is_sequence(entry->encoding) ? sw_sequence_scratch(rows) + rows + 1 : 0;
}

size_t sw_decoded_width(const struct sw_entry *entry, enum sw_type type)
{
    if (type == SW_TEXT) return sizeof(uint32_t);
    return fits_narrow(entry) ? sizeof(int64_t) : sizeof(sw_int128);
}

uint64_t sw_decoded_memory(const struct sw_entry *entry, enum sw_type type, size_t rows)
{
    return entry->raw_length + (uint64_t)entry->dictionary_size * sizeof(struct sw_text) +
           rows * sw_decoded_width(entry, type);
}

static void load_narrow(int64_t *to, const unsigned char *from, size_t rows, uint64_t base,
                        uint8_t width)
{
    if (width >= 1 && width <= 8) {
        sw_narrow_load(to, from, rows, base, width);
    } else if (width == 0) {
        for (size_t row = 0; row < rows; row++) to[row] = (int64_t)base;
    } else { /* 16: bounds that fit 64 bits never need it, but it is no error */
        for (size_t row = 0; row < rows; row++)
            to[row] = (int64_t)(base + sw_load64(from + row * width));
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
            if (vector->wide)
                vector->wide_values[row] = 0;
            else
                vector->narrow[row] = 0;
        }
}

static void decode_frame(const unsigned char *raw, const struct sw_entry *entry,
                         struct sw_vector *vector)
{
    if (vector->wide)
        load_wide(vector->wide_values, raw, vector->rows, (sw_uint128)entry->minimum, entry->width);
    else
        load_narrow(vector->narrow, raw, vector->rows, (uint64_t)(int64_t)entry->minimum,
                    entry->width);
    clear_nulls(vector);
}

/* The numbers of the rows that are not null, scatter over all rows. `to` holds rows + 1. */
static bool read_sequence(const unsigned char *raw, size_t length, const struct sw_entry *entry,
                          const struct sw_vector *vector, uint64_t add, uint64_t *to,
                          uint64_t *scratch)
{
    size_t there = vector->rows - vector->nulls;
    if (!sw_sequence_read(raw, length, (enum sw_sequence_kind)entry->encoding, to + vector->nulls,
                          there, add, scratch))
        return false;
    if (vector->nulls) sw_scatter(to, vector->rows, (const unsigned char *)vector->valid, there, 0);
    return true;
}

/* After bounds that are not true an unsigned number may have more than 64 bits. */
static bool wide_fits(const struct sw_vector *vector)
{
    sw_uint128 all = 0;
    if (vector->type != SW_UINT) return true;
    for (size_t row = 0; row < vector->rows; row++) all |= (sw_uint128)vector->wide_values[row];
    return !(all >> 64);
}

static bool read_wide_sequence(const unsigned char *raw, size_t length,
                               const struct sw_entry *entry, const struct sw_decoded *to,
                               struct sw_vector *vector)
{
    uint64_t *offsets = to->scratch, *rest = to->scratch + vector->rows + 1;
    if (!read_sequence(raw, length, entry, vector, 0, offsets, rest)) return false;
    for (size_t row = 0; row < vector->rows; row++)
        vector->wide_values[row] = (sw_int128)((sw_uint128)entry->minimum + offsets[row]);
    clear_nulls(vector);
    return wide_fits(vector);
}

static bool decode_numbers(const unsigned char *raw, size_t length, const struct sw_entry *entry,
                           const struct sw_decoded *to, struct sw_vector *vector)
{
    vector->wide = !fits_narrow(entry);
    if (vector->wide)
        vector->wide_values = to->values;
    else
        vector->narrow = to->values;
    if (!sw_is_sequence(entry->encoding)) {
        decode_frame(raw, entry, vector);
        return !vector->wide || wide_fits(vector);
    }
    if (vector->wide) return read_wide_sequence(raw, length, entry, to, vector);
    return read_sequence(raw, length, entry, vector, (uint64_t)(int64_t)entry->minimum, to->values,
                         to->scratch);
}

/* ---- texts ---- */

static bool load_dictionary(const unsigned char *raw, size_t length, uint32_t count,
                            struct sw_text *dictionary, struct sw_vector *vector, size_t *used)
{
    const unsigned char *text = raw + 4 * (size_t)count, *end = raw + length;
    for (uint32_t code = 0; code < count; code++) {
        uint32_t bytes = sw_load32(raw + 4 * (size_t)code);
        if (bytes > SW_TEXT_MAXIMUM || bytes > (size_t)(end - text)) return false;
        dictionary[code] = (struct sw_text){(const char *)text, bytes};
        text += bytes;
    }
    vector->text_bytes = (size_t)(text - raw);
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

static bool decode_codes(const unsigned char *raw, size_t length, const struct sw_entry *entry,
                         const struct sw_decoded *to, struct sw_vector *vector)
{
    if (!sw_is_sequence(entry->encoding)) {
        if (rounded_up(vector->rows * entry->width) != length) return false;
        load_codes(vector->codes, raw, vector->rows, entry->width);
        return true;
    }
    uint64_t *codes = to->scratch, *rest = codes + vector->rows + 1;
    if (!read_sequence(raw, length, entry, vector, 0, codes, rest)) return false;
    for (size_t row = 0; row < vector->rows; row++)
        vector->codes[row] = codes[row] < UINT32_MAX ? (uint32_t)codes[row] : UINT32_MAX;
    return true;
}

/* A frame of codes has room for nulls too, where anything may stand. */
static void clear_null_codes(struct sw_vector *vector)
{
    for (size_t row = 0; vector->nulls && row < vector->rows; row++)
        if (sw_is_null(vector, row)) vector->codes[row] = 0;
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
        !load_dictionary(raw, length, entry->dictionary_size, to->dictionary, vector, &used))
        return false;
    if (used > length || !decode_codes(raw + used, length - used, entry, to, vector)) return false;
    clear_null_codes(vector);
    for (size_t row = 0; row < vector->rows; row++)
        most = vector->codes[row] > most ? vector->codes[row] : most;
    return most < entry->dictionary_size || entry->nulls == vector->rows;
}

/* ---- columns ---- */

static size_t nulls_among(const struct sw_vector *vector, size_t rows)
{
    size_t nulls = 0;
    for (size_t row = 0; row < rows; row++) nulls += sw_is_null(vector, row);
    return nulls;
}

bool sw_decode_column(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                      int scale, size_t rows, const struct sw_decoded *to, struct sw_vector *vector)
{
    size_t bitmap = entry->nulls && entry->nulls < rows ? (rows + 63) / 64 * 8 : 0;
    *vector = (struct sw_vector){.type = type, .scale = scale, .rows = rows, .nulls = entry->nulls};
    if (entry->nulls) {
        vector->valid = to->valid;
        if (bitmap)
            memcpy(to->valid, raw, bitmap);
        else
            memset(to->valid, 0, (rows + 63) / 64 * 8);
        if (bitmap && nulls_among(vector, rows) != entry->nulls) return false;
    }
    return type == SW_TEXT
               ? decode_texts(raw + bitmap, entry->raw_length - bitmap, entry, to, vector)
               : decode_numbers(raw + bitmap, entry->raw_length - bitmap, entry, to, vector);
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
