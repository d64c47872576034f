/* SPDX-License-Identifier: ISC */
#include "tca/from_events.h"

#include <sys/stat.h>

#include "market/classify.h"

bool sw_tca_is_events(const char *const *paths, size_t count, bool *are_events,
                      struct sw_error *error)
{
    struct stat about;
    struct sw_reader reader;
    *are_events = false;
    if (count == 0 || stat(paths[0], &about) != 0 || !S_ISREG(about.st_mode)) return true;
    if (!sw_reader_open(&reader, paths, 1, error)) return false;
    *are_events = reader.schema.row_kind == SW_ROWS_EVENTS;
    sw_reader_close(&reader);
    return true;
}

static bool write_orders(struct sw_tca_events *events, const struct sw_classify_settings *settings,
                         struct sw_error *error)
{
    struct sw_classify classify = {0};
    bool good = sw_classify_open(&classify, settings, error) &&
                sw_classify_run(&classify, &events->scratch.output, error) &&
                sw_output_flush(&events->scratch.output, error);
    sw_classify_free(&classify);
    return good;
}

bool sw_tca_classify(struct sw_tca_events *events, struct sw_tca_inputs *inputs, bool all,
                     const char *folder, struct sw_error *error)
{
    const struct sw_classify_settings settings = {
        .events = inputs->orders,
        .event_count = inputs->order_count,
        .trades = {.path = inputs->trades,
                   .trades_in = inputs->trades_in,
                   .share_directory = inputs->share_directory},
        .zone = inputs->zone,
        .all = all};
    events->scratch.output.fd = -1;
    events->open = true;
    if (!sw_scratch_open(&events->scratch, folder, error) ||
        !write_orders(events, &settings, error))
        return false;
    const struct sw_part part = {.length = events->scratch.output.written};
    sw_scratch_input(&events->scratch, part, &events->orders);
    events->orders.name = "classified orders";
    inputs->events = inputs->orders;
    inputs->event_count = inputs->order_count;
    inputs->orders_input = &events->orders;
    return true;
}

void sw_tca_events_close(struct sw_tca_events *events)
{
    if (events->open && events->scratch.output.fd >= 0) sw_scratch_close(&events->scratch);
    *events = (struct sw_tca_events){0};
}
