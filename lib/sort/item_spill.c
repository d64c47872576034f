/* SPDX-License-Identifier: ISC */
#include "sort/item_spill.h"

#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "base/memory.h"

enum {
    RUNS_AT_ONCE = 64,     /* that are merged together */
    BLOCK_LEAST = 4 << 10, /* bytes of a block, but for items that are larger */
    BLOCK_MOST = 256 << 10,
    SUM_BYTES = 8, /* room for a checksum, so that items lie as they have to */
};

/* A run that is being read. */
struct sw_item_source {
    struct sw_input input;
    uint64_t left;        /* items that are not in the block */
    size_t at, count;     /* in the block */
    unsigned char *block; /* after its checksum */
};

void sw_item_spill_open(struct sw_item_spill *spill, size_t item_bytes, sw_item_compare *compare,
                        uint64_t memory_bytes, const char *folder)
{
    uint64_t bytes = memory_bytes / RUNS_AT_ONCE;
    if (bytes < BLOCK_LEAST) bytes = BLOCK_LEAST;
    if (bytes > BLOCK_MOST) bytes = BLOCK_MOST;
    spill->item_bytes = item_bytes;
    spill->compare = compare;
    spill->folder = folder;
    spill->block_items = bytes / item_bytes ? bytes / item_bytes : 1;
}

static void close_sources(struct sw_item_spill *spill)
{
    for (size_t i = 0; i < spill->source_count; i++) free(spill->sources[i].block);
    free(spill->sources);
    free(spill->heap);
    spill->sources = NULL;
    spill->heap = NULL;
    spill->source_count = spill->heap_count = 0;
}

void sw_item_spill_free(struct sw_item_spill *spill)
{
    close_sources(spill);
    free(spill->runs);
    free(spill->block);
    if (spill->open) sw_scratch_close(&spill->scratch);
    *spill = (struct sw_item_spill){0};
}

/* ---- writing ---- */

static unsigned char *new_block(const struct sw_item_spill *spill, struct sw_error *error)
{
    return sw_alloc_unset(SUM_BYTES + spill->block_items * spill->item_bytes, 1, error);
}

static bool begin_run(struct sw_item_spill *spill, unsigned level, struct sw_error *error)
{
    if (!sw_grow(&spill->runs, &spill->run_capacity, spill->run_count + 1, sizeof *spill->runs,
                 error) ||
        (!spill->block && !(spill->block = new_block(spill, error))))
        return false;
    spill->block_count = 0;
    spill->runs[spill->run_count++] =
        (struct sw_item_run){.part = {.offset = spill->scratch.output.written}, .level = level};
    return true;
}

bool sw_item_spill_begin(struct sw_item_spill *spill, struct sw_error *error)
{
    if (!spill->open && !sw_scratch_open(&spill->scratch, spill->folder, error)) return false;
    spill->open = true;
    return begin_run(spill, 0, error);
}

static bool write_block(struct sw_item_spill *spill, struct sw_error *error)
{
    const size_t bytes = spill->block_count * spill->item_bytes;
    if (bytes == 0) return true;
    sw_store64(spill->block, sw_checksum(spill->block + SUM_BYTES, bytes));
    spill->block_count = 0;
    return sw_output_write(&spill->scratch.output, spill->block, SUM_BYTES + bytes, error);
}

bool sw_item_spill_put(struct sw_item_spill *spill, const struct sw_item *item,
                       struct sw_error *error)
{
    memcpy(spill->block + SUM_BYTES + spill->block_count * spill->item_bytes, item,
           spill->item_bytes);
    spill->runs[spill->run_count - 1].items++;
    return ++spill->block_count < spill->block_items || write_block(spill, error);
}

static bool end_run(struct sw_item_spill *spill, struct sw_error *error)
{
    struct sw_item_run *run = &spill->runs[spill->run_count - 1];
    if (!write_block(spill, error)) return false;
    run->part.length = spill->scratch.output.written - run->part.offset;
    return sw_output_flush(&spill->scratch.output, error);
}

/* ---- reading ---- */

static const struct sw_item *current(const struct sw_item_spill *spill, size_t number)
{
    const struct sw_item_source *source = &spill->sources[number];
    return (const struct sw_item *)(const void *)(source->block + SUM_BYTES +
                                                  source->at * spill->item_bytes);
}

