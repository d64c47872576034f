/* SPDX-License-Identifier: ISC */
#include "input/layout.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "input/common_columns.h"
#include "input/probe_print.h"
#include "output/quote_text.h"

/* ---- what a file must have ---- */

static bool need_columns(struct sw_layout *layout, const struct sw_probe *probe,
                         struct sw_error *error)
{
    char name[256];
    for (const char *at = layout->need ? layout->need : ""; *at;) {
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        if (sw_schema_find(probe->schema, name) < 0) {
            layout->disagree = true;
            return sw_fail(error, SW_DATA, "%s: no column '%s'", probe->path, name);
        }
        at += length + (at[length] == ',');
    }
    return true;
}

/* Appends the names of all columns, each ended by a NUL. */
static bool list_names(const struct sw_schema *schema, struct sw_buffer *names,
                       struct sw_error *error)
{
    for (size_t i = 0; i < schema->column_count; i++) {
        const char *name = schema->columns[i].name;
        if (!sw_buffer_add(names, name, strlen(name) + 1, error)) return false;
    }
    return true;
}

static size_t count_names(const struct sw_buffer *names)
{
    size_t count = 0;
    for (size_t at = 0; at < names->length; at++) count += names->bytes[at] == 0;
    return count;
}

static bool has_all(const struct sw_schema *schema, const struct sw_buffer *names)
{
    const char *name = (const char *)names->bytes, *end = name + names->length;
    for (; name < end; name += strlen(name) + 1)
        if (sw_schema_find(schema, name) < 0) return false;
    return true;
}

static bool compare_with_first(struct sw_layout *layout, const struct sw_probe *probe,
                               const char *first_path, struct sw_error *error)
{
    if (!layout->same) return true;
    if (probe->schema->column_count == count_names(&layout->first) &&
        has_all(probe->schema, &layout->first)) {
        layout->reordered = true;
        return true;
    }
    layout->disagree = true;
    return sw_fail(error, SW_DATA, "%s: has other columns than %s", probe->path, first_path);
}

/* Most files have the header of the one before. */
static bool take_header(struct sw_layout *layout, const struct sw_probe *probe,
                        const char *first_path, struct sw_buffer *names, struct sw_error *error)
{
    const bool first = probe->path == first_path;
    if (!list_names(probe->schema, names, error)) return false;
    if (!first && names->length == layout->last.length &&
        memcmp(names->bytes, layout->last.bytes, names->length) == 0)
        return true;
    layout->last.length = 0;
    if (!sw_buffer_add(&layout->last, names->bytes, names->length, error)) return false;
    if (first && !sw_buffer_add(&layout->first, names->bytes, names->length, error)) return false;
    if (layout->together && sw_schema_find(probe->schema, layout->together) >= 0)
        layout->some_with = true;
    else
        layout->some_without = true;
    return (first || compare_with_first(layout, probe, first_path, error)) &&
           need_columns(layout, probe, error);
}

static bool take_file(struct sw_layout *layout, const char *path, const char *first_path,
                      struct sw_error *error)
{
    struct sw_probe probe = {.path = path};
    struct sw_buffer names = {0};
    bool good = sw_survey_open(layout->survey, path, &probe, error) &&
                take_header(layout, &probe, first_path, &names, error);
    sw_buffer_free(&names);
    sw_probe_close(&probe);
    return good;
}

static bool take_files(struct sw_layout *layout, const char *const *paths, size_t count,
                       struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!take_file(layout, paths[i], paths[0], error)) return false;
    if (!layout->some_with || !layout->some_without) return true;
    layout->disagree = true;
    return sw_fail(error, SW_DATA, "some files of %s have a column '%s', others have none",
                   layout->table, layout->together);
}

/* ---- another schema ---- */

/* That several would do is told instead of what was wrong before. */
static void refuse_several(struct sw_layout *layout, const struct sw_error *told,
                           struct sw_error *error)
{
    const char *advice = strstr(told->message, "; see -t");
    if (told->status != SW_USAGE || !advice) return;
    *error = (struct sw_error){0};
    layout->disagree = true;
    sw_fail(error, SW_USAGE, "%.*s; see --%s-schema", (int)(advice - told->message), told->message,
            layout->table);
}

/* Whether there is one to read the files by; error is what is wrong with them otherwise. */
static bool find_other(struct sw_layout *layout, const char *path, struct sw_error *error)
{
    struct sw_survey *survey = layout->survey;
    const struct sw_probe_settings settings = {.csv_schemas = survey->known,
                                               .share_directory = survey->probe.share_directory,
                                               .view = {.definer = survey->probe.view.definer}};
    struct sw_error told = {0};
    struct sw_probe probe;
    const char *name = NULL;
    if (!sw_probe_open(&probe, path, &settings, &told))
        refuse_several(layout, &told, error);
    else if (sw_survey_list_has(layout->kinds, sw_row_kind_name(probe.schema->row_kind)))
        name = sw_probe_csv_schema(&probe);
    sw_probe_close(&probe);
    if (!name) return false;
    *error = (struct sw_error){0};
    layout->disagree = false;
    if (!sw_csv_schemas_open(&layout->found, settings.share_directory, name, NULL, error))
        return false;
    survey->probe.csv_schemas = &layout->found;
    return true;
}

