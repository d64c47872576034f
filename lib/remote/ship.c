/* SPDX-License-Identifier: ISC */
#include "remote/ship.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "remote/paths.h"

/* TABLE INPUT OFFSET LENGTH PART. */
enum { TABLE, INPUT, OFFSET, LENGTH, PART, FIELDS };

struct chunk {
    char *fields[FIELDS];
    struct sw_job_texts inputs;
    struct sw_buffer names;
    size_t input;
    const char *file;
};

static bool read_chunk(struct sw_shipping *shipping, struct chunk *chunk)
{
    struct sw_error *error = shipping->error;
    for (size_t i = 0; i < FIELDS; i++)
        if (!(chunk->fields[i] = sw_ship_field(shipping, i + 2))) return false;
    const char *path =
        sw_put_path(&shipping->from, error, "%s/inputs", shipping->attempt->jobs->folder);
    if (!path || !sw_job_texts_read(&chunk->inputs, path, &chunk->names, error)) return false;
    chunk->input = strtoul(chunk->fields[INPUT], NULL, 10);
    if (chunk->input >= chunk->inputs.count)
        return sw_fail(error, SW_SYSTEM, "%s: has no input %zu", path, chunk->input);
    chunk->file = chunk->inputs.items[chunk->input];
    return true;
}

/* A file that is read whole: tar follows the link. */
static bool link_file(struct sw_shipping *shipping, const struct chunk *chunk, const char *to)
{
    char place[PATH_MAX];
    if (!realpath(chunk->file, place)) return sw_fail_errno(shipping->error, "%s", chunk->file);
    return symlink(place, to) == 0 || sw_fail_errno(shipping->error, "%s", to);
}

static bool is_gzip(const char *path, bool *gzip, struct sw_error *error)
{
    unsigned char begin[2] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return sw_fail_errno(error, "%s", path);
    ssize_t got = read(file, begin, sizeof begin);
    close(file);
    *gzip = got == sizeof begin && begin[0] == 0x1f && begin[1] == 0x8b;
    return got >= 0 || sw_fail_errno(error, "%s", path);
}

/* The words that the job has for the schema of the table, as lib/job/sort_chunk.c has them; where none is named the header tells. */
static bool find_layout(const struct sw_shipping *shipping, const char *table, const char *words[2],
                        struct sw_job_texts *layout)
{
    bool trades = strcmp(table, "trades") == 0;
    if (!trades && strcmp(table, "nbbo") != 0)
        return sw_job_setting_list(&shipping->settings, "schema", layout, shipping->error);
    words[0] = "--schema";
    if (!sw_job_setting_text(&shipping->settings, trades ? "trades_schema" : "quote_layout",
                             &words[1], shipping->error))
        return false;
    if (trades && !*words[1]) words[1] = "trades";
    *layout = (struct sw_job_texts){words, *words[1] ? 2 : 0, 0};
    return true;
}

static bool ship_text(struct sw_shipping *shipping, const struct chunk *chunk, const char *to)
{
    const char *words[2];
    struct sw_job_texts layout;
    return find_layout(shipping, chunk->fields[TABLE], words, &layout) &&
           sw_ship_range(shipping, chunk->file, to, &layout,
                         strtoull(chunk->fields[OFFSET], NULL, 10),
                         strtoull(chunk->fields[LENGTH], NULL, 10));
}

