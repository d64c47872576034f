/* SPDX-License-Identifier: ISC */
#include "output/thrift.h"

#include <assert.h>

enum { KIND_TRUE = 1, KIND_FALSE = 2, KIND_BYTE = 3, KIND_LIST = 9 };
/* The most that a field's or a list's first byte can tell. */
enum { SHORT_STEP = 15, SHORT_LIST = 14 };
/* Bytes at most: of a number, and of what a field begins with. */
enum { NUMBER_ROOM = 10, FIELD_ROOM = 1 + NUMBER_ROOM };

/* Room for `most` bytes at the end; NULL: there was a failure. */
static unsigned char *room(struct sw_thrift *thrift, size_t most)
{
    struct sw_buffer *out = thrift->out;
    if (out->capacity - out->length < most)
        thrift->good = thrift->good && sw_buffer_reserve(out, most, thrift->error);
    return thrift->good ? out->bytes + out->length : NULL;
}

/* What was written to the room up to here; NULL: nothing. */
static void took(struct sw_thrift *thrift, const unsigned char *end)
{
    if (end) thrift->out->length = (size_t)(end - thrift->out->bytes);
}

static unsigned char *varint(unsigned char *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) *to++ = (unsigned char)(value | 0x80);
    *to++ = (unsigned char)value;
    return to;
}

/* Small numbers of either sign become small naturals. */
static unsigned char *zigzag(unsigned char *to, int64_t value)
{
    return varint(to, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static unsigned char *field(struct sw_thrift *thrift, unsigned char *to, int id, unsigned kind)
{
    int *last = &thrift->last[thrift->depth - 1], step = id - *last;
    assert(step > 0);
    *last = id;
    if (step <= SHORT_STEP) {
        *to++ = (unsigned char)((unsigned)step << 4 | kind);
        return to;
    }
    *to++ = (unsigned char)kind;
    return zigzag(to, id);
}

static void put(struct sw_thrift *thrift, const void *bytes, size_t length)
{
    thrift->good = thrift->good && sw_buffer_add(thrift->out, bytes, length, thrift->error);
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

struct sw_thrift sw_thrift_resume(struct sw_buffer *out, int last, struct sw_error *error)
{
    struct sw_thrift thrift = sw_thrift_begin(out, error);
    thrift.last[0] = last;
    return thrift;
}

void sw_thrift_int(struct sw_thrift *thrift, int id, enum sw_thrift_kind kind, int64_t value)
{
    unsigned char *to = room(thrift, FIELD_ROOM + NUMBER_ROOM);
    took(thrift, to ? zigzag(field(thrift, to, id, kind), value) : NULL);
}

void sw_thrift_byte(struct sw_thrift *thrift, int id, int8_t value)
{
    unsigned char *to = room(thrift, FIELD_ROOM + 1);
    if (!to) return;
    to = field(thrift, to, id, KIND_BYTE);
    *to++ = (unsigned char)value;
    took(thrift, to);
}

void sw_thrift_bool(struct sw_thrift *thrift, int id, bool value)
{
    unsigned char *to = room(thrift, FIELD_ROOM);
    took(thrift, to ? field(thrift, to, id, value ? KIND_TRUE : KIND_FALSE) : NULL);
}

void sw_thrift_bytes(struct sw_thrift *thrift, int id, const void *bytes, size_t length)
{
    unsigned char *to = room(thrift, FIELD_ROOM + NUMBER_ROOM + length);
    if (!to) return;
    to = varint(field(thrift, to, id, SW_THRIFT_BINARY), length);
    if (length) memcpy(to, bytes, length);
    took(thrift, to + length);
}

void sw_thrift_struct(struct sw_thrift *thrift, int id)
{
    unsigned char *to = room(thrift, FIELD_ROOM);
    took(thrift, to ? field(thrift, to, id, SW_THRIFT_STRUCT) : NULL);
    open_struct(thrift);
}

void sw_thrift_list(struct sw_thrift *thrift, int id, enum sw_thrift_kind kind, size_t count)
{
    unsigned char *to = room(thrift, FIELD_ROOM + 1 + NUMBER_ROOM);
    if (!to) return;
    to = field(thrift, to, id, KIND_LIST);
    if (count <= SHORT_LIST) {
        *to++ = (unsigned char)((unsigned)count << 4 | kind);
        took(thrift, to);
    } else {
        *to++ = (unsigned char)(0xf0 | kind);
        took(thrift, varint(to, count));
    }
}

void sw_thrift_element_int(struct sw_thrift *thrift, int64_t value)
{
    unsigned char *to = room(thrift, NUMBER_ROOM);
    took(thrift, to ? zigzag(to, value) : NULL);
}

void sw_thrift_element_bytes(struct sw_thrift *thrift, const void *bytes, size_t length)
{
    unsigned char *to = room(thrift, NUMBER_ROOM);
    took(thrift, to ? varint(to, length) : NULL);
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
    unsigned char *to = room(thrift, 1);
    assert(thrift->depth > 0);
    thrift->depth--;
    if (!to) return;
    *to = 0;
    thrift->out->length++;
}

bool sw_thrift_good(const struct sw_thrift *thrift)
{
    assert(thrift->depth == 0);
    return thrift->good;
}
