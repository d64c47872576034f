/* SPDX-License-Identifier: ISC */
#include "csv/source.h"

#include <limits.h>
#include <zlib.h>

#include "files/foreign.h"
#include "base/memory.h"
#include "record/format.h"

enum {
    READ_SIZE =
        512
        << 10, /* text read at a time: it stays in the second-level cache until it is converted */
    PACKED_SIZE = 128 << 10, /* gzip bytes read at a time */
    EITHER_GZIP = 15 + 16,   /* zlib: the largest window, gzip only */
};

struct sw_inflation {
    z_stream stream;
    bool in_member;
    bool input_ended;
    uint64_t member_end; /* where the last whole member ended in the file; 0: there was none */
    unsigned char packed[PACKED_SIZE];
};

static bool start_inflation(struct sw_source *source, struct sw_error *error)
{
    struct sw_inflation *inflation = sw_alloc(1, sizeof *inflation, error);
    if (!inflation) return false;
    if (inflateInit2(&inflation->stream, EITHER_GZIP) != Z_OK) {
        free(inflation);
        return sw_fail(error, SW_SYSTEM, "no memory for zlib");
    }
    inflation->in_member = true;
    source->inflation = inflation;
    return true;
}

/* What the first bytes say: a record stream is refused, a gzip will be inflated. */
static bool recognize(struct sw_source *source, struct sw_error *error)
{
    unsigned char first[SW_FRAME_LENGTH];
    uint32_t length, checksum;
    size_t got;
    if (!sw_input_peek(&source->input, first, sizeof first, &got, error)) return false;
    if (got == sizeof first && sw_parse_frame(first, &length, &checksum) == SW_FRAME_HEADER)
        return sw_fail(error, SW_DATA, "%s: is a record stream already, not a CSV",
                       source->input.name);
    if (got >= 2 && first[0] == 0x1f && first[1] == 0x8b) return start_inflation(source, error);
    return true;
}

static bool allocate(struct sw_source *source, struct sw_error *error)
{
    source->capacity = READ_SIZE;
    source->base = sw_alloc(source->capacity + 2 * SW_SOURCE_SPARE, 1, error);
    source->start = source->end = SW_SOURCE_SPARE;
    source->origin = 0 - (uint64_t)SW_SOURCE_SPARE;
    return source->base != NULL;
}

bool sw_source_open(struct sw_source *source, const char *path, struct sw_error *error)
{
    *source = (struct sw_source){0};
    if (!sw_input_open(&source->input, path, error)) return false;
    if (recognize(source, error) && allocate(source, error)) return true;
    sw_source_close(source);
    return false;
}

/* Moves the text to the front; where it fills more than half of the buffer, a larger one takes its
 * place. */
static bool make_room(struct sw_source *source, struct sw_error *error)
{
    size_t length = source->end - source->start;
    size_t moved = source->start - SW_SOURCE_SPARE;
    if (length >= SW_ROW_MAXIMUM)
        return sw_fail(error, SW_DATA, "%s:@%llu: row longer than %d bytes", source->input.name,
                       (unsigned long long)sw_source_offset(source, source->start), SW_ROW_MAXIMUM);
    memmove(source->base + SW_SOURCE_SPARE, source->base + source->start, length);
    source->start -= moved;
    source->end -= moved;
    source->origin += moved;
    if (length <= source->capacity / 2) return true;
    size_t larger = source->capacity * 2;
    char *base = realloc(source->base, larger + 2 * SW_SOURCE_SPARE);
    if (!base) return sw_fail(error, SW_SYSTEM, "no memory for a row of %zu bytes", length);
    source->base = base;
    source->capacity = larger;
    return true;
}

static bool refill_packed(struct sw_source *source, struct sw_error *error)
{
    struct sw_inflation *inflation = source->inflation;
    size_t got;
    if (inflation->stream.avail_in || inflation->input_ended) return true;
    if (!sw_input_read(&source->input, inflation->packed, PACKED_SIZE, &got, error)) return false;
    inflation->stream.next_in = inflation->packed;
    inflation->stream.avail_in = (uInt)got;
    inflation->input_ended = got == 0;
    return true;
}

static bool inflate_failed(const struct sw_source *source, const char *reason,
                           struct sw_error *error)
{
    return sw_fail(
        error, SW_DATA, "%s: gzip: %s before byte %llu%s", source->input.name, reason,
        (unsigned long long)(source->input.position - source->inflation->stream.avail_in),
        source->inflation->input_ended ? sw_input_annotate(&source->input) : "");
}

/* What is no gzip after a whole member: the place where that one ended, for what lies before it is
 * good. */
static bool followed(const struct sw_source *source, const char *by, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: gzip: ended at byte %llu, followed by %s",
                   source->input.name, (unsigned long long)source->inflation->member_end, by);
}

