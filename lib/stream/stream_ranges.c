/* SPDX-License-Identifier: ISC */
#include "stream/stream_ranges.h"

/* The ranges so far: all before `begin` is written. */
struct cutter {
    const struct sw_division *division;
    struct sw_ranges *ranges;
    uint64_t data, size; /* where the first one begins, where the last one ends */
    uint64_t begin;
    uint64_t targets; /* where a cut should be, from 1: how many are done with */
};

static bool cut(struct cutter *cutter, uint64_t end, struct sw_error *error)
{
    uint64_t begin = cutter->begin;
    cutter->begin = end;
    return sw_ranges_add(cutter->ranges, begin, end - begin, error);
}

/* How many targets lie at or before this byte. */
static uint64_t targets_until(const struct cutter *cutter, uint64_t border)
{
    const struct sw_division *division = cutter->division;
    uint64_t bytes = cutter->size - cutter->data, distance = border - cutter->data;
    if (!division->count) return distance / division->size_bytes;
    return (uint64_t)((((sw_uint128)distance + 1) * division->count - 1) / bytes);
}

/* A range may end at this byte; it does where a target was passed since the last cut. */
static bool offer(struct cutter *cutter, uint64_t border, struct sw_error *error)
{
    uint64_t targets = targets_until(cutter, border);
    if (border == cutter->begin || targets == cutter->targets) return true;
    cutter->targets = targets;
    return cut(cutter, border, error);
}

bool sw_division_write(const struct sw_division *division, struct sw_reader *reader,
                       struct sw_ranges *ranges, struct sw_error *error)
{
    const struct sw_input *input = &reader->input;
    struct cutter cutter = {division, ranges, input->position, input->size, input->position, 0};
    enum sw_step step;
    if (!input->seekable) return sw_fail(error, SW_USAGE, "%s: a plan needs a file", input->name);
    while ((step = sw_reader_next(reader, error)) == SW_ROWS) {
        bool first = reader->stream_blocks == 0 && reader->streams > 0;
        if (!offer(&cutter, first ? reader->stream_offset : reader->block_offset, error))
            return false;
    }
    return step == SW_END && cut(&cutter, cutter.size, error);
}
