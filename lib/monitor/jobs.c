/* SPDX-License-Identifier: ISC */
#include "monitor/jobs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "host/tree.h"
#include "monitor/amount.h"

enum { LIST_MAXIMUM = 256 << 20, FIELDS_KEPT = 500, LOG_END = 4096, PATH_LENGTH = 4096 };

typedef bool take_name(void *context, const char *name, struct sw_error *error);

/* Calls take for every file of STAGE/SUB; a folder that is not there has none. */
static bool each_file(const struct sw_stage *stage, const char *sub, take_name *take, void *context,
                      struct sw_error *error)
{
    char path[PATH_LENGTH];
    if (snprintf(path, sizeof path, "%s/%s", stage->folder, sub) >= PATH_LENGTH) return true;
    DIR *folder = opendir(path);
    bool good = true;
    for (struct dirent *entry; good && folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.') good = take(context, entry->d_name, error);
    if (folder) closedir(folder);
    return good;
}

bool sw_job_time(const char *text, int64_t *us)
{
    sw_int128 value;
    if (sw_parse_decimal(text, strcspn(text, "\t\n"), SW_DECIMALS_OF_SECONDS, &value) !=
            SW_NUMBER_GOOD ||
        value < 0 || value > INT64_MAX)
        return false;
    *us = (int64_t)value;
    return true;
}

/* --- the list ------------------------------------------------------------------------------ */

static bool add_job(struct sw_stage *stage, size_t *capacity, const char *line, size_t length,
                    struct sw_error *error)
{
    const char *tab = memchr(line, '\t', length);
    size_t name_length = tab ? (size_t)(tab - line) : length;
    size_t rest = tab ? length - name_length - 1 : 0;
    if (!sw_grow(&stage->jobs, capacity, stage->job_count + 1, sizeof *stage->jobs, error))
        return false;
    struct sw_watched_job *job = &stage->jobs[stage->job_count];
    *job = (struct sw_watched_job){.position = stage->job_count, .weight = 1};
    job->name = sw_copy_text(line, name_length, error);
    job->fields = sw_copy_text(tab ? tab + 1 : "", rest < FIELDS_KEPT ? rest : FIELDS_KEPT, error);
    stage->job_count++;
    return job->name && job->fields;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct sw_watched_job *)a)->name,
                  ((const struct sw_watched_job *)b)->name);
}

static struct sw_watched_job *find_job(const struct sw_stage *stage, const char *name)
{
    struct sw_watched_job wanted = {0};
    wanted.name = (char *)(uintptr_t)name; /* only compared */
    if (stage->job_count == 0) return NULL;
    return bsearch(&wanted, stage->jobs, stage->job_count, sizeof wanted, by_name);
}

/* Lines may be of any length, all of them together not; those of STAGE/NAME one after another. *file is NULL where it is not there.
 * Opened so that a FIFO does not hold us up. SW_DATA: not a file, or one that is no list any more. */
static bool open_lines(const struct sw_stage *stage, const char *name, FILE **file,
                       struct sw_error *error)
{
    char path[PATH_LENGTH];
    struct stat about;
    *file = NULL;
    if (snprintf(path, sizeof path, "%s/%s", stage->folder, name) >= PATH_LENGTH) return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return true;
    bool good = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= LIST_MAXIMUM;
    if (good && (*file = fdopen(fd, "r"))) return true;
    close(fd);
    return sw_fail(error, SW_DATA, "%s: not a file of at most %d MiB", path, LIST_MAXIMUM >> 20);
}

static bool list_lines(struct sw_stage *stage, size_t *capacity, struct sw_error *error)
{
    FILE *file;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    bool good = open_lines(stage, "jobs", &file, error);
    while (good && file && (length = getline(&line, &size, file)) > 0) {
        if (line[length - 1] == '\n') length--;
        if (length > 0) good = add_job(stage, capacity, line, (size_t)length, error);
    }
    free(line);
    if (file) fclose(file);
    return good;
}

static bool weigh(struct sw_stage *stage, struct sw_error *error)
{
    FILE *file;
    char *line = NULL, *tab;
    size_t size = 0;
    bool good = open_lines(stage, "weights", &file, error);
    while (file && getline(&line, &size, file) > 0) {
        uint64_t weight;
        if (!(tab = strchr(line, '\t')) || !sw_tree_number(tab, &weight, NULL)) continue;
        *tab = 0;
        struct sw_watched_job *job = find_job(stage, line);
        /* Nothing to do takes some time, too; and a sum of weights is to stay a 64-bit number. */
        if (job)
            job->weight = weight == 0 ? 1 : weight < INT64_MAX >> 20 ? weight : INT64_MAX >> 20;
    }
    free(line);
    if (file) fclose(file);
    return good;
}

