/* SPDX-License-Identifier: ISC */
#include "monitor/events.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor/amount.h"

enum { NUMBER_LENGTH = 32, PATH_LENGTH = 4096, VARIABLES = 8 };

struct variable {
    const char *name, *value;
};

/* In the child: no signal blocked, nothing to read, and standard output kept for ours. */
static void prepare(const struct sw_events *events, const struct variable *variables)
{
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) (void)dup2(null, STDIN_FILENO);
    (void)dup2(events->silent && null >= 0 ? null : STDERR_FILENO, STDOUT_FILENO);
    if (events->silent && null >= 0) (void)dup2(null, STDERR_FILENO);
    for (size_t i = 0; i < VARIABLES && variables[i].name; i++)
        (void)setenv(variables[i].name, variables[i].value ? variables[i].value : "", 1);
}

static bool call(const struct sw_events *events, const struct variable *variables)
{
    int status;
    pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) {
        prepare(events, variables);
        execl("/bin/sh", "sh", "-c", events->command, (char *)NULL);
        _exit(127);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void tell(struct sw_events *events, const struct variable *variables)
{
    if (!events->command) return;
    events->called++;
    events->failed += !call(events, variables);
}

static void tell_job(struct sw_events *events, const struct sw_run *run,
                     const struct sw_stage *stage, const struct sw_watched_job *job, int64_t now_us)
{
    char status[NUMBER_LENGTH], seconds[NUMBER_LENGTH], log[PATH_LENGTH];
    int64_t age_us = sw_job_age(job, now_us);
    snprintf(status, sizeof status, "%d", job->status);
    snprintf(seconds, sizeof seconds, "%" PRId64, age_us > 0 ? age_us / SW_US_PER_SECOND : 0);
    snprintf(log, sizeof log, "%s/logs/%s", stage->folder, job->name);
    const struct variable variables[VARIABLES] = {
        {"SW_EVENT", job->state == SW_JOB_FAILED ? "job-failed" : "job-done"},
        {"SW_RUN", run->output},
        {"SW_STAGE", stage->name},
        {"SW_JOB", job->name},
        {"SW_STATUS", status},
        {"SW_SECONDS", seconds},
        {"SW_LOG", log},
        {"SW_ERROR", job->error},
    };
    tell(events, variables);
}

void sw_events_jobs(struct sw_events *events, struct sw_run *run, int64_t now_us)
{
    for (size_t i = 0; i < run->stage_count; i++)
        for (size_t j = 0; j < run->stages[i].job_count; j++) {
            struct sw_watched_job *job = &run->stages[i].jobs[j];
            if (job->told || (job->state != SW_JOB_DONE && job->state != SW_JOB_FAILED)) continue;
            job->told = true;
            /* One that was killed has no end, and its end was found just now. */
            if (job->end_us == 0 ? job->begin_us > 0 : job->end_us >= events->since_us)
                tell_job(events, run, &run->stages[i], job, now_us);
        }
}

void sw_events_end(struct sw_events *events, const struct sw_snapshot *snapshot)
{
    char seconds[NUMBER_LENGTH];
    struct sw_progress all;
    sw_progress_run(snapshot->run, snapshot->now_us, &all);
    snprintf(seconds, sizeof seconds, "%" PRId64, all.elapsed_us / SW_US_PER_SECOND);
    bool failed = all.failed > 0 || snapshot->state == SW_RUN_FAILED;
    const char *event = failed                               ? "run-failed"
                        : snapshot->state == SW_RUN_COMPLETE ? "run-done"
                                                             : "run-gone";
    const struct variable variables[VARIABLES] = {
        {"SW_EVENT", event},
        {"SW_RUN", snapshot->run->output},
        {"SW_SECONDS", seconds},
    };
    tell(events, variables);
}
