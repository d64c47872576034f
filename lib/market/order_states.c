/* SPDX-License-Identifier: ISC */
#include "market/order_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "market/classify_columns.h"

enum {
    ORDER_BYTES = sizeof(struct sw_order_state) + 4 * sizeof(uint64_t), /* with its slots */
    FIRST_SLOTS = 1 << 13,
    LARGE_TABLE = 1 << 19, /* slots, from which on room counts more than filling it again */
    AHEAD = 16,            /* rows whose slots are fetched before they are looked at */
};

/* Some rows on their way in. */
struct sw_state_piece {
    uint64_t orders[SW_STATE_PIECE_ROWS], hashes[SW_STATE_PIECE_ROWS],
        sequences[SW_STATE_PIECE_ROWS];
    int64_t times[SW_STATE_PIECE_ROWS];
};

/* ---- columns ---- */

bool sw_state_columns_find(const struct sw_schema *schema, const char *file,
                           struct sw_state_columns *columns, struct sw_error *error)
{
    static const char *const needed[] = {"security_code", "order_id", "timestamp"};
    if (schema->row_kind > SW_ROWS_ORDERS)
        return sw_fail(error, SW_DATA, "%s: holds %s, and no events of orders", file,
                       sw_row_kind_name(schema->row_kind));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (sw_schema_find(schema, needed[i]) < 0)
            return sw_fail(error, SW_DATA, "%s: no column '%s'", file, needed[i]);
    *columns = (struct sw_state_columns){
        sw_schema_find(schema, "security_code"), sw_schema_find(schema, "order_id"),
        sw_schema_find(schema, "timestamp"),     sw_schema_find(schema, "side"),
        sw_schema_find(schema, "participantid"), sw_schema_find(schema, "sequence")};
    enum sw_type type = schema->columns[columns->timestamp].type;
    return type == SW_TIME || sw_fail(error, SW_DATA, "%s: column 'timestamp' is of type %s", file,
                                      sw_type_name(type));
}

bool sw_state_ties(const struct sw_schema *schema, int sequence, struct sw_sort_key **keys,
                   size_t *count, struct sw_error *error)
{
    struct sw_sort_key *ties;
    size_t tie_count;
    *keys = NULL;
    *count = 0;
    if (sequence < 0) return true;
    if (!sw_event_ties(schema, &ties, &tie_count, error)) return false;
    *keys = sw_alloc(tie_count + 1, sizeof **keys, error);
    if (*keys) {
        (*keys)[(*count)++].column = sequence;
        for (size_t i = 0; i < tie_count; i++) (*keys)[(*count)++] = ties[i];
    }
    free(ties);
    return *keys != NULL;
}

/* ---- hashes ---- */

/* One to one, so that the orders of a security never meet in one hash. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

static uint64_t image_of_text(const struct sw_text *text)
{
    uint64_t image = text->length;
    for (uint32_t i = 0; i < text->length; i++) image = mix(image + (unsigned char)text->bytes[i]);
    return image;
}

/* Numbers of 64 bits are their own images. */
static uint64_t image_of_wide(sw_int128 value)
{
    uint64_t low = (uint64_t)value, high = (uint64_t)((sw_uint128)value >> 64);
    return high + (low >> 63) ? low ^ mix(high) : low;
}

static bool is_whole(enum sw_type type)
{
    return type == SW_INT || type == SW_UINT || type == SW_TIME || type == SW_DATE;
}

static uint64_t image_of(const struct sw_vector *vector, size_t row)
{
    if (sw_is_null(vector, row)) return 0;
    if (vector->type == SW_TEXT) return image_of_text(&vector->dictionary[vector->codes[row]]);
    if (!vector->wide) return (uint64_t)vector->narrow[row];
    return is_whole(vector->type) ? (uint64_t)vector->wide_values[row]
                                  : image_of_wide(vector->wide_values[row]);
}

/* A security's rows come in long stretches or few values: the last one is remembered. */
static uint64_t mixed_security(const struct sw_vector *vector, size_t row, uint64_t *image,
                               uint64_t *mixed)
{
    uint64_t now = image_of(vector, row);
    if (now != *image) {
        *image = now;
        *mixed = mix(now + 1);
    }
    return *mixed;
}

void sw_state_hashes(const struct sw_state_columns *columns, const struct sw_vector *const *vectors,
                     size_t rows, uint64_t *hashes)
{
    const struct sw_vector *security = vectors[columns->security], *order = vectors[columns->order];
    if (!security->wide && !order->wide && security->type != SW_TEXT && order->type != SW_TEXT) {
        for (size_t i = 0; i < rows; i++)
            hashes[i] = mix((uint64_t)order->narrow[i] + mix((uint64_t)security->narrow[i] + 1));
        return;
    }
    uint64_t image = 0, mixed = mix(1);
    for (size_t i = 0; i < rows; i++)
        hashes[i] = mix(image_of(order, i) + mixed_security(security, i, &image, &mixed));
}

