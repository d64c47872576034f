/* SPDX-License-Identifier: ISC */
#include "monitor/run.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "host/tree.h"
#include "monitor/amount.h"
#include "monitor/jobs.h"

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static int64_t modified_us(const struct stat *about)
{
    return (int64_t)about->st_mtim.tv_sec * SW_US_PER_SECOND + about->st_mtim.tv_nsec / 1000;
}

/* stat of FOLDER/NAME. */
static bool about_file(const char *folder, const char *name, struct stat *about)
{
    char path[PATH_MAX];
    return snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MAX && stat(path, about) == 0;
}

/* OUT/run; or OUT itself or OUT.run, where a run whose result is one file has its folder. */
static bool name_folder(struct sw_run *run, struct sw_error *error)
{
    static const char *const behind[] = {"/run", "", ".run"};
    struct stat about;
    size_t size = strlen(run->output) + sizeof "/run";
    run->folder = sw_alloc(size, 1, error);
    if (!run->folder) return false;
    for (size_t i = 0; i < 3; i++) {
        snprintf(run->folder, size, "%s%s", run->output, behind[i]);
        if (about_file(run->folder, "process", &about) || about_file(run->folder, "stages", &about))
            return true;
    }
    snprintf(run->folder, size, "%s/run", run->output); /* it is not there yet */
    if (is_folder(run->output)) return true;
    return access(run->output, F_OK) != 0
               ? sw_fail_errno(error, "%s", run->output)
               : sw_fail(error, SW_SYSTEM, "%s: not a folder, and no run beside it", run->output);
}

bool sw_run_open(struct sw_run *run, const char *output, struct sw_error *error)
{
    size_t length = strlen(output);
    while (length > 1 && output[length - 1] == '/') length--;
    if (gethostname(run->host, sizeof run->host) != 0) run->host[0] = 0;
    run->host[sizeof run->host - 1] = 0;
    run->output = sw_copy_text(output, length, error);
    return run->output && name_folder(run, error);
}

/* "begun TIME" and "ended STATUS TIME": how the pipeline says when it was, and how it went. Half a
 * line says nothing. */
static void take_word(struct sw_run *run, const char *line)
{
    static const char begun[] = "begun ", ended[] = "ended ";
    uint64_t status;
    int64_t us;
    if (strncmp(line, begun, sizeof begun - 1) == 0 && sw_job_time(line + sizeof begun - 1, &us))
        run->process_begin_us = us;
    if (strncmp(line, ended, sizeof ended - 1) != 0 ||
        !sw_tree_number(line + sizeof ended - 1, &status, &line) ||
        !sw_job_time(line + strspn(line, " "), &us))
        return;
    run->end_us = us;
    run->complete = status == 0;
    run->failed = status != 0;
    run->stopped = status == 128 + SIGHUP || status == 128 + SIGINT || status == 128 + SIGTERM;
}

/* "PROCESS TICKS [HOST]": the number of the pipeline's process and when it began, which tells it
 * from any other; and its machine, where that may be another. */
static void take_process(struct sw_run *run, const char *line, const struct sw_processes *processes)
{
    uint64_t id, ticks;
    const char *rest;
    if (!sw_tree_number(line, &id, &rest) || !sw_tree_number(rest, &ticks, &rest)) return;
    const struct sw_process *process = sw_processes_find(processes, (int64_t)id);
    rest += strspn(rest, " \t");
    size_t length = strcspn(rest, " \t\n");
    run->process = (int64_t)id;
    run->process_begin_us = 0;
    run->told =
        length == 0 || (length == strlen(run->host) && memcmp(rest, run->host, length) == 0);
    run->lives = !run->told || (process && process->state != 'Z' && process->start_ticks == ticks);
    while ((line = sw_tree_next_line(line))) take_word(run, line);
}

static bool find_pipeline(struct sw_run *run, const struct sw_processes *processes,
                          struct sw_error *error)
{
    struct sw_buffer text = {0};
    run->told = run->lives = run->complete = run->failed = run->stopped = false;
    run->process = 0;
    bool good = sw_tree_read(run->folder, "/process", &text, error);
    if (good) take_process(run, (const char *)text.bytes, processes);
    sw_buffer_free(&text);
    return good;
}

