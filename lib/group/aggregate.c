/* SPDX-License-Identifier: ISC */
#include "group/aggregate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/memory.h"
#include "program/tally.h"
#include "group/reports.h"
#include "measure/shape_columns.h"

/* ---- the plan ---- */

static size_t trim(const char **at, size_t length)
{
    while (length > 0 && **at == ' ') ++*at, length--;
    while (length > 0 && (*at)[length - 1] == ' ') length--;
    return length;
}

/* "COL,…" as dimensions. */
static bool parse_keys(struct sw_dimensions *dimensions, const char *list,
                       int keys[SW_KEYS_MAXIMUM], size_t *count, struct sw_error *error)
{
    for (const char *at = list; list; at++) {
        size_t whole = sw_list_item(at);
        const char *name = at;
        size_t length = trim(&name, whole);
        if (length == 0) return sw_fail(error, SW_USAGE, "--group: an empty name: '%s'", list);
        if (*count == SW_KEYS_MAXIMUM)
            return sw_fail(error, SW_USAGE, "--group: more than %d keys", SW_KEYS_MAXIMUM);
        int key = sw_dimension_add(dimensions, name, length, error);
        if (key < 0) return false;
        for (size_t i = 0; i < *count; i++)
            if (keys[i] == key)
                return sw_fail(error, SW_USAGE, "--group: '%.*s' stands twice", (int)length, name);
        keys[(*count)++] = key;
        at += whole;
        if (!*at) break;
    }
    return true;
}

/* The names of keys and of measures become the columns of one table. */
static bool check_names(const struct sw_grouping *grouping, struct sw_error *error)
{
    const struct sw_shape *shape = grouping->shape;
    for (size_t key = 0; key < grouping->key_count; key++)
        for (size_t i = 0; i < shape->measure_count; i++)
            if (strcmp(grouping->dimensions->items[grouping->keys[key]].name,
                       shape->measures[i].name) == 0)
                return sw_fail(error, SW_USAGE, "both a key and a measure are called '%s'",
                               shape->measures[i].name);
    return true;
}

static bool plan_keys(struct sw_aggregate *aggregate, const char *keys, const char *measures,
                      const struct sw_measured *measured, struct sw_error *error)
{
    int dimensions[SW_KEYS_MAXIMUM];
    size_t count = 0;
    if (!parse_keys(&aggregate->dimensions, keys, dimensions, &count, error)) return false;
    if (measures ? !sw_shape_parse(&aggregate->shape, measures, &aggregate->dimensions, error)
                 : !sw_shape_standard(&aggregate->shape, &aggregate->dimensions, measured, error))
        return false;
    aggregate->named_end = measures ? aggregate->dimensions.count : count;
    aggregate->grouping_count = 1;
    return sw_grouping_init(&aggregate->groupings[0], "groups", &aggregate->shape,
                            &aggregate->dimensions, dimensions, count, ~(uint64_t)0, error) &&
           check_names(&aggregate->groupings[0], error);
}

static bool plan_reports(struct sw_aggregate *aggregate, const char *reports, const char *keys,
                         const char *measures, const struct sw_measured *measured,
                         struct sw_error *error)
{
    int dimensions[SW_KEYS_MAXIMUM];
    size_t count = 0;
    if (!sw_reports_parse(reports, measured, &aggregate->reports, error) ||
        !sw_shape_standard(&aggregate->shape, &aggregate->dimensions, measured, error))
        return false;
    aggregate->named_first = aggregate->dimensions.count;
    if (!parse_keys(&aggregate->dimensions, keys, dimensions, &count, error) ||
        (measures && !sw_shape_extend(&aggregate->shape, measures, &aggregate->dimensions, error)))
        return false;
    aggregate->named_end = aggregate->dimensions.count;
    if (!sw_reports_plan(aggregate, measured, dimensions, count, error)) return false;
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        if (!check_names(&aggregate->groupings[i], error)) return false;
    return true;
}

static bool copy(char **to, const struct sw_buffer *text, struct sw_error *error)
{
    if (text->length > 0) *to = sw_copy_text((const char *)text->bytes, text->length, error);
    return text->length == 0 || *to;
}

static bool add_item(struct sw_buffer *list, const char *item, struct sw_error *error)
{
    return (list->length == 0 || sw_buffer_text(list, ",", error)) &&
           sw_buffer_text(list, item, error);
}

