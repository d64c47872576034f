/* SPDX-License-Identifier: ISC
 *
 * The blocks that a restricted reader need not see: by their directories, or by the indexes in the
 * end marks.
 *
 * An index names the length of its stream. So the last bytes of a file, or of a range that ends
 * behind an end mark, lead to the last stream's header; what ends there is the stream before it,
 * and so on, as long as they all have an index.
 */
#include "base/checksum.h"
#include "base/memory.h"
#include "stream/reader_parts.h"

enum {
    MARK_TAIL =
        16, /* of an index: bytes of the stream before the end mark, bytes of the end mark */
    STREAMS_AT_MOST =
        1 << 19, /* that are listed: 12 MiB; where a file has more it is walked over */
};

bool sw_reader_possible(const struct sw_reader *reader)
{
    for (size_t i = 0; i < reader->restriction_count; i++) {
        const struct sw_restriction *restriction = &reader->restrictions[i];
        const struct sw_entry *entry = &reader->columns[restriction->column].entry;
        enum sw_type type = reader->schema.columns[restriction->column].type;
        if (entry->nulls == reader->rows ||
            !sw_restriction_meets(restriction, type, entry->minimum, entry->maximum))
            return false;
    }
    return true;
}

bool sw_reader_restrict(struct sw_reader *reader, int column, sw_int128 low, sw_int128 high,
                        struct sw_error *error)
{
    if (!sw_grow(&reader->restrictions, &reader->restriction_capacity,
                 reader->restriction_count + 1, sizeof *reader->restrictions, error))
        return false;
    reader->restrictions[reader->restriction_count++] = (struct sw_restriction){column, low, high};
    return true;
}

/* ---- the indexes of a file ---- */

/* What the bytes before `end` say of a stream with an index that ends there: its end mark and its
 * header begin at or behind the current stream's header. *found is false where they say nothing. */
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
    free(reader->stretches);
    reader->stretches = NULL;
    reader->stretch_next = 0;
    reader->stretch_rows = reader->stretch_blocks = 0;
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
    if (!reader->input.seekable || reader->restriction_count == 0) return true;
    if (!reader->marked_known && !find_marked(reader, error)) return false;
    const struct sw_marked_stream *stream = current_marked(reader);
    if (!stream) return true;
    if (!read_mark(reader, stream, &good, error)) return false;
    size_t length = stream->end - stream->mark - SW_FRAME_LENGTH;
    good = good && sw_index_parse(reader->frame.bytes, length, &reader->schema, &index) &&
           index.columns && index.stream_bytes == stream->mark - stream->begin;
    return !good || sw_index_route(&index, &reader->schema, reader->restrictions,
                                   reader->restriction_count, &reader->stretches, error);
}

bool sw_reader_follow_route(struct sw_reader *reader, struct sw_error *error)
{
    if (!reader->stretches || reader->stream_blocks < reader->stretch_blocks) return true;
    if (reader->stream_rows != reader->stretch_rows)
        return sw_reader_damaged(reader, "the index tells of other blocks", error);
    const struct sw_stretch *next = &reader->stretches[reader->stretch_next++];
    reader->stream_rows += next->skipped_rows;
    reader->stream_blocks += next->skipped_blocks;
    reader->total_rows += next->skipped_rows;
    reader->passed_rows += next->skipped_rows;
    reader->total_blocks += next->skipped_blocks;
    reader->stretch_rows = reader->stream_rows + next->rows;
    reader->stretch_blocks = reader->stream_blocks + next->blocks;
    bool good = sw_input_seek(&reader->input, reader->stream_offset + next->offset, error);
    if (next->blocks == 0) drop_route(reader);
    return good;
}
