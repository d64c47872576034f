/* SPDX-License-Identifier: ISC
 *
 * The text of a gzip of blocks (files/gzip_block.h) entered at one of them, as an input that can be read at any offset
 * nearby: its blocks are found and unpacked as they are asked for, backward and forward. Nobody knows how much text lies before a block
 * without going through all blocks before it, so offsets are counted from a number of their own, which is above all
 * lengths; where the text is entered at its first block they are the text's own.
 *
 *     if (!sw_gzip_text_open(&text, &file, offset, origin, header_length, error)) …
 *     good = sw_gzip_text_reach(&text, end, &place, error) && … sw_input_read_at(&text.input, place - 99, …) …
 *     sw_gzip_text_close(&text);
 */
#ifndef SW_FILES_GZIP_TEXT_H
#define SW_FILES_GZIP_TEXT_H

#include "files/gzip_block.h"
#include "files/input.h"

/* Of the text of a block that is entered, where what lies before it is not known. */
#define SW_GZIP_TEXT_MIDDLE (UINT64_C(1) << 62)

struct sw_gzip_place {
    uint64_t offset;       /* of a block, in the file */
    uint64_t text;         /* of its first byte */
    uint32_t size, length; /* of the block and of its text */
};

struct sw_gzip_text {
    struct sw_input input; /* to be read with sw_input_read_at; its size is what was reached */
    /* the rest is the module's own */
    struct sw_input *file;
    uint64_t skip; /* bytes of the text that lie before those of interest */
    struct sw_gzip_place *before,
        *after; /* backward from the block that was entered, and forward with it */
    size_t before_count, before_capacity, after_count, after_capacity;
    struct sw_unpacker *unpacker;
    const struct sw_gzip_place *current; /* which is in text */
    unsigned char *packed, *text;
};

/* Whether a file begins with a block. */
bool sw_gzip_has_blocks(struct sw_input *file, bool *has, struct sw_error *error) SW_CHECKED;

/* The first block at an offset of the file or after it, told by the blocks that follow it; the file's size: there is none. */
bool sw_gzip_find_block(struct sw_input *file, uint64_t offset, uint64_t *block,
                        struct sw_error *error) SW_CHECKED;

/* How much text lies before a block: goes through all that are there. SW_DATA: no block is there. */
bool sw_gzip_text_before(struct sw_input *file, uint64_t block, uint64_t *length,
                         struct sw_error *error) SW_CHECKED;

/* Enters at a block, whose text is to begin at `origin`. What is of interest begins `skip` bytes after the text's own
 * beginning. SW_DATA: no block begins there. SW_SYSTEM: no memory. To be closed in any case; the file stays the caller's and where it is. */
bool sw_gzip_text_open(struct sw_gzip_text *text, struct sw_input *file, uint64_t block,
                       uint64_t origin, uint64_t skip, struct sw_error *error) SW_CHECKED;

/* Goes forward, block by block, to the one at `block` (the file's size: the end). *place is where its text begins; the text is known up to
 * there. SW_DATA: no block of this chain begins there. */
bool sw_gzip_text_reach(struct sw_gzip_text *text, uint64_t block, uint64_t *place,
                        struct sw_error *error) SW_CHECKED;

/* Goes on for as much text, or to where no block follows. */
bool sw_gzip_text_extend(struct sw_gzip_text *text, uint64_t length,
                         struct sw_error *error) SW_CHECKED;

/* The block in which a byte of the text lies that was reached. */
const struct sw_gzip_place *sw_gzip_text_find(const struct sw_gzip_text *text, uint64_t place);

void sw_gzip_text_close(struct sw_gzip_text *text);

#endif
