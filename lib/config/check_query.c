/* SPDX-License-Identifier: ISC
 * What needs the columns of the data (config/check.h): headers, selectors, expressions, columns,
 * keys and measures. Nothing but headers is read; where a file of orders cannot be, the columns
 * are all those that its schema knows. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "config/check.h"
#include "expr/value.h"
#include "config/files.h"
#include "input/any_table.h"
#include "measure/measure.h"
#include "expr/selectors.h"
#include "sort/sort_keys.h"

struct query {
    struct sw_configuration *configuration;
    const char *share_directory;
    struct sw_csv_schemas known, chosen; /* all schemas; the one that the user named, or all */
    struct sw_schema events, classified;
    bool has_events, has_classified;
    struct sw_error *error; /* of memory; what a user did wrong is a mistake */
};

static bool annotate(struct query *query, enum sw_key key, const struct sw_error *failure)
{
    return sw_diagnostic_of(query->configuration, key, failure, query->error);
}

/* ---- headers ---- */

/* Whether a table can stand under a key: orders take what is neither trades nor quotes, but for a
 * mere conversion. */
static bool table_belongs(const struct query *query, enum sw_key key, const char *table)
{
    const struct sw_setting *steps = &query->configuration->settings[SW_KEY_STEPS];
    if (key != SW_KEY_ORDERS) return strcmp(table, sw_keys[key].name) == 0;
    if (steps->count == 1 && strcmp(steps->values[0], "convert") == 0) return true;
    return strcmp(table, "trades") != 0 && strcmp(table, "nbbo") != 0;
}

/* Whether rows of the file can stand beside those of the first one. */
static bool has_columns_of_events(const struct query *query, const struct sw_schema *schema)
{
    if (schema->column_count != query->events.column_count) return false;
    for (size_t i = 0; i < schema->column_count; i++)
        if (sw_schema_find(&query->events, schema->columns[i].name) < 0) return false;
    return true;
}

/* The first file of orders gives the columns; where some of them are chosen, the others may have
 * more. */
static bool take_events(struct query *query, const struct sw_schema *schema, const char *path)
{
    const struct sw_configuration *configuration = query->configuration;
    if (!query->has_events) {
        query->has_events = sw_schema_copy(&query->events, schema, NULL, 0, query->error);
        return query->has_events;
    }
    bool analyse = sw_configuration_is(configuration, SW_KEY_STEPS, "analyse");
    if ((sw_configuration_selects(configuration, SW_KEY_COLUMNS) && !analyse) ||
        has_columns_of_events(query, schema))
        return true;
    return sw_diagnostic_add(query->configuration, SW_KEY_ORDERS, SW_DATA, query->error,
                             "other columns than in the first file: '%s'", path);
}

static bool check_header(struct query *query, enum sw_key key, const char *path)
{
    struct sw_rows rows;
    struct sw_error failure = {0};
    const struct sw_csv_schemas *csv_schemas =
        key == SW_KEY_ORDERS ? &query->chosen : &query->known;
    if (!sw_rows_open(&rows, path, csv_schemas, &failure)) return annotate(query, key, &failure);
    const struct sw_schema *schema = sw_rows_schema(&rows);
    bool good = true;
    if (!table_belongs(query, key, schema->table))
        good = sw_diagnostic_add(query->configuration, key, SW_USAGE, query->error,
                                 "holds %s, not %s: '%s'", schema->table, sw_keys[key].name, path);
    else if (key == SW_KEY_ORDERS)
        good = take_events(query, schema, path);
    sw_rows_close(&rows);
    return good;
}

static bool check_headers(struct query *query, enum sw_key key)
{
    struct sw_files files = {0};
    struct sw_error failure = {0};
    const struct sw_setting *setting = &query->configuration->settings[key];
    if (setting->wrong || setting->count == 0) return true;
    bool good =
        sw_files_of(&files, query->configuration, key, &failure) || annotate(query, key, &failure);
    for (size_t i = 0; good && i < files.count; i++)
        good = check_header(query, key, files.items[i]);
    sw_files_free(&files);
    return good;
}

