/* SPDX-License-Identifier: ISC
 * One chunk of a run of report, extract or convert.
 *
 *   sw-chunk --range, or of some files, or sw-filter of a stream ─▶ sw-agg --partial (report of rows), sw-classify --partial (report of orders), sw-cut (extract)
 *                                                 or sw-optimize (convert)
 *
 * Of CSV sw-chunk alone makes what a report of rows needs, an extract, and what a convert does where no rows change their places.
 *
 * The result is PART.partial, PART.states or PART.rows; PART.tally has the rows counted (ledger/part_seal.h) and is written last: with it
 * the part is whole. */
#include <stdio.h>
#include <stdlib.h>

#include "job/entry.h"
#include "job/part.h"

enum step { PARTIAL, STATES, ROWS, STREAM };

struct chunk {
    struct sw_job_pipe *pipe;
    struct sw_job_texts selectors, schema, likely, zone, sizes, time_form, sort_options, level,
        aggregation;
    const char *columns, *bad_rows, *work;
    enum step step;
    struct sw_job_entry entry;
    const char *part; /* of the entry */
};

/* ---- what it is ---- */

static bool read_step(const struct sw_job *job, enum step *step)
{
    static const char *const names[] = {"partial", "states", "rows", "stream"};
    const char *name;
    if (!sw_job_setting_text(&job->settings, "step", &name, job->error)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *step = (enum step)i;
            return true;
        }
    return sw_fail(job->error, SW_SYSTEM, "nothing is made of chunks by the name of '%s'", name);
}

static bool read_settings(const struct sw_job *job, struct chunk *chunk)
{
    const struct sw_job_settings *settings = &job->settings;
    struct sw_error *error = job->error;
    return sw_job_setting_list(settings, "selectors", &chunk->selectors, error) &&
           sw_job_setting_list(settings, "schema", &chunk->schema, error) &&
           sw_job_setting_list(settings, "likely", &chunk->likely, error) &&
           sw_job_setting_list(settings, "zone", &chunk->zone, error) &&
           sw_job_setting_list(settings, "sizes", &chunk->sizes, error) &&
           sw_job_setting_list(settings, "time_form", &chunk->time_form, error) &&
           sw_job_setting_list(settings, "sort_options", &chunk->sort_options, error) &&
           sw_job_setting_list(settings, "level", &chunk->level, error) &&
           sw_job_setting_list(settings, "aggregation", &chunk->aggregation, error) &&
           sw_job_setting_text(settings, "columns", &chunk->columns, error) &&
           sw_job_setting_text(settings, "bad_rows", &chunk->bad_rows, error) &&
           sw_job_setting_text(settings, "work", &chunk->work, error) &&
           read_step(job, &chunk->step);
}

/* Rows of CSV are grouped or printed at once, and those that stay in their order, with all columns, are written as they are to be kept. */
static bool takes_one(const struct chunk *chunk)
{
    return chunk->step == PARTIAL || chunk->step == ROWS ||
           (chunk->step == STREAM && !*chunk->columns && chunk->sort_options.count == 0);
}

static bool has_expression(const struct chunk *chunk)
{
    for (size_t i = 0; i < chunk->selectors.count; i += 2)
        if (strcmp(chunk->selectors.items[i], "--expression") == 0) return true;
    return false;
}

/* Of the files of a group it is told how many of their events were kept with their orders. */
static bool folds_apart(const struct chunk *chunk)
{
    return chunk->step == STATES && sw_job_entry_is_files(&chunk->entry);
}

/* ---- its programs ---- */

static void add_local_time(struct chunk *chunk)
{
    sw_job_list(chunk->pipe, &chunk->zone);
    sw_job_list(chunk->pipe, &chunk->sizes);
}

/* Of a report's columns; with an expression any other may be needed, so all are read. Events go to a fold in blocks that stay in the
 * second cache with all their columns. */
