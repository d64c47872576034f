/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include "group/named_measures.h"
#include "group/reports.h"

static bool write_partial(struct sw_study *study, struct sw_aggregate *aggregate,
                          const struct sw_schema *rows, struct sw_error *error)
{
    struct sw_output output;
    if (!sw_output_open(&output, study->partial_path, error)) return false;
    return sw_output_end(
        &output, sw_partial_write(aggregate, &output, rows, study->settings->made_by, error),
        error);
}

bool sw_study_aggregate(struct sw_study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    const char *const paths[] = {study->orders_path};
    struct sw_aggregate aggregate = {0};
    struct sw_buffer measures = {0};
    struct sw_reader reader;
    if (!sw_reader_open(&reader, paths, 1, error)) return false;
    bool good = !settings->measures ||
                sw_measures_expand(settings->measures, settings->share_directory, &reader.schema,
                                   settings->view.say, &measures, error);
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
