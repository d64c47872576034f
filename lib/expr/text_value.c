/* SPDX-License-Identifier: ISC
 *
 * A text is a code of the builder's dictionary, or NONE: what a row's text is, is decided by row,
 * what a code stands for once a block.
 */
#include "expr/text_value.h"

#include <string.h>

#include "base/civil.h"
#include "base/memory.h"

enum { KEPT = 64 };

static const uint32_t NONE = UINT32_MAX; /* null */

/* ---- buckets ---- */

struct bucket {
    int64_t second; /* of its start by the local clock, since 1970 */
    int offset_seconds;
    uint32_t code;
    bool set;
};

/* The bucket's start by the local clock, counted from local midnight; widths of days from
 * 1970-01-01. */
static int64_t bucket_start(int64_t local_second, int64_t width_seconds)
{
    int64_t day = sw_floor_divide(local_second, 86400);
    if (width_seconds > 86400) {
        int64_t days = width_seconds / 86400;
        return sw_floor_divide(day, days) * days * 86400;
    }
    return day * 86400 + (local_second - day * 86400) / width_seconds * width_seconds;
}

static bool intern_bucket(struct sw_builder *out, struct bucket *bucket, struct sw_error *error)
{
    char text[2 * SW_CIVIL_LENGTH];
    int64_t day = sw_floor_divide(bucket->second, 86400);
    size_t length = sw_format_date(text, day);
    text[length++] = 'T';
    length +=
        sw_format_time_of_day(text + length, (bucket->second - day * 86400) * SW_NS_PER_SECOND);
    length += sw_format_offset(text + length, bucket->offset_seconds);
    bucket->set = true;
    return sw_builder_intern(out, text, length, &bucket->code, error);
}

/* The offset is that at the bucket's start: on a day when the clock changes, a day's bucket is one.
 */
static bool bucket_of(struct sw_slice *slice, int64_t time, int64_t width, struct bucket *kept,
                      struct sw_builder *out, uint32_t *code)
{
    struct sw_zone *zone = &slice->view->zone;
    int64_t local = sw_floor_divide(time, SW_NS_PER_SECOND) + sw_zone_offset(zone, time);
    struct bucket wanted = {.second = bucket_start(local, width / SW_NS_PER_SECOND)};
    int64_t since = (local - wanted.second) * SW_NS_PER_SECOND;
    int64_t start = time < INT64_MIN + since ? INT64_MIN : time - since;
    wanted.offset_seconds = sw_zone_offset(zone, start);
    struct bucket *place = &kept[(uint64_t)(wanted.second / 60) % KEPT];
    if (!place->set || place->second != wanted.second ||
        place->offset_seconds != wanted.offset_seconds) {
        *place = wanted;
        if (!intern_bucket(out, place, slice->error)) return false;
    }
    *code = place->code;
    return true;
}

static bool buckets(struct sw_slice *slice, const struct sw_node *node, size_t rows,
                    struct sw_builder *out, uint32_t *codes)
{
    struct bucket kept[KEPT] = {{0}};
    for (slice->start = 0; slice->start < rows; slice->start += slice->count) {
        slice->count = rows - slice->start < SW_SLICE_ROWS ? rows - slice->start : SW_SLICE_ROWS;
        const struct sw_level *level = sw_slice_numbers(slice, node->children[0], 0);
        if (!level) return false;
        for (size_t i = 0; i < slice->count; i++) {
            uint32_t *code = &codes[slice->start + i];
            *code = NONE;
            if (level->nulls[i]) continue;
            if (level->numbers[i] < INT64_MIN || level->numbers[i] > INT64_MAX)
                return sw_fail(slice->error, SW_DATA, "bucket: a time is out of range");
            if (!bucket_of(slice, (int64_t)level->numbers[i], (int64_t)node->number, kept, out,
                           code))
                return false;
        }
    }
    return true;
}

/* ---- other texts ---- */