static void add_columns(struct chunk *chunk)
{
    if (chunk->step == STATES)
        sw_job_words(chunk->pipe, "--columns", chunk->columns, "--block-rows", "4096", NULL);
    else if (chunk->step == PARTIAL && !has_expression(chunk))
        sw_job_pair(chunk->pipe, "--columns", chunk->columns);
}

/* Where sw-chunk does all there is to do. */
static void add_result(struct chunk *chunk)
{
    if (chunk->step == PARTIAL) {
        sw_job_list(chunk->pipe, &chunk->aggregation);
        sw_job_words(chunk->pipe, "--partial", NULL);
    } else if (chunk->step == ROWS) {
        sw_job_words(chunk->pipe, "--csv", "--no-header", NULL);
        sw_job_pair(chunk->pipe, "--print", chunk->columns);
        sw_job_list(chunk->pipe, &chunk->time_form);
    } else if (chunk->level.count) {
        sw_job_list(chunk->pipe, &chunk->level);
    } else {
        sw_job_words(chunk->pipe, "--level=1", NULL);
    }
    sw_job_words(chunk->pipe, "-o", NULL);
    sw_job_format(chunk->pipe, chunk->step == PARTIAL ? "%s.partial" : "%s.rows", chunk->part);
}

static void read_csv(struct chunk *chunk)
{
    struct sw_job_pipe *pipe = chunk->pipe;
    sw_job_program(pipe, "sw-chunk");
    sw_job_list(pipe, &chunk->schema);
    sw_job_entry_text(&chunk->entry, pipe);
    sw_job_list(pipe, &chunk->likely);
    if (folds_apart(chunk)) sw_job_words(pipe, "--apart", NULL);
    if (*chunk->bad_rows) {
        sw_job_words(pipe, "--bad-rows", NULL);
        sw_job_format(pipe, "%s.bad", chunk->part);
    }
    add_columns(chunk);
    if (takes_one(chunk)) add_result(chunk);
    sw_job_list(pipe, &chunk->selectors);
    add_local_time(chunk);
    sw_job_tally(pipe, chunk->part, "chunk");
    sw_job_entry_files(&chunk->entry, chunk->pipe);
}

/* What comes is the pipe's, or, where `reads`, the range's records. */
static void aggregate(struct chunk *chunk, bool reads)
{
    sw_job_program(chunk->pipe, "sw-agg");
    sw_job_list(chunk->pipe, &chunk->aggregation);
    sw_job_words(chunk->pipe, "--partial", NULL);
    add_local_time(chunk);
    sw_job_tally(chunk->pipe, chunk->part, "agg");
    sw_job_words(chunk->pipe, "-o", NULL);
    sw_job_format(chunk->pipe, "%s.partial", chunk->part);
    if (!reads) return;
    sw_job_entry_records(&chunk->entry, chunk->pipe);
    sw_job_entry_files(&chunk->entry, chunk->pipe);
}

static void cut(struct chunk *chunk, bool reads)
{
    sw_job_program(chunk->pipe, "sw-cut");
    sw_job_pair(chunk->pipe, "--columns", chunk->columns);
    add_local_time(chunk);
    sw_job_list(chunk->pipe, &chunk->time_form);
    sw_job_words(chunk->pipe, "--no-header", NULL);
    sw_job_tally(chunk->pipe, chunk->part, "cut");
    sw_job_words(chunk->pipe, "-o", NULL);
    sw_job_format(chunk->pipe, "%s.rows", chunk->part);
    if (!reads) return;
    sw_job_entry_records(&chunk->entry, chunk->pipe);
    sw_job_entry_files(&chunk->entry, chunk->pipe);
}

static void fold(struct chunk *chunk)
{
    sw_job_program(chunk->pipe, "sw-classify");
    sw_job_words(chunk->pipe, "--partial", NULL);
    if (folds_apart(chunk)) sw_job_words(chunk->pipe, "--apart", NULL);
    sw_job_tally(chunk->pipe, chunk->part, "fold");
    sw_job_words(chunk->pipe, "-o", NULL);
    sw_job_format(chunk->pipe, "%s.states", chunk->part);
}

