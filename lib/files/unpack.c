/* SPDX-License-Identifier: ISC */
#include "files/unpack.h"

#include "base/memory.h"
#include "files/gunzip.h"
#include "files/unzstd.h"

struct sw_unpack {
    struct sw_gunzip *gunzip;
    struct sw_unzstd *unzstd; /* one of the two */
};

enum sw_packing sw_packing_of(const unsigned char *first, size_t length)
{
    if (length >= 2 && first[0] == 0x1f && first[1] == 0x8b) return SW_PACKED_GZIP;
    return sw_unzstd_begins(first, length) ? SW_PACKED_ZSTD : SW_PACKED_NOT;
}

const char *sw_packing_name(enum sw_packing packing)
{
    return packing == SW_PACKED_GZIP ? "gzip" : packing == SW_PACKED_ZSTD ? "zstd" : "plain";
}

struct sw_unpack *sw_unpack_open(enum sw_packing packing, struct sw_input *input,
                                 struct sw_error *error)
{
    struct sw_unpack *unpack = sw_alloc(1, sizeof *unpack, error);
    if (!unpack) return NULL;
    if (packing == SW_PACKED_ZSTD)
        unpack->unzstd = sw_unzstd_open(input, error);
    else
        unpack->gunzip = sw_gunzip_open(input, error);
    if (unpack->gunzip || unpack->unzstd) return unpack;
    free(unpack);
    return NULL;
}

bool sw_unpack_read(struct sw_unpack *unpack, void *to, size_t length, size_t *got,
                    struct sw_error *error)
{
    return unpack->gunzip ? sw_gunzip_read(unpack->gunzip, to, length, got, error)
                          : sw_unzstd_read(unpack->unzstd, to, length, got, error);
}

bool sw_unpack_seek(struct sw_unpack *unpack, uint64_t offset, struct sw_error *error)
{
    return sw_gunzip_seek(unpack->gunzip, offset, error);
}

void sw_unpack_close(struct sw_unpack *unpack)
{
    if (!unpack) return;
    sw_gunzip_close(unpack->gunzip);
    sw_unzstd_close(unpack->unzstd);
    free(unpack);
}
