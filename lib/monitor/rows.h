/* SPDX-License-Identifier: ISC
 *
 * Counts the rows of a record stream from its bytes as they go by: only frames and the directories
 * of blocks are looked at, and what lies between need not be shown at all. What is no record
 * stream, or stops being a whole one, is no error here: its rows are not counted from there on.
 *
 *     frame[24] ─▶ directory ─▶ columns, passed over ─▶ frame[24] ─▶ …
 */
#ifndef SW_MONITOR_ROWS_H
#define SW_MONITOR_ROWS_H

#include "base/bytes.h"

enum sw_row_state {
    SW_ROWS_FRAME, /* a frame is due; the state of a zeroed struct */
    SW_ROWS_BODY,
    SW_ROWS_COLUMNS,
    SW_ROWS_LOST, /* nothing more can be known */
};

/* Zero-initialize; free with sw_row_count_free. */
struct sw_row_count {
    enum sw_row_state state;
    bool is_stream;        /* a header was seen: `rows` means something */
    uint64_t rows;         /* of the blocks whose directory has passed */
    uint64_t unseen;       /* bytes that may pass unseen, in SW_ROWS_COLUMNS */
    int kind;              /* enum sw_frame_kind of the frame whose body is due */
    uint32_t checksum;     /* of that body */
    size_t wanted;         /* bytes of the body */
    struct sw_buffer held; /* the part of a frame or body that is there */
};

/* The bytes of the frame or directory under way that are still to be shown; 1 where none is. */
size_t sw_row_count_due(const struct sw_row_count *count);

/* The bytes from here on that need not be shown: 0 while a frame or a directory is due, UINT64_MAX
 * where nothing more can be known. */
uint64_t sw_row_count_unseen(const struct sw_row_count *count);

/* Tells of at most that many bytes that passed without being shown. */
void sw_row_count_pass(struct sw_row_count *count, uint64_t length);

/* Shows the next bytes, of any kind and number. SW_SYSTEM: no memory. */
bool sw_row_count_show(struct sw_row_count *count, const unsigned char *bytes, size_t length,
                       struct sw_error *error) SW_CHECKED;

void sw_row_count_free(struct sw_row_count *count);

#endif
