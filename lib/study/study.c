/* SPDX-License-Identifier: ISC */
#include "study/study.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "expr/value.h"
#include "group/named_measures.h"
#include "group/reports.h"
#include "input/filter_rows.h"
#include "market/metrics.h"
#include "market/simulation.h"
#include "market/summary_sums.h"
#include "sort/block_keys.h"
#include "sort/merge_files.h"
#include "sort/merge_join.h"
#include "study/study_tally.h"
#include "tca/table.h"

struct study {
    const struct sw_study_settings *settings;
    struct sw_scratch scratch;
    struct sw_part events, trades, quotes, classified, selected, simulation,
        dated; /* streams in it */
    struct sw_study_tally tally;
    struct sw_study_files files;
    char *orders_path, *sums_path, *partial_path, *tally_path, *tca_path;
};

/* ---- streams put by ---- */

static struct sw_part begin_part(const struct study *study)
{
    return (struct sw_part){.offset = study->scratch.output.written};
}

static bool end_part(struct study *study, struct sw_part *part, struct sw_error *error)
{
    part->length = study->scratch.output.written - part->offset;
    return sw_output_flush(&study->scratch.output, error);
}

/* The name stands in messages. */
static struct sw_input input_of(const struct study *study, struct sw_part part, const char *name)
{
    struct sw_input input;
    sw_scratch_input(&study->scratch, part, &input);
    input.name = name;
    return input;
}

static bool open_part(const struct study *study, struct sw_part part, const char *name,
                      struct sw_reader *reader, struct sw_error *error)
{
    const struct sw_input input = input_of(study, part, name);
    return sw_reader_open_input(reader, &input, error);
}

/* ---- merging ---- */

/* A table's files, and what their rows are sorted by. */
struct merging {
    const struct sw_study_input *input;
    struct sw_sort_input_settings how;
    bool counted; /* its rows tell the securities */
};

static bool merge_rows(struct study *study, struct sw_merge_files *files, bool counted,
                       struct sw_error *error)
{
    const int security = sw_schema_find(&files->output, "security_code");
    struct sw_writer writer = {0};
    enum sw_step step = SW_FAILED;
    bool good = sw_writer_open(&writer, &study->scratch.output, &files->output, 0, error);
    while (good && (step = sw_merge_files_next(files, error)) == SW_ROWS) {
        const struct sw_vector *const *vectors = files->vectors;
        good = (!counted ||
                sw_study_tally_events(&study->tally, vectors[security], files->rows, error)) &&
               sw_writer_gather(&writer, vectors, NULL, files->rows, error);
    }
    files->tally.kept = sw_writer_rows(&writer);
    good = good && step == SW_END && sw_tally_check(&files->tally, files->paths[0], error) &&
           sw_writer_close(&writer, error);
    sw_writer_free(&writer);
    return good;
}

static bool merge(struct study *study, const struct merging *merging, struct sw_part *part,
                  struct sw_error *error)
{
    const struct sw_simulate_settings *simulate = &study->settings->simulate;
    struct sw_merge_files files = {0};
    *part = begin_part(study);
    bool good =
        sw_merge_files_open(&files, merging->input->paths, merging->input->count, &merging->how,
                            simulate->memory_bytes, simulate->folder, error) &&
        merge_rows(study, &files, merging->counted, error) && end_part(study, part, error);
    sw_merge_files_free(&files);
    return good;
}

/* What events and quotes are sorted by depends on their columns. */
static bool look_at(const struct sw_study_input *input, bool *sequence, bool *is_nbbo,
                    struct sw_error *error)
{
    struct sw_reader reader;
    if (!sw_reader_open(&reader, input->paths, 1, error)) return false;
    *sequence = sw_schema_find(&reader.schema, "sequence") >= 0;
    *is_nbbo = strcmp(reader.schema.table, "nbbo") == 0;
    sw_reader_close(&reader);
    return true;
}

static bool merge_inputs(struct study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    const struct sw_selectors securities = {.securities = settings->selectors.securities};
    struct merging events = {&settings->events, {.sorted = true, .view = settings->view}, true};
    struct merging trades = {&settings->trades, {.sorted = true, .selectors = securities}, false};
    struct merging quotes = {&settings->quotes, {.sorted = true, .selectors = securities}, false};
    bool event_sequence, quote_sequence, is_nbbo;
    if (!look_at(&settings->events, &event_sequence, &is_nbbo, error) ||
        !look_at(&settings->quotes, &quote_sequence, &is_nbbo, error))
        return false;
    events.how.selectors = securities;
    events.how.selectors.participants = settings->selectors.participants;
    events.how.keys = event_sequence ? "security_code,order_id,timestamp,sequence"
                                     : "security_code,order_id,timestamp";
    events.how.last_resort = event_sequence;
    trades.how.keys = "security_code,order_id,timestamp";
    quotes.how.last_resort = !is_nbbo;
    quotes.how.keys =
        !is_nbbo && quote_sequence ? "security_code,timestamp,sequence" : "security_code,timestamp";
    return merge(study, &events, &study->events, error) &&
           merge(study, &trades, &study->trades, error) &&
           merge(study, &quotes, &study->quotes, error);
}

