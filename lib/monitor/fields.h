/* SPDX-License-Identifier: ISC
 *
 * JSON, a member at a time: each call appends a comma where one is due, the key (NULL inside an
 * array) and the value. All return false with SW_SYSTEM only when there is no memory.
 */
#ifndef SW_MONITOR_FIELDS_H
#define SW_MONITOR_FIELDS_H

#include "base/bytes.h"

/* '{' or '[', and the end of it. */
bool sw_field_open(struct sw_buffer *out, const char *key, char bracket,
                   struct sw_error *error) SW_CHECKED;
bool sw_field_close(struct sw_buffer *out, char bracket, struct sw_error *error) SW_CHECKED;

/* NULL text is null. */
bool sw_field_text(struct sw_buffer *out, const char *key, const char *text,
                   struct sw_error *error) SW_CHECKED;
bool sw_field_null(struct sw_buffer *out, const char *key, struct sw_error *error) SW_CHECKED;
bool sw_field_count(struct sw_buffer *out, const char *key, uint64_t count,
                    struct sw_error *error) SW_CHECKED;

/* value ÷ 10^scale, without trailing zeros. */
bool sw_field_decimal(struct sw_buffer *out, const char *key, sw_int128 value, int scale,
                      struct sw_error *error) SW_CHECKED;

/* Microseconds as seconds; null where negative. */
bool sw_field_seconds(struct sw_buffer *out, const char *key, int64_t us,
                      struct sw_error *error) SW_CHECKED;

/* Bytes as MB of 1,048,576 bytes, with three decimals, rounded half up. */
bool sw_field_megabytes(struct sw_buffer *out, const char *key, uint64_t bytes,
                        struct sw_error *error) SW_CHECKED;

#endif
