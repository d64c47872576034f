/* SPDX-License-Identifier: ISC */
#include "expr/value_list.h"

#include "base/memory.h"
#include "files/whole.h"

bool sw_words_add(struct sw_word_list *list, const char *bytes, size_t length,
                  enum sw_word_kind kind, size_t at, struct sw_error *error)
{
    size_t offset = list->bytes.length;
    if (list->count == SW_LIST_WORDS)
        return sw_fail(error, SW_USAGE, "a list of more than %d values", SW_LIST_WORDS);
    if (!sw_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error) ||
        !sw_buffer_reserve(&list->bytes, length + 1, error) ||
        !sw_buffer_add(&list->bytes, bytes, length, error))
        return false;
    list->items[list->count++] = (struct sw_word){offset, length, at, kind};
    return true;
}

static bool blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* The word in bytes[0..length) without the blanks around it. */
static size_t trim(const char **bytes, size_t length)
{
    while (length && blank(**bytes)) ++*bytes, length--;
    while (length && blank((*bytes)[length - 1])) length--;
    return length;
}

static bool split_option(struct sw_word_list *list, const char *option, const char *argument,
                         struct sw_error *error)
{
    for (const char *at = argument;; at++) {
        const char *word = at;
        size_t length = strcspn(at, ",");
        at += length;
        length = trim(&word, length);
        if (length == 0)
            return sw_fail(error, SW_USAGE, "%s: an empty value in the list: '%s'", option,
                           argument);
        if (!sw_words_add(list, word, length, SW_WORD_BARE, 0, error)) return false;
        if (!*at) return true;
    }
}

static bool split_line(struct sw_word_list *list, const char *line, const char *end,
                       struct sw_error *error)
{
    while (line < end) {
        const char *comma = memchr(line, ',', (size_t)(end - line));
        const char *stop = comma ? comma : end, *word = line;
        size_t length = trim(&word, (size_t)(stop - line));
        if (length && !sw_words_add(list, word, length, SW_WORD_BARE, 0, error)) return false;
        line = stop + (comma != NULL);
    }
    return true;
}

static bool split_file(struct sw_word_list *list, const struct sw_buffer *text, bool comments,
                       struct sw_error *error)
{
    const char *line = (const char *)text->bytes, *end = line + text->length;
    if (text->length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
        line += 3; /* a byte order mark */
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        const char *comment = comments ? memchr(line, '#', (size_t)(stop - line)) : NULL;
        if (!split_line(list, line, comment ? comment : stop, error)) return false;
        line = stop + (newline != NULL);
    }
    return true;
}

bool sw_words_of_file(struct sw_word_list *list, const char *path, bool comments,
                      struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_read_whole(path, "a list", SW_LIST_BYTES, &text, error) &&
                split_file(list, &text, comments, error);
    sw_buffer_free(&text);
    return good;
}

bool sw_words_of_option(struct sw_word_list *list, const char *option, const char *argument,
                        struct sw_error *error)
{
    if (*argument != '@') return split_option(list, option, argument, error);
    if (!argument[1]) return sw_fail(error, SW_USAGE, "%s: no name of a file behind '@'", option);
    return sw_words_of_file(list, argument + 1, false, error) || sw_fail_at(error, option);
}

void sw_words_free(struct sw_word_list *list)
{
    free(list->items);
    sw_buffer_free(&list->bytes);
    *list = (struct sw_word_list){0};
}
