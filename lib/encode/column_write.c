/* SPDX-License-Identifier: ISC */
#include "encode/column_write.h"

#include "base/memory.h"
#include "kernels/narrow.h"

enum { EXCEPTIONS_ONE_IN = 4 }; /* rows that others do not tell, at most */

/* ---- bounds ---- */

static void narrow_bounds(const struct sw_vector *vector, size_t rows, struct sw_entry *entry)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    const int64_t *values = vector->narrow;
    if (!entry->nulls) sw_narrow_bounds(values, rows, &low, &high);
    for (size_t row = 0; entry->nulls && row < rows; row++) {
        if (sw_is_null(vector, row)) continue;
        low = values[row] < low ? values[row] : low;
        high = values[row] > high ? values[row] : high;
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

sw_int128 sw_text_prefix(const struct sw_text *text)
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
        if (sw_texts_compare(text, least) < 0) least = text;
        if (sw_texts_compare(text, most) > 0) most = text;
    }
    entry->minimum = sw_text_prefix(least);
    entry->maximum = sw_text_prefix(most);
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

/* Makes room for length bytes and the eight that an 8-byte store may run over; returns where they
 * begin. */
static unsigned char *room(struct sw_buffer *out, size_t length, struct sw_error *error)
{
    return sw_buffer_reserve(out, rounded_up(length) + 8, error) ? out->bytes + out->length : NULL;
}

