/* SPDX-License-Identifier: ISC
 *
 * Rows looked up in small tables of ids, which is most of what grouping a row costs. Where an id is 0
 * the table has none yet; the loops that find ids stop there, and the caller, who knows how to make
 * one, goes on after it.
 *
 *     for (size_t row = 0; (row += sw_lookup_codes(table, codes + row, rows - row, ids + row)) < rows; row++)
 *         … make table[codes[row]] and ids[row] …
 *
 * What works out the places of eight rows together where the CPU has AVX2 has a twin that any CPU runs,
 * for the test that compares the two.
 */
#ifndef SW_KERNELS_LOOKUP_H
#define SW_KERNELS_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

/* Sets ids[i] to table[codes[i]], up to the first that is 0; gives how many are before it, `rows`
 * where none is. The table has fewer than 2^31 entries. */
size_t sw_lookup_codes(const uint32_t *table, const uint32_t *codes, size_t rows, uint32_t *ids);

/* The same for numbers, whose ids stand in table[number - base]; those outside of its `size` (below
 * 2^31) entries have none. */
size_t sw_lookup_numbers(const uint32_t *table, int64_t base, size_t size, const int64_t *numbers,
                         size_t rows, uint32_t *ids);

/* The same for pairs, whose ids and one stand in table[a << shift | b], fewer than 2^31 entries.
 * ids may be a or b. */
size_t sw_lookup_pairs(const uint32_t *table, int shift, const uint32_t *a, const uint32_t *b,
                       size_t rows, uint32_t *ids);

/* values[i] = table[codes[i]], whatever it is. */
void sw_lookup_values(const uint32_t *table, const uint32_t *codes, size_t rows, uint32_t *values);

/* values[i] = value. */
void sw_lookup_same(uint32_t value, size_t rows, uint32_t *values);

/* Sets, for each row, bit `member` of the owner's 2^shift words: bit member % 64 of word
 * (owner << shift) + member / 64, of fewer than 2^30. */
void sw_lookup_mark(uint64_t *bits, int shift, const uint32_t *owner, const uint32_t *member,
                    size_t rows);

#endif