/* ---- opening ---- */

bool sw_order_states_reset(struct sw_order_states *states, struct sw_error *error)
{
    states->order_count = 0;
    if (states->slot_count == 0) states->slot_count = FIRST_SLOTS;
    if (states->slot_pages.bytes)
        memset(states->slot_pages.bytes, 0, states->slot_count * sizeof(uint64_t));
    states->slot_pages.large = states->order_pages.large = true;
    return sw_sort_run_reset(&states->run, error) &&
           sw_pages_grow(&states->slot_pages, states->slot_count * sizeof(uint64_t), error);
}

bool sw_order_states_open(struct sw_order_states *states, const struct sw_schema *schema,
                          const char *file, uint64_t memory_bytes, struct sw_error *error)
{
    *states = (struct sw_order_states){.schema = schema, .memory_bytes = memory_bytes};
    states->piece = sw_alloc(1, sizeof *states->piece, error);
    if (!states->piece || !sw_state_columns_find(schema, file, &states->columns, error) ||
        !sw_state_ties(schema, states->columns.sequence, &states->ties, &states->tie_count,
                       error) ||
        !sw_sort_run_init(&states->run, schema, error))
        return false;
    for (size_t i = 0; i < states->run.column_count; i++)
        states->run.columns[i].values.large = true;
    return sw_order_states_reset(states, error);
}

void sw_order_states_free(struct sw_order_states *states)
{
    sw_sort_run_free(&states->run);
    sw_pages_free(&states->order_pages);
    sw_pages_free(&states->row_pages);
    sw_pages_free(&states->slot_pages);
    free(states->ties);
    free(states->piece);
    *states = (struct sw_order_states){0};
}

/* ---- rows that are kept ---- */

/* Below 0, 0 or above 0, as sw_value_compare has it of vectors. */
static int compare_kept(const struct sw_sort_run_column *column, size_t a, size_t b)
{
    bool null_a = sw_sort_run_is_null(column, a), null_b = sw_sort_run_is_null(column, b);
    if (null_a || null_b) return null_b - null_a;
    sw_uint128 of_a = sw_sort_run_distance(column, a), of_b = sw_sort_run_distance(column, b);
    if (of_a == of_b) return 0;
    if (column->type != SW_TEXT) return of_a < of_b ? -1 : 1;
    const struct sw_text *texts = column->texts.vector.dictionary;
    return sw_texts_compare(&texts[(size_t)of_a], &texts[(size_t)of_b]);
}

static bool same_kept(const struct sw_sort_run_column *column, size_t a, size_t b)
{
    bool null_a = sw_sort_run_is_null(column, a), null_b = sw_sort_run_is_null(column, b);
    if (null_a || null_b) return null_a == null_b;
    return sw_sort_run_distance(column, a) == sw_sort_run_distance(column, b);
}

/* Whether a row is the last state and not the one before it among those kept, of the same time. */
static bool is_later(const struct sw_order_states *states, size_t before, size_t row)
{
    for (size_t i = 0; i < states->tie_count; i++) {
        const struct sw_sort_key *key = &states->ties[i];
        int order = compare_kept(&states->run.columns[key->column], before, row);
        if (order) return (order < 0) != key->descending;
    }
    return true;
}

static bool unchanged(struct sw_order_states *states, int column, size_t before, size_t row)
{
    if (column < 0 || same_kept(&states->run.columns[column], before, row)) return true;
    states->clash = (struct sw_state_clash){true, column, before, row};
    return false;
}

/* ---- the table ---- */

static uint64_t slot_word(uint64_t placed, size_t order)
{
    return (placed & UINT64_C(0xffffffff00000000)) | (order + 1);
}

/* More slots; they are filled again from the orders. */
static bool widen_table(struct sw_order_states *states, struct sw_error *error)
{
    struct sw_pages wider = {.large = true};
    size_t count = states->slot_count * (states->slot_count < LARGE_TABLE ? 4 : 2);
    if (!sw_pages_grow(&wider, count * sizeof(uint64_t), error)) return false;
    uint64_t *slots = wider.bytes;
    for (size_t i = 0; i < states->order_count; i++) {
        uint64_t placed = sw_hash_number(states->orders[i].hash);
        size_t at = placed & (count - 1);
        while (slots[at]) at = (at + 1) & (count - 1);
        slots[at] = slot_word(placed, i);
    }
    sw_pages_free(&states->slot_pages);
    states->slot_pages = wider;
    states->slot_count = count;
    return true;
}

