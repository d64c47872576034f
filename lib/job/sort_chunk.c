/* SPDX-License-Identifier: ISC
 * One chunk of an analysis or a match: its rows sorted, their blocks cut and indexed by security.
 *
 *   sw-chunk --range, or of some files, or sw-filter of a stream ─▶ sw-sort ─▶ PART.swr
 *                                           sw-agg: what is in it, by security (and date) ─▶ PART.list
 *
 * PART.tally has the rows counted (ledger/part_seal.h) and is written last: with it the part is whole. */
#include <stdlib.h>

#include "job/entry.h"
#include "job/part.h"

struct sorting {
    struct sw_job_pipe *pipe;
    struct sw_job_entry entry;
    struct sw_job_texts layout, selectors, zone, sizes, memory, keys;
    const char *columns, *bad_rows, *work;
    const char *schema, *list_keys, *list_measures;
    bool again; /* the rows of these files are read for themselves, too */
};

/* ---- what it is ---- */

static const char *const trade_keys[] = {"--keys", "security_code,order_id,timestamp"};

static bool of_orders(const struct sw_job *job, struct sorting *sorting)
{
    const struct sw_job_settings *settings = &job->settings;
    sorting->list_keys = "security_code,date";
    sorting->list_measures = "events=count()";
    return sw_job_setting_list(settings, "schema", &sorting->layout, job->error) &&
           sw_job_setting_text(settings, "columns", &sorting->columns, job->error) &&
           sw_job_setting_list(settings, "event_selectors", &sorting->selectors, job->error) &&
           sw_job_setting_list(settings, "order_keys", &sorting->keys, job->error);
}

static bool of_trades(const struct sw_job *job, struct sorting *sorting)
{
    const struct sw_job_settings *settings = &job->settings;
    sorting->list_keys = "security_code";
    sorting->keys = (struct sw_job_texts){(const char **)(uintptr_t)trade_keys, 2, 0};
    if (!sw_job_setting_text(settings, "trades_schema", &sorting->schema, job->error)) return false;
    if (!*sorting->schema) sorting->schema = "trades";
    return sw_job_setting_text(settings, "trade_columns", &sorting->columns, job->error) &&
           sw_job_setting_list(settings, "trade_selectors", &sorting->selectors, job->error) &&
           sw_job_setting_text(settings, "trade_measures", &sorting->list_measures, job->error);
}

static bool of_quotes(const struct sw_job *job, struct sorting *sorting)
{
    const struct sw_job_settings *settings = &job->settings;
    const char *quotes_of;
    sorting->list_keys = "security_code";
    sorting->list_measures = "rows=count()";
    if (!sw_job_setting_text(settings, "quotes_of", &quotes_of, job->error)) return false;
    sorting->again = *quotes_of != 0;
    return sw_job_setting_text(settings, "quote_layout", &sorting->schema, job->error) &&
           sw_job_setting_text(settings, "quote_columns", &sorting->columns, job->error) &&
           sw_job_setting_list(settings, "trade_selectors", &sorting->selectors, job->error) &&
           sw_job_setting_list(settings, "quote_keys", &sorting->keys, job->error);
}

static bool read_settings(struct sw_job *job, struct sorting *sorting)
{
    const struct sw_job_settings *settings = &job->settings;
    const char *table = job->fields[0];
    sorting->schema = "";
    return sw_job_setting_list(settings, "zone", &sorting->zone, job->error) &&
           sw_job_setting_list(settings, "sizes", &sorting->sizes, job->error) &&
           sw_job_setting_list(settings, "memory", &sorting->memory, job->error) &&
           sw_job_setting_text(settings, "bad_rows", &sorting->bad_rows, job->error) &&
           sw_job_setting_text(settings, "work", &sorting->work, job->error) &&
           (strcmp(table, "orders") == 0   ? of_orders(job, sorting)
            : strcmp(table, "trades") == 0 ? of_trades(job, sorting)
                                           : of_quotes(job, sorting)) &&
           sw_job_entry_read(job, sorting->work, &sorting->entry);
}

/* ---- its programs ---- */

static void add_selection(struct sorting *sorting)
{
    sw_job_list(sorting->pipe, &sorting->selectors);
    sw_job_list(sorting->pipe, &sorting->zone);
    sw_job_list(sorting->pipe, &sorting->sizes);
}

/* Bad rows of a file that is read for its quotes as well are collected where it is read for its rows. */
static void read_rows(struct sorting *sorting)
{
    struct sw_job_pipe *pipe = sorting->pipe;
    const struct sw_job_entry *entry = &sorting->entry;
    bool records = sw_job_entry_is_records(entry);
    sw_job_program(pipe, records ? "sw-filter" : "sw-chunk");
    if (records) {
        sw_job_entry_records(entry, pipe);
    } else {
        sw_job_list(pipe, &sorting->layout);
        sw_job_pair(pipe, "--schema", sorting->schema);
        sw_job_entry_text(entry, pipe);
    }
    sw_job_pair(pipe, "--columns", sorting->columns);
    if (!records && *sorting->bad_rows) {
        sw_job_words(pipe, "--bad-rows", NULL);
        sw_job_format(pipe, "%s.%s", entry->part, sorting->again ? "again" : "bad");
    }
    add_selection(sorting);
    sw_job_tally(pipe, entry->part, records ? "filter" : "chunk");
    sw_job_entry_files(entry, pipe);
}

static void sort(struct sorting *sorting)
{
    struct sw_job_pipe *pipe = sorting->pipe;
    sw_job_program(pipe, "sw-sort");
    sw_job_list(pipe, &sorting->keys);
    sw_job_words(pipe, "--block-keys", "security_code", "--index", NULL);
    sw_job_list(pipe, &sorting->memory);
    sw_job_tally(pipe, sorting->entry.part, "sort");
    sw_job_words(pipe, "-o", NULL);
    sw_job_format(pipe, "%s.swr", sorting->entry.part);
}

static void list(struct sorting *sorting)
{
    struct sw_job_pipe *pipe = sorting->pipe;
    const char *part = sorting->entry.part;
    sw_job_program(pipe, "sw-agg");
    sw_job_words(pipe, "--group", sorting->list_keys, "--measures", sorting->list_measures,
                 "--format", "tsv", NULL);
    sw_job_list(pipe, &sorting->zone);
    sw_job_tally(pipe, part, "listed");
    sw_job_words(pipe, "-o", NULL);
    sw_job_format(pipe, "%s.list", part);
    sw_job_words(pipe, "--", NULL);
    sw_job_format(pipe, "%s.swr", part);
}

static bool make(struct sorting *sorting, int *status)
{
    read_rows(sorting);
    sort(sorting);
    if (!sw_job_pipe_run(sorting->pipe, status)) return false;
    if (*status != 0 || sw_job_is_ending()) return true;
    list(sorting);
    return sw_job_pipe_run(sorting->pipe, status);
}

bool sw_job_sort_chunk(struct sw_job *job, int *status)
{
    static const char *const endings[] = {"list", "bad", "files", NULL};
    struct sorting sorting = {.pipe = &job->pipe};
    const char *part = sorting.entry.part;
    bool good = read_settings(job, &sorting) &&
                (job->pipe.is_dry || sw_job_remove_part(part, job->error)) &&
                make(&sorting, status) &&
                (*status != 0 || job->pipe.is_dry || sw_job_is_ending() ||
                 sw_job_entry_seal(&sorting.entry, job, endings));
    return good;
}
