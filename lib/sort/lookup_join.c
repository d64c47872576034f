/* SPDX-License-Identifier: ISC */
#include "sort/lookup_join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/list.h"
#include "base/memory.h"

/* ---- opening ---- */

void sw_join_key_of(const struct sw_schema *schema, const char *key, size_t length, char *space)
{
    static const char *const orders[] = {":desc", ":asc"};
    size_t named = sw_list_name(key, length);
    while (length && *key == ' ') key++, length--;
    memcpy(space, key, named ? named : length);
    space[named ? named : length] = 0;
    if (sw_view_can(schema, space)) return;
    memcpy(space, key, length);
    space[length] = 0;
    if (sw_schema_find(schema, space) >= 0) return;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        size_t suffix = strlen(orders[i]);
        if (length > suffix && strcmp(space + length - suffix, orders[i]) == 0)
            space[length -= suffix] = 0;
    }
}

/* The keys as a side has them, a list like the user's. */
static bool open_keys(struct sw_columns *keys, const struct sw_join_side *side, const char *list,
                      struct sw_error *error)
{
    size_t room = strlen(list) + 1, length = 0;
    char *own = sw_alloc(room, 1, error);
    for (const char *at = list; own; at++) {
        size_t item = sw_list_item(at);
        sw_join_key_of(side->view->supplier.schema, at, item, own + length);
        length += strlen(own + length);
        at += item;
        if (!*at) break;
        own[length++] = ',';
    }
    bool good = own && (sw_columns_open(keys, side->view, own, error) ||
                        sw_fail_at(error, "--keys") || sw_fail_at(error, side->file));
    free(own);
    return good;
}

static bool open_added(struct sw_lookup *lookup, const char *list, struct sw_error *error)
{
    if (!list) return true;
    return sw_columns_open(&lookup->added, lookup->right.view, list, error) ||
           sw_fail_at(error, "--columns");
}

bool sw_lookup_open(struct sw_lookup *lookup, const struct sw_join_side *left,
                    const struct sw_join_side *right, const struct sw_join_settings *settings,
                    struct sw_error *error)
{
    *lookup = (struct sw_lookup){.kind = settings->kind, .left = *left, .right = *right};
    lookup->partners = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *lookup->partners, error);
    lookup->chosen = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *lookup->chosen, error);
    return lookup->partners && lookup->chosen &&
           open_keys(&lookup->left_keys, left, settings->keys, error) &&
           open_keys(&lookup->right_keys, right, settings->keys, error) &&
           sw_join_same_types(&lookup->left_keys.schema, left->file, &lookup->right_keys.schema,
                              right->file, error) &&
           sw_columns_open(&lookup->left_columns, left->view, NULL, error) &&
           open_added(lookup, settings->columns, error) &&
           sw_join_schema(&lookup->schema, left->view->supplier.schema, left->file,
                          &lookup->added.schema, error);
}

/* ---- the table ---- */

/* A row's place: the piece, and the row in it. */
enum { PLACE_BITS = 16 };

static const struct sw_join_piece *piece_of(const struct sw_lookup *lookup, uint64_t place)
{
    return &lookup->pieces[place >> PLACE_BITS];
}

static size_t row_of(uint64_t place)
{
    return place & ((1 << PLACE_BITS) - 1);
}

/* The key of a row; false: there is a null in it. */
static bool hash_key(const struct sw_vector *const *keys, size_t count, size_t row, uint64_t *hash)
{
    *hash = sw_hash_key.start;
    for (size_t i = 0; i < count; i++) {
        const struct sw_vector *key = keys[i];
        if (sw_is_null(key, row)) return false;
        const struct sw_text *text =
            key->type == SW_TEXT ? &key->dictionary[key->codes[row]] : NULL;
        *hash = sw_hash_step(*hash, text ? sw_hash_text(text->bytes, text->length)
                                         : sw_hash_wide(sw_value(key, row)));
    }
    return true;
}

static bool same_key(const struct sw_vector *const *a, size_t row_a,
                     const struct sw_vector *const *b, size_t row_b, size_t count)
{
    size_t i = 0;
    while (i < count && sw_value_compare(a[i], row_a, b[i], row_b) == 0) i++;
    return i == count;
}

/* The slot of a key, or the empty one where it would stand. */
static uint64_t *find_slot(const struct sw_lookup *lookup, const struct sw_vector *const *keys,
                           size_t row, uint64_t hash)
{
    size_t mask = lookup->slot_count - 1, at = hash & mask;
    for (; lookup->slots[at]; at = (at + 1) & mask) {
        uint64_t place = lookup->slots[at] - 1;
        if (same_key(piece_of(lookup, place)->vectors, row_of(place), keys, row,
                     lookup->right_keys.count))
            break;
    }
    return &lookup->slots[at];
}

