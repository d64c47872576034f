/* SPDX-License-Identifier: ISC */
#include "record/digest.h"

#include "base/memory.h"

/* The finalizer of splitmix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014). */
static inline uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    x ^= x >> 27;
    x *= UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* FNV-1a, 64 bits. */
static uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001B3);
    return hash;
}

enum { TEXT_KIND = 100 }; /* numbers are of kind 1 + decimals, nulls of kind 0 */

static inline uint64_t hash_number(uint64_t name, sw_int128 value, int scale)
{
    while (scale && value % 10 == 0) {
        value /= 10;
        scale--;
    }
    uint64_t hash = mix(name + 1 + (uint64_t)scale);
    hash = mix(hash ^ (uint64_t)value);
    return mix(hash ^ (uint64_t)(value >> 64));
}

static inline uint64_t hash_narrow(uint64_t name, int64_t value, int scale)
{
    while (scale && value % 10 == 0) {
        value /= 10;
        scale--;
    }
    uint64_t hash = mix(name + 1 + (uint64_t)scale);
    hash = mix(hash ^ (uint64_t)value);
    return mix(hash ^ (value < 0 ? UINT64_MAX : 0));
}

static bool add_texts(struct sw_digest *digest, uint64_t name, const struct sw_vector *vector,
                      size_t rows, struct sw_error *error)
{
    if (!sw_grow(&digest->text_hashes, &digest->text_capacity, vector->dictionary_size,
                 sizeof *digest->text_hashes, error))
        return false;
    for (uint32_t code = 0; code < vector->dictionary_size; code++) {
        const struct sw_text *text = &vector->dictionary[code];
        digest->text_hashes[code] =
            mix(mix(name + TEXT_KIND) ^ hash_bytes(text->bytes, text->length));
    }
    for (size_t row = 0; row < rows; row++)
        digest->row_hashes[row] +=
            sw_is_null(vector, row) ? mix(name) : digest->text_hashes[vector->codes[row]];
    return true;
}

static void add_numbers(struct sw_digest *digest, uint64_t name, const struct sw_vector *vector,
                        size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        if (sw_is_null(vector, row))
            digest->row_hashes[row] += mix(name);
        else if (vector->wide)
            digest->row_hashes[row] += hash_number(name, vector->wide_values[row], vector->scale);
        else
            digest->row_hashes[row] += hash_narrow(name, vector->narrow[row], vector->scale);
}

bool sw_digest_add(struct sw_digest *digest, const struct sw_schema *schema,
                   const struct sw_vector *const *vectors, size_t rows, struct sw_error *error)
{
    if (!sw_grow(&digest->row_hashes, &digest->capacity, rows, sizeof *digest->row_hashes, error))
        return false;
    if (rows) memset(digest->row_hashes, 0, rows * sizeof *digest->row_hashes);
    for (size_t i = 0; i < schema->column_count; i++) {
        const char *text = schema->columns[i].name;
        uint64_t name = hash_bytes(text, strlen(text));
        if (vectors[i]->type != SW_TEXT)
            add_numbers(digest, name, vectors[i], rows);
        else if (!add_texts(digest, name, vectors[i], rows, error))
            return false;
    }
    for (size_t row = 0; row < rows; row++) digest->sum += mix(digest->row_hashes[row]);
    digest->rows += rows;
    return true;
}

void sw_digest_free(struct sw_digest *digest)
{
    free(digest->row_hashes);
    free(digest->text_hashes);
    digest->row_hashes = digest->text_hashes = NULL;
}
