/* SPDX-License-Identifier: ISC */
#include "sort/sort_input.h"

#include "base/memory.h"

static bool prepare(struct sw_sort_input *input, const struct sw_sort_input_settings *settings,
                    struct sw_error *error)
{
    input->check = settings->sorted;
    return sw_view_open(&input->view, sw_supplier_of_reader(&input->reader), &settings->view,
                        error) &&
           sw_sort_columns_open(&input->columns, &input->view, settings->keys, error) &&
           (!settings->last_resort || sw_sort_columns_add_others(&input->columns, error)) &&
           sw_selectors_compile(&input->expression, &input->view, &settings->selectors, NULL,
                                error) &&
           sw_expression_restrict(&input->expression, &input->view, &input->reader, error) &&
           (!settings->sorted ||
            sw_sorted_open(&input->sorted, &input->columns.schema, input->columns.keys,
                           input->columns.key_count, input->reader.first_name, error));
}

bool sw_sort_input_open(struct sw_sort_input *input, const char *const *paths, size_t count,
                        const struct sw_sort_input_settings *settings, struct sw_error *error)
{
    *input = (struct sw_sort_input){0};
    return sw_reader_open_part(&input->reader, paths, count, settings->range, error) &&
           prepare(input, settings, error);
}

void sw_sort_input_count(const struct sw_sort_input *input, struct sw_tally *tally)
{
    tally->read += input->reader.total_rows;
    tally->rejected += input->rejected + input->reader.passed_rows;
}

static void free_gathered(struct sw_sort_input *input)
{
    for (size_t i = 0; input->gathered && i < input->columns.schema.column_count; i++)
        sw_builder_free(&input->gathered[i]);
    free(input->gathered);
    free(input->gathered_vectors);
    input->gathered = NULL;
    input->gathered_vectors = NULL;
    input->gathered_rows = 0;
}

void sw_sort_input_free(struct sw_sort_input *input)
{
    free_gathered(input);
    free(input->selected);
    sw_sorted_free(&input->sorted);
    sw_expression_free(&input->expression);
    sw_sort_columns_free(&input->columns);
    sw_view_free(&input->view);
    sw_reader_close(&input->reader);
    *input = (struct sw_sort_input){0};
}

/* ---- selecting ---- */

/* Room for `rows` gathered rows; a block is rarely larger than the ones before it. */
static bool make_room(struct sw_sort_input *input, size_t rows, struct sw_error *error)
{
    const struct sw_schema *schema = &input->columns.schema;
    if (rows <= input->gathered_rows) return true;
    free_gathered(input);
    input->gathered = sw_alloc(schema->column_count, sizeof *input->gathered, error);
    input->gathered_vectors =
        sw_alloc(schema->column_count, sizeof *input->gathered_vectors, error);
    if (!input->gathered || !input->gathered_vectors) return false;
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct sw_column *column = &schema->columns[i];
        if (!sw_builder_init(&input->gathered[i], column->type, column->scale, rows, error))
            return false;
        input->gathered_vectors[i] = &input->gathered[i].vector;
    }
    input->gathered_rows = rows;
    return true;
}

static bool gather(struct sw_sort_input *input, size_t count, struct sw_error *error)
{
    if (!make_room(input, count, error)) return false;
    for (size_t i = 0; i < input->columns.schema.column_count; i++) {
        sw_builder_reset(&input->gathered[i]);
        if (!sw_builder_gather(&input->gathered[i], input->columns.vectors[i], input->selected,
                               count, error))
            return false;
    }
    input->vectors = input->gathered_vectors;
    return true;
}

/* Puts the block's selected rows into rows and vectors. */
static bool select_rows(struct sw_sort_input *input, enum sw_match match, struct sw_error *error)
{
    input->rows = input->reader.rows;
    input->vectors = input->columns.vectors;
    if (match == SW_MATCH_ALL) return true;
    if (!input->selected)
        input->selected = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *input->selected, error);
    if (!input->selected || !sw_expression_select(&input->expression, &input->view, input->selected,
                                                  &input->rows, error))
        return false;
    return input->rows == 0 || input->rows == input->reader.rows ||
           gather(input, input->rows, error);
}

/* ---- the order ---- */

static bool check_order(struct sw_sort_input *input, struct sw_error *error)
{
    struct sw_sorted *sorted = &input->sorted;
    sorted->skipped = input->reader.total_rows - input->reader.rows - sorted->rows;
    return sw_sorted_check(sorted, input->columns.vectors, input->reader.rows, error);
}

enum sw_step sw_sort_input_next(struct sw_sort_input *input, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&input->reader, error)) == SW_ROWS) {
        enum sw_match match = sw_expression_match(&input->expression, &input->view, &input->reader);
        sw_view_begin(&input->view, input->reader.rows);
        if (match == SW_MATCH_NONE) {
            input->rejected += input->reader.rows;
            continue;
        }
        if (!sw_sort_columns_fetch(&input->columns, &input->view, error) ||
            (input->check && !check_order(input, error)) || !select_rows(input, match, error))
            return SW_FAILED;
        input->rejected += input->reader.rows - input->rows;
        if (input->rows) return SW_ROWS;
    }
    return step;
}
