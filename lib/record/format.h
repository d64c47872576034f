/* SPDX-License-Identifier: ISC
 *
 * The bytes of a record stream: frames, the header, the directory of a block (man 5 sw-record says it all again for people
 * who write a reader). Everything is little-endian.
 *
 *     frame = tag[8] length:u32 body-crc:u32 zero:u32 frame-crc:u32, then `length` bytes of body
 *     stream = header-frame { block-frame columns } end-frame
 */
#ifndef SW_RECORD_FORMAT_H
#define SW_RECORD_FORMAT_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/schema.h"

enum {
    SW_FORMAT_MAJOR = 1,       /* local time is that of SW_ZONE_OF_OLD_STREAMS, or there is none */
    SW_FORMAT_MAJOR_ZONED = 2, /* it is another zone's: readers of major 1 alone would misread it */
    SW_FORMAT_MINOR = 4,       /* the newest; a stream that needs nothing of it says 0 */
    SW_FORMAT_MINOR_SMALL = 2, /* all encodings that a stream to be kept may have */
    SW_FORMAT_MINOR_ROWS = 3,  /* the header says what a row is, and the zone */
    SW_FORMAT_MINOR_METADATA = 4, /* it has metadata */
    SW_FRAME_LENGTH = 24,         /* bytes of a frame before its body */
    SW_BODY_MAXIMUM = 16 << 20,   /* of a header, directory or end mark */
    SW_ENTRY_LENGTH = 56,         /* of a directory's entry */
    SW_RELATION_LEAD = 8, /* of a column that depends on others (encode/column_prediction.h) */
    SW_BLOCK_LEAD = 16,   /* of a directory before its entries */
    SW_COLUMN_MAXIMUM = 128 << 20, /* stored or raw bytes of a column in a block */
    SW_BLOCK_MAXIMUM =
        128
        << 20, /* stored bytes of all columns of a block; and again what they unfold to (sw_decoded_memory) */
};

enum sw_frame_kind {
    SW_FRAME_HEADER,
    SW_FRAME_BLOCK,
    SW_FRAME_END,
    SW_FRAME_UNKNOWN,
};

/* How a sequence of numbers is stored (encode/sequence.h). Numbers of the stream; they never change. */
enum sw_sequence_kind {
    SW_PACKED = 3,
    SW_DELTA = 4,
    SW_LOOKUP = 5,
    SW_RUNS = 6,
    SW_COMMON = 7,
    SW_AGAIN = 8,
    SW_RISING = 9,
};

/* How a column is stored. Numbers of the stream, too: from 3 to 9 they are those of enum sw_sequence_kind, where the values, or a text's
 * codes after its dictionary, are such a sequence. */
enum sw_encoding {
    SW_CONSTANT = 0,           /* no bytes: every value is the minimum */
    SW_FRAME_OF_REFERENCE = 1, /* value - minimum, in `width` bytes */
    SW_DICTIONARY = 2,         /* text: lengths, bytes, then codes in `width` bytes */
    SW_SHARED = 10,     /* as the rows with the same key have it (encode/column_prediction.h) */
    SW_DIFFERENCE = 11, /* of two other columns */
    SW_ENCODINGS = 12,
};

/* Whether a column of this encoding has a sequence of its own, whether it depends on other columns, and
 * the minor version from which on there is such an encoding: the one place that knows which numbers
 * those are. */
static inline bool sw_is_sequence(unsigned encoding)
{
    return encoding >= SW_PACKED && encoding <= SW_RISING;
}

static inline bool sw_is_related(unsigned encoding)
{
    return encoding == SW_SHARED || encoding == SW_DIFFERENCE;
}

static inline unsigned sw_encoding_minor(unsigned encoding)
{
    return encoding >= SW_AGAIN ? SW_FORMAT_MINOR_SMALL : encoding >= SW_PACKED ? 1 : 0;
}

/* A directory's entry: how a column of a block is stored. */
struct sw_entry {
    uint8_t encoding;   /* enum sw_encoding */
    uint8_t width;      /* bytes a row: 0 to 8, or 16; 0 for sequences */
    uint8_t compressed; /* 1: the stored bytes are a zlib stream, padded */
    uint32_t nulls;
    uint32_t stored_length; /* bytes in the stream, a multiple of 8 */
    uint32_t raw_length;    /* the same before compression */
    uint32_t checksum;      /* CRC-32C of the stored bytes */
    uint32_t dictionary_size;
    sw_int128 minimum,
        maximum; /* of the values; text: their first 16 bytes, zero-padded, as bytes */
};

/* Appends a whole frame to out. */
bool sw_format_frame(struct sw_buffer *out, enum sw_frame_kind kind, const void *body,
                     size_t length, struct sw_error *error) SW_CHECKED;

/* Reads the SW_FRAME_LENGTH bytes of a frame: its kind (SW_FRAME_UNKNOWN when damaged or no frame), body length and checksum. */
enum sw_frame_kind sw_parse_frame(const unsigned char *bytes, uint32_t *length, uint32_t *checksum);

/* The body of a header frame, of a stream of this minor version (or a later one, where what it says needs that), and back. Parsing initializes *schema; false with SW_DATA and a reason when it is not
 * one ("header: …"), nothing to free then. */
bool sw_format_header(struct sw_buffer *out, const struct sw_schema *schema, unsigned minor,
                      struct sw_error *error) SW_CHECKED;
bool sw_parse_header(const unsigned char *bytes, size_t length, struct sw_schema *schema,
                     struct sw_error *error) SW_CHECKED;

/* The SW_ENTRY_LENGTH bytes of an entry, and back: false when what it says is impossible for a column of this type in a block of
 * `rows` rows. */
void sw_format_entry(unsigned char *to, const struct sw_entry *entry);
bool sw_parse_entry(const unsigned char *bytes, enum sw_type type, size_t rows,
                    struct sw_entry *entry) SW_CHECKED;

#endif
