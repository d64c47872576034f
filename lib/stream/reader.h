/* SPDX-License-Identifier: ISC
 *
 * Reads record streams (man 5 sw-record), block by block: several files, and several streams one
 * after another in a file, read as one. Columns that nobody asks for are stepped over; what is
 * asked for is checked against its checksum before it is used; a stream without its end mark is an
 * error.
 *
 *     if (!sw_reader_open(&reader, paths, count, error)) return false;
 *     while ((step = sw_reader_next(&reader, error)) == SW_ROWS) {
 *         const struct sw_vector *price = sw_reader_vector(&reader, column, error);
 *         …
 *     }
 *     sw_reader_close(&reader);      // step is now SW_END or SW_FAILED
 */
#ifndef SW_STREAM_READER_H
#define SW_STREAM_READER_H

#include "files/input.h"
#include "record/format.h"
#include "stream/index.h"
#include "record/vector.h"

enum sw_step {
    SW_FAILED = -1,
    SW_END = 0,
    SW_ROWS = 1,
};

/* One column of the current block. */
struct sw_stored_column {
    struct sw_entry entry; /* from the directory */
    uint64_t offset;       /* of its bytes after the directory */
    uint64_t memory;       /* the most that it unfolded to since room was last given back */
    bool verified, decoded, picked;
    bool indexed;               /* the last index seen has bounds of the column */
    const unsigned char *bytes; /* as stored, once verified; in the block's body or in `space` */
    struct sw_vector vector;    /* once decoded; its arrays are the next three */
    void *values;
    uint64_t *valid;
    struct sw_text *dictionary;
    size_t values_capacity, valid_capacity, dictionary_capacity;
    unsigned char *space, *raw; /* stored bytes read one by one; decompressed bytes */
    size_t space_capacity, raw_capacity;
    /* Of the rows that sw_reader_pick left, once picked; its arrays are the next two. */
    struct sw_vector pick;
    void *pick_values;
    uint64_t *pick_valid;
    size_t pick_values_capacity, pick_valid_capacity;
    bool coded,
        pick_coded; /* a key, whose codes other columns asked for: of all rows, of the picked ones */
    uint32_t *codes, *pick_codes;
    size_t codes_capacity, pick_codes_capacity, distinct;
    /* A column of such a key: its numbers by code are there; and they are those of all rows. */
    bool numbered, alone;
    int64_t *numbers;
    size_t numbers_capacity;
};

/* A column whose number depends on another's alone: a row's is numbers[codes[row]]. */
struct sw_keyed {
    const uint32_t *codes; /* NULL: the column is not stored so */
    const int64_t *numbers;
    size_t distinct;
    uint64_t block; /* other numbers have another one; from 1 */
};

/* A stream with an index: where in the file its header and its end mark begin, and where it ends. */
struct sw_marked_stream {
    uint64_t begin, mark, end;
};

/* Who wants to see the index of each stream where it ends; SW_FAILED is what sw_reader_next says where `ends` is false. */
struct sw_watch {
    bool (*ends)(void *owner, const struct sw_index *index, struct sw_error *error);
    void *owner;
};

struct sw_reader {
    /* Of the first stream; all the others must be the same. Sorted by nothing where several
     * files are read. */
    struct sw_schema schema;
    size_t rows;                       /* of the current block */
    uint64_t total_rows, total_blocks; /* so far, the current block included, over all streams */
    uint64_t passed_rows; /* of them, so far: those of blocks that range predicates rule out */
    /* What the end marks said so far, whether their streams were read whole or not. */
    uint64_t marked_rows;
    struct sw_stored_column *columns; /* of the current block, one per column of the schema */
    struct sw_input input;
    const char *const *paths; /* not owned */
    const char *first_name;   /* of the first input, for messages */
    size_t path_count, path_next;
    bool open, in_block, body_read;
    bool in_stream;      /* its end mark is still to come */
    bool stream_begun;   /* its first frame after the header was asked for */
    bool stream_partial; /* the range begins inside of it */
    bool ranged;
    uint64_t range_end;
    uint64_t stream_rows, stream_blocks; /* of the stream being read */
    uint64_t block_offset;               /* in its file: where the current block's frame begins */
    uint64_t body_offset, body_length;   /* the columns' bytes */
    struct sw_buffer frame, body;
    uint64_t held;     /* bytes of all columns that room may be kept for */
    uint64_t *scratch; /* of decoding one column at a time */
    size_t scratch_capacity;
    uint32_t *picked_rows; /* of the current block, where not all are wanted any more */
    size_t picked_count, picked_capacity; /* 0: all are */
    struct sw_range_predicate *range_predicates;
    size_t range_predicate_count, range_predicate_capacity;
    uint64_t stream_offset; /* in its file: where the stream's header begins */
    /* Of the stream, where its index is gone by; NULL: all blocks are walked over. */
    struct sw_extent *extents;
    size_t extent_next;
    uint64_t extent_rows, extent_blocks; /* of the stream where the current extent ends */
    /* The streams of the input with an index, as far as they are found from its end; the last
     * one first. */
    bool marked_known;
    struct sw_marked_stream *marked;
    size_t marked_count, marked_capacity;
    unsigned stream_minor;            /* version of the stream, as its header says */
    struct sw_sort_key *stream_order; /* the order of its rows, as its header says */
    size_t stream_order_count;
    struct sw_watch watch;                            /* set after opening, if at all */
    uint64_t streams, indexed_streams, index_entries; /* that ended so far */
};

