/* SPDX-License-Identifier: ISC
 *
 * sw-plan: all that a pipeline has to know of its inputs before it begins, in one go: of what kind
 * each is, its columns, an identity by which what is made of it is known again, and the chunks to
 * read it in. Selectors and columns that are wrong for an input are told before anything is made.
 */
#include <string.h>
#include <sys/stat.h>

#include "config/keys.h"
#include "csv/csv_options.h"
#include "expr/value.h"
#include "program/program.h"
#include "files/target.h"
#include "host/hardware.h"
#include "expr/selector_files.h"
#include "expr/selector_options.h"
#include "input/common_columns.h"
#include "input/probe_identity.h"
#include "input/probe_print.h"
#include "input/sides.h"
#include "input/unseen.h"
#include "view/view_options.h"

static struct {
    struct sw_selectors selectors;
    const char *schema, *columns, *key, *holds, *common, *output;
    struct sw_size chunk_size, largest;
    int64_t workers, outputs;
    bool exact, verify_inputs, headers, identities, words, rename, unseen, sides;
    struct sw_view_settings view;
    struct sw_csv_schema_changes changes;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}, .outputs = -1};

static const struct sw_option options[] = {
    SW_OPTION('t', "schema", "SCHEMA", set.schema,
              "orders, trades, nbbo or FILE.schema, instead of finding it from the header"),
    SW_CSV_OPTIONS(set.changes),
    SW_OPTION('c', "columns", "COL,…", set.columns, "the columns that are wanted, in this order"),
    SW_SELECTOR_OPTIONS(set.selectors),
    SW_SELECTOR_VIEW_OPTIONS(set.view),
    SW_OPTION('j', "workers", "N", set.workers,
              "how many chunks are read at a time, by default what sw-hwinfo says"),
    SW_OPTION('b', "chunk-size", "SIZE", set.chunk_size,
              "chunks of about SIZE bytes, by default some for each worker"),
    SW_OPTION(0, "largest", "SIZE", set.largest,
              "no chunk that the workers alone decide on is larger"),
    SW_OPTION(0, "exact", NULL, set.exact,
              "read CSV whole, to cut right where quotes hide newlines"),
    SW_OPTION(0, "verify-inputs", NULL, set.verify_inputs,
              "an identity goes by the whole file instead of its ends, size and time"),
    SW_OPTION(0, "key", "TEXT", set.key, "what else the identities depend on"),
    SW_OPTION(0, "common", "COL,…", set.common,
              "the columns that are wanted are those of these that all files have"),
    SW_OPTION(0, "holds", "TABLE,…", set.holds, "refuse files whose headers tell another table"),
    SW_OPTION(0, "sides", NULL, set.sides,
              "refuse files with a side that is neither 1 nor 2 in the first rows"),
    SW_OPTION(0, "headers", NULL, set.headers, "neither identities nor chunks"),
    SW_OPTION(0, "identities", NULL, set.identities, "identities only"),
    SW_OPTION(0, "words", NULL, set.words,
              "the operands are words of options: one identity of them and of what they read"),
    SW_OPTION(0, "unseen", NULL, set.unseen,
              "say which texts that selectors want are in none of the first million rows"),
    SW_OPTION(0, "outputs", "N", set.outputs,
              "the first N files are outputs of a run: where they go; refused where one is "
              "another, or is read"),
    SW_OPTION(0, "rename", NULL, set.rename,
              "give finished files their names, all or none: the files are pairs, FROM TO"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

struct plan {
    struct sw_csv_schemas csv_schemas;
    struct sw_csv_schemas known; /* all that are shipped, for --holds */
    struct sw_probe_settings settings;
    struct sw_probe_division division;
    struct sw_output output;
    uint64_t side_rows;           /* of --sides: still to be looked at */
    struct sw_buffer common, key; /* of --common: the columns, and the key with them */
};

/* ---- an input ---- */

static bool identify(const struct plan *plan, const char *path, char text[SW_IDENTITY_LENGTH + 1],
                     struct sw_error *error)
{
    const struct sw_probe_identity of = {.version = SW_VERSION,
                                         .key = set.key,
                                         .schema = set.schema,
                                         .chunk_size_bytes = set.chunk_size.bytes,
                                         .exact = set.exact,
                                         .verify_inputs = set.verify_inputs};
    return sw_probe_identify(&of, &plan->settings, path, text, error);
}

static bool print_identity(struct plan *plan, size_t number, const char *path,
                           struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1];
    return identify(plan, path, identity, error) &&
           sw_probe_print_identity(number, identity, &plan->output, error);
}

static bool print_chunks(struct plan *plan, size_t number, struct sw_probe *probe,
                         struct sw_error *error)
{
    bool good = sw_probe_print_chunks(probe, number, &plan->division, &plan->output, error);
    if (probe->unused.status != SW_DONE) sw_say("%s; it is not used", probe->unused.message);
    return good;
}

static bool print_probe(struct plan *plan, size_t number, struct sw_probe *probe,
                        struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1] = "-";
    return (set.headers || identify(plan, probe->path, identity, error)) &&
           sw_probe_print_input(probe, number, identity, &plan->output, error) &&
           (set.headers || print_chunks(plan, number, probe, error));
}

