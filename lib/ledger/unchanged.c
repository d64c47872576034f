/* SPDX-License-Identifier: ISC */
#include "ledger/unchanged.h"

#include <string.h>

#include "base/number.h"
#include "files/seen.h"
#include "files/whole.h"
#include "files/list_lines.h"
#include "ledger/results_parts.h"

struct inputs {
    const char *names; /* of those that were not looked at yet */
    size_t left;
};

/* Whether so many inputs, the next ones, are as they were seen. */
static bool are_as_seen(struct inputs *inputs, uint64_t count, const char *as)
{
    char text[SW_IDENTITY_LENGTH + 1];
    struct sw_seen seen;
    if (count > inputs->left || strcmp(as, "-") == 0) return false;
    sw_seen_begin(&seen, NULL);
    for (; count > 0; count--, inputs->left--, inputs->names += strlen(inputs->names) + 1)
        sw_seen_add(&seen, inputs->names);
    sw_seen_end(&seen, text);
    return strcmp(text, as) == 0;
}

static bool look(char *lines, struct inputs inputs, bool *unchanged, struct sw_error *error)
{
    char *fields[2];
    size_t count;
    uint64_t files;
    *unchanged = true;
    while (*unchanged && *lines) {
        lines = sw_cut_line(lines, fields, 2, &count);
        if (!lines || count != 2 || !sw_parse_count(fields[0], &files))
            return sw_fail(error, SW_SYSTEM, "not what inputs were seen as");
        *unchanged = are_as_seen(&inputs, files, fields[1]);
    }
    *unchanged = *unchanged && inputs.left == 0;
    return true;
}

bool sw_inputs_unchanged(const char *stage, bool *unchanged, struct sw_error *error)
{
    struct sw_buffer path = {0}, lines = {0}, names = {0};
    struct inputs inputs = {0};
    bool good = sw_join_path(&path, error, "%s/seen", stage) &&
                sw_read_list((const char *)path.bytes, &lines, error) &&
                sw_join_path(&path, error, "%s/inputs", stage) &&
                sw_read_names((const char *)path.bytes, &names, &inputs.left, error);
    inputs.names = (const char *)names.bytes;
    good = good && look((char *)lines.bytes, inputs, unchanged, error);
    sw_buffer_free(&path);
    sw_buffer_free(&lines);
    sw_buffer_free(&names);
    return good;
}
