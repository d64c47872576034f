/* SPDX-License-Identifier: ISC */
#include "files/folders.h"

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Makes path[0..end), which is cut off there meanwhile. */
static bool make_up_to(char *path, char *end, struct sw_error *error)
{
    char kept = *end;
    *end = 0;
    bool good = mkdir(path, 0777) == 0 || (errno == EEXIST && is_folder(path)) ||
                sw_fail_errno(error, "%s", path);
    *end = kept;
    return good;
}

static bool make_all(char *path, size_t length, struct sw_error *error)
{
    for (size_t i = 1; i <= length; i++)
        if ((path[i] == '/' || i == length) && path[i - 1] != '/' &&
            !make_up_to(path, path + i, error))
            return false;
    return true;
}

bool sw_make_folders(const char *path, struct sw_error *error)
{
    if (is_folder(path)) return true;
    char *copy = sw_copy_text(path, strlen(path), error);
    bool good = copy && make_all(copy, strlen(copy), error);
    free(copy);
    return good;
}

bool sw_make_folders_of(const char *path, struct sw_error *error)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return true;
    char *copy = sw_copy_text(path, (size_t)(slash - path), error);
    bool good = copy && sw_make_folders(copy, error);
    free(copy);
    return good;
}

bool sw_remove_tree(const char *path, struct sw_error *error)
{
    char *const paths[] = {(char *)(uintptr_t)path, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    bool good = tree != NULL;
    for (FTSENT *entry; good && (entry = fts_read(tree));)
        if (entry->fts_info != FTS_D && entry->fts_info != FTS_NS)
            good = remove(entry->fts_accpath) == 0 || errno == ENOENT;
    if (!good) (void)sw_fail_errno(error, "%s", path);
    if (tree) fts_close(tree);
    return good;
}