/* Keys by their names, which are the columns' in partial streams, and measures as the shape has them: two ways to write one are one. */
static bool list_request(const struct sw_aggregate *aggregate, struct sw_buffer *keys,
                         struct sw_buffer *measures, struct sw_error *error)
{
    const struct sw_grouping *own =
        aggregate->reports ? sw_reports_own(aggregate) : &aggregate->groupings[0];
    const struct sw_shape *shape = &aggregate->shape;
    for (size_t i = 0; own && i < own->key_count; i++)
        if (!add_item(keys, aggregate->dimensions.items[own->keys[i]].name, error)) return false;
    for (size_t i = shape->listed; i < shape->measure_count; i++)
        if (!shape->measures[i].hidden && !add_item(measures, shape->measures[i].text, error))
            return false;
    return true;
}

/* What partial streams will say. */
static bool note_request(struct sw_aggregate *aggregate, const struct sw_view_settings *settings,
                         struct sw_error *error)
{
    struct sw_partial_request *said = &aggregate->said;
    struct sw_buffer reports = {0}, keys = {0}, measures = {0};
    bool good = (!aggregate->reports || sw_reports_names(aggregate->reports, &reports, error)) &&
                list_request(aggregate, &keys, &measures, error) &&
                copy(&said->reports, &reports, error) && copy(&said->keys, &keys, error) &&
                copy(&said->measures, &measures, error);
    if (good && settings->zone)
        good = (said->zone = sw_copy_text(settings->zone, strlen(settings->zone), error)) != NULL;
    if (good && settings->sizes)
        good =
            (said->sizes = sw_copy_text(settings->sizes, strlen(settings->sizes), error)) != NULL;
    sw_buffer_free(&reports);
    sw_buffer_free(&keys);
    sw_buffer_free(&measures);
    return good;
}

bool sw_aggregate_plan(struct sw_aggregate *aggregate, const struct sw_request *request,
                       struct sw_error *error)
{
    const struct sw_measured measured = {request->rows, false};
    *aggregate = (struct sw_aggregate){.shape.whole = request->whole};
    bool good = request->reports
                    ? plan_reports(aggregate, request->reports, request->keys, request->measures,
                                   &measured, error)
                    : plan_keys(aggregate, request->keys, request->measures, &measured, error);
    aggregate->shape.share_directory = request->share_directory;
    aggregate->memory_bytes = request->memory_bytes;
    aggregate->folder = request->folder;
    return good && note_request(aggregate, &request->settings, error);
}

void sw_aggregate_free(struct sw_aggregate *aggregate)
{
    sw_value_rows_free(&aggregate->values);
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        sw_grouping_free(&aggregate->groupings[i]);
    sw_shape_free(&aggregate->shape);
    sw_dimensions_free(&aggregate->dimensions);
    sw_standard_free(&aggregate->standard);
    sw_hours_free(&aggregate->hours);
    sw_view_free(&aggregate->view);
    sw_pieces_free(&aggregate->pieces);
    sw_partial_request_free(&aggregate->said);
    free(aggregate->member_ids);
    *aggregate = (struct sw_aggregate){0};
}

/* ---- the plan of a partial stream ---- */

static bool adopt_plan(struct sw_aggregate *aggregate, const struct sw_schema *schema,
                       struct sw_error *error)
{
    const struct sw_measured measured = {schema, true};
    const struct sw_partial_request *said = &aggregate->said;
    if (!sw_partial_request_read(&aggregate->said, schema, error)) return false;
    return said->reports ? plan_reports(aggregate, said->reports, said->keys, said->measures,
                                        &measured, error)
                         : plan_keys(aggregate, said->keys, said->measures, &measured, error);
}

static bool adopt_keys(struct sw_aggregate *aggregate, const struct sw_schema *schema,
                       struct sw_error *error)
{
    for (size_t i = 0; i < aggregate->dimensions.count; i++) {
        struct sw_dimension *dimension = &aggregate->dimensions.items[i];
        char name[SW_NAME_MAXIMUM + 8];
        snprintf(name, sizeof name, "key/%s", dimension->name);
        int column = sw_schema_find(schema, name);
        if (column >= 0 && !sw_dimension_type(dimension, schema->columns[column].type,
                                              schema->columns[column].scale, error))
            return false;
    }
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        for (size_t key = 0; key < aggregate->groupings[i].key_count; key++)
            if (aggregate->dimensions.items[aggregate->groupings[i].keys[key]].type == 0)
                return sw_partial_refuse(schema, error);
    return true;
}