/* What a file's header tells, whatever it is read as; where it tells nothing, it holds what it was
 * given as. */
static bool check_table(const struct plan *plan, const char *path, struct sw_error *error)
{
    const struct sw_probe_settings settings = {.csv_schemas = &plan->known,
                                               .share_directory = plan->settings.share_directory,
                                               .view = {.definer = &sw_value_definer}};
    struct sw_error nothing = {0};
    struct sw_probe probe;
    bool good = true;
    if (sw_probe_open(&probe, path, &settings, &nothing)) {
        const char *table = probe.schema->table;
        if (sw_among(table, "orders,trades,nbbo,classified,simulation") &&
            !sw_among(table, set.holds))
            good = sw_fail(error, SW_DATA, "%s: holds %s, not %.*s", path, table,
                           (int)strcspn(set.holds, ","), set.holds);
    }
    sw_probe_close(&probe);
    return good;
}

static bool print_input(struct plan *plan, size_t number, const char *path, struct sw_error *error)
{
    struct sw_probe probe;
    if (set.holds && !sw_csv_schemas_choice_is_file(set.schema) && !check_table(plan, path, error))
        return false;
    if (set.sides && !sw_sides_check(path, &plan->csv_schemas, &plan->side_rows, error))
        return false;
    bool good = sw_probe_open(&probe, path, &plan->settings, error) &&
                print_probe(plan, number, &probe, error);
    if (probe.pointed) sw_say_place(probe.caret.text, probe.caret.mark);
    sw_probe_close(&probe);
    return good;
}

/* ---- words ---- */

static bool print_words(struct plan *plan, const struct sw_command_line *line,
                        struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1];
    const char *share_directory = sw_share_directory(error);
    return share_directory &&
           sw_probe_identify_words(SW_VERSION, share_directory, line->operands, line->operand_count,
                                   identity, error) &&
           sw_probe_print_identity(0, identity, &plan->output, error);
}

/* ---- a run that selected nothing ---- */

static bool say_unseen(const struct plan *plan, const struct sw_command_line *line)
{
    const struct sw_unseen_settings settings = {.csv_schemas = &plan->csv_schemas,
                                                .selectors = &plan->settings.selectors,
                                                .view = set.view,
                                                .share_directory = plan->settings.share_directory,
                                                .say = sw_say};
    sw_unseen_say(&settings, line->operands, line->operand_count);
    return true;
}

/* ---- outputs ---- */

static bool print_output(struct plan *plan, size_t number, const char *path, struct sw_error *error)
{
    struct sw_target target;
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return sw_probe_print_output(number, NULL, path, &plan->output, error);
    if (!sw_target_find(&target, path, error)) return false;
    bool good = sw_probe_print_output(number, &target, path, &plan->output, error);
    sw_target_free(&target);
    return good;
}

static bool print_outputs(struct plan *plan, const struct sw_command_line *line,
                          struct sw_error *error)
{
    for (size_t i = 0; i < (size_t)set.outputs; i++)
        if (!print_output(plan, i, line->operands[i], error)) return false;
    return true;
}

/* ---- columns that all files have ---- */

/* They are wanted then, and a part of the key; both texts are the plan's. */
static bool want_common(struct plan *plan, const struct sw_command_line *line,
                        struct sw_error *error)
{
    const struct sw_probe_settings settings = {.csv_schemas = &plan->csv_schemas,
                                               .share_directory = plan->settings.share_directory,
                                               .view = {.definer = &sw_value_definer}};
    if (!sw_common_columns(set.common, line->operands, line->operand_count, &settings,
                           &plan->common, error))
        return false;
    const char *columns = (const char *)plan->common.bytes;
    if (!*columns) return true;
    if (!sw_buffer_format(&plan->key, error, "%s %s", set.key ? set.key : "", columns) ||
        !sw_buffer_add(&plan->key, "", 1, error))
        return false;
    plan->settings.columns = columns;
    set.key = (const char *)plan->key.bytes;
    return set.identities || sw_probe_print_columns(columns, &plan->output, error);
}

/* ---- the program ---- */

/* 0: there is none. */
static uint64_t smaller(uint64_t one, uint64_t other)
{
    return one && (!other || one < other) ? one : other;
}

