/* SPDX-License-Identifier: ISC */
#include "market/classify_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "states/event_block.h"

/* ---- opening ---- */

/* Without a sequence nothing is told apart by the other columns, so that they are never read. */
static bool find_ties(struct sw_event_fold *fold, struct sw_error *error)
{
    fold->sequence = sw_schema_find(fold->schema, "sequence");
    for (size_t i = 0; i < SW_EVENT_COLUMNS; i++)
        if (fold->columns[i] >= 0) fold->held_columns[fold->columns[i]] = true;
    if (!sw_state_ties(fold->schema, fold->sequence, &fold->ties, &fold->tie_count, error))
        return false;
    for (size_t i = 0; i < fold->tie_count; i++) fold->held_columns[fold->ties[i].column] = true;
    return true;
}

static bool open_order_check(struct sw_event_fold *fold, struct sw_error *error)
{
    size_t count = 0;
    for (; count <= SW_EVENT_TIMESTAMP; count++) fold->keys[count].column = fold->columns[count];
    if (fold->sequence >= 0) fold->keys[count++].column = fold->sequence;
    return sw_sorted_open(&fold->sorted, fold->schema, fold->keys, count, fold->reader.input.name,
                          error);
}

bool sw_fold_open(struct sw_event_fold *fold, const struct sw_input *input,
                  const char *const *paths, size_t count, struct sw_error *error)
{
    *fold = (struct sw_event_fold){0};
    if (!(input ? sw_reader_open_input(&fold->reader, input, error)
                : sw_reader_open(&fold->reader, paths, count, error)))
        return false;
    fold->schema = &fold->reader.schema;
    size_t columns = fold->schema->column_count;
    fold->held_columns = sw_alloc(columns, sizeof *fold->held_columns, error);
    fold->vectors = sw_alloc(columns, sizeof *fold->vectors, error);
    fold->begins = sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof *fold->begins, error);
    fold->files = sw_alloc(count + 1, sizeof *fold->files, error);
    return fold->held_columns && fold->vectors && fold->begins && fold->files &&
           sw_event_columns_find(fold->schema, fold->reader.input.name, fold->columns, error) &&
           find_ties(fold, error) &&
           sw_held_event_open(&fold->first, fold->schema, fold->held_columns, error) &&
           sw_held_event_open(&fold->last, fold->schema, fold->held_columns, error) &&
           open_order_check(fold, error);
}

void sw_fold_free(struct sw_event_fold *fold)
{
    sw_held_event_free(&fold->first);
    sw_held_event_free(&fold->last);
    sw_sorted_free(&fold->sorted);
    free(fold->ties);
    free(fold->held_columns);
    free(fold->vectors);
    free(fold->begins);
    free(fold->files);
    if (fold->schema) sw_reader_close(&fold->reader);
    *fold = (struct sw_event_fold){0};
}

/* ---- events ---- */

static const struct sw_vector *column_of(const struct sw_event_fold *fold,
                                         enum sw_event_column column)
{
    return fold->vectors[fold->columns[column]];
}

static int64_t time_of(const struct sw_event_fold *fold, size_t row)
{
    return (int64_t)sw_value(column_of(fold, SW_EVENT_TIMESTAMP), row);
}

static bool load(struct sw_event_fold *fold, int column, struct sw_error *error)
{
    if (!fold->vectors[column])
        fold->vectors[column] = sw_reader_vector(&fold->reader, column, error);
    return fold->vectors[column] != NULL;
}

/* The first row after `from` with another value, or `end`. */
static size_t same_until(const struct sw_vector *vector, size_t from, size_t end)
{
    size_t row = from + 1;
    if (vector->valid || vector->wide)
        while (row < end && sw_value_compare(vector, from, vector, row) == 0) row++;
    else if (vector->type == SW_TEXT)
        while (row < end && vector->codes[row] == vector->codes[from]) row++;
    else
        while (row < end && vector->narrow[row] == vector->narrow[from]) row++;
    return row;
}

static bool prefer_among(struct sw_event_fold *fold, struct sw_row *best, size_t from, size_t end,
                         struct sw_error *error)
{
    if (best->vectors == fold->vectors && best->row == from) from++;
    for (size_t row = from; row < end; row++)
        if (!sw_event_prefer(&fold->reader, fold->vectors, fold->ties, fold->tie_count, best, row,
                             error))
            return false;
    return true;
}

