/* SPDX-License-Identifier: ISC
 *
 * The blocks that a restricted reader need not see: by their directories, or by the indexes in the
 * end marks.
 *
 * An index names the length of its stream. So the last bytes of a file, or of a range that ends
 * after an end mark, lead to the last stream's header; what ends there is the stream before it,
 * and so on, as long as they all have an index.
 */
#include "base/checksum.h"
#include "base/memory.h"
#include "stream/reader_parts.h"

enum {
    /* Of an index: bytes of the stream before the end mark, bytes of the end mark. */
    MARK_TAIL = 16,
    /* That are listed: 12 MiB; where a file has more it is walked over. */
    STREAMS_AT_MOST = 1 << 19,
};

bool sw_reader_possible(const struct sw_reader *reader)
{
    for (size_t i = 0; i < reader->range_predicate_count; i++) {
        const struct sw_range_predicate *range_predicate = &reader->range_predicates[i];
        const struct sw_entry *entry = &reader->columns[range_predicate->column].entry;
        enum sw_type type = reader->schema.columns[range_predicate->column].type;
        if (entry->nulls == reader->rows ||
            !sw_range_predicate_meets(range_predicate, type, entry->minimum, entry->maximum))
            return false;
    }
    return true;
}

bool sw_reader_restrict(struct sw_reader *reader, int column, sw_int128 low, sw_int128 high,
                        struct sw_error *error)
{
    if (!sw_grow(&reader->range_predicates, &reader->range_predicate_capacity,
                 reader->range_predicate_count + 1, sizeof *reader->range_predicates, error))
        return false;
    reader->range_predicates[reader->range_predicate_count++] =
        (struct sw_range_predicate){column, low, high};
    return true;
}

/* ---- the indexes of a file ---- */

/* What the bytes before `end` say of a stream with an index that ends there: its end mark and its
 * header begin at or after the current stream's header. *found is false where they say nothing. */
static bool look_back(struct sw_reader *reader, uint64_t end, struct sw_marked_stream *stream,
                      bool *found, struct sw_error *error)
{
    unsigned char tail[MARK_TAIL], lead[SW_FRAME_LENGTH];
    uint64_t least = SW_FRAME_LENGTH + SW_END_LENGTH + MARK_TAIL,
             left = end - reader->stream_offset;
    uint32_t body, checksum;
    size_t got;
    *found = false;
    if (left < least) return true;
    if (!sw_input_read_at(&reader->input, end - MARK_TAIL, tail, MARK_TAIL, &got, error))
        return false;
    uint64_t before = sw_load64(tail), mark = sw_load64(tail + 8);
    if (got < MARK_TAIL || mark < least || mark > left || before > left - mark) return true;
    *stream = (struct sw_marked_stream){end - mark - before, end - mark, end};
    if (!sw_input_read_at(&reader->input, stream->mark, lead, sizeof lead, &got, error))
        return false;
    *found = got == sizeof lead && before > 0 &&
             sw_parse_frame(lead, &body, &checksum) == SW_FRAME_END &&
             body == mark - SW_FRAME_LENGTH;
    return true;
}

/* Lists the streams with indexes from the end back to the current one, the last one first. */
static bool find_marked(struct sw_reader *reader, struct sw_error *error)
{
    struct sw_marked_stream stream;
    uint64_t end = reader->ranged ? reader->range_end : reader->input.size;
    bool found = true;
    reader->marked_known = true;
    while (end > reader->stream_offset) {
        if (!look_back(reader, end, &stream, &found, error)) return false;
        if (!found) return true;
        if (reader->marked_count == STREAMS_AT_MOST) {
            reader->marked_count = 0; /* the last ones alone would not help */
            return true;
        }
        if (!sw_grow(&reader->marked, &reader->marked_capacity, reader->marked_count + 1,
                     sizeof *reader->marked, error))
            return false;
        reader->marked[reader->marked_count++] = stream;
        end = stream.begin;
    }
    return true;
}

/* The current stream among them; NULL where it is none. Those that begin before it are done with.
 */
static const struct sw_marked_stream *current_marked(struct sw_reader *reader)
{
    while (reader->marked_count) {
        const struct sw_marked_stream *last = &reader->marked[reader->marked_count - 1];
        if (last->begin == reader->stream_offset) return last;
        if (last->begin > reader->stream_offset) return NULL;
        reader->marked_count--;
    }
    return NULL;
}

/* Reads the body of an end mark into the reader's frame; *good is false where it is damaged. */
static bool read_mark(struct sw_reader *reader, const struct sw_marked_stream *stream, bool *good,
                      struct sw_error *error)
{
    unsigned char lead[SW_FRAME_LENGTH];
    uint64_t length = stream->end - stream->mark - SW_FRAME_LENGTH;
    uint32_t body, checksum;
    size_t got;
    *good = false;
    if (!sw_input_read_at(&reader->input, stream->mark, lead, sizeof lead, &got, error))
        return false;
    if (got < sizeof lead || sw_parse_frame(lead, &body, &checksum) != SW_FRAME_END ||
        body != length)
        return true;
    reader->frame.length = 0;
    if (!sw_buffer_reserve(&reader->frame, body, error) ||
        !sw_input_read_at(&reader->input, stream->mark + SW_FRAME_LENGTH, reader->frame.bytes, body,
                          &got, error))
        return false;
    *good = got == body && sw_checksum(reader->frame.bytes, body) == checksum;
    return true;
}

/* ---- the route through a stream ---- */

static void drop_route(struct sw_reader *reader)
{
    free(reader->extents);
    reader->extents = NULL;
    reader->extent_next = 0;
    reader->extent_rows = reader->extent_blocks = 0;
}

void sw_reader_drop_routes(struct sw_reader *reader)
{
    drop_route(reader);
    free(reader->marked);
    reader->marked = NULL;
    reader->marked_count = reader->marked_capacity = 0;
    reader->marked_known = false;
}

bool sw_reader_find_route(struct sw_reader *reader, struct sw_error *error)
{
    struct sw_index index;
    bool good;
    drop_route(reader);
    if (!reader->input.seekable || reader->range_predicate_count == 0) return true;
    if (!reader->marked_known && !find_marked(reader, error)) return false;
    const struct sw_marked_stream *stream = current_marked(reader);
    if (!stream) return true;
    if (!read_mark(reader, stream, &good, error)) return false;
    size_t length = stream->end - stream->mark - SW_FRAME_LENGTH;
    good = good && sw_index_parse(reader->frame.bytes, length, &reader->schema, &index) &&
           index.columns && index.stream_bytes == stream->mark - stream->begin;
    return !good || sw_index_route(&index, &reader->schema, reader->range_predicates,
                                   reader->range_predicate_count, &reader->extents, error);
}

bool sw_reader_follow_route(struct sw_reader *reader, struct sw_error *error)
{
    if (!reader->extents || reader->stream_blocks < reader->extent_blocks) return true;
    if (reader->stream_rows != reader->extent_rows)
        return sw_reader_damaged(reader, "the index tells of other blocks", error);
    const struct sw_extent *next = &reader->extents[reader->extent_next++];
    reader->stream_rows += next->skipped_rows;
    reader->stream_blocks += next->skipped_blocks;
    reader->total_rows += next->skipped_rows;
    reader->passed_rows += next->skipped_rows;
    reader->total_blocks += next->skipped_blocks;
    reader->extent_rows = reader->stream_rows + next->rows;
    reader->extent_blocks = reader->stream_blocks + next->blocks;
    bool good = sw_input_seek(&reader->input, reader->stream_offset + next->offset, error);
    if (next->blocks == 0) drop_route(reader);
    return good;
}
