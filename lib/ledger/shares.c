/* SPDX-License-Identifier: ISC */
#include "ledger/shares.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/folders.h"
#include "ledger/parts_steps.h"
#include "ledger/results_parts.h"

enum { ALL_FIELDS = 5, ABOUT_FIELDS = 7, TEXT_OF_PACKED = 8, WORK_FOR_ONE = 32 << 20 };

static const uint64_t WORK_TO_LOSE = (uint64_t)4 << 30;

static bool is_none(const char *path, struct sw_error *error)
{
    return sw_fail(error, SW_SYSTEM, "%s: not what a run writes there", path);
}

/* ---- what there is of an earlier run ---- */

/* READ KEPT CHECK of a share. False: there is none of this form. */
static bool read_tally(const char *work, uint64_t share, struct sw_buffer *text, uint64_t *kept,
                       uint64_t *crc, uint64_t *size_bytes)
{
    struct sw_buffer path = {0};
    struct sw_error none = {0};
    char *fields[3], *blank = NULL;
    size_t count = 0;
    uint64_t read;
    bool good = sw_join_path(&path, &none, "%s/orders/made/%" PRIu64 ".tally", work, share) &&
                sw_read_list((const char *)path.bytes, text, &none) &&
                sw_cut_line((char *)text->bytes, fields, 3, &count) && count == 3 &&
                (blank = strchr(fields[2], ' '));
    sw_buffer_free(&path);
    if (!good) return false;
    *blank = 0;
    return sw_parse_count(fields[0], &read) && sw_parse_count(fields[1], kept) &&
           sw_parse_count(fields[2], crc) && sw_parse_count(blank + 1, size_bytes);
}

/* Whether the share is there, and what was counted is what was written. */
static bool is_whole(const char *work, uint64_t share, bool *whole, struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    uint64_t kept, crc, size_bytes;
    bool good = true;
    *whole = read_tally(work, share, &text, &kept, &crc, &size_bytes);
    if (*whole) {
        good = sw_join_path(&path, error, "%s/orders/made/%" PRIu64 ".partial", work, share);
        *whole = good && access((const char *)path.bytes, F_OK) == 0;
        good = good && sw_join_path(&path, error, "%s/orders/made/%" PRIu64 ".events", work, share);
        *whole = good && *whole && sw_part_is_same((const char *)path.bytes, crc, size_bytes);
    }
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}

static bool has_key(const char *path, const char *key)
{
    struct sw_buffer text = {0};
    struct sw_error none = {0};
    bool same = sw_read_list(path, &text, &none) && strcmp((const char *)text.bytes, key) == 0;
    sw_buffer_free(&text);
    return same;
}

static bool use_key(const char *work, const char *key, struct sw_error *error)
{
    struct sw_buffer folder = {0}, path = {0};
    const struct sw_buffer text = {(unsigned char *)(uintptr_t)key, strlen(key), 0};
    bool good = sw_join_path(&folder, error, "%s/orders/made", work) &&
                sw_join_path(&path, error, "%s/key", folder.bytes);
    if (good && !has_key((const char *)path.bytes, key))
        good = sw_folder_empty((const char *)folder.bytes, error) &&
               sw_write_list(&text, error, "%s", path.bytes);
    sw_buffer_free(&folder);
    sw_buffer_free(&path);
    return good;
}

/* ---- the plan ---- */

static bool make_folders(const char *work, struct sw_error *error)
{
    static const char *const names[] = {"orders/status", "orders/logs", "orders/running",
                                        "orders/made", "logs"};
    struct sw_buffer path = {0};
    bool good = true;
    for (size_t i = 0; good && i < sizeof names / sizeof *names; i++)
        good = sw_join_path(&path, error, "%s/%s", work, names[i]) &&
               sw_make_folders((const char *)path.bytes, error);
    sw_buffer_free(&path);
    return good;
}

/* Whoever looks for logs finds them all in WORK/logs. */
static bool link_logs(const char *work, struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = sw_join_path(&path, error, "%s/logs/orders", work) &&
                (symlink("../orders/logs", (const char *)path.bytes) == 0 || errno == EEXIST ||
                 sw_fail_errno(error, "%s", path.bytes));
    sw_buffer_free(&path);
    return good;
}

static bool list_parts(const char *work, struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0}, parts = {0};
    char *fields[ALL_FIELDS];
    size_t count;
    bool good = sw_join_path(&path, error, "%s/all", work) &&
                sw_read_list((const char *)path.bytes, &text, error);
    for (char *line = (char *)text.bytes; good && *line;) {
        line = sw_cut_line(line, fields, ALL_FIELDS, &count);
        if (!line || count != ALL_FIELDS) {
            good = is_none((const char *)path.bytes, error);
            break;
        }
        good = sw_buffer_format(&parts, error, "%s/%s.states", work, fields[4]) &&
               sw_buffer_add(&parts, "", 1, error);
    }
    good = good && sw_write_list(&parts, error, "%s/orders/parts", work);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    sw_buffer_free(&parts);
    return good;
}

