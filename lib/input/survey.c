/* SPDX-License-Identifier: ISC */
#include "input/survey.h"

#include <string.h>

#include "files/whole.h"
#include "input/common_columns.h"
#include "input/probe_print.h"
#include "input/sides.h"

/* ---- before the first input ---- */

static bool want_common(struct sw_survey *survey, const char *const *paths, size_t count,
                        struct sw_error *error)
{
    const struct sw_probe_settings *probe = &survey->probe;
    const struct sw_probe_settings settings = {.csv_schemas = probe->csv_schemas,
                                               .share_directory = probe->share_directory,
                                               .view = {.definer = probe->view.definer}};
    const char *key = survey->identity.key;
    if (!survey->common) return true;
    if (!sw_common_columns(survey->common, paths, count, &settings, &survey->columns, error))
        return false;
    const char *columns = (const char *)survey->columns.bytes;
    if (!*columns) return true;
    if (!sw_buffer_format(&survey->key, error, "%s %s", key ? key : "", columns) ||
        !sw_buffer_add(&survey->key, "", 1, error))
        return false;
    survey->probe.columns = columns;
    survey->identity.key = (const char *)survey->key.bytes;
    return true;
}

bool sw_survey_begin(struct sw_survey *survey, const char *const *paths, size_t count,
                     struct sw_error *error)
{
    clock_gettime(CLOCK_REALTIME, &survey->begun);
    return want_common(survey, paths, count, error) &&
           (survey->headers || sw_probe_identity_begin(&survey->identity, &survey->probe, error));
}

/* ---- an input ---- */

static bool identify(const struct sw_survey *survey, const char *path,
                     char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error)
{
    return sw_probe_identify(&survey->identity, &survey->probe, path, text, error);
}

bool sw_survey_list_has(const char *list, const char *value)
{
    const size_t length = strlen(value);
    for (const char *at = list; *at; at += *at == ',') {
        size_t here = strcspn(at, ",");
        if (here == length && memcmp(at, value, here) == 0) return true;
        at += here;
    }
    return false;
}

static bool check_held(const struct sw_survey *survey, const char *path, const char *table,
                       struct sw_error *error)
{
    if (!sw_survey_list_has("orders,trades,nbbo,classified,simulation", table) ||
        sw_survey_list_has(survey->holds, table))
        return true;
    return sw_fail(error, SW_DATA, "%s: holds %s, not %.*s", path, table,
                   (int)strcspn(survey->holds, ","), survey->holds);
}

/* What a file's header tells, whatever it is read as; where it tells nothing, it holds what it was
 * given as. */
static bool check_table(const struct sw_survey *survey, const char *path, struct sw_error *error)
{
    const struct sw_probe_settings settings = {.csv_schemas = survey->known,
                                               .share_directory = survey->probe.share_directory,
                                               .view = {.definer = survey->probe.view.definer}};
    struct sw_error nothing = {0};
    struct sw_probe probe;
    bool good = true;
    if (!survey->holds) return true;
    if (sw_probe_open(&probe, path, &settings, &nothing))
        good = check_held(survey, path, probe.schema->table, error);
    sw_probe_close(&probe);
    return good;
}

/* What files are seen as is not known where it is not to be told. */
static void begin_seen(const struct sw_survey *survey, struct sw_seen *seen)
{
    sw_seen_begin(seen, &survey->begun);
    seen->known = survey->seen;
}

static bool print_chunks(struct sw_survey *survey, size_t number, struct sw_probe *probe,
                         struct sw_error *error)
{
    char seen_as[SW_IDENTITY_LENGTH + 1];
    struct sw_seen seen;
    begin_seen(survey, &seen);
    sw_seen_add(&seen, probe->path);
    sw_seen_end(&seen, seen_as);
    bool good =
        sw_probe_print_chunks(probe, number, &survey->division, seen_as, survey->output, error);
    if (probe->unused.status != SW_DONE) survey->say("%s; it is not used", probe->unused.message);
    return good;
}

static bool print_probe(struct sw_survey *survey, size_t number, struct sw_probe *probe,
                        struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1] = "-";
    struct sw_buffer lines = {0};
    bool good = (survey->headers || identify(survey, probe->path, identity, error)) &&
                sw_probe_print_input(probe, number, identity, NULL, &lines, error) &&
                sw_output_write(survey->output, lines.bytes, lines.length, error) &&
                (survey->headers || print_chunks(survey, number, probe, error));
    sw_buffer_free(&lines);
    return good;
}

