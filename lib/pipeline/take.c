/* SPDX-License-Identifier: ISC */
#include "pipeline/take.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/load.h"
#include "pipeline/pipeline.h"
#include "program/program.h"

bool sw_configuration_words(const struct sw_configuration *configuration,
                            const struct sw_arguments *wanted, const char *format,
                            void (*say)(const char *format, ...), struct sw_buffer *out,
                            struct sw_error *error)
{
    struct sw_resources resources;
    if (!sw_configuration_report(configuration, say, error) ||
        !sw_resources_read(&resources, error))
        return false;
    return wanted->pipeline
               ? sw_configuration_arguments(configuration, &resources, wanted, out, error)
               : sw_configuration_show(configuration, &resources, format, out, error);
}

/* The words of a command with those that its configuration comes to after the first. */
struct configured {
    struct sw_buffer said; /* what the new ones point into */
    char **words;
    size_t capacity;
    int count;
};

static bool say_words(struct configured *to, const struct sw_command *command, const char *name,
                      void (*say)(const char *format, ...), struct sw_error *error)
{
    struct sw_configuration configuration = {0};
    struct sw_buffer keys = {0};
    bool good = sw_command_keys(command, &keys, error);
    const struct sw_arguments wanted = {name, (const char *)keys.bytes, true};
    good = good && sw_configuration_load(&configuration, command->configuration, NULL, 0, error) &&
           sw_configuration_words(&configuration, &wanted, NULL, say, &to->said, error);
    sw_configuration_free(&configuration);
    sw_buffer_free(&keys);
    return good;
}

static bool put_together(struct configured *to, int count, char **words, struct sw_error *error)
{
    if (!sw_grow(&to->words, &to->capacity, (size_t)count + to->said.length + 1, sizeof *to->words,
                 error))
        return false;
    to->words[to->count++] = words[0];
    for (size_t at = 0; at < to->said.length; at += strlen(to->words[to->count++]) + 1)
        to->words[to->count] = (char *)to->said.bytes + at;
    for (int i = 1; i < count; i++) to->words[to->count++] = words[i];
    to->words[to->count] = NULL;
    return true;
}

static bool answer(const struct sw_command *command, const char *name, const char *version,
                   struct sw_buffer *out, struct sw_error *error)
{
    if (!sw_buffer_add(out, "answer\0-", sizeof "answer\0-", error)) return false;
    if (!command->help)
        return sw_buffer_format(out, error, "%s %s\n", name, version) &&
               sw_buffer_add(out, "", 1, error);
    return sw_pipeline_help(command->pipeline, command->help_format, out, error) &&
           sw_buffer_add(out, "", 1, error);
}

static bool settings(struct sw_command *command, int count, char **words,
                     void (*say)(const char *format, ...), struct sw_buffer *out,
                     struct sw_error *error)
{
    struct configured all = {0};
    const enum sw_pipeline pipeline = command->pipeline;
    bool good = true;
    if (command->configuration) {
        good = say_words(&all, command, words[0], say, error) &&
               put_together(&all, count, words, error);
        sw_command_free(command);
        good = good && sw_command_read(command, pipeline, all.count, all.words, error);
    }
    good = good && sw_command_settings(command, out, error);
    sw_buffer_free(&all.said);
    free(all.words);
    return good;
}

bool sw_command_take(int count, char **words, const char *version,
                     void (*say)(const char *format, ...), struct sw_buffer *out,
                     struct sw_error *error)
{
    struct sw_command command = {0};
    const enum sw_pipeline pipeline = count > 0 ? sw_pipeline_find(words[0]) : (enum sw_pipeline)0;
    if (!pipeline)
        return sw_fail(error, SW_USAGE, "take: no pipeline: '%s'", count > 0 ? words[0] : "");
    bool good = sw_command_read(&command, pipeline, count, words, error);
    if (good)
        good = command.help || command.version ? answer(&command, words[0], version, out, error)
                                               : settings(&command, count, words, say, out, error);
    sw_command_free(&command);
    return good;
}
