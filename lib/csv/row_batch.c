/* SPDX-License-Identifier: ISC */
#include "csv/row_batch.h"

#include <stdio.h>

#include "base/memory.h"
#include "csv/row_matrix.h"
#include "csv/quotes.h"

enum {
    PIECE = SW_SHEET_PIECE,
    SIEVED_PIECE = 64 << 10, /* what is only swept over need not stay in the cache */
    PLACES = PIECE + 2 * SW_SCAN_STEP,
    SIEVED_PLACES = PLACES - SW_SIEVE_PAST,
};

static bool open_sieve(struct sw_sheet *sheet, const struct sw_needles *needles,
                       struct sw_error *error)
{
    if (!needles || needles->count == 0 || sheet->columns < 2) return true;
    sheet->row_lines = sw_alloc(PLACES / sheet->columns, sizeof *sheet->row_lines, error);
    return sheet->row_lines && sw_sieve_open(&sheet->sieve, needles, error);
}

bool sw_sheet_open(struct sw_sheet *sheet, size_t columns, bool always_libcsv,
                   const struct sw_needles *needles, struct sw_error *error)
{
    *sheet = (struct sw_sheet){.columns = columns, .limit = UINT64_MAX, .scan = sw_scan_best()};
    sheet->places = sw_alloc(PLACES, sizeof *sheet->places, error);
    bool good = sheet->places && open_sieve(sheet, always_libcsv ? NULL : needles, error);
    if (!good || !sw_splitter_open(&sheet->splitter, columns, error)) {
        sheet->columns = 0; /* there is no splitter to free */
        sw_sheet_free(sheet);
        return false;
    }
    sheet->splitter.always_libcsv = always_libcsv;
    return true;
}

/* The index in the buffer up to which rows may begin. */
static size_t limit_index(const struct sw_sheet *sheet, const struct sw_source *source)
{
    uint64_t here = sw_source_offset(source, source->start);
    if (sheet->limit <= here) return source->start;
    uint64_t left = sheet->limit - here;
    size_t length = source->end - source->start;
    return source->start + (left < length ? (size_t)left : length);
}

/* The index up to which a piece of that size reaches, where there is as much text. */
static size_t piece_end(const struct sw_sheet *sheet, const struct sw_source *source, size_t size)
{
    size_t from = source->start, to = limit_index(sheet, source);
    return to - from > size ? from + size : to;
}

/* Appends what the sieve keeps of the next piece; false: it does not apply to it. */
static bool take_sieved_piece(struct sw_sheet *sheet, struct sw_source *source)
{
    struct sw_sieve *sieve = &sheet->sieve;
    struct sw_kept kept = {.cells = sheet->places + sheet->rows * sheet->stride,
                           .rows = sheet->row_lines + sheet->rows,
                           .room = SIEVED_PLACES / sheet->stride - sheet->rows};
    size_t to = piece_end(sheet, source, SIEVED_PIECE);
    source->base[source->start - 1] = '\n'; /* also where the row before was never read */
    if (!sw_sieve_piece(sieve, source->base, source->start, to, sheet->columns, &kept))
        return false;
    for (size_t i = 0; i < kept.count; i++) kept.rows[i] += sheet->lines;
    sheet->rows += kept.count;
    sheet->left_out += sieve->rows - kept.count;
    sheet->lines += sieve->rows;
    sheet->ended += sieve->ended;
    source->start = sieve->end;
    return true;
}

/* Makes the sheet of the rows that the sieve keeps, over as much of the text as is there; false: it
 * does not apply to what comes first. There may be no rows afterwards. */
static bool take_sieved(struct sw_sheet *sheet, struct sw_source *source)
{
    bool taken = false;
    if (!sheet->row_lines) return false;
    sheet->stride = sheet->columns + 1;
    size_t most = SIEVED_PLACES / sheet->stride;
    while (sheet->rows < most && (!taken || source->end - source->start >= PIECE) &&
           take_sieved_piece(sheet, source))
        taken = true;
    sheet->regular = sheet->sieved = taken;
    return taken;
}

