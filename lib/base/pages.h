/* SPDX-License-Identifier: ISC
 *
 * A large array that grows without being copied, and of which only what was written takes memory.
 * realloc may hold the old and the new one at once, and keep what it frees; what has to stay within
 * a bound cannot afford either.
 */
#ifndef SW_BASE_PAGES_H
#define SW_BASE_PAGES_H

#include <stddef.h>

#include "base/error.h"

/* Zero-initialize; free with sw_pages_free. */
struct sw_pages {
    void *bytes; /* aligned to a page; zeros where nothing was written */
    size_t size; /* in bytes */
    bool large; /* set by the owner: it is reached into at random, so large pages are asked for once
                   it is a few of them in size. Then what takes memory is counted in large pages. */
};

/* Makes room for `needed` bytes; what is there keeps its values but may move. SW_SYSTEM: no memory,
 * nothing changed. */
bool sw_pages_grow(struct sw_pages *pages, size_t needed, struct sw_error *error) SW_CHECKED;

/* Gives back what takes memory from this byte on; zeros stand there then. */
void sw_pages_forget(struct sw_pages *pages, size_t from);

void sw_pages_free(struct sw_pages *pages);

#endif
