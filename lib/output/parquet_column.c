/* SPDX-License-Identifier: ISC */
#include "output/parquet_column.h"

#include "base/memory.h"
#include "kernels/narrow.h"
#include "output/bitpack_rle.h"

enum sw_parquet_physical sw_parquet_physical(enum sw_type type, enum sw_written written)
{
    if (written == SW_AS_DOUBLE) return SW_PARQUET_DOUBLE;
    switch (type) {
    case SW_TEXT:
        return SW_PARQUET_BYTE_ARRAY;
    case SW_DECIMAL:
        return SW_PARQUET_FIXED;
    case SW_DATE:
        return SW_PARQUET_INT32;
    case SW_INT:
    case SW_UINT:
    case SW_TIME:
        break;
    }
    return SW_PARQUET_INT64;
}

/* ---- memory ---- */

bool sw_parquet_work_open(struct sw_parquet_work *work, size_t rows, int level,
                          struct sw_error *error)
{
    work->rows = rows;
    work->codes = sw_alloc_unset(rows, sizeof *work->codes, error);
    work->translation = sw_alloc_unset(rows, sizeof *work->translation, error);
    work->narrow = sw_alloc_unset(rows, sizeof *work->narrow, error);
    work->wide = sw_alloc_unset(rows, sizeof *work->wide, error);
    work->close = sw_alloc(1, sizeof *work->close, error);
    work->gzip.level = level;
    return work->codes && work->translation && work->narrow && work->wide && work->close;
}

void sw_parquet_work_free(struct sw_parquet_work *work)
{
    free(work->codes);
    free(work->translation);
    free(work->narrow);
    free(work->wide);
    free(work->close);
    sw_buffer_free(&work->levels);
    sw_buffer_free(&work->values);
    sw_gzip_member_free(&work->gzip);
    *work = (struct sw_parquet_work){0};
}

bool sw_parquet_column_open(struct sw_parquet_column *column, enum sw_type type,
                            enum sw_written written, struct sw_error *error)
{
    column->type = type;
    column->written = written;
    return type != SW_TEXT || sw_builder_init(&column->texts, SW_TEXT, 0, 1, error);
}

void sw_parquet_column_free(struct sw_parquet_column *column)
{
    sw_buffer_free(&column->pages);
    sw_buffer_free(&column->least);
    sw_buffer_free(&column->most);
    sw_number_codes_free(&column->numbers);
    if (column->type == SW_TEXT) sw_builder_free(&column->texts);
    *column = (struct sw_parquet_column){0};
}

void sw_parquet_column_reset(struct sw_parquet_column *column)
{
    column->pages.length = 0;
    column->raw_bytes = column->rows = column->nulls = 0;
    column->plain = column->delta = column->compressed = column->dictionary_closed =
        column->incompressible = false;
    column->dictionary_count = 0;
    column->bounded = column->unbounded = false;
    sw_number_codes_reset(&column->numbers);
    if (column->type == SW_TEXT) sw_builder_reset(&column->texts);
}

/* ---- bounds ---- */

static void include(struct sw_parquet_column *column, sw_int128 least, sw_int128 most)
{
    if (!column->bounded || least < column->minimum) column->minimum = least;
    if (!column->bounded || most > column->maximum) column->maximum = most;
    column->bounded = true;
}

/* The bits of doubles are not in the order of the doubles. */
static void bound_numbers(struct sw_parquet_column *column, const struct sw_page_numbers *numbers)
{
    if (column->written == SW_AS_DOUBLE) return;
    if (numbers->narrow) include(column, numbers->least, numbers->most);
    for (size_t i = 0; !numbers->narrow && i < numbers->count; i++)
        include(column, numbers->wide[i], numbers->wide[i]);
}

static int compare(const struct sw_text *text, const struct sw_buffer *with)
{
    size_t common = text->length < with->length ? text->length : with->length;
    int order = common ? memcmp(text->bytes, with->bytes, common) : 0;
    return order ? order : (text->length > with->length) - (text->length < with->length);
}

static bool become(struct sw_buffer *bound, const struct sw_text *text, struct sw_error *error)
{
    bound->length = 0;
    return sw_buffer_add(bound, text->bytes, text->length, error);
}

static bool bound_texts(struct sw_parquet_column *column, const struct sw_vector *vector,
                        struct sw_error *error)
{
    for (uint32_t code = 0; code < vector->dictionary_size && !column->unbounded; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        if (text->length > SW_PARQUET_BOUND_BYTES) {
            column->unbounded = true;
            column->bounded = false;
            break;
        }
        bool first = !column->bounded;
        column->bounded = true;
        if ((first || compare(text, &column->least) < 0) && !become(&column->least, text, error))
            return false;
        if ((first || compare(text, &column->most) > 0) && !become(&column->most, text, error))
            return false;
    }
    return true;
}

/* ---- numbers ---- */

static bool put_codes(struct sw_parquet_column *column, struct sw_parquet_work *work, size_t count,
                      struct sw_error *error)
{
    int width = sw_pack_width(column->dictionary_count - 1);
    return sw_buffer_add(&work->values, &(unsigned char){(unsigned char)width}, 1, error) &&
           sw_pack_hybrid(&work->values, work->codes, count, width, error);
}

