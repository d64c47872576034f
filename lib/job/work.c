/* SPDX-License-Identifier: ISC */
#include "job/work.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "files/output.h"
#include "files/whole.h"
#include "host/tree.h"
#include "stage/attempts.h"
#include "stage/jobs.h"
#include "stage/judge.h"

enum { GRACE_MS = 5000, LIST_MOST = 256 << 20, HOST_LENGTH = 256 };

typedef bool job_kind(struct sw_job *job, int *status);

static const struct kind {
    const char *command;
    job_kind *work;
} kinds[] = {
    {"run-chunk", sw_job_chunk},
    {"fold-share", sw_job_share},
    {"sort-chunk", sw_job_sort_chunk},
    {"analyse-security", sw_job_study_security},
    {"match-security", sw_job_match_security},
};

/* A job, and what is told of it. */
struct work {
    struct sw_job job;
    const char *command, *title; /* with its folder, and without */
    bool is_attempt;
    char host[HOST_LENGTH];
    struct timeval begun;
};

static const char *title_of(const char *command)
{
    const char *slash = strrchr(command, '/');
    return slash ? slash + 1 : command;
}

static const struct kind *find(const char *command)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].command, title_of(command)) == 0) return &kinds[i];
    return NULL;
}

bool sw_job_is_known(const char *command)
{
    return find(command) != NULL;
}

/* ---- what is told of it ---- */

static bool write_line(const struct work *work, const char *kind, const struct sw_buffer *line)
{
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/%s/%s", work->job.stage, kind, work->job.name);
    return sw_stage_write_line(path, O_TRUNC, line, work->job.error);
}

static bool open_log(const struct work *work)
{
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/logs/%s", work->job.stage, work->job.name);
    int log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (log < 0 || dup2(log, STDERR_FILENO) < 0) return sw_fail_errno(work->job.error, "%s", path);
    return close(log) == 0 || sw_fail_errno(work->job.error, "%s", path);
}

static bool tell_begin(struct work *work)
{
    struct sw_buffer line = {0};
    gettimeofday(&work->begun, NULL);
    gethostname(work->host, sizeof work->host - 1);
    bool good = sw_buffer_format(&line, work->job.error, "%ld\t%s\t%ld.%06ld\n", (long)getpid(),
                                 work->host, (long)work->begun.tv_sec, (long)work->begun.tv_usec) &&
                write_line(work, "running", &line);
    sw_buffer_free(&line);
    return good;
}

static bool tell_end(const struct work *work, int status)
{
    struct sw_buffer line = {0};
    struct timeval now;
    const struct timeval *begun = &work->begun;
    gettimeofday(&now, NULL);
    bool good =
        sw_buffer_format(&line, work->job.error,
                         "%d\t%s\t%ld.%06ld\t%ld.%06ld\t%" PRIu64 "\t%" PRIu64 "%s%s\n", status,
                         work->host, (long)begun->tv_sec, (long)begun->tv_usec, (long)now.tv_sec,
                         (long)now.tv_usec, work->job.rows_read, work->job.rows_out,
                         *work->job.wrong_order ? "\t" : "", work->job.wrong_order) &&
        write_line(work, "status", &line);
    line.length = 0;
    good = good && write_line(work, "running", &line);
    sw_buffer_free(&line);
    return good;
}

/* ---- what it is to do ---- */

/* Its line in STAGE/jobs is that with its number. */
static bool read_line(struct sw_job *job)
{
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/jobs", job->stage);
    if (!sw_read_whole(path, "a list of jobs", LIST_MOST, &job->line, job->error) ||
        !sw_buffer_add(&job->line, "", 1, job->error))
        return false;
    char *line = (char *)job->line.bytes;
    for (uint64_t number = strtoull(job->name, NULL, 10); line && number > 1; number--)
        if ((line = strchr(line, '\n'))) line++;
    if (!line || !*line)
        return sw_fail(job->error, SW_SYSTEM, "%s: has no job %s", path, job->name);
    line[strcspn(line, "\n")] = 0;
    (void)strsep(&line, "\t");
    for (size_t i = 0; i < SW_JOB_FIELDS; i++)
        if (!(job->fields[i] = strsep(&line, "\t"))) job->fields[i] = "";
    return true;
}

/* "COMMAND: REASON", why the job has failed. */
static void say_failure(const struct work *work)
{
    struct sw_buffer line = {0};
    struct sw_error unused = {0};
    bool good = sw_buffer_format(&line, &unused, "%s: %s", work->title, work->job.error->message) &&
                sw_buffer_add(&line, "", 1, &unused);
    work->job.pipe.say(good ? (char *)line.bytes : work->job.error->message);
    sw_buffer_free(&line);
}