static void forget(struct sw_layout *layout, uint64_t side_rows)
{
    layout->survey->side_rows = side_rows;
    layout->first.length = layout->last.length = 0;
    layout->some_with = layout->some_without = layout->reordered = false;
}

/* ---- the columns ---- */

/* In which line of the schema a column stands; behind all others where it stands in none. */
static size_t rank_of(const struct sw_csv_schema *csv_schema, const char *name)
{
    const struct sw_csv_schema_column *column = sw_csv_schema_column(csv_schema, name);
    return column ? (size_t)(column - csv_schema->columns) : SIZE_MAX;
}

static int by_rank(const void *a, const void *b, void *csv_schema)
{
    const char *one = *(const char *const *)a, *other = *(const char *const *)b;
    size_t one_rank = rank_of(csv_schema, one), other_rank = rank_of(csv_schema, other);
    if (one_rank != other_rank) return one_rank < other_rank ? -1 : 1;
    return strcmp(one, other);
}

/* A schema of the user's own, or the one that has the table's name. */
static struct sw_csv_schema *find_order(const struct sw_layout *layout)
{
    const struct sw_csv_schemas *chosen = layout->survey->probe.csv_schemas;
    const struct sw_csv_schemas *known = layout->survey->known;
    if (layout->own_schema) return &chosen->items[0];
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->items[i].name, layout->table) == 0) return &known->items[i];
    return &chosen->items[0];
}

/* Appends them as a header. */
static bool write_names(const char *const *names, size_t count, struct sw_buffer *to,
                        struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if ((i > 0 && !sw_buffer_add(to, ",", 1, error)) ||
            !sw_render_csv(to, names[i], strlen(names[i]), error))
            return false;
    return sw_buffer_add(to, "", 1, error);
}

static bool write_header(const struct sw_layout *layout, bool ordered, struct sw_buffer *to,
                         struct sw_error *error)
{
    const size_t count = count_names(&layout->first);
    const char **names = sw_alloc(count, sizeof *names, error);
    const char *name = (const char *)layout->first.bytes;
    if (!names) return false;
    for (size_t i = 0; i < count; i++, name += strlen(name) + 1) names[i] = name;
    if (ordered) qsort_r(names, count, sizeof *names, by_rank, find_order(layout));
    bool good = write_names(names, count, to, error);
    free(names);
    return good;
}

static bool choose_columns(struct sw_layout *layout, const char *const *paths, size_t count,
                           struct sw_error *error)
{
    const struct sw_probe_settings *probe = &layout->survey->probe;
    const struct sw_probe_settings settings = {.csv_schemas = probe->csv_schemas,
                                               .share_directory = probe->share_directory,
                                               .view = {.definer = probe->view.definer}};
    if (layout->common)
        return sw_common_columns(layout->common, paths, count, &settings, &layout->columns, error);
    return !layout->reordered || write_header(layout, true, &layout->columns, error);
}

/* ---- all of it ---- */

bool sw_layout_find(struct sw_layout *layout, const char *const *paths, size_t count,
                    struct sw_error *error)
{
    const uint64_t side_rows = layout->survey->side_rows;
    if (!take_files(layout, paths, count, error)) {
        if (!layout->kinds || error->status == SW_SYSTEM || !find_other(layout, paths[0], error))
            return false;
        forget(layout, side_rows);
        if (!take_files(layout, paths, count, error)) return false;
    }
    return choose_columns(layout, paths, count, error);
}

bool sw_layout_print(const struct sw_layout *layout, struct sw_output *output,
                     struct sw_error *error)
{
    const char *columns = (const char *)layout->columns.bytes;
    struct sw_buffer header = {0};
    bool good = write_header(layout, false, &header, error);
    if (good && layout->found.count > 0)
        good = sw_probe_print_text("schema", layout->found.items[0].name, output, error);
    good = good && sw_probe_print_text("header", (const char *)header.bytes, output, error) &&
           (!columns || !*columns || sw_probe_print_text("columns", columns, output, error));
    sw_buffer_free(&header);
    return good;
}

void sw_layout_free(struct sw_layout *layout)
{
    sw_csv_schemas_free(&layout->found);
    sw_buffer_free(&layout->first);
    sw_buffer_free(&layout->last);
    sw_buffer_free(&layout->columns);
}