/* The folder of a stage as seen from here: the run's own, or one below it, wherever the run was
 * started and whether it was moved since. */
static char *stage_folder(const struct sw_run *run, const char *told, struct sw_error *error)
{
    const char *name = strrchr(told, '/'), *own = strrchr(run->folder, '/');
    name = name ? name + 1 : told;
    own = own ? own + 1 : run->folder;
    if (strcmp(name, own) == 0) return sw_copy_text(run->folder, strlen(run->folder), error);
    size_t size = strlen(run->folder) + strlen(name) + 2;
    char *folder = sw_alloc(size, 1, error);
    if (folder) snprintf(folder, size, "%s/%s", run->folder, name);
    return folder;
}

static void free_stage(struct sw_stage *stage)
{
    sw_jobs_free(stage);
    free(stage->name);
    free(stage->folder);
}

/* The stage that is told of, emptied where it is begun again. NULL: no memory. */
static struct sw_stage *place_for(struct sw_run *run, char *folder, int64_t begin_us,
                                  struct sw_error *error)
{
    for (size_t i = 0; i < run->stage_count; i++)
        if (strcmp(run->stages[i].folder, folder) == 0) {
            struct sw_stage *stage = &run->stages[i];
            if (stage->begin_us != begin_us) sw_jobs_free(stage);
            free(folder);
            return stage;
        }
    if (!sw_grow(&run->stages, &run->stage_capacity, run->stage_count + 1, sizeof *run->stages,
                 error)) {
        free(folder);
        return NULL;
    }
    struct sw_stage *stage = &run->stages[run->stage_count++];
    *stage = (struct sw_stage){.folder = folder};
    return stage;
}

/* NAME FOLDER BEGIN WORKERS. */
static bool take_stage(struct sw_run *run, char *line, int64_t after_us, struct sw_error *error)
{
    char *name = strtok_r(line, "\t", &line), *told = strtok_r(NULL, "\t", &line);
    char *begin = strtok_r(NULL, "\t", &line), *workers = strtok_r(NULL, "\t", &line);
    int64_t begin_us;
    uint64_t count;
    if (!workers || !sw_job_time(begin, &begin_us) || !sw_tree_number(workers, &count, NULL))
        return true; /* half a line: the next look sees the rest */
    if (begin_us < after_us) return true;
    char *folder = stage_folder(run, told, error);
    struct sw_stage *stage = folder ? place_for(run, folder, begin_us, error) : NULL;
    if (!stage) return false;
    if (stage->name && stage->begin_us == begin_us) return true;
    stage->begin_us = begin_us;
    stage->workers = count;
    free(stage->name);
    stage->name = sw_copy_text(name, strlen(name), error);
    return stage->name && sw_jobs_list(stage, error);
}

/* While the pipeline lives, stages begun before it are those of an earlier run. */
static bool read_stages(struct sw_run *run, int64_t after_us, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_tree_read(run->folder, "/stages", &text, error);
    char *rest = good ? (char *)text.bytes : NULL, *line;
    while (good && (line = strsep(&rest, "\n")) && rest)
        good = take_stage(run, line, after_us, error);
    sw_buffer_free(&text);
    run->begin_us = run->stage_count ? run->stages[0].begin_us : 0;
    if (run->stage_count && run->process_begin_us) run->begin_us = run->process_begin_us;
    return good;
}

static void take_coming(struct sw_run *run, const char *line)
{
    size_t length = strcspn(line, " \t");
    struct sw_coming *coming = &run->coming[run->coming_count];
    if (length == 0 || length >= sizeof coming->name) return;
    *coming = (struct sw_coming){.share = 1};
    memcpy(coming->name, line, length);
    line += length + strspn(line + length, " \t");
    if (!sw_tree_number(line, &coming->share, NULL) || coming->share == 0) coming->share = 1;
    run->coming_count++;
}

/* Those after the last one that has begun are still to come; of a run that is over none is. */
static void pass_coming(struct sw_run *run)
{
    size_t passed = 0;
    for (size_t i = 0; i < run->coming_count; i++)
        for (size_t j = 0; j < run->stage_count; j++)
            if (strcmp(run->coming[i].name, run->stages[j].name) == 0) passed = i + 1;
    if (run->complete || run->failed) passed = run->coming_count;
    for (size_t i = 0; i < passed; i++) run->coming[i].passed = true;
}