/* Opens the first of the files (none: standard input; "-": standard input) and reads its header. An input of no bytes is
 * SW_DATA, as is one that is no stream or of a newer major version. */
bool sw_reader_open(struct sw_reader *reader, const char *const *paths, size_t count,
                    struct sw_error *error) SW_CHECKED;

/* The same for one input that is open already; it is the reader's from here on, closed in any case. */
bool sw_reader_open_input(struct sw_reader *reader, const struct sw_input *input,
                          struct sw_error *error) SW_CHECKED;

/* The same for a range of bytes of a file, as sw_division_write makes them: the rows of the blocks whose frames begin in it. All ranges
 * of a file together have each of its rows once. The schema is that of the file's first header; further headers in the range are
 * checked against it. An offset where no frame (of a block, an end mark or a header) begins and an end where none ends are SW_DATA,
 * the latter when it is reached, as is a range that ends after the file. What stands outside of the
 * range is not looked at. An end mark's counts are checked where its whole stream lies in the
 * range; a range that reaches the end of the file must find one there. SW_USAGE: not a regular
 * file. */
bool sw_reader_open_range(struct sw_reader *reader, const char *path, uint64_t offset,
                          uint64_t length, struct sw_error *error) SW_CHECKED;

/* The way of programs with an option --range: sw_reader_open where `range` is NULL, else the range "OFFSET:LENGTH" of the only file.
 * SW_USAGE: that is no range, or not one file. */
bool sw_reader_open_part(struct sw_reader *reader, const char *const *paths, size_t count,
                         const char *range, struct sw_error *error) SW_CHECKED;

/* Goes to the next block with at least one row; what was not read of the last one is stepped over. SW_END only
 * after every stream ended with its end mark and the counts in it were right. Errors begin with the file's name; a truncated stream
 * is "FILE: ended early after N rows", SW_DATA. */
enum sw_step sw_reader_next(struct sw_reader *reader, struct sw_error *error) SW_CHECKED;

/* The values of a column of the current block, decoded when first asked for. NULL on failure. */
const struct sw_vector *sw_reader_vector(struct sw_reader *reader, int column,
                                         struct sw_error *error) SW_CHECKED;

/* Of the current block only these rows, ascending, are wanted from here on: vectors hold them alone. A column that was not
 * asked for before is then not decoded where single values can be had of its encoding; what is passed over is verified by the
 * column's checksum alone. May be called again; rows are those of the block in any case, `count` is at least 1. SW_SYSTEM: memory. */
bool sw_reader_pick(struct sw_reader *reader, const uint32_t *rows, size_t count,
                    struct sw_error *error) SW_CHECKED;

/* How a column of the current block is stored, where that says the same by fewer numbers than rows; until the next block. Rows that
 * were picked have no codes here. False on failure. */
bool sw_reader_keyed(struct sw_reader *reader, int column, struct sw_keyed *keyed,
                     struct sw_error *error) SW_CHECKED;

/* What the block's directory says of a column without reading it: bounds (valid unless all is null) and nulls; false
 * for text. */
bool sw_reader_bounds(const struct sw_reader *reader, int column, sw_int128 *minimum,
                      sw_int128 *maximum, size_t *nulls);

/* From the next block on only those that can hold rows with a value of `column` from low to high are stopped at; a row in such a
 * block may still be another. The others are stepped over by their directories, or, without being looked at, by the indexes
 * of a file that ends with streams that have one. May be called for several columns: a block must be possible for each. A text
 * column is bounded by sw_text_bound. Counts against the end mark stay right. SW_SYSTEM: memory. */
bool sw_reader_restrict(struct sw_reader *reader, int column, sw_int128 low, sw_int128 high,
                        struct sw_error *error) SW_CHECKED;

void sw_reader_close(struct sw_reader *reader);

#endif