/* The schemas; those that no file has given are their schemas' whole. */
static bool read_schemas(struct query *query)
{
    struct sw_error failure = {0};
    const char *choice = sw_configuration_text(query->configuration, SW_KEY_SCHEMA);
    if (!sw_csv_schemas_open(&query->known, query->share_directory, NULL, NULL, query->error))
        return false;
    if (!sw_csv_schemas_open(&query->chosen, query->share_directory,
                             strcmp(choice, "auto") == 0 ? NULL : choice, NULL, &failure)) {
        if (!annotate(query, SW_KEY_SCHEMA, &failure)) return false;
    } else if (!check_headers(query, SW_KEY_ORDERS)) {
        return false;
    }
    return check_headers(query, SW_KEY_TRADES) && check_headers(query, SW_KEY_NBBO) &&
           check_headers(query, SW_KEY_SESSIONS) && check_headers(query, SW_KEY_TICKS);
}

static bool complete_schemas(struct query *query)
{
    const struct sw_csv_schema *orders = sw_csv_schema_of_table(&query->known, "orders");
    const struct sw_csv_schema *classified = sw_csv_schema_of_table(&query->known, "classified");
    if (query->chosen.chosen && query->chosen.count) orders = &query->chosen.items[0];
    if (!query->has_events && orders)
        query->has_events = sw_schema_of_csv_schema(&query->events, orders, query->error);
    if (classified)
        query->has_classified =
            sw_schema_of_csv_schema(&query->classified, classified, query->error);
    return query->has_events && query->has_classified;
}

/* ---- what is said about columns ---- */

/* Binding asks for names and types alone. */
static const struct sw_vector *no_rows(void *owner, int column, struct sw_error *error)
{
    (void)owner;
    (void)sw_fail(error, SW_SYSTEM, "column %d: there are no rows", column);
    return NULL;
}

static bool open_view(struct query *query, const struct sw_schema *schema, struct sw_view *view,
                      struct sw_error *failure)
{
    struct sw_buffer sizes = {0};
    struct sw_view_settings settings = {.definer = &sw_value_definer};
    bool good = sw_configuration_join(query->configuration, SW_KEY_SIZES, &sizes, failure);
    if (good) {
        if (!query->configuration->settings[SW_KEY_SIZES].wrong)
            settings.sizes = (const char *)sizes.bytes;
        good = sw_view_open(view, (struct sw_supplier){schema, NULL, no_rows, NULL}, &settings,
                            failure);
    }
    sw_buffer_free(&sizes);
    return good;
}

/* One thing that is to be judged: a value of a key, in the view of a table. */
typedef bool judge(struct query *query, struct sw_view *view, enum sw_key key, const char *value,
                   struct sw_error *failure);

static bool judge_column(struct query *query, struct sw_view *view, enum sw_key key,
                         const char *value, struct sw_error *failure)
{
    (void)query, (void)key;
    return sw_view_column(view, value, SW_USAGE, failure) >= 0;
}

/* A key of a sort, of stored columns or of those that are computed on the way. */
static bool judge_sort_key(struct query *query, struct sw_view *view, enum sw_key key,
                           const char *value, struct sw_error *failure)
{
    const char *colon = strchr(value, ':');
    if (!colon) return judge_column(query, view, key, value, failure);
    if (strcmp(colon, ":asc") != 0 && strcmp(colon, ":desc") != 0)
        return sw_fail(failure, SW_USAGE, "neither :asc nor :desc: '%s'", value);
    char *name = sw_copy_text(value, (size_t)(colon - value), failure);
    bool good = name && judge_column(query, view, key, name, failure);
    free(name);
    return good;
}

static bool judge_measure(struct query *query, struct sw_view *view, enum sw_key key,
                          const char *value, struct sw_error *failure)
{
    struct sw_dimensions dimensions = {0};
    struct sw_shape shape = {0};
    (void)key;
    bool good = sw_shape_parse(&shape, value, &dimensions, failure);
    shape.share_directory = query->share_directory;
    good = good && sw_shape_bind(&shape, view, failure);
    for (size_t i = 0; good && i < shape.member_count; i++)
        good = sw_dimension_bind(&dimensions.items[shape.members[i].dimension], view, SW_USAGE,
                                 failure);
    sw_shape_free(&shape);
    sw_dimensions_free(&dimensions);
    return good;
}

static bool judge_selector(struct query *query, struct sw_view *view, enum sw_key key,
                           const char *value, struct sw_error *failure)
{
    struct sw_selectors selectors = {0};
    struct sw_expression expression = {0};
    const char **place = key == SW_KEY_SECURITIES     ? &selectors.securities
                         : key == SW_KEY_DATES        ? &selectors.dates
                         : key == SW_KEY_PARTICIPANTS ? &selectors.participants
                         : key == SW_KEY_HOURS        ? &selectors.hours
                         : key == SW_KEY_TIMES        ? &selectors.times
                         : key == SW_KEY_QUANTITIES   ? &selectors.quantities
                                                      : &selectors.expression;
    *place = value;
    bool good =
        sw_selectors_compile(&expression, view, &selectors, query->share_directory, failure);
    sw_expression_free(&expression);
    return good;
}

