/* SPDX-License-Identifier: ISC */
#include "states/state_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- what comes in ---- */

enum need { ANYTHING, A_TIME, A_NUMBER, A_SIDE };

struct needed {
    const char *name;
    enum need need;
    bool may_be_missing;
};

static const struct needed of_event[SW_EVENT_COLUMNS] = {
    [SW_EVENT_SECURITY] = {"security_code", ANYTHING, false},
    [SW_EVENT_ORDER] = {"order_id", ANYTHING, false},
    [SW_EVENT_TIMESTAMP] = {"timestamp", A_TIME, false},
    [SW_EVENT_SIDE] = {"side", A_SIDE, false},
    [SW_EVENT_PARTICIPANT] = {"participantid", ANYTHING, true},
    [SW_EVENT_KIND] = {"exchangeordertype", ANYTHING, true},
    [SW_EVENT_PRICE] = {"price", A_NUMBER, false},
    [SW_EVENT_QUANTITY] = {"quantity", A_NUMBER, false},
    [SW_EVENT_LEAVES] = {"leavesquantity", A_NUMBER, true},
    [SW_EVENT_MATCHED] = {"totalmatchedquantity", A_NUMBER, true},
};

static const struct needed of_trade[SW_TRADE_COLUMNS] = {
    [SW_TRADE_SECURITY] = {"security_code", ANYTHING, false},
    [SW_TRADE_ORDER] = {"order_id", ANYTHING, false},
    [SW_TRADE_TIMESTAMP] = {"timestamp", A_TIME, false},
    [SW_TRADE_PRICE] = {"price", A_NUMBER, false},
    [SW_TRADE_QUANTITY] = {"quantity", A_NUMBER, false},
    [SW_TRADE_SOURCE] = {"dealsource", ANYTHING, true},
};

static const char sides[] = ", not a number: 1 buys and 2 sells; what is written otherwise "
                            "is told by 'value' lines of a schema, see sw-schemas(7)";

static bool satisfies(enum sw_type type, enum need need)
{
    switch (need) {
    case A_TIME:
        return type == SW_TIME;
    case A_NUMBER:
        return type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
    case A_SIDE:
        return type == SW_INT || type == SW_UINT;
    case ANYTHING:
        break;
    }
    return true;
}

static bool find_columns(const struct sw_schema *schema, const char *file,
                         const struct needed *needed, size_t count, int *columns,
                         struct sw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        columns[i] = sw_schema_find(schema, needed[i].name);
        if (columns[i] < 0 && needed[i].may_be_missing) continue;
        if (columns[i] < 0)
            return sw_fail(error, SW_DATA, "%s: no column '%s'", file, needed[i].name);
        enum sw_type type = schema->columns[columns[i]].type;
        if (!satisfies(type, needed[i].need))
            return sw_fail(error, SW_DATA, "%s: column '%s' is of type %s%s", file, needed[i].name,
                           sw_type_name(type), needed[i].need == A_SIDE ? sides : "");
    }
    return true;
}

bool sw_event_columns_find(const struct sw_schema *schema, const char *file,
                           int columns[SW_EVENT_COLUMNS], struct sw_error *error)
{
    return find_columns(schema, file, of_event, SW_EVENT_COLUMNS, columns, error);
}

bool sw_trade_columns_find(const struct sw_schema *schema, const char *file,
                           int columns[SW_TRADE_COLUMNS], struct sw_error *error)
{
    return find_columns(schema, file, of_trade, SW_TRADE_COLUMNS, columns, error);
}

/* ---- telling events apart ---- */

static const struct deciding {
    const char *name;
    bool smaller; /* is what counts */
} deciding[] = {{"totalmatchedquantity", false},
                {"leavesquantity", true},
                {"quantity", true},
                {"price", true},
                {"orderstatus", true}};

/* The columns of share/schemas/orders.schema but for the sort keys and those above. They stand here
 * too since a result must not depend on a file that may be edited; a test holds the two together. */
static const char *const tie_order[] = {
    "exchange",
    "side",
    "changereason",
    "ordertype",
    "exchangeordertype",
    "national_bid",
    "national_offer",
    "bid",
    "offer",
    "participantid",
    "preferenceonly",
    "midtick",
    "singlefillminimumquantity",
    "minimumquantity",
    "crossingkey",
    "shortsellquantity",
    "triggercondition",
    "timevaliditydecoded",
    "row_num",
    "timevalidity",
    "file_date",
};

