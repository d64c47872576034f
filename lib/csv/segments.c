/* SPDX-License-Identifier: ISC */
#include "csv/segments.h"

#include "base/memory.h"

bool sw_segments_add(struct sw_segments *segments, const struct sw_segment *segment,
                     struct sw_error *error)
{
    if (!sw_grow(&segments->items, &segments->capacity, segments->count + 1,
                 sizeof *segments->items, error))
        return false;
    segments->items[segments->count++] = *segment;
    return true;
}

bool sw_segments_run(const struct sw_segments *segments, size_t *next, uint64_t size_bytes,
                     struct sw_segment *run)
{
    size_t at = *next;
    while (at < segments->count && !segments->items[at].wanted) at++;
    if (at == segments->count) return false;
    *run = segments->items[at++];
    for (; at < segments->count && segments->items[at].wanted; at++) {
        const struct sw_segment *more = &segments->items[at];
        if (run->length > size_bytes || more->length > size_bytes - run->length) break;
        run->length += more->length;
        run->rows += more->rows;
        run->bad += more->bad;
        run->empty += more->empty;
        run->ignored += more->ignored;
    }
    *next = at;
    return true;
}

/* How many runs of that size there are. */
static uint64_t count_runs(const struct sw_segments *segments, uint64_t size_bytes)
{
    struct sw_segment run;
    uint64_t runs = 0;
    for (size_t next = 0; sw_segments_run(segments, &next, size_bytes, &run);) runs++;
    return runs;
}

/* Makes the segments between two runs wanted where they have at most size_bytes together. */
static void bridge_gaps(struct sw_segments *segments, uint64_t size_bytes)
{
    struct sw_segment run;
    uint64_t end = 0;
    size_t behind = 0;
    for (size_t next = 0; sw_segments_run(segments, &next, UINT64_MAX, &run);) {
        if (behind && run.offset - end <= size_bytes)
            for (size_t i = behind; segments->items[i].offset < run.offset; i++)
                segments->items[i].wanted = true;
        end = run.offset + run.length;
        behind = next;
    }
}

uint64_t sw_segments_gather(struct sw_segments *segments, uint64_t count)
{
    uint64_t bytes = 0;
    struct sw_segment run;
    for (uint64_t gap = 1; count_runs(segments, UINT64_MAX) > count; gap += gap / 2 + 1)
        bridge_gaps(segments, gap);
    for (size_t next = 0; sw_segments_run(segments, &next, UINT64_MAX, &run);) bytes += run.length;
    uint64_t size = bytes / count + 1;
    while (count_runs(segments, size) > count) size += size / 8 + 1;
    return size;
}

uint64_t sw_segments_rows(const struct sw_segments *segments)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < segments->count; i++)
        rows += segments->items[i].rows + segments->items[i].bad;
    return rows;
}

uint64_t sw_segments_rows_left_out(const struct sw_segments *segments)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < segments->count; i++)
        rows += segments->items[i].wanted ? 0 : segments->items[i].rows;
    return rows;
}

struct sw_line_counts sw_segments_lines_left_out(const struct sw_segments *segments)
{
    struct sw_line_counts lines = {0};
    for (size_t i = 0; i < segments->count; i++) {
        const struct sw_segment *segment = &segments->items[i];
        if (segment->wanted) continue;
        lines.all += segment->rows + segment->bad + segment->empty + segment->ignored;
        lines.empty += segment->empty;
        lines.ignored += segment->ignored;
    }
    return lines;
}

void sw_segments_free(struct sw_segments *segments)
{
    free(segments->items);
    *segments = (struct sw_segments){0};
}
