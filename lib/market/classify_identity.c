/* SPDX-License-Identifier: ISC */
#include "market/classify_identity.h"

#include <inttypes.h>
#include <string.h>

enum { ORDER, SECURITY, ROW, COLUMNS };
enum { MEMORY_BYTES = 16 << 20 };

/* ---- opening ---- */

static bool make_schema(struct sw_identity *identity, const struct sw_event_fold *fold,
                        struct sw_error *error)
{
    static const enum sw_event_column from[] = {
        [ORDER] = SW_EVENT_ORDER, [SECURITY] = SW_EVENT_SECURITY};
    if (!sw_schema_init(&identity->schema, "orders", error)) return false;
    for (size_t i = 0; i < ROW; i++) {
        const struct sw_column *column = &fold->schema->columns[fold->columns[from[i]]];
        if (!sw_schema_add(&identity->schema, column->name, column->type, column->scale, error) ||
            !sw_builder_init(&identity->last[i], column->type, column->scale, 1, error))
            return false;
    }
    const struct sw_column *security = &identity->schema.columns[SECURITY];
    return sw_schema_add(&identity->schema, "row", SW_INT, 0, error) &&
           sw_builder_init(&identity->security, security->type, security->scale, 1, error) &&
           sw_builder_init(&identity->rows, SW_INT, 0, SW_BLOCK_ROWS_MAXIMUM, error);
}

bool sw_identity_open(struct sw_identity *identity, const struct sw_event_fold *fold,
                      const char *folder, struct sw_error *error)
{
    static const struct sw_sort_key key = {.column = ORDER};
    const struct sw_sort_settings settings = {
        .keys = &key, .key_count = 1, .memory_bytes = MEMORY_BYTES, .folder = folder};
    return make_schema(identity, fold, error) &&
           sw_sorter_open(&identity->sorter, &identity->schema, &settings, error);
}

void sw_identity_free(struct sw_identity *identity)
{
    sw_sorter_free(&identity->sorter);
    for (size_t i = 0; i < ROW; i++) sw_builder_free(&identity->last[i]);
    sw_builder_free(&identity->security);
    sw_builder_free(&identity->rows);
    sw_schema_free(&identity->schema);
}

/* ---- collecting ---- */

static bool remember(struct sw_builder *builder, const struct sw_vector *from, size_t row,
                     struct sw_error *error)
{
    const uint32_t which = (uint32_t)row;
    sw_builder_reset(builder);
    return sw_builder_gather(builder, from, &which, 1, error);
}

/* The events are sorted by security: whether there is another than the first shows at a block's
 * end. */
static bool look_for_securities(struct sw_identity *identity, const struct sw_vector *securities,
                                size_t rows, struct sw_error *error)
{
    if (identity->several) return true;
    if (identity->security.vector.rows == 0 && !remember(&identity->security, securities, 0, error))
        return false;
    identity->several = sw_value_compare(&identity->security.vector, 0, securities, rows - 1) != 0;
    return true;
}

bool sw_identity_add(struct sw_identity *identity, const struct sw_event_fold *fold,
                     struct sw_error *error)
{
    struct sw_vector *rows = &identity->rows.vector;
    const struct sw_vector *vectors[COLUMNS] = {
        [ORDER] = fold->vectors[fold->columns[SW_EVENT_ORDER]],
        [SECURITY] = fold->vectors[fold->columns[SW_EVENT_SECURITY]],
        [ROW] = rows};
    if (fold->rows == 0) return true;
    for (size_t i = 0; i < fold->begin_count; i++)
        rows->narrow[fold->begins[i]] = (int64_t)sw_fold_row_number(fold, fold->begins[i]);
    rows->rows = fold->rows;
    return look_for_securities(identity, vectors[SECURITY], fold->rows, error) &&
           sw_sorter_add(&identity->sorter, vectors, fold->begins, fold->begin_count, error);
}

/* ---- checking ---- */

static bool fail_change(const struct sw_identity *identity, size_t row,
                        const struct sw_event_fold *fold, struct sw_error *error)
{
    char order[SW_DESCRIBED_LENGTH], from[SW_DESCRIBED_LENGTH], to[SW_DESCRIBED_LENGTH];
    const struct sw_vector *const *now = identity->sorter.vectors;
    uint64_t number = (uint64_t)sw_value(now[ROW], row);
    const char *file = sw_fold_place(fold, &number);
    sw_value_describe(now[ORDER], row, order);
    sw_value_describe(&identity->last[SECURITY].vector, 0, from);
    sw_value_describe(now[SECURITY], row, to);
    return sw_fail(error, SW_DATA,
                   "%s: row %" PRIu64 ": order %s: security_code changes from %s to %s", file,
                   number, order, from, to);
}

/* Equal ids are neighbours; the sort is stable, so the row that comes second in the events comes
 * second here. */
static bool check_block(struct sw_identity *identity, const struct sw_event_fold *fold,
                        struct sw_error *error)
{
    const struct sw_vector *const *now = identity->sorter.vectors;
    size_t rows = identity->sorter.rows;
    for (size_t row = 0; row < rows; row++) {
        if (row == 0 && identity->last[ORDER].vector.rows == 0) continue;
        const struct sw_vector *before = row ? now[ORDER] : &identity->last[ORDER].vector;
        if (sw_value_compare(before, row ? row - 1 : 0, now[ORDER], row) != 0) continue;
        if (row && !remember(&identity->last[SECURITY], now[SECURITY], row - 1, error))
            return false;
        return fail_change(identity, row, fold, error);
    }
    for (size_t i = 0; i < ROW; i++)
        if (!remember(&identity->last[i], now[i], rows - 1, error)) return false;
    return true;
}

bool sw_identity_check(struct sw_identity *identity, const struct sw_event_fold *fold,
                       struct sw_error *error)
{
    enum sw_step step;
    if (!identity->several) return true;
    if (!sw_sorter_finish(&identity->sorter, error)) return false;
    while ((step = sw_sorter_next(&identity->sorter, error)) == SW_ROWS)
        if (!check_block(identity, fold, error)) return false;
    return step == SW_END;
}
