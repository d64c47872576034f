/* SPDX-License-Identifier: ISC
 * A pipeline's command line, read (pipeline/pipeline.h). */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "pipeline/pipeline.h"

enum { FIRST = 256, HELP = 1 << 20, VERSION };

/* getopt's view of the table: the value of an option is FIRST + its place. */
struct tables {
    struct option *names;
    char letters[128];
};

static size_t table_length(void)
{
    size_t count = 0;
    while (sw_pipeline_options[count].name) count++;
    return count;
}

static bool make_tables(enum sw_pipeline pipeline, struct tables *tables, struct sw_error *error)
{
    size_t count = table_length(), kept = 0, letters = 0;
    tables->names = sw_alloc(count + 3, sizeof *tables->names, error);
    if (!tables->names) return false;
    tables->letters[letters++] = ':';
    for (size_t i = 0; i < count; i++) {
        const struct sw_pipeline_option *option = &sw_pipeline_options[i];
        int argument = option->argument ? required_argument : no_argument;
        if (!(option->pipelines & pipeline)) continue;
        tables->names[kept++] = (struct option){option->name, argument, NULL, FIRST + (int)i};
        if (!option->letter) continue;
        tables->letters[letters++] = option->letter;
        if (option->argument) tables->letters[letters++] = ':';
    }
    tables->letters[letters] = 0;
    tables->names[kept++] = (struct option){"help", optional_argument, NULL, HELP};
    tables->names[kept++] = (struct option){"version", no_argument, NULL, VERSION};
    tables->names[kept] = (struct option){NULL, 0, NULL, 0};
    return true;
}

static const struct sw_pipeline_option *with_letter(enum sw_pipeline pipeline, int letter)
{
    const struct sw_pipeline_option *option = sw_pipeline_options;
    while (option->name && !(option->pipelines & pipeline && option->letter == letter)) option++;
    return option;
}

/* An option that there is not: with the long name that is nearest to what was written. */
static bool blame_unknown(const struct tables *tables, const char *word, struct sw_error *error)
{
    struct sw_buffer names = {0};
    const char *near = NULL;
    size_t length = strcspn(word, "="), near_length = 0;
    bool good = true;
    char *name = sw_copy_text(word, length, error);
    for (const struct option *at = tables->names; good && name && at->name; at++)
        good = sw_buffer_format(&names, error, "%s--%s", names.length ? "," : "", at->name);
    good = good && name && sw_buffer_add(&names, "", 1, error);
    if (good && word[1] == '-') near = sw_nearest(name, (const char *)names.bytes, &near_length);
    if (good)
        (void)sw_fail(error, SW_USAGE,
                      near ? "%s: no such option, or of several; is '%.*s' meant?"
                           : "%s: no such option, or of several (--help lists them)",
                      name, (int)near_length, near);
    free(name);
    sw_buffer_free(&names);
    return false;
}

static bool blame(const struct tables *tables, int outcome, const char *word,
                  struct sw_error *error)
{
    char letter[3] = {'-', (char)optopt, 0};
    const char *shown = optopt > 0 && optopt < FIRST ? letter : word;
    if (outcome == ':') return sw_fail(error, SW_USAGE, "%s: needs an argument", shown);
    if (optopt >= FIRST) return sw_fail(error, SW_USAGE, "%s: takes no argument", shown);
    return blame_unknown(tables, shown, error);
}

/* Whether the value has the form that the option's key wants; of a list each of its values. */
static bool judge(const struct sw_pipeline_option *option, const char *value,
                  struct sw_error *error)
{
    enum sw_key key = option->key;
    bool list = key < SW_KEYS && sw_keys[key].kind == SW_KEY_LIST;
    if (key == SW_KEYS || (!sw_keys[key].choices && !sw_keys[key].fits)) return true;
    for (;;) {
        size_t length = list ? strcspn(value, ",") : strlen(value);
        char *one = sw_copy_text(value, length, error);
        bool good = one && sw_key_judge(key, one, error);
        free(one);
        if (!good) {
            char name[40];
            snprintf(name, sizeof name, "--%s", option->name);
            return sw_fail_at(error, name);
        }
        if (!value[length]) return true;
        value += length + 1;
    }
}

static bool add(struct sw_command *command, const struct sw_pipeline_option *option,
                const char *value, struct sw_error *error)
{
    if (!option->variable) command->configuration = value;
    if (!sw_grow(&command->given, &command->capacity, command->count + 1, sizeof *command->given,
                 error))
        return false;
    command->given[command->count++] = (struct sw_given){option, value};
    return true;
}

static bool take(struct sw_command *command, int found, struct sw_error *error)
{
    bool by_letter = found < FIRST;
    const struct sw_pipeline_option *option =
        by_letter ? with_letter(command->pipeline, found) : &sw_pipeline_options[found - FIRST];
    if (option->argument && !*optarg)
        return by_letter ? sw_fail(error, SW_USAGE, "-%c: an empty argument", found)
                         : sw_fail(error, SW_USAGE, "--%s: an empty argument", option->name);
    return (!option->argument || judge(option, optarg, error)) &&
           add(command, option, option->argument ? optarg : NULL, error);
}

bool sw_command_read(struct sw_command *command, enum sw_pipeline pipeline, int count, char **words,
                     struct sw_error *error)
{
    struct tables tables;
    bool good = make_tables(pipeline, &tables, error);
    *command = (struct sw_command){.pipeline = pipeline};
    opterr = 0;
    optind = 0;
    while (good) {
        int word = optind ? optind : 1;
        int found = getopt_long(count, words, tables.letters, tables.names, NULL);
        if (found == -1) break;
        if (found == HELP) {
            command->help = true;
            command->help_format = optarg;
        } else if (found == VERSION)
            command->version = true;
        else if (found == '?' || found == ':')
            good = blame(&tables, found, words[optind > word ? optind - 1 : word], error);
        else
            good = take(command, found, error);
    }
    free(tables.names);
    command->operands = words + optind;
    command->operand_count = good ? (size_t)(count - optind) : 0;
    return good;
}

void sw_command_free(struct sw_command *command)
{
    free(command->given);
    *command = (struct sw_command){0};
}

bool sw_command_keys(const struct sw_command *command, struct sw_buffer *out,
                     struct sw_error *error)
{
    for (size_t i = 0; i < command->count; i++) {
        const struct sw_pipeline_option *option = command->given[i].option;
        if (option->key < SW_KEYS && !sw_buffer_format(out, error, "%s,", option->name))
            return false;
    }
    return sw_buffer_text(out, command->operand_count ? "orders" : "", error) &&
           sw_buffer_add(out, "", 1, error);
}
