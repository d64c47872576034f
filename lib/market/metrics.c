/* SPDX-License-Identifier: ISC */
#include "market/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "states/state_columns.h"

/* ---- what is read ---- */

/* The sums of a cell, in the shape's order. Their names stand in messages, and no column is called
 * like that. */
enum { ORDERS, MATCHED, ORDERED, BOOKED, TRADED_VALUE, TRADED_QUANTITY };

static const char sums[] = "number of orders=count(),"
                           "sum of totalmatchedquantity=sum(totalmatchedquantity),"
                           "sum of order_quantity=sum(order_quantity),"
                           "sum of booked_quantity=sum(booked_quantity),"
                           "sum of traded_value=sum(traded_value),"
                           "sum of traded_quantity=sum(traded_quantity)";

/* What was booked is taken off the other two as it stands. */
static bool check_scales(const struct sw_reader *reader, struct sw_error *error)
{
    static const char *const taken_off[] = {"totalmatchedquantity", "order_quantity"};
    const struct sw_schema *schema = &reader->schema;
    int scale = schema->columns[sw_schema_find(schema, "booked_quantity")].scale;
    for (size_t i = 0; i < sizeof taken_off / sizeof *taken_off; i++)
        if (schema->columns[sw_schema_find(schema, taken_off[i])].scale != scale)
            return sw_fail(error, SW_DATA, "%s: %s and booked_quantity have different scales",
                           reader->first_name, taken_off[i]);
    return true;
}

/* The user names none of these, so that one that is missing is the data's fault. */
static bool check_columns(const struct sw_reader *reader, struct sw_error *error)
{
    static const char *const needed[] = {"group",          "totalmatchedquantity",
                                         "order_quantity", "booked_quantity",
                                         "traded_value",   "traded_quantity"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        int column = sw_schema_find(&reader->schema, needed[i]);
        if (column < 0)
            return sw_fail(error, SW_DATA, "%s: no column '%s': not classified orders",
                           reader->first_name, needed[i]);
        enum sw_type type = reader->schema.columns[column].type;
        if (i == 0 ? type != SW_TEXT : type > SW_DECIMAL)
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s", reader->first_name,
                           needed[i], sw_type_name(type));
    }
    return check_scales(reader, error);
}

static char *join_keys(const char *keys, struct sw_error *error)
{
    struct sw_buffer list = {0};
    char *joined = NULL;
    if ((!keys || sw_buffer_format(&list, error, "%s,", keys)) &&
        sw_buffer_text(&list, "group", error))
        joined = sw_copy_text((const char *)list.bytes, list.length, error);
    sw_buffer_free(&list);
    return joined;
}

bool sw_metrics_read(struct sw_metrics *metrics, struct sw_reader *reader, const char *keys,
                     const struct sw_view_settings *settings, struct sw_error *error)
{
    *metrics = (struct sw_metrics){0};
    if (!check_columns(reader, error)) return false;
    metrics->keys = join_keys(keys, error);
    const struct sw_request request = {
        .keys = metrics->keys, .measures = sums, .settings = *settings};
    return metrics->keys && sw_aggregate_plan(&metrics->aggregate, &request, error) &&
           sw_aggregate_rows(&metrics->aggregate, reader, settings, error);
}

void sw_metrics_free(struct sw_metrics *metrics)
{
    sw_aggregate_free(&metrics->aggregate);
    free(metrics->keys);
}

/* ---- cells to groups ---- */

/* After the groups of orders all of them together. */
enum { OVERALL = SW_ORDER_GROUPS, GROUPS };

static const char *group_name(size_t group)
{
    return group == OVERALL ? "OVERALL" : sw_order_group_names[group];
}

struct totals {
    sw_int128 orders, full, partial;
    struct sw_sum filled, asked; /* without what was booked */
    struct sw_sum traded_value, traded_quantity;
};

static const struct sw_grouping *grouping_of(const struct sw_metrics *metrics)
{
    return &metrics->aggregate.groupings[0];
}

static const struct sw_field *sum_field(const struct sw_grouping *grouping, size_t which)
{
    const struct sw_shape *shape = grouping->shape;
    return &shape->fields[shape->measures[which].fields[1]];
}

