/* SPDX-License-Identifier: ISC
 *
 * Writes FlatBuffers, the metadata of Arrow, from the root down: a table first, then what it points
 * at. Every field takes eight bytes, whatever its type, which costs a few bytes and spares all
 * reckoning with alignment. Source: the FlatBuffers project's internals document (flatbuffers.dev,
 * "FlatBuffer Internals").
 *
 *     struct sw_flat flat = sw_flat_begin(&buffer, error);
 *     const struct sw_flat_field fields[] = {{0, 4}, {1, SW_FLAT_POINTER}};
 *     size_t message = sw_flat_table(&flat, SW_FLAT_ROOT, fields, 2);
 *     sw_flat_text(&flat, sw_flat_field(message, 1), "orders");
 *     if (!sw_flat_good(&flat)) return false;
 *
 * A place is an offset from the buffer's begin. A failure (no memory) is kept until sw_flat_good is
 * asked; what is called after one does nothing.
 */
#ifndef SW_OUTPUT_FLATBUFFER_H
#define SW_OUTPUT_FLATBUFFER_H

#include "base/bytes.h"

struct sw_flat {
    struct sw_buffer *out; /* not owned */
    struct sw_error *error;
    bool good;
};

enum { SW_FLAT_IDS = 8 }; /* of a table's fields: 0 to 7 */

struct sw_flat_field {
    uint16_t id;   /* as the schema numbers the table's fields; in any order */
    int64_t value; /* an integer or a truth of any width */
};

enum {
    SW_FLAT_ROOT = 0,    /* the place that points at the root table */
    SW_FLAT_POINTER = 0, /* the value of a field that points at something, until it does */
};

/* Begins a buffer in `out`, which is emptied. */
struct sw_flat sw_flat_begin(struct sw_buffer *out, struct sw_error *error);

/* Appends a table that the pointer at `from` leads to; returns where it stands. */
size_t sw_flat_table(struct sw_flat *flat, size_t from, const struct sw_flat_field *fields,
                     size_t count);

/* Where the field with this index in the table's `fields` stands. */
size_t sw_flat_field(size_t table, size_t index);

/* Append what the pointer at `from` leads to: a text; a vector of `count` pointers, the first of
 * which stands at the place that is returned and each other 4 bytes after the last; a vector of
 * `count` structs of `per` integers each, given one after another. */
void sw_flat_text(struct sw_flat *flat, size_t from, const char *text);
size_t sw_flat_pointers(struct sw_flat *flat, size_t from, size_t count);
void sw_flat_structs(struct sw_flat *flat, size_t from, const int64_t *integers, size_t per,
                     size_t count);

/* Whether all of it was written; pads the buffer to a multiple of eight bytes. */
bool sw_flat_good(struct sw_flat *flat) SW_CHECKED;

#endif
