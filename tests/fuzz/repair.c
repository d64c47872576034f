/* SPDX-License-Identifier: ISC
 *
 * Changes record streams so that what guards them against accidents does not keep a fuzzer out: one
 * part of the stream (the body of a frame, the bytes of a column) is changed, and all lengths,
 * counts and checksums are put right again.
 */
#include "base/checksum.h"
#include "records.h"

enum { PARTS = 256 };

enum part_kind { PART_BODY, PART_COLUMN };

/* A part that can be changed, and where its length stands. */
struct part {
    enum part_kind kind;
    size_t at, length;
    size_t frame; /* of its body, or of its block */
    size_t entry; /* of a column, in the directory */
};

struct walk {
    uint8_t *bytes;
    size_t size;
    uint64_t rows, blocks; /* of the stream at hand */
    size_t stream_at;
    struct part parts[PARTS];
    size_t part_count;
};

static void note_part(struct walk *walk, struct part part)
{
    if (walk->part_count < PARTS) walk->parts[walk->part_count++] = part;
}

static bool is_tag(const uint8_t *bytes, const char *tag)
{
    return memcmp(bytes, tag, 8) == 0;
}

/* The columns after a block's directory; returns where they end. */
static size_t walk_columns(struct walk *walk, size_t frame, size_t length)
{
    uint8_t *body = walk->bytes + frame + SW_FRAME_LENGTH;
    size_t at = frame + SW_FRAME_LENGTH + length, begin = at;
    if (length < SW_BLOCK_LEAD) return at;
    for (size_t i = 0; SW_BLOCK_LEAD + (i + 1) * SW_ENTRY_LENGTH <= length; i++) {
        uint8_t *entry = body + SW_BLOCK_LEAD + i * SW_ENTRY_LENGTH;
        size_t stored = sw_load32(entry + 8);
        if (stored > walk->size - at) {
            stored = (walk->size - at) / 8 * 8;
            sw_store32(entry + 8, (uint32_t)stored);
        }
        if (!entry[2]) sw_store32(entry + 12, (uint32_t)stored);
        sw_store32(entry + 16, sw_checksum(walk->bytes + at, stored));
        note_part(walk, (struct part){PART_COLUMN, at, stored, frame, (size_t)(entry - body)});
        at += stored;
    }
    sw_store64(body + 8, at - begin);
    walk->rows += sw_load32(body);
    walk->blocks++;
    return at;
}

/* The counts of an end mark, and what its index says of itself. */
static void walk_end(struct walk *walk, size_t frame, size_t length)
{
    uint8_t *body = walk->bytes + frame + SW_FRAME_LENGTH;
    if (length >= SW_END_LENGTH) {
        sw_store64(body, walk->rows);
        sw_store64(body + 8, walk->blocks);
    }
    if (length >= SW_END_LENGTH + 24) {
        sw_store64(body + length - 16, frame - walk->stream_at);
        sw_store64(body + length - 8, SW_FRAME_LENGTH + length);
    }
    walk->rows = walk->blocks = 0;
    walk->stream_at = frame + SW_FRAME_LENGTH + length;
}

/* Repairs frame after frame, and notes the parts. What is asked not to be repaired is not. */
static void walk_stream(struct walk *walk, bool counts)
{
    size_t at = 0;
    walk->part_count = 0;
    walk->rows = walk->blocks = walk->stream_at = 0;
    while (walk->size - at >= SW_FRAME_LENGTH) {
        uint8_t *frame = walk->bytes + at;
        size_t length = sw_load32(frame + 8), end;
        bool block = is_tag(frame, "SWRblock"), mark = is_tag(frame, "SWRend\r\n");
        if (!block && !mark && !is_tag(frame, "\x89SWR\r\n\x1a\n")) return;
        if (length > walk->size - at - SW_FRAME_LENGTH) length = walk->size - at - SW_FRAME_LENGTH;
        note_part(walk, (struct part){PART_BODY, at + SW_FRAME_LENGTH, length, at, 0});
        end = block ? walk_columns(walk, at, length) : at + SW_FRAME_LENGTH + length;
        if (mark && counts) walk_end(walk, at, length);
        sw_store32(frame + 8, (uint32_t)length);
        sw_store32(frame + 12, sw_checksum(frame + SW_FRAME_LENGTH, length));
        sw_store32(frame + 16, 0);
        sw_store32(frame + 20, sw_checksum(frame, 20));
        at = end;
    }
}

