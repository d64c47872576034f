/* SPDX-License-Identifier: ISC */
#include "csv/plan.h"

#include "base/bytes.h"
#include "csv/gzip_ranges.h"
#include "csv/row_boundary.h"

/* The plan so far: all before `cut` is written. */
struct plan_writer {
    struct sw_ranges *ranges;
    uint64_t cut;
};

static bool write_chunk(struct plan_writer *writer, uint64_t end, struct sw_error *error)
{
    uint64_t begin = writer->cut;
    writer->cut = end;
    return sw_ranges_add(writer->ranges, begin, end - begin, error);
}

/* Where cut number i should be, from 1; at or after the file's end: no more of them. */
static uint64_t target_of(const struct sw_plan *plan, uint64_t data, uint64_t size, uint64_t i)
{
    if (plan->count) {
        sw_uint128 share = (sw_uint128)(size - data) * i / plan->count;
        return i < plan->count ? data + (uint64_t)share : size;
    }
    sw_uint128 distance = (sw_uint128)plan->size_bytes * i;
    return distance < size - data ? data + (uint64_t)distance : size;
}

/* Cuts at rows near the targets, which `walk` (NULL: a guess) finds. */
static bool cut_at_targets(const struct sw_plan *plan, const struct sw_csv *csv,
                           struct sw_input *input, struct sw_walk *walk, struct plan_writer *writer,
                           struct sw_error *error)
{
    uint64_t data = csv->data_offset, size = input->size, target;
    if (data > size) data = writer->cut = size; /* a header without a newline */
    for (uint64_t i = 1; (target = target_of(plan, data, size, i)) < size; i++) {
        uint64_t cut = size;
        if (target <= writer->cut) continue;
        if (walk) {
            if (!sw_walk_to(walk, target, error)) return false;
            cut = walk->position;
        } else if (!sw_border_guess(input, &csv->dialect, data, target, &cut, error)) {
            return false;
        }
        if (cut >= size) break;
        if (cut > writer->cut && !write_chunk(writer, cut, error)) return false;
    }
    return write_chunk(writer, size, error);
}

static bool cut_at_rows(const struct sw_plan *plan, struct sw_input *input, struct sw_walk *walk,
                        struct plan_writer *writer, struct sw_error *error)
{
    for (;;) {
        if (!sw_walk_rows(walk, plan->rows, error)) return false;
        if (walk->position >= input->size) return write_chunk(writer, input->size, error);
        if (!write_chunk(writer, walk->position, error)) return false;
    }
}

/* What is packed begins with its header, and is cut where it can be entered. Rows cannot be counted there without
 * unpacking all of it. */
static bool cut_packed(const struct sw_plan *plan, struct sw_csv *csv, struct plan_writer *writer,
                       struct sw_error *error)
{
    struct sw_input *input = &csv->source.input;
    uint64_t target;
    bool has_blocks = false;
    writer->cut = 0;
    if (csv->source.packing == SW_PACKED_GZIP && !plan->rows &&
        !sw_gzip_has_blocks(input, &has_blocks, error))
        return false;
    for (uint64_t i = 1; has_blocks && (target = target_of(plan, 0, input->size, i)) < input->size;
         i++) {
        uint64_t cut;
        if (target <= writer->cut) continue;
        if (!sw_gzip_range_cut(input, &csv->dialect, csv->data_offset, target, &cut, error))
            return false;
        if (cut >= input->size) break;
        if (!write_chunk(writer, cut, error)) return false;
    }
    return write_chunk(writer, input->size, error);
}

/* A Parquet file is cut where row groups begin. With rows, where as many have come. */
static bool cut_groups(const struct sw_plan *plan, const struct sw_csv *csv,
                       struct plan_writer *writer, struct sw_error *error)
{
    const struct sw_parquet_description *description =
        sw_parquet_text_description(csv->source.parquet);
    uint64_t size = csv->source.input.size, i = 1, rows = 0;
    writer->cut = 0;
    for (size_t g = 0; g < description->group_count; g++) {
        uint64_t begin = description->groups[g].offset;
        bool full = plan->rows ? rows >= plan->rows : begin >= target_of(plan, 0, size, i);
        if (g > 0 && full && begin > writer->cut) {
            if (!write_chunk(writer, begin, error)) return false;
            rows = 0;
        }
        while (!plan->rows && target_of(plan, 0, size, i) < size &&
               target_of(plan, 0, size, i) <= begin)
            i++;
        rows += description->groups[g].rows;
    }
    return write_chunk(writer, size, error);
}

bool sw_plan_write(const struct sw_plan *plan, struct sw_csv *csv, struct sw_ranges *ranges,
                   struct sw_error *error)
{
    struct sw_input *input = &csv->source.input;
    struct plan_writer writer = {.ranges = ranges, .cut = csv->data_offset};
    if (!input->seekable) return sw_fail(error, SW_USAGE, "%s: a plan needs a file", input->name);
    if (csv->source.parquet) return cut_groups(plan, csv, &writer, error);
    if (csv->source.unpack) return cut_packed(plan, csv, &writer, error);
    if (!plan->rows && !plan->exact) return cut_at_targets(plan, csv, input, NULL, &writer, error);
    struct sw_walk walk;
    if (!sw_walk_open(&walk, input, &csv->dialect, csv->data_offset, error)) return false;
    bool good = plan->rows ? cut_at_rows(plan, input, &walk, &writer, error)
                           : cut_at_targets(plan, csv, input, &walk, &writer, error);
    sw_walk_free(&walk);
    return good;
}

bool sw_plan_write_segments(const struct sw_plan *plan, struct sw_segments *segments,
                            const struct sw_csv *csv, struct sw_ranges *ranges,
                            struct sw_error *error)
{
    uint64_t end = csv->source.input.size; /* above it lie the rows of a header without a newline */
    uint64_t from = csv->data_offset < end ? csv->data_offset : end;
    struct plan_writer writer = {.ranges = ranges, .cut = from};
    uint64_t size = plan->count ? sw_segments_gather(segments, plan->count) : plan->size_bytes;
    struct sw_segment run;
    for (size_t next = 0; sw_segments_run(segments, &next, size, &run);) {
        writer.cut = run.offset;
        if (!write_chunk(&writer, run.offset + run.length, error)) return false;
    }
    return ranges->count > 0 || write_chunk(&writer, writer.cut, error);
}
