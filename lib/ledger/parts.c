/* SPDX-License-Identifier: ISC */
#include "ledger/parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "files/folders.h"
#include "ledger/parts_steps.h"
#include "ledger/results_parts.h"

/* What is written, and on the way there. */
struct plan {
    const struct sw_parts *parts;
    struct sw_part_survey survey;
    struct sw_buffer all, jobs, weights, about, seen, others, path, lines;
    uint64_t job_count;
    const char **folders; /* below WORK/parts, those of this run */
    size_t folder_count;
};

/* ---- folders ---- */

static bool make_folder(struct plan *plan, struct sw_error *error)
{
    return sw_make_folders((const char *)plan->path.bytes, error);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool make_folders(struct plan *plan, struct sw_error *error)
{
    static const char *const of_stage[] = {"status", "logs", "running"};
    const struct sw_part_survey *survey = &plan->survey;
    bool good = (plan->folders = sw_alloc(survey->count + 1, sizeof *plan->folders, error)) != NULL;
    for (size_t i = 0; good && i < 3; i++)
        good = sw_join_path(&plan->path, error, "%s/%s", plan->parts->stage, of_stage[i]) &&
               make_folder(plan, error);
    for (size_t i = 0; good && i < survey->count;
         i += survey->inputs[i].group ? survey->inputs[i].files : 1) {
        const struct sw_part_input *input = &survey->inputs[i];
        const char *name = input->group ? input->group : input->identity;
        plan->folders[plan->folder_count++] = name;
        good = sw_join_path(&plan->path, error, "%s/parts/%s", plan->parts->work, name) &&
               make_folder(plan, error);
    }
    if (good && plan->folder_count > 1)
        qsort(plan->folders, plan->folder_count, sizeof *plan->folders, by_name);
    return good;
}

static bool list_others(struct plan *plan, struct sw_error *error)
{
    struct sw_buffer names = {0};
    bool good = sw_join_path(&plan->path, error, "%s/parts", plan->parts->work) &&
                sw_folder_names((const char *)plan->path.bytes, "", &names, error);
    const char *name = (const char *)names.bytes, *end = name + names.length;
    for (; good && name < end; name += strlen(name) + 1)
        if (!bsearch(&name, plan->folders, plan->folder_count, sizeof *plan->folders, by_name))
            good = sw_buffer_format(&plan->others, error, "%s/parts/", plan->parts->work) &&
                   sw_buffer_add(&plan->others, name, strlen(name) + 1, error);
    sw_buffer_free(&names);
    return good;
}

/* ---- chunks ---- */

/* What a job has to do of it, in bytes. */
static uint64_t weight_of(const struct plan *plan, size_t number, const char *length)
{
    const struct sw_part_input *input = &plan->survey.inputs[number];
    uint64_t bytes = input->size_bytes;
    if (input->group)
        for (uint64_t i = 1; i < input->files; i++)
            bytes += plan->survey.inputs[number + i].size_bytes;
    else if (strcmp(length, "whole") != 0)
        bytes = strtoull(length, NULL, 10);
    return bytes;
}

/* part: below WORK. */
static bool add_chunk(struct plan *plan, size_t number, const char *offset, const char *length,
                      const char *part, struct sw_buffer *damaged, struct sw_error *error)
{
    const char *table = plan->survey.inputs[number].table;
    bool whole;
    if (!sw_buffer_format(&plan->all, error, "%s\t%zu\t%s\t%s\t%s\n", table, number, offset, length,
                          part) ||
        !sw_part_look(plan->parts, part, &whole, damaged, error))
        return false;
    if (whole) return true;
    plan->job_count++;
    return sw_buffer_format(&plan->jobs, error, "%" PRIu64 "\t%s\t%zu\t%s\t%s\t%s\n",
                            plan->job_count, table, number, offset, length, part) &&
           sw_buffer_format(&plan->weights, error, "%" PRIu64 "\t%" PRIu64 "\n", plan->job_count,
                            weight_of(plan, number, length));
}

static bool add_group(struct plan *plan, size_t number, struct sw_buffer *damaged,
                      struct sw_error *error)
{
    const struct sw_part_input *input = &plan->survey.inputs[number];
    char length[24];
    size_t digits = sw_format_unsigned(length, input->files);
    memcpy(length + digits, "f", 2);
    return sw_join_path(&plan->path, error, "parts/%s/files", input->group) &&
           add_chunk(plan, number, "0", length, (const char *)plan->path.bytes, damaged, error);
}

static bool add_chunks(struct plan *plan, size_t number, struct sw_buffer *damaged,
                       struct sw_error *error)
{
    struct sw_part_input *input = &plan->survey.inputs[number];
    char *fields[2];
    size_t count;
    if (!sw_part_plan(plan->parts->work, &plan->survey, input, &plan->lines, error)) return false;
    for (char *line = (char *)plan->lines.bytes; *line;) {
        line = sw_cut_line(line, fields, 2, &count);
        if (strcmp(fields[0], "end") == 0) return true;
        if (strcmp(fields[0], "left-out") == 0) continue;
        if (!sw_join_path(&plan->path, error, "parts/%s/%s-%s", input->identity, fields[0],
                          fields[1]) ||
            !add_chunk(plan, number, fields[0], fields[1], (const char *)plan->path.bytes, damaged,
                       error))
            return false;
    }
    return true;
}

static bool add_inputs(struct plan *plan, struct sw_buffer *damaged, struct sw_error *error)
{
    const struct sw_part_survey *survey = &plan->survey;
    bool good = true;
    for (size_t i = 0; good && i < survey->count;) {
        const struct sw_part_input *input = &survey->inputs[i];
        good = (input->group ? add_group : add_chunks)(plan, i, damaged, error);
        i += input->group ? input->files : 1;
    }
    return good;
}

/* ---- the files ---- */

static bool describe_inputs(struct plan *plan, struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < plan->survey.count; i++) {
        const struct sw_part_input *input = &plan->survey.inputs[i];
        good = sw_buffer_format(&plan->about, error, "%s\t%s\t%" PRIu64 "\t%s\t%s\t%s\t%s\n",
                                input->table, input->kind, input->size_bytes, input->begin,
                                input->rows, input->left_out[0] ? input->left_out : "-",
                                input->identity);
    }
    return good;
}

