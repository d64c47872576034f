/* SPDX-License-Identifier: ISC */
#include "compare/ranks.h"

#include <stdlib.h>

#include "base/memory.h"
#include "compare/line_keys.h"

static const struct sw_row_column columns[SW_RANK_COLUMNS] = {{"by", SW_INT, 0},
                                                              {"number", SW_DECIMAL, 0},
                                                              {"text", SW_TEXT, 0},
                                                              {"value", SW_DECIMAL, 0},
                                                              {"pair", SW_DECIMAL, 0}};

static bool open_sorter(struct sw_lines *lines, struct sw_row_sorter *rows, struct sw_error *error)
{
    const struct sw_compare_settings *settings = lines->pairs->settings;
    return sw_row_sorter_open(rows, columns, SW_RANK_COLUMNS, SW_RANK_VALUE + 1,
                              settings->memory_bytes, settings->folder, error);
}

bool sw_ranks_open(struct sw_lines *lines, struct sw_error *error)
{
    return open_sorter(lines, &lines->sizes, error) &&
           open_sorter(lines, &lines->ordered[0], error) &&
           open_sorter(lines, &lines->ordered[1], error) &&
           open_sorter(lines, &lines->ranks[0], error) &&
           open_sorter(lines, &lines->ranks[1], error);
}

void sw_ranks_free(struct sw_lines *lines)
{
    sw_row_sorter_free(&lines->sizes);
    for (int i = 0; i < 2; i++) {
        sw_row_sorter_free(&lines->ordered[i]);
        sw_row_sorter_free(&lines->ranks[i]);
    }
}

/* ---- in ---- */

static bool add(struct sw_row_sorter *rows, size_t by, const struct sw_order_pair_key *key,
                sw_int128 value, sw_int128 pair, struct sw_error *error)
{
    return sw_line_key_put(rows, by, key, error) &&
           sw_builder_add_value(&rows->builders[SW_RANK_VALUE], value, error) &&
           sw_builder_add_value(&rows->builders[SW_RANK_PAIR], pair, error) &&
           sw_row_sorter_added(rows, error);
}

bool sw_ranks_add(struct sw_lines *lines, size_t by, const struct sw_order_pair_key *key,
                  uint64_t pair, struct sw_error *error)
{
    const struct sw_order_pair *of = &lines->pairs->pair;
    sw_int128 size = of->difference < 0 ? -of->difference : of->difference;
    return (size == 0 || add(&lines->sizes, by, key, size, of->difference > 0, error)) &&
           add(&lines->ordered[0], by, key, of->real, pair, error) &&
           add(&lines->ordered[1], by, key, of->simulated, pair, error);
}

/* ---- out ---- */

/* A run of equal values of one line. */
struct run {
    struct sw_line *line;
    sw_int128 value;
    uint64_t before, count; /* values of the line before it, and in it */
    uint64_t positive;
};

static void end_sizes(const struct run *run)
{
    if (!run->line) return;
    const sw_int128 doubled = 2 * (sw_int128)run->before + run->count + 1, t = run->count;
    struct sw_rank_sums *sums = &run->line->signed_ranks;
    sums->n += run->count;
    sums->positive += doubled * run->positive;
    sums->ties += t * t * t - t;
}

static void follow(struct run *run, struct sw_line *line, sw_int128 value)
{
    uint64_t before = run->line == line ? run->before + run->count : 0;
    *run = (struct run){.line = line, .value = value, .before = before};
}

static bool rank_sizes(struct sw_lines *lines, struct sw_error *error)
{
    struct sw_row_sorter *rows = &lines->sizes;
    struct run run = {0};
    enum sw_step step;
    size_t at = 0;
    if (!sw_row_sorter_finish(rows, error)) return false;
    while ((step = sw_row_sorter_next(rows, error)) == SW_ROWS) {
        struct sw_line *line = sw_line_at(lines, rows, &at);
        sw_int128 value = sw_row_sorter_number(rows, SW_RANK_VALUE);
        if (line != run.line || value != run.value) {
            end_sizes(&run);
            follow(&run, line, value);
        }
        run.count++;
        run.positive += sw_row_sorter_number(rows, SW_RANK_PAIR) == 1;
    }
    end_sizes(&run);
    return step == SW_END;
}

