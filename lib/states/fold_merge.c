/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/number.h"
#include "states/fold_orders.h"
#include "states/fold_part.h"
#include "states/fold_read.h"
#include "states/kept_states.h"
#include "stream/writer.h"
#include "view/projection.h"

enum { BLOCK_ROWS = 8192 };

/* Events of a part: read, and kept since their orders are selected. */
struct part_count {
    uint64_t read, kept;
    uint64_t in_pass; /* read in the pass at hand */
    uint64_t first;   /* row of the pass that is of it, among all that were read */
};

struct merge {
    const struct sw_fold_settings *settings;
    struct sw_fold_read read; /* of the pass at hand */
    struct sw_event_block block;
    struct sw_schema schema; /* of the states: of the parts without the events and the bucket */
    struct sw_kept_states kept;
    uint64_t low, high; /* hashes of the pass */
    bool overflowed;
    struct part_count *counts; /* of each stream of the files, as far as they were read */
    size_t part_count, parts_begun, part_capacity;
    uint32_t *selected;
    struct sw_sort_run_block taken;
    struct sw_view view;
    struct sw_expression expression;
    struct sw_columns columns; /* that are written */
    struct sw_writer writer;
    unsigned char *chosen; /* by kept row: a state that is selected */
    size_t chosen_capacity;
    uint64_t rows_read, rows_in_pass;
};

/* ---- what is read ---- */

/* The next of so many parts in all begin at this row among all that were read. */
static bool begin_parts(struct merge *merge, uint64_t until, uint64_t row, struct sw_error *error)
{
    if (!sw_grow(&merge->counts, &merge->part_capacity, until, sizeof *merge->counts, error))
        return false;
    for (; merge->part_count < until; merge->part_count++)
        merge->counts[merge->part_count] = (struct part_count){0};
    while (merge->parts_begun < until) merge->counts[merge->parts_begun++].first = row;
    return true;
}

static size_t select_hashes(struct merge *merge)
{
    struct sw_event_block *block = &merge->block;
    size_t count = 0;
    sw_event_block_hash(block);
    for (size_t row = 0; row < block->rows; row++) {
        merge->selected[count] = (uint32_t)row;
        count += block->hashes[row] >= merge->low && block->hashes[row] <= merge->high;
    }
    return count;
}

/* The memory is used up: the pass is given up for two of half its width. */
static bool overflow(struct merge *merge, struct sw_error *error)
{
    merge->overflowed = true;
    return sw_fail(error, SW_SYSTEM, "out of memory: orders of one hash do not fit");
}

static bool take_block(struct merge *merge, struct sw_error *error)
{
    const struct sw_reader *reader = &merge->read.reader;
    const struct sw_vector *events = merge->read.vectors[merge->schema.column_count];
    size_t count = select_hashes(merge);
    bool taken;
    if (events->wide || events->nulls)
        return sw_fail(error, SW_DATA, "%s: not a part of a fold", reader->input.name);
    if (!sw_kept_add(&merge->kept, &merge->block, merge->selected, count, events->narrow,
                     reader->total_rows - reader->rows, &taken, error))
        return false;
    if (!taken) return overflow(merge, error);
    struct part_count *part = &merge->counts[merge->parts_begun - 1];
    for (size_t i = 0; i < count; i++)
        part->in_pass += (uint64_t)events->narrow[merge->selected[i]];
    merge->rows_in_pass += count;
    return true;
}

static bool read_pass(struct merge *merge, struct sw_error *error)
{
    struct sw_fold_read *read = &merge->read;
    enum sw_step step;
    while ((step = sw_fold_read_block(read, error)) == SW_ROWS) {
        if (!begin_parts(merge, read->reader.streams + 1,
                         read->reader.total_rows - read->reader.rows, error) ||
            !take_block(merge, error))
            return false;
    }
    if (step != SW_END || !begin_parts(merge, read->reader.streams, read->reader.total_rows, error))
        return false;
    return sw_kept_fold(&merge->kept, (uint32_t)(merge->low >> SW_KEPT_TAG_SHIFT),
                        (uint32_t)(merge->high >> SW_KEPT_TAG_SHIFT), error) ||
           sw_fold_read_fail_row(
               read, sw_kept_extra_of(&merge->kept, SW_KEPT_ROW, merge->kept.failed), error);
}

static bool open_pass(struct merge *merge, struct sw_error *error)
{
    const struct sw_fold_settings *settings = merge->settings;
    struct sw_fold_read *read = &merge->read;
    const int bucket = (int)merge->schema.column_count + 1;
    merge->parts_begun = 0;
    merge->rows_in_pass = 0;
    merge->overflowed = false;
    *read = (struct sw_fold_read){0};
    for (size_t i = 0; i < merge->part_count; i++) merge->counts[i].in_pass = 0;
    return sw_kept_reset(&merge->kept, error) &&
           sw_reader_open(&read->reader, settings->paths, settings->path_count, error) &&
           sw_fold_read_begin(read, &merge->block, (size_t)bucket, error) &&
           sw_reader_restrict(&read->reader, bucket,
                              (sw_int128)(merge->low >> SW_PART_BUCKET_SHIFT),
                              (sw_int128)(merge->high >> SW_PART_BUCKET_SHIFT), error);
}

