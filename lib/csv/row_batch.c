/* SPDX-License-Identifier: ISC */
#include "csv/row_batch.h"

#include <stdio.h>

#include "base/memory.h"
#include "csv/regular_rows.h"
#include "csv/quotes.h"

enum {
    PIECE = SW_ROW_BATCH_PIECE,
    PREFILTERED_PIECE = 64 << 10, /* what is only swept over need not stay in the cache */
    PLACES = PIECE + 2 * SW_SCAN_STEP,
    PREFILTERED_PLACES = PLACES - SW_PREFILTER_PAST,
};

static bool open_prefilter(struct sw_row_batch *row_batch, const struct sw_literals *literals,
                           struct sw_error *error)
{
    if (!literals || literals->count == 0 || row_batch->columns < 2) return true;
    row_batch->row_lines =
        sw_alloc(PLACES / row_batch->columns, sizeof *row_batch->row_lines, error);
    return row_batch->row_lines &&
           sw_prefilter_open(&row_batch->prefilter, literals, row_batch->dialect->separator, error);
}

bool sw_row_batch_open(struct sw_row_batch *row_batch, const struct sw_dialect *dialect,
                       size_t columns, bool always_libcsv, const struct sw_literals *literals,
                       struct sw_error *error)
{
    *row_batch = (struct sw_row_batch){
        .dialect = dialect, .columns = columns, .limit = UINT64_MAX, .scan = sw_scan_best()};
    row_batch->places = sw_alloc(PLACES, sizeof *row_batch->places, error);
    bool good =
        row_batch->places && open_prefilter(row_batch, always_libcsv ? NULL : literals, error);
    if (!good || !sw_splitter_open(&row_batch->splitter, dialect->separator, columns, error)) {
        row_batch->columns = 0; /* there is no splitter to free */
        sw_row_batch_free(row_batch);
        return false;
    }
    row_batch->splitter.always_libcsv = always_libcsv;
    return true;
}

/* Whether the line at source->start is no row, or it is not known yet. */
static bool may_be_ignored(const struct sw_row_batch *row_batch, const struct sw_source *source)
{
    const struct sw_dialect *dialect = row_batch->dialect;
    size_t length = source->end - source->start;
    if (!dialect->longest) return false;
    return (length < dialect->longest + 2 && !source->ended) ||
           sw_dialect_ignores(dialect, source->base + source->start, length);
}

/* The index in the buffer up to which rows may begin. */
static size_t limit_index(const struct sw_row_batch *row_batch, const struct sw_source *source)
{
    uint64_t here = sw_source_offset(source, source->start);
    if (row_batch->limit <= here) return source->start;
    uint64_t left = row_batch->limit - here;
    size_t length = source->end - source->start;
    return source->start + (left < length ? (size_t)left : length);
}

/* The index up to which a piece of that size reaches, where there is as much text, and every line
 * in it is a row. */
static size_t piece_end(const struct sw_row_batch *row_batch, const struct sw_source *source,
                        size_t size)
{
    size_t from = source->start, to = limit_index(row_batch, source);
    if (to - from > size) to = from + size;
    if (!row_batch->dialect->longest) return to;
    return from + sw_dialect_find_ignored(row_batch->dialect, source->base + from, to - from);
}

/* Appends what the prefilter keeps of the next piece; false: it does not apply to it. */
static bool take_prefiltered_piece(struct sw_row_batch *row_batch, struct sw_source *source)
{
    struct sw_prefilter *prefilter = &row_batch->prefilter;
    struct sw_kept kept = {.cells = row_batch->places + row_batch->rows * row_batch->stride,
                           .rows = row_batch->row_lines + row_batch->rows,
                           .room = PREFILTERED_PLACES / row_batch->stride - row_batch->rows};
    size_t to = piece_end(row_batch, source, PREFILTERED_PIECE);
    source->base[source->start - 1] = '\n'; /* also where the row before was never read */
    if (!sw_prefilter_piece(prefilter, source->base, source->start, to, row_batch->columns, &kept))
        return false;
    for (size_t i = 0; i < kept.count; i++) kept.rows[i] += row_batch->lines;
    row_batch->rows += kept.count;
    row_batch->left_out += prefilter->rows - kept.count;
    row_batch->lines += prefilter->rows;
    row_batch->line_ends += prefilter->rows;
    row_batch->ended += prefilter->ended;
    source->start = prefilter->end;
    return true;
}

