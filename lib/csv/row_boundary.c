/* SPDX-License-Identifier: ISC */
#include "csv/row_boundary.h"

#include <string.h>

#include "base/memory.h"
#include "record/schema.h"

enum {
    PIECE = 256 << 10,
    PROOF_WINDOW = SW_TEXT_MAXIMUM + 2, /* a field of the greatest length and its two quotes */
    GUESS_WINDOW = 64 << 10,
};

struct border {
    struct sw_input *input;
    const struct sw_dialect *dialect;
    uint64_t data; /* where the rows begin */
    char *piece;
};

/* The two cases: what the state is if the text began outside of quotes, and if it began inside. */
struct cases {
    enum sw_quotes_state outside, inside;
    bool outside_broken, inside_broken;
    bool any_quote;
};

/* Bytes after a piece that tell whether the line in which it ends is a row. */
static size_t ahead_of(const struct sw_dialect *dialect)
{
    return dialect->longest ? dialect->longest + 2 : 0;
}

static bool read_piece(const struct border *border, uint64_t at, uint64_t to,
                       struct sw_quotes_text *text, struct sw_error *error)
{
    size_t length = to - at < PIECE ? (size_t)(to - at) : PIECE, got;
    if (!sw_input_read_at(border->input, at, border->piece, length + ahead_of(border->dialect),
                          &got, error))
        return false;
    *text = (struct sw_quotes_text){border->piece, length, got};
    if (got >= length) return true;
    return sw_fail(error, SW_DATA, "%s: has become shorter", border->input->name);
}

/* Plays both cases through from `from` up to `to`. The first quote of a text cut at random may be
 * the second of two: leading ones are stepped over, and with them what they mean; not so where it is
 * definite that it is the first of all. */
static bool play(const struct border *border, uint64_t from, bool definite, uint64_t to,
                 struct cases *cases, struct sw_error *error)
{
    bool leading = !definite;
    *cases = (struct cases){.outside = definite ? SW_QUOTES_ROW : SW_QUOTES_PLAIN,
                            .inside = SW_QUOTES_QUOTED,
                            .inside_broken = definite};
    for (uint64_t at = from; at < to;) {
        struct sw_quotes_text text;
        size_t used = 0;
        if (!read_piece(border, at, to, &text, error)) return false;
        at += text.length;
        while (leading && used < text.length && text.bytes[used] == '"') used++;
        if (used > 0) cases->any_quote = true;
        if (used < text.length) leading = false;
        text = (struct sw_quotes_text){text.bytes + used, text.length - used, text.known - used};
        if (memchr(text.bytes, '"', text.length)) cases->any_quote = true;
        cases->outside =
            sw_quotes_after(border->dialect, cases->outside, &text, &cases->outside_broken);
        cases->inside =
            sw_quotes_after(border->dialect, cases->inside, &text, &cases->inside_broken);
    }
    if (definite) cases->outside_broken = false; /* it is no assumption then */
    return true;
}

/* A quote just before the border may end a field or be the first of two: the byte after it tells.
 */
static bool settle(const struct border *border, uint64_t offset, enum sw_quotes_state *state,
                   struct sw_error *error)
{
    char next = 0;
    size_t got;
    if (*state != SW_QUOTES_CLOSED) return true;
    if (!sw_input_read_at(border->input, offset, &next, 1, &got, error)) return false;
    if (got == 1 && next == '"') *state = SW_QUOTES_QUOTED;
    return true;
}

/* Where a window before offset begins, and whether with all that there is before it. */
static bool window_start(const struct border *border, uint64_t offset, uint64_t window,
                         uint64_t *from, bool *whole, struct sw_error *error)
{
    const struct sw_input_source *source = border->input->source;
    if (source)
        return source->begin_at(border->input, offset > window ? offset - window : 0, from, whole,
                                error);
    *whole = offset - border->data <= window;
    *from = *whole ? border->data : offset - window;
    return true;
}

/* The state at offset, from text that begins further and further ahead. */
static bool find_state(const struct border *border, uint64_t offset, enum sw_quotes_state *state,
                       struct sw_error *error)
{
    for (uint64_t window = PROOF_WINDOW;; window *= 8) {
        struct cases cases;
        uint64_t from;
        bool whole;
        if (!window_start(border, offset, window, &from, &whole, error) ||
            !play(border, from, whole, offset, &cases, error))
            return false;
        *state = cases.outside;
        if (!whole && !cases.any_quote) return true;
        if (!settle(border, offset, state, error)) return false;
        bool proven = cases.inside_broken && !cases.outside_broken && *state != SW_QUOTES_QUOTED;
        if (whole || proven) return true;
    }
}

/* The start of the first row at or after offset, from the state there. */
static bool next_row(const struct border *border, uint64_t offset, enum sw_quotes_state state,
                     uint64_t *first, struct sw_error *error)
{
    char before = '\n';
    size_t got, end;
    struct sw_quotes_text text;
    *first = offset;
    if (offset > border->data &&
        !sw_input_read_at(border->input, offset - 1, &before, 1, &got, error))
        return false;
    if (before == '\n' && state == SW_QUOTES_ROW) return true;
    for (uint64_t size = border->input->size; *first < size; *first += text.length) {
        if (!read_piece(border, *first, size, &text, error)) return false;
        if (!sw_quotes_row_end(border->dialect, &state, &text, &end)) continue;
        *first += end;
        return true;
    }
    return true;
}

