/* SPDX-License-Identifier: ISC */
#include "market/roles.h"

#include <string.h>

/* Whether it is a table of this suite's, and not this one. */
static bool is_another(const struct sw_schema *schema, const char *table)
{
    static const char *const tables[] = {"orders",     "trades",  "nbbo",  "classified",
                                         "simulation", "matches", "sweeps"};
    if (strcmp(schema->table, table) == 0) return false;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(schema->table, tables[i]) == 0) return true;
    return false;
}

bool sw_role_trades(const struct sw_schema *schema, const char *file, struct sw_error *error)
{
    return !is_another(schema, "trades") ||
           sw_fail(error, SW_DATA, "%s: not trades: table '%s'", file, schema->table);
}

bool sw_role_quotes(const struct sw_schema *schema)
{
    if (strcmp(schema->table, "nbbo") == 0) return true;
    return !is_another(schema, "nbbo") && sw_schema_find(schema, "bid") >= 0 &&
           sw_schema_find(schema, "offer") >= 0;
}