/* Room for as many rows more; what stands in the table moves. */
static bool make_slots(struct sw_lookup *lookup, size_t more, struct sw_error *error)
{
    size_t wanted = lookup->slot_count ? lookup->slot_count : 1024, before = lookup->slot_count;
    while (wanted < 2 * (lookup->held + more)) wanted *= 2;
    if (wanted == before) return true;
    uint64_t *old = lookup->slots, hash;
    lookup->slots = sw_alloc(wanted, sizeof *lookup->slots, error);
    if (!lookup->slots) {
        lookup->slots = old;
        return false;
    }
    lookup->slot_count = wanted;
    for (size_t i = 0; i < before; i++) {
        if (!old[i]) continue;
        const struct sw_vector *const *keys = piece_of(lookup, old[i] - 1)->vectors;
        size_t row = row_of(old[i] - 1);
        if (hash_key(keys, lookup->right_keys.count, row, &hash))
            *find_slot(lookup, keys, row, hash) = old[i];
    }
    free(old);
    return true;
}

static bool fail_twice(const struct sw_lookup *lookup, const struct sw_vector *const *keys,
                       size_t row, struct sw_error *error)
{
    char text[400] = "", value[SW_DESCRIBED_LENGTH];
    size_t used = 0;
    for (size_t i = 0; i < lookup->right_keys.count && used < sizeof text; i++) {
        sw_value_describe(keys[i], row, value);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s", i ? ", " : "",
                                 lookup->right_keys.schema.columns[i].name, value);
    }
    return sw_fail(error, SW_DATA, "%s: row %llu: the key %s stands twice", lookup->right.file,
                   (unsigned long long)(lookup->read_right + row + 1), text);
}

static bool copy_column(struct sw_join_piece *piece, size_t at, const struct sw_vector *from,
                        size_t rows, struct sw_error *error)
{
    piece->vectors[at] = &piece->builders[at].vector;
    piece->text_bytes += from->text_bytes;
    return sw_builder_init(&piece->builders[at], from->type, from->scale, rows, error) &&
           sw_builder_gather(&piece->builders[at], from, NULL, rows, error);
}

/* Takes the right's current block. */
static bool add_piece(struct sw_lookup *lookup, size_t rows, struct sw_error *error)
{
    size_t keys = lookup->right_keys.count, columns = keys + lookup->added.count;
    if (!sw_grow(&lookup->pieces, &lookup->piece_capacity, lookup->piece_count + 1,
                 sizeof *lookup->pieces, error))
        return false;
    struct sw_join_piece *piece = &lookup->pieces[lookup->piece_count++];
    *piece = (struct sw_join_piece){sw_alloc(columns, sizeof *piece->builders, error),
                                    sw_alloc(columns, sizeof *piece->vectors, error), 0};
    if (!piece->builders || !piece->vectors ||
        !sw_columns_fetch(&lookup->right_keys, lookup->right.view, error) ||
        !sw_columns_fetch(&lookup->added, lookup->right.view, error))
        return false;
    for (size_t i = 0; i < columns; i++)
        if (!copy_column(piece, i,
                         i < keys ? lookup->right_keys.vectors[i] : lookup->added.vectors[i - keys],
                         rows, error))
            return false;
    return make_slots(lookup, rows, error);
}

static bool add_rows(struct sw_lookup *lookup, size_t rows, struct sw_error *error)
{
    uint64_t place = (uint64_t)(lookup->piece_count - 1) << PLACE_BITS, hash;
    const struct sw_vector *const *keys = lookup->pieces[lookup->piece_count - 1].vectors;
    for (size_t row = 0; row < rows; row++) {
        if (!hash_key(keys, lookup->right_keys.count, row, &hash)) continue;
        uint64_t *slot = find_slot(lookup, keys, row, hash);
        if (*slot) return fail_twice(lookup, keys, row, error);
        *slot = place + row + 1;
        lookup->held++;
    }
    size_t bytes = lookup->pieces[lookup->piece_count - 1].text_bytes;
    if (bytes > lookup->text_bytes) lookup->text_bytes = bytes;
    lookup->read_right += rows;
    return true;
}

static bool load(struct sw_lookup *lookup, struct sw_error *error)
{
    enum sw_step step;
    size_t rows;
    if (!make_slots(lookup, 0, error)) return false;
    while ((step = lookup->right.next(lookup->right.owner, &rows, error)) == SW_ROWS) {
        if (rows == 0) continue;
        sw_view_begin(lookup->right.view, rows);
        if (!add_piece(lookup, rows, error) || !add_rows(lookup, rows, error)) return false;
    }
    return step == SW_END;
}

/* ---- the rows ---- */

/* The partner of each row of the block; often that of the row before. */
static bool find_partners(struct sw_lookup *lookup, size_t rows, struct sw_error *error)
{
    const struct sw_columns *keys = &lookup->left_keys;
    uint64_t hash;
    if (!sw_columns_fetch(&lookup->left_keys, lookup->left.view, error)) return false;
    for (size_t row = 0; row < rows; row++) {
        uint64_t partner = 0;
        if (row > 0 && same_key(keys->vectors, row - 1, keys->vectors, row, keys->count))
            partner = lookup->partners[row - 1];
        else if (hash_key(keys->vectors, keys->count, row, &hash))
            partner = *find_slot(lookup, keys->vectors, row, hash);
        lookup->partners[row] = partner;
    }
    return true;
}

