/* SPDX-License-Identifier: ISC */
#include "page/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/shown.h"
#include "files/input.h"
#include "files/scratch.h"
#include "page/html.h"

/* ---- labels ---- */

/* How many bytes of a label are drawn; *characters is how many characters these are. */
static size_t drawn_length(const char *label, size_t *characters)
{
    size_t length = strlen(label), at = 0;
    for (*characters = 0; at < length && *characters < SW_PAGE_LABEL_MAXIMUM; ++*characters) {
        size_t taken;
        (void)sw_is_showable(label + at, length - at, &taken);
        at += taken;
    }
    return at;
}

bool sw_page_label_word(struct sw_buffer *script, size_t number, const char *label,
                        struct sw_error *error)
{
    size_t characters;
    (void)drawn_length(label, &characters);
    bool good = sw_buffer_format(script, error, "K%05zu", number);
    for (size_t i = 6; good && i < characters; i++) good = sw_buffer_text(script, ".", error);
    return good;
}

/* Labels stand in one line: what is no plain character is shown as it is on a terminal. */
static bool put_label(const char *label, struct sw_buffer *out, struct sw_error *error)
{
    size_t characters, length = drawn_length(label, &characters), taken;
    char shown[SW_SHOWN_MAXIMUM];
    for (size_t at = 0; at < length; at += taken) {
        size_t count = sw_shown_character(shown, label + at, length - at, &taken);
        if (!sw_html_text(out, shown, count, error)) return false;
    }
    return !label[length] || sw_buffer_text(out, "\xe2\x80\xa6", error);
}

/* The label's number where text[0..left) begins with a word that stands for one, between two tags;
 * *length is the word's. */
static bool is_word(const char *text, size_t left, size_t *number, size_t *length)
{
    if (left < 7 || text[0] != 'K') return false;
    *number = 0;
    for (size_t i = 1; i < 6; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *number = *number * 10 + (size_t)(text[i] - '0');
    }
    for (*length = 6; *length < left && text[*length] == '.';) ++*length;
    return *length < left && text[*length] == '<';
}

/* ---- the picture, made fit for a page ---- */

/* What is left out (NULL), or gets the drawing's number after it: a page has several drawings, and
 * its names must differ. */
static const struct change {
    const char *what;
    const char *until; /* left out up to the end of this, too; NULL: only the word itself */
    bool named;
} changes[] = {
    {" xmlns=\"", "\"", false},
    {" xmlns:xlink=\"", "\"", false},
    {"<title>", "</title>", false},
    {"<desc>", "</desc>", false},
    {"<defs>\n\n\t<circle id='gpDot'", "</defs>",
     false}, /* signs for points, of which there are none */
    {"id='", NULL, true},
    {"id=\"", NULL, true},
    {"url(#", NULL, true},
    {"href='#", NULL, true},
};

static const struct change *change_at(const char *at, size_t left)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        size_t length = strlen(changes[i].what);
        if (length <= left && memcmp(at, changes[i].what, length) == 0) return &changes[i];
    }
    return NULL;
}

/* Half of all groups have nothing in them: the length of such a one, 0 for any other. */
static size_t empty_group(const char *at, size_t left)
{
    static const char group[] = "<g fill=\"none\"", end[] = ">\n</g>\n";
    if (left < sizeof group || memcmp(at, group, sizeof group - 1) != 0) return 0;
    const char *close = memchr(at, '>', left);
    size_t length = close ? (size_t)(close - at) + sizeof end - 1 : left + 1;
    return length <= left && memcmp(close, end, sizeof end - 1) == 0 ? length : 0;
}

/* How much of at[0..left) goes; 0: its end is not there. */
static size_t gone(const struct change *change, const char *at, size_t left)
{
    size_t begin = strlen(change->what);
    const char *end = memmem(at + begin, left - begin, change->until, strlen(change->until));
    return end ? (size_t)(end - at) + strlen(change->until) : 0;
}

