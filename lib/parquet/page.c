/* SPDX-License-Identifier: ISC */
#include "parquet/page.h"

#include <stdio.h>

#include "parquet/compact.h"

const char *sw_page_encoding_name(int64_t encoding, char space[32])
{
    static const char *const names[] = {
        "PLAIN",          "GROUP_VAR_INT",       "PLAIN_DICTIONARY",        "RLE",
        "BIT_PACKED",     "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY",
        "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"};
    if (encoding >= 0 && (size_t)encoding < sizeof names / sizeof *names) return names[encoding];
    snprintf(space, 32, "encoding %lld", (long long)encoding);
    return space;
}

/* The numbers of the page's own kind: each kind has the same number of values first. */
static void read_kind(struct sw_compact *compact, const struct sw_compact_field *field,
                      struct sw_page_header *header)
{
    bool second = field->id == 8;
    if (!sw_compact_is_struct(compact, field)) return;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        if (inner.id == 1)
            header->values = sw_compact_integer(compact, &inner);
        else if (inner.id == (second ? 4 : 2))
            header->encoding = sw_compact_integer(compact, &inner);
        else if (!second && inner.id == 3 && inner.type == SW_COMPACT_I32)
            header->level_encoding = sw_compact_integer(compact, &inner);
        else if (second && inner.id == 5)
            header->level_bytes = sw_compact_integer(compact, &inner);
        else if (second && inner.id == 6)
            header->repetition_bytes = sw_compact_integer(compact, &inner);
        else if (second && inner.id == 7)
            header->packed = sw_compact_integer(compact, &inner);
        else
            sw_compact_skip(compact, &inner);
    }
}

enum sw_page_outcome sw_page_header_read(const void *bytes, size_t available,
                                         struct sw_page_header *header, size_t *length)
{
    struct sw_compact compact = sw_compact_begin(bytes, available);
    *header = (struct sw_page_header){.type = -1,
                                      .raw_bytes = -1,
                                      .bytes = -1,
                                      .values = -1,
                                      .encoding = -1,
                                      .level_encoding = SW_ENCODING_RUNS,
                                      .packed = true};
    for (struct sw_compact_field field = {0}; sw_compact_next(&compact, &field);) {
        if (field.id == 1)
            header->type = sw_compact_integer(&compact, &field);
        else if (field.id == 2)
            header->raw_bytes = sw_compact_integer(&compact, &field);
        else if (field.id == 3)
            header->bytes = sw_compact_integer(&compact, &field);
        else if (field.id == 4) {
            header->checksum = (uint32_t)sw_compact_integer(&compact, &field);
            header->has_checksum = true;
        } else if (field.id == 5 || field.id == 7 || field.id == 8)
            read_kind(&compact, &field, header);
        else
            sw_compact_skip(&compact, &field);
    }
    if (compact.wrong) return compact.ended ? SW_PAGE_SHORT : SW_PAGE_WRONG;
    *length = (size_t)(compact.at - (const unsigned char *)bytes);
    return SW_PAGE_GOOD;
}
