/* SPDX-License-Identifier: ISC
 *
 * SHA-256 (FIPS 180-4), for knowing a file's contents again: what sha256sum prints. The CPU's own
 * instructions are used where it has them; the result is the same everywhere.
 *
 *     sw_sha256_begin(&hash);
 *     sw_sha256_add(&hash, bytes, length);    // as often as there is more
 *     sw_sha256_end(&hash, digest);
 */
#ifndef SW_BASE_SHA256_H
#define SW_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SW_SHA256_BLOCK = 64, SW_SHA256_BYTES = 32 };

/* How whole blocks go into the state. */
typedef void sw_sha256_mixer(uint32_t state[8], const unsigned char *blocks, size_t count);

struct sw_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char pending[SW_SHA256_BLOCK];
    sw_sha256_mixer *mix;
};

void sw_sha256_begin(struct sw_sha256 *hash);
/* The portable twin, for the test that compares the two. */
void sw_sha256_begin_portable(struct sw_sha256 *hash);
void sw_sha256_add(struct sw_sha256 *hash, const void *bytes, size_t length);
/* The hash has to be begun anew afterwards. */
void sw_sha256_end(struct sw_sha256 *hash, unsigned char digest[SW_SHA256_BYTES]);

#endif
