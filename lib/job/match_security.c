/* SPDX-License-Identifier: ISC
 * Everything for a security, or for a range of them, all their dates, of a match.
 *
 *   orders' parts ─▶ sw-sort -m ─┐
 *   trades' parts ─▶ sw-sort -m ─┼▶ sw-match ─▶ sw-split
 *   quotes' parts ─▶ sw-sort -m ─┘ */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "files/output.h"
#include "job/securities.h"

enum { NONE_MOST = 64 << 10 }; /* a header of a few columns, compressed */

struct match {
    struct sw_job *job;
    struct sw_job_pipe *pipe;
    struct sw_job_securities of;
    struct sw_job_texts options, order_keys, quote_keys;
    const char *replay;
    int *status;
};

static bool read_settings(struct match *match)
{
    const struct sw_job_settings *settings = &match->job->settings;
    struct sw_error *error = match->job->error;
    return sw_job_setting_list(settings, "match_options", &match->options, error) &&
           sw_job_setting_list(settings, "order_keys", &match->order_keys, error) &&
           sw_job_setting_list(settings, "quote_keys", &match->quote_keys, error) &&
           sw_job_setting_text(settings, "replay", &match->replay, error);
}

/* What is made so far goes on. */
static bool goes_on(const struct match *match)
{
    return *match->status == 0 && !sw_job_is_ending();
}

static void add_file(struct match *match, const char *name)
{
    sw_job_format(match->pipe, "%s/%s", match->of.at, name);
}

/* ---- the match ---- */

/* The securities' rows of their parts, as a file. */
static bool merge(struct match *match, const char *table, const char *numbers,
                  const struct sw_job_texts *keys)
{
    sw_job_program(match->pipe, "sw-sort");
    sw_job_words(match->pipe, "--merge", "--securities", match->of.codes, NULL);
    sw_job_list(match->pipe, keys);
    sw_job_list(match->pipe, &match->of.memory);
    sw_job_words(match->pipe, "-o", NULL);
    sw_job_format(match->pipe, "%s/%s.swr", match->of.at, table);
    sw_job_words(match->pipe, "--", NULL);
    return sw_job_securities_parts(match->job, &match->of, table, numbers, NULL) &&
           sw_job_pipe_run(match->pipe, match->status);
}

static bool merge_all(struct match *match)
{
    static const char *const words[] = {"--keys", "security_code,order_id,timestamp"};
    const struct sw_job_texts trade_keys = {(const char **)(uintptr_t)words, 2, 0};
    return merge(match, "orders", match->of.orders, &match->order_keys) &&
           (!goes_on(match) || merge(match, "trades", match->of.trades, &trade_keys)) &&
           (!goes_on(match) || merge(match, "nbbo", match->of.quotes, &match->quote_keys));
}

static void add_inputs(struct match *match)
{
    sw_job_list(match->pipe, &match->options);
    sw_job_words(match->pipe, "--trades", NULL);
    add_file(match, "trades.swr");
    sw_job_words(match->pipe, "--nbbo", NULL);
    add_file(match, "nbbo.swr");
    sw_job_list(match->pipe, &match->of.zone);
    sw_job_words(match->pipe, "--temporary-directory", match->of.at, NULL);
    sw_job_securities_table(match->job, "sessions");
    sw_job_securities_table(match->job, "ticks");
}

static void add_outputs(struct match *match)
{
    sw_job_list(match->pipe, &match->of.order_selectors);
    sw_job_list(match->pipe, &match->of.sizes);
    sw_job_words(match->pipe, "--sweeps", NULL);
    add_file(match, "sweeps.swr");
    sw_job_words(match->pipe, "--partial", NULL);
    add_file(match, "rules.swr");
    sw_job_words(match->pipe, "--tally", NULL);
    add_file(match, "tally");
}

static bool run_match(struct match *match)
{
    sw_job_program(match->pipe, "sw-match");
    if (*match->replay) sw_job_words(match->pipe, "--replay", NULL);
    add_inputs(match);
    sw_job_securities_ask(match->job, &match->of);
    if (!*match->replay) add_outputs(match);
    sw_job_words(match->pipe, "-o", NULL);
    add_file(match, *match->replay ? "replay.swr" : "matches.swr");
    sw_job_words(match->pipe, "--", NULL);
    add_file(match, "orders.swr");
    if (!sw_job_pipe_run(match->pipe, match->status)) return false;
    if (*match->status != 0) sw_job_securities_hear(match->job, &match->of);
    return true;
}

