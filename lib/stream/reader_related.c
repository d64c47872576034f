/* SPDX-License-Identifier: ISC
 *
 * Columns of a reader's block that depend on others, once those are there; the codes of a key are
 * brought once for all that share it.
 */
#include "base/memory.h"
#include "encode/encode.h"
#include "stream/reader_parts.h"
#include "encode/column_prediction.h"

static bool contradicts(const struct sw_reader *reader, int index, struct sw_error *error)
{
    return sw_reader_bad_column(reader, index, "its bytes contradict the directory", error);
}

static bool make_scratch(struct sw_reader *reader, size_t words, struct sw_error *error)
{
    return sw_grow(&reader->scratch, &reader->scratch_capacity, words, sizeof *reader->scratch,
                   error);
}

static bool bring_all_codes(struct sw_reader *reader, int key, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[key];
    size_t rows = reader->rows;
    const unsigned char *raw;
    if (!sw_reader_raw(reader, key, &raw, error) ||
        !make_scratch(reader, sw_sequence_scratch(rows) + rows + 1, error) ||
        !sw_grow(&column->codes, &column->codes_capacity, rows, sizeof *column->codes, error))
        return false;
    column->coded = sw_sequence_read_codes(raw, column->entry.raw_length, column->codes, rows,
                                           &column->distinct, reader->scratch);
    return column->coded || contradicts(reader, key, error);
}

/* From those of all rows, where another column asked for them before rows were picked. */
static bool bring_picked_codes(struct sw_reader *reader, int key, struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[key];
    size_t rows = reader->rows, count = reader->picked_count;
    const unsigned char *raw;
    if (!sw_grow(&column->pick_codes, &column->pick_codes_capacity, count,
                 sizeof *column->pick_codes, error))
        return false;
    if (column->coded) {
        for (size_t i = 0; i < count; i++)
            column->pick_codes[i] = column->codes[reader->picked_rows[i]];
        return column->pick_coded = true;
    }
    if (!sw_reader_raw(reader, key, &raw, error) ||
        !make_scratch(reader, sw_sequence_pick_scratch(rows, count), error))
        return false;
    column->pick_coded =
        sw_sequence_pick_codes(raw, column->entry.raw_length, rows, reader->picked_rows, count,
                               column->pick_codes, &column->distinct, reader->scratch);
    return column->pick_coded || contradicts(reader, key, error);
}

/* Codes of all rows, or of the picked ones, kept for the other columns of this key. */
static bool bring_codes(struct sw_reader *reader, int key, bool picked, struct sw_error *error)
{
    const struct sw_stored_column *column = &reader->columns[key];
    if (picked ? column->pick_coded : column->coded) return true;
    if (column->entry.encoding != SW_AGAIN || column->entry.nulls)
        return contradicts(reader, key, error);
    return picked ? bring_picked_codes(reader, key, error) : bring_all_codes(reader, key, error);
}

bool sw_reader_relation(struct sw_reader *reader, struct sw_related *related,
                        struct sw_error *error)
{
    const struct sw_entry *entry = &reader->columns[related->index].entry;
    size_t columns = reader->schema.column_count;
    if (!sw_reader_raw(reader, related->index, &related->raw, error)) return false;
    if (!sw_relation_parse(related->raw, entry, &related->relation) ||
        related->relation.first >= columns || related->relation.second >= columns)
        return contradicts(reader, related->index, error);
    return true;
}

bool sw_reader_share(struct sw_reader *reader, const struct sw_related *related, int64_t *to,
                     struct sw_error *error)
{
    int key = related->relation.first;
    const struct sw_stored_column *column = &reader->columns[key];
    const struct sw_entry *entry = &reader->columns[related->index].entry;
    if (!bring_codes(reader, key, related->picked, error) ||
        !make_scratch(reader, sw_relation_scratch(reader->rows, reader->picked_count), error))
        return false;
    bool good = related->picked
                    ? sw_shared_pick(related->raw, entry, column->pick_codes, column->distinct,
                                     reader->rows, reader->picked_rows, reader->picked_count, to,
                                     reader->scratch)
                    : sw_shared_read(related->raw, entry, column->codes, column->distinct,
                                     reader->rows, to, reader->scratch);
    return good || contradicts(reader, related->index, error);
}

bool sw_reader_subtract(struct sw_reader *reader, const struct sw_related *related,
                        const int64_t *from, const int64_t *less, int64_t *to,
                        struct sw_error *error)
{
    const struct sw_entry *entry = &reader->columns[related->index].entry;
    if (!make_scratch(reader, sw_relation_scratch(reader->rows, reader->picked_count), error))
        return false;
    bool good = related->picked ? sw_difference_pick(related->raw, entry, from, less, reader->rows,
                                                     reader->picked_rows, reader->picked_count, to,
                                                     reader->scratch)
                                : sw_difference_read(related->raw, entry, from, less, reader->rows,
                                                     to, reader->scratch);
    return good || contradicts(reader, related->index, error);
}

static bool bring_numbers(struct sw_reader *reader, struct sw_stored_column *column,
                          const struct sw_related *related, struct sw_error *error)
{
    size_t distinct = reader->columns[related->relation.first].distinct;
    if (!sw_grow(&column->numbers, &column->numbers_capacity, distinct + 1, sizeof *column->numbers,
                 error) ||
        !make_scratch(reader, sw_relation_scratch(reader->rows, 0), error))
        return false;
    column->numbered = sw_shared_numbers(related->raw, &column->entry, distinct, column->numbers,
                                         &column->alone, reader->scratch);
    return column->numbered || contradicts(reader, related->index, error);
}

bool sw_reader_keyed(struct sw_reader *reader, int index, struct sw_keyed *keyed,
                     struct sw_error *error)
{
    struct sw_stored_column *column = &reader->columns[index];
    struct sw_related related = {.index = index};
    *keyed = (struct sw_keyed){0};
    if (column->entry.encoding != SW_SHARED || reader->picked_count) return true;
    if (!sw_reader_relation(reader, &related, error)) return false;
    int key = related.relation.first;
    if (!bring_codes(reader, key, false, error) ||
        (!column->numbered && !bring_numbers(reader, column, &related, error)))
        return false;
    if (column->alone)
        *keyed = (struct sw_keyed){reader->columns[key].codes, column->numbers,
                                   reader->columns[key].distinct, reader->total_blocks};
    return true;
}
