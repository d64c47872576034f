/* SPDX-License-Identifier: ISC
 *
 * The values of one column for some rows, in memory. Numbers, times and dates are 64-bit (`narrow`) wherever all of
 * them fit, else 128-bit (`wide_values`); text is a code per row into a dictionary of distinct texts.
 *
 *     for (size_t row = 0; row < vector->rows; row++)
 *         if (sw_is_null(vector, row)) …
 *         else if (vector->type == SW_TEXT) … vector->dictionary[vector->codes[row]]
 *         else … sw_value(vector, row)
 *
 * Ownership: a vector is a view. One got from a reader lives until the next sw_reader_next; one inside a builder until
 * the builder's next reset or growth.
 */
#ifndef SW_RECORD_VECTOR_H
#define SW_RECORD_VECTOR_H

#include <stdint.h>

#include "base/amount.h"
#include "base/bytes.h"
#include "base/error.h"
#include "record/schema.h"

enum {
    SW_BLOCK_ROWS_DEFAULT = 16384,
    SW_BLOCK_ROWS_MAXIMUM = 65536,
};

struct sw_text {
    const char *bytes; /* no NUL after them */
    uint32_t length;
};

/* Below, at or above 0 as `a` comes before `b` byte for byte, is the same, or comes after it: the
 * order of texts. */
static inline int sw_texts_compare(const struct sw_text *a, const struct sw_text *b)
{
    uint32_t common = a->length < b->length ? a->length : b->length;
    int order = common ? memcmp(a->bytes, b->bytes, common) : 0;
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

struct sw_vector {
    enum sw_type type;
    int scale;
    size_t rows;
    size_t nulls;
    /* Bit row%64 of word row/64 is set where there is a value; NULL when nulls is 0. */
    uint64_t *valid;
    bool wide; /* numbers: which of the next two holds them; where null, 0 */
    int64_t *narrow;
    sw_int128 *wide_values;
    uint32_t *codes; /* text; where null, 0, which is then no code at all */
    struct sw_text *dictionary;
    uint32_t dictionary_size;
    /* Of its texts together; 0 where they are few and short, as those that are derived. */
    size_t text_bytes;
};

static inline bool sw_is_null(const struct sw_vector *vector, size_t row)
{
    return vector->valid && !(vector->valid[row / 64] >> (row % 64) & 1);
}

/* The number at a row that is not null. */
static inline sw_int128 sw_value(const struct sw_vector *vector, size_t row)
{
    return vector->wide ? vector->wide_values[row] : vector->narrow[row];
}

/* Builds a vector: a column under construction, for up to `capacity` rows. Either fill `vector.narrow[]` (or, after
 * sw_builder_widen, `vector.wide_values[]`, or `vector.codes[]` with what sw_builder_intern gives) from row `vector.rows` on, mark
 * nulls, and then add to `vector.rows`; or gather from another vector. */
struct sw_builder {
    /* Arrays are allocated for `capacity` rows; `valid` is NULL until the first null. */
    struct sw_vector vector;
    size_t capacity;
    uint64_t *valid_space;
    size_t dictionary_capacity;
    uint32_t *slots; /* open-addressing table of dictionary codes + 1 */
    size_t slot_count;
    uint32_t *hashes; /* of the dictionary's texts */
    size_t hash_capacity;
    struct sw_chunk *chunks; /* memory of the texts */
    uint32_t *translation;   /* scratch of sw_builder_gather */
    size_t translation_capacity;
};

/* False with SW_SYSTEM: no memory. `capacity` is 1 to SW_BLOCK_ROWS_MAXIMUM rows. */
bool sw_builder_init(struct sw_builder *builder, enum sw_type type, int scale, size_t capacity,
                     struct sw_error *error) SW_CHECKED;
void sw_builder_free(struct sw_builder *builder);

/* Forgets all rows, nulls and texts; the vector is narrow again. */
void sw_builder_reset(struct sw_builder *builder);

/* Turns the rows so far into 128-bit values: the first `rows`, which are all that were written to `narrow`, also those past
 * vector.rows and those after the row that does not fit. What `narrow` holds after them is lost.
 * Harmless when they are. */
bool sw_builder_widen(struct sw_builder *builder, size_t rows, struct sw_error *error) SW_CHECKED;

/* Marks a row (at or past vector.rows, below capacity) null; its value must be 0 or is set to 0. A row is marked once. */
void sw_builder_null(struct sw_builder *builder, size_t row);

/* The code of a text (copied), the same for equal texts. */
bool sw_builder_intern(struct sw_builder *builder, const char *bytes, size_t length, uint32_t *code,
                       struct sw_error *error) SW_CHECKED;

/* Appends one row: a number of any size, a text, a null. There must be room. */
static inline bool sw_builder_add_value(struct sw_builder *builder, sw_int128 value,
                                        struct sw_error *error);
bool sw_builder_add_text(struct sw_builder *builder, const char *bytes, size_t length,
                         struct sw_error *error) SW_CHECKED;
void sw_builder_add_null(struct sw_builder *builder);

/* What sw_builder_add_value is where the value or the builder is wide. */
bool sw_builder_add_any(struct sw_builder *builder, sw_int128 value,
                        struct sw_error *error) SW_CHECKED;

static inline bool sw_builder_add_value(struct sw_builder *builder, sw_int128 value,
                                        struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    if (vector->wide || value != (int64_t)value) return sw_builder_add_any(builder, value, error);
    vector->narrow[vector->rows++] = (int64_t)value;
    return true;
}

/* Appends `count` numbers or nulls, each `stride` amounts after the one before. There must be room. */
bool sw_builder_add_amounts(struct sw_builder *builder, const struct sw_amount *amounts,
                            size_t stride, size_t count, struct sw_error *error) SW_CHECKED;

/* Appends the last row (there is one) `count` times more. There must be room. */
void sw_builder_repeat(struct sw_builder *builder, size_t count);

/* Appends the rows of `from` (same type and scale) whose indices stand in rows[0..count), ascending or not; NULL: its
 * first `count` rows. There must be room for count rows. */
bool sw_builder_gather(struct sw_builder *builder, const struct sw_vector *from,
                       const uint32_t *rows, size_t count, struct sw_error *error) SW_CHECKED;

#endif
