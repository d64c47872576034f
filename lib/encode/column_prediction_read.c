/* SPDX-License-Identifier: ISC
 *
 * Columns that depend on others, from their bytes.
 */
#include "encode/column_prediction.h"

#include "kernels/first_seen_codes.h"

enum { LEAD = SW_RELATION_LEAD };

void sw_relation_format(unsigned char *to, const struct sw_relation *relation)
{
    sw_store32(to, relation->kind == SW_AS_KEY ? SW_SHARED : SW_DIFFERENCE);
    sw_store32(to + 4, relation->first | (uint32_t)relation->second << 16);
}

bool sw_relation_parse(const unsigned char *raw, const struct sw_entry *entry,
                       struct sw_relation *relation)
{
    bool shared = entry->encoding == SW_SHARED;
    if (entry->raw_length < LEAD || sw_load32(raw) != entry->encoding) return false;
    relation->kind = shared ? SW_AS_KEY : SW_AS_DIFFERENCE;
    relation->first = (uint16_t)sw_load32(raw + 4);
    relation->second = (uint16_t)(sw_load32(raw + 4) >> 16);
    return !shared || relation->second == 0;
}

size_t sw_relation_scratch(size_t rows, size_t picks)
{
    size_t whole = sw_sequence_scratch(rows), some = sw_sequence_pick_scratch(rows, picks);
    return rows + picks + 2 + (whole > some ? whole : some);
}

/* Adds the corrections at the end of a column's bytes, where there are any. */
static bool correct(const unsigned char *bytes, size_t length, size_t rows, int64_t *to,
                    uint64_t *scratch)
{
    return length == 0 || sw_sequence_add(bytes, length, (uint64_t *)to, rows, scratch);
}

static bool correct_some(const unsigned char *bytes, size_t length, size_t rows,
                         const uint32_t *places, size_t picks, int64_t *to, uint64_t *scratch)
{
    uint64_t *corrections = scratch, *rest = scratch + picks;
    if (length == 0) return true;
    if (length < SW_SEQUENCE_LEAD ||
        !sw_sequence_pick(bytes, length, (enum sw_sequence_kind)bytes[0], rows, 0, places, picks,
                          corrections, rest))
        return false;
    for (size_t i = 0; i < picks; i++) to[i] = (int64_t)((uint64_t)to[i] + corrections[i]);
    return true;
}

bool sw_shared_read(const unsigned char *raw, const struct sw_entry *entry, const uint32_t *codes,
                    size_t distinct, size_t rows, int64_t *to, uint64_t *scratch)
{
    const unsigned char *bytes = raw + LEAD;
    size_t used, length = entry->raw_length - LEAD;
    if (!sw_sequence_read_first(bytes, length, scratch, distinct, (uint64_t)entry->minimum,
                                scratch + distinct + 1, &used))
        return false;
    sw_codes_fetch(codes, rows, scratch, (uint64_t *)to);
    return correct(bytes + used, length - used, rows, to, scratch);
}

bool sw_shared_numbers(const unsigned char *raw, const struct sw_entry *entry, size_t distinct,
                       int64_t *to, bool *alone, uint64_t *scratch)
{
    size_t used, length = entry->raw_length - LEAD;
    bool good = sw_sequence_read_first(raw + LEAD, length, (uint64_t *)to, distinct,
                                       (uint64_t)entry->minimum, scratch, &used);
    *alone = good && used == length;
    return good;
}

bool sw_shared_pick(const unsigned char *raw, const struct sw_entry *entry, const uint32_t *codes,
                    size_t distinct, size_t rows, const uint32_t *places, size_t picks, int64_t *to,
                    uint64_t *scratch)
{
    const unsigned char *bytes = raw + LEAD;
    size_t used, length = entry->raw_length - LEAD;
    if (!sw_sequence_pick_first(bytes, length, distinct, (uint64_t)entry->minimum, codes, picks,
                                scratch, scratch + picks, &used))
        return false;
    for (size_t i = 0; i < picks; i++) to[i] = (int64_t)scratch[i];
    return correct_some(bytes + used, length - used, rows, places, picks, to, scratch);
}

bool sw_difference_read(const unsigned char *raw, const struct sw_entry *entry,
                        const int64_t *minuend, const int64_t *subtrahend, size_t rows, int64_t *to,
                        uint64_t *scratch)
{
    for (size_t row = 0; row < rows; row++)
        to[row] = (int64_t)((uint64_t)minuend[row] - (uint64_t)subtrahend[row]);
    return correct(raw + LEAD, entry->raw_length - LEAD, rows, to, scratch);
}

bool sw_difference_pick(const unsigned char *raw, const struct sw_entry *entry,
                        const int64_t *minuend, const int64_t *subtrahend, size_t rows,
                        const uint32_t *places, size_t picks, int64_t *to, uint64_t *scratch)
{
    for (size_t i = 0; i < picks; i++)
        to[i] = (int64_t)((uint64_t)minuend[i] - (uint64_t)subtrahend[i]);
    return correct_some(raw + LEAD, entry->raw_length - LEAD, rows, places, picks, to, scratch);
}