/* ---- what must not change ---- */

/* The file that a row's number among all is of; *number becomes the row's in that file. */
static const char *place_of(const struct sw_event_fold *fold, uint64_t *number)
{
    size_t file = fold->file_count - 1;
    while (fold->files[file].rows_before >= *number) file--;
    *number -= fold->files[file].rows_before;
    return fold->files[file].name;
}

static bool fail_at_row(const struct sw_event_fold *fold, size_t row, const char *what,
                        struct sw_error *error)
{
    char order[SW_DESCRIBED_LENGTH];
    uint64_t number = sw_fold_row_number(fold, row);
    const char *file = place_of(fold, &number);
    sw_value_describe(column_of(fold, SW_EVENT_ORDER), row, order);
    sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": order %s: %s", file, number, order, what);
    return sw_fail_about(error, order);
}

static bool fail_change(const struct sw_event_fold *fold, enum sw_event_column column,
                        struct sw_row before, size_t row, struct sw_error *error)
{
    char prefix[sizeof error->message];
    uint64_t number = sw_fold_row_number(fold, row);
    const char *file = place_of(fold, &number);
    snprintf(prefix, sizeof prefix, "%s: row %" PRIu64, file, number);
    return sw_event_fail_change(fold->schema->columns[fold->columns[column]].name,
                                column_of(fold, SW_EVENT_ORDER),
                                before.vectors[fold->columns[column]], before.row,
                                column_of(fold, column), row, error) ||
           sw_fail_at(error, prefix);
}

/* Rows from..end are of one order, and so is what came before them in another block. */
static bool check_unchanged(const struct sw_event_fold *fold, enum sw_event_column column,
                            size_t from, size_t end, struct sw_error *error)
{
    int index = fold->columns[column];
    if (index < 0) return true;
    const struct sw_vector *vector = fold->vectors[index];
    if (fold->open && sw_value_compare(fold->last.vectors[index], 0, vector, from) != 0)
        return fail_change(fold, column, fold->life.last, from, error);
    size_t change = same_until(vector, from, end);
    return change == end ||
           fail_change(fold, column, (struct sw_row){fold->vectors, change - 1}, change, error);
}

