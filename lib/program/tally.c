/* SPDX-License-Identifier: ISC */
#include "program/tally.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "files/output.h"

enum { LINE_LENGTH = 200 };

void sw_line_counts_add(struct sw_line_counts *to, const struct sw_line_counts *more)
{
    to->all += more->all;
    to->header += more->header;
    to->empty += more->empty;
    to->ignored += more->ignored;
}

static bool check_lines(const struct sw_tally *tally, const char *what, struct sw_error *error)
{
    const struct sw_line_counts *lines = &tally->lines;
    if (lines->all == lines->header + lines->empty + lines->ignored + tally->read) return true;
    return sw_fail(error, SW_SYSTEM,
                   "%s: the lines do not add up: there are %" PRIu64 ", but %" PRIu64
                   " of the header, %" PRIu64 " empty, %" PRIu64 " ignored, %" PRIu64 " rows",
                   what, lines->all, lines->header, lines->empty, lines->ignored, tally->read);
}

bool sw_tally_check(const struct sw_tally *tally, const char *what, struct sw_error *error)
{
    if (tally->read == tally->kept + tally->rejected + tally->bad)
        return !tally->of_text || check_lines(tally, what, error);
    return sw_fail(error, SW_SYSTEM,
                   "%s: the rows do not add up: %" PRIu64 " read, but %" PRIu64 " kept, %" PRIu64
                   " rejected, %" PRIu64 " bad",
                   what, tally->read, tally->kept, tally->rejected, tally->bad);
}

static int print(const struct sw_tally *tally, char line[LINE_LENGTH])
{
    const struct sw_line_counts *lines = &tally->lines;
    int length = snprintf(line, LINE_LENGTH, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64,
                          tally->read, tally->kept, tally->rejected, tally->bad);
    if (tally->of_text)
        length += snprintf(line + length, LINE_LENGTH - (size_t)length,
                           "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64, lines->all,
                           lines->header, lines->empty, lines->ignored);
    line[length++] = '\n';
    return length;
}

bool sw_tally_write(const struct sw_tally *tally, const char *path, struct sw_error *error)
{
    char line[LINE_LENGTH];
    return sw_output_file(path, line, (size_t)print(tally, line), error);
}

bool sw_tally_write_files(const struct sw_tally *tallies, size_t count, const char *path,
                          struct sw_error *error)
{
    struct sw_buffer text = {0};
    char line[LINE_LENGTH];
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = sw_buffer_add(&text, line, (size_t)print(&tallies[i], line), error);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}
