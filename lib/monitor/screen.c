/* SPDX-License-Identifier: ISC */
#include "monitor/screen.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/shown.h"

/* The alternate screen, no cursor; and back. */
static const char enter[] = "\033[?1049h\033[?25l", leave[] = "\033[?25h\033[?1049l";

/* The terminal to be left, for the handler; -1: none. */
static volatile sig_atomic_t left_fd = -1;

static void emit(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t count = write(fd, at, length);
        if (count <= 0) return; /* a picture, not data: the next one is drawn in full */
        at += count;
        length -= (size_t)count;
    }
}

static void leave_and_end(int number)
{
    if (left_fd >= 0) emit((int)left_fd, leave, sizeof leave - 1);
    signal(number, SIG_DFL);
    raise(number);
}

/* Signals that the program handles itself, or that were ignored from the start, stay as they are.
 */
static void catch_signals(void)
{
    static const int ending[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGPIPE};
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction now, wanted = {.sa_handler = leave_and_end};
        if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            (void)sigaction(ending[i], &wanted, NULL);
    }
}

static void measure(struct sw_screen *screen)
{
    struct winsize size;
    if (ioctl(screen->fd, TIOCGWINSZ, &size) != 0) size = (struct winsize){0};
    screen->columns = size.ws_col > 0 ? size.ws_col : 80;
    screen->rows = size.ws_row > 0 ? size.ws_row : 24;
}

bool sw_screen_open(struct sw_screen *screen, int fd, const char *kind, bool whole)
{
    *screen = (struct sw_screen){.fd = -1, .whole = whole};
    if (!isatty(fd) || !kind || !*kind || strcmp(kind, "dumb") == 0) return false;
    screen->fd = fd;
    measure(screen);
    if (screen->columns < SW_SCREEN_NARROWEST) {
        screen->fd = -1;
        return false;
    }
    return true;
}

static void enter_screen(const struct sw_screen *screen)
{
    left_fd = screen->fd;
    catch_signals();
    emit(screen->fd, enter, sizeof enter - 1);
}

/* One line, cut to the screen, whose last column stays free: a cursor after it would wrap or erase
 * it. A character counts as a column, one that is escaped as so many as it becomes. */
static bool add_line(const struct sw_screen *screen, const char *text, size_t length,
                     struct sw_buffer *out, struct sw_error *error)
{
    char shown[SW_SHOWN_MAXIMUM];
    size_t columns = 0, most = (size_t)screen->columns - 1;
    for (size_t at = 0, here; at < length; at += here) {
        size_t count = sw_shown_character(shown, text + at, length - at, &here);
        columns += sw_is_showable(text + at, length - at, &here) ? 1 : count;
        if (columns > most) break;
        if (!sw_buffer_add(out, shown, count, error)) return false;
    }
    return sw_buffer_text(out, "\033[K", error);
}

static bool add_screen(const struct sw_screen *screen, const char *text, size_t length,
                       struct sw_buffer *out, struct sw_error *error)
{
    bool good = sw_buffer_text(out, "\033[H", error);
    for (int row = 0; good && length > 0 && row < screen->rows; row++) {
        const char *newline = memchr(text, '\n', length);
        size_t here = newline ? (size_t)(newline - text) : length;
        good = (row == 0 || sw_buffer_text(out, "\r\n", error)) &&
               add_line(screen, text, here, out, error);
        size_t taken = here + (newline != NULL);
        text += taken;
        length -= taken;
    }
    return good && sw_buffer_text(out, "\033[J", error);
}

bool sw_screen_draw(struct sw_screen *screen, const char *text, size_t length,
                    struct sw_error *error)
{
    struct sw_buffer out = {0};
    measure(screen);
    bool good = screen->whole ? add_screen(screen, text, length, &out, error)
                              : sw_buffer_text(&out, "\r", error) &&
                                    add_line(screen, text, length, &out, error);
    if (good && screen->whole && !screen->drawn) enter_screen(screen);
    if (good) emit(screen->fd, out.bytes, out.length);
    screen->drawn |= good;
    sw_buffer_free(&out);
    return good;
}

void sw_screen_close(struct sw_screen *screen)
{
    if (screen->fd < 0) return;
    if (screen->drawn)
        emit(screen->fd, screen->whole ? leave : "\n", screen->whole ? sizeof leave - 1 : 1);
    left_fd = -1;
    screen->fd = -1;
}
