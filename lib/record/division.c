/* SPDX-License-Identifier: ISC */
#include "record/division.h"

#include <stdio.h>

/* The ranges so far: all before `begin` is written. */
struct ranges {
    const struct sw_division *division;
    struct sw_output *output;
    uint64_t data, size; /* where the first one begins, where the last one ends */
    uint64_t index, begin;
    uint64_t targets; /* where a cut should be, from 1: how many are done with */
};

static bool write_range(struct ranges *ranges, uint64_t end, struct sw_error *error)
{
    char line[80];
    int length =
        snprintf(line, sizeof line, "%llu\t%llu\t%llu\n", (unsigned long long)++ranges->index,
                 (unsigned long long)ranges->begin, (unsigned long long)(end - ranges->begin));
    ranges->begin = end;
    return sw_output_write(ranges->output, line, (size_t)length, error);
}

/* How many targets lie at or before this byte. */
static uint64_t targets_until(const struct ranges *ranges, uint64_t border)
{
    const struct sw_division *division = ranges->division;
    uint64_t bytes = ranges->size - ranges->data, distance = border - ranges->data;
    if (!division->count) return distance / division->size_bytes;
    return (uint64_t)((((sw_uint128)distance + 1) * division->count - 1) / bytes);
}

/* A range may end at this byte; it does where a target was passed since the last cut. */
static bool offer(struct ranges *ranges, uint64_t border, struct sw_error *error)
{
    uint64_t targets = targets_until(ranges, border);
    if (border == ranges->begin || targets == ranges->targets) return true;
    ranges->targets = targets;
    return write_range(ranges, border, error);
}

bool sw_division_write(const struct sw_division *division, struct sw_reader *reader,
                       struct sw_output *output, struct sw_error *error)
{
    const struct sw_input *input = &reader->input;
    struct ranges ranges = {division, output, input->position, input->size, 0, input->position, 0};
    enum sw_step step;
    if (!input->seekable) return sw_fail(error, SW_USAGE, "%s: a plan needs a file", input->name);
    while ((step = sw_reader_next(reader, error)) == SW_ROWS) {
        bool first = reader->stream_blocks == 0 && reader->streams > 0;
        if (!offer(&ranges, first ? reader->stream_offset : reader->block_offset, error))
            return false;
    }
    return step == SW_END && write_range(&ranges, ranges.size, error);
}
