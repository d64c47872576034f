/* SPDX-License-Identifier: ISC */
#include "base/memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    KEPT_BLOCK_MOST =
        32
        << 20, /* bytes of a block; a larger one is the system's, which can move it when it grows */
    KEPT_MOST = 256 << 20,    /* bytes that are kept at the end of the heap */
    HEAP_AT_FIRST = 64 << 20, /* bytes of addresses, of which the system gives what is touched */
    HEAP_STEP = 128 << 10,    /* what the C library asks for at once, as it does by itself */
};

void *sw_alloc(size_t count, size_t size, struct sw_error *error)
{
    void *block = calloc(count ? count : 1, size ? size : 1);
    if (!block) sw_fail(error, SW_SYSTEM, "out of memory (%zu bytes)", count * size);
    return block;
}

void *sw_alloc_unset(size_t count, size_t size, struct sw_error *error)
{
    size_t bytes;
    void *block = __builtin_mul_overflow(count, size, &bytes) ? NULL : malloc(bytes ? bytes : 1);
    if (!block) sw_fail(error, SW_SYSTEM, "out of memory (%zu times %zu bytes)", count, size);
    return block;
}

#ifdef __GLIBC__
/* The beginning of the heap in large pages, one of which is had in a quarter of the time of its 512 small ones. It has to be there to be
 * marked, and only once: what the heap grows by later is in small ones. */
static void begin_heap(void)
{
    (void)mallopt(M_TOP_PAD, HEAP_AT_FIRST);
    void *volatile block = malloc(1); /* volatile, or it is not asked for at all */
    const uintptr_t end = (uintptr_t)sbrk(0), page = (uintptr_t)sysconf(_SC_PAGESIZE);
    if (block && (uintptr_t)block < end && end - (uintptr_t)block <= HEAP_AT_FIRST + page) {
        const uintptr_t from = ((uintptr_t)block + page - 1) / page * page;
        (void)madvise((void *)from, end - from, MADV_HUGEPAGE); /* without them: only slower */
    }
    free(block);
    (void)mallopt(M_TOP_PAD, HEAP_STEP);
}
#endif

void sw_keep_freed_memory(void)
{
#ifdef __GLIBC__
    /* What cannot be set stays as it was. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK_MOST);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_MOST);
    begin_heap();
#endif
}

bool sw_grow(void *block, size_t *capacity, size_t needed, size_t size, struct sw_error *error)
{
    if (needed <= *capacity) return true;
    size_t wanted = *capacity ? *capacity : size > 64 ? 4 : 16;
    while (wanted < needed) {
        if (wanted > SIZE_MAX / 2 / size) return sw_fail(error, SW_SYSTEM, "out of memory");
        wanted *= 2;
    }
    void *old, *grown;
    memcpy(&old, block, sizeof old);
    grown = realloc(old, wanted * size);
    if (!grown) return sw_fail(error, SW_SYSTEM, "out of memory (%zu bytes)", wanted * size);
    memcpy(block, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

char *sw_copy_text(const char *bytes, size_t length, struct sw_error *error)
{
    char *copy = sw_alloc_unset(length + 1, 1, error);
    if (!copy) return NULL;
    if (length) memcpy(copy, bytes, length);
    copy[length] = 0;
    return copy;
}