static bool column_codes(struct sw_slice *slice, const struct sw_node *node, size_t rows,
                         struct sw_builder *out, uint32_t *codes)
{
    const struct sw_vector *vector = sw_view_vector(slice->view, node->column, slice->error);
    uint32_t *known =
        vector ? sw_alloc(vector->dictionary_size, sizeof *known, slice->error) : NULL;
    bool good = known != NULL;
    for (uint32_t i = 0; good && i < vector->dictionary_size; i++)
        good = sw_builder_intern(out, vector->dictionary[i].bytes, vector->dictionary[i].length,
                                 &known[i], slice->error);
    for (size_t row = 0; good && row < rows; row++)
        codes[row] = sw_is_null(vector, row) ? NONE : known[vector->codes[row]];
    free(known);
    return good;
}

static bool mask_of(struct sw_slice *slice, struct sw_node *node, size_t rows, unsigned char *mask)
{
    for (slice->start = 0; slice->start < rows; slice->start += slice->count) {
        slice->count = rows - slice->start < SW_SLICE_ROWS ? rows - slice->start : SW_SLICE_ROWS;
        if (!slice->condition(slice, node, 0, mask + slice->start)) return false;
    }
    return true;
}

static bool codes_of(struct sw_slice *slice, struct sw_node *node, size_t rows,
                     struct sw_builder *out, uint32_t *codes);

static bool choose(struct sw_slice *slice, struct sw_node *node, size_t rows,
                   struct sw_builder *out, uint32_t *codes)
{
    uint32_t *other = sw_alloc(rows, sizeof *other, slice->error);
    unsigned char *mask = other ? sw_alloc(rows, 1, slice->error) : NULL;
    bool good = mask && mask_of(slice, node->children[0], rows, mask) &&
                codes_of(slice, node->children[1], rows, out, codes) &&
                codes_of(slice, node->children[2], rows, out, other);
    for (size_t row = 0; good && row < rows; row++)
        if (mask[row] != SW_TRUE) codes[row] = other[row];
    free(mask);
    free(other);
    return good;
}

static bool codes_of(struct sw_slice *slice, struct sw_node *node, size_t rows,
                     struct sw_builder *out, uint32_t *codes)
{
    uint32_t code = NONE;
    switch (node->kind) {
    case SW_NODE_COLUMN:
        return column_codes(slice, node, rows, out, codes);
    case SW_NODE_IF:
        return choose(slice, node, rows, out, codes);
    case SW_NODE_BUCKET:
        return buckets(slice, node, rows, out, codes);
    default:
        break;
    }
    if (node->kind == SW_NODE_TEXT &&
        !sw_builder_intern(out, node->text, node->length, &code, slice->error))
        return false;
    for (size_t row = 0; row < rows; row++) codes[row] = code;
    return true;
}

/* Of all texts that might have been, those that a row has: a dictionary holds no others. */
static bool keep_used(struct sw_slice *slice, const struct sw_builder *made, const uint32_t *codes,
                      size_t rows, struct sw_builder *out)
{
    for (size_t row = 0; row < rows; row++) {
        if (codes[row] == NONE) {
            sw_builder_null(out, row);
            continue;
        }
        bool same = row > 0 && codes[row] == codes[row - 1];
        const struct sw_text *text = &made->vector.dictionary[codes[row]];
        if (same)
            out->vector.codes[row] = out->vector.codes[row - 1];
        else if (!sw_builder_intern(out, text->bytes, text->length, &out->vector.codes[row],
                                    slice->error))
            return false;
    }
    out->vector.rows = rows;
    return true;
}

bool sw_text_value(struct sw_slice *slice, struct sw_node *node, size_t rows,
                   struct sw_builder *out)
{
    struct sw_builder made = {0};
    uint32_t *codes = sw_alloc(rows, sizeof *codes, slice->error);
    bool good = codes && sw_builder_init(&made, SW_TEXT, 0, 1, slice->error) &&
                codes_of(slice, node, rows, &made, codes) &&
                keep_used(slice, &made, codes, rows, out);
    sw_builder_free(&made);
    free(codes);
    return good;
}
