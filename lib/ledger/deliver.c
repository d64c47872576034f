/* SPDX-License-Identifier: ISC */
#include "ledger/deliver.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "files/folders.h"
#include "files/input.h"
#include "files/output.h"
#include "files/list_lines.h"
#include "ledger/results_parts.h"
#include "ledger/run_files.h"

enum { OUTPUTS = 4, FIELDS = 5 };

struct delivery {
    const struct sw_delivery *asked;
    struct sw_output outputs[OUTPUTS];
    struct sw_output *opened[OUTPUTS];
    size_t count;
    struct sw_buffer path;
    bool counts; /* the lines of what is copied: */
    uint64_t lines;
    struct sw_error *error;
};

/* Makes, or appends to, a file of the run's own, which nobody else may read, whatever the umask. */
static bool write_own(struct delivery *delivery, const char *name, int how, const void *bytes,
                      size_t length)
{
    struct sw_error *error = delivery->error;
    if (!sw_join_path(&delivery->path, error, "%s/%s", delivery->asked->work, name)) return false;
    const char *path = (const char *)delivery->path.bytes;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600);
    if (fd < 0) return sw_fail_errno(error, "%s", path);
    bool good = sw_write_all(fd, path, bytes, length, error);
    if (close(fd) != 0 && good) good = sw_fail_errno(error, "%s", path);
    return good;
}

/* Opens an output; what is to become of it is known to the next run. */
static struct sw_output *open_output(struct delivery *delivery, const char *name)
{
    struct sw_output *output = &delivery->outputs[delivery->count];
    struct sw_error *error = delivery->error;
    if (!sw_output_open(output, name, error)) return NULL;
    delivery->opened[delivery->count++] = output;
    const char *beside = output->temporary_path;
    bool good =
        (!beside || write_own(delivery, "unfinished", O_APPEND, beside, strlen(beside) + 1)) &&
        (!sw_output_named_gzip(name) || sw_output_compress(output, error));
    return good ? output : NULL;
}

/* All is written to it. Who reads what has no name to get waits for its end, and may have to before the next is opened. */
static bool end_output(struct delivery *delivery, struct sw_output *output)
{
    if (output->temporary_path) return true;
    delivery->count--;
    return sw_output_close(output, delivery->error);
}

/* ---- what goes there ---- */

static uint64_t count_lines(const unsigned char *bytes, size_t length)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++) lines += bytes[i] == '\n';
    return lines;
}

static bool copy(struct delivery *delivery, const char *path, struct sw_output *to)
{
    static unsigned char bytes[1 << 16];
    struct sw_error *error = delivery->error;
    struct sw_input input;
    size_t got = 0;
    if (!sw_input_open(&input, path, error)) return false;
    bool good;
    while ((good = sw_input_read(&input, bytes, sizeof bytes, &got, error)) && got > 0) {
        if (delivery->counts) delivery->lines += count_lines(bytes, got);
        if (!(good = sw_output_write(to, bytes, got, error))) break;
    }
    sw_input_close(&input);
    return good;
}

static bool copy_parts(struct delivery *delivery, const char *ending, bool all,
                       struct sw_output *to)
{
    struct sw_buffer text = {0};
    struct sw_error *error = delivery->error;
    char *fields[FIELDS];
    size_t count;
    bool good = sw_join_path(&delivery->path, error, "%s/all", delivery->asked->stage) &&
                sw_read_list((const char *)delivery->path.bytes, &text, error);
    for (char *line = (char *)text.bytes; good && *line;) {
        line = sw_cut_line(line, fields, FIELDS, &count);
        if (!line || count != FIELDS) {
            good = sw_fail(error, SW_SYSTEM, "%s/all: not what a run writes there",
                           delivery->asked->stage);
            break;
        }
        good = sw_join_path(&delivery->path, error, "%s/%s.%s", delivery->asked->work, fields[4],
                            ending);
        const char *part = (const char *)delivery->path.bytes;
        if (good && (all || access(part, F_OK) == 0)) good = copy(delivery, part, to);
    }
    sw_buffer_free(&text);
    return good;
}

static bool put_rows(struct delivery *delivery)
{
    const struct sw_delivery *asked = delivery->asked;
    struct sw_output *output = open_output(delivery, asked->rows);
    return output && (!asked->header || copy(delivery, asked->header, output)) &&
           copy_parts(delivery, "rows", true, output) && end_output(delivery, output);
}

