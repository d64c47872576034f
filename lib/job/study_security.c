/* SPDX-License-Identifier: ISC
 * Everything for a security, or for a range of them, all their dates, of an analysis.
 *
 *   parts of orders, trades and quotes ─▶ sw-study ─▶ RESULTS/{orders,simulation_sums,tca,partial}.swr, tally and the files of by_security/ */
#include <errno.h>
#include <stdio.h>

#include "files/folders.h"
#include "job/securities.h"

static bool add_list(struct sw_job *job, const char *setting)
{
    struct sw_job_texts words;
    if (!sw_job_setting_list(&job->settings, setting, &words, job->error)) return false;
    sw_job_list(&job->pipe, &words);
    return true;
}

static bool add_settings(struct sw_job *job, const struct sw_job_securities *securities)
{
    sw_job_words(&job->pipe, "--securities", securities->codes, NULL);
    sw_job_list(&job->pipe, &securities->order_selectors);
    sw_job_words(&job->pipe, "--measures", "scenarios", NULL);
    if (!add_list(job, "trades_in") || !add_list(job, "scenario_options") ||
        !add_list(job, "study_options"))
        return false;
    sw_job_list(&job->pipe, &securities->zone);
    sw_job_list(&job->pipe, &securities->sizes);
    sw_job_list(&job->pipe, &securities->memory);
    return true;
}

static bool study(struct sw_job *job, const struct sw_job_securities *securities, int *status)
{
    sw_job_program(&job->pipe, "sw-study");
    if (!add_settings(job, securities) ||
        !sw_job_securities_parts(job, securities, "trades", securities->trades, "--trades") ||
        !sw_job_securities_parts(job, securities, "nbbo", securities->quotes, "--nbbo"))
        return false;
    sw_job_securities_table(job, "sessions");
    sw_job_securities_ask(job, securities);
    sw_job_words(&job->pipe, "-o", securities->at, "--", NULL);
    return sw_job_securities_parts(job, securities, "orders", securities->orders, NULL) &&
           sw_job_pipe_run(&job->pipe, status);
}

/* One file a table: their folder has the name of the place. */
static bool name_tables(struct sw_job *job, const struct sw_job_securities *securities)
{
    char tables[SW_JOB_PATH + 16], named[2 * SW_JOB_PATH];
    snprintf(tables, sizeof tables, "%s/tables", securities->at);
    snprintf(named, sizeof named, "%s/by_security/%s", securities->at, securities->place);
    if (!sw_make_folders_of(named, job->error)) return false;
    return rename(tables, named) == 0 || errno == ENOENT || sw_fail_errno(job->error, "%s", tables);
}

bool sw_job_study_security(struct sw_job *job, int *status)
{
    struct sw_job_securities securities;
    if (!sw_job_securities_begin(job, &securities)) return false;
    sw_job_securities_are_the_users(&securities);
    if (!study(job, &securities, status)) return false;
    if (*status != 0) sw_job_securities_hear(job, &securities);
    if (*status != 0 || job->pipe.is_dry || sw_job_is_ending()) return true;
    return name_tables(job, &securities) && sw_job_securities_publish(job, &securities, status);
}
