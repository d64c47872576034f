/* SPDX-License-Identifier: ISC
 *
 * Some values of a column out of its bytes.
 */
#include "encode/encode.h"
#include "kernels/scatter.h"

/* The rows that are asked for, and those of them that have a value, as places among all values. */
struct asked {
    size_t rows; /* of the block */
    const uint32_t *places, *present;
    size_t count, present_count;
};

bool sw_decodes_rows(const struct sw_entry *entry, enum sw_type type)
{
    return type != SW_TEXT && entry->minimum >= INT64_MIN && entry->maximum <= INT64_MAX;
}

static size_t words_of_ranks(size_t rows)
{
    return (rows + 63) / 64 / 2 + 1;
}

size_t sw_decode_rows_scratch(size_t rows, size_t count)
{
    return words_of_ranks(rows) + 2 * (count + 1) + sw_sequence_pick_scratch(rows, count);
}

static void all_null(const struct sw_decoded *to, struct sw_vector *vector)
{
    vector->nulls = vector->rows;
    vector->valid = to->valid;
    memset(vector->valid, 0, (vector->rows + 63) / 64 * 8);
    memset(vector->narrow, 0, vector->rows * sizeof *vector->narrow);
}

/* Tells rows with a value from nulls by the bitmap, and how many values come before them. */
static bool find_present(const unsigned char *bitmap, const struct sw_entry *entry,
                         struct asked *asked, const struct sw_decoded *to, struct sw_vector *vector)
{
    uint32_t *ranks = (uint32_t *)to->scratch;
    uint32_t *present = (uint32_t *)(to->scratch + words_of_ranks(asked->rows));
    if (sw_bits_rank(bitmap, asked->rows, ranks) != asked->rows - entry->nulls) return false;
    vector->valid = to->valid;
    memset(vector->valid, 0, (asked->count + 63) / 64 * 8);
    for (size_t i = 0; i < asked->count; i++) {
        size_t row = asked->places[i];
        uint64_t word = sw_load64(bitmap + row / 64 * 8), bit = UINT64_C(1) << row % 64;
        if (!(word & bit)) continue;
        vector->valid[i / 64] |= UINT64_C(1) << i % 64;
        present[asked->present_count++] =
            ranks[row / 64] + (uint32_t)__builtin_popcountll(word & (bit - 1));
    }
    asked->present = present;
    vector->nulls = asked->count - asked->present_count;
    if (vector->nulls == 0) vector->valid = NULL;
    return true;
}

/* A frame of reference has room for nulls too. */
static void load_rows(const unsigned char *from, const struct sw_entry *entry,
                      const struct asked *asked, struct sw_vector *vector)
{
    uint64_t base = (uint64_t)(int64_t)entry->minimum;
    uint64_t mask = entry->width < 8 ? (UINT64_C(1) << 8 * entry->width) - 1 : UINT64_MAX;
    for (size_t i = 0; i < asked->count; i++) {
        uint64_t offset =
            mask ? sw_load64(from + (size_t)asked->places[i] * entry->width) & mask : 0;
        vector->narrow[i] = sw_is_null(vector, i) ? 0 : (int64_t)(base + offset);
    }
}

static bool pick_rows(const unsigned char *from, size_t length, const struct sw_entry *entry,
                      const struct asked *asked, uint64_t *scratch, struct sw_vector *vector)
{
    uint64_t *numbers = scratch, *rest = scratch + asked->count;
    size_t next = 0;
    if (!sw_sequence_pick(from, length, (enum sw_sequence_kind)entry->encoding,
                          asked->rows - entry->nulls, (uint64_t)(int64_t)entry->minimum,
                          asked->present, asked->present_count, numbers, rest))
        return false;
    for (size_t i = 0; i < asked->count; i++)
        vector->narrow[i] = sw_is_null(vector, i) ? 0 : (int64_t)numbers[next++];
    return true;
}

bool sw_decode_rows(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                    int scale, size_t rows, const uint32_t *places, size_t count,
                    const struct sw_decoded *to, struct sw_vector *vector)
{
    struct asked asked = {rows, places, places, count, count};
    size_t bitmap = entry->nulls && entry->nulls < rows ? (rows + 63) / 64 * 8 : 0;
    *vector = (struct sw_vector){.type = type, .scale = scale, .rows = count, .narrow = to->values};
    if (entry->nulls == rows) {
        all_null(to, vector);
        return true;
    }
    asked.present_count = bitmap ? 0 : count;
    if (bitmap && !find_present(raw, entry, &asked, to, vector)) return false;
    if (!sw_is_sequence(entry->encoding)) {
        load_rows(raw + bitmap, entry, &asked, vector);
        return true;
    }
    return pick_rows(raw + bitmap, entry->raw_length - bitmap, entry, &asked,
                     to->scratch + words_of_ranks(rows) + count / 2 + 1, vector);
}
