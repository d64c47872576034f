/* SPDX-License-Identifier: ISC
 *
 * Digests standard input, read in pieces of a size: `sha256_test portable|best PIECE`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

int main(int argc, char **argv)
{
    static unsigned char space[1 << 16];
    unsigned char digest[SW_SHA256_BYTES];
    struct sw_sha256 hash;
    size_t got, piece = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    if (piece == 0 || piece > sizeof space) return 2;
    if (strcmp(argv[1], "portable") == 0)
        sw_sha256_begin_portable(&hash);
    else
        sw_sha256_begin(&hash);
    while ((got = fread(space, 1, piece, stdin)) > 0) sw_sha256_add(&hash, space, got);
    sw_sha256_end(&hash, digest);
    for (size_t i = 0; i < sizeof digest; i++) printf("%02x", digest[i]);
    return printf("\n") < 0 || fclose(stdout) != 0;
}