/* The pairs of a run of equal values, which all have one rank: known where the run ends. */
struct tied {
    struct run run;
    uint64_t *pairs;
    size_t capacity;
    struct sw_order_pair_key key;
};

static bool end_tied(struct tied *tied, struct sw_row_sorter *to, struct sw_error *error)
{
    const struct run *run = &tied->run;
    const sw_int128 doubled = 2 * (sw_int128)run->before + run->count + 1;
    if (!run->line) return true;
    tied->key = (struct sw_order_pair_key){.is_null = run->line->is_null,
                                           .numeric = run->line->numeric,
                                           .number = run->line->number,
                                           .text = {run->line->text, run->line->length}};
    for (uint64_t i = 0; i < run->count; i++)
        if (!add(to, run->line->by, &tied->key, tied->pairs[i], doubled, error)) return false;
    return true;
}

static bool take_tied(struct tied *tied, const struct sw_row_sorter *rows, struct sw_error *error)
{
    if (!sw_grow(&tied->pairs, &tied->capacity, (size_t)tied->run.count + 1, sizeof *tied->pairs,
                 error))
        return false;
    tied->pairs[tied->run.count++] = (uint64_t)sw_row_sorter_number(rows, SW_RANK_PAIR);
    return true;
}

static bool rank_values(struct sw_lines *lines, int which, struct tied *tied,
                        struct sw_error *error)
{
    struct sw_row_sorter *rows = &lines->ordered[which], *to = &lines->ranks[which];
    enum sw_step step;
    size_t at = 0;
    if (!sw_row_sorter_finish(rows, error)) return false;
    while ((step = sw_row_sorter_next(rows, error)) == SW_ROWS) {
        struct sw_line *line = sw_line_at(lines, rows, &at);
        sw_int128 value = sw_row_sorter_number(rows, SW_RANK_VALUE);
        if (line != tied->run.line || value != tied->run.value) {
            if (!end_tied(tied, to, error)) return false;
            follow(&tied->run, line, value);
        }
        if (!take_tied(tied, rows, error)) return false;
    }
    return step == SW_END && end_tied(tied, to, error) && sw_row_sorter_finish(to, error);
}

/* Both sorters have the same lines and pairs, in the same order. */
static bool correlate_ranks(struct sw_lines *lines, struct sw_error *error)
{
    struct sw_row_sorter *real = &lines->ranks[0], *simulated = &lines->ranks[1];
    enum sw_step step;
    size_t at = 0;
    while ((step = sw_row_sorter_next(real, error)) == SW_ROWS) {
        step = sw_row_sorter_next(simulated, error);
        if (step != SW_ROWS) break;
        struct sw_line *line = sw_line_at(lines, real, &at);
        if (!sw_moments_add_pair(&line->ranks, sw_row_sorter_number(real, SW_RANK_PAIR),
                                 sw_row_sorter_number(simulated, SW_RANK_PAIR)))
            return sw_fail(error, SW_DATA, "a sum of ranks does not fit 128 bits");
    }
    return step == SW_END;
}

bool sw_ranks_read(struct sw_lines *lines, struct sw_error *error)
{
    struct tied tied[2] = {{{0}, NULL, 0, {0}}, {{0}, NULL, 0, {0}}};
    bool good = rank_sizes(lines, error) && rank_values(lines, 0, &tied[0], error) &&
                rank_values(lines, 1, &tied[1], error) && correlate_ranks(lines, error);
    free(tied[0].pairs);
    free(tied[1].pairs);
    return good;
}
