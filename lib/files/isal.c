/* SPDX-License-Identifier: ISC */
#include "files/isal.h"

#include <stdlib.h>
#include <string.h>

#include <sw_libraries.h>

#ifdef SW_HAVE_ISAL

#include <dlfcn.h>
#include <isa-l/igzip_lib.h>

#define LIBRARY "libisal.so.2"

/* A function by its name: ISO C knows no way from a pointer to data. */
static bool find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* The library stays loaded: of many small files each would load it anew. */
static const struct sw_isal *look(void)
{
    static struct sw_isal found;
    static bool looked, there;
    if (!looked) {
        void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
        looked = true;
        there = library && find(library, "isal_inflate_init", &found.begin) &&
                find(library, "isal_inflate", &found.some) &&
                find(library, "isal_inflate_stateless", &found.whole) &&
                find(library, "crc32_gzip_refl", &found.sum);
    }
    return there ? &found : NULL;
}

struct sw_isal *sw_isal_open(void)
{
    const struct sw_isal *found = look();
    struct sw_isal *isal = found ? malloc(sizeof *isal) : NULL;
    if (!isal) return NULL;
    *isal = *found;
    isal->state = malloc(sizeof *isal->state);
    if (isal->state) return isal;
    free(isal);
    return NULL;
}

bool sw_isal_inflate(struct sw_isal *isal, const unsigned char *packed, size_t size, void *to,
                     size_t length)
{
    struct inflate_state *state = isal->state;
    isal->begin(state);
    state->next_in = (uint8_t *)(uintptr_t)packed;
    state->avail_in = (uint32_t)size;
    state->next_out = to;
    state->avail_out = (uint32_t)length;
    return isal->whole(state) == ISAL_DECOMP_OK && state->block_state == ISAL_BLOCK_FINISH &&
           state->avail_in == 0 && state->avail_out == 0;
}

void sw_isal_close(struct sw_isal *isal)
{
    if (isal) free(isal->state);
    free(isal);
}

#else

struct sw_isal *sw_isal_open(void)
{
    return NULL;
}

bool sw_isal_inflate(struct sw_isal *isal, const unsigned char *packed, size_t size, void *to,
                     size_t length)
{
    (void)isal, (void)packed, (void)size, (void)to, (void)length;
    return false;
}

void sw_isal_close(struct sw_isal *isal)
{
    (void)isal;
}

#endif