/* ---- all of them ---- */

/* "expression:13: …": the key stands there already. */
static bool annotate_expression(struct query *query, const struct sw_error *failure,
                                const char *value)
{
    static const char prefix[] = "expression:";
    const char *reason = failure->message;
    bool placed = strncmp(reason, prefix, sizeof prefix - 1) == 0;
    if (placed) reason += sizeof prefix - 1;
    return sw_diagnostic_add(query->configuration, SW_KEY_EXPRESSION, failure->status, query->error,
                             "%s%s: '%s'", placed ? "character " : "", reason, value);
}

static bool judge_value(struct query *query, const struct sw_schema *schema, enum sw_key key,
                        const char *value, judge *fits)
{
    struct sw_error failure = {0};
    struct sw_view view = {0};
    bool good =
        open_view(query, schema, &view, &failure) && fits(query, &view, key, value, &failure);
    sw_view_free(&view);
    if (good) return true;
    return key == SW_KEY_EXPRESSION ? annotate_expression(query, &failure, value)
                                    : annotate(query, key, &failure);
}

/* Judges every value of a key; not one that is known to be wrong. */
static bool judge_key(struct query *query, const struct sw_schema *schema, enum sw_key key,
                      judge *fits)
{
    const struct sw_setting *setting = &query->configuration->settings[key];
    bool selects = sw_configuration_selects(query->configuration, key);
    if (setting->wrong || !selects) return true;
    for (size_t i = 0; i < setting->count; i++)
        if (!judge_value(query, schema, key, setting->values[i], fits)) return false;
    return true;
}

static bool judge_sizes(struct query *query)
{
    struct sw_error failure = {0};
    struct sw_view view = {0};
    if (query->configuration->settings[SW_KEY_SIZES].wrong) return true;
    bool good = open_view(query, &query->events, &view, &failure) ||
                annotate(query, SW_KEY_SIZES, &failure);
    sw_view_free(&view);
    return good;
}

/* Reports, extracts and conversions select events; an analysis selects the orders made of them,
 * but for what never changes in an order's life. */
static bool judge_selectors(struct query *query)
{
    static const enum sw_key keys[] = {SW_KEY_SECURITIES, SW_KEY_PARTICIPANTS, SW_KEY_DATES,
                                       SW_KEY_HOURS,      SW_KEY_TIMES,        SW_KEY_QUANTITIES,
                                       SW_KEY_EXPRESSION};
    const struct sw_configuration *configuration = query->configuration;
    bool analyse = sw_configuration_is(configuration, SW_KEY_STEPS, "analyse");
    bool events = !analyse || configuration->settings[SW_KEY_STEPS].count > 1;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        bool of_life = keys[i] == SW_KEY_SECURITIES || keys[i] == SW_KEY_PARTICIPANTS;
        if (((events || of_life) && !judge_key(query, &query->events, keys[i], judge_selector)) ||
            (analyse && !of_life && !judge_key(query, &query->classified, keys[i], judge_selector)))
            return false;
    }
    return true;
}

static bool judge_all(struct query *query)
{
    return judge_sizes(query) && judge_selectors(query) &&
           judge_key(query, &query->events, SW_KEY_COLUMNS, judge_column) &&
           judge_key(query, &query->events, SW_KEY_GROUP, judge_column) &&
           judge_key(query, &query->events, SW_KEY_MEASURES, judge_measure) &&
           judge_key(query, &query->events, SW_KEY_KEYS, judge_sort_key) &&
           (!sw_configuration_is(query->configuration, SW_KEY_STEPS, "analyse") ||
            judge_key(query, &query->classified, SW_KEY_ORDERS_GROUP, judge_column));
}

bool sw_check_query(struct sw_configuration *configuration, const char *share_directory,
                    struct sw_error *error)
{
    struct query query = {
        .configuration = configuration, .share_directory = share_directory, .error = error};
    bool good = read_schemas(&query) && complete_schemas(&query) && judge_all(&query);
    if (query.has_events) sw_schema_free(&query.events);
    if (query.has_classified) sw_schema_free(&query.classified);
    sw_csv_schemas_free(&query.chosen);
    sw_csv_schemas_free(&query.known);
    return good;
}
