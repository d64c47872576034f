/* SPDX-License-Identifier: ISC */
#include "monitor/outcome.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "base/sum.h"
#include "host/tree.h"
#include "monitor/fields.h"

enum { PATH_LENGTH = 4096, NAME_LENGTH = 512, RATIO_SCALE = 6 };

/* Where the results of a security, or of a range of them, are: the eighth field of the line, or else the third, the security's own
 * folder, SEC_X. */
static bool results_folder(const struct sw_watched_job *job, char folder[NAME_LENGTH])
{
    size_t length;
    const char *field = sw_job_field(job, 8, &length);
    if (!field) field = sw_job_field(job, 3, &length);
    return field && snprintf(folder, NAME_LENGTH, "%.*s", (int)length, field) < NAME_LENGTH;
}

/* Reads TOP/MIDDLE/FOLDER/NAME; what is not there has length 0. */
static bool read_of(const char *top, const char *middle, const char *folder, const char *name,
                    struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH];
    if (snprintf(path, sizeof path, "/%s/%s/%s", middle, folder, name) >= PATH_LENGTH) path[0] = 0;
    return sw_tree_read(top, path, text, error);
}

/* The sum of a column of RESULTS/tally, a line of names and a line a security; false where it has none. */
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

static bool add_counts(struct sw_buffer *out, const struct sw_run *run, const char *folder,
                       struct sw_buffer *text, struct sw_error *error)
{
    static const char *const keys[] = {"orders", "trades"};
    uint64_t value;
    if (!read_of(run->folder, "securities/results", folder, "tally", text, error)) return false;
    for (size_t i = 0; i < 2; i++) {
        bool known = text->length > 0 && sum_column((const char *)text->bytes, keys[i], &value);
        if (!(known ? sw_field_count(out, keys[i], value, error)
                    : sw_field_null(out, keys[i], error)))
            return false;
    }
    return true;
}

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

/* Sums up all dates; *known is false where a date cannot be read. */
static bool sum_dates(const struct sw_run *run, const char *folder, struct fill *fill, bool *known,
                      struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH], middle[PATH_LENGTH];
    snprintf(middle, sizeof middle, "by_security/%s", folder);
    *known = snprintf(path, sizeof path, "%s/%s", run->output, middle) < PATH_LENGTH;
    DIR *dates = *known ? opendir(path) : NULL;
    bool good = true;
    *known = dates != NULL;
    for (struct dirent *entry; good && dates && (entry = readdir(dates));) {
        if (entry->d_name[0] == '.') continue;
        good = read_of(run->output, middle, entry->d_name, "metrics.csv", text, error);
        if (good && !add_metrics((const char *)text->bytes, fill)) *known = false;
    }
    if (dates) closedir(dates);
    return good;
}

/* Of all securities of a job in its table of metrics; *there is false where it has none. */
static bool sum_table(const struct sw_run *run, const struct sw_watched_job *job, struct fill *fill,
                      bool *there, bool *known, struct sw_buffer *text, struct sw_error *error)
{
    char place[NAME_LENGTH];
    size_t length;
    const char *field = sw_job_field(job, 8, &length);
    *there = false;
    if (length == 0 || snprintf(place, sizeof place, "%.*s", (int)length, field) >= NAME_LENGTH)
        return true;
    if (!read_of(run->output, "by_security", place, "metrics.csv", text, error)) return false;
    *there = text->length > 0;
    if (*there) *known = add_metrics((const char *)text->bytes, fill);
    return true;
}

/* Of all securities of a job, whose folders stand between commas. */
static bool add_ratio(struct sw_buffer *out, const struct sw_run *run,
                      const struct sw_watched_job *job, struct sw_buffer *text,
                      struct sw_error *error)
{
    struct fill fill = {0};
    char folder[NAME_LENGTH];
    size_t left;
    bool known = true, table;
    if (!sum_table(run, job, &fill, &table, &known, text, error)) return false;
    for (const char *field = sw_job_field(job, 3, &left); known && !table && left > 0;) {
        size_t length = 0;
        while (length < left && field[length] != ',') length++;
        known = snprintf(folder, sizeof folder, "%.*s", (int)length, field) < NAME_LENGTH;
        if (known && !sum_dates(run, folder, &fill, &known, text, error)) return false;
        length += length < left;
        field += length;
        left -= length;
    }
    sw_int128 ratio;
    if (!known || sw_sum_is_zero(&fill.asked) || sw_sum_is_negative(&fill.asked) ||
        sw_sum_is_negative(&fill.traded) ||
        !sw_sum_ratio(&fill.traded, &fill.asked, RATIO_SCALE, &ratio))
        return sw_field_null(out, "fill_ratio", error);
    return sw_field_decimal(out, "fill_ratio", ratio, RATIO_SCALE, error);
}

