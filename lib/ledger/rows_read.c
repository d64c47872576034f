/* SPDX-License-Identifier: ISC
 * Reads what a run's jobs counted (ledger/rows.h). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/whole.h"
#include "files/list_lines.h"
#include "ledger/rows.h"

enum { FIELDS = 9, FILE_MOST = 1 << 30 };

static bool read_text(const char *path, const char *what, size_t most, struct sw_buffer *text,
                      struct sw_error *error)
{
    text->length = 0;
    return sw_read_whole(path, what, most, text, error) && sw_buffer_add(text, "", 1, error);
}

static bool is_none(const char *path, struct sw_error *error)
{
    return sw_fail(error, SW_SYSTEM, "%s: not what a run writes there", path);
}

/* ---- the inputs ---- */

static bool read_left_out(const char *text, struct sw_ledger_input *input)
{
    uint64_t *of = input->left_out.of;
    char end;
    if (strcmp(text, "-") == 0) return true;
    input->indexed = input->left_out.text = true;
    bool good =
        sscanf(text, "%" SCNu64 ":%" SCNu64 ":%" SCNu64 ":%" SCNu64 ":%" SCNu64 "%c", &of[SW_READ],
               &of[SW_LINES], &of[SW_HEADER], &of[SW_EMPTY], &of[SW_IGNORED], &end) == 5;
    of[SW_REJECTED] = of[SW_READ];
    return good;
}

static bool read_input(char *fields[FIELDS], size_t count, struct sw_ledger_input *input)
{
    if (count != 7) return false;
    input->table = fields[0];
    input->kind = fields[1];
    input->identity = fields[6];
    input->rows_known = strcmp(fields[4], "-") != 0;
    input->counts.text = true; /* until records come */
    return sw_parse_count(fields[2], &input->size_bytes) &&
           sw_parse_count(fields[3], &input->begin) &&
           (!input->rows_known || sw_parse_count(fields[4], &input->rows)) &&
           read_left_out(fields[5], input);
}

/* Names are ended by NULs, so they are no text for sw_read_whole. */
static bool read_names(struct sw_ledger *ledger, const char *path, struct sw_error *error)
{
    struct sw_input input;
    unsigned char bytes[8192];
    size_t got;
    if (!sw_input_open(&input, path, error)) return false;
    bool good;
    while ((good = sw_input_read(&input, bytes, sizeof bytes, &got, error)) && got > 0)
        if (!(good = sw_buffer_add(&ledger->names, bytes, got, error))) break;
    sw_input_close(&input);
    return good && sw_buffer_add(&ledger->names, "", 1, error);
}

static bool read_inputs(struct sw_ledger *ledger, const char *path, struct sw_error *error)
{
    char *line = (char *)ledger->about.bytes, *fields[FIELDS];
    const char *name = (const char *)ledger->names.bytes;
    const char *end = name + ledger->names.length - 1;
    for (size_t count; line && *line; name += strlen(name) + 1) {
        struct sw_ledger_input input = {.name = name};
        line = sw_cut_line(line, fields, FIELDS, &count);
        if (!line || name >= end || !read_input(fields, count, &input)) return is_none(path, error);
        input.end = input.begin;
        if (!sw_grow(&ledger->inputs, &ledger->capacity, ledger->count + 1, sizeof *ledger->inputs,
                     error))
            return false;
        ledger->inputs[ledger->count++] = input;
    }
    return name == end || is_none(path, error);
}

bool sw_ledger_open(struct sw_ledger *ledger, const char *work, const char *stage,
                    const char *about, const char *events, struct sw_error *error)
{
    struct sw_buffer path = {0};
    ledger->work = work;
    bool good = sw_buffer_format(&path, error, "%s/inputs", stage) &&
                sw_buffer_add(&path, "", 1, error) &&
                read_names(ledger, (const char *)path.bytes, error) &&
                read_text(about, "a list", FILE_MOST, &ledger->about, error) &&
                read_inputs(ledger, (const char *)path.bytes, error);
    path.length = 0;
    good = good && sw_buffer_format(&path, error, "%s/all", stage) &&
           sw_buffer_add(&path, "", 1, error) &&
           read_text((const char *)path.bytes, "a list", FILE_MOST, &ledger->all, error) &&
           (!events || read_text(events, "a list", FILE_MOST, &ledger->events, error));
    if (good && events) ledger->next_event = (char *)ledger->events.bytes;
    sw_buffer_free(&path);
    return good;
}

