/* SPDX-License-Identifier: ISC */
#include "base/posix_checksum.h"

#include <stdbool.h>

enum { SLICES = 8, POLYNOMIAL = 0x04C11DB7 };

/* tables[k][b]: what byte b, k bytes before the last of eight, adds to the CRC. */
static uint32_t tables[SLICES][256];

static void make_tables(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte << 24;
        for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc >> 31 ? (uint32_t)POLYNOMIAL : 0);
        tables[0][byte] = crc;
    }
    for (int slice = 1; slice < SLICES; slice++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = tables[slice - 1][byte];
            tables[slice][byte] = before << 8 ^ tables[0][before >> 24];
        }
}

static uint32_t add_byte(uint32_t crc, unsigned char byte)
{
    return crc << 8 ^ tables[0][(crc >> 24 ^ byte) & 255];
}

static uint32_t add_eight(uint32_t crc, const unsigned char *at)
{
    uint32_t first = crc ^ ((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
                            (uint32_t)at[3]);
    return tables[7][first >> 24] ^ tables[6][first >> 16 & 255] ^ tables[5][first >> 8 & 255] ^
           tables[4][first & 255] ^ tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^
           tables[0][at[7]];
}

void sw_posix_checksum_add(struct sw_posix_checksum *sum, const void *bytes, size_t length)
{
    const unsigned char *at = bytes, *end = at + length;
    if (tables[0][1] == 0) make_tables();
    for (; end - at >= 8; at += 8) sum->crc = add_eight(sum->crc, at);
    for (; at < end; at++) sum->crc = add_byte(sum->crc, *at);
    sum->length += length;
}

uint32_t sw_posix_checksum_end(const struct sw_posix_checksum *sum)
{
    uint32_t crc = sum->crc;
    if (tables[0][1] == 0) make_tables();
    for (uint64_t length = sum->length; length > 0; length >>= 8)
        crc = add_byte(crc, (unsigned char)length);
    return ~crc;
}
