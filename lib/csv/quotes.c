/* SPDX-License-Identifier: ISC */
#include "csv/quotes.h"

#include <string.h>

static size_t find(const char *text, size_t from, size_t length, char byte)
{
    const char *found = memchr(text + from, byte, length - from);
    return found ? (size_t)(found - text) : length;
}

static bool outside(enum sw_quotes state)
{
    return state == SW_QUOTES_START || state == SW_QUOTES_PLAIN;
}

/* The state after text[from..to), which holds no quote and begins outside of quotes. */
static enum sw_quotes over_plain(enum sw_quotes state, const char *text, size_t from, size_t to)
{
    if (from == to) return state;
    return text[to - 1] == ',' || text[to - 1] == '\n' ? SW_QUOTES_START : SW_QUOTES_PLAIN;
}

static enum sw_quotes behind_closed(char byte)
{
    switch (byte) {
    case '"':
        return SW_QUOTES_QUOTED;
    case ',':
    case '\n':
        return SW_QUOTES_START;
    case '\r':
        return SW_QUOTES_RETURN;
    default:
        return SW_QUOTES_BROKEN;
    }
}

/* One step: to the next byte that matters in this state, and over it. */
static enum sw_quotes step(enum sw_quotes state, const char *text, size_t *at, size_t length)
{
    size_t here = *at;
    *at = here + 1;
    switch (state) {
    case SW_QUOTES_CLOSED:
        return behind_closed(text[here]);
    case SW_QUOTES_RETURN:
        return text[here] == '\n' ? SW_QUOTES_START : SW_QUOTES_BROKEN;
    case SW_QUOTES_QUOTED: {
        size_t quote = find(text, here, length, '"');
        *at = quote == length ? length : quote + 1;
        return quote == length ? SW_QUOTES_QUOTED : SW_QUOTES_CLOSED;
    }
    case SW_QUOTES_BROKEN: {
        size_t newline = find(text, here, length, '\n');
        *at = newline == length ? length : newline + 1;
        return newline == length ? SW_QUOTES_BROKEN : SW_QUOTES_START;
    }
    default: {
        size_t quote = find(text, here, length, '"');
        state = over_plain(state, text, here, quote);
        *at = quote == length ? length : quote + 1;
        if (quote == length) return state;
        return state == SW_QUOTES_START ? SW_QUOTES_QUOTED : SW_QUOTES_BROKEN;
    }
    }
}

enum sw_quotes sw_quotes_after(enum sw_quotes state, const char *text, size_t length, bool *broken)
{
    for (size_t at = 0; at < length;) {
        bool was_broken = state == SW_QUOTES_BROKEN;
        state = step(state, text, &at, length);
        if (broken && !was_broken && state == SW_QUOTES_BROKEN) *broken = true;
    }
    return state;
}

bool sw_quotes_row_end(enum sw_quotes *state, const char *text, size_t length, size_t *end)
{
    size_t line_end = 0; /* of the line that holds `at` */
    for (size_t at = 0; at < length;) {
        if (outside(*state) && at >= line_end) {
            size_t newline = find(text, at, length, '\n');
            line_end = newline < length ? newline + 1 : length;
        }
        *state = step(*state, text, &at, outside(*state) ? line_end : length);
        if (*state == SW_QUOTES_START && text[at - 1] == '\n') {
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

const char *sw_quotes_reason(const char *row, size_t length)
{
    for (size_t at = 0; at < length; at++) { /* from field to field; at is a comma at its end */
        bool quoted = row[at] == '"';
        size_t end = quoted ? behind_quoted(row, at, length) : over_blanks(row, at, length);
        if (end > length) return "quote never closed";
        if (!quoted && end > at && end < length && row[end] == '"')
            return "misplaced quote: a blank stands before it";
        size_t next = quoted ? over_blanks(row, end, length) : end;
        if (next > end && (next == length || row[next] == ','))
            return "misplaced quote: a blank stands behind it";
        at = find(row, end, length, ',');
        if (memchr(row + end, '"', at - end) || (quoted && at > end)) break;
    }
    return "misplaced quote";
}