static bool agree_measures(const struct sw_shape *has, const struct sw_shape *wants,
                           struct sw_error *error)
{
    if (has->standard != wants->standard ||
        has->measure_count - has->listed != wants->measure_count - wants->listed)
        return sw_fail(error, SW_USAGE, "the partial aggregates have other measures");
    for (size_t i = has->listed; i < has->measure_count; i++) {
        const char *text = wants->measures[wants->listed + i - has->listed].text;
        if (strcmp(has->measures[i].text, text) != 0)
            return sw_fail(error, SW_USAGE, "the partial aggregates have '%s', not '%s'",
                           has->measures[i].text, text);
    }
    return true;
}

/* Fails: what the stream says, and the user says otherwise. */
static bool refuse_others(const struct sw_aggregate *aggregate, struct sw_error *error)
{
    const struct sw_partial_request *said = &aggregate->said;
    return sw_fail(error, SW_USAGE, "the partial aggregates are others: %s '%s'",
                   said->reports ? "reports" : "grouped by",
                   said->reports ? said->reports
                   : said->keys  ? said->keys
                                 : "");
}

static bool agree_keys(const struct sw_aggregate *aggregate, const struct sw_aggregate *asked,
                       struct sw_error *error)
{
    const struct sw_grouping *has = &aggregate->groupings[aggregate->grouping_count - 1];
    const struct sw_grouping *wants = &asked->groupings[asked->grouping_count - 1];
    if (strcmp(has->name, wants->name) != 0 || has->key_count != wants->key_count)
        return refuse_others(aggregate, error);
    for (size_t i = 0; i < has->key_count; i++) {
        const char *name = aggregate->dimensions.items[has->keys[i]].name;
        if (strcmp(name, asked->dimensions.items[wants->keys[i]].name) != 0)
            return sw_fail(error, SW_USAGE, "the partial aggregates are grouped by '%s'", name);
    }
    return true;
}

static bool agree(const struct sw_aggregate *aggregate, const struct sw_aggregate *asked,
                  const struct sw_request *request, struct sw_error *error)
{
    if (aggregate->reports) return refuse_others(aggregate, error);
    return (!request->keys || agree_keys(aggregate, asked, error)) &&
           (!request->measures || agree_measures(&aggregate->shape, &asked->shape, error));
}

/* The reports that are asked for are some of those that there are. */
static bool agree_reports(const struct sw_aggregate *aggregate, const struct sw_aggregate *asked,
                          const struct sw_request *request, struct sw_error *error)
{
    bool all = strcmp(request->reports, "all") == 0 && aggregate->reports;
    if (!all && (asked->reports & ~aggregate->reports) != 0)
        return sw_fail(error, SW_USAGE, "the partial aggregates have other reports: '%s'",
                       aggregate->said.reports ? aggregate->said.reports : "");
    return (!request->keys || agree_keys(aggregate, asked, error)) &&
           (!request->measures || agree_measures(&aggregate->shape, &asked->shape, error));
}

/* What the user says again must be what the stream says. */
static bool check_request(const struct sw_aggregate *aggregate, const struct sw_request *request,
                          struct sw_error *error)
{
    struct sw_aggregate asked;
    if (!request->keys && !request->measures && !request->reports) return true;
    bool good = sw_aggregate_plan(&asked, request, error) &&
                (request->reports ? agree_reports : agree)(aggregate, &asked, request, error);
    sw_aggregate_free(&asked);
    return good;
}

/* Once the fields have their types. */
static bool begin_groupings(struct sw_aggregate *aggregate, struct sw_error *error)
{
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        if (!sw_grouping_begin(&aggregate->groupings[i], error)) return false;
    return true;
}

bool sw_aggregate_adopt(struct sw_aggregate *aggregate, const struct sw_request *request,
                        const struct sw_schema *schema, struct sw_error *error)
{
    *aggregate = (struct sw_aggregate){0};
    return adopt_plan(aggregate, schema, error) && adopt_keys(aggregate, schema, error) &&
           sw_shape_adopt(&aggregate->shape, &aggregate->dimensions, schema, error) &&
           begin_groupings(aggregate, error) && check_request(aggregate, request, error);
}

/* ---- rows ---- */

static bool is_key(const struct sw_grouping *grouping, int dimension)
{
    for (size_t key = 0; key < grouping->key_count; key++)
        if (grouping->keys[key] == dimension) return true;
    return false;
}

/* Whether a key of the grouping is one of the user's own report too, or has a listed distinct
 * count: its ids are needed row by row. */
