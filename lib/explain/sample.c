/* SPDX-License-Identifier: ISC */
#include "explain/sample.h"

#include "base/memory.h"
#include "csv/quotes.h"
#include "record/schema.h"

/* ---- the text ---- */

/* Rows of a binary file would be nonsense. A NUL in a text file's last line is met in the field. */
static bool is_text(const struct sw_sample *sample, struct sw_error *error)
{
    const struct sw_source *source = &sample->source;
    const char *text = source->base + source->start;
    size_t length = source->end - source->start, few = length < 512 ? length : 512;
    if (length == 0) return sw_fail(error, SW_DATA, "%s: is empty", source->input.name);
    const char *nul = memchr(text, 0, few);
    return !nul || sw_fail(error, SW_DATA, "%s: no text: byte %zu is NUL", source->input.name,
                           (size_t)(nul - text));
}

/* The header comes first; then rows, with the columns that can be read. */
static bool begin_parquet(struct sw_sample *sample, struct sw_error *error)
{
    struct sw_source *source = &sample->source;
    if (!source->parquet) return true;
    sample->parquet = sw_parquet_text_description(source->parquet);
    sample->separator = ',';
    sample->said = true;
    size_t count = sample->parquet->column_count;
    bool *readable = sw_alloc(count, sizeof *readable, error);
    if (!readable) return false;
    for (size_t i = 0; i < count; i++)
        readable[i] = sample->parquet->columns[i].kind != SW_KIND_UNREADABLE;
    bool good =
        sw_source_fill(source, error) &&
        sw_parquet_text_begin(source->parquet, 0, sample->parquet->group_count, readable, error);
    free(readable);
    return good;
}

static bool read_text(struct sw_sample *sample, struct sw_error *error)
{
    struct sw_source *source = &sample->source;
    if (!begin_parquet(sample, error)) return false;
    while (!source->ended && source->end - source->start < SW_SAMPLE_BYTES)
        if (!sw_source_fill(source, error)) return false;
    sample->whole = source->ended;
    return is_text(sample, error);
}

/* ---- its lines ---- */

static bool add_line(struct sw_sample *sample, size_t offset, size_t length, size_t fields,
                     struct sw_error *error)
{
    if (!sw_grow(&sample->lines, &sample->line_capacity, sample->line_count + 1,
                 sizeof *sample->lines, error))
        return false;
    sample->lines[sample->line_count++] = (struct sw_sample_line){offset, length, fields};
    return true;
}

/* A row as it is cut off the text: its line end gone, counted. */
static bool take_line(struct sw_sample *sample, struct sw_splitter *splitter, size_t offset,
                      size_t length, struct sw_error *error)
{
    const char *line = sample->source.base + sample->source.start + offset;
    size_t fields = 0;
    length -= length && line[length - 1] == '\n';
    length -= length && line[length - 1] == '\r';
    if (length == 0) return true;
    enum sw_split outcome = sw_split_row(splitter, line, length, &fields, error);
    sw_splitter_reset(splitter);
    return outcome != SW_SPLIT_FAILED &&
           add_line(sample, offset, length, outcome == SW_SPLIT_GOOD ? fields : 0, error);
}

/* Cuts the text into lines under a separator. */
static bool cut_lines(struct sw_sample *sample, char separator, struct sw_error *error)
{
    const struct sw_source *source = &sample->source;
    const struct sw_dialect dialect = {.separator = separator};
    const char *text = source->base + source->start;
    size_t length = source->end - source->start, at = 0, end;
    struct sw_splitter splitter;
    if (!sw_splitter_open(&splitter, separator, 1, error)) return false;
    bool good = true;
    sample->line_count = 0;
    while (good && at < length && sample->line_count < SW_SAMPLE_ROWS) {
        enum sw_quotes_state state = SW_QUOTES_ROW;
        struct sw_quotes_text rest = {text + at, length - at, length - at};
        if (!sw_quotes_row_end(&dialect, &state, &rest, &end)) {
            if (!source->ended) break;
            end = length - at; /* a quote that is never closed */
        }
        good = take_line(sample, &splitter, at, end, error);
        at += end;
    }
    sample->whole = source->ended && at >= length;
    sw_splitter_free(&splitter);
    return good;
}

