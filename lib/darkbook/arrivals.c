/* SPDX-License-Identifier: ISC */
#include "darkbook/arrivals.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/memory.h"
#include "darkbook/tick_sizes.h"

/* ---- the sorter's rows ---- */

enum column {
    SECURITY,
    TIME,
    SEQUENCE,
    NUMBER,
    PLACE, /* of the event among its order's */
    DATE,
    FLAGS,
    ORDER,
    PARTICIPANT,
    BUYS,
    PRICE,
    QUANTITY,
    LEAVES,
    MINIMUM,
    SINGLE,
    KEY,
    MIDTICK,
    UNTIL,
    SWEPT,
    COLUMNS,
};

enum { KEYS = PLACE + 1, ROWS_AT_ONCE = 4096 };

static const struct {
    const char *name;
    enum sw_type type;
} columns[COLUMNS] = {
    [SECURITY] = {"security", SW_INT},
    [TIME] = {"time", SW_TIME},
    [SEQUENCE] = {"sequence", SW_DECIMAL},
    [NUMBER] = {"number", SW_UINT},
    [PLACE] = {"place", SW_UINT},
    [DATE] = {"date", SW_DATE},
    [FLAGS] = {"flags", SW_INT},
    [ORDER] = {"order", SW_DECIMAL},
    [PARTICIPANT] = {"participant", SW_UINT},
    [BUYS] = {"buys", SW_INT},
    [PRICE] = {"price", SW_DECIMAL},
    [QUANTITY] = {"quantity", SW_DECIMAL},
    [LEAVES] = {"leaves", SW_DECIMAL},
    [MINIMUM] = {"minimum", SW_DECIMAL},
    [SINGLE] = {"single", SW_DECIMAL},
    [KEY] = {"key", SW_DECIMAL},
    [MIDTICK] = {"midtick", SW_DECIMAL},
    [UNTIL] = {"until", SW_TIME},
    [SWEPT] = {"swept", SW_DECIMAL},
};

static bool open_sorter(struct sw_arrivals *arrivals, struct sw_error *error)
{
    static const struct sw_sort_key keys[KEYS] = {{.column = SECURITY},
                                                  {.column = TIME},
                                                  {.column = SEQUENCE},
                                                  {.column = NUMBER},
                                                  {.column = PLACE}};
    const struct sw_sort_settings how = {.keys = keys,
                                         .key_count = KEYS,
                                         .memory_bytes = arrivals->settings.memory_bytes,
                                         .folder = arrivals->settings.folder};
    const struct sw_vector *security = &arrivals->events.security.vector;
    if (!sw_schema_init(&arrivals->schema, "arrivals", error)) return false;
    arrivals->builders = sw_alloc(COLUMNS, sizeof *arrivals->builders, error);
    arrivals->vectors = sw_alloc(COLUMNS, sizeof *arrivals->vectors, error);
    if (!arrivals->builders || !arrivals->vectors) return false;
    for (int i = 0; i < COLUMNS; i++) {
        enum sw_type type = i == SECURITY ? security->type : columns[i].type;
        int scale = i == SECURITY ? security->scale : 0;
        arrivals->vectors[i] = &arrivals->builders[i].vector;
        if (!sw_schema_add(&arrivals->schema, columns[i].name, type, scale, error) ||
            !sw_builder_init(&arrivals->builders[i], type, scale, ROWS_AT_ONCE, error))
            return false;
    }
    return sw_sorter_open(&arrivals->sorter, &arrivals->schema, &how, error);
}

/* ---- opening ---- */

bool sw_arrivals_open(struct sw_arrivals *arrivals, const struct sw_arrivals_settings *settings,
                      struct sw_error *error)
{
    arrivals->settings = *settings;
    const struct sw_order_events_settings orders = {.paths = settings->events,
                                                    .path_count = settings->event_count,
                                                    .share_directory = settings->share_directory,
                                                    .selectors = settings->selectors,
                                                    .view = settings->view};
    struct sw_order_events *events = &arrivals->events;
    if (!sw_order_events_open(events, &orders, error)) return false;
    const struct sw_schema *schema = &events->reader.schema;
    return sw_zone_open(&arrivals->zone,
                        settings->view.zone ? settings->view.zone : sw_schema_zone(schema),
                        error) &&
           (!settings->trades ||
            sw_day_trades_open(&arrivals->trades, settings->trades,
                               &schema->columns[events->columns[SW_ORDER_SECURITY]],
                               &schema->columns[events->columns[SW_ORDER_ID]], &arrivals->zone,
                               settings->share_directory, error)) &&
           open_sorter(arrivals, error);
}

