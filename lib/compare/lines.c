/* SPDX-License-Identifier: ISC */
#include "compare/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "compare/bootstrap.h"
#include "compare/line_keys.h"
#include "compare/ranks.h"

const unsigned sw_compare_percents[SW_COMPARE_QUANTILES] = {5, 25, 50, 75, 95};

/* Behind a line's columns: in the sorter of clusters … */
enum {
    CLUSTER_KIND = SW_LINE_KEYS, /* 0: none, the pair alone; else that of the pairs, and 1 */
    CLUSTER_NUMBER,
    CLUSTER_TEXT,
    CLUSTER_DIFFERENCE,
    CLUSTER_WEIGHT,
    CLUSTER_MATCHED,
    CLUSTER_MATCH,
    CLUSTER_REAL,
    CLUSTER_SIMULATED,
    CLUSTER_COLUMNS,
};

/* … and in that of differences. */
enum { VALUE = SW_LINE_KEYS, VALUE_MATCHED, VALUE_COLUMNS };

/* ---- opening ---- */

static const struct sw_row_column cluster_columns[CLUSTER_COLUMNS] = {
    {"by", SW_INT, 0},
    {"number", SW_DECIMAL, 0},
    {"text", SW_TEXT, 0},
    {"kind", SW_INT, 0},
    {"cluster_number", SW_DECIMAL, 0},
    {"cluster_text", SW_TEXT, 0},
    {"difference", SW_DECIMAL, 0},
    {"weight", SW_DECIMAL, 0},
    {"matched", SW_INT, 0},
    {"match", SW_INT, 0},
    {"real", SW_DECIMAL, 0},
    {"simulated", SW_DECIMAL, 0}};

static const struct sw_row_column value_columns[VALUE_COLUMNS] = {{"by", SW_INT, 0},
                                                                  {"number", SW_DECIMAL, 0},
                                                                  {"text", SW_TEXT, 0},
                                                                  {"value", SW_DECIMAL, 0},
                                                                  {"matched", SW_INT, 0}};

bool sw_lines_open(struct sw_lines *lines, struct sw_order_pairs *pairs, bool independent,
                   struct sw_error *error)
{
    const struct sw_compare_settings *settings = pairs->settings;
    lines->pairs = pairs;
    lines->independent = independent;
    return sw_row_sorter_open(&lines->clusters, cluster_columns, CLUSTER_COLUMNS, CLUSTER_TEXT + 1,
                              settings->memory_bytes, settings->folder, error) &&
           sw_row_sorter_open(&lines->values, value_columns, VALUE_COLUMNS, VALUE + 1,
                              settings->memory_bytes, settings->folder, error) &&
           (!independent || sw_ranks_open(lines, error));
}

void sw_lines_free(struct sw_lines *lines)
{
    sw_row_sorter_free(&lines->clusters);
    sw_row_sorter_free(&lines->values);
    sw_ranks_free(lines);
    for (size_t i = 0; i < lines->count; i++) free(lines->lines[i].text);
    free(lines->lines);
    *lines = (struct sw_lines){0};
}

/* ---- pairs into the sorters ---- */

static bool put_cluster(struct sw_lines *lines, size_t by, const struct sw_order_pair_key *key,
                        int kind, const struct sw_order_pair_key *cluster, struct sw_error *error)
{
    const struct sw_order_pair *pair = &lines->pairs->pair;
    struct sw_builder *builders = lines->clusters.builders;
    const sw_int128 rest[] = {pair->difference, pair->weight, pair->matched,
                              pair->match,      pair->real,   pair->simulated};
    if (!sw_line_key_put(&lines->clusters, by, key, error) ||
        !sw_builder_add_value(&builders[CLUSTER_KIND], kind, error))
        return false;
    if (cluster->is_null || !cluster->numeric)
        sw_builder_add_null(&builders[CLUSTER_NUMBER]);
    else if (!sw_builder_add_value(&builders[CLUSTER_NUMBER], cluster->number, error))
        return false;
    if (cluster->is_null)
        sw_builder_add_null(&builders[CLUSTER_TEXT]);
    else if (!sw_builder_add_text(&builders[CLUSTER_TEXT], cluster->text.bytes,
                                  cluster->text.length, error))
        return false;
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (!sw_builder_add_value(&builders[CLUSTER_DIFFERENCE + i], rest[i], error)) return false;
    return sw_row_sorter_added(&lines->clusters, error);
}

