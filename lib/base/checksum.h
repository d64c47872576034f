/* SPDX-License-Identifier: ISC
 *
 * CRC-32C (Castagnoli: polynomial 0x1EDC6F41, reflected, initial value and final xor 0xFFFFFFFF), the checksum of the
 * record stream. The CPU's own instruction is used where it has one; the result is the same everywhere.
 * Source of the parameters: RFC 3720, appendix B.4 ("123456789" gives 0xE3069283).
 */
#ifndef SW_BASE_CHECKSUM_H
#define SW_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint32_t sw_checksum(const void *bytes, size_t length);

#endif
