/* SPDX-License-Identifier: ISC */
#include "job/securities.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/folders.h"
#include "files/whole.h"
#include "ledger/results.h"

enum { LIST_MOST = 256 << 20 };

static bool read_settings(struct sw_job *job, struct sw_job_securities *securities)
{
    const struct sw_job_settings *settings = &job->settings;
    return sw_job_setting_list(settings, "zone", &securities->zone, job->error) &&
           sw_job_setting_list(settings, "sizes", &securities->sizes, job->error) &&
           sw_job_setting_list(settings, "memory", &securities->memory, job->error) &&
           sw_job_setting_list(settings, "order_selectors", &securities->order_selectors,
                               job->error) &&
           sw_job_setting_text(settings, "work", &securities->work, job->error) &&
           sw_job_setting_text(settings, "output", &securities->output, job->error) &&
           sw_job_setting_text(settings, "sw_umask", &securities->umask, job->error);
}

static bool make_folders(struct sw_job *job, const struct sw_job_securities *securities)
{
    char above[SW_JOB_PATH];
    snprintf(above, sizeof above, "%s/results", job->stage);
    return sw_remove_tree(securities->at, job->error) &&
           sw_make_folders(securities->at, job->error) && sw_make_folders(above, job->error);
}

bool sw_job_securities_begin(struct sw_job *job, struct sw_job_securities *securities)
{
    char *const *fields = job->fields;
    *securities = (struct sw_job_securities){.codes = fields[0],
                                             .folders = fields[2],
                                             .orders = fields[4],
                                             .trades = fields[5],
                                             .quotes = fields[6],
                                             .place = fields[7]};
    snprintf(securities->at, sizeof securities->at, "%s/attempts/%s", job->stage, fields[7]);
    snprintf(securities->results, sizeof securities->results, "%s/results/%s", job->stage,
             fields[7]);
    if (!*fields[7]) return sw_fail(job->error, SW_SYSTEM, "%s/jobs: has no place", job->stage);
    return read_settings(job, securities) && (job->pipe.is_dry || make_folders(job, securities));
}

/* ---- parts ---- */

/* Cuts a list, STAGE/TABLE, into its lines. */
static bool read_lines(struct sw_job *job, const char *table, struct sw_job_texts *lines)
{
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/%s", job->stage, table);
    job->text.length = 0;
    if (!sw_read_whole(path, "a list of parts", LIST_MOST, &job->text, job->error) ||
        !sw_buffer_add(&job->text, "", 1, job->error))
        return false;
    char *rest = (char *)job->text.bytes, *line;
    while ((line = strsep(&rest, "\n")) && rest)
        if (!sw_job_texts_add(lines, line, job->error)) return false;
    return lines->count > 0 || sw_fail(job->error, SW_SYSTEM, "%s: has no parts", path);
}

bool sw_job_securities_parts(struct sw_job *job, const struct sw_job_securities *securities,
                             const char *table, const char *numbers, const char *option)
{
    struct sw_job_texts lines = {0};
    bool good = read_lines(job, table, &lines);
    const char *at = *numbers ? numbers : "0";
    while (good && *at) {
        char *end;
        size_t number = strtoul(at, &end, 10);
        good = end > at && number < lines.count;
        if (!good)
            good = sw_fail(job->error, SW_SYSTEM, "%s/%s: has no part '%s'", job->stage, table, at);
        if (!good) break;
        if (option) sw_job_words(&job->pipe, option, NULL);
        sw_job_format(&job->pipe, "%s/%s.swr", securities->work, lines.items[number]);
        at = *end == ',' ? end + 1 : end;
    }
    free(lines.items);
    return good;
}