/* After a member: another one, or zeros to the end, with which tapes and disks fill their last
 * block, as gzip(1) has it. */
static bool skip_padding(struct sw_source *source, struct sw_error *error)
{
    struct sw_inflation *inflation = source->inflation;
    z_stream *stream = &inflation->stream;
    for (bool zeros = false;;) {
        if (!refill_packed(source, error)) return false;
        if (stream->avail_in == 0) return true;
        if (*stream->next_in && zeros) return followed(source, "zeros and then other bytes", error);
        if (*stream->next_in) break;
        zeros = true;
        stream->next_in++, stream->avail_in--;
    }
    if (*stream->next_in != 0x1f) return followed(source, "bytes that are no gzip", error);
    if (inflateReset(stream) != Z_OK) return inflate_failed(source, "cannot start anew", error);
    inflation->in_member = true;
    return true;
}

static bool inflate_refused(const struct sw_source *source, struct sw_error *error)
{
    const z_stream *stream = &source->inflation->stream;
    if (source->inflation->member_end && stream->msg &&
        strcmp(stream->msg, "incorrect header check") == 0)
        return followed(source, "bytes that are no gzip", error);
    return inflate_failed(source, stream->msg ? stream->msg : "damaged", error);
}

/* One call of inflate: *done when the output is full or the input has ended where it may. */
static bool inflate_once(struct sw_source *source, bool *done, struct sw_error *error)
{
    struct sw_inflation *inflation = source->inflation;
    z_stream *stream = &inflation->stream;
    if (!inflation->in_member && !skip_padding(source, error)) return false;
    if (!refill_packed(source, error)) return false;
    *done = stream->avail_in == 0 && !inflation->in_member;
    if (*done) return true;
    if (stream->avail_in == 0) return inflate_failed(source, "ends early", error);
    int outcome = inflate(stream, Z_NO_FLUSH);
    if (outcome == Z_MEM_ERROR) return sw_fail(error, SW_SYSTEM, "no memory for zlib");
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
        return inflate_refused(source, error);
    if (outcome == Z_STREAM_END) {
        inflation->in_member = false;
        inflation->member_end = source->input.position - stream->avail_in;
    }
    *done = stream->avail_out == 0;
    return true;
}

static bool read_inflated(struct sw_source *source, char *to, size_t length, size_t *got,
                          struct sw_error *error)
{
    z_stream *stream = &source->inflation->stream;
    stream->next_out = (Bytef *)to;
    stream->avail_out = (uInt)length;
    for (bool done = false; !done;)
        if (!inflate_once(source, &done, error)) return false;
    *got = length - stream->avail_out;
    return true;
}

/* What a text begins with: a mark is stepped over; what is no CSV is named, and refused. */
static bool look_at_start(struct sw_source *source, struct sw_error *error)
{
    const char *text = source->base + source->start;
    size_t length = source->end - source->start;
    if (sw_source_offset(source, source->start) != 0) return true;
    if (length >= 4 && source->inflation && memcmp(text, "\x89SWR", 4) == 0)
        return sw_fail(error, SW_DATA, "%s: is a gzip of a record stream: unpack it with gzip -dc",
                       source->input.name);
    const struct sw_foreign *foreign = sw_foreign_find((const unsigned char *)text, length);
    if (foreign)
        return sw_fail(error, SW_DATA, "%s: is %s%s, not CSV: %s%s", source->input.name,
                       foreign->name, source->inflation ? " in a gzip" : "",
                       source->inflation ? "behind gzip -dc, " : "", foreign->help);
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) source->start += 3;
    return true;
}

bool sw_source_fill(struct sw_source *source, struct sw_error *error)
{
    size_t got;
    if (source->ended) return true;
    if (!make_room(source, error)) return false;
    char *to = source->base + source->end;
    size_t room = SW_SOURCE_SPARE + source->capacity - source->end;
    bool good = source->inflation ? read_inflated(source, to, room, &got, error)
                                  : sw_input_read(&source->input, to, room, &got, error);
    if (!good) return false;
    source->end += got;
    source->ended = got < room;
    if (!look_at_start(source, error)) return false;
    if (source->ended && source->end > source->start && source->base[source->end - 1] != '\n')
        source->base[source->end++] = '\n';
    memset(source->base + source->end, 0, SW_SOURCE_SPARE);
    return true;
}

bool sw_source_seek(struct sw_source *source, uint64_t offset, struct sw_error *error)
{
    source->start = source->end = SW_SOURCE_SPARE;
    source->origin = offset - SW_SOURCE_SPARE;
    source->ended = false;
    return sw_input_seek(&source->input, offset, error);
}

void sw_source_close(struct sw_source *source)
{
    if (source->inflation) inflateEnd(&source->inflation->stream);
    free(source->inflation);
    free(source->base);
    source->inflation = NULL;
    source->base = NULL;
    sw_input_close(&source->input);
}