static struct totals totals_of(const struct sw_grouping *grouping, uint32_t cell)
{
    unsigned char *record = sw_grouping_record(grouping, cell);
    const struct sw_sum booked = *sw_sum_at(sum_field(grouping, BOOKED), record);
    return (struct totals){
        .orders = *sw_count_at(grouping->shape->fields, record),
        .filled = sw_sum_less(*sw_sum_at(sum_field(grouping, MATCHED), record), booked),
        .asked = sw_sum_less(*sw_sum_at(sum_field(grouping, ORDERED), record), booked),
        .traded_value = *sw_sum_at(sum_field(grouping, TRADED_VALUE), record),
        .traded_quantity = *sw_sum_at(sum_field(grouping, TRADED_QUANTITY), record)};
}

static bool add_totals(struct totals *to, const struct totals *more, struct sw_error *error)
{
    to->orders += more->orders;
    to->full += more->full;
    to->partial += more->partial;
    return (sw_sum_merge(&to->filled, &more->filled) && sw_sum_merge(&to->asked, &more->asked) &&
            sw_sum_merge(&to->traded_value, &more->traded_value) &&
            sw_sum_merge(&to->traded_quantity, &more->traded_quantity)) ||
           sw_fail(error, SW_DATA, "OVERALL: a sum is out of range");
}

/* The group of an id of the last key; OVERALL where it is null. */
static bool find_group(const struct sw_grouping *grouping, uint32_t id, size_t *group,
                       struct sw_error *error)
{
    const int key = grouping->keys[grouping->key_count - 1];
    *group = OVERALL;
    if (id == SW_NULL_ID) return true;
    const struct sw_text *text = &grouping->dimensions->items[key].intern.texts[id];
    *group = sw_order_group_find(*text);
    if (*group < SW_ORDER_GROUPS) return true;
    return sw_fail(error, SW_DATA, "group: not a group of classified orders: '%.*s'",
                   (int)(text->length < 100 ? text->length : 100), text->bytes);
}

/* Adds a cell to its group and to all. */
static bool add_cell(const struct sw_grouping *grouping, uint32_t cell, uint32_t group_id,
                     struct totals totals[GROUPS], struct sw_error *error)
{
    size_t group;
    if (!find_group(grouping, group_id, &group, error)) return false;
    struct totals more = totals_of(grouping, cell);
    more.full = group == SW_GROUP_FULLY_FILLED ? more.orders : 0;
    more.partial = group == SW_GROUP_PARTIALLY_FILLED ? more.orders : 0;
    return (group == OVERALL || add_totals(&totals[group], &more, error)) &&
           add_totals(&totals[OVERALL], &more, error);
}

/* ---- rows ---- */

enum { METRICS = 8, ROWS_AT_ONCE = 1024 };

struct table {
    const struct sw_grouping *grouping;
    size_t keys;   /* but for the group */
    size_t hidden; /* of them: columns that are not printed */
    struct sw_schema schema, shown;
    struct sw_builder builders[SW_KEYS_MAXIMUM + METRICS];
    const struct sw_vector *vectors[SW_KEYS_MAXIMUM + METRICS];
    bool fixed[SW_KEYS_MAXIMUM + METRICS], sums[SW_KEYS_MAXIMUM + METRICS];
    struct sw_printer printer;
};

static bool add_column(struct table *table, const char *name, enum sw_type type, int scale,
                       struct sw_error *error)
{
    size_t index = table->schema.column_count;
    table->vectors[index] = &table->builders[index].vector;
    if (sw_schema_find(&table->schema, name) >= 0)
        return sw_fail(error, SW_USAGE, "--group: '%s' is the name of a metric", name);
    return sw_schema_add(&table->schema, name, type, scale, error) &&
           sw_builder_init(&table->builders[index], type, scale, ROWS_AT_ONCE, error);
}

