/* SPDX-License-Identifier: ISC */
#include "view/view.h"

#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "view/derive.h"

struct sw_view_column {
    const char *name;
    char *asked; /* of a defined one: the text that defines it, and its name; owned */
    char *own_name;
    int same_as;    /* of a defined one that is another by a new name: its handle; else -1 */
    void *computed; /* of a defined one that is computed: the definer's owner */
    int stored;     /* in the supplier's schema; -1: derived */
    const struct sw_recipe *recipe; /* of a derived one */
    int inputs[SW_RECIPE_INPUTS];   /* handles, which come before its own; -1: not there */
    enum sw_type type;
    int scale;
    bool may_fail;
    bool ready; /* the builder has the current block */
    struct sw_builder builder;
};

/* ---- opening ---- */

static bool bad_sizes(const char *sizes, struct sw_error *error)
{
    return sw_fail(error, SW_USAGE, "--sizes: not ascending numbers: '%s'", sizes);
}

/* How many decimals the bounds have at most. */
static int decimals_of(const char *sizes)
{
    int most = 0, decimals = -1;
    for (const char *at = sizes; *at; at++) {
        decimals = *at == '.' ? 0 : *at == ',' || decimals < 0 ? -1 : decimals + 1;
        if (decimals > most) most = decimals;
    }
    return most;
}

static bool parse_bound(const char *text, size_t length, int scale, int64_t *bound)
{
    sw_int128 value;
    if (length == 0 || *text < '0' || *text > '9' ||
        sw_parse_decimal(text, length, scale, &value) != SW_NUMBER_GOOD || value > INT64_MAX)
        return false;
    *bound = (int64_t)value;
    return true;
}

static bool parse_sizes(struct sw_view *view, const char *sizes, struct sw_error *error)
{
    size_t capacity = 0;
    view->size_scale = decimals_of(sizes);
    if (view->size_scale > SW_MAXIMUM_SCALE) return bad_sizes(sizes, error);
    for (const char *at = sizes;; at++) {
        size_t length = strcspn(at, ","), count = view->size_count;
        if (!sw_grow(&view->size_bounds, &capacity, count + 1, sizeof *view->size_bounds, error))
            return false;
        int64_t *bound = &view->size_bounds[count];
        if (!parse_bound(at, length, view->size_scale, bound) || (count && *bound <= bound[-1]))
            return bad_sizes(sizes, error);
        view->size_count++;
        at += length;
        if (!*at) return true;
    }
}

bool sw_view_open(struct sw_view *view, struct sw_supplier supplier,
                  const struct sw_view_settings *settings, struct sw_error *error)
{
    const char *zone = settings ? settings->zone : NULL;
    const char *sizes = settings && settings->sizes ? settings->sizes : "1000,5000,10000,50000";
    *view = (struct sw_view){.supplier = supplier,
                             .definer = settings ? settings->definer : NULL,
                             .zone_open = zone != NULL,
                             .say = settings ? settings->say : NULL};
    if ((!zone || sw_zone_open(&view->zone, zone, error)) && parse_sizes(view, sizes, error))
        return true;
    sw_view_free(view);
    return false;
}

void sw_view_free(struct sw_view *view)
{
    for (size_t i = 0; i < view->column_count; i++) {
        struct sw_view_column *column = &view->columns[i];
        if (column->stored < 0) sw_builder_free(&column->builder);
        if (column->computed) view->definer->release(column->computed);
        free(column->asked);
        free(column->own_name);
    }
    free(view->columns);
    free(view->size_bounds);
    free(view->local_hours);
    *view = (struct sw_view){0};
}

bool sw_view_local_time(struct sw_view *view, struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    if (view->zone_open) return true;
    if (!sw_zone_open(&view->zone, sw_schema_zone(schema), error)) return false;
    const char *note = sw_schema_zone_note(schema);
    if (note && view->say) view->say(note);
    view->zone_open = true;
    return true;
}

static const struct sw_vector *reader_column(void *owner, int column, struct sw_error *error)
{
    return sw_reader_vector(owner, column, error);
}

static bool reader_keyed(void *owner, int column, struct sw_keyed *keyed, struct sw_error *error)
{
    return sw_reader_keyed(owner, column, keyed, error);
}

struct sw_supplier sw_supplier_of_reader(struct sw_reader *reader)
{
    return (struct sw_supplier){&reader->schema, reader, reader_column, reader_keyed};
}

