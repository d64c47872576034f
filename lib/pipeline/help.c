/* SPDX-License-Identifier: ISC
 * What a pipeline's --help says (pipeline/pipeline.h). */
#include "base/memory.h"
#include "pipeline/pipeline.h"
#include "program/options.h"

#define EXIT_STATUS                                                                                \
    "\nExit status: 0 done, 1 wrong data, 2 wrong usage, 3 the system failed. See sw(7).\n"

static const struct page {
    enum sw_pipeline pipeline;
    const char *before, *after; /* the options */
} pages[] = {
    {SW_REPORT,
     "usage: report [SELECTOR]… [--per order|event] [-g COL,…] [-a NAME=MEASURE,…] [-j WORKERS]\n"
     "              [-b CHUNK_SIZE] -o OUT ORDERS…\n"
     "Writes every standard report over the selected orders, each in its last state, to\n"
     "OUT/aggregated/, or with -g one report of your own, OUT/aggregated/groups.csv (both with\n"
     "--reports all), and the ledger of rows to OUT/run/ledger.csv. ORDERS are CSV, packed or "
     "not, or\n"
     "record streams. A run that was ended goes on when it is called again; one that is done makes "
     "only\n"
     "what changed.\n\n",
     "\nOf orders, -s and -p select events, the other selectors orders by their last "
     "state.\n" EXIT_STATUS},
    {SW_ANALYSE,
     "usage: analyse --trades FILE --nbbo FILE|orders|trades [SELECTOR]… [-j WORKERS] [-b "
     "CHUNK_SIZE]\n"
     "              -o OUT ORDERS…\n"
     "Folds order events with their trades, computes execution metrics and what the dark-pool\n"
     "scenarios would have cost, and writes OUT/by_security/ and OUT/aggregated/. Files are CSV,\n"
     "packed or not, or record streams; --trades and --nbbo may be given repeatedly. A second run\n"
     "makes only what is missing or what its inputs or options changed.\n\n",
     "\nSecurities and participants select events; the other selectors select orders, by their "
     "last\n"
     "state.\n" EXIT_STATUS},
    {SW_MATCH,
     "usage: match --trades FILE --nbbo FILE|orders|trades [--rules RULES] [--sweep CONCESSION]\n"
     "             [--replay] [--sessions FILE] [--ticks FILE] [SELECTOR]… [-j WORKERS]\n"
     "             [-b CHUNK_SIZE] -o OUT ORDERS…\n"
     "Lets sweeps that were filled on the lit book wait in the dark one (sw-match(1)), and writes\n"
     "OUT/by_security/…/matches.csv.gz and sweeps.csv.gz, and OUT/aggregated/match_summary.csv; "
     "with\n"
     "--replay replay.csv.gz and replay_summary.csv. A second run makes only what is missing or "
     "what\n"
     "its inputs or options changed.\n\n",
     "\nSecurities select events; the other selectors select sweeps, by their last state of the\n"
     "date.\n" EXIT_STATUS},
    {SW_EXTRACT,
     "usage: extract [SELECTOR]… [-c COL,…] [-j WORKERS] [-b CHUNK_SIZE] -o OUT.csv ORDERS…\n"
     "Writes the selected rows to OUT.csv, in the order of the files and of the rows in them;\n"
     "OUT.csv.gz is compressed, - is standard output. ORDERS are CSV, packed or not, or record\n"
     "streams.\n\n",
     EXIT_STATUS},
    {SW_CONVERT,
     "usage: convert [SELECTOR]… [-c COL,…] [-k COL,…] [-z LEVEL] [-j WORKERS] [-b CHUNK_SIZE]\n"
     "              -o OUT.swr FILE…\n"
     "Writes the selected rows to OUT.swr, optimized and indexed (sw-optimize(1)), in the order "
     "of\n"
     "the files and of the rows in them. FILEs are CSV, packed or not, or record streams, of\n"
     "orders, trades or quotes.\n\n",
     "\nThe stream is the same whatever the workers and chunks: sw-info --digest shows it. Its "
     "bytes\n"
     "are those of one block behind another, and depend on the chunks.\n" EXIT_STATUS},
    {SW_SWEEP,
     "usage: sweep -C FILE [--dry-run] [--kill-orphans] [KEY=VALUE]…\n"
     "Checks the configuration FILE, sweep.conf(5), and names all that is wrong with it; then runs "
     "its\n"
     "steps, each into a place of its own below output: report into OUT/report, analyse into OUT,\n"
     "extract to OUT/orders.csv (or .csv.gz), convert to OUT/orders.swr. KEY=VALUE holds instead "
     "of\n"
     "what the file says. A run that was ended goes on when it is called again.\n\n",
     "\nA step that fails ends the run, or, with on_failure = never, only itself.\n" EXIT_STATUS},
};

enum { PAGES = sizeof pages / sizeof *pages };

/* The pipeline's part of the table as a program has its own. */
static struct sw_option *options_of(enum sw_pipeline pipeline, struct sw_error *error)
{
    size_t count = 0, kept = 0;
    while (sw_pipeline_options[count].name) count++;
    struct sw_option *options = sw_alloc(count + 1, sizeof *options, error);
    for (size_t i = 0; options && i < count; i++) {
        const struct sw_pipeline_option *option = &sw_pipeline_options[i];
        if (option->pipelines & pipeline)
            options[kept++] = (struct sw_option){option->letter, option->name,   option->argument,
                                                 option->help,   SW_OPTION_FLAG, NULL,
                                                 NULL,           false};
    }
    if (options) options[kept] = (struct sw_option)SW_OPTIONS_END;
    return options;
}

static bool help(const struct page *page, const struct sw_option *options, struct sw_buffer *out,
                 struct sw_error *error)
{
    return sw_buffer_text(out, page->before, error) && sw_options_help(options, out, error) &&
           sw_buffer_text(out, page->after, error);
}

bool sw_pipeline_help(enum sw_pipeline pipeline, const char *format, struct sw_buffer *out,
                      struct sw_error *error)
{
    bool good = false;
    if (format && !sw_among(format, "mdoc"))
        return sw_fail(error, SW_USAGE, "--help: not mdoc: '%s'", format);
    struct sw_option *options = options_of(pipeline, error);
    for (size_t i = 0; options && i < PAGES; i++)
        if (pages[i].pipeline == pipeline)
            good = format ? sw_options_mdoc(options, out, error)
                          : help(&pages[i], options, out, error);
    free(options);
    return good;
}