/* ---- the tallies ---- */

char *sw_ledger_read_counts(char *line, struct sw_ledger_counts *counts)
{
    char *fields[FIELDS];
    size_t count = 0;
    char *next = sw_cut_line(line, fields, FIELDS, &count);
    if (!next || count < SW_LEDGER_COUNTS) return NULL;
    *counts = (struct sw_ledger_counts){.text = strcmp(fields[SW_LINES], "-") != 0};
    for (size_t i = 0; i < SW_LEDGER_COUNTS; i++)
        if (!(i >= SW_LINES && !counts->text && strcmp(fields[i], "-") == 0) &&
            !sw_parse_count(fields[i], &counts->of[i]))
            return NULL;
    return next;
}

static bool read_text_of(const struct sw_ledger *ledger, const char *part, const char *ending,
                         struct sw_buffer *text, struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = sw_buffer_format(&path, error, "%s/%s.%s", ledger->work, part, ending) &&
                sw_buffer_add(&path, "", 1, error) &&
                read_text((const char *)path.bytes, "a tally", FILE_MOST, text, error);
    sw_buffer_free(&path);
    return good;
}

static bool no_tally(const struct sw_ledger *ledger, struct sw_error *error)
{
    return sw_fail(error, SW_SYSTEM, "%s: a tally is none", ledger->work);
}

static bool read_tally(const struct sw_ledger *ledger, const char *part, struct sw_buffer *text,
                       struct sw_ledger_counts *counts, struct sw_error *error)
{
    return read_text_of(ledger, part, "tally", text, error) &&
           (sw_ledger_read_counts((char *)text->bytes, counts) || no_tally(ledger, error));
}

/* Of what a chunk kept, some events were kept with their orders, the others rejected with theirs. */
static bool fold(struct sw_ledger *ledger, const char *part, struct sw_ledger_counts *counts,
                 struct sw_error *error)
{
    char *fields[FIELDS];
    size_t count = 0;
    uint64_t read, kept, taken = counts->of[SW_KEPT];
    if (!ledger->next_event) return true;
    ledger->next_event = sw_cut_line(ledger->next_event, fields, FIELDS, &count);
    if (!ledger->next_event || count != 2 || !sw_parse_count(fields[0], &read) ||
        !sw_parse_count(fields[1], &kept) || read != taken || kept > taken)
        return sw_fail(error, SW_SYSTEM,
                       "the ledger does not add up: %s/%s: %" PRIu64
                       " events were kept, but %s folded",
                       ledger->work, part, taken, count ? fields[0] : "none");
    counts->of[SW_REJECTED] += taken - kept;
    counts->of[SW_KEPT] = kept;
    return true;
}

/* ---- the chunks, one after another ---- */

static bool may_have_gaps(const struct sw_ledger_input *input)
{
    return strcmp(input->kind, "csv") == 0 && (input->rows_known || input->indexed);
}

static bool blame_cover(const struct sw_ledger *ledger, const struct sw_ledger_input *input,
                        struct sw_error *error)
{
    char plan[4200];
    snprintf(plan, sizeof plan, "%s/parts/%s/plan", ledger->work, input->identity);
    (void)unlink(plan); /* the next run makes another */
    return sw_fail(
        error, SW_SYSTEM,
        "the ledger does not add up: %s: its chunks are not all of it, see byte %" PRIu64,
        input->name, input->end);
}

static bool cover(const struct sw_ledger *ledger, struct sw_ledger_input *input, const char *from,
                  char *length, struct sw_error *error)
{
    uint64_t offset, bytes = input->size_bytes;
    size_t last = strlen(length);
    if (last > 0 && length[last - 1] == 'r') length[last - 1] = 0;
    if (!sw_parse_count(from, &offset) ||
        (strcmp(length, "whole") != 0 && !sw_parse_count(length, &bytes)))
        return is_none(ledger->work, error);
    if (offset != input->end && !(may_have_gaps(input) && offset > input->end))
        return blame_cover(ledger, input, error);
    input->end = offset + bytes;
    return true;
}

