/* SPDX-License-Identifier: ISC
 *
 * Parquet: the text of a file is the same whether it is taken in large pieces or small ones, and
 * the texts of its row groups, one behind another, are the text of all, with the same fault where
 * there is one; with some columns, lines have as many fields. Marks at both ends are put right.
 */
#include "fuzz.h"
#include "parquet/text.h"

enum { TEXT_MOST = 1 << 20 };

/* Appends the rest of the text, in pieces of at most `piece` bytes, until there is enough. */
static bool take(struct sw_parquet_reader *reader, size_t piece, struct sw_buffer *text,
                 struct sw_error *error)
{
    char bytes[4096];
    size_t got = 1;
    while (got && text->length < TEXT_MOST) {
        if (!sw_parquet_text_read(reader, bytes, piece, &got, error)) return false;
        fuzz_require(got <= piece, "%zu bytes, more than %zu", got, piece);
        if (!sw_buffer_add(text, bytes, got, error)) abort();
    }
    return true;
}

static bool take_all(const char *path, size_t piece, struct sw_buffer *text)
{
    struct sw_input input;
    struct sw_error error = {0};
    if (!sw_input_open(&input, path, &error)) abort();
    struct sw_parquet_reader *reader = sw_parquet_text_open(&input, &error);
    bool good = reader && take(reader, piece, text, &error);
    fuzz_check_error(good, &error);
    sw_parquet_text_close(reader);
    sw_input_close(&input);
    return good;
}

/* The header, then group by group. */
static bool take_groups(const char *path, struct sw_buffer *text)
{
    struct sw_input input;
    struct sw_error error = {0};
    size_t got;
    char bytes[4096];
    if (!sw_input_open(&input, path, &error)) abort();
    struct sw_parquet_reader *reader = sw_parquet_text_open(&input, &error);
    bool good = reader != NULL;
    do {
        good = good && sw_parquet_text_read(reader, bytes, sizeof bytes, &got, &error);
        if (good && !sw_buffer_add(text, bytes, got, &error)) abort();
    } while (good && got == sizeof bytes && bytes[got - 1] != '\n');
    size_t groups = good ? sw_parquet_text_description(reader)->group_count : 0;
    good = good && sw_parquet_text_begin(reader, 0, 0, NULL, &error);
    for (size_t i = 0; good && i < groups && text->length < TEXT_MOST; i++)
        good = sw_parquet_text_begin(reader, i, i + 1, NULL, &error) &&
               take(reader, sizeof bytes, text, &error);
    fuzz_check_error(good, &error);
    sw_parquet_text_close(reader);
    sw_input_close(&input);
    return good;
}

static void compare(const struct sw_buffer *a, bool a_good, const struct sw_buffer *b, bool b_good)
{
    size_t length = a->length < b->length ? a->length : b->length;
    if (length > TEXT_MOST) length = TEXT_MOST;
    fuzz_require(!length || memcmp(a->bytes, b->bytes, length) == 0, "the texts differ");
    if (a->length >= TEXT_MOST || b->length >= TEXT_MOST) return;
    fuzz_require(a_good == b_good, "one is good, the other is not");
    fuzz_require(!a_good || a->length == b->length, "one has %zu bytes, the other %zu", a->length,
                 b->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sw_buffer large = {0}, small = {0}, groups = {0};
    if (size < 12) return 0;
    uint8_t *file = malloc(size);
    if (!file) abort();
    memcpy(file, bytes, size);
    memcpy(file, "PAR1", 4);
    memcpy(file + size - 4, "PAR1", 4);
    const char *path = fuzz_file(0, file, size);
    bool large_good = take_all(path, 4096, &large);
    bool small_good = take_all(path, 1 + fuzz_hash(bytes, size) % 61, &small);
    compare(&large, large_good, &small, small_good);
    bool groups_good = take_groups(path, &groups);
    compare(&large, large_good, &groups, groups_good);
    sw_buffer_free(&large);
    sw_buffer_free(&small);
    sw_buffer_free(&groups);
    free(file);
    return 0;
}
