/* SPDX-License-Identifier: ISC */
#include "remote/attempt.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "files/folders.h"
#include "files/output.h"
#include "host/tree.h"
#include "remote/command.h"
#include "remote/paths.h"
#include "remote/ship.h"

bool sw_is_of_securities(const char *command)
{
    static const char ending[] = "-security";
    size_t length = strlen(command), size = sizeof ending - 1;
    return length > size && strcmp(command + length - size, ending) == 0;
}

static const char *name_of(const struct sw_remote_attempt *attempt)
{
    return attempt->jobs->names[attempt->job];
}

/* ---- what the job has to know ---- */

/* What the user or the pipeline has set for the jobs, and not for the runner. */
static bool is_for_jobs(const char *variable)
{
    static const char *const others[] = {"SW_BIN=", "SW_RUNNER=", "SW_HOST_",      "SW_JOB_",
                                         "SW_SSH=", "SW_SLURM_",  "SW_REMOTE_BIN="};
    if (strncmp(variable, "SW_", 3) != 0) return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(variable, others[i], strlen(others[i])) == 0) return false;
    return true;
}

static bool put_field(struct sw_buffer *text, const char *field, struct sw_error *error)
{
    return sw_buffer_add(text, field, strlen(field) + 1, error);
}

static bool write_job(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer text = {0}, path = {0};
    char folder[4096] = "";
    const char *slash = strrchr(attempt->command, '/');
    if (!attempt->token && !getcwd(folder, sizeof folder))
        return sw_fail_errno(error, "the working directory");
    bool good = put_field(&text, slash ? slash + 1 : attempt->command, error) &&
                put_field(&text, folder, error) && put_field(&text, attempt->bin, error);
    for (char *const *variable = attempt->environment; good && *variable; variable++)
        if (is_for_jobs(*variable)) good = put_field(&text, *variable, error);
    const char *to = good ? sw_put_path(&path, error, "%s/job", attempt->at) : NULL;
    good = to && sw_output_file(to, text.bytes, text.length, error);
    sw_buffer_free(&text);
    sw_buffer_free(&path);
    return good;
}

/* ---- its folder ---- */

static bool make_folders(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    static const char *const folders[] = {"stage/status", "stage/logs", "stage/running",
                                          "output/by_security", "files"};
    struct sw_buffer path = {0};
    bool good = sw_run_program(error, "rm", "-rf", "--", attempt->at, NULL);
    for (size_t i = 0; good && i < sizeof folders / sizeof *folders; i++) {
        const char *folder = sw_put_path(&path, error, "%s/%s", attempt->at, folders[i]);
        good = folder && sw_make_folders(folder, error);
    }
    sw_buffer_free(&path);
    return good;
}

static bool write_line(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer line = {0}, path = {0};
    const char *text = (char *)attempt->jobs->text.bytes + attempt->jobs->lines[attempt->job];
    const char *to = sw_put_path(&path, error, "%s/stage/jobs", attempt->at);
    bool good = to && sw_buffer_format(&line, error, "%s\n", text) &&
                sw_output_file(to, line.bytes, line.length, error);
    sw_buffer_free(&line);
    sw_buffer_free(&path);
    return good;
}

/* The stage's lists, as far as it has them. */
static bool copy_lists(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    static const char *const lists[] = {"/settings", "/policy", "/inputs",       "/orders",
                                        "/trades",   "/nbbo",   "/sessions.swr", "/ticks.swr"};
    struct sw_call copy = {0};
    struct sw_buffer path = {0};
    bool good = sw_call_words(&copy, error, "cp", "--", NULL);
    for (size_t i = 0; good && i < sizeof lists / sizeof *lists; i++) {
        if (!sw_tree_has(attempt->jobs->folder, lists[i])) continue;
        const char *list = sw_put_path(&path, error, "%s%s", attempt->jobs->folder, lists[i]);
        good = list && sw_call_add(&copy, list, error);
    }
    bool any = copy.count > 2;
    const char *to = good ? sw_put_path(&path, error, "%s/stage/", attempt->at) : NULL;
    good = to && (!any || (sw_call_add(&copy, to, error) && sw_call_run(&copy, error)));
    sw_call_free(&copy);
    sw_buffer_free(&path);
    return good;
}

/* Jobs of securities read parts; the others make one. */
static bool make_parts(const struct sw_remote_attempt *attempt, struct sw_error *error)
{
    struct sw_buffer parts = {0}, link = {0};
    const char *from = sw_put_path(&parts, error, "%s/parts", attempt->work);
    const char *to = from ? sw_put_path(&link, error, "%s/parts", attempt->at) : NULL;
    bool good = to != NULL;
    if (good && attempt->of_securities && !attempt->token)
        good = symlink(from, to) == 0 || sw_fail_errno(error, "%s", to);
    else if (good)
        good = sw_make_folders(to, error);
    sw_buffer_free(&parts);
    sw_buffer_free(&link);
    return good;
}

bool sw_attempt_begin(const struct sw_remote_attempt *attempt, int *refused, struct sw_error *error)
{
    *refused = 0;
    return make_folders(attempt, error) && make_parts(attempt, error) &&
           write_line(attempt, error) && copy_lists(attempt, error) && write_job(attempt, error) &&
           (!attempt->token || sw_ship(attempt, refused, error));
}

void sw_attempt_remove(const struct sw_remote_attempt *attempt)
{
    struct sw_error error = {0};
    struct sw_buffer back = {0}, errors = {0};
    const char *other = sw_put_path(&back, &error, "%s.back", attempt->at);
    const char *said = sw_put_path(&errors, &error, "%s.error", attempt->at);
    if (other && said)
        (void)!sw_run_program(&error, "rm", "-rf", "--", attempt->at, other, said, NULL);
    sw_buffer_free(&back);
    sw_buffer_free(&errors);
}

/* ---- its status ---- */

static void now(char text[40])
{
    struct timeval time;
    gettimeofday(&time, NULL);
    snprintf(text, 40, "%ld.%06ld", (long)time.tv_sec, (long)time.tv_usec);
}

bool sw_attempt_status(const struct sw_remote_attempt *attempt, int status, const char *rest,
                       struct sw_error *error)
{
    struct sw_buffer line = {0}, from = {0}, to = {0};
    const char *stage = attempt->jobs->folder;
    char time[40], times[84];
    now(time);
    snprintf(times, sizeof times, "%s\t%s\t0\t0", time, time);
    const char *temporary = sw_put_path(&from, error, "%s/status/%s.tmp", stage, name_of(attempt));
    const char *place = sw_put_path(&to, error, "%s/status/%s", stage, name_of(attempt));
    bool good = temporary && place &&
                sw_buffer_format(&line, error, "%d\t%s\t%s\n", status, attempt->host,
                                 rest ? rest : times) &&
                sw_stage_write_line(temporary, O_TRUNC, &line, error) &&
                (rename(temporary, place) == 0 || sw_fail_errno(error, "%s", place));
    line.length = 0;
    place = good ? sw_put_path(&to, error, "%s/running/%s", stage, name_of(attempt)) : NULL;
    good = place && sw_stage_write_line(place, O_TRUNC, &line, error);
    sw_buffer_free(&line);
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    return good;
}
