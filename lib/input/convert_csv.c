/* SPDX-License-Identifier: ISC */
#include "input/convert_csv.h"

#include <inttypes.h>

#include "base/memory.h"
#include "base/number.h"

/* A file being read. */
struct part {
    struct sw_csv csv;
    int *wanted;
    size_t wanted_count;
    struct sw_csv_select select; /* where there are selectors */
    struct sw_table table;
};

static bool choose_columns(const struct sw_conversion *conversion, struct part *part,
                           struct sw_error *error)
{
    const char *columns = conversion->settings.columns;
    if (conversion->first_file)
        return sw_csv_same(&part->csv, &conversion->schema, conversion->first_file, columns != NULL,
                           &part->wanted, &part->wanted_count, error);
    return sw_csv_pick(&part->csv, columns, &part->wanted, &part->wanted_count, error);
}

static bool choose_rows(const struct sw_conversion *conversion, struct part *part,
                        struct sw_error *error)
{
    const struct sw_conversion_settings *settings = &conversion->settings;
    struct sw_error unused = {0};
    uint64_t offset, length;
    if (settings->selectors &&
        !sw_csv_select_open(&part->select, &part->csv, settings->selectors, &settings->view,
                            settings->share_directory, error))
        return false;
    if (settings->range)
        return sw_parse_range(settings->range, &offset, &length, error) &&
               sw_csv_range(&part->csv, offset, length, error);
    if (!settings->selectors || settings->no_index) return true;
    bool good = sw_csv_select_by_index(&part->select, settings->outputs, settings->output_count,
                                       &unused, error);
    if (unused.status != SW_DONE) settings->say("%s; it is not used", unused.message);
    return good;
}

static bool open_output(struct sw_conversion *conversion, struct sw_error *error)
{
    const char *path = conversion->settings.output;
    return conversion->settings.target.text ? sw_output_open_text(&conversion->output, path, error)
                                            : sw_output_open(&conversion->output, path, error);
}

static bool start_stream(struct sw_conversion *conversion, const struct part *part,
                         struct sw_error *error)
{
    const struct sw_conversion_settings *settings = &conversion->settings;
    struct sw_schema *schema = &conversion->schema;
    if (conversion->first_file)
        return !settings->apart || sw_row_target_next(&conversion->target, error);
    if (!sw_schema_copy(schema, &part->csv.schema, part->wanted, part->wanted_count, error))
        return false;
    conversion->first_file = part->csv.source.input.name;
    conversion->target = (struct sw_row_target){.settings = settings->target};
    return sw_schema_made_by(schema, (const char *)settings->made_by->bytes,
                             settings->made_by->length, error) &&
           open_output(conversion, error) &&
           sw_row_target_open(&conversion->target, &conversion->output, schema, error);
}

/* How many rows there are the text says, where each of them ends, and of an indexed file its index,
 * for what is read and for what is left out alike. */
static void count_rows(struct sw_conversion *conversion, const struct part *part)
{
    const struct sw_segments *segments = &part->select.segments;
    struct sw_tally *tally = &conversion->tally;
    tally->read += part->select.indexed ? sw_segments_rows(segments) : part->table.ended;
    tally->rejected += part->table.rejected + sw_segments_rows_left_out(segments);
    struct sw_line_counts left_out = sw_segments_lines_left_out(segments);
    tally->of_text = true;
    sw_line_counts_add(&tally->lines, &part->csv.head);
    sw_line_counts_add(&tally->lines, &part->table.lines);
    sw_line_counts_add(&tally->lines, &left_out);
    conversion->twice += part->table.twice;
    tally->kept = sw_row_target_rows(&conversion->target);
    tally->bad = conversion->bad ? conversion->bad->count : 0;
}

static bool write_rows(struct sw_conversion *conversion, struct part *part, struct sw_error *error)
{
    bool selective = conversion->settings.selectors != NULL;
    struct sw_table *table = &part->table;
    struct sw_table_settings settings = {
        .wanted = part->wanted,
        .wanted_count = part->wanted_count,
        .batch_rows = sw_csv_batch_rows(&part->csv, conversion->target.block_rows),
        .filter = selective ? &part->select.filter : NULL,
        .bad = conversion->bad};
    if (!sw_table_open(table, &part->csv, &settings, error)) return false;
    enum sw_step step;
    while ((step = selective ? sw_csv_select_next(&part->select, table, error)
                             : sw_table_next(table, error)) == SW_ROWS)
        if (!sw_row_target_take(&conversion->target, table->vectors, table->rows, error)) break;
    count_rows(conversion, part);
    sw_table_free(table);
    return step == SW_END && (part->select.indexed || sw_csv_check_end(&part->csv, error));
}

