/* SPDX-License-Identifier: ISC */
#include "explain/evidence.h"

#include <string.h>

#include "base/exponent.h"

bool sw_means_nothing(const char *text, size_t length)
{
    static const char *const nothings[] = {"nan",
                                           "NaN",
                                           "NAN",
                                           "null",
                                           "NULL",
                                           "None",
                                           "NA",
                                           "N/A",
                                           "n/a",
                                           "-",
                                           "--",
                                           "\\N",
                                           "NaT",
                                           "9223372036854775807",
                                           "-9223372036854775808",
                                           "18446744073709551615"};
    size_t blanks = 0;
    while (blanks < length && text[blanks] == ' ') blanks++;
    if (blanks == length) return true;
    for (size_t i = 0; i < sizeof nothings / sizeof *nothings; i++)
        if (strlen(nothings[i]) == length && memcmp(nothings[i], text, length) == 0) return true;
    return false;
}

bool sw_read_number(const char *text, size_t length, bool comma_point, sw_int128 *value)
{
    char own[64];
    if (length > sizeof own) return false;
    memcpy(own, text, length);
    for (size_t i = 0; comma_point && i < length; i++) {
        if (own[i] == '.') return false;
        if (own[i] == ',') own[i] = '.';
    }
    return sw_parse_exponent(own, length, SW_MAXIMUM_SCALE, value) == SW_NUMBER_GOOD;
}

static void add_nothing(struct sw_evidence *evidence, const char *text, size_t length)
{
    evidence->nothing++;
    for (size_t i = 0; i < evidence->nothing_count; i++) {
        const struct sw_piece *piece = &evidence->nothings[i];
        if (piece->length == length && memcmp(piece->text, text, length) == 0) return;
    }
    if (evidence->nothing_count < SW_NOTHINGS)
        evidence->nothings[evidence->nothing_count++] = (struct sw_piece){text, length};
}

/* How many decimals the number needs. */
static int decimals_of(sw_int128 value)
{
    int decimals = SW_MAXIMUM_SCALE;
    while (decimals > 0 && value % 10 == 0) value /= 10, decimals--;
    return decimals;
}

static void add_number(struct sw_evidence *evidence, const struct sw_piece *piece, sw_int128 value,
                       sw_int128 *before)
{
    const char *text = piece->text;
    if (evidence->numbers == 0 || value < evidence->least) evidence->least = value;
    if (evidence->numbers == 0 || value > evidence->most) evidence->most = value;
    if (evidence->numbers && value < *before) evidence->ordered = false;
    *before = value;
    int decimals = decimals_of(value);
    if (decimals > evidence->decimals) evidence->decimals = decimals;
    for (size_t i = 0; i < piece->length; i++)
        if (strchr(".,eE", text[i])) evidence->pointed = true;
    if (piece->length > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9')
        evidence->zeros_first = true;
    evidence->numbers++;
}

/* Whether it is a number but for blanks around it. */
static bool is_number_in_blanks(const struct sw_piece *piece, bool comma_point)
{
    const char *text = piece->text;
    size_t length = piece->length;
    sw_int128 value;
    while (length && text[length - 1] == ' ') length--;
    while (length && *text == ' ') text++, length--;
    return length < piece->length && sw_read_number(text, length, comma_point, &value);
}

static void add_value(struct sw_evidence *evidence, const struct sw_piece *piece, bool comma_point,
                      sw_int128 *before)
{
    sw_int128 value;
    size_t length = piece->length;
    if (evidence->values++ == 0) {
        evidence->value = *piece;
        evidence->shortest = length;
    }
    if (length > evidence->longest) evidence->longest = length;
    if (length < evidence->shortest) evidence->shortest = length;
    if (is_number_in_blanks(piece, comma_point)) evidence->blanks = true;
    if (sw_read_number(piece->text, length, comma_point, &value))
        add_number(evidence, piece, value, before);
    else if (!evidence->other.text)
        evidence->other = *piece;
}

void sw_evidence_gather(const struct sw_sample *sample, size_t first_row, size_t column,
                        bool comma_point, struct sw_evidence *evidence)
{
    sw_int128 before = 0;
    *evidence = (struct sw_evidence){.ordered = true};
    for (size_t row = first_row; row < sample->rows; row++) {
        struct sw_piece piece;
        piece.text = sw_sample_field(sample, row, column, &piece.length);
        evidence->rows++;
        if (piece.length == 0)
            evidence->empty++;
        else if (sw_means_nothing(piece.text, piece.length))
            add_nothing(evidence, piece.text, piece.length);
        else
            add_value(evidence, &piece, comma_point, &before);
    }
}