/* Makes the sheet of the text's plain front, if it has one. */
static bool take_matrix(struct sw_sheet *sheet, struct sw_source *source)
{
    if (sheet->splitter.always_libcsv) return false;
    size_t to = piece_end(sheet, source, PIECE);
    size_t rows = sw_matrix_find(sheet->scan, source->base, source->start, to, sheet->columns,
                                 sheet->places, &sheet->ended);
    if (rows == 0) return false;
    sheet->regular = true;
    sheet->stride = sheet->columns;
    sheet->first_line = sheet->lines;
    sheet->rows = rows;
    sheet->lines += rows;
    source->start = sheet->places[rows * sheet->columns] + 1;
    return true;
}

/* Finds the end of the row at source->start: SW_ROWS, *end is the index behind its newline and
 * *state how it ended. SW_END: the text has none; that is only said where nothing may be read, or
 * nothing is left. */
static enum sw_step find_row_end(struct sw_source *source, bool may_read, enum sw_quotes *state,
                                 size_t *end, struct sw_error *error)
{
    for (;;) {
        *state = SW_QUOTES_START;
        size_t length = source->end - source->start;
        if (sw_quotes_row_end(state, source->base + source->start, length, end)) {
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

/* A quote that is not closed takes the lines behind it into its row: how many, is said. */
static void break_sheet(struct sw_sheet *sheet, const struct sw_row_place *place,
                        const char *reason)
{
    uint64_t lines = 1 + count_lines(place->text, place->length);
    char *space = sheet->reason_space;
    sheet->broken = true;
    sheet->reason = space;
    sheet->broken_row = *place;
    if (lines == 1)
        snprintf(space, sizeof sheet->reason_space, "%s", reason);
    else
        snprintf(space, sizeof sheet->reason_space, "%s, in a row of %llu lines", reason,
                 (unsigned long long)lines);
}

static void break_at_fields(struct sw_sheet *sheet, const struct sw_row_place *place, size_t fields)
{
    char reason[100];
    bool comma = fields == sheet->columns + 1 && place->text[place->length - 1] == ',';
    bool returns = fields > sheet->columns && memchr(place->text, '\r', place->length);
    snprintf(reason, sizeof reason, "%zu field%s, not %zu%s", fields, fields == 1 ? "" : "s",
             sheet->columns,
             comma     ? ": a comma stands at its end"
             : returns ? ": a carriage return stands in it"
                       : "");
    break_sheet(sheet, place, reason);
}

static enum sw_step too_long(const struct sw_source *source, const struct sw_row_place *place,
                             struct sw_error *error)
{
    sw_fail(error, SW_DATA, "%s:@%llu: field longer than %d bytes in a row with quotes",
            source->input.name, (unsigned long long)place->offset, SW_TEXT_MAXIMUM);
    return SW_FAILED;
}

/* Splits the row and makes it the sheet's next, or its broken one. */
static enum sw_step add_row(struct sw_sheet *sheet, const struct sw_source *source,
                            const struct sw_row_place *place, enum sw_quotes state,
                            struct sw_error *error)
{
    size_t fields = 0;
    enum sw_split outcome = state == SW_QUOTES_QUOTED ? SW_SPLIT_BROKEN
                                                      : sw_split_row(&sheet->splitter, place->text,
                                                                     place->length, &fields, error);
    if (outcome == SW_SPLIT_FAILED) return SW_FAILED;
    if (outcome == SW_SPLIT_LARGE) return too_long(source, place, error);
    if (outcome == SW_SPLIT_BROKEN) {
        /* Whoever reads a range looks back this far for quotes, and must not take the row's inside
         * for rows. */
        if (place->length > SW_TEXT_MAXIMUM) return too_long(source, place, error);
        break_sheet(sheet, place,
                    state == SW_QUOTES_QUOTED ? "quote never closed"
                                              : sw_quotes_reason(place->text, place->length));
    } else if (fields != sheet->columns) {
        break_at_fields(sheet, place, fields);
    } else {
        if (!sw_grow(&sheet->row_places, &sheet->row_capacity, sheet->rows + 1,
                     sizeof *sheet->row_places, error))
            return SW_FAILED;
        sheet->row_places[sheet->rows++] = *place;
    }
    return SW_ROWS;
}

/* Takes the row at source->start, which ends before `end`. */
static enum sw_step take_row(struct sw_sheet *sheet, struct sw_source *source, size_t end,
                             enum sw_quotes state, struct sw_error *error)
{
    struct sw_row_place place = {.text = source->base + source->start,
                                 .length = end - source->start - 1,
                                 .offset = sw_source_offset(source, source->start),
                                 .line = sheet->lines};
    sheet->lines += count_lines(place.text, place.length + 1);
    if (place.length && place.text[place.length - 1] == '\r') place.length--;
    source->start = end;
    if (place.length == 0) return SW_ROWS; /* an empty line is no row */
    sheet->ended++;
    return add_row(sheet, source, &place, state, error);
}

/* Splits row by row. Nothing is read once a row stands in the sheet, for that would move the text.
 */
static enum sw_step take_rows(struct sw_sheet *sheet, struct sw_source *source,
                              struct sw_error *error)
{
    uint64_t stop = sw_source_offset(source, source->start) + PIECE;
    if (stop > sheet->limit) stop = sheet->limit;
    size_t most = 1 + 4 * PIECE / sheet->columns;
    sw_splitter_reset(&sheet->splitter);
    while (sheet->rows < most && !sheet->broken && sw_source_offset(source, source->start) < stop) {
        enum sw_quotes state;
        size_t end;
        enum sw_step step = find_row_end(source, sheet->rows == 0, &state, &end, error);
        if (step == SW_END) break;
        if (step == SW_ROWS) step = take_row(sheet, source, end, state, error);
        if (step != SW_ROWS) return step;
    }
    return SW_ROWS;
}

/* The next rows, or none where the text has only empty lines. */
static enum sw_step take_piece(struct sw_sheet *sheet, struct sw_source *source,
                               struct sw_error *error)
{
    bool little = source->end - source->start < PIECE;
    if (little && !source->ended && !sw_source_fill(source, error)) return SW_FAILED;
    if (source->start >= limit_index(sheet, source)) return SW_END;
    if (take_sieved(sheet, source) || take_matrix(sheet, source)) return SW_ROWS;
    return take_rows(sheet, source, error);
}

enum sw_step sw_sheet_next(struct sw_sheet *sheet, struct sw_source *source, struct sw_error *error)
{
    sheet->source = source;
    sheet->rows = 0;
    sheet->lines = sheet->left_out = sheet->ended = 0;
    sheet->broken = sheet->regular = false;
    while (sheet->rows == 0 && !sheet->broken) {
        enum sw_step step = take_piece(sheet, source, error);
        if (step != SW_ROWS) return step;
    }
    return SW_ROWS;
}

struct sw_fields sw_sheet_fields(const struct sw_sheet *sheet, size_t column, size_t from,
                                 size_t count)
{
    if (!sheet->regular) {
        size_t stride = sheet->columns + 1;
        return (struct sw_fields){.base = (const char *)sheet->splitter.text.bytes,
                                  .cells = sheet->splitter.cells + from * stride + column,
                                  .stride = stride,
                                  .count = count};
    }
    return (struct sw_fields){.base = sheet->source->base,
                              .cells = sheet->places + from * sheet->stride + column,
                              .stride = sheet->stride,
                              .count = count,
                              .trim = column + 1 == sheet->columns};
}

struct sw_row_place sw_sheet_place(const struct sw_sheet *sheet, size_t row)
{
    if (!sheet->regular) return sheet->row_places[row];
    const uint32_t *ends = sheet->places + row * sheet->stride;
    size_t start = ends[0] + 1;
    struct sw_row_place place = {.text = sheet->source->base + start,
                                 .length = ends[sheet->columns] - start,
                                 .offset = sw_source_offset(sheet->source, start),
                                 .line = sheet->sieved ? sheet->row_lines[row]
                                                       : sheet->first_line + row};
    if (place.length && place.text[place.length - 1] == '\r') place.length--;
    return place;
}

void sw_sheet_free(struct sw_sheet *sheet)
{
    free(sheet->places);
    free(sheet->row_places);
    free(sheet->row_lines);
    sw_sieve_free(&sheet->sieve);
    if (sheet->columns) sw_splitter_free(&sheet->splitter);
    *sheet = (struct sw_sheet){0};
}
