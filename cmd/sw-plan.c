/* SPDX-License-Identifier: ISC
 *
 * sw-plan: all that a pipeline has to know of its inputs before it begins, in one go: of what kind
 * each is, its columns, an identity by which what is made of it is known again, and the chunks to
 * read it in. Selectors and columns that are wrong for an input are told before anything is made.
 */
#include <string.h>

#include "csv/csv_options.h"
#include "expr/value.h"
#include "base/memory.h"
#include "program/program.h"
#include "files/whole.h"
#include "host/resources.h"
#include "expr/selector_files.h"
#include "expr/selector_options.h"
#include "input/layout.h"
#include "input/lines_with.h"
#include "input/probe_print.h"
#include "input/sides.h"
#include "input/survey.h"
#include "input/unseen.h"
#include "stage/folder.h"
#include "view/view_options.h"

static struct {
    struct sw_selectors selectors;
    const char *schema, *columns, *key, *holds, *common, *files, *output;
    const char *need, *together, *find, *pipeline, *lines_with, *known, *open_with;
    struct sw_run_folder run;
    const char *mask;
    struct sw_size chunk_size, largest;
    int64_t workers, from;
    bool exact, verify_inputs, headers, identities, words, unseen, found, sides, group, layout,
        same;
    struct sw_view_settings view;
    struct sw_csv_schema_changes changes;
} set = {.view = {.definer = &sw_value_definer, .say = sw_say_once}};

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
    SW_OPTION(0, "group", NULL, set.group,
              "small files that follow one another are taken together, some hundred as one chunk"),
    SW_OPTION(0, "files", "FILE", set.files,
              "more files, whose names are in FILE, each ended by a NUL"),
    SW_OPTION(0, "headers", NULL, set.headers, "neither identities nor chunks"),
    SW_OPTION(0, "identities", NULL, set.identities, "identities only"),
    SW_OPTION_WITH("--identities", 0, "known", "FILE", set.known,
                   "with --identities: print nothing, but refuse files that have others than those "
                   "at the ends of the lines of FILE"),
    SW_OPTION_WITH("--known", 0, "from", "N", set.from,
                   "with --known: from the line after the first N on"),
    SW_OPTION(0, "words", NULL, set.words,
              "the operands are words of options: one identity of them and of what they read"),
    SW_OPTION(0, "unseen", NULL, set.unseen,
              "say which texts that selectors want are in none of the first million rows"),
    SW_OPTION(0, "found", NULL, set.found,
              "print the schema that each header finds, and what its rows are"),
    SW_OPTION(0, "layout", NULL, set.layout,
              "print by which schema and with which columns all files can be read as one table"),
    SW_OPTION_WITH("--layout", 0, "need", "COL,…", set.need,
                   "with --layout: refuse files without one of these columns"),
    SW_OPTION_WITH("--layout", 0, "together", "COL", set.together,
                   "with --layout: refuse that only some files have this column"),
    SW_OPTION_WITH("--layout", 0, "same-columns", NULL, set.same,
                   "with --layout: refuse files with other columns than the first one"),
    SW_OPTION_WITH("--layout", 0, "find", "KIND,…", set.find,
                   "with --layout: where that fails, take the schema that the first header finds, "
                   "if its rows are of such a kind"),
    SW_OPTION(0, "lines-with", "WORD,…", set.lines_with,
              "print where the first lines are that have these words, as text"),
    SW_OPTION(0, "open", "FOLDER", set.run.path,
              "then make the folder of a run, as sw-job --open does"),
    SW_OPTION_WITH("--open", 0, "of", "OUTPUT", set.run.output,
                   "with --open: whose run it is, for messages"),
    SW_OPTION_WITH("--open", 0, "kind", "KIND", set.run.kind,
                   "with --open: of which pipeline the run is"),
    SW_OPTION_WITH("--open", 0, "mask", "MASK", set.mask,
                   "with --open: the user's umask (default: the present one)"),
    SW_OPTION_WITH("--open", 0, "open-with", "COL,…", set.open_with,
                   "with --open: only where the first file has these columns"),
    SW_OPTION_WITH("--open", 0, "make-output", NULL, set.run.makes_output,
                   "with --open: the output is a folder; make that, too"),
    SW_OPTION_WITH("--layout --lines-with --known --open", 0, "pipeline", "NAME", set.pipeline,
                   "with --layout, --lines-with, --known and --open: in whose name that is said"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

struct plan {
    struct sw_csv_schemas csv_schemas;
    struct sw_csv_schemas known; /* all that are shipped, for --holds */
    struct sw_survey survey;
    struct sw_output output;
    struct sw_buffer names; /* of --files */
    const char **files;     /* the operands and those */
    size_t file_count;
    bool disagree; /* what is wrong is what the files are together, or that one has changed */
};

/* ---- what is printed ---- */

/* Of words of options, which are no files. */
static bool print_words(struct plan *plan, struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1];
    const char *share_directory = sw_share_directory(error);
    return share_directory &&
           sw_probe_identify_words(SW_VERSION, share_directory, plan->files, plan->file_count,
                                   identity, error) &&
           sw_probe_print_identity(0, identity, &plan->output, error);
}