void sw_arrivals_free(struct sw_arrivals *arrivals)
{
    for (int i = 0; arrivals->builders && i < COLUMNS; i++) sw_builder_free(&arrivals->builders[i]);
    free(arrivals->builders);
    free(arrivals->vectors);
    free(arrivals->days);
    sw_sorter_free(&arrivals->sorter);
    sw_schema_free(&arrivals->schema);
    if (arrivals->settings.trades) sw_day_trades_free(&arrivals->trades);
    sw_order_events_free(&arrivals->events);
}

/* ---- roles ---- */

/* The events of an order on one local date: from the first to before the end. */
struct day {
    int64_t date;
    size_t from, end;
    size_t sweeps; /* where it waits from on as a sweep; the end: it does not */
    int64_t until_ns;
    /* It was a contra on this date or before: the book has to hear what becomes of it. */
    bool known;
};

static int64_t local_date(struct sw_arrivals *arrivals, int64_t time_ns)
{
    int64_t local_ns, offset_ns = sw_zone_offset(&arrivals->zone, time_ns) * SW_NS_PER_SECOND;
    if (__builtin_add_overflow(time_ns, offset_ns, &local_ns)) local_ns = time_ns;
    return sw_floor_divide(local_ns, SW_NS_PER_DAY);
}

static const struct sw_day_trade *trades_of(const struct sw_arrivals *arrivals, int64_t date)
{
    for (size_t i = 0; i < arrivals->trades.count; i++)
        if (arrivals->trades.days[i].date == date) return &arrivals->trades.days[i];
    return NULL;
}

/* A sweep that qualifies (sw-match(1)): in its last state just a sweep, filled, and on the lit
 * book alone. */
static void find_sweep(const struct sw_arrivals *arrivals, struct day *day)
{
    const unsigned wanted = 1 << SW_EVENT_PLAIN_SWEEP | 1 << SW_EVENT_SELECTED;
    const struct sw_order_event *list = arrivals->events.list, *last = &list[day->end - 1];
    const struct sw_day_trade *trades = trades_of(arrivals, day->date);
    day->sweeps = day->end;
    if ((last->classes & wanted) != wanted || !last->has_leaves || last->leaves != 0 ||
        !last->has_matched || last->matched <= 0 || !trades || trades->lit != trades->rows)
        return;
    day->sweeps = day->from;
    while (day->sweeps + 1 < day->end && list[day->sweeps + 1].time_ns == list[day->from].time_ns)
        day->sweeps++;
    day->until_ns = trades->last_ns;
}

static unsigned flags_of(const struct sw_arrivals *arrivals, const struct day *day, size_t index)
{
    const struct sw_order_event *event = &arrivals->events.list[index];
    const unsigned first = arrivals->events.list[day->from].classes;
    unsigned flags = 0;
    if (index == day->from) flags |= SW_ARRIVAL_FIRST_OF_DATE;
    if (index == 0) flags |= SW_ARRIVAL_FIRST;
    if (index + 1 == arrivals->events.count) flags |= SW_ARRIVAL_LAST;
    if (index == day->sweeps) flags |= SW_ARRIVAL_SWEEP;
    if (first & 1 << SW_EVENT_CENTRE_POINT) flags |= SW_ARRIVAL_CONTRA;
    if (event->priced) flags |= SW_ARRIVAL_PRICED;
    if (event->on_book) flags |= SW_ARRIVAL_ON_BOOK;
    if (event->classes & 1 << SW_EVENT_SWEEPS) flags |= SW_ARRIVAL_LIT;
    return flags;
}

/* ---- rows in ---- */

static bool hand_over(struct sw_arrivals *arrivals, struct sw_error *error)
{
    size_t rows = arrivals->vectors[0]->rows;
    bool good = rows == 0 || sw_sorter_add(&arrivals->sorter, arrivals->vectors, NULL, rows, error);
    for (int i = 0; i < COLUMNS; i++) sw_builder_reset(&arrivals->builders[i]);
    return good;
}

