/* SPDX-License-Identifier: ISC */
#include "files/gzip_text.h"

#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"

enum {
    FOLLOWING = 3,   /* blocks after one that must be there before it is believed in */
    LENGTH_SIZE = 4, /* of the text's length, at a block's end */
    WINDOW = 2 * SW_GZIP_BLOCK_MAXIMUM, /* bytes that are searched at a time */
};

/* Whether a block begins at an offset; *size is 0 where none does. */
static bool look(struct sw_input *file, uint64_t offset, size_t *size, struct sw_error *error)
{
    unsigned char header[SW_GZIP_BLOCK_HEADER];
    size_t got;
    if (!sw_input_read_at(file, offset, header, sizeof header, &got, error)) return false;
    *size = got == sizeof header ? sw_gzip_block_size(header) : 0;
    if (offset + *size > file->size) *size = 0; /* it is cut off */
    return true;
}

bool sw_gzip_has_blocks(struct sw_input *file, bool *has, struct sw_error *error)
{
    size_t size;
    if (!look(file, 0, &size, error)) return false;
    *has = size > 0;
    return true;
}

/* What a block is taken for may stand in a packed text by chance, but not several in a row. */
static bool is_followed(struct sw_input *file, uint64_t offset, bool *is, struct sw_error *error)
{
    *is = true;
    for (int i = 0; *is && i < FOLLOWING && offset < file->size; i++) {
        size_t size;
        if (!look(file, offset, &size, error)) return false;
        *is = size > 0;
        offset += size;
    }
    return true;
}

bool sw_gzip_find_block(struct sw_input *file, uint64_t offset, uint64_t *block,
                        struct sw_error *error)
{
    unsigned char *window = sw_alloc(WINDOW, 1, error);
    bool good = window != NULL, found = false;
    *block = file->size;
    while (good && !found && offset < file->size) {
        size_t got, i;
        good = sw_input_read_at(file, offset, window, WINDOW, &got, error);
        if (!good || got < SW_GZIP_BLOCK_HEADER) break;
        size_t last = got - SW_GZIP_BLOCK_HEADER;
        for (i = 0; good && !found && i <= last; i++) {
            if (window[i] != 0x1f || sw_gzip_block_size(window + i) == 0) continue;
            good = is_followed(file, offset + i, &found, error);
            if (found) *block = offset + i;
        }
        offset += i;
    }
    free(window);
    return good;
}

static bool no_block(const struct sw_input *file, uint64_t offset, struct sw_error *error)
{
    return sw_fail(error, SW_DATA,
                   "%s: gzip: no block begins at byte %llu: it has changed, or has other members "
                   "too and is read whole",
                   file->name, (unsigned long long)offset);
}

/* The block at an offset, whose text is to begin at `text`; *size is 0 where none is there. */
static bool read_place(struct sw_input *file, uint64_t offset, uint64_t text,
                       struct sw_gzip_place *place, struct sw_error *error)
{
    unsigned char last[LENGTH_SIZE];
    size_t size, got;
    *place = (struct sw_gzip_place){.offset = offset, .text = text};
    if (!look(file, offset, &size, error)) return false;
    if (size == 0) return true;
    if (!sw_input_read_at(file, offset + size - LENGTH_SIZE, last, LENGTH_SIZE, &got, error))
        return false;
    place->size = got == LENGTH_SIZE ? (uint32_t)size : 0;
    place->length = (uint32_t)sw_gzip_block_text(last);
    if (place->length > SW_GZIP_BLOCK_MAXIMUM) place->size = 0;
    return true;
}

bool sw_gzip_text_before(struct sw_input *file, uint64_t block, uint64_t *length,
                         struct sw_error *error)
{
    struct sw_gzip_place place = {0};
    *length = 0;
    for (uint64_t offset = 0; offset < block; offset += place.size) {
        if (!read_place(file, offset, *length, &place, error)) return false;
        if (place.size == 0) return no_block(file, offset, error);
        *length += place.length;
    }
    return true;
}

/* ---- the blocks that were reached ---- */

static const struct sw_gzip_place *last_of(const struct sw_gzip_text *text)
{
    return &text->after[text->after_count - 1];
}

static const struct sw_gzip_place *first_of(const struct sw_gzip_text *text)
{
    return text->before_count ? &text->before[text->before_count - 1] : text->after;
}

static bool add(struct sw_gzip_place **places, size_t *count, size_t *capacity,
                const struct sw_gzip_place *place, struct sw_error *error)
{
    if (!sw_grow(places, capacity, *count + 1, sizeof **places, error)) return false;
    (*places)[(*count)++] = *place;
    return true;
}

static bool add_after(struct sw_gzip_text *text, const struct sw_gzip_place *place,
                      struct sw_error *error)
{
    text->current = NULL; /* they may have moved */
    text->input.size = place->text + place->length;
    return add(&text->after, &text->after_count, &text->after_capacity, place, error);
}

/* The block that ends where the first one begins. */
static bool find_before(struct sw_gzip_text *text, struct sw_gzip_place *place,
                        struct sw_error *error)
{
    const struct sw_gzip_place *first = first_of(text);
    uint64_t end = first->offset;
    size_t got, length = end < SW_GZIP_BLOCK_MAXIMUM ? (size_t)end : SW_GZIP_BLOCK_MAXIMUM;
    if (!sw_input_read_at(text->file, end - length, text->packed, length, &got, error))
        return false;
    for (size_t back = SW_GZIP_BLOCK_HEADER; got == length && back <= length; back++) {
        const unsigned char *at = text->packed + length - back;
        if (*at != 0x1f || sw_gzip_block_size(at) != back) continue;
        size_t text_length = sw_gzip_block_text(text->packed + length - LENGTH_SIZE);
        *place = (struct sw_gzip_place){end - back, first->text - text_length, (uint32_t)back,
                                        (uint32_t)text_length};
        return text_length <= SW_GZIP_BLOCK_MAXIMUM || no_block(text->file, end - back, error);
    }
    return no_block(text->file, end - length, error);
}