/* Of all inputs; *as_text: as far as they were to be read as text, of which records and packed files hold several times their size. */
static bool sum_bytes(const char *work, uint64_t *bytes, uint64_t *as_text, struct sw_error *error)
{
    struct sw_buffer path = {0}, text = {0};
    char *fields[ABOUT_FIELDS];
    size_t count;
    uint64_t size;
    bool good = sw_join_path(&path, error, "%s/about", work) &&
                sw_read_list((const char *)path.bytes, &text, error);
    *bytes = *as_text = 0;
    for (char *line = (char *)text.bytes; good && *line;) {
        line = sw_cut_line(line, fields, ABOUT_FIELDS, &count);
        if (!line || count != ABOUT_FIELDS || !sw_parse_count(fields[2], &size)) {
            good = is_none((const char *)path.bytes, error);
            break;
        }
        *bytes += size;
        *as_text += strcmp(fields[1], "csv") == 0 ? size : size * TEXT_OF_PACKED;
    }
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}

/* One for each worker where there is some work, and more where a run that is ended would have much to do again. */
static uint64_t choose_shares(uint64_t workers, uint64_t as_text)
{
    return as_text > WORK_FOR_ONE ? workers * (1 + as_text / WORK_TO_LOSE / workers) : 1;
}

static bool list_jobs(const char *work, uint64_t shares, uint64_t bytes, struct sw_error *error)
{
    struct sw_buffer jobs = {0}, weights = {0};
    uint64_t name = 0;
    bool good = true, whole;
    for (uint64_t share = 1; good && share <= shares; share++) {
        good = is_whole(work, share, &whole, error);
        if (!good || whole) continue;
        name++;
        good = sw_buffer_format(&jobs, error,
                                "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\torders/made/%" PRIu64 "\n",
                                name, share, shares, share) &&
               sw_buffer_format(&weights, error, "%" PRIu64 "\t%" PRIu64 "\n", name,
                                1 + bytes / shares);
    }
    good = good && sw_write_list(&jobs, error, "%s/orders/jobs", work) &&
           sw_write_list(&weights, error, "%s/orders/weights", work);
    sw_buffer_free(&jobs);
    sw_buffer_free(&weights);
    return good;
}

bool sw_shares_plan(const char *work, uint64_t workers, uint64_t *shares, const char *key,
                    struct sw_error *error)
{
    struct sw_buffer all = {0};
    uint64_t bytes, as_text;
    if (!sum_bytes(work, &bytes, &as_text, error)) return false;
    if (*shares == 0) *shares = choose_shares(workers, as_text);
    bool good = sw_buffer_format(&all, error, "%s %" PRIu64, key, *shares) &&
                sw_buffer_add(&all, "", 1, error) && make_folders(work, error) &&
                link_logs(work, error) && use_key(work, (const char *)all.bytes, error) &&
                list_parts(work, error) && list_jobs(work, *shares, bytes, error);
    sw_buffer_free(&all);
    return good;
}

/* ---- the count ---- */

struct events {
    uint64_t (*items)[2]; /* read, kept */
    size_t count, capacity;
};

static bool add_events(struct events *events, bool first, const char *path, struct sw_buffer *text,
                       struct sw_error *error)
{
    char *fields[3];
    size_t count, part = 0;
    uint64_t read, kept;
    if (!sw_read_list(path, text, error)) return false;
    for (char *line = (char *)text->bytes; *line; part++) {
        line = sw_cut_line(line, fields, 3, &count);
        if (!line || count != 2 || !sw_parse_count(fields[0], &read) ||
            !sw_parse_count(fields[1], &kept) || (!first && part == events->count))
            return is_none(path, error);
        if (first) {
            if (!sw_grow(&events->items, &events->capacity, part + 1, sizeof *events->items, error))
                return false;
            memset(events->items[part], 0, sizeof *events->items);
            events->count = part + 1;
        }
        events->items[part][0] += read;
        events->items[part][1] += kept;
    }
    return part == events->count || is_none(path, error);
}

static bool write_events(const char *work, const struct events *events, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = true;
    for (size_t i = 0; good && i < events->count; i++)
        good = sw_buffer_format(&text, error, "%" PRIu64 "\t%" PRIu64 "\n", events->items[i][0],
                                events->items[i][1]);
    good = good && sw_write_list(&text, error, "%s/orders/made/events", work);
    sw_buffer_free(&text);
    return good;
}

bool sw_shares_count(const char *work, uint64_t shares, uint64_t *orders, struct sw_error *error)
{
    struct events events = {0};
    struct sw_buffer path = {0}, text = {0};
    uint64_t kept, crc, size_bytes;
    bool good = true;
    *orders = 0;
    for (uint64_t share = 1; good && share <= shares; share++) {
        good = sw_join_path(&path, error, "%s/orders/made/%" PRIu64 ".events", work, share) &&
               (read_tally(work, share, &text, &kept, &crc, &size_bytes) ||
                is_none((const char *)path.bytes, error)) &&
               add_events(&events, share == 1, (const char *)path.bytes, &text, error);
        if (good) *orders += kept;
    }
    good = good && write_events(work, &events, error);
    free(events.items);
    sw_buffer_free(&path);
    sw_buffer_free(&text);
    return good;
}
