/* SPDX-License-Identifier: ISC */
#include "stream/verify.h"

#include <stdio.h>

#include "base/number.h"
#include "encode/encode.h"
#include "stream/reader_parts.h"
#include "stream/verify_parts.h"

/* ---- the bounds of a column ---- */

/* What the values of a column of a block are between; 0 where there are none. */
struct found {
    sw_int128 minimum, maximum;
    size_t nulls;
};

static void find_numbers(const struct sw_vector *vector, struct found *found)
{
    bool first = true;
    for (size_t row = 0; row < vector->rows; row++) {
        if (sw_is_null(vector, row)) {
            found->nulls++;
            continue;
        }
        sw_int128 value = sw_value(vector, row);
        if (first || value < found->minimum) found->minimum = value;
        if (first || value > found->maximum) found->maximum = value;
        first = false;
    }
}

static bool find_texts(const struct sw_vector *vector, struct sw_buffer *used, struct found *found,
                       struct sw_error *error)
{
    const struct sw_text *least = NULL, *most = NULL;
    used->length = 0;
    if (!sw_buffer_reserve(used, vector->dictionary_size, error)) return false;
    if (vector->dictionary_size) memset(used->bytes, 0, vector->dictionary_size);
    for (size_t row = 0; row < vector->rows; row++) {
        if (sw_is_null(vector, row))
            found->nulls++;
        else
            used->bytes[vector->codes[row]] = 1;
    }
    for (uint32_t code = 0; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        if (!used->bytes[code]) continue;
        if (!least || sw_texts_compare(text, least) < 0) least = text;
        if (!most || sw_texts_compare(text, most) > 0) most = text;
    }
    if (least) found->minimum = sw_text_prefix(least);
    if (most) found->maximum = sw_text_prefix(most);
    return true;
}

static bool contradicts(const struct sw_reader *reader, int index, const char *what, sw_int128 said,
                        sw_int128 is, struct sw_error *error)
{
    const struct sw_column *about = &reader->schema.columns[index];
    char one[SW_NUMBER_LENGTH + 1], other[SW_NUMBER_LENGTH + 1], line[3 * SW_NUMBER_LENGTH];
    if (about->type == SW_TEXT) {
        (void)snprintf(line, sizeof line, "the directory's %s is not that of its values", what);
        return sw_reader_bad_column(reader, index, line, error);
    }
    one[sw_format_decimal(one, said, about->scale)] = 0;
    other[sw_format_decimal(other, is, about->scale)] = 0;
    (void)snprintf(line, sizeof line, "the directory's %s is %s, that of its values %s", what, one,
                   other);
    return sw_reader_bad_column(reader, index, line, error);
}

static bool check_column(struct sw_verifier *verifier, int index, const struct sw_vector *vector,
                         struct sw_error *error)
{
    const struct sw_reader *reader = verifier->reader;
    const struct sw_entry *entry = &reader->columns[index].entry;
    struct found found = {0, 0, 0};
    if (vector->type != SW_TEXT)
        find_numbers(vector, &found);
    else if (!find_texts(vector, &verifier->used, &found, error))
        return false;
    if (found.nulls != entry->nulls)
        return sw_reader_bad_column(reader, index, "the directory has another number of nulls",
                                    error);
    if (found.minimum != entry->minimum)
        return contradicts(reader, index, "minimum", entry->minimum, found.minimum, error);
    if (found.maximum != entry->maximum)
        return contradicts(reader, index, "maximum", entry->maximum, found.maximum, error);
    return true;
}

/* ---- the version of a stream ---- */

static bool check_version(const struct sw_reader *reader, struct sw_error *error)
{
    for (size_t i = 0; i < reader->schema.column_count; i++)
        if (sw_encoding_minor(reader->columns[i].entry.encoding) > reader->stream_minor)
            return sw_reader_bad_column(
                reader, (int)i, "an encoding that is newer than the header's version", error);
    return true;
}

/* ---- streams and blocks ---- */

static bool stream_ends(void *owner, const struct sw_index *index, struct sw_error *error)
{
    struct sw_verifier *verifier = owner;
    if (index->columns && verifier->reader->stream_minor < 1)
        return sw_reader_damaged(verifier->reader,
                                 "an index, which is newer than the header's version", error);
    bool good = sw_verify_index(verifier, index, error);
    sw_directories_forget(&verifier->directories);
    verifier->last.known = false;
    return good;
}

bool sw_verifier_open(struct sw_verifier *verifier, struct sw_reader *reader, const char *folder,
                      struct sw_error *error)
{
    *verifier = (struct sw_verifier){.reader = reader, .directories.folder = folder};
    reader->watch = (struct sw_watch){stream_ends, verifier};
    return sw_buffer_reserve(&verifier->used, 1, error);
}

bool sw_verifier_block(struct sw_verifier *verifier, const struct sw_vector *const *vectors,
                       struct sw_error *error)
{
    const struct sw_reader *reader = verifier->reader;
    for (size_t i = 0; i < reader->schema.column_count; i++)
        if (!check_column(verifier, (int)i, vectors[i], error)) return false;
    return check_version(reader, error) && sw_verify_order(verifier, vectors, error) &&
           (reader->stream_minor < 1 || sw_directories_add(&verifier->directories, reader, error));
}

void sw_verifier_close(struct sw_verifier *verifier)
{
    sw_ordered_row_free(&verifier->last);
    if (verifier->reader) sw_directories_free(&verifier->directories);
    sw_buffer_free(&verifier->used);
}