static int do_work(struct work *work)
{
    struct sw_job *job = &work->job;
    int status = SW_SYSTEM;
    bool good = read_line(job) && sw_job_settings_read(&job->settings, job->stage, job->error) &&
                find(work->command)->work(job, &status);
    if (!good) say_failure(work);
    sw_job_pipe_free(&job->pipe);
    sw_job_settings_free(&job->settings);
    sw_buffer_free(&job->line);
    sw_buffer_free(&job->text);
    job->settings = (struct sw_job_settings){0};
    return good ? status : SW_SYSTEM;
}

static void free_inputs(struct sw_job *job)
{
    free(job->inputs.names.items);
    sw_buffer_free(&job->inputs.text);
}

/* ---- the job ---- */

/* STAGE/policy has RETRIES SECONDS LEVEL. */
static bool read_policy(const struct sw_job *job, struct sw_job_attempts *how,
                        enum sw_log_level *level)
{
    struct sw_buffer text = {0};
    bool good = sw_tree_read(job->stage, "/policy", &text, job->error);
    if (good && text.length &&
        sscanf((char *)text.bytes, "%" SCNd64 " %" SCNd64 " ", &how->retries,
               &how->time_limit_seconds) != 2)
        good = sw_fail(job->error, SW_SYSTEM, "%s/policy: is none", job->stage);
    sw_buffer_free(&text);
    return good && sw_stage_level(job->stage, level, job->error);
}

/* A signal goes to the job's whole group: this is the last of it to end, so that whoever waits for the group need not wait for the process that
 * takes over what it leaves. */
static void hear_term_at_the_end(void)
{
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
}

static int do_attempt(struct work *work)
{
    umask((umask(0) & 077) | 022);
    hear_term_at_the_end();
    if (!open_log(work) || !tell_begin(work)) return SW_SYSTEM;
    int status = do_work(work);
    free_inputs(&work->job);
    if (sw_job_is_ending()) return SW_JOB_ENDED;
    /* Whether an attempt that failed by the system is the last one, its keeper knows. */
    if (work->is_attempt && status == SW_SYSTEM) return status;
    return tell_end(work, status) ? status : SW_SYSTEM;
}

static bool is_number(const char *name, struct sw_error *error)
{
    bool is = *name >= '1' && *name <= '9' && name[strspn(name, "0123456789")] == 0;
    return is || sw_fail(error, SW_SYSTEM, "not a job's name: '%s'", name);
}

int sw_job_work(const char *command, const char *stage, const char *name, bool attempt,
                sw_job_say *say)
{
    struct sw_error error = {0};
    struct work work = {.job = {.stage = stage,
                                .name = name,
                                .error = &error,
                                .pipe = {.error = &error, .say = say}},
                        .command = command,
                        .title = title_of(command),
                        .is_attempt = attempt};
    struct sw_job_attempts how = {
        .stage = stage, .name = name, .command = command, .grace_ms = GRACE_MS};
    enum sw_log_level level = SW_LOG_INFO;
    int status = SW_SYSTEM;
    bool good = is_number(name, &error) && read_policy(&work.job, &how, &level);
    work.job.pipe.is_told = level == SW_LOG_DEBUG;
    if (good && !attempt && how.retries + how.time_limit_seconds > 0)
        good = sw_job_attempt(&how, &status, &error);
    else if (good)
        status = do_attempt(&work);
    if (!good) say_failure(&work);
    return good ? status : SW_SYSTEM;
}

int sw_job_show(const char *command, const char *stage, const char *const *names, size_t count,
                sw_job_say *say)
{
    struct sw_error error = {0};
    struct work work = {
        .job = {.stage = stage, .error = &error}, .command = command, .title = title_of(command)};
    struct sw_buffer shown = {0};
    int status = SW_DONE;
    for (size_t i = 0; i < count && status == SW_DONE; i++) {
        work.job.name = names[i];
        work.job.pipe =
            (struct sw_job_pipe){.error = &error, .say = say, .is_dry = true, .shown = &shown};
        bool named = is_number(names[i], &error);
        if (!named) say_failure(&work);
        status = named ? do_work(&work) : SW_SYSTEM;
    }
    if (status == SW_DONE && !sw_output_file(NULL, shown.bytes, shown.length, &error)) {
        say_failure(&work);
        status = SW_SYSTEM;
    }
    free_inputs(&work.job);
    sw_buffer_free(&shown);
    return status;
}
