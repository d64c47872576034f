/* SPDX-License-Identifier: ISC */
#include "compare/line_keys.h"

#include <string.h>

bool sw_line_key_put(struct sw_row_sorter *rows, size_t by, const struct sw_order_pair_key *key,
                     struct sw_error *error)
{
    struct sw_builder *builders = rows->builders;
    bool numbered = key->numeric && !key->is_null;
    if (!sw_builder_add_value(&builders[SW_LINE_BY], (sw_int128)by, error)) return false;
    if (!numbered)
        sw_builder_add_null(&builders[SW_LINE_NUMBER]);
    else if (!sw_builder_add_value(&builders[SW_LINE_NUMBER], key->number, error))
        return false;
    if (!key->is_null)
        return sw_builder_add_text(&builders[SW_LINE_TEXT], key->text.bytes, key->text.length,
                                   error);
    sw_builder_add_null(&builders[SW_LINE_TEXT]);
    return true;
}

static bool is_of(const struct sw_line *line, const struct sw_row_sorter *rows)
{
    const struct sw_vector *texts = rows->sorter.vectors[SW_LINE_TEXT];
    if (line->by != (size_t)sw_row_sorter_number(rows, SW_LINE_BY)) return false;
    if (sw_is_null(texts, rows->row)) return line->is_null;
    const struct sw_text *text = &texts->dictionary[texts->codes[rows->row]];
    return !line->is_null && line->length == text->length &&
           memcmp(line->text, text->bytes, text->length) == 0;
}

struct sw_line *sw_line_at(const struct sw_lines *lines, const struct sw_row_sorter *rows,
                           size_t *at)
{
    while (!is_of(&lines->lines[*at], rows)) ++*at;
    return &lines->lines[*at];
}
