/* SPDX-License-Identifier: ISC */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

enum {
    STEP = 64 * 1024,
    LARGE_STEP = 2 << 20,
    LARGE_WORTH = 4 * LARGE_STEP, /* below that, what is left over of one counts */
};

/* Doubles, so that few moves leave large pages after, or half as much again. */
static size_t next_size(const struct sw_pages *pages, size_t needed)
{
    size_t size = pages->size + (pages->large ? pages->size : pages->size / 2);
    if (size < needed) size = needed;
    size_t step = pages->large && size >= LARGE_WORTH ? LARGE_STEP : STEP;
    return (size + step - 1) / step * step;
}

bool sw_pages_grow(struct sw_pages *pages, size_t needed, struct sw_error *error)
{
    if (needed <= pages->size) return true;
    if (needed > SIZE_MAX / 4)
        return sw_fail(error, SW_SYSTEM, "out of memory (%zu bytes)", needed);
    size_t size = next_size(pages, needed);
    void *grown =
        pages->bytes ? mremap(pages->bytes, pages->size, size, MREMAP_MAYMOVE)
                     : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (grown == MAP_FAILED) return sw_fail(error, SW_SYSTEM, "out of memory (%zu bytes)", size);
    pages->bytes = grown;
    pages->size = size;
    if (pages->large && size >= LARGE_WORTH)
        (void)madvise(grown, size, MADV_HUGEPAGE); /* a system without them: only slower */
    return true;
}

void sw_pages_forget(struct sw_pages *pages, size_t from)
{
    from = (from + STEP - 1) / STEP * STEP;
    if (from < pages->size)
        (void)madvise((char *)pages->bytes + from, pages->size - from, MADV_DONTNEED);
}

void sw_pages_free(struct sw_pages *pages)
{
    if (pages->bytes) munmap(pages->bytes, pages->size);
    pages->bytes = NULL;
    pages->size = 0;
}