/* ---- small ones ---- */

static bool keep_small(struct sw_survey *survey, size_t number, struct sw_probe *probe,
                       struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1];
    return identify(survey, probe->path, identity, error) &&
           sw_small_files_add(&survey->small, number, probe, identity, error) &&
           sw_probe_print_input(probe, number, identity, &survey->small_header,
                                &survey->small_lines, error);
}

/* Those that are no run are inputs like others. */
static bool print_few(struct sw_survey *survey, struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < survey->small.count; i++) {
        const struct sw_small_file *file = &survey->small.items[i];
        struct sw_probe probe;
        good = sw_probe_open(&probe, file->path, &survey->probe, error) &&
               print_probe(survey, file->number, &probe, error);
        sw_probe_close(&probe);
    }
    return good;
}

static bool print_groups(struct sw_survey *survey, struct sw_error *error)
{
    const struct sw_small_files *small = &survey->small;
    char identity[SW_IDENTITY_LENGTH + 1], seen_as[SW_IDENTITY_LENGTH + 1];
    bool good = sw_output_write(survey->output, survey->small_lines.bytes,
                                survey->small_lines.length, error);
    for (size_t i = 0, count; good && i < small->count; i += count) {
        count = sw_small_files_group(small, i, survey->division.size_bytes);
        sw_small_files_identify(small, i, count, identity);
        struct sw_seen seen;
        begin_seen(survey, &seen);
        for (size_t j = i; j < i + count; j++) sw_seen_add(&seen, small->items[j].path);
        sw_seen_end(&seen, seen_as);
        good = sw_probe_print_group(small->items[i].number, count, identity, seen_as,
                                    survey->output, error);
    }
    return good;
}

/* Here the run of small files ends. */
static bool end_small(struct sw_survey *survey, struct sw_error *error)
{
    bool good = survey->small.count < SW_SMALL_FILES_LEAST ? print_few(survey, error)
                                                           : print_groups(survey, error);
    survey->small.count = 0;
    survey->small_lines.length = survey->small_header.length = 0;
    return good;
}

/* ---- all of them ---- */

static bool take_probe(struct sw_survey *survey, size_t number, struct sw_probe *probe,
                       struct sw_error *error)
{
    bool small = false;
    if (survey->group && !survey->headers &&
        !sw_small_file_is(probe, survey->division.size_bytes, &small, error))
        return false;
    return small ? keep_small(survey, number, probe, error)
                 : end_small(survey, error) && print_probe(survey, number, probe, error);
}

static bool check_sides(struct sw_survey *survey, const char *path, struct sw_error *error)
{
    return survey->side_rows == 0 ||
           sw_sides_check(path, survey->probe.csv_schemas, &survey->side_rows, error);
}

/* Where a file is read as its header tells, it is opened but once to see both. */
bool sw_survey_open(struct sw_survey *survey, const char *path, struct sw_probe *probe,
                    struct sw_error *error)
{
    struct sw_error own = {0};
    if (!survey->holds || survey->known != survey->probe.csv_schemas)
        return check_table(survey, path, error) && check_sides(survey, path, error) &&
               sw_probe_open(probe, path, &survey->probe, error);
    if (sw_probe_open(probe, path, &survey->probe, &own))
        return check_held(survey, path, probe->schema->table, error) &&
               check_sides(survey, path, error);
    if (check_table(survey, path, error) && check_sides(survey, path, error))
        *error = own;
    else
        probe->pointed = false;
    return false;
}

static void take_found(struct sw_survey *survey, const struct sw_probe *probe)
{
    if (probe->kind == SW_PROBE_STREAM || survey->probe.csv_schemas->chosen) return;
    const struct sw_csv_schema *found = probe->csv.csv_schema;
    if (survey->found && survey->found != found) survey->found_several = true;
    survey->found = found;
}

/* What all have found, others may look for first. */
static bool print_what_was_found(const struct sw_survey *survey, struct sw_error *error)
{
    return !survey->found || survey->found_several ||
           sw_probe_print_text("found", survey->found->name, survey->output, error);
}

