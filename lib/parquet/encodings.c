/* SPDX-License-Identifier: ISC */
#include "parquet/encodings.h"

static bool take_varint(struct sw_parquet_bytes *bytes, uint64_t *value)
{
    *value = 0;
    for (int shift = 0; shift < 64 && bytes->at < bytes->end; shift += 7) {
        unsigned byte = *bytes->at++;
        if (shift == 63 && byte > 1) return false;
        *value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return true;
    }
    return false;
}

static bool take_zigzag(struct sw_parquet_bytes *bytes, int64_t *value)
{
    uint64_t number;
    bool good = take_varint(bytes, &number);
    *value = (int64_t)(number >> 1 ^ -(number & 1));
    return good;
}

/* The number of `width` bits, at most 64, that begins at bit `from`; all of them are there. */
static uint64_t bits_at(const unsigned char *bytes, uint64_t from, unsigned width)
{
    uint64_t value = 0;
    const unsigned char *at = bytes + from / 8;
    unsigned skip = from % 8, have = 0;
    while (have < width) {
        unsigned take = 8 - skip < width - have ? 8 - skip : width - have;
        value |= (uint64_t)((*at++ >> skip) & ((1u << take) - 1)) << have;
        have += take;
        skip = 0;
    }
    return value;
}

/* ---- runs ---- */

/* Groups of eight values; the last may have more of them than are wanted. */
static bool take_packed(struct sw_parquet_bytes *bytes, uint64_t groups, unsigned width,
                        uint32_t *values, size_t count, size_t *done)
{
    if (groups == 0 || groups > (UINT64_C(1) << 32)) return false;
    uint64_t length = groups * width;
    size_t left = count - *done, here = groups * 8 < left ? (size_t)(groups * 8) : left;
    uint64_t needed = ((uint64_t)here * width + 7) / 8;
    if (needed > sw_parquet_left(bytes)) return false;
    for (size_t i = 0; i < here; i++)
        values[*done + i] = (uint32_t)bits_at(bytes->at, (uint64_t)i * width, width);
    *done += here;
    bytes->at += length < sw_parquet_left(bytes) ? length : sw_parquet_left(bytes);
    return true;
}

static bool take_run(struct sw_parquet_bytes *bytes, uint64_t length, unsigned width,
                     uint32_t *values, size_t count, size_t *done)
{
    size_t width_bytes = (width + 7) / 8, left = count - *done;
    uint64_t value = 0;
    if (length == 0 || width_bytes > sw_parquet_left(bytes)) return false;
    for (size_t i = 0; i < width_bytes; i++) value |= (uint64_t)bytes->at[i] << 8 * i;
    bytes->at += width_bytes;
    if (width < 32 && value >> width) return false;
    if (length > left) return false;
    for (uint64_t i = 0; i < length; i++) values[*done + i] = (uint32_t)value;
    *done += (size_t)length;
    return true;
}

bool sw_runs_read(struct sw_parquet_bytes *bytes, unsigned width, uint32_t *values, size_t count)
{
    size_t done = 0;
    uint64_t head;
    if (width > 32) return false;
    while (done < count)
        if (!take_varint(bytes, &head) ||
            !(head & 1 ? take_packed(bytes, head >> 1, width, values, count, &done)
                       : take_run(bytes, head >> 1, width, values, count, &done)))
            return false;
    return true;
}

/* ---- differences ---- */

struct blocks {
    uint64_t values, miniblocks; /* of a block */
    size_t in_miniblock;
};

static bool take_head(struct sw_parquet_bytes *bytes, struct blocks *blocks, uint64_t *total,
                      int64_t *first)
{
    if (!take_varint(bytes, &blocks->values) || !take_varint(bytes, &blocks->miniblocks) ||
        !take_varint(bytes, total) || !take_zigzag(bytes, first))
        return false;
    if (blocks->values == 0 || blocks->values > 1 << 24 || blocks->miniblocks == 0 ||
        blocks->values % blocks->miniblocks)
        return false;
    blocks->in_miniblock = (size_t)(blocks->values / blocks->miniblocks);
    return blocks->in_miniblock % 8 == 0;
}

/* A miniblock of differences above the least, onto the value before. */
static bool take_miniblock(struct sw_parquet_bytes *bytes, const struct blocks *blocks,
                           unsigned width, uint64_t least, int64_t *values, size_t count,
                           size_t *done)
{
    uint64_t length = (uint64_t)blocks->in_miniblock * width / 8;
    size_t left = count - *done, here = blocks->in_miniblock < left ? blocks->in_miniblock : left;
    uint64_t needed = ((uint64_t)here * width + 7) / 8;
    if (width > 64 || needed > sw_parquet_left(bytes)) return false;
    uint64_t value = (uint64_t)values[*done - 1];
    for (size_t i = 0; i < here; i++) {
        value += least + bits_at(bytes->at, (uint64_t)i * width, width);
        values[*done + i] = (int64_t)value;
    }
    *done += here;
    bytes->at += length < sw_parquet_left(bytes) ? length : sw_parquet_left(bytes);
    return true;
}

