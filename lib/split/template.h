/* SPDX-License-Identifier: ISC
 *
 * File names made of key values: 'DIR/{security_code}/{date}/orders.swr'. A value becomes a safe part of a name: bytes outside
 * A-Z a-z 0-9 . _ + - and a leading dot are percent-encoded, a null is "%null" (which no value can become), so a name never
 * leaves the folder that the template begins with.
 */
#ifndef SW_SPLIT_TEMPLATE_H
#define SW_SPLIT_TEMPLATE_H

#include "view/view.h"

enum { SW_PART_MAXIMUM = 240 }; /* bytes of a value in a file name, once encoded */

struct sw_template {
    char *text;          /* the template, cut up: literal pieces end where a key stands */
    const char **pieces; /* count + 1 literals, those before, between and after the keys */
    size_t *keys;        /* count indices into the list of keys */
    size_t count;
    char *folder; /* the literal folders it begins with, "." for none */
};

/* Reads a template whose {names} must be exactly the `key_count` keys, each at least once. SW_USAGE otherwise; free with
 * sw_template_free, also after a failure. */
bool sw_template_parse(struct sw_template *template, const char *text, const char *const *keys,
                       size_t key_count, struct sw_error *error) SW_CHECKED;
void sw_template_free(struct sw_template *template);

/* Appends a value of a vector as a part of a file name. SW_DATA when it would be longer than SW_PART_MAXIMUM. */
bool sw_template_part(const struct sw_vector *vector, size_t row, const char *name,
                      struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* Appends the whole name, with a NUL after it that does not count, from the keys' parts. SW_DATA
 * when it, or a part of it between slashes, is longer than a file name can be. */
bool sw_template_path(const struct sw_template *template, const struct sw_buffer *parts,
                      struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

#endif
