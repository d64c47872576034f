/* SPDX-License-Identifier: ISC */
#include "monitor/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "monitor/amount.h"

enum { CPU_PERMILLE = 800, BUSY_PERMILLE = 950, DISK_PERMILLE = 500 };

int64_t sw_job_age(const struct sw_watched_job *job, int64_t now_us)
{
    if (job->state == SW_JOB_WAITING || job->begin_us == 0) return -1;
    int64_t end_us = job->state == SW_JOB_RUNNING ? now_us : job->end_us;
    if (end_us == 0) return -1;
    return end_us > job->begin_us ? end_us - job->begin_us : 0;
}

static void count_job(const struct sw_watched_job *job, struct sw_progress *progress)
{
    progress->jobs++;
    progress->done += job->state == SW_JOB_DONE;
    progress->running += job->state == SW_JOB_RUNNING;
    progress->failed += job->state == SW_JOB_FAILED;
    progress->waiting += job->state == SW_JOB_WAITING;
    progress->suspended += job->state == SW_JOB_RUNNING && job->suspended;
    progress->rows_read += job->rows_read;
    progress->rows_out += job->rows_out;
}

/* What done jobs tell of the time that work takes one worker: so much a job, and so much a unit of
 * weight. These are estimates, so that they may be rounded. */
struct speed {
    double job_us, unit_us;
    bool known;
};

/* Sums over the done jobs whose times are known. */
struct fit {
    double count, weights, times, squares, products, lightest;
};

static void add_done(struct fit *fit, const struct sw_watched_job *job, int64_t now_us)
{
    int64_t age_us = sw_job_age(job, now_us);
    if (job->state != SW_JOB_DONE || age_us < 0) return;
    double weight = (double)job->weight, time = (double)age_us;
    if (fit->count == 0 || weight < fit->lightest) fit->lightest = weight;
    fit->count += 1;
    fit->weights += weight;
    fit->times += time;
    fit->squares += weight * weight;
    fit->products += weight * time;
}

/* A straight line through the jobs' weights and times, by least squares; where it would fall, or
 * cross the axis below 0, or all weights are the same, one through the origin. The heaviest jobs
 * come first, and a line through them alone says little about light ones: what it gives a job as
 * such is taken for as much as light jobs were seen, the mean staying what it is. (On an analysis
 * of 150 securities the estimate half way was 1.4 times the truth; 2.2 with the plain line, 0.5
 * with none.) */
static void measure(const struct sw_stage *stage, int64_t now_us, struct speed *speed)
{
    struct fit fit = {0};
    for (size_t i = 0; i < stage->job_count; i++) add_done(&fit, &stage->jobs[i], now_us);
    *speed = (struct speed){.known = fit.count > 0};
    if (!speed->known) return;
    double spread = fit.count * fit.squares - fit.weights * fit.weights;
    speed->unit_us = fit.times / fit.weights;
    if (spread <= fit.squares * 1e-9) return;
    double unit_us = (fit.count * fit.products - fit.weights * fit.times) / spread;
    double job_us = (fit.times - unit_us * fit.weights) / fit.count;
    double seen = 1 - fit.lightest * fit.count / fit.weights;
    if (unit_us < 0 || job_us < 0) return;
    speed->job_us = job_us * seen * seen;
    speed->unit_us = (fit.times - speed->job_us * fit.count) / fit.weights;
}

/* The part of the weights that is done. */
static unsigned done_permille(const struct sw_stage *stage)
{
    sw_uint128 done = 0, total = 0;
    for (size_t i = 0; i < stage->job_count; i++) {
        total += stage->jobs[i].weight;
        if (stage->jobs[i].state == SW_JOB_DONE) done += stage->jobs[i].weight;
    }
    return total ? (unsigned)(done * 1000 / total) : 1000;
}

