/* SPDX-License-Identifier: ISC */
#include "csv/sieve.h"

#include <string.h>

#include "base/memory.h"

enum {
    HITS = 4096,       /* of a piece; with more the needles are not rare */
    TRUSTED = 64,      /* pieces until the sets are tried anew */
    ASIDE_OFTEN = 256, /* pieces to stand aside for, when rows that pass are not rare, */
    ASIDE_ROWS = 32,   /* or when rows are not plain */
    RARE = 16,         /* a row that passes costs as much as sweeping over so many */
};

bool sw_sieve_open(struct sw_sieve *sieve, const struct sw_needles *needles, struct sw_error *error)
{
    *sieve = (struct sw_sieve){.needles = needles, .sweep = sw_sweep_best()};
    for (size_t i = 0; i < needles->count; i++) sieve->windows[i] = sw_window_of(&needles->sets[i]);
    sieve->hits = sw_alloc(HITS, sizeof *sieve->hits, error);
    sieve->kept = sw_alloc(HITS, sizeof *sieve->kept, error);
    if (sieve->hits && sieve->kept) return true;
    sw_sieve_free(sieve);
    return false;
}

void sw_sieve_free(struct sw_sieve *sieve)
{
    free(sieve->hits);
    free(sieve->kept);
    *sieve = (struct sw_sieve){0};
}

static bool stands_here(const struct sw_needle *needle, const char *text)
{
    return memcmp(text, needle->bytes, needle->length) == 0 &&
           sw_needle_may_follow(needle, (unsigned char)text[-1]) &&
           sw_needle_may_precede(needle, (unsigned char)text[needle->length]);
}

static bool one_stands_here(const struct sw_needle_set *set, const char *text)
{
    for (size_t i = 0; i < set->count; i++)
        if (stands_here(&set->items[i], text)) return true;
    return false;
}

/* The row around a hit. */
static struct sw_kept_row row_around(const char *base, size_t from, size_t end,
                                     const struct sw_hit *hit)
{
    const char *newline = memrchr(base + from, '\n', hit->at - from);
    const char *stop = memchr(base + hit->at, '\n', end - hit->at);
    return (struct sw_kept_row){newline ? (uint32_t)(newline + 1 - base) : (uint32_t)from,
                                (uint32_t)(stop + 1 - base), hit->row};
}

/* Keeps the rows of the hits at which a needle of the set does stand, each once. */
static void keep_rows(struct sw_sieve *sieve, const char *base, size_t from, size_t hits,
                      const struct sw_needle_set *set)
{
    size_t behind = from; /* the last kept row */
    sieve->kept_count = 0;
    for (size_t i = 0; i < hits && sieve->hits[i].at < sieve->end; i++) {
        const struct sw_hit *hit = &sieve->hits[i];
        if (hit->at < behind || !one_stands_here(set, base + hit->at)) continue;
        struct sw_kept_row row = row_around(base, from, sieve->end, hit);
        sieve->kept[sieve->kept_count++] = row;
        behind = row.end;
    }
}

enum outcome { SIEVED, OFTEN, NOT_PLAIN };

/* Sieves by one set. */
static enum outcome sieve_by(struct sw_sieve *sieve, size_t set, const char *base, size_t from,
                             size_t to, size_t columns)
{
    struct sw_sweep sweep =
        sieve->sweep(base, from, to, columns - 1, &sieve->windows[set], sieve->hits, HITS);
    if (sweep.full) return OFTEN;
    if (!sweep.sound || sweep.rows == 0) return NOT_PLAIN;
    const char *last = memrchr(base + from, '\n', to - from);
    sieve->rows = sweep.rows;
    sieve->end = (size_t)(last + 1 - base);
    keep_rows(sieve, base, from, sweep.hits, &sieve->needles->sets[set]);
    return sieve->kept_count * RARE > sieve->rows ? OFTEN : SIEVED;
}

/* Tries every set on the piece. */
static void choose(struct sw_sieve *sieve, const char *base, size_t from, size_t to, size_t columns)
{
    size_t fewest = SIZE_MAX;
    for (size_t set = 0; set < sieve->needles->count; set++) {
        if (sieve_by(sieve, set, base, from, to, columns) != SIEVED) continue;
        if (sieve->kept_count >= fewest) continue;
        fewest = sieve->kept_count;
        sieve->chosen = set;
    }
    sieve->trusted = TRUSTED;
}

/* The other sets, for the rows that pass the chosen one. */
static void ask_the_others(struct sw_sieve *sieve, const char *base)
{
    size_t kept = 0;
    for (size_t i = 0; sieve->needles->count > 1 && i < sieve->kept_count; i++) {
        struct sw_kept_row row = sieve->kept[i];
        if (sw_needles_in(sieve->needles, base + row.start, row.end - row.start))
            sieve->kept[kept++] = row;
    }
    if (sieve->needles->count > 1) sieve->kept_count = kept;
}

bool sw_sieve_piece(struct sw_sieve *sieve, const char *base, size_t from, size_t to,
                    size_t columns)
{
    if (columns < 2 || from == to) return false;
    if (sieve->aside) {
        sieve->aside--;
        return false;
    }
    if (sieve->trusted == 0 && sieve->needles->count > 1) choose(sieve, base, from, to, columns);
    if (sieve->trusted) sieve->trusted--;
    enum outcome outcome = sieve_by(sieve, sieve->chosen, base, from, to, columns);
    if (outcome == SIEVED) {
        ask_the_others(sieve, base);
        return true;
    }
    sieve->aside = outcome == OFTEN ? ASIDE_OFTEN : ASIDE_ROWS;
    sieve->trusted = 0;
    return false;
}
