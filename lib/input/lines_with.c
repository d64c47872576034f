/* SPDX-License-Identifier: ISC */
#include "input/lines_with.h"

#include <inttypes.h>
#include <string.h>

#include "csv/source.h"

struct search {
    const char *word, *before, *path;
    size_t length; /* of the word */
    struct sw_output *output;
};

static bool write_line(const struct search *search, uint64_t number, const char *line,
                       size_t length, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_buffer_format(&text, error, "%s: %s:%" PRIu64 ":", search->before, search->path,
                                 number) &&
                sw_buffer_add(&text, line, length, error) &&
                sw_output_write(search->output, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

/* The next line, with its newline; NULL: there is none. */
static const char *next_line(struct sw_source *source, size_t *length)
{
    struct sw_error ignored = {0};
    const char *newline;
    while (!(newline = memchr(source->base + source->start, '\n', source->end - source->start)))
        if (source->ended || !sw_source_fill(source, &ignored)) return NULL;
    const char *line = source->base + source->start;
    *length = (size_t)(newline + 1 - line);
    source->start += *length;
    return line;
}

static bool search_file(const struct search *search, struct sw_error *error)
{
    struct sw_source source = {0};
    struct sw_error ignored = {0};
    const char *line;
    size_t length, found = 0;
    bool good = true;
    bool readable = sw_source_open(&source, search->path, &ignored) && !source.parquet;
    for (uint64_t number = 1;
         good && readable && found < SW_LINES_WITH_MOST && (line = next_line(&source, &length));
         number++) {
        if (!memmem(line, length, search->word, search->length)) continue;
        good = write_line(search, number, line, length, error);
        found++;
    }
    sw_source_close(&source);
    return good;
}

bool sw_lines_with(const char *words, const char *before, const char *const *paths, size_t count,
                   struct sw_output *output, struct sw_error *error)
{
    struct search search = {.before = before, .output = output};
    for (const char *at = words; *at; at += *at == ',') {
        search.word = at;
        search.length = strcspn(at, ",");
        for (size_t i = 0; i < count; i++) {
            search.path = paths[i];
            if (!search_file(&search, error)) return false;
        }
        at += search.length;
    }
    return true;
}
