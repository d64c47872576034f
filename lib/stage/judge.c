/* SPDX-License-Identifier: ISC */
#include "stage/judge.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shown_text.h"
#include "host/tree.h"
#include "stage/runner_log.h"
#include "stage/title.h"

struct judging {
    const struct sw_stage_jobs *jobs;
    const struct sw_stage_judge *how;
    struct sw_stage_verdict *verdict;
    enum sw_log_level level;
    int worst;               /* of those that ended */
    size_t missing;          /* that did not */
    struct sw_buffer failed; /* names, a blank before each */
    struct sw_buffer path, text;
};

/* The path of a job's file below the stage, a NUL after it; attempt 0 is the last one. */
static bool place(struct judging *judging, const char *kind, size_t job, unsigned attempt,
                  struct sw_error *error)
{
    struct sw_buffer *path = &judging->path;
    path->length = 0;
    return sw_buffer_format(path, error, "/%s/%s", kind, judging->jobs->names[job]) &&
           (attempt == 0 || sw_buffer_format(path, error, ".%u", attempt)) &&
           sw_buffer_add(path, "", 1, error);
}

static bool is_there(const struct judging *judging)
{
    return sw_tree_has(judging->jobs->folder, (char *)judging->path.bytes);
}

/* ---- what it said ---- */

/* What ends so merely follows from the failure of a program before it (files/input.h has the words). */
static bool is_consequence(const char *line, size_t length)
{
    static const char words[] = " (see the program before it)";
    size_t size = sizeof words - 1;
    return length >= size && memcmp(line + length - size, words, size) == 0;
}

/* The lines of a log after an indent; `causes` alone, those that follow from nothing. *found: how many there were. */
static bool add_lines(struct judging *judging, const char *indent, bool causes, size_t *found,
                      struct sw_error *error)
{
    struct sw_buffer *said = &judging->verdict->said;
    const char *text = (char *)judging->text.bytes, *end = text + judging->text.length;
    *found = 0;
    for (size_t length; text < end; text += length + 1) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        length = newline ? (size_t)(newline - text) : (size_t)(end - text);
        if (causes && is_consequence(text, length)) continue;
        ++*found;
        if (!sw_buffer_text(said, indent, error) ||
            !sw_shown_add(said, text, length, false, error) || !sw_buffer_text(said, "\n", error))
            return false;
    }
    return true;
}

static bool add_log(struct judging *judging, const char *indent, struct sw_error *error)
{
    size_t found;
    return sw_tree_read(judging->jobs->folder, (char *)judging->path.bytes, &judging->text,
                        error) &&
           add_lines(judging, indent, true, &found, error) &&
           (found > 0 || add_lines(judging, indent, false, &found, error));
}

/* A job's log, after those of the attempts before its last one. */
static bool add_logs(struct judging *judging, size_t job, struct sw_error *error)
{
    struct sw_buffer *said = &judging->verdict->said;
    unsigned attempt = 1;
    for (;; attempt++) {
        if (!place(judging, "logs", job, attempt, error)) return false;
        if (!is_there(judging)) break;
        if (!sw_buffer_format(said, error, "  attempt %u:\n", attempt) ||
            !add_log(judging, "    ", error))
            return false;
    }
    return (attempt == 1 ||
            sw_buffer_format(said, error, "  attempt %u, the last one:\n", attempt)) &&
           place(judging, "logs", job, 0, error) && add_log(judging, "  ", error);
}

/* "PIPELINE: JOB WHAT", a line. */
static bool tell(struct judging *judging, size_t job, const char *what, struct sw_error *error)
{
    struct sw_buffer *said = &judging->verdict->said;
    return sw_buffer_format(said, error, "%s: ", judging->how->pipeline) &&
           sw_stage_title(judging->jobs, job, judging->how->command, said, error) &&
           sw_buffer_format(said, error, "%s\n", what);
}

/* ---- what became of it ---- */

/* It was begun, and whatever ended it left nobody to say so. */
static bool judge_unfinished(struct judging *judging, size_t job, struct sw_error *error)
{
    judging->missing++;
    if (!judging->how->unfinished_are_told) return true;
    return place(judging, "running", job, 0, error) &&
           sw_tree_read(judging->jobs->folder, (char *)judging->path.bytes, &judging->text,
                        error) &&
           (judging->text.length == 0 || tell(judging, job, " did not finish", error));
}

static bool judge_failed(struct judging *judging, size_t job, int status, struct sw_error *error)
{
    if (status > judging->worst) judging->worst = status;
    return sw_buffer_format(&judging->failed, error, " %s", judging->jobs->names[job]) &&
           tell(judging, job, " failed:", error) && add_logs(judging, job, error);
}

static bool judge_done(struct judging *judging, size_t job, struct sw_error *error)
{
    enum sw_log_level level = judging->level;
    if (level < SW_LOG_WARNING) return true;
    if (!place(judging, "logs", job, 1, error)) return false;
    if (is_there(judging))
        return tell(judging, job, " failed at first, and was tried again:", error) &&
               add_logs(judging, job, error);
    return level < SW_LOG_DEBUG ||
           (tell(judging, job, ":", error) && add_logs(judging, job, error));
}

bool sw_stage_level(const char *stage, enum sw_log_level *level, struct sw_error *error)
{
    struct sw_buffer text = {0};
    if (!sw_tree_read(stage, "/policy", &text, error)) return false;
    char *word = (char *)text.bytes;
    word[strcspn(word, "\n")] = 0;
    word = strrchr(word, ' ');
    *level = SW_LOG_INFO;
    if (word) (void)sw_log_level_find(word + 1, level);
    sw_buffer_free(&text);
    return true;
}

bool sw_stage_judge(const struct sw_stage_jobs *jobs, const struct sw_stage_judge *how,
                    struct sw_stage_verdict *verdict, struct sw_error *error)
{
    struct judging judging = {.jobs = jobs, .how = how, .verdict = verdict};
    struct sw_job_outcome outcome = {0};
    bool good = sw_stage_level(jobs->folder, &judging.level, error) &&
                (!how->by_runner ||
                 sw_stage_runner_said(jobs->folder, judging.level, &verdict->said, error));
    for (size_t i = 0; good && i < jobs->count; i++) {
        good = sw_stage_outcome(jobs, i, &outcome, error);
        if (good && !outcome.ended)
            good = judge_unfinished(&judging, i, error);
        else if (good && outcome.status != 0)
            good = judge_failed(&judging, i, outcome.status, error);
        else if (good)
            good = judge_done(&judging, i, error);
    }
    good = good &&
           sw_buffer_format(&verdict->line, error, "%d %zu", judging.worst, judging.missing) &&
           sw_buffer_add(&verdict->line, judging.failed.bytes, judging.failed.length, error) &&
           sw_buffer_text(&verdict->line, "\n", error);
    verdict->all_done = good && judging.worst == 0 && judging.missing == 0;
    sw_buffer_free(&outcome.host);
    sw_buffer_free(&outcome.begin);
    sw_buffer_free(&judging.failed);
    sw_buffer_free(&judging.path);
    sw_buffer_free(&judging.text);
    return good;
}
