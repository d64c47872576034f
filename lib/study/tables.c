/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include <stdlib.h>

#include "market/metrics.h"
#include "program/tally.h"
#include "sort/merge_join.h"

static bool write_part(struct sw_study *study, const char *name, struct sw_part part,
                       struct sw_error *error)
{
    struct sw_reader reader;
    if (!sw_study_open_part(study, part, name, &reader, error)) return false;
    bool good = sw_study_files_table(&study->files, name, &reader, NULL, 0, error);
    sw_reader_close(&reader);
    return good;
}

/* With the security and the date in front. */
static bool print_all_metrics(const struct sw_study *study, const struct sw_metrics *metrics,
                              struct sw_error *error)
{
    struct sw_output output;
    return sw_study_files_open(&study->files, "metrics.csv", &output, error) &&
           sw_output_end(&output,
                         sw_metrics_write(metrics, SW_PRINT_CSV, false, false, &output, error),
                         error);
}

/* The metrics of each security and date, as text that is read again. */
static bool print_metrics(struct sw_study *study, const struct sw_metrics *metrics,
                          struct sw_error *error)
{
    struct sw_part part = sw_study_begin_part(study);
    struct sw_buffer text = {0};
    size_t got = 0;
    bool good =
        sw_metrics_write(metrics, SW_PRINT_CSV, false, true, &study->scratch.output, error) &&
        sw_study_end_part(study, &part, error);
    struct sw_input input = sw_study_input(study, part, "metrics");
    good = good && sw_buffer_reserve(&text, part.length, error) &&
           sw_input_read(&input, text.bytes, part.length, &got, error) &&
           sw_study_files_metrics(&study->files, (const char *)text.bytes, got, SW_METRICS_ROWS,
                                  error);
    sw_buffer_free(&text);
    return good;
}

static bool write_metrics(struct sw_study *study, struct sw_error *error)
{
    struct sw_metrics metrics = {0};
    struct sw_reader reader;
    if (!sw_study_open_part(study, study->selected, "classified orders", &reader, error))
        return false;
    bool good =
        sw_metrics_read(&metrics, &reader, "security_code,date", &study->settings->view, error) &&
        (study->files.tables ? print_all_metrics(study, &metrics, error)
                             : print_metrics(study, &metrics, error));
    sw_metrics_free(&metrics);
    sw_reader_close(&reader);
    return good;
}

/* The events of selected orders, each with its order's date behind it. */
struct dated {
    struct sw_view view;
    struct sw_join join;
    struct sw_writer writer;
    struct sw_study_table table;
};

static bool open_dated(struct sw_study *study, struct dated *dated, struct sw_reader *events,
                       struct sw_reader *orders, struct sw_error *error)
{
    static const struct sw_join_settings how = {
        .kind = SW_JOIN_MATCHED, .keys = "security_code,order_id", .columns = "date"};
    const struct sw_block_taker taker = sw_study_table_taker(&dated->table);
    const struct sw_study_settings *settings = study->settings;
    return sw_view_open(&dated->view, sw_supplier_of_reader(orders), &settings->view, error) &&
           sw_join_open(&dated->join, events, orders, &dated->view, &how, error) &&
           sw_writer_hand_over(&dated->writer, &dated->join.schema, taker, error) &&
           sw_study_table_open(&dated->table, &study->files, "orders", &dated->join.schema,
                               settings->event_columns, 1, error);
}

static bool date_events(struct sw_study *study, struct sw_reader *events, struct sw_reader *orders,
                        struct sw_error *error)
{
    struct dated dated = {0};
    bool good = open_dated(study, &dated, events, orders, error) &&
                sw_join_rows(&dated.join, &dated.writer, error);
    if (good) {
        struct sw_tally tally = sw_join_tally(&dated.join);
        good = sw_tally_check(&tally, "orders", error) && sw_writer_close(&dated.writer, error) &&
               sw_study_table_close(&dated.table, error);
    }
    sw_study_table_free(&dated.table);
    sw_writer_free(&dated.writer);
    sw_join_free(&dated.join);
    sw_view_free(&dated.view);
    return good;
}

bool sw_study_write_events(struct sw_study *study, struct sw_error *error)
{
    struct sw_reader events, orders;
    if (!sw_study_has_files(study) || study->settings->no_events) return true;
    if (!sw_study_open_part(study, study->events, "orders", &events, error)) return false;
    bool good = sw_study_open_part(study, study->selected, "classified orders", &orders, error);
    if (good) {
        good = date_events(study, &events, &orders, error);
        sw_reader_close(&orders);
    }
    sw_reader_close(&events);
    return good;
}

bool sw_study_write_orders(struct sw_study *study, struct sw_error *error)
{
    return !sw_study_has_files(study) ||
           (write_part(study, "classified", study->selected, error) && write_metrics(study, error));
}
