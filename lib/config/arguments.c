/* SPDX-License-Identifier: ISC
 * A configuration as the words of a pipeline's command line (config/print.h). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/files.h"
#include "config/print.h"

enum {
    REPORT = 1,
    ANALYSE = 2,
    EXTRACT = 4,
    CONVERT = 8,
    EVERY = REPORT | ANALYSE | EXTRACT | CONVERT,
    ROWS = EXTRACT | CONVERT,
};

struct words {
    const struct sw_configuration *configuration;
    const struct sw_resources *resources;
    const struct sw_arguments *wanted;
    int pipeline;
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

static bool put_amended(struct words *words, enum sw_key key)
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

/* Analyses and reports fill folders; what is one file has its name there. */
static bool put_output(struct words *words, enum sw_key key)
{
    const char *folder = sw_configuration_text(words->configuration, key);
    const char *format = sw_configuration_text(words->configuration, SW_KEY_FORMAT);
    const char *below = words->pipeline == REPORT    ? "/report"
                        : words->pipeline == EXTRACT ? "/orders."
                        : words->pipeline == CONVERT ? "/orders.swr"
                                                     : "";
    if (!*folder) return true;
    words->value.length = 0;
    return sw_buffer_format(&words->value, words->error, "%s%s%s", folder, below,
                            words->pipeline == EXTRACT ? format : "") &&
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

/* ---- the table ---- */

/* Which key is which option of which pipeline; the operands come last. */
static const struct argument {
    enum sw_key key;
    char letter;
    int pipelines;
    bool (*put)(struct words *words, enum sw_key key);
    const char *option; /* NULL: called like the key */
} arguments[] = {
    {SW_KEY_TRADES, 0, ANALYSE, put_files, NULL},
    {SW_KEY_NBBO, 0, ANALYSE, put_files, NULL},
    {SW_KEY_SCHEMA, 't', EVERY, put_text, NULL},
    {SW_KEY_EXACT, 0, EVERY, put_flag, NULL},
    {SW_KEY_BAD_ROWS, 0, EVERY, put_file_of_step, NULL},
    {SW_KEY_VERIFY_INPUTS, 0, EVERY, put_flag, NULL},
    {SW_KEY_SECURITIES, 's', EVERY, put_list, NULL},
    {SW_KEY_DATES, 'd', EVERY, put_list, NULL},
    {SW_KEY_PARTICIPANTS, 'p', EVERY, put_list, NULL},
    {SW_KEY_HOURS, 'H', EVERY, put_list, NULL},
    {SW_KEY_TIMES, 0, EVERY, put_list, NULL},
    {SW_KEY_QUANTITIES, 'q', EVERY, put_list, NULL},
    {SW_KEY_EXPRESSION, 'e', EVERY, put_text, NULL},
    {SW_KEY_COLUMNS, 'c', ROWS, put_list, NULL},
    {SW_KEY_TZ, 0, EVERY, put_text, NULL},
    {SW_KEY_SIZES, 0, EVERY, put_list, NULL},
    {SW_KEY_PER, 0, REPORT, put_per, NULL},
    {SW_KEY_GROUP, 0, REPORT, put_reports, "reports"},
    {SW_KEY_GROUP, 'g', REPORT, put_list, NULL},
    {SW_KEY_MEASURES, 'a', REPORT, put_list, NULL},
    {SW_KEY_REPORT_FORMAT, 'f', REPORT, put_report_format, "format"},
    {SW_KEY_SCENARIOS, 0, ANALYSE, put_list, NULL},
    {SW_KEY_IMPACT, 0, ANALYSE, put_text, NULL},
    {SW_KEY_AMENDED, 0, ANALYSE, put_amended, NULL},
    {SW_KEY_KEYS, 'k', CONVERT, put_list, NULL},
    {SW_KEY_LEVEL, 'z', CONVERT, put_text, NULL},
    {SW_KEY_LEDGER, 0, ROWS, put_file_of_step, NULL},
    {SW_KEY_METRICS, 0, EVERY, put_file_of_step, NULL},
    {SW_KEY_TEMPORARY_DIRECTORY, 'T', ANALYSE, put_text, NULL},
    {SW_KEY_WORKERS, 'j', EVERY, put_workers, NULL},
    {SW_KEY_HOSTS, 0, EVERY, put_list, NULL},
    {SW_KEY_CHUNK_SIZE, 'b', EVERY, put_text, NULL},
    {SW_KEY_MEMORY, 'S', ANALYSE, put_memory, NULL},
    {SW_KEY_MEMORY_LIMIT, 0, EVERY, put_text, NULL},
    {SW_KEY_TIME_LIMIT, 0, EVERY, put_text, NULL},
    {SW_KEY_ON_FAILURE, 0, EVERY, put_text, NULL},
    {SW_KEY_RETRIES, 0, EVERY, put_text, NULL},
    {SW_KEY_ON_EVENT, 0, EVERY, put_text, NULL},
    {SW_KEY_LOG_LEVEL, 0, EVERY, put_text, NULL},
    {SW_KEY_KEEP_INTERMEDIATE, 0, EVERY, put_text, NULL},
    {SW_KEY_OUTPUT, 'o', EVERY, put_output, NULL},
    {SW_KEY_ORDERS, 0, EVERY, put_files, NULL},
};

enum { ARGUMENTS = sizeof arguments / sizeof *arguments };

/* Whether a word means this argument: its letter, its key or its option, dashes in front or not. */
static bool means(const struct argument *argument, const char *word, size_t length)
{
    const char *name = argument->option ? argument->option : sw_keys[argument->key].name;
    while (length && *word == '-') word++, length--;
    if (length == 1 && argument->letter) return *word == argument->letter;
    if (length != strlen(name)) return false;
    for (size_t i = 0; i < length; i++)
        if ((word[i] == '-' ? '_' : word[i]) != name[i]) return false;
    return true;
}

static bool mark_exceptions(const char *list, bool left_out[ARGUMENTS], struct sw_error *error)
{
    while (list && *list) {
        size_t length = strcspn(list, ",");
        bool known = length == 0;
        for (size_t i = 0; i < ARGUMENTS; i++)
            if (means(&arguments[i], list, length)) known = left_out[i] = true;
        if (!known)
            return sw_fail(error, SW_USAGE, "--except: no pipeline has such an option: '%.*s'",
                           (int)length, list);
        list += length + (list[length] == ',');
    }
    return true;
}

static bool find_pipeline(const char *name, int *pipeline, struct sw_error *error)
{
    static const char *const names[] = {"report", "analyse", "extract", "convert"};
    for (int i = 0; i < 4; i++)
        if (strcmp(names[i], name) == 0) {
            *pipeline = 1 << i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--arguments: not report, analyse, extract or convert: '%s'",
                   name);
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
    bool left_out[ARGUMENTS] = {false};
    struct words words = {.configuration = configuration,
                          .resources = resources,
                          .wanted = wanted,
                          .out = out,
                          .error = error};
    bool good = find_pipeline(wanted->pipeline, &words.pipeline, error) &&
                mark_exceptions(wanted->except, left_out, error);
    good = good && sw_configuration_init(&defaults, error);
    for (size_t i = 0; good && i < ARGUMENTS; i++)
        if (!left_out[i] && arguments[i].pipelines & words.pipeline &&
            !goes_without_saying(configuration, &defaults, arguments[i].key))
            good = arguments[i].put(&words, arguments[i].key);
    sw_configuration_free(&defaults);
    if (good && !wanted->nul) good = sw_buffer_text(out, "\n", error);
    sw_buffer_free(&words.value);
    return good;
}