static bool used_twice(const struct sw_aggregate *aggregate, const struct sw_grouping *grouping)
{
    const struct sw_shape *shape = &aggregate->shape;
    const struct sw_grouping *own = sw_reports_own(aggregate);
    for (size_t i = shape->listed_members; i < shape->member_count; i++)
        if (is_key(grouping, shape->members[i].dimension)) return true;
    for (size_t key = 0; own && key < own->key_count; key++)
        if (is_key(grouping, own->keys[key])) return true;
    return false;
}

static bool bind(struct sw_aggregate *aggregate, struct sw_error *error)
{
    struct sw_view *view = &aggregate->view;
    for (size_t i = 0; i < aggregate->dimensions.count; i++) {
        bool named = i >= aggregate->named_first && i < aggregate->named_end;
        enum sw_status missing = named ? SW_USAGE : SW_DATA;
        if (!sw_dimension_bind(&aggregate->dimensions.items[i], view, missing, error))
            return sw_fail_at(error,
                              missing == SW_USAGE ? "--group, --measures" : "standard measures");
    }
    struct sw_grouping *hourly = sw_reports_hourly(aggregate);
    if (hourly && !used_twice(aggregate, hourly)) sw_hours_bind(&aggregate->hours, hourly, view);
    return (!aggregate->shape.standard ||
            sw_standard_bind(&aggregate->standard, &aggregate->shape, view, error)) &&
           sw_shape_bind(&aggregate->shape, view, error) && begin_groupings(aggregate, error);
}

static bool load_dimension(struct sw_dimension *dimension, struct sw_view *view,
                           struct sw_error *error)
{
    struct sw_keyed keyed;
    if (!sw_view_keyed(view, dimension->handle, &keyed, error)) return false;
    if (keyed.codes) return sw_dimension_load_keyed(dimension, &keyed, view->rows, error);
    const struct sw_vector *vector = sw_view_vector(view, dimension->handle, error);
    return vector && sw_dimension_load(dimension, vector, view->rows, error);
}

static bool load_dimensions(struct sw_aggregate *aggregate, struct sw_error *error)
{
    struct sw_view *view = &aggregate->view;
    if (aggregate->hours.on && !sw_hours_load(&aggregate->hours, view, error)) return false;
    for (size_t i = 0; i < aggregate->dimensions.count; i++) {
        struct sw_dimension *dimension = &aggregate->dimensions.items[i];
        if (sw_hours_has(&aggregate->hours, (int)i)) continue;
        if (!load_dimension(dimension, view, error)) return false;
    }
    return true;
}

/* The cells of the block's rows in every grouping. */
static bool find_cells(struct sw_aggregate *aggregate, struct sw_error *error)
{
    size_t rows = aggregate->view.rows;
    for (size_t i = 0; i < aggregate->grouping_count; i++) {
        struct sw_grouping *grouping = &aggregate->groupings[i];
        bool hourly = aggregate->hours.on && grouping == aggregate->hours.grouping;
        if (!(hourly ? sw_hours_find(&aggregate->hours, rows, error)
                     : sw_grouping_rows(grouping, 0, rows, error)))
            return false;
    }
    return true;
}

/* Adds the block to `count` groupings, which is as many as go together. */
static bool add_together(struct sw_aggregate *aggregate, const struct sw_grouping *groupings,
                         size_t count, struct sw_error *error)
{
    struct sw_standard_target targets[SW_TARGETS_MAXIMUM];
    for (size_t i = 0; i < count; i++)
        targets[i] = (struct sw_standard_target){groupings[i].cells, groupings[i].cell_count,
                                                 groupings[i].records};
    return sw_standard_add(&aggregate->standard, &aggregate->shape, targets, count, error);
}

static bool add_standard(struct sw_aggregate *aggregate, struct sw_error *error)
{
    const size_t count = aggregate->grouping_count;
    size_t first = count < SW_TARGETS_MAXIMUM ? count : SW_TARGETS_MAXIMUM;
    const struct sw_grouping *groupings = aggregate->groupings;
    return sw_standard_begin(&aggregate->standard, &aggregate->view, error) &&
           add_together(aggregate, groupings, first, error) &&
           (first == count || add_together(aggregate, groupings + first, count - first, error));
}

static bool add_listed(struct sw_aggregate *aggregate, struct sw_error *error)
{
    for (size_t i = 0; i < aggregate->grouping_count; i++) {
        const struct sw_grouping *grouping = &aggregate->groupings[i];
        if (!sw_shape_add(&aggregate->shape, &aggregate->view, grouping->cells,
                          grouping->cell_count, grouping->records, error))
            return false;
    }
    return true;
}