/* ---- columns by name ---- */

static bool is_there(const struct sw_schema *schema, const char *name);

/* Whether one of the first `choice` inputs is there. */
static bool has_choice(const struct sw_recipe *recipe, const struct sw_schema *schema)
{
    for (size_t i = 0; i < recipe->choice; i++)
        if (is_there(schema, recipe->inputs[i])) return true;
    return false;
}

/* Whether a column is stored or can be derived; of what type it is, or what it is made from, is not
 * looked at. */
static bool is_there(const struct sw_schema *schema, const char *name)
{
    if (sw_schema_find(schema, name) >= 0) return true;
    const struct sw_recipe *recipe = sw_recipe_find(name);
    if (!recipe) return false;
    if (recipe->of_time) return schema->time_column >= 0;
    if (recipe->choice) return has_choice(recipe, schema);
    for (size_t i = 0; i < SW_RECIPE_INPUTS && recipe->inputs[i]; i++)
        if (!is_there(schema, recipe->inputs[i])) return false;
    return true;
}

bool sw_view_derives(const char *name)
{
    return sw_recipe_find(name) != NULL;
}

bool sw_view_can(const struct sw_schema *schema, const char *name)
{
    return is_there(schema, name);
}

/* What is made from a column is never made from one that the user calls so. */
static int plain_column(struct sw_view *view, const char *name, enum sw_status missing,
                        struct sw_error *error);

static bool add_input(struct sw_view *view, struct sw_view_column *column, size_t which,
                      enum sw_status missing, struct sw_error *error)
{
    const struct sw_recipe *recipe = column->recipe;
    const struct sw_schema *schema = view->supplier.schema;
    const char *name = recipe->inputs[which];
    column->inputs[which] = -1;
    if (recipe->choice && has_choice(recipe, schema) && !is_there(schema, name)) return true;
    if (!is_there(schema, name) && !sw_recipe_find(name))
        return sw_fail(error, missing, "no such column: '%s', which '%s' is made from", name,
                       recipe->name);
    int handle = plain_column(view, name, missing, error);
    if (handle < 0) return false;
    enum sw_type type = sw_view_type(view, handle);
    if (type != SW_INT && type != SW_UINT && type != SW_DECIMAL)
        return sw_fail(error, missing, "column '%s', which '%s' is made from, is of type %s", name,
                       recipe->name, sw_type_name(type));
    column->inputs[which] = handle;
    return true;
}

static bool add_time(struct sw_view *view, struct sw_view_column *column, enum sw_status missing,
                     struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    int index = schema->time_column;
    if (index < 0 || schema->columns[index].type != SW_TIME)
        return sw_fail(error, missing, "no such column: '%s', and no time column to make it from",
                       column->recipe->name);
    column->inputs[0] = plain_column(view, schema->columns[index].name, missing, error);
    return column->inputs[0] >= 0;
}

/* What follows for a derived column from its inputs. */
static bool settle(const struct sw_view *view, struct sw_view_column *column,
                   enum sw_status missing, struct sw_error *error)
{
    const enum sw_recipe_scale rule = column->recipe->scale_rule;
    bool whole = true;
    for (size_t i = 0; i < SW_RECIPE_INPUTS; i++) {
        if (column->inputs[i] < 0) continue;
        const struct sw_view_column *input = &view->columns[column->inputs[i]];
        whole = whole && input->type == SW_INT;
        column->may_fail = column->may_fail || input->may_fail;
        if (rule == SW_SCALE_SUM) column->scale += input->scale;
        if (rule == SW_SCALE_GREATEST && input->scale > column->scale) column->scale = input->scale;
    }
    if (rule == SW_SCALE_GREATEST && whole) column->type = SW_INT;
    column->may_fail = column->may_fail || column->type == SW_DECIMAL;
    if (column->scale > SW_MAXIMUM_SCALE)
        return sw_fail(error, missing, "'%s' has more than %d decimals", column->name,
                       SW_MAXIMUM_SCALE);
    return true;
}

