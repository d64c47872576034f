/* SPDX-License-Identifier: ISC
 * The plan of an input (ledger/parts.h), as an earlier run wrote it, or as it is now. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "ledger/parts_steps.h"
#include "ledger/results_parts.h"

/* ---- the sum, which a change of any number of the plan changes ---- */

static bool add_left_out(const char *text, uint64_t *sum)
{
    uint64_t of[5];
    char end;
    if (sscanf(text, "%" SCNu64 ":%" SCNu64 ":%" SCNu64 ":%" SCNu64 ":%" SCNu64 "%c", &of[0],
               &of[1], &of[2], &of[3], &of[4], &end) != 5)
        return false;
    for (size_t i = 0; i < 5; i++) *sum = *sum * 31 + of[i] + 3;
    return true;
}

static bool add_chunk(const char *offset_text, const char *length_text, uint64_t *sum)
{
    char digits[24];
    uint64_t offset, length = 1;
    size_t size = strlen(length_text);
    bool records = size > 0 && length_text[size - 1] == 'r';
    if (size - records >= sizeof digits) return false;
    memcpy(digits, length_text, size);
    digits[size - records] = 0;
    if (!sw_parse_count(offset_text, &offset) ||
        (strcmp(length_text, "whole") != 0 && !sw_parse_count(digits, &length)))
        return false;
    *sum = (*sum * 31 + offset) * 31 + length + (records ? 2 : 0);
    return true;
}

/* Whether the lines, which stay as they are, are a plan, and what it leaves out. */
static bool is_plan(const struct sw_buffer *plan, struct sw_part_input *input)
{
    const char *line = (const char *)plan->bytes, *next;
    uint64_t sum = 0;
    for (; *line; line = next) {
        char offset[24], length[128], end;
        long long stated;
        next = strchr(line, '\n');
        if (!next) return false;
        next++;
        if (sscanf(line, "end\t%lld%c", &stated, &end) == 2 && end == '\n')
            return *next == 0 && stated == (long long)sum;
        if (sscanf(line, "%23[^\t\n]\t%127[^\t\n]%c", offset, length, &end) != 3 || end != '\n')
            return false;
        if (strcmp(offset, "left-out") != 0) {
            if (!add_chunk(offset, length, &sum)) return false;
        } else if (!add_left_out(length, &sum)) {
            return false;
        } else {
            memcpy(input->left_out, length, sizeof input->left_out);
        }
    }
    return false;
}

/* ---- that of an earlier run ---- */

/* *there: it can be used. */
static bool read_plan(const char *folder, struct sw_part_input *input, struct sw_buffer *plan,
                      bool *there, struct sw_error *error)
{
    struct sw_buffer path = {0};
    struct sw_error none = {0};
    *there = false;
    bool good = sw_join_path(&path, error, "%s/plan", folder);
    if (good && access((const char *)path.bytes, F_OK) == 0) {
        *there = sw_read_list((const char *)path.bytes, plan, &none) && is_plan(plan, input);
        /* Parts of other chunks than those of the plan would not be noticed. */
        good = *there || sw_folder_empty(folder, error);
    }
    sw_buffer_free(&path);
    return good;
}

/* ---- as it is now ---- */

static bool make_plan(const struct sw_part_survey *survey, const struct sw_part_input *input,
                      struct sw_buffer *plan, struct sw_error *error)
{
    uint64_t sum = 0;
    bool good = true;
    plan->length = 0;
    for (size_t i = 0; good && i < input->chunks; i++) {
        const struct sw_part_chunk *chunk = &survey->chunks[input->first_chunk + i];
        size_t at = plan->length;
        good =
            sw_buffer_format(plan, error, "%s\t%s%s", chunk->offset, chunk->length, chunk->unit) &&
            sw_buffer_add(plan, "", 1, error);
        const char *length = (const char *)plan->bytes + at + strlen(chunk->offset) + 1;
        good = good && (add_chunk(chunk->offset, length, &sum) ||
                        sw_fail(error, SW_SYSTEM, "not a chunk: %s", length));
        if (good) plan->bytes[plan->length - 1] = '\n';
    }
    if (good && input->left_out[0])
        good = (add_left_out(input->left_out, &sum) ||
                sw_fail(error, SW_SYSTEM, "not what an index leaves out: %s", input->left_out)) &&
               sw_buffer_format(plan, error, "left-out\t%s\n", input->left_out);
    return good && sw_buffer_format(plan, error, "end\t%lld\n", (long long)sum);
}

bool sw_part_plan(const char *work, const struct sw_part_survey *survey,
                  struct sw_part_input *input, struct sw_buffer *plan, struct sw_error *error)
{
    struct sw_buffer folder = {0};
    bool there = false;
    bool good = sw_join_path(&folder, error, "%s/parts/%s", work, input->identity);
    const char *name = (const char *)folder.bytes;
    char left_out[sizeof input->left_out];
    memcpy(left_out, input->left_out, sizeof left_out);
    input->left_out[0] = 0;
    good = good && read_plan(name, input, plan, &there, error);
    if (good && !there) {
        memcpy(input->left_out, left_out, sizeof left_out);
        good = make_plan(survey, input, plan, error) &&
               sw_write_list(plan, error, "%s/plan", name) && sw_buffer_add(plan, "", 1, error);
    }
    sw_buffer_free(&folder);
    return good;
}
