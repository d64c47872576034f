/* SPDX-License-Identifier: ISC
 *
 * Numbers out of fields, several at a time: the template of kernels/parse_numbers.c, which includes it
 * once for each instruction set. Before that it defines how many LANES there are; LANE(name), a name
 * for the set; LANE_TARGET and LANE_INLINE; VECTOR, of 64-bit words; WORDS, a choice of some of them;
 * EACH(name) and BITWISE(name), instructions that both sets have; EACH_WORD(number); and functions of
 * such names for what they do in ways of their own. All of the macros end here.
 */

LANE_TARGET static void LANE(measure)(struct sw_numbers *numbers)
{
    const VECTOR low = EACH_WORD(UINT32_MAX), one = EACH_WORD(1);
    VECTOR longest = BITWISE(setzero)();
    for (size_t i = numbers->count; i % LANES; i++) numbers->places[i] = UINT64_C(1) << 32;
    for (size_t i = 0; i < numbers->count; i += LANES) {
        VECTOR pairs = LANE(load)(numbers->places + i);
        VECTOR length = EACH(sub_epi64)(EACH(srli_epi64)(pairs, 32), one);
        length = EACH(sub_epi64)(length, BITWISE(and)(pairs, low));
        longest = LANE(longer)(longest, length);
        LANE(store)(numbers->lengths + i, length);
    }
    numbers->longest = LANE(longest)(longest);
}

/* Words of characters as digits 0 to 9, what lies before the field as 0; other characters become
 * something above 9. A word begins `skipped` characters before the field's end. What is foreign are
 * 64 - 8 × (length - skipped) bits, or 0. */
LANE_INLINE VECTOR LANE(digits)(const uint64_t *words, VECTOR lengths, int skipped)
{
    VECTOR all = EACH_WORD(64 + 8 * skipped);
    VECTOR foreign = EACH(subs_epu16)(all, EACH(slli_epi64)(lengths, 3));
    VECTOR digits = BITWISE(xor)(LANE(load)(words), EACH(set1_epi8)('0'));
    return EACH(sllv_epi64)(EACH(srlv_epi64)(digits, foreign), foreign);
}

/* Eight digits to a number, in each word: pairs, fours, all. */
LANE_INLINE VECTOR LANE(eight_digits)(VECTOR digits)
{
    VECTOR pairs = EACH(maddubs_epi16)(digits, EACH(set1_epi16)(10 | 1 << 8));
    VECTOR fours = EACH(madd_epi16)(pairs, EACH(set1_epi32)(100 | 1 << 16));
    VECTOR first = EACH(mul_epu32)(fours, EACH_WORD(10000));
    return EACH(add_epi64)(first, EACH(srli_epi64)(fours, 32));
}

/* numbers × 10^8, for numbers below 2^37. */
LANE_INLINE VECTOR LANE(by_hundred_million)(VECTOR numbers)
{
    const VECTOR factor = EACH_WORD(100000000);
    VECTOR upper = EACH(mul_epu32)(EACH(srli_epi64)(numbers, 32), factor);
    return EACH(add_epi64)(EACH(mul_epu32)(numbers, factor), EACH(slli_epi64)(upper, 32));
}

/* Reads the numbers from i on; `words` is how many words a field may take. */
LANE_INLINE uint64_t LANE(whole_part)(const struct sw_numbers *numbers, size_t i, int words,
                                      int64_t *values)
{
    VECTOR lengths = LANE(load)(numbers->lengths + i), front = BITWISE(setzero)();
    VECTOR low = LANE(digits)(numbers->low + i, lengths, 0), value = LANE(eight_digits)(low);
    WORDS looked_at = LANE(look)(low);
    if (words > 2) {
        VECTOR high = LANE(digits)(numbers->high + i, lengths, 16);
        looked_at = LANE(look_at_both)(looked_at, LANE(look)(high));
        front = LANE(by_hundred_million)(LANE(eight_digits)(high));
    }
    if (words > 1) {
        VECTOR middle = LANE(digits)(numbers->middle + i, lengths, 8);
        looked_at = LANE(look_at_both)(looked_at, LANE(look)(middle));
        front = EACH(add_epi64)(front, LANE(eight_digits)(middle));
        value = EACH(add_epi64)(value, LANE(by_hundred_million)(front));
    }
    LANE(store)(values + i, value);
    return LANE(whole_refused)(looked_at, lengths, value);
}