/* Names what there is that may have been meant. */
static bool no_such_column(const struct sw_view *view, const char *name, enum sw_status missing,
                           struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    struct sw_buffer names = {0};
    struct sw_error unused = {0};
    char note[SW_NEAREST_NOTE] = "";
    bool good = missing == SW_USAGE;
    for (size_t i = 0; good && i < schema->column_count; i++)
        good = sw_buffer_format(&names, &unused, "%s,", schema->columns[i].name);
    for (size_t i = 0; good && sw_recipe_name(i); i++)
        if (*sw_recipe_name(i) != '#' && is_there(schema, sw_recipe_name(i)))
            good = sw_buffer_format(&names, &unused, "%s,", sw_recipe_name(i));
    if (good && sw_buffer_add(&names, "", 1, &unused))
        sw_nearest_note(name, (const char *)names.bytes, note);
    sw_buffer_free(&names);
    return sw_fail(error, missing, "no such column: '%s'%s", name, note);
}

static bool describe_derived(struct sw_view *view, struct sw_view_column *column, const char *name,
                             enum sw_status missing, struct sw_error *error)
{
    const struct sw_recipe *recipe = sw_recipe_find(name);
    if (!recipe) return no_such_column(view, name, missing, error);
    *column = (struct sw_view_column){.name = recipe->name,
                                      .same_as = -1,
                                      .stored = -1,
                                      .recipe = recipe,
                                      .inputs = {-1, -1, -1},
                                      .type = recipe->type,
                                      .scale = recipe->scale};
    if (recipe->of_time) return add_time(view, column, missing, error);
    for (size_t i = 0; i < SW_RECIPE_INPUTS && recipe->inputs[i]; i++)
        if (!add_input(view, column, i, missing, error)) return false;
    return settle(view, column, missing, error);
}

static bool describe(struct sw_view *view, struct sw_view_column *column, const char *name,
                     enum sw_status missing, struct sw_error *error)
{
    const struct sw_schema *schema = view->supplier.schema;
    int index = sw_schema_find(schema, name);
    if (index < 0) return describe_derived(view, column, name, missing, error);
    const struct sw_column *stored = &schema->columns[index];
    *column = (struct sw_view_column){.name = stored->name,
                                      .same_as = -1,
                                      .stored = index,
                                      .inputs = {-1, -1, -1},
                                      .type = stored->type,
                                      .scale = stored->scale};
    return true;
}

/* A word is a name, whoever else could make something of it. */
static bool is_word(const char *text)
{
    return text[strcspn(text, "=(+-*/")] == 0;
}

static bool define(struct sw_view *view, const char *text, struct sw_view_column *column,
                   struct sw_error *error)
{
    struct sw_computed made = {.same_as = -1};
    *column = (struct sw_view_column){
        .stored = -1, .inputs = {-1, -1, -1}, .asked = sw_copy_text(text, strlen(text), error)};
    if (!column->asked || !view->definer->define(view, text, &made, error)) {
        free(column->asked);
        return false;
    }
    column->name = column->own_name = made.name;
    column->type = made.type;
    column->scale = made.scale;
    column->same_as = made.same_as;
    column->computed = made.owner;
    column->may_fail = made.same_as < 0 || view->columns[made.same_as].may_fail;
    if (made.same_as >= 0) column->stored = view->columns[made.same_as].stored;
    return true;
}

static bool is_column(const struct sw_view_column *column, const char *name)
{
    return strcmp(column->name, name) == 0 || (column->asked && strcmp(column->asked, name) == 0);
}

/* A stored or derived column's name is not another's. */
static bool refuse_twin(const struct sw_view *view, const struct sw_view_column *column,
                        struct sw_error *error)
{
    for (size_t i = 0; i < view->column_count; i++)
        if (strcmp(view->columns[i].name, column->name) == 0)
            return sw_fail(error, SW_USAGE, "'%s' is a column already: '%s'", column->name,
                           column->asked);
    return true;
}

static int add_column(struct sw_view *view, struct sw_view_column *column, struct sw_error *error)
{
    if ((column->asked && !refuse_twin(view, column, error)) ||
        !sw_grow(&view->columns, &view->column_capacity, view->column_count + 1,
                 sizeof *view->columns, error)) {
        if (column->computed) view->definer->release(column->computed);
        free(column->asked);
        free(column->own_name);
        return -1;
    }
    view->columns[view->column_count] = *column;
    return (int)view->column_count++;
}

static int plain_column(struct sw_view *view, const char *name, enum sw_status missing,
                        struct sw_error *error)
{
    struct sw_view_column column;
    for (size_t i = 0; i < view->column_count; i++)
        if (!view->columns[i].asked && strcmp(view->columns[i].name, name) == 0) return (int)i;
    return describe(view, &column, name, missing, error) ? add_column(view, &column, error) : -1;
}

