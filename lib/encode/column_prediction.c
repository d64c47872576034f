/* SPDX-License-Identifier: ISC */
#include "encode/column_prediction.h"

#include "base/memory.h"

enum {
    ROWS_AT_LEAST = 256, /* for anything to be gained */
    COLUMNS_LOOKED_AT = 64,
    SAMPLE_ROWS = 8192, /* the first ones: what repeats does so nearby */
    PROBES = 256,       /* rows, scatter over the block, by which differences are told */
    TRUST_MOST = 31,    /* blocks that are written by what was found in one before */
    ROWS_AT_ONCE = 64,  /* without a branch */
    WORTH_BITS = 4,     /* that a key must save a row */
    /* How often a key's number is met, on average: else it is no key but a kind. */
    MET_AT_MOST = 32,
};

/* The columns that can be related, and their samples. */
struct candidates {
    const struct sw_vector *const *vectors;
    uint16_t columns[COLUMNS_LOOKED_AT];
    unsigned bits[COLUMNS_LOOKED_AT]; /* that a number takes alone */
    size_t count, rows, sample;
};

static const int64_t *numbers_of(const struct candidates *candidates, size_t candidate)
{
    return candidates->vectors[candidates->columns[candidate]]->narrow;
}

static bool can_relate(const struct sw_vector *vector)
{
    return vector->type != SW_TEXT && !vector->wide && vector->nulls == 0;
}

static unsigned bits_of(const int64_t *numbers, size_t count)
{
    int64_t least = numbers[0], most = numbers[0];
    for (size_t i = 1; i < count; i++) {
        least = numbers[i] < least ? numbers[i] : least;
        most = numbers[i] > most ? numbers[i] : most;
    }
    uint64_t range = (uint64_t)most - (uint64_t)least;
    return range ? 64 - (unsigned)__builtin_clzll(range) : 0;
}

static void find_candidates(struct candidates *candidates, size_t column_count)
{
    for (size_t i = 0; i < column_count && candidates->count < COLUMNS_LOOKED_AT; i++) {
        if (!can_relate(candidates->vectors[i])) continue;
        unsigned bits = bits_of(candidates->vectors[i]->narrow, candidates->sample);
        if (!bits) continue;
        candidates->columns[candidates->count] = (uint16_t)i;
        candidates->bits[candidates->count++] = bits;
    }
}

/* ---- keys ---- */

/* Codes of some of the rows by a key; false (and no error) where more than `most` are distinct. */
static bool number_rows(struct sw_relations *relations, const int64_t *key, size_t rows,
                        size_t most, bool *numbered, struct sw_error *error)
{
    size_t distinct, next = 0;
    if (!sw_grow(&relations->codes, &relations->code_capacity, rows, sizeof *relations->codes,
                 error) ||
        !sw_grow(&relations->first_rows, &relations->first_capacity, rows + 1,
                 sizeof *relations->first_rows, error) ||
        !sw_distinct_number(&relations->distinct, (const uint64_t *)key, rows, most,
                            relations->codes, &distinct, error))
        return false;
    *numbered = distinct <= most;
    if (!*numbered) return true;
    for (size_t row = 0; row < rows; row++) {
        relations->first_rows[next] = (uint32_t)row;
        next += relations->codes[row] == next;
    }
    relations->appearance =
        (struct sw_appearance){relations->codes, relations->distinct.numbers, rows, distinct};
    return true;
}

/* Whether rows that have the key's number again have the column's again, too. */
static bool goes_with_key(const struct sw_relations *relations, const int64_t *numbers,
                          size_t *same)
{
    const struct sw_appearance *key = &relations->appearance;
    size_t repeats = key->count - key->distinct, others = 0;
    for (size_t row = 0; row < key->count && others <= repeats / 8; row++)
        others += numbers[row] != numbers[relations->first_rows[key->codes[row]]];
    *same = repeats - others;
    return others <= repeats / 8;
}

/* Bits that the sample would be smaller by. */
static size_t gain_by_key(const struct sw_relations *relations, const struct candidates *candidates,
                          size_t key)
{
    size_t gain = 0, same;
    for (size_t i = 0; i < candidates->count; i++)
        if (i != key && goes_with_key(relations, numbers_of(candidates, i), &same))
            gain += same * candidates->bits[i];
    return gain;
}

