/* SPDX-License-Identifier: ISC
 *
 * sw-monitor: in a pipe, passes bytes on unchanged and shows how many, how fast and how far, or
 * passes text on as a terminal may have it; beside a run of pipelines, shows every stage of it,
 * tells of ends, and adjusts the workers to the memory there is.
 */
#include <stdlib.h>

#include "program/program.h"
#include "host/tree.h"
#include "monitor/amount.h"
#include "monitor/beside.h"
#include "monitor/change.h"
#include "monitor/metered.h"

static struct {
    struct sw_size size;
    const char *label, *run, *command, *metrics, *workers, *root, *output;
    int64_t rows, interval, delay, limit, process, now;
    bool once, json, prometheus, quiet, disarm, gzip;
} set = {.rows = -1, .interval = -1, .delay = -1, .limit = -1, .process = -1, .now = -1};

static const struct sw_option options[] = {
    SW_OPTION(0, "size", "SIZE", set.size,
              "in a pipe: SIZE bytes will pass, for percent and time left"),
    SW_OPTION(0, "rows", "N", set.rows, "in a pipe: N rows will pass, for percent and time left"),
    SW_OPTION(0, "label", "TEXT", set.label, "in a pipe: begin the line with TEXT"),
    SW_OPTION(
        0, "disarm", NULL, set.disarm,
        "in a pipe: pass text on with what a terminal must not have escaped, and show nothing"),
    SW_OPTION(0, "gzip", NULL, set.gzip,
              "in a pipe: pass bytes on as gzip, in blocks as bgzip makes them, and show nothing"),
    SW_OPTION(0, "interval", "SECONDS", set.interval,
              "show every SECONDS seconds; in a pipe, also where there is no terminal"),
    SW_OPTION(0, "run", "OUT", set.run, "watch the run of pipelines that writes to OUT"),
    SW_OPTION(0, "once", NULL, set.once, "show the run as it is now, and end"),
    SW_OPTION(0, "json", NULL, set.json, "the same as JSON; with --interval a line every time"),
    SW_OPTION(0, "prometheus", NULL, set.prometheus, "the same as metrics for Prometheus"),
    SW_OPTION('o', "output", "FILE", set.output,
              "write what is shown of a run to FILE, which each time appears whole"),
    SW_OPTION(0, "metrics", "FILE", set.metrics,
              "where the account of the run goes, instead of OUT/run/metrics.json"),
    SW_OPTION(0, "quiet", NULL, set.quiet,
              "show nothing, judge nothing: for the account, events and workers"),
    SW_OPTION(0, "delay", "SECONDS", set.delay,
              "show nothing of a run in its first SECONDS, and a line at its end"),
    SW_OPTION(0, "process", "ID", set.process,
              "watch for the pipeline whose process ID is: end with it"),
    SW_OPTION(0, "on-event", "CMD", set.command, "call CMD when a job or the run ends"),
    SW_OPTION(0, "adjust-workers", "FILE", set.workers,
              "lower and raise the number in FILE, GNU parallel's --jobs, as memory demands"),
    SW_OPTION(0, "memory-limit", "PERCENT", set.limit, "of memory, above which it is short (85)"),
    SW_OPTION(0, "root", "DIR", set.root, "read /proc and /sys below DIR"),
    SW_OPTION(0, "now", "SECONDS", set.now, "take this time, since 1970, for the present one"),
    SW_OPTIONS_END,
};

static bool run_pipe(const struct sw_command_line *line, struct sw_error *error)
{
    static const char *const standard[] = {"-"};
    const struct sw_metering how = {.label = set.label,
                                    .bytes = set.size.bytes,
                                    .rows = set.rows > 0 ? (uint64_t)set.rows : 0,
                                    .interval_s = set.interval > 0 ? set.interval : 0,
                                    .terminal_kind = getenv("TERM"),
                                    .say = sw_say};
    bool named = line->operand_count > 0;
    const char *const *names = named ? line->operands : standard;
    size_t count = named ? line->operand_count : 1;
    return set.disarm || set.gzip
               ? sw_change_files(set.gzip ? SW_CHANGE_GZIP : SW_CHANGE_DISARM, names, count, error)
               : sw_metered_pass(&how, names, count, error);
}

