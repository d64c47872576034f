/* SPDX-License-Identifier: ISC
 *
 * A library to be preloaded: one call of the system, or of the allocator, does not do what it was
 * asked for. Which one says FAULT, as CALL:N:HOW, for the N-th time (from 1) that the program calls
 * it:
 *
 *     FAULT=write:3:ENOSPC     the third write fails with that error
 *     FAULT=write:3:ENOSPC+    it and all that follow
 *     FAULT=read:1:short       the first read brings a byte, or nothing where it asked for one
 *     FAULT=read:2:EINTR       the second is interrupted before anything was read
 *
 * FAULT_NOTE names a file that is created when the call was reached. FAULT_OF=NAME: only in
 * programs of this name. Memory that cannot be had is malloc:N:ENOMEM, N counting malloc, calloc,
 * realloc, posix_memalign and aligned_alloc together.
 *
 *     cc -shared -fPIC -o fault.so tests/fault.c && FAULT=close:1:EIO LD_PRELOAD=./fault.so sw-cut …
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum how { WHOLE, FAILS, IS_SHORT };

static const struct {
    const char *name;
    int number;
} errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EINTR", EINTR},   {"ENOMEM", ENOMEM},
              {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"EDQUOT", EDQUOT}, {"EAGAIN", EAGAIN}};

static char call[24];
static unsigned long wanted, seen;
static int number;
static bool is_short, lasts;

/* Without memory, and without the calls that are watched here. */
__attribute__((constructor)) static void read_fault(void)
{
    const char *fault = getenv("FAULT"), *of = getenv("FAULT_OF");
    char how[16];
    if (!fault || (of && strcmp(of, program_invocation_short_name) != 0) ||
        sscanf(fault, "%23[a-z_]:%lu:%15s", call, &wanted, how) != 3)
        return;
    size_t length = strlen(how);
    lasts = how[length - 1] == '+';
    if (lasts) how[length - 1] = '\0';
    is_short = strcmp(how, "short") == 0;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (strcmp(how, errors[i].name) == 0) number = errors[i].number;
}

static void note(void)
{
    const char *path = getenv("FAULT_NOTE");
    if (!path) return;
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0) syscall(SYS_close, fd);
}

static enum how now(const char *name)
{
    if (!wanted || strcmp(name, call) != 0) return WHOLE;
    seen++;
    if (seen != wanted && !(lasts && seen > wanted)) return WHOLE;
    if (seen == wanted) note();
    errno = number;
    return is_short ? IS_SHORT : FAILS;
}

static bool fails(const char *name)
{
    return now(name) == FAILS;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* ---- bytes ---- */

static size_t less(size_t length)
{
    return length > 1 ? 1 : length;
}

ssize_t read(int fd, void *to, size_t length)
{
    enum how how = now("read");
    return how == FAILS ? -1 : syscall(SYS_read, fd, to, how == IS_SHORT ? less(length) : length);
}

ssize_t write(int fd, const void *from, size_t length)
{
    enum how how = now("write");
    return how == FAILS ? -1
                        : syscall(SYS_write, fd, from, how == IS_SHORT ? less(length) : length);
}

ssize_t pread(int fd, void *to, size_t length, off_t offset)
{
    enum how how = now("pread");
    if (how == FAILS) return -1;
    return syscall(SYS_pread64, fd, to, how == IS_SHORT ? less(length) : length, offset);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t offset)
{
    enum how how = now("pwrite");
    if (how == FAILS) return -1;
    return syscall(SYS_pwrite64, fd, from, how == IS_SHORT ? less(length) : length, offset);
}

/* ---- descriptors ---- */

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return fails("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* The descriptor is closed all the same, as Linux does it. */
int close(int fd)
{
    bool bad = fails("close");
    int error = errno, outcome = (int)syscall(SYS_close, fd);
    if (!bad) return outcome;
    errno = error;
    return -1;
}

off_t lseek(int fd, off_t offset, int whence)
{
    return fails("lseek") ? -1 : syscall(SYS_lseek, fd, offset, whence);
}

int fsync(int fd)
{
    return fails("fsync") ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return fails("fsync") ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t length)
{
    return fails("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, fd, length);
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    return fails("fallocate") ? -1 : (int)syscall(SYS_fallocate, fd, mode, offset, length);
}

int fstat(int fd, struct stat *about)
{
    return fails("fstat") ? -1 : REAL(fstat)(fd, about);
}

int fchmod(int fd, mode_t mode)
{
    return fails("fchmod") ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int fchown(int fd, uid_t user, gid_t group)
{
    return fails("fchown") ? -1 : (int)syscall(SYS_fchown, fd, user, group);
}

int dup2(int from, int to)
{
    return fails("dup") ? -1 : REAL(dup2)(from, to);
}

int pipe(int ends[2])
{
    return fails("pipe") ? -1 : REAL(pipe)(ends);
}

pid_t fork(void)
{
    return fails("fork") ? -1 : REAL(fork)();
}

/* ---- names ---- */

int rename(const char *from, const char *to)
{
    return fails("rename") ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to)
{
    return fails("link") ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
    return fails("unlink") ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return fails("mkdir") ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int stat(const char *path, struct stat *about)
{
    return fails("stat") ? -1 : REAL(stat)(path, about);
}

int lstat(const char *path, struct stat *about)
{
    return fails("stat") ? -1 : REAL(lstat)(path, about);
}

char *realpath(const char *path, char *to)
{
    return fails("realpath") ? NULL : REAL(realpath)(path, to);
}

ssize_t readlink(const char *path, char *to, size_t length)
{
    return fails("readlink") ? -1 : REAL(readlink)(path, to, length);
}

int mkostemps(char *path, int suffix, int flags)
{
    return fails("mkostemp") ? -1 : REAL(mkostemps)(path, suffix, flags);
}

int mkostemp(char *path, int flags)
{
    return fails("mkostemp") ? -1 : REAL(mkostemp)(path, flags);
}

char *mkdtemp(char *path)
{
    return fails("mkdtemp") ? NULL : REAL(mkdtemp)(path);
}

FILE *fopen(const char *path, const char *mode)
{
    return fails("fopen") ? NULL : REAL(fopen)(path, mode);
}

size_t fread(void *to, size_t size, size_t count, FILE *from)
{
    return fails("fread") ? 0 : REAL(fread)(to, size, count, from);
}

ssize_t getrandom(void *to, size_t length, unsigned flags)
{
    return fails("getrandom") ? -1 : REAL(getrandom)(to, length, flags);
}

/* ---- memory ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    return fails("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails("malloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails("malloc") ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails("malloc") ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (fails("malloc")) return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    if (fails("mmap")) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

void *mremap(void *at, size_t old, size_t length, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    void *to = flags & MREMAP_FIXED ? va_arg(more, void *) : NULL;
    va_end(more);
    if (fails("mmap")) return MAP_FAILED;
    return (void *)syscall(SYS_mremap, at, old, length, flags, to);
}
