/* SPDX-License-Identifier: ISC
 *
 * Gzip: a source gives the text that zlib gives when it is asked a byte at a time, of all members,
 * or refuses it where that does, and where the last member is a block with text (files/gzip_block.h); what is no gzip comes
 * out as it is.
 */
#include <zlib.h>

#include "csv/source.h"
#include "files/gzip_block.h"
#include "fuzz.h"

enum { TEXT_MOST = 4 << 20 };

static uint8_t expected[TEXT_MOST + 1], packed[2 << 20];

/* ---- by the book ---- */

/* One member; false where it is none, or ends early. */
static bool inflate_member(const uint8_t *bytes, size_t size, size_t *used, size_t *length)
{
    z_stream stream = {0};
    int outcome = Z_OK;
    if (inflateInit2(&stream, 15 + 16) != Z_OK) abort();
    for (size_t i = 0; i < size && outcome == Z_OK; i++) {
        stream.next_in = (Bytef *)(uintptr_t)(bytes + i);
        stream.avail_in = 1;
        do {
            stream.next_out = expected + *length;
            stream.avail_out = (uInt)(TEXT_MOST - *length);
            outcome = inflate(&stream, Z_NO_FLUSH);
            *length = (size_t)(stream.next_out - expected);
            if (outcome == Z_BUF_ERROR) outcome = Z_OK;
        } while (outcome == Z_OK && stream.avail_in && *length < TEXT_MOST);
        *used = i + 1;
        if (*length == TEXT_MOST) break;
    }
    inflateEnd(&stream);
    return outcome == Z_STREAM_END;
}

/* All members; zeros may follow the last. */
static bool inflate_all(const uint8_t *bytes, size_t size, size_t *length)
{
    size_t used;
    bool unended = false;
    *length = 0;
    do {
        size_t before = *length;
        if (!inflate_member(bytes, size, &used, length)) return false;
        unended = *length > before && size >= SW_GZIP_BLOCK_HEADER &&
                  sw_gzip_block_size(bytes) == used && *length - before <= SW_GZIP_BLOCK_MAXIMUM;
        bytes += used;
        size -= used;
    } while (size && bytes[0] == 0x1f);
    while (size && !*bytes) bytes++, size--;
    return size == 0 && !unended;
}

/* ---- the source ---- */

/* Takes all text, by pieces. */
static bool take_text(struct sw_source *source, const uint8_t *text, size_t length, uint64_t *state,
                      struct sw_error *error)
{
    size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    bool mark = at > 0;
    while (!source->ended) {
        size_t there = source->end - source->start;
        if (!sw_source_fill(source, error)) return false;
        fuzz_require(source->ended || source->end - source->start > there, "nothing more");
        size_t taken = source->end - source->start;
        if (!source->ended && fuzz_next(state) % 4) taken = fuzz_next(state) % taken;
        for (size_t i = 0; i < taken; i++, at++) {
            char want = at < length ? (char)text[at] : '\n';
            fuzz_require(at < length || (at == length && length), "more text than there is");
            fuzz_require(source->base[source->start + i] == want, "byte %zu", at);
            fuzz_require(sw_source_offset(source, source->start + i) == at, "offset of %zu", at);
        }
        source->start += taken;
    }
    bool ends = length == 0 || text[length - 1] == '\n' || (mark && length == 3);
    fuzz_require(at == length + !ends, "%zu bytes, not %zu", at, length + !ends);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sw_source source;
    struct sw_error error = {0};
    uint64_t state = fuzz_hash(bytes, size);
    size_t length = 0;
    if (sw_packing_of(bytes, size) == SW_PACKED_ZSTD) return 0;
    bool zipped = size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
    bool whole = zipped && inflate_all(bytes, size, &length);
    if (length == TEXT_MOST) return 0;
    const uint8_t *text = zipped ? expected : bytes;
    if (!zipped) length = size;
    for (int piped = 0; piped < 2; piped++) {
        const char *path = piped ? fuzz_pipe(bytes, size) : fuzz_file(0, bytes, size);
        bool good = sw_source_open(&source, path, &error);
        if (good && source.parquet) { /* its text is not the file's: targets/parquet.c */
            sw_source_close(&source);
            continue;
        }
        if (good) {
            good = take_text(&source, text, length, &state, &error);
            sw_source_close(&source);
        }
        fuzz_check_error(good, &error);
        fuzz_require(!good || !zipped || whole, "a gzip that is none was read");
        bool foreign =
            strstr(error.message, ": is ") != NULL || strstr(error.message, ": Parquet") != NULL;
        fuzz_require(good || foreign || (zipped && !whole), "refused: %s", error.message);
        error = (struct sw_error){0};
    }
    fuzz_pipe_end();
    return 0;
}

/* ---- the mutator ---- */

/* Puts the sums at the end of a member right, of as many members as there are. */
static void repair(uint8_t *bytes, size_t size)
{
    for (int tries = 0; tries < 8; tries++) {
        z_stream stream = {0};
        uLong sum = crc32(0, NULL, 0);
        int outcome = Z_OK;
        if (inflateInit2(&stream, 15 + 16) != Z_OK) abort();
        stream.next_in = bytes;
        stream.avail_in = (uInt)size;
        while (outcome == Z_OK && stream.total_out < TEXT_MOST) {
            stream.next_out = packed;
            stream.avail_out = sizeof packed;
            outcome = inflate(&stream, Z_NO_FLUSH);
            sum = crc32(sum, packed, (uInt)(sizeof packed - stream.avail_out));
        }
        size_t used = size - stream.avail_in;
        uint32_t right =
            stream.msg && strstr(stream.msg, "length") ? (uint32_t)stream.total_out : (uint32_t)sum;
        bool wrong = stream.msg && strstr(stream.msg, " check") && !strstr(stream.msg, "header");
        inflateEnd(&stream);
        if (outcome == Z_STREAM_END)
            bytes += used, size -= used;
        else if (wrong && used >= 4)
            sw_store32(bytes + used - 4, right);
        else
            return;
    }
}

/* Changes what is packed, and packs it anew. */
static size_t mutate_text(uint8_t *bytes, size_t size, size_t maximum, uint64_t *state)
{
    size_t length = 0, used = 0;
    if (!inflate_member(bytes, size, &used, &length) || length > 1 << 20) return 0;
    length = LLVMFuzzerMutate(expected, length, length + 64);
    z_stream stream = {.next_in = expected, .avail_in = (uInt)length};
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    if (deflateInit2(&stream, (int)(fuzz_next(state) % 10), Z_DEFLATED, 15 + 16,
                     (int)(fuzz_next(state) % 9) + 1, (int)(fuzz_next(state) % 5)) != Z_OK)
        abort();
    bool good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    size_t end = sizeof packed - stream.avail_out, rest = size - used;
    deflateEnd(&stream);
    if (!good || end + rest > maximum) return 0;
    memmove(bytes + end, bytes + used, rest);
    memcpy(bytes, packed, end);
    return end + rest;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed)
{
    uint64_t state = seed;
    size_t changed = fuzz_next(&state) % 3 ? 0 : mutate_text(bytes, size, maximum, &state);
    if (changed) return changed;
    size = LLVMFuzzerMutate(bytes, size, maximum);
    if (fuzz_next(&state) % 8) repair(bytes, size);
    return size;
}
