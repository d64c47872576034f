/* SPDX-License-Identifier: ISC */
#include "encode/encode.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "encode/column_write.h"

/* zlib's bytes are kept where they save one part in this many: inflating takes longer than all else. */
enum { COMPRESSION_WORTH = 8 };

/* ---- compressing ---- */

/* The zlib stream of some bytes, padded, into a buffer of its own. */
static bool compress_bytes(struct sw_buffer *to, const unsigned char *bytes, size_t length,
                           int level, struct sw_error *error)
{
    uLongf packed = compressBound(length);
    to->length = 0;
    if (!sw_buffer_reserve(to, packed + 8, error)) return false;
    if (compress2(to->bytes, &packed, bytes, length, level) != Z_OK)
        return sw_fail(error, SW_SYSTEM, "zlib cannot compress %zu bytes", length);
    to->length = (packed + 7) / 8 * 8;
    memset(to->bytes + packed, 0, to->length - packed);
    return true;
}

/* Takes what was compressed for the column's bytes, where it is smaller than `most` bytes. */
static bool take_compressed(struct sw_buffer *out, size_t start, const struct sw_buffer *compressed,
                            struct sw_entry as, struct sw_entry *entry, struct sw_error *error)
{
    out->length = start;
    if (!sw_buffer_add(out, compressed->bytes, compressed->length, error)) return false;
    *entry = as;
    entry->compressed = 1;
    entry->stored_length = (uint32_t)compressed->length;
    return true;
}

/* Replaces the column's bytes from `start` on by their zlib stream, or by that of the column packed
 * in whole bytes, where one of them is so much smaller that it is worth inflating. */
static bool compress_column(struct sw_encoder *encoder, struct sw_buffer *out, size_t start,
                            const struct sw_outgoing_column *column, struct sw_entry *entry,
                            struct sw_error *error)
{
    struct sw_outgoing_column in_bytes = {column->vector, column->rows, 8, NULL, {SW_ALONE, 0, 0}};
    struct sw_entry bytes_entry;
    size_t raw = entry->raw_length;
    size_t most = raw - raw / COMPRESSION_WORTH;
    if (!compress_bytes(&encoder->compressed, out->bytes + start, raw, encoder->level, error))
        return false;
    if (encoder->compressed.length < most) {
        most = encoder->compressed.length;
        if (!take_compressed(out, start, &encoder->compressed, *entry, entry, error)) return false;
    }
    if (!encoder->small || column->relation.kind == SW_KEY) return true;
    encoder->candidate.length = 0;
    if (!sw_column_write(encoder, &encoder->candidate, &in_bytes, &bytes_entry, error) ||
        !compress_bytes(&encoder->compressed, encoder->candidate.bytes, bytes_entry.raw_length,
                        encoder->level, error))
        return false;
    return encoder->compressed.length >= most ||
           take_compressed(out, start, &encoder->compressed, bytes_entry, entry, error);
}

/* The cached plans of a column; those that are new are zero. */
static bool find_cached_plan(struct sw_encoder *encoder, size_t index,
                             struct sw_cached_plan **cached_plan, struct sw_error *error)
{
    size_t had = encoder->cached_plan_count;
    if (2 * index + 1 >= had) {
        if (!sw_grow(&encoder->cached_plans, &encoder->cached_plan_count, 2 * index + 2,
                     sizeof **cached_plan, error))
            return false;
        memset(encoder->cached_plans + had, 0,
               (encoder->cached_plan_count - had) * sizeof **cached_plan);
    }
    *cached_plan = &encoder->cached_plans[2 * index];
    return true;
}

/* Where columns were just found to go together: whether the column alone would be smaller. Then it
 * replaces what is there. */
static bool compare_alone(struct sw_encoder *encoder, struct sw_buffer *out, size_t start,
                          size_t index, const struct sw_outgoing_column *column,
                          struct sw_entry *entry, struct sw_error *error)
{
    struct sw_outgoing_column alone = {column->vector, column->rows, 1, NULL, {SW_ALONE, 0, 0}};
    struct sw_entry alone_entry;
    encoder->candidate.length = 0;
    if (!sw_column_write(encoder, &encoder->candidate, &alone, &alone_entry, error)) return false;
    if (encoder->candidate.length > out->length - start) return true;
    sw_relations_drop(&encoder->relations, index);
    out->length = start;
    *entry = alone_entry;
    return sw_buffer_add(out, encoder->candidate.bytes, encoder->candidate.length, error);
}

bool sw_encoder_begin(struct sw_encoder *encoder, const struct sw_vector *const *vectors,
                      size_t column_count, size_t rows, struct sw_error *error)
{
    encoder->vectors = vectors;
    return !encoder->small ||
           sw_relations_begin(&encoder->relations, vectors, column_count, rows, error);
}

bool sw_encode_column(struct sw_encoder *encoder, struct sw_buffer *out, size_t index,
                      const struct sw_vector *vector, size_t rows, struct sw_entry *entry,
                      struct sw_error *error)
{
    struct sw_outgoing_column column = {
        vector, rows, 1, NULL, sw_relations_of(&encoder->relations, encoder->vectors, index)};
    if (encoder->small && !find_cached_plan(encoder, index, &column.cached_plan, error))
        return false;
    size_t start = out->length;
    if (!sw_column_write(encoder, out, &column, entry, error)) return false;
    if (sw_is_related(entry->encoding) && encoder->relations.anew &&
        !compare_alone(encoder, out, start, index, &column, entry, error))
        return false;
    bool asked = vector->type == SW_TEXT ? encoder->level > 0 : encoder->level > 1;
    return !asked || entry->raw_length == 0 ||
           compress_column(encoder, out, start, &column, entry, error);
}

void sw_encoder_trim(struct sw_encoder *encoder, size_t keep_bytes)
{
    if (encoder->candidate.capacity > keep_bytes) sw_buffer_free(&encoder->candidate);
    if (encoder->compressed.capacity > keep_bytes) sw_buffer_free(&encoder->compressed);
}

void sw_encoder_free(struct sw_encoder *encoder)
{
    sw_buffer_free(&encoder->candidate);
    sw_buffer_free(&encoder->compressed);
    sw_sequencer_free(&encoder->sequencer);
    sw_relations_free(&encoder->relations);
    free(encoder->cached_plans);
    encoder->cached_plans = NULL;
    encoder->cached_plan_count = 0;
    free(encoder->offsets);
    encoder->offsets = NULL;
    encoder->offset_capacity = 0;
}