static bool run_beside(struct sw_error *error)
{
    struct sw_beside beside = {
        .watch = {.output = set.run,
                  .root = set.root ? set.root : "",
                  .workers_file = set.workers,
                  .limit_permille = set.limit > 0 ? 10 * (unsigned)set.limit : 0,
                  .now_us = set.now > 0 ? set.now * SW_US_PER_SECOND : 0,
                  .delay_us = set.delay > 0 ? set.delay * SW_US_PER_SECOND : 0,
                  .process = set.process > 0 ? set.process : 0,
                  .events = {.command = set.command}},
        .form = set.json         ? SW_BESIDE_JSON
                : set.prometheus ? SW_BESIDE_PROMETHEUS
                                 : SW_BESIDE_TEXT,
        .once = set.once,
        .quiet = set.quiet,
        .interval_s = set.interval,
        .output = set.output,
        .metrics = set.metrics,
        .terminal_kind = getenv("TERM"),
        .say = sw_say};
    return sw_beside_run(&beside, error);
}

/* Options of the one mode do not go with the other. */
static bool check_mode(const struct sw_command_line *line, struct sw_error *error)
{
    bool of_run = set.once || set.json || set.prometheus || set.output || set.metrics ||
                  set.command || set.workers || set.limit >= 0 || set.root || set.now >= 0 ||
                  set.quiet || set.delay >= 0 || set.process >= 0;
    bool metered = set.size.bytes || set.rows >= 0 || set.label;
    if (set.run && (metered || set.disarm || line->operand_count))
        return sw_fail(error, SW_USAGE,
                       "--run takes no files, --size, --rows, --label or --disarm");
    if (!set.run && of_run)
        return sw_fail(error, SW_USAGE,
                       "in a pipe there are only --size, --rows, --label, --interval and --disarm");
    return !set.disarm || (!metered && set.interval < 0) ||
           sw_fail(error, SW_USAGE, "--disarm: not with --size, --rows, --label or --interval");
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (!check_mode(line, error)) return false;
    if (set.interval == 0 || set.interval > 86400)
        return sw_fail(error, SW_USAGE, "--interval: not from 1 to 86400 seconds: '%lld'",
                       (long long)set.interval);
    if (set.limit == 0 || set.limit > 100)
        return sw_fail(error, SW_USAGE, "--memory-limit: not from 1 to 100 percent: '%lld'",
                       (long long)set.limit);
    if (set.delay > 86400)
        return sw_fail(error, SW_USAGE, "--delay: not from 0 to 86400 seconds: '%lld'",
                       (long long)set.delay);
    if (set.process == 0)
        return sw_fail(error, SW_USAGE, "--process: not the number of a process: '0'");
    if (set.quiet && (set.once || set.json || set.prometheus || set.output))
        return sw_fail(error, SW_USAGE, "--quiet: not with --once, --json, --prometheus or -o");
    if (set.now > INT64_MAX / SW_US_PER_SECOND)
        return sw_fail(error, SW_USAGE, "--now: out of range: '%lld'", (long long)set.now);
    if (set.json && set.prometheus)
        return sw_fail(error, SW_USAGE, "--json and --prometheus: only one of them");
    if (set.once && set.workers)
        return sw_fail(error, SW_USAGE, "--adjust-workers: not with --once");
    if (set.root && !sw_tree_has(set.root, "/."))
        return sw_fail_errno(error, "--root: %s", set.root);
    return true;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    if (!check(line, error)) return false;
    return set.run ? run_beside(error) : run_pipe(line, error);
}

static const struct sw_program program = {
    "sw-monitor",
    "meters a pipe; watches a run of pipelines and adjusts its workers",
    "[--size SIZE | --rows N] [--label TEXT] [--interval SECONDS] [FILE…]\n"
    "--disarm [FILE…]\n"
    "--run OUT [--once] [--json | --prometheus] [-o FILE] [--interval SECONDS] [--metrics FILE] "
    "[--quiet] [--delay SECONDS] [--process ID] [--on-event CMD] "
    "[--adjust-workers FILE] [--memory-limit PERCENT]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