static bool add_columns(struct table *table, struct sw_error *error)
{
    const struct sw_grouping *grouping = table->grouping;
    const struct {
        const char *name;
        enum sw_type type;
        int scale;
        bool fixed, sum;
    } metrics[METRICS] = {
        {"group", SW_TEXT, 0, false, false},
        {"orders", SW_INT, 0, false, false},
        {"full_fills", SW_INT, 0, false, false},
        {"partial_fills", SW_INT, 0, false, false},
        {"quantity_traded", SW_DECIMAL, sum_field(grouping, MATCHED)->scale, false, true},
        {"asked_quantity", SW_DECIMAL, sum_field(grouping, ORDERED)->scale, false, true},
        {"avg_execution_cost", SW_DECIMAL, SW_RESULT_SCALE, true, false},
        {"order_fill_ratio", SW_DECIMAL, SW_RESULT_SCALE, true, false},
    };
    if (!sw_schema_init(&table->schema, "metrics", error)) return false;
    for (size_t i = 0; i < table->keys; i++) {
        const struct sw_dimension *key = &grouping->dimensions->items[grouping->keys[i]];
        if (!add_column(table, key->name, key->type, key->scale, error)) return false;
    }
    for (size_t i = 0; i < METRICS; i++) {
        table->fixed[table->keys + i] = metrics[i].fixed;
        table->sums[table->keys + i] = metrics[i].sum;
        if (!add_column(table, metrics[i].name, metrics[i].type, metrics[i].scale, error))
            return false;
    }
    return true;
}

/* numerator ÷ denominator of these scales, empty where that is no number. */
static bool put_ratio(struct sw_builder *builder, const char *name, const struct sw_sum *numerator,
                      int scale, const struct sw_sum *denominator, int denominator_scale,
                      struct sw_error *error)
{
    sw_int128 ratio;
    if (sw_sum_is_zero(denominator)) {
        sw_builder_add_null(builder);
        return true;
    }
    if (!sw_sum_ratio(numerator, denominator, SW_RESULT_SCALE - scale + denominator_scale, &ratio))
        return sw_fail(error, SW_DATA, "%s: out of range: more than 127 bits with %d decimals",
                       name, SW_RESULT_SCALE);
    return sw_builder_add_value(builder, ratio, error);
}

static bool put_sum(struct sw_builder *builder, const char *name, const struct sw_sum *sum,
                    struct sw_error *error)
{
    sw_int128 value;
    if (!sw_sum_narrow(sum, &value))
        return sw_fail(error, SW_DATA, "%s: out of range: a sum has more than 127 bits", name);
    return sw_builder_add_value(builder, value, error);
}

static bool put_metrics(struct table *table, size_t group, const struct totals *totals,
                        struct sw_error *error)
{
    const sw_int128 numbers[] = {totals->orders, totals->full, totals->partial};
    const size_t count = sizeof numbers / sizeof *numbers;
    const struct sw_field *value = sum_field(table->grouping, TRADED_VALUE),
                          *quantity = sum_field(table->grouping, TRADED_QUANTITY),
                          *matched = sum_field(table->grouping, MATCHED),
                          *ordered = sum_field(table->grouping, ORDERED);
    struct sw_builder *builder = table->builders + table->keys;
    const char *name = group_name(group);
    if (!sw_builder_add_text(builder++, name, strlen(name), error)) return false;
    for (size_t i = 0; i < count; i++)
        if (!sw_builder_add_value(builder++, numbers[i], error)) return false;
    return put_sum(builder, "quantity_traded", &totals->filled, error) &&
           put_sum(builder + 1, "asked_quantity", &totals->asked, error) &&
           put_ratio(builder + 2, "avg_execution_cost", &totals->traded_value, value->scale,
                     &totals->traded_quantity, quantity->scale, error) &&
           put_ratio(builder + 3, "order_fill_ratio", &totals->filled, matched->scale,
                     &totals->asked, ordered->scale, error);
}

static bool print_rows(struct table *table, struct sw_error *error)
{
    bool good = sw_printer_rows(&table->printer, table->vectors + table->hidden, NULL,
                                table->vectors[0]->rows, error);
    for (size_t i = 0; i < table->schema.column_count; i++) sw_builder_reset(&table->builders[i]);
    return good;
}

