/* SPDX-License-Identifier: ISC
 * The settings of an attempt that is shipped: lists and schemas that they name go along (remote/attempt.h). */
#include <stdlib.h>

#include "files/folders.h"
#include "files/output.h"
#include "files/whole.h"
#include "remote/attempt.h"
#include "remote/command.h"
#include "remote/paths.h"

struct shipping {
    const struct sw_remote_attempt *attempt;
    struct sw_buffer text, to, word;
};

static bool put(struct shipping *shipping, const char *field, struct sw_error *error)
{
    return sw_buffer_add(&shipping->text, field, strlen(field) + 1, error);
}

/* Whether values of the setting name files: @FILE, or a schema's. */
static bool names_files(const char *setting)
{
    static const char *const settings[] = {"selectors",       "schema",          "event_selectors",
                                           "trade_selectors", "order_selectors", "trades_schema",
                                           "quote_layout"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(setting, settings[i]) == 0) return true;
    return false;
}

static bool is_schema(const char *value)
{
    static const char ending[] = ".schema";
    size_t length = strlen(value), size = sizeof ending - 1;
    return length >= size && strcmp(value + length - size, ending) == 0;
}

/* A file goes to files/SETTING.NUMBER, and is read from there. */
static bool put_value(struct shipping *shipping, const char *setting, size_t number,
                      const char *value, struct sw_error *error)
{
    bool listed = *value == '@';
    if (!names_files(setting) || (!listed && !is_schema(value))) return put(shipping, value, error);
    const char *file = value + listed, *slash = strrchr(file, '/');
    const char *to = sw_put_path(&shipping->to, error, "%s/files/%s.%zu/", shipping->attempt->at,
                                 setting, number);
    const char *word = sw_put_path(&shipping->word, error, "%sfiles/%s.%zu/%s", listed ? "@" : "",
                                   setting, number, slash ? slash + 1 : file);
    return to && word && sw_make_folders(to, error) &&
           sw_run_program(error, "cp", "--", file, to, NULL) && put(shipping, word, error);
}

static const char *next(const char *field)
{
    return field + strlen(field) + 1;
}

/* NAME, "-" or how many, and the values. */
static bool put_settings(struct shipping *shipping, const struct sw_buffer *settings, size_t count,
                         struct sw_error *error)
{
    const char *field = (const char *)settings->bytes;
    bool good = true;
    for (size_t i = 0; good && i + 1 < count;) {
        const char *setting = field, *number = next(field);
        size_t values = strcmp(number, "-") == 0 ? 1 : strtoul(number, NULL, 10);
        if (values > count - i - 2) return sw_fail(error, SW_SYSTEM, "not the settings of jobs");
        good = put(shipping, setting, error) && put(shipping, number, error);
        field = next(number);
        for (size_t value = 0; good && value < values; value++, field = next(field))
            good = put_value(shipping, setting, value, field, error);
        i += 2 + values;
    }
    return good;
}

bool sw_attempt_ship_settings(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct shipping shipping = {.attempt = attempt};
    struct sw_buffer settings = {0}, path = {0};
    size_t count;
    const char *file = sw_put_path(&path, error, "%s/stage/settings", attempt->at);
    bool good = file && sw_read_names(file, &settings, &count, error) &&
                put_settings(&shipping, &settings, count, error) &&
                sw_output_file(file, shipping.text.bytes, shipping.text.length, error);
    sw_buffer_free(&shipping.text);
    sw_buffer_free(&shipping.to);
    sw_buffer_free(&shipping.word);
    sw_buffer_free(&settings);
    sw_buffer_free(&path);
    return good;
}
