/* SPDX-License-Identifier: ISC */
#include "parquet/compact.h"

struct sw_compact sw_compact_begin(const void *bytes, size_t length)
{
    return (struct sw_compact){.at = bytes, .end = (const unsigned char *)bytes + length};
}

static void fail(struct sw_compact *compact, bool ended)
{
    if (!compact->wrong) compact->ended = ended;
    compact->wrong = true;
    compact->at = compact->end;
}

static unsigned take_byte(struct sw_compact *compact)
{
    if (compact->at == compact->end) {
        fail(compact, true);
        return 0;
    }
    return *compact->at++;
}

static uint64_t take_varint(struct sw_compact *compact)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        unsigned byte = take_byte(compact);
        if (shift == 63 && byte > 1) break;
        value |= (uint64_t)(byte & 127) << shift;
        if (compact->wrong) return 0;
        if (byte < 128) return value;
    }
    fail(compact, false);
    return 0;
}

static int64_t take_zigzag(struct sw_compact *compact)
{
    uint64_t value = take_varint(compact);
    return (int64_t)(value >> 1 ^ -(value & 1));
}

bool sw_compact_next(struct sw_compact *compact, struct sw_compact_field *field)
{
    unsigned byte = take_byte(compact);
    if (compact->wrong || byte == SW_COMPACT_STOP) return false;
    unsigned delta = byte >> 4;
    int64_t id = delta ? field->id + (int64_t)delta : take_zigzag(compact);
    field->type = (enum sw_compact_type)(byte & 15);
    if (id < 0 || id > INT16_MAX || field->type > SW_COMPACT_STRUCT) fail(compact, false);
    field->id = (int)id;
    return !compact->wrong;
}

int64_t sw_compact_integer(struct sw_compact *compact, const struct sw_compact_field *field)
{
    switch (field->type) {
    case SW_COMPACT_TRUE:
        return 1;
    case SW_COMPACT_FALSE:
        return 0;
    case SW_COMPACT_BYTE:
        return (int8_t)take_byte(compact);
    case SW_COMPACT_I16:
    case SW_COMPACT_I32:
    case SW_COMPACT_I64:
        return take_zigzag(compact);
    default:
        fail(compact, false);
        return 0;
    }
}

static const unsigned char *take_bytes(struct sw_compact *compact, uint64_t length)
{
    const unsigned char *bytes = compact->at;
    if (length > (size_t)(compact->end - compact->at)) {
        fail(compact, true);
        return NULL;
    }
    compact->at += length;
    return bytes;
}

const char *sw_compact_bytes(struct sw_compact *compact, const struct sw_compact_field *field,
                             size_t *length)
{
    *length = 0;
    if (field->type != SW_COMPACT_BINARY) {
        fail(compact, false);
        return NULL;
    }
    uint64_t wanted = take_varint(compact);
    const unsigned char *bytes = take_bytes(compact, wanted);
    if (compact->wrong) return NULL;
    *length = (size_t)wanted;
    return (const char *)bytes;
}

size_t sw_compact_list(struct sw_compact *compact, const struct sw_compact_field *field,
                       struct sw_compact_field *element)
{
    *element = (struct sw_compact_field){0};
    if (field->type != SW_COMPACT_LIST && field->type != SW_COMPACT_SET) {
        fail(compact, false);
        return 0;
    }
    unsigned byte = take_byte(compact);
    uint64_t count = byte >> 4;
    element->type = (enum sw_compact_type)(byte & 15);
    if (count == 15) count = take_varint(compact);
    /* Each element has a byte at least, so a count is no promise of memory. */
    if (count > (size_t)(compact->end - compact->at)) fail(compact, true);
    return compact->wrong ? 0 : (size_t)count;
}

bool sw_compact_is_struct(struct sw_compact *compact, const struct sw_compact_field *field)
{
    if (field->type != SW_COMPACT_STRUCT) fail(compact, false);
    return !compact->wrong;
}

static void skip_struct(struct sw_compact *compact)
{
    if (++compact->depth > SW_COMPACT_DEPTH) fail(compact, false);
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);)
        sw_compact_skip(compact, &inner);
    compact->depth--;
}

/* A truth has a byte of its own in a list. */
static void skip_elements(struct sw_compact *compact, const struct sw_compact_field *field)
{
    struct sw_compact_field element;
    size_t count = sw_compact_list(compact, field, &element);
    if (++compact->depth > SW_COMPACT_DEPTH) fail(compact, false);
    if (element.type <= SW_COMPACT_FALSE) element.type = SW_COMPACT_BYTE;
    for (size_t i = 0; i < count && !compact->wrong; i++) sw_compact_skip(compact, &element);
    compact->depth--;
}

void sw_compact_skip(struct sw_compact *compact, const struct sw_compact_field *field)
{
    size_t length;
    if (compact->wrong) return;
    switch (field->type) {
    case SW_COMPACT_DOUBLE:
        take_bytes(compact, 8);
        return;
    case SW_COMPACT_BINARY:
        (void)sw_compact_bytes(compact, field, &length);
        return;
    case SW_COMPACT_LIST:
    case SW_COMPACT_SET:
        skip_elements(compact, field);
        return;
    case SW_COMPACT_STRUCT:
        skip_struct(compact);
        return;
    case SW_COMPACT_MAP: /* Parquet has none */
        fail(compact, false);
        return;
    default:
        (void)sw_compact_integer(compact, field);
    }
}
