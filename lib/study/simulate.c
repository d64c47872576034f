/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include <string.h>

#include "market/simulation.h"
#include "market/summary_sums.h"
#include "program/tally.h"

/* The orders stay; a row for each of their scenarios is wanted for files alone, and goes right there. */
struct results {
    struct sw_output orders_output;
    struct sw_per_order orders;
    struct sw_simulation simulation;
    struct sw_study_table table;
};

static bool open_table(struct sw_study *study, struct results *results,
                       const struct sw_simulate *simulate, struct sw_error *error)
{
    const char *made_by = study->settings->made_by;
    struct sw_simulation *rows = &results->simulation;
    const struct sw_block_taker taker = sw_study_table_taker(&results->table);
    return sw_simulation_open(rows, simulate, made_by, strlen(made_by), error) &&
           sw_writer_hand_over(&rows->writer, &rows->schema, taker, error) &&
           sw_study_table_open(&results->table, &study->files, "simulation", &rows->schema, NULL, 0,
                               error);
}

static bool open_results(struct sw_study *study, struct results *results,
                         const struct sw_simulate *simulate, struct sw_error *error)
{
    const char *made_by = study->settings->made_by;
    return sw_output_open(&results->orders_output, study->orders_path, error) &&
           (!sw_study_has_files(study) || open_table(study, results, simulate, error)) &&
           sw_per_order_open(&results->orders, simulate, study->settings->inclusion, made_by,
                             strlen(made_by), &results->orders_output, error);
}

static bool put_order(struct sw_study *study, struct results *results,
                      const struct sw_simulate *simulate, struct sw_error *error)
{
    sw_study_tally_order(&study->tally, simulate);
    return sw_per_order_put(&results->orders, simulate, error) &&
           (!sw_study_has_files(study) || sw_simulation_put(&results->simulation, simulate, error));
}

/* Each order stands among the orders, and each that was simulated has its rows. */
static bool adds_up(const struct sw_study *study, const struct results *results,
                    const struct sw_simulate *simulate, struct sw_error *error)
{
    struct sw_tally orders = {.read = simulate->reader->total_rows,
                              .kept = sw_writer_rows(&results->orders.writer)};
    struct sw_tally rows = {.kept = sw_writer_rows(&results->simulation.writer)};
    for (int i = 0; i < SW_SCENARIOS; i++)
        if (simulate->settings->chosen[i]) rows.read += simulate->given_filled;
    return sw_simulate_check(simulate, error) && sw_tally_check(&orders, "orders.swr", error) &&
           (!sw_study_has_files(study) || sw_tally_check(&rows, "simulation", error));
}

/* Of each security, what its rows come to. */
static bool put_sums(const struct sw_study *study, struct sw_summary_sums *sums,
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

static bool write_sums(const struct sw_study *study, const struct sw_simulate *simulate,
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

static bool close_table(const struct sw_study *study, struct results *results,
                        struct sw_error *error)
{
    return !sw_study_has_files(study) || (sw_simulation_close(&results->simulation, error) &&
                                          sw_study_table_close(&results->table, error));
}

static bool put_orders(struct sw_study *study, struct results *results,
                       struct sw_simulate *simulate, struct sw_error *error)
{
    enum sw_step step;
    if (!sw_simulate_read(simulate, error) || !open_results(study, results, simulate, error))
        return false;
    while ((step = sw_simulate_next(simulate, error)) == SW_ROWS)
        if (!put_order(study, results, simulate, error)) return false;
    return step == SW_END && adds_up(study, results, simulate, error) &&
           sw_per_order_close(&results->orders, error) && close_table(study, results, error) &&
           write_sums(study, simulate, error) && sw_output_close(&results->orders_output, error);
}

static bool simulate_with(struct sw_study *study, struct sw_reader *orders,
                          struct sw_quotes *quotes, struct sw_error *error)
{
    struct sw_simulate simulate = {0};
    struct results results = {.orders_output = {.fd = -1}};
    quotes->left_out = sw_study_tally_quote;
    quotes->owner = &study->tally;
    bool good = sw_simulate_open(&simulate, &study->settings->simulate, orders, quotes, error) &&
                put_orders(study, &results, &simulate, error);
    if (!good) sw_output_abandon(&results.orders_output);
    sw_per_order_free(&results.orders);
    sw_study_table_free(&results.table);
    sw_simulation_free(&results.simulation);
    sw_simulate_free(&simulate);
    return good;
}

bool sw_study_simulate(struct sw_study *study, struct sw_error *error)
{
    struct sw_reader orders;
    struct sw_quotes quotes = {0};
    const struct sw_input input = sw_study_input(study, study->quotes, "quotes");
    if (!sw_study_open_part(study, study->selected, "classified orders", &orders, error))
        return false;
    bool good = sw_quotes_open_input(&quotes, &input, error) &&
                simulate_with(study, &orders, &quotes, error);
    sw_quotes_close(&quotes);
    sw_reader_close(&orders);
    return good;
}
