/* SPDX-License-Identifier: ISC */
#include "files/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/input.h"
#include "base/memory.h"

enum { END_BYTES = 64 << 10, PIECE_BYTES = 256 << 10 };

void sw_identity_begin(struct sw_identity *identity)
{
    sw_sha256_begin(&identity->hash);
}

/* With their lengths in front, other texts never come to the same bytes. */
void sw_identity_text(struct sw_identity *identity, const char *name, const char *text)
{
    char lengths[48];
    int length = snprintf(lengths, sizeof lengths, "%zu,%zd:", strlen(name),
                          text ? (ssize_t)strlen(text) : (ssize_t)-1);
    sw_sha256_add(&identity->hash, lengths, (size_t)length);
    sw_sha256_add(&identity->hash, name, strlen(name));
    if (text) sw_sha256_add(&identity->hash, text, strlen(text));
}

void sw_identity_bytes(struct sw_identity *identity, const char *name, const void *bytes,
                       size_t length)
{
    sw_identity_text(identity, name, NULL);
    sw_sha256_add(&identity->hash, bytes, length);
}

static bool add_piece(struct sw_sha256 *hash, struct sw_input *input, uint64_t offset,
                      size_t length, unsigned char *space, struct sw_error *error)
{
    size_t got;
    if (!sw_input_read_at(input, offset, space, length, &got, error)) return false;
    sw_sha256_add(hash, space, got);
    return true;
}

static bool add_ends(struct sw_sha256 *hash, struct sw_input *input, unsigned char *space,
                     struct sw_error *error)
{
    if (!add_piece(hash, input, 0, END_BYTES, space, error)) return false;
    return input->size <= END_BYTES ||
           add_piece(hash, input, input->size - END_BYTES, END_BYTES, space, error);
}

static bool add_all(struct sw_sha256 *hash, struct sw_input *input, unsigned char *space,
                    struct sw_error *error)
{
    size_t got;
    do {
        if (!sw_input_read(input, space, PIECE_BYTES, &got, error)) return false;
        sw_sha256_add(hash, space, got);
    } while (got > 0);
    return true;
}

/* A digest of its own: how long the contents are need not be known before. */
static bool add_contents(struct sw_identity *identity, struct sw_input *input, bool whole,
                         struct sw_error *error)
{
    struct sw_sha256 hash;
    unsigned char digest[SW_SHA256_BYTES];
    unsigned char *space = sw_alloc_unset(whole ? PIECE_BYTES : END_BYTES, 1, error);
    sw_sha256_begin(&hash);
    bool good = space && (whole ? add_all : add_ends)(&hash, input, space, error);
    free(space);
    sw_sha256_end(&hash, digest);
    sw_sha256_add(&identity->hash, digest, sizeof digest);
    return good;
}

/* Size and time are those of the file whose contents are read. */
static bool add_state(struct sw_identity *identity, const struct sw_input *input,
                      struct sw_error *error)
{
    char text[80];
    struct stat about;
    if (fstat(input->fd, &about) != 0) return sw_fail_errno(error, "%s", input->name);
    snprintf(text, sizeof text, "%" PRIu64 " %" PRId64 ".%09ld", (uint64_t)about.st_size,
             (int64_t)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    sw_identity_text(identity, "state", text);
    return true;
}

bool sw_identity_input(struct sw_identity *identity, struct sw_input *input, bool whole,
                       struct sw_error *error)
{
    char *real = realpath(input->name, NULL);
    if (!real) return sw_fail_errno(error, "%s", input->name);
    sw_identity_text(identity, "file", real);
    free(real);
    return add_state(identity, input, error) && add_contents(identity, input, whole, error);
}

bool sw_identity_file(struct sw_identity *identity, const char *path, bool whole,
                      struct sw_error *error)
{
    struct sw_input input;
    if (!sw_input_open(&input, path, error)) return false;
    bool good = sw_identity_input(identity, &input, whole, error);
    sw_input_close(&input);
    return good;
}

bool sw_identity_contents(struct sw_identity *identity, const char *path, struct sw_error *error)
{
    struct sw_input input;
    if (!sw_input_open(&input, path, error)) return false;
    bool good = add_contents(identity, &input, true, error);
    sw_input_close(&input);
    return good;
}

void sw_identity_end(struct sw_identity *identity, char text[SW_IDENTITY_LENGTH + 1])
{
    unsigned char digest[SW_SHA256_BYTES];
    sw_sha256_end(&identity->hash, digest);
    for (int i = 0; i < SW_IDENTITY_LENGTH / 2; i++) sprintf(text + 2 * i, "%02x", digest[i]);
}
