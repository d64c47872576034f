/* SPDX-License-Identifier: ISC */
#include "stage/folder.h"

#include <errno.h>
#include <fts.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/bytes.h"
#include "files/folders.h"
#include "host/tree.h"

enum { OTHERS_WRITE = S_IWGRP | S_IWOTH, PATH_LENGTH = 4096 };

/* ---- whose it is ---- */

static bool is_ours(const struct stat *about)
{
    return about->st_uid == geteuid() || about->st_uid == 0;
}

static bool refuse_owner(const char *path, const struct stat *about, struct sw_error *error)
{
    char number[24];
    const struct passwd *user = getpwuid(about->st_uid);
    snprintf(number, sizeof number, "%lu", (unsigned long)about->st_uid);
    return sw_fail(
        error, SW_SYSTEM,
        "%s: belongs to %s, and what is in the folder of a run is trusted; remove it, or "
        "give another output",
        path, user ? user->pw_name : number);
}

/* Whether files there have permissions of their own: a new one of nobody else's has. */
static bool has_permissions(const char *folder, bool *has, struct sw_error *error)
{
    char path[PATH_LENGTH];
    struct stat about;
    if (snprintf(path, sizeof path, "%s/probe.XXXXXX", folder) >= PATH_LENGTH)
        return sw_fail(error, SW_SYSTEM, "%s: too long a name", folder);
    int file = mkstemp(path);
    if (file < 0) return sw_fail_errno(error, "%s", folder);
    bool good = fstat(file, &about) == 0 || sw_fail_errno(error, "%s", path);
    *has = good && !(about.st_mode & OTHERS_WRITE);
    close(file);
    unlink(path);
    return good;
}

/* One of what is in the folder. *known: whether files there have permissions of their own; -1: not yet. */
static bool look_at(const FTSENT *entry, const char *folder, int *known, struct sw_error *error)
{
    const struct stat *about = entry->fts_statp;
    bool has = true;
    if (!is_ours(about)) return refuse_owner(entry->fts_path, about, error);
    if (S_ISLNK(about->st_mode) || !(about->st_mode & OTHERS_WRITE) || *known == 0) return true;
    if (!has_permissions(folder, &has, error)) return false;
    *known = has;
    return !has || sw_fail(error, SW_SYSTEM,
                           "%s: others may write there, and what is in the folder of a run is "
                           "trusted; remove it, or, where nobody did, chmod -R go-w",
                           entry->fts_path);
}

/* What attempts at jobs left is removed unread. What is gone meanwhile is not there. */
static bool look_through(FTS *tree, const char *folder, struct sw_error *error)
{
    int known = -1;
    for (FTSENT *entry; errno = 0, (entry = fts_read(tree));) {
        if (entry->fts_info == FTS_DP) continue;
        if (strcmp(entry->fts_name, "attempts") == 0) {
            (void)fts_set(tree, entry, FTS_SKIP);
            continue;
        }
        bool unread =
            entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR;
        if (unread && entry->fts_errno == ENOENT) continue;
        if (unread) return sw_fail(error, SW_SYSTEM, "%s: cannot be looked through", folder);
        if (!look_at(entry, folder, &known, error)) return false;
    }
    return errno == 0 || sw_fail(error, SW_SYSTEM, "%s: cannot be looked through", folder);
}

static bool trust(const char *folder, struct sw_error *error)
{
    char *const paths[] = {(char *)(uintptr_t)folder, NULL};
    struct stat about;
    if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))
        return sw_fail(error, SW_SYSTEM, "%s: not a folder", folder);
    if (lstat(folder, &about) == 0 && S_ISLNK(about.st_mode) && !is_ours(&about))
        return refuse_owner(folder, &about, error);
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
    if (!tree) return sw_fail(error, SW_SYSTEM, "%s: cannot be looked through", folder);
    bool good = look_through(tree, folder, error);
    fts_close(tree);
    return good;
}

/* False where somebody was faster, too, and what is there has to be looked through: then nothing is in error. */
static bool make(const struct sw_run_folder *folder, struct sw_error *error)
{
    mode_t mode = (0777 & ~folder->mask & ~(mode_t)OTHERS_WRITE) | S_IRWXU;
    if (mkdir(folder->path, mode) != 0)
        return errno == EEXIST ? false : sw_fail_errno(error, "%s", folder->path);
    if (chmod(folder->path, mode) != 0) return sw_fail_errno(error, "%s", folder->path);
    /* Where there are no such lists there is none to remove. */
    (void)removexattr(folder->path, "system.posix_acl_default");
    return true;
}

bool sw_run_folder_mask(const char *text, mode_t *mask, struct sw_error *error)
{
    char *end;
    *mask = umask(022);
    umask(*mask);
    if (!text) return true;
    unsigned long value = strtoul(text, &end, 8);
    if (*end || value > 0777) return sw_fail(error, SW_USAGE, "--mask: not a mask: '%s'", text);
    *mask = (mode_t)value;
    return true;
}

/* ---- what it is of ---- */

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Before this was written down, an analysis had securities. */
static bool looks_like_analysis(const char *folder)
{
    char path[PATH_LENGTH];
    const char *slash = strrchr(folder, '/');
    if (strcmp(slash ? slash + 1 : folder, "run") != 0) return false;
    if (snprintf(path, sizeof path, "%s/securities", folder) >= PATH_LENGTH) return false;
    if (is_folder(path)) return true;
    snprintf(path, sizeof path, "%.*sby_security", slash ? (int)(slash - folder + 1) : 0, folder);
    return is_folder(path);
}

bool sw_run_folder_is_of_kind(const struct sw_run_folder *folder, struct sw_error *error)
{
    struct sw_buffer text = {0};
    const char *kind = "";
    if (!sw_tree_read(folder->path, "/kind", &text, error)) return false;
    char *word = (char *)text.bytes;
    word[strcspn(word, "\n")] = 0;
    if (sw_tree_has(folder->path, "/kind"))
        kind = *word && (*word < 'a' || *word > 'z') ? "something else" : word;
    else if (looks_like_analysis(folder->path))
        kind = "analyse";
    bool good = strncmp(folder->kind, kind, strlen(kind)) == 0 ||
                sw_fail(error, SW_USAGE, "%s: has the results of %s; give %s another output",
                        folder->output, kind, folder->kind);
    sw_buffer_free(&text);
    return good;
}

/* A result is the user's, and as the mask has it. */
static bool make_output(const struct sw_run_folder *folder, struct sw_error *error)
{
    mode_t before = umask(folder->mask);
    bool good = sw_make_folders(folder->output, error);
    umask(before);
    return good;
}

bool sw_run_folder_open(const struct sw_run_folder *folder, struct sw_error *error)
{
    struct stat about;
    if (folder->makes_output && !make_output(folder, error)) return false;
    bool is_there = lstat(folder->path, &about) == 0;
    if (is_there || !make(folder, error))
        if (error->status || !trust(folder->path, error)) return false;
    return sw_run_folder_is_of_kind(folder, error);
}