size_t sw_parquet_plain(unsigned char *to, sw_int128 value, enum sw_type type)
{
    switch (sw_parquet_physical(type, SW_AS_TYPED)) {
    case SW_PARQUET_INT32:
        sw_store32(to, (uint32_t)value);
        return 4;
    case SW_PARQUET_FIXED:
        sw_store64(to, __builtin_bswap64((uint64_t)((sw_uint128)value >> 64)));
        sw_store64(to + 8, __builtin_bswap64((uint64_t)value));
        return SW_PARQUET_FIXED_BYTES;
    case SW_PARQUET_INT64:
    case SW_PARQUET_DOUBLE:
    case SW_PARQUET_BYTE_ARRAY:
        break;
    }
    sw_store64(to, (uint64_t)value);
    return 8;
}

static void put_fixed(unsigned char *to, const struct sw_page_numbers *numbers)
{
    for (size_t i = 0; i < numbers->count; i++, to += SW_PARQUET_FIXED_BYTES) {
        const sw_int128 value = numbers->narrow ? numbers->narrow[i] : numbers->wide[i];
        sw_store64(to, __builtin_bswap64((uint64_t)((sw_uint128)value >> 64)));
        sw_store64(to + 8, __builtin_bswap64((uint64_t)value));
    }
}

static bool put_plain(struct sw_buffer *out, const struct sw_page_numbers *numbers,
                      enum sw_type type, struct sw_error *error)
{
    const size_t count = numbers->count;
    if (!sw_buffer_reserve(out, count * SW_PARQUET_FIXED_BYTES, error)) return false;
    if (type == SW_DECIMAL) {
        put_fixed(out->bytes + out->length, numbers);
        out->length += count * SW_PARQUET_FIXED_BYTES;
        return true;
    }
    for (size_t i = 0; i < count; i++)
        out->length +=
            sw_parquet_plain(out->bytes + out->length,
                             numbers->narrow ? numbers->narrow[i] : numbers->wide[i], type);
    return true;
}

static bool put_delta(struct sw_parquet_work *work, const struct sw_page_numbers *numbers,
                      struct sw_error *error)
{
    for (size_t i = 0; !numbers->narrow && i < numbers->count; i++)
        work->narrow[i] = (int64_t)(uint64_t)numbers->wide[i];
    return sw_pack_delta(&work->values, numbers->narrow ? numbers->narrow : work->narrow,
                         numbers->count, error);
}

static size_t gather_narrow(const struct sw_vector *vector, int64_t *to)
{
    size_t count = 0;
    for (size_t row = 0; row < vector->rows; row++) {
        to[count] = vector->narrow[row]; /* a null's is written over */
        count += !sw_is_null(vector, row);
    }
    return count;
}

static size_t gather_wide(const struct sw_vector *vector, sw_int128 *to)
{
    size_t count = 0;
    for (size_t row = 0; row < vector->rows; row++)
        if (!sw_is_null(vector, row)) to[count++] = vector->wide_values[row];
    return count;
}

/* The numbers that the rows have. */
static struct sw_page_numbers numbers_of(const struct sw_vector *vector,
                                         struct sw_parquet_work *work)
{
    struct sw_page_numbers numbers = {.count = vector->rows};
    if (vector->wide) {
        numbers.count = gather_wide(vector, work->wide);
        numbers.wide = work->wide;
        return numbers;
    }
    numbers.narrow = vector->nulls ? work->narrow : vector->narrow;
    if (vector->nulls) numbers.count = gather_narrow(vector, work->narrow);
    if (numbers.count)
        sw_narrow_bounds(numbers.narrow, numbers.count, &numbers.least, &numbers.most);
    return numbers;
}

static bool put_numbers(struct sw_parquet_column *column, const struct sw_vector *vector,
                        struct sw_parquet_work *work, enum sw_parquet_encoding *encoding,
                        struct sw_error *error)
{
    const bool is_long = sw_parquet_physical(column->type, column->written) == SW_PARQUET_INT64;
    bool few = false;
    *encoding = SW_PARQUET_PLAIN;
    if (vector->nulls == vector->rows) return true;
    const struct sw_page_numbers numbers = numbers_of(vector, work);
    bound_numbers(column, &numbers);
    if (!column->dictionary_closed &&
        !sw_number_codes_intern(&column->numbers, &numbers, work->close, work->codes, &few, error))
        return false;
    column->dictionary_closed = !few;
    if (few) {
        *encoding = SW_PARQUET_DICTIONARY;
        column->dictionary_count = column->numbers.count;
        return put_codes(column, work, numbers.count, error);
    }
    if (!is_long) return put_plain(&work->values, &numbers, column->type, error);
    *encoding = SW_PARQUET_DELTA;
    return put_delta(work, &numbers, error);
}

/* ---- texts ---- */

/* Whether a page of `count` values may use a dictionary that has grown to `grown` entries; else it
 * is closed as it was before. */