/* After a run that selected nothing. */
static bool say_unseen(const struct plan *plan)
{
    const struct sw_probe_settings *probe = &plan->survey.probe;
    const struct sw_unseen_settings settings = {.csv_schemas = &plan->csv_schemas,
                                                .selectors = &probe->selectors,
                                                .view = set.view,
                                                .share_directory = probe->share_directory,
                                                .say = sw_say};
    sw_unseen_say(&settings, plan->files, plan->file_count);
    return true;
}

/* What the files agree on. A table is called as the first that they may hold. */
static bool print_layout(struct plan *plan, struct sw_error *error)
{
    char table[64];
    const char *holds = set.holds ? set.holds : "orders";
    struct sw_layout layout = {.survey = &plan->survey,
                               .table = table,
                               .need = set.need,
                               .common = set.common,
                               .together = set.together,
                               .same = set.same,
                               .own_schema = sw_csv_schemas_choice_is_file(set.schema),
                               .kinds = set.find};
    snprintf(table, sizeof table, "%.*s", (int)strcspn(holds, ","), holds);
    bool good = sw_layout_find(&layout, plan->files, plan->file_count, error) &&
                sw_layout_print(&layout, &plan->output, error);
    plan->disagree = layout.disagree;
    sw_layout_free(&layout);
    return good;
}

/* 0: there is none. */
static uint64_t smaller(uint64_t one, uint64_t other)
{
    return one && (!other || one < other) ? one : other;
}

/* The workers, and the largest chunk that the machine's memory suggests for so many of them. */
static bool divide(struct plan *plan, struct sw_error *error)
{
    struct sw_resources here;
    if (!sw_resources_read(&here, error)) return false;
    plan->survey.division = (struct sw_probe_division){
        .size_bytes = set.chunk_size.bytes,
        .workers = set.workers ? (uint64_t)set.workers : here.workers,
        .most_bytes = smaller(set.largest.bytes, here.chunk_bytes),
        .exact = set.exact,
    };
    return sw_probe_print_workers(plan->survey.division.workers, &plan->output, error);
}

static bool print_survey(struct plan *plan, struct sw_error *error)
{
    struct sw_survey *survey = &plan->survey;
    if (!sw_survey_begin(survey, plan->files, plan->file_count, error)) return false;
    if (set.known)
        return sw_survey_unchanged(survey, set.known, (uint64_t)set.from, plan->files,
                                   plan->file_count, &plan->disagree, error);
    return (set.headers || set.identities || divide(plan, error)) &&
           (set.identities ? sw_survey_identities : sw_survey_inputs)(survey, plan->files,
                                                                      plan->file_count, error);
}

static bool print_all(struct plan *plan, struct sw_error *error)
{
    plan->survey.output = &plan->output;
    if (set.unseen) return say_unseen(plan);
    if (set.words) return print_words(plan, error);
    if (set.found) return sw_survey_found(&plan->survey, plan->files, plan->file_count, error);
    if (set.layout) return print_layout(plan, error);
    if (set.lines_with)
        return sw_lines_with(set.lines_with, set.pipeline ? set.pipeline : "sw-plan", plan->files,
                             plan->file_count, &plan->output, error);
    return print_survey(plan, error);
}

/* ---- the program ---- */

/* The operands, and those of --files. */
static bool list_files(struct plan *plan, const struct sw_command_line *line,
                       struct sw_error *error)
{
    size_t count = 0;
    if (set.files && !sw_read_names(set.files, &plan->names, &count, error)) return false;
    plan->files = sw_alloc(line->operand_count + count, sizeof *plan->files, error);
    if (!plan->files) return false;
    const char *name = (const char *)plan->names.bytes;
    for (size_t i = 0; i < line->operand_count; i++)
        plan->files[plan->file_count++] = line->operands[i];
    for (size_t i = 0; i < count; i++, name += strlen(name) + 1)
        plan->files[plan->file_count++] = name;
    return true;
}

static bool check_mode(const struct plan *plan, struct sw_error *error)
{
    if (set.headers + set.identities + set.words + set.unseen + set.found + set.layout +
            (set.lines_with != NULL) >
        1)
        return sw_fail(error, SW_USAGE,
                       "--headers, --identities, --words, --unseen, --found, --layout and "
                       "--lines-with do not go together");
    if (set.common && set.columns)
        return sw_fail(error, SW_USAGE, "--common and --columns do not go together");
    if (set.run.path && (!set.run.output || !set.run.kind))
        return sw_fail(error, SW_USAGE, "--open: only with --of and --kind");
    if (plan->file_count == 0 && !set.words) return sw_fail(error, SW_USAGE, "a plan needs a file");
    return true;
}

