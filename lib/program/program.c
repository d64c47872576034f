/* SPDX-License-Identifier: ISC */
#include "program/program.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/output.h"
#include "base/shown_text.h"

enum { SAID_LENGTH = 2048 };

static const struct sw_program *running;

/* A file opened in place of a closed standard descriptor would receive what is meant for that one. They are filled with
 * /dev/null, opened the wrong way round so that using one is an error and not a silence. */
static void fill_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0) {
            int filled = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
            (void)filled; /* the lowest free number is fd; on failure its use fails as well */
        }
}

/* In one write, so that lines of several programs do not mix. */
static void SW_PRINTF(1, 0) say(const char *format, va_list arguments)
{
    struct sw_buffer shown = {0};
    struct sw_error error = {0};
    char *line = NULL;
    int length = vasprintf(&line, format, arguments);
    if (length >= 0 && sw_shown_add(&shown, line, (size_t)length, false, &error))
        fprintf(stderr, "%s: %.*s\n", running->name, (int)shown.length, (char *)shown.bytes);
    else
        fprintf(stderr, "%s: no memory for a message\n", running->name);
    if (length >= 0) free(line);
    sw_buffer_free(&shown);
}

void sw_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

void sw_say_to_eyes(const char *format, ...)
{
    va_list arguments;
    if (!isatty(STDERR_FILENO)) return;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

void sw_say_once(const char *message)
{
    static char said[SAID_LENGTH]; /* of longer ones the beginning */
    if (*said && strncmp(said, message, sizeof said - 1) == 0) return;
    snprintf(said, sizeof said, "%s", message);
    sw_say("%s", message);
}

void sw_say_place(const char *text, const char *mark)
{
    sw_say("%s", text);
    sw_say("%s", mark);
}

static bool usage(const struct sw_program *program, struct sw_buffer *out, struct sw_error *error)
{
    const char *line = program->synopsis;
    const char *lead = "usage:";
    while (*line) {
        char form[512];
        int length = (int)strcspn(line, "\n"), indent = 8 + (int)strlen(program->name);
        snprintf(form, sizeof form, "%.*s", length, line);
        if (!sw_buffer_format(out, error, "%-6s %s ", lead, program->name) ||
            !sw_options_wrap(form, indent, indent, out, error))
            return false;
        lead = "";
        line += length + (line[length] == '\n');
    }
    char last[256];
    snprintf(last, sizeof last,
             "Exit status: 0 done, 1 wrong data, 2 wrong usage, 3 the system failed. See %s(1), "
             "sw(7).",
             program->name);
    return sw_buffer_format(out, error, "%s: %s\n\n", program->name, program->purpose) &&
           sw_options_help(program->options, out, error) && sw_buffer_text(out, "\n", error) &&
           sw_options_wrap(last, 0, 0, out, error);
}

static bool help_text(const struct sw_program *program, const char *format, struct sw_buffer *out,
                      struct sw_error *error)
{
    if (!format) return usage(program, out, error);
    if (strcmp(format, "mdoc") == 0) return sw_options_mdoc(program->options, out, error);
    return sw_fail(error, SW_USAGE, "--help: not mdoc: '%s'", format);
}

static bool answer(const struct sw_program *program, const struct sw_command_line *line,
                   struct sw_error *error)
{
    struct sw_buffer text = {0};
    struct sw_output output;
    bool good = line->help ? help_text(program, line->help_format, &text, error)
                           : sw_buffer_format(&text, error, "%s %s\n", program->name, SW_VERSION);
    if (good && (good = sw_output_open(&output, NULL, error)))
        good = sw_output_write(&output, text.bytes, text.length, error) &&
               sw_output_close(&output, error);
    sw_buffer_free(&text);
    return good;
}

static int ended(bool good, const struct sw_error *error)
{
    if (good) return SW_DONE;
    sw_say("%s", error->message);
    return error->status == SW_DONE ? SW_SYSTEM : (int)error->status;
}

/* A closed pipe ends a program; and who ignores SIGCHLD is told nothing of the processes that it has begun. */
static void take_usual_signals(void)
{
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
}

int sw_main(const struct sw_program *program, int argc, char **argv)
{
    struct sw_error error = {0};
    struct sw_command_line line;
    running = program;
    take_usual_signals();
    fill_standard_descriptors();
    bool good = sw_options_parse(program->options, argc, argv, &line, &error);
    if (good)
        good = line.help || line.version ? answer(program, &line, &error)
                                         : program->run(&line, &error);
    return ended(good, &error);
}

int sw_front(const char *name, int argc, char **argv,
             bool (*run)(int count, char **words, struct sw_error *error))
{
    static struct sw_program front;
    struct sw_error error = {0};
    front.name = name;
    running = &front;
    take_usual_signals();
    fill_standard_descriptors();
    return ended(run(argc > 0 ? argc - 1 : 0, argv + 1, &error), &error);
}

bool sw_program_provenance(struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_format(out, error, "%s %s", running->name, SW_VERSION) &&
           sw_options_given(running->options, out, error);
}

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

const char *sw_program_directory(struct sw_error *error)
{
    static char self[PATH_MAX - 32];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        sw_fail_errno(error, "/proc/self/exe");
        return NULL;
    }
    self[length] = 0;
    char *slash = strrchr(self, '/');
    if (slash) *slash = 0;
    return self;
}

const char *sw_share_directory(struct sw_error *error)
{
    static char path[PATH_MAX];
    static const char *const places[] = {"/../share/sw", "/../share"};
    char probe[PATH_MAX];
    const char *self = sw_program_directory(error);
    if (!self) return NULL;
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s%s", self, places[i]);
        snprintf(probe, sizeof probe, "%.*s/schemas", PATH_MAX - 16, path);
        if (is_directory(probe)) return path;
    }
    sw_fail(error, SW_SYSTEM, "%s/../share/sw/schemas: not there; is the suite installed whole?",
            self);
    return NULL;
}

const char *sw_temporary_directory(const char *said)
{
    const char *environment = getenv("TMPDIR");
    if (said) return said;
    return environment && *environment ? environment : "/tmp";
}

void sw_tell_wrong_order(const struct sw_error *failure, const char *path)
{
    char line[sizeof failure->about + 1];
    struct sw_error error = {0};
    if (!path || !*failure->about) return;
    int length = snprintf(line, sizeof line, "%s\n", failure->about);
    if (!sw_output_file(path, line, (size_t)length, &error)) sw_say("%s", error.message);
}
