/* SPDX-License-Identifier: ISC
 *
 * unpack_test FILE: the text of a packed file, as lib/files/unpack.h gives it, to standard output. unpack_test -c: standard
 * input as gzip in blocks. unpack_test -l: the libraries it was built with. Built by tests/gzip.bats with and without the libraries
 * that can be done without: either way it must give the same text, and refuse the same files.
 */
#include <stdio.h>
#include <stdlib.h>

#include <sw_libraries.h>

#include "files/gzip_block.h"
#include "files/unpack.h"

static struct sw_error error;

static void fail(void)
{
    fprintf(stderr, "%s\n", error.message);
    exit(error.status);
}

static void pack(void)
{
    static unsigned char text[SW_GZIP_BLOCK_TEXT], block[SW_GZIP_BLOCK_MAXIMUM];
    struct sw_packer *packer = sw_packer_open(&error);
    size_t got;
    if (!packer) fail();
    do {
        got = fread(text, 1, sizeof text, stdin);
        size_t size = sw_packer_block(packer, text, got, block);
        if (fwrite(block, 1, size, stdout) < size) exit(3);
    } while (got > 0);
    sw_packer_free(packer);
}

static void unpack(const char *path)
{
    static unsigned char first[SW_PACKING_LENGTH], text[100001];
    struct sw_input input;
    size_t got;
    if (!sw_input_open(&input, path, &error) ||
        !sw_input_peek(&input, first, sizeof first, &got, &error))
        fail();
    struct sw_unpack *unpack = sw_unpack_open(sw_packing_of(first, got), &input, &error);
    if (!unpack) fail();
    for (bool more = true; more; more = got == sizeof text) {
        if (!sw_unpack_read(unpack, text, sizeof text, &got, &error)) fail();
        if (fwrite(text, 1, got, stdout) < got) exit(3);
    }
    sw_unpack_close(unpack);
    sw_input_close(&input);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    if (argv[1][0] != '-')
        unpack(argv[1]);
    else if (argv[1][1] == 'c')
        pack();
    else {
#ifdef SW_HAVE_LIBDEFLATE
        puts("libdeflate");
#endif
#ifdef SW_HAVE_LIBZSTD
        puts("libzstd");
#endif
#ifdef SW_HAVE_ISAL
        puts("isal");
#endif
    }
    return fflush(stdout) == 0 ? 0 : 3;
}
