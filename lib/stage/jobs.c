/* SPDX-License-Identifier: ISC */
#include "stage/jobs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/whole.h"
#include "host/tree.h"

enum { LIST_MAXIMUM = 256 << 20, MICROSECONDS = 1000000, DIGITS_OF_MICROSECONDS = 6 };

static bool add_line(struct sw_stage_jobs *jobs, char *line, struct sw_error *error)
{
    if (!sw_grow(&jobs->lines, &jobs->lines_capacity, jobs->count + 1, sizeof *jobs->lines,
                 error) ||
        !sw_grow(&jobs->names, &jobs->names_capacity, jobs->count + 1, sizeof *jobs->names, error))
        return false;
    jobs->lines[jobs->count] = (size_t)(line - (char *)jobs->text.bytes);
    jobs->names[jobs->count] = sw_copy_text(line, strcspn(line, "\t"), error);
    return jobs->names[jobs->count] && ++jobs->count;
}

bool sw_stage_jobs_read(struct sw_stage_jobs *jobs, const char *folder, struct sw_error *error)
{
    struct sw_buffer path = {0};
    jobs->folder = folder;
    bool good =
        sw_buffer_format(&path, error, "%s/jobs", folder) && sw_buffer_add(&path, "", 1, error) &&
        sw_read_whole((char *)path.bytes, "a list of jobs", LIST_MAXIMUM, &jobs->text, error) &&
        sw_buffer_add(&jobs->text, "", 1, error);
    sw_buffer_free(&path);
    char *rest = good ? (char *)jobs->text.bytes : NULL;
    for (char *line; good && (line = strsep(&rest, "\n"));)
        if (rest || *line) good = add_line(jobs, line, error);
    return good;
}

void sw_stage_jobs_free(struct sw_stage_jobs *jobs)
{
    for (size_t i = 0; i < jobs->count; i++) free(jobs->names[i]);
    free(jobs->names);
    free(jobs->lines);
    sw_buffer_free(&jobs->text);
}

const char *sw_stage_field(const struct sw_stage_jobs *jobs, size_t job, size_t number,
                           size_t *length)
{
    const char *field = (char *)jobs->text.bytes + jobs->lines[job];
    for (; number > 1; number--) {
        field += strcspn(field, "\t");
        field += *field == '\t';
    }
    *length = strcspn(field, "\t");
    return field;
}

/* A time as jobs write it, seconds with 6 digits of a fraction. */
static bool read_time(const char *text, int64_t *us)
{
    size_t whole = strspn(text, "0123456789");
    size_t digits = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    if (whole == 0 || whole > 12 || digits != DIGITS_OF_MICROSECONDS) return false;
    *us = strtoll(text, NULL, 10) * MICROSECONDS + strtoll(text + whole + 1, NULL, 10);
    return true;
}

static bool take(struct sw_buffer *to, const char *text, struct sw_error *error)
{
    to->length = 0;
    return sw_buffer_add(to, text, strlen(text) + 1, error);
}

static bool read_outcome(char *line, struct sw_job_outcome *outcome, struct sw_error *error)
{
    int64_t begin, end;
    char *fields[4];
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < 4; i++)
        if (!(fields[i] = strsep(&line, "\t"))) fields[i] = "";
    outcome->ended = strlen(fields[0]) == 1 && *fields[0] >= '0' && *fields[0] <= '3';
    outcome->status = outcome->ended ? *fields[0] - '0' : 0;
    bool timed = read_time(fields[2], &begin) && read_time(fields[3], &end);
    outcome->took_us = timed ? end - begin : -1;
    return take(&outcome->host, fields[1], error) && take(&outcome->begin, fields[2], error);
}

bool sw_stage_outcome(const struct sw_stage_jobs *jobs, size_t job, struct sw_job_outcome *outcome,
                      struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    bool good = sw_buffer_format(&path, error, "/status/%s", jobs->names[job]) &&
                sw_buffer_add(&path, "", 1, error) &&
                sw_tree_read(jobs->folder, (char *)path.bytes, &text, error) &&
                read_outcome((char *)text.bytes, outcome, error);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}

bool sw_stage_write_line(const char *path, int how, const struct sw_buffer *line,
                         struct sw_error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
    bool good = file >= 0 && write(file, line->bytes, line->length) == (ssize_t)line->length;
    if (file >= 0 && close(file) != 0) good = false;
    return good || sw_fail_errno(error, "%s", path);
}