/* Makes the row batch of the rows that the prefilter keeps, over as much of the text as is there;
 * false: it does not apply to what comes first. There may be no rows afterwards. */
static bool take_prefiltered(struct sw_row_batch *row_batch, struct sw_source *source)
{
    bool taken = false;
    if (!row_batch->row_lines) return false;
    row_batch->stride = row_batch->columns + 1;
    size_t most = PREFILTERED_PLACES / row_batch->stride;
    while (row_batch->rows < most && (!taken || source->end - source->start >= PIECE) &&
           take_prefiltered_piece(row_batch, source))
        taken = true;
    row_batch->regular = row_batch->prefiltered = taken;
    return taken;
}

/* Makes the row batch of the text's plain front, if it has one. */
static bool take_regular_rows(struct sw_row_batch *row_batch, struct sw_source *source)
{
    if (row_batch->splitter.always_libcsv) return false;
    size_t to = piece_end(row_batch, source, PIECE);
    size_t rows = sw_regular_rows_find(row_batch->scan, source->base, source->start, to,
                                       row_batch->dialect->separator, row_batch->columns,
                                       row_batch->places, &row_batch->ended);
    if (rows == 0) return false;
    row_batch->regular = true;
    row_batch->stride = row_batch->columns;
    row_batch->first_line = row_batch->lines;
    row_batch->rows = rows;
    row_batch->lines += rows;
    row_batch->line_ends += rows;
    source->start = row_batch->places[rows * row_batch->columns] + 1;
    return true;
}

/* Finds the end of the row at source->start: SW_ROWS, *end is the index after its newline and
 * *state how it ended. SW_END: the text has none; that is only said where nothing may be read, or
 * nothing is left. */
static enum sw_step find_row_end(const struct sw_row_batch *row_batch, struct sw_source *source,
                                 bool may_read, enum sw_quotes_state *state, size_t *end,
                                 struct sw_error *error)
{
    for (;;) {
        *state = SW_QUOTES_START;
        size_t length = source->end - source->start;
        struct sw_quotes_text text = {source->base + source->start, length, length};
        if (sw_quotes_row_end(row_batch->dialect, state, &text, end)) {
            *end += source->start;
            return SW_ROWS;
        }
        if (source->ended) {
            *end = source->end;
            return length ? SW_ROWS : SW_END;
        }
        if (!may_read) return SW_END;
        if (!sw_source_fill(source, error)) return SW_FAILED;
    }
}

static uint64_t count_lines(const char *text, size_t length)
{
    uint64_t lines = 0;
    for (const char *at = text, *end = text + length; (at = memchr(at, '\n', (size_t)(end - at)));
         at++)
        lines++;
    return lines;
}

/* A quote that is not closed takes the lines after it into its row: how many, is said. */
static void break_row_batch(struct sw_row_batch *row_batch, const struct sw_row_place *place,
                            const char *reason)
{
    uint64_t lines = 1 + count_lines(place->text, place->length);
    char *space = row_batch->reason_space;
    row_batch->broken = true;
    row_batch->reason = space;
    row_batch->broken_row = *place;
    if (lines == 1)
        snprintf(space, sizeof row_batch->reason_space, "%s", reason);
    else
        snprintf(space, sizeof row_batch->reason_space, "%s, in a row of %llu lines", reason,
                 (unsigned long long)lines);
}

