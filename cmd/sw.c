/* SPDX-License-Identifier: ISC
 *
 * sw: the programs and pipelines of the suite under one name. `sw COMMAND …` becomes sw-COMMAND of
 * the folder that sw itself lies in, or the pipeline of that name; `sw help COMMAND` opens its
 * page.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "config/keys.h"
#include "files/output.h"
#include "program/program.h"

struct command {
    const char *name; /* NULL: the name of a group stands in `does` */
    const char *does;
    bool pipeline;
};

static const struct command commands[] = {
    {NULL, "From files of any size to answers, on all cores", false},
    {"report", "every standard report over order, trade or quote files", true},
    {"extract", "the selected rows of many files as one, in file order", true},
    {"convert", "files to one small, indexed record stream", true},
    {"analyse", "how orders were executed, and what a dark pool would have cost", true},
    {"match", "whether the dark book would have filled what sweeps took on the lit one", true},
    {"sweep", "all that a sweep.conf says", true},
    {"slurm", "a run as an array job of a cluster", true},
    {"page", "a page of a run's results to look at", false},
    {"compare-runs", "two runs beside each other, value by value", false},
    {NULL, "Record streams from files, and back", false},
    {"chunk", "CSV to records; the byte ranges that divide a file", false},
    {"cut", "records to CSV, TSV, JSON lines, Parquet, Arrow", false},
    {"optimize", "a record stream as small as it goes, with an index", false},
    {"info", "what a record stream holds, whether it is whole, its digest", false},
    {NULL, "Select, sort, count", false},
    {"filter", "the rows that selectors and an expression choose", false},
    {"sort", "records in order, or sorted streams merged", false},
    {"join", "rows with or without a partner in another stream", false},
    {"split", "one file per security, date or other key", false},
    {"agg", "groups and measures", false},
    {NULL, "Orders and markets", false},
    {"classify", "order events and trades to one record per executed order", false},
    {"metrics", "execution metrics of classified orders", false},
    {"simulate", "what classified orders would have cost in a dark pool", false},
    {"tca", "what each order cost: transaction cost analysis", false},
    {"compare", "what orders really cost, against a simulation", false},
    {"study", "all of these for a range of securities, in one process", false},
    {"gen", "made-up orders, trades and quotes, from a seed", false},
    {NULL, "Machines and runs", false},
    {"monitor", "a picture of a run, or of a pipe", false},
    {"conf", "check and show a sweep.conf", false},
    {"plan", "what a run has to know of its inputs", false},
    {"job", "a job that may be tried again, or has a time limit", false},
    {"ledger", "what a run has found and counted", false},
    {"hwinfo", "what this machine has, and the workers that fit it", false},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static bool list(struct sw_buffer *out, struct sw_error *error)
{
    if (!sw_buffer_text(out,
                        "usage: sw COMMAND [ARGUMENT]…\n"
                        "       sw help [COMMAND]\n"
                        "       sw --version\n",
                        error))
        return false;
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct command *command = &commands[i];
        if (!(command->name
                  ? sw_buffer_format(out, error, "  %-9s  %s\n", command->name, command->does)
                  : sw_buffer_format(out, error, "\n%s:\n", command->does)))
            return false;
    }
    return sw_buffer_text(out,
                          "\n`sw COMMAND --help` has a command's options, `sw help COMMAND` its "
                          "page, `man 7 sw` the map.\n",
                          error);
}

static bool print(bool (*fill)(struct sw_buffer *, struct sw_error *), struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = fill(&text, error) && sw_output_file(NULL, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool version(struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_format(out, error, "sw %s\n", SW_VERSION);
}

/* ---- which command ---- */

static bool names_of_all(struct sw_buffer *names, struct sw_error *error)
{
    if (!sw_buffer_text(names, "help", error)) return false;
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].name && !sw_buffer_format(names, error, ",%s", commands[i].name))
            return false;
    return sw_buffer_add(names, "", 1, error);
}

