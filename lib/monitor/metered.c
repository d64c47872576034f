/* SPDX-License-Identifier: ISC */
#include "monitor/metered.h"

#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "files/output.h"
#include "monitor/amount.h"
#include "monitor/meter.h"
#include "monitor/screen.h"

/* A pass with what is shown of it; the pass stands first, so that its tick finds the rest. */
struct metered {
    struct sw_pass pass;
    const struct sw_metering *how;
    struct sw_meter meter;
    struct sw_screen screen;
    bool on_screen;
};

static volatile sig_atomic_t line_due;

static void make_due(int number)
{
    (void)number;
    line_due = 1;
}

/* A line that cannot be shown is no reason to stop what passes. */
static void show_line(struct metered *metered, bool whole)
{
    struct sw_error error = {0};
    struct sw_buffer line = {0};
    if (sw_meter_line(&metered->meter, &metered->pass, sw_clock_us(), whole, &line, &error)) {
        const char *text = (const char *)line.bytes;
        if (!metered->on_screen)
            metered->how->say("%.*s", (int)line.length, text);
        else if (!sw_screen_draw(&metered->screen, text, line.length, &error))
            metered->on_screen = false;
    }
    sw_buffer_free(&line);
}

static void tick(struct sw_pass *pass)
{
    show_line((struct metered *)pass, false);
}

static void start_clock(const struct sw_metering *how)
{
    struct sigaction on_alarm = {.sa_handler = make_due};
    time_t seconds = how->interval_s > 0 ? (time_t)how->interval_s : 1;
    const struct itimerval every = {{seconds, 0}, {seconds, 0}};
    (void)sigaction(SIGALRM, &on_alarm, NULL);
    (void)setitimer(ITIMER_REAL, &every, NULL); /* a signal that exists, times in range */
}

/* What files hold is known before; what else comes is not. */
static uint64_t size_of_all(const char *const *names, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat about;
        bool standard = strcmp(names[i], "-") == 0;
        if ((standard ? fstat(STDIN_FILENO, &about) : stat(names[i], &about)) != 0 ||
            !S_ISREG(about.st_mode))
            return 0;
        off_t from = standard ? lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
        sum += (uint64_t)(about.st_size > from ? about.st_size - from : 0);
    }
    return sum;
}

static bool pass_all(struct sw_pass *pass, const char *const *names, size_t count,
                     struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        struct sw_input input;
        if (!sw_input_open(&input, names[i], error)) return false;
        good = sw_pass_on(pass, &input, STDOUT_FILENO, "standard output", error);
        sw_input_close(&input);
    }
    if (good && close(STDOUT_FILENO) != 0) return sw_fail_errno(error, "standard output");
    return good;
}

bool sw_metered_pass(const struct sw_metering *how, const char *const *names, size_t count,
                     struct sw_error *error)
{
    struct metered metered = {.how = how};
    if (!sw_output_refuse_inputs(NULL, names, count, error)) return false;
    int64_t now_us = sw_clock_us();
    metered.meter =
        (struct sw_meter){.label = how->label,
                          .total_bytes = how->bytes ? how->bytes : size_of_all(names, count),
                          .total_said = how->bytes > 0,
                          .total_rows = how->rows,
                          .begin_us = now_us,
                          .last_us = now_us};
    metered.on_screen = sw_screen_open(&metered.screen, STDERR_FILENO, how->terminal_kind, false);
    bool shows = metered.on_screen || how->interval_s > 0;
    if (shows) {
        metered.pass.due = &line_due;
        metered.pass.tick = tick;
        start_clock(how);
    }
    bool good = pass_all(&metered.pass, names, count, error);
    if (shows) show_line(&metered, true);
    sw_screen_close(&metered.screen);
    sw_pass_free(&metered.pass);
    return good;
}
