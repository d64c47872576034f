/* SPDX-License-Identifier: ISC */
#include "remote/answer.h"

#include <stdlib.h>

enum { WORKERS_DIGITS = 4 };

/* The value where the line is of this key; only what begins as it must. */
static const char *value_of(const char *line, const char *key, const char *begins)
{
    size_t length = strlen(key);
    if (strncmp(line, key, length) != 0 || line[length] != ' ') return NULL;
    line += length + 1;
    return strncmp(line, begins, strlen(begins)) == 0 && !strchr(line, '\t') ? line : NULL;
}

static void take_line(struct sw_answer *answer, const char *line)
{
    const char *value;
    if ((value = value_of(line, "version", ""))) answer->version = value;
    if ((value = value_of(line, "format", ""))) answer->format = value;
    if ((value = value_of(line, "bin", "/"))) answer->bin = value;
    if ((value = value_of(line, "pipelines", "/"))) answer->pipelines = value;
    if ((value = value_of(line, "workers", "")) && *value >= '1' && *value <= '9') {
        size_t digits = strspn(value, "0123456789");
        if (digits <= WORKERS_DIGITS && !value[digits])
            answer->workers = (unsigned)strtoul(value, NULL, 10);
    }
    if (strcmp(line, "missing") == 0) answer->missing = true;
    if (strcmp(line, "sees") == 0) answer->sees = true;
}

void sw_answer_take(struct sw_answer *answer)
{
    char *rest = (char *)answer->text.bytes;
    answer->workers = 1;
    for (char *line; (line = strsep(&rest, "\n"));) take_line(answer, line);
}

const char *sw_answer_reason(const struct sw_answer *answer)
{
    char *text = (char *)answer->complaint.bytes;
    size_t length = answer->complaint.length;
    while (length > 0 && text[length - 1] == '\n') text[--length] = 0;
    const char *newline = strrchr(text, '\n');
    return newline ? newline + 1 : text;
}

bool sw_answer_is_fit(const struct sw_answer *answer, const struct sw_answer *wanted,
                      const char *host, const char *remote_bin, struct sw_error *error)
{
    const char *version = wanted->version ? wanted->version : "", *bin = answer->bin;
    const char *format = wanted->format ? wanted->format : "";
    if (answer->missing)
        return sw_fail(error, SW_SYSTEM,
                       "host %s: %s%ssw-chunk: not found; SW_REMOTE_BIN says where the programs "
                       "are there",
                       host, remote_bin ? remote_bin : "", remote_bin ? "/" : "");
    if (!answer->version || strcmp(answer->version, version) != 0)
        return sw_fail(error, SW_SYSTEM, "host %s: has %s, wanted is %s", host,
                       answer->version ? answer->version : "no version", version);
    if (!bin || !answer->pipelines)
        return sw_fail(error, SW_SYSTEM, "host %s: %s: no pipelines beside the programs", host,
                       bin ? bin : "");
    if (!answer->format || strcmp(answer->format, format) != 0)
        return sw_fail(error, SW_SYSTEM,
                       "host %s: %s: another build of %s: its streams or jobs are not as here (%s, "
                       "wanted is %s)",
                       host, bin, version, answer->format ? answer->format : "", format);
    return true;
}

void sw_answer_free(struct sw_answer *answer)
{
    sw_buffer_free(&answer->text);
    sw_buffer_free(&answer->complaint);
}
