/* SPDX-License-Identifier: ISC */
#include "ledger/place_summary.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/sum.h"
#include "host/tree.h"

enum { PATH_LENGTH = 4096, NAME_LENGTH = 512 };

/* Reads TOP/MIDDLE/FOLDER/NAME; what is not there has length 0. */
static bool read_of(const char *top, const char *middle, const char *folder, const char *name,
                    struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH];
    if (snprintf(path, sizeof path, "/%s/%s/%s", middle, folder, name) >= PATH_LENGTH) path[0] = 0;
    return sw_tree_read(top, path, text, error);
}

/* ---- its tally ---- */

/* The sum of a column of its tally, a line of names and a line a security; false where it has none. */
static bool sum_column(const char *text, const char *name, uint64_t *sum)
{
    size_t at = 0, length = strlen(name);
    const char *header = text;
    for (; *header != '\n' && *header; at++) {
        size_t here = strcspn(header, "\t\n");
        if (here == length && memcmp(header, name, length) == 0) break;
        header += here + (header[here] == '\t');
    }
    if (*header == '\n' || !*header) return false;
    *sum = 0;
    for (const char *line = sw_tree_next_line(text); line; line = sw_tree_next_line(line)) {
        for (size_t i = 0; i < at; i++) {
            line += strcspn(line, "\t\n");
            line += *line == '\t';
        }
        *sum += strtoull(line, NULL, 10);
    }
    return true;
}

static bool count(const struct sw_result_place *place, struct sw_place_summary *summary,
                  struct sw_buffer *text, struct sw_error *error)
{
    if (!read_of(place->run, "securities/results", place->name, "tally", text, error)) return false;
    const char *tally = text->length ? (const char *)text->bytes : "";
    summary->orders_known = sum_column(tally, "orders", &summary->orders);
    summary->trades_known = sum_column(tally, "trades", &summary->trades);
    return true;
}

/* ---- its metrics ---- */

/* The index of a column in a header line; -1: not there. */
static int column_of(const char *header, const char *name)
{
    size_t length = strlen(name);
    for (int index = 0;; index++) {
        size_t here = strcspn(header, ",\n\r");
        if (here == length && memcmp(header, name, length) == 0) return index;
        if (header[here] != ',') return -1;
        header += here + 1;
    }
}

/* Adds the value in a column of a line to *sum; an empty one is 0. */
static bool add_cell(const char *line, int column, struct sw_sum *sum)
{
    sw_int128 value;
    if (column < 0) return false;
    for (; column > 0; column--) {
        line += strcspn(line, ",\n");
        if (*line != ',') return false;
        line++;
    }
    size_t length = strcspn(line, ",\n\r");
    if (length == 0) return true;
    if (sw_parse_decimal(line, length, 0, &value) != SW_NUMBER_GOOD) return false;
    sw_sum_add(sum, value);
    return true;
}

struct fill {
    struct sw_sum traded, asked; /* of the dates, in whichever order a folder has them */
};

static bool is_overall(const char *line, int group)
{
    for (; group > 0; group--) {
        line += strcspn(line, ",\n");
        if (*line != ',') return false;
        line++;
    }
    return strncmp(line, "OVERALL,", 8) == 0;
}

/* The line OVERALL of a date's metrics.csv, or those of a table of them. */
static bool add_metrics(const char *text, struct fill *fill)
{
    int traded = column_of(text, "quantity_traded"), asked = column_of(text, "asked_quantity");
    int group = column_of(text, "group");
    bool some = false;
    for (const char *line = sw_tree_next_line(text); line; line = sw_tree_next_line(line)) {
        if (!is_overall(line, group)) continue;
        if (!add_cell(line, traded, &fill->traded) || !add_cell(line, asked, &fill->asked))
            return false;
        some = true;
    }
    return some;
}

/* Sums up all dates of a security; *known is false where a date cannot be read. */
static bool sum_dates(const struct sw_result_place *place, const char *folder, struct fill *fill,
                      bool *known, struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH], middle[PATH_LENGTH];
    snprintf(middle, sizeof middle, "by_security/%s", folder);
    *known = snprintf(path, sizeof path, "%s/%s", place->output, middle) < PATH_LENGTH;
    DIR *dates = *known ? opendir(path) : NULL;
    bool good = true;
    *known = dates != NULL;
    for (struct dirent *entry; good && dates && (entry = readdir(dates));) {
        if (entry->d_name[0] == '.') continue;
        good = read_of(place->output, middle, entry->d_name, "metrics.csv", text, error);
        if (good && !add_metrics((const char *)text->bytes, fill)) *known = false;
    }
    if (dates) closedir(dates);
    return good;
}

/* Of all securities, whose folders stand between commas. */
static bool sum_securities(const struct sw_result_place *place, struct fill *fill, bool *known,
                           struct sw_buffer *text, struct sw_error *error)
{
    char folder[NAME_LENGTH];
    for (const char *at = place->folders; *known && *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        *known = snprintf(folder, sizeof folder, "%.*s", (int)length, at) < NAME_LENGTH;
        if (*known && !sum_dates(place, folder, fill, known, text, error)) return false;
        at += length;
    }
    return true;
}

static bool measure_fill(const struct sw_result_place *place, struct sw_place_summary *summary,
                         struct sw_buffer *text, struct sw_error *error)
{
    struct fill fill = {0};
    bool known = true, table = false;
    if (place->has_table) {
        if (!read_of(place->output, "by_security", place->name, "metrics.csv", text, error))
            return false;
        table = text->length > 0;
        if (table) known = add_metrics((const char *)text->bytes, &fill);
    }
    if (!table && !sum_securities(place, &fill, &known, text, error)) return false;
    summary->ratio_known =
        known && !sw_sum_is_zero(&fill.asked) && !sw_sum_is_negative(&fill.asked) &&
        !sw_sum_is_negative(&fill.traded) &&
        sw_sum_ratio(&fill.traded, &fill.asked, SW_FILL_RATIO_SCALE, &summary->fill_ratio);
    return true;
}

/* ---- its files ---- */

/* RESULTS/files has "SIZE PATH" lines. */
static bool list_files(const struct sw_result_place *place, struct sw_place_summary *summary,
                       struct sw_buffer *text, struct sw_error *error)
{
    char *line;
    if (!read_of(place->run, "securities/results", place->name, "files", text, error)) return false;
    summary->files_known = text->length > 0;
    char *rest = summary->files_known ? (char *)text->bytes : NULL;
    while ((line = strsep(&rest, "\n")) && *line) {
        const char *blank = strchr(line, ' ');
        if (blank && !sw_buffer_add(&summary->files, blank + 1, strlen(blank), error)) return false;
    }
    return true;
}

bool sw_place_summary_read(const struct sw_result_place *place, struct sw_place_summary *summary,
                           struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = count(place, summary, &text, error) && measure_fill(place, summary, &text, error) &&
                list_files(place, summary, &text, error);
    sw_buffer_free(&text);
    return good;
}
