/* SPDX-License-Identifier: ISC */
#include "monitor/rows.h"

#include "base/checksum.h"
#include "record/format.h"

size_t sw_row_count_due(const struct sw_row_count *count)
{
    size_t whole = 0;
    if (count->state == SW_ROWS_FRAME) whole = SW_FRAME_LENGTH;
    if (count->state == SW_ROWS_BODY) whole = count->wanted;
    return whole > count->held.length ? whole - count->held.length : 1;
}

uint64_t sw_row_count_unseen(const struct sw_row_count *count)
{
    if (count->state == SW_ROWS_LOST) return UINT64_MAX;
    return count->state == SW_ROWS_COLUMNS ? count->unseen : 0;
}

void sw_row_count_pass(struct sw_row_count *count, uint64_t length)
{
    if (count->state != SW_ROWS_COLUMNS) return;
    count->unseen -= length;
    if (count->unseen == 0) count->state = SW_ROWS_FRAME;
}

static void lose(struct sw_row_count *count)
{
    count->state = SW_ROWS_LOST;
    sw_buffer_free(&count->held);
}

/* A stream begins with a header; after an end mark another may follow. */
static void take_frame(struct sw_row_count *count)
{
    uint32_t length;
    enum sw_frame_kind kind = sw_parse_frame(count->held.bytes, &length, &count->checksum);
    if (kind == SW_FRAME_UNKNOWN || (!count->is_stream && kind != SW_FRAME_HEADER)) {
        lose(count);
        return;
    }
    count->is_stream = true;
    count->kind = (int)kind;
    count->wanted = length;
    count->state = SW_ROWS_BODY;
}

static void take_body(struct sw_row_count *count)
{
    const unsigned char *body = count->held.bytes;
    bool is_block = count->kind == SW_FRAME_BLOCK;
    if (sw_checksum(body, count->wanted) != count->checksum ||
        (is_block && count->wanted < SW_BLOCK_LEAD)) {
        lose(count);
        return;
    }
    count->unseen = 0;
    if (is_block) {
        count->rows += sw_load32(body);
        count->unseen = sw_load64(body + 8);
    }
    count->state = count->unseen ? SW_ROWS_COLUMNS : SW_ROWS_FRAME;
}

/* Gathers up to `wanted` bytes; *complete says whether they are there. Returns how many it took. */
static size_t gather(struct sw_row_count *count, size_t wanted, const unsigned char *bytes,
                     size_t length, bool *complete, struct sw_error *error)
{
    size_t missing = wanted - count->held.length;
    size_t taken = length < missing ? length : missing;
    *complete = taken == missing;
    return sw_buffer_add(&count->held, bytes, taken, error) ? taken : SIZE_MAX;
}

/* Takes the bytes of one frame, body or run of columns; returns how many, SIZE_MAX on failure. */
static size_t take_some(struct sw_row_count *count, const unsigned char *bytes, size_t length,
                        struct sw_error *error)
{
    bool complete;
    if (count->state == SW_ROWS_COLUMNS) {
        size_t taken = length < count->unseen ? length : (size_t)count->unseen;
        sw_row_count_pass(count, taken);
        return taken;
    }
    bool in_frame = count->state == SW_ROWS_FRAME;
    size_t taken =
        gather(count, in_frame ? SW_FRAME_LENGTH : count->wanted, bytes, length, &complete, error);
    if (taken == SIZE_MAX || !complete) return taken;
    if (in_frame)
        take_frame(count);
    else
        take_body(count);
    count->held.length = 0;
    return taken;
}

bool sw_row_count_show(struct sw_row_count *count, const unsigned char *bytes, size_t length,
                       struct sw_error *error)
{
    while (length > 0 && count->state != SW_ROWS_LOST) {
        size_t taken = take_some(count, bytes, length, error);
        if (taken == SIZE_MAX) return false;
        bytes += taken;
        length -= taken;
    }
    return true;
}

void sw_row_count_free(struct sw_row_count *count)
{
    sw_buffer_free(&count->held);
}
