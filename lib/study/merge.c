/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include <string.h>

#include "program/tally.h"
#include "sort/merge_files.h"

/* A table's files, and what their rows are sorted by. */
struct merging {
    const struct sw_study_input *input;
    struct sw_sort_input_settings how;
    bool counted; /* its rows tell the securities */
};

static bool merge_rows(struct sw_study *study, struct sw_merge_files *files, bool counted,
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

static bool merge(struct sw_study *study, const struct merging *merging, struct sw_part *part,
                  struct sw_error *error)
{
    const struct sw_simulate_settings *simulate = &study->settings->simulate;
    struct sw_merge_files files = {0};
    *part = sw_study_begin_part(study);
    bool good =
        sw_merge_files_open(&files, merging->input->paths, merging->input->count, &merging->how,
                            simulate->memory_bytes, simulate->folder, error) &&
        merge_rows(study, &files, merging->counted, error) && sw_study_end_part(study, part, error);
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

bool sw_study_merge(struct sw_study *study, struct sw_error *error)
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