static bool make_room(struct sw_order_states *states, size_t more, struct sw_error *error)
{
    size_t orders = states->order_count + more, rows = states->run.rows;
    while (orders * 2 > states->slot_count)
        if (!widen_table(states, error)) return false;
    if (!sw_pages_grow(&states->order_pages, orders * sizeof *states->orders, error) ||
        (states->tracked &&
         !sw_pages_grow(&states->row_pages, rows * sizeof *states->order_of, error)))
        return false;
    states->orders = states->order_pages.bytes;
    states->order_of = states->row_pages.bytes;
    return true;
}

/* Whether an order is that of a kept row, whose piece's number is i. */
static bool is_order(const struct sw_order_states *states, const struct sw_order_state *order,
                     size_t i, size_t row)
{
    const struct sw_sort_run_column *columns = states->run.columns;
    int id = states->columns.order;
    return order->hash == states->piece->hashes[i] && order->order == states->piece->orders[i] &&
           same_kept(&columns[states->columns.security], order->row, row) &&
           (is_whole(columns[id].type) || same_kept(&columns[id], order->row, row));
}

/* The order of a kept row; a new one where there is none. */
static size_t find_order(struct sw_order_states *states, size_t i, size_t row)
{
    const struct sw_state_piece *piece = states->piece;
    uint64_t *slots = states->slot_pages.bytes, placed = sw_hash_number(piece->hashes[i]);
    size_t mask = states->slot_count - 1, at = placed & mask;
    for (; slots[at]; at = (at + 1) & mask) {
        size_t order = (uint32_t)slots[at] - 1;
        if (slots[at] == slot_word(placed, order) &&
            is_order(states, &states->orders[order], i, row))
            return order;
    }
    slots[at] = slot_word(placed, states->order_count);
    states->orders[states->order_count] = (struct sw_order_state){.hash = piece->hashes[i],
                                                                  .order = piece->orders[i],
                                                                  .time_ns = piece->times[i],
                                                                  .sequence = piece->sequences[i],
                                                                  .row = (uint32_t)row};
    return states->order_count++;
}

/* Gives a kept row to its order. */
static bool take_row(struct sw_order_states *states, size_t i, size_t row)
{
    const struct sw_state_piece *piece = states->piece;
    size_t found = find_order(states, i, row);
    struct sw_order_state *order = &states->orders[found];
    if (states->tracked) states->order_of[row] = (uint32_t)found;
    order->rows++;
    if (order->row == row) return true;
    if (!unchanged(states, states->columns.side, order->row, row) ||
        !unchanged(states, states->columns.participant, order->row, row))
        return false;
    if (piece->times[i] < order->time_ns) return true;
    if (piece->times[i] == order->time_ns &&
        (piece->sequences[i] < order->sequence ||
         (piece->sequences[i] == order->sequence && !is_later(states, order->row, row))))
        return true;
    order->time_ns = piece->times[i];
    order->sequence = piece->sequences[i];
    order->row = (uint32_t)row;
    return true;
}

static bool take_rows(struct sw_order_states *states, size_t first, size_t count, size_t *failed)
{
    const uint64_t *slots = states->slot_pages.bytes;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(&slots[sw_hash_number(states->piece->hashes[i + AHEAD]) &
                                      (states->slot_count - 1)]);
        if (i + AHEAD / 2 < count) {
            uint64_t placed = sw_hash_number(states->piece->hashes[i + AHEAD / 2]);
            uint64_t slot = slots[placed & (states->slot_count - 1)];
            if (slot) __builtin_prefetch(&states->orders[(uint32_t)slot - 1]);
        }
        if (take_row(states, i, first + i)) continue;
        *failed = i;
        return false;
    }
    return true;
}

/* ---- adding ---- */

/* A number that rises with the sequence, as far as 64 bits tell it; is_later tells the rest. */
static uint64_t rank_of(const struct sw_vector *vector, size_t row)
{
    if (sw_is_null(vector, row) || !is_whole(vector->type)) return 0;
    uint64_t value = (uint64_t)sw_value(vector, row);
    return vector->type == SW_UINT ? value : value ^ UINT64_C(1) << 63;
}

/* The first row of the piece that has a null in a column. */
static bool find_null(const struct sw_vector *vector, const uint32_t *selected, size_t from,
                      size_t count, size_t *place)
{
    for (size_t i = 0; vector->nulls && i < count; i++) {
        *place = selected ? selected[i] : from + i;
        if (sw_is_null(vector, *place)) return true;
    }
    return false;
}

static bool refuse_nulls(const struct sw_order_states *states,
                         const struct sw_vector *const *vectors, const uint32_t *selected,
                         size_t from, size_t count, size_t *place, struct sw_error *error)
{
    const struct {
        int column;
        const char *what;
    } needed[] = {{states->columns.order, "an event without an order_id"},
                  {states->columns.security, "an event without a security_code"},
                  {states->columns.timestamp, "an event without a timestamp"}};
    char order[SW_DESCRIBED_LENGTH];
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!find_null(vectors[needed[i].column], selected, from, count, place)) continue;
        sw_value_describe(vectors[states->columns.order], *place, order);
        return sw_fail(error, SW_DATA, "order %s: %s", order, needed[i].what);
    }
    return true;
}