int sw_view_column(struct sw_view *view, const char *name, enum sw_status missing,
                   struct sw_error *error)
{
    struct sw_view_column column;
    for (size_t i = 0; i < view->column_count; i++)
        if (is_column(&view->columns[i], name)) return (int)i;
    bool other = view->definer && !is_word(name) && sw_schema_find(view->supplier.schema, name) < 0;
    bool good =
        other ? define(view, name, &column, error) : describe(view, &column, name, missing, error);
    bool local = good && column.recipe && column.recipe->of_time;
    if (local && !sw_view_local_time(view, error)) return -1;
    return good ? add_column(view, &column, error) : -1;
}

enum sw_type sw_view_type(const struct sw_view *view, int handle)
{
    return view->columns[handle].type;
}

int sw_view_scale(const struct sw_view *view, int handle)
{
    return view->columns[handle].scale;
}

const char *sw_view_name(const struct sw_view *view, int handle)
{
    return view->columns[handle].name;
}

int sw_view_stored(const struct sw_view *view, int handle)
{
    return view->columns[handle].stored;
}

bool sw_view_may_fail(const struct sw_view *view, int handle)
{
    return view->columns[handle].may_fail;
}

/* What a column is made from was asked for with it. */
void sw_view_needed(const struct sw_view *view, bool *needed)
{
    for (size_t i = 0; i < view->column_count; i++)
        if (view->columns[i].stored >= 0) needed[view->columns[i].stored] = true;
}

/* ---- blocks ---- */

void sw_view_begin(struct sw_view *view, size_t rows)
{
    view->rows = rows;
    for (size_t i = 0; i < view->column_count; i++) view->columns[i].ready = false;
}

bool sw_view_pick(struct sw_view *view, const uint32_t *rows, size_t count, bool *picked,
                  struct sw_error *error)
{
    *picked = view->supplier.column == reader_column;
    if (!*picked) return true;
    if (!sw_reader_pick(view->supplier.owner, rows, count, error)) return false;
    sw_view_begin(view, count);
    return true;
}

static bool make_room(struct sw_view_column *column, size_t rows, struct sw_error *error)
{
    struct sw_builder *builder = &column->builder;
    if (rows <= builder->capacity) {
        sw_builder_reset(builder);
        return true;
    }
    size_t capacity = rows > SW_BLOCK_ROWS_DEFAULT ? SW_BLOCK_ROWS_MAXIMUM : SW_BLOCK_ROWS_DEFAULT;
    sw_builder_free(builder);
    return sw_builder_init(builder, column->type, column->scale, capacity, error);
}

static bool compute(struct sw_view *view, struct sw_view_column *column, struct sw_error *error)
{
    const struct sw_vector *inputs[SW_RECIPE_INPUTS] = {NULL};
    for (size_t i = 0; i < SW_RECIPE_INPUTS; i++) {
        if (column->inputs[i] < 0) continue;
        inputs[i] = sw_view_vector(view, column->inputs[i], error);
        if (!inputs[i]) return false;
    }
    if (!make_room(column, view->rows, error)) return false;
    return column->computed
               ? view->definer->compute(column->computed, view, &column->builder, error)
               : column->recipe->compute(view, inputs, &column->builder, error);
}

const struct sw_vector *sw_view_vector(struct sw_view *view, int handle, struct sw_error *error)
{
    struct sw_view_column *column = &view->columns[handle];
    if (column->stored >= 0)
        return view->supplier.column(view->supplier.owner, column->stored, error);
    if (column->same_as >= 0) return sw_view_vector(view, column->same_as, error);
    if (!column->ready && !compute(view, column, error)) return NULL;
    column->ready = true;
    return &column->builder.vector;
}

bool sw_view_keyed(struct sw_view *view, int handle, struct sw_keyed *keyed, struct sw_error *error)
{
    const struct sw_view_column *column = &view->columns[handle];
    *keyed = (struct sw_keyed){0};
    if (column->same_as >= 0) return sw_view_keyed(view, column->same_as, keyed, error);
    return column->stored < 0 || !view->supplier.keyed ||
           view->supplier.keyed(view->supplier.owner, column->stored, keyed, error);
}
