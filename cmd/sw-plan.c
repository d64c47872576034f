/* SPDX-License-Identifier: ISC
 *
 * sw-plan: all that a pipeline has to know of its inputs before it begins, in one go: of what kind
 * each is, its columns, an identity by which what is made of it is known again, and the chunks to
 * read it in. Selectors and columns that are wrong for an input are told before anything is made.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/identity.h"
#include "base/memory.h"
#include "base/program.h"
#include "csv/render.h"
#include "host/hardware.h"
#include "query/select_files.h"
#include "query/select_options.h"
#include "query/survey.h"
#include "query/view_options.h"

static struct {
    struct sw_selectors selectors;
    const char *schema, *columns, *key, *output;
    struct sw_size chunk_size, largest;
    int64_t workers;
    bool exact, verify_inputs, headers, identities;
    struct sw_view_settings view;
} set;

static const struct sw_option options[] = {
    SW_OPTION('t', "schema", "SCHEMA", set.schema,
              "orders, trades, nbbo or FILE.schema, instead of finding it from the header"),
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
    SW_OPTION(0, "headers", NULL, set.headers, "neither identities nor chunks"),
    SW_OPTION(0, "identities", NULL, set.identities, "identities only"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

struct plan {
    struct sw_layouts layouts;
    struct sw_survey_settings settings;
    struct sw_survey_division division;
    struct sw_output output;
};

/* ---- identity ---- */

static void add_selectors(struct sw_identity *identity, const struct sw_selectors *selectors)
{
    sw_identity_text(identity, "securities", selectors->securities);
    sw_identity_text(identity, "dates", selectors->dates);
    sw_identity_text(identity, "participants", selectors->participants);
    sw_identity_text(identity, "hours", selectors->hours);
    sw_identity_text(identity, "times", selectors->times);
    sw_identity_text(identity, "quantities", selectors->quantities);
    sw_identity_text(identity, "expression", selectors->expression);
}

static void add_settings(struct sw_identity *identity, const struct plan *plan)
{
    char size[32];
    snprintf(size, sizeof size, "%" PRIu64, set.chunk_size.bytes);
    sw_identity_text(identity, "version", SW_VERSION);
    sw_identity_text(identity, "key", set.key);
    sw_identity_text(identity, "schema", set.schema);
    sw_identity_text(identity, "columns", set.columns);
    sw_identity_text(identity, "tz", set.view.zone);
    sw_identity_text(identity, "sizes", set.view.sizes);
    sw_identity_text(identity, "chunk-size", size);
    sw_identity_text(identity, "exact", set.exact ? "yes" : NULL);
    add_selectors(identity, &plan->settings.selectors);
}

/* A schema of the user's own may be another under the same name. */
static bool is_schema_file(const char *name)
{
    return name && (strchr(name, '/') || strchr(name, '.'));
}

static bool identify(const struct plan *plan, const char *path, char text[SW_IDENTITY_LENGTH + 1],
                     struct sw_error *error)
{
    struct sw_identity identity;
    sw_identity_begin(&identity);
    add_settings(&identity, plan);
    if ((is_schema_file(set.schema) && !sw_identity_contents(&identity, set.schema, error)) ||
        !sw_identity_file(&identity, path, set.verify_inputs, error))
        return false;
    sw_identity_end(&identity, text);
    return true;
}

static bool print_identity(struct plan *plan, size_t input, const char *path,
                           struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1], line[80];
    if (!identify(plan, path, identity, error)) return false;
    int length = snprintf(line, sizeof line, "identity\t%zu\t%s\n", input, identity);
    return sw_output_write(&plan->output, line, (size_t)length, error);
}

/* ---- an input ---- */

static bool print_input(struct plan *plan, size_t input, const struct sw_survey *survey,
                        const char *identity, struct sw_error *error)
{
    static const char *const kinds[] = {"csv", "gzip", "stream"};
    struct sw_buffer header = {0}, line = {0};
    bool good = sw_survey_header(survey, &header, error) &&
                sw_buffer_format(&line, error, "input\t%zu\t%s\t%" PRIu64 "\t%s\t%s\t", input,
                                 kinds[survey->kind], survey->size_bytes, survey->schema->table,
                                 identity) &&
                sw_render_tsv(&line, (const char *)header.bytes, header.length, error) &&
                sw_buffer_add(&line, "\n", 1, error) &&
                sw_output_write(&plan->output, line.bytes, line.length, error);
    sw_buffer_free(&header);
    sw_buffer_free(&line);
    return good;
}

