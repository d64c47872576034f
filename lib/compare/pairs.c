/* SPDX-License-Identifier: ISC */
#include "compare/pairs.h"

#include <inttypes.h>
#include <string.h>

#include "base/civil.h"
#include "base/exact.h"
#include "base/number.h"

enum { REAL, SIMULATED, MATCHED, DIFFERENCE, WEIGHT, MATCH, QUANTITY, OWN };

/* ---- opening ---- */

static bool is_number(const struct sw_view *view, int handle)
{
    enum sw_type type = sw_view_type(view, handle);
    return type == SW_INT || type == SW_UINT || type == SW_DECIMAL;
}

/* A column that holds numbers; −1 with an error. */
static int number_column(struct sw_order_pairs *pairs, const char *text, enum sw_status status,
                         struct sw_error *error)
{
    int handle = sw_view_column(&pairs->view, text, status, error);
    if (handle < 0 || is_number(&pairs->view, handle)) return handle;
    sw_fail(error, SW_USAGE, "%s: a column of %s, which has no numbers", text,
            sw_type_name(sw_view_type(&pairs->view, handle)));
    return -1;
}

/* The same of one that need not be there: `said`, where a user said it, else `name` where there is such;
 * *handle is −1 where not. */
static bool optional_column(struct sw_order_pairs *pairs, const char *said, const char *name,
                            int *handle, struct sw_error *error)
{
    *handle = -1;
    if (!said && !sw_view_can(&pairs->reader->schema, name)) return true;
    *handle = number_column(pairs, said ? said : name, SW_USAGE, error);
    return *handle >= 0;
}

static bool open_clusters(struct sw_order_pairs *pairs, struct sw_error *error)
{
    static const char *const usual[SW_CLUSTER_KINDS] = {"date", "security_code", "participantid"};
    const char *said = pairs->settings->cluster;
    for (int i = 0; i < (said ? 1 : SW_CLUSTER_KINDS); i++) {
        const char *name = said ? said : usual[i];
        if (!said && !sw_view_can(&pairs->reader->schema, name)) continue;
        int handle = sw_view_column(&pairs->view, name, SW_USAGE, error);
        if (handle < 0) return false;
        pairs->clusters[pairs->cluster_kinds] = handle;
        pairs->cluster_names[pairs->cluster_kinds++] = sw_view_name(&pairs->view, handle);
    }
    return true;
}

static bool open_keys(struct sw_order_pairs *pairs, struct sw_error *error)
{
    const struct sw_schema *schema = &pairs->reader->schema;
    bool date = sw_view_can(schema, "date"), security = sw_view_can(schema, "security_code");
    const char *keys = pairs->settings->keys;
    if (!keys)
        keys = date && security ? "date,security_code"
               : date           ? "date"
               : security       ? "security_code"
                                : NULL;
    if (keys && !sw_columns_open(&pairs->keys, &pairs->view, keys, error)) return false;
    return pairs->keys.count <= SW_KEYS_MOST ||
           sw_fail(error, SW_USAGE, "--group: more than %d columns", SW_KEYS_MOST);
}

static bool open_columns(struct sw_order_pairs *pairs, struct sw_error *error)
{
    const struct sw_compare_settings *settings = pairs->settings;
    pairs->real = number_column(pairs, settings->real, SW_USAGE, error);
    pairs->simulated =
        pairs->real < 0 ? -1 : number_column(pairs, settings->simulated, SW_USAGE, error);
    if (pairs->simulated < 0) return false;
    pairs->side = settings->costs ? -1 : number_column(pairs, "side", SW_DATA, error);
    return (settings->costs || pairs->side >= 0) &&
           optional_column(pairs, settings->weight, "traded_value", &pairs->weight, error) &&
           optional_column(pairs, settings->real_quantity, "traded_quantity", &pairs->filled[0],
                           error) &&
           optional_column(pairs, settings->simulated_quantity, "matched_quantity",
                           &pairs->filled[1], error) &&
           optional_column(pairs, NULL, "order_quantity", &pairs->quantity, error) &&
           open_clusters(pairs, error) && open_keys(pairs, error);
}