/* Of a replay nothing is counted but that it was made. */
static bool tally_replay(const struct match *match)
{
    char path[SW_JOB_PATH + 16];
    struct sw_error *error = match->job->error;
    struct sw_buffer text = {0};
    bool good = sw_buffer_text(&text, "security_code\treplayed\n", error);
    for (const char *at = match->of.codes; good && *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        good = sw_buffer_format(&text, error, "%.*s\t1\n", (int)length, at);
        at += length;
    }
    snprintf(path, sizeof path, "%s/tally", match->of.at);
    good = good && sw_output_file(path, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

/* ---- files for people ---- */

/* In a folder's own name braces are braces, in what sw-split is told they are not: so it is told from within that folder. */
static bool split(struct match *match, const char *name)
{
    bool dry = match->pipe->is_dry;
    sw_job_program(match->pipe, "sw-split");
    sw_job_words(match->pipe, "--keys", "security_code,date", "--format", "csv", "-o", NULL);
    sw_job_format(match->pipe, "%s%sby_security/SEC_{security_code}/{date}/%s.csv.gz",
                  dry ? match->of.at : "", dry ? "/" : "", name);
    sw_job_words(match->pipe, "--", NULL);
    sw_job_format(match->pipe, "%s/%s.swr", match->of.at, name);
    return sw_job_pipe_run(match->pipe, match->status);
}

static bool write_none(struct match *match)
{
    sw_job_program(match->pipe, "sw-filter");
    sw_job_words(match->pipe, "--expression", "quantity != quantity", "--", NULL);
    add_file(match, "matches.swr");
    sw_job_program(match->pipe, "sw-cut");
    sw_job_words(match->pipe, "-o", NULL);
    add_file(match, "none.csv.gz");
    return sw_job_pipe_run(match->pipe, match->status);
}

static bool split_all(struct match *match)
{
    if (!match->pipe->is_dry && chdir(match->of.at) != 0)
        return sw_fail_errno(match->job->error, "%s", match->of.at);
    if (*match->replay) return split(match, "replay");
    return split(match, "sweeps") && (!goes_on(match) || split(match, "matches")) &&
           (!goes_on(match) || write_none(match));
}

/* Of a security each date in which nothing matched. */
static bool complete_dates(const struct match *match, const char *security,
                           const struct sw_buffer *none)
{
    char path[2 * SW_JOB_PATH];
    int before = snprintf(path, sizeof path, "%s/by_security/%s", match->of.at, security);
    DIR *folder = opendir(path);
    if (!folder) return sw_fail_errno(match->job->error, "%s", path);
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(folder));) {
        if (*entry->d_name == '.') continue;
        snprintf(path + before, sizeof path - (size_t)before, "/%s/matches.csv.gz", entry->d_name);
        if (access(path, F_OK) != 0)
            good = sw_output_file(path, none->bytes, none->length, match->job->error);
    }
    closedir(folder);
    return good;
}

static bool read_none(const struct match *match, struct sw_buffer *none)
{
    char path[SW_JOB_PATH + 16];
    snprintf(path, sizeof path, "%s/none.csv.gz", match->of.at);
    if (!sw_buffer_reserve(none, NONE_MOST, match->job->error)) return false;
    FILE *file = fopen(path, "re");
    none->length = file ? fread(none->bytes, 1, NONE_MOST, file) : 0;
    bool good = none->length > 0 && none->length < NONE_MOST;
    if (!good) (void)sw_fail_errno(match->job->error, "%s", path);
    if (file) fclose(file);
    return good;
}

/* Where nothing matched on a date, its matches are a header. */
static bool complete(const struct match *match)
{
    char path[SW_JOB_PATH + 16];
    struct sw_buffer none = {0};
    bool good = read_none(match, &none);
    snprintf(path, sizeof path, "%s/by_security", match->of.at);
    DIR *folder = good ? opendir(path) : NULL;
    if (good && !folder && errno != ENOENT) good = sw_fail_errno(match->job->error, "%s", path);
    for (const struct dirent *entry; good && folder && (entry = readdir(folder));)
        if (*entry->d_name != '.') good = complete_dates(match, entry->d_name, &none);
    if (folder) closedir(folder);
    sw_buffer_free(&none);
    return good;
}

/* ---- all of it ---- */

static bool publish(struct match *match)
{
    static const char *const own[] = {"orders.swr", "trades.swr", "nbbo.swr", "matches.swr",
                                      "none.csv.gz"};
    char path[SW_JOB_PATH + 16];
    if (!*match->replay && !complete(match)) return false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        snprintf(path, sizeof path, "%s/%s", match->of.at, own[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return sw_fail_errno(match->job->error, "%s", path);
    }
    return sw_job_securities_publish(match->job, &match->of, match->status);
}

bool sw_job_match_security(struct sw_job *job, int *status)
{
    struct match match = {.job = job, .pipe = &job->pipe, .status = status};
    *status = 0;
    if (!read_settings(&match) || !sw_job_securities_begin(job, &match.of) || !merge_all(&match))
        return false;
    if (goes_on(&match) && !run_match(&match)) return false;
    if (!goes_on(&match)) return true;
    if (*match.replay && !match.pipe->is_dry && !tally_replay(&match)) return false;
    sw_job_securities_are_the_users(&match.of);
    if (!split_all(&match)) return false;
    return !goes_on(&match) || match.pipe->is_dry || publish(&match);
}
