/* SPDX-License-Identifier: ISC */
#include "group/partial_request.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The number is raised whenever what was written before must not be merged, or is not understood: 2, since sums are kept whole, and minima,
 * say, may be of numbers that were read wrong; 3, since an order's size, value and fill are of all that it asked for; 4, since what was asked
 * for is metadata. */
static const char table_name[] = "aggregate-4", any_table_name[] = "aggregate";

enum { SAID = 5 };
static const char *const keys[SAID] = {"reports", "tz", "sizes", "group", "measures"};

bool sw_partial_refuse(const struct sw_schema *schema, struct sw_error *error)
{
    if (strncmp(schema->table, any_table_name, strlen(any_table_name)) == 0 &&
        strcmp(schema->table, table_name) != 0)
        return sw_fail(error, SW_DATA,
                       "partial aggregates of another version, which have to be made again");
    return sw_fail(error, SW_DATA, "not partial aggregates (of sw-agg --partial): table '%s'",
                   schema->table);
}

bool sw_partial_schema_init(struct sw_schema *schema, const struct sw_partial_request *request,
                            struct sw_error *error)
{
    const char *const values[SAID] = {request->reports, request->zone, request->sizes,
                                      request->keys, request->measures};
    bool good = sw_schema_init(schema, table_name, error);
    for (int i = 0; good && i < SAID; i++)
        good = !values[i] ||
               sw_schema_add_metadata(schema, keys[i], values[i], strlen(values[i]), error);
    return good;
}

bool sw_partial_request_read(struct sw_partial_request *request, const struct sw_schema *schema,
                             struct sw_error *error)
{
    char **const values[SAID] = {&request->reports, &request->zone, &request->sizes, &request->keys,
                                 &request->measures};
    *request = (struct sw_partial_request){0};
    if (strcmp(schema->table, table_name) != 0 || schema->column_count < 3 ||
        schema->columns[0].type != SW_TEXT || schema->columns[1].type != SW_TEXT)
        return sw_partial_refuse(schema, error);
    for (int i = 0; i < SAID; i++) {
        const char *value = sw_schema_metadata(schema, keys[i]);
        if (value && !(*values[i] = sw_copy_text(value, strlen(value), error))) return false;
    }
    return true;
}

void sw_partial_request_free(struct sw_partial_request *request)
{
    free(request->reports);
    free(request->zone);
    free(request->sizes);
    free(request->keys);
    free(request->measures);
    *request = (struct sw_partial_request){0};
}