static void add(struct sw_ledger_input *input, const struct sw_ledger_counts *counts)
{
    if (input->chunks++ == 0 && input->indexed) sw_ledger_sum(&input->counts, &input->left_out);
    sw_ledger_sum(&input->counts, counts);
}

/* ---- a chunk ---- */

/* Of a line of STAGE/all. */
struct chunk {
    size_t input;
    uint64_t files; /* of a group that begins with this input; 0: it is none */
    const char *offset, *part;
    char *length;
};

static bool read_chunk(const struct sw_ledger *ledger, char *fields[FIELDS], size_t count,
                       struct chunk *chunk)
{
    uint64_t at;
    if (count != 5 || !sw_parse_count(fields[1], &at) || at >= ledger->count) return false;
    *chunk =
        (struct chunk){.input = at, .offset = fields[2], .length = fields[3], .part = fields[4]};
    size_t last = strlen(chunk->length);
    if (last == 0 || chunk->length[last - 1] != 'f') return true;
    chunk->length[last - 1] = 0;
    return sw_parse_count(chunk->length, &chunk->files) && chunk->files > 0 &&
           chunk->files <= ledger->count - at;
}

/* The files of a group were read whole, and counted one by one: their counts are those of the group. */
static bool add_group(struct sw_ledger *ledger, const struct chunk *chunk,
                      const struct sw_ledger_counts *all, struct sw_buffer *text,
                      struct sw_error *error)
{
    struct sw_ledger_counts sum = {.text = true}, counts;
    if (!read_text_of(ledger, chunk->part, "files", text, error)) return false;
    char *line = (char *)text->bytes;
    for (uint64_t i = 0; i < chunk->files; i++) {
        struct sw_ledger_input *input = &ledger->inputs[chunk->input + i];
        line = sw_ledger_read_counts(line, &counts);
        if (!line) return no_tally(ledger, error);
        sw_ledger_sum(&sum, &counts);
        if (!fold(ledger, chunk->part, &counts, error)) return false;
        add(input, &counts);
        input->end = input->size_bytes;
    }
    if (!*line && memcmp(sum.of, all->of, sizeof sum.of) == 0) return true;
    return sw_fail(error, SW_SYSTEM,
                   "the ledger does not add up: %s/%s: the files of the group are not its sum",
                   ledger->work, chunk->part);
}

static bool add_chunk(struct sw_ledger *ledger, const struct chunk *chunk, struct sw_buffer *text,
                      struct sw_error *error)
{
    struct sw_ledger_input *input = &ledger->inputs[chunk->input];
    struct sw_ledger_counts counts;
    if (!read_tally(ledger, chunk->part, text, &counts, error)) return false;
    if (chunk->files) return add_group(ledger, chunk, &counts, text, error);
    if (!fold(ledger, chunk->part, &counts, error) ||
        !cover(ledger, input, chunk->offset, chunk->length, error))
        return false;
    add(input, &counts);
    return true;
}

bool sw_ledger_add(struct sw_ledger *ledger, struct sw_error *error)
{
    struct sw_buffer text = {0};
    struct chunk chunk;
    char *line = (char *)ledger->all.bytes, *fields[FIELDS];
    bool good = true;
    for (size_t count; good && *line;) {
        line = sw_cut_line(line, fields, FIELDS, &count);
        good = (line && read_chunk(ledger, fields, count, &chunk)) || is_none(ledger->work, error);
        good = good && add_chunk(ledger, &chunk, &text, error);
    }
    for (size_t i = 0; good && i < ledger->count; i++) {
        struct sw_ledger_input *input = &ledger->inputs[i];
        input->counts.text = input->counts.text && input->chunks > 0;
        if (input->end != input->size_bytes &&
            !(may_have_gaps(input) && input->end < input->size_bytes))
            good = blame_cover(ledger, input, error);
    }
    sw_buffer_free(&text);
    return good;
}

void sw_ledger_free(struct sw_ledger *ledger)
{
    free(ledger->inputs);
    sw_buffer_free(&ledger->names);
    sw_buffer_free(&ledger->about);
    sw_buffer_free(&ledger->all);
    sw_buffer_free(&ledger->events);
    *ledger = (struct sw_ledger){0};
}
