/* SPDX-License-Identifier: ISC
 * The jobs of an analysis' securities (ledger/results.h). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ledger/results_parts.h"

/* Of a range. A job hands their codes to programs as one word, which may have 128 KiB, and their folders as a word each. So many events take a
 * process some 120 MiB. */
enum { MOST_SECURITIES = 4096, MOST_CODE_BYTES = 1 << 16, RANGE_EVENTS = 400000 };

/* A job: those of `members` from first on. */
struct range {
    const struct sw_wanted **first;
    size_t count, code_bytes;
    uint64_t events;
};

struct ranges {
    struct range *items;
    size_t count, capacity;
};

static bool add_range(struct ranges *ranges, const struct sw_wanted **first, struct sw_error *error)
{
    if (!sw_grow(&ranges->items, &ranges->capacity, ranges->count + 1, sizeof *ranges->items,
                 error))
        return false;
    ranges->items[ranges->count++] = (struct range){.first = first};
    return true;
}

static int by_code(const void *left, const void *right)
{
    const struct sw_wanted *const *a = left, *const *b = right;
    return sw_security_compare((*a)->code, (*b)->code);
}

static int by_events(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    if (a->events != b->events) return a->events > b->events ? -1 : 1;
    return sw_security_compare(a->first[0]->code, b->first[0]->code);
}

static bool has_room(const struct range *range, const struct sw_wanted *wanted, uint64_t events)
{
    return range->events + wanted->events + range->count <= events &&
           range->count < MOST_SECURITIES &&
           range->code_bytes + strlen(wanted->code) + 1 <= MOST_CODE_BYTES;
}

/* A process has its cost, too, so that of few events half as many ranges are made, as long as they do not get too large. */
static uint64_t events_of_range(uint64_t total, uint64_t most)
{
    const uint64_t share = total / most;
    if (share >= RANGE_EVENTS) return share;
    return 2 * share < RANGE_EVENTS ? 2 * share : RANGE_EVENTS;
}

/* Ranges of neighbours of about equal weight, so that a security costs no process of its own. One of few events has its cost, too. */
static bool cut_ranges(const struct sw_wanted **members, size_t count, uint64_t most,
                       struct ranges *ranges, struct sw_error *error)
{
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) total += members[i]->events + 1;
    const uint64_t events = events_of_range(total, most);
    qsort(members, count, sizeof *members, by_code);
    for (size_t i = 0; i < count; i++) {
        struct range *range = i ? &ranges->items[ranges->count - 1] : NULL;
        if (!range || !has_room(range, members[i], events)) {
            if (!add_range(ranges, &members[i], error)) return false;
            range = &ranges->items[ranges->count - 1];
        }
        range->events += members[i]->events;
        range->code_bytes += strlen(members[i]->code) + 1;
        range->count++;
    }
    qsort(ranges->items, ranges->count, sizeof *ranges->items, by_events);
    return true;
}

/* ---- a line a job ---- */

static const char *code_of(const struct sw_wanted *wanted)
{
    return wanted->code;
}

static const char *key_of(const struct sw_wanted *wanted)
{
    return wanted->key;
}

static const char *folder_of(const struct sw_wanted *wanted)
{
    return wanted->folder;
}

static bool put_all(const struct range *range, const char *(*text_of)(const struct sw_wanted *),
                    struct sw_buffer *out, struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < range->count; i++)
        good = sw_buffer_format(out, error, "%s%s", i ? "," : "\t", text_of(range->first[i]));
    return good;
}

/* The numbers of a table's parts, each once, in order. */
static bool put_parts(const struct range *range, int table, struct sw_buffer *out,
                      struct sw_error *error)
{
    struct sw_buffer has = {0}; /* a byte a part */
    bool good = true, some = false;
    for (size_t i = 0; good && i < range->count; i++) {
        char *end;
        for (const char *at = range->first[i]->parts[table]; good && *at;
             at = *end ? end + 1 : end) {
            size_t number = strtoul(at, &end, 10);
            while (good && has.length <= number) good = sw_buffer_add(&has, "", 1, error);
            if (good) has.bytes[number] = 1;
        }
    }
    good = good && sw_buffer_text(out, "\t", error);
    for (size_t number = 0; good && number < has.length; number++) {
        if (!has.bytes[number]) continue;
        good = sw_buffer_format(out, error, "%s%zu", some ? "," : "", number);
        some = true;
    }
    sw_buffer_free(&has);
    return good;
}

/* Where the results go: the folder of the one security, or the first one's with what tells this range from others. */
static bool put_place(const struct range *range, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_identity identity;
    char text[SW_IDENTITY_LENGTH + 1];
    if (!sw_buffer_format(out, error, "\t%s", range->first[0]->folder)) return false;
    if (range->count == 1) return true;
    sw_identity_begin(&identity);
    for (size_t i = 0; i < range->count; i++)
        sw_identity_text(&identity, range->first[i]->code, range->first[i]->key);
    sw_identity_end(&identity, text);
    return sw_buffer_format(out, error, ".to-%s", text);
}

static bool put_job(size_t name, const struct range *range, struct sw_buffer *jobs,
                    struct sw_buffer *weights, struct sw_error *error)
{
    bool good = sw_buffer_format(jobs, error, "%zu", name) &&
                put_all(range, code_of, jobs, error) && put_all(range, key_of, jobs, error) &&
                put_all(range, folder_of, jobs, error) &&
                sw_buffer_format(jobs, error, "\t%" PRIu64, range->events) &&
                sw_buffer_format(weights, error, "%zu\t%" PRIu64 "\n", name, range->events);
    for (int table = 0; good && table < SW_TABLES; table++)
        good = put_parts(range, table, jobs, error);
    return good && put_place(range, jobs, error) && sw_buffer_text(jobs, "\n", error);
}

bool sw_wanted_jobs(const struct sw_wanted_list *wanted, uint64_t ranges, struct sw_buffer *jobs,
                    struct sw_buffer *weights, uint64_t *count, struct sw_error *error)
{
    struct ranges made = {0};
    size_t missing = 0;
    const struct sw_wanted **members = sw_alloc(wanted->count + 1, sizeof *members, error);
    bool good = members != NULL;
    for (size_t i = 0; good && i < wanted->count; i++)
        if (!wanted->items[i].there) members[missing++] = &wanted->items[i];
    if (good && ranges > 0 && missing > ranges) {
        good = cut_ranges(members, missing, ranges, &made, error);
    } else {
        for (size_t i = 0; good && i < missing; i++) {
            good = add_range(&made, &members[i], error);
            if (good) made.items[i].count = 1, made.items[i].events = members[i]->events;
        }
    }
    for (size_t i = 0; good && i < made.count; i++)
        good = put_job(i + 1, &made.items[i], jobs, weights, error);
    if (good) *count = missing;
    free(made.items);
    free(members);
    return good;
}
