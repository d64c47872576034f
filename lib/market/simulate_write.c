/* SPDX-License-Identifier: ISC */
#include "market/simulate_write.h"

#include <inttypes.h>
#include <string.h>

#include "market/summary_sums.h"
#include "program/tally.h"

static bool put_order(struct sw_simulate_run *run, struct sw_error *error)
{
    const struct sw_simulate *simulate = &run->simulate;
    if (run->per_order && !sw_per_order_put(&run->orders_out, simulate, error)) return false;
    if (simulate->filled) sw_summary_add(&run->summary, simulate);
    return run->sums || sw_simulation_put(&run->simulation, simulate, error);
}

static bool open_results(struct sw_simulate_run *run, struct sw_error *error)
{
    const char *text = run->made_by;
    const size_t length = run->made_by_length;
    struct sw_simulation *rows = &run->simulation;
    return (run->sums || (sw_simulation_open(rows, &run->simulate, text, length, error) &&
                          sw_writer_open(&rows->writer, &run->output, &rows->schema, 0, error))) &&
           (!run->per_order ||
            sw_per_order_open(&run->orders_out, &run->simulate, run->summary.inclusion, text,
                              length, &run->per_order_output, error));
}

static bool close_results(struct sw_simulate_run *run, struct sw_error *error)
{
    if (run->per_order && !sw_per_order_close(&run->orders_out, error)) return false;
    return run->sums ? sw_summary_write(&run->summary, run->format, &run->output, error)
                     : sw_simulation_close(&run->simulation, error);
}

/* Every order was simulated or is not filled; each has its rows, and each stands among the others. */
static bool adds_up(const struct sw_simulate_run *run, struct sw_error *error)
{
    const struct sw_simulate *simulate = &run->simulate;
    struct sw_tally rows = {.kept = sw_writer_rows(&run->simulation.writer)};
    struct sw_tally orders = {.read = run->orders.total_rows,
                              .kept = sw_writer_rows(&run->orders_out.writer)};
    for (int i = 0; i < SW_SCENARIOS; i++)
        if (run->settings.chosen[i]) rows.read += simulate->given_filled;
    return sw_simulate_check(simulate, error) &&
           (run->sums || sw_tally_check(&rows, run->output.name, error)) &&
           (!run->per_order || sw_tally_check(&orders, run->per_order, error));
}

bool sw_simulate_run(struct sw_simulate_run *run, struct sw_error *error)
{
    enum sw_step step;
    if (!run->sums && !sw_output_refuse_terminal(&run->output, error)) return false;
    /* What the results say of their order is known when all orders were seen. */
    if (!sw_quotes_open(&run->quotes, run->nbbo, error) ||
        !sw_simulate_open(&run->simulate, &run->settings, &run->orders, &run->quotes, error) ||
        !sw_simulate_read(&run->simulate, error) || !open_results(run, error))
        return false;
    while ((step = sw_simulate_next(&run->simulate, error)) == SW_ROWS)
        if (!put_order(run, error)) return false;
    return step == SW_END && adds_up(run, error) && close_results(run, error);
}

bool sw_simulate_add_up(struct sw_simulate_run *run, struct sw_error *error)
{
    const bool sums = strcmp(run->orders.schema.table, sw_summary_sums_table) == 0;
    return (sums ? sw_summary_sums_read : sw_summary_read)(&run->summary, &run->orders, error) &&
           sw_summary_write(&run->summary, run->format, &run->output, error);
}

bool sw_simulate_tally(const struct sw_simulate_run *run, const char *path, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_buffer_format(&text, error, "crossed\t%" PRIu64 "\none_sided\t%" PRIu64 "\n",
                                 run->quotes.crossed, run->quotes.one_sided) &&
                sw_summary_tally(&run->summary, &text, error) &&
                sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

void sw_simulate_run_free(struct sw_simulate_run *run)
{
    sw_per_order_free(&run->orders_out);
    sw_simulation_free(&run->simulation);
    sw_simulate_free(&run->simulate);
    sw_quotes_close(&run->quotes);
    sw_reader_close(&run->orders);
}
