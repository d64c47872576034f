/* SPDX-License-Identifier: ISC */
#include "expr/selector_files.h"

#include "expr/value_list.h"

/* The words as an option has them, and a NUL. A blank goes first, for one may begin with an @. */
static bool join(const struct sw_word_list *words, struct sw_buffer *text, struct sw_error *error)
{
    for (size_t i = 0; i < words->count; i++)
        if (!sw_buffer_add(text, i ? "," : " ", 1, error) ||
            !sw_buffer_add(text, sw_word_bytes(words, i), words->items[i].length, error))
            return false;
    return sw_buffer_add(text, "", 1, error);
}

static bool load(const char *option, const char **argument, struct sw_buffer *text,
                 struct sw_error *error)
{
    struct sw_word_list words = {0};
    bool good = sw_words_of_option(&words, option, *argument, error) && join(&words, text, error);
    if (good) *argument = words.count ? (const char *)text->bytes : "@/dev/null";
    sw_words_free(&words);
    return good;
}

/* The selectors that may be @FILE, and their options. */
struct lists {
    struct {
        const char *option, **argument;
    } items[SW_SELECTOR_LISTS];
};

static struct lists lists_of(struct sw_selectors *selectors)
{
    return (struct lists){{
        {"-s", &selectors->securities},
        {"-p", &selectors->participants},
        {"-d", &selectors->dates},
        {"-H", &selectors->hours},
        {"--times", &selectors->times},
        {"-q", &selectors->quantities},
    }};
}

bool sw_selectors_load(struct sw_selectors *selectors, struct sw_selector_files *files,
                       struct sw_error *error)
{
    struct lists lists = lists_of(selectors);
    for (size_t i = 0; i < SW_SELECTOR_LISTS; i++) {
        const char *argument = *lists.items[i].argument;
        if (argument && *argument == '@' &&
            !load(lists.items[i].option, lists.items[i].argument, &files->texts[i], error))
            return false;
    }
    return true;
}

size_t sw_selectors_files(struct sw_selectors selectors, const char *names[SW_SELECTOR_LISTS])
{
    struct lists lists = lists_of(&selectors);
    size_t count = 0;
    for (size_t i = 0; i < SW_SELECTOR_LISTS; i++) {
        const char *argument = *lists.items[i].argument;
        if (argument && *argument == '@') names[count++] = argument + 1;
    }
    return count;
}

void sw_selector_files_free(struct sw_selector_files *files)
{
    for (size_t i = 0; i < SW_SELECTOR_LISTS; i++) sw_buffer_free(&files->texts[i]);
}