static bool is_plain(const struct sw_vector *vector)
{
    return !vector->wide && !vector->nulls && vector->type != SW_TEXT;
}

/* The common case: the rows stand one after the other, in numbers of 64 bits without nulls. */
static bool load_plain(struct sw_order_states *states, const struct sw_vector *const *vectors,
                       const uint64_t *hashes, size_t from, size_t count)
{
    const struct sw_state_columns *columns = &states->columns;
    const struct sw_vector *order = vectors[columns->order], *time = vectors[columns->timestamp];
    const struct sw_vector *sequence = columns->sequence < 0 ? NULL : vectors[columns->sequence];
    struct sw_state_piece *piece = states->piece;
    if (!is_plain(order) || !is_plain(time) || !sequence || !is_plain(sequence) ||
        !is_whole(sequence->type))
        return false;
    const uint64_t flipped = sequence->type == SW_UINT ? 0 : UINT64_C(1) << 63;
    memcpy(piece->hashes, hashes + from, count * sizeof *hashes);
    memcpy(piece->orders, order->narrow + from, count * sizeof *order->narrow);
    memcpy(piece->times, time->narrow + from, count * sizeof *time->narrow);
    for (size_t i = 0; i < count; i++)
        piece->sequences[i] = (uint64_t)sequence->narrow[from + i] ^ flipped;
    return true;
}

static void load_piece(struct sw_order_states *states, const struct sw_vector *const *vectors,
                       const uint64_t *hashes, const uint32_t *selected, size_t from, size_t count)
{
    const struct sw_vector *order = vectors[states->columns.order],
                           *time = vectors[states->columns.timestamp];
    int sequence = states->columns.sequence;
    struct sw_state_piece *piece = states->piece;
    for (size_t i = 0; i < count; i++) {
        size_t row = selected ? selected[i] : from + i;
        piece->hashes[i] = hashes[row];
        piece->orders[i] = order->wide || order->type == SW_TEXT ? image_of(order, row)
                                                                 : (uint64_t)order->narrow[row];
        piece->times[i] = (int64_t)sw_value(time, row);
        piece->sequences[i] = sequence < 0 ? 0 : rank_of(vectors[sequence], row);
    }
}

/* What of two kept rows cannot both be, as the vectors have them. */
static bool fail_change(const struct sw_order_states *states,
                        const struct sw_vector *const *vectors, size_t place,
                        struct sw_error *error)
{
    char order[SW_DESCRIBED_LENGTH], to[SW_DESCRIBED_LENGTH], from[SW_DESCRIBED_LENGTH];
    const struct sw_state_clash *clash = &states->clash;
    struct sw_sort_run_block block = {0};
    const uint32_t before = (uint32_t)clash->before;
    sw_value_describe(vectors[states->columns.order], place, order);
    sw_value_describe(vectors[clash->column], place, to);
    bool good = sw_sort_run_block_init(&block, &states->run, 1, error) &&
                sw_sort_run_gather(&block, &states->run, &before, 1, error);
    if (good) sw_value_describe(block.vectors[clash->column], 0, from);
    sw_sort_run_block_free(&block);
    return good && sw_fail(error, SW_DATA, "order %s: %s changes from %s to %s", order,
                           states->schema->columns[clash->column].name, from, to);
}

bool sw_order_states_add(struct sw_order_states *states, const struct sw_vector *const *vectors,
                         const uint64_t *hashes, const uint32_t *selected, size_t from,
                         size_t count, bool *taken, size_t *place, struct sw_error *error)
{
    size_t first = states->run.rows, failed;
    uint64_t used =
        states->order_count * sizeof *states->orders + states->slot_count * sizeof(uint64_t);
    uint64_t limit = used < states->memory_bytes ? states->memory_bytes - used : 0;
    if (first > UINT32_MAX - 2 * SW_STATE_PIECE_ROWS) limit = 0;
    if (!refuse_nulls(states, vectors, selected, from, count, place, error) ||
        !sw_sort_run_offer(&states->run, vectors, selected, from, count,
                           limit > count * ORDER_BYTES ? limit - count * ORDER_BYTES : 0,
                           sizeof *states->order_of, taken, error))
        return false;
    if (!*taken) return true;
    if (selected || !load_plain(states, vectors, hashes, from, count))
        load_piece(states, vectors, hashes, selected, from, count);
    if (!make_room(states, count, error)) return false;
    if (take_rows(states, first, count, &failed)) return true;
    *place = selected ? selected[failed] : from + failed;
    return fail_change(states, vectors, *place, error);
}