static bool open_kept(struct sw_order_pairs *pairs, struct sw_error *error)
{
    struct sw_row_column columns[OWN + SW_KEYS_MOST + SW_CLUSTER_KINDS] = {
        {"real", SW_DECIMAL, 0},       {"simulated", SW_DECIMAL, 0}, {"matched", SW_INT, 0},
        {"difference", SW_DECIMAL, 0}, {"weight", SW_DECIMAL, 0},    {"match", SW_INT, 0},
        {"quantity", SW_DECIMAL, 0}};
    static const char *const names[SW_KEYS_MOST + SW_CLUSTER_KINDS] = {
        "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9", "10",
        "11", "12", "13", "14", "15", "16", "17", "18", "19"};
    const struct sw_row_column quantity = {"quantity", SW_DECIMAL, 0};
    size_t count = OWN;
    for (size_t i = 0; i < pairs->keys.count; i++, count++) {
        const struct sw_column *column = &pairs->keys.schema.columns[i];
        columns[count] = (struct sw_row_column){names[count - OWN], column->type, column->scale};
    }
    for (size_t i = 0; i < pairs->cluster_kinds; i++, count++)
        columns[count] = (struct sw_row_column){names[count - OWN],
                                                sw_view_type(&pairs->view, pairs->clusters[i]),
                                                sw_view_scale(&pairs->view, pairs->clusters[i])};
    const struct sw_compare_settings *settings = pairs->settings;
    return sw_row_sorter_open(&pairs->kept, columns, count, 0, settings->memory_bytes,
                              settings->folder, error) &&
           sw_row_sorter_open(&pairs->quantities, &quantity, 1, 1, settings->memory_bytes,
                              settings->folder, error);
}

bool sw_order_pairs_open(struct sw_order_pairs *pairs, struct sw_reader *reader,
                         const struct sw_compare_settings *settings, struct sw_error *error)
{
    pairs->settings = settings;
    pairs->reader = reader;
    return sw_view_open(&pairs->view, sw_supplier_of_reader(reader), &settings->view, error) &&
           open_columns(pairs, error) && open_kept(pairs, error);
}

void sw_order_pairs_free(struct sw_order_pairs *pairs)
{
    sw_row_sorter_free(&pairs->kept);
    sw_row_sorter_free(&pairs->quantities);
    sw_columns_free(&pairs->keys);
    sw_view_free(&pairs->view);
}

/* ---- a pair ---- */

/* The columns' vectors of the current block; NULL where there is no such column. */
struct block {
    const struct sw_vector *real, *simulated, *weight, *side, *quantity, *filled[2];
    const struct sw_vector *clusters[SW_CLUSTER_KINDS];
};

static struct sw_exact exact_at(const struct sw_vector *vector, size_t row)
{
    if (!vector || sw_is_null(vector, row)) return (struct sw_exact){0};
    return sw_exact_of(sw_value(vector, row), vector->scale);
}

static bool fail_row(const struct sw_order_pairs *pairs, size_t row, const char *what,
                     struct sw_error *error)
{
    const struct sw_reader *reader = pairs->reader;
    return sw_fail(error, SW_DATA, "%s: row %" PRIu64 ": %s", reader->first_name,
                   reader->total_rows - reader->rows + row + 1, what);
}

/* 10⁴·s·(real − simulated) ÷ real of prices, real − simulated of costs. */
static struct sw_exact difference_of(const struct sw_order_pairs *pairs, const struct block *block,
                                     size_t row, struct sw_exact real, struct sw_exact simulated)
{
    struct sw_exact less = sw_exact_subtract(real, simulated);
    if (pairs->settings->costs) return less;
    if (sw_is_null(block->side, row)) return (struct sw_exact){0};
    sw_int128 side = sw_value(block->side, row);
    if (side != 1 && side != 2) return (struct sw_exact){0};
    return sw_exact_divide(sw_exact_multiply(less, sw_exact_of(side == 1 ? 10000 : -10000, 0)),
                           real);
}

static enum sw_order_pair_match match_of(const struct block *block, size_t row)
{
    const struct sw_vector *real = block->filled[0], *simulated = block->filled[1];
    sw_int128 filled[2], gap;
    if (!real || !simulated || sw_is_null(real, row)) return SW_FILLED_UNKNOWN;
    if (sw_is_null(simulated, row)) return SW_FILLED_NONE;
    const int scale = real->scale > simulated->scale ? real->scale : simulated->scale;
    if (__builtin_mul_overflow(sw_value(real, row), sw_power_of_ten(scale - real->scale),
                               &filled[0]) ||
        __builtin_mul_overflow(sw_value(simulated, row), sw_power_of_ten(scale - simulated->scale),
                               &filled[1]))
        return SW_FILLED_UNKNOWN;
    if (filled[1] <= 0) return SW_FILLED_NONE;
    if (filled[0] == filled[1]) return SW_FILLED_EXACT;
    if (__builtin_sub_overflow(filled[0], filled[1], &gap)) return SW_FILLED_PARTIAL;
    if (gap < 0) gap = -gap;
    return gap <= filled[0] / 20 - (filled[0] < 0) ? SW_FILLED_CLOSE : SW_FILLED_PARTIAL;
}

