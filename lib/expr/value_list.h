/* SPDX-License-Identifier: ISC
 *
 * Lists of words: what a selector is given ("110621,85603", "@FILE"), what stands in a file of a
 * named set, what stands in parentheses after `in`. A word is bytes; what they mean is decided by
 * the column that they are compared with.
 */
#ifndef SW_EXPR_VALUE_LIST_H
#define SW_EXPR_VALUE_LIST_H

#include "base/bytes.h"

enum {
    SW_LIST_WORDS = 1 << 20,  /* of a list, however it is given */
    SW_LIST_BYTES = 16 << 20, /* of a file of words */
};

enum sw_word_kind {
    SW_WORD_BARE,   /* of a list: a number or text, as the column wants it */
    SW_WORD_NUMBER, /* a number of an expression */
    SW_WORD_QUOTED, /* a text of an expression */
    SW_WORD_BITS,   /* of a named set: "bits 64 256", every whole number with one of these bits */
};

struct sw_word {
    size_t offset, length; /* in the list's bytes */
    size_t at;             /* where it stands in an expression */
    enum sw_word_kind kind;
};

/* Zero-initialize; free with sw_words_free. */
struct sw_word_list {
    struct sw_word *items;
    size_t count, capacity;
    struct sw_buffer bytes;
};

/* Appends a copy of a word. SW_SYSTEM: no memory; SW_USAGE: there are SW_LIST_WORDS. */
bool sw_words_add(struct sw_word_list *list, const char *bytes, size_t length,
                  enum sw_word_kind kind, size_t at, struct sw_error *error) SW_CHECKED;

/* Reads the argument of an option: words between commas, or with "@" in front the words of that
 * file (an empty file is an empty list). SW_USAGE for an empty word, with the option's name, and
 * for more words or bytes than the limits above;
 * SW_SYSTEM when the file cannot be read. */
bool sw_words_of_option(struct sw_word_list *list, const char *option, const char *argument,
                        struct sw_error *error) SW_CHECKED;

/* Reads a file of words, between commas and newlines, blanks around them taken away, empty ones
 * left out; with `comments`, from "#" to the end of a line nothing counts. SW_SYSTEM when it cannot
 * be read; SW_USAGE: more words or bytes than the limits above. */
bool sw_words_of_file(struct sw_word_list *list, const char *path, bool comments,
                      struct sw_error *error) SW_CHECKED;

static inline const char *sw_word_bytes(const struct sw_word_list *list, size_t index)
{
    return (const char *)list->bytes.bytes + list->items[index].offset;
}

void sw_words_free(struct sw_word_list *list);

#endif
