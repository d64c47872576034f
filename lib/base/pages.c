/* SPDX-License-Identifier: ISC */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

enum { STEP = 64 * 1024 };

bool sw_pages_grow(struct sw_pages *pages, size_t needed, struct sw_error *error)
{
    if (needed <= pages->size) return true;
    if (needed > SIZE_MAX / 4)
        return sw_fail(error, SW_SYSTEM, "out of memory (%zu bytes)", needed);
    size_t size = pages->size + pages->size / 2;
    size = ((size > needed ? size : needed) + STEP - 1) / STEP * STEP;
    void *grown =
        pages->bytes ? mremap(pages->bytes, pages->size, size, MREMAP_MAYMOVE)
                     : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (grown == MAP_FAILED) return sw_fail(error, SW_SYSTEM, "out of memory (%zu bytes)", size);
    *pages = (struct sw_pages){grown, size};
    return true;
}

void sw_pages_free(struct sw_pages *pages)
{
    if (pages->bytes) munmap(pages->bytes, pages->size);
    *pages = (struct sw_pages){NULL, 0};
}
