/* SPDX-License-Identifier: ISC */
#include "study/stages.h"

#include <string.h>

#include "input/filter_rows.h"
#include "market/classify.h"

bool sw_study_classify(struct sw_study *study, struct sw_error *error)
{
    const struct sw_study_settings *settings = study->settings;
    const struct sw_input events = sw_study_input(study, study->events, "orders");
    const struct sw_input trades = sw_study_input(study, study->trades, "trades");
    const struct sw_classify_settings how = {
        .input = &events,
        .trades = {.input = &trades,
                   .trades_in = settings->trades_in,
                   .share_directory = settings->share_directory},
        .zone = settings->view.zone,
        .watch = &sw_study_classify_watch,
        .watcher = &study->tally};
    struct sw_classify classify = {0};
    study->classified = sw_study_begin_part(study);
    bool good =
        sw_classify_open(&classify, &how, error) &&
        sw_schema_made_by(&classify.schema, settings->made_by, strlen(settings->made_by), error) &&
        sw_classify_run(&classify, &study->scratch.output, error) &&
        sw_study_end_part(study, &study->classified, error);
    const char *note = good && !settings->view.zone ? sw_schema_zone_note(&classify.schema) : NULL;
    if (note && settings->view.say) settings->view.say(note);
    sw_classify_free(&classify);
    return good;
}

static bool filter(struct sw_study *study, struct sw_reader *reader,
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

bool sw_study_select(struct sw_study *study, struct sw_error *error)
{
    struct sw_selectors of_orders = study->settings->selectors;
    struct sw_reader reader;
    of_orders.securities = of_orders.participants = NULL;
    study->selected = study->classified;
    if (!sw_selectors_given(&of_orders)) return true;
    study->selected = sw_study_begin_part(study);
    if (!sw_study_open_part(study, study->classified, "classified orders", &reader, error))
        return false;
    bool good = filter(study, &reader, &of_orders, error) &&
                sw_study_end_part(study, &study->selected, error);
    sw_reader_close(&reader);
    return good;
}
