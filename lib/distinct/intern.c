/* SPDX-License-Identifier: ISC */
#include "distinct/intern.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "kernels/lookup.h"

enum {
    DIRECT_MAXIMUM = 1 << 20, /* entries: 4 MiB, of which pages are used where values are */
    PAGE_SIZE = 64 << 10,
};

struct sw_page {
    struct sw_page *next;
    size_t size, used;
    char bytes[];
};

bool sw_intern_init(struct sw_intern *intern, bool text, struct sw_error *error)
{
    *intern = (struct sw_intern){.text = text, .count = 1, .narrow.large = true};
    if (!text) return sw_pages_grow(&intern->narrow, sizeof(int64_t), error);
    return sw_grow(&intern->texts, &intern->capacity, 1, sizeof *intern->texts, error);
}

void sw_intern_free(struct sw_intern *intern)
{
    sw_pages_free(&intern->narrow);
    sw_number_table_free(&intern->table);
    free(intern->wide_numbers);
    free(intern->texts);
    free(intern->direct);
    free(intern->slots);
    free(intern->codes);
    while (intern->pages) {
        struct sw_page *next = intern->pages->next;
        free(intern->pages);
        intern->pages = next;
    }
    *intern = (struct sw_intern){0};
}

static uint64_t hash_text(const struct sw_text *text)
{
    return sw_hash_text(text->bytes, text->length);
}

static uint64_t hash_of(const struct sw_intern *intern, size_t id)
{
    return intern->text ? hash_text(&intern->texts[id]) : sw_hash_wide(intern->wide_numbers[id]);
}

/* Doubles the hash table where it is half full. */
static bool grow_slots(struct sw_intern *intern, struct sw_error *error)
{
    if (intern->slot_count && intern->count * 2 <= intern->slot_count) return true;
    size_t slot_count = intern->slot_count ? intern->slot_count * 2 : 256;
    while (slot_count < intern->count * 2) slot_count *= 2;
    uint32_t *slots = sw_alloc(slot_count, sizeof *slots, error);
    if (!slots) return false;
    for (size_t id = 1; id < intern->count; id++) {
        size_t at = hash_of(intern, id) & (slot_count - 1);
        while (slots[at]) at = (at + 1) & (slot_count - 1);
        slots[at] = (uint32_t)id;
    }
    free(intern->slots);
    intern->slots = slots;
    intern->slot_count = slot_count;
    return true;
}

/* Makes room for one more text or wide number, and gives its id. */
static bool next_id(struct sw_intern *intern, uint32_t *id, struct sw_error *error)
{
    bool good;
    if (intern->count >= UINT32_MAX - 1)
        return sw_fail(error, SW_SYSTEM, "more than 2^32 distinct values");
    if (intern->text)
        good = sw_grow(&intern->texts, &intern->capacity, intern->count + 1, sizeof *intern->texts,
                       error);
    else
        good = sw_grow(&intern->wide_numbers, &intern->capacity, intern->count + 1,
                       sizeof *intern->wide_numbers, error);
    if (good) *id = (uint32_t)intern->count;
    return good;
}

static int64_t *narrow_numbers(const struct sw_intern *intern)
{
    return intern->narrow.bytes;
}

/* Makes room for `more` narrow numbers. */
static bool reserve_narrow(struct sw_intern *intern, size_t more, struct sw_error *error)
{
    return sw_pages_grow(&intern->narrow, (intern->count + more) * sizeof(int64_t), error);
}

/* Gives up the direct table for the hash table. */
static bool become_sparse(struct sw_intern *intern, struct sw_error *error)
{
    const int64_t *numbers = narrow_numbers(intern);
    uint32_t *ids = sw_alloc(intern->count, sizeof *ids, error);
    bool good = ids && sw_number_table_find(&intern->table, numbers + 1, NULL, intern->count - 1,
                                            ids, NULL, error);
    free(ids);
    free(intern->direct);
    intern->direct = NULL;
    intern->direct_size = 0;
    intern->sparse = true;
    return good;
}

