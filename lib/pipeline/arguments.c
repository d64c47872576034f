/* SPDX-License-Identifier: ISC
 * A configuration as the words of a pipeline's command line (pipeline/arguments.h). */
#include "pipeline/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/files.h"
#include "pipeline/pipeline.h"

struct words {
    const struct sw_configuration *configuration;
    const struct sw_resources *resources;
    const struct sw_arguments *wanted;
    enum sw_pipeline pipeline;
    struct sw_buffer *out;
    struct sw_buffer value; /* scratch */
    struct sw_error *error;
};

static bool put(struct words *words, const char *word)
{
    if (words->wanted->nul) return sw_buffer_add(words->out, word, strlen(word) + 1, words->error);
    return (words->out->length == 0 || sw_buffer_text(words->out, " ", words->error)) &&
           sw_quote_for_shell(words->out, word, words->error);
}

static bool put_pair(struct words *words, const char *option, const char *value)
{
    return put(words, option) && put(words, value);
}

static bool put_option(struct words *words, enum sw_key key, const char *value)
{
    char option[64] = "--";
    size_t length = 2;
    for (const char *at = sw_keys[key].name; *at; at++) option[length++] = *at == '_' ? '-' : *at;
    option[length] = 0;
    return put(words, option) && (!value || put(words, value));
}

/* ---- kinds of options ---- */

/* All values, commas between them; nothing for none and for "all". */
static bool put_list(struct words *words, enum sw_key key)
{
    words->value.length = 0;
    if (!sw_configuration_selects(words->configuration, key)) return true;
    return sw_configuration_join(words->configuration, key, &words->value, words->error) &&
           put_option(words, key, (const char *)words->value.bytes);
}

/* One value; nothing for none and for "auto". */
static bool put_text(struct words *words, enum sw_key key)
{
    const char *value = sw_configuration_text(words->configuration, key);
    if (!*value || strcmp(value, "auto") == 0) return true;
    return put_option(words, key, value);
}

static bool put_flag(struct words *words, enum sw_key key)
{
    bool yes = sw_configuration_is(words->configuration, key, "yes");
    return !yes || put_option(words, key, NULL);
}

/* The option leaves out what the key says yes to. */
static bool put_costs(struct words *words, enum sw_key key)
{
    bool no = sw_configuration_is(words->configuration, key, "no");
    return !no || put(words, "--no-costs");
}

static bool put_included(struct words *words, enum sw_key key)
{
    bool included = sw_configuration_is(words->configuration, key, "include");
    return !included || put_option(words, key, "include");
}

static bool put_workers(struct words *words, enum sw_key key)
{
    if (sw_configuration_is(words->configuration, SW_KEY_MODE, "sequential"))
        return put_option(words, key, "1");
    return put_text(words, key);
}

/* The pipeline has a default of its own here, which is not the machine's. */
static bool put_memory(struct words *words, enum sw_key key)
{
    char bytes[24];
    if (!sw_configuration_is(words->configuration, key, "auto")) return put_text(words, key);
    snprintf(bytes, sizeof bytes, "%" PRIu64, words->resources->memory_bytes);
    return put_option(words, key, bytes);
}

/* Asking for orders outright is refused where the rows are no events; not asking is not. */
static bool put_per(struct words *words, enum sw_key key)
{
    bool events = sw_configuration_is(words->configuration, key, "event");
    return !events || put_option(words, key, "event");
}

/* A report by keys of one's own stands beside the standard ones. */
static bool put_reports(struct words *words, enum sw_key key)
{
    bool grouped = sw_configuration_selects(words->configuration, key);
    return !grouped || put_pair(words, "--reports", "all");
}

static bool put_report_format(struct words *words, enum sw_key key)
{
    return put_pair(words, "--format", sw_configuration_text(words->configuration, key));
}