/* RESULTS/files has "SIZE PATH" lines, the paths below by_security. */
static bool add_security_files(struct sw_buffer *out, const struct sw_run *run, const char *folder,
                               struct sw_buffer *text, struct sw_error *error)
{
    char path[PATH_LENGTH], *line;
    if (!read_of(run->folder, "securities/results", folder, "files", text, error)) return false;
    if (text->length == 0) return sw_field_null(out, "output_files", error);
    char *rest = (char *)text->bytes;
    bool good = sw_field_open(out, "output_files", '[', error);
    while (good && (line = strsep(&rest, "\n")) && *line) {
        const char *blank = strchr(line, ' ');
        if (!blank) continue;
        snprintf(path, sizeof path, "by_security/%s", blank + 1);
        good = sw_field_text(out, NULL, path, error);
    }
    return good && sw_field_close(out, ']', error);
}

static bool add_security(struct sw_buffer *out, const struct sw_run *run,
                         const struct sw_watched_job *job, const char *folder,
                         struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = add_counts(out, run, folder, &text, error) &&
                add_ratio(out, run, job, &text, error) &&
                add_security_files(out, run, folder, &text, error);
    sw_buffer_free(&text);
    return good;
}

/* The part of a chunk, fifth field of its line (TABLE INPUT OFFSET LENGTH PART), of one of the
 * kinds there are. */
static bool find_part(const struct sw_run *run, const struct sw_watched_job *job,
                      char path[PATH_LENGTH])
{
    static const char *const kinds[] = {"swr", "partial", "rows"};
    size_t length, top = strlen(run->folder) + 1;
    const char *part = sw_job_field(job, 5, &length);
    for (size_t i = 0; part && job->state == SW_JOB_DONE && i < 3; i++) {
        int size =
            snprintf(path, PATH_LENGTH, "%s/%.*s.%s", run->folder, (int)length, part, kinds[i]);
        if (size >= PATH_LENGTH || access(path, F_OK) != 0) continue;
        memmove(path, path + top, (size_t)size - top + 1);
        return true;
    }
    return false;
}

/* Whether the run's folder is OUT/run. */
static bool is_below_output(const struct sw_run *run)
{
    size_t length = strlen(run->output);
    return strncmp(run->folder, run->output, length) == 0 &&
           strcmp(run->folder + length, "/run") == 0;
}

static bool add_chunk(struct sw_buffer *out, const struct sw_run *run,
                      const struct sw_watched_job *job, struct sw_error *error)
{
    char part[PATH_LENGTH], path[PATH_LENGTH + 4];
    if (!sw_field_null(out, "orders", error) || !sw_field_null(out, "trades", error) ||
        !sw_field_null(out, "fill_ratio", error))
        return false;
    /* The parts of a run beside its result go when that is there. */
    if (!is_below_output(run) || !find_part(run, job, part))
        return sw_field_null(out, "output_files", error);
    snprintf(path, sizeof path, "run/%s", part);
    return sw_field_open(out, "output_files", '[', error) &&
           sw_field_text(out, NULL, path, error) && sw_field_close(out, ']', error);
}

bool sw_outcome_add(struct sw_buffer *out, const struct sw_run *run, const struct sw_stage *stage,
                    const struct sw_watched_job *job, struct sw_error *error)
{
    char folder[NAME_LENGTH];
    bool is_security = strcmp(stage->name, "securities") == 0 && job->state == SW_JOB_DONE;
    if (is_security && results_folder(job, folder))
        return add_security(out, run, job, folder, error);
    return add_chunk(out, run, job, error);
}