static bool read_coming(struct sw_run *run, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_tree_read(run->folder, "/coming", &text, error);
    char *rest = good && text.bytes ? (char *)text.bytes : NULL, *line;
    run->coming_count = 0;
    while (good && (line = strsep(&rest, "\n")) && rest)
        if (run->coming_count < SW_COMING_MOST) take_coming(run, line);
    sw_buffer_free(&text);
    if (good) pass_coming(run);
    return good;
}

static int64_t last_end(const struct sw_run *run)
{
    int64_t last_us = run->begin_us;
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++)
            if (run->stages[i].jobs[j].end_us > last_us) last_us = run->stages[i].jobs[j].end_us;
    return last_us;
}

static bool has_failures(const struct sw_run *run)
{
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++)
            if (run->stages[i].jobs[j].state == SW_JOB_FAILED) return true;
    return false;
}

/* Where no pipeline tells how it went: its last file does, or that the folder goes with all that is
 * in it. */
static void judge(struct sw_run *run)
{
    struct stat about, other;
    bool is_analysis = about_file(run->folder, "chunks", &other);
    int64_t begin_us = run->stage_count ? run->stages[run->stage_count - 1].begin_us : 0;
    if (run->complete || run->failed) return;
    run->end_us = 0;
    if (run->process == 0 && (about_file(run->folder, "complete", &about) ||
                              (!is_analysis && about_file(run->folder, "ledger.csv", &about)))) {
        run->complete = modified_us(&about) >= begin_us;
        run->end_us = run->complete ? modified_us(&about) : 0;
    }
    if (run->stage_count && !is_folder(run->folder)) {
        run->complete = !has_failures(run);
        run->end_us = last_end(run);
    }
}

bool sw_run_read(struct sw_run *run, const struct sw_processes *processes, struct sw_error *error)
{
    struct stat about;
    if (!find_pipeline(run, processes, error)) return false;
    bool known = run->lives && about_file(run->folder, "process", &about);
    int64_t after_us = known ? modified_us(&about) - SW_CLOCK_SLACK_US : 0;
    if (!read_stages(run, after_us, error)) return false;
    judge(run);
    if (!read_coming(run, error)) return false;
    for (size_t i = 0; i < run->stage_count; i++)
        if (!sw_jobs_look(run, &run->stages[i], processes, error)) return false;
    if (!run->complete && !run->failed) run->end_us = last_end(run);
    return true;
}

bool sw_run_lives(const struct sw_run *run, const struct sw_processes *processes)
{
    if (run->lives) return true;
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++) {
            const struct sw_watched_job *job = &run->stages[i].jobs[j];
            if (job->state != SW_JOB_RUNNING) continue;
            if (strcmp(job->host, run->host) != 0 || sw_run_process(run, job, processes))
                return true;
        }
    return false;
}

const char *sw_job_field(const struct sw_watched_job *job, int index, size_t *length)
{
    const char *at = job->fields;
    for (; index > 1 && *at; index--) {
        at += strcspn(at, "\t");
        at += *at == '\t';
    }
    *length = strcspn(at, "\t");
    return *length ? at : NULL;
}

/* Of a range, whose codes stand between commas, the first one and its comma. */
static size_t title_length(const char *codes, size_t length)
{
    const char *comma = memchr(codes, ',', length);
    return comma ? (size_t)(comma - codes) + 1 : length;
}

const char *sw_job_title(const struct sw_stage *stage, const struct sw_watched_job *job, char *to,
                         size_t size)
{
    size_t length;
    /* A security's code says more than a number; a chunk's other fields say less. */
    const char *field =
        strcmp(stage->name, "securities") == 0 ? sw_job_field(job, 1, &length) : NULL;
    if (field)
        snprintf(to, size, "%s %.*s", job->name, (int)title_length(field, length), field);
    else
        snprintf(to, size, "%s", job->name);
    return to;
}

void sw_run_free(struct sw_run *run)
{
    for (size_t i = 0; i < run->stage_count; i++) free_stage(&run->stages[i]);
    free(run->stages);
    free(run->output);
    free(run->folder);
    *run = (struct sw_run){0};
}