static bool put_bad_rows(struct delivery *delivery)
{
    struct sw_output *output = open_output(delivery, delivery->asked->bad_rows);
    char text[24];
    delivery->counts = true;
    if (!output || !copy_parts(delivery, "bad", false, output) || !end_output(delivery, output))
        return false;
    delivery->counts = false;
    int length = snprintf(text, sizeof text, "%" PRIu64 "\n", delivery->lines);
    return write_own(delivery, "bad_lines", O_TRUNC, text, (size_t)length);
}

static bool put_file(struct delivery *delivery, const char *name, const char *file)
{
    struct sw_output *output = open_output(delivery, name);
    return output &&
           sw_join_path(&delivery->path, delivery->error, "%s/%s", delivery->asked->work, file) &&
           copy(delivery, (const char *)delivery->path.bytes, output) &&
           end_output(delivery, output);
}

bool sw_deliver(const struct sw_delivery *asked, uint64_t *bad_lines, struct sw_error *error)
{
    struct delivery delivery = {.asked = asked, .error = error};
    const struct sw_buffer *counted = asked->counted;
    size_t finished = 0;
    bool good = (!counted ||
                 write_own(&delivery, "counted.csv", O_TRUNC, counted->bytes, counted->length)) &&
                (!asked->ledger || put_file(&delivery, asked->ledger, "counted.csv")) &&
                (!asked->metrics || put_file(&delivery, asked->metrics, "metrics.json")) &&
                (!asked->bad_rows || put_bad_rows(&delivery)) &&
                (!asked->rows || put_rows(&delivery));
    while (good && finished < delivery.count)
        good = sw_output_finish(delivery.opened[finished++], error);
    good = good && sw_output_publish(delivery.opened, delivery.count, error);
    for (size_t i = 0; !good && i < delivery.count; i++) sw_output_abandon(delivery.opened[i]);
    sw_buffer_free(&delivery.path);
    *bad_lines = delivery.lines;
    return good;
}

/* ---- the end of a run ---- */

/* Whoever watches the run is told that it has ended. */
static bool tell_end(const char *work, struct sw_error *error)
{
    struct delivery delivery = {.asked = &(struct sw_delivery){.work = work}, .error = error};
    struct timeval now;
    char line[64];
    gettimeofday(&now, NULL);
    int length =
        snprintf(line, sizeof line, "ended 0 %ld.%06ld\n", (long)now.tv_sec, (long)now.tv_usec);
    bool good = write_own(&delivery, "process", O_APPEND, line, (size_t)length);
    sw_buffer_free(&delivery.path);
    return good;
}

static bool remove_run(const char *work, struct sw_error *error)
{
    struct sw_buffer path = {0};
    DIR *folder = opendir(work);
    if (!folder) return sw_fail_errno(error, "%s", work);
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(folder));) {
        const char *name = entry->d_name;
        if (strcmp(name, "lock") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        good = sw_join_path(&path, error, "%s/%s", work, name) &&
               sw_remove_tree((const char *)path.bytes, error);
    }
    closedir(folder);
    sw_buffer_free(&path);
    return good && sw_remove_tree(work, error);
}

bool sw_delivered_put(const struct sw_delivered *delivered, struct sw_buffer *out,
                      struct sw_error *error)
{
    return sw_buffer_format(out, error, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                            delivered->read, delivered->kept, delivered->bad, delivered->bad_lines);
}

bool sw_deliver_counted(struct sw_delivery *asked, bool removes, struct sw_delivered *delivered,
                        struct sw_error *error)
{
    struct sw_buffer counted = {0}, about = {0};
    struct sw_ledger_counts all;
    bool good = sw_join_path(&about, error, "%s/about", asked->stage) &&
                sw_ledger_count(asked->work, asked->stage, (const char *)about.bytes, NULL,
                                &counted, &all, error);
    if (good) {
        *delivered = (struct sw_delivered){all.of[SW_READ], all.of[SW_KEPT], all.of[SW_BAD], 0};
        asked->counted = &counted;
        good = sw_deliver(asked, &delivered->bad_lines, error);
    }
    good = good && (!removes || (tell_end(asked->work, error) && remove_run(asked->work, error)));
    asked->counted = NULL;
    sw_buffer_free(&counted);
    sw_buffer_free(&about);
    return good;
}
