/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tca/table.h"

/* Of the table tca those columns stay that reports read; where files are wanted, all of them go right there. */
struct costs {
    const struct sw_study *study;
    struct sw_tca_table rows;
    struct sw_study_table table;
    struct sw_schema schema; /* of what stays */
    int *columns;
    size_t column_count;
    const struct sw_vector **vectors;
    struct sw_writer writer;
};

static bool take_rows(void *owner, const struct sw_vector *const *vectors, size_t rows,
                      struct sw_error *error)
{
    struct costs *costs = owner;
    for (size_t i = 0; i < costs->column_count; i++) costs->vectors[i] = vectors[costs->columns[i]];
    return sw_writer_gather(&costs->writer, costs->vectors, NULL, rows, error) &&
           sw_study_table_rows(&costs->table, vectors, rows, error);
}

static bool choose_columns(struct costs *costs, struct sw_error *error)
{
    const struct sw_schema *all = &costs->rows.schema;
    costs->columns = sw_alloc(all->column_count, sizeof *costs->columns, error);
    costs->vectors = sw_alloc(all->column_count, sizeof *costs->vectors, error);
    if (!costs->columns || !costs->vectors) return false;
    for (size_t i = 0; i < all->column_count; i++)
        if (sw_tca_column_is_reported(i)) costs->columns[costs->column_count++] = (int)i;
    return sw_schema_copy(&costs->schema, all, costs->columns, costs->column_count, error);
}

static bool open_costs(struct costs *costs, const struct sw_tca *tca, struct sw_study_files *files,
                       struct sw_output *output, struct sw_error *error)
{
    const struct sw_block_taker taker = {take_rows, costs};
    const bool has_files = sw_study_has_files(costs->study);
    const struct sw_tca_form form = {.records = true, .taker = has_files ? &taker : NULL};
    const char *made_by = costs->study->settings->made_by;
    return sw_tca_table_open(&costs->rows, tca, &form, made_by, strlen(made_by), output, error) &&
           (!has_files || (choose_columns(costs, error) &&
                           sw_writer_open(&costs->writer, output, &costs->schema, 0, error) &&
                           sw_study_table_open(&costs->table, files, "tca", &costs->rows.schema,
                                               NULL, 0, error)));
}

static bool close_costs(struct costs *costs, struct sw_error *error)
{
    return sw_tca_table_close(&costs->rows, error) &&
           (!sw_study_has_files(costs->study) ||
            (sw_writer_close(&costs->writer, error) && sw_study_table_close(&costs->table, error)));
}

static void free_costs(struct costs *costs)
{
    sw_study_table_free(&costs->table);
    sw_writer_free(&costs->writer);
    sw_schema_free(&costs->schema);
    free(costs->columns);
    free(costs->vectors);
    sw_tca_table_free(&costs->rows);
}

static bool put_costs(struct sw_study *study, struct sw_tca *tca, struct sw_output *output,
                      struct sw_error *error)
{
    struct costs costs = {.study = study};
    enum sw_step step = SW_FAILED;
    bool good = sw_tca_read(tca, error) && open_costs(&costs, tca, &study->files, output, error);
    while (good && (step = sw_tca_next(tca, error)) == SW_ROWS)
        good = sw_tca_table_put(&costs.rows, tca, error);
    good = good && step == SW_END && sw_tca_check(tca, error) && close_costs(&costs, error);
    free_costs(&costs);
    return good;
}

/* Of the selected orders, by all events and by the trades of the whole market. */
bool sw_study_cost(struct sw_study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    if (settings->no_costs) return true;
    const struct sw_input orders = sw_study_input(study, study->selected, "classified orders");
    const struct sw_input trades = sw_study_input(study, study->trades, "trades");
    const struct sw_input events = sw_study_input(study, study->events, "orders");
    const struct sw_input quotes = sw_study_input(study, study->quotes, "quotes");
    const struct sw_tca_settings how = {.inputs = {.orders_input = &orders,
                                                   .trades_input = &trades,
                                                   .events_input = &events,
                                                   .trades_in = settings->trades_in,
                                                   .share_directory = settings->share_directory,
                                                   .reported_only = !sw_study_has_files(study),
                                                   .zone = settings->view.zone},
                                        .nbbo_input = &quotes,
                                        .sessions = settings->sessions,
                                        .open = settings->open,
                                        .memory_bytes = settings->simulate.memory_bytes,
                                        .folder = settings->simulate.folder};
    struct sw_tca tca = {0};
    struct sw_output output;
    if (!sw_output_open(&output, study->tca_path, error)) return false;
    bool good = sw_tca_open(&tca, &how, error) && put_costs(study, &tca, &output, error);
    sw_tca_close(&tca);
    return sw_output_end(&output, good, error);
}
