/* SPDX-License-Identifier: ISC
 *
 * sw-conf: one run, one configuration. Checks it and names every mistake in one pass, shows what
 * holds and who said it, makes the words of a pipeline's command line of it, and lists its jobs.
 */
#include <string.h>
#include <unistd.h>

#include "files/output.h"
#include "program/program.h"
#include "base/shown_text.h"
#include "config/check.h"
#include "config/files.h"
#include "config/load.h"
#include "config/matrix.h"
#include "pipeline/pipeline.h"
#include "pipeline/shell_fields.h"
#include "pipeline/take.h"

static struct {
    const char *configuration, *format, *output, *pipeline, *except;
    bool nul, listed, separated;
} set;

static const struct sw_option options[] = {
    SW_OPTION('C', "configuration", "FILE", set.configuration,
              "the configuration, lines KEY = value or JSON; - is standard input"),
    SW_OPTION('f', "format", "FORMAT", set.format, "text (the default), sh, make or json"),
    SW_OPTION_WITH("show", 0, "arguments", "PIPELINE", set.pipeline,
                   "show: the words for report, analyse, extract, convert or match, for a shell"),
    SW_OPTION_WITH("--arguments", 0, "except", "KEY,…", set.except,
                   "with --arguments: leave out what these keys, options or letters say"),
    SW_OPTION_WITH("--arguments", 0, "null", NULL, set.nul,
                   "with --arguments: end each word with a NUL instead"),
    SW_OPTION_WITH("jobs", 0, "listed", NULL, set.listed,
                   "jobs: every listed security on every listed date, without reading files"),
    SW_OPTION_WITH("take", 0, "separated", NULL, set.separated,
                   "take: fields with a byte between them that none has, which comes first"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

typedef bool subcommand(struct sw_configuration *configuration, struct sw_buffer *out,
                        struct sw_error *error);

/* ---- subcommands ---- */

static bool check(struct sw_configuration *configuration, struct sw_buffer *out,
                  struct sw_error *error)
{
    const char *share = sw_share_directory(error);
    (void)out;
    return share && sw_configuration_check(configuration, share, error) &&
           sw_configuration_report(configuration, sw_say, error);
}

static bool show(struct sw_configuration *configuration, struct sw_buffer *out,
                 struct sw_error *error)
{
    const struct sw_arguments wanted = {set.pipeline, set.except, set.nul};
    return sw_configuration_words(configuration, &wanted, set.format, sw_say, out, error);
}

/* Whether there are files of orders, and each can be read. */
static bool can_count(const struct sw_configuration *configuration)
{
    struct sw_files files = {0};
    struct sw_error failure = {0};
    bool good = sw_files_of(&files, configuration, SW_KEY_ORDERS, &failure) && files.count > 0;
    for (size_t i = 0; good && i < files.count; i++) good = !sw_file_unreadable(files.items[i]);
    sw_files_free(&files);
    return good;
}

static bool jobs(struct sw_configuration *configuration, struct sw_buffer *out,
                 struct sw_error *error)
{
    struct sw_matrix matrix = {0};
    const char *share = sw_share_directory(error);
    if (!share || !sw_configuration_report(configuration, sw_say, error)) return false;
    bool good = !set.listed && can_count(configuration)
                    ? sw_matrix_count(&matrix, configuration, share, error)
                    : sw_matrix_list(&matrix, configuration, error);
    good = good && sw_matrix_print(&matrix, set.format, out, error);
    sw_matrix_free(&matrix);
    return good;
}

/* ---- the command line of a pipeline ---- */

static bool take(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_buffer fields = {0}, separated = {0};
    bool good = sw_command_take((int)line->operand_count - 1, (char **)line->operands + 1,
                                SW_VERSION, sw_say, &fields, error) &&
                (!set.separated || sw_shell_fields(&fields, &separated, error));
    const struct sw_buffer *out = set.separated ? &separated : &fields;
    good = good && sw_output_file(set.output, out->bytes, out->length, error);
    sw_buffer_free(&fields);
    sw_buffer_free(&separated);
    return good;
}

/* ---- the program ---- */

static subcommand *subcommand_of(const char *name)
{
    if (strcmp(name, "check") == 0) return check;
    if (strcmp(name, "show") == 0) return show;
    return strcmp(name, "jobs") == 0 ? jobs : NULL;
}

static bool check_options(const struct sw_command_line *line, struct sw_error *error)
{
    const char *name = line->operand_count ? line->operands[0] : "";
    if (!subcommand_of(name))
        return sw_fail(error, SW_USAGE, "not check, show, jobs or take: '%s'", name);
    if (set.format && !sw_among(set.format, "text,sh,make,json"))
        return sw_fail(error, SW_USAGE, "--format: not text, sh, make or json: '%s'", set.format);
    if (set.pipeline && set.format)
        return sw_fail(error, SW_USAGE, "--arguments: not with --format");
    return sw_output_refuse_inputs(set.output, &set.configuration, set.configuration != NULL,
                                   error);
}

/* What is shown reads back, so a file gets every byte as it is, and a terminal what it may have. */
static bool disarm(struct sw_buffer *text, struct sw_error *error)
{
    bool to_terminal = (!set.output || strcmp(set.output, "-") == 0) && isatty(STDOUT_FILENO);
    return !to_terminal || set.nul || sw_shown_tail(text, 0, true, error);
}

static bool is_take(const struct sw_command_line *line)
{
    return line->operand_count > 0 && strcmp(line->operands[0], "take") == 0;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    static struct sw_configuration configuration;
    struct sw_buffer text = {0};
    if (is_take(line)) return take(line, error);
    if (!check_options(line, error)) return false;
    bool good = sw_configuration_load(&configuration, set.configuration, line->operands + 1,
                                      line->operand_count - 1, error) &&
                subcommand_of(line->operands[0])(&configuration, &text, error) &&
                (subcommand_of(line->operands[0]) != show || disarm(&text, error)) &&
                sw_output_file(set.output, text.bytes, text.length, error);
    sw_configuration_free(&configuration);
    sw_buffer_free(&text);
    return good;
}

int main(int argc, char **argv)
{
    static struct sw_program program = {
        "sw-conf", "check a run's configuration, show it, list its jobs",
        "check [-C FILE] [KEY=value]…\n"
        "show [-f text|sh|make|json] [-C FILE] [KEY=value]…\n"
        "show --arguments PIPELINE [--except KEY,…] [--null] [-C FILE] [KEY=value]…\n"
        "jobs [-f text|sh|make|json] [--listed] [-C FILE] [KEY=value]…\n"
        "take PIPELINE -- WORD…\n",
        options, run};
    /* What is wrong with a pipeline's words the pipeline says. */
    if (argc > 2 && strcmp(argv[1], "take") == 0 && sw_pipeline_find(argv[2]))
        program.name = argv[2];
    return sw_main(&program, argc, argv);
}
