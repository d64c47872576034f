/* SPDX-License-Identifier: ISC
 *
 * A temporary file without a name: written at its end, read anywhere through files/input.h, gone
 * with the program however that ends, SIGKILL too. Several parts, one after another, share it, so
 * that any number of them needs one descriptor.
 *
 *     if (!sw_scratch_open(&scratch, "/tmp", error)) return false;
 *     part.offset = scratch.output.written;
 *     … sw_output_write(&scratch.output, …) … sw_output_flush(&scratch.output, error) …
 *     part.length = scratch.output.written - part.offset;
 *     … sw_scratch_input(&scratch, part, &input) …
 */
#ifndef SW_FILES_SCRATCH_H
#define SW_FILES_SCRATCH_H

#include "files/input.h"
#include "files/output.h"

struct sw_scratch {
    struct sw_output output; /* appends; named after the folder in messages */
};

/* Makes the file in a folder. SW_SYSTEM on failure. Zero-initialize before; free with
 * sw_scratch_close in any case. */
bool sw_scratch_open(struct sw_scratch *scratch, const char *folder,
                     struct sw_error *error) SW_CHECKED;

struct sw_part {
    uint64_t offset, length; /* in bytes */
};

/* An input of a part that was flushed; it does not move where the file is written. Closing it
 * leaves the file open. */
void sw_scratch_input(const struct sw_scratch *scratch, struct sw_part part,
                      struct sw_input *input);

/* Gives the disk space of a part back, where the file system can. */
void sw_scratch_drop(const struct sw_scratch *scratch, struct sw_part part);

void sw_scratch_close(struct sw_scratch *scratch);

#endif
