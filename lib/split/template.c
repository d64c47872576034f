/* SPDX-License-Identifier: ISC */
#include "split/template.h"

#include <limits.h>

#include "base/civil.h"
#include "base/memory.h"
#include "base/number.h"
#include "files/name_part.h"

static bool bad(const char *text, const char *reason, struct sw_error *error)
{
    return sw_fail(error, SW_USAGE, "--output: '%s': %s", text, reason);
}

/* The folders before the first key: up to the last slash of the first piece. */
static bool find_folder(struct sw_template *template, struct sw_error *error)
{
    const char *first = template->pieces[0], *slash = strrchr(first, '/');
    if (!slash)
        template->folder = sw_copy_text(".", 1, error);
    else if (slash == first)
        template->folder = sw_copy_text("/", 1, error);
    else
        template->folder = sw_copy_text(first, (size_t)(slash - first), error);
    return template->folder != NULL;
}

static bool key_at(struct sw_template *template, const char *name, const char *const *keys,
                   size_t key_count, bool *used, struct sw_error *error)
{
    for (size_t i = 0; i < key_count; i++)
        if (strcmp(keys[i], name) == 0) {
            used[i] = true;
            template->keys[template->count++] = i;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--output: {%s} is not one of the keys", name);
}

static bool cut_up(struct sw_template *template, const char *text, const char *const *keys,
                   size_t key_count, bool *used, struct sw_error *error)
{
    char *at = template->text;
    template->pieces[0] = at;
    while ((at = strchr(at, '{'))) {
        char *end = strchr(at, '}');
        if (!end) return bad(text, "a { without its }", error);
        *at = *end = 0;
        if (!key_at(template, at + 1, keys, key_count, used, error)) return false;
        at = end + 1;
        template->pieces[template->count] = at;
    }
    for (size_t i = 1; i <= template->count; i++)
        if (strstr(template->pieces[i], ".."))
            return bad(text, "'..' behind a key leads out of its folder", error);
    for (size_t i = 0; i < key_count; i++)
        if (!used[i])
            return sw_fail(error, SW_USAGE, "--output: '%s' lacks {%s}, so keys would share a file",
                           text, keys[i]);
    return true;
}

bool sw_template_parse(struct sw_template *template, const char *text, const char *const *keys,
                       size_t key_count, struct sw_error *error)
{
    size_t most = 1, length = strlen(text);
    *template = (struct sw_template){0};
    for (const char *at = text; *at; at++) most += *at == '{';
    if (length == 0 || text[length - 1] == '/') return bad(text, "not the name of a file", error);
    template->text = sw_copy_text(text, length, error);
    template->pieces = sw_alloc(most, sizeof *template->pieces, error);
    template->keys = sw_alloc(most, sizeof *template->keys, error);
    bool *used = sw_alloc(key_count, sizeof *used, error);
    bool good = template->text && template->pieces && template->keys && used &&
                cut_up(template, text, keys, key_count, used, error) &&
                find_folder(template, error);
    free(used);
    return good;
}

void sw_template_free(struct sw_template *template)
{
    free(template->text);
    free(template->pieces);
    free(template->keys);
    free(template->folder);
    *template = (struct sw_template){0};
}

bool sw_template_part(const struct sw_vector *vector, size_t row, const char *name,
                      struct sw_buffer *out, struct sw_error *error)
{
    char space[SW_NUMBER_LENGTH + SW_CIVIL_LENGTH];
    size_t start = out->length, length;
    bool good;
    if (sw_is_null(vector, row)) return sw_buffer_text(out, "%null", error);
    if (vector->type == SW_TEXT) {
        const struct sw_text *text = &vector->dictionary[vector->codes[row]];
        good = sw_put_name_part(
            text->bytes, text->length < SW_PART_MAXIMUM + 1 ? text->length : SW_PART_MAXIMUM + 1,
            out, error);
    } else {
        length = vector->type == SW_DATE
                     ? sw_format_date(space, (int64_t)sw_value(vector, row))
                     : sw_format_decimal(space, sw_value(vector, row), vector->scale);
        good = sw_put_name_part(space, length, out, error);
    }
    if (good && out->length - start > SW_PART_MAXIMUM)
        return sw_fail(error, SW_DATA,
                       "%s: too long for a file name (more than %d bytes): '%.40s…'", name,
                       SW_PART_MAXIMUM, (char *)out->bytes + start);
    return good;
}

/* Parts that fit one by one may still be too long together, as may what stands between them. */
static bool check_length(const char *path, struct sw_error *error)
{
    size_t length;
    if (strlen(path) >= PATH_MAX)
        return sw_fail(error, SW_DATA, "a file name of more than %d bytes: '%.40s…'", PATH_MAX - 1,
                       path);
    for (const char *part = path; *part; part += length + (part[length] == '/')) {
        length = strcspn(part, "/");
        if (length > NAME_MAX)
            return sw_fail(error, SW_DATA,
                           "a file name with more than %d bytes between slashes: '%.40s…'",
                           NAME_MAX, part);
    }
    return true;
}

bool sw_template_path(const struct sw_template *template, const struct sw_buffer *parts,
                      struct sw_buffer *out, struct sw_error *error)
{
    for (size_t i = 0; i < template->count; i++) {
        const struct sw_buffer *part = &parts[template->keys[i]];
        if (!sw_buffer_text(out, template->pieces[i], error) ||
            !sw_buffer_add(out, part->bytes, part->length, error))
            return false;
    }
    if (!sw_buffer_text(out, template->pieces[template->count], error) ||
        !sw_buffer_add(out, "", 1, error))
        return false;
    out->length--;
    return check_length((const char *)out->bytes, error);
}
