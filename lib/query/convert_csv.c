/* SPDX-License-Identifier: ISC */
#include "query/convert_csv.h"

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

static bool choose_rows(struct sw_conversion *conversion, struct part *part, struct sw_error *error)
{
    const struct sw_conversion_settings *settings = &conversion->settings;
    uint64_t offset, length;
    if (settings->selectors &&
        !sw_csv_select_open(&part->select, &part->csv, settings->selectors, &settings->view,
                            settings->share_directory, error))
        return false;
    if (settings->range)
        return sw_parse_range(settings->range, &offset, &length, error) &&
               sw_csv_range(&part->csv, offset, length, error);
    return !settings->selectors || settings->no_index ||
           sw_csv_select_by_index(&part->select, settings->outputs, settings->output_count,
                                  &conversion->unused, error);
}

static bool open_writer(struct sw_conversion *conversion, struct sw_error *error)
{
    const struct sw_conversion_settings *settings = &conversion->settings;
    struct sw_writer *writer = &conversion->writer;
    size_t rows = settings->small && !settings->block_rows ? SW_BLOCK_ROWS_MAXIMUM
                                                           : settings->block_rows;
    if (!sw_output_refuse_terminal(&conversion->output, error) ||
        !sw_writer_prepare(writer, &conversion->output, &conversion->schema, rows, error))
        return false;
    writer->encoder.small = writer->index = settings->small;
    writer->encoder.level = settings->level;
    return sw_writer_begin(writer, error);
}

static bool start_stream(struct sw_conversion *conversion, const struct part *part,
                         struct sw_error *error)
{
    const struct sw_conversion_settings *settings = &conversion->settings;
    struct sw_schema *schema = &conversion->schema;
    if (conversion->first_file) return true;
    if (!sw_schema_copy(schema, &part->csv.schema, part->wanted, part->wanted_count, error))
        return false;
    conversion->first_file = part->csv.source.input.name;
    return sw_schema_made_by(schema, (const char *)settings->made_by->bytes,
                             settings->made_by->length, error) &&
           sw_output_open(&conversion->output, settings->output, error) &&
           open_writer(conversion, error);
}

static bool write_rows(struct sw_conversion *conversion, struct part *part, struct sw_error *error)
{
    bool selective = conversion->settings.selectors != NULL;
    struct sw_table *table = &part->table;
    struct sw_table_settings settings = {.wanted = part->wanted,
                                         .wanted_count = part->wanted_count,
                                         .batch_rows = conversion->writer.block_rows,
                                         .filter = selective ? &part->select.filter : NULL,
                                         .bad = conversion->settings.bad};
    if (!sw_table_open(table, &part->csv, &settings, error)) return false;
    enum sw_step step;
    while ((step = selective ? sw_csv_select_next(&part->select, table, error)
                             : sw_table_next(table, error)) == SW_ROWS)
        if (!sw_writer_gather(&conversion->writer, table->vectors, NULL, table->rows, error)) break;
    conversion->tally.rejected +=
        table->rejected + sw_segments_rows_left_out(&part->select.segments);
    sw_table_free(table);
    return step == SW_END;
}

bool sw_conversion_add(struct sw_conversion *conversion, const char *path, struct sw_error *error)
{
    struct part part = {0};
    conversion->unused = (struct sw_error){0};
    if (!sw_csv_open(&part.csv, path, conversion->settings.layouts, error)) return false;
    bool good = choose_columns(conversion, &part, error) && choose_rows(conversion, &part, error) &&
                start_stream(conversion, &part, error) && write_rows(conversion, &part, error);
    if (!good)
        conversion->pointed = sw_expression_point(&part.select.expression, &conversion->caret);
    sw_csv_select_free(&part.select);
    free(part.wanted);
    sw_csv_close(&part.csv);
    return good;
}

bool sw_conversion_end(struct sw_conversion *conversion, struct sw_error *error)
{
    struct sw_tally *tally = &conversion->tally;
    if (!sw_writer_close(&conversion->writer, error) ||
        !sw_output_close(&conversion->output, error))
        return false;
    tally->kept = conversion->writer.total_rows;
    tally->bad = conversion->settings.bad ? conversion->settings.bad->count : 0;
    tally->read = tally->kept + tally->rejected + tally->bad;
    return true;
}

void sw_conversion_free(struct sw_conversion *conversion)
{
    if (!conversion->first_file) return;
    sw_output_abandon(&conversion->output);
    sw_writer_free(&conversion->writer);
    sw_schema_free(&conversion->schema);
}
