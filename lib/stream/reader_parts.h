/* SPDX-License-Identifier: ISC
 *
 * What the files of the reader share: reader.c goes from frame to frame, reader_route.c knows which
 * blocks need not be seen, reader_bytes.c brings and verifies a column's bytes, reader_related.c and
 * reader_column.c make values of them. Only they include it, and verify.c.
 */
#ifndef SW_STREAM_READER_PARTS_H
#define SW_STREAM_READER_PARTS_H

#include "encode/column_prediction.h"
#include "stream/reader.h"

/* Record SW_DATA: the input ends here, or something at the current frame is wrong. Return false
 * always. */
bool sw_reader_early(const struct sw_reader *reader, struct sw_error *error);
bool sw_reader_damaged(const struct sw_reader *reader, const char *what, struct sw_error *error);

/* Whether a row of the current block can meet all range predicates, by its directory. */
bool sw_reader_possible(const struct sw_reader *reader);

/* Before the first frame of a stream: finds the extents to visit, where there are range predicates
 * and an index that leads there. Whatever is wrong with the index is left for the walk over all
 * blocks to find. SW_SYSTEM. */
bool sw_reader_find_route(struct sw_reader *reader, struct sw_error *error) SW_CHECKED;

/* Before a frame: at the end of a extent goes to the next one, after the last to the end mark.
 * SW_DATA: the blocks are not those that the index tells of. */
bool sw_reader_follow_route(struct sw_reader *reader, struct sw_error *error) SW_CHECKED;

/* Forgets all indexes, for the next input. */
void sw_reader_drop_routes(struct sw_reader *reader);

/* The column's bytes, verified and decompressed, until the next block. */
bool sw_reader_raw(struct sw_reader *reader, int index, const unsigned char **raw,
                   struct sw_error *error) SW_CHECKED;

/* Records SW_DATA with the column's place. Returns false always. */
bool sw_reader_bad_column(const struct sw_reader *reader, int index, const char *what,
                          struct sw_error *error);

/* A column that depends on others (sw_is_related), on its way to its numbers. */
struct sw_related {
    int index;
    bool picked; /* only the rows that sw_reader_pick left */
    const unsigned char *raw;
    struct sw_relation relation; /* to which columns, and how */
};

/* Fills raw and relation of a column of which index and picked are set. */
bool sw_reader_relation(struct sw_reader *reader, struct sw_related *related,
                        struct sw_error *error) SW_CHECKED;

/* Its numbers, where it is as its key's rows have it. */
bool sw_reader_share(struct sw_reader *reader, const struct sw_related *related, int64_t *to,
                     struct sw_error *error) SW_CHECKED;

/* Its numbers, where it is a difference of two columns, given as many rows of theirs. */
bool sw_reader_subtract(struct sw_reader *reader, const struct sw_related *related,
                        const int64_t *from, const int64_t *less, int64_t *to,
                        struct sw_error *error) SW_CHECKED;

#endif
