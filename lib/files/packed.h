/* SPDX-License-Identifier: ISC
 *
 * The bytes of a packed input in a buffer, for those who unpack it (files/gunzip.h, files/unzstd.h), and what is to be
 * said where they find it damaged: always with a place in the file.
 */
#ifndef SW_FILES_PACKED_H
#define SW_FILES_PACKED_H

#include "files/input.h"

enum {
    SW_PACKED_SIZE = 256 << 10, /* bytes that can be there */
    SW_PACKED_BEFORE = 8, /* bytes before next that stay, if they were there, for who goes back */
};

struct sw_packed {
    struct sw_input *input; /* not owned */
    const char *what;       /* "gzip", "zstd"; static */
    const unsigned char *next;
    size_t left; /* bytes at next */
    bool ended;  /* no more come after them */
    /* Where the last whole member, or frame, ended in the file; 0: there was none. */
    uint64_t whole_end;
    unsigned char bytes[SW_PACKED_BEFORE + SW_PACKED_SIZE];
};

void sw_packed_begin(struct sw_packed *packed, struct sw_input *input, const char *what);

/* Sees to it that `wanted` bytes, at most SW_PACKED_SIZE, are at next: fewer only where the input ends. */
bool sw_packed_need(struct sw_packed *packed, size_t wanted, struct sw_error *error) SW_CHECKED;

/* Steps over bytes that are there. */
void sw_packed_skip(struct sw_packed *packed, size_t length);

/* Goes to an offset of a seekable input. */
bool sw_packed_seek(struct sw_packed *packed, uint64_t offset, struct sw_error *error) SW_CHECKED;

/* Where next is in the file. */
uint64_t sw_packed_place(const struct sw_packed *packed);

/* A member, or frame, was whole and ended at next. */
void sw_packed_whole(struct sw_packed *packed);

/* SW_DATA: "FILE: gzip: REASON before byte N", and whether that is the fault of the program before. False always. */
bool sw_packed_fail(const struct sw_packed *packed, const char *reason, struct sw_error *error);

/* SW_DATA for what lies after the last whole member: the place where that ended, for what is before it is good. False always. */
bool sw_packed_followed(const struct sw_packed *packed, const char *by, struct sw_error *error);

#endif
