/* SPDX-License-Identifier: ISC
 *
 * One member of a gzip after the other, as bytes come in: by ISA-L where that is there (files/isal.h), else by zlib, which
 * are given the same members and give the same bytes. ISA-L is three times as fast. What begins a member in any other way than
 * gzip(1) does is zlib's in any case.
 *
 *     inflater.in = …, inflater.in_left = …
 *     switch (sw_inflater_some(&inflater, to, room, &got, &reason)) …
 */
#ifndef SW_FILES_INFLATER_H
#define SW_FILES_INFLATER_H

#include "base/error.h"

struct sw_inflater {
    /* What is to be read: moved on by the calls. The one that ends a member may move it back, by up to SW_INFLATER_BACK bytes that
     * were read before. */
    const unsigned char *in;
    size_t in_left;
    /* the rest is the module's own */
    struct sw_zlib *zlib;
    struct sw_isal *isal; /* NULL: it is not there */
    bool fast;            /* the current member is ISA-L's */
};

enum sw_inflated {
    SW_INFLATED_SOME,   /* all that was there is used up, or there is no room for more */
    SW_INFLATED_MEMBER, /* the member ended; what is left in `in` lies after it */
    SW_INFLATED_WRONG,  /* it is damaged: why says reason, static */
    SW_INFLATED_MEMORY, /* there is none */
};

/* Bytes of a member that are to be there before the first call for it, unless there are no more. */
enum { SW_INFLATER_BEGINNING = 4, SW_INFLATER_BACK = 8 };

/* SW_SYSTEM: no memory. To be closed in any case. */
bool sw_inflater_open(struct sw_inflater *inflater, struct sw_error *error) SW_CHECKED;

/* Begins a member with the bytes that are there. */
void sw_inflater_member(struct sw_inflater *inflater);

/* Inflates what fits in the room; *got says how much that is. */
enum sw_inflated sw_inflater_some(struct sw_inflater *inflater, void *to, size_t room, size_t *got,
                                  const char **reason) SW_CHECKED;

void sw_inflater_close(struct sw_inflater *inflater);

#endif