static void share_by_key(struct sw_relations *relations, const struct candidates *candidates)
{
    size_t same;
    for (size_t i = 0; i < candidates->count; i++) {
        uint16_t column = candidates->columns[i];
        if (column != relations->key && goes_with_key(relations, numbers_of(candidates, i), &same))
            relations->of[column] = (struct sw_relation){SW_AS_KEY, (uint16_t)relations->key, 0};
    }
    relations->of[relations->key].kind = SW_KEY;
}

static bool find_key(struct sw_relations *relations, const struct candidates *candidates,
                     struct sw_error *error)
{
    size_t most = candidates->sample - candidates->sample / 4;
    size_t best = 0, best_gain = candidates->sample * WORTH_BITS;
    bool numbered;
    relations->key = -1;
    for (size_t i = 0; i < candidates->count; i++) {
        if (!number_rows(relations, numbers_of(candidates, i), candidates->sample, most, &numbered,
                         error))
            return false;
        numbered = numbered && relations->appearance.distinct >= candidates->sample / MET_AT_MOST;
        size_t gain = numbered ? gain_by_key(relations, candidates, i) : 0;
        if (gain <= best_gain) continue;
        best_gain = gain;
        best = i;
        relations->key = candidates->columns[i];
    }
    if (relations->key < 0) return true;
    if (!number_rows(relations, numbers_of(candidates, best), candidates->sample, most, &numbered,
                     error))
        return false;
    share_by_key(relations, candidates);
    return true;
}

/* ---- differences ---- */

static bool is_difference(const struct candidates *candidates, size_t target, size_t minuend,
                          size_t subtrahend)
{
    const uint64_t *of = (const uint64_t *)numbers_of(candidates, target);
    const uint64_t *from = (const uint64_t *)numbers_of(candidates, minuend);
    const uint64_t *less = (const uint64_t *)numbers_of(candidates, subtrahend);
    size_t others = 0;
    for (size_t probe = 0; probe < PROBES && others <= PROBES / 4; probe++) {
        size_t row = probe * candidates->rows / PROBES;
        others += of[row] != from[row] - less[row];
    }
    return others <= PROBES / 4;
}

static bool same_measure(const struct sw_vector *a, const struct sw_vector *b)
{
    return a->type == b->type && a->scale == b->scale;
}

/* Marks a column as the first difference that it is found to be. */
static void find_difference_of(struct sw_relations *relations, const struct candidates *candidates,
                               size_t target)
{
    const uint16_t *columns = candidates->columns;
    const struct sw_vector *vector = candidates->vectors[columns[target]];
    for (size_t a = 0; a < candidates->count; a++) {
        if (a == target || relations->of[columns[a]].kind == SW_AS_DIFFERENCE ||
            !same_measure(vector, candidates->vectors[columns[a]]))
            continue;
        for (size_t b = 0; b < candidates->count; b++) {
            if (b == target || b == a || relations->of[columns[b]].kind == SW_AS_DIFFERENCE ||
                !same_measure(vector, candidates->vectors[columns[b]]) ||
                !is_difference(candidates, target, a, b))
                continue;
            relations->of[columns[target]] =
                (struct sw_relation){SW_AS_DIFFERENCE, columns[a], columns[b]};
            return;
        }
    }
}

static bool is_operand(const struct sw_relations *relations, uint16_t column)
{
    for (size_t i = 0; i < relations->column_count; i++) {
        const struct sw_relation *of = &relations->of[i];
        if (of->kind == SW_AS_DIFFERENCE && (of->first == column || of->second == column))
            return true;
    }
    return false;
}

static void find_differences(struct sw_relations *relations, const struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        uint16_t column = candidates->columns[i];
        if (relations->of[column].kind == SW_ALONE && !is_operand(relations, column))
            find_difference_of(relations, candidates, i);
    }
}

/* ---- blocks ---- */

/* What is found as it was before is trusted for twice as many blocks, anything else for none. */
static void keep_found(struct sw_relations *relations, bool first)
{
    size_t bytes = relations->column_count * sizeof *relations->of;
    bool same = !first && memcmp(relations->of, relations->found, bytes) == 0;
    memcpy(relations->found, relations->of, bytes);
    relations->trust = same ? 2 * relations->trust + 1 : 0;
    if (relations->trust > TRUST_MOST) relations->trust = TRUST_MOST;
    relations->known = true;
    relations->anew = !same;
    if (!same) memset(relations->dropped, 0, relations->column_count * sizeof *relations->dropped);
    relations->uses = 0;
}

