/* SPDX-License-Identifier: ISC */
#include "stage/runner_log.h"

#include <string.h>

#include "base/shown_text.h"
#include "host/tree.h"

bool sw_stage_runner_said(const char *stage, enum sw_log_level level, struct sw_buffer *said,
                          struct sw_error *error)
{
    static const char failed[] = "parallel: This job failed:";
    static const char no_more[] = "parallel: Starting no more jobs. Waiting for ";
    struct sw_buffer text = {0};
    bool good = sw_tree_read(stage, "/runner.log", &text, error);
    char *rest = good && text.length ? (char *)text.bytes : NULL;
    for (char *line; good && (line = strsep(&rest, "\n"));) {
        bool is_failure = strcmp(line, failed) == 0;
        if (level < SW_LOG_DEBUG &&
            (is_failure || strncmp(line, no_more, sizeof no_more - 1) == 0)) {
            if (is_failure) (void)strsep(&rest, "\n"); /* its command */
            continue;
        }
        if (*line || rest)
            good = sw_shown_add(said, line, strlen(line), false, error) &&
                   sw_buffer_text(said, "\n", error);
    }
    sw_buffer_free(&text);
    return good;
}
