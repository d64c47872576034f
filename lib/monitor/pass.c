/* SPDX-License-Identifier: ISC */
#include "monitor/pass.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/memory.h"

/* Read and written at once by hand, and moved at once: pipes hold a part of it, which is then moved
 * in one go. */
enum { SPACE = 256 * 1024, PIPE_SIZE = 256 * 1024, MOVED = 1 << 20 };

/* What one pass is between. */
struct ends {
    struct sw_input *input;
    int out;
    const char *out_name;
};

static void tick(struct sw_pass *pass)
{
    if (!pass->due || !*pass->due) return;
    *pass->due = 0;
    pass->tick(pass);
}

static bool write_all(struct sw_pass *pass, const struct ends *ends, size_t length,
                      struct sw_error *error)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = write(ends->out, pass->space + done, length - done);
        tick(pass);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return sw_fail_errno(error, "%s", ends->out_name);
        done += (size_t)count;
        pass->bytes += (size_t)count;
    }
    return true;
}

/* Both return the number of bytes passed, 0 at the end, -1 on failure, at most `length`; a call
 * that a signal interrupted is called again. */
static ssize_t pass_by_hand(struct sw_pass *pass, const struct ends *ends, size_t length,
                            struct sw_error *error)
{
    ssize_t count;
    while ((count = read(ends->input->fd, pass->space, length)) < 0 && errno == EINTR) tick(pass);
    if (count < 0) {
        sw_fail_errno(error, "%s", ends->input->name);
        return -1;
    }
    if (!sw_row_count_show(&pass->rows, pass->space, (size_t)count, error) ||
        !write_all(pass, ends, (size_t)count, error))
        return -1;
    return count;
}

static ssize_t pass_by_kernel(struct sw_pass *pass, const struct ends *ends, size_t length,
                              struct sw_error *error)
{
    ssize_t count;
    while ((count = splice(ends->input->fd, NULL, ends->out, NULL, length, SPLICE_F_MOVE)) < 0 &&
           errno == EINTR)
        tick(pass);
    if (count >= 0) {
        pass->bytes += (size_t)count;
        sw_row_count_pass(&pass->rows, (uint64_t)count);
        return count;
    }
    /* Whatever splice has against these two, reading and writing shows whose fault it is. */
    pass->by_hand = true;
    return pass_by_hand(pass, ends, length < SPACE ? length : SPACE, error);
}

static ssize_t pass_some(struct sw_pass *pass, const struct ends *ends, struct sw_error *error)
{
    uint64_t unseen = pass->by_hand ? 0 : sw_row_count_unseen(&pass->rows);
    if (unseen > 0)
        return pass_by_kernel(pass, ends, unseen < MOVED ? (size_t)unseen : MOVED, error);
    /* Read what is due and no more, so that the columns after it are left for the kernel to move.
     */
    size_t due = sw_row_count_due(&pass->rows);
    return pass_by_hand(pass, ends, pass->by_hand || due > SPACE ? SPACE : due, error);
}

bool sw_pass_on(struct sw_pass *pass, struct sw_input *input, int out, const char *out_name,
                struct sw_error *error)
{
    const struct ends ends = {input, out, out_name};
    ssize_t count;
    if (!pass->space) pass->space = sw_alloc(SPACE, 1, error);
    if (!pass->space) return false;
    pass->by_hand = false;
#ifdef F_SETPIPE_SZ
    (void)fcntl(input->fd, F_SETPIPE_SZ,
                PIPE_SIZE); /* no pipe, or past the user's limit: no loss */
    (void)fcntl(out, F_SETPIPE_SZ, PIPE_SIZE);
#endif
    do {
        tick(pass);
        count = pass_some(pass, &ends, error);
    } while (count > 0);
    return count == 0;
}

void sw_pass_free(struct sw_pass *pass)
{
    sw_row_count_free(&pass->rows);
    free(pass->space);
    pass->space = NULL;
}