/* In the order of the inputs, of a group once. */
static bool tell_seen(struct plan *plan, struct sw_error *error)
{
    const struct sw_part_survey *survey = &plan->survey;
    bool good = true;
    for (size_t i = 0, files; good && i < survey->count; i += files) {
        const struct sw_part_input *input = &survey->inputs[i];
        files = input->group ? input->files : 1;
        good = sw_buffer_format(&plan->seen, error, "%zu\t%s\n", files, input->seen);
    }
    return good;
}

static bool write_all(struct plan *plan, struct sw_error *error)
{
    const char *stage = plan->parts->stage;
    return sw_write_list(&plan->all, error, "%s/all", stage) &&
           sw_write_list(&plan->jobs, error, "%s/jobs", stage) &&
           sw_write_list(&plan->weights, error, "%s/weights", stage) &&
           sw_write_list(&plan->about, error, "%s/about", stage) &&
           sw_write_list(&plan->seen, error, "%s/seen", stage) &&
           sw_write_list(&plan->others, error, "%s/others", stage);
}

bool sw_parts_plan(const struct sw_parts *parts, const char *survey, struct sw_buffer *damaged,
                   struct sw_error *error)
{
    struct plan plan = {.parts = parts};
    bool good = sw_part_survey_read(&plan.survey, survey, parts->elsewhere, error) &&
                make_folders(&plan, error) && add_inputs(&plan, damaged, error) &&
                list_others(&plan, error) && describe_inputs(&plan, error) &&
                tell_seen(&plan, error) && write_all(&plan, error);
    sw_part_survey_free(&plan.survey);
    struct sw_buffer *buffers[] = {&plan.all,  &plan.jobs,   &plan.weights, &plan.about,
                                   &plan.seen, &plan.others, &plan.path,    &plan.lines};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) sw_buffer_free(buffers[i]);
    free(plan.folders);
    return good;
}