static size_t choose(struct sw_lookup *lookup, size_t rows)
{
    size_t chosen = 0;
    for (size_t row = 0; row < rows; row++)
        if (lookup->kind == SW_JOIN_ALL ||
            (lookup->partners[row] != 0) == (lookup->kind == SW_JOIN_MATCHED))
            lookup->chosen[chosen++] = (uint32_t)row;
    lookup->rejected += rows - chosen;
    return chosen;
}

/* Rows that may be put at once: one where the texts of both may be more together than a block should have. */
static size_t rows_at_once(const struct sw_lookup *lookup, const struct sw_writer *writer)
{
    const size_t much = 16 << 20;
    size_t bytes = 0;
    for (size_t i = 0; i < lookup->left_columns.count; i++)
        bytes += lookup->left_columns.vectors[i]->text_bytes;
    bytes += lookup->text_bytes;
    return bytes > much ? 1 : sw_writer_room(writer);
}

/* The added columns of some of the chosen rows: what stands in one piece, one after the other, at once. */
static bool add_partners(struct sw_lookup *lookup, struct sw_writer *writer, const uint32_t *rows,
                         size_t count, struct sw_error *error)
{
    struct sw_builder *builders = writer->builders + lookup->left_columns.count;
    uint32_t here[1024];
    for (size_t from = 0, to; from < count; from = to) {
        uint64_t partner = lookup->partners[rows[from]], piece = (partner - 1) >> PLACE_BITS;
        for (to = from; to < count && to - from < sizeof here / sizeof *here; to++) {
            uint64_t next = lookup->partners[rows[to]];
            if (!next != !partner || (next && (next - 1) >> PLACE_BITS != piece)) break;
            here[to - from] = next ? (uint32_t)row_of(next - 1) : 0;
        }
        for (size_t i = 0; i < lookup->added.count; i++) {
            if (!partner)
                for (size_t k = from; k < to; k++) sw_builder_add_null(&builders[i]);
            else if (!sw_builder_gather(&builders[i],
                                        lookup->pieces[piece].vectors[lookup->right_keys.count + i],
                                        here, to - from, error))
                return false;
        }
    }
    return true;
}

static bool write_chosen(struct sw_lookup *lookup, struct sw_writer *writer, size_t chosen,
                         struct sw_error *error)
{
    const struct sw_reader *reader = lookup->left.reader;
    if (chosen == 0) return true;
    if (!sw_columns_fetch(&lookup->left_columns, lookup->left.view, error) ||
        (reader && !sw_writer_follow(writer, reader->streams, error)))
        return false;
    for (size_t done = 0, count; done < chosen; done += count) {
        size_t room = rows_at_once(lookup, writer);
        count = chosen - done < room ? chosen - done : room;
        for (size_t i = 0; i < lookup->left_columns.count; i++)
            if (!sw_builder_gather(&writer->builders[i], lookup->left_columns.vectors[i],
                                   lookup->chosen + done, count, error))
                return false;
        if (!add_partners(lookup, writer, lookup->chosen + done, count, error) ||
            !sw_writer_added(writer, count, error))
            return false;
    }
    return true;
}

bool sw_lookup_rows(struct sw_lookup *lookup, struct sw_writer *writer, struct sw_error *error)
{
    enum sw_step step;
    size_t rows;
    if (!load(lookup, error)) return false;
    while ((step = lookup->left.next(lookup->left.owner, &rows, error)) == SW_ROWS) {
        sw_view_begin(lookup->left.view, rows);
        if (!find_partners(lookup, rows, error) ||
            !write_chosen(lookup, writer, choose(lookup, rows), error))
            return false;
        lookup->read += rows;
    }
    if (step != SW_END) return false;
    lookup->kept = sw_writer_rows(writer);
    struct sw_tally tally = sw_lookup_tally(lookup);
    return sw_tally_check(&tally, lookup->left.file, error);
}

struct sw_tally sw_lookup_tally(const struct sw_lookup *lookup)
{
    return (struct sw_tally){
        .read = lookup->read, .kept = lookup->kept, .rejected = lookup->rejected};
}

static void free_piece(const struct sw_lookup *lookup, struct sw_join_piece *piece)
{
    size_t columns = lookup->right_keys.count + lookup->added.count;
    for (size_t i = 0; piece->builders && i < columns; i++) sw_builder_free(&piece->builders[i]);
    free(piece->builders);
    free(piece->vectors);
}

void sw_lookup_free(struct sw_lookup *lookup)
{
    for (size_t i = 0; i < lookup->piece_count; i++) free_piece(lookup, &lookup->pieces[i]);
    free(lookup->pieces);
    free(lookup->slots);
    free(lookup->partners);
    free(lookup->chosen);
    sw_columns_free(&lookup->left_columns);
    sw_columns_free(&lookup->left_keys);
    sw_columns_free(&lookup->right_keys);
    sw_columns_free(&lookup->added);
    sw_schema_free(&lookup->schema);
    *lookup = (struct sw_lookup){0};
}
