/* SPDX-License-Identifier: ISC */
#include "record/vector.h"

#include "base/hash.h"
#include "base/memory.h"

enum { CHUNK_FIRST = 4 * 1024, CHUNK_SIZE = 64 * 1024, NO_CODE = -1 };

/* Memory of texts: handed out from the front, never moved, so that the dictionary may point into it. */
struct sw_chunk {
    struct sw_chunk *next;
    size_t size, used;
    char bytes[];
};

static bool allocate_values(struct sw_builder *builder, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    if (vector->type == SW_TEXT)
        return (vector->codes = sw_alloc_unset(builder->capacity, sizeof *vector->codes, error)) !=
               NULL;
    vector->narrow = sw_alloc_unset(builder->capacity, sizeof *vector->narrow, error);
    return vector->narrow != NULL;
}

bool sw_builder_init(struct sw_builder *builder, enum sw_type type, int scale, size_t capacity,
                     struct sw_error *error)
{
    *builder = (struct sw_builder){.vector = {.type = type, .scale = scale}, .capacity = capacity};
    builder->valid_space = sw_alloc((capacity + 63) / 64, sizeof *builder->valid_space, error);
    if (builder->valid_space && allocate_values(builder, error)) return true;
    sw_builder_free(builder);
    return false;
}

static void free_chunks(struct sw_chunk *chunk)
{
    while (chunk) {
        struct sw_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void sw_builder_free(struct sw_builder *builder)
{
    free(builder->vector.narrow);
    free(builder->vector.wide_values);
    free(builder->vector.codes);
    free(builder->vector.dictionary);
    free(builder->valid_space);
    free(builder->slots);
    free(builder->hashes);
    free(builder->translation);
    free_chunks(builder->chunks);
    *builder = (struct sw_builder){0};
}

/* For the next block; one that a single long text needed is not kept. */
static void keep_one_chunk(struct sw_builder *builder)
{
    struct sw_chunk *kept = builder->chunks;
    if (!kept) return;
    free_chunks(kept->next);
    kept->next = NULL;
    kept->used = 0;
    if (kept->size <= CHUNK_SIZE) return;
    free(kept);
    builder->chunks = NULL;
}

void sw_builder_reset(struct sw_builder *builder)
{
    struct sw_vector *vector = &builder->vector;
    vector->rows = vector->nulls = 0;
    vector->valid = NULL;
    vector->wide = false;
    vector->dictionary_size = 0;
    vector->text_bytes = 0;
    if (builder->slots) memset(builder->slots, 0, builder->slot_count * sizeof *builder->slots);
    keep_one_chunk(builder);
}

bool sw_builder_widen(struct sw_builder *builder, size_t rows, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    if (vector->wide) return true;
    if (!vector->wide_values)
        vector->wide_values = sw_alloc_unset(builder->capacity, sizeof *vector->wide_values, error);
    if (!vector->wide_values) return false;
    for (size_t row = 0; row < rows; row++) vector->wide_values[row] = vector->narrow[row];
    vector->wide = true;
    return true;
}

void sw_builder_null(struct sw_builder *builder, size_t row)
{
    struct sw_vector *vector = &builder->vector;
    if (!vector->valid) {
        vector->valid = builder->valid_space;
        memset(vector->valid, 0xff, (builder->capacity + 63) / 64 * 8);
    }
    vector->valid[row / 64] &= ~(UINT64_C(1) << row % 64);
    vector->nulls++;
    if (vector->type == SW_TEXT)
        vector->codes[row] = 0;
    else if (vector->wide)
        vector->wide_values[row] = 0;
    else
        vector->narrow[row] = 0;
}

static void place(struct sw_builder *builder, uint32_t code)
{
    size_t mask = builder->slot_count - 1, slot = builder->hashes[code] & mask;
    while (builder->slots[slot]) slot = (slot + 1) & mask;
    builder->slots[slot] = code + 1;
}

static bool grow_slots(struct sw_builder *builder, struct sw_error *error)
{
    if (builder->vector.dictionary_size * 2 < builder->slot_count) return true;
    size_t count = builder->slot_count ? builder->slot_count * 2 : 64;
    uint32_t *slots = sw_alloc(count, sizeof *slots, error);
    if (!slots) return false;
    free(builder->slots);
    builder->slots = slots;
    builder->slot_count = count;
    for (uint32_t code = 0; code < builder->vector.dictionary_size; code++) place(builder, code);
    return true;
}

/* They double up to CHUNK_SIZE, so that a builder of few rows stays small. */
static size_t next_chunk_size(const struct sw_chunk *last, size_t length)
{
    size_t size = last ? 2 * last->size : CHUNK_FIRST;
    if (size > CHUNK_SIZE) size = CHUNK_SIZE;
    return length > size ? length : size;
}

static char *text_memory(struct sw_builder *builder, size_t length, struct sw_error *error)
{
    struct sw_chunk *chunk = builder->chunks;
    if (!chunk || chunk->size - chunk->used < length) {
        size_t size = next_chunk_size(chunk, length);
        chunk = sw_alloc(sizeof *chunk + size, 1, error);
        if (!chunk) return NULL;
        chunk->size = size;
        chunk->next = builder->chunks;
        builder->chunks = chunk;
    }
    chunk->used += length;
    return chunk->bytes + chunk->used - length;
}

static bool add_entry(struct sw_builder *builder, const char *bytes, size_t length, uint32_t hash,
                      struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    uint32_t code = vector->dictionary_size;
    if (!grow_slots(builder, error) ||
        !sw_grow(&vector->dictionary, &builder->dictionary_capacity, code + 1,
                 sizeof *vector->dictionary, error) ||
        !sw_grow(&builder->hashes, &builder->hash_capacity, code + 1, sizeof *builder->hashes,
                 error))
        return false;
    char *copy = text_memory(builder, length, error);
    if (!copy) return false;
    if (length) memcpy(copy, bytes, length);
    vector->dictionary[code] = (struct sw_text){copy, (uint32_t)length};
    vector->dictionary_size = code + 1;
    builder->hashes[code] = hash;
    vector->text_bytes += length;
    place(builder, code);
    return true;
}

bool sw_builder_intern(struct sw_builder *builder, const char *bytes, size_t length, uint32_t *code,
                       struct sw_error *error)
{
    const struct sw_vector *vector = &builder->vector;
    uint32_t hash = (uint32_t)(sw_hash_text(bytes, length) >> 32);
    size_t mask = builder->slot_count - 1;
    for (size_t slot = hash & mask; builder->slot_count && builder->slots[slot];
         slot = (slot + 1) & mask) {
        uint32_t found = builder->slots[slot] - 1;
        const struct sw_text *text = &vector->dictionary[found];
        if (builder->hashes[found] == hash && text->length == length &&
            memcmp(text->bytes, bytes, length) == 0) {
            *code = found;
            return true;
        }
    }
    *code = vector->dictionary_size;
    return add_entry(builder, bytes, length, hash, error);
}

bool sw_builder_add_any(struct sw_builder *builder, sw_int128 value, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    bool fits = value >= INT64_MIN && value <= INT64_MAX;
    if (!fits && !sw_builder_widen(builder, vector->rows, error)) return false;
    if (vector->wide)
        vector->wide_values[vector->rows] = value;
    else
        vector->narrow[vector->rows] = (int64_t)value;
    vector->rows++;
    return true;
}

bool sw_builder_add_text(struct sw_builder *builder, const char *bytes, size_t length,
                         struct sw_error *error)
{
    uint32_t code;
    if (!sw_builder_intern(builder, bytes, length, &code, error)) return false;
    builder->vector.codes[builder->vector.rows++] = code;
    return true;
}

void sw_builder_add_null(struct sw_builder *builder)
{
    sw_builder_null(builder, builder->vector.rows);
    builder->vector.rows++;
}

/* Those of them that fit go to where narrow rows are; false where one does not. */
static bool add_narrow(struct sw_vector *vector, const struct sw_amount *amounts, size_t stride,
                       size_t count, size_t *nulls)
{
    int64_t *to = vector->narrow + vector->rows;
    size_t known = 0;
    bool fit = true;
    for (size_t i = 0; i < count; i++, amounts += stride) {
        const sw_int128 value = amounts->known ? amounts->value : 0;
        to[i] = (int64_t)value;
        fit &= value == (int64_t)value;
        known += amounts->known;
    }
    *nulls = count - known;
    return fit;
}

bool sw_builder_add_amounts(struct sw_builder *builder, const struct sw_amount *amounts,
                            size_t stride, size_t count, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    size_t nulls;
    if (!vector->wide && add_narrow(vector, amounts, stride, count, &nulls)) {
        for (size_t i = 0; nulls && i < count; i++)
            if (!amounts[i * stride].known) sw_builder_null(builder, vector->rows + i);
        vector->rows += count;
        return true;
    }
    for (size_t i = 0; i < count; i++, amounts += stride) {
        if (!amounts->known)
            sw_builder_add_null(builder);
        else if (!sw_builder_add_any(builder, amounts->value, error))
            return false;
    }
    return true;
}

static void clear_bits(uint64_t *words, size_t from, size_t count)
{
    for (size_t end = from + count, next; from < end; from = next) {
        next = (from / 64 + 1) * 64 < end ? (from / 64 + 1) * 64 : end;
        words[from / 64] &= ~(UINT64_MAX >> (64 - (next - from)) << from % 64);
    }
}

void sw_builder_repeat(struct sw_builder *builder, size_t count)
{
    struct sw_vector *vector = &builder->vector;
    size_t last = vector->rows - 1, end = vector->rows + count;
    if (sw_is_null(vector, last)) {
        clear_bits(vector->valid, last + 1, count);
        vector->nulls += count;
    }
    if (vector->type == SW_TEXT)
        for (; vector->rows < end; vector->rows++)
            vector->codes[vector->rows] = vector->codes[last];
    else if (vector->wide)
        for (; vector->rows < end; vector->rows++)
            vector->wide_values[vector->rows] = vector->wide_values[last];
    else
        for (; vector->rows < end; vector->rows++)
            vector->narrow[vector->rows] = vector->narrow[last];
}

static void gather_nulls(struct sw_builder *builder, const struct sw_vector *from,
                         const uint32_t *rows, size_t count)
{
    size_t base = builder->vector.rows;
    for (size_t i = 0; i < count; i++)
        if (sw_is_null(from, rows ? rows[i] : i)) sw_builder_null(builder, base + i);
}

static void gather_narrow(int64_t *to, const int64_t *from, const uint32_t *rows, size_t count)
{
    if (!rows)
        memcpy(to, from, count * sizeof *to);
    else
        for (size_t i = 0; i < count; i++) to[i] = from[rows[i]];
}

static bool gather_numbers(struct sw_builder *builder, const struct sw_vector *from,
                           const uint32_t *rows, size_t count, struct sw_error *error)
{
    struct sw_vector *vector = &builder->vector;
    if (from->wide && !sw_builder_widen(builder, vector->rows, error)) return false;
    if (!vector->wide) {
        gather_narrow(vector->narrow + vector->rows, from->narrow, rows, count);
        return true;
    }
    for (size_t i = 0; i < count; i++)
        vector->wide_values[vector->rows + i] = sw_value(from, rows ? rows[i] : i);
    return true;
}

/* A few rows of a large dictionary: a table of all its codes would cost more than looking up these. */
static bool gather_few_texts(struct sw_builder *builder, const struct sw_vector *from,
                             const uint32_t *rows, size_t count, struct sw_error *error)
{
    uint32_t *codes = builder->vector.codes + builder->vector.rows;
    for (size_t i = 0; i < count; i++) {
        size_t row = rows ? rows[i] : i;
        const struct sw_text *text = &from->dictionary[from->codes[row]];
        codes[i] = 0;
        if (!sw_is_null(from, row) &&
            !sw_builder_intern(builder, text->bytes, text->length, &codes[i], error))
            return false;
    }
    return true;
}

static bool gather_texts(struct sw_builder *builder, const struct sw_vector *from,
                         const uint32_t *rows, size_t count, struct sw_error *error)
{
    if (count < from->dictionary_size / 4)
        return gather_few_texts(builder, from, rows, count, error);
    if (!sw_grow(&builder->translation, &builder->translation_capacity, from->dictionary_size,
                 sizeof *builder->translation, error))
        return false;
    for (uint32_t code = 0; code < from->dictionary_size; code++)
        builder->translation[code] = (uint32_t)NO_CODE;
    uint32_t *codes = builder->vector.codes + builder->vector.rows;
    for (size_t i = 0; i < count; i++) {
        size_t row = rows ? rows[i] : i;
        codes[i] = 0;
        if (sw_is_null(from, row)) continue;
        uint32_t *known = &builder->translation[from->codes[row]];
        const struct sw_text *text = &from->dictionary[from->codes[row]];
        if (*known == (uint32_t)NO_CODE &&
            !sw_builder_intern(builder, text->bytes, text->length, known, error))
            return false;
        codes[i] = *known;
    }
    return true;
}

/* The usual value of a row that is put together from others. */
static void gather_one_narrow(struct sw_builder *builder, const struct sw_vector *from, size_t row)
{
    struct sw_vector *vector = &builder->vector;
    if (from->nulls && sw_is_null(from, row))
        sw_builder_null(builder, vector->rows);
    else
        vector->narrow[vector->rows] = from->narrow[row];
    vector->rows++;
}

bool sw_builder_gather(struct sw_builder *builder, const struct sw_vector *from,
                       const uint32_t *rows, size_t count, struct sw_error *error)
{
    if (count == 0) return true;
    if (count == 1 && from->type != SW_TEXT && !from->wide && !builder->vector.wide) {
        gather_one_narrow(builder, from, rows ? *rows : 0);
        return true;
    }
    bool good = from->type == SW_TEXT ? gather_texts(builder, from, rows, count, error)
                                      : gather_numbers(builder, from, rows, count, error);
    if (!good) return false;
    if (from->nulls) gather_nulls(builder, from, rows, count);
    builder->vector.rows += count;
    return true;
}