static void took(struct sw_buffer *out, size_t length)
{
    out->length += length;
    pad(out, rounded_up(length) - length);
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

static bool encode_frame(struct sw_buffer *out, const struct sw_vector *vector, size_t rows,
                         struct sw_entry *entry, struct sw_error *error)
{
    entry->encoding = SW_FRAME_OF_REFERENCE;
    unsigned char *to = room(out, rows * entry->width, error);
    if (!to) return false;
    if (vector->wide || entry->nulls)
        store_any(to, vector, rows, entry);
    else
        sw_narrow_store(to, vector->narrow, rows, (uint64_t)(int64_t)entry->minimum, entry->width);
    took(out, rows * entry->width);
    return true;
}

static uint64_t offset_at(const struct sw_vector *vector, size_t row, uint64_t base)
{
    if (vector->type == SW_TEXT) return vector->codes[row];
    return (vector->wide ? (uint64_t)vector->wide_values[row] : (uint64_t)vector->narrow[row]) -
           base;
}

/* What a sequence is made of: the numbers less the minimum, or the codes, of the rows that are not
 * null. */
static size_t gather_offsets(uint64_t *offsets, const struct sw_vector *vector, size_t rows,
                             const struct sw_entry *entry)
{
    size_t count = 0;
    uint64_t base = (uint64_t)entry->minimum;
    if (vector->type != SW_TEXT && !vector->wide && !entry->nulls) {
        for (size_t row = 0; row < rows; row++) offsets[row] = (uint64_t)vector->narrow[row] - base;
        return rows;
    }
    for (size_t row = 0; row < rows; row++) {
        offsets[count] = offset_at(vector, row, base);
        count += !sw_is_null(vector, row);
    }
    return count;
}

/* Appends the column's sequence where that is smaller than `size` bytes; *done says whether. */
static bool encode_sequence(struct sw_encoder *encoder, struct sw_buffer *out,
                            const struct sw_outgoing_column *column, size_t size,
                            struct sw_entry *entry, bool *done, struct sw_error *error)
{
    size_t start = out->length;
    enum sw_sequence_kind kind;
    if (!sw_grow(&encoder->offsets, &encoder->offset_capacity, column->rows + 1,
                 sizeof *encoder->offsets, error))
        return false;
    size_t count = gather_offsets(encoder->offsets, column->vector, column->rows, entry);
    if (!sw_sequence_write(&encoder->sequencer, column->cached_plan, out, encoder->offsets, count,
                           column->granularity, &kind, error))
        return false;
    *done = out->length - start < size;
    if (*done) {
        entry->encoding = (uint8_t)kind;
        entry->width = 0;
    } else {
        out->length = start;
    }
    return true;
}

static bool make_offsets(struct sw_encoder *encoder, size_t count, struct sw_error *error)
{
    return sw_grow(&encoder->offsets, &encoder->offset_capacity, count, sizeof *encoder->offsets,
                   error);
}

/* The key's numbers as they first appear, for others to share its codes. */
static bool encode_key(struct sw_encoder *encoder, struct sw_buffer *out,
                       const struct sw_outgoing_column *column, struct sw_entry *entry,
                       struct sw_error *error)
{
    struct sw_appearance of = encoder->relations.appearance;
    if (!make_offsets(encoder, of.distinct, error)) return false;
    for (size_t i = 0; i < of.distinct; i++)
        encoder->offsets[i] = of.numbers[i] - (uint64_t)entry->minimum;
    of.numbers = encoder->offsets;
    entry->encoding = SW_AGAIN;
    entry->width = 0;
    return sw_sequence_write_again(&encoder->sequencer, column->cached_plan, out, &of,
                                   column->granularity, error);
}

/* What is left of a column that is told from others: `values` come before the corrections, of
 * which `others` are not 0. */
static bool put_rest(struct sw_encoder *encoder, struct sw_buffer *out,
                     const struct sw_outgoing_column *column, size_t values, size_t others,
                     struct sw_error *error)
{
    enum sw_sequence_kind kind;
    unsigned char lead[SW_RELATION_LEAD];
    struct sw_cached_plan *cached_plan = column->cached_plan;
    sw_relation_format(lead, &column->relation);
    return sw_buffer_add(out, lead, sizeof lead, error) &&
           (values == 0 ||
            sw_sequence_write(&encoder->sequencer, cached_plan, out, encoder->offsets, values,
                              column->granularity, &kind, error)) &&
           (others == 0 ||
            sw_sequence_write(&encoder->sequencer, cached_plan ? cached_plan + 1 : NULL, out,
                              encoder->offsets + values, column->rows, column->granularity, &kind,
                              error));
}

/* What is left of it then, in the encoder's offsets: values, and after them a correction for each
 * row, of which `others` are not 0. */
struct rest {
    size_t values, others;
};

static void bounds_of(const uint64_t *numbers, size_t count, struct sw_entry *entry)
{
    int64_t low, high;
    sw_narrow_bounds((const int64_t *)numbers, count, &low, &high);
    entry->minimum = low;
    entry->maximum = high;
}

/* The bounds of a shared column, of which all but what stands after the first `told` rows is among
 * the values. */
static void shared_bounds(const struct sw_outgoing_column *column, const uint64_t *values,
                          size_t value_count, size_t told, struct sw_entry *entry)
{
    struct sw_entry behind = *entry;
    bounds_of(values, value_count, entry);
    if (told == column->rows) return;
    bounds_of((const uint64_t *)column->vector->narrow + told, column->rows - told, &behind);
    if (behind.minimum < entry->minimum) entry->minimum = behind.minimum;
    if (behind.maximum > entry->maximum) entry->maximum = behind.maximum;
}

static bool share(struct sw_encoder *encoder, const struct sw_outgoing_column *column,
                  struct rest *rest, struct sw_entry *entry, struct sw_error *error)
{
    size_t told;
    rest->values = encoder->relations.appearance.distinct;
    if (!make_offsets(encoder, rest->values + column->rows, error)) return false;
    uint64_t *values = encoder->offsets;
    rest->others = sw_relations_share(&encoder->relations, column->vector, values,
                                      values + rest->values, &told);
    shared_bounds(column, values, rest->values, told, entry);
    for (size_t i = 0; i < rest->values; i++) values[i] -= (uint64_t)entry->minimum;
    return true;
}

static bool subtract(struct sw_encoder *encoder, const struct sw_outgoing_column *column,
                     struct rest *rest, struct sw_error *error)
{
    const struct sw_relation *relation = &column->relation;
    if (!make_offsets(encoder, column->rows, error)) return false;
    rest->others =
        sw_relations_subtract(column->vector, encoder->vectors[relation->first],
                              encoder->vectors[relation->second], column->rows, encoder->offsets);
    return true;
}

/* Finds the bounds, and what is left of a column that is told from others. A shared column's bounds
 * are mostly those of a few values. */
static bool look_through(struct sw_encoder *encoder, const struct sw_outgoing_column *column,
                         struct rest *rest, struct sw_entry *entry, struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    if (column->relation.kind == SW_AS_KEY) return share(encoder, column, rest, entry, error);
    if (column->relation.kind == SW_KEY)
        bounds_of(encoder->relations.appearance.numbers, encoder->relations.appearance.distinct,
                  entry);
    else if (vector->wide)
        wide_bounds(vector, column->rows, entry);
    else
        narrow_bounds(vector, column->rows, entry);
    return column->relation.kind != SW_AS_DIFFERENCE || subtract(encoder, column, rest, error);
}

static bool is_told(const struct sw_outgoing_column *column, const struct rest *rest)
{
    return column->relation.kind != SW_ALONE && rest->others <= column->rows / EXCEPTIONS_ONE_IN;
}

/* Appends what is left where few numbers are not as the others tell. */
static bool encode_rest(struct sw_encoder *encoder, struct sw_buffer *out,
                        const struct sw_outgoing_column *column, const struct rest *rest,
                        struct sw_entry *entry, struct sw_error *error)
{
    entry->encoding = column->relation.kind == SW_AS_KEY ? SW_SHARED : SW_DIFFERENCE;
    entry->width = 0;
    return put_rest(encoder, out, column, rest->values, rest->others, error);
}

static bool encode_numbers(struct sw_encoder *encoder, struct sw_buffer *out,
                           const struct sw_outgoing_column *column, struct sw_entry *entry,
                           struct sw_error *error)
{
    struct rest rest = {0, 0};
    bool done = false;
    if (!look_through(encoder, column, &rest, entry, error)) return false;
    entry->width = width_of((sw_uint128)entry->maximum - (sw_uint128)entry->minimum);
    if (column->relation.kind == SW_KEY) return encode_key(encoder, out, column, entry, error);
    if (entry->width == 0) return true;
    if (is_told(column, &rest)) return encode_rest(encoder, out, column, &rest, entry, error);
    if (encoder->small && entry->width <= 8 &&
        !encode_sequence(encoder, out, column, column->rows * entry->width, entry, &done, error))
        return false;
    return done || encode_frame(out, column->vector, column->rows, entry, error);
}

static void store_codes(unsigned char *to, const uint32_t *codes, size_t rows, uint8_t width)
{
    if (width == 1)
        for (size_t row = 0; row < rows; row++) to[row] = (unsigned char)codes[row];
    else
        for (size_t row = 0; row < rows; row++) memcpy(to + row * width, &codes[row], width);
}

static bool encode_dictionary(struct sw_buffer *out, const struct sw_vector *vector,
                              struct sw_error *error)
{
    uint32_t count = vector->dictionary_size;
    size_t bytes = 4 * (size_t)count;
    for (uint32_t code = 0; code < count; code++) bytes += vector->dictionary[code].length;
    unsigned char *to = room(out, bytes, error);
    if (!to) return false;
    unsigned char *text = to + 4 * (size_t)count;
    for (uint32_t code = 0; code < count; code++) {
        const struct sw_text *entry_text = &vector->dictionary[code];
        sw_store32(to + 4 * (size_t)code, entry_text->length);
        if (entry_text->length) memcpy(text, entry_text->bytes, entry_text->length);
        text += entry_text->length;
    }
    took(out, bytes);
    return true;
}

static bool encode_texts(struct sw_encoder *encoder, struct sw_buffer *out,
                         const struct sw_outgoing_column *column, struct sw_entry *entry,
                         struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    bool done = false;
    text_bounds(vector, entry);
    entry->encoding = SW_DICTIONARY;
    entry->dictionary_size = vector->dictionary_size;
    entry->width = width_of(vector->dictionary_size - 1);
    if (!encode_dictionary(out, vector, error)) return false;
    size_t length = column->rows * entry->width;
    if (encoder->small && length &&
        !encode_sequence(encoder, out, column, length, entry, &done, error))
        return false;
    if (done) return true;
    unsigned char *to = room(out, length, error);
    if (!to) return false;
    store_codes(to, vector->codes, column->rows, entry->width);
    took(out, length);
    return true;
}

static size_t count_nulls(const struct sw_vector *vector, size_t rows)
{
    size_t nulls = 0;
    if (!vector->nulls || vector->rows == rows) return vector->nulls;
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

bool sw_column_write(struct sw_encoder *encoder, struct sw_buffer *out,
                     const struct sw_outgoing_column *column, struct sw_entry *entry,
                     struct sw_error *error)
{
    const struct sw_vector *vector = column->vector;
    size_t start = out->length, rows = column->rows;
    *entry = (struct sw_entry){.encoding = SW_CONSTANT};
    entry->nulls = (uint32_t)count_nulls(vector, rows);
    if (entry->nulls == rows) return true;
    if (entry->nulls && !encode_bitmap(out, vector, rows, error)) return false;
    if (!(vector->type == SW_TEXT ? encode_texts(encoder, out, column, entry, error)
                                  : encode_numbers(encoder, out, column, entry, error)))
        return false;
    if (out->length - start > SW_COLUMN_MAXIMUM)
        return sw_fail(error, SW_DATA, "more than %d bytes of a column in a block",
                       SW_COLUMN_MAXIMUM);
    entry->raw_length = entry->stored_length = (uint32_t)(out->length - start);
    return true;
}