static bool put_event(struct sw_arrivals *arrivals, const struct day *day, size_t index,
                      struct sw_error *error)
{
    static const uint32_t first_row[1] = {0};
    const struct sw_order_events *events = &arrivals->events;
    const struct sw_order_event *event = &events->list[index];
    const bool sweeps = index == day->sweeps;
    const sw_int128 values[COLUMNS] = {
        [TIME] = event->time_ns,
        [SEQUENCE] = event->sequence,
        [NUMBER] = arrivals->counts.orders,
        [PLACE] = index,
        [DATE] = day->date,
        [FLAGS] = flags_of(arrivals, day, index),
        [ORDER] = events->order,
        [PARTICIPANT] = events->participant,
        [BUYS] = events->side == 1,
        [PRICE] = event->price,
        [QUANTITY] = event->quantity,
        [LEAVES] = event->has_leaves ? event->leaves : event->quantity,
        [MINIMUM] = event->minimum,
        [SINGLE] = event->single,
        [KEY] = event->key,
        [MIDTICK] = event->midtick,
        [UNTIL] = sweeps ? day->until_ns : 0,
        [SWEPT] = sweeps ? event->leaves : 0,
    };
    if (!sw_builder_gather(&arrivals->builders[SECURITY], &events->security.vector, first_row, 1,
                           error))
        return false;
    for (int i = TIME; i < COLUMNS; i++)
        if (!sw_builder_add_value(&arrivals->builders[i], values[i], error)) return false;
    arrivals->security_rows++;
    return arrivals->vectors[0]->rows < ROWS_AT_ONCE || hand_over(arrivals, error);
}

/* A security has few dates, so that they are looked through. */
static bool count_contra(struct sw_arrivals *arrivals, int64_t date, bool contra,
                         struct sw_error *error)
{
    size_t i = arrivals->day_count;
    while (i > 0 && arrivals->days[i - 1].security == arrivals->securities &&
           arrivals->days[i - 1].date != date)
        i--;
    if (i == 0 || arrivals->days[i - 1].security != arrivals->securities) {
        if (!sw_grow(&arrivals->days, &arrivals->day_capacity, arrivals->day_count + 1,
                     sizeof *arrivals->days, error))
            return false;
        i = ++arrivals->day_count;
        arrivals->days[i - 1] =
            (struct sw_contra_day){.security = arrivals->securities, .date = date};
    }
    arrivals->days[i - 1].contras[arrivals->events.side == 1] += contra;
    return true;
}

const struct sw_contra_day *sw_arrivals_day(const struct sw_arrivals *arrivals, size_t security,
                                            int64_t date)
{
    static const struct sw_contra_day none;
    size_t low = 0, high = arrivals->day_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (arrivals->days[middle].security < security)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < arrivals->day_count && arrivals->days[low].security == security; low++)
        if (arrivals->days[low].date == date) return &arrivals->days[low];
    return &none;
}

static bool put_day(struct sw_arrivals *arrivals, struct day *day, struct sw_error *error)
{
    const struct sw_order_event *list = arrivals->events.list;
    const bool contra = list[day->from].classes & 1 << SW_EVENT_CENTRE_POINT;
    find_sweep(arrivals, day);
    const bool sweeps = day->sweeps < day->end;
    arrivals->counts.sweeps += sweeps;
    arrivals->counts.contras += contra;
    day->known = day->known || contra;
    if (!sweeps && !(arrivals->settings.all_events ? day->known : contra)) return true;
    if (!count_contra(arrivals, day->date, contra, error)) return false;
    for (size_t i = day->from; i < day->end; i++) {
        bool matters = arrivals->settings.all_events || i == day->from || i == day->sweeps;
        if (matters && !put_event(arrivals, day, i, error)) return false;
    }
    return true;
}

static bool put_order(struct sw_arrivals *arrivals, struct sw_error *error)
{
    const struct sw_order_events *events = &arrivals->events;
    struct day day = {0};
    for (size_t i = 0; arrivals->ticks && i < events->count; i++)
        if (events->list[i].priced) sw_tick_sizes_see(arrivals->ticks, events->list[i].price);
    if (events->side != 1 && events->side != 2) {
        arrivals->counts.without_side++;
        return true;
    }
    for (; day.end < events->count; day.from = day.end) {
        day.date = local_date(arrivals, events->list[day.from].time_ns);
        while (day.end < events->count &&
               local_date(arrivals, events->list[day.end].time_ns) == day.date)
            day.end++;
        if (!put_day(arrivals, &day, error)) return false;
    }
    return true;
}

/* What was counted since the security before. */
static void tell_tally(struct sw_arrivals *arrivals)
{
    const struct sw_arrival_counts *now = &arrivals->counts, *before = &arrivals->before;
    if (!arrivals->line) return;
    uint64_t *counts = arrivals->line->counts;
    counts[SW_COUNT_EVENTS] = now->events - before->events;
    counts[SW_COUNT_ORDERS] = now->orders - before->orders;
    counts[SW_COUNT_WITHOUT_SIDE] = now->without_side - before->without_side;
    counts[SW_COUNT_CONTRAS] = now->contras - before->contras;
    counts[SW_COUNT_TRADES_OF_ORDERS] = arrivals->trades.matched - before->matched;
    arrivals->before = *now;
    arrivals->before.matched = arrivals->trades.matched;
}

