/* SPDX-License-Identifier: ISC */
#include "csv/source.h"

#include "files/foreign.h"
#include "files/gzip_block.h"
#include "files/gzip_text.h"
#include "base/memory.h"
#include "record/format.h"

enum {
    READ_SIZE =
        512
        << 10, /* text read at a time: it stays in the second-level cache until it is converted */
};

/* What the first bytes say: a record stream is refused, what is packed will be unpacked. */
static bool recognize(struct sw_source *source, struct sw_error *error)
{
    unsigned char first[SW_FRAME_LENGTH];
    uint32_t length, checksum;
    size_t got;
    if (!sw_input_peek(&source->input, first, sizeof first, &got, error)) return false;
    if (got == sizeof first && sw_parse_frame(first, &length, &checksum) == SW_FRAME_HEADER)
        return sw_fail(error, SW_DATA, "%s: is a record stream already, not a CSV",
                       source->input.name);
    if (sw_begins_as_parquet(first, got)) {
        source->parquet = sw_parquet_text_open(&source->input, error);
        return source->parquet != NULL;
    }
    source->packing = sw_packing_of(first, got);
    if (source->packing == SW_PACKED_NOT) return true;
    source->unpack = sw_unpack_open(source->packing, &source->input, error);
    return source->unpack != NULL;
}

/* Of a small file that is plain, all of it fits and a byte more, by whose absence its end is told. */
static size_t read_size(const struct sw_source *source)
{
    const struct sw_input *input = &source->input;
    if (sw_source_packed(source) || !input->seekable || input->size >= READ_SIZE) return READ_SIZE;
    return (size_t)input->size + 1;
}

static bool allocate(struct sw_source *source, struct sw_error *error)
{
    source->capacity = read_size(source);
    source->base = sw_alloc_unset(source->capacity + 2 * SW_SOURCE_SPARE, 1, error);
    if (source->base) memset(source->base, 0, SW_SOURCE_SPARE);
    source->start = source->end = SW_SOURCE_SPARE;
    source->origin = 0 - (uint64_t)SW_SOURCE_SPARE;
    return source->base != NULL;
}

bool sw_source_open(struct sw_source *source, const char *path, struct sw_error *error)
{
    struct sw_input input;
    return sw_input_open(&input, path, error) && sw_source_open_input(source, &input, error);
}

bool sw_source_open_input(struct sw_source *source, const struct sw_input *input,
                          struct sw_error *error)
{
    *source = (struct sw_source){.input = *input};
    if (recognize(source, error) && allocate(source, error)) return true;
    sw_source_close(source);
    return false;
}

bool sw_source_place(struct sw_source *source, uint64_t *offset, struct sw_error *error)
{
    if (source->middle == 0) return true;
    if (!source->middle_known &&
        !sw_gzip_text_before(&source->input, source->middle, &source->middle_text, error))
        return false;
    source->middle_known = true;
    *offset += source->middle_text - SW_GZIP_TEXT_MIDDLE;
    return true;
}

static bool too_long(struct sw_source *source, struct sw_error *error)
{
    uint64_t place = sw_source_offset(source, source->start);
    return sw_source_place(source, &place, error) &&
           sw_fail(error, SW_DATA, "%s:@%llu: row longer than %d bytes", source->input.name,
                   (unsigned long long)place, SW_ROW_MAXIMUM);
}

/* Moves the text to the front; where it fills more than half of the buffer, a larger one takes its
 * place. */
