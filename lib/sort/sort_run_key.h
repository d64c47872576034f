/* SPDX-License-Identifier: ISC
 *
 * The keys of a run's rows as one binary number each, word by word; see sort/sort_run_order.h.
 */
#ifndef SW_SORT_SORT_RUN_KEY_H
#define SW_SORT_SORT_RUN_KEY_H

#include "sort/sort_run.h"

/* A word and the row it belongs to. */
struct sw_sort_run_entry {
    uint64_t word;
    uint32_t row;
} __attribute__((packed, aligned(4)));

/* Some bits of a key that stand in a word. */
struct sw_sort_run_piece {
    const struct sw_sort_run_column *column;
    const uint32_t *ranks; /* of a text: by code; else NULL */
    bool validity;         /* the bit that tells a value from a null */
    bool inverted;
    unsigned shift, bits; /* bits of the key from bit `shift` on */
};

struct sw_sort_run_word {
    const struct sw_sort_run_piece *pieces;
    size_t count;
};

struct sw_sort_run_key {
    struct sw_sort_run_piece *pieces;
    size_t piece_count, piece_capacity;
    struct sw_sort_run_word *words;
    size_t word_count;
    uint32_t **ranks; /* per key */
    size_t key_count;
};

/* Zero-initialize before; free in any case. SW_SYSTEM: memory. The run must stay as it is. */
bool sw_sort_run_key_open(struct sw_sort_run_key *key, const struct sw_sort_run *run,
                          const struct sw_sort_key *keys, size_t key_count,
                          struct sw_error *error) SW_CHECKED;
void sw_sort_run_key_free(struct sw_sort_run_key *key);

/* Puts word number `word` of their rows into entries[0..count). */
void sw_sort_run_key_fill(const struct sw_sort_run_key *key, size_t word,
                          struct sw_sort_run_entry *entries, size_t count);

#endif
