/* SPDX-License-Identifier: ISC */
#include "schema/words_list.h"

#include <string.h>

#include "base/memory.h"

bool sw_words_list_add(struct sw_words_list *list, const char *word, struct sw_error *error)
{
    if (!sw_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error))
        return false;
    list->items[list->count] = sw_copy_text(word, strlen(word), error);
    if (!list->items[list->count]) return false;
    list->count++;
    return true;
}

void sw_words_list_free(struct sw_words_list *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->items[i]);
    free(list->items);
    *list = (struct sw_words_list){0};
}
