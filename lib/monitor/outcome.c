/* SPDX-License-Identifier: ISC */
#include "monitor/outcome.h"

#include <stdio.h>
#include <unistd.h>

#include "ledger/place_summary.h"
#include "monitor/fields.h"

enum { PATH_LENGTH = 4096, NAME_LENGTH = 512 };

/* Where the results of a security, or of a range of them, are: the eighth field of the line, or else the third, the security's own
 * folder, SEC_X. */
static bool results_folder(const struct sw_watched_job *job, char folder[NAME_LENGTH])
{
    size_t length;
    const char *field = sw_job_field(job, 8, &length);
    if (!field) field = sw_job_field(job, 3, &length);
    return field && snprintf(folder, NAME_LENGTH, "%.*s", (int)length, field) < NAME_LENGTH;
}

static bool add_count(struct sw_buffer *out, const char *key, bool known, uint64_t value,
                      struct sw_error *error)
{
    return known ? sw_field_count(out, key, value, error) : sw_field_null(out, key, error);
}

static bool add_files(struct sw_buffer *out, const struct sw_place_summary *summary,
                      struct sw_error *error)
{
    char path[PATH_LENGTH];
    if (!summary->files_known) return sw_field_null(out, "output_files", error);
    bool good = sw_field_open(out, "output_files", '[', error);
    const char *file = (const char *)summary->files.bytes, *end = file + summary->files.length;
    for (; good && file < end; file += strlen(file) + 1) {
        snprintf(path, sizeof path, "by_security/%s", file);
        good = sw_field_text(out, NULL, path, error);
    }
    return good && sw_field_close(out, ']', error);
}

static bool add_summary(struct sw_buffer *out, const struct sw_place_summary *summary,
                        struct sw_error *error)
{
    return add_count(out, "orders", summary->orders_known, summary->orders, error) &&
           add_count(out, "trades", summary->trades_known, summary->trades, error) &&
           (summary->ratio_known ? sw_field_decimal(out, "fill_ratio", summary->fill_ratio,
                                                    SW_FILL_RATIO_SCALE, error)
                                 : sw_field_null(out, "fill_ratio", error)) &&
           add_files(out, summary, error);
}

static bool add_security(struct sw_buffer *out, const struct sw_run *run,
                         const struct sw_watched_job *job, const char *name, struct sw_error *error)
{
    struct sw_place_summary summary = {0};
    struct sw_buffer folders = {0};
    size_t length, of_place;
    const char *field = sw_job_field(job, 3, &length);
    bool has_place = sw_job_field(job, 8, &of_place) && of_place > 0;
    bool good = sw_buffer_add(&folders, field ? field : "", field ? length : 0, error) &&
                sw_buffer_add(&folders, "", 1, error);
    const struct sw_result_place place = {run->folder, run->output, name,
                                          (const char *)folders.bytes, has_place};
    good =
        good && sw_place_summary_read(&place, &summary, error) && add_summary(out, &summary, error);
    sw_buffer_free(&folders);
    sw_buffer_free(&summary.files);
    return good;
}

/* The part of a chunk, fifth field of its line (TABLE INPUT OFFSET LENGTH PART), of one of the
 * kinds there are. */
static bool find_part(const struct sw_run *run, const struct sw_watched_job *job,
                      char path[PATH_LENGTH])
{
    static const char *const kinds[] = {"swr", "partial", "rows"};
    size_t length, top = strlen(run->folder) + 1;
    const char *part = sw_job_field(job, 5, &length);
    for (size_t i = 0; part && job->state == SW_JOB_DONE && i < 3; i++) {
        int size =
            snprintf(path, PATH_LENGTH, "%s/%.*s.%s", run->folder, (int)length, part, kinds[i]);
        if (size >= PATH_LENGTH || access(path, F_OK) != 0) continue;
        memmove(path, path + top, (size_t)size - top + 1);
        return true;
    }
    return false;
}

/* Whether the run's folder is OUT/run. */
static bool is_below_output(const struct sw_run *run)
{
    size_t length = strlen(run->output);
    return strncmp(run->folder, run->output, length) == 0 &&
           strcmp(run->folder + length, "/run") == 0;
}

static bool add_chunk(struct sw_buffer *out, const struct sw_run *run,
                      const struct sw_watched_job *job, struct sw_error *error)
{
    char part[PATH_LENGTH], path[PATH_LENGTH + 4];
    if (!sw_field_null(out, "orders", error) || !sw_field_null(out, "trades", error) ||
        !sw_field_null(out, "fill_ratio", error))
        return false;
    /* The parts of a run beside its result go when that is there. */
    if (!is_below_output(run) || !find_part(run, job, part))
        return sw_field_null(out, "output_files", error);
    snprintf(path, sizeof path, "run/%s", part);
    return sw_field_open(out, "output_files", '[', error) &&
           sw_field_text(out, NULL, path, error) && sw_field_close(out, ']', error);
}

bool sw_outcome_add(struct sw_buffer *out, const struct sw_run *run, const struct sw_stage *stage,
                    const struct sw_watched_job *job, struct sw_error *error)
{
    char folder[NAME_LENGTH];
    bool is_security = strcmp(stage->name, "securities") == 0 && job->state == SW_JOB_DONE;
    if (is_security && results_folder(job, folder))
        return add_security(out, run, job, folder, error);
    return add_chunk(out, run, job, error);
}
