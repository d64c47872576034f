/* SPDX-License-Identifier: ISC */
#include "distinct/dimension.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "distinct/value_order.h"
#include "kernels/lookup.h"

int sw_dimension_add(struct sw_dimensions *dimensions, const char *name, size_t length,
                     struct sw_error *error)
{
    size_t named = sw_list_name(name, length), own = named ? named : length;
    for (size_t i = 0; i < dimensions->count; i++)
        if (strlen(dimensions->items[i].name) == own &&
            memcmp(dimensions->items[i].name, name, own) == 0)
            return (int)i;
    if (!sw_grow(&dimensions->items, &dimensions->capacity, dimensions->count + 1,
                 sizeof *dimensions->items, error))
        return -1;
    struct sw_dimension added = {.handle = -1, .name = sw_copy_text(name, own, error)};
    if (named && added.name) added.definition = sw_copy_text(name, length, error);
    if (!added.name || (named && !added.definition)) {
        free(added.name);
        return -1;
    }
    dimensions->items[dimensions->count] = added;
    return (int)dimensions->count++;
}

void sw_dimensions_free(struct sw_dimensions *dimensions)
{
    for (size_t i = 0; i < dimensions->count; i++) {
        struct sw_dimension *dimension = &dimensions->items[i];
        free(dimension->name);
        free(dimension->definition);
        free(dimension->ids);
        free(dimension->of_number);
        free(dimension->ranks);
        sw_intern_free(&dimension->intern);
    }
    free(dimensions->items);
    *dimensions = (struct sw_dimensions){0};
}

bool sw_dimension_type(struct sw_dimension *dimension, enum sw_type type, int scale,
                       struct sw_error *error)
{
    dimension->type = type;
    dimension->scale = scale;
    dimension->keyed_block = 0;
    sw_intern_free(&dimension->intern);
    return sw_intern_init(&dimension->intern, type == SW_TEXT, error);
}

bool sw_dimension_bind(struct sw_dimension *dimension, struct sw_view *view, enum sw_status missing,
                       struct sw_error *error)
{
    const char *asked = dimension->definition ? dimension->definition : dimension->name;
    dimension->handle = sw_view_column(view, asked, missing, error);
    return dimension->handle >= 0 &&
           sw_dimension_type(dimension, sw_view_type(view, dimension->handle),
                             sw_view_scale(view, dimension->handle), error);
}

bool sw_dimension_load(struct sw_dimension *dimension, const struct sw_vector *vector, size_t rows,
                       struct sw_error *error)
{
    return sw_grow(&dimension->ids, &dimension->id_capacity, rows, sizeof *dimension->ids, error) &&
           sw_intern_vector(&dimension->intern, vector, rows, dimension->ids, error);
}

/* Each number is that of some row of the block. */
static bool find_numbers(struct sw_dimension *dimension, const struct sw_keyed *keyed,
                         struct sw_error *error)
{
    const size_t distinct = keyed->distinct;
    struct sw_vector numbers = {.type = dimension->type,
                                .scale = dimension->scale,
                                .rows = distinct,
                                .narrow = (int64_t *)keyed->numbers};
    if (dimension->keyed_block == keyed->block) return true;
    dimension->keyed_block = keyed->block;
    return sw_grow(&dimension->of_number, &dimension->of_number_capacity, distinct,
                   sizeof *dimension->of_number, error) &&
           sw_intern_vector(&dimension->intern, &numbers, distinct, dimension->of_number, error);
}

bool sw_dimension_load_keyed(struct sw_dimension *dimension, const struct sw_keyed *keyed,
                             size_t rows, struct sw_error *error)
{
    if (!find_numbers(dimension, keyed, error) ||
        !sw_grow(&dimension->ids, &dimension->id_capacity, rows, sizeof *dimension->ids, error))
        return false;
    sw_lookup_values(dimension->of_number, keyed->codes, rows, dimension->ids);
    return true;
}

bool sw_dimension_sizes(const struct sw_dimension *dimension)
{
    return strcmp(dimension->name, "size") == 0;
}

bool sw_dimension_rank(struct sw_dimension *dimension, struct sw_error *error)
{
    if (dimension->ranks && dimension->ranked == dimension->intern.count) return true;
    free(dimension->ranks);
    dimension->ranks = NULL;
    dimension->ranked = dimension->intern.count;
    return sw_order_ranks(&dimension->intern, sw_dimension_sizes(dimension), &dimension->ranks,
                          error);
}

bool sw_dimension_put(const struct sw_dimension *dimension, uint32_t id, struct sw_builder *builder,
                      struct sw_error *error)
{
    if (id == SW_NULL_ID) {
        sw_builder_add_null(builder);
        return true;
    }
    if (dimension->type != SW_TEXT)
        return sw_builder_add_value(builder, sw_intern_value(&dimension->intern, id), error);
    struct sw_text text = dimension->intern.texts[id];
    return sw_builder_add_text(builder, text.bytes, text.length, error);
}

static bool put_numbers(const struct sw_dimension *dimension, const uint32_t *ids, size_t count,
                        struct sw_builder *builder, struct sw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == SW_NULL_ID)
            sw_builder_add_null(builder);
        else if (!sw_builder_add_value(builder, sw_intern_value(&dimension->intern, ids[i]), error))
            return false;
    return true;
}

bool sw_dimension_put_all(const struct sw_dimension *dimension, const uint32_t *ids, size_t count,
                          struct sw_builder *builder, struct sw_error *error)
{
    if (dimension->type != SW_TEXT) return put_numbers(dimension, ids, count, builder, error);
    for (size_t from = 0, same; from < count; from += same) {
        for (same = 1; from + same < count && ids[from + same] == ids[from];) same++;
        if (!sw_dimension_put(dimension, ids[from], builder, error)) return false;
        sw_builder_repeat(builder, same - 1);
    }
    return true;
}

bool sw_dimension_say(const struct sw_dimension *dimension, uint32_t id, struct sw_buffer *out,
                      struct sw_error *error)
{
    char value[SW_CIVIL_LENGTH + SW_NUMBER_LENGTH];
    size_t length = 0;
    const char *text = value;
    if (id == SW_NULL_ID)
        length = 0;
    else if (dimension->type == SW_TEXT) {
        text = dimension->intern.texts[id].bytes;
        length = dimension->intern.texts[id].length;
    } else if (dimension->type == SW_DATE)
        length = sw_format_date(value, (int64_t)sw_intern_value(&dimension->intern, id));
    else
        length =
            sw_format_decimal(value, sw_intern_value(&dimension->intern, id), dimension->scale);
    return sw_buffer_format(out, error, "%s=%.*s", dimension->name, (int)length, text);
}