/* *left_out: the pair has no difference to tell. */
static bool make_pair(struct sw_order_pairs *pairs, const struct block *block, size_t row,
                      bool *left_out, struct sw_error *error)
{
    struct sw_order_pair *pair = &pairs->pair;
    struct sw_exact real = exact_at(block->real, row), simulated = exact_at(block->simulated, row);
    *pair = (struct sw_order_pair){.matched = simulated.state != SW_EXACT_NONE, .weight = 1};
    if (!pair->matched) simulated = real;
    struct sw_exact difference = difference_of(pairs, block, row, real, simulated);
    enum sw_exact_state state = sw_exact_round(&difference, SW_VALUE_SCALE, &pair->difference);
    *left_out = state == SW_EXACT_NONE;
    if (*left_out) return true;
    if (state != SW_EXACT_KNOWN ||
        sw_exact_round(&real, SW_VALUE_SCALE, &pair->real) != SW_EXACT_KNOWN ||
        sw_exact_round(&simulated, SW_VALUE_SCALE, &pair->simulated) != SW_EXACT_KNOWN)
        return fail_row(pairs, row, "a value out of range", error);
    if (block->weight)
        pair->weight = sw_is_null(block->weight, row) ? 0 : sw_value(block->weight, row);
    pair->match = match_of(block, row);
    return pair->weight >= 0 || fail_row(pairs, row, "a weight below 0", error);
}

static bool keep_pair(struct sw_order_pairs *pairs, const struct block *block, size_t row,
                      struct sw_error *error)
{
    const struct sw_order_pair *pair = &pairs->pair;
    const sw_int128 own[QUANTITY] = {pair->real,       pair->simulated, pair->matched,
                                     pair->difference, pair->weight,    pair->match};
    const uint32_t rows[1] = {(uint32_t)row};
    struct sw_builder *builders = pairs->kept.builders;
    for (int i = 0; i < QUANTITY; i++)
        if (!sw_builder_add_value(&builders[i], own[i], error)) return false;
    bool sized = block->quantity && !sw_is_null(block->quantity, row);
    if (!sized)
        sw_builder_add_null(&builders[QUANTITY]);
    else if (!sw_builder_add_value(&builders[QUANTITY], sw_value(block->quantity, row), error) ||
             !sw_builder_add_value(&pairs->quantities.builders[0], sw_value(block->quantity, row),
                                   error) ||
             !sw_row_sorter_added(&pairs->quantities, error))
        return false;
    pairs->sized += sized;
    struct sw_builder *more = &builders[OWN];
    for (size_t i = 0; i < pairs->keys.count; i++)
        if (!sw_builder_gather(more++, pairs->keys.vectors[i], rows, 1, error)) return false;
    for (size_t i = 0; i < pairs->cluster_kinds; i++)
        if (!sw_builder_gather(more++, block->clusters[i], rows, 1, error)) return false;
    pairs->pairs++;
    return sw_row_sorter_added(&pairs->kept, error);
}

/* ---- reading ---- */

static bool fetch(struct sw_order_pairs *pairs, int handle, const struct sw_vector **vector,
                  struct sw_error *error)
{
    *vector = NULL;
    if (handle < 0) return true;
    *vector = sw_view_vector(&pairs->view, handle, error);
    return *vector != NULL;
}

static bool fetch_block(struct sw_order_pairs *pairs, struct block *block, struct sw_error *error)
{
    for (size_t i = 0; i < pairs->cluster_kinds; i++)
        if (!fetch(pairs, pairs->clusters[i], &block->clusters[i], error)) return false;
    return fetch(pairs, pairs->real, &block->real, error) &&
           fetch(pairs, pairs->simulated, &block->simulated, error) &&
           fetch(pairs, pairs->weight, &block->weight, error) &&
           fetch(pairs, pairs->side, &block->side, error) &&
           fetch(pairs, pairs->quantity, &block->quantity, error) &&
           fetch(pairs, pairs->filled[0], &block->filled[0], error) &&
           fetch(pairs, pairs->filled[1], &block->filled[1], error) &&
           (pairs->keys.count == 0 || sw_columns_fetch(&pairs->keys, &pairs->view, error));
}

