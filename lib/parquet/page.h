/* SPDX-License-Identifier: ISC
 *
 * The header of a page of a Parquet file.
 */
#ifndef SW_PARQUET_PAGE_H
#define SW_PARQUET_PAGE_H

#include "base/bytes.h"

/* As parquet.thrift numbers them. */
enum sw_page_type {
    SW_PAGE_DATA = 0,
    SW_PAGE_INDEX = 1,
    SW_PAGE_DICTIONARY = 2,
    SW_PAGE_DATA_2 = 3
};

enum sw_page_encoding {
    SW_ENCODING_PLAIN = 0,
    SW_ENCODING_PLAIN_DICTIONARY = 2, /* older files: of a dictionary page plain, else the next */
    SW_ENCODING_RUNS = 3,
    SW_ENCODING_DIFFERENCES = 5,
    SW_ENCODING_LENGTHS = 6,
    SW_ENCODING_PREFIXES = 7,
    SW_ENCODING_DICTIONARY = 8,
    SW_ENCODING_SPLIT = 9,
};

/* What an encoding is called in parquet.thrift; in `space` where it has no name. */
const char *sw_page_encoding_name(int64_t encoding, char space[32]);

struct sw_page_header {
    int64_t type, raw_bytes, bytes; /* unpacked, and as they lie in the file */
    bool has_checksum;
    uint32_t checksum;
    int64_t values, encoding;
    int64_t level_encoding;                /* of data pages of the first version */
    int64_t level_bytes, repetition_bytes; /* of the second: they are not packed */
    bool packed;
};

enum sw_page_outcome {
    SW_PAGE_GOOD,
    SW_PAGE_SHORT, /* with more bytes there may be one */
    SW_PAGE_WRONG,
};

/* Reads one; *length is how many bytes it takes. What it says is not checked. */
enum sw_page_outcome sw_page_header_read(const void *bytes, size_t available,
                                         struct sw_page_header *header, size_t *length);

#endif