static void break_at_fields(struct sw_row_batch *row_batch, const struct sw_row_place *place,
                            size_t fields)
{
    char reason[100];
    bool separator = fields == row_batch->columns + 1 &&
                     place->text[place->length - 1] == row_batch->dialect->separator;
    bool returns = fields > row_batch->columns && memchr(place->text, '\r', place->length);
    snprintf(reason, sizeof reason, "%zu field%s, not %zu%s", fields, fields == 1 ? "" : "s",
             row_batch->columns,
             separator ? row_batch->dialect->separator == ',' ? ": a comma stands at its end"
                                                              : ": a separator stands at its end"
             : returns ? ": a carriage return stands in it"
                       : "");
    break_row_batch(row_batch, place, reason);
}

static enum sw_step too_long(const struct sw_source *source, const struct sw_row_place *place,
                             struct sw_error *error)
{
    sw_fail(error, SW_DATA, "%s:@%llu: field longer than %d bytes in a row with quotes",
            source->input.name, (unsigned long long)place->offset, SW_TEXT_MAXIMUM);
    return SW_FAILED;
}

/* Splits the row and makes it the row batch's next, or its broken one. */
static enum sw_step add_row(struct sw_row_batch *row_batch, const struct sw_source *source,
                            const struct sw_row_place *place, enum sw_quotes_state state,
                            struct sw_error *error)
{
    size_t fields = 0;
    enum sw_split outcome =
        state == SW_QUOTES_QUOTED
            ? SW_SPLIT_BROKEN
            : sw_split_row(&row_batch->splitter, place->text, place->length, &fields, error);
    if (outcome == SW_SPLIT_FAILED) return SW_FAILED;
    if (outcome == SW_SPLIT_LARGE) return too_long(source, place, error);
    if (outcome == SW_SPLIT_BROKEN) {
        /* Whoever reads a range looks back this far for quotes, and must not take the row's inside
         * for rows. */
        if (place->length > SW_TEXT_MAXIMUM) return too_long(source, place, error);
        break_row_batch(row_batch, place,
                        state == SW_QUOTES_QUOTED ? "quote never closed"
                                                  : sw_quotes_reason(row_batch->dialect->separator,
                                                                     place->text, place->length));
    } else if (fields != row_batch->columns) {
        break_at_fields(row_batch, place, fields);
    } else {
        if (!sw_grow(&row_batch->row_places, &row_batch->row_capacity, row_batch->rows + 1,
                     sizeof *row_batch->row_places, error))
            return SW_FAILED;
        row_batch->row_places[row_batch->rows++] = *place;
    }
    return SW_ROWS;
}

/* Takes the row at source->start, which ends before `end`. */
static enum sw_step take_row(struct sw_row_batch *row_batch, struct sw_source *source, size_t end,
                             enum sw_quotes_state state, struct sw_error *error)
{
    struct sw_row_place place = {.text = source->base + source->start,
                                 .length = end - source->start - 1,
                                 .offset = sw_source_offset(source, source->start),
                                 .line = row_batch->lines};
    row_batch->lines += count_lines(place.text, place.length + 1);
    row_batch->line_ends++;
    if (place.length && place.text[place.length - 1] == '\r') place.length--;
    source->start = end;
    if (place.length == 0) { /* no row */
        row_batch->empty++;
        return SW_ROWS;
    }
    row_batch->ended++;
    return add_row(row_batch, source, &place, state, error);
}

/* Splits row by row. Nothing is read once a row stands in the row batch, for that would move the
 * text.
 */
static enum sw_step take_rows(struct sw_row_batch *row_batch, struct sw_source *source,
                              struct sw_error *error)
{
    uint64_t stop = sw_source_offset(source, source->start) + PIECE;
    if (stop > row_batch->limit) stop = row_batch->limit;
    size_t most = 1 + 4 * PIECE / row_batch->columns;
    sw_splitter_reset(&row_batch->splitter);
    while (row_batch->rows < most && !row_batch->broken &&
           sw_source_offset(source, source->start) < stop) {
        enum sw_quotes_state state;
        size_t end;
        if (may_be_ignored(row_batch, source)) break;
        enum sw_step step =
            find_row_end(row_batch, source, row_batch->rows == 0, &state, &end, error);
        if (step == SW_END) break;
        if (step == SW_ROWS) step = take_row(row_batch, source, end, state, error);
        if (step != SW_ROWS) return step;
    }
    return SW_ROWS;
}