/* ---- classifying and selecting ---- */

static bool classify(struct study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    const struct sw_input events = input_of(study, study->events, "orders");
    const struct sw_input trades = input_of(study, study->trades, "trades");
    const struct sw_classify_settings how = {
        .input = &events,
        .trades = {.input = &trades,
                   .trades_in = settings->trades_in,
                   .share_directory = settings->share_directory},
        .zone = settings->view.zone,
        .watch = &sw_study_classify_watch,
        .watcher = &study->tally};
    struct sw_classify classify = {0};
    study->classified = begin_part(study);
    bool good =
        sw_classify_open(&classify, &how, error) &&
        sw_schema_made_by(&classify.schema, settings->made_by, strlen(settings->made_by), error) &&
        sw_classify_run(&classify, &study->scratch.output, error) &&
        end_part(study, &study->classified, error);
    const char *note = good && !settings->view.zone ? sw_schema_zone_note(&classify.schema) : NULL;
    if (note && settings->view.say) settings->view.say(note);
    sw_classify_free(&classify);
    return good;
}

static bool filter(struct study *study, struct sw_reader *reader,
                   const struct sw_selectors *selectors, struct sw_error *error)
{
    const struct sw_filter_settings how = {.selectors = selectors,
                                           .share_directory = study->settings->share_directory,
                                           .made_by = study->settings->made_by};
    struct sw_view view = {0};
    struct sw_filter filter = {0};
    bool good = sw_view_open(&view, sw_supplier_of_reader(reader), &study->settings->view, error) &&
                sw_filter_open(&filter, reader, &view, &how, error) &&
                sw_filter_rows(&filter, &study->scratch.output, NULL, error);
    sw_filter_free(&filter);
    sw_view_free(&view);
    return good;
}

static bool select_orders(struct study *study, struct sw_error *error)
{
    struct sw_selectors of_orders = study->settings->selectors;
    struct sw_reader reader;
    of_orders.securities = of_orders.participants = NULL;
    study->selected = study->classified;
    if (!sw_selectors_given(&of_orders)) return true;
    study->selected = begin_part(study);
    if (!open_part(study, study->classified, "classified orders", &reader, error)) return false;
    bool good =
        filter(study, &reader, &of_orders, error) && end_part(study, &study->selected, error);
    sw_reader_close(&reader);
    return good;
}

/* ---- scenarios ---- */

/* The orders stay; a row for each of their scenarios is wanted for files alone, so that it is put by. */
struct results {
    struct sw_output orders_output;
    struct sw_per_order orders;
    struct sw_simulation simulation;
};

static bool has_files(const struct study *study)
{
    return study->settings->format.kind != SW_STUDY_NOTHING;
}

static bool open_results(struct study *study, struct results *results,
                         const struct sw_simulate *simulate, struct sw_error *error)
{
    const char *made_by = study->settings->made_by;
    return sw_output_open(&results->orders_output, study->orders_path, error) &&
           (!has_files(study) ||
            sw_simulation_open(&results->simulation, simulate, made_by, strlen(made_by),
                               &study->scratch.output, error)) &&
           sw_per_order_open(&results->orders, simulate, study->settings->inclusion, made_by,
                             strlen(made_by), &results->orders_output, error);
}

static bool put_order(struct study *study, struct results *results,
                      const struct sw_simulate *simulate, struct sw_error *error)
{
    sw_study_tally_order(&study->tally, simulate);
    return sw_per_order_put(&results->orders, simulate, error) &&
           (!has_files(study) || sw_simulation_put(&results->simulation, simulate, error));
}