/* Goes backward until the text at an offset is there, or its beginning is. */
static bool reach_back(struct sw_gzip_text *text, uint64_t place, struct sw_error *error)
{
    while (first_of(text)->text > place && first_of(text)->offset > 0) {
        struct sw_gzip_place found;
        text->current = NULL;
        if (!find_before(text, &found, error) ||
            !add(&text->before, &text->before_count, &text->before_capacity, &found, error))
            return false;
    }
    return true;
}

/* One block more; *more is false where none follows. */
static bool go_on(struct sw_gzip_text *text, bool *more, struct sw_error *error)
{
    const struct sw_gzip_place *last = last_of(text);
    struct sw_gzip_place next;
    uint64_t at = last->offset + last->size;
    if (!read_place(text->file, at, last->text + last->length, &next, error)) return false;
    *more = next.size > 0;
    return !*more || add_after(text, &next, error);
}

bool sw_gzip_text_reach(struct sw_gzip_text *text, uint64_t block, uint64_t *place,
                        struct sw_error *error)
{
    uint64_t at = last_of(text)->offset + last_of(text)->size;
    for (bool more = true; more && at < block;) {
        if (!go_on(text, &more, error)) return false;
        at = last_of(text)->offset + last_of(text)->size;
    }
    *place = text->input.size;
    return at == block || no_block(text->file, block, error);
}

bool sw_gzip_text_extend(struct sw_gzip_text *text, uint64_t length, struct sw_error *error)
{
    uint64_t wanted = text->input.size + length;
    for (bool more = true; more && text->input.size < wanted;)
        if (!go_on(text, &more, error)) return false;
    return true;
}

/* Of blocks with the same beginning all but the last in the file are empty. */
const struct sw_gzip_place *sw_gzip_text_find(const struct sw_gzip_text *text, uint64_t place)
{
    bool forward = place >= text->after->text;
    const struct sw_gzip_place *places = forward ? text->after : text->before;
    size_t low = 0, high = forward ? text->after_count : text->before_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((places[middle].text <= place) == forward)
            low = middle + 1;
        else
            high = middle;
    }
    return places + (forward ? low - 1 : low);
}

/* ---- reading ---- */

static bool unpack(struct sw_gzip_text *text, const struct sw_gzip_place *place,
                   struct sw_error *error)
{
    size_t got, length;
    if (text->current == place) return true;
    text->current = NULL;
    if (!sw_input_read_at(text->file, place->offset, text->packed, place->size, &got, error))
        return false;
    if (got < place->size ||
        !sw_unpacker_block(text->unpacker, text->packed, place->size, text->text, &length))
        return sw_fail(error, SW_DATA, "%s: gzip: the block at byte %llu is damaged",
                       text->file->name, (unsigned long long)place->offset);
    text->current = place;
    return true;
}

static bool read_at(struct sw_input *input, uint64_t offset, void *to, size_t length, size_t *got,
                    struct sw_error *error)
{
    struct sw_gzip_text *text = (struct sw_gzip_text *)input; /* its first member */
    *got = 0;
    if (!reach_back(text, offset, error)) return false;
    while (*got < length && offset >= first_of(text)->text && offset < input->size) {
        const struct sw_gzip_place *place = sw_gzip_text_find(text, offset);
        if (!unpack(text, place, error)) return false;
        size_t from = (size_t)(offset - place->text), there = place->length - from;
        if (there > length - *got) there = length - *got;
        memcpy((char *)to + *got, text->text + from, there);
        *got += there;
        offset += there;
    }
    return true;
}

static bool begin_at(struct sw_input *input, uint64_t offset, uint64_t *from, bool *beginning,
                     struct sw_error *error)
{
    struct sw_gzip_text *text = (struct sw_gzip_text *)input;
    uint64_t least;
    if (!reach_back(text, offset > text->skip ? offset - text->skip : 0, error)) return false;
    least = first_of(text)->text + text->skip;
    *beginning = first_of(text)->offset == 0 && offset <= least;
    *from = *beginning ? least : offset;
    return true;
}

static const struct sw_input_source source = {read_at, begin_at};

bool sw_gzip_text_open(struct sw_gzip_text *text, struct sw_input *file, uint64_t block,
                       uint64_t origin, uint64_t skip, struct sw_error *error)
{
    struct sw_gzip_place first;
    *text = (struct sw_gzip_text){
        .input = {.name = file->name, .fd = -1, .source = &source}, .file = file, .skip = skip};
    if (!read_place(file, block, origin, &first, error)) return false;
    if (first.size == 0) return no_block(file, block, error);
    text->packed = sw_alloc(2, SW_GZIP_BLOCK_MAXIMUM, error);
    if (!text->packed) return false;
    text->text = text->packed + SW_GZIP_BLOCK_MAXIMUM;
    text->unpacker = sw_unpacker_open(error);
    return text->unpacker && add_after(text, &first, error);
}

void sw_gzip_text_close(struct sw_gzip_text *text)
{
    sw_unpacker_free(text->unpacker);
    free(text->before);
    free(text->after);
    free(text->packed);
    *text = (struct sw_gzip_text){0};
}
