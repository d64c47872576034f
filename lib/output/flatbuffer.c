/* SPDX-License-Identifier: ISC */
#include "output/flatbuffer.h"

#include <assert.h>

enum {
    CELL = 8,      /* bytes of a field */
    POINTER = 4,   /* bytes of an offset, which leads forward from where it stands */
    TABLE_LEAD = 4 /* bytes of a table before its fields: the way back to its list of fields */
};

static void put(struct sw_flat *flat, const void *bytes, size_t length)
{
    flat->good = flat->good && sw_buffer_add(flat->out, bytes, length, flat->error);
}

static void put16(struct sw_flat *flat, size_t value)
{
    put(flat, &(uint16_t){(uint16_t)value}, 2);
}

static void put32(struct sw_flat *flat, size_t value)
{
    put(flat, &(uint32_t){(uint32_t)value}, 4);
}

/* Zeros up to a place `beyond` bytes after a multiple of eight. */
static void align(struct sw_flat *flat, size_t beyond)
{
    static const unsigned char zeros[8];
    put(flat, zeros, (16 + beyond - flat->out->length % 8) % 8);
}

/* Lets the pointer at `from` lead to the end of what is there. */
static void lead_here(struct sw_flat *flat, size_t from)
{
    if (flat->good) sw_store32(flat->out->bytes + from, (uint32_t)(flat->out->length - from));
}

struct sw_flat sw_flat_begin(struct sw_buffer *out, struct sw_error *error)
{
    struct sw_flat flat = {.out = out, .error = error, .good = true};
    out->length = 0;
    put32(&flat, SW_FLAT_POINTER);
    return flat;
}

size_t sw_flat_field(size_t table, size_t index)
{
    return table + TABLE_LEAD + index * CELL;
}

/* The list of a table's fields: its length and the table's in bytes, then for each id where in the
 * table it is, 0: nowhere. */
static size_t put_list(struct sw_flat *flat, const struct sw_flat_field *fields, size_t count)
{
    size_t at[SW_FLAT_IDS] = {0}, ids = 0;
    for (size_t i = 0; i < count; i++) {
        assert(fields[i].id < SW_FLAT_IDS);
        at[fields[i].id] = TABLE_LEAD + i * CELL;
        if (fields[i].id >= ids) ids = (size_t)fields[i].id + 1;
    }
    size_t length = 4 + 2 * ids;
    align(flat, (8 + TABLE_LEAD - length % 8) % 8); /* the fields after it are aligned */
    put16(flat, length);
    put16(flat, TABLE_LEAD + count * CELL);
    for (size_t id = 0; id < ids; id++) put16(flat, at[id]);
    return length;
}

size_t sw_flat_table(struct sw_flat *flat, size_t from, const struct sw_flat_field *fields,
                     size_t count)
{
    size_t length = put_list(flat, fields, count);
    lead_here(flat, from);
    size_t table = flat->out->length;
    put32(flat, length);
    for (size_t i = 0; i < count; i++) put(flat, &fields[i].value, CELL);
    return table;
}

void sw_flat_text(struct sw_flat *flat, size_t from, const char *text)
{
    align(flat, 0);
    lead_here(flat, from);
    put32(flat, strlen(text));
    put(flat, text, strlen(text) + 1);
}

size_t sw_flat_pointers(struct sw_flat *flat, size_t from, size_t count)
{
    align(flat, 0);
    lead_here(flat, from);
    put32(flat, count);
    size_t first = flat->out->length;
    for (size_t i = 0; i < count; i++) put32(flat, SW_FLAT_POINTER);
    return first;
}

void sw_flat_structs(struct sw_flat *flat, size_t from, const int64_t *integers, size_t per,
                     size_t count)
{
    align(flat, 8 - POINTER); /* the integers after the count are aligned */
    lead_here(flat, from);
    put32(flat, count);
    put(flat, integers, count * per * sizeof *integers);
}

bool sw_flat_good(struct sw_flat *flat)
{
    align(flat, 0);
    return flat->good;
}
