/* SPDX-License-Identifier: ISC
 *
 * The columns of a reader's block: read, verified and decoded when asked for.
 */
#include "base/memory.h"
#include "encode/encode.h"
#include "stream/reader_parts.h"

static bool make_space(struct sw_reader *reader, struct sw_stored_column *column, enum sw_type type,
                       struct sw_error *error)
{
    const struct sw_entry *entry = &column->entry;
    size_t words = (reader->rows + 63) / 64;
    size_t value_bytes = (reader->rows + 1) * sw_decoded_width(entry, type);
    return sw_grow(&column->values, &column->values_capacity, value_bytes, 1, error) &&
           sw_grow(&column->valid, &column->valid_capacity, words, sizeof *column->valid, error) &&
           sw_grow(&column->dictionary, &column->dictionary_capacity, entry->dictionary_size,
                   sizeof *column->dictionary, error) &&
           sw_grow(&reader->scratch, &reader->scratch_capacity,
                   sw_decoded_scratch(entry, reader->rows), sizeof *reader->scratch, error);
}

static bool is_related(const struct sw_stored_column *column)
{
    return sw_is_related(column->entry.encoding);
}

static struct sw_vector numbers_of(const struct sw_column *about, size_t rows, void *values)
{
    return (struct sw_vector){
        .type = about->type, .scale = about->scale, .rows = rows, .narrow = values};
}

/* One column of the current block, all rows of it or (`picked`) those that sw_reader_pick left: a
 * vector until the next block or pick. NULL: SW_DATA, SW_SYSTEM. */
static const struct sw_vector *column_of(struct sw_reader *reader, int index, bool picked,
                                         struct sw_error *error);

/* A column that another is a difference of: numbers of 64 bits in every row, stored as such. */
static const int64_t *operand(struct sw_reader *reader, const struct sw_related *related, int of,
                              struct sw_error *error)
{
    const struct sw_vector *vector = NULL;
    if (reader->columns[of].entry.encoding != SW_DIFFERENCE) {
        vector = column_of(reader, of, related->picked, error);
        if (!vector) return NULL;
        if (vector->type != SW_TEXT && !vector->wide && !vector->nulls) return vector->narrow;
    }
    sw_reader_bad_column(reader, related->index, "its bytes contradict the directory", error);
    return NULL;
}

/* The numbers of a column that depends on others: all rows, or those that were picked. */
static bool bring_related(struct sw_reader *reader, int index, bool picked, int64_t *to,
                          struct sw_error *error)
{
    struct sw_related related = {.index = index, .picked = picked};
    if (!sw_reader_relation(reader, &related, error)) return false;
    if (related.relation.kind == SW_AS_KEY) return sw_reader_share(reader, &related, to, error);
    const int64_t *from = operand(reader, &related, related.relation.first, error);
    const int64_t *less = from ? operand(reader, &related, related.relation.second, error) : NULL;
    return less && sw_reader_subtract(reader, &related, from, less, to, error);
}

static bool decode_related(struct sw_reader *reader, int index, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    const struct sw_column *about = &reader->schema.columns[index];
    if (!make_space(reader, column, about->type, error) ||
        !bring_related(reader, index, false, column->values, error))
        return false;
    column->vector = numbers_of(about, reader->rows, column->values);
    column->decoded = true;
    return true;
}

static bool decode(struct sw_reader *reader, int index, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    const struct sw_column *about = &reader->schema.columns[index];
    const unsigned char *raw;
    if (is_related(column)) return decode_related(reader, index, error);
    if (!sw_reader_raw(reader, index, &raw, error) ||
        !make_space(reader, column, about->type, error))
        return false;
    struct sw_decoded to = {column->valid, column->values, column->dictionary, reader->scratch};
    if (!sw_decode_column(raw, &column->entry, about->type, about->scale, reader->rows, &to,
                          &column->vector))
        return sw_reader_bad_column(reader, index, "its bytes contradict the directory", error);
    column->decoded = true;
    return true;
}

/* ---- some rows ---- */

bool sw_reader_pick(struct sw_reader *reader, const uint32_t *rows, size_t count,
                    struct sw_error *error)
{
    if (!sw_grow(&reader->picked_rows, &reader->picked_capacity, count, sizeof *reader->picked_rows,
                 error))
        return false;
    memcpy(reader->picked_rows, rows, count * sizeof *rows);
    reader->picked_count = count;
    for (size_t i = 0; i < reader->schema.column_count; i++) {
        reader->columns[i].picked = reader->columns[i].pick_coded = false;
    }
    return true;
}