void fuzz_repair_stream(uint8_t *bytes, size_t size, unsigned choices)
{
    struct walk walk = {.bytes = bytes, .size = size};
    walk_stream(&walk, !(choices & 1));
}

/* Gives a part other bytes, and its length to who tells of it. */
static size_t replace_part(struct walk *walk, const struct part *part, const uint8_t *with,
                           size_t length)
{
    size_t behind = walk->size - part->at - part->length;
    memmove(walk->bytes + part->at + length, walk->bytes + part->at + part->length, behind);
    memcpy(walk->bytes + part->at, with, length);
    if (part->kind == PART_BODY)
        sw_store32(walk->bytes + part->frame + 8, (uint32_t)length);
    else
        sw_store32(walk->bytes + part->frame + SW_FRAME_LENGTH + part->entry + 8, (uint32_t)length);
    return walk->size = part->at + length + behind;
}

/* Where text, numbers of 64 bits and sequences stand, most changes are of a few bytes. */
static size_t mutate_part(struct walk *walk, const struct part *part, size_t maximum,
                          uint64_t *state)
{
    static uint8_t space[1 << 20];
    size_t room = maximum - (walk->size - part->length);
    if (room > sizeof space || part->length > sizeof space) return walk->size;
    memcpy(space, walk->bytes + part->at, part->length);
    bool same_length = part->kind == PART_BODY && fuzz_next(state) % 4;
    size_t limit = same_length && part->length < room ? part->length : room;
    size_t length = LLVMFuzzerMutate(space, part->length, limit ? limit : 1);
    if (part->kind == PART_COLUMN) {
        while (length % 8 && length < room) space[length++] = 0;
        length -= length % 8;
    }
    if (length > room) return walk->size;
    return replace_part(walk, part, space, length);
}

/* Sets a number of a directory's entry to one that is likely to matter. */
static void mutate_entry(struct walk *walk, const struct part *part, uint64_t *state)
{
    static const sw_int128 one = 1;
    uint8_t *entry = walk->bytes + part->frame + SW_FRAME_LENGTH + part->entry;
    sw_int128 values[] = {0,         1,         -1,        one << 31,  one << 32,       one << 62,
                          one << 63, one << 64, one << 65, one << 126, SW_FRAME_LENGTH, 255};
    sw_int128 value = values[fuzz_next(state) % (sizeof values / sizeof *values)];
    if (fuzz_next(state) % 2) value = -value;
    value += (sw_int128)(fuzz_next(state) % 5) - 2;
    switch (fuzz_next(state) % 6) {
    case 0:
        entry[0] = (uint8_t)(fuzz_next(state) % SW_ENCODINGS);
        return;
    case 1:
        entry[1] = (uint8_t)(fuzz_next(state) % 17);
        return;
    case 2:
        sw_store32(entry + 4, (uint32_t)(fuzz_next(state) % 70));
        return;
    case 3:
        sw_store32(entry + 20, (uint32_t)value);
        return;
    case 4:
        sw_store128(entry + 24, value);
        return;
    default:
        sw_store128(entry + 40, value);
    }
}

size_t fuzz_mutate_stream(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed)
{
    uint64_t state = seed;
    struct walk walk = {.bytes = bytes, .size = size};
    walk_stream(&walk, true);
    unsigned way = fuzz_next(&state) % 16;
    if (way == 0 || walk.part_count == 0) {
        walk.size = LLVMFuzzerMutate(bytes, size, maximum);
    } else {
        const struct part *part = &walk.parts[fuzz_next(&state) % walk.part_count];
        if (way < 4 && part->kind == PART_COLUMN)
            mutate_entry(&walk, part, &state);
        else
            mutate_part(&walk, part, maximum, &state);
    }
    if (way != 1) walk_stream(&walk, fuzz_next(&state) % 8 > 0);
    return walk.size;
}
