/* SPDX-License-Identifier: ISC */
#include "output/thrift.h"

#include <assert.h>

enum { KIND_TRUE = 1, KIND_FALSE = 2, KIND_BYTE = 3, KIND_LIST = 9 };
/* The most that a field's or a list's first byte can tell. */
enum { SHORT_STEP = 15, SHORT_LIST = 14 };

static void put(struct sw_thrift *thrift, const void *bytes, size_t length)
{
    thrift->good = thrift->good && sw_buffer_add(thrift->out, bytes, length, thrift->error);
}

static void put_byte(struct sw_thrift *thrift, unsigned byte)
{
    put(thrift, &(unsigned char){(unsigned char)byte}, 1);
}

static void put_varint(struct sw_thrift *thrift, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) put_byte(thrift, (unsigned)(value & 0x7f) | 0x80);
    put_byte(thrift, (unsigned)value);
}

/* Small numbers of either sign become small naturals. */
static void put_zigzag(struct sw_thrift *thrift, int64_t value)
{
    put_varint(thrift, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static void put_field(struct sw_thrift *thrift, int id, unsigned kind)
{
    int *last = &thrift->last[thrift->depth - 1];
    assert(id > *last);
    if (id - *last <= SHORT_STEP) {
        put_byte(thrift, (unsigned)(id - *last) << 4 | kind);
    } else {
        put_byte(thrift, kind);
        put_zigzag(thrift, id);
    }
    *last = id;
}

static void open_struct(struct sw_thrift *thrift)
{
    assert(thrift->depth < SW_THRIFT_DEPTH);
    thrift->last[thrift->depth++] = 0;
}

struct sw_thrift sw_thrift_begin(struct sw_buffer *out, struct sw_error *error)
{
    struct sw_thrift thrift = {.out = out, .error = error, .good = true};
    open_struct(&thrift);
    return thrift;
}

void sw_thrift_int(struct sw_thrift *thrift, int id, enum sw_thrift_kind kind, int64_t value)
{
    put_field(thrift, id, kind);
    put_zigzag(thrift, value);
}

void sw_thrift_byte(struct sw_thrift *thrift, int id, int8_t value)
{
    put_field(thrift, id, KIND_BYTE);
    put_byte(thrift, (unsigned char)value);
}

void sw_thrift_bool(struct sw_thrift *thrift, int id, bool value)
{
    put_field(thrift, id, value ? KIND_TRUE : KIND_FALSE);
}

void sw_thrift_bytes(struct sw_thrift *thrift, int id, const void *bytes, size_t length)
{
    put_field(thrift, id, SW_THRIFT_BINARY);
    sw_thrift_element_bytes(thrift, bytes, length);
}

void sw_thrift_struct(struct sw_thrift *thrift, int id)
{
    put_field(thrift, id, SW_THRIFT_STRUCT);
    open_struct(thrift);
}

void sw_thrift_list(struct sw_thrift *thrift, int id, enum sw_thrift_kind kind, size_t count)
{
    put_field(thrift, id, KIND_LIST);
    if (count <= SHORT_LIST) {
        put_byte(thrift, (unsigned)count << 4 | kind);
    } else {
        put_byte(thrift, 0xf0 | kind);
        put_varint(thrift, count);
    }
}

void sw_thrift_element_int(struct sw_thrift *thrift, int64_t value)
{
    put_zigzag(thrift, value);
}

void sw_thrift_element_bytes(struct sw_thrift *thrift, const void *bytes, size_t length)
{
    put_varint(thrift, length);
    put(thrift, bytes, length);
}

void sw_thrift_element_struct(struct sw_thrift *thrift)
{
    open_struct(thrift);
}

void sw_thrift_elements(struct sw_thrift *thrift, const struct sw_buffer *elements)
{
    put(thrift, elements->bytes, elements->length);
}

void sw_thrift_end(struct sw_thrift *thrift)
{
    assert(thrift->depth > 0);
    put_byte(thrift, 0);
    thrift->depth--;
}

bool sw_thrift_good(const struct sw_thrift *thrift)
{
    assert(thrift->depth == 0);
    return thrift->good;
}