/* The time a job still takes one worker. */
static double job_left(const struct sw_watched_job *job, const struct speed *speed, int64_t now_us)
{
    if (job->state != SW_JOB_WAITING && job->state != SW_JOB_RUNNING) return 0;
    double left = speed->job_us + (double)job->weight * speed->unit_us;
    int64_t age_us = sw_job_age(job, now_us);
    if (age_us > 0) left -= (double)age_us;
    return left > 0 ? left : 0;
}

static int64_t time_left(const struct sw_stage *stage, const struct speed *speed, int64_t now_us)
{
    static const double most = 1e15; /* thirty years */
    double sum = 0, longest = 0;
    for (size_t i = 0; i < stage->job_count; i++) {
        double left = job_left(&stage->jobs[i], speed, now_us);
        sum += left;
        if (left > longest) longest = left;
    }
    double left = sum / (double)(stage->workers ? stage->workers : 1);
    if (left < longest) left = longest;
    return left < most ? (int64_t)(left + 0.5) : (int64_t)most;
}

static int64_t last_end(const struct sw_stage *stage)
{
    int64_t last_us = stage->begin_us;
    for (size_t i = 0; i < stage->job_count; i++)
        if (stage->jobs[i].end_us > last_us) last_us = stage->jobs[i].end_us;
    return last_us;
}

void sw_progress_stage(const struct sw_stage *stage, int64_t now_us, struct sw_progress *progress)
{
    struct speed speed;
    *progress = (struct sw_progress){0};
    for (size_t i = 0; i < stage->job_count; i++) count_job(&stage->jobs[i], progress);
    measure(stage, now_us, &speed);
    bool ended = progress->waiting + progress->running == 0;
    progress->permille = done_permille(stage);
    progress->elapsed_us = (ended ? last_end(stage) : now_us) - stage->begin_us;
    if (progress->elapsed_us < 0) progress->elapsed_us = 0;
    if (!ended) progress->left_us = speed.known ? time_left(stage, &speed, now_us) : -1;
}

/* What stages that have begun tell of those that have not. */
struct shares {
    uint64_t begun, coming;
    double begun_us; /* what those that have begun take in all */
    uint64_t done;   /* permilles of shares */
};

static void add_share(const struct sw_run *run, const struct sw_stage *stage,
                      const struct sw_progress *progress, struct shares *shares)
{
    uint64_t share = 1;
    for (size_t i = 0; i < run->coming_count; i++)
        if (strcmp(run->coming[i].name, stage->name) == 0) share = run->coming[i].share;
    shares->begun += share;
    shares->begun_us += (double)(progress->elapsed_us + progress->left_us);
    shares->done += share * progress->permille;
}

/* The stages to come make the time left longer. */
static void add_coming(const struct sw_run *run, struct shares *shares,
                       struct sw_progress *progress)
{
    for (size_t i = 0; i < run->coming_count; i++)
        if (!run->coming[i].passed) shares->coming += run->coming[i].share;
    if (progress->left_us >= 0 && shares->begun && shares->coming)
        progress->left_us +=
            (int64_t)(shares->begun_us * (double)shares->coming / (double)shares->begun);
}

void sw_progress_run(const struct sw_run *run, int64_t now_us, struct sw_progress *progress)
{
    struct sw_progress stage;
    struct shares shares = {0};
    *progress = (struct sw_progress){0};
    for (size_t i = 0; i < run->stage_count; i++) {
        sw_progress_stage(&run->stages[i], now_us, &stage);
        add_share(run, &run->stages[i], &stage, &shares);
        progress->jobs += stage.jobs;
        progress->done += stage.done;
        progress->running += stage.running;
        progress->failed += stage.failed;
        progress->waiting += stage.waiting;
        progress->suspended += stage.suspended;
        if (i == 0) progress->rows_read = stage.rows_read;
        progress->rows_out = stage.rows_out;
        if (stage.left_us < 0 || progress->left_us < 0)
            progress->left_us = -1;
        else
            progress->left_us += stage.left_us;
    }
    add_coming(run, &shares, progress);
    if (run->begin_us == 0) progress->left_us = -1;
    bool over = run->complete || run->failed ||
                (progress->running + progress->waiting == 0 && shares.coming == 0);
    int64_t end_us = over ? run->end_us : now_us;
    if (run->begin_us && end_us > run->begin_us) progress->elapsed_us = end_us - run->begin_us;
    if (run->complete)
        progress->permille = 1000;
    else if (progress->left_us >= 0)
        progress->permille = sw_permille((uint64_t)progress->elapsed_us,
                                         (uint64_t)(progress->elapsed_us + progress->left_us));
    else if (shares.begun)
        progress->permille = (unsigned)(shares.done / (shares.begun + shares.coming));
}

