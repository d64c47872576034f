/* SPDX-License-Identifier: ISC
 *
 * Rows for a person's eyes: columns under each other, as wide as the terminal is. Of many rows the first and the last are kept, so memory
 * does not grow with them; of columns that do not fit the last are left out; both is said below the table.
 *
 *     security_code   orders  filled
 *     ─────────────  ───────  ──────
 *     85603               12       7
 *     110621            8262    2161
 *
 * Cells are the text of the other formats, numbers to the right, everything else to the left.
 */
#ifndef SW_OUTPUT_TEXT_TABLE_H
#define SW_OUTPUT_TEXT_TABLE_H

#include "base/bytes.h"
#include "files/output.h"
#include "record/schema.h"

enum { SW_TEXT_TABLE_ENDS = 20 }; /* shown at either end; twice as many are shown whole */

struct sw_table_row {
    struct sw_buffer cells; /* as TSV, without the newline */
};

struct sw_text_table {
    const struct sw_schema *schema; /* not owned */
    size_t width;                   /* of the terminal; 0: no limit */
    bool header;                    /* the header line has been taken */
    struct sw_table_row top, rows[2 * SW_TEXT_TABLE_ENDS];
    uint64_t count; /* rows taken */
};

/* For rows of this schema, on an output whose width counts where it is a terminal. Zero-initialized before; free in any case. */
void sw_text_table_open(struct sw_text_table *table, const struct sw_schema *schema,
                        const struct sw_output *output);

/* Takes whole lines of TSV, the header line first. SW_SYSTEM: no memory. */
bool sw_text_table_take(struct sw_text_table *table, const void *lines, size_t length,
                        struct sw_error *error) SW_CHECKED;

/* Writes the table. SW_SYSTEM. */
bool sw_text_table_write(struct sw_text_table *table, struct sw_output *output,
                         struct sw_error *error) SW_CHECKED;

void sw_text_table_free(struct sw_text_table *table);

#endif