/* Each order stands among the orders, and each that was simulated has its rows. */
static bool adds_up(const struct study *study, const struct results *results,
                    const struct sw_simulate *simulate, struct sw_error *error)
{
    struct sw_tally orders = {.read = simulate->reader->total_rows,
                              .kept = sw_writer_rows(&results->orders.writer)};
    struct sw_tally rows = {.kept = sw_writer_rows(&results->simulation.writer)};
    for (int i = 0; i < SW_SCENARIOS; i++)
        if (simulate->settings->chosen[i]) rows.read += simulate->given_filled;
    return sw_simulate_check(simulate, error) && sw_tally_check(&orders, "orders.swr", error) &&
           (!has_files(study) || sw_tally_check(&rows, "simulation", error));
}

/* Of each security, what its rows come to. */
static bool put_sums(const struct study *study, struct sw_summary_sums *sums,
                     struct sw_error *error)
{
    const struct sw_study_tally *tally = &study->tally;
    for (size_t i = 0; i < tally->count; i++) {
        const struct sw_study_security *security = &tally->securities[i];
        if (!sw_summary_sums_put(sums, &security->name, &security->counts.summary, error))
            return false;
    }
    return sw_summary_sums_close(sums, error);
}

static bool write_sums(const struct study *study, const struct sw_simulate *simulate,
                       struct sw_error *error)
{
    const char *made_by = study->settings->made_by;
    struct sw_summary_sums sums = {0};
    struct sw_output output;
    if (!sw_output_open(&output, study->sums_path, error)) return false;
    bool good = sw_summary_sums_open(&sums, simulate, made_by, strlen(made_by), &output, error) &&
                put_sums(study, &sums, error);
    sw_summary_sums_free(&sums);
    return sw_output_end(&output, good, error);
}

static bool close_simulation(struct study *study, struct results *results, struct sw_error *error)
{
    return !has_files(study) || (sw_simulation_close(&results->simulation, error) &&
                                 end_part(study, &study->simulation, error));
}

static bool put_orders(struct study *study, struct results *results, struct sw_simulate *simulate,
                       struct sw_error *error)
{
    enum sw_step step;
    study->simulation = begin_part(study);
    if (!sw_simulate_read(simulate, error) || !open_results(study, results, simulate, error))
        return false;
    while ((step = sw_simulate_next(simulate, error)) == SW_ROWS)
        if (!put_order(study, results, simulate, error)) return false;
    return step == SW_END && adds_up(study, results, simulate, error) &&
           sw_per_order_close(&results->orders, error) && close_simulation(study, results, error) &&
           write_sums(study, simulate, error) && sw_output_close(&results->orders_output, error);
}

static bool simulate_with(struct study *study, struct sw_reader *orders, struct sw_quotes *quotes,
                          struct sw_error *error)
{
    struct sw_simulate simulate = {0};
    struct results results = {.orders_output = {.fd = -1}};
    quotes->left_out = sw_study_tally_quote;
    quotes->owner = &study->tally;
    bool good = sw_simulate_open(&simulate, &study->settings->simulate, orders, quotes, error) &&
                put_orders(study, &results, &simulate, error);
    if (!good) sw_output_abandon(&results.orders_output);
    sw_per_order_free(&results.orders);
    sw_simulation_free(&results.simulation);
    sw_simulate_free(&simulate);
    return good;
}

static bool simulate(struct study *study, struct sw_error *error)
{
    struct sw_reader orders;
    struct sw_quotes quotes = {0};
    const struct sw_input input = input_of(study, study->quotes, "quotes");
    if (!open_part(study, study->selected, "classified orders", &orders, error)) return false;
    bool good = sw_quotes_open_input(&quotes, &input, error) &&
                simulate_with(study, &orders, &quotes, error);
    sw_quotes_close(&quotes);
    sw_reader_close(&orders);
    return good;
}

/* ---- transaction costs ---- */

static bool put_costs(const struct study *study, struct sw_tca *tca, struct sw_output *output,
                      struct sw_error *error)
{
    const char *made_by = study->settings->made_by;
    const struct sw_tca_form as_records = {.records = true};
    struct sw_tca_table table = {0};
    enum sw_step step = SW_FAILED;
    bool good = sw_tca_read(tca, error) && sw_tca_table_open(&table, tca, &as_records, made_by,
                                                             strlen(made_by), output, error);
    while (good && (step = sw_tca_next(tca, error)) == SW_ROWS)
        good = sw_tca_table_put(&table, tca, error);
    good = good && step == SW_END && sw_tca_check(tca, error) && sw_tca_table_close(&table, error);
    sw_tca_table_free(&table);
    return good;
}