/* Makes `at` an item, or `count` 0 at the end of the run. */
static bool fill(const struct sw_item_spill *spill, struct sw_item_source *source,
                 struct sw_error *error)
{
    size_t got = 0;
    source->at = 0;
    source->count = source->left < spill->block_items ? (size_t)source->left : spill->block_items;
    source->left -= source->count;
    if (source->count == 0) return true;
    const size_t bytes = source->count * spill->item_bytes;
    if (!sw_input_read(&source->input, source->block, SUM_BYTES + bytes, &got, error)) return false;
    return (got == SUM_BYTES + bytes &&
            sw_load64(source->block) == sw_checksum(source->block + SUM_BYTES, bytes)) ||
           sw_fail(error, SW_SYSTEM, "%s: a temporary file is not as it was written",
                   spill->folder);
}

/* ---- the heap of sources ---- */

static bool is_before(const struct sw_item_spill *spill, size_t a, size_t b)
{
    int order = sw_item_order(current(spill, a), current(spill, b), spill->compare);
    return order ? order < 0 : a < b;
}

static void sink(struct sw_item_spill *spill, size_t at)
{
    size_t *heap = spill->heap;
    for (size_t child; (child = 2 * at + 1) < spill->heap_count; at = child) {
        if (child + 1 < spill->heap_count && is_before(spill, heap[child + 1], heap[child]))
            child++;
        if (!is_before(spill, heap[child], heap[at])) return;
        size_t other = heap[at];
        heap[at] = heap[child];
        heap[child] = other;
    }
}

/* Opens the runs from `first` on. */
static bool open_sources(struct sw_item_spill *spill, size_t first, struct sw_error *error)
{
    const size_t count = spill->run_count - first;
    spill->given = false;
    spill->sources = sw_alloc(count, sizeof *spill->sources, error);
    spill->heap = sw_alloc(count, sizeof *spill->heap, error);
    if (!spill->sources || !spill->heap) return false;
    for (size_t i = 0; i < count; i++) {
        struct sw_item_source *source = &spill->sources[spill->source_count++];
        const struct sw_item_run *run = &spill->runs[first + i];
        sw_scratch_input(&spill->scratch, run->part, &source->input);
        source->left = run->items;
        source->block = new_block(spill, error);
        if (!source->block || !fill(spill, source, error)) return false;
        if (source->count > 0) spill->heap[spill->heap_count++] = i;
    }
    for (size_t i = spill->heap_count / 2; i-- > 0;) sink(spill, i);
    return true;
}

enum sw_step sw_item_spill_next(struct sw_item_spill *spill, const void **item,
                                struct sw_error *error)
{
    if (spill->given) {
        struct sw_item_source *source = &spill->sources[spill->heap[0]];
        if (++source->at == source->count && !fill(spill, source, error)) return SW_FAILED;
        if (source->count == 0) spill->heap[0] = spill->heap[--spill->heap_count];
        sink(spill, 0);
    }
    spill->given = spill->heap_count > 0;
    if (!spill->given) return SW_END;
    *item = current(spill, spill->heap[0]);
    return SW_ROWS;
}

/* ---- merging ---- */

/* Makes one run of those from `first` on. */
static bool merge_runs(struct sw_item_spill *spill, size_t first, struct sw_error *error)
{
    const unsigned level = spill->runs[first].level + 1;
    const size_t end = spill->run_count;
    const void *item;
    enum sw_step step = SW_FAILED;
    bool good = open_sources(spill, first, error) && begin_run(spill, level, error);
    while (good && (step = sw_item_spill_next(spill, &item, error)) == SW_ROWS)
        good = sw_item_spill_put(spill, item, error);
    good = good && step == SW_END && end_run(spill, error);
    close_sources(spill);
    if (!good) return false;
    for (size_t i = first; i < end; i++) sw_scratch_drop(&spill->scratch, spill->runs[i].part);
    spill->runs[first] = spill->runs[end];
    spill->run_count = first + 1;
    return true;
}

/* Runs of one level that are as many as can be merged become one of the next. */
bool sw_item_spill_end(struct sw_item_spill *spill, struct sw_error *error)
{
    if (!end_run(spill, error)) return false;
    for (;;) {
        size_t first = spill->run_count;
        const unsigned level = spill->runs[first - 1].level;
        while (first > 0 && spill->runs[first - 1].level == level) first--;
        if (spill->run_count - first < RUNS_AT_ONCE) return true;
        if (!merge_runs(spill, first, error)) return false;
    }
}

bool sw_item_spill_merge(struct sw_item_spill *spill, struct sw_error *error)
{
    free(spill->block);
    spill->block = NULL;
    return open_sources(spill, 0, error);
}
