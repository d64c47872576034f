/* SPDX-License-Identifier: ISC */
#include "stage/begin.h"

#include <string.h>

#include "stage/left.h"

static void tell_of(const struct sw_run_begin *run, const char *format, const char *name)
{
    struct sw_error message = {0};
    (void)sw_fail(&message, SW_SYSTEM, format, name);
    run->tell(message.message);
}

static void tell_of_waiting(void *context)
{
    const struct sw_run_begin *run = context;
    tell_of(run, "%s: waiting for jobs of a run that was killed (--kill-orphans ends them)",
            run->folder.output);
}

static bool clear(const struct sw_run_begin *run, struct sw_error *error)
{
    const char *path = run->folder.path;
    struct sw_buffer others = {0};
    bool made_again = false;
    bool good = sw_remove_unfinished(path, run->outputs, run->output_count, &others, error) &&
                (!run->build || sw_note_build(path, run->build, &made_again, error));
    for (size_t at = 0; run->level >= SW_LOG_WARNING && at < others.length;
         at += strlen((char *)others.bytes + at) + 1)
        tell_of(run, "%s: left by an earlier run", (char *)others.bytes + at);
    if (made_again && run->level >= SW_LOG_INFO)
        tell_of(run,
                "%s: has results of an earlier build, whose numbers mean something else "
                "(CHANGELOG.md says what): they are made again",
                run->folder.output);
    sw_buffer_free(&others);
    return good;
}

bool sw_run_folder_begin(struct sw_run_begin *run, struct sw_error *error)
{
    run->hold.waits = run->level < SW_LOG_WARNING ? NULL : tell_of_waiting;
    run->hold.context = run;
    return sw_run_folder_hold(&run->folder, &run->hold, &run->gone, error) &&
           (run->gone || clear(run, error));
}
