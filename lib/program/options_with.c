/* SPDX-License-Identifier: ISC
 * Options that mean nothing by themselves (program/options.h). */
#include <string.h>

#include "program/options.h"

bool sw_option_is_given(const struct sw_option *option)
{
    switch (option->kind) {
    case SW_OPTION_FLAG:
        return *(bool *)option->target;
    case SW_OPTION_TEXT:
        return *(const char **)option->target != NULL;
    case SW_OPTION_COUNT:
        return *(int64_t *)option->target != 0;
    case SW_OPTION_SIZE:
        return ((struct sw_size *)option->target)->bytes != 0;
    case SW_OPTION_WORDS:
        return ((struct sw_words *)option->target)->count != 0;
    }
    return false;
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0) names++;
    return *names != NULL;
}

bool sw_options_has(const struct sw_option *options, const char *const *names)
{
    for (; options->name; options++)
        if (sw_option_is_given(options) && is_among(names, options->name)) return true;
    return false;
}

bool sw_options_has_others(const struct sw_option *options, const char *const *names)
{
    for (; options->name; options++)
        if (sw_option_is_given(options) && !is_among(names, options->name)) return true;
    return false;
}

static bool is_word(const char *text, const char *word, size_t length)
{
    return strlen(text) == length && memcmp(text, word, length) == 0;
}

static bool is_there(const struct sw_option *options, const struct sw_command_line *line,
                     const char *word, size_t length)
{
    if (strncmp(word, "--", 2) != 0)
        return line->operand_count > 0 && is_word(line->operands[0], word, length);
    for (; options->name; options++)
        if (is_word(options->name, word + 2, length - 2)) return sw_option_is_given(options);
    return false;
}

/* The words of a list: "--plan", "--plan or --index", "--plan, --index or --range". */
static bool fail_alone(const struct sw_option *option, struct sw_error *error)
{
    char list[256] = "";
    size_t at = 0;
    for (const char *word = option->with; *word;) {
        size_t length = strcspn(word, " ");
        bool last = word[length] == 0, before_last = !last && !strchr(word + length + 1, ' ');
        if (at + length + sizeof " or " > sizeof list) break;
        memcpy(list + at, word, length);
        at += length;
        word += length + !last;
        const char *between = last ? "" : before_last ? " or " : ", ";
        memcpy(list + at, between, strlen(between) + 1);
        at += strlen(between);
    }
    return sw_fail(error, SW_USAGE, "--%s: only with %s", option->name, list);
}

bool sw_options_check_with(const struct sw_option *options, const struct sw_command_line *line,
                           struct sw_error *error)
{
    for (const struct sw_option *option = options; option->name; option++) {
        if (!option->with || !sw_option_is_given(option)) continue;
        bool there = false;
        for (const char *word = option->with; *word && !there;) {
            size_t length = strcspn(word, " ");
            there = is_there(options, line, word, length);
            word += length + (word[length] == ' ');
        }
        if (!there) return fail_alone(option, error);
    }
    return true;
}