static bool print_chunks(struct plan *plan, size_t input, struct sw_survey *survey,
                         struct sw_error *error)
{
    char before[40], line[80];
    uint64_t left_out;
    snprintf(before, sizeof before, "chunk\t%zu\t", input);
    struct sw_ranges ranges = {.output = &plan->output, .before = before};
    if (!sw_survey_plan(survey, &plan->division, &ranges, &left_out, error)) return false;
    if (survey->unused.status != SW_DONE) sw_say("%s; it is not used", survey->unused.message);
    int length = snprintf(line, sizeof line, "left-out\t%zu\t%" PRIu64 "\n", input, left_out);
    return left_out == 0 || sw_output_write(&plan->output, line, (size_t)length, error);
}

static bool describe(struct plan *plan, size_t input, struct sw_survey *survey,
                     struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1] = "-";
    if (set.headers) return print_input(plan, input, survey, identity, error);
    return identify(plan, survey->path, identity, error) &&
           print_input(plan, input, survey, identity, error) &&
           print_chunks(plan, input, survey, error);
}

static bool plan_input(struct plan *plan, size_t input, const char *path, struct sw_error *error)
{
    struct sw_survey survey;
    bool good = sw_survey_open(&survey, path, &plan->settings, error) &&
                describe(plan, input, &survey, error);
    if (survey.pointed) sw_say_place(survey.caret.text, survey.caret.mark);
    sw_survey_close(&survey);
    return good;
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
    plan->division = (struct sw_survey_division){
        .size_bytes = set.chunk_size.bytes,
        .workers = set.workers ? (uint64_t)set.workers : figures[SW_WORKERS].value,
        .most_bytes = smaller(set.largest.bytes, figures[SW_CHUNK_SIZE].value),
        .exact = set.exact,
    };
    char line[40];
    int length = snprintf(line, sizeof line, "workers\t%" PRIu64 "\n", plan->division.workers);
    return sw_output_write(&plan->output, line, (size_t)length, error);
}

static bool print_all(struct plan *plan, const struct sw_command_line *line, struct sw_error *error)
{
    if (!set.headers && !set.identities && !divide(plan, error)) return false;
    for (size_t i = 0; i < line->operand_count; i++)
        if (!(set.identities ? print_identity : plan_input)(plan, i, line->operands[i], error))
            return false;
    return sw_output_close(&plan->output, error);
}

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    const char *others[SW_SELECTOR_LISTS + 2] = {NULL};
    size_t count = sw_selectors_files(set.selectors, others);
    if (is_schema_file(set.schema)) others[count] = set.schema;
    if (line->operand_count == 0) return sw_fail(error, SW_USAGE, "a plan needs a file");
    if (set.headers && set.identities)
        return sw_fail(error, SW_USAGE, "--headers and --identities do not go together");
    return sw_output_refuse_clash(&set.output, 1, line->operands, line->operand_count, others,
                                  error);
}

static bool open_settings(struct plan *plan, struct sw_selector_files *files,
                          struct sw_error *error)
{
    struct sw_survey_settings *settings = &plan->settings;
    *settings = (struct sw_survey_settings){.layouts = &plan->layouts,
                                            .selectors = set.selectors,
                                            .view = set.view,
                                            .columns = set.columns,
                                            .share_directory = sw_share_directory(error)};
    settings->selective = sw_selectors_given(&set.selectors);
    return settings->share_directory && sw_selectors_load(&settings->selectors, files, error) &&
           sw_layouts_open(&plan->layouts, settings->share_directory, set.schema, error);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct plan plan = {0};
    struct sw_selector_files files = {0};
    bool good = check(line, error) && open_settings(&plan, &files, error) &&
                sw_output_open(&plan.output, set.output, error);
    if (good && !print_all(&plan, line, error)) {
        sw_output_abandon(&plan.output);
        good = false;
    }
    sw_layouts_free(&plan.layouts);
    sw_selector_files_free(&files);
    return good;
}

static const struct sw_program program = {
    "sw-plan",
    "what a run has to know of its inputs",
    "[OPTION]… FILE…\n--headers [OPTION]… FILE…\n--identities [OPTION]… FILE…\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