/* Writes what at[0..left) begins with, and says how much of it that was. */
static bool put_next(const struct sw_page_drawing *drawing, const char *at, size_t left,
                     size_t *taken, struct sw_buffer *out, struct sw_error *error)
{
    size_t number;
    if ((*taken = empty_group(at, left)) > 0) return true;
    const struct change *change = change_at(at, left);
    *taken = change ? strlen(change->what) : 1;
    if (change && change->named)
        return sw_buffer_add(out, at, *taken, error) &&
               sw_buffer_format(out, error, "d%zu-", drawing->number);
    if (change && gone(change, at, left) > 0) return *taken = gone(change, at, left), true;
    if (at[-1] == '>' && is_word(at, left, &number, taken) && number < drawing->label_count)
        return put_label(drawing->labels[number], out, error);
    return sw_buffer_add(out, at, *taken, error);
}

static bool put_svg(const struct sw_page_drawing *drawing, const struct sw_buffer *svg,
                    struct sw_buffer *out, struct sw_error *error)
{
    const char *text = (const char *)svg->bytes, *end = text + svg->length;
    const char *at = memmem(text, svg->length, "<svg", 4);
    if (!at || at == text) return sw_fail(error, SW_SYSTEM, "%s: drew nothing", drawing->gnuplot);
    at += 4;
    bool good = sw_buffer_format(out, error, "<svg role=\"img\" aria-labelledby=\"figure-%zu\"",
                                 drawing->number);
    size_t taken;
    for (; good && at < end; at += taken)
        good = put_next(drawing, at, (size_t)(end - at), &taken, out, error);
    return good;
}

/* ---- running it ---- */

/* In the child: a script to read, a pipe to write to, and nothing of the surroundings. */
static void become(const char *gnuplot, int script, int to)
{
    static char defaults[] = "-d", locale[] = "LC_ALL=C", path[] = "PATH=/usr/bin:/bin";
    char *const surroundings[] = {locale, path, NULL};
    char *const words[] = {(char *)(uintptr_t)gnuplot, defaults, NULL};
    int null = open("/dev/null", O_WRONLY);
    if (lseek(script, 0, SEEK_SET) == 0 && dup2(script, STDIN_FILENO) >= 0 &&
        dup2(to, STDOUT_FILENO) >= 0 && null >= 0 && dup2(null, STDERR_FILENO) >= 0)
        execve(gnuplot, words, surroundings);
    _exit(127);
}

static bool read_all(int from, struct sw_buffer *text, struct sw_error *error)
{
    for (;;) {
        if (!sw_buffer_reserve(text, 65536, error)) return false;
        ssize_t got = read(from, text->bytes + text->length, 65536);
        if (got == 0) return true;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return sw_fail_errno(error, "gnuplot");
        text->length += (size_t)got;
    }
}

static bool wait_for(pid_t child, const char *gnuplot, struct sw_error *error)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return sw_fail_errno(error, "%s", gnuplot);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    return sw_fail(error, SW_SYSTEM, "%s: ended with %s %d", gnuplot,
                   WIFEXITED(status) ? "status" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

static bool run(const struct sw_page_drawing *drawing, int script, struct sw_buffer *svg,
                struct sw_error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return sw_fail_errno(error, "a pipe");
    pid_t child = fork();
    if (child == 0) become(drawing->gnuplot, script, ends[1]);
    close(ends[1]);
    bool good = child > 0 ? read_all(ends[0], svg, error) : sw_fail_errno(error, "a process");
    close(ends[0]);
    return child > 0 ? wait_for(child, drawing->gnuplot, error) && good : good;
}

bool sw_page_draw(const struct sw_page_drawing *drawing, struct sw_buffer *out,
                  struct sw_error *error)
{
    static const char terminal[] = "set terminal svg size 640,360 dynamic noenhanced "
                                   "font 'sans-serif,13' background 'white'\n";
    struct sw_scratch scratch = {0};
    struct sw_buffer svg = {0};
    bool good =
        sw_scratch_open(&scratch, drawing->temporary, error) &&
        sw_output_write(&scratch.output, terminal, sizeof terminal - 1, error) &&
        sw_output_write(&scratch.output, drawing->script->bytes, drawing->script->length, error) &&
        sw_output_flush(&scratch.output, error) && run(drawing, scratch.output.fd, &svg, error) &&
        put_svg(drawing, &svg, out, error);
    sw_buffer_free(&svg);
    sw_scratch_close(&scratch);
    return good;
}