/* Puts "group KEY=VALUE,…,group=NAME: " before an error of a row. Returns false always. */
static bool annotate(const struct table *table, const uint32_t *ids, size_t group,
                     struct sw_error *error)
{
    const struct sw_grouping *grouping = table->grouping;
    struct sw_buffer text = {0};
    bool good = sw_buffer_text(&text, "group ", error);
    for (size_t i = 0; good && i < table->keys; i++)
        good = sw_dimension_say(&grouping->dimensions->items[grouping->keys[i]], ids[i], &text,
                                error) &&
               sw_buffer_text(&text, ",", error);
    if (good && sw_buffer_format(&text, error, "group=%s", group_name(group)) &&
        sw_buffer_add(&text, "", 1, error))
        (void)sw_fail_at(error, (const char *)text.bytes);
    sw_buffer_free(&text);
    return false;
}

/* The four rows of one combination of keys. */
static bool put_groups(struct table *table, const uint32_t *ids, const struct totals totals[GROUPS],
                       struct sw_error *error)
{
    const struct sw_grouping *grouping = table->grouping;
    for (size_t group = 0; group < GROUPS; group++) {
        for (size_t i = 0; i < table->keys; i++)
            if (!sw_dimension_put(&grouping->dimensions->items[grouping->keys[i]], ids[i],
                                  &table->builders[i], error))
                return false;
        if (!put_metrics(table, group, &totals[group], error))
            return annotate(table, ids, group, error);
    }
    return table->vectors[0]->rows + GROUPS <= ROWS_AT_ONCE || print_rows(table, error);
}

/* Cells that differ in nothing but the group stand together. */
static bool put_cells(struct table *table, const uint32_t *order, size_t count,
                      struct sw_error *error)
{
    const struct sw_grouping *grouping = table->grouping;
    uint32_t ids[SW_KEYS_MAXIMUM], now[SW_KEYS_MAXIMUM];
    struct totals totals[GROUPS] = {{0}};
    bool begun = table->keys == 0;
    for (size_t i = 0; i < count; i++) {
        sw_grouping_keys(grouping, order[i], now);
        if (i > 0 && memcmp(ids, now, table->keys * sizeof *ids) != 0) {
            if (!put_groups(table, ids, totals, error)) return false;
            memset(totals, 0, sizeof totals);
        }
        memcpy(ids, now, grouping->key_count * sizeof *ids);
        begun = true;
        if (!add_cell(grouping, order[i], now[table->keys], totals, error)) return false;
    }
    return (!begun || put_groups(table, ids, totals, error)) && print_rows(table, error);
}

static bool show_columns(struct table *table, struct sw_error *error)
{
    int shown[SW_KEYS_MAXIMUM + METRICS];
    size_t count = table->schema.column_count - table->hidden;
    for (size_t i = 0; i < count; i++) shown[i] = (int)(table->hidden + i);
    return sw_schema_copy(&table->shown, &table->schema, shown, count, error);
}

static bool write_table(struct table *table, const struct sw_print_options *how,
                        struct sw_output *output, struct sw_error *error)
{
    uint32_t *order = NULL;
    size_t count;
    bool good = add_columns(table, error) && show_columns(table, error) &&
                sw_grouping_order(table->grouping, &order, &count, error) &&
                sw_printer_open(&table->printer, output, &table->shown, how, error) &&
                put_cells(table, order, count, error) && sw_printer_end(&table->printer, error);
    free(order);
    return good;
}

bool sw_metrics_write(const struct sw_metrics *metrics, enum sw_print_format format,
                      bool json_numbers, bool hide_keys, struct sw_output *output,
                      struct sw_error *error)
{
    const struct sw_grouping *grouping = grouping_of(metrics);
    struct table table = {.grouping = grouping, .keys = grouping->key_count - 1};
    table.hidden = hide_keys ? table.keys : 0;
    const struct sw_print_options how = {.format = format,
                                         .json_numbers = json_numbers,
                                         .fixed = table.fixed + table.hidden,
                                         .sums = table.sums + table.hidden};
    bool good = write_table(&table, &how, output, error);
    sw_printer_free(&table.printer);
    for (size_t i = 0; i < table.schema.column_count; i++) sw_builder_free(&table.builders[i]);
    sw_schema_free(&table.schema);
    sw_schema_free(&table.shown);
    return good;
}