/* A report has columns of its own to group by. */
static bool put_orders_group(struct words *words, enum sw_key key)
{
    words->value.length = 0;
    if (!sw_configuration_selects(words->configuration, key)) return true;
    return sw_configuration_join(words->configuration, key, &words->value, words->error) &&
           put_pair(words, "--group", (const char *)words->value.bytes);
}

/* Analyses and reports fill folders; what is one file has its name there. */
static bool put_output(struct words *words, enum sw_key key)
{
    const char *folder = sw_configuration_text(words->configuration, key);
    const char *format = sw_configuration_text(words->configuration, SW_KEY_FORMAT);
    const char *below = words->pipeline == SW_REPORT    ? "/report"
                        : words->pipeline == SW_MATCH   ? "/match"
                        : words->pipeline == SW_EXTRACT ? "/orders."
                        : words->pipeline == SW_CONVERT ? "/orders.swr"
                                                        : "";
    if (!*folder) return true;
    words->value.length = 0;
    return sw_buffer_format(&words->value, words->error, "%s%s%s", folder, below,
                            words->pipeline == SW_EXTRACT ? format : "") &&
           sw_buffer_add(&words->value, "", 1, words->error) &&
           put_option(words, key, (const char *)words->value.bytes);
}

/* A file that each of several steps would write has the step in front of its name: what is after
 * the name's last "." says how it is packed. */
static bool put_file_of_step(struct words *words, enum sw_key key)
{
    const char *name = sw_configuration_text(words->configuration, key);
    const char *slash = strrchr(name, '/');
    int folder = slash ? (int)(slash + 1 - name) : 0;
    if (!*name || words->configuration->settings[SW_KEY_STEPS].count < 2)
        return put_text(words, key);
    words->value.length = 0;
    return sw_buffer_format(&words->value, words->error, "%.*s%s.%s", folder, name,
                            words->wanted->pipeline, name + folder) &&
           sw_buffer_add(&words->value, "", 1, words->error) &&
           put_option(words, key, (const char *)words->value.bytes);
}

/* Files as options, or as operands: those must not look like options. */
static bool put_files(struct words *words, enum sw_key key)
{
    struct sw_files files = {0};
    bool good = sw_files_of(&files, words->configuration, key, words->error);
    for (size_t i = 0; good && i < files.count; i++) {
        const char *name = files.items[i];
        words->value.length = 0;
        if (key != SW_KEY_ORDERS)
            good = put_option(words, key, name);
        else
            good = sw_buffer_format(&words->value, words->error, "%s%s", *name == '-' ? "./" : "",
                                    name) &&
                   sw_buffer_add(&words->value, "", 1, words->error) &&
                   put(words, (const char *)words->value.bytes);
    }
    sw_files_free(&files);
    return good;
}

/* ---- which of them ---- */

static bool put_key(struct words *words, const struct sw_pipeline_option *option)
{
    switch (option->key) {
    case SW_KEY_TRADES:
    case SW_KEY_NBBO:
        return put_files(words, option->key);
    case SW_KEY_BAD_ROWS:
    case SW_KEY_LEDGER:
    case SW_KEY_METRICS:
        return put_file_of_step(words, option->key);
    case SW_KEY_PER:
        return put_per(words, option->key);
    case SW_KEY_GROUP:
        return strcmp(option->name, "reports") == 0 ? put_reports(words, option->key)
                                                    : put_list(words, option->key);
    case SW_KEY_REPORT_FORMAT:
    case SW_KEY_ORDERS_FORMAT:
        return put_report_format(words, option->key);
    case SW_KEY_ORDERS_GROUP:
        return put_orders_group(words, option->key);
    case SW_KEY_AMENDED:
    case SW_KEY_UNEQUAL:
        return put_included(words, option->key);
    case SW_KEY_COSTS:
        return put_costs(words, option->key);
    case SW_KEY_WORKERS:
        return put_workers(words, option->key);
    case SW_KEY_MEMORY:
        return put_memory(words, option->key);
    case SW_KEY_OUTPUT:
        return put_output(words, option->key);
    default:
        if (!option->argument) return put_flag(words, option->key);
        return sw_keys[option->key].kind == SW_KEY_TEXT ? put_text(words, option->key)
                                                        : put_list(words, option->key);
    }
}