/* Of the selected orders, by all events and by the trades of the whole market. */
static bool work_out_costs(struct study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    if (settings->no_costs) return true;
    const struct sw_input orders = input_of(study, study->selected, "classified orders");
    const struct sw_input trades = input_of(study, study->trades, "trades");
    const struct sw_input events = input_of(study, study->events, "orders");
    const struct sw_input quotes = input_of(study, study->quotes, "quotes");
    const struct sw_tca_settings how = {.inputs = {.orders_input = &orders,
                                                   .trades_input = &trades,
                                                   .events_input = &events,
                                                   .trades_in = settings->trades_in,
                                                   .share_directory = settings->share_directory,
                                                   .reported_only = !has_files(study),
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

/* ---- aggregates ---- */

static bool write_partial(struct study *study, struct sw_aggregate *aggregate,
                          const struct sw_schema *rows, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, study->partial_path, error)) return false;
    return sw_output_end(
        &output, sw_partial_write(aggregate, &output, rows, study->settings->made_by, error),
        error);
}

static bool aggregate(struct study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    const char *const paths[] = {study->orders_path};
    struct sw_aggregate aggregate = {0};
    struct sw_buffer measures = {0};
    struct sw_reader reader;
    if (!sw_reader_open(&reader, paths, 1, error)) return false;
    bool good =
        !settings->measures || sw_measures_expand(settings->measures, settings->share_directory,
                                                  &reader.schema, &measures, error);
    const struct sw_request request = {.keys = settings->keys,
                                       .measures = (const char *)measures.bytes,
                                       .reports = "all",
                                       .settings = settings->view,
                                       .share_directory = settings->share_directory,
                                       .rows = &reader.schema};
    good = good && sw_aggregate_plan(&aggregate, &request, error) &&
           sw_aggregate_rows(&aggregate, &reader, &settings->view, error) &&
           sw_aggregate_check(&aggregate, error) &&
           write_partial(study, &aggregate, &reader.schema, error);
    sw_aggregate_free(&aggregate);
    sw_buffer_free(&measures);
    sw_reader_close(&reader);
    return good;
}

/* ---- files for people ---- */

static bool write_part(struct study *study, const char *name, struct sw_part part,
                       struct sw_error *error)
{
    struct sw_reader reader;
    if (!open_part(study, part, name, &reader, error)) return false;
    bool good = sw_study_files_table(&study->files, name, &reader, NULL, 0, error);
    sw_reader_close(&reader);
    return good;
}

static bool write_table(struct study *study, const char *name, const char *path,
                        struct sw_error *error)
{
    const char *const paths[] = {path};
    struct sw_reader reader;
    if (!sw_reader_open(&reader, paths, 1, error)) return false;
    bool good = sw_study_files_table(&study->files, name, &reader, NULL, 0, error);
    sw_reader_close(&reader);
    return good;
}

/* With the security and the date in front. */
static bool print_all_metrics(const struct study *study, const struct sw_metrics *metrics,
                              struct sw_error *error)
{
    struct sw_output output;
    return sw_study_files_open(&study->files, "metrics.csv", &output, error) &&
           sw_output_end(&output,
                         sw_metrics_write(metrics, SW_PRINT_CSV, false, false, &output, error),
                         error);
}

/* The metrics of each security and date, as text that is read again. */
static bool print_metrics(struct study *study, const struct sw_metrics *metrics,
                          struct sw_error *error)
{
    struct sw_part part = begin_part(study);
    struct sw_buffer text = {0};
    size_t got = 0;
    bool good =
        sw_metrics_write(metrics, SW_PRINT_CSV, false, true, &study->scratch.output, error) &&
        end_part(study, &part, error);
    struct sw_input input = input_of(study, part, "metrics");
    good = good && sw_buffer_reserve(&text, part.length, error) &&
           sw_input_read(&input, text.bytes, part.length, &got, error) &&
           sw_study_files_metrics(&study->files, (const char *)text.bytes, got, SW_METRICS_ROWS,
                                  error);
    sw_buffer_free(&text);
    return good;
}

static bool write_metrics(struct study *study, struct sw_error *error)
{
    struct sw_metrics metrics = {0};
    struct sw_reader reader;
    if (!open_part(study, study->selected, "classified orders", &reader, error)) return false;
    bool good =
        sw_metrics_read(&metrics, &reader, "security_code,date", &study->settings->view, error) &&
        (study->files.tables ? print_all_metrics(study, &metrics, error)
                             : print_metrics(study, &metrics, error));
    sw_metrics_free(&metrics);
    sw_reader_close(&reader);
    return good;
}

/* The events of selected orders, each with its order's date behind it. */
static bool join_dates(struct study *study, struct sw_reader *events, struct sw_reader *orders,
                       struct sw_error *error)
{
    const struct sw_join_settings how = {
        .kind = SW_JOIN_MATCHED, .keys = "security_code,order_id", .columns = "date"};
    struct sw_view view = {0};
    struct sw_join join = {0};
    struct sw_writer writer = {0};
    bool good = sw_view_open(&view, sw_supplier_of_reader(orders), &study->settings->view, error) &&
                sw_join_open(&join, events, orders, &view, &how, error) &&
                sw_writer_open(&writer, &study->scratch.output, &join.schema, 0, error) &&
                sw_join_rows(&join, &writer, error);
    if (good) {
        struct sw_tally tally = sw_join_tally(&join);
        good = sw_tally_check(&tally, "orders", error) && sw_writer_close(&writer, error);
    }
    sw_writer_free(&writer);
    sw_join_free(&join);
    sw_view_free(&view);
    return good;
}

static bool date_events(struct study *study, struct sw_error *error)
{
    struct sw_reader events, orders;
    study->dated = begin_part(study);
    if (!open_part(study, study->events, "orders", &events, error)) return false;
    bool good = open_part(study, study->selected, "classified orders", &orders, error);
    if (good) {
        good = join_dates(study, &events, &orders, error) && end_part(study, &study->dated, error);
        sw_reader_close(&orders);
    }
    sw_reader_close(&events);
    return good;
}

static bool write_events(struct study *study, struct sw_error *error)
{
    struct sw_reader reader;
    if (study->settings->no_events) return true;
    if (!date_events(study, error) || !open_part(study, study->dated, "orders", &reader, error))
        return false;
    bool good = sw_study_files_table(&study->files, "orders", &reader,
                                     study->settings->event_columns, 1, error);
    sw_reader_close(&reader);
    return good;
}

static bool write_files(struct study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    if (!has_files(study)) return true;
    return write_part(study, "classified", study->selected, error) && write_metrics(study, error) &&
           write_part(study, "simulation", study->simulation, error) &&
           (settings->no_costs || write_table(study, "tca", study->tca_path, error)) &&
           write_events(study, error);
}

/* ---- all of it ---- */

static char *path_of(const struct study *study, const char *name, struct sw_error *error)
{
    struct sw_buffer path = {0};
    if (sw_buffer_format(&path, error, "%s/%s", study->settings->folder, name) &&
        sw_buffer_add(&path, "", 1, error))
        return (char *)path.bytes;
    sw_buffer_free(&path);
    return NULL;
}

/* Files are written where they stay, so there must be none. */
static bool refuse_results(const struct study *study, const char *name, struct sw_error *error)
{
    struct stat about;
    char *path = path_of(study, name, error);
    bool good = path && (lstat(path, &about) != 0 ||
                         sw_fail(error, SW_USAGE, "%s: is there already", path));
    free(path);
    return good;
}

static bool prepare(struct study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    study->tally.inclusion = settings->inclusion;
    memcpy(study->tally.chosen, settings->simulate.chosen, sizeof study->tally.chosen);
    study->files = (struct sw_study_files){.folder = settings->folder,
                                           .scratch_folder = settings->simulate.folder,
                                           .format = settings->format,
                                           .tables = settings->tables,
                                           .memory_bytes = settings->simulate.memory_bytes};
    study->orders_path = path_of(study, "orders.swr", error);
    study->sums_path = path_of(study, "simulation_sums.swr", error);
    study->partial_path = path_of(study, "partial.swr", error);
    study->tally_path = path_of(study, "tally", error);
    study->tca_path = path_of(study, "tca.swr", error);
    return study->orders_path && study->sums_path && study->partial_path && study->tally_path &&
           study->tca_path && refuse_results(study, "by_security", error) &&
           refuse_results(study, "tables", error) &&
           sw_scratch_open(&study->scratch, settings->simulate.folder, error);
}

bool sw_study_run(const struct sw_study_settings *settings, struct sw_error *error)
{
    struct study study = {.settings = settings, .scratch = {.output = {.fd = -1}}};
    bool good = prepare(&study, error) && merge_inputs(&study, error) && classify(&study, error) &&
                select_orders(&study, error) && simulate(&study, error) &&
                work_out_costs(&study, error) && aggregate(&study, error) &&
                write_files(&study, error) &&
                sw_study_tally_write(&study.tally, study.tally_path, error);
    if (study.scratch.output.fd >= 0) sw_scratch_close(&study.scratch);
    sw_study_files_free(&study.files);
    sw_study_tally_free(&study.tally);
    free(study.orders_path);
    free(study.sums_path);
    free(study.partial_path);
    free(study.tally_path);
    free(study.tca_path);
    return good;
}
