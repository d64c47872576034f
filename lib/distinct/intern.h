/* SPDX-License-Identifier: ISC
 *
 * Values as small numbers: the first distinct value seen is 1, the next 2, and so on; 0 is null.
 * Grouping works on these ids, so that what it does for a row is a look into a table (distinct/pair_table.h
 * goes on from there). Memory grows with the number of distinct values.
 *
 *     value ─▶ direct table (where the values are close together) or hash table ─▶ id
 *
 * Numbers take 8 bytes each while all of them fit 64 bits, and 16 from the first one on that does
 * not.
 */
#ifndef SW_DISTINCT_INTERN_H
#define SW_DISTINCT_INTERN_H

#include "base/pages.h"
#include "distinct/number_table.h"
#include "record/vector.h"

enum { SW_NULL_ID = 0 };

struct sw_intern {
    bool text, wide;        /* of texts; of numbers of which some have more than 64 bits */
    size_t count;           /* ids are 0 to count - 1 */
    struct sw_pages narrow; /* int64_t by id, while not wide; that of id 0 is nothing */
    sw_int128 *wide_numbers;
    struct sw_text *texts;
    size_t capacity;  /* of wide_numbers or texts */
    uint32_t *direct; /* id of the value direct_base + i, 0: not seen yet; numbers only */
    int64_t direct_base;
    size_t direct_size;
    bool sparse; /* the values are too far apart for a direct table: in `table`, or wide in slots */
    struct sw_number_table table;
    uint32_t *slots; /* of texts and wide numbers: open addressing, 0: free */
    size_t slot_count;
    struct sw_page *pages; /* memory of the texts */
    uint32_t *codes;       /* scratch: ids of a dictionary */
    size_t code_capacity;
};

/* SW_SYSTEM: no memory. Free it in any case. */
bool sw_intern_init(struct sw_intern *intern, bool text, struct sw_error *error) SW_CHECKED;
void sw_intern_free(struct sw_intern *intern);

/* The id of a value. SW_SYSTEM: no memory, or 2^32 distinct values. */
bool sw_intern_number(struct sw_intern *intern, sw_int128 value, uint32_t *id,
                      struct sw_error *error) SW_CHECKED;
bool sw_intern_text(struct sw_intern *intern, struct sw_text text, uint32_t *id,
                    struct sw_error *error) SW_CHECKED;

/* The ids of the first `rows` rows of a vector (text where the intern is one, else of any other
 * type), 0 of those that are null. Outcomes as those of one value. */
bool sw_intern_vector(struct sw_intern *intern, const struct sw_vector *vector, size_t rows,
                      uint32_t *ids, struct sw_error *error) SW_CHECKED;

/* The number of an id; not of SW_NULL_ID. */
static inline sw_int128 sw_intern_value(const struct sw_intern *intern, uint32_t id)
{
    return intern->wide ? intern->wide_numbers[id] : ((const int64_t *)intern->narrow.bytes)[id];
}

/* The length of the longest text that it has; 0 of numbers. */
size_t sw_intern_longest(const struct sw_intern *intern);

#endif
