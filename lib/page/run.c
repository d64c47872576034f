/* SPDX-License-Identifier: ISC */
#include "page/run.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/input.h"
#include "page/known.h"

enum { READ_MAXIMUM = 1 << 20 }; /* what is looked for stands at a file's beginning */

char *sw_page_path(const struct sw_page_run *run, const char *below, const char *name,
                   struct sw_error *error)
{
    struct sw_buffer path = {0};
    if (sw_buffer_format(&path, error, "%s/%s/%s", run->folder, below, name) &&
        sw_buffer_add(&path, "", 1, error))
        return (char *)path.bytes;
    sw_buffer_free(&path);
    return NULL;
}

/* A file of the folder into text, which is empty where there is none. */
static bool read_file(const struct sw_page_run *run, const char *below, const char *name,
                      struct sw_buffer *text, struct sw_error *error)
{
    struct sw_input input;
    char *path = sw_page_path(run, below, name, error);
    bool good = path != NULL;
    if (good && access(path, F_OK) == 0) {
        good = sw_input_open(&input, path, error) && sw_buffer_reserve(text, READ_MAXIMUM, error) &&
               sw_input_read(&input, text->bytes, READ_MAXIMUM, &text->length, error);
        sw_input_close(&input);
    }
    free(path);
    return good;
}

static struct sw_json json_of(const struct sw_buffer *text)
{
    const char *at = (const char *)text->bytes;
    return (struct sw_json){at, at ? at + text->length : at};
}

/* ---- kind and end ---- */

static bool is_of_kind(struct sw_page_run *run, struct sw_error *error)
{
    static const char *const kinds[SW_PAGE_KINDS] = {"report", "analyse", "match"};
    struct sw_buffer kind = {0};
    bool good = read_file(run, "run", "kind", &kind, error) && sw_buffer_add(&kind, "", 1, error);
    const char *word = (const char *)kind.bytes;
    size_t found = 0;
    if (good && kind.length > 1) kind.bytes[strcspn(word, "\n")] = 0;
    while (good && found < SW_PAGE_KINDS && strcmp(word, kinds[found]) != 0) found++;
    run->kind = (enum sw_page_kind)found;
    if (good && kind.length == 1)
        good = sw_fail(error, SW_USAGE,
                       "%s: not the folder of a run: it has no run/kind; give the --output of "
                       "report, analyse or match",
                       run->folder);
    else if (good && found == SW_PAGE_KINDS)
        good =
            sw_fail(error, SW_USAGE, "%s: has the results of '%s', not of report, analyse or match",
                    run->folder, word);
    sw_buffer_free(&kind);
    return good;
}

/* What WORK/process says, and for others than a report WORK/complete (pipelines/lib/run.sh). */
static bool read_end(struct sw_page_run *run, struct sw_error *error)
{
    struct sw_buffer process = {0}, complete = {0};
    bool good = read_file(run, "run", "process", &process, error) &&
                read_file(run, "run", "complete", &complete, error) &&
                sw_buffer_add(&process, "", 1, error);
    const char *ended = good ? strstr((const char *)process.bytes, "\nended ") : NULL;
    if (ended && sscanf(ended, "\nended %ld", &run->status) != 1) ended = NULL;
    if (good && process.length > 1)
        run->end = !ended                                                ? SW_PAGE_OPEN
                   : run->status != 0                                    ? SW_PAGE_FAILED
                   : run->kind != SW_PAGE_REPORT && complete.length == 0 ? SW_PAGE_CHANGED
                                                                         : SW_PAGE_DONE;
    sw_buffer_free(&process);
    sw_buffer_free(&complete);
    return good;
}

/* ---- what there is to show ---- */

bool sw_page_is_csv(const char *name)
{
    size_t length = strlen(name);
    return (length > 4 && strcmp(name + length - 4, ".csv") == 0) ||
           (length > 7 && strcmp(name + length - 7, ".csv.gz") == 0);
}

static int by_place(const void *left, const void *right)
{
    const char *a = *(char *const *)left, *b = *(char *const *)right;
    size_t place_a = sw_page_place(a), place_b = sw_page_place(b);
    return place_a != place_b ? (place_a < place_b ? -1 : 1) : strcmp(a, b);
}

/* Names that begin with a point, and files that are being written, are no results. */
static bool add_file(struct sw_page_run *run, const char *name, struct sw_error *error)
{
    size_t length = strlen(name);
    if (*name == '.' || (length > 4 && strcmp(name + length - 4, ".tmp") == 0)) return true;
    if (!sw_grow(&run->files, &run->file_capacity, run->file_count + 1, sizeof *run->files, error))
        return false;
    run->files[run->file_count] = sw_copy_text(name, length, error);
    return run->files[run->file_count] && ++run->file_count;
}

static bool list_files(struct sw_page_run *run, struct sw_error *error)
{
    char *path = sw_page_path(run, "aggregated", "", error);
    if (!path) return false;
    DIR *folder = opendir(path);
    bool good = folder || errno == ENOENT || sw_fail_errno(error, "%s", path);
    struct dirent *entry = NULL;
    while (good && folder && (errno = 0, entry = readdir(folder)))
        good = add_file(run, entry->d_name, error);
    if (good && folder && !entry && errno != 0) good = sw_fail_errno(error, "%s", path);
    if (folder) closedir(folder);
    free(path);
    if (run->file_count > 0) qsort(run->files, run->file_count, sizeof *run->files, by_place);
    return good;
}

const char *sw_page_file_of(const struct sw_page_run *run, const char *stem)
{
    size_t length = strlen(stem);
    for (size_t i = 0; i < run->file_count; i++)
        if (sw_page_is_csv(run->files[i]) && strncmp(run->files[i], stem, length) == 0 &&
            strncmp(run->files[i] + length, ".csv", 4) == 0)
            return run->files[i];
    return NULL;
}

static bool is_folder(const char *folder, struct sw_error *error)
{
    DIR *opened = opendir(folder);
    if (!opened) return sw_fail_errno(error, "%s", folder);
    closedir(opened);
    return true;
}

bool sw_page_run_read(struct sw_page_run *run, const char *folder, struct sw_error *error)
{
    *run = (struct sw_page_run){.folder = folder};
    bool good =
        is_folder(folder, error) && is_of_kind(run, error) && read_end(run, error) &&
        list_files(run, error) &&
        read_file(run, "aggregated", "aggregation_summary.json", &run->summary_text, error) &&
        read_file(run, "run", "metrics.json", &run->metrics_text, error) &&
        (run->kind != SW_PAGE_MATCH || read_file(run, "run", "asked", &run->asked_text, error)) &&
        sw_buffer_add(&run->asked_text, "", 1, error);
    run->summary = json_of(&run->summary_text);
    run->metrics = json_of(&run->metrics_text);
    return good;
}

void sw_page_run_free(struct sw_page_run *run)
{
    while (run->file_count > 0) free(run->files[--run->file_count]);
    free(run->files);
    sw_buffer_free(&run->summary_text);
    sw_buffer_free(&run->metrics_text);
    sw_buffer_free(&run->asked_text);
}