void sw_job_securities_table(struct sw_job *job, const char *name)
{
    char path[SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/%s.swr", job->stage, name);
    if (access(path, F_OK) != 0) return;
    sw_job_format(&job->pipe, "--%s", name);
    sw_job_words(&job->pipe, path, NULL);
}

/* ---- orders that are wrong ---- */

void sw_job_securities_ask(struct sw_job *job, const struct sw_job_securities *securities)
{
    sw_job_words(&job->pipe, "--wrong-order", NULL);
    sw_job_format(&job->pipe, "%s/wrong_order", securities->at);
}

/* It is for a message alone: what is not there, or is no number, is not told. */
void sw_job_securities_hear(struct sw_job *job, const struct sw_job_securities *securities)
{
    struct sw_error none = {0};
    struct sw_buffer text = {0};
    char path[SW_JOB_PATH + 16];
    snprintf(path, sizeof path, "%s/wrong_order", securities->at);
    if (access(path, F_OK) == 0 &&
        sw_read_whole(path, "an id", sizeof job->wrong_order, &text, &none) &&
        sw_buffer_add(&text, "", 1, &none)) {
        size_t length = strspn((char *)text.bytes, "-0123456789");
        snprintf(job->wrong_order, sizeof job->wrong_order, "%.*s", (int)length,
                 (char *)text.bytes);
    }
    sw_buffer_free(&text);
}

/* ---- results ---- */

void sw_job_securities_are_the_users(const struct sw_job_securities *securities)
{
    umask((mode_t)strtoul(securities->umask, NULL, 8) & 077);
}

/* One that an earlier run made goes; what the attempt has of it is moved. */
static bool publish_folder(struct sw_job *job, const struct sw_job_securities *securities,
                           const char *name, int length, size_t *count)
{
    char path[2 * SW_JOB_PATH];
    snprintf(path, sizeof path, "%s/by_security/%.*s", securities->output, length, name);
    if (!sw_remove_tree(path, job->error)) return false;
    snprintf(path, sizeof path, "%s/by_security/%.*s", securities->at, length, name);
    if (access(path, F_OK) != 0) return true;
    if ((*count)++ == 0) {
        sw_job_program(&job->pipe, "mv");
        sw_job_words(&job->pipe, "--", NULL);
    }
    sw_job_words(&job->pipe, path, NULL);
    return true;
}

/* By one process: a range may have hundreds, and the output may be another file system. With a file a table the folder has the place's name.
 * What cannot be moved is never the data's fault, whatever the mover's status. */
static bool publish_folders(struct sw_job *job, const struct sw_job_securities *securities,
                            int *status)
{
    size_t count = 0;
    bool good = true, of_place = strcmp(securities->folders, securities->place) == 0;
    for (const char *at = securities->folders; good && *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        good = publish_folder(job, securities, at, (int)length, &count);
        at += length;
    }
    if (good && !of_place)
        good = publish_folder(job, securities, securities->place, (int)strlen(securities->place),
                              &count);
    if (!good || count == 0) return good;
    sw_job_format(&job->pipe, "%s/by_security/", securities->output);
    if (!sw_job_pipe_run(&job->pipe, status)) return false;
    if (*status != 0) *status = SW_SYSTEM;
    return true;
}

bool sw_job_securities_publish(struct sw_job *job, const struct sw_job_securities *securities,
                               int *status)
{
    struct sw_sealed sealed;
    char path[SW_JOB_PATH + 16];
    umask((umask(0) & 077) | 022);
    if (!sw_results_seal(job->stage, strtoull(job->name, NULL, 10), &sealed, job->error) ||
        !sw_remove_tree(securities->results, job->error) ||
        !publish_folders(job, securities, status))
        return false;
    if (*status != 0) return true;
    job->rows_read = sealed.events;
    job->rows_out = sealed.selected;
    snprintf(path, sizeof path, "%s/by_security", securities->at);
    if (access(path, F_OK) == 0 && rmdir(path) != 0) return sw_fail_errno(job->error, "%s", path);
    return rename(securities->at, securities->results) == 0 ||
           sw_fail_errno(job->error, "%s", securities->results);
}
