/* SPDX-License-Identifier: ISC
 *
 * Whether a stream is what it says: what readers go by without looking at values is held against the values. That is, of each
 * column of each block the bounds and the number of nulls; of each stream the order of its rows, its version, and its index.
 * (Checksums, and the counts of the end mark, are the reader's own work.)
 *
 *     if (!sw_verifier_open(&verifier, &reader, "/tmp", error)) …
 *     while ((step = sw_reader_next(&reader, error)) == SW_ROWS) … all vectors … sw_verifier_block(&verifier, vectors, error) …
 *     sw_verifier_close(&verifier);
 *
 * Memory does not grow with the stream: what an index will be held against goes to a temporary file.
 */
#ifndef SW_STREAM_VERIFY_H
#define SW_STREAM_VERIFY_H

#include "files/scratch.h"
#include "stream/reader.h"

/* The last row seen, as far as the order goes by it. */
struct sw_ordered_row {
    bool known;
    struct sw_ordered_cell {
        bool null;
        sw_int128 number;
        struct sw_buffer text;
    } * cells;
    size_t cell_capacity, cell_count;
};

/* The directories of the stream's blocks so far, the oldest in the file. */
struct sw_directories {
    const char *folder; /* where the file goes; not owned */
    struct sw_scratch scratch;
    bool spilled;
    struct sw_buffer latest;
    uint64_t blocks;
};

struct sw_verifier {
    struct sw_reader *reader; /* not owned */
    struct sw_ordered_row last;
    struct sw_directories directories;
    struct sw_buffer used; /* of a dictionary: a byte an entry, whether a row has it */
};

/* For a reader that was opened and not gone further; becomes its watch. The folder is for temporary files; it is asked for one
 * where directories take more than a few MiB. Zero-initialize before; close in any case. SW_SYSTEM. */
bool sw_verifier_open(struct sw_verifier *verifier, struct sw_reader *reader, const char *folder,
                      struct sw_error *error) SW_CHECKED;

/* The reader's current block, with the vectors of all its columns. SW_DATA: it is not as its stream says; the message names the
 * place. SW_SYSTEM. */
bool sw_verifier_block(struct sw_verifier *verifier, const struct sw_vector *const *vectors,
                       struct sw_error *error) SW_CHECKED;

void sw_verifier_close(struct sw_verifier *verifier);

#endif
