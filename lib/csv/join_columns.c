/* SPDX-License-Identifier: ISC */
#include "csv/join_columns.h"

static bool open_parts(struct sw_column_join *join, size_t most, struct sw_error *error)
{
    if (join->open) return true;
    if (!sw_builder_init(&join->date, SW_DATE, 0, most, error)) return false;
    if (!sw_builder_init(&join->clock, SW_INT, 0, most, error)) {
        sw_builder_free(&join->date);
        return false;
    }
    join->open = true;
    return true;
}

static bool convert_part(struct sw_builder *builder, const struct sw_join_part *part,
                         struct sw_faults *faults, struct sw_error *error)
{
    sw_builder_reset(builder);
    if (!sw_convert(builder, &part->fields, part->parser, part->column, faults, error))
        return false;
    builder->vector.rows = part->fields.count;
    return true;
}

bool sw_join_converted(struct sw_builder *builder, const struct sw_join_source *date,
                       const struct sw_join_source *clock, size_t count,
                       struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                       struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    for (size_t i = 0; i < count; i++) {
        int64_t *to = &vector->narrow[vector->rows + i];
        size_t day = date->from + i, time = clock->from + i;
        if (sw_is_null(date->vector, day) || sw_is_null(clock->vector, time)) {
            sw_builder_null(builder, vector->rows + i);
            continue;
        }
        enum sw_field_outcome outcome =
            sw_field_join(parser, date->vector->narrow[day], clock->vector->narrow[time], to);
        if (outcome != SW_FIELD_GOOD && !sw_fault_add(faults, builder, i, column, error))
            return false;
    }
    return true;
}

bool sw_join_columns(struct sw_column_join *join, struct sw_builder *builder,
                     const struct sw_join_part *date, const struct sw_join_part *clock, size_t most,
                     struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                     struct sw_error *error)
{
    struct sw_join_source sources[2] = {{&join->date.vector, 0}, {&join->clock.vector, 0}};
    return open_parts(join, most, error) && convert_part(&join->date, date, faults, error) &&
           convert_part(&join->clock, clock, faults, error) &&
           sw_join_converted(builder, &sources[0], &sources[1], date->fields.count, parser, column,
                             faults, error);
}

void sw_column_join_free(struct sw_column_join *join)
{
    if (!join->open) return;
    sw_builder_free(&join->date);
    sw_builder_free(&join->clock);
    join->open = false;
}
