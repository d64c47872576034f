/* SPDX-License-Identifier: ISC */
#include "files/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

enum { LINKS_AT_MOST = 40 }; /* as many as the kernel follows */

/* The folder of a path with a "." at its end, which a folder that is there has; after the last
 * slash the name in it. */
static bool folder_of(const char *path, char folder[PATH_MAX], const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    int length = snprintf(folder, PATH_MAX, "%.*s.", (int)(*name - path), path);
    return length > 0 && length < PATH_MAX;
}

static bool same_file(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* ---- descriptors ---- */

static bool is_folder_of_descriptors(const struct stat *about)
{
    static const char *const folders[] = {"/proc/self/fd", "/proc/thread-self/fd"};
    struct stat own;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (stat(folders[i], &own) == 0 && same_file(&own, about)) return true;
    return false;
}

/* The descriptor that a path names, as /proc/self/fd/1 and /dev/fd/1 do; -1: none. */
static int descriptor_named(const char *path)
{
    char folder[PATH_MAX], *end;
    const char *name;
    struct stat about;
    if (!folder_of(path, folder, &name) || *name < '0' || *name > '9') return -1;
    errno = 0;
    long number = strtol(name, &end, 10);
    if (errno || *end || number > INT_MAX) return -1;
    return stat(folder, &about) == 0 && is_folder_of_descriptors(&about) ? (int)number : -1;
}

/* The program's own files are closed by an exec; what was given to it is not. */
static bool is_given(int fd)
{
    int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && !(flags & FD_CLOEXEC);
}

static bool take_descriptor(struct sw_target *target, const char *path, int fd,
                            struct sw_error *error)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || !is_given(fd) || (flags & O_ACCMODE) == O_RDONLY ||
        fstat(fd, &target->about) != 0) {
        errno = EBADF;
        return sw_fail_errno(error, "%s", path);
    }
    target->kind = SW_TARGET_DESCRIPTOR;
    target->fd = fd;
    target->there = true;
    return true;
}

/* ---- links ---- */

/* What the link `path` contains, seen from where it stands; NULL with errno EINVAL: it is no link. */
static char *next_of(const char *path)
{
    char content[PATH_MAX], joined[PATH_MAX];
    const char *slash = strrchr(path, '/');
    ssize_t length = readlink(path, content, sizeof content - 1);
    if (length < 0) return NULL;
    content[length] = 0;
    int before = slash && content[0] != '/' ? (int)(slash + 1 - path) : 0;
    int all = snprintf(joined, sizeof joined, "%.*s%s", before, path, content);
    if (all >= 0 && all < (int)sizeof joined) return strdup(joined);
    errno = ENAMETOOLONG;
    return NULL;
}

/* The same name in its folder's real name, where that is there; takes `path` over. */
static char *in_real_folder(char *path)
{
    char folder[PATH_MAX], real[PATH_MAX], joined[PATH_MAX];
    const char *name;
    if (!folder_of(path, folder, &name) || !*name || !realpath(folder, real)) return path;
    int length = snprintf(joined, sizeof joined, "%s/%s", real[1] ? real : "", name);
    char *copy = length > 0 && length < PATH_MAX ? strdup(joined) : NULL;
    if (!copy) return path; /* as good a name */
    free(path);
    return copy;
}

/* Sets target->path to the name after all links, or target->fd where they lead to a descriptor. */
static bool follow(struct sw_target *target, const char *path, struct sw_error *error)
{
    char *at = sw_copy_text(path, strlen(path), error);
    for (int links = 0; at && (target->fd = descriptor_named(at)) < 0; links++) {
        char *next = next_of(at);
        if (!next && (errno == EINVAL || errno == ENOENT)) {
            target->path = in_real_folder(at);
            return true;
        }
        int reason = next ? ELOOP : errno;
        free(at);
        at = next;
        if (next && links < LINKS_AT_MOST) continue;
        free(next);
        errno = reason;
        return sw_fail_errno(error, "%s", path);
    }
    bool found = at != NULL;
    free(at);
    return found;
}

