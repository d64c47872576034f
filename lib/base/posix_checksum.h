/* SPDX-License-Identifier: ISC
 *
 * The CRC of cksum(1), as POSIX describes it: polynomial 0x04C11DB7, the highest bit first, with the length after the bytes. For what a shell
 * has to be able to check, too; records have another (base/checksum.h).
 *
 *     struct sw_posix_checksum sum = {0};
 *     sw_posix_checksum_add(&sum, bytes, length); … sw_posix_checksum_end(&sum)
 */
#ifndef SW_BASE_POSIX_CHECKSUM_H
#define SW_BASE_POSIX_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Zero-initialize. */
struct sw_posix_checksum {
    uint32_t crc;
    uint64_t length;
};

void sw_posix_checksum_add(struct sw_posix_checksum *sum, const void *bytes, size_t length);

/* What cksum prints of all bytes so far; more may be added after. */
uint32_t sw_posix_checksum_end(const struct sw_posix_checksum *sum);

#endif
