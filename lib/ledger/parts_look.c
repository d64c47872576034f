/* SPDX-License-Identifier: ISC
 * Whether a part is whole, and its text what was written (ledger/parts.h). */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "base/posix_checksum.h"
#include "files/input.h"
#include "ledger/parts_steps.h"
#include "ledger/results_parts.h"

enum { READ, KEPT, REJECTED, BAD, LINES, HEADER, EMPTY, IGNORED, CHECKS, FIELDS };

bool sw_part_is_same(const char *path, uint64_t crc, uint64_t size_bytes)
{
    static unsigned char bytes[1 << 16];
    struct sw_posix_checksum sum = {0};
    struct sw_error none = {0};
    struct sw_input input;
    struct stat about;
    size_t got = 0;
    if (stat(path, &about) != 0 || (uint64_t)about.st_size != size_bytes ||
        !sw_input_open(&input, path, &none))
        return false;
    bool good;
    while ((good = sw_input_read(&input, bytes, sizeof bytes, &got, &none)) && got > 0)
        sw_posix_checksum_add(&sum, bytes, got);
    sw_input_close(&input);
    return good && sum.length == size_bytes && sw_posix_checksum_end(&sum) == crc;
}

/* ---- the tally ---- */

static bool sum_is(char **fields, size_t from, size_t to, uint64_t *sum)
{
    *sum = 0;
    for (uint64_t count; from <= to; from++) {
        if (!sw_parse_count(fields[from], &count)) return false;
        *sum += count;
    }
    return true;
}

/* Rows and lines add up; of records there are no lines. */
static bool adds_up(char **fields)
{
    uint64_t rows, lines, read, all;
    if (!sum_is(fields, READ, READ, &read) || !sum_is(fields, KEPT, BAD, &rows) || read != rows)
        return false;
    bool records = true;
    for (size_t i = LINES; i <= IGNORED; i++) records = records && strcmp(fields[i], "-") == 0;
    return records || (sum_is(fields, LINES, LINES, &all) &&
                       sum_is(fields, HEADER, IGNORED, &lines) && all == lines + read);
}

/* Cuts "ENDING:CRC:SIZE", at most up to a blank; *next: what follows it. NULL: it is none. */
static const char *cut_check(char *check, uint64_t *crc, uint64_t *size_bytes, char **next)
{
    char *blank = strchr(check, ' '), *first, *second;
    *next = blank ? blank + 1 : check + strlen(check);
    if (blank) *blank = 0;
    first = strchr(check, ':');
    second = first ? strchr(first + 1, ':') : NULL;
    if (!second || first == check ||
        strspn(check, "abcdefghijklmnopqrstuvwxyz") != (size_t)(first - check))
        return NULL;
    *first = *second = 0;
    return sw_parse_count(first + 1, crc) && sw_parse_count(second + 1, size_bytes) ? check : NULL;
}

static bool check_file(const struct sw_parts *parts, const char *part, char *checks, bool *same,
                       struct sw_buffer *damaged, struct sw_error *error)
{
    struct sw_buffer path = {0};
    uint64_t crc, size_bytes;
    bool good = true;
    while (good && *checks) {
        const char *ending = cut_check(checks, &crc, &size_bytes, &checks);
        if (!ending) {
            *same = false;
            break;
        }
        good = sw_join_path(&path, error, "%s/%s.%s", parts->work, part, ending);
        if (good && !sw_part_is_same((const char *)path.bytes, crc, size_bytes)) {
            *same = false;
            good = sw_buffer_format(damaged, error, "%s.%s\n", part, ending);
        }
    }
    sw_buffer_free(&path);
    return good;
}

/* *whole is set where the tally says so. */
static bool take_tally(const struct sw_parts *parts, const char *part, const char *path, char *text,
                       bool *whole, struct sw_buffer *damaged, struct sw_error *error)
{
    char *fields[FIELDS];
    size_t count = 0;
    bool same = true;
    if (!sw_cut_line(text, fields, FIELDS, &count) || count < CHECKS) return true;
    if (count > CHECKS && !check_file(parts, part, fields[CHECKS], &same, damaged, error))
        return false;
    *whole = same && adds_up(fields);
    if (!same && unlink(path) != 0 && errno != ENOENT) return sw_fail_errno(error, "%s", path);
    return true;
}

bool sw_part_look(const struct sw_parts *parts, const char *part, bool *whole,
                  struct sw_buffer *damaged, struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    struct sw_error none = {0};
    *whole = false;
    bool good = sw_join_path(&path, error, "%s/%s.tally", parts->work, part);
    if (good && sw_read_list((const char *)path.bytes, &text, &none))
        good = take_tally(parts, part, (const char *)path.bytes, (char *)text.bytes, whole, damaged,
                          error);
    good = good && sw_join_path(&path, error, "%s/%s.%s", parts->work, part, parts->ending);
    if (good && access((const char *)path.bytes, F_OK) != 0) *whole = false;
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}
