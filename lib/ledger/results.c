/* SPDX-License-Identifier: ISC */
#include "ledger/results.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "ledger/results_parts.h"

enum { JOB_FIELDS = 9, CODES = 1, KEYS, FOLDERS, PLACE = 8 };

/* ---- plan ---- */

static bool write_plan(const struct sw_results *results, const char *name,
                       const struct sw_buffer *text, struct sw_error *error)
{
    return sw_write_list(text, error, "%s/securities/%s", results->work, name);
}

static bool write_found(const struct sw_results *results, const struct sw_wanted_list *wanted,
                        struct sw_error *error)
{
    struct sw_buffer list = {0};
    bool good = true;
    for (size_t i = 0; good && i < wanted->count; i++)
        good = sw_buffer_format(&list, error, "%s\t%s\t%s\n", wanted->items[i].code,
                                wanted->items[i].folder, wanted->items[i].key);
    good = good && write_plan(results, "list", &list, error);
    sw_buffer_free(&list);
    return good;
}

bool sw_results_plan(const struct sw_results *results, uint64_t *count, struct sw_error *error)
{
    struct sw_wanted_list wanted = {0};
    struct sw_buffer jobs = {0}, weights = {0}, keep = {0}, remove = {0};
    bool good = sw_wanted_read(results, &wanted, error) &&
                sw_places_look(results, &wanted, &keep, &remove, error) &&
                sw_wanted_jobs(&wanted, results->ranges, &jobs, &weights, count, error) &&
                write_found(results, &wanted, error) && write_plan(results, "jobs", &jobs, error) &&
                write_plan(results, "weights", &weights, error) &&
                write_plan(results, "keep", &keep, error) &&
                write_plan(results, "remove", &remove, error);
    sw_wanted_free(&wanted);
    sw_buffer_free(&jobs);
    sw_buffer_free(&weights);
    sw_buffer_free(&keep);
    sw_buffer_free(&remove);
    return good;
}

/* ---- seal ---- */

/* The fields of the line with this number; they point into text. */
static bool find_job(const char *stage, uint64_t number, struct sw_buffer *text,
                     char *fields[JOB_FIELDS], struct sw_error *error)
{
    struct sw_buffer path = {0};
    size_t count = 0;
    bool good = sw_join_path(&path, error, "%s/jobs", stage) &&
                sw_read_list((const char *)path.bytes, text, error);
    char *line = good ? (char *)text->bytes : NULL;
    for (uint64_t at = 0; line && *line && at < number; at++) {
        count = 0;
        line = sw_cut_line(line, fields, JOB_FIELDS, &count);
        if (at + 1 < number) count = 0;
    }
    if (good && count != JOB_FIELDS)
        good = sw_fail(error, SW_SYSTEM, "%s: no job %" PRIu64, path.bytes, number);
    sw_buffer_free(&path);
    return good;
}

static bool put_members(char *fields[JOB_FIELDS], struct sw_buffer *members, struct sw_error *error)
{
    char *code, *folder, *key;
    while ((code = strsep(&fields[CODES], ","))) {
        folder = strsep(&fields[FOLDERS], ",");
        key = strsep(&fields[KEYS], ",");
        if (!folder || !key)
            return sw_fail(error, SW_SYSTEM, "security %s: without a folder or a key", code);
        if (!sw_buffer_format(members, error, "%s\t%s\t%s\n", code, folder, key)) return false;
    }
    return true;
}

static bool list_files(const char *at, struct sw_buffer *text, struct sw_error *error)
{
    struct sw_file_list files = {0};
    struct sw_buffer top = {0};
    bool good = sw_join_path(&top, error, "%s/by_security", at) &&
                sw_file_list_walk(&files, (const char *)top.bytes, error) &&
                sw_file_list_print(&files, NULL, text, error);
    sw_file_list_free(&files);
    sw_buffer_free(&top);
    return good;
}

/* Nobody else is to write the files of the folder: the next run trusts them. */
static bool guard(const char *at, struct sw_error *error)
{
    struct sw_buffer names = {0}, path = {0};
    struct stat about;
    bool good = sw_folder_names(at, "", &names, error);
    for (size_t i = 0; good && i < names.length; i += strlen((char *)names.bytes + i) + 1) {
        good = sw_join_path(&path, error, "%s/%s", at, (char *)names.bytes + i);
        if (!good) break;
        const char *file = (const char *)path.bytes;
        if (lstat(file, &about) != 0) good = sw_fail_errno(error, "%s", file);
        if (!good || !S_ISREG(about.st_mode) || !(about.st_mode & (S_IWGRP | S_IWOTH))) continue;
        if (chmod(file, about.st_mode & 07777 & ~(S_IWGRP | S_IWOTH)) != 0)
            good = sw_fail_errno(error, "%s", file);
    }
    sw_buffer_free(&names);
    sw_buffer_free(&path);
    return good;
}

/* The sum of a column of a tally; 0 where it has none of this name. */
static uint64_t sum_of(const char *tally, const char *name)
{
    size_t column = 0, length = strlen(name);
    const char *at = tally;
    uint64_t sum = 0;
    for (size_t here; (here = strcspn(at, "\t\n")) != length || memcmp(at, name, length) != 0;
         column++) {
        at += here;
        if (*at++ != '\t') return 0;
    }
    for (at = strchr(tally, '\n'); at && at[1]; at = strchr(at, '\n')) {
        at++;
        for (size_t i = 0; i < column && at[strcspn(at, "\t\n")] == '\t'; i++)
            at += strcspn(at, "\t\n") + 1;
        sum += strtoull(at, NULL, 10);
    }
    return sum;
}

static bool seal(const char *at, char *fields[JOB_FIELDS], struct sw_sealed *sealed,
                 struct sw_error *error)
{
    struct sw_buffer path = {0}, tally = {0}, files = {0}, members = {0};
    bool good = guard(at, error) && sw_join_path(&path, error, "%s/tally", at) &&
                sw_read_list((const char *)path.bytes, &tally, error) &&
                sw_write_check(at, &tally, error) && list_files(at, &files, error) &&
                sw_write_list(&files, error, "%s/files", at) &&
                put_members(fields, &members, error) &&
                sw_write_list(&members, error, "%s/members", at);
    if (good) sealed->events = sum_of((const char *)tally.bytes, "events");
    if (good) sealed->selected = sum_of((const char *)tally.bytes, "selected");
    sw_buffer_free(&path);
    sw_buffer_free(&tally);
    sw_buffer_free(&files);
    sw_buffer_free(&members);
    return good;
}

bool sw_results_seal(const char *stage, uint64_t job, struct sw_sealed *sealed,
                     struct sw_error *error)
{
    struct sw_buffer text = {0}, at = {0};
    char *fields[JOB_FIELDS];
    bool good = find_job(stage, job, &text, fields, error) &&
                sw_join_path(&at, error, "%s/attempts/%s", stage, fields[PLACE]) &&
                seal((const char *)at.bytes, fields, sealed, error);
    sw_buffer_free(&text);
    sw_buffer_free(&at);
    return good;
}
