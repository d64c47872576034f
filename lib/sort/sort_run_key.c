/* SPDX-License-Identifier: ISC */
#include "sort/sort_run_key.h"

#include "base/memory.h"
#include "expr/value_set.h"

enum { WORD_BITS = 64 };

/* ---- ranks of texts ---- */

struct ranked {
    struct sw_text text;
    uint32_t code;
};

static int by_text(const void *a, const void *b)
{
    const struct ranked *one = a, *other = b;
    return sw_texts_compare(&one->text, &other->text);
}

static uint32_t *ranks_of(const struct sw_vector *texts, struct sw_error *error)
{
    uint32_t *ranks = sw_alloc(texts->dictionary_size, sizeof *ranks, error);
    struct ranked *ranked = sw_alloc(texts->dictionary_size, sizeof *ranked, error);
    if (ranks && ranked) {
        for (uint32_t code = 0; code < texts->dictionary_size; code++)
            ranked[code] = (struct ranked){texts->dictionary[code], code};
        qsort(ranked, texts->dictionary_size, sizeof *ranked, by_text);
        for (uint32_t rank = 0; rank < texts->dictionary_size; rank++)
            ranks[ranked[rank].code] = rank;
    }
    free(ranked);
    return ranks;
}

/* ---- laying keys out ---- */

static unsigned bits_of(sw_uint128 value)
{
    unsigned bits = 0;
    for (; value; value >>= 1) bits++;
    return bits;
}

/* Where the next bit goes. */
struct csv_schema {
    struct sw_sort_run_key *key;
    size_t used; /* bits */
};

/* Appends the `bits` low bits of what the piece stands for, cut where a word ends. */
static bool append(struct csv_schema *csv_schema, struct sw_sort_run_piece piece, unsigned bits,
                   struct sw_error *error)
{
    struct sw_sort_run_key *key = csv_schema->key;
    while (bits) {
        unsigned room = WORD_BITS - (unsigned)(csv_schema->used % WORD_BITS);
        piece.bits = bits < room ? bits : room;
        piece.shift = bits - piece.bits;
        if (!sw_grow(&key->pieces, &key->piece_capacity, key->piece_count + 1, sizeof *key->pieces,
                     error))
            return false;
        key->pieces[key->piece_count++] = piece;
        csv_schema->used += piece.bits;
        bits -= piece.bits;
    }
    return true;
}

static bool append_key(struct csv_schema *csv_schema, const struct sw_sort_run_column *column,
                       const uint32_t *ranks, bool descending, struct sw_error *error)
{
    struct sw_sort_run_piece piece = {.column = column, .ranks = ranks, .inverted = descending};
    unsigned bits =
        column->bounded ? bits_of((sw_uint128)column->high - (sw_uint128)column->low) : 0;
    if (column->has_nulls) {
        struct sw_sort_run_piece validity = piece;
        validity.validity = true;
        if (!append(csv_schema, validity, 1, error)) return false;
    }
    return append(csv_schema, piece, bits, error);
}

/* Pieces do not cross the borders of words: each word is a stretch of them. */
static bool cut_words(struct sw_sort_run_key *key, size_t bits, struct sw_error *error)
{
    size_t at = 0;
    key->word_count = (bits + WORD_BITS - 1) / WORD_BITS;
    key->words = sw_alloc(key->word_count, sizeof *key->words, error);
    if (!key->words) return false;
    for (size_t i = 0; i < key->word_count; i++) {
        unsigned used = 0;
        key->words[i].pieces = &key->pieces[at];
        while (used < WORD_BITS && at < key->piece_count) used += key->pieces[at++].bits;
        key->words[i].count = (size_t)(&key->pieces[at] - key->words[i].pieces);
    }
    return true;
}