LANE_INLINE void LANE(whole_of)(const struct sw_numbers *numbers, int words, int64_t *values,
                                struct sw_refused *refused)
{
    for (size_t i = 0; i < numbers->count; i += LANES)
        refused->bits[i / 64] |= LANE(whole_part)(numbers, i, words, values) << i % 64;
}

LANE_TARGET static void LANE(whole)(const struct sw_numbers *numbers, int64_t *values,
                                    struct sw_refused *refused)
{
    *refused = (struct sw_refused){0};
    if (numbers->longest <= 8)
        LANE(whole_of)(numbers, 1, values, refused);
    else if (numbers->longest <= 16)
        LANE(whole_of)(numbers, 2, values, refused);
    else
        LANE(whole_of)(numbers, 3, values, refused);
}

/* Takes the point out of each word of digits: what stands before it moves up. *decimals is how many
 * digits stand after it, *points are the words that had one. Only the first of several is taken
 * out. */
LANE_INLINE VECTOR LANE(without_point)(VECTOR digits, VECTOR *decimals, WORDS *points)
{
    const VECTOR zero = BITWISE(setzero)(), ones = EACH_WORD(-1);
    VECTOR marks = LANE(point_bytes)(digits);
    VECTOR lowest = BITWISE(and)(marks, EACH(sub_epi64)(zero, marks));
    VECTOR before = BITWISE(andnot)(marks, EACH(add_epi64)(marks, ones));
    VECTOR point = EACH(sub_epi64)(EACH(slli_epi64)(lowest, 8), lowest);
    VECTOR behind = BITWISE(andnot)(BITWISE(or)(before, point), ones);
    *points = LANE(not_zero)(marks);
    *decimals = EACH(sad_epu8)(BITWISE(and)(behind, EACH(set1_epi8)(1)), zero);
    VECTOR moved = EACH(slli_epi64)(BITWISE(and)(digits, before), 8);
    moved = BITWISE(or)(moved, BITWISE(and)(digits, behind));
    return LANE(choose)(*points, moved, digits);
}

LANE_INLINE uint64_t LANE(decimal_part)(const struct sw_numbers *numbers, size_t i, VECTOR factors,
                                        int64_t *values)
{
    WORDS points;
    VECTOR lengths = LANE(load)(numbers->lengths + i), decimals;
    VECTOR digits = LANE(digits)(numbers->low + i, lengths, 0);
    digits = LANE(without_point)(digits, &decimals, &points);
    VECTOR factor = LANE(pick_factors)(factors, decimals);
    LANE(store)(values + i, EACH(mul_epu32)(LANE(eight_digits)(digits), factor));
    return LANE(decimal_refused)(LANE(look)(digits), LANE(one_less)(points, lengths), factor);
}

LANE_TARGET static void LANE(decimal)(const struct sw_numbers *numbers, int scale, int64_t *values,
                                      struct sw_refused *refused)
{
    uint32_t factors[8];
    find_factors(scale, factors);
    const VECTOR all = LANE(load_factors)(factors);
    *refused = (struct sw_refused){0};
    for (size_t i = 0; i < numbers->count; i += LANES)
        refused->bits[i / 64] |= LANE(decimal_part)(numbers, i, all, values) << i % 64;
}

static const struct sw_number_reader LANE(reader) = {LANE(measure), LANE(whole), LANE(decimal)};

#undef LANES
#undef LANE
#undef LANE_TARGET
#undef LANE_INLINE
#undef VECTOR
#undef WORDS
#undef EACH
#undef BITWISE
#undef EACH_WORD
