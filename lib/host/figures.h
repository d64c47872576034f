/* SPDX-License-Identifier: ISC
 *
 * What is said of a machine: figures, each a whole number or a word with a short reason where it
 * comes from, and the four ways to print them. Knows nothing of how they are found
 * (host/hardware.h); a new figure is a name here and a line in the table of figures.c.
 */
#ifndef SW_HOST_FIGURES_H
#define SW_HOST_FIGURES_H

#include "base/bytes.h"

enum sw_figure_name {
    SW_CORES_ONLINE,
    SW_CORES_PHYSICAL,
    SW_SOCKETS,
    SW_NUMA_NODES,
    SW_CORES,
    SW_SIMD,
    SW_MEMORY_TOTAL,
    SW_MEMORY,
    SW_MEMORY_AVAILABLE,
    SW_SWAP_TOTAL,
    SW_SWAP_FREE,
    SW_TEMPORARY_FREE,
    SW_TEMPORARY_FILE_SYSTEM,
    SW_CURRENT_FREE,
    SW_CURRENT_FILE_SYSTEM,
    SW_DISK_WRITE,
    SW_DISK_READ,
    SW_MACHINE,
    SW_WORKERS,
    SW_CHUNK_SIZE,
    SW_SORT_MEMORY,
    SW_TEMPORARY_NEEDED,
    SW_MACHINE_FIGURES,
};

enum { SW_REASON_LENGTH = 1400, SW_BYTES_LENGTH = 32, SW_WORD_LENGTH = 32 };

struct sw_machine_figure {
    uint64_t value;            /* bytes, bytes a second or a count; 0: not known */
    char word[SW_WORD_LENGTH]; /* of a figure that is one; "": not known */
    char reason[SW_REASON_LENGTH];
};

/* Sets value and a printf-formatted reason, cut when longer; what a terminal must not have is
 * escaped in it (base/shown.h). */
void sw_figure_set(struct sw_machine_figure *figure, uint64_t value, const char *format, ...)
    SW_PRINTF(3, 4);

/* The same for a figure that is a word: letters, digits, "_", "-" and ".". */
void sw_figure_word(struct sw_machine_figure *figure, const char *word, const char *format, ...)
    SW_PRINTF(3, 4);

/* Bytes for a person: "735 B", "64 MiB", "23.5 GiB", rounded down to a tenth. Returns `to`. */
const char *sw_format_bytes(char to[SW_BYTES_LENGTH], uint64_t bytes);

/* Appends all figures as "text" (NULL is the same), "sh", "make" or "json". SW_USAGE for another
 * format. */
bool sw_figures_print(const struct sw_machine_figure figures[SW_MACHINE_FIGURES],
                      const char *format, struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
