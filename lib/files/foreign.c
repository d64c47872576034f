/* SPDX-License-Identifier: ISC */
#include "files/foreign.h"

#include <sw_libraries.h>

#include <string.h>

/* The longer of two that begin alike stands first: a mark of UTF-32 begins with one of UTF-16. */
static const struct kind {
    const char *bytes;
    size_t length;
    struct sw_foreign is;
} kinds[] = {
#ifdef SW_HAVE_LIBZSTD
    {"\x28\xb5\x2f\xfd", 4, {"zstd", "sw-chunk reads it"}},
#else
    {"\x28\xb5\x2f\xfd", 4, {"zstd", "unpack it with zstd -dc"}},
#endif
    {"\xfd\x37zXZ\0", 6, {"xz", "unpack it with xz -dc"}},
    {"BZh", 3, {"bzip2", "unpack it with bzip2 -dc"}},
    {"\x04\x22\x4d\x18", 4, {"lz4", "unpack it with lz4 -dc"}},
    {"\x1f\x8b\x08", 3, {"gzip", "sw-chunk reads it"}},
    {"\x1f\x9d", 2, {"compress (.Z)", "unpack it with gzip -dc"}},
    {"PK\3\4", 4, {"zip", "unpack it with unzip -p"}},
    {"PK\5\6", 4, {"an empty zip", "there is nothing in it"}},
    {"7z\xbc\xaf\x27\x1c", 6, {"7-Zip", "unpack it with 7z x -so"}},
    {"PAR1", 4, {"Parquet", "sw-chunk reads it from a file"}},
    {"ARROW1", 6, {"Arrow", "make CSV of it"}},
    {"\xff\xff\xff\xff", 4, {"Arrow", "make CSV of it"}},
    {"DBN", 3, {"DBN", "make CSV of it with dbn --csv"}},
    {"\xff\xfe\0\0", 4, {"UTF-32", "make UTF-8 of it with iconv -f UTF-32 -t UTF-8"}},
    {"\0\0\xfe\xff", 4, {"UTF-32", "make UTF-8 of it with iconv -f UTF-32 -t UTF-8"}},
    {"\xff\xfe", 2, {"UTF-16", "make UTF-8 of it with iconv -f UTF-16 -t UTF-8"}},
    {"\xfe\xff", 2, {"UTF-16", "make UTF-8 of it with iconv -f UTF-16 -t UTF-8"}},
};

static const struct sw_foreign little = {"UTF-16",
                                         "make UTF-8 of it with iconv -f UTF-16LE -t UTF-8"};
static const struct sw_foreign big = {"UTF-16", "make UTF-8 of it with iconv -f UTF-16BE -t UTF-8"};

/* Text of two bytes a character, without a mark: every other byte is zero. */
static bool alternates(const unsigned char *first, size_t zeros)
{
    for (size_t i = 0; i < 8; i++)
        if ((first[i] == 0) != (i % 2 == zeros)) return false;
    return true;
}

/* The end of a field or of its line, as of a header of one column. */
static bool ends_field(unsigned char byte)
{
    return byte == '\t' || byte == '\n' || byte == '\r';
}

bool sw_begins_as_parquet(const unsigned char *first, size_t length)
{
    return length > 4 && memcmp(first, "PAR1", 4) == 0 && (first[4] < ' ' || first[4] > '~') &&
           !ends_field(first[4]);
}

/* Letters alone may begin a header, too: after these comes a byte that none has. */
static bool follows(const struct kind *kind, const unsigned char *first, size_t length)
{
    if (strcmp(kind->bytes, "BZh") == 0)
        return length >= 10 &&
               (memcmp(first + 4, "1AY&SY", 6) == 0 || memcmp(first + 4, "\x17rE8P\x90", 6) == 0);
    if (strcmp(kind->bytes, "DBN") == 0)
        return length > 3 && first[3] < ' ' && !ends_field(first[3]);
    if (strcmp(kind->bytes, "PAR1") == 0) return sw_begins_as_parquet(first, length);
    return strcmp(kind->bytes, "ARROW1") != 0 || (length > 6 && first[6] == 0);
}

const struct sw_foreign *sw_foreign_find(const unsigned char *first, size_t length)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct kind *kind = &kinds[i];
        if (length >= kind->length && memcmp(first, kind->bytes, kind->length) == 0 &&
            follows(kind, first, length))
            return &kind->is;
    }
    if (length < 8) return NULL;
    return alternates(first, 1) ? &little : alternates(first, 0) ? &big : NULL;
}
