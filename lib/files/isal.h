/* SPDX-License-Identifier: ISC
 *
 * Intel's ISA-L, which inflates faster than other libraries do: where its header was there at build time it is looked for at run time,
 * once a process, since it comes as a shared library alone and a program must run where it is missing. Who asks for it has another
 * library to go on with.
 */
#ifndef SW_FILES_ISAL_H
#define SW_FILES_ISAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inflate_state; /* of <isa-l/igzip_lib.h> */

struct sw_isal {
    void (*begin)(struct inflate_state *);
    int (*some)(struct inflate_state *);
    int (*whole)(struct inflate_state *);
    uint32_t (*sum)(uint32_t sum, const unsigned char *bytes, uint64_t length); /* gzip's */
    struct inflate_state *state;
};

/* NULL: it is not there, or there is no memory. */
struct sw_isal *sw_isal_open(void);

/* Inflates a whole stream of deflate, size bytes, to exactly `length` bytes; neither is over 1 GiB. False: it is damaged, or of another
 * size or length; `to` is spoilt. */
bool sw_isal_inflate(struct sw_isal *isal, const unsigned char *packed, size_t size, void *to,
                     size_t length);

void sw_isal_close(struct sw_isal *isal);

#endif