const char *sw_run_state_name(enum sw_run_state state)
{
    static const char *const names[] = {"waiting", "running", "complete", "failed", "gone"};
    return names[state];
}

const char *sw_bound_name(enum sw_bound bound)
{
    static const char *const names[] = {"nothing", "memory", "CPU", "disk", "starved", "workers"};
    return names[bound];
}

/* The stage under way is the last that was begun. */
static const struct sw_stage *current_stage(const struct sw_run *run)
{
    return run->stage_count ? &run->stages[run->stage_count - 1] : NULL;
}

static bool bound_by_memory(const struct sw_snapshot *snapshot, const struct sw_progress *progress,
                            char why[SW_REASON_BYTES])
{
    if (progress->suspended == 0 && snapshot->pressure.permille < snapshot->limit_permille)
        return false;
    snprintf(why, SW_REASON_BYTES, "%u%% of the %s is in use, %" PRIu64 " jobs are suspended",
             snapshot->pressure.permille / 10,
             snapshot->pressure.by_group ? "control group's memory" : "machine's memory",
             progress->suspended);
    return true;
}

/* The rest are about the use of the cores and of the workers. */
static enum sw_bound bound_by_work(const struct sw_snapshot *snapshot, const struct sw_stage *stage,
                                   const struct sw_progress *progress, char why[SW_REASON_BYTES])
{
    const struct sw_load *load = &snapshot->run->load;
    uint64_t tenths = (load->cpu_permille + 50) / 100;
    bool by_others = snapshot->busy_permille >= BUSY_PERMILLE;
    if (snapshot->cores && (by_others || load->cpu_permille >= snapshot->cores * CPU_PERMILLE)) {
        snprintf(why, SW_REASON_BYTES,
                 "the jobs use %" PRIu64 ".%" PRIu64 " of %" PRIu64
                 " cores, the machine is %u%% busy",
                 tenths / 10, tenths % 10, snapshot->cores, snapshot->busy_permille / 10);
        return SW_BOUND_CPU;
    }
    if (load->disk_permille >= DISK_PERMILLE) {
        snprintf(why, SW_REASON_BYTES, "%u%% of the jobs wait for a disk",
                 load->disk_permille / 10);
        return SW_BOUND_DISK;
    }
    snprintf(why, SW_REASON_BYTES, "%" PRIu64 " of the %" PRIu64 " workers of %s have a job",
             progress->running, stage->workers, stage->name);
    return progress->running < stage->workers ? SW_BOUND_STARVED : SW_BOUND_WORKERS;
}

enum sw_bound sw_bound_of(const struct sw_snapshot *snapshot, char why[SW_REASON_BYTES])
{
    struct sw_progress progress = {0};
    const struct sw_stage *stage = current_stage(snapshot->run);
    if (stage) sw_progress_stage(stage, snapshot->now_us, &progress);
    if (progress.running == 0) {
        snprintf(why, SW_REASON_BYTES, "no job runs");
        return SW_BOUND_NOTHING;
    }
    if (bound_by_memory(snapshot, &progress, why)) return SW_BOUND_MEMORY;
    return bound_by_work(snapshot, stage, &progress, why);
}
