/* SPDX-License-Identifier: ISC */
#include "csv/gzip_ranges.h"

#include "csv/row_boundary.h"
#include "csv/source.h"

/* Blocks in a row that may lie in a field of the greatest length, and more. */
enum { TRIES = 64 };

/* Where the range ends, and the next one's first row. */
static bool find_end(struct sw_gzip_text *text, uint64_t end, struct sw_gzip_range *range,
                     struct sw_error *error)
{
    range->limit = range->next_row = UINT64_MAX;
    return end == text->file->size || sw_gzip_text_reach(text, end, &range->limit, error);
}

static bool find_rows(struct sw_gzip_text *text, const struct sw_dialect *dialect, uint64_t origin,
                      struct sw_gzip_range *range, struct sw_error *error)
{
    uint64_t from;
    bool beginning;
    if (!text->input.source->begin_at(&text->input, origin, &from, &beginning, error)) return false;
    range->empty = range->limit <= from;
    range->begins_rows = beginning && !range->empty;
    if (range->empty) return true;
    if (!sw_gzip_text_extend(text, SW_ROW_MAXIMUM, error) ||
        !sw_border_first_row(&text->input, dialect, 0, from, &range->first, error) ||
        !sw_border_no_row_between(&text->input, beginning ? from : 0, from, range->first, error) ||
        (range->limit < UINT64_MAX &&
         !sw_border_first_row(&text->input, dialect, 0, range->limit, &range->next_row, error)))
        return false;
    const struct sw_gzip_place *block = sw_gzip_text_find(text, range->first);
    range->block = block->offset;
    range->text = block->text;
    return true;
}

static bool find(struct sw_input *file, const struct sw_dialect *dialect, uint64_t data,
                 uint64_t offset, uint64_t end, uint64_t origin, struct sw_gzip_range *range,
                 struct sw_error *error)
{
    struct sw_gzip_text text;
    *range = (struct sw_gzip_range){.middle = origin == SW_GZIP_TEXT_MIDDLE ? offset : 0};
    bool good = sw_gzip_text_open(&text, file, offset, origin, data, error) &&
                find_end(&text, end, range, error) &&
                find_rows(&text, dialect, origin, range, error);
    sw_gzip_text_close(&text);
    return good;
}

/* What is wrong is said with its place in the whole text. */
bool sw_gzip_range_find(struct sw_input *file, const struct sw_dialect *dialect, uint64_t data,
                        uint64_t offset, uint64_t length, struct sw_gzip_range *range,
                        struct sw_error *error)
{
    struct sw_error failure = {0};
    uint64_t origin = offset > 0 ? SW_GZIP_TEXT_MIDDLE : 0, end = offset + length;
    if (find(file, dialect, data, offset, end, origin, range, &failure)) return true;
    if (failure.status != SW_DATA || offset == 0) {
        *error = failure;
        return false;
    }
    return sw_gzip_text_before(file, offset, &origin, error) &&
           find(file, dialect, data, offset, end, origin, range, error);
}

/* Whether a range may begin with a block. What is wrong with it shows when it is read. */
static bool may_begin(struct sw_input *file, const struct sw_dialect *dialect, uint64_t data,
                      uint64_t block, bool *may, struct sw_error *error)
{
    struct sw_gzip_text text;
    struct sw_error failure = {0};
    uint64_t from;
    bool beginning;
    *may = sw_gzip_text_open(&text, file, block, SW_GZIP_TEXT_MIDDLE, data, &failure) &&
           text.input.source->begin_at(&text.input, SW_GZIP_TEXT_MIDDLE, &from, &beginning,
                                       &failure) &&
           from == SW_GZIP_TEXT_MIDDLE &&
           sw_gzip_text_extend(&text, SW_GZIP_BLOCK_MAXIMUM, &failure) &&
           sw_border_check(&text.input, dialect, 0, from, &failure);
    sw_gzip_text_close(&text);
    if (failure.status == SW_SYSTEM) *error = failure;
    return failure.status != SW_SYSTEM;
}

bool sw_gzip_range_cut(struct sw_input *file, const struct sw_dialect *dialect, uint64_t data,
                       uint64_t target, uint64_t *cut, struct sw_error *error)
{
    for (int i = 0; i < TRIES; i++, target = *cut + 1) {
        bool may;
        if (!sw_gzip_find_block(file, target, cut, error)) return false;
        if (*cut == file->size) return true;
        if (!may_begin(file, dialect, data, *cut, &may, error)) return false;
        if (may) return true;
    }
    *cut = file->size;
    return true;
}