enum {
    DECIDING = sizeof deciding / sizeof *deciding,
    TIES_KNOWN = sizeof tie_order / sizeof *tie_order,
};

static bool is_known(const char *name)
{
    static const char *const sort_keys[] = {"security_code", "order_id", "timestamp", "sequence"};
    for (size_t i = 0; i < DECIDING; i++)
        if (strcmp(name, deciding[i].name) == 0) return true;
    for (size_t i = 0; i < TIES_KNOWN; i++)
        if (strcmp(name, tie_order[i]) == 0) return true;
    for (size_t i = 0; i < sizeof sort_keys / sizeof *sort_keys; i++)
        if (strcmp(name, sort_keys[i]) == 0) return true;
    return false;
}

static void add_tie(const struct sw_schema *schema, const char *name, bool smaller,
                    struct sw_sort_key *keys, size_t *count)
{
    int column = sw_schema_find(schema, name);
    if (column >= 0)
        keys[(*count)++] = (struct sw_sort_key){.column = column, .descending = smaller};
}

bool sw_event_ties(const struct sw_schema *schema, struct sw_sort_key **keys, size_t *count,
                   struct sw_error *error)
{
    *count = 0;
    *keys = sw_alloc(schema->column_count, sizeof **keys, error);
    if (!*keys) return false;
    for (size_t i = 0; i < DECIDING; i++)
        add_tie(schema, deciding[i].name, deciding[i].smaller, *keys, count);
    for (size_t i = 0; i < TIES_KNOWN; i++) add_tie(schema, tie_order[i], false, *keys, count);
    for (size_t i = 0; i < schema->column_count; i++)
        if (!is_known(schema->columns[i].name)) (*keys)[(*count)++].column = (int)i;
    return true;
}

/* ---- what goes out ---- */

const char *const sw_order_group_names[SW_ORDER_GROUPS] = {
    [SW_GROUP_FULLY_FILLED] = "FULLY_FILLED",
    [SW_GROUP_PARTIALLY_FILLED] = "PARTIALLY_FILLED",
    [SW_GROUP_NOT_EXECUTED] = "NOT_EXECUTED",
};

enum sw_order_group sw_order_group_find(struct sw_text name)
{
    enum sw_order_group group = 0;
    for (; group < SW_ORDER_GROUPS; group++) {
        const char *known = sw_order_group_names[group];
        if (strlen(known) == name.length && memcmp(known, name.bytes, name.length) == 0) break;
    }
    return group;
}

const struct sw_classified_column sw_classified_columns[SW_CLASSIFIED_COLUMNS] = {
    {"order_id", SW_FROM_LAST, SW_EVENT_ORDER},
    {"security_code", SW_FROM_LAST, SW_EVENT_SECURITY},
    {"date", SW_FROM_DATE, 0},
    {"side", SW_FROM_LAST, SW_EVENT_SIDE},
    {"participantid", SW_FROM_LAST, SW_EVENT_PARTICIPANT},
    {"exchangeordertype", SW_FROM_LAST, SW_EVENT_KIND},
    {"group", SW_FROM_GROUP, 0},
    {"price", SW_FROM_LAST, SW_EVENT_PRICE},
    {"quantity", SW_FROM_LAST, SW_EVENT_QUANTITY},
    {"leavesquantity", SW_FROM_LAST, SW_EVENT_LEAVES},
    {"totalmatchedquantity", SW_FROM_MATCHED, SW_EVENT_MATCHED},
    {"first_timestamp", SW_FROM_FIRST, SW_EVENT_TIMESTAMP},
    {"initial_quantity", SW_FROM_FIRST, SW_EVENT_QUANTITY},
    {"initial_price", SW_FROM_FIRST, SW_EVENT_PRICE},
    {"completion_timestamp", SW_FROM_COMPLETION, 0},
    {"last_timestamp", SW_FROM_LAST, SW_EVENT_TIMESTAMP},
    {"trades", SW_FROM_TRADES, 0},
    {"traded_quantity", SW_FROM_TRADED_QUANTITY, 0},
    {"traded_value", SW_FROM_TRADED_VALUE, 0},
    {"actual_quantity", SW_FROM_ACTUAL_QUANTITY, 0},
    {"actual_cost", SW_FROM_ACTUAL_COST, 0},
    {"amended", SW_FROM_AMENDED, 0},
    {"order_quantity", SW_FROM_ORDER_QUANTITY, SW_EVENT_QUANTITY},
    {"booked_quantity", SW_FROM_BOOKED_QUANTITY, 0},
};