static bool check(const struct plan *plan, struct sw_error *error)
{
    const char *others[SW_SELECTOR_LISTS + 4] = {NULL};
    size_t count = sw_selectors_files(set.selectors, others);
    if (sw_csv_schemas_choice_is_file(set.schema)) others[count++] = set.schema;
    if (set.known) others[count++] = set.known;
    if (set.files) others[count] = set.files;
    return check_mode(plan, error) &&
           (set.words ||
            sw_output_refuse_clash(&set.output, 1, plan->files, plan->file_count, others, error));
}

/* Whether files are read as their headers tell. */
static bool reads_as_told(void)
{
    const struct sw_csv_schema_changes *changes = &set.changes;
    return !set.schema && !changes->separator && !changes->names && !changes->zone &&
           !changes->name && !changes->canonical;
}

/* Whether nothing of the user's own but the files can make an identity another one. */
static bool files_alone_decide(void)
{
    const char *others[SW_SELECTOR_LISTS];
    return !set.verify_inputs && !sw_csv_schemas_choice_is_file(set.schema) &&
           sw_selectors_files(set.selectors, others) == 0;
}

static struct sw_survey how_to_survey(const struct plan *plan)
{
    return (struct sw_survey){.probe = {.csv_schemas = &plan->csv_schemas,
                                        .selectors = set.selectors,
                                        .view = set.view,
                                        .local_time = !set.headers && !set.identities &&
                                                      !set.unseen && !set.found && !set.layout,
                                        .columns = set.columns,
                                        .selective = sw_selectors_given(&set.selectors)},
                              .identity = {.version = SW_VERSION,
                                           .key = set.key,
                                           .schema = set.schema,
                                           .chunk_size_bytes = set.chunk_size.bytes,
                                           .exact = set.exact,
                                           .verify_inputs = set.verify_inputs},
                              .common = set.common,
                              .needed = set.open_with,
                              .holds = sw_csv_schemas_choice_is_file(set.schema) ? NULL : set.holds,
                              .known = reads_as_told() ? &plan->csv_schemas : &plan->known,
                              .side_rows = set.sides ? SW_SIDES_ROWS : 0,
                              .headers = set.headers,
                              .group = set.group,
                              .seen = files_alone_decide(),
                              .say = sw_say,
                              .say_place = sw_say_place};
}

static bool open_survey(struct plan *plan, struct sw_selector_files *files, struct sw_error *error)
{
    const char *share_directory = sw_share_directory(error);
    plan->survey = how_to_survey(plan);
    plan->survey.probe.share_directory = share_directory;
    return share_directory && sw_selectors_load(&plan->survey.probe.selectors, files, error) &&
           sw_csv_schemas_open(&plan->csv_schemas, share_directory, set.schema, &set.changes,
                               error) &&
           ((!set.holds && !set.layout) || reads_as_told() ||
            sw_csv_schemas_open(&plan->known, share_directory, NULL, NULL, error));
}

/* What files disagree on is the pipeline's message, and ends the process. False: it is the program's own. */
static bool tell(bool disagree, const struct sw_error *error)
{
    if (!disagree || !set.pipeline) return false;
    fprintf(stderr, "%s: %s\n", set.pipeline, error->message);
    exit(error->status);
}

/* Nothing is written before all is known of the inputs. */
static bool open_run(struct sw_error *error)
{
    return sw_run_folder_mask(set.mask, &set.run.mask, error) &&
           sw_run_folder_open(&set.run, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct plan plan = {0};
    struct sw_selector_files files = {0};
    bool good = list_files(&plan, line, error) && check(&plan, error) &&
                (set.words || open_survey(&plan, &files, error)) &&
                sw_output_open(&plan.output, set.output, error) &&
                sw_output_end(&plan.output, print_all(&plan, error), error);
    if (good && set.run.path && !plan.survey.lacks && !(good = open_run(error)))
        plan.disagree = true;
    sw_survey_free(&plan.survey);
    sw_csv_schemas_free(&plan.csv_schemas);
    sw_csv_schemas_free(&plan.known);
    sw_selector_files_free(&files);
    sw_buffer_free(&plan.names);
    free(plan.files);
    return good || tell(plan.disagree, error);
}

static const struct sw_program program = {
    "sw-plan",
    "what a run has to know of its inputs",
    "[OPTION]… FILE…\n--headers [OPTION]… FILE…\n--identities [OPTION]… FILE…\n--words WORD…\n"
    "--unseen SELECTOR… FILE…\n--layout [OPTION]… FILE…\n"
    "--lines-with WORD,… FILE…\n"
    "--open FOLDER --of OUTPUT --kind KIND [--mask MASK] [OPTION]… FILE…\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