static bool take_block(struct sw_order_pairs *pairs, struct sw_error *error)
{
    struct block block;
    bool left_out;
    sw_view_begin(&pairs->view, pairs->reader->rows);
    if (!fetch_block(pairs, &block, error)) return false;
    for (size_t row = 0; row < pairs->reader->rows; row++) {
        if (!make_pair(pairs, &block, row, &left_out, error)) return false;
        pairs->without_real += left_out;
        if (!left_out && !keep_pair(pairs, &block, row, error)) return false;
    }
    return true;
}

/* The bound of a quartile is an observed value: the first whose share of orders up to it reaches it. */
static bool find_bounds(struct sw_order_pairs *pairs, struct sw_error *error)
{
    enum sw_step step;
    uint64_t seen = 0;
    while ((step = sw_row_sorter_next(&pairs->quantities, error)) == SW_ROWS) {
        seen++;
        for (unsigned i = 0; i < 3; i++)
            if ((seen - 1) * 4 < pairs->sized * (i + 1) && seen * 4 >= pairs->sized * (i + 1))
                pairs->bounds[i] = sw_row_sorter_number(&pairs->quantities, 0);
    }
    return step == SW_END;
}

bool sw_order_pairs_read(struct sw_order_pairs *pairs, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(pairs->reader, error)) == SW_ROWS)
        if (!take_block(pairs, error)) return false;
    return step == SW_END && sw_row_sorter_finish(&pairs->kept, error) &&
           sw_row_sorter_finish(&pairs->quantities, error) && find_bounds(pairs, error);
}

enum sw_step sw_order_pairs_next(struct sw_order_pairs *pairs, struct sw_error *error)
{
    struct sw_row_sorter *kept = &pairs->kept;
    struct sw_order_pair *pair = &pairs->pair;
    enum sw_step step = sw_row_sorter_next(kept, error);
    if (step != SW_ROWS) return step;
    *pair = (struct sw_order_pair){.matched = sw_row_sorter_number(kept, MATCHED) == 1,
                                   .real = sw_row_sorter_number(kept, REAL),
                                   .simulated = sw_row_sorter_number(kept, SIMULATED),
                                   .difference = sw_row_sorter_number(kept, DIFFERENCE),
                                   .weight = sw_row_sorter_number(kept, WEIGHT),
                                   .match =
                                       (enum sw_order_pair_match)sw_row_sorter_number(kept, MATCH)};
    if (sw_row_sorter_is_null(kept, QUANTITY)) return SW_ROWS;
    pair->quartile = 1;
    for (int i = 0; i < 3; i++)
        pair->quartile += sw_row_sorter_number(kept, QUANTITY) > pairs->bounds[i];
    return SW_ROWS;
}

/* ---- keys ---- */

size_t sw_order_pairs_groupings(const struct sw_order_pairs *pairs)
{
    return 1 + pairs->keys.count + (pairs->quantity >= 0);
}

const char *sw_order_pairs_grouping(const struct sw_order_pairs *pairs, size_t by)
{
    if (by == 0) return "all";
    if (by > pairs->keys.count) return "quartile";
    return pairs->keys.schema.columns[by - 1].name;
}

static void show_number(struct sw_order_pair_key *key, enum sw_type type, int scale)
{
    size_t length = type == SW_DATE ? sw_format_date(key->shown, (int64_t)key->number)
                                    : sw_format_decimal(key->shown, key->number, scale);
    key->text = (struct sw_text){key->shown, (uint32_t)length};
}

static void key_of(const struct sw_vector *vector, size_t row, struct sw_order_pair_key *key)
{
    *key = (struct sw_order_pair_key){.is_null = sw_is_null(vector, row),
                                      .numeric = vector->type != SW_TEXT};
    if (key->is_null) return;
    if (!key->numeric) {
        key->text = vector->dictionary[vector->codes[row]];
        return;
    }
    key->number = sw_value(vector, row);
    show_number(key, vector->type, vector->scale);
}

void sw_order_pairs_key(const struct sw_order_pairs *pairs, size_t by,
                        struct sw_order_pair_key *key)
{
    if (by > 0 && by <= pairs->keys.count) {
        key_of(pairs->kept.sorter.vectors[OWN + by - 1], pairs->kept.row, key);
        return;
    }
    *key = (struct sw_order_pair_key){.is_null = by == 0 || pairs->pair.quartile == 0,
                                      .numeric = true,
                                      .number = pairs->pair.quartile};
    if (!key->is_null) show_number(key, SW_INT, 0);
}

void sw_order_pairs_cluster(const struct sw_order_pairs *pairs, size_t kind,
                            struct sw_order_pair_key *key)
{
    key_of(pairs->kept.sorter.vectors[OWN + pairs->keys.count + kind], pairs->kept.row, key);
}
