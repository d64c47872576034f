/* SPDX-License-Identifier: ISC
 *
 * Passes bytes from one descriptor to another, unchanged, and knows how many have passed and how
 * many rows were in them. Where one of the two is a pipe the kernel moves them (splice) and only
 * the frames of a record stream come through this process; else they are read and written.
 *
 *     struct sw_pass pass = {.due = &flag, .tick = draw};
 *     bool good = sw_pass_on(&pass, &input, STDOUT_FILENO, "standard output", error);
 *     sw_pass_free(&pass);
 */
#ifndef SW_MONITOR_PASS_H
#define SW_MONITOR_PASS_H

#include <signal.h>

#include "files/input.h"
#include "monitor/rows.h"

struct sw_pass {
    uint64_t bytes;           /* written so far */
    struct sw_row_count rows; /* of all inputs, one after the other */
    /* While *due is set (by a signal that interrupts calls, say) it is cleared and tick is called.
     * NULL: never. */
    volatile sig_atomic_t *due;
    void (*tick)(struct sw_pass *pass);
    bool by_hand; /* the kernel refuses to move these */
    unsigned char *space;
};

/* Passes an input on to its end, after what was passed on before. SW_SYSTEM: a read or a write
 * failed. The descriptor stays open. */
bool sw_pass_on(struct sw_pass *pass, struct sw_input *input, int out, const char *out_name,
                struct sw_error *error) SW_CHECKED;

void sw_pass_free(struct sw_pass *pass);

#endif
