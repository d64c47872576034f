/* SPDX-License-Identifier: ISC
 *
 * Bytes in memory as one gzip member, with neither a name nor a time in it. What is in it is of libdeflate where that was there at
 * build time, else of zlib; by equal libraries the bytes are the same on every processor.
 *
 *     struct sw_gzip_member gzip = {.level = 1};
 *     if (!sw_gzip_member_pack(&gzip, bytes, length, error)) …
 *     … gzip.packed …
 *     sw_gzip_member_free(&gzip);
 */
#ifndef SW_FILES_GZIP_MEMBER_H
#define SW_FILES_GZIP_MEMBER_H

#include "base/bytes.h"

struct sw_gzip_member {
    int level;               /* 1 to 9, the least to the smallest */
    struct sw_buffer packed; /* the last member that was made */
    void *library;           /* NULL until it is needed */
};

/* SW_SYSTEM: no memory. */
bool sw_gzip_member_pack(struct sw_gzip_member *gzip, const void *bytes, size_t length,
                         struct sw_error *error) SW_CHECKED;

void sw_gzip_member_free(struct sw_gzip_member *gzip);

/* The sum that gzip has, of what had `sum` (0: of nothing) and these bytes after it. */
uint32_t sw_gzip_sum(uint32_t sum, const void *bytes, size_t length);

#endif