/* ---- what is kept ---- */

static const struct sw_vector *column_of_block(void *owner, int column, struct sw_error *error)
{
    (void)error;
    return ((struct merge *)owner)->taken.vectors[column];
}

/* Writes those of the states taken that are selected, and marks them. */
static bool write_selected(struct merge *merge, const uint32_t *states, size_t count,
                           struct sw_error *error)
{
    size_t found = count;
    bool all = merge->expression.root == NULL;
    sw_view_begin(&merge->view, count);
    if (!all) {
        if (!sw_expression_select(&merge->expression, &merge->view, merge->selected, &found, error))
            return false;
        for (size_t i = 0; i < found; i++) merge->chosen[states[merge->selected[i]]] = 1;
    }
    return sw_columns_fetch(&merge->columns, &merge->view, error) &&
           sw_writer_gather(&merge->writer, merge->columns.vectors, all ? NULL : merge->selected,
                            found, error);
}

static bool write_orders(struct merge *merge, struct sw_error *error)
{
    const struct sw_kept_states *kept = &merge->kept;
    size_t count;
    if (!sw_grow(&merge->chosen, &merge->chosen_capacity, kept->run.rows, 1, error)) return false;
    if (kept->run.rows) memset(merge->chosen, 0, kept->run.rows);
    for (size_t at = 0; at < kept->state_count; at += count) {
        count = kept->state_count - at < BLOCK_ROWS ? kept->state_count - at : BLOCK_ROWS;
        if (!sw_sort_run_gather(&merge->taken, &kept->run, kept->states + at, count, error) ||
            !write_selected(merge, kept->states + at, count, error))
            return false;
    }
    return true;
}

/* The part that a kept row is of: the last one that begins at or before it. */
static struct part_count *part_of(struct merge *merge, size_t row)
{
    uint64_t number = sw_kept_extra_of(&merge->kept, SW_KEPT_ROW, row);
    size_t low = 0, high = merge->part_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (merge->counts[middle].first <= number)
            low = middle;
        else
            high = middle;
    }
    return &merge->counts[low];
}

static void count_events(struct merge *merge)
{
    const struct sw_kept_states *kept = &merge->kept;
    merge->rows_read += merge->rows_in_pass;
    for (size_t i = 0; i < merge->part_count; i++) {
        merge->counts[i].read += merge->counts[i].in_pass;
        if (!kept->tracked) merge->counts[i].kept += merge->counts[i].in_pass;
    }
    for (size_t row = 0; kept->tracked && row < kept->run.rows; row++)
        if (merge->chosen[sw_kept_state_of(kept, (uint32_t)row)])
            part_of(merge, row)->kept += sw_kept_extra_of(kept, SW_KEPT_EVENTS, row);
}

/* ---- passes ---- */

/* All orders whose hashes lie from low to high: in as many passes as the memory asks for, each of
 * half the width of one that it had no room for. */
static bool take_hashes(struct merge *merge, uint64_t low, uint64_t high, struct sw_error *error)
{
    uint64_t middle = low + (high - low) / 2;
    merge->low = low;
    merge->high = high;
    bool good = open_pass(merge, error) && read_pass(merge, error);
    sw_fold_read_free(&merge->read);
    merge->read = (struct sw_fold_read){0};
    if (good) {
        if (!write_orders(merge, error)) return false;
        count_events(merge);
        return true;
    }
    if (!merge->overflowed || low == high) return false;
    *error = (struct sw_error){0};
    return take_hashes(merge, low, middle, error) && take_hashes(merge, middle + 1, high, error);
}

/* How many passes the share will take, by the size of the parts: what is kept takes some four times
 * as much. */
static uint64_t expected_passes(const struct merge *merge, uint64_t shares)
{
    uint64_t bytes = 0;
    struct stat about;
    for (size_t i = 0; i < merge->settings->path_count; i++)
        if (stat(merge->settings->paths[i], &about) == 0) bytes += (uint64_t)about.st_size;
    return 1 + bytes / shares * 4 / merge->kept.memory_bytes;
}

static bool take_share(struct merge *merge, struct sw_error *error)
{
    uint64_t shares = merge->settings->shares ? merge->settings->shares : 1;
    uint64_t passes = expected_passes(merge, shares), first = merge->settings->share * passes;
    sw_uint128 all = (sw_uint128)1 << 64;
    for (uint64_t pass = first; pass < first + passes; pass++) {
        uint64_t low = (uint64_t)(all * pass / (shares * passes));
        uint64_t high = (uint64_t)(all * (pass + 1) / (shares * passes) - 1);
        if (!take_hashes(merge, low, high, error)) return false;
    }
    return true;
}

/* ---- opening ---- */

static bool is_part(const struct sw_schema *schema)
{
    int count = (int)schema->column_count;
    return count > 2 && sw_schema_find(schema, SW_PART_EVENTS) == count - 2 &&
           sw_schema_find(schema, SW_PART_BUCKET) == count - 1;
}