/* Gives up 64 bits, and every table that is made for them. */
static bool become_wide(struct sw_intern *intern, struct sw_error *error)
{
    if (intern->wide) return true;
    if (!sw_grow(&intern->wide_numbers, &intern->capacity, intern->count,
                 sizeof *intern->wide_numbers, error))
        return false;
    for (size_t id = 0; id < intern->count; id++)
        intern->wide_numbers[id] = narrow_numbers(intern)[id];
    sw_pages_free(&intern->narrow);
    sw_number_table_free(&intern->table);
    free(intern->direct);
    intern->direct = NULL;
    intern->direct_size = 0;
    intern->wide = intern->sparse = true;
    return grow_slots(intern, error);
}

/* Makes the direct table hold the values from least to most, or gives it up. */
static bool cover(struct sw_intern *intern, sw_int128 least, sw_int128 most, struct sw_error *error)
{
    sw_int128 base = intern->direct_base, end = base + (sw_int128)intern->direct_size;
    if (intern->sparse || (intern->direct && least >= base && most < end)) return true;
    if (intern->direct && base < least) least = base;
    if (intern->direct && end - 1 > most) most = end - 1;
    sw_int128 slack = (most - least) / 4 + 64;
    if (least < INT64_MIN + slack || most > INT64_MAX - slack ||
        most - least + 2 * slack >= DIRECT_MAXIMUM)
        return become_sparse(intern, error);
    size_t size = (size_t)(most - least + 2 * slack + 1);
    uint32_t *direct = sw_alloc(size, sizeof *direct, error);
    if (!direct) return false;
    intern->direct_base = (int64_t)(least - slack);
    for (size_t id = 1; id < intern->count; id++)
        direct[(uint64_t)narrow_numbers(intern)[id] - (uint64_t)intern->direct_base] = (uint32_t)id;
    free(intern->direct);
    intern->direct = direct;
    intern->direct_size = size;
    return true;
}

static bool find_direct(struct sw_intern *intern, int64_t value, uint32_t *id,
                        struct sw_error *error)
{
    uint32_t *at = &intern->direct[(uint64_t)value - (uint64_t)intern->direct_base];
    if (*at == 0) {
        if (!reserve_narrow(intern, 1, error)) return false;
        narrow_numbers(intern)[intern->count] = value;
        *at = (uint32_t)intern->count++;
    }
    *id = *at;
    return true;
}

static bool find_wide(struct sw_intern *intern, sw_int128 value, uint32_t *id,
                      struct sw_error *error)
{
    size_t mask = intern->slot_count - 1, at = sw_hash_wide(value) & mask;
    for (; (*id = intern->slots[at]) != 0; at = (at + 1) & mask)
        if (intern->wide_numbers[*id] == value) return true;
    if (!next_id(intern, id, error)) return false;
    intern->wide_numbers[intern->count++] = value;
    intern->slots[at] = *id;
    return grow_slots(intern, error);
}

/* The ids of narrow numbers, of which those whose bit of `valid` is not set have none. */
static bool find_sparse(struct sw_intern *intern, const int64_t *values, const uint64_t *valid,
                        size_t rows, uint32_t *ids, struct sw_error *error)
{
    if (!reserve_narrow(intern, rows, error) ||
        !sw_number_table_find(&intern->table, values, valid, rows, ids, narrow_numbers(intern),
                              error))
        return false;
    intern->count = intern->table.count + 1;
    return true;
}

bool sw_intern_number(struct sw_intern *intern, sw_int128 value, uint32_t *id,
                      struct sw_error *error)
{
    int64_t narrow = (int64_t)value;
    if (narrow != value && !become_wide(intern, error)) return false;
    if (intern->wide) return find_wide(intern, value, id, error);
    if (!cover(intern, value, value, error)) return false;
    return intern->sparse ? find_sparse(intern, &narrow, NULL, 1, id, error)
                          : find_direct(intern, narrow, id, error);
}

static bool keep_text(struct sw_intern *intern, struct sw_text *text, struct sw_error *error)
{
    struct sw_page *page = intern->pages;
    if (!page || page->size - page->used < text->length) {
        size_t size = text->length > PAGE_SIZE ? text->length : PAGE_SIZE;
        page = sw_alloc(sizeof *page + size, 1, error);
        if (!page) return false;
        page->size = size;
        page->next = intern->pages;
        intern->pages = page;
    }
    if (text->length) memcpy(page->bytes + page->used, text->bytes, text->length);
    text->bytes = page->bytes + page->used;
    page->used += text->length;
    return true;
}

