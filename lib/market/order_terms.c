/* SPDX-License-Identifier: ISC */
#include "market/order_terms.h"

#include <string.h>

#include "base/number.h"
#include "states/state_columns.h"

/* What a column may be. */
enum kind {
    ANYTHING,
    TEXT,
    TIME,
    WHOLE,  /* int, uint */
    NUMBER, /* and decimal */
};

static const struct {
    const char *name;
    enum kind kind;
} terms[SW_TERM_COLUMNS] = {
    [SW_TERM_ORDER] = {"order_id", ANYTHING},
    [SW_TERM_SECURITY] = {"security_code", ANYTHING},
    [SW_TERM_DATE] = {"date", ANYTHING},
    [SW_TERM_SIDE] = {"side", WHOLE},
    [SW_TERM_GROUP] = {"group", TEXT},
    [SW_TERM_FIRST_TIMESTAMP] = {"first_timestamp", TIME},
    [SW_TERM_COMPLETION_TIMESTAMP] = {"completion_timestamp", TIME},
    [SW_TERM_INITIAL_QUANTITY] = {"initial_quantity", NUMBER},
    [SW_TERM_INITIAL_PRICE] = {"initial_price", NUMBER},
    [SW_TERM_ACTUAL_QUANTITY] = {"actual_quantity", NUMBER},
    [SW_TERM_ACTUAL_COST] = {"actual_cost", NUMBER},
    [SW_TERM_AMENDED] = {"amended", WHOLE},
};

static bool is_of_kind(enum sw_type type, enum kind kind)
{
    if (kind == TEXT) return type == SW_TEXT;
    if (kind == TIME) return type == SW_TIME;
    if (kind == NUMBER && type == SW_DECIMAL) return true;
    return kind == ANYTHING || type == SW_INT || type == SW_UINT;
}

bool sw_term_columns(const struct sw_schema *schema, const char *file, int columns[SW_TERM_COLUMNS],
                     struct sw_error *error)
{
    static const char *const kinds[] = {"", "text", "time", "int", "decimal"};
    for (int i = 0; i < SW_TERM_COLUMNS; i++) {
        columns[i] = sw_schema_find(schema, terms[i].name);
        if (columns[i] < 0)
            return sw_fail(error, SW_DATA, "%s: no such column: '%s' (classified orders have it)",
                           file, terms[i].name);
        enum sw_type type = schema->columns[columns[i]].type;
        if (!is_of_kind(type, terms[i].kind))
            return sw_fail(error, SW_DATA, "%s: %s: a column of type %s, not %s", file,
                           terms[i].name, sw_type_name(type), kinds[terms[i].kind]);
    }
    return true;
}

bool sw_term_is_filled(const struct sw_term_rows *rows, size_t row)
{
    const struct sw_vector *group = sw_term(rows, SW_TERM_GROUP);
    return !sw_is_null(group, row) &&
           sw_order_group_find(group->dictionary[group->codes[row]]) == SW_GROUP_FULLY_FILLED;
}

struct sw_amount sw_term_amount(const struct sw_term_rows *rows, enum sw_term_column column,
                                size_t row)
{
    const struct sw_vector *vector = sw_term(rows, column);
    if (sw_is_null(vector, row)) return (struct sw_amount){0};
    return (struct sw_amount){true, sw_value(vector, row)};
}

bool sw_term_is_amended(const struct sw_term_rows *rows, size_t row)
{
    struct sw_amount amended = sw_term_amount(rows, SW_TERM_AMENDED, row);
    return amended.known && amended.value == 1;
}

static struct sw_decimal decimal_at(const struct sw_term_rows *rows, enum sw_term_column column,
                                    size_t row)
{
    struct sw_amount amount = sw_term_amount(rows, column, row);
    if (!amount.known) return (struct sw_decimal){0};
    return (struct sw_decimal){true, sw_term(rows, column)->scale, amount.value};
}

static int sign_at(const struct sw_term_rows *rows, size_t row)
{
    struct sw_amount side = sw_term_amount(rows, SW_TERM_SIDE, row);
    return !side.known ? 0 : side.value == 1 ? 1 : side.value == 2 ? -1 : 0;
}

struct sw_order_terms sw_order_terms_at(const struct sw_term_rows *rows, size_t row)
{
    return (struct sw_order_terms){
        .sign = sign_at(rows, row),
        .initial_quantity = decimal_at(rows, SW_TERM_INITIAL_QUANTITY, row),
        .initial_price = decimal_at(rows, SW_TERM_INITIAL_PRICE, row),
        .actual_quantity = decimal_at(rows, SW_TERM_ACTUAL_QUANTITY, row),
        .actual_cost = decimal_at(rows, SW_TERM_ACTUAL_COST, row),
    };
}

bool sw_term_is_comparable(const struct sw_term_rows *rows, size_t row)
{
    const struct sw_vector *initial = sw_term(rows, SW_TERM_INITIAL_QUANTITY),
                           *actual = sw_term(rows, SW_TERM_ACTUAL_QUANTITY);
    return !sw_term_is_amended(rows, row) && !sw_is_null(initial, row) &&
           !sw_is_null(actual, row) &&
           sw_compare_scaled(sw_value(initial, row), initial->scale, sw_value(actual, row),
                             actual->scale) == 0;
}
