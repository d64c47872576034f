/* SPDX-License-Identifier: ISC
 *
 * Bytes out: standard output, or a file that appears whole under its name or not at all. A file is written
 * beside its final name, which is the one behind symbolic links, and renamed by sw_output_close; what is not closed is removed by
 * sw_output_abandon, and by SIGINT, SIGTERM, SIGHUP and SIGPIPE. A file that is replaced leaves its owner, group and permissions to the
 * new one, as far as the system lets it. A FIFO or a device is written directly, and the name of an open descriptor (/dev/stdout,
 * /dev/fd/5) from where that stands (files/target.h). Text may go out as gzip: of blocks
 * (files/gzip_block.h), with neither a name nor a time in it, so that the same text gives the same bytes wherever the compressing library is the same.
 *
 *     if (!sw_output_open(&output, path, error)) return false;
 *     return sw_output_end(&output, write_it(&output, error), error);
 */
#ifndef SW_FILES_OUTPUT_H
#define SW_FILES_OUTPUT_H

#include <stdint.h>

#include "base/error.h"

struct sw_output {
    const char *name;                  /* the path as given, or "standard output"; not owned */
    char *final_path, *temporary_path; /* NULL where written directly */
    int fd;                            /* -1: not open */
    uint64_t written;                  /* bytes accepted so far, before any compression */
    unsigned char *buffer;
    size_t buffered;
    struct sw_gzip *gzip;  /* NULL: what is written goes out as it is */
    struct sw_gzip **kept; /* where it goes in the end; NULL: it is freed */
};

/* Opens path for writing, or standard output for NULL and "-". Creates no directory. SW_SYSTEM on failure: a directory, a descriptor that
 * is closed or not for writing, a file that may not be written, no place beside it. */
bool sw_output_open(struct sw_output *output, const char *path, struct sw_error *error) SW_CHECKED;

/* The same for text: compressed where path ends in ".gz". SW_USAGE: it ends in ".zst". */
bool sw_output_open_text(struct sw_output *output, const char *path,
                         struct sw_error *error) SW_CHECKED;

/* Opens path for appending, created where it is not there; it is written directly, not beside. For a file that is
 * written in several goes under a temporary name of its own. */
bool sw_output_append(struct sw_output *output, const char *path,
                      struct sw_error *error) SW_CHECKED;

/* Writes to an open descriptor, from where it stands, directly; it becomes the output's and is closed in any case. name stands in
 * messages and stays the caller's. SW_SYSTEM: memory. */
bool sw_output_adopt(struct sw_output *output, int fd, const char *name,
                     struct sw_error *error) SW_CHECKED;

/* From here on what is written to an open output goes out as gzip, ended by sw_output_close. Nothing may have been written before.
 * SW_SYSTEM: memory. */
bool sw_output_compress(struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* The same by what compressed another output before, *kept (NULL: none yet). It is there again once this output is finished or abandoned;
 * freed with sw_gzip_free. For many small files, of each of which making it would be a part of the work. */
bool sw_output_compress_again(struct sw_output *output, struct sw_gzip **kept,
                              struct sw_error *error) SW_CHECKED;
void sw_gzip_free(struct sw_gzip *gzip);

/* SW_USAGE where a name ends in ".zst", which would say what it is not: zstd is not written. NULL is no name. */
bool sw_output_refuse_zstd(const char *path, struct sw_error *error) SW_CHECKED;

/* Whether text under this name is to be compressed: it ends in ".gz". NULL is no name. */
bool sw_output_named_gzip(const char *path);

/* Writes all of it, small pieces through a buffer. SW_SYSTEM on failure, a full disk among them. */
bool sw_output_write(struct sw_output *output, const void *bytes, size_t length,
                     struct sw_error *error) SW_CHECKED;

/* Hands the buffered bytes to the system, for a reader who waits; of a compressed output, what its blocks have filled. */
bool sw_output_flush(struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* Flushes, closes, and gives the file its name: only then it is there. On failure the file is removed.
 * Standard output is closed too, and its close looked at. */
bool sw_output_close(struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* The first and the second half of sw_output_close, for several files that are to be there together: each is finished, flushed and
 * closed, and has not its name yet; then all get theirs, or none of them does and what was there before is (files/rename.h). Outputs that
 * are no files are just finished. On failure those that it was said of are abandoned. */
bool sw_output_finish(struct sw_output *output, struct sw_error *error) SW_CHECKED;
bool sw_output_publish(struct sw_output *const *outputs, size_t count,
                       struct sw_error *error) SW_CHECKED;

/* Closes and removes an unfinished file. Standard output is left as it is. Harmless after a close. */
void sw_output_abandon(struct sw_output *output);

/* Closes an output that all went well with, abandons another. False: not good, or it could not be closed. */
bool sw_output_end(struct sw_output *output, bool good, struct sw_error *error) SW_CHECKED;

/* A file (NULL, "-": standard output) of these bytes. SW_SYSTEM on failure. */
bool sw_output_file(const char *path, const void *bytes, size_t length,
                    struct sw_error *error) SW_CHECKED;

/* Writes all of it to an open file, where a disk that fills takes some of it first: what keeps the rest from there is the error, of `name`. */
bool sw_write_all(int file, const char *name, const void *bytes, size_t length,
                  struct sw_error *error) SW_CHECKED;

/* SW_USAGE when output is a terminal: records are not for eyes. */
bool sw_output_refuse_terminal(const struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* SW_USAGE when writing to path (NULL or "-": to standard output) would write into one of the inputs
 * (NULL or "-": standard input; none at all: standard input). Names of devices and FIFOs are never refused. */
bool sw_output_refuse_inputs(const char *path, const char *const *inputs, size_t count,
                             struct sw_error *error) SW_CHECKED;

/* All of a program's outputs (NULL: not asked for, but the first, which then is standard output) against its inputs and against each other:
 * SW_USAGE where one is an input, or two are one file, one descriptor or one pipe (sw_target_same); SW_SYSTEM where one cannot be an output. Inputs as in sw_output_refuse_inputs; `more` are inputs of other kinds (lists, schemas), NULL-ended; may be NULL. */
bool sw_output_refuse_clash(const char *const *outputs, size_t output_count,
                            const char *const *inputs, size_t input_count, const char *const *more,
                            struct sw_error *error) SW_CHECKED;

#endif