static bool add_file(struct sw_conversion *conversion, const char *path, struct sw_error *error)
{
    struct part part = {0};
    if (!sw_csv_open(&part.csv, path, conversion->settings.csv_schemas, error)) return false;
    bool good = choose_columns(conversion, &part, error) && choose_rows(conversion, &part, error) &&
                start_stream(conversion, &part, error) && write_rows(conversion, &part, error);
    if (!good)
        conversion->pointed = sw_expression_point(&part.select.expression, &conversion->caret);
    sw_csv_select_free(&part.select);
    free(part.wanted);
    sw_csv_close(&part.csv);
    return good;
}

/* The rows and the bad ones appear together. */
static bool publish(struct sw_conversion *conversion, struct sw_error *error)
{
    struct sw_output *outputs[2] = {&conversion->output};
    size_t count = 1;
    if (!sw_output_finish(&conversion->output, error)) return false;
    if (conversion->bad) {
        outputs[count++] = &conversion->bad->output;
        if (!sw_output_finish(&conversion->bad->output, error)) return false;
    }
    return sw_output_publish(outputs, count, error);
}

static bool end_stream(struct sw_conversion *conversion, struct sw_error *error)
{
    return sw_tally_check(&conversion->tally, conversion->first_file, error) &&
           sw_row_target_close(&conversion->target, error) && publish(conversion, error);
}

/* Removes the output where it was not ended. */
static void free_stream(struct sw_conversion *conversion)
{
    if (!conversion->first_file) return;
    sw_output_abandon(&conversion->output);
    sw_row_target_free(&conversion->target);
    sw_schema_free(&conversion->schema);
}

/* What has come to the sums with the file. */
static bool count_file(const struct sw_conversion *conversion, const struct sw_tally *before,
                       const char *path, struct sw_tally *of_file, struct sw_error *error)
{
    const struct sw_tally *now = &conversion->tally;
    *of_file = (struct sw_tally){.read = now->read - before->read,
                                 .kept = now->kept - before->kept,
                                 .rejected = now->rejected - before->rejected,
                                 .bad = now->bad - before->bad,
                                 .of_text = true,
                                 .lines = {now->lines.all - before->lines.all,
                                           now->lines.header - before->lines.header,
                                           now->lines.empty - before->lines.empty,
                                           now->lines.ignored - before->lines.ignored}};
    return sw_tally_check(of_file, path, error);
}

static bool add_counted(struct sw_conversion *conversion, const char *path,
                        struct sw_tally *of_file, struct sw_error *error)
{
    const struct sw_tally before = conversion->tally;
    return add_file(conversion, path, error) &&
           (!of_file || count_file(conversion, &before, path, of_file, error));
}

static bool convert_files(struct sw_conversion *conversion, const char *const *paths, size_t count,
                          struct sw_error *error)
{
    struct sw_tally *of_files = conversion->of_files;
    bool good = count > 0 || add_file(conversion, NULL, error);
    for (size_t i = 0; good && i < count; i++)
        good = add_counted(conversion, paths[i], of_files ? &of_files[i] : NULL, error);
    good = good && end_stream(conversion, error);
    free_stream(conversion);
    return good;
}

bool sw_conversion_run(struct sw_conversion *conversion, const char *const *paths, size_t count,
                       struct sw_error *error)
{
    struct sw_bad_rows bad;
    const char *bad_rows = conversion->settings.bad_rows;
    if (!bad_rows) return convert_files(conversion, paths, count, error);
    if (!sw_bad_open(&bad, bad_rows, error)) return false;
    conversion->bad = &bad;
    bool good = convert_files(conversion, paths, count, error);
    sw_bad_abandon(&bad); /* of what was published nothing but memory is left */
    conversion->bad = NULL;
    return good;
}

void sw_conversion_say(const struct sw_conversion *conversion)
{
    const struct sw_conversion_settings *settings = &conversion->settings;
    const uint64_t bad = conversion->tally.bad, twice = conversion->twice;
    if (twice)
        settings->say("%" PRIu64 " time%s that the clock shows twice %s taken for the earlier one",
                      twice, twice == 1 ? "" : "s", twice == 1 ? "was" : "were");
    if (bad)
        settings->say("%" PRIu64 " bad row%s: see %s", bad, bad == 1 ? "" : "s",
                      settings->bad_rows);
}
