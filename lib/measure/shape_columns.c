/* SPDX-License-Identifier: ISC */
#include "measure/shape_columns.h"

bool sw_shape_columns(const struct sw_shape *shape, const struct sw_dimensions *dimensions,
                      struct sw_schema *schema, struct sw_error *error)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (!sw_field_columns(&shape->fields[i], schema, error)) return false;
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct sw_dimension *dimension = &dimensions->items[shape->members[i].dimension];
        if (!sw_schema_add(schema, shape->members[i].name, dimension->type, dimension->scale,
                           error))
            return false;
    }
    return true;
}

int sw_shape_find(const struct sw_shape *shape, const struct sw_schema *schema)
{
    size_t column = 2;
    while (column < schema->column_count && strncmp(schema->columns[column].name, "key/", 4) == 0)
        column++;
    int first = (int)column;
    for (size_t i = 0; i < shape->field_count; i++) {
        column += sw_field_width(shape->fields[i].kind);
        if (column > schema->column_count ||
            strcmp(schema->columns[column - 1].name, shape->fields[i].name) != 0)
            return -1;
    }
    for (size_t i = 0; i < shape->member_count; i++, column++)
        if (column >= schema->column_count ||
            strcmp(schema->columns[column].name, shape->members[i].name) != 0)
            return -1;
    return column == schema->column_count ? first : -1;
}

/* Whether a column can hold what the field writes there. */
static bool column_suits(const struct sw_field *field, const struct sw_column *column)
{
    if (field->kind == SW_FIELD_COUNT) return column->type == SW_INT;
    if (field->kind == SW_FIELD_SUM) return column->type == SW_DECIMAL && column[-1].type == SW_INT;
    if (field->kind == SW_FIELD_PRODUCTS)
        return column->type == SW_DECIMAL && column[-1].type == SW_DECIMAL &&
               column[-2].type == SW_INT;
    if (field->kind == SW_FIELD_FIRST || field->kind == SW_FIELD_LAST)
        return column[-2].type == SW_TIME && column[-1].type == SW_DECIMAL;
    return true;
}

static bool adopt_members(struct sw_shape *shape, struct sw_dimensions *dimensions,
                          const struct sw_column *column, struct sw_error *error)
{
    for (size_t i = 0; i < shape->member_count; i++, column++) {
        struct sw_dimension *dimension = &dimensions->items[shape->members[i].dimension];
        if (dimension->type == 0) {
            if (!sw_dimension_type(dimension, column->type, column->scale, error)) return false;
        } else if (dimension->type != column->type || dimension->scale != column->scale)
            return sw_fail(error, SW_DATA, "%s: unexpected type %s", column->name,
                           sw_type_name(column->type));
    }
    return true;
}

bool sw_shape_adopt(struct sw_shape *shape, struct sw_dimensions *dimensions,
                    const struct sw_schema *schema, struct sw_error *error)
{
    int first = sw_shape_find(shape, schema);
    if (first < 0) return sw_fail(error, SW_DATA, "not partial aggregates of this kind");
    const struct sw_column *column = &schema->columns[first];
    for (size_t i = 0; i < shape->field_count; i++) {
        struct sw_field *field = &shape->fields[i];
        column += sw_field_width(field->kind);
        if (!column_suits(field, column - 1))
            return sw_fail(error, SW_DATA, "%s: unexpected type", field->name);
        if (!sw_field_type(field, column[-1].type, column[-1].scale, error)) return false;
    }
    if (!adopt_members(shape, dimensions, column, error)) return false;
    for (size_t i = 0; i < shape->measure_count; i++) {
        struct sw_measure *measure = &shape->measures[i];
        if (measure->function != SW_QUANTILE_DISC) continue;
        measure->type = dimensions->items[shape->members[measure->member].dimension].type;
        measure->scale = dimensions->items[shape->members[measure->member].dimension].scale;
    }
    return sw_shape_settle(shape, error);
}