static bool spells(const char *name, const char *word, size_t length)
{
    if (length != strlen(name)) return false;
    for (size_t i = 0; i < length; i++)
        if ((word[i] == '_' ? '-' : word[i]) != (name[i] == '_' ? '-' : name[i])) return false;
    return true;
}

/* Whether a word means this option: its letter, its key or its name, dashes in front or not. */
static bool means(const struct sw_pipeline_option *option, const char *word, size_t length)
{
    while (length && *word == '-') word++, length--;
    if (length == 1 && option->letter) return *word == option->letter;
    return spells(option->name, word, length) ||
           (option->key < SW_KEYS && spells(sw_keys[option->key].name, word, length));
}

static bool is_left_out(const struct sw_pipeline_option *option, const char *list)
{
    while (list && *list) {
        size_t length = strcspn(list, ",");
        if (means(option, list, length)) return true;
        list += length + (list[length] == ',');
    }
    return false;
}

static const struct sw_pipeline_option operands = {.name = "orders"};

/* What is left out has to be there: a slip would leave out nothing. */
static bool check_exceptions(const char *list, struct sw_error *error)
{
    while (list && *list) {
        size_t length = strcspn(list, ",");
        bool known = length == 0 || means(&operands, list, length);
        for (const struct sw_pipeline_option *option = sw_pipeline_options; option->name; option++)
            known = known || (option->key < SW_KEYS && means(option, list, length));
        if (!known)
            return sw_fail(error, SW_USAGE, "--except: no pipeline has such an option: '%.*s'",
                           (int)length, list);
        list += length + (list[length] == ',');
    }
    return true;
}

static bool find_pipeline(const char *name, enum sw_pipeline *pipeline, struct sw_error *error)
{
    *pipeline = sw_pipeline_find(name);
    return (*pipeline & SW_STEPS_ALL) ||
           sw_fail(error, SW_USAGE,
                   "--arguments: not report, analyse, extract, convert or match: '%s'", name);
}

/* Whether a key has its default, which is the pipelines' too: but for what a default of "auto"
 * comes to, and for workers, which another key decides as well. */
static bool goes_without_saying(const struct sw_configuration *configuration,
                                const struct sw_configuration *defaults, enum sw_key key)
{
    const struct sw_setting *here = &configuration->settings[key];
    const struct sw_setting *standard = &defaults->settings[key];
    if (key == SW_KEY_WORKERS || key == SW_KEY_MEMORY || here->count != standard->count)
        return false;
    for (size_t i = 0; i < here->count; i++)
        if (strcmp(here->values[i], standard->values[i]) != 0) return false;
    return true;
}

bool sw_configuration_arguments(const struct sw_configuration *configuration,
                                const struct sw_resources *resources,
                                const struct sw_arguments *wanted, struct sw_buffer *out,
                                struct sw_error *error)
{
    struct sw_configuration defaults = {0};
    struct words words = {.configuration = configuration,
                          .resources = resources,
                          .wanted = wanted,
                          .out = out,
                          .error = error};
    bool good = find_pipeline(wanted->pipeline, &words.pipeline, error) &&
                check_exceptions(wanted->except, error);
    good = good && sw_configuration_init(&defaults, error);
    for (const struct sw_pipeline_option *option = sw_pipeline_options; good && option->name;
         option++)
        if (option->pipelines & words.pipeline && option->key < SW_KEYS &&
            !is_left_out(option, wanted->except) &&
            !goes_without_saying(configuration, &defaults, option->key))
            good = put_key(&words, option);
    if (good && !is_left_out(&operands, wanted->except)) good = put_files(&words, SW_KEY_ORDERS);
    sw_configuration_free(&defaults);
    if (good && !wanted->nul) good = sw_buffer_text(out, "\n", error);
    sw_buffer_free(&words.value);
    return good;
}
