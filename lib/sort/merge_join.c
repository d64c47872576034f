/* SPDX-License-Identifier: ISC */
#include "sort/merge_join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- opening ---- */

/* "int", "decimal:4". */
static void describe_type(const struct sw_column *column, char to[SW_DESCRIBED_LENGTH])
{
    const char *name = sw_type_name(column->type);
    if (column->type == SW_DECIMAL)
        snprintf(to, SW_DESCRIBED_LENGTH, "%s:%d", name, column->scale);
    else
        snprintf(to, SW_DESCRIBED_LENGTH, "%s", name);
}

bool sw_join_same_types(const struct sw_schema *left_keys, const char *left_file,
                        const struct sw_schema *right_keys, const char *right_file,
                        struct sw_error *error)
{
    char one[SW_DESCRIBED_LENGTH], other[SW_DESCRIBED_LENGTH];
    for (size_t i = 0; i < left_keys->column_count; i++) {
        const struct sw_column *left = &left_keys->columns[i], *right = &right_keys->columns[i];
        if (left->type == right->type && left->scale == right->scale) continue;
        describe_type(left, one);
        describe_type(right, other);
        return sw_fail(error, SW_DATA, "%s: %s: %s, but %s in %s", left_file, left->name, one,
                       other, right_file);
    }
    return true;
}

bool sw_join_schema(struct sw_schema *schema, const struct sw_schema *left, const char *left_file,
                    const struct sw_schema *added, struct sw_error *error)
{
    if (!sw_schema_copy(schema, left, NULL, 0, error)) return false;
    for (size_t i = 0; i < added->column_count; i++) {
        const struct sw_column *column = &added->columns[i];
        if (sw_schema_find(left, column->name) >= 0)
            return sw_fail(error, SW_USAGE, "--columns: %s: the rows of %s have a column '%s'",
                           column->name, left_file, column->name);
        if (!sw_schema_add(schema, column->name, column->type, column->scale, error)) return false;
    }
    return true;
}

static bool make_room(struct sw_join *join, struct sw_error *error)
{
    join->left_rows = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *join->left_rows, error);
    join->right_rows = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *join->right_rows, error);
    join->left_vectors =
        sw_alloc(join->left_reader->schema.column_count, sizeof *join->left_vectors, error);
    return join->left_rows && join->right_rows && join->left_vectors;
}

bool sw_join_open(struct sw_join *join, struct sw_reader *left, struct sw_reader *right_reader,
                  struct sw_view *right, const struct sw_join_settings *settings,
                  struct sw_error *error)
{
    *join = (struct sw_join){.kind = settings->kind,
                             .left_reader = left,
                             .right_reader = right_reader,
                             .right_view = right};
    return sw_key_runs_open(&join->left, left, settings->keys, error) &&
           sw_key_runs_open(&join->right, right_reader, settings->keys, error) &&
           sw_join_same_types(&join->left.schema, join->left.file, &join->right.schema,
                              join->right.file, error) &&
           (!settings->columns || sw_columns_open(&join->added, right, settings->columns, error)) &&
           sw_join_schema(&join->schema, &left->schema, join->left.file, &join->added.schema,
                          error) &&
           make_room(join, error);
}

/* ---- what is chosen ---- */

static bool fetch_left(struct sw_join *join, struct sw_error *error)
{
    if (join->fetched) return true;
    for (size_t i = 0; i < join->left_reader->schema.column_count; i++) {
        join->left_vectors[i] = sw_reader_vector(join->left_reader, (int)i, error);
        if (!join->left_vectors[i]) return false;
    }
    join->fetched = true;
    return true;
}

static bool gather_left(struct sw_join *join, struct sw_writer *writer, size_t from, size_t count,
                        struct sw_error *error)
{
    for (size_t i = 0; i < join->left_reader->schema.column_count; i++)
        if (!sw_builder_gather(&writer->builders[i], join->left_vectors[i], join->left_rows + from,
                               count, error))
            return false;
    return true;
}

static bool gather_right(struct sw_join *join, struct sw_writer *writer, size_t from, size_t count,
                         struct sw_error *error)
{
    struct sw_builder *builders = writer->builders + join->left_reader->schema.column_count;
    for (size_t i = 0; i < join->added.count; i++) {
        if (!join->chosen_matched)
            for (size_t row = 0; row < count; row++) sw_builder_add_null(&builders[i]);
        else if (!sw_builder_gather(&builders[i], join->added.vectors[i], join->right_rows + from,
                                    count, error))
            return false;
    }
    return true;
}

/* Rows that may be put at once: one where the texts of the two blocks may be more together than a block should have. */
static size_t rows_at_once(const struct sw_join *join, const struct sw_writer *writer)
{
    const size_t much = 16 << 20;
    size_t bytes = 0;
    for (size_t i = 0; i < join->left_reader->schema.column_count; i++)
        bytes += join->left_vectors[i]->text_bytes;
    for (size_t i = 0; join->chosen_matched && i < join->added.count; i++)
        bytes += join->added.vectors[i]->text_bytes;
    return bytes > much ? 1 : sw_writer_room(writer);
}

/* Rows of both streams side by side: straight into the writer's builders, as many as these have
 * room for. */
