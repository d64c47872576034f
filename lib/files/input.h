/* SPDX-License-Identifier: ISC
 *
 * Bytes in: a file, or standard input ("-" or no name). Reads are whole (a short read is the end), so a
 * producer that writes a byte at a time changes nothing. Knows nothing of what the bytes mean.
 */
#ifndef SW_FILES_INPUT_H
#define SW_FILES_INPUT_H

#include <stdint.h>

#include "base/error.h"

enum { SW_PEEK_MAXIMUM = 64 };

struct sw_input;

/* Where an input takes its bytes from that is no descriptor, but what another module presents (files/gzip_text.h). */
struct sw_input_source {
    bool (*read_at)(struct sw_input *input, uint64_t offset, void *to, size_t length, size_t *got,
                    struct sw_error *error);
    /* The first byte of interest at an offset or after it, and whether it is the first of all. */
    bool (*begin_at)(struct sw_input *input, uint64_t offset, uint64_t *from, bool *beginning,
                     struct sw_error *error);
};

struct sw_input {
    const char *name; /* the path as given, or "standard input"; not owned */
    int fd;
    bool seekable; /* a regular file */
    bool piped;    /* a pipe, a FIFO or a socket: what it lacks, another program has not written */
    /* A part of a file that others use too: ends at `size`, never moves or closes the
     * descriptor. */
    bool shared;
    uint64_t size;     /* of a regular file when it was opened, else 0; of a part, where it ends */
    uint64_t position; /* bytes handed out or skipped */
    unsigned char peeked[SW_PEEK_MAXIMUM];
    size_t peeked_length, peeked_used;
    const struct sw_input_source *source; /* not NULL: for sw_input_read_at alone */
};

/* Opens path, or standard input for NULL and "-". A directory is refused. SW_SYSTEM on failure. */
bool sw_input_open(struct sw_input *input, const char *path, struct sw_error *error) SW_CHECKED;

/* Reads until `length` bytes are there or the input ends; *got says how many. SW_SYSTEM on failure. */
bool sw_input_read(struct sw_input *input, void *to, size_t length, size_t *got,
                   struct sw_error *error) SW_CHECKED;

/* Reads what is there, up to `length` bytes, waiting only for the first; *got is 0 at the end. */
bool sw_input_read_some(struct sw_input *input, void *to, size_t length, size_t *got,
                        struct sw_error *error) SW_CHECKED;

/* Looks at the next bytes (at most SW_PEEK_MAXIMUM) without taking them; *got may be less at the end. */
bool sw_input_peek(struct sw_input *input, void *to, size_t length, size_t *got,
                   struct sw_error *error) SW_CHECKED;

/* Steps over bytes: seeks where it can, reads where it must; *skipped is less than length where the input ends
 * before. */
bool sw_input_skip(struct sw_input *input, uint64_t length, uint64_t *skipped,
                   struct sw_error *error) SW_CHECKED;

/* Goes to an offset of a seekable input. */
bool sw_input_seek(struct sw_input *input, uint64_t offset, struct sw_error *error) SW_CHECKED;

/* Reads from an offset of a seekable input without moving in it; *got is less than length at the end. */
bool sw_input_read_at(struct sw_input *input, uint64_t offset, void *to, size_t length, size_t *got,
                      struct sw_error *error) SW_CHECKED;

/* What is to stand after "ended early" and the like: of a pipe, that the reason lies with another
 * program (pipelines know such lines by it), else nothing. Static. */
const char *sw_input_annotate(const struct sw_input *input);

/* SW_USAGE where more than one of a program's inputs is standard input: "-", or no inputs at all. `more`
 * are inputs of other kinds, NULL where one is not given. */
bool sw_input_refuse_sharing(const char *const *inputs, size_t count, const char *const *more,
                             size_t more_count, struct sw_error *error) SW_CHECKED;

/* Closes; standard input stays open. */
void sw_input_close(struct sw_input *input);

#endif
