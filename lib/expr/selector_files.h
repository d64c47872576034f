/* SPDX-License-Identifier: ISC
 *
 * Selectors (expr/selectors.h) whose @FILEs are read beforehand: for a program that compiles them
 * anew for each of its inputs, as some files can be read only once.
 */
#ifndef SW_EXPR_SELECTOR_FILES_H
#define SW_EXPR_SELECTOR_FILES_H

#include "base/bytes.h"
#include "expr/selectors.h"

enum { SW_SELECTOR_LISTS = 6 }; /* of struct sw_selectors, those that may be @FILE */

struct sw_selector_files {
    struct sw_buffer texts[SW_SELECTOR_LISTS];
};

/* Puts the values of each @FILE in its place. The texts live as long as `files`, which is
 * zero-initialized before and freed with sw_selector_files_free, also after a failure: SW_SYSTEM, a
 * file that cannot be read, with the option in front, or no memory. */
bool sw_selectors_load(struct sw_selectors *selectors, struct sw_selector_files *files,
                       struct sw_error *error) SW_CHECKED;

/* The names of all @FILEs, which are inputs; returns how many there are. */
size_t sw_selectors_files(struct sw_selectors selectors, const char *names[SW_SELECTOR_LISTS]);

void sw_selector_files_free(struct sw_selector_files *files);

#endif