/* ---- the separator ---- */

/* The number of fields that most lines have, and how many have it; of two that are met equally
 * often, the larger. */
static size_t most_met_width(const struct sw_sample *sample, size_t *lines)
{
    size_t best = 1;
    size_t counts[SW_COLUMNS_MAXIMUM + 1] = {0};
    for (size_t i = 0; i < sample->line_count; i++)
        if (sample->lines[i].fields <= SW_COLUMNS_MAXIMUM) counts[sample->lines[i].fields]++;
    for (size_t width = 2; width <= SW_COLUMNS_MAXIMUM; width++)
        if (counts[width] && counts[width] >= counts[best]) best = width;
    *lines = counts[best];
    return best;
}

static bool try_separator(struct sw_sample *sample, char separator, size_t *width, size_t *lines,
                          struct sw_error *error)
{
    if (!cut_lines(sample, separator, error)) return false;
    *width = most_met_width(sample, lines);
    return true;
}

/* The separator that gives most lines one width; among equals, the widest rows. */
static bool find_separator(struct sw_sample *sample, struct sw_error *error)
{
    static const char separators[] = {',', '\t', ';', '|', '^', '~'};
    size_t best_lines = 0, width, lines;
    for (size_t i = 0; i < sizeof separators; i++) {
        if (!try_separator(sample, separators[i], &width, &lines, error)) return false;
        if (width < 2 || lines < best_lines || (lines == best_lines && width <= sample->width))
            continue;
        sample->separator = separators[i];
        sample->width = width;
        best_lines = lines;
    }
    return true;
}

/* ---- its rows ---- */

static bool take_rows(struct sw_sample *sample, struct sw_error *error)
{
    const char *text = sample->source.base + sample->source.start;
    size_t fields;
    if (!sw_splitter_open(&sample->splitter, sample->separator, sample->width, error)) return false;
    for (size_t i = 0; i < sample->line_count; i++) {
        const struct sw_sample_line *line = &sample->lines[i];
        if (line->fields != sample->width) continue;
        if (sw_split_row(&sample->splitter, text + line->offset, line->length, &fields, error) ==
            SW_SPLIT_FAILED)
            return false;
        if (sample->rows++ == 0) sample->first = i;
    }
    return true;
}

static bool cut(struct sw_sample *sample, struct sw_error *error)
{
    size_t lines;
    sample->width = 1;
    if (!sample->said) sample->separator = ',';
    if (!sample->said && !find_separator(sample, error)) return false;
    if (!cut_lines(sample, sample->separator, error)) return false;
    if (sample->line_count == 0)
        return sw_fail(error, SW_DATA, "%s: there is no line", sample->source.input.name);
    sample->width = most_met_width(sample, &lines);
    return take_rows(sample, error);
}

bool sw_sample_open(struct sw_sample *sample, const char *path, const char *separator,
                    struct sw_error *error)
{
    char said = 0;
    *sample = (struct sw_sample){.said = separator != NULL};
    if (separator && !sw_separator_find(separator, &said, error)) return false;
    if (!sw_source_open(&sample->source, path, error)) return false;
    sample->separator = said;
    if (read_text(sample, error) && cut(sample, error)) return true;
    sw_sample_close(sample);
    return false;
}

const char *sw_sample_field(const struct sw_sample *sample, size_t row, size_t column,
                            size_t *length)
{
    const uint32_t *cells = sample->splitter.cells + row * (sample->width + 1) + column;
    *length = cells[1] - cells[0] - 1;
    return (const char *)sample->splitter.text.bytes + cells[0] + 1;
}

void sw_sample_close(struct sw_sample *sample)
{
    if (sample->splitter.cells) sw_splitter_free(&sample->splitter);
    free(sample->lines);
    sw_source_close(&sample->source);
}
