/* SPDX-License-Identifier: ISC */
#include "monitor/beside.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/output.h"
#include "monitor/account.h"
#include "monitor/amount.h"
#include "monitor/picture.h"
#include "monitor/screen.h"

/* The one that watches; its shows are called back. */
static struct sw_beside *here;
static struct sw_screen screen;
static bool on_screen;

static bool add_picture(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                        struct sw_error *error)
{
    if (here->form == SW_BESIDE_JSON) return sw_picture_json(snapshot, out, error);
    if (here->form == SW_BESIDE_PROMETHEUS) return sw_picture_prometheus(snapshot, out, error);
    if (here->once || here->output)
        return sw_picture_text(
            snapshot, (struct sw_picture_room){screen.columns > 0 ? (size_t)screen.columns : 0, 0},
            out, error);
    return sw_picture_line(snapshot, out, error);
}

/* A file is replaced by each picture; standard output has one after the other. */
static bool write_picture(const struct sw_buffer *text, bool last, struct sw_error *error)
{
    static struct sw_output output;
    static bool is_open;
    if (!is_open && !sw_output_open(&output, here->output, error)) return false;
    is_open = !last && !here->output;
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
    struct sw_picture_room room = {(size_t)screen.columns,
                                   screen.rows > 2 ? (size_t)screen.rows - (*said ? 2 : 0) : 1};
    bool good = sw_picture_text(snapshot, room, &text, error) &&
                (!*said || sw_buffer_format(&text, error, "\n%s\n", said)) &&
                sw_screen_draw(&screen, (const char *)text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool show(const struct sw_snapshot *snapshot, const char *said, struct sw_error *error)
{
    if (on_screen) return show_screen(snapshot, said, error);
    if (*said) here->say("%s", said);
    if (here->quiet) return true;
    return show_text(snapshot, false, error);
}

/* The account goes where the user says; else into the run's folder when the run is over, unless one
 * of this run is there already: who watched it from its beginning knows more. */
static bool write_account(const struct sw_run_watch *watch, struct sw_error *error)
{
    char path[4096];
    struct stat about;
    if (here->metrics) return sw_account_write(&watch->snapshot, here->metrics, error);
    if (watch->ended_by_signal || watch->run.stage_count == 0) return true;
    if (snprintf(path, sizeof path, "%s/metrics.json", watch->run.folder) >= (int)sizeof path)
        return sw_fail(error, SW_SYSTEM, "%s: the name is too long", watch->run.folder);
    if (stat(path, &about) == 0 && about.st_mtim.tv_sec >= watch->run.begin_us / SW_US_PER_SECOND)
        return true;
    return sw_account_write(&watch->snapshot, path, error);
}

/* What the exit status says of the run. */
static bool judge(const struct sw_run_watch *watch, struct sw_error *error)
{
    struct sw_progress all;
    sw_progress_run(&watch->run, watch->snapshot.now_us, &all);
    if (watch->events.failed)
        here->say("--on-event: %llu of %llu calls failed", (unsigned long long)watch->events.failed,
                  (unsigned long long)watch->events.called);
    if (here->watch.process > 0) return true; /* the pipeline itself says what became of it */
    if (all.failed)
        return sw_fail(error, SW_DATA, "%s: %llu of %llu jobs failed", watch->output,
                       (unsigned long long)all.failed, (unsigned long long)all.jobs);
    if (watch->snapshot.state == SW_RUN_FAILED)
        return sw_fail(error, SW_DATA, "%s: the run failed", watch->output);
    if (watch->snapshot.state == SW_RUN_GONE && !here->once)
        return sw_fail(error, SW_SYSTEM,
                       "%s: the run is gone: it is not complete, and no process of it is left",
                       watch->output);
    return true;
}

/* What stays on a terminal is the whole picture; with a delay a line, if anything was shown. */
static bool show_last(const struct sw_run_watch *watch, struct sw_error *error)
{
    if (here->quiet || (here->watch.delay_us > 0 && watch->shown_us == 0)) return true;
    if (on_screen && here->watch.delay_us <= 0) here->once = true;
    return show_text(&watch->snapshot, true, error);
}

static bool watch_on(struct sw_run_watch *watch, struct sw_error *error)
{
    on_screen = !here->once && here->form == SW_BESIDE_TEXT && !here->output && !here->quiet &&
                sw_screen_open(&screen, STDOUT_FILENO, here->terminal_kind, true);
    watch->interval_us = (here->interval_s > 0 ? here->interval_s
                          : on_screen          ? 1
                                               : 10) *
                         SW_US_PER_SECOND;
    watch->events.silent = on_screen;
    bool good = sw_watch_on(watch, error);
    sw_screen_close(&screen);
    return good && write_account(watch, error) && show_last(watch, error);
}

bool sw_beside_run(struct sw_beside *beside, struct sw_error *error)
{
    here = beside;
    struct sw_run_watch *watch = &beside->watch;
    watch->show = show;
    bool once = here->once || (here->form != SW_BESIDE_TEXT && here->interval_s < 0);
    bool good = sw_watch_open(watch, error);
    if (good && once)
        good = sw_watch_once(watch, error) && show_text(&watch->snapshot, true, error) &&
               (!here->metrics || sw_account_write(&watch->snapshot, here->metrics, error));
    else if (good)
        good = watch_on(watch, error);
    good = good && judge(watch, error);
    return sw_watch_close(watch, error) && good;
}
