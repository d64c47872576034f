/* SPDX-License-Identifier: ISC
 *
 * A list of words, each its own. Zero-initialize.
 */
#ifndef SW_SCHEMA_WORDS_LIST_H
#define SW_SCHEMA_WORDS_LIST_H

#include <stddef.h>

#include "base/error.h"

struct sw_words_list {
    char **items;
    size_t count, capacity;
};

/* Appends a copy. SW_SYSTEM: no memory. */
bool sw_words_list_add(struct sw_words_list *list, const char *word,
                       struct sw_error *error) SW_CHECKED;
void sw_words_list_free(struct sw_words_list *list);

#endif