static bool take_block(struct sw_parquet_bytes *bytes, const struct blocks *blocks, int64_t *values,
                       size_t count, size_t *done)
{
    int64_t least;
    if (!take_zigzag(bytes, &least) || blocks->miniblocks > sw_parquet_left(bytes)) return false;
    const unsigned char *widths = bytes->at;
    bytes->at += blocks->miniblocks;
    for (uint64_t i = 0; i < blocks->miniblocks && *done < count; i++)
        if (!take_miniblock(bytes, blocks, widths[i], (uint64_t)least, values, count, done))
            return false;
    return true;
}

bool sw_differences_read(struct sw_parquet_bytes *bytes, int bits, int64_t *values, size_t count)
{
    struct blocks blocks;
    uint64_t total;
    int64_t first;
    size_t done = 1;
    if (!take_head(bytes, &blocks, &total, &first) || total != count) return false;
    if (count == 0) return true;
    values[0] = first;
    while (done < count)
        if (!take_block(bytes, &blocks, values, count, &done)) return false;
    for (size_t i = 0; bits == 32 && i < count; i++) values[i] = (int32_t)values[i];
    return true;
}

/* ---- plain ---- */

bool sw_plain_numbers_read(struct sw_parquet_bytes *bytes, size_t width, int64_t *values,
                           size_t count)
{
    if (count > sw_parquet_left(bytes) / width) return false;
    for (size_t i = 0; i < count; i++)
        values[i] = width == 4 ? (int32_t)sw_load32(bytes->at + 4 * i)
                               : (int64_t)sw_load64(bytes->at + 8 * i);
    bytes->at += count * width;
    return true;
}

bool sw_plain_texts_read(struct sw_parquet_bytes *bytes, size_t width,
                         struct sw_parquet_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = width;
        if (!width) {
            if (sw_parquet_left(bytes) < 4) return false;
            length = sw_load32(bytes->at);
            bytes->at += 4;
        }
        if (length > sw_parquet_left(bytes)) return false;
        texts[i] = (struct sw_parquet_text){bytes->at, (uint32_t)length};
        bytes->at += length;
    }
    return true;
}

/* ---- lengths and prefixes ---- */

bool sw_texts_by_length_read(struct sw_parquet_bytes *bytes, int64_t *lengths,
                             struct sw_parquet_text *texts, size_t count)
{
    if (!sw_differences_read(bytes, 32, lengths, count)) return false;
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] < 0 || (uint64_t)lengths[i] > sw_parquet_left(bytes)) return false;
        texts[i] = (struct sw_parquet_text){bytes->at, (uint32_t)lengths[i]};
        bytes->at += lengths[i];
    }
    return true;
}

/* How long all are together; 0 with good false: they are longer than allowed, or share more than
 * there is. */
static bool add_lengths(const int64_t *shared, const struct sw_parquet_text *texts, size_t count,
                        size_t most, size_t *whole)
{
    uint64_t before = 0;
    *whole = 0;
    for (size_t i = 0; i < count; i++) {
        if (shared[i] < 0 || (uint64_t)shared[i] > before) return false;
        before = (uint64_t)shared[i] + texts[i].length;
        if (before > most - *whole) return false;
        *whole += (size_t)before;
    }
    return true;
}

bool sw_texts_by_prefix_read(struct sw_parquet_bytes *bytes, int64_t *shared, int64_t *lengths,
                             struct sw_parquet_text *texts, size_t count, struct sw_buffer *whole,
                             size_t most, struct sw_error *error)
{
    size_t length;
    if (!sw_differences_read(bytes, 32, shared, count) ||
        !sw_texts_by_length_read(bytes, lengths, texts, count) ||
        !add_lengths(shared, texts, count, most, &length))
        return false;
    whole->length = 0;
    if (!sw_buffer_reserve(whole, length + 1, error)) return false;
    unsigned char *to = whole->bytes, *before = to;
    for (size_t i = 0; i < count; i++) {
        memmove(to, before, (size_t)shared[i]);
        if (texts[i].length) memcpy(to + shared[i], texts[i].bytes, texts[i].length);
        texts[i] = (struct sw_parquet_text){to, (uint32_t)shared[i] + texts[i].length};
        before = to;
        to += texts[i].length;
    }
    return true;
}

/* ---- bytes apart ---- */

static bool has_values(const struct sw_parquet_bytes *bytes, size_t width, size_t count)
{
    return width == 0 || count <= sw_parquet_left(bytes) / width;
}

bool sw_split_numbers_read(struct sw_parquet_bytes *bytes, size_t width, int64_t *values,
                           size_t count)
{
    if (!has_values(bytes, width, count)) return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = 0;
        for (size_t place = 0; place < width; place++)
            value |= (uint64_t)bytes->at[place * count + i] << 8 * place;
        values[i] = width == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
    }
    bytes->at += width * count;
    return true;
}

bool sw_split_texts_read(struct sw_parquet_bytes *bytes, size_t width,
                         struct sw_parquet_text *texts, size_t count, struct sw_buffer *whole,
                         struct sw_error *error)
{
    whole->length = 0;
    if (!has_values(bytes, width, count) || !sw_buffer_reserve(whole, width * count + 1, error))
        return false;
    for (size_t place = 0; place < width; place++)
        for (size_t i = 0; i < count; i++)
            whole->bytes[i * width + place] = bytes->at[place * count + i];
    bytes->at += width * count;
    for (size_t i = 0; i < count; i++)
        texts[i] = (struct sw_parquet_text){whole->bytes + i * width, (uint32_t)width};
    return true;
}
