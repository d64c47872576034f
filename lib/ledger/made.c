/* SPDX-License-Identifier: ISC */
#include "ledger/made.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "files/file_sum.h"
#include "files/list_lines.h"
#include "ledger/results_parts.h"

/* A line of cksum's, under the name that the file has from OUT. What is no file has none. */
static bool add_sum(const char *path, const char *folder, const char *name, struct sw_buffer *text,
                    struct sw_error *error)
{
    struct sw_posix_checksum sum = {0};
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return true;
    return sw_file_sum(path, &sum, error) &&
           sw_buffer_format(text, error, "%" PRIu32 " %" PRIu64 " %s/%s\n",
                            sw_posix_checksum_end(&sum), sum.length, folder, name);
}

static int is_shown(const struct dirent *entry)
{
    return *entry->d_name != '.';
}

static int by_bytes(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static bool add_results(const struct sw_made *made, struct sw_buffer *text, struct sw_error *error)
{
    struct sw_buffer path = {0};
    struct dirent **entries = NULL;
    int count = 0;
    bool good = sw_join_path(&path, error, "%s/aggregated", made->output);
    if (good) count = scandir((char *)path.bytes, &entries, is_shown, by_bytes);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        good = good && sw_join_path(&path, error, "%s/aggregated/%s", made->output, name) &&
               add_sum((char *)path.bytes, "aggregated", name, text, error);
        free(entries[i]);
    }
    free(entries);
    good = good && sw_join_path(&path, error, "%s/ledger.csv", made->run) &&
           add_sum((char *)path.bytes, "run", "ledger.csv", text, error);
    sw_buffer_free(&path);
    return good;
}

static bool describe(const struct sw_made *made, struct sw_buffer *text, struct sw_error *error)
{
    return sw_buffer_add(text, made->key->bytes, made->key->length, error) &&
           add_results(made, text, error);
}

bool sw_is_made(const struct sw_made *made, bool *is, struct sw_error *error)
{
    struct sw_buffer path = {0}, said = {0}, text = {0};
    struct stat about;
    *is = false;
    bool good = sw_join_path(&path, error, "%s/aggregated", made->run);
    bool there = good && stat((char *)path.bytes, &about) == 0;
    if (there) {
        good = sw_read_list((char *)path.bytes, &said, error) && describe(made, &text, error);
        *is = good && said.length == text.length + 1 &&
              memcmp(said.bytes, text.bytes, text.length) == 0;
    }
    sw_buffer_free(&path);
    sw_buffer_free(&said);
    sw_buffer_free(&text);
    return good;
}

static bool take_counted(const struct sw_made *made, struct sw_error *error)
{
    struct sw_buffer from = {0}, to = {0};
    bool good = sw_join_path(&from, error, "%s/counted.csv", made->run) &&
                sw_join_path(&to, error, "%s/ledger.csv", made->run) &&
                (rename((char *)from.bytes, (char *)to.bytes) == 0 ||
                 sw_fail_errno(error, "%s", (char *)to.bytes));
    sw_buffer_free(&from);
    sw_buffer_free(&to);
    return good;
}

bool sw_mark_made(const struct sw_made *made, bool counted, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = (!counted || take_counted(made, error)) && describe(made, &text, error) &&
                sw_write_list(&text, error, "%s/aggregated", made->run);
    sw_buffer_free(&text);
    return good;
}
