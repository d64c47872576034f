/* SPDX-License-Identifier: ISC
 *
 * Little-endian, unaligned loads and stores, and an append-only byte buffer.
 * The record stream is little-endian on every machine; these are the only way in and out of it.
 */
#ifndef SW_BASE_BYTES_H
#define SW_BASE_BYTES_H

#include <stdint.h>
#include <string.h>

#include "base/error.h"

typedef __int128 sw_int128;
typedef unsigned __int128 sw_uint128;

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "sw keeps its records little-endian in memory; a big-endian port needs swaps in base/bytes.h"
#endif

static inline uint64_t sw_load64(const void *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return value;
}

static inline uint32_t sw_load32(const void *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

static inline uint16_t sw_load16(const void *at)
{
    uint16_t value;
    memcpy(&value, at, 2);
    return value;
}

static inline sw_int128 sw_load128(const void *at)
{
    sw_int128 value;
    memcpy(&value, at, 16);
    return value;
}

static inline void sw_store64(void *at, uint64_t value)
{
    memcpy(at, &value, 8);
}

static inline void sw_store32(void *at, uint32_t value)
{
    memcpy(at, &value, 4);
}

static inline void sw_store16(void *at, uint16_t value)
{
    memcpy(at, &value, 2);
}

static inline void sw_store128(void *at, sw_int128 value)
{
    memcpy(at, &value, 16);
}

/* A growing run of bytes. Zero-initialize; free with sw_buffer_free. */
struct sw_buffer {
    unsigned char *bytes;
    size_t length, capacity;
};

/* Makes room for `more` bytes after length; false with SW_SYSTEM when there is no memory. */
bool sw_buffer_reserve(struct sw_buffer *buffer, size_t more, struct sw_error *error) SW_CHECKED;

/* Appends; false with SW_SYSTEM when there is no memory, the buffer as before. */
bool sw_buffer_add(struct sw_buffer *buffer, const void *bytes, size_t length,
                   struct sw_error *error) SW_CHECKED;
bool sw_buffer_text(struct sw_buffer *buffer, const char *text, struct sw_error *error) SW_CHECKED;
bool sw_buffer_format(struct sw_buffer *buffer, struct sw_error *error, const char *format, ...)
    SW_PRINTF(3, 4) SW_CHECKED;

void sw_buffer_free(struct sw_buffer *buffer);

#endif
