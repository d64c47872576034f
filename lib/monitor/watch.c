/* SPDX-License-Identifier: ISC */
#include "monitor/watch.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "host/cores.h"
#include "host/cgroup.h"
#include "monitor/amount.h"
#include "monitor/sample.h"

enum {
    LOOK_US = 1000000, /* from look to look */
    EARLY_US = 100000, /* the same at first, so that a short run is seen as well */
    /* Of the time that the stage under way has taken, so many looks are made at least. */
    EARLY_LOOKS = 20,
    TWICE_US = 200000, /* between the looks of a single picture */
    /* Without life for so long a run is gone: its last sign may come just after a look; and where
     * nothing tells of the pipeline itself, there is a while between two jobs. */
    GONE_US = 500000,
    SURELY_GONE_US = 10000000,
};

/* Cores by the affinity, or fewer where a group's quota says so, rounded up. */
static bool count_cores(struct sw_run_watch *watch, struct sw_error *error)
{
    struct sw_cores cores;
    struct sw_cgroup_limits limits;
    if (!sw_cores_read(watch->root, false, &cores, error) ||
        !sw_cgroup_read(watch->root, &limits, error))
        return false;
    watch->snapshot.cores = cores.allowed;
    if (limits.period_us > 0) {
        uint64_t quota = (limits.quota_us + limits.period_us - 1) / limits.period_us;
        if (quota < watch->snapshot.cores) watch->snapshot.cores = quota;
    }
    return true;
}

bool sw_watch_open(struct sw_run_watch *watch, struct sw_error *error)
{
    if (watch->limit_permille == 0) watch->limit_permille = 10 * SW_USUAL_MEMORY_LIMIT;
    watch->snapshot.run = &watch->run;
    watch->snapshot.limit_permille = watch->limit_permille;
    watch->opened_us = sw_clock_us();
    watch->processes.least_id = watch->process;
    /* Who watches for a pipeline is begun by it, and tells of all its jobs. */
    watch->events.since_us = watch->process ? 0 : sw_now_us();
    return sw_run_open(&watch->run, watch->output, error) && count_cores(watch, error) &&
           (!watch->workers_file ||
            sw_workers_open(&watch->workers, watch->workers_file, watch->limit_permille, error));
}

static enum sw_run_state state_of(struct sw_run_watch *watch)
{
    if (watch->run.complete) return SW_RUN_COMPLETE;
    if (watch->run.failed) return SW_RUN_FAILED;
    bool lives = sw_run_lives(&watch->run, &watch->processes);
    watch->lived |= lives || watch->run.stage_count > 0;
    if (lives)
        watch->lifeless_us = 0;
    else if (watch->lifeless_us == 0)
        watch->lifeless_us = watch->looked_us;
    int64_t patience_us = watch->run.told ? GONE_US : SURELY_GONE_US;
    if (watch->lived && !lives && watch->looked_us - watch->lifeless_us >= patience_us)
        return SW_RUN_GONE;
    return watch->run.stage_count ? SW_RUN_RUNNING : SW_RUN_WAITING;
}

/* The folder of a pipeline that is gone may be another run's by now. */
static bool has_lost_process(struct sw_run_watch *watch)
{
    const struct sw_process *process = sw_processes_find(&watch->processes, watch->process);
    if (watch->process == 0) return false;
    if (!process || process->state == 'Z') return true;
    if (watch->process_ticks == 0) watch->process_ticks = process->start_ticks;
    return watch->process_ticks != process->start_ticks;
}

static bool look(struct sw_run_watch *watch, struct sw_error *error)
{
    uint64_t busy_ticks = watch->processes.busy_ticks, all_ticks = watch->processes.all_ticks;
    int64_t clock_us = sw_clock_us();
    int64_t elapsed_us = watch->looked_us ? clock_us - watch->looked_us : 0;
    watch->looked_us = clock_us;
    watch->snapshot.now_us = watch->now_us ? watch->now_us : sw_now_us();
    if (!sw_processes_read(watch->root, &watch->processes, error)) return false;
    if (has_lost_process(watch)) {
        watch->snapshot.state = SW_RUN_GONE;
        return true;
    }
    if (!sw_run_read(&watch->run, &watch->processes, error) ||
        !sw_sample(&watch->run, watch->root, &watch->processes, elapsed_us, error) ||
        !sw_pressure_read(watch->root, &watch->snapshot.pressure, error))
        return false;
    watch->snapshot.state = state_of(watch);
    watch->snapshot.busy_permille = 0;
    if (all_ticks > 0 && watch->processes.busy_ticks > busy_ticks)
        watch->snapshot.busy_permille = sw_permille(watch->processes.busy_ticks - busy_ticks,
                                                    watch->processes.all_ticks - all_ticks);
    return true;
}

