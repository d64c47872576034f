/* SPDX-License-Identifier: ISC
 * A pipeline's command line as variables of a shell (pipeline/pipeline.h). */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "pipeline/inputs.h"

struct settings {
    const struct sw_command *command;
    struct sw_buffer *out;
    struct sw_error *error;
};

static bool put(const struct settings *settings, const char *text)
{
    return sw_buffer_add(settings->out, text, strlen(text) + 1, settings->error);
}

static bool put_name(const struct settings *settings, const char *name, size_t count)
{
    return put(settings, name) && sw_buffer_format(settings->out, settings->error, "%zu", count) &&
           put(settings, "");
}

/* Whether an option that is given says something: "auto" is for who knows better. */
static bool says(const struct sw_given *given)
{
    return !given->value || given->option->key == SW_KEYS ||
           strcmp(sw_keys[given->option->key].standard, "auto") != 0 ||
           strcmp(given->value, "auto") != 0;
}

/* The next given after `from` that this variable holds; NULL: none. */
static const struct sw_given *next(const struct settings *settings, const char *variable,
                                   size_t *from)
{
    const struct sw_command *command = settings->command;
    while (*from < command->count) {
        const struct sw_given *given = &command->given[(*from)++];
        if (given->option->variable && strcmp(given->option->variable, variable) == 0) return given;
    }
    return NULL;
}

static const struct sw_given *last(const struct settings *settings, const char *variable)
{
    const struct sw_given *found = NULL;
    size_t from = 0;
    for (const struct sw_given *given; (given = next(settings, variable, &from));) found = given;
    return found && says(found) ? found : NULL;
}

static size_t count_of(const struct settings *settings, const char *variable)
{
    size_t count = 0, from = 0;
    while (next(settings, variable, &from)) count++;
    return count;
}

/* ---- one value ---- */

static bool put_seconds(const struct settings *settings, const char *value)
{
    uint64_t seconds = 0;
    size_t digits = strspn(value, "0123456789");
    char number[24] = "";
    if (digits < sizeof number) memcpy(number, value, digits);
    if (sw_parse_count(number, &seconds))
        seconds *= value[digits] == 'm'   ? 60
                   : value[digits] == 'h' ? 3600
                   : value[digits] == 'd' ? 86400
                                          : 1;
    return sw_buffer_format(settings->out, settings->error, "%" PRIu64, seconds) &&
           put(settings, "");
}

static bool put_joined(const struct settings *settings, const char *variable)
{
    size_t from = 0;
    const char *comma = "";
    for (const struct sw_given *given; (given = next(settings, variable, &from)); comma = ",")
        if (!sw_buffer_format(settings->out, settings->error, "%s%s", comma, given->value))
            return false;
    return put(settings, "");
}

static bool put_value(const struct settings *settings, const struct sw_pipeline_option *option)
{
    const struct sw_given *given = last(settings, option->variable);
    if (!put(settings, option->variable) || !put(settings, "-")) return false;
    if (option->form == SW_FORM_JOINED) return put_joined(settings, option->variable);
    if (!given) return put(settings, "");
    switch (option->form) {
    case SW_FORM_FLAG:
        return put(settings, "1");
    case SW_FORM_SECONDS:
        return put_seconds(settings, given->value);
    case SW_FORM_FILE:
        return sw_buffer_text(settings->out, *given->value == '-' && given->value[1] ? "./" : "",
                              settings->error) &&
               put(settings, given->value);
    default:
        return put(settings, given->value);
    }
}

/* ---- several ---- */

static bool put_option(const struct settings *settings, const struct sw_given *given)
{
    return sw_buffer_text(settings->out, "--", settings->error) &&
           put(settings, given->option->name) && (!given->value || put(settings, given->value));
}

static bool put_pair(const struct settings *settings, const char *variable)
{
    const struct sw_given *given = last(settings, variable);
    return put_name(settings, variable,
                    !given         ? 0
                    : given->value ? 2
                                   : 1) &&
           (!given || put_option(settings, given));
}

static bool put_values(const struct settings *settings, const char *variable)
{
    size_t from = 0;
    bool good = put_name(settings, variable, count_of(settings, variable));
    for (const struct sw_given *given; good && (given = next(settings, variable, &from));)
        good = put(settings, given->value);
    return good;
}

static bool put_pairs(const struct settings *settings, const char *variable)
{
    size_t from = 0;
    bool good = put_name(settings, variable, 2 * count_of(settings, variable));
    for (const struct sw_given *given; good && (given = next(settings, variable, &from));)
        good = put_option(settings, given);
    return good;
}

/* What was given last of an option, where that says something. */
static const struct sw_given *last_of(const struct settings *settings,
                                      const struct sw_pipeline_option *option)
{
    const struct sw_given *found = NULL;
    size_t from = 0;
    for (const struct sw_given *given; (given = next(settings, option->variable, &from));)
        if (given->option == option) found = given;
    return found && says(found) ? found : NULL;
}