struct listing {
    struct sw_stage *stage;
    size_t capacity;
};

static bool add_log(void *context, const char *name, struct sw_error *error)
{
    struct listing *listing = context;
    return add_job(listing->stage, &listing->capacity, name, strlen(name), error);
}

bool sw_jobs_list(struct sw_stage *stage, struct sw_error *error)
{
    struct listing listing = {.stage = stage};
    if (!list_lines(stage, &listing.capacity, error)) return false;
    if (stage->job_count == 0 && !each_file(stage, "logs", add_log, &listing, error)) return false;
    if (stage->job_count) qsort(stage->jobs, stage->job_count, sizeof *stage->jobs, by_name);
    return weigh(stage, error);
}

/* --- what became of them ------------------------------------------------------------------- */

/* One look at a stage. */
struct look {
    struct sw_run *run;
    struct sw_stage *stage;
    struct sw_buffer text;
};

static bool read_of(struct look *look, const char *sub, const char *name, struct sw_error *error)
{
    char path[PATH_LENGTH];
    if (snprintf(path, sizeof path, "/%s/%s", sub, name) >= PATH_LENGTH) path[0] = 0;
    return sw_tree_read(look->stage->folder, path, &look->text, error);
}

static void set_host(struct sw_watched_job *job, const char *host)
{
    snprintf(job->host, sizeof job->host, "%s", host);
}

/* PROCESS HOST BEGIN. A job that has ended since this was written is not begun again by it. */
static bool take_running(void *context, const char *name, struct sw_error *error)
{
    struct look *look = context;
    struct sw_watched_job *job = find_job(look->stage, name);
    if (!job) return true;
    if (!read_of(look, "running", name, error)) return false;
    char *rest = (char *)look->text.bytes;
    char *process = strsep(&rest, "\t"), *host = strsep(&rest, "\t");
    uint64_t id;
    int64_t begin_us;
    if (!rest || !sw_tree_number(process, &id, NULL) || !sw_job_time(rest, &begin_us)) return true;
    if (job->begin_us >= begin_us && job->state != SW_JOB_WAITING) return true;
    job->state = SW_JOB_RUNNING;
    job->process = (int64_t)id;
    job->begin_us = begin_us;
    job->end_us = 0;
    job->missed = job->told = job->suspended = false;
    set_host(job, host);
    return true;
}

static bool is_ended(const struct sw_watched_job *job)
{
    return job->state == SW_JOB_DONE || job->state == SW_JOB_FAILED;
}

static bool take_counts(char *rest, struct sw_watched_job *job)
{
    char *begin = strsep(&rest, "\t"), *end = strsep(&rest, "\t"), *rows_read = strsep(&rest, "\t");
    int64_t begin_us, end_us;
    if (!rest || !sw_job_time(begin, &begin_us) || !sw_job_time(end, &end_us)) return false;
    if (end_us < job->begin_us) return false; /* of an earlier attempt */
    if (!sw_tree_number(rows_read, &job->rows_read, NULL) ||
        !sw_tree_number(strsep(&rest, "\t"), &job->rows_out, NULL))
        return false;
    job->begin_us = begin_us;
    job->end_us = end_us;
    return true;
}

/* STATUS HOST BEGIN END ROWS-READ ROWS-OUT, and what is of no interest here. A status that is known needs no second reading. */
static bool take_status(void *context, const char *name, struct sw_error *error)
{
    struct look *look = context;
    struct sw_watched_job *job = find_job(look->stage, name);
    if (!job || (is_ended(job) && job->end_us > 0)) return true;
    if (!read_of(look, "status", name, error)) return false;
    char *rest = (char *)look->text.bytes;
    char *status = strsep(&rest, "\t"), *host = strsep(&rest, "\t");
    uint64_t value;
    if (!rest || !sw_tree_number(status, &value, NULL) || value > 255 || !take_counts(rest, job))
        return true;
    job->status = (int)value;
    job->state = value == 0 ? SW_JOB_DONE : SW_JOB_FAILED;
    set_host(job, host);
    return true;
}

