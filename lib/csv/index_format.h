/* SPDX-License-Identifier: ISC
 *
 * What the index of a CSV file looks like: a record stream of the table csv_index, a row for each
 * segment (csv/segments.h), in their order.
 *
 *     offset length line rows bad empty ignored           the segment
 *     file_size file_changed file_digest file_schema      what it was made from, the same in each
 *     X_minimum X_maximum X_nulls [X_values]              for some columns X of the file, of the rows without fault
 *
 * X_values are the distinct numbers, ascending, between blanks; null where they are more than
 * SW_INDEX_VALUES. Only csv/index.c and csv/index_write.c include this.
 */
#ifndef SW_CSV_INDEX_FORMAT_H
#define SW_CSV_INDEX_FORMAT_H

#include "base/bytes.h"
#include "base/sha256.h"
#include "files/input.h"
#include "record/schema.h"

enum {
    SW_INDEX_VALUES = 1024,
    SW_INDEX_KEYS = 5, /* columns X, at most */
};

/* The index's first columns. */
enum sw_index_field {
    SW_INDEX_OFFSET,
    SW_INDEX_LENGTH,
    SW_INDEX_LINE,
    SW_INDEX_ROWS,
    SW_INDEX_BAD,
    SW_INDEX_EMPTY,
    SW_INDEX_IGNORED,
    SW_INDEX_FILE_SIZE,
    SW_INDEX_FILE_CHANGED,
    SW_INDEX_FILE_DIGEST,
    SW_INDEX_FILE_SCHEMA,
    SW_INDEX_FIELDS,
};

/* A column X. */
struct sw_index_key {
    int column;  /* of the CSV */
    int first;   /* of the index: X_minimum, which the others follow */
    bool listed; /* has X_values */
};

struct sw_index_form {
    struct sw_schema schema; /* of the index */
    struct sw_index_key keys[SW_INDEX_KEYS];
    size_t key_count;
    /* The edition of what is written here, the table, the time column and all columns with their
     * types. */
    struct sw_buffer file_schema;
};

/* The form for a file with this schema, read as the one of that digest says. SW_SYSTEM: no memory; SW_DATA: names longer than the index
 * can say. Harmless to free after a failure. */
bool sw_index_form_open(struct sw_index_form *form, const struct sw_schema *file,
                        const unsigned char digest[SW_SHA256_BYTES],
                        struct sw_error *error) SW_CHECKED;
void sw_index_form_free(struct sw_index_form *form);

/* By what a file is known again. */
struct sw_file_mark {
    uint64_t size_bytes;
    int64_t changed_ns;
    uint64_t digest; /* CRC-32C of the first 64 KiB, above that of the last 64 KiB */
};

/* SW_SYSTEM: it cannot be read. */
bool sw_file_mark_of(struct sw_input *input, struct sw_file_mark *mark,
                     struct sw_error *error) SW_CHECKED;

#endif
