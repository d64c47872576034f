/* SPDX-License-Identifier: ISC */
#include "output/parquet.h"

#include "base/memory.h"

enum {
    PAGE_ROWS = 16384,
    PAGE_CELLS = 1 << 19, /* of a page of every column: 4 to 8 MiB */
    MAGIC_LENGTH = 4,
};
static const char magic[] = "PAR1";

static bool put(struct sw_parquet *parquet, const void *bytes, size_t length,
                struct sw_error *error)
{
    parquet->offset += length;
    return sw_output_write(parquet->output, bytes, length, error);
}

static bool open_columns(struct sw_parquet *parquet, struct sw_error *error)
{
    const struct sw_schema *schema = parquet->schema;
    parquet->columns = sw_alloc(schema->column_count, sizeof *parquet->columns, error);
    parquet->places = sw_alloc(schema->column_count, sizeof *parquet->places, error);
    if (!parquet->columns || !parquet->places) return false;
    for (size_t i = 0; i < schema->column_count; i++)
        if (!sw_parquet_column_open(&parquet->columns[i], schema->columns[i].type,
                                    parquet->written[i], error))
            return false;
    return true;
}

bool sw_parquet_open(struct sw_parquet *parquet, struct sw_output *output,
                     const struct sw_schema *schema, const enum sw_written *written, int level,
                     struct sw_error *error)
{
    *parquet = (struct sw_parquet){.output = output, .schema = schema, .written = written};
    return sw_output_refuse_terminal(output, error) &&
           sw_row_group_open(&parquet->row_group, schema, PAGE_ROWS, PAGE_CELLS, error) &&
           sw_parquet_work_open(&parquet->work, parquet->row_group.row_limit, level, error) &&
           open_columns(parquet, error) &&
           sw_parquet_footer_open(&parquet->footer, schema, written, error) &&
           sw_parquet_again(parquet, error);
}

bool sw_parquet_again(struct sw_parquet *parquet, struct sw_error *error)
{
    parquet->offset = parquet->rows = parquet->row_group.rows_before = 0;
    parquet->groups.length = 0;
    parquet->group_count = 0;
    return put(parquet, magic, MAGIC_LENGTH, error);
}

void sw_parquet_free(struct sw_parquet *parquet)
{
    for (size_t i = 0; parquet->columns && i < parquet->schema->column_count; i++)
        sw_parquet_column_free(&parquet->columns[i]);
    free(parquet->columns);
    free(parquet->places);
    sw_parquet_footer_free(&parquet->footer);
    sw_row_group_free(&parquet->row_group);
    sw_parquet_work_free(&parquet->work);
    sw_buffer_free(&parquet->groups);
    sw_buffer_free(&parquet->dictionary);
    *parquet = (struct sw_parquet){0};
}

/* ---- row groups ---- */

static bool write_column(struct sw_parquet *parquet, struct sw_parquet_column *column,
                         struct sw_parquet_place *place, struct sw_error *error)
{
    struct sw_buffer *dictionary = &parquet->dictionary;
    *place = (struct sw_parquet_place){.offset = parquet->offset, .raw_length = column->raw_bytes};
    dictionary->length = 0;
    if (!sw_parquet_column_dictionary(column, &parquet->work, dictionary, &place->raw_length,
                                      error) ||
        !put(parquet, dictionary->bytes, dictionary->length, error) ||
        !put(parquet, column->pages.bytes, column->pages.length, error))
        return false;
    place->dictionary_length = dictionary->length;
    place->length = parquet->offset - place->offset;
    return true;
}

static bool write_group(struct sw_parquet *parquet, struct sw_error *error)
{
    const struct sw_schema *schema = parquet->schema;
    for (size_t i = 0; i < schema->column_count; i++)
        if (!write_column(parquet, &parquet->columns[i], &parquet->places[i], error)) return false;
    return sw_parquet_put_group(&parquet->groups, schema, parquet->columns, parquet->places,
                                parquet->group_rows, error);
}

static bool end_group(struct sw_parquet *parquet, struct sw_error *error)
{
    if (parquet->group_rows == 0) return true;
    bool good = write_group(parquet, error);
    for (size_t i = 0; i < parquet->schema->column_count; i++)
        sw_parquet_column_reset(&parquet->columns[i]);
    parquet->group_count++;
    parquet->rows += parquet->group_rows;
    parquet->group_rows = 0;
    return good;
}

static bool group_is_full(const struct sw_parquet *parquet)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < parquet->schema->column_count; i++)
        bytes += parquet->columns[i].raw_bytes + parquet->columns[i].texts.vector.text_bytes;
    return parquet->group_rows >= SW_PARQUET_GROUP_ROWS || bytes >= SW_PARQUET_GROUP_BYTES;
}

static bool end_page(struct sw_parquet *parquet, struct sw_error *error)
{
    struct sw_row_group *row_group = &parquet->row_group;
    if (row_group->rows == 0) return true;
    if (!sw_row_group_check(row_group, error)) return false;
    for (size_t i = 0; i < parquet->schema->column_count; i++)
        if (!sw_parquet_column_add(&parquet->columns[i], &row_group->builders[i].vector,
                                   &parquet->work, error))
            return false;
    parquet->group_rows += row_group->rows;
    sw_row_group_reset(row_group);
    return !group_is_full(parquet) || end_group(parquet, error);
}

bool sw_parquet_rows(struct sw_parquet *parquet, const struct sw_vector *const *vectors,
                     size_t from, size_t end, struct sw_error *error)
{
    while (from < end) {
        if (!sw_row_group_take(&parquet->row_group, vectors, from, end, &from, error)) return false;
        if (sw_row_group_full(&parquet->row_group) && !end_page(parquet, error)) return false;
    }
    return true;
}

bool sw_parquet_last_rows(struct sw_parquet *parquet, const struct sw_vector *const *vectors,
                          size_t rows, struct sw_error *error)
{
    struct sw_row_group *row_group = &parquet->row_group;
    if (!sw_row_group_would_hold(row_group, vectors, rows))
        return sw_parquet_rows(parquet, vectors, 0, rows, error);
    if (rows == 0) return true;
    if (!sw_row_group_check_vectors(row_group, vectors, error)) return false;
    for (size_t i = 0; i < parquet->schema->column_count; i++)
        if (!sw_parquet_column_add(&parquet->columns[i], vectors[i], &parquet->work, error))
            return false;
    parquet->group_rows += rows;
    row_group->rows_before += rows;
    return true;
}

bool sw_parquet_follow(struct sw_parquet *parquet, struct sw_error *error)
{
    return parquet->schema->sort_count == 0 ||
           (end_page(parquet, error) && end_group(parquet, error));
}

/* ---- the end ---- */

bool sw_parquet_close(struct sw_parquet *parquet, struct sw_error *error)
{
    struct sw_buffer footer = {0};
    unsigned char length[4];
    if (!end_page(parquet, error) || !end_group(parquet, error)) return false;
    bool good = sw_parquet_put_footer(&footer, &parquet->footer, parquet->rows, &parquet->groups,
                                      parquet->group_count, error);
    if (good && footer.length > INT32_MAX)
        good = sw_fail(error, SW_DATA, "more than 2 GiB of metadata for %zu row groups",
                       parquet->group_count);
    sw_store32(length, (uint32_t)footer.length);
    good = good && put(parquet, footer.bytes, footer.length, error) &&
           put(parquet, length, sizeof length, error) && put(parquet, magic, MAGIC_LENGTH, error);
    sw_buffer_free(&footer);
    return good;
}