bool sw_intern_text(struct sw_intern *intern, struct sw_text text, uint32_t *id,
                    struct sw_error *error)
{
    if (!grow_slots(intern, error)) return false;
    size_t mask = intern->slot_count - 1, at = hash_text(&text) & mask;
    for (; (*id = intern->slots[at]) != 0; at = (at + 1) & mask)
        if (sw_texts_compare(&intern->texts[*id], &text) == 0) return true;
    if (!next_id(intern, id, error) || !keep_text(intern, &text, error)) return false;
    intern->texts[intern->count++] = text;
    intern->slots[at] = *id;
    return true;
}

size_t sw_intern_longest(const struct sw_intern *intern)
{
    size_t longest = 0;
    for (size_t id = 1; intern->text && id < intern->count; id++)
        if (intern->texts[id].length > longest) longest = intern->texts[id].length;
    return longest;
}

static void clear_nulls(const struct sw_vector *vector, size_t rows, uint32_t *ids)
{
    for (size_t row = 0; vector->nulls && row < rows; row++)
        if (sw_is_null(vector, row)) ids[row] = SW_NULL_ID;
}

static bool intern_texts(struct sw_intern *intern, const struct sw_vector *vector, size_t rows,
                         uint32_t *ids, struct sw_error *error)
{
    size_t count = vector->dictionary_size;
    if (!sw_grow(&intern->codes, &intern->code_capacity, count + 1, sizeof *intern->codes, error))
        return false;
    memset(intern->codes, 0, (count + 1) * sizeof *intern->codes);
    for (size_t row = 0; row < rows; row++) {
        if (!vector->nulls)
            row += sw_lookup_codes(intern->codes, vector->codes + row, rows - row, ids + row);
        if (row == rows) break;
        uint32_t code = vector->codes[row];
        ids[row] = intern->codes[code];
        if (ids[row] != 0) continue;
        if (sw_is_null(vector, row)) continue;
        if (!sw_intern_text(intern, vector->dictionary[code], &intern->codes[code], error))
            return false;
        ids[row] = intern->codes[code];
    }
    clear_nulls(vector, rows, ids);
    return true;
}

static bool intern_wide(struct sw_intern *intern, const struct sw_vector *vector, size_t rows,
                        uint32_t *ids, struct sw_error *error)
{
    for (size_t row = 0; row < rows; row++) {
        if (sw_is_null(vector, row))
            ids[row] = SW_NULL_ID;
        else if (!find_wide(intern, sw_value(vector, row), &ids[row], error))
            return false;
    }
    return true;
}

/* Rows through the direct table, where values that are not in it yet are rare; all of them through
 * the hash table where it is given up. */
static bool intern_direct(struct sw_intern *intern, const struct sw_vector *vector, size_t rows,
                          uint32_t *ids, struct sw_error *error)
{
    const int64_t *values = vector->narrow;
    for (size_t row = 0; row < rows; row++) {
        if (!vector->nulls)
            row += sw_lookup_numbers(intern->direct, intern->direct_base, intern->direct_size,
                                     values + row, rows - row, ids + row);
        if (row == rows) break;
        uint64_t at = (uint64_t)values[row] - (uint64_t)intern->direct_base;
        ids[row] = at < intern->direct_size ? intern->direct[at] : 0;
        if (ids[row] != 0) continue;
        if (sw_is_null(vector, row)) continue;
        if (!sw_intern_number(intern, values[row], &ids[row], error)) return false;
        if (intern->sparse) return find_sparse(intern, values, vector->valid, rows, ids, error);
    }
    return true;
}

bool sw_intern_vector(struct sw_intern *intern, const struct sw_vector *vector, size_t rows,
                      uint32_t *ids, struct sw_error *error)
{
    if (vector->type == SW_TEXT) return intern_texts(intern, vector, rows, ids, error);
    if (vector->wide && !become_wide(intern, error)) return false;
    if (intern->wide) return intern_wide(intern, vector, rows, ids, error);
    if (intern->sparse) return find_sparse(intern, vector->narrow, vector->valid, rows, ids, error);
    if (!intern_direct(intern, vector, rows, ids, error)) return false;
    clear_nulls(vector, rows, ids);
    return true;
}
