/* SPDX-License-Identifier: ISC */
#include "darkbook/result_values.h"

#include <string.h>

/* The type that a column has here: ids, securities and quantities are as the orders have them. */
static struct sw_column type_of(const struct sw_matching *matching, enum sw_result_value value)
{
    const struct sw_order_events *events = &matching->arrivals.events;
    const struct sw_column *columns = events->reader.schema.columns;
    const int participant = events->columns[SW_ORDER_PARTICIPANT];
    switch (value) {
    case SW_AN_ID:
        return columns[events->columns[SW_ORDER_ID]];
    case SW_A_SECURITY:
        return columns[events->columns[SW_ORDER_SECURITY]];
    case SW_A_PARTICIPANT:
        if (participant >= 0) return columns[participant];
        break;
    case SW_A_QUANTITY:
        return columns[events->columns[SW_ORDER_QUANTITY]];
    case SW_A_PRICE:
        return (struct sw_column){.type = SW_DECIMAL, .scale = matching->price_scale};
    case SW_A_FIGURE:
        return (struct sw_column){.type = SW_DECIMAL, .scale = SW_RESULT_FIGURE_SCALE};
    case SW_A_TIME:
        return (struct sw_column){.type = SW_TIME};
    case SW_A_DATE:
        return (struct sw_column){.type = SW_DATE};
    case SW_A_TEXT:
        return (struct sw_column){.type = SW_TEXT};
    case SW_A_WHOLE_NUMBER:
        break;
    }
    return (struct sw_column){.type = SW_INT};
}

bool sw_result_schema(struct sw_schema *schema, const char *table,
                      const struct sw_result_column *columns, size_t count,
                      const struct sw_matching *matching, const char *made_by, size_t length,
                      struct sw_error *error)
{
    if (!sw_schema_init(schema, table, error)) return false;
    for (size_t i = 0; i < count; i++) {
        struct sw_column is = type_of(matching, columns[i].value);
        if (!sw_schema_add(schema, columns[i].name, is.type, is.scale, error)) return false;
    }
    return sw_schema_inherit(schema, &matching->arrivals.events.reader.schema, false, error) &&
           sw_schema_made_by(schema, made_by, length, error);
}

bool sw_result_put_security(const struct sw_matching *matching, struct sw_builder *builder,
                            struct sw_error *error)
{
    return sw_builder_gather(builder, &matching->security.vector, NULL, 1, error);
}

static bool put_words(struct sw_builder *builder, const struct sw_text *text,
                      struct sw_error *error)
{
    return sw_builder_add_text(builder, text->bytes, text->length, error);
}

bool sw_result_put_id(const struct sw_matching *matching, struct sw_builder *builder,
                      sw_int128 order, struct sw_error *error)
{
    if (builder->vector.type == SW_TEXT)
        return put_words(builder, &matching->arrivals.events.ids.texts[order], error);
    return sw_builder_add_value(builder, order, error);
}

bool sw_result_put_participant(const struct sw_matching *matching, struct sw_builder *builder,
                               uint32_t participant, struct sw_error *error)
{
    const struct sw_intern *participants = &matching->arrivals.events.participants;
    if (participant == SW_NULL_ID) {
        sw_builder_add_null(builder);
        return true;
    }
    if (builder->vector.type == SW_TEXT)
        return put_words(builder, &participants->texts[participant], error);
    return sw_builder_add_value(builder, sw_intern_value(participants, participant), error);
}

bool sw_result_put_known(struct sw_builder *builder, bool known, sw_int128 value,
                         struct sw_error *error)
{
    if (known) return sw_builder_add_value(builder, value, error);
    sw_builder_add_null(builder);
    return true;
}

bool sw_result_put_text(struct sw_builder *builder, const char *text, struct sw_error *error)
{
    if (*text) return sw_builder_add_text(builder, text, strlen(text), error);
    sw_builder_add_null(builder);
    return true;
}