static bool put_value(struct sw_lines *lines, size_t by, const struct sw_order_pair_key *key,
                      struct sw_error *error)
{
    const struct sw_order_pair *pair = &lines->pairs->pair;
    struct sw_builder *builders = lines->values.builders;
    return sw_line_key_put(&lines->values, by, key, error) &&
           sw_builder_add_value(&builders[VALUE], pair->difference, error) &&
           sw_builder_add_value(&builders[VALUE_MATCHED], pair->matched, error) &&
           sw_row_sorter_added(&lines->values, error);
}

static bool put_pair(struct sw_lines *lines, uint64_t number, struct sw_error *error)
{
    const struct sw_order_pairs *pairs = lines->pairs;
    static const struct sw_order_pair_key alone = {.is_null = true};
    for (size_t by = 0; by < sw_order_pairs_groupings(pairs); by++) {
        struct sw_order_pair_key key, cluster;
        sw_order_pairs_key(pairs, by, &key);
        if (!put_cluster(lines, by, &key, 0, &alone, error) || !put_value(lines, by, &key, error) ||
            (lines->independent && pairs->pair.matched &&
             !sw_ranks_add(lines, by, &key, number, error)))
            return false;
        for (size_t kind = 0; kind < pairs->cluster_kinds; kind++) {
            sw_order_pairs_cluster(pairs, kind, &cluster);
            if (!put_cluster(lines, by, &key, (int)kind + 1, &cluster, error)) return false;
        }
    }
    return true;
}

/* ---- lines ---- */

static struct sw_line *new_line(struct sw_lines *lines, struct sw_error *error)
{
    const struct sw_row_sorter *rows = &lines->clusters;
    const struct sw_vector *texts = rows->sorter.vectors[SW_LINE_TEXT];
    if (!sw_grow(&lines->lines, &lines->capacity, lines->count + 1, sizeof *lines->lines, error))
        return NULL;
    struct sw_line *line = &lines->lines[lines->count];
    *line = (struct sw_line){.by = (size_t)sw_row_sorter_number(rows, SW_LINE_BY),
                             .is_null = sw_is_null(texts, rows->row),
                             .numeric = !sw_row_sorter_is_null(rows, SW_LINE_NUMBER),
                             .number = sw_row_sorter_number(rows, SW_LINE_NUMBER)};
    if (!line->is_null) {
        const struct sw_text *text = &texts->dictionary[texts->codes[rows->row]];
        line->text = sw_copy_text(text->bytes, text->length, error);
        line->length = text->length;
        if (!line->text) return NULL;
    }
    lines->count++;
    return line;
}

static bool fail_range(struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "a sum of differences or weights does not fit 128 bits");
}

static bool add_product(sw_int128 *sum, sw_int128 a, sw_int128 b)
{
    sw_int128 product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(*sum, product, sum);
}

static bool count_pair(struct sw_lines *lines, struct sw_line *line, struct sw_error *error)
{
    const struct sw_row_sorter *rows = &lines->clusters;
    const sw_int128 difference = sw_row_sorter_number(rows, CLUSTER_DIFFERENCE);
    const sw_int128 weight = sw_row_sorter_number(rows, CLUSTER_WEIGHT);
    const bool matched = sw_row_sorter_number(rows, CLUSTER_MATCHED) == 1;
    for (int scope = 0; scope <= matched; scope++) {
        struct sw_line_part *part = &line->parts[scope];
        part->n++;
        part->zero += difference == 0;
        part->better += difference > 0;
        part->worse += difference < 0;
        if (!add_product(&part->sum, difference, 1) || !add_product(&part->weight, weight, 1) ||
            !add_product(&part->weighted, weight, difference))
            return fail_range(error);
    }
    line->matches[sw_row_sorter_number(rows, CLUSTER_MATCH)]++;
    if (!matched || !lines->independent) return true;
    return (sw_moments_add_pair(&line->differences, difference, 0) &&
            sw_moments_add_pair(&line->values, sw_row_sorter_number(rows, CLUSTER_REAL),
                                sw_row_sorter_number(rows, CLUSTER_SIMULATED))) ||
           fail_range(error);
}