/* Names of the list that are longer than columns may have are not there. */
static bool lacks_one(const struct sw_schema *schema, const char *list)
{
    for (const char *at = list; *at; at += *at == ',') {
        char name[SW_NAME_MAXIMUM + 1];
        const size_t length = strcspn(at, ",");
        if (length > SW_NAME_MAXIMUM) return true;
        memcpy(name, at, length);
        name[length] = 0;
        if (sw_schema_find(schema, name) < 0) return true;
        at += length;
    }
    return false;
}

static bool take_input(struct sw_survey *survey, size_t number, const char *path,
                       struct sw_error *error)
{
    struct sw_probe probe = {.path = path};
    bool good =
        sw_survey_open(survey, path, &probe, error) && take_probe(survey, number, &probe, error);
    if (good) take_found(survey, &probe);
    if (good && number == 0 && survey->needed)
        survey->lacks = lacks_one(probe.schema, survey->needed);
    survey->bytes += probe.size_bytes;
    if (probe.pointed) survey->say_place(probe.caret.text, probe.caret.mark);
    sw_probe_close(&probe);
    return good;
}

bool sw_survey_inputs(struct sw_survey *survey, const char *const *paths, size_t count,
                      struct sw_error *error)
{
    const char *columns = (const char *)survey->columns.bytes;
    survey->division.files = count;
    bool good =
        !columns || !*columns || sw_probe_print_text("columns", columns, survey->output, error);
    for (size_t i = 0; good && i < count; i++) good = take_input(survey, i, paths[i], error);
    return good && end_small(survey, error) &&
           (survey->headers || (print_what_was_found(survey, error) &&
                                sw_probe_print_bytes(survey->bytes, survey->output, error)));
}

bool sw_survey_identities(struct sw_survey *survey, const char *const *paths, size_t count,
                          struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1];
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = identify(survey, paths[i], identity, error) &&
               sw_probe_print_identity(i, identity, survey->output, error);
    return good;
}

static bool print_found(struct sw_survey *survey, const char *path, struct sw_error *error)
{
    struct sw_probe probe;
    struct sw_buffer line = {0};
    bool good = sw_probe_open(&probe, path, &survey->probe, error);
    const char *name = good ? sw_probe_csv_schema(&probe) : NULL;
    good = good &&
           sw_buffer_format(&line, error, "%s\t%s\n", name ? name : "-",
                            sw_row_kind_name(probe.schema->row_kind)) &&
           sw_output_write(survey->output, line.bytes, line.length, error);
    sw_buffer_free(&line);
    sw_probe_close(&probe);
    return good;
}

bool sw_survey_found(struct sw_survey *survey, const char *const *paths, size_t count,
                     struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < count; i++) good = print_found(survey, paths[i], error);
    return good;
}

/* ---- since ---- */

enum { KNOWN_MOST = 1 << 30 };

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : "";
}

static bool ends_in(const char *line, const char *identity)
{
    const size_t length = strcspn(line, "\n");
    if (length < SW_IDENTITY_LENGTH) return false;
    const char *last = line + length - SW_IDENTITY_LENGTH;
    return memcmp(last, identity, SW_IDENTITY_LENGTH) == 0 && (last == line || last[-1] == '\t');
}

bool sw_survey_unchanged(struct sw_survey *survey, const char *known, uint64_t from,
                         const char *const *paths, size_t count, bool *changed,
                         struct sw_error *error)
{
    char identity[SW_IDENTITY_LENGTH + 1];
    struct sw_buffer text = {0};
    bool good = sw_read_whole(known, "a list of inputs", KNOWN_MOST, &text, error) &&
                sw_buffer_add(&text, "", 1, error);
    const char *line = good ? (const char *)text.bytes : "";
    for (uint64_t i = 0; i < from; i++) line = next_line(line);
    for (size_t i = 0; good && i < count; i++, line = next_line(line)) {
        good = identify(survey, paths[i], identity, error);
        *changed = good && !ends_in(line, identity);
        if (*changed)
            good = sw_fail(error, SW_DATA,
                           "%s: changed while it was read; the next run reads it again", paths[i]);
    }
    sw_buffer_free(&text);
    return good;
}

void sw_survey_free(struct sw_survey *survey)
{
    sw_buffer_free(&survey->columns);
    sw_buffer_free(&survey->key);
    sw_buffer_free(&survey->small_lines);
    sw_buffer_free(&survey->small_header);
    sw_small_files_free(&survey->small);
}