/* A job whose process is gone and that left no status was killed. Between two looks it may have
 * written one, so that only the second look counts. */
static void take_missing(struct look *look, const struct sw_processes *processes)
{
    for (size_t i = 0; i < look->stage->job_count; i++) {
        struct sw_watched_job *job = &look->stage->jobs[i];
        if (look->run->complete && (job->state == SW_JOB_WAITING || job->state == SW_JOB_RUNNING))
            job->state = SW_JOB_DONE;
        if (job->state != SW_JOB_RUNNING || strcmp(job->host, look->run->host) != 0) continue;
        bool gone = !sw_run_process(look->run, job, processes);
        if (gone && job->missed) {
            job->state = SW_JOB_FAILED;
            job->status = 3;
        }
        job->missed = gone;
    }
}

/* Where the last line of text begins; its end, without newlines, goes to *length. */
static size_t find_last_line(const char *text, size_t *length)
{
    while (*length > 0 && (text[*length - 1] == '\n' || text[*length - 1] == '\r')) --*length;
    const char *newline = *length ? memrchr(text, '\n', *length) : NULL;
    return newline ? (size_t)(newline + 1 - text) : 0;
}

/* The last line that says why: what a later program says of what it did not get follows from what
 * the first one said (sw_input_annotate). */
static char *last_line(const char *text, size_t length, struct sw_error *error)
{
    static const char follows[] = " (see the program before it)";
    size_t end = length, from = find_last_line(text, &end), last_from = from, last_end = end;
    while (from > 0 && end - from >= sizeof follows - 1 &&
           memcmp(text + end - (sizeof follows - 1), follows, sizeof follows - 1) == 0) {
        end = from;
        from = find_last_line(text, &end);
    }
    if (end == 0) from = last_from, end = last_end;
    return sw_copy_text(text + from, end - from, error);
}

static bool read_log(const struct sw_stage *stage, struct sw_watched_job *job,
                     struct sw_error *error)
{
    char path[PATH_LENGTH], text[LOG_END];
    ssize_t length = 0;
    if (snprintf(path, sizeof path, "%s/logs/%s", stage->folder, job->name) >= PATH_LENGTH)
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
        off_t size = lseek(fd, 0, SEEK_END);
        length = pread(fd, text, sizeof text, size > LOG_END ? size - LOG_END : 0);
        close(fd);
    }
    if (length > 0)
        job->error = last_line(text, (size_t)length, error);
    else
        job->error = sw_copy_text("", 0, error);
    return job->error != NULL;
}

static bool read_logs(struct sw_stage *stage, struct sw_error *error)
{
    for (size_t i = 0; i < stage->job_count; i++) {
        struct sw_watched_job *job = &stage->jobs[i];
        bool failed = job->state == SW_JOB_FAILED;
        if (!failed && job->error) {
            free(job->error);
            job->error = NULL;
        }
        if (failed && !job->error && !read_log(stage, job, error)) return false;
    }
    return true;
}

bool sw_jobs_look(struct sw_run *run, struct sw_stage *stage, const struct sw_processes *processes,
                  struct sw_error *error)
{
    struct look look = {.run = run, .stage = stage};
    /* A job takes its name out of running/ after its status: in this order it is in one of the
     * two. */
    bool good = each_file(stage, "running", take_running, &look, error) &&
                each_file(stage, "status", take_status, &look, error);
    sw_buffer_free(&look.text);
    if (!good) return false;
    take_missing(&look, processes);
    return read_logs(stage, error);
}

void sw_jobs_free(struct sw_stage *stage)
{
    for (size_t i = 0; i < stage->job_count; i++) {
        free(stage->jobs[i].name);
        free(stage->jobs[i].fields);
        free(stage->jobs[i].error);
    }
    free(stage->jobs);
    stage->jobs = NULL;
    stage->job_count = 0;
}

const struct sw_process *sw_run_process(const struct sw_run *run, const struct sw_watched_job *job,
                                        const struct sw_processes *processes)
{
    if (job->process <= 1 || strcmp(job->host, run->host) != 0) return NULL;
    const struct sw_process *process = sw_processes_find(processes, job->process);
    if (!process || process->state == 'Z') return NULL;
    /* A process that began after its job did is another one with the same number. */
    return sw_processes_begin_us(processes, process) > job->begin_us + SW_CLOCK_SLACK_US ? NULL
                                                                                         : process;
}
