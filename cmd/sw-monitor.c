/* SPDX-License-Identifier: ISC
 *
 * sw-monitor: in a pipe, passes bytes on unchanged and shows how many, how fast and how far, or
 * passes text on as a terminal may have it; beside a run of pipelines, shows every stage of it,
 * tells of ends, and adjusts the workers to the memory there is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/input.h"
#include "files/output.h"
#include "program/program.h"
#include "base/shown_text.h"
#include "host/tree.h"
#include "monitor/account.h"
#include "monitor/amount.h"
#include "monitor/metered.h"
#include "monitor/picture.h"
#include "monitor/screen.h"
#include "monitor/watch.h"

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

/* How much of a text ends with a whole character, where more is to come. */
static size_t whole_characters(const char *text, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)text[length - back];
        if (byte < 0x80) break;
        if (byte >= 0xc0) return length - back;
    }
    return length;
}

static char piece[65536];

static bool disarm_input(struct sw_input *input, struct sw_output *output, struct sw_buffer *shown,
                         struct sw_error *error)
{
    size_t got = 1, kept = 0;
    while (got > 0) {
        if (!sw_input_read_some(input, piece + kept, sizeof piece - kept, &got, error))
            return false;
        size_t length = kept + got, taken = got > 0 ? whole_characters(piece, length) : length;
        shown->length = 0;
        if (!sw_shown_add(shown, piece, taken, true, error) ||
            !sw_output_write(output, shown->bytes, shown->length, error))
            return false;
        kept = length - taken;
        memmove(piece, piece + taken, kept);
    }
    return true;
}

static bool copy_input(struct sw_input *input, struct sw_output *output, struct sw_error *error)
{
    size_t got;
    do {
        if (!sw_input_read(input, piece, sizeof piece, &got, error) ||
            !sw_output_write(output, piece, got, error))
            return false;
    } while (got == sizeof piece);
    return true;
}

/* Text as a terminal may have it, or bytes as gzip. */
static bool change(const char *const *names, size_t count, struct sw_error *error)
{
    struct sw_buffer shown = {0};
    struct sw_output output;
    if (!sw_output_open(&output, NULL, error)) return false;
    bool good = !set.gzip || sw_output_compress(&output, error);
    for (size_t i = 0; good && i < count; i++) {
        struct sw_input input;
        good = sw_input_open(&input, names[i], error);
        if (!good) break;
        good = set.gzip ? copy_input(&input, &output, error)
                        : disarm_input(&input, &output, &shown, error);
        sw_input_close(&input);
    }
    sw_buffer_free(&shown);
    return sw_output_end(&output, good, error);
}

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
    return set.disarm || set.gzip ? change(names, count, error)
                                  : sw_metered_pass(&how, names, count, error);
}

static struct sw_screen screen;
static bool on_screen;

static bool add_picture(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                        struct sw_error *error)
{
    if (set.json) return sw_picture_json(snapshot, out, error);
    if (set.prometheus) return sw_picture_prometheus(snapshot, out, error);
    if (set.once || set.output) return sw_picture_text(snapshot, 0, out, error);
    return sw_picture_line(snapshot, out, error);
}

/* A file is replaced by each picture; standard output has one after the other. */
static bool write_picture(const struct sw_buffer *text, bool last, struct sw_error *error)
{
    static struct sw_output output;
    static bool is_open;
    if (!is_open && !sw_output_open(&output, set.output, error)) return false;
    is_open = !last && !set.output;
    if (sw_output_write(&output, text->bytes, text->length, error) &&
        (is_open ? sw_output_flush(&output, error) : sw_output_close(&output, error)))
        return true;
    sw_output_abandon(&output);
    return is_open = false;
}

static bool show_text(const struct sw_snapshot *snapshot, bool last, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = add_picture(snapshot, &text, error) && write_picture(&text, last, error);
    sw_buffer_free(&text);
    return good;
}

