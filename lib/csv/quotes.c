/* SPDX-License-Identifier: ISC */
#include "csv/quotes.h"

#include <string.h>

static size_t find(const char *text, size_t from, size_t length, char byte)
{
    const char *found = memchr(text + from, byte, length - from);
    return found ? (size_t)(found - text) : length;
}

static bool outside(enum sw_quotes_state state)
{
    return state == SW_QUOTES_ROW || state == SW_QUOTES_START || state == SW_QUOTES_PLAIN;
}

/* The state after a byte that may end a field. */
static enum sw_quotes_state behind(char byte, char separator, enum sw_quotes_state otherwise)
{
    if (byte == '\n') return SW_QUOTES_ROW;
    return byte == separator ? SW_QUOTES_START : otherwise;
}

static enum sw_quotes_state behind_closed(char byte, char separator)
{
    switch (byte) {
    case '"':
        return SW_QUOTES_QUOTED;
    case '\r':
        return SW_QUOTES_RETURN;
    default:
        return behind(byte, separator, SW_QUOTES_BROKEN);
    }
}

/* To the end of the line, in which nothing matters. */
static enum sw_quotes_state over_line(enum sw_quotes_state state, const char *text, size_t *at,
                                      size_t length)
{
    size_t newline = find(text, *at, length, '\n');
    *at = newline == length ? length : newline + 1;
    return newline == length ? state : SW_QUOTES_ROW;
}

/* Outside of quotes: to the next quote. Where lines may be no rows it goes no further than to the
 * next line. */
static enum sw_quotes_state over_plain(const struct sw_dialect *dialect, enum sw_quotes_state state,
                                       const struct sw_quotes_text *text, size_t *at, size_t length)
{
    size_t here = *at;
    if (dialect->longest) {
        if (state == SW_QUOTES_ROW &&
            sw_dialect_ignores(dialect, text->bytes + here, text->known - here))
            return over_line(SW_QUOTES_IGNORED, text->bytes, at, length);
        size_t newline = find(text->bytes, here, length, '\n');
        if (newline < length) length = newline + 1;
    }
    size_t quote = find(text->bytes, here, length, '"');
    if (quote > here) state = behind(text->bytes[quote - 1], dialect->separator, SW_QUOTES_PLAIN);
    *at = quote == length ? length : quote + 1;
    if (quote == length) return state;
    return state == SW_QUOTES_PLAIN ? SW_QUOTES_BROKEN : SW_QUOTES_QUOTED;
}

/* One step: to the next byte that matters in this state, and over it. */
static enum sw_quotes_state step(const struct sw_dialect *dialect, enum sw_quotes_state state,
                                 const struct sw_quotes_text *text, size_t *at, size_t length)
{
    size_t here = *at;
    switch (state) {
    case SW_QUOTES_CLOSED:
        return behind_closed(text->bytes[(*at)++], dialect->separator);
    case SW_QUOTES_RETURN:
        return text->bytes[(*at)++] == '\n' ? SW_QUOTES_ROW : SW_QUOTES_BROKEN;
    case SW_QUOTES_QUOTED: {
        size_t quote = find(text->bytes, here, length, '"');
        *at = quote == length ? length : quote + 1;
        return quote == length ? SW_QUOTES_QUOTED : SW_QUOTES_CLOSED;
    }
    case SW_QUOTES_BROKEN:
    case SW_QUOTES_IGNORED:
        return over_line(state, text->bytes, at, length);
    default:
        return over_plain(dialect, state, text, at, length);
    }
}

enum sw_quotes_state sw_quotes_after(const struct sw_dialect *dialect, enum sw_quotes_state state,
                                     const struct sw_quotes_text *text, bool *broken)
{
    for (size_t at = 0; at < text->length;) {
        bool was_broken = state == SW_QUOTES_BROKEN;
        state = step(dialect, state, text, &at, text->length);
        if (broken && !was_broken && state == SW_QUOTES_BROKEN) *broken = true;
    }
    return state;
}

bool sw_quotes_row_end(const struct sw_dialect *dialect, enum sw_quotes_state *state,
                       const struct sw_quotes_text *text, size_t *end)
{
    size_t line_end = 0, length = text->length; /* of the line that holds `at` */
    for (size_t at = 0; at < length;) {
        if (outside(*state) && at >= line_end) {
            size_t newline = find(text->bytes, at, length, '\n');
            line_end = newline < length ? newline + 1 : length;
        }
        *state = step(dialect, *state, text, &at, outside(*state) ? line_end : length);
        if (*state == SW_QUOTES_ROW) {
            *end = at;
            return true;
        }
    }
    return false;
}

/* Where the first byte from `at` on is that is no blank. */
static size_t over_blanks(const char *row, size_t at, size_t length)
{
    while (at < length && (row[at] == ' ' || row[at] == '\t')) at++;
    return at;
}

/* Where the quoted field that begins at row[at] is closed: after its last quote; length + 1 where
 * it never is. */
static size_t behind_quoted(const char *row, size_t at, size_t length)
{
    for (at++;; at += 2) {
        at = find(row, at, length, '"');
        if (at >= length) return length + 1;
        if (at + 1 == length || row[at + 1] != '"') return at + 1;
    }
}

const char *sw_quotes_reason(char separator, const char *row, size_t length)
{
    for (size_t at = 0; at < length; at++) { /* from field to field; at is a separator at its end */
        bool quoted = row[at] == '"';
        size_t end = quoted ? behind_quoted(row, at, length) : over_blanks(row, at, length);
        if (end > length) return "quote never closed";
        if (!quoted && end > at && end < length && row[end] == '"')
            return "misplaced quote: a blank stands before it";
        size_t next = quoted ? over_blanks(row, end, length) : end;
        if (next > end && (next == length || row[next] == separator))
            return "misplaced quote: a blank stands behind it";
        at = find(row, end, length, separator);
        if (memchr(row + end, '"', at - end) || (quoted && at > end)) break;
    }
    return "misplaced quote";
}
