/* SPDX-License-Identifier: ISC
 *
 * Reads structs in Thrift's compact protocol, the metadata of Parquet, from bytes that anybody may
 * have written: nothing is read past the end, nothing is believed before it is there, structs
 * nest SW_COMPACT_DEPTH deep at most. Source: the Apache Thrift project's
 * doc/specs/thrift-compact-protocol.md.
 *
 *     struct sw_compact compact = sw_compact_begin(bytes, length);
 *     for (struct sw_compact_field field = {0}; sw_compact_next(&compact, &field);)
 *         if (field.id == 3) rows = sw_compact_integer(&compact, &field);
 *         else sw_compact_skip(&compact, &field);
 *     if (compact.wrong) …
 *
 * A failure is kept in `wrong`; what is called after one does nothing and gives nothing.
 */
#ifndef SW_PARQUET_COMPACT_H
#define SW_PARQUET_COMPACT_H

#include "base/bytes.h"

enum { SW_COMPACT_DEPTH = 24 };

enum sw_compact_type {
    SW_COMPACT_STOP = 0,
    SW_COMPACT_TRUE = 1,
    SW_COMPACT_FALSE = 2,
    SW_COMPACT_BYTE = 3,
    SW_COMPACT_I16 = 4,
    SW_COMPACT_I32 = 5,
    SW_COMPACT_I64 = 6,
    SW_COMPACT_DOUBLE = 7,
    SW_COMPACT_BINARY = 8,
    SW_COMPACT_LIST = 9,
    SW_COMPACT_SET = 10,
    SW_COMPACT_MAP = 11,
    SW_COMPACT_STRUCT = 12,
};

struct sw_compact {
    const unsigned char *at, *end;
    int depth;
    bool wrong; /* the bytes end too early, or are none of this protocol */
    bool ended; /* of these the former: with more bytes it may be right */
};

/* A field of the struct at hand; zero-initialize for each struct. */
struct sw_compact_field {
    int id;
    enum sw_compact_type type;
};

struct sw_compact sw_compact_begin(const void *bytes, size_t length);

/* The next field of the struct; false at its end, and after a failure. */
bool sw_compact_next(struct sw_compact *compact, struct sw_compact_field *field);

/* The value of the field: an integer of any width or a truth; else a failure, and 0. */
int64_t sw_compact_integer(struct sw_compact *compact, const struct sw_compact_field *field);

/* Bytes, within those that are read. NULL and 0 after a failure. */
const char *sw_compact_bytes(struct sw_compact *compact, const struct sw_compact_field *field,
                             size_t *length);

/* Enters a list: the number of its elements, each read with `element` as its field. */
size_t sw_compact_list(struct sw_compact *compact, const struct sw_compact_field *field,
                       struct sw_compact_field *element);

/* Whether the field is a struct: its fields come next. Else a failure. */
bool sw_compact_is_struct(struct sw_compact *compact, const struct sw_compact_field *field);

/* Steps over the field's value. */
void sw_compact_skip(struct sw_compact *compact, const struct sw_compact_field *field);

#endif