/* A security has ended. */
static bool end_security(struct sw_arrivals *arrivals, struct sw_error *error)
{
    bool came = arrivals->security_rows > 0;
    arrivals->securities += came;
    arrivals->security_rows = 0;
    tell_tally(arrivals);
    if (arrivals->ticks && !came) sw_tick_sizes_forget(arrivals->ticks);
    return !arrivals->ticks || !came || sw_tick_sizes_keep(arrivals->ticks, error);
}

static bool note_security(struct sw_arrivals *arrivals, struct sw_builder *before,
                          struct sw_error *error)
{
    const struct sw_vector *security = &arrivals->events.security.vector;
    if (before->vector.rows > 0 && sw_value_compare(&before->vector, 0, security, 0) == 0)
        return true;
    sw_builder_reset(before);
    if (!end_security(arrivals, error) || !sw_builder_gather(before, security, NULL, 1, error))
        return false;
    if (arrivals->tally)
        arrivals->line = sw_match_lines_add(&arrivals->tally->securities, security, 0, error);
    return !arrivals->tally || arrivals->line;
}

static bool read_orders(struct sw_arrivals *arrivals, struct sw_builder *security,
                        struct sw_error *error)
{
    struct sw_order_events *events = &arrivals->events;
    enum sw_step step;
    while ((step = sw_order_events_next(events, error)) == SW_ROWS) {
        if (!note_security(arrivals, security, error) ||
            (arrivals->settings.trades &&
             !sw_day_trades_take(&arrivals->trades, &events->security.vector, &events->id.vector,
                                 error)) ||
            !put_order(arrivals, error))
            return false;
        arrivals->counts.orders++;
        arrivals->counts.events += events->count;
    }
    return step == SW_END;
}

bool sw_arrivals_read(struct sw_arrivals *arrivals, struct sw_error *error)
{
    const struct sw_vector *security = &arrivals->events.security.vector;
    struct sw_builder before = {0};
    arrivals->trades.tally = arrivals->tally;
    bool good = sw_builder_init(&before, security->type, security->scale, 1, error) &&
                read_orders(arrivals, &before, error) && end_security(arrivals, error) &&
                (!arrivals->settings.trades || sw_day_trades_drain(&arrivals->trades, error)) &&
                hand_over(arrivals, error) && sw_sorter_finish(&arrivals->sorter, error);
    sw_builder_free(&before);
    if (arrivals->settings.trades)
        arrivals->counts.trades = arrivals->trades.rows.reader.total_rows;
    arrivals->counts.matched = arrivals->trades.matched;
    return good;
}

/* ---- rows out ---- */

static sw_int128 value_at(const struct sw_arrivals *arrivals, enum column column, size_t row)
{
    return sw_value(arrivals->sorter.vectors[column], row);
}

static void fill(const struct sw_arrivals *arrivals, size_t row, struct sw_arrival *arrival)
{
    *arrival = (struct sw_arrival){
        .security = arrivals->sorter.vectors[SECURITY],
        .row = row,
        .time_ns = (int64_t)value_at(arrivals, TIME, row),
        .date = (int64_t)value_at(arrivals, DATE, row),
        .flags = (unsigned)value_at(arrivals, FLAGS, row),
        .number = (uint64_t)value_at(arrivals, NUMBER, row),
        .order = value_at(arrivals, ORDER, row),
        .participant = (uint32_t)value_at(arrivals, PARTICIPANT, row),
        .buys = value_at(arrivals, BUYS, row) != 0,
        .price = value_at(arrivals, PRICE, row),
        .quantity = value_at(arrivals, QUANTITY, row),
        .leaves = value_at(arrivals, LEAVES, row),
        .minimum = value_at(arrivals, MINIMUM, row),
        .single = value_at(arrivals, SINGLE, row),
        .key = value_at(arrivals, KEY, row),
        .midtick = value_at(arrivals, MIDTICK, row),
        .until_ns = (int64_t)value_at(arrivals, UNTIL, row),
        .swept = value_at(arrivals, SWEPT, row),
    };
}

enum sw_step sw_arrivals_next(struct sw_arrivals *arrivals, struct sw_arrival *arrival,
                              struct sw_error *error)
{
    struct sw_sorter *sorter = &arrivals->sorter;
    if (arrivals->next_row >= sorter->rows) {
        enum sw_step step = sw_sorter_next(sorter, error);
        arrivals->next_row = 0;
        if (step != SW_ROWS) {
            sorter->rows = 0;
            return step;
        }
    }
    fill(arrivals, arrivals->next_row++, arrival);
    return SW_ROWS;
}
