/* SPDX-License-Identifier: ISC
 * How fast a disk is (host/disk.h).
 *
 *     a block of noise ─▶ write, write, … sync ─▶ read, read, …      the clock is asked between
 * blocks
 *
 * The file never has a name, or loses it at once, so no signal can leave it after. O_DIRECT keeps
 * the page cache out; where a file system refuses it, each block is synced, and dropped before it
 * is read. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "files/temporary.h"
#include "host/disk.h"

enum { BLOCK = 4 << 20, ALIGNMENT = 4096 };

static const uint64_t NS_PER_SECOND = 1000000000;

struct probe {
    const char *directory;
    int fd;
    bool direct;
    unsigned char *block;
    uint64_t limit; /* bytes to write */
    uint64_t start_ns;
    struct sw_error *error;
};

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for a clock that exists */
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static bool time_is_up(const struct probe *probe)
{
    return now_ns() - probe->start_ns >= SW_PROBE_SECONDS * NS_PER_SECOND;
}

static uint64_t rate(const struct probe *probe, uint64_t bytes)
{
    uint64_t elapsed = now_ns() - probe->start_ns;
    sw_uint128 a_second = (sw_uint128)bytes * NS_PER_SECOND / (elapsed ? elapsed : 1);
    return a_second > UINT64_MAX ? UINT64_MAX : (uint64_t)a_second;
}

static bool failed(const struct probe *probe)
{
    return sw_fail_errno(probe->error, "--probe-disk: %s", probe->directory);
}

/* For file systems without O_TMPFILE: a name, for as long as it takes to take it away. */
static bool open_named(struct probe *probe)
{
    char path[4200];
    int length = snprintf(path, sizeof path, "%s/.sw-hwinfo.XXXXXX", probe->directory);
    if (length >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return failed(probe);
    }
    if (!sw_temporary_register(path, probe->error)) return false;
    probe->fd = mkostemp(path, O_CLOEXEC);
    bool good = probe->fd >= 0 && unlink(path) == 0;
    if (!good) (void)failed(probe);
    sw_temporary_forget(path);
    return good;
}

static bool open_file(struct probe *probe)
{
    probe->fd = open(probe->directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (probe->fd < 0 &&
        (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT || errno == EINVAL) &&
        !open_named(probe))
        return false;
    if (probe->fd < 0) return failed(probe);
    int flags = fcntl(probe->fd, F_GETFL);
    probe->direct = flags >= 0 && fcntl(probe->fd, F_SETFL, flags | O_DIRECT) == 0;
    return true;
}

/* Some file systems take O_DIRECT and refuse the first write. */
static bool leave_direct(struct probe *probe)
{
    int flags = fcntl(probe->fd, F_GETFL);
    probe->direct = false;
    return flags >= 0 && fcntl(probe->fd, F_SETFL, flags & ~O_DIRECT) == 0;
}

static ssize_t write_block(struct probe *probe, uint64_t offset)
{
    ssize_t got = pwrite(probe->fd, probe->block, BLOCK, (off_t)offset);
    if (got < 0 && errno == EINVAL && probe->direct && leave_direct(probe))
        got = pwrite(probe->fd, probe->block, BLOCK, (off_t)offset);
    if (got == BLOCK && !probe->direct && fdatasync(probe->fd) != 0) return -1;
    return got;
}

/* Noise, so that nothing on the way compresses it. */
static void fill(unsigned char *block)
{
    uint64_t state = 0x9e3779b97f4a7c15;
    for (size_t i = 0; i < BLOCK; i += 8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        sw_store64(block + i, state);
    }
}

static bool write_all(struct probe *probe, struct sw_disk_speed *speed)
{
    probe->start_ns = now_ns();
    while (speed->bytes < probe->limit) {
        /* Another block of noise each time, so that nothing on the way stores it once. */
        sw_store64(probe->block, speed->bytes);
        ssize_t got = write_block(probe, speed->bytes);
        if (got < 0 && errno != ENOSPC) return failed(probe);
        if (got < BLOCK) break;
        speed->bytes += BLOCK;
        if (time_is_up(probe)) break;
    }
    if (speed->bytes == 0) {
        errno = ENOSPC;
        return failed(probe);
    }
    if (fsync(probe->fd) != 0) return failed(probe);
    speed->write_bytes_s = rate(probe, speed->bytes);
    speed->direct = probe->direct;
    return true;
}

static bool read_all(struct probe *probe, struct sw_disk_speed *speed)
{
    uint64_t done = 0;
    if (!probe->direct) (void)posix_fadvise(probe->fd, 0, 0, POSIX_FADV_DONTNEED);
    probe->start_ns = now_ns();
    while (done < speed->bytes && !(done && time_is_up(probe))) {
        ssize_t got = pread(probe->fd, probe->block, BLOCK, (off_t)done);
        if (got < 0) return failed(probe);
        if (got == 0) break;
        done += (uint64_t)got;
    }
    speed->read_bytes_s = rate(probe, done);
    return true;
}

bool sw_disk_probe(const char *directory, struct sw_disk_speed *speed, struct sw_error *error)
{
    struct probe probe = {.directory = directory, .fd = -1, .error = error};
    struct sw_disk disk;
    void *block = NULL;
    *speed = (struct sw_disk_speed){0};
    if (!sw_disk_read(directory, &disk)) return failed(&probe);
    probe.limit = disk.free_bytes / 8 < SW_PROBE_BYTES ? disk.free_bytes / 8 : SW_PROBE_BYTES;
    if (posix_memalign(&block, ALIGNMENT, BLOCK) != 0)
        return sw_fail(error, SW_SYSTEM, "--probe-disk: no memory");
    probe.block = block;
    fill(block);
    bool good = open_file(&probe) && write_all(&probe, speed) && read_all(&probe, speed);
    if (probe.fd >= 0) close(probe.fd);
    free(block);
    return good;
}
