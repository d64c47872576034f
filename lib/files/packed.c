/* SPDX-License-Identifier: ISC */
#include "files/packed.h"

#include <string.h>

void sw_packed_begin(struct sw_packed *packed, struct sw_input *input, const char *what)
{
    packed->input = input;
    packed->what = what;
    packed->next = packed->bytes + SW_PACKED_BEFORE;
    packed->left = 0;
    packed->ended = false;
    packed->whole_end = 0;
}

bool sw_packed_need(struct sw_packed *packed, size_t wanted, struct sw_error *error)
{
    size_t got;
    if (packed->left >= wanted || packed->ended) return true;
    unsigned char *to = packed->bytes + SW_PACKED_BEFORE;
    size_t before = (size_t)(packed->next - packed->bytes);
    if (before > SW_PACKED_BEFORE) before = SW_PACKED_BEFORE;
    memmove(to - before, packed->next - before, before + packed->left);
    packed->next = to;
    size_t room = SW_PACKED_SIZE - packed->left;
    if (!sw_input_read(packed->input, to + packed->left, room, &got, error)) return false;
    packed->left += got;
    packed->ended = got < room;
    return true;
}

void sw_packed_skip(struct sw_packed *packed, size_t length)
{
    packed->next += length;
    packed->left -= length;
}

bool sw_packed_seek(struct sw_packed *packed, uint64_t offset, struct sw_error *error)
{
    packed->left = 0;
    packed->ended = false;
    packed->whole_end = 0;
    return sw_input_seek(packed->input, offset, error);
}

uint64_t sw_packed_place(const struct sw_packed *packed)
{
    return packed->input->position - packed->left;
}

void sw_packed_whole(struct sw_packed *packed)
{
    packed->whole_end = sw_packed_place(packed);
}

bool sw_packed_fail(const struct sw_packed *packed, const char *reason, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: %s: %s before byte %llu%s", packed->input->name,
                   packed->what, reason, (unsigned long long)sw_packed_place(packed),
                   packed->ended ? sw_input_annotate(packed->input) : "");
}

bool sw_packed_followed(const struct sw_packed *packed, const char *by, struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "%s: %s: ended at byte %llu, followed by %s",
                   packed->input->name, packed->what, (unsigned long long)packed->whole_end, by);
}