static bool look_for_relations(struct sw_relations *relations,
                               const struct sw_vector *const *vectors, size_t column_count,
                               size_t rows, struct sw_error *error)
{
    struct candidates candidates = {
        .vectors = vectors, .rows = rows, .sample = rows < SAMPLE_ROWS ? rows : SAMPLE_ROWS};
    bool first = column_count != relations->column_count;
    if (!sw_grow(&relations->of, &relations->column_capacity, column_count, sizeof *relations->of,
                 error) ||
        !sw_grow(&relations->found, &relations->found_capacity, column_count,
                 sizeof *relations->found, error) ||
        !sw_grow(&relations->dropped, &relations->dropped_capacity, column_count,
                 sizeof *relations->dropped, error))
        return false;
    memset(relations->of, 0, column_count * sizeof *relations->of);
    relations->column_count = column_count;
    find_candidates(&candidates, column_count);
    if (!find_key(relations, &candidates, error)) return false;
    find_differences(relations, &candidates);
    keep_found(relations, first);
    return true;
}

bool sw_relations_begin(struct sw_relations *relations, const struct sw_vector *const *vectors,
                        size_t column_count, size_t rows, struct sw_error *error)
{
    relations->keyed = relations->anew = false;
    if (rows < ROWS_AT_LEAST) {
        relations->known = false;
        return true;
    }
    if ((!relations->known || relations->uses++ >= relations->trust) &&
        !look_for_relations(relations, vectors, column_count, rows, error))
        return false;
    if (relations->key < 0 || !can_relate(vectors[relations->key])) return true;
    if (!number_rows(relations, vectors[relations->key]->narrow, rows, rows - rows / 8,
                     &relations->keyed, error))
        return false;
    if (!relations->keyed) relations->trust = 0;
    return true;
}

struct sw_relation sw_relations_of(const struct sw_relations *relations,
                                   const struct sw_vector *const *vectors, size_t column)
{
    const struct sw_relation alone = {SW_ALONE, 0, 0};
    if (!relations->known || relations->dropped[column] || !can_relate(vectors[column]))
        return alone;
    struct sw_relation of = relations->of[column];
    if (of.kind != SW_AS_DIFFERENCE) return relations->keyed ? of : alone;
    return can_relate(vectors[of.first]) && can_relate(vectors[of.second]) ? of : alone;
}

void sw_relations_drop(struct sw_relations *relations, size_t column)
{
    relations->dropped[column] = true;
}

/* The first row whose number is not the one that its key's number was first met with. */
static size_t first_other(const struct sw_appearance *key, const uint64_t *numbers,
                          const uint64_t *values)
{
    size_t row = 0;
    for (; row + ROWS_AT_ONCE <= key->count; row += ROWS_AT_ONCE) {
        uint64_t differing = 0;
        for (size_t i = row; i < row + ROWS_AT_ONCE; i++)
            differing |= numbers[i] ^ values[key->codes[i]];
        if (differing) break;
    }
    while (row < key->count && numbers[row] == values[key->codes[row]]) row++;
    return row;
}

size_t sw_relations_share(const struct sw_relations *relations, const struct sw_vector *vector,
                          uint64_t *values, uint64_t *corrections, size_t *told)
{
    const struct sw_appearance *key = &relations->appearance;
    const uint64_t *numbers = (const uint64_t *)vector->narrow;
    size_t others = 0;
    for (size_t i = 0; i < key->distinct; i++) values[i] = numbers[relations->first_rows[i]];
    *told = first_other(key, numbers, values);
    if (*told == key->count) return 0;
    memset(corrections, 0, *told * sizeof *corrections);
    for (size_t row = *told; row < key->count; row++) {
        corrections[row] = numbers[row] - values[key->codes[row]];
        others += corrections[row] != 0;
    }
    return others;
}

size_t sw_relations_subtract(const struct sw_vector *vector, const struct sw_vector *minuend,
                             const struct sw_vector *subtrahend, size_t rows, uint64_t *corrections)
{
    const uint64_t *numbers = (const uint64_t *)vector->narrow;
    const uint64_t *from = (const uint64_t *)minuend->narrow;
    const uint64_t *less = (const uint64_t *)subtrahend->narrow;
    size_t others = 0;
    for (size_t row = 0; row < rows; row++) {
        corrections[row] = numbers[row] - (from[row] - less[row]);
        others += corrections[row] != 0;
    }
    return others;
}

void sw_relations_free(struct sw_relations *relations)
{
    free(relations->of);
    free(relations->found);
    free(relations->dropped);
    free(relations->codes);
    free(relations->first_rows);
    sw_distinct_free(&relations->distinct);
    *relations = (struct sw_relations){0};
}