static bool write_pairs(struct sw_join *join, struct sw_writer *writer, struct sw_error *error)
{
    if (join->chosen_matched && !sw_columns_fetch(&join->added, join->right_view, error))
        return false;
    for (size_t done = 0; done < join->chosen;) {
        size_t room = rows_at_once(join, writer), left = join->chosen - done;
        size_t count = left < room ? left : room;
        if (!gather_left(join, writer, done, count, error) ||
            !gather_right(join, writer, done, count, error) ||
            !sw_writer_added(writer, count, error))
            return false;
        done += count;
    }
    return true;
}

/* Writes the chosen rows. With columns to add that is due when the right's block or the kind of
 * rows changes, else only when the left's block does. */
static bool write_chosen(struct sw_join *join, struct sw_writer *writer, struct sw_error *error)
{
    if (join->chosen == 0) return true;
    if (!fetch_left(join, error) || !sw_writer_follow(writer, join->left_reader->streams, error))
        return false;
    bool all = join->chosen == join->left_reader->rows;
    bool good = join->added.count > 0
                    ? write_pairs(join, writer, error)
                    : sw_writer_gather(writer, join->left_vectors, all ? NULL : join->left_rows,
                                       join->chosen, error);
    join->chosen = 0;
    return good;
}

/* ---- the merge ---- */

/* The right's next block. What was chosen with partners in the last one goes out first. */
static bool next_right(struct sw_join *join, struct sw_writer *writer, struct sw_error *error)
{
    if (join->added.count > 0 && !write_chosen(join, writer, error)) return false;
    join->right_row = 0;
    enum sw_step step = sw_key_runs_next(&join->right, error);
    join->right_ended = step != SW_ROWS;
    if (step != SW_ROWS) return step == SW_END;
    sw_view_begin(join->right_view, join->right_reader->rows);
    return sw_key_runs_unique(&join->right, error);
}

/* Below 0, 0 or above 0 as the right's row stands before, with or after a row of the left. */
static int compare(const struct sw_join *join, size_t left_row)
{
    const struct sw_key_runs *left = &join->left, *right = &join->right;
    for (size_t i = 0; i < left->key_count; i++) {
        int order =
            sw_value_compare(right->vectors[i], join->right_row, left->vectors[i], left_row);
        if (order) return left->order[i].descending ? -order : order;
    }
    return 0;
}

/* Goes on in the right up to the key of a row of the left; whether that is there. */
static bool find_partner(struct sw_join *join, struct sw_writer *writer, size_t left_row,
                         bool *found, struct sw_error *error)
{
    int order = 1;
    while (!join->right_ended && (order = compare(join, left_row)) < 0)
        if (++join->right_row == join->right_reader->rows && !next_right(join, writer, error))
            return false;
    *found = !join->right_ended && order == 0 && !sw_key_runs_null(&join->left, left_row);
    return true;
}

/* Chooses the rows of a run, or passes them over. */
static bool choose(struct sw_join *join, struct sw_writer *writer, uint32_t from, uint32_t to,
                   bool matched, struct sw_error *error)
{
    if (join->kind != SW_JOIN_ALL && matched != (join->kind == SW_JOIN_MATCHED)) {
        join->rejected += to - from;
        return true;
    }
    if (join->added.count > 0 && matched != join->chosen_matched &&
        !write_chosen(join, writer, error))
        return false;
    join->chosen_matched = matched;
    for (uint32_t row = from; row < to; row++) {
        join->left_rows[join->chosen] = row;
        join->right_rows[join->chosen++] = (uint32_t)join->right_row;
    }
    return true;
}

static bool join_block(struct sw_join *join, struct sw_writer *writer, struct sw_error *error)
{
    const struct sw_key_runs *left = &join->left;
    uint32_t rows = (uint32_t)join->left_reader->rows;
    join->fetched = false;
    for (size_t i = 0; i < left->start_count; i++) {
        uint32_t from = left->starts[i],
                 to = i + 1 < left->start_count ? left->starts[i + 1] : rows;
        bool matched;
        if (!find_partner(join, writer, from, &matched, error) ||
            !choose(join, writer, from, to, matched, error))
            return false;
    }
    return write_chosen(join, writer, error);
}

bool sw_join_rows(struct sw_join *join, struct sw_writer *writer, struct sw_error *error)
{
    enum sw_step step = SW_FAILED;
    if (!next_right(join, writer, error)) return false;
    while ((step = sw_key_runs_next(&join->left, error)) == SW_ROWS)
        if (!join_block(join, writer, error)) return false;
    if (step != SW_END) return false;
    while (!join->right_ended) /* the rest is checked, too */
        if (!next_right(join, writer, error)) return false;
    join->kept = sw_writer_rows(writer);
    struct sw_tally tally = sw_join_tally(join);
    return sw_tally_check(&tally, join->left.file, error);
}

struct sw_tally sw_join_tally(const struct sw_join *join)
{
    return (struct sw_tally){
        .read = join->left_reader->total_rows, .kept = join->kept, .rejected = join->rejected};
}

void sw_join_free(struct sw_join *join)
{
    sw_key_runs_free(&join->left);
    sw_key_runs_free(&join->right);
    sw_columns_free(&join->added);
    sw_schema_free(&join->schema);
    free(join->left_rows);
    free(join->right_rows);
    free(join->left_vectors);
    *join = (struct sw_join){0};
}