/* Nulls stand first, so the first event of an order shows whether there are any. */
static bool check_event(const struct sw_event_fold *fold, size_t row, struct sw_error *error)
{
    static const struct {
        enum sw_event_column column;
        const char *what;
    } needed[] = {{SW_EVENT_ORDER, "an event without an order_id"},
                  {SW_EVENT_SECURITY, "an event without a security_code"},
                  {SW_EVENT_TIMESTAMP, "an event without a timestamp"}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (sw_is_null(column_of(fold, needed[i].column), row))
            return fail_at_row(fold, row, needed[i].what, error);
    return true;
}

/* ---- folding ---- */

static void start_life(struct sw_event_fold *fold, size_t row)
{
    fold->begins[fold->begin_count++] = (uint32_t)row;
    fold->life = (struct sw_order_life){.first = {fold->vectors, row},
                                        .last = {fold->vectors, row},
                                        .first_ns = time_of(fold, row),
                                        .last_ns = time_of(fold, row)};
}

static void find_completion(const struct sw_event_fold *fold, struct sw_order_life *life,
                            size_t from, size_t end)
{
    const bool known = fold->columns[SW_EVENT_LEAVES] >= 0;
    const struct sw_vector *leaves = known ? column_of(fold, SW_EVENT_LEAVES) : NULL;
    size_t row = known ? end : from;
    while (row > from && (sw_value(leaves, row - 1) != 0 || sw_is_null(leaves, row - 1))) row--;
    if (row > from) {
        life->completed = true;
        life->completion_ns = time_of(fold, row - 1);
    } else if (!life->completed) {
        life->completion_ns = life->last_ns;
    }
}

/* Adds rows from..end, all of one order and in order, to its life. */
static bool extend_life(struct sw_event_fold *fold, size_t from, size_t end, struct sw_error *error)
{
    struct sw_order_life *life = &fold->life;
    const int64_t end_ns = time_of(fold, end - 1);
    size_t row = from;
    while (row < end && time_of(fold, row) == life->first_ns) row++;
    if (!prefer_among(fold, &life->first, from, row, error)) return false;
    row = end;
    while (row > from && time_of(fold, row - 1) == end_ns) row--;
    if (life->last_ns != end_ns) life->last = (struct sw_row){fold->vectors, row++};
    life->last_ns = end_ns;
    find_completion(fold, life, from, end);
    return prefer_among(fold, &life->last, row, end, error);
}

static bool hold_open(struct sw_event_fold *fold, struct sw_error *error)
{
    return sw_event_load_ties(&fold->reader, fold->vectors, fold->ties, fold->tie_count, error) &&
           sw_held_event_keep(&fold->first, &fold->life.first, error) &&
           sw_held_event_keep(&fold->last, &fold->life.last, error);
}

/* Whether the block begins with events of the order that is open. */
static bool goes_on(const struct sw_event_fold *fold)
{
    return fold->at < fold->rows && sw_rows_compare(fold->last.vectors, 0, fold->vectors, fold->at,
                                                    fold->keys, SW_EVENT_ORDER + 1) == 0;
}

static bool fold_rows(struct sw_event_fold *fold, size_t from, size_t end, struct sw_error *error)
{
    if (!check_event(fold, from, error) ||
        !check_unchanged(fold, SW_EVENT_SIDE, from, end, error) ||
        !check_unchanged(fold, SW_EVENT_PARTICIPANT, from, end, error))
        return false;
    if (!fold->open) start_life(fold, from);
    return extend_life(fold, from, end, error);
}

enum sw_step sw_fold_order(struct sw_event_fold *fold, struct sw_order_life *life,
                           struct sw_error *error)
{
    bool finished = fold->open && fold->at == 0 && !goes_on(fold);
    if (!finished) {
        if (fold->at == fold->rows) return SW_END;
        size_t from = fold->at, end = same_until(column_of(fold, SW_EVENT_ORDER), from, fold->rows);
        end = same_until(column_of(fold, SW_EVENT_SECURITY), from, end);
        if (!fold_rows(fold, from, end, error)) return SW_FAILED;
        fold->folded += end - from;
        fold->at = end;
    }
    fold->open = !finished && fold->at == fold->rows; /* it may go on in the next block */
    if (fold->open) return SW_END;
    *life = fold->life;
    return SW_ROWS;
}

/* ---- blocks ---- */

/* Files without rows are never seen here. */
static void note_file(struct sw_event_fold *fold)
{
    const char *name = fold->reader.input.name;
    uint64_t rows_before = fold->reader.total_rows - fold->rows;
    if (fold->file_count && fold->files[fold->file_count - 1].name == name) return;
    fold->files[fold->file_count++] = (struct sw_event_file){name, rows_before};
    fold->sorted.file = name;
    fold->sorted.skipped = 0 - rows_before; /* in messages rows are counted in their file */
}

static bool load_block(struct sw_event_fold *fold, struct sw_error *error)
{
    fold->rows = fold->reader.rows;
    note_file(fold);
    for (size_t i = 0; i < fold->schema->column_count; i++) fold->vectors[i] = NULL;
    for (size_t i = 0; i < SW_EVENT_COLUMNS; i++)
        if (fold->columns[i] >= 0 && !load(fold, fold->columns[i], error)) return false;
    if (fold->sequence >= 0 && !load(fold, fold->sequence, error)) return false;
    return sw_sorted_check(&fold->sorted, fold->vectors, fold->rows, error);
}

enum sw_step sw_fold_block(struct sw_event_fold *fold, struct sw_error *error)
{
    if (fold->ended) return SW_END;
    if (fold->open && !hold_open(fold, error)) return SW_FAILED;
    fold->at = fold->begin_count = 0;
    enum sw_step step = sw_reader_next(&fold->reader, error);
    if (step == SW_ROWS) return load_block(fold, error) ? SW_ROWS : SW_FAILED;
    if (step == SW_FAILED) return SW_FAILED;
    fold->rows = 0;
    fold->ended = true;
    return SW_ROWS;
}