/* Steps over lines that are no rows; their line feed is there at the latest where the text ends. */
static bool skip_ignored(struct sw_row_batch *row_batch, struct sw_source *source,
                         struct sw_error *error)
{
    while (may_be_ignored(row_batch, source) && source->start < limit_index(row_batch, source)) {
        const char *text = source->base + source->start;
        size_t length = source->end - source->start;
        const char *newline = memchr(text, '\n', length);
        if ((!newline || length < row_batch->dialect->longest + 2) && !source->ended) {
            if (!sw_source_fill(source, error)) return false;
            continue;
        }
        source->start += newline ? (size_t)(newline + 1 - text) : length;
        row_batch->ignored++;
        row_batch->line_ends++;
        row_batch->lines++;
    }
    return true;
}

/* The next rows, or none where the text has only empty lines. */
static enum sw_step take_piece(struct sw_row_batch *row_batch, struct sw_source *source,
                               struct sw_error *error)
{
    bool little = source->end - source->start < PIECE;
    if (little && !source->ended && !sw_source_fill(source, error)) return SW_FAILED;
    if (!skip_ignored(row_batch, source, error)) return SW_FAILED;
    if (source->start >= limit_index(row_batch, source)) return SW_END;
    if (take_prefiltered(row_batch, source) || take_regular_rows(row_batch, source)) return SW_ROWS;
    return take_rows(row_batch, source, error);
}

enum sw_step sw_row_batch_next(struct sw_row_batch *row_batch, struct sw_source *source,
                               struct sw_error *error)
{
    row_batch->source = source;
    row_batch->rows = 0;
    row_batch->lines = row_batch->left_out = row_batch->ended = 0;
    row_batch->line_ends = row_batch->empty = row_batch->ignored = 0;
    row_batch->broken = row_batch->regular = false;
    while (row_batch->rows == 0 && !row_batch->broken) {
        enum sw_step step = take_piece(row_batch, source, error);
        if (step != SW_ROWS) return step;
    }
    return SW_ROWS;
}

struct sw_fields sw_row_batch_fields(const struct sw_row_batch *row_batch, size_t column,
                                     size_t from, size_t count)
{
    if (!row_batch->regular) {
        size_t stride = row_batch->columns + 1;
        return (struct sw_fields){.base = (const char *)row_batch->splitter.text.bytes,
                                  .cells = row_batch->splitter.cells + from * stride + column,
                                  .stride = stride,
                                  .count = count};
    }
    return (struct sw_fields){.base = row_batch->source->base,
                              .cells = row_batch->places + from * row_batch->stride + column,
                              .stride = row_batch->stride,
                              .count = count,
                              .trim = column + 1 == row_batch->columns};
}

struct sw_row_place sw_row_batch_place(const struct sw_row_batch *row_batch, size_t row)
{
    if (!row_batch->regular) return row_batch->row_places[row];
    const uint32_t *ends = row_batch->places + row * row_batch->stride;
    size_t start = ends[0] + 1;
    struct sw_row_place place = {.text = row_batch->source->base + start,
                                 .length = ends[row_batch->columns] - start,
                                 .offset = sw_source_offset(row_batch->source, start),
                                 .line = row_batch->prefiltered ? row_batch->row_lines[row]
                                                                : row_batch->first_line + row};
    if (place.length && place.text[place.length - 1] == '\r') place.length--;
    return place;
}

void sw_row_batch_free(struct sw_row_batch *row_batch)
{
    free(row_batch->places);
    free(row_batch->row_places);
    free(row_batch->row_lines);
    sw_prefilter_free(&row_batch->prefilter);
    if (row_batch->columns) sw_splitter_free(&row_batch->splitter);
    *row_batch = (struct sw_row_batch){0};
}