static void gather_valid(const struct sw_vector *from, const uint32_t *rows, struct sw_vector *to)
{
    if (!from->nulls) return;
    memset(to->valid, 0, (to->rows + 63) / 64 * 8);
    for (size_t i = 0; i < to->rows; i++) {
        bool valid = !sw_is_null(from, rows[i]);
        to->valid[i / 64] |= (uint64_t)valid << i % 64;
        to->nulls += !valid;
    }
}

/* The picked rows of the whole column's vector, which has been decoded. */
static void gather(const struct sw_reader *reader, struct sw_stored_column *column)
{
    const struct sw_vector *from = &column->vector;
    const uint32_t *rows = reader->picked_rows;
    struct sw_vector *to = &column->pick;
    size_t count = reader->picked_count;
    *to = *from;
    to->rows = count;
    to->nulls = 0;
    to->valid = from->nulls ? column->pick_valid : NULL;
    to->codes = column->pick_values;
    to->narrow = column->pick_values;
    to->wide_values = column->pick_values;
    gather_valid(from, rows, to);
    for (size_t i = 0; i < count; i++)
        if (from->type == SW_TEXT)
            to->codes[i] = from->codes[rows[i]];
        else if (from->wide)
            to->wide_values[i] = from->wide_values[rows[i]];
        else
            to->narrow[i] = from->narrow[rows[i]];
}

static bool make_pick_space(struct sw_reader *reader, struct sw_stored_column *column,
                            struct sw_error *error)
{
    size_t count = reader->picked_count;
    return sw_grow(&column->pick_values, &column->pick_values_capacity, count + 1,
                   sizeof(sw_int128), error) &&
           sw_grow(&column->pick_valid, &column->pick_valid_capacity, (count + 63) / 64,
                   sizeof *column->pick_valid, error) &&
           sw_grow(&reader->scratch, &reader->scratch_capacity,
                   sw_decode_rows_scratch(reader->rows, count), sizeof *reader->scratch, error);
}

static bool pick_from_bytes(struct sw_reader *reader, int index, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    const struct sw_column *about = &reader->schema.columns[index];
    const unsigned char *raw;
    if (is_related(column)) {
        column->pick = numbers_of(about, reader->picked_count, column->pick_values);
        return bring_related(reader, index, true, column->pick_values, error);
    }
    if (!sw_reader_raw(reader, index, &raw, error)) return false;
    struct sw_decoded to = {column->pick_valid, column->pick_values, NULL, reader->scratch};
    return sw_decode_rows(raw, &column->entry, about->type, about->scale, reader->rows,
                          reader->picked_rows, reader->picked_count, &to, &column->pick) ||
           sw_reader_bad_column(reader, index, "its bytes contradict the directory", error);
}

static bool pick(struct sw_reader *reader, int index, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    bool few = reader->picked_count < reader->rows / 8;
    if (!make_pick_space(reader, column, error)) return false;
    if (!column->decoded && few &&
        sw_decodes_rows(&column->entry, reader->schema.columns[index].type)) {
        if (!pick_from_bytes(reader, index, error)) return false;
    } else {
        if (!column->decoded && !decode(reader, index, error)) return false;
        gather(reader, column);
    }
    column->picked = true;
    return true;
}

static const struct sw_vector *column_of(struct sw_reader *reader, int index, bool picked,
                                         struct sw_error *error)
{
    struct sw_stored_column *stored = &reader->columns[index];
    if (picked) return stored->picked || pick(reader, index, error) ? &stored->pick : NULL;
    if (!stored->decoded && !decode(reader, index, error)) return NULL;
    return &stored->vector;
}

const struct sw_vector *sw_reader_vector(struct sw_reader *reader, int column,
                                         struct sw_error *error)
{
    return column_of(reader, column, reader->picked_count > 0, error);
}

bool sw_reader_bounds(const struct sw_reader *reader, int column, sw_int128 *minimum,
                      sw_int128 *maximum, size_t *nulls)
{
    const struct sw_entry *entry = &reader->columns[column].entry;
    *minimum = entry->minimum;
    *maximum = entry->maximum;
    *nulls = entry->nulls;
    return reader->schema.columns[column].type != SW_TEXT;
}
