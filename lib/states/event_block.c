/* SPDX-License-Identifier: ISC */
#include "states/event_block.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "states/state_columns.h"

enum {
    SLOTS = 2 * SW_BLOCK_ROWS_MAXIMUM,
    SIDE_BITS = 15, /* of a number that stands for side and participant */
    PARTICIPANT_BITS = 48,
};

/* What tells an order, and what of it must not change. */
struct known {
    uint64_t order;
    int64_t security;
    uint64_t fixed;
};

struct sw_event_space {
    uint64_t orders[SW_BLOCK_ROWS_MAXIMUM], fixed[SW_BLOCK_ROWS_MAXIMUM];
    int64_t times[SW_BLOCK_ROWS_MAXIMUM];
    uint32_t slots[SLOTS];                         /* numbers of selected rows, from 1 */
    struct known known[SW_BLOCK_ROWS_MAXIMUM + 2]; /* by that number */
};

/* ---- columns ---- */

static bool find_columns(const struct sw_schema *schema, const char *file,
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

static bool has_number_hashes(const struct sw_vector *security, const struct sw_vector *order)
{
    return !security->wide && !order->wide && security->type != SW_TEXT && order->type != SW_TEXT;
}

static uint64_t number_hash(const struct sw_vector *security, const struct sw_vector *order,
                            size_t row)
{
    return mix((uint64_t)order->narrow[row] + mix((uint64_t)security->narrow[row] + 1));
}

void sw_event_block_hash(struct sw_event_block *block)
{
    const struct sw_vector *security = block->vectors[block->columns.security];
    const struct sw_vector *order = block->vectors[block->columns.order];
    uint64_t *hashes = block->hashes;
    if (has_number_hashes(security, order)) {
        for (size_t i = 0; i < block->rows; i++) hashes[i] = number_hash(security, order, i);
        return;
    }
    uint64_t image = 0, mixed = mix(1);
    for (size_t i = 0; i < block->rows; i++)
        hashes[i] = mix(image_of(order, i) + mixed_security(security, i, &image, &mixed));
}

void sw_event_block_hash_selected(struct sw_event_block *block)
{
    const struct sw_vector *security = block->vectors[block->columns.security];
    const struct sw_vector *order = block->vectors[block->columns.order];
    if (!has_number_hashes(security, order)) {
        sw_event_block_hash(block);
        return;
    }
    for (size_t i = 0; i < block->selected_count; i++) {
        size_t row = block->selected[i];
        block->hashes[row] = number_hash(security, order, row);
    }
}

/* ---- opening ---- */

/* The hash is one to one in the order where the security is given, and the other way round where the
 * images of both are the numbers themselves. */
static bool tells_orders(const struct sw_event_block *block)
{
    const struct sw_column *columns = block->schema->columns;
    return is_whole(columns[block->columns.security].type) &&
           is_whole(columns[block->columns.order].type);
}

bool sw_event_block_open(struct sw_event_block *block, const struct sw_schema *schema,
                         const char *file, struct sw_error *error)
{
    *block = (struct sw_event_block){.schema = schema};
    if (!find_columns(schema, file, &block->columns, error) ||
        !sw_state_ties(schema, block->columns.sequence, &block->ties, &block->tie_count, error))
        return false;
    block->exact = tells_orders(block);
    block->space = sw_alloc(1, sizeof *block->space, error);
    block->hashes = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *block->hashes, error);
    block->selected = sw_alloc(SW_BLOCK_ROWS_MAXIMUM + 1, sizeof *block->selected, error);
    block->events = sw_alloc(SW_BLOCK_ROWS_MAXIMUM + 1, sizeof *block->events, error);
    block->order_of = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *block->order_of, error);
    return block->space && block->hashes && block->selected && block->events && block->order_of;
}

void sw_event_block_free(struct sw_event_block *block)
{
    free(block->ties);
    free(block->space);
    free(block->hashes);
    free(block->selected);
    free(block->events);
    free(block->order_of);
    *block = (struct sw_event_block){0};
}

/* ---- a block ---- */

static bool is_plain(const struct sw_vector *vector)
{
    return !vector->wide && !vector->nulls && vector->type != SW_TEXT;
}

static bool refuse_null(const struct sw_event_block *block, int column, const char *what,
                        size_t *place, struct sw_error *error)
{
    const struct sw_vector *vector = block->vectors[column];
    char order[SW_DESCRIBED_LENGTH];
    if (!vector->nulls) return true;
    for (*place = 0; !sw_is_null(vector, *place);) ++*place;
    sw_value_describe(block->vectors[block->columns.order], *place, order);
    sw_fail(error, SW_DATA, "order %s: %s", order, what);
    return sw_fail_about(error, order);
}

