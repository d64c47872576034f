/* SPDX-License-Identifier: ISC
 *
 * A snapshot (monitor/progress.h) as text for people, as one line for a log, as JSON, and as
 * metrics for Prometheus. No escape sequences. All append to out and fail with SW_SYSTEM only when
 * there is no memory.
 */
#ifndef SW_MONITOR_PICTURE_H
#define SW_MONITOR_PICTURE_H

#include "monitor/progress.h"

/* Room for a picture: what there is less of than 80 columns is for the terminal to cut. Zero: 80, and any number of rows. */
struct sw_picture_room {
    size_t columns, rows;
};

/* Lines of fewer columns than there are (but for the failed jobs' messages), at most so many. Where there is room, what is below each
 * other otherwise stands beside it. */
bool sw_picture_text(const struct sw_snapshot *snapshot, struct sw_picture_room room,
                     struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* The stage under way, and the run, in one line. */
bool sw_picture_line(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

/* One line with one object. */
bool sw_picture_json(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

/* The stages of that object: a member "stages", an array. */
bool sw_picture_json_stages(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                            struct sw_error *error) SW_CHECKED;

/* Text exposition format, version 0.0.4. */
bool sw_picture_prometheus(const struct sw_snapshot *snapshot, struct sw_buffer *out,
                           struct sw_error *error) SW_CHECKED;

#endif
