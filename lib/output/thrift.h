/* SPDX-License-Identifier: ISC
 *
 * Writes structs in Thrift's compact protocol, the metadata of Parquet. Only what Parquet needs: no
 * maps, sets, doubles. Source: the Apache Thrift project's doc/specs/thrift-compact-protocol.md.
 *
 *     struct sw_thrift thrift = sw_thrift_begin(&buffer, error);
 *     sw_thrift_int(&thrift, 1, SW_THRIFT_I32, 2);
 *     sw_thrift_struct(&thrift, 5); … sw_thrift_end(&thrift);
 *     sw_thrift_end(&thrift);
 *     if (!sw_thrift_good(&thrift)) return false;
 *
 * A failure (no memory) is kept until sw_thrift_good is asked; what is called after one does
 * nothing.
 */
#ifndef SW_OUTPUT_THRIFT_H
#define SW_OUTPUT_THRIFT_H

#include "base/bytes.h"

enum { SW_THRIFT_DEPTH = 8 }; /* structs inside one another */

/* The kinds of values that fields and lists here have; the numbers are the protocol's. */
enum sw_thrift_kind {
    SW_THRIFT_I32 = 5,
    SW_THRIFT_I64 = 6,
    SW_THRIFT_BINARY = 8,
    SW_THRIFT_STRUCT = 12,
};

struct sw_thrift {
    struct sw_buffer *out; /* not owned */
    struct sw_error *error;
    bool good;
    int depth;
    int last[SW_THRIFT_DEPTH]; /* the last field written of each open struct */
};

/* Begins a struct at the end of out. */
struct sw_thrift sw_thrift_begin(struct sw_buffer *out, struct sw_error *error);

/* Goes on with a struct whose fields up to `last` stand at the end of out. */
struct sw_thrift sw_thrift_resume(struct sw_buffer *out, int last, struct sw_error *error);

/* Fields of the struct at hand, `id` above the last one's: an integer of a kind, one of 8 bits, a
 * truth, a text or bytes. */
void sw_thrift_int(struct sw_thrift *thrift, int id, enum sw_thrift_kind kind, int64_t value);
void sw_thrift_byte(struct sw_thrift *thrift, int id, int8_t value);
void sw_thrift_bool(struct sw_thrift *thrift, int id, bool value);
void sw_thrift_bytes(struct sw_thrift *thrift, int id, const void *bytes, size_t length);

/* A field that is a struct: its fields follow, then sw_thrift_end. */
void sw_thrift_struct(struct sw_thrift *thrift, int id);

/* A field that is a list of `count` elements, which follow: each an element below. */
void sw_thrift_list(struct sw_thrift *thrift, int id, enum sw_thrift_kind kind, size_t count);
void sw_thrift_element_int(struct sw_thrift *thrift, int64_t value);
void sw_thrift_element_bytes(struct sw_thrift *thrift, const void *bytes, size_t length);
void sw_thrift_element_struct(struct sw_thrift *thrift);

/* Elements that were written before, each a struct from sw_thrift_begin to its end. */
void sw_thrift_elements(struct sw_thrift *thrift, const struct sw_buffer *elements);

/* Ends the struct that was begun last. */
void sw_thrift_end(struct sw_thrift *thrift);

/* Whether all of it was written: every struct is ended, and there was memory. */
bool sw_thrift_good(const struct sw_thrift *thrift) SW_CHECKED;

#endif
