/* SPDX-License-Identifier: ISC */
#include "monitor/change.h"

#include <string.h>

#include "base/shown_text.h"
#include "files/input.h"
#include "files/output.h"

static char piece[65536];

/* How much of a text ends with a whole character, where more is to come. */
static size_t whole_characters(const char *text, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)text[length - back];
        if (byte < 0x80) break;
        if (byte >= 0xc0) return length - back;
    }
    return length;
}

static bool disarm_input(struct sw_input *input, struct sw_output *output, struct sw_buffer *shown,
                         struct sw_error *error)
{
    size_t got = 1, kept = 0;
    while (got > 0) {
        if (!sw_input_read_some(input, piece + kept, sizeof piece - kept, &got, error))
            return false;
        size_t length = kept + got, taken = got > 0 ? whole_characters(piece, length) : length;
        shown->length = 0;
        if (!sw_shown_add(shown, piece, taken, true, error) ||
            !sw_output_write(output, shown->bytes, shown->length, error))
            return false;
        kept = length - taken;
        memmove(piece, piece + taken, kept);
    }
    return true;
}

static bool copy_input(struct sw_input *input, struct sw_output *output, struct sw_error *error)
{
    size_t got;
    do {
        if (!sw_input_read(input, piece, sizeof piece, &got, error) ||
            !sw_output_write(output, piece, got, error))
            return false;
    } while (got == sizeof piece);
    return true;
}

bool sw_change_files(enum sw_change change, const char *const *names, size_t count,
                     struct sw_error *error)
{
    bool gzip = change == SW_CHANGE_GZIP;
    struct sw_buffer shown = {0};
    struct sw_output output;
    if (!sw_output_open(&output, NULL, error)) return false;
    bool good = !gzip || sw_output_compress(&output, error);
    for (size_t i = 0; good && i < count; i++) {
        struct sw_input input;
        good = sw_input_open(&input, names[i], error);
        if (!good) break;
        good = gzip ? copy_input(&input, &output, error)
                    : disarm_input(&input, &output, &shown, error);
        sw_input_close(&input);
    }
    sw_buffer_free(&shown);
    return sw_output_end(&output, good, error);
}