static void load_orders(struct sw_event_block *block)
{
    const struct sw_vector *order = block->vectors[block->columns.order];
    const struct sw_vector *time = block->vectors[block->columns.timestamp];
    struct sw_event_space *space = block->space;
    block->orders = is_plain(order) ? (const uint64_t *)order->narrow : space->orders;
    block->times = is_plain(time) ? time->narrow : space->times;
    for (size_t i = 0; block->orders == space->orders && i < block->rows; i++)
        space->orders[i] = image_of(order, i);
    for (size_t i = 0; block->times == space->times && i < block->rows; i++)
        space->times[i] = (int64_t)sw_value(time, i);
}

static const int64_t *plain_column(const struct sw_event_block *block, int column)
{
    return column >= 0 && is_plain(block->vectors[column]) ? block->vectors[column]->narrow : NULL;
}

/* Side and participant, small numbers nearly always, as one, so that one comparison tells whether
 * they changed. */
static void load_fixed(struct sw_event_block *block)
{
    const int64_t *sides = plain_column(block, block->columns.side);
    const int64_t *participants = plain_column(block, block->columns.participant);
    uint64_t *fixed = block->space->fixed, beyond = 0;
    block->fixed = NULL;
    if (!sides || !participants) return;
    for (size_t i = 0; i < block->rows; i++) {
        uint64_t side = (uint64_t)sides[i], participant = (uint64_t)participants[i];
        beyond |= side >> SIDE_BITS | participant >> PARTICIPANT_BITS;
        fixed[i] = side << PARTICIPANT_BITS | participant;
    }
    if (!beyond) block->fixed = fixed;
}

bool sw_event_block_begin(struct sw_event_block *block, const struct sw_vector *const *vectors,
                          size_t rows, size_t *place, struct sw_error *error)
{
    const struct sw_state_columns *columns = &block->columns;
    block->vectors = vectors;
    block->rows = rows;
    if (!refuse_null(block, columns->order, "an event without an order_id", place, error) ||
        !refuse_null(block, columns->security, "an event without a security_code", place, error) ||
        !refuse_null(block, columns->timestamp, "an event without a timestamp", place, error))
        return false;
    load_orders(block);
    load_fixed(block);
    block->sequences = plain_column(block, columns->sequence);
    return true;
}

/* ---- its fold ---- */

bool sw_event_is_later(const struct sw_sort_key *ties, size_t tie_count,
                       const struct sw_vector *const *before, size_t row_before,
                       const struct sw_vector *const *after, size_t row_after)
{
    return sw_rows_compare(before, row_before, after, row_after, ties, tie_count) <= 0;
}

bool sw_event_fail_change(const char *column, const struct sw_vector *order_id,
                          const struct sw_vector *before, size_t row_before,
                          const struct sw_vector *after, size_t row_after, struct sw_error *error)
{
    char order[SW_DESCRIBED_LENGTH], from[SW_DESCRIBED_LENGTH], to[SW_DESCRIBED_LENGTH];
    sw_value_describe(before, row_before, from);
    sw_value_describe(after, row_after, to);
    sw_value_describe(order_id, row_after, order);
    sw_fail(error, SW_DATA, "order %s: %s changes from %s to %s", order, column, from, to);
    return sw_fail_about(error, order);
}

static bool check_column(const struct sw_event_block *block, int column, size_t before, size_t row,
                         struct sw_error *error)
{
    const struct sw_vector *vector = column < 0 ? NULL : block->vectors[column];
    return column < 0 || sw_value_compare(vector, before, vector, row) == 0 ||
           sw_event_fail_change(block->schema->columns[column].name,
                                block->vectors[block->columns.order], vector, before, vector, row,
                                error);
}

static bool check_unchanged(const struct sw_event_block *block, size_t before, size_t row,
                            struct sw_error *error)
{
    if (block->fixed && block->fixed[before] == block->fixed[row]) return true;
    return check_column(block, block->columns.side, before, row, error) &&
           check_column(block, block->columns.participant, before, row, error);
}

static bool is_later(const struct sw_event_block *block, size_t before, size_t row)
{
    if (block->times[row] != block->times[before]) return block->times[row] > block->times[before];
    if (block->sequences && block->sequences[row] != block->sequences[before])
        return block->sequences[row] > block->sequences[before];
    return sw_event_is_later(block->ties, block->tie_count, block->vectors, before, block->vectors,
                             row);
}

static bool same_order(const struct sw_event_block *block, size_t a, size_t b)
{
    if (block->hashes[a] != block->hashes[b] || block->orders[a] != block->orders[b]) return false;
    if (block->exact) return true;
    const struct sw_vector *security = block->vectors[block->columns.security];
    const struct sw_vector *order = block->vectors[block->columns.order];
    return sw_value_compare(security, a, security, b) == 0 &&
           sw_value_compare(order, a, order, b) == 0;
}

/* The table's size as a power of 2. */
static unsigned clear_slots(struct sw_event_block *block)
{
    unsigned bits = 6;
    while ((size_t)1 << bits < 2 * block->rows) bits++;
    memset(block->space->slots, 0, ((size_t)1 << bits) * sizeof *block->space->slots);
    block->selected_count = 0;
    return bits;
}

/* ---- its fold, of events in their order ---- */

