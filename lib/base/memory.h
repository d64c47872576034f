/* SPDX-License-Identifier: ISC
 *
 * Memory that says when there is none. Sizes are counts times element sizes, checked for overflow.
 * Everything is freed with free().
 */
#ifndef SW_BASE_MEMORY_H
#define SW_BASE_MEMORY_H

#include <stdlib.h>

#include "base/error.h"

/* count × size zeroed bytes (at least one); NULL with SW_SYSTEM in error when there is no memory. */
void *sw_alloc(size_t count, size_t size, struct sw_error *error) SW_CHECKED;

/* The same, whatever the bytes are: for blocks that are filled before they are read, and large enough for that to matter. */
void *sw_alloc_unset(size_t count, size_t size, struct sw_error *error) SW_CHECKED;

/* Of a process that lives for a task of many stages: what one frees is kept for the next, where the C library can be told, instead of given
 * back to the system and zeroed anew by it, and the heap begins in large pages, where the system has them for who asks. For programs; before the
 * first allocation. */
void sw_keep_freed_memory(void);

/* Grows *block, an array of *capacity elements of size bytes, to hold at least needed elements,
 * doubling; new elements are not initialized. False with SW_SYSTEM in error: nothing changed. */
bool sw_grow(void *block, size_t *capacity, size_t needed, size_t size,
             struct sw_error *error) SW_CHECKED;

/* A copy of length bytes with a NUL after them; NULL as above. */
char *sw_copy_text(const char *bytes, size_t length, struct sw_error *error) SW_CHECKED;

#endif