int sw_quantity_scale(const struct sw_schema *events, const int event_columns[SW_EVENT_COLUMNS],
                      const struct sw_schema *trades, const int trade_columns[SW_TRADE_COLUMNS])
{
    int scale = trades->columns[trade_columns[SW_TRADE_QUANTITY]].scale;
    for (int i = SW_EVENT_QUANTITY; i <= SW_EVENT_MATCHED; i++)
        if (event_columns[i] >= 0 && events->columns[event_columns[i]].scale > scale)
            scale = events->columns[event_columns[i]].scale;
    return scale;
}

/* Quantities that are worked out are decimals where one of those that they are made of is. */
static struct sw_column type_of(const struct sw_classified_column *column,
                                const struct sw_schema *events, const int *event_columns,
                                const struct sw_schema *trades, const int *trade_columns)
{
    const struct sw_column decimal = {
        .type = SW_DECIMAL,
        .scale = sw_quantity_scale(events, event_columns, trades, trade_columns)};
    static const struct sw_column integer = {.type = SW_INT}, text = {.type = SW_TEXT},
                                  date = {.type = SW_DATE}, time = {.type = SW_TIME};
    switch (column->source) {
    case SW_FROM_MATCHED:
    case SW_FROM_ORDER_QUANTITY:
        if (decimal.scale) return decimal;
        /* fall through */
    case SW_FROM_FIRST:
    case SW_FROM_LAST:
        if (event_columns[column->event] < 0) break;
        return events->columns[event_columns[column->event]];
    case SW_FROM_DATE:
        return date;
    case SW_FROM_GROUP:
        return text;
    case SW_FROM_COMPLETION:
        return time;
    case SW_FROM_TRADED_QUANTITY:
    case SW_FROM_ACTUAL_QUANTITY:
    case SW_FROM_BOOKED_QUANTITY:
        return decimal.scale ? decimal : trades->columns[trade_columns[SW_TRADE_QUANTITY]];
    case SW_FROM_TRADED_VALUE:
    case SW_FROM_ACTUAL_COST:
        return (struct sw_column){.type = SW_DECIMAL,
                                  .scale = trades->columns[trade_columns[SW_TRADE_PRICE]].scale +
                                           trades->columns[trade_columns[SW_TRADE_QUANTITY]].scale};
    case SW_FROM_TRADES:
    case SW_FROM_AMENDED:
        break;
    }
    return integer;
}

static bool describe_rows(struct sw_schema *schema, const struct sw_schema *events,
                          struct sw_error *error)
{
    const struct sw_sort_key keys[] = {{.column = sw_schema_find(schema, "security_code")},
                                       {.column = sw_schema_find(schema, "order_id")}};
    schema->time_column = sw_schema_find(schema, "last_timestamp");
    schema->row_kind = SW_ROWS_ORDERS;
    return sw_schema_inherit(schema, events, false, error) &&
           sw_schema_sorted_by(schema, keys, 2, error);
}

bool sw_classified_schema(struct sw_schema *schema, const struct sw_schema *events,
                          const int event_columns[SW_EVENT_COLUMNS], const struct sw_schema *trades,
                          const int trade_columns[SW_TRADE_COLUMNS], struct sw_error *error)
{
    bool good = sw_schema_init(schema, "classified", error);
    for (size_t i = 0; good && i < SW_CLASSIFIED_COLUMNS; i++) {
        const struct sw_classified_column *column = &sw_classified_columns[i];
        struct sw_column is = type_of(column, events, event_columns, trades, trade_columns);
        good = sw_schema_add(schema, column->name, is.type, is.scale, error);
    }
    return good && describe_rows(schema, events, error);
}