static bool refuse(const char *word, struct sw_error *error)
{
    struct sw_buffer names = {0};
    size_t length;
    if (!names_of_all(&names, error)) return false;
    const char *near = sw_nearest(word, (const char *)names.bytes, &length);
    if (near)
        sw_fail(error, SW_USAGE, "no command '%s'; is '%.*s' meant?", word, (int)length, near);
    else
        sw_fail(error, SW_USAGE, "no command '%s'; `sw` lists them", word);
    sw_buffer_free(&names);
    return false;
}

/* By its name, or by its program's ("sw-chunk"). */
static const struct command *find(const char *word, struct sw_error *error)
{
    const char *name = strncmp(word, "sw-", 3) == 0 ? word + 3 : word;
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].name && strcmp(commands[i].name, name) == 0) return &commands[i];
    refuse(word, error);
    return NULL;
}

/* ---- becoming it ---- */

/* Appends DIRECTORY, which ends in a NUL, WHAT and NAME, and a NUL. */
static bool path_of(struct sw_buffer *path, const char *directory, const char *what,
                    const char *name, struct sw_error *error)
{
    path->length = 0;
    return sw_buffer_format(path, error, "%s/%s%s", directory, what, name) &&
           sw_buffer_add(path, "", 1, error);
}

/* The first that is there of the places of a work tree and of an installed suite. */
static bool locate(const char *const *places, const char *name, int mode, struct sw_buffer *path,
                   struct sw_error *error)
{
    const char *directory = sw_program_directory(error);
    if (!directory) return false;
    for (; *places; places++) {
        if (!path_of(path, directory, *places, name, error)) return false;
        if (access((const char *)path->bytes, mode) == 0) return true;
    }
    return false;
}

static bool become(const struct command *command, char **arguments, struct sw_error *error)
{
    static const char *const programs[] = {"sw-", NULL};
    static const char *const pipelines[] = {"../libexec/sw/pipelines/", "../pipelines/", NULL};
    struct sw_buffer path = {0};
    if (locate(command->pipeline ? pipelines : programs, command->name, X_OK, &path, error)) {
        arguments[0] = (char *)path.bytes;
        execv(arguments[0], arguments);
        sw_fail_errno(error, "%s", arguments[0]);
    } else if (error->status == SW_DONE)
        sw_fail(error, SW_SYSTEM, "%s%s: not there; is the suite installed whole?",
                command->pipeline ? "pipelines/" : "sw-", command->name);
    sw_buffer_free(&path);
    return false;
}

/* Its page; where there is no page, or no program that shows pages, its --help. */
static bool open_page(const struct command *command, struct sw_error *error)
{
    static const char *const pages[] = {"../share/man/man1/sw-", "../build/man/sw-", NULL};
    static char help[] = "--help", man[] = "man", local[] = "-l";
    struct sw_buffer path = {0}, name = {0};
    bool good =
        sw_buffer_format(&name, error, "%s.1", command->name) && sw_buffer_add(&name, "", 1, error);
    if (good && locate(pages, (const char *)name.bytes, R_OK, &path, error))
        execvp(man, (char *[]){man, local, (char *)path.bytes, NULL});
    sw_buffer_free(&path);
    sw_buffer_free(&name);
    if (!good || error->status != SW_DONE) return false;
    return become(command, (char *[]){NULL, help, NULL}, error);
}

static bool help(int count, char **words, struct sw_error *error)
{
    if (count == 0) return print(list, error);
    if (count > 1) return sw_fail(error, SW_USAGE, "help: one command at a time: '%s'", words[1]);
    const struct command *command = find(words[0], error);
    return command && open_page(command, error);
}

static bool dispatch(int count, char **words, struct sw_error *error)
{
    if (count == 0) return print(list, error);
    if (strcmp(words[0], "help") == 0) return help(count - 1, words + 1, error);
    if (strcmp(words[0], "--help") == 0 && count == 1) return print(list, error);
    if (strcmp(words[0], "--version") == 0 && count == 1) return print(version, error);
    if (words[0][0] == '-')
        return sw_fail(error, SW_USAGE, "'%s': a command comes first; `sw` lists them", words[0]);
    const struct command *command = find(words[0], error);
    return command && become(command, words, error);
}

int main(int argc, char **argv)
{
    return sw_front("sw", argc, argv, dispatch);
}