/* The workers, and the largest chunk that the machine's memory suggests for so many of them. */
static bool divide(struct plan *plan, struct sw_error *error)
{
    static struct sw_figure figures[SW_FIGURES];
    struct sw_places places = {.root = "", .temporary = sw_temporary_directory(NULL)};
    if (!sw_hardware_read(&places, figures, error)) return false;
    sw_hardware_plan(figures, 0);
    plan->division = (struct sw_probe_division){
        .size_bytes = set.chunk_size.bytes,
        .workers = set.workers ? (uint64_t)set.workers : figures[SW_WORKERS].value,
        .most_bytes = smaller(set.largest.bytes, figures[SW_CHUNK_SIZE].value),
        .exact = set.exact,
    };
    return sw_probe_print_workers(plan->division.workers, &plan->output, error);
}

static bool print_all(struct plan *plan, const struct sw_command_line *line, struct sw_error *error)
{
    if (set.outputs >= 0) return print_outputs(plan, line, error);
    if (set.unseen) return say_unseen(plan, line);
    if (set.words) return print_words(plan, line, error);
    if (set.common && !want_common(plan, line, error)) return false;
    if (!set.headers && !set.identities && !divide(plan, error)) return false;
    for (size_t i = 0; i < line->operand_count; i++)
        if (!(set.identities ? print_identity : print_input)(plan, i, line->operands[i], error))
            return false;
    return true;
}

static bool check_mode(const struct sw_command_line *line, struct sw_error *error)
{
    if (set.headers + set.identities + set.words + (set.outputs >= 0) + set.rename + set.unseen > 1)
        return sw_fail(error, SW_USAGE,
                       "--headers, --identities, --words, --unseen, --outputs and --rename do not "
                       "go together");
    if (set.common && set.columns)
        return sw_fail(error, SW_USAGE, "--common and --columns do not go together");
    if (line->operand_count == 0 && !set.words)
        return sw_fail(error, SW_USAGE, "a plan needs a file");
    if (set.outputs > (int64_t)line->operand_count)
        return sw_fail(error, SW_USAGE, "--outputs: more than there are files: '%lld'",
                       (long long)set.outputs);
    return true;
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    const char *others[SW_SELECTOR_LISTS + 2] = {NULL};
    size_t count = sw_selectors_files(set.selectors, others), outputs = 0;
    if (sw_csv_schemas_choice_is_file(set.schema)) others[count] = set.schema;
    if (set.outputs > 0) outputs = (size_t)set.outputs;
    if (set.words) return check_mode(line, error);
    return check_mode(line, error) &&
           (outputs == 0 ||
            sw_output_refuse_clash(line->operands, outputs, line->operands + outputs,
                                   line->operand_count - outputs, others, error)) &&
           sw_output_refuse_clash(&set.output, 1, line->operands + outputs,
                                  line->operand_count - outputs, others, error);
}

static bool open_settings(struct plan *plan, struct sw_selector_files *files,
                          struct sw_error *error)
{
    struct sw_probe_settings *settings = &plan->settings;
    *settings =
        (struct sw_probe_settings){.csv_schemas = &plan->csv_schemas,
                                   .selectors = set.selectors,
                                   .view = set.view,
                                   .local_time = !set.headers && !set.identities && !set.unseen,
                                   .columns = set.columns,
                                   .share_directory = sw_share_directory(error)};
    settings->selective = sw_selectors_given(&set.selectors);
    return settings->share_directory && sw_selectors_load(&settings->selectors, files, error) &&
           sw_csv_schemas_open(&plan->csv_schemas, settings->share_directory, set.schema,
                               &set.changes, error) &&
           (!set.holds ||
            sw_csv_schemas_open(&plan->known, settings->share_directory, NULL, NULL, error));
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct plan plan = {.side_rows = SW_SIDES_ROWS};
    struct sw_selector_files files = {0};
    if (set.rename)
        return check_mode(line, error) && sw_output_put(line->operands, line->operand_count, error);
    bool good = check(line, error) &&
                (set.outputs >= 0 || set.words || open_settings(&plan, &files, error)) &&
                sw_output_open(&plan.output, set.output, error) &&
                sw_output_end(&plan.output, print_all(&plan, line, error), error);
    sw_csv_schemas_free(&plan.csv_schemas);
    sw_csv_schemas_free(&plan.known);
    sw_selector_files_free(&files);
    sw_buffer_free(&plan.common);
    sw_buffer_free(&plan.key);
    return good;
}

static const struct sw_program program = {
    "sw-plan",
    "what a run has to know of its inputs",
    "[OPTION]… FILE…\n--headers [OPTION]… FILE…\n--identities [OPTION]… FILE…\n--words WORD…\n"
    "--unseen SELECTOR… FILE…\n"
    "--outputs N [OPTION]… OUT… FILE…\n--rename FROM TO…\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