static bool show_screen(const struct sw_snapshot *snapshot, const char *said,
                        struct sw_error *error)
{
    struct sw_buffer text = {0};
    size_t rows = screen.rows > 2 ? (size_t)screen.rows - (*said ? 2 : 0) : 1;
    bool good = sw_picture_text(snapshot, rows, &text, error) &&
                (!*said || sw_buffer_format(&text, error, "\n%s\n", said)) &&
                sw_screen_draw(&screen, (const char *)text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool show(const struct sw_snapshot *snapshot, const char *said, struct sw_error *error)
{
    if (on_screen) return show_screen(snapshot, said, error);
    if (*said) sw_say("%s", said);
    if (set.quiet) return true;
    return show_text(snapshot, false, error);
}

/* The account goes where the user says; else into the run's folder when the run is over, unless one
 * of this run is there already: who watched it from its beginning knows more. */
static bool write_account(const struct sw_watch *watch, struct sw_error *error)
{
    char path[4096];
    struct stat about;
    if (set.metrics) return sw_account_write(&watch->snapshot, set.metrics, error);
    if (watch->ended_by_signal || watch->run.stage_count == 0) return true;
    if (snprintf(path, sizeof path, "%s/metrics.json", watch->run.folder) >= (int)sizeof path)
        return sw_fail(error, SW_SYSTEM, "%s: the name is too long", watch->run.folder);
    if (stat(path, &about) == 0 && about.st_mtim.tv_sec >= watch->run.begin_us / SW_US_PER_SECOND)
        return true;
    return sw_account_write(&watch->snapshot, path, error);
}

/* What the exit status says of the run. */
static bool judge(const struct sw_watch *watch, struct sw_error *error)
{
    struct sw_progress all;
    sw_progress_run(&watch->run, watch->snapshot.now_us, &all);
    if (watch->events.failed)
        sw_say("--on-event: %llu of %llu calls failed", (unsigned long long)watch->events.failed,
               (unsigned long long)watch->events.called);
    if (set.process >= 0) return true; /* the pipeline itself says what became of it */
    if (all.failed)
        return sw_fail(error, SW_DATA, "%s: %llu of %llu jobs failed", watch->output,
                       (unsigned long long)all.failed, (unsigned long long)all.jobs);
    if (watch->snapshot.state == SW_RUN_FAILED)
        return sw_fail(error, SW_DATA, "%s: the run failed", watch->output);
    if (watch->snapshot.state == SW_RUN_GONE && !set.once)
        return sw_fail(error, SW_SYSTEM,
                       "%s: the run is gone: it is not complete, and no process of it is left",
                       watch->output);
    return true;
}

/* What stays on a terminal is the whole picture; with a delay a line, if anything was shown. */
static bool show_last(const struct sw_watch *watch, struct sw_error *error)
{
    if (set.quiet || (set.delay > 0 && watch->shown_us == 0)) return true;
    if (on_screen && set.delay <= 0) set.once = true;
    return show_text(&watch->snapshot, true, error);
}

static bool watch_on(struct sw_watch *watch, struct sw_error *error)
{
    on_screen = !set.once && !set.json && !set.prometheus && !set.output && !set.quiet &&
                sw_screen_open(&screen, STDOUT_FILENO, getenv("TERM"), true);
    watch->interval_us = (set.interval > 0 ? set.interval : on_screen ? 1 : 10) * SW_US_PER_SECOND;
    watch->events.silent = on_screen;
    bool good = sw_watch_on(watch, error);
    sw_screen_close(&screen);
    return good && write_account(watch, error) && show_last(watch, error);
}

static bool run_beside(struct sw_error *error)
{
    struct sw_watch watch = {.output = set.run,
                             .root = set.root ? set.root : "",
                             .workers_file = set.workers,
                             .limit_permille = set.limit > 0 ? 10 * (unsigned)set.limit : 0,
                             .now_us = set.now > 0 ? set.now * SW_US_PER_SECOND : 0,
                             .delay_us = set.delay > 0 ? set.delay * SW_US_PER_SECOND : 0,
                             .process = set.process > 0 ? set.process : 0,
                             .events = {.command = set.command},
                             .show = show};
    bool once = set.once || ((set.json || set.prometheus) && set.interval < 0);
    bool good = sw_watch_open(&watch, error);
    if (good && once)
        good = sw_watch_once(&watch, error) && show_text(&watch.snapshot, true, error) &&
               (!set.metrics || sw_account_write(&watch.snapshot, set.metrics, error));
    else if (good)
        good = watch_on(&watch, error);
    good = good && judge(&watch, error);
    return sw_watch_close(&watch, error) && good;
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