/* The schemas, from the first part. */
static bool read_schema(struct merge *merge, struct sw_error *error)
{
    struct sw_reader reader;
    const struct sw_fold_settings *settings = merge->settings;
    if (!sw_reader_open(&reader, settings->paths,
                        settings->path_count < 2 ? settings->path_count : 1, error))
        return false;
    bool good = is_part(&reader.schema) ||
                sw_fail(error, SW_DATA, "%s: not a part of a fold", reader.first_name);
    int *columns = good ? sw_alloc(reader.schema.column_count, sizeof *columns, error) : NULL;
    for (size_t i = 0; columns && i < reader.schema.column_count; i++) columns[i] = (int)i;
    good = columns && sw_schema_copy(&merge->schema, &reader.schema, columns,
                                     reader.schema.column_count - 2, error);
    free(columns);
    good = good && sw_event_block_open(&merge->block, &merge->schema, reader.first_name, error) &&
           sw_kept_open(&merge->kept, &merge->schema, reader.first_name,
                        settings->memory_bytes ? settings->memory_bytes : SW_FOLD_MEMORY_DEFAULT,
                        error);
    merge->schema.row_kind = SW_ROWS_ORDERS;
    sw_reader_close(&reader);
    return good;
}

/* What is not asked for by name or by a selector is not taken out of what is kept. */
static bool name_columns(struct merge *merge, struct sw_error *error)
{
    const char *made_by = merge->settings->made_by;
    if (!sw_columns_open(&merge->columns, &merge->view, merge->settings->columns, error) ||
        !sw_columns_inherit(&merge->columns, &merge->view, error) ||
        !sw_schema_made_by(&merge->columns.schema, made_by, strlen(made_by), error))
        return false;
    bool *needed = sw_alloc(merge->schema.column_count, sizeof *needed, error);
    if (!needed) return false;
    sw_view_needed(&merge->view, needed);
    for (size_t i = 0; i < merge->kept.run.column_count; i++)
        merge->taken.left_out[i] = i >= merge->schema.column_count || !needed[i];
    merge->kept.tracked = merge->expression.root != NULL;
    free(needed);
    return true;
}

static bool open_merge(struct merge *merge, struct sw_output *output, struct sw_error *error)
{
    const struct sw_fold_settings *settings = merge->settings;
    struct sw_supplier supplier = {&merge->schema, merge, column_of_block, NULL};
    static const struct sw_selectors none;
    merge->selected = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *merge->selected, error);
    return merge->selected &&
           sw_sort_run_block_init(&merge->taken, &merge->kept.run, BLOCK_ROWS, error) &&
           sw_view_open(&merge->view, supplier, &settings->view, error) &&
           sw_selectors_compile(&merge->expression, &merge->view,
                                settings->selectors ? settings->selectors : &none,
                                settings->share_directory, error) &&
           name_columns(merge, error) &&
           sw_writer_open(&merge->writer, output, &merge->columns.schema, 0, error);
}

static void free_merge(struct merge *merge)
{
    sw_writer_free(&merge->writer);
    sw_columns_free(&merge->columns);
    sw_expression_free(&merge->expression);
    sw_view_free(&merge->view);
    sw_sort_run_block_free(&merge->taken);
    sw_kept_free(&merge->kept);
    sw_event_block_free(&merge->block);
    sw_schema_free(&merge->schema);
    free(merge->counts);
    free(merge->selected);
    free(merge->chosen);
}

static bool write_ledger(const struct merge *merge, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = true;
    for (size_t i = 0; good && i < merge->part_count; i++)
        good = sw_buffer_format(&text, error, "%" PRIu64 "\t%" PRIu64 "\n", merge->counts[i].read,
                                merge->counts[i].kept);
    good = good && sw_output_file(merge->settings->ledger, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

bool sw_fold_merge(const struct sw_fold_settings *settings, struct sw_output *output,
                   struct sw_tally *tally, struct sw_caret *caret, bool *pointed,
                   struct sw_error *error)
{
    struct merge merge = {.settings = settings};
    bool good = read_schema(&merge, error) && open_merge(&merge, output, error) &&
                take_share(&merge, error) && sw_writer_close(&merge.writer, error) &&
                (!settings->ledger || write_ledger(&merge, error));
    uint64_t kept = sw_writer_rows(&merge.writer);
    *tally = (struct sw_tally){
        .read = merge.rows_read, .kept = kept, .rejected = merge.rows_read - kept};
    *pointed = !good && sw_expression_point(&merge.expression, caret);
    free_merge(&merge);
    return good;
}

bool sw_fold_share(const char *text, struct sw_fold_settings *settings, struct sw_error *error)
{
    char number[24];
    const char *slash = text ? strchr(text, '/') : NULL;
    if (!text) return true;
    size_t length = slash ? (size_t)(slash - text) : sizeof number;
    if (length < sizeof number) {
        memcpy(number, text, length);
        number[length] = 0;
        if (sw_parse_count(number, &settings->share) && settings->share-- > 0 &&
            sw_parse_count(slash + 1, &settings->shares) && settings->share < settings->shares)
            return true;
    }
    return sw_fail(error, SW_USAGE, "--share: not K/N, K from 1 to N: '%s'", text);
}