/* A link of /proc says what it leads to, which need not be there under that name. */
static bool is_named_so(const struct sw_target *target)
{
    struct stat found;
    return lstat(target->path, &found) == 0 && same_file(&found, &target->about);
}

/* ---- what it is ---- */

static bool refuse(struct sw_target *target, const char *path, const char *reason,
                   struct sw_error *error)
{
    sw_target_free(target);
    return sw_fail(error, SW_SYSTEM, "%s: %s", path, reason);
}

static bool take_file(struct sw_target *target, const char *path, struct sw_error *error)
{
    size_t length = strlen(target->path);
    target->kind = SW_TARGET_FILE;
    if (!target->there && (length == 0 || target->path[length - 1] == '/'))
        return refuse(target, path, strerror(length ? EISDIR : ENOENT), error);
    if (target->there && !is_named_so(target))
        return refuse(target, path, "leads to a file without a name", error);
    if (target->there && faccessat(AT_FDCWD, target->path, W_OK, AT_EACCESS) != 0)
        return refuse(target, path, strerror(errno), error);
    return true;
}

static bool take_direct(struct sw_target *target, const char *path, struct sw_error *error)
{
    if (S_ISDIR(target->about.st_mode)) return refuse(target, path, "is a directory", error);
    sw_target_free(target);
    target->kind = SW_TARGET_DIRECT;
    return true;
}

bool sw_target_find(struct sw_target *target, const char *path, struct sw_error *error)
{
    *target = (struct sw_target){.fd = -1};
    if (!path || strcmp(path, "-") == 0)
        return take_descriptor(target, "standard output", STDOUT_FILENO, error);
    if (!follow(target, path, error)) return false;
    if (target->fd >= 0) return take_descriptor(target, path, target->fd, error);
    /* By the name as it was given, so that the kernel decides which links may be followed. */
    target->there = stat(path, &target->about) == 0;
    if (!target->there && errno != ENOENT) return refuse(target, path, strerror(errno), error);
    return !target->there || S_ISREG(target->about.st_mode) ? take_file(target, path, error)
                                                            : take_direct(target, path, error);
}

/* ---- two of them ---- */

static bool same_name(const char *one, const char *other)
{
    char folder[PATH_MAX], other_folder[PATH_MAX];
    const char *name, *other_name;
    struct stat about, other_about;
    return folder_of(one, folder, &name) && folder_of(other, other_folder, &other_name) &&
           strcmp(name, other_name) == 0 &&
           (strcmp(folder, other_folder) == 0 ||
            (stat(folder, &about) == 0 && stat(other_folder, &other_about) == 0 &&
             same_file(&about, &other_about)));
}

bool sw_target_same(const struct sw_target *one, const struct sw_target *other)
{
    if (one->there != other->there) return false;
    if (!one->there) return same_name(one->path, other->path);
    if (one->fd >= 0 && one->fd == other->fd) return true;
    return same_file(&one->about, &other->about) && !S_ISCHR(one->about.st_mode);
}

bool sw_target_hand_on(const struct sw_target *target, int fd)
{
    const struct stat *about = &target->about;
    struct stat now;
    if (!target->there) return true;
    if (fstat(fd, &now) != 0) return false;
    mode_t mode = about->st_mode & 0777;
    if (now.st_gid != about->st_gid && fchown(fd, (uid_t)-1, about->st_gid) != 0)
        mode = (mode & 0707) | (mode & 0007) << 3; /* to its own group, what it was to others */
    bool ours = now.st_uid != about->st_uid && fchown(fd, about->st_uid, (gid_t)-1) != 0;
    if (ours) mode |= 0600; /* as whatever else we make */
    return fchmod(fd, mode) == 0;
}

void sw_target_free(struct sw_target *target)
{
    free(target->path);
    target->path = NULL;
}
