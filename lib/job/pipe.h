/* SPDX-License-Identifier: ISC
 *
 * A pipe of programs, as a job puts it together and runs it: each writes to the next, the first reads and the last writes what the process has as
 * its standard input and output. Words are copied, and stay until the pipe is freed; so do the tallies that they name.
 *
 *     struct sw_job_pipe pipe = {.error = error};
 *     sw_job_program(&pipe, "sw-chunk");
 *     sw_job_words(&pipe, "--range", "0:100", "--", file, NULL);
 *     sw_job_program(&pipe, "sw-cut");
 *     if (!sw_job_pipe_run(&pipe, &worst)) …
 */
#ifndef SW_JOB_PIPE_H
#define SW_JOB_PIPE_H

#include "job/settings.h"

enum { SW_JOB_PROGRAMS = 4 };

/* Says a line, which has no newline, where standard error is: in a job that is its log. Called in processes of its programs, too. */
typedef void sw_job_say(const char *line);

/* Set error and say, and shown where it is dry; free with sw_job_pipe_free. */
struct sw_job_pipe {
    struct sw_error *error; /* the first failure of whatever was added; sw_job_pipe_run tells */
    bool failed;
    sw_job_say *say;
    bool is_told; /* before it is run, as a shell would be given it */
    bool is_dry;  /* added to shown, and not run */
    struct sw_buffer *shown;
    struct sw_job_texts programs[SW_JOB_PROGRAMS]; /* words, the first a name to be found on PATH */
    size_t count;
    struct sw_job_texts owned, tallies; /* all words; the files that --tally names */
};

/* Begins another program, of at most SW_JOB_PROGRAMS; what is added then are its words. */
void sw_job_program(struct sw_job_pipe *pipe, const char *name);

/* Add words: texts, NULL after the last one; those of a list; --tally PART.ENDING, which is a tally of the pipe; NAME VALUE, where the value is not
 * empty; one by a format. Nothing is added after a failure, which sw_job_pipe_run tells. */
void sw_job_words(struct sw_job_pipe *pipe, ...) __attribute__((sentinel));
void sw_job_list(struct sw_job_pipe *pipe, const struct sw_job_texts *words);
void sw_job_tally(struct sw_job_pipe *pipe, const char *part, const char *ending);
void sw_job_pair(struct sw_job_pipe *pipe, const char *name, const char *value);
void sw_job_format(struct sw_job_pipe *pipe, const char *format, ...) SW_PRINTF(2, 3);

/* Runs the programs, and waits for all; then there are none, for another pipe. *worst: the worst of their statuses, 1 to 3, that of one that a
 * signal ended being 3, but for SIGPIPE: whoever read has left, and says why. One that a signal ended is said, and one that cannot be run. SW_SYSTEM: no
 * memory, no process. */
bool sw_job_pipe_run(struct sw_job_pipe *pipe, int *worst) SW_CHECKED;
void sw_job_pipe_free(struct sw_job_pipe *pipe);

/* Whether SIGTERM, which a job has blocked, has come: its programs were told, too. */
bool sw_job_is_ending(void);

#endif
