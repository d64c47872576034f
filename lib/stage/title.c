/* SPDX-License-Identifier: ISC */
#include "stage/title.h"

#include <stdlib.h>
#include <string.h>

#include "base/shown_text.h"
#include "host/tree.h"

/* The input's name; empty where there is none of this number. */
static bool add_input(const struct sw_stage_jobs *jobs, size_t number, struct sw_buffer *out,
                      struct sw_error *error)
{
    struct sw_buffer names = {0};
    bool good = sw_tree_read(jobs->folder, "/inputs", &names, error);
    size_t at = 0;
    for (; good && number > 0 && at < names.length; number--)
        at += strlen((char *)names.bytes + at) + 1;
    if (good && at < names.length) good = sw_buffer_text(out, (char *)names.bytes + at, error);
    sw_buffer_free(&names);
    return good;
}

/* FIRST to LAST, of so many files. */
static bool add_group(const struct sw_stage_jobs *jobs, size_t first, size_t files,
                      struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_format(out, error, "%zu files from ", files) &&
           add_input(jobs, first, out, error) && sw_buffer_text(out, " to ", error) &&
           add_input(jobs, first + files - 1, out, error) && sw_buffer_text(out, ")", error);
}

static bool add_chunk(const struct sw_stage_jobs *jobs, size_t job, struct sw_buffer *out,
                      struct sw_error *error)
{
    size_t of_input, of_offset, of_length;
    const char *input = sw_stage_field(jobs, job, 3, &of_input);
    const char *offset = sw_stage_field(jobs, job, 4, &of_offset);
    const char *length = sw_stage_field(jobs, job, 5, &of_length);
    /* A range of records has an r after it. */
    if (of_length > 0 && length[of_length - 1] == 'r') of_length--;
    if (!sw_buffer_format(out, error, "chunk %s (", jobs->names[job])) return false;
    size_t first = strtoul(input, NULL, 10);
    if (of_length > 0 && length[of_length - 1] == 'f')
        return add_group(jobs, first, strtoul(length, NULL, 10), out, error);
    return add_input(jobs, first, out, error) &&
           sw_buffer_format(out, error, ", byte %.*s, length %.*s)", (int)of_offset, offset,
                            (int)of_length, length);
}

static bool add_share(const struct sw_stage_jobs *jobs, size_t job, struct sw_buffer *out,
                      struct sw_error *error)
{
    size_t of_share, of_shares;
    const char *share = sw_stage_field(jobs, job, 2, &of_share);
    const char *shares = sw_stage_field(jobs, job, 3, &of_shares);
    return sw_buffer_format(out, error, "share %.*s of %.*s of the orders", (int)of_share, share,
                            (int)of_shares, shares);
}

static bool add_security(const struct sw_stage_jobs *jobs, size_t job, struct sw_buffer *out,
                         struct sw_error *error)
{
    size_t length, first = 0, last;
    const char *codes = sw_stage_field(jobs, job, 2, &length);
    while (first < length && codes[first] != ',') first++;
    if (first == length) return sw_buffer_format(out, error, "security %.*s", (int)length, codes);
    for (last = length; codes[last - 1] != ',';) last--;
    return sw_buffer_format(out, error, "securities %.*s to %.*s", (int)first, codes,
                            (int)(length - last), codes + last);
}

bool sw_stage_title(const struct sw_stage_jobs *jobs, size_t job, const char *command,
                    struct sw_buffer *out, struct sw_error *error)
{
    const char *dash = strrchr(command, '-');
    const char *kind = dash ? dash + 1 : command;
    size_t from = out->length;
    bool good;
    if (strcmp(kind, "chunk") == 0)
        good = add_chunk(jobs, job, out, error);
    else if (strcmp(kind, "share") == 0)
        good = add_share(jobs, job, out, error);
    else
        good = add_security(jobs, job, out, error);
    return good && sw_shown_tail(out, from, false, error);
}