static bool start(struct border *border, struct sw_input *input, const struct sw_dialect *dialect,
                  uint64_t data, struct sw_error *error)
{
    *border = (struct border){.input = input, .dialect = dialect, .data = data};
    border->piece = sw_alloc(PIECE + ahead_of(dialect), 1, error);
    return border->piece != NULL;
}

static bool prove(const struct border *border, uint64_t offset, enum sw_quotes_state *state,
                  struct sw_error *error)
{
    if (!find_state(border, offset, state, error)) return false;
    return *state != SW_QUOTES_QUOTED ||
           sw_fail(error, SW_DATA, "%s:@%llu: plan cuts a quoted field: use --exact",
                   border->input->name, (unsigned long long)offset);
}

bool sw_border_first_row(struct sw_input *input, const struct sw_dialect *dialect, uint64_t data,
                         uint64_t offset, uint64_t *first, struct sw_error *error)
{
    struct border border;
    enum sw_quotes_state state;
    if (!start(&border, input, dialect, data, error)) return false;
    bool good =
        prove(&border, offset, &state, error) && next_row(&border, offset, state, first, error);
    free(border.piece);
    return good;
}

bool sw_border_no_row_between(struct sw_input *input, uint64_t data, uint64_t from, uint64_t first,
                              struct sw_error *error)
{
    char text[4096];
    for (uint64_t at = from > data ? from - 1 : from; at + 1 < first;) {
        size_t got, length = first - 1 - at < sizeof text ? (size_t)(first - 1 - at) : sizeof text;
        if (!sw_input_read_at(input, at, text, length, &got, error)) return false;
        if (got == 0 || memchr(text, '"', got)) return true;
        if (memchr(text, '\n', got))
            return sw_fail(
                error, SW_SYSTEM,
                "%s:@%llu: a row begins before byte %llu, where the range's first one was found",
                input->name, (unsigned long long)from, (unsigned long long)first);
        at += got;
    }
    return true;
}

bool sw_border_check(struct sw_input *input, const struct sw_dialect *dialect, uint64_t data,
                     uint64_t offset, struct sw_error *error)
{
    struct border border;
    enum sw_quotes_state state;
    if (!start(&border, input, dialect, data, error)) return false;
    bool good = prove(&border, offset, &state, error);
    free(border.piece);
    return good;
}

bool sw_border_guess(struct sw_input *input, const struct sw_dialect *dialect, uint64_t data,
                     uint64_t offset, uint64_t *first, struct sw_error *error)
{
    struct border border;
    struct cases cases;
    if (!start(&border, input, dialect, data, error)) return false;
    uint64_t from = offset - data > GUESS_WINDOW ? offset - GUESS_WINDOW : data;
    bool good = play(&border, from, from == data, offset, &cases, error);
    enum sw_quotes_state state =
        good && cases.outside_broken && !cases.inside_broken ? cases.inside : cases.outside;
    good = good && settle(&border, offset, &state, error) &&
           next_row(&border, offset, state, first, error);
    free(border.piece);
    return good;
}

bool sw_walk_open(struct sw_walk *walk, struct sw_input *input, const struct sw_dialect *dialect,
                  uint64_t data, struct sw_error *error)
{
    *walk = (struct sw_walk){.input = input, .dialect = dialect, .data = data, .position = data};
    walk->piece = sw_alloc(PIECE + ahead_of(dialect), 1, error);
    return walk->piece != NULL;
}

bool sw_walk_to(struct sw_walk *walk, uint64_t offset, struct sw_error *error)
{
    const struct border border = {walk->input, walk->dialect, walk->data, walk->piece};
    enum sw_quotes_state state = SW_QUOTES_ROW;
    for (uint64_t at = walk->position; at < offset;) {
        struct sw_quotes_text text;
        if (!read_piece(&border, at, offset, &text, error)) return false;
        state = sw_quotes_after(border.dialect, state, &text, NULL);
        at += text.length;
    }
    return next_row(&border, offset, state, &walk->position, error);
}

/* What is known of a row whose end is not yet found. */
struct partial {
    enum sw_quotes_state state;
    uint64_t length;
    char first;
    bool ignored;
};

/* Over the rows that end in a piece, at most *rows; returns the bytes used. */
static size_t walk_piece(const struct sw_dialect *dialect, const struct sw_quotes_text *piece,
                         struct partial *row, uint64_t *rows)
{
    size_t used = 0, end;
    while (*rows && used < piece->length) {
        struct sw_quotes_text rest = {piece->bytes + used, piece->length - used,
                                      piece->known - used};
        if (row->length == 0) {
            row->first = rest.bytes[0];
            row->ignored = sw_dialect_ignores(dialect, rest.bytes, rest.known);
        }
        if (!sw_quotes_row_end(dialect, &row->state, &rest, &end)) {
            row->length += rest.length;
            return piece->length;
        }
        row->length += end;
        bool empty = row->length == 1 || (row->length == 2 && row->first == '\r');
        *rows -= !empty && !row->ignored;
        row->length = 0;
        used += end;
    }
    return used;
}

bool sw_walk_rows(struct sw_walk *walk, uint64_t rows, struct sw_error *error)
{
    const struct border border = {walk->input, walk->dialect, walk->data, walk->piece};
    struct partial row = {.state = SW_QUOTES_ROW};
    while (rows && walk->position < walk->input->size) {
        struct sw_quotes_text text;
        if (!read_piece(&border, walk->position, walk->input->size, &text, error)) return false;
        walk->position += walk_piece(walk->dialect, &text, &row, &rows);
    }
    return true;
}

void sw_walk_free(struct sw_walk *walk)
{
    free(walk->piece);
    walk->piece = NULL;
}