static bool take_dictionary(struct sw_parquet_column *column, uint32_t grown, size_t count)
{
    uint32_t fresh = grown - column->dictionary_count;
    column->dictionary_closed = grown > SW_CODES_MOST || (size_t)fresh * 2 > count;
    if (!column->dictionary_closed) column->dictionary_count = grown;
    return !column->dictionary_closed;
}

static bool put_text(struct sw_buffer *out, const struct sw_text *text, struct sw_error *error)
{
    if (!sw_buffer_reserve(out, 4 + text->length, error)) return false;
    sw_store32(out->bytes + out->length, text->length);
    out->length += 4;
    return sw_buffer_add(out, text->bytes, text->length, error);
}

static bool put_plain_texts(struct sw_buffer *out, const struct sw_vector *vector,
                            struct sw_error *error)
{
    for (size_t row = 0; row < vector->rows; row++)
        if (!sw_is_null(vector, row) &&
            !put_text(out, &vector->dictionary[vector->codes[row]], error))
            return false;
    return true;
}

/* The column's codes of the texts in the vector's dictionary, then of its rows. */
static bool translate(struct sw_parquet_column *column, const struct sw_vector *vector,
                      struct sw_parquet_work *work, struct sw_error *error)
{
    for (uint32_t code = 0; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        if (!sw_builder_intern(&column->texts, text->bytes, text->length, &work->translation[code],
                               error))
            return false;
    }
    size_t count = 0;
    for (size_t row = 0; row < vector->rows; row++)
        if (!sw_is_null(vector, row)) work->codes[count++] = work->translation[vector->codes[row]];
    return true;
}

static bool put_texts(struct sw_parquet_column *column, const struct sw_vector *vector,
                      struct sw_parquet_work *work, enum sw_parquet_encoding *encoding,
                      struct sw_error *error)
{
    size_t count = vector->rows - vector->nulls;
    if (!bound_texts(column, vector, error)) return false;
    if (count && !column->dictionary_closed) {
        if (!translate(column, vector, work, error)) return false;
        *encoding = SW_PARQUET_DICTIONARY;
        if (take_dictionary(column, column->texts.vector.dictionary_size, count))
            return put_codes(column, work, count, error);
    }
    *encoding = SW_PARQUET_PLAIN;
    return put_plain_texts(&work->values, vector, error);
}

/* ---- pages ---- */

static struct sw_span span_of(const struct sw_buffer *buffer)
{
    return (struct sw_span){buffer->bytes, buffer->length};
}

bool sw_parquet_column_add(struct sw_parquet_column *column, const struct sw_vector *vector,
                           struct sw_parquet_work *work, struct sw_error *error)
{
    struct sw_parquet_page page = {.rows = vector->rows, .nulls = vector->nulls};
    work->levels.length = work->values.length = 0;
    if (!sw_pack_bits(&work->levels, vector->valid, vector->rows, error)) return false;
    bool good = column->type == SW_TEXT ? put_texts(column, vector, work, &page.encoding, error)
                                        : put_numbers(column, vector, work, &page.encoding, error);
    if (!good) return false;
    page.levels = span_of(&work->levels);
    page.values = span_of(&work->values);
    bool coded = page.encoding == SW_PARQUET_DICTIONARY, pays;
    bool tried = (coded || !column->incompressible) &&
                 sw_page_is_worth_trying(page.encoding, page.values.length);
    if (!sw_page_add(&column->pages, &page, &work->gzip, tried, &pays, &column->raw_bytes, error))
        return false;
    column->incompressible |= !coded && tried && !pays;
    column->compressed |= pays;
    column->plain |= page.encoding == SW_PARQUET_PLAIN;
    column->delta |= page.encoding == SW_PARQUET_DELTA;
    column->rows += vector->rows;
    column->nulls += vector->nulls;
    return true;
}

static bool plain_dictionary(const struct sw_parquet_column *column, struct sw_buffer *out,
                             struct sw_error *error)
{
    const struct sw_page_numbers numbers = {.wide = column->numbers.values,
                                            .count = column->dictionary_count};
    if (column->type != SW_TEXT) return put_plain(out, &numbers, column->type, error);
    for (uint32_t code = 0; code < column->dictionary_count; code++)
        if (!put_text(out, &column->texts.vector.dictionary[code], error)) return false;
    return true;
}

bool sw_parquet_column_dictionary(struct sw_parquet_column *column, struct sw_parquet_work *work,
                                  struct sw_buffer *out, uint64_t *raw_bytes,
                                  struct sw_error *error)
{
    if (column->dictionary_count == 0) return true;
    work->values.length = 0;
    if (!plain_dictionary(column, &work->values, error)) return false;
    const struct sw_span values = span_of(&work->values);
    column->compressed |=
        work->gzip.level > 0 && sw_page_is_worth_trying(SW_PARQUET_PLAIN, values.length);
    return sw_page_add_dictionary(out, values, column->dictionary_count,
                                  column->compressed ? &work->gzip : NULL, raw_bytes, error);
}