static bool add_block(struct sw_aggregate *aggregate, struct sw_error *error)
{
    if (!load_dimensions(aggregate, error) || !find_cells(aggregate, error)) return false;
    if (aggregate->shape.standard && !add_standard(aggregate, error)) return false;
    if (!sw_shape_begin(&aggregate->shape, &aggregate->view, error) ||
        !add_listed(aggregate, error))
        return false;
    for (size_t i = 0; i < aggregate->grouping_count; i++)
        if (!sw_grouping_members(&aggregate->groupings[i], aggregate->view.rows, error))
            return false;
    return sw_value_rows_add(&aggregate->values, aggregate->view.rows, error);
}

bool sw_aggregate_begin(struct sw_aggregate *aggregate, struct sw_supplier supplier,
                        const struct sw_view_settings *settings, struct sw_error *error)
{
    return sw_view_open(&aggregate->view, supplier, settings, error) && bind(aggregate, error) &&
           sw_value_rows_begin(&aggregate->values, aggregate->groupings, aggregate->grouping_count,
                               aggregate->memory_bytes, aggregate->folder, error);
}

bool sw_aggregate_take(struct sw_aggregate *aggregate, size_t rows, struct sw_error *error)
{
    sw_view_begin(&aggregate->view, rows);
    return add_block(aggregate, error);
}

static bool list_needed(const struct sw_view *view, bool *needed, struct sw_buffer *names,
                        struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    bool any = false;
    sw_view_needed(view, needed);
    for (size_t i = 0; i < schema->column_count; i++) {
        if (!needed[i]) continue;
        if ((any && !sw_buffer_text(names, ",", error)) ||
            !sw_buffer_text(names, schema->columns[i].name, error))
            return false;
        any = true;
    }
    return sw_buffer_text(names, "\n", error);
}

bool sw_aggregate_columns(struct sw_aggregate *aggregate, struct sw_reader *reader,
                          const struct sw_view_settings *settings, struct sw_buffer *names,
                          struct sw_error *error)
{
    if (!sw_aggregate_begin(aggregate, sw_supplier_of_reader(reader), settings, error))
        return false;
    bool *needed = sw_alloc(reader->schema.column_count, sizeof *needed, error);
    bool good = needed && list_needed(&aggregate->view, needed, names, error);
    free(needed);
    return good;
}

bool sw_aggregate_check(const struct sw_aggregate *aggregate, struct sw_error *error)
{
    const struct sw_grouping *first = &aggregate->groupings[0];
    if (aggregate->grouping_count == 1) return true;
    uint64_t wanted = sw_grouping_count(first);
    for (size_t i = 1; i < aggregate->grouping_count; i++) {
        uint64_t rows = sw_grouping_count(&aggregate->groupings[i]);
        if (rows != wanted)
            return sw_fail(error, SW_SYSTEM,
                           "the rows do not add up: %" PRIu64 " in %s, but %" PRIu64 " in %s",
                           wanted, first->name, rows, aggregate->groupings[i].name);
    }
    return true;
}

/* An expression of several conditions has few rows picked out of a block, which a piece cannot. */
static bool has_conditions(const struct sw_shape *shape)
{
    for (size_t i = shape->listed; i < shape->measure_count; i++)
        if (shape->measures[i].condition) return true;
    return false;
}

static enum sw_step next_rows(struct sw_aggregate *aggregate, struct sw_reader *reader, bool whole,
                              size_t *rows, struct sw_error *error)
{
    enum sw_step step =
        whole ? sw_reader_next(reader, error) : sw_pieces_next(&aggregate->pieces, error);
    *rows = whole ? reader->rows : aggregate->pieces.rows;
    return step;
}

bool sw_aggregate_rows(struct sw_aggregate *aggregate, struct sw_reader *reader,
                       const struct sw_view_settings *settings, struct sw_error *error)
{
    const bool whole = has_conditions(&aggregate->shape);
    enum sw_step step;
    size_t rows;
    if (!sw_pieces_open(&aggregate->pieces, reader, error)) return false;
    const struct sw_supplier supplier =
        whole ? sw_supplier_of_reader(reader) : sw_pieces_supplier(&aggregate->pieces);
    if (!sw_aggregate_begin(aggregate, supplier, settings, error)) return false;
    while ((step = next_rows(aggregate, reader, whole, &rows, error)) == SW_ROWS)
        if (!sw_aggregate_take(aggregate, rows, error)) return false;
    struct sw_tally tally = {.read = reader->total_rows,
                             .kept = sw_grouping_count(&aggregate->groupings[0])};
    return step == SW_END && sw_tally_check(&tally, reader->first_name, error);
}