static bool ascends(const struct sw_event_block *block)
{
    const int64_t *times = block->times, *sequences = block->sequences;
    bool falls = false;
    if (!sequences)
        for (size_t i = 1; i < block->rows; i++) falls |= times[i] < times[i - 1];
    else
        for (size_t i = 1; i < block->rows; i++)
            falls |= (times[i] < times[i - 1]) |
                     ((times[i] == times[i - 1]) & (sequences[i] <= sequences[i - 1]));
    return !falls;
}

/* Whether each event is later than all before it, and numbers tell all that a fold asks for. */
static bool is_in_order(const struct sw_event_block *block)
{
    bool counted = block->columns.sequence < 0 || block->sequences;
    return counted && block->fixed && is_plain(block->vectors[block->columns.security]) &&
           is_plain(block->vectors[block->columns.order]) && ascends(block);
}

static bool is_known(const struct known *known, const struct known *row)
{
    return (known->order == row->order) & (known->security == row->security);
}

/* The slot after `at` where an order's number is, or is to be. */
static size_t find_next(const struct sw_event_space *space, size_t at, size_t mask,
                        const struct known *row)
{
    while (space->slots[at] && !is_known(&space->known[space->slots[at]], row))
        at = (at + 1) & mask;
    return at;
}

/* The last rows of the orders are found from the end on, and ascend at last. */
static void turn_around(struct sw_event_block *block)
{
    uint32_t *selected = block->selected;
    uint64_t *events = block->events;
    for (size_t i = 0, j = block->selected_count; i + 1 < j; i++) {
        j--;
        const uint32_t row = selected[i];
        const uint64_t count = events[i];
        selected[i] = selected[j];
        events[i] = events[j];
        selected[j] = row;
        events[j] = count;
    }
}

/* The last row of each order is the last one there is. Without a branch that data decide, since
 * nothing foretells whether an order was seen before. False: a side or participant changes. */
static inline __attribute__((always_inline)) bool fold_rows(struct sw_event_block *block,
                                                            const int64_t *weights)
{
    struct known *known = block->space->known;
    uint32_t *slots = block->space->slots, *selected = block->selected, *order_of = block->order_of;
    uint64_t *events = block->events;
    const int64_t *securities = block->vectors[block->columns.security]->narrow;
    const unsigned bits = clear_slots(block);
    uint32_t count = 0;
    bool changed = false;
    for (size_t row = block->rows; row-- > 0;) {
        const struct known new = {block->orders[row], securities[row], block->fixed[row]};
        size_t at = sw_hash_quickly(new.order, bits);
        if (__builtin_expect((slots[at] != 0) & !is_known(&known[slots[at]], &new), false))
            at = find_next(block->space, at, ((size_t)1 << bits) - 1, &new);
        const uint32_t found = slots[at], fresh = found == 0, number = fresh ? count + 1 : found;
        changed |= !fresh & (known[found].fixed != new.fixed);
        known[count + 1] = new;
        selected[count] = (uint32_t)row;
        order_of[row] = number;
        events[count] = 0;
        events[number - 1] += weights ? (uint64_t)weights[row] : 1;
        slots[at] = number;
        count += fresh;
    }
    block->selected_count = count;
    turn_around(block);
    for (size_t row = 0; block->tracked && row < block->rows; row++)
        order_of[row] = count - order_of[row];
    return !changed;
}

bool sw_event_block_fold_in_order(struct sw_event_block *block, const int64_t *weights)
{
    return is_in_order(block) && (weights ? fold_rows(block, weights) : fold_rows(block, NULL));
}

/* ---- its fold, of events in any order ---- */

/* The number among the selected rows of the one that is of the same order; a new one where there is
 * none, which is the row then. */
static size_t find_selected(struct sw_event_block *block, size_t mask, size_t row)
{
    uint32_t *slots = block->space->slots;
    size_t at = sw_hash_number(block->hashes[row]) & mask;
    for (; slots[at]; at = (at + 1) & mask)
        if (same_order(block, block->selected[slots[at] - 1], row)) return slots[at] - 1;
    block->selected[block->selected_count] = (uint32_t)row;
    block->events[block->selected_count++] = 0;
    slots[at] = (uint32_t)block->selected_count;
    return block->selected_count - 1;
}

bool sw_event_block_fold(struct sw_event_block *block, const int64_t *weights, size_t *place,
                         struct sw_error *error)
{
    if (sw_event_block_fold_in_order(block, weights)) return true;
    size_t mask = ((size_t)1 << clear_slots(block)) - 1, found = 0;
    sw_event_block_hash(block);
    for (size_t row = 0; row < block->rows; row++) {
        if (row == 0 || !same_order(block, row - 1, row)) found = find_selected(block, mask, row);
        size_t before = block->selected[found];
        block->order_of[row] = (uint32_t)found;
        block->events[found] += weights ? (uint64_t)weights[row] : 1;
        if (before == row) continue;
        *place = row;
        if (!check_unchanged(block, before, row, error)) return false;
        if (is_later(block, before, row)) block->selected[found] = (uint32_t)row;
    }
    return true;
}