/* A stream of the range's records, whole: where they lie there replaces where they lay here. */
static bool ship_records(struct sw_shipping *shipping, struct chunk *chunk, const char *to)
{
    struct sw_error *error = shipping->error;
    struct sw_call filter = {0}, plan = {0};
    struct sw_buffer range = {0}, length = {0};
    bool good = sw_buffer_format(&range, error, "%s:%.*s", chunk->fields[OFFSET],
                                 (int)strlen(chunk->fields[LENGTH]) - 1, chunk->fields[LENGTH]) &&
                sw_buffer_add(&range, "", 1, error) &&
                sw_call_words(&filter, error, "sw-filter", "--range", (char *)range.bytes, "-o", to,
                              "--", chunk->file, NULL) &&
                sw_ship_call(shipping, &filter, NULL) &&
                sw_call_words(&plan, error, "sw-info", "--plan", "-n", "1", "--", to, NULL) &&
                sw_ship_call(shipping, &plan, &shipping->text);
    char *rest = good ? (char *)shipping->text.bytes : NULL;
    (void)strsep(&rest, "\t");
    for (size_t field = OFFSET; good && field <= LENGTH; field++) {
        const char *value = strsep(&rest, "\t");
        free(chunk->fields[field]);
        length.length = 0;
        good = sw_buffer_format(&length, error, "%s%s", value ? value : "",
                                field == LENGTH ? "r" : "") &&
               sw_buffer_add(&length, "", 1, error);
        chunk->fields[field] = good ? strdup((char *)length.bytes) : NULL;
        good = good && (chunk->fields[field] || sw_fail(error, SW_SYSTEM, "out of memory"));
    }
    sw_buffer_free(&range);
    sw_buffer_free(&length);
    return good;
}

static bool ship_input(struct sw_shipping *shipping, struct chunk *chunk)
{
    struct sw_buffer path = {0};
    const char *length = chunk->fields[LENGTH];
    const char *to = sw_put_path(&path, shipping->error, "%s/%s", shipping->attempt->at,
                                 shipping->attempt->token);
    bool whole = strcmp(length, "whole") == 0, good = to != NULL;
    if (good && !whole && *length && length[strlen(length) - 1] == 'r')
        good = ship_records(shipping, chunk, to);
    else if (good && (whole || (good = is_gzip(chunk->file, &whole, shipping->error))))
        good = whole ? link_file(shipping, chunk, to) : ship_text(shipping, chunk, to);
    sw_buffer_free(&path);
    return good;
}

/* The job reads the token. */
static bool write_job(struct sw_shipping *shipping, const struct chunk *chunk)
{
    struct sw_buffer names = {0}, line = {0};
    struct sw_error *error = shipping->error;
    bool good = true;
    for (size_t i = 0; good && i < chunk->inputs.count; i++) {
        const char *name = i == chunk->input ? shipping->attempt->token : chunk->inputs.items[i];
        good = sw_buffer_add(&names, name, strlen(name) + 1, error);
    }
    good = good && sw_ship_write(shipping, "stage/inputs", &names) &&
           sw_buffer_format(&line, error, "1\t%s\t%s\t%s\t%s\t%s\n", chunk->fields[TABLE],
                            chunk->fields[INPUT], chunk->fields[OFFSET], chunk->fields[LENGTH],
                            chunk->fields[PART]) &&
           sw_ship_write(shipping, "stage/jobs", &line);
    sw_buffer_free(&names);
    sw_buffer_free(&line);
    return good;
}

static bool ship_chunk(struct sw_shipping *shipping)
{
    struct chunk chunk = {0};
    bool good =
        read_chunk(shipping, &chunk) && ship_input(shipping, &chunk) && write_job(shipping, &chunk);
    for (size_t i = 0; i < FIELDS; i++) free(chunk.fields[i]);
    free(chunk.inputs.items);
    sw_buffer_free(&chunk.names);
    return good;
}

bool sw_ship(const struct sw_remote_attempt *attempt, int *refused, struct sw_error *error)
{
    struct sw_shipping shipping = {.attempt = attempt, .error = error};
    bool good = sw_attempt_ship_settings(attempt, error) &&
                sw_job_settings_read(&shipping.settings, attempt->jobs->folder, error) &&
                (attempt->of_securities ? sw_ship_securities(&shipping) : ship_chunk(&shipping));
    *refused = shipping.refused;
    sw_job_settings_free(&shipping.settings);
    sw_buffer_free(&shipping.from);
    sw_buffer_free(&shipping.to);
    sw_buffer_free(&shipping.text);
    return good || shipping.refused != 0;
}
