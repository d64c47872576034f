/* SPDX-License-Identifier: ISC */
#include "market/order_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
    ORDER_BYTES = sizeof(struct sw_order_state) + 4 * sizeof(uint64_t), /* with its slots */
    FIRST_SLOTS = 1 << 13,
    LARGE_TABLE = 1 << 19, /* slots, from which on room counts more than filling it again */
    AHEAD = 16,            /* rows whose slots are fetched before they are looked at */
};

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
    if (!sw_event_block_open(&states->block, schema, file, error) ||
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
    sw_event_block_free(&states->block);
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
    for (size_t i = 0; i < states->block.tie_count; i++) {
        const struct sw_sort_key *key = &states->block.ties[i];
        int order = compare_kept(&states->run.columns[key->column], before, row);
        if (order) return (order < 0) != key->descending;
    }
    return true;
}

static bool unchanged(struct sw_order_states *states, int column, size_t before, size_t row)
{
    if (column < 0 || same_kept(&states->run.columns[column], before, row)) return true;
    states->clash = (struct sw_state_clash){column, before};
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

/* A row of the block, and where it is kept. */
struct newcomer {
    size_t place, row;
    uint64_t events;
};

static bool is_order(const struct sw_order_states *states, const struct sw_order_state *order,
                     const struct newcomer *new)
{
    const struct sw_sort_run_column *columns = states->run.columns;
    const struct sw_event_block *block = &states->block;
    if (order->hash != block->hashes[new->place] || order->order != block->orders[new->place])
        return false;
    return block->exact || (same_kept(&columns[block->columns.security], order->row, new->row) &&
                            same_kept(&columns[block->columns.order], order->row, new->row));
}

static uint64_t fixed_of(const struct sw_event_block *block, size_t place)
{
    return block->fixed ? block->fixed[place] : SW_STATE_NOT_FIXED;
}

/* The order of a row; a new one, whose state it is, where there is none. */
static struct sw_order_state *find_order(struct sw_order_states *states, const struct newcomer *new)
{
    const struct sw_event_block *block = &states->block;
    uint64_t *slots = states->slot_pages.bytes, placed = sw_hash_number(block->hashes[new->place]);
    size_t mask = states->slot_count - 1, at = placed & mask;
    for (; slots[at]; at = (at + 1) & mask) {
        size_t order = (uint32_t)slots[at] - 1;
        if (slots[at] == slot_word(placed, order) && is_order(states, &states->orders[order], new))
            return &states->orders[order];
    }
    slots[at] = slot_word(placed, states->order_count);
    states->orders[states->order_count] =
        (struct sw_order_state){.hash = block->hashes[new->place],
                                .order = block->orders[new->place],
                                .time_ns = block->times[new->place],
                                .fixed = fixed_of(block, new->place),
                                .row = (uint32_t) new->row};
    return &states->orders[states->order_count++];
}

static bool check_unchanged(struct sw_order_states *states, const struct sw_order_state *order,
                            const struct newcomer *new)
{
    const struct sw_state_columns *columns = &states->block.columns;
    if (order->fixed != SW_STATE_NOT_FIXED && order->fixed == fixed_of(&states->block, new->place))
        return true;
    return unchanged(states, columns->side, order->row, new->row) &&
           unchanged(states, columns->participant, order->row, new->row);
}

/* Gives a kept row to its order. */
static bool take_row(struct sw_order_states *states, const struct newcomer *new)
{
    struct sw_order_state *order = find_order(states, new);
    const int64_t time_ns = states->block.times[new->place];
    if (states->tracked) states->order_of[new->row] = (uint32_t)(order - states->orders);
    order->events += new->events;
    if (order->row == new->row) return true;
    if (!check_unchanged(states, order, new)) return false;
    if (time_ns < order->time_ns ||
        (time_ns == order->time_ns && !is_later(states, order->row, new->row)))
        return true;
    order->time_ns = time_ns;
    order->row = (uint32_t) new->row;
    return true;
}

static size_t place_of(const uint32_t *selected, size_t from, size_t i)
{
    return selected ? selected[i] : from + i;
}

static void fetch_slot(const struct sw_order_states *states, size_t place)
{
    const uint64_t *slots = states->slot_pages.bytes;
    uint64_t placed = sw_hash_number(states->block.hashes[place]);
    __builtin_prefetch(&slots[placed & (states->slot_count - 1)]);
}

static void fetch_order(const struct sw_order_states *states, size_t place)
{
    const uint64_t *slots = states->slot_pages.bytes;
    uint64_t placed = sw_hash_number(states->block.hashes[place]);
    uint64_t slot = slots[placed & (states->slot_count - 1)];
    if (slot) __builtin_prefetch(&states->orders[(uint32_t)slot - 1]);
}

static bool take_rows(struct sw_order_states *states, const uint32_t *selected,
                      const uint64_t *events, size_t from, size_t count, size_t *place)
{
    size_t first = states->run.rows - count;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) fetch_slot(states, place_of(selected, from, i + AHEAD));
        if (i + AHEAD / 2 < count) fetch_order(states, place_of(selected, from, i + AHEAD / 2));
        const struct newcomer new = {place_of(selected, from, i), first + i,
                                     events ? events[i] : 1};
        *place = new.place;
        if (!take_row(states, &new)) return false;
    }
    return true;
}

/* ---- adding ---- */

/* What of two rows cannot both be: the one kept, and the one of the block. */
static bool fail_change(const struct sw_order_states *states, size_t place, struct sw_error *error)
{
    struct sw_sort_run_block kept = {0};
    const uint32_t before = (uint32_t)states->clash.before;
    bool good =
        sw_sort_run_block_init(&kept, &states->run, 1, error) &&
        sw_sort_run_gather(&kept, &states->run, &before, 1, error) &&
        sw_event_fail_change(states->schema, states->clash.column, states->block.columns.order,
                             kept.vectors, 0, states->block.vectors, place, error);
    sw_sort_run_block_free(&kept);
    return good;
}

bool sw_order_states_add(struct sw_order_states *states, const uint32_t *selected,
                         const uint64_t *events, size_t from, size_t count, bool *taken,
                         size_t *place, struct sw_error *error)
{
    uint64_t used =
        states->order_count * sizeof *states->orders + states->slot_count * sizeof(uint64_t);
    uint64_t limit = used < states->memory_bytes ? states->memory_bytes - used : 0;
    if (states->run.rows > UINT32_MAX - 2 * SW_STATE_PIECE_ROWS) limit = 0;
    if (!sw_sort_run_offer(&states->run, states->block.vectors, selected, from, count,
                           limit > count * ORDER_BYTES ? limit - count * ORDER_BYTES : 0,
                           sizeof *states->order_of, taken, error))
        return false;
    if (!*taken) return true;
    if (!make_room(states, count, error)) return false;
    return take_rows(states, selected, events, from, count, place) ||
           fail_change(states, *place, error);
}
