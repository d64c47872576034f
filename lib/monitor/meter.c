/* SPDX-License-Identifier: ISC */
#include "monitor/meter.h"

#include "host/figures.h"
#include "monitor/amount.h"

static bool add_rates(const struct sw_meter *meter, const struct sw_pass *pass, int64_t now_us,
                      bool whole, struct sw_buffer *line, struct sw_error *error)
{
    char rate[SW_BYTES_LENGTH], rows[SW_AMOUNT_LENGTH], row_rate[SW_AMOUNT_LENGTH];
    int64_t time_us = now_us - (whole ? meter->begin_us : meter->last_us);
    uint64_t bytes = pass->bytes - (whole ? 0 : meter->last_bytes);
    uint64_t count = pass->rows.rows - (whole ? 0 : meter->last_rows);
    sw_format_bytes(rate, sw_per_second(bytes, time_us));
    if (!sw_buffer_format(line, error, "  %s/s", rate)) return false;
    if (!pass->rows.is_stream) return true;
    return sw_buffer_format(line, error, "  %s rows  %s/s", sw_format_count(rows, pass->rows.rows),
                            sw_format_count(row_rate, sw_per_second(count, time_us)));
}

/* Past what was to come, 100% would be as wrong as the number that was given. */
static bool add_excess(const struct sw_meter *meter, bool by_rows, struct sw_buffer *line,
                       struct sw_error *error)
{
    char bytes[SW_BYTES_LENGTH], rows[SW_AMOUNT_LENGTH];
    return sw_buffer_format(line, error, "  more than the %s of %s",
                            by_rows ? sw_format_count(rows, meter->total_rows)
                                    : sw_format_bytes(bytes, meter->total_bytes),
                            by_rows             ? "--rows"
                            : meter->total_said ? "--size"
                                                : "the files");
}

static bool add_progress(const struct sw_meter *meter, const struct sw_pass *pass, int64_t now_us,
                         struct sw_buffer *line, struct sw_error *error)
{
    bool by_rows = meter->total_rows > 0;
    uint64_t done = by_rows ? pass->rows.rows : pass->bytes;
    uint64_t total = by_rows ? meter->total_rows : meter->total_bytes;
    char percent[SW_AMOUNT_LENGTH], left[SW_AMOUNT_LENGTH];
    if (total == 0) return true;
    if (done > total) return add_excess(meter, by_rows, line, error);
    return sw_buffer_format(
        line, error, "  %s  ETA %s", sw_format_permille(percent, sw_permille(done, total)),
        sw_format_duration(left, sw_time_left(done, total, now_us - meter->begin_us)));
}

bool sw_meter_line(struct sw_meter *meter, const struct sw_pass *pass, int64_t now_us, bool whole,
                   struct sw_buffer *line, struct sw_error *error)
{
    char bytes[SW_BYTES_LENGTH], elapsed[SW_AMOUNT_LENGTH];
    line->length = 0;
    bool good = sw_buffer_format(line, error, "%s%s%s  %s", meter->label ? meter->label : "",
                                 meter->label ? ": " : "", sw_format_bytes(bytes, pass->bytes),
                                 sw_format_duration(elapsed, now_us - meter->begin_us)) &&
                add_rates(meter, pass, now_us, whole, line, error) &&
                add_progress(meter, pass, now_us, line, error);
    meter->last_us = now_us;
    meter->last_bytes = pass->bytes;
    meter->last_rows = pass->rows.rows;
    return good;
}
