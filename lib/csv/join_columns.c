/* SPDX-License-Identifier: ISC */
#include "csv/join_columns.h"

#include "base/civil.h"

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

/* Local times that need no looking up: all of them where there is no zone. */
static struct sw_local_range known_of(const struct sw_field_parser *parser)
{
    if (parser->zone) return sw_local_known(parser->zone);
    return (struct sw_local_range){INT64_MIN, INT64_MAX, 0};
}

/* A time that is known to have an offset; false: it is to be looked up. */
static inline bool join_quickly(const struct sw_local_range *known, int64_t days, int64_t clock_ns,
                                int64_t *time_ns)
{
    int64_t shown;
    return !__builtin_mul_overflow(days, SW_NS_PER_DAY, &shown) &&
           !__builtin_add_overflow(shown, clock_ns, &shown) && shown >= known->low_ns &&
           shown <= known->high_ns && !__builtin_sub_overflow(shown, known->offset_ns, time_ns);
}

bool sw_join_converted(struct sw_builder *builder, const struct sw_join_source *date,
                       const struct sw_join_source *clock, size_t count,
                       struct sw_field_parser *parser, uint32_t column, struct sw_faults *faults,
                       struct sw_error *error)
{
    size_t rows = builder->vector.rows;
    int64_t *times = builder->vector.narrow + rows;
    const int64_t *days = date->vector->narrow + date->from;
    const int64_t *clocks = clock->vector->narrow + clock->from;
    struct sw_local_range known = known_of(parser);
    if (count) parser->local_seen = true;
    for (size_t i = 0; i < count; i++) {
        if (sw_is_null(date->vector, date->from + i) ||
            sw_is_null(clock->vector, clock->from + i)) {
            sw_builder_null(builder, rows + i);
            continue;
        }
        if (join_quickly(&known, days[i], clocks[i], &times[i])) continue;
        enum sw_field_outcome outcome = sw_field_join(parser, days[i], clocks[i], &times[i]);
        if (outcome != SW_FIELD_GOOD && !sw_fault_add(faults, builder, i, column, error))
            return false;
        known = known_of(parser);
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
