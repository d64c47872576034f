/* SPDX-License-Identifier: ISC
 *
 * Lists of words: a file, as a list and as a named set, and the text of an option. Written out
 * between commas they are the same words.
 */
#include "fuzz.h"
#include "expr/selector_files.h"
#include "expr/value_list.h"

static void check_list(const struct sw_word_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct sw_word *word = &list->items[i];
        fuzz_require(word->length > 0 && word->offset + word->length <= list->bytes.length,
                     "word %zu", i);
        fuzz_require(!memchr(sw_word_bytes(list, i), ',', word->length), "a comma in word %zu", i);
    }
}

static void compare(const struct sw_word_list *a, const struct sw_word_list *b)
{
    fuzz_require(a->count == b->count, "%zu and %zu words", a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        fuzz_require(a->items[i].length == b->items[i].length &&
                         memcmp(sw_word_bytes(a, i), sw_word_bytes(b, i), a->items[i].length) == 0,
                     "word %zu", i);
}

static void check_option(const char *argument)
{
    struct sw_word_list list = {0}, again = {0};
    struct sw_selectors selectors = {.securities = argument};
    struct sw_selector_files files = {0};
    struct sw_error error = {0}, other = {0};
    bool good = sw_words_of_option(&list, "-s", argument, &error);
    fuzz_check_error(good, &error);
    check_list(&list);
    bool loaded = sw_selectors_load(&selectors, &files, &other);
    fuzz_require(!good || loaded, "%s", other.message);
    if (good) {
        fuzz_require(sw_words_of_option(&again, "-s", selectors.securities, &other), "%s",
                     other.message);
        compare(&list, &again);
    }
    sw_words_free(&list);
    sw_words_free(&again);
    sw_selector_files_free(&files);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char argument[64], *text = malloc(size + 1);
    struct sw_word_list list = {0};
    struct sw_error error = {0};
    memcpy(text, bytes, size);
    text[size] = '\0';
    const char *path = fuzz_file(0, bytes, size);
    for (int comments = 0; comments < 2; comments++) {
        fuzz_check_error(sw_words_of_file(&list, path, comments, &error), &error);
        check_list(&list);
        sw_words_free(&list);
        error = (struct sw_error){0};
    }
    snprintf(argument, sizeof argument, "@%s", path);
    check_option(argument);
    if (text[0] != '@') check_option(text);
    free(text);
    return 0;
}