static void write_stream(struct chunk *chunk)
{
    struct sw_job_pipe *pipe = chunk->pipe;
    if (*chunk->columns) {
        sw_job_program(pipe, "sw-filter");
        sw_job_words(pipe, "--columns", chunk->columns, NULL);
        add_local_time(chunk);
        sw_job_tally(pipe, chunk->part, "columns");
    }
    if (chunk->sort_options.count) {
        sw_job_program(pipe, "sw-sort");
        sw_job_list(pipe, &chunk->sort_options);
        add_local_time(chunk);
        sw_job_tally(pipe, chunk->part, "sort");
    }
    sw_job_program(pipe, "sw-optimize");
    sw_job_words(pipe, "--index", NULL);
    sw_job_list(pipe, &chunk->level);
    sw_job_tally(pipe, chunk->part, "optimize");
    sw_job_words(pipe, "-o", NULL);
    sw_job_format(pipe, "%s.rows", chunk->part);
}

static void make_result(struct chunk *chunk, bool reads)
{
    switch (chunk->step) {
    case PARTIAL:
        aggregate(chunk, reads);
        break;
    case STATES:
        fold(chunk);
        break;
    case ROWS:
        cut(chunk, reads);
        break;
    case STREAM:
        write_stream(chunk);
        break;
    }
}

/* ---- its pipes ---- */

static void filter_records(struct chunk *chunk)
{
    sw_job_program(chunk->pipe, "sw-filter");
    sw_job_entry_records(&chunk->entry, chunk->pipe);
    sw_job_list(chunk->pipe, &chunk->selectors);
    if (chunk->step == STATES) sw_job_words(chunk->pipe, "--columns", chunk->columns, NULL);
    add_local_time(chunk);
    sw_job_tally(chunk->pipe, chunk->part, "filter");
    sw_job_entry_files(&chunk->entry, chunk->pipe);
}

/* Rows of a stream, all of them: read where they are wanted, and counted from the blocks' directories. */
static bool count_records(struct chunk *chunk, int *status)
{
    sw_job_program(chunk->pipe, "sw-filter");
    sw_job_entry_records(&chunk->entry, chunk->pipe);
    sw_job_words(chunk->pipe, "--count", NULL);
    sw_job_tally(chunk->pipe, chunk->part, "filter");
    sw_job_words(chunk->pipe, "-o", "/dev/null", NULL);
    sw_job_entry_files(&chunk->entry, chunk->pipe);
    return sw_job_pipe_run(chunk->pipe, status);
}

static bool make(struct chunk *chunk, int *status)
{
    bool all = chunk->selectors.count == 0;
    *status = 0;
    if (!sw_job_entry_is_records(&chunk->entry)) {
        read_csv(chunk);
        if (!takes_one(chunk)) make_result(chunk, false);
    } else if (all && chunk->step == PARTIAL) {
        make_result(chunk, true);
    } else if (all && chunk->step == ROWS) {
        if (!count_records(chunk, status)) return false;
        if (*status == 0) make_result(chunk, true);
    } else {
        filter_records(chunk);
        make_result(chunk, false);
    }
    return *status != 0 || sw_job_pipe_run(chunk->pipe, status);
}

bool sw_job_chunk(struct sw_job *job, int *status)
{
    static const char *const endings[] = {"rows", "bad", "files", NULL};
    struct chunk chunk = {.pipe = &job->pipe};
    chunk.part = chunk.entry.part;
    bool dry = job->pipe.is_dry;
    bool good = read_settings(job, &chunk) && sw_job_entry_read(job, chunk.work, &chunk.entry) &&
                (dry || sw_job_remove_part(chunk.part, job->error)) && make(&chunk, status) &&
                (*status != 0 || dry || sw_job_is_ending() ||
                 sw_job_entry_seal(&chunk.entry, job, endings));
    return good;
}