static bool make_room(struct sw_source *source, struct sw_error *error)
{
    size_t length = source->end - source->start;
    size_t moved = source->start - SW_SOURCE_SPARE;
    if (length >= SW_ROW_MAXIMUM) return too_long(source, error);
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

/* What somebody has packed that is no text: how it is unpacked twice. */
static bool look_at_packed(const struct sw_source *source, const char *text, size_t length,
                           const struct sw_foreign *foreign, struct sw_error *error)
{
    const char *name = sw_packing_name(source->packing);
    if (length >= 4 && memcmp(text, "\x89SWR", 4) == 0)
        return sw_fail(error, SW_DATA, "%s: is a %s of a record stream: unpack it with %s -dc",
                       source->input.name, name, name);
    return !foreign || sw_fail(error, SW_DATA, "%s: is %s in a %s, not CSV: behind %s -dc, %s",
                               source->input.name, foreign->name, name, name, foreign->help);
}

/* The lines of a Parquet file come as they are made: fewer of them are no end. */
static bool fill_from_parquet(struct sw_source *source, char *to, size_t room, size_t *got,
                              struct sw_error *error)
{
    bool good = sw_parquet_text_read(source->parquet, to, room, got, error);
    source->ended = good && *got == 0;
    return good;
}

static bool fill_from_file(struct sw_source *source, char *to, size_t room, size_t *got,
                           struct sw_error *error)
{
    bool good = source->unpack ? sw_unpack_read(source->unpack, to, room, got, error)
                               : sw_input_read(&source->input, to, room, got, error);
    source->ended = good && *got < room;
    return good;
}

/* What a text begins with: a mark is stepped over; what is no CSV is named, and refused. */
static bool look_at_start(struct sw_source *source, struct sw_error *error)
{
    const char *text = source->base + source->start;
    size_t length = source->end - source->start;
    if (source->parquet || sw_source_offset(source, source->start) != 0) return true;
    const struct sw_foreign *foreign = sw_foreign_find((const unsigned char *)text, length);
    if (source->unpack && !look_at_packed(source, text, length, foreign, error)) return false;
    if (foreign)
        return sw_fail(error, SW_DATA, "%s: is %s, not CSV: %s", source->input.name, foreign->name,
                       foreign->help);
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) source->start += 3;
    return true;
}

/* Of what is packed, whole blocks as most are made, which need no copying then; at first a single one: many look at a header alone. */
static size_t wanted(const struct sw_source *source, size_t room)
{
    if (!source->unpack || room < SW_GZIP_BLOCK_TEXT) return room;
    if (sw_source_offset(source, source->end) == 0) return SW_GZIP_BLOCK_TEXT;
    return room - room % SW_GZIP_BLOCK_TEXT;
}

bool sw_source_fill(struct sw_source *source, struct sw_error *error)
{
    size_t got;
    if (source->ended) return true;
    if (!make_room(source, error)) return false;
    char *to = source->base + source->end;
    size_t room = wanted(source, SW_SOURCE_SPARE + source->capacity - source->end);
    if (!(source->parquet ? fill_from_parquet(source, to, room, &got, error)
                          : fill_from_file(source, to, room, &got, error)))
        return false;
    source->end += got;
    if (!look_at_start(source, error)) return false;
    source->completed =
        source->ended && source->end > source->start && source->base[source->end - 1] != '\n';
    if (source->completed) source->base[source->end++] = '\n';
    memset(source->base + source->end, 0, SW_SOURCE_SPARE);
    return true;
}

static void begin_at(struct sw_source *source, uint64_t offset)
{
    source->start = source->end = SW_SOURCE_SPARE;
    source->origin = offset - SW_SOURCE_SPARE;
    source->ended = source->completed = false;
}

bool sw_source_seek(struct sw_source *source, uint64_t offset, struct sw_error *error)
{
    begin_at(source, offset);
    return sw_input_seek(&source->input, offset, error);
}

bool sw_source_seek_block(struct sw_source *source, uint64_t block, uint64_t text, uint64_t middle,
                          struct sw_error *error)
{
    begin_at(source, text);
    source->middle = middle;
    source->middle_known = false;
    return sw_unpack_seek(source->unpack, block, error);
}

bool sw_source_begin_groups(struct sw_source *source, size_t from, size_t to, const bool *wanted,
                            struct sw_error *error)
{
    begin_at(source, sw_source_offset(source, source->start));
    return sw_parquet_text_begin(source->parquet, from, to, wanted, error);
}

void sw_source_close(struct sw_source *source)
{
    sw_parquet_text_close(source->parquet);
    sw_unpack_close(source->unpack);
    free(source->base);
    source->unpack = NULL;
    source->parquet = NULL;
    source->base = NULL;
    sw_input_close(&source->input);
}