static bool has_variable(const struct sw_pipeline_option *option, const char *variable)
{
    return option->variable && strcmp(option->variable, variable) == 0;
}

static bool put_options(const struct settings *settings, const char *variable)
{
    size_t count = 0;
    const struct sw_pipeline_option *option;
    for (option = sw_pipeline_options; option->name; option++)
        count += has_variable(option, variable) && last_of(settings, option);
    bool good = put_name(settings, variable, 2 * count);
    for (option = sw_pipeline_options; good && option->name; option++) {
        const struct sw_given *given =
            has_variable(option, variable) ? last_of(settings, option) : NULL;
        good = !given || put_option(settings, given);
    }
    return good;
}

/* For people, too. */
static bool put_selectors(const struct settings *settings, const char *variable)
{
    size_t from = 0;
    const char *blank = "";
    bool good = put_pairs(settings, variable) &&
                sw_buffer_format(settings->out, settings->error, "%s_text", variable) &&
                put(settings, "") && put(settings, "-");
    for (const struct sw_given *given; good && (given = next(settings, variable, &from));
         blank = " ")
        good = sw_buffer_format(settings->out, settings->error, "%s%s=%s", blank,
                                given->option->name, given->value);
    return good && put(settings, "");
}

static bool put_variable(const struct settings *settings, const struct sw_pipeline_option *option)
{
    switch (option->form) {
    case SW_FORM_ANSWER:
        return true;
    case SW_FORM_VALUES:
        return put_values(settings, option->variable);
    case SW_FORM_PAIR:
        return put_pair(settings, option->variable);
    case SW_FORM_PAIRS:
        return put_pairs(settings, option->variable);
    case SW_FORM_OPTIONS:
        return put_options(settings, option->variable);
    case SW_FORM_SELECTOR:
        return put_selectors(settings, option->variable);
    default:
        return put_value(settings, option);
    }
}

static bool is_repeated(const struct sw_pipeline_option *option)
{
    for (const struct sw_pipeline_option *before = sw_pipeline_options; before < option; before++)
        if (before->variable && option->variable && strcmp(before->variable, option->variable) == 0)
            return true;
    return false;
}

static bool require(const struct settings *settings, const char *variable, const char *what,
                    const char *option)
{
    return last(settings, variable) ||
           sw_fail(settings->error, SW_USAGE, "no %s; give %s", what, option);
}

static bool check(const struct settings *settings)
{
    enum sw_pipeline pipeline = settings->command->pipeline;
    if (pipeline == SW_SWEEP) return require(settings, "configuration", "configuration", "-C");
    if (settings->command->operand_count == 0)
        return sw_fail(settings->error, SW_USAGE, "no input file; --help says how to call it");
    return require(settings, "output", "output", "-o") &&
           ((pipeline != SW_ANALYSE && pipeline != SW_MATCH) ||
            (require(settings, "trade_words", "trades", "--trades") &&
             require(settings, "quote_words", "quotes", "--nbbo")));
}

static bool put_operands(const struct settings *settings)
{
    const struct sw_command *command = settings->command;
    bool good = put_name(settings, "inputs", command->operand_count);
    for (size_t i = 0; good && i < command->operand_count; i++)
        good = put(settings, command->operands[i]);
    return good;
}

static bool has_folder(const struct sw_command *command)
{
    return command->pipeline != SW_EXTRACT && command->pipeline != SW_CONVERT;
}

/* Of a folder of results a slash at the end of its name says nothing new. */
static void tidy_output(const struct settings *settings)
{
    const struct sw_given *given = last(settings, "output");
    char *name = (char *)(uintptr_t)given->value;
    if (has_folder(settings->command))
        for (size_t length = strlen(name); length > 1 && name[length - 1] == '/';)
            name[--length] = 0;
}

/* What is wrong with the files is said before anything is made. */
static bool put_files(const struct settings *settings)
{
    const struct sw_command *command = settings->command;
    const char *output = last(settings, "output")->value;
    struct sw_run_inputs inputs = {0};
    struct sw_error *error = settings->error;
    bool analysis = command->pipeline == SW_ANALYSE || command->pipeline == SW_MATCH;
    bool good = sw_run_inputs_find(&inputs, command, error) &&
                sw_run_inputs_check(&inputs, error) &&
                sw_run_targets_put(&inputs, command, settings->out, error) &&
                (!has_folder(command) || sw_run_inputs_outside(&inputs, output, analysis, error)) &&
                sw_run_inputs_put(&inputs, settings->out, error);
    sw_run_inputs_free(&inputs);
    return good;
}

bool sw_command_settings(const struct sw_command *command, struct sw_buffer *out,
                         struct sw_error *error)
{
    const struct settings settings = {command, out, error};
    if (!check(&settings)) return false;
    if (command->pipeline != SW_SWEEP) tidy_output(&settings);
    for (const struct sw_pipeline_option *option = sw_pipeline_options; option->name; option++)
        if (!is_repeated(option) && !put_variable(&settings, option)) return false;
    return command->pipeline == SW_SWEEP ? put_operands(&settings) : put_files(&settings);
}
