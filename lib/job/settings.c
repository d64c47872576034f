/* SPDX-License-Identifier: ISC */
#include "job/settings.h"

#include <stdlib.h>

#include "base/memory.h"
#include "files/whole.h"

enum { COUNT_DIGITS = 6 };

bool sw_job_texts_add(struct sw_job_texts *texts, const char *text, struct sw_error *error)
{
    if (!sw_grow(&texts->items, &texts->capacity, texts->count + 1, sizeof *texts->items, error))
        return false;
    texts->items[texts->count++] = text;
    return true;
}

bool sw_job_texts_read(struct sw_job_texts *texts, const char *path, struct sw_buffer *text,
                       struct sw_error *error)
{
    size_t count;
    texts->count = 0;
    text->length = 0;
    bool good = sw_read_names(path, text, &count, error);
    const char *at = (const char *)text->bytes;
    for (size_t i = 0; good && i < count; i++, at += strlen(at) + 1)
        good = sw_job_texts_add(texts, at, error);
    return good;
}

/* Of how many values the field behind a name tells; *is_list: of an array. */
static bool count_values(const char *field, size_t *values, bool *is_list)
{
    size_t digits = strspn(field, "0123456789");
    *is_list = strcmp(field, "-") != 0;
    *values = *is_list ? strtoul(field, NULL, 10) : 1;
    return !*is_list || (digits > 0 && digits <= COUNT_DIGITS && field[digits] == 0);
}

static bool refuse(const struct sw_job_settings *settings, struct sw_error *error)
{
    return sw_fail(error, SW_SYSTEM, "%s: not the settings of these jobs",
                   (const char *)settings->path.bytes);
}

bool sw_job_settings_read(struct sw_job_settings *settings, const char *stage,
                          struct sw_error *error)
{
    const struct sw_job_texts *fields = &settings->fields;
    size_t values;
    bool is_list;
    settings->path.length = 0;
    if (!sw_buffer_format(&settings->path, error, "%s/settings", stage) ||
        !sw_buffer_add(&settings->path, "", 1, error) ||
        !sw_job_texts_read(&settings->fields, (const char *)settings->path.bytes, &settings->text,
                           error))
        return false;
    for (size_t i = 0; i < fields->count; i += 2 + values)
        if (i + 1 == fields->count || !count_values(fields->items[i + 1], &values, &is_list) ||
            values > fields->count - i - 2)
            return refuse(settings, error);
    return true;
}

void sw_job_settings_free(struct sw_job_settings *settings)
{
    free(settings->fields.items);
    sw_buffer_free(&settings->path);
    sw_buffer_free(&settings->text);
}

/* The values of the last variable of that name. */
static bool find(const struct sw_job_settings *settings, const char *name, bool list,
                 struct sw_job_texts *found, struct sw_error *error)
{
    const struct sw_job_texts *fields = &settings->fields;
    size_t values;
    bool is_list, there = false;
    for (size_t i = 0; i < fields->count; i += 2 + values) {
        if (!count_values(fields->items[i + 1], &values, &is_list)) break;
        if (strcmp(fields->items[i], name) != 0) continue;
        there = is_list == list;
        *found = (struct sw_job_texts){fields->items + i + 2, values, 0};
    }
    return there || refuse(settings, error);
}

bool sw_job_setting_list(const struct sw_job_settings *settings, const char *name,
                         struct sw_job_texts *values, struct sw_error *error)
{
    return find(settings, name, true, values, error);
}

bool sw_job_setting_text(const struct sw_job_settings *settings, const char *name,
                         const char **value, struct sw_error *error)
{
    struct sw_job_texts found;
    if (!find(settings, name, false, &found, error)) return false;
    *value = *found.items;
    return true;
}
