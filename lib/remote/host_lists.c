/* SPDX-License-Identifier: ISC */
#include "remote/host_lists.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "files/output.h"
#include "host/tree.h"
#include "remote/paths.h"
#include "stage/jobs.h"

enum { LOSSES_BORNE = 2 };

/* Of WORK/hosts/logins, the lines of others than the host; *listed: it has one. */
static bool others_of(const char *work, const char *host, struct sw_buffer *others, bool *listed,
                      struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_tree_read(work, "/hosts/logins", &text, error);
    char *rest = good ? (char *)text.bytes : NULL;
    *listed = false;
    for (char *line; good && (line = strsep(&rest, "\n"));) {
        const char *blank = strchr(line, ' ');
        if (blank && strcmp(blank + 1, host) == 0)
            *listed = true;
        else if (*line)
            good = sw_buffer_format(others, error, "%s\n", line);
    }
    sw_buffer_free(&text);
    return good;
}

bool sw_host_is_listed(const char *work, const char *host, bool *listed, struct sw_error *error)
{
    struct sw_buffer others = {0};
    bool good = others_of(work, host, &others, listed, error);
    sw_buffer_free(&others);
    return good;
}

bool sw_host_place(const char *work, const char *host, struct sw_host_place *place,
                   struct sw_error *error)
{
    *place = (struct sw_host_place){0};
    if (!sw_tree_read(work, "/hosts/table", &place->text, error)) return false;
    char *rest = (char *)place->text.bytes;
    for (char *line; (line = strsep(&rest, "\n"));) {
        const char *name = strsep(&line, "\t");
        (void)strsep(&line, "\t");
        const char *mode = strsep(&line, "\t");
        if (strcmp(name, host) != 0 || !mode || !line) continue;
        place->shared = strcmp(mode, "shared") == 0;
        place->bin = strsep(&line, "\t");
        place->pipelines = line ? line : "";
        return true;
    }
    return sw_fail(error, SW_SYSTEM, "%s/hosts/table: has no host %s", work, host);
}

/* With the others alone in the list, if there are any. */
static bool take_out(const char *work, const char *host, bool *out, struct sw_error *error)
{
    struct sw_buffer path = {0}, others = {0};
    bool listed;
    const char *guard = sw_put_path(&path, error, "%s/hosts/guard", work);
    int lock = guard ? open(guard, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (guard && lock < 0) (void)sw_fail_errno(error, "%s", guard);
    if (lock < 0) return false;
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR) {
    }
    bool good = others_of(work, host, &others, &listed, error);
    *out = good && listed && others.length > 0;
    if (*out) {
        const char *logins = sw_put_path(&path, error, "%s/hosts/logins", work);
        good = logins && sw_output_file(logins, others.bytes, others.length, error);
    }
    close(lock);
    sw_buffer_free(&path);
    sw_buffer_free(&others);
    return good;
}

bool sw_host_lost(const char *work, const char *host, const char *job, bool *out,
                  struct sw_error *error)
{
    struct sw_buffer path = {0}, line = {0}, text = {0};
    size_t losses = 0;
    const char *list = sw_put_path(&path, error, "%s/hosts/lost/%s", work, host);
    *out = false;
    bool good = list && sw_buffer_format(&line, error, "%s\n", job) &&
                sw_stage_write_line(list, O_APPEND, &line, error) &&
                sw_tree_read("", list, &text, error);
    for (size_t i = 0; good && i < text.length; i++) losses += text.bytes[i] == '\n';
    if (good && losses >= LOSSES_BORNE) good = take_out(work, host, out, error);
    sw_buffer_free(&path);
    sw_buffer_free(&line);
    sw_buffer_free(&text);
    return good;
}

void sw_host_not_lost(const char *work, const char *host)
{
    struct sw_error none = {0};
    struct sw_buffer path = {0};
    const char *list = sw_put_path(&path, &none, "%s/hosts/lost/%s", work, host);
    if (list) (void)unlink(list);
    sw_buffer_free(&path);
}
