/* SPDX-License-Identifier: ISC */
#include "input/row_target.h"

#include "group/named_measures.h"
#include "program/tally.h"

enum {
    TAKEN_ROWS = 8192,     /* with all that is derived of them they stay in the second cache */
    TAKEN_CELLS = 1 << 20, /* rows × columns, so that many columns take no more memory */
};

/* ---- the rows ---- */

static const struct sw_vector *vector_of(void *owner, int column, struct sw_error *error)
{
    const struct sw_row_target *target = owner;
    (void)error;
    return target->vectors[column];
}

static struct sw_supplier rows_of(struct sw_row_target *target)
{
    return (struct sw_supplier){target->schema, target, vector_of, NULL};
}

/* ---- a stream ---- */

static bool open_stream(struct sw_row_target *target, struct sw_error *error)
{
    const struct sw_row_target_settings *settings = &target->settings;
    struct sw_writer *writer = &target->writer;
    size_t rows =
        settings->small && !settings->block_rows ? SW_BLOCK_ROWS_MAXIMUM : settings->block_rows;
    if (!sw_writer_prepare(writer, target->output, target->schema, rows, error)) return false;
    target->block_rows = writer->block_rows;
    writer->encoder.small = writer->index = settings->small;
    writer->encoder.level = settings->level;
    return sw_writer_begin(writer, error);
}

/* ---- groups ---- */

static bool open_groups(struct sw_row_target *target, struct sw_error *error)
{
    struct sw_request request = *target->settings.request;
    request.rows = target->schema;
    if (request.measures) {
        if (!sw_measures_expand(request.measures, request.share_directory, target->schema,
                                request.settings.say, &target->measures, error))
            return false;
        request.measures = (const char *)target->measures.bytes;
    }
    return sw_aggregate_plan(&target->aggregate, &request, error) &&
           sw_aggregate_begin(&target->aggregate, rows_of(target), &request.settings, error);
}

static bool write_groups(struct sw_row_target *target, struct sw_error *error)
{
    struct sw_aggregate *aggregate = &target->aggregate;
    const struct sw_tally tally = {.read = target->grouped_rows,
                                   .kept = sw_grouping_count(&aggregate->groupings[0])};
    return sw_tally_check(&tally, "groups", error) && sw_aggregate_check(aggregate, error) &&
           sw_partial_write(aggregate, target->output, target->schema, NULL, error);
}

/* ---- any ---- */

bool sw_row_target_open(struct sw_row_target *target, struct sw_output *output,
                        const struct sw_schema *schema, struct sw_error *error)
{
    const struct sw_row_text_settings *text = target->settings.text;
    const size_t columns = schema->column_count;
    target->output = output;
    target->schema = schema;
    target->block_rows =
        columns > TAKEN_CELLS / TAKEN_ROWS ? TAKEN_CELLS / columns : (size_t)TAKEN_ROWS;
    if (text) return sw_row_text_open(&target->text, text, output, rows_of(target), error);
    if (!sw_output_refuse_terminal(output, error)) return false;
    return target->settings.request ? open_groups(target, error) : open_stream(target, error);
}

bool sw_row_target_next(struct sw_row_target *target, struct sw_error *error)
{
    return sw_writer_next(&target->writer, error);
}

bool sw_row_target_take(struct sw_row_target *target, const struct sw_vector *const *vectors,
                        size_t rows, struct sw_error *error)
{
    target->vectors = vectors;
    if (target->settings.text) return sw_row_text_take(&target->text, rows, error);
    if (!target->settings.request)
        return sw_writer_gather(&target->writer, vectors, NULL, rows, error);
    target->grouped_rows += rows;
    return sw_aggregate_take(&target->aggregate, rows, error);
}

uint64_t sw_row_target_rows(const struct sw_row_target *target)
{
    if (target->settings.text) return sw_row_text_rows(&target->text);
    return target->settings.request ? target->grouped_rows : sw_writer_rows(&target->writer);
}

bool sw_row_target_close(struct sw_row_target *target, struct sw_error *error)
{
    if (target->settings.text) return sw_row_text_close(&target->text, error);
    return target->settings.request ? write_groups(target, error)
                                    : sw_writer_close(&target->writer, error);
}

void sw_row_target_free(struct sw_row_target *target)
{
    sw_writer_free(&target->writer);
    sw_aggregate_free(&target->aggregate);
    sw_buffer_free(&target->measures);
    sw_row_text_free(&target->text);
}
