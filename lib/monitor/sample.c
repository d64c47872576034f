/* SPDX-License-Identifier: ISC */
#include "monitor/sample.h"

#include "monitor/jobs.h"

static void raise_to(uint64_t *value, uint64_t other)
{
    if (other > *value) *value = other;
}

static uint64_t reaped_us(const struct sw_processes *processes, const struct sw_process *process)
{
    return (uint64_t)((sw_uint128)process->reaped_ticks * 1000000 / processes->ticks_per_second);
}

/* Looks at one job; `live` collects those that have not ended. */
static bool sample_job(const struct sw_run *run, struct sw_stage *stage, struct sw_watched_job *job,
                       const char *root, const struct sw_processes *processes, struct sw_look *live,
                       struct sw_error *error)
{
    const struct sw_process *process =
        job->state == SW_JOB_RUNNING ? sw_run_process(run, job, processes) : NULL;
    job->use.memory_bytes = 0;
    if (!process) return true;
    if (!sw_processes_use(processes, root, job->process, &job->use, error)) return false;
    raise_to(&job->peak_bytes, job->use.memory_bytes);
    raise_to(&job->peak_bytes, job->use.peak_bytes);
    raise_to(&live->peak_bytes, job->use.peak_bytes);
    live->cpu_us += job->use.cpu_us;
    live->read_bytes += job->use.read_bytes;
    live->written_bytes += job->use.written_bytes;
    live->memory_bytes += job->use.memory_bytes;
    live->jobs++;
    live->jobs_at_disk += job->use.at_disk > 0;
    if (stage->runner == 0) stage->runner = -process->parent; /* new: its figures are to be noted */
    return true;
}

/* Adds what the runner's other children had used when they ended, since it was first seen. */
static bool add_reaped(struct sw_stage *stage, const char *root,
                       const struct sw_processes *processes, struct sw_look *look,
                       struct sw_error *error)
{
    bool is_new = stage->runner < 0;
    uint64_t read_bytes, written_bytes;
    if (is_new) stage->runner = -stage->runner;
    const struct sw_process *runner =
        stage->runner > 1 ? sw_processes_find(processes, stage->runner) : NULL;
    if (!runner) return true;
    if (!sw_process_disk(root, runner->id, &read_bytes, &written_bytes, error)) return false;
    uint64_t cpu_us = reaped_us(processes, runner);
    if (is_new) {
        stage->runner_cpu_us = cpu_us;
        stage->runner_read_bytes = read_bytes;
        stage->runner_written_bytes = written_bytes;
    }
    /* Less than at first: another process with the same number. */
    if (cpu_us < stage->runner_cpu_us || read_bytes < stage->runner_read_bytes) return true;
    look->cpu_us += cpu_us - stage->runner_cpu_us;
    look->read_bytes += read_bytes - stage->runner_read_bytes;
    if (written_bytes > stage->runner_written_bytes)
        look->written_bytes += written_bytes - stage->runner_written_bytes;
    return true;
}

/* What the jobs were last seen to have used: all there is to know where the runner is not. */
static void raise_to_seen(const struct sw_stage *stage, struct sw_look *look)
{
    struct sw_look seen = {0};
    for (size_t i = 0; i < stage->job_count; i++) {
        seen.cpu_us += stage->jobs[i].use.cpu_us;
        seen.read_bytes += stage->jobs[i].use.read_bytes;
        seen.written_bytes += stage->jobs[i].use.written_bytes;
    }
    raise_to(&look->cpu_us, seen.cpu_us);
    raise_to(&look->read_bytes, seen.read_bytes);
    raise_to(&look->written_bytes, seen.written_bytes);
}

static bool sample_stage(const struct sw_run *run, struct sw_stage *stage, const char *root,
                         const struct sw_processes *processes, struct sw_look *look,
                         struct sw_error *error)
{
    *look = (struct sw_look){0};
    for (size_t i = 0; i < stage->job_count; i++)
        if (!sample_job(run, stage, &stage->jobs[i], root, processes, look, error)) return false;
    /* The next stage may have the same runner. */
    bool under_way = stage == &run->stages[run->stage_count - 1];
    if (under_way && !add_reaped(stage, root, processes, look, error)) return false;
    raise_to_seen(stage, look);
    return true;
}

/* The pipeline has waited for all jobs, also for those that no look ever saw: what it used with all
 * below it is what the run used, where it is seen. */
static bool raise_to_pipeline(const struct sw_run *run, const char *root,
                              const struct sw_processes *processes, struct sw_look *look,
                              struct sw_error *error)
{
    struct sw_use use;
    if (!run->told || !run->lives) return true;
    if (!sw_processes_use(processes, root, run->process, &use, error)) return false;
    raise_to(&look->cpu_us, use.cpu_us);
    raise_to(&look->read_bytes, use.read_bytes);
    raise_to(&look->written_bytes, use.written_bytes);
    return true;
}

bool sw_sample(struct sw_run *run, const char *root, const struct sw_processes *processes,
               int64_t elapsed_us, struct sw_error *error)
{
    struct sw_look all = {0}, look;
    for (size_t i = 0; i < run->stage_count; i++) {
        struct sw_stage *stage = &run->stages[i];
        if (!sample_stage(run, stage, root, processes, &look, error)) return false;
        sw_load_add(&stage->load, &look, elapsed_us);
        /* Each stage's own totals never fall, nor does their sum. */
        all.cpu_us += stage->load.cpu_us;
        all.read_bytes += stage->load.read_bytes;
        all.written_bytes += stage->load.written_bytes;
        all.memory_bytes += look.memory_bytes;
        raise_to(&all.peak_bytes, look.peak_bytes);
        all.jobs += look.jobs;
        all.jobs_at_disk += look.jobs_at_disk;
    }
    if (!raise_to_pipeline(run, root, processes, &all, error)) return false;
    sw_load_add(&run->load, &all, elapsed_us);
    return true;
}
