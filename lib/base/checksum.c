/* SPDX-License-Identifier: ISC */
#include "base/checksum.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "base/cpu_feature.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#endif

enum { POLYNOMIAL_REFLECTED = (int)0x82F63B78 };

/* tables[k][b]: what byte b contributes when k more bytes follow it in the same 8-byte step. */
static uint32_t tables[8][256];
static bool tables_ready;

static void make_tables(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? (uint32_t)POLYNOMIAL_REFLECTED : 0);
        tables[0][byte] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (int byte = 0; byte < 256; byte++)
            tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 255];
    tables_ready = true;
}

static uint32_t step_eight(uint32_t crc, uint64_t word)
{
    word ^= crc;
    uint32_t sum = 0;
    for (int k = 0; k < 8; k++) sum ^= tables[7 - k][(word >> (8 * k)) & 255];
    return sum;
}

static uint32_t run_portable(uint32_t crc, const unsigned char *at, size_t length)
{
    if (!tables_ready) make_tables();
    for (; length >= 8; at += 8, length -= 8) crc = step_eight(crc, sw_load64(at));
    for (; length; at++, length--) crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 255];
    return crc;
}

static uint32_t checksum_portable(const void *bytes, size_t length)
{
    return ~run_portable(~0u, bytes, length);
}

#if defined(__x86_64__) || defined(__aarch64__)

#if defined(__x86_64__)
#define CRC_TARGET __attribute__((target("sse4.2")))
#define CRC_WORD(crc, word) _mm_crc32_u64((crc), (word))
#define CRC_BYTE(crc, byte) _mm_crc32_u8((crc), (byte))
typedef uint64_t crc_state; /* as the instruction gives it: a narrower one would be cut each time */
static bool have_instruction(void)
{
    return SW_CPU_FEATURE(SSE4_2, "sse4.2");
}
#else
#define CRC_TARGET __attribute__((target("+crc")))
#define CRC_WORD(crc, word) __crc32cd((crc), (word))
#define CRC_BYTE(crc, byte) __crc32cb((crc), (byte))
typedef uint32_t crc_state;
static bool have_instruction(void)
{
    return getauxval(AT_HWCAP) & (1 << 7); /* HWCAP_CRC32 */
}
#endif

/* The instruction has a latency of three cycles and a throughput of one, so three lanes run side by side; a lane's
 * checksum is moved past the lanes after it by `shift`, which appends LANE zero bytes to a message.
 * */
enum { LANE = 1024 };
static uint32_t shift_table[4][256];
static bool shift_ready;

/* Every program that reads or writes a stream of some length makes it: so it is made of 32 lanes of zeros, one for each bit. */
CRC_TARGET static void make_shift(void)
{
    for (int bit = 0; bit < 32; bit++) {
        crc_state crc = 1u << bit;
        for (size_t i = 0; i < LANE; i += 8) crc = CRC_WORD(crc, 0);
        shift_table[bit / 8][1 << bit % 8] = (uint32_t)crc;
    }
    for (int k = 0; k < 4; k++)
        for (int byte = 1; byte < 256; byte++) {
            int lowest = byte & -byte;
            shift_table[k][byte] = shift_table[k][byte - lowest] ^ shift_table[k][lowest];
        }
    shift_ready = true;
}

static uint32_t shift(uint32_t crc)
{
    return shift_table[0][crc & 255] ^ shift_table[1][crc >> 8 & 255] ^
           shift_table[2][crc >> 16 & 255] ^ shift_table[3][crc >> 24];
}

CRC_TARGET static uint32_t run_instruction(uint32_t start, const unsigned char *at, size_t length)
{
    crc_state crc = start;
    for (; length >= 3 * LANE; at += 3 * LANE, length -= 3 * LANE) {
        crc_state second = 0, third = 0;
#pragma GCC unroll 16
        for (size_t i = 0; i < LANE; i += 8) {
            crc = CRC_WORD(crc, sw_load64(at + i));
            second = CRC_WORD(second, sw_load64(at + LANE + i));
            third = CRC_WORD(third, sw_load64(at + 2 * LANE + i));
        }
        crc = shift(shift((uint32_t)crc) ^ (uint32_t)second) ^ (uint32_t)third;
    }
    for (; length >= 8; at += 8, length -= 8) crc = CRC_WORD(crc, sw_load64(at));
    for (; length; at++, length--) crc = CRC_BYTE((uint32_t)crc, *at);
    return (uint32_t)crc;
}

uint32_t sw_checksum(const void *bytes, size_t length)
{
    if (!have_instruction()) return checksum_portable(bytes, length);
    if (!shift_ready && length >= (size_t)3 * LANE) make_shift();
    return ~run_instruction(~0u, bytes, length);
}

#else

uint32_t sw_checksum(const void *bytes, size_t length)
{
    return checksum_portable(bytes, length);
}

#endif
