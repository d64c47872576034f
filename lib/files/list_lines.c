/* SPDX-License-Identifier: ISC */
#include "files/list_lines.h"

#include <string.h>

#include "files/whole.h"

enum { LIST_MOST = 1 << 30 };

bool sw_read_list(const char *path, struct sw_buffer *text, struct sw_error *error)
{
    text->length = 0;
    return sw_read_whole(path, "a list", LIST_MOST, text, error) &&
           sw_buffer_add(text, "", 1, error);
}

char *sw_cut_line(char *line, char **fields, size_t most, size_t *count)
{
    char *end = strchr(line, '\n');
    if (!end) return NULL;
    *end = 0;
    for (*count = 0; *count < most && line; (*count)++) {
        fields[*count] = line;
        line = strchr(line, '\t');
        if (line) *line++ = 0;
    }
    return end + 1;
}
