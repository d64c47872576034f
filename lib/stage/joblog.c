/* SPDX-License-Identifier: ISC */
#include "stage/joblog.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

static bool add_lines(const struct sw_stage_jobs *jobs, const char *command, struct sw_buffer *log,
                      struct sw_error *error)
{
    struct sw_job_outcome outcome = {0};
    bool good = true;
    for (size_t i = 0; good && i < jobs->count; i++) {
        good = sw_stage_outcome(jobs, i, &outcome, error);
        if (!good || !outcome.ended || outcome.took_us < 0) continue;
        good = sw_buffer_format(
            log, error, "%s\t%s\t%s\t%" PRId64 ".%03" PRId64 "\t0\t0\t%d\t0\t%s %s\n",
            jobs->names[i], (char *)outcome.host.bytes, (char *)outcome.begin.bytes,
            outcome.took_us / 1000000, outcome.took_us / 1000 % 1000, outcome.status, command,
            jobs->names[i]);
    }
    sw_buffer_free(&outcome.host);
    sw_buffer_free(&outcome.begin);
    return good;
}

bool sw_stage_log(const struct sw_stage_jobs *jobs, const char *command, const char *run,
                  struct sw_error *error)
{
    static const char header[] =
        "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n";
    struct sw_buffer path = {0}, log = {0};
    struct stat about;
    bool good =
        sw_buffer_format(&path, error, "%s/joblog", run) && sw_buffer_add(&path, "", 1, error);
    if (good && (stat((const char *)path.bytes, &about) != 0 || about.st_size == 0))
        good = sw_buffer_text(&log, header, error);
    good = good && add_lines(jobs, command, &log, error) &&
           sw_stage_write_line((const char *)path.bytes, O_APPEND, &log, error);
    sw_buffer_free(&path);
    sw_buffer_free(&log);
    return good;
}