static bool is_over(const struct sw_run_watch *watch)
{
    enum sw_run_state state = watch->snapshot.state;
    return state == SW_RUN_COMPLETE || state == SW_RUN_FAILED || state == SW_RUN_GONE;
}

bool sw_watch_once(struct sw_run_watch *watch, struct sw_error *error)
{
    const struct timespec pause = {.tv_nsec = TWICE_US * 1000L};
    if (!look(watch, error)) return false;
    if (is_over(watch)) return true;
    (void)nanosleep(&pause, NULL); /* cut short, the rates are of a shorter time */
    if (!look(watch, error)) return false;
    if (watch->lived && watch->lifeless_us > 0) watch->snapshot.state = SW_RUN_GONE;
    return true;
}

/* The signals that end a watch, less those that were ignored when the program began (nohup, a
 * shell's background job), and the terminal's change of size; they are waited for, not handled. */
static void block_signals(sigset_t *awaited)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(awaited);
    sigaddset(awaited, SIGWINCH);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction now;
        if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(awaited, ending[i]);
    }
    (void)sigprocmask(SIG_BLOCK, awaited, NULL);
}

/* Waits; returns the signal that came, 0 for none. */
static int wait_for(const sigset_t *awaited, int64_t us)
{
    if (us < 0) us = 0;
    const struct timespec pause = {us / SW_US_PER_SECOND, us % SW_US_PER_SECOND * 1000};
    int number = sigtimedwait(awaited, NULL, &pause);
    return number > 0 ? number : 0; /* the time is over, or an unrelated signal came: look early */
}

/* Workers are adjusted once a second, also where looks are more frequent: what was changed is to
 * show first. */
static bool act(struct sw_run_watch *watch, struct sw_error *error)
{
    sw_events_jobs(&watch->events, &watch->run, watch->snapshot.now_us);
    watch->workers.said[0] = 0;
    bool due = watch->looked_us - watch->adjusted_us + EARLY_US / 2 >= LOOK_US;
    if (!watch->workers_file || !due) return true;
    watch->adjusted_us = watch->looked_us;
    return sw_workers_adjust(&watch->workers, &watch->run, &watch->processes,
                             &watch->snapshot.pressure, error);
}

static bool show_when_due(struct sw_run_watch *watch, bool at_once, struct sw_error *error)
{
    int64_t now_us = sw_clock_us();
    if (now_us - watch->opened_us < watch->delay_us && !watch->workers.said[0]) return true;
    /* A look may come a little early. */
    bool due = at_once || now_us - watch->shown_us + EARLY_US / 2 >= watch->interval_us;
    bool said = watch->workers.said[0] != 0;
    if (!due && !said) return true;
    watch->shown_us = now_us;
    return watch->show(&watch->snapshot, watch->workers.said, error);
}

static int64_t pause_us(const struct sw_run_watch *watch)
{
    const struct sw_run *run = &watch->run;
    if (run->stage_count == 0) return EARLY_US;
    int64_t age_us = (sw_now_us() - run->stages[run->stage_count - 1].begin_us) / EARLY_LOOKS;
    return age_us < EARLY_US ? EARLY_US : age_us < LOOK_US ? age_us : LOOK_US;
}

static bool watch_until_over(struct sw_run_watch *watch, const sigset_t *awaited,
                             struct sw_error *error)
{
    bool resized = true; /* the first snapshot is shown at once */
    for (;;) {
        if (!look(watch, error) || !act(watch, error)) return false;
        if (is_over(watch) || watch->ended_by_signal) return true;
        if (!show_when_due(watch, resized, error)) return false;
        int number = wait_for(awaited, watch->looked_us + pause_us(watch) - sw_clock_us());
        resized = number == SIGWINCH;
        watch->ended_by_signal = number != 0 && !resized;
    }
}

bool sw_watch_on(struct sw_run_watch *watch, struct sw_error *error)
{
    sigset_t awaited;
    block_signals(&awaited);
    bool good = watch_until_over(watch, &awaited, error);
    if (good && is_over(watch)) sw_events_end(&watch->events, &watch->snapshot);
    return good;
}

bool sw_watch_close(struct sw_run_watch *watch, struct sw_error *error)
{
    bool good = watch->workers.original == 0 ||
                sw_workers_restore(&watch->workers, &watch->run, &watch->processes, error);
    sw_run_free(&watch->run);
    sw_processes_free(&watch->processes);
    return good;
}