/* ---- clusters ---- */

/* The clusters of one line and kind, of all pairs and of the matched ones. */
struct gathered {
    int kind; /* 0: none */
    struct sw_line *line;
    struct sw_cluster *clusters[SW_SCOPES];
    size_t counts[SW_SCOPES], capacities[SW_SCOPES];
    bool begun[SW_SCOPES]; /* the current cluster has pairs */
};

/* A kind of which there is more than one decides; else the last that there is. */
static bool end_kind(const struct sw_lines *lines, struct gathered *gathered,
                     struct sw_error *error)
{
    for (int scope = 0; gathered->kind > 0 && scope < SW_SCOPES; scope++) {
        struct sw_line_part *part = &gathered->line->parts[scope];
        if (gathered->counts[scope] == 0 || part->clusters > 1) continue;
        part->clusters = gathered->counts[scope];
        part->cluster_by = lines->pairs->cluster_names[gathered->kind - 1];
        if (!sw_bootstrap(gathered->clusters[scope], gathered->counts[scope], &part->bounded,
                          &part->low, &part->high, error))
            return false;
        if (scope == SW_SCOPE_MATCHED)
            sw_clustered_t(gathered->clusters[scope], gathered->counts[scope],
                           &gathered->line->clustered_t, &gathered->line->clustered_p);
    }
    gathered->counts[0] = gathered->counts[1] = 0;
    return true;
}

static bool add_to_cluster(struct gathered *gathered, int scope, const struct sw_row_sorter *rows,
                           struct sw_error *error)
{
    size_t *count = &gathered->counts[scope];
    if (!gathered->begun[scope]) {
        if (!sw_grow(&gathered->clusters[scope], &gathered->capacities[scope], *count + 1,
                     sizeof *gathered->clusters[scope], error))
            return false;
        gathered->clusters[scope][(*count)++] = (struct sw_cluster){0};
        gathered->begun[scope] = true;
    }
    struct sw_cluster *cluster = &gathered->clusters[scope][*count - 1];
    const sw_int128 weight = sw_row_sorter_number(rows, CLUSTER_WEIGHT);
    const sw_int128 difference = sw_row_sorter_number(rows, CLUSTER_DIFFERENCE);
    cluster->n++;
    return (add_product(&cluster->weight, weight, 1) &&
            add_product(&cluster->weighted, weight, difference) &&
            add_product(&cluster->sum, difference, 1)) ||
           fail_range(error);
}

/* Of the row before this one: whether it is of another line, of another kind, of another cluster. */
struct last {
    struct sw_builder cells[CLUSTER_TEXT + 1];
};

static bool open_last(struct last *last, struct sw_error *error)
{
    for (int i = 0; i <= CLUSTER_TEXT; i++)
        if (!sw_builder_init(&last->cells[i], cluster_columns[i].type, 0, 1, error)) return false;
    return true;
}

/* How many of the first columns are as in the row before. */
static int same_columns(const struct last *last, const struct sw_row_sorter *rows)
{
    int same = 0;
    while (last->cells[0].vector.rows > 0 && same <= CLUSTER_TEXT &&
           sw_value_compare(&last->cells[same].vector, 0, rows->sorter.vectors[same], rows->row) ==
               0)
        same++;
    return same;
}

static bool remember(struct last *last, const struct sw_row_sorter *rows, int same,
                     struct sw_error *error)
{
    const uint32_t at[1] = {(uint32_t)rows->row};
    for (int i = same; i <= CLUSTER_TEXT; i++) {
        sw_builder_reset(&last->cells[i]);
        if (!sw_builder_gather(&last->cells[i], rows->sorter.vectors[i], at, 1, error))
            return false;
    }
    return true;
}