bool sw_sort_run_key_open(struct sw_sort_run_key *key, const struct sw_sort_run *run,
                          const struct sw_sort_key *keys, size_t key_count, struct sw_error *error)
{
    *key = (struct sw_sort_run_key){.key_count = key_count};
    struct csv_schema csv_schema = {key, 0};
    key->ranks = sw_alloc(key_count, sizeof *key->ranks, error);
    if (!key->ranks) return false;
    for (size_t i = 0; i < key_count; i++) {
        const struct sw_sort_run_column *column = &run->columns[keys[i].column];
        if (column->type == SW_TEXT) {
            key->ranks[i] = ranks_of(&column->texts.vector, error);
            if (!key->ranks[i]) return false;
        }
        if (!append_key(&csv_schema, column, key->ranks[i], keys[i].descending, error))
            return false;
    }
    return cut_words(key, csv_schema.used, error);
}

void sw_sort_run_key_free(struct sw_sort_run_key *key)
{
    for (size_t i = 0; key->ranks && i < key->key_count; i++) free(key->ranks[i]);
    free(key->ranks);
    free(key->pieces);
    free(key->words);
    *key = (struct sw_sort_run_key){0};
}

/* ---- words ---- */

/* The bits of a piece for one row; a null's value is all zeros. */
static uint64_t bits_at(const struct sw_sort_run_piece *piece, size_t row)
{
    const struct sw_sort_run_column *column = piece->column;
    uint64_t mask = piece->bits == WORD_BITS ? ~UINT64_C(0) : (UINT64_C(1) << piece->bits) - 1;
    sw_uint128 value = 0;
    bool null = sw_sort_run_is_null(column, row);
    if (piece->validity)
        value = !null;
    else if (!null)
        value = sw_sort_run_distance(column, row);
    if (piece->ranks && !piece->validity && !null) value = piece->ranks[value];
    value >>= piece->shift;
    return (uint64_t)(piece->inverted ? ~value : value) & mask;
}

/* The same for many rows of a column of numbers without nulls and of at most eight bytes. */
#define FILL(stored)                                                                               \
    {                                                                                              \
        const stored *values = piece->column->values.bytes, low = (stored)piece->column->low;      \
        for (size_t i = 0; i < count; i++) {                                                       \
            uint64_t value = (uint64_t)(stored)(values[entries[i].row] - low) >> piece->shift;     \
            entries[i].word = entries[i].word << up | ((value ^ turn) & mask);                     \
        }                                                                                          \
        return;                                                                                    \
    }

static void fill_plain(const struct sw_sort_run_piece *piece, struct sw_sort_run_entry *entries,
                       size_t count)
{
    uint64_t mask = piece->bits == WORD_BITS ? ~UINT64_C(0) : (UINT64_C(1) << piece->bits) - 1;
    uint64_t turn = piece->inverted ? ~UINT64_C(0) : 0;
    unsigned up = piece->bits % WORD_BITS; /* a whole word has nothing before it */
    switch (piece->column->width) {
    case 1:
        FILL(uint8_t)
    case 2:
        FILL(uint16_t)
    case 4:
        FILL(uint32_t)
    default:
        FILL(uint64_t)
    }
}

static void fill_any(const struct sw_sort_run_piece *piece, struct sw_sort_run_entry *entries,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = bits_at(piece, entries[i].row);
        entries[i].word = piece->bits == WORD_BITS ? bits : entries[i].word << piece->bits | bits;
    }
}

void sw_sort_run_key_fill(const struct sw_sort_run_key *key, size_t word,
                          struct sw_sort_run_entry *entries, size_t count)
{
    const struct sw_sort_run_word *here = &key->words[word];
    for (size_t i = 0; i < count; i++) entries[i].word = 0;
    for (size_t i = 0; i < here->count; i++) {
        const struct sw_sort_run_piece *piece = &here->pieces[i];
        bool plain = !piece->ranks && !piece->column->has_nulls && piece->column->width <= 8;
        if (plain)
            fill_plain(piece, entries, count);
        else
            fill_any(piece, entries, count);
    }
}
