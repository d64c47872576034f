/* SPDX-License-Identifier: ISC
 *
 * Unpacks the pages of a Parquet file: snappy, gzip, LZ4_RAW, and zstd where libzstd was there at build time.
 */
#ifndef SW_PARQUET_CODEC_H
#define SW_PARQUET_CODEC_H

#include "base/bytes.h"

/* As parquet.thrift numbers them. */
enum sw_parquet_codec {
    SW_CODEC_NONE = 0,
    SW_CODEC_SNAPPY = 1,
    SW_CODEC_GZIP = 2,
    SW_CODEC_ZSTD = 6,
    SW_CODEC_LZ4_RAW = 7,
};

/* What the codec is called: "snappy", "brotli", …; "codec 9" in `space` where it has no name. */
const char *sw_codec_name(int codec, char space[32]);

/* Whether this build unpacks it. */
bool sw_codec_known(int codec);

/* Writes exactly `length` bytes to `to`. SW_DATA: they are damaged, or not as many ("gzip: damaged");
 * SW_SYSTEM: no memory. */
bool sw_codec_unpack(int codec, const unsigned char *from, size_t from_length, unsigned char *to,
                     size_t length, struct sw_error *error) SW_CHECKED;

#endif