static bool take_row(struct sw_lines *lines, struct last *last, struct gathered *gathered,
                     struct sw_error *error)
{
    const struct sw_row_sorter *rows = &lines->clusters;
    const int same = same_columns(last, rows);
    if (same <= CLUSTER_TEXT) {
        if (same <= CLUSTER_KIND && gathered->line && !end_kind(lines, gathered, error))
            return false;
        if (!remember(last, rows, same, error)) return false;
        gathered->begun[0] = gathered->begun[1] = false;
    }
    if (same < SW_LINE_KEYS && !(gathered->line = new_line(lines, error))) return false;
    gathered->kind = (int)sw_row_sorter_number(rows, CLUSTER_KIND);
    if (gathered->kind == 0) return count_pair(lines, gathered->line, error);
    const bool matched = sw_row_sorter_number(rows, CLUSTER_MATCHED) == 1;
    return add_to_cluster(gathered, SW_SCOPE_ALL, rows, error) &&
           (!matched || add_to_cluster(gathered, SW_SCOPE_MATCHED, rows, error));
}

static bool read_clusters(struct sw_lines *lines, struct sw_error *error)
{
    struct last last = {0};
    struct gathered gathered = {0};
    enum sw_step step = SW_FAILED;
    bool good = open_last(&last, error) && sw_row_sorter_finish(&lines->clusters, error);
    while (good && (step = sw_row_sorter_next(&lines->clusters, error)) == SW_ROWS)
        good = take_row(lines, &last, &gathered, error);
    good = good && step == SW_END && (!gathered.line || end_kind(lines, &gathered, error));
    for (int i = 0; i <= CLUSTER_TEXT; i++) sw_builder_free(&last.cells[i]);
    free(gathered.clusters[0]);
    free(gathered.clusters[1]);
    return good;
}

/* ---- quantiles ---- */

static sw_int128 divide_rounded(sw_int128 above, sw_int128 below)
{
    sw_int128 half = above < 0 ? -below / 2 : below / 2;
    return (above + half) / below;
}

/* The n values come by in order; a quantile lies between the two around (n − 1) × percent ÷ 100. */
static void walk_value(struct sw_line_part *part, sw_int128 value)
{
    for (int i = 0; i < SW_COMPARE_QUANTILES; i++) {
        const uint64_t place = (part->n - 1) * sw_compare_percents[i];
        if (place % 100 == 0 && part->walked == place / 100) part->quantiles[i] = value;
        if (place % 100 != 0 && part->walked == place / 100 + 1)
            part->quantiles[i] = divide_rounded(part->before * (sw_int128)(100 - place % 100) +
                                                    value * (sw_int128)(place % 100),
                                                100);
    }
    part->before = value;
    part->walked++;
}

static bool read_values(struct sw_lines *lines, struct sw_error *error)
{
    struct sw_row_sorter *rows = &lines->values;
    enum sw_step step;
    size_t at = 0;
    if (!sw_row_sorter_finish(rows, error)) return false;
    while ((step = sw_row_sorter_next(rows, error)) == SW_ROWS) {
        struct sw_line *line = sw_line_at(lines, rows, &at);
        const sw_int128 value = sw_row_sorter_number(rows, VALUE);
        walk_value(&line->parts[SW_SCOPE_ALL], value);
        if (sw_row_sorter_number(rows, VALUE_MATCHED) == 1)
            walk_value(&line->parts[SW_SCOPE_MATCHED], value);
    }
    return step == SW_END;
}

bool sw_lines_read(struct sw_lines *lines, struct sw_error *error)
{
    enum sw_step step;
    uint64_t number = 0;
    while ((step = sw_order_pairs_next(lines->pairs, error)) == SW_ROWS)
        if (!put_pair(lines, number++, error)) return false;
    return step == SW_END && read_clusters(lines, error) && read_values(lines, error) &&
           (!lines->independent || sw_ranks_read(lines, error));
}
