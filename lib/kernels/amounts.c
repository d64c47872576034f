/* SPDX-License-Identifier: ISC */
#include "kernels/amounts.h"

#include "kernels/cpu.h"

/* ---- any CPU ---- */

static void sizes_portable(const int64_t bounds[SW_AMOUNT_BOUNDS], const int64_t *quantities,
                           size_t rows, uint32_t *places)
{
    const int64_t first = bounds[0], second = bounds[1], third = bounds[2], fourth = bounds[3];
    for (size_t row = 0; row < rows; row++) {
        int64_t quantity = quantities[row];
        places[row] = (uint32_t)((quantity > first) + (quantity > second) + (quantity > third) +
                                 (quantity > fourth));
    }
}

/* Of what is below it and not negative two fit 64 bits together. */
static const int64_t half_limit = INT64_C(1) << 62;

static bool asked_portable(const int64_t *quantities, const int64_t *matched, const int64_t *leaves,
                           size_t rows, int64_t *asked)
{
    uint64_t bits = 0;
    for (size_t row = 0; row < rows; row++) {
        uint64_t whole = (uint64_t)matched[row] + (uint64_t)leaves[row];
        bits |= (uint64_t)(matched[row] | leaves[row]);
        asked[row] = quantities[row] > (int64_t)whole ? quantities[row] : (int64_t)whole;
    }
    return bits < (uint64_t)half_limit;
}

static void fills_portable(const int64_t *matched, const int64_t *quantities, size_t rows,
                           uint32_t *fills)
{
    for (size_t row = 0; row < rows; row++) {
        /* SW_AMOUNT_FULL comes next */
        uint32_t some = SW_AMOUNT_PARTIAL + (matched[row] == quantities[row]);
        fills[row] = matched[row] == 0 ? SW_AMOUNT_NONE : some;
    }
}

/* A ratio's 18 places are found in two steps of nine, which fit 64 bits. */
enum { NINE_PLACES = 1000000000 };
static const int64_t one = (int64_t)NINE_PLACES * NINE_PLACES;
static const int64_t usual_limit = INT64_C(1) << 33;

static int64_t divide(int64_t matched, int64_t quantity)
{
    uint64_t below = (uint64_t)quantity, above = (uint64_t)matched * NINE_PLACES;
    uint64_t rest = above % below * NINE_PLACES;
    uint64_t low = rest / below + (rest % below >= below - rest % below);
    return (int64_t)(above / below * NINE_PLACES + low);
}

/* Nothing or all matched is seen without a branch, and the rows in between, whose turn nobody can
 * foresee, are listed and divided afterwards. */
static bool ratios_portable(const int64_t *matched, const int64_t *quantities, size_t rows,
                            int64_t *ratios)
{
    uint16_t between[SW_AMOUNT_SLICE];
    size_t count = 0;
    bool usual = true;
    for (size_t row = 0; row < rows; row++) {
        int64_t some = matched[row], whole = quantities[row];
        usual &= (whole == 0) | ((whole < usual_limit) & (some >= 0) & (some <= whole));
        ratios[row] = some == whole && whole != 0 ? one : 0;
        between[count] = (uint16_t)row;
        count += (some > 0) & (some < whole);
    }
    for (size_t i = 0; usual && i < count; i++)
        ratios[between[i]] = divide(matched[between[i]], quantities[between[i]]);
    return usual;
}

static size_t values_portable(const int64_t *prices, const int64_t *quantities, size_t rows,
                              int64_t *values)
{
    size_t row = 0;
    while (row < rows && !__builtin_mul_overflow(prices[row], quantities[row], &values[row])) row++;
    return row;
}

static const struct sw_amounts portable = {asked_portable, sizes_portable, fills_portable,
                                           ratios_portable, values_portable};

/* ---- AVX2 ---- */

#if defined __x86_64__
#include <immintrin.h>

enum { FOUR = 4 };

SW_TARGET_AVX2 static inline __m256i load(const int64_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

/* The low halves of four numbers. */
SW_TARGET_AVX2 static inline void store_low(uint32_t *to, __m256i numbers)
{
    const __m256i order = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    __m256i low = _mm256_permutevar8x32_epi32(numbers, order);
    _mm_storeu_si128((__m128i *)(void *)to, _mm256_castsi256_si128(low));
}

SW_TARGET_AVX2 static bool asked_avx2(const int64_t *quantities, const int64_t *matched,
                                      const int64_t *leaves, size_t rows, int64_t *asked)
{
    const __m256i upper = _mm256_set1_epi64x(-half_limit);
    __m256i bits = _mm256_setzero_si256();
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        __m256i some = load(matched + row), rest = load(leaves + row);
        __m256i quantity = load(quantities + row), whole = _mm256_add_epi64(some, rest);
        bits = _mm256_or_si256(bits, _mm256_or_si256(some, rest));
        __m256i more = _mm256_cmpgt_epi64(quantity, whole);
        _mm256_storeu_si256((__m256i *)(void *)(asked + row),
                            _mm256_blendv_epi8(whole, quantity, more));
    }
    return _mm256_testz_si256(bits, upper) &&
           asked_portable(quantities + row, matched + row, leaves + row, rows - row, asked + row);
}

SW_TARGET_AVX2 static void sizes_avx2(const int64_t bounds[SW_AMOUNT_BOUNDS],
                                      const int64_t *quantities, size_t rows, uint32_t *places)
{
    const __m256i first = _mm256_set1_epi64x(bounds[0]), second = _mm256_set1_epi64x(bounds[1]);
    const __m256i third = _mm256_set1_epi64x(bounds[2]), fourth = _mm256_set1_epi64x(bounds[3]);
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        __m256i quantity = load(quantities + row);
        __m256i low = _mm256_add_epi64(_mm256_cmpgt_epi64(quantity, first),
                                       _mm256_cmpgt_epi64(quantity, second));
        __m256i high = _mm256_add_epi64(_mm256_cmpgt_epi64(quantity, third),
                                        _mm256_cmpgt_epi64(quantity, fourth));
        __m256i above = _mm256_add_epi64(low, high); /* what is true is -1 */
        store_low(places + row, _mm256_sub_epi64(_mm256_setzero_si256(), above));
    }
    sizes_portable(bounds, quantities + row, rows - row, places + row);
}

SW_TARGET_AVX2 static void fills_avx2(const int64_t *matched, const int64_t *quantities,
                                      size_t rows, uint32_t *fills)
{
    const __m256i zero = _mm256_setzero_si256(), partial = _mm256_set1_epi64x(SW_AMOUNT_PARTIAL);
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        __m256i matching = load(matched + row), nothing = _mm256_cmpeq_epi64(matching, zero);
        __m256i whole = _mm256_cmpeq_epi64(matching, load(quantities + row));
        __m256i some = _mm256_sub_epi64(partial, whole);
        store_low(fills + row, _mm256_andnot_si256(nothing, some));
    }
    fills_portable(matched + row, quantities + row, rows - row, fills + row);
}

/* Whole numbers of less than 2^51 are to be had from doubles, and the other way round, by adding
 * this, of which they then are the last bits. */
#define MAGIC 6755399441055744.0 /* 2^52 + 2^51 */

SW_TARGET_AVX2 static inline __m256d to_double(__m256i numbers)
{
    const __m256d magic = _mm256_set1_pd(MAGIC);
    __m256i bits = _mm256_add_epi64(numbers, _mm256_castpd_si256(magic));
    return _mm256_sub_pd(_mm256_castsi256_pd(bits), magic);
}

SW_TARGET_AVX2 static inline __m256i to_nearest(__m256d numbers)
{
    const __m256d magic = _mm256_set1_pd(MAGIC);
    __m256i bits = _mm256_castpd_si256(_mm256_add_pd(numbers, magic));
    return _mm256_sub_epi64(bits, _mm256_castpd_si256(magic));
}

/* The quotients come from doubles, whose error is far below 1; what they leave is a whole number,
 * exact, and says in the second step which way to go. For 0 ≤ matched ≤ quantity < 2^31, all
 * factors are of 32 bits. Where quantity is 0 anything. */
SW_TARGET_AVX2 static inline __m256i divide_avx2(__m256i matched, __m256i quantity)
{
    const __m256i scale = _mm256_set1_epi64x(NINE_PLACES), zero = _mm256_setzero_si256();
    __m256d factor = _mm256_div_pd(_mm256_set1_pd(NINE_PLACES), to_double(quantity));
    __m256i high = to_nearest(_mm256_mul_pd(to_double(matched), factor));
    __m256i rest =
        _mm256_sub_epi64(_mm256_mul_epi32(matched, scale), _mm256_mul_epi32(high, quantity));
    __m256i low = to_nearest(_mm256_mul_pd(to_double(rest), factor));
    __m256i left = _mm256_sub_epi64(_mm256_mul_epi32(rest, scale), _mm256_mul_epi32(low, quantity));
    __m256i twice = _mm256_add_epi64(left, left);
    __m256i below_half = _mm256_cmpgt_epi64(quantity, twice);
    __m256i too_much = _mm256_cmpgt_epi64(_mm256_sub_epi64(zero, quantity), twice);
    low = _mm256_add_epi64(low, _mm256_andnot_si256(below_half, _mm256_set1_epi64x(1)));
    low = _mm256_add_epi64(low, too_much);
    return _mm256_add_epi64(_mm256_mul_epi32(high, scale), low);
}

SW_TARGET_AVX2 static bool ratios_avx2(const int64_t *matched, const int64_t *quantities,
                                       size_t rows, int64_t *ratios)
{
    const __m256i zero = _mm256_setzero_si256(), most = _mm256_set1_epi64x(INT32_MAX);
    __m256i unusual = zero;
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        __m256i some = load(matched + row), whole = load(quantities + row);
        __m256i none = _mm256_cmpeq_epi64(whole, zero);
        __m256i out = _mm256_or_si256(
            _mm256_cmpgt_epi64(some, whole),
            _mm256_or_si256(_mm256_cmpgt_epi64(zero, some), _mm256_cmpgt_epi64(whole, most)));
        unusual = _mm256_or_si256(unusual, _mm256_andnot_si256(none, out));
        _mm256_storeu_si256((__m256i *)(void *)(ratios + row),
                            _mm256_andnot_si256(none, divide_avx2(some, whole)));
    }
    if (!_mm256_testz_si256(unusual, unusual))
        return ratios_portable(matched, quantities, rows, ratios);
    return ratios_portable(matched + row, quantities + row, rows - row, ratios + row);
}

/* Four at a time while all factors have 32 bits. */
SW_TARGET_AVX2 static size_t values_avx2(const int64_t *prices, const int64_t *quantities,
                                         size_t rows, int64_t *values)
{
    const __m256i half = _mm256_set1_epi64x(INT64_C(1) << 31);
    const __m256i upper = _mm256_set1_epi64x(~(int64_t)UINT32_MAX);
    size_t row = 0;
    for (; row + FOUR <= rows; row += FOUR) {
        __m256i price = load(prices + row), quantity = load(quantities + row);
        __m256i moved =
            _mm256_or_si256(_mm256_add_epi64(price, half), _mm256_add_epi64(quantity, half));
        if (!_mm256_testz_si256(moved, upper)) break;
        _mm256_storeu_si256((__m256i *)(void *)(values + row), _mm256_mul_epi32(price, quantity));
    }
    return row + values_portable(prices + row, quantities + row, rows - row, values + row);
}

static const struct sw_amounts avx2 = {asked_avx2, sizes_avx2, fills_avx2, ratios_avx2,
                                       values_avx2};

/* ---- AVX-512: the same, eight at a time ---- */

enum { EIGHT = 8 };

SW_TARGET_AVX512 static inline __m512i load_eight(const int64_t *from)
{
    return _mm512_loadu_si512(from);
}

SW_TARGET_AVX512 static inline void store_lower(uint32_t *to, __m512i numbers)
{
    _mm256_storeu_si256((__m256i *)(void *)to, _mm512_cvtepi64_epi32(numbers));
}

SW_TARGET_AVX512 static bool asked_avx512(const int64_t *quantities, const int64_t *matched,
                                          const int64_t *leaves, size_t rows, int64_t *asked)
{
    __m512i bits = _mm512_setzero_si512();
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m512i some = load_eight(matched + row), rest = load_eight(leaves + row);
        bits = _mm512_or_si512(bits, _mm512_or_si512(some, rest));
        _mm512_storeu_si512(asked + row, _mm512_max_epi64(load_eight(quantities + row),
                                                          _mm512_add_epi64(some, rest)));
    }
    return !_mm512_test_epi64_mask(bits, _mm512_set1_epi64(-half_limit)) &&
           asked_portable(quantities + row, matched + row, leaves + row, rows - row, asked + row);
}

SW_TARGET_AVX512 static void sizes_avx512(const int64_t bounds[SW_AMOUNT_BOUNDS],
                                          const int64_t *quantities, size_t rows, uint32_t *places)
{
    const __m512i one_more = _mm512_set1_epi64(1);
    __m512i bound[SW_AMOUNT_BOUNDS];
    size_t row = 0;
    for (int i = 0; i < SW_AMOUNT_BOUNDS; i++) bound[i] = _mm512_set1_epi64(bounds[i]);
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m512i quantity = load_eight(quantities + row), above = _mm512_setzero_si512();
        for (int i = 0; i < SW_AMOUNT_BOUNDS; i++) {
            __mmask8 is_above = _mm512_cmpgt_epi64_mask(quantity, bound[i]);
            above = _mm512_mask_add_epi64(above, is_above, above, one_more);
        }
        store_lower(places + row, above);
    }
    sizes_portable(bounds, quantities + row, rows - row, places + row);
}

SW_TARGET_AVX512 static void fills_avx512(const int64_t *matched, const int64_t *quantities,
                                          size_t rows, uint32_t *fills)
{
    const __m512i partial = _mm512_set1_epi64(SW_AMOUNT_PARTIAL);
    const __m512i full = _mm512_set1_epi64(SW_AMOUNT_FULL);
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m512i matching = load_eight(matched + row);
        __mmask8 some = _mm512_test_epi64_mask(matching, matching);
        __mmask8 whole = _mm512_cmpeq_epi64_mask(matching, load_eight(quantities + row));
        store_lower(fills + row,
                    _mm512_maskz_mov_epi64(some, _mm512_mask_blend_epi64(whole, partial, full)));
    }
    fills_portable(matched + row, quantities + row, rows - row, fills + row);
}

SW_TARGET_AVX512 static inline __m512d to_doubles(__m512i numbers)
{
    const __m512d magic = _mm512_set1_pd(MAGIC);
    __m512i bits = _mm512_add_epi64(numbers, _mm512_castpd_si512(magic));
    return _mm512_sub_pd(_mm512_castsi512_pd(bits), magic);
}

SW_TARGET_AVX512 static inline __m512i to_the_nearest(__m512d numbers)
{
    const __m512d magic = _mm512_set1_pd(MAGIC);
    __m512i bits = _mm512_castpd_si512(_mm512_add_pd(numbers, magic));
    return _mm512_sub_epi64(bits, _mm512_castpd_si512(magic));
}

/* As divide_avx2. */
SW_TARGET_AVX512 static inline __m512i divide_avx512(__m512i matched, __m512i quantity)
{
    const __m512i scale = _mm512_set1_epi64(NINE_PLACES), step = _mm512_set1_epi64(1);
    __m512d factor = _mm512_div_pd(_mm512_set1_pd(NINE_PLACES), to_doubles(quantity));
    __m512i high = to_the_nearest(_mm512_mul_pd(to_doubles(matched), factor));
    __m512i rest =
        _mm512_sub_epi64(_mm512_mul_epi32(matched, scale), _mm512_mul_epi32(high, quantity));
    __m512i low = to_the_nearest(_mm512_mul_pd(to_doubles(rest), factor));
    __m512i left = _mm512_sub_epi64(_mm512_mul_epi32(rest, scale), _mm512_mul_epi32(low, quantity));
    __m512i twice = _mm512_add_epi64(left, left);
    __mmask8 half = _mm512_cmple_epi64_mask(quantity, twice);
    __mmask8 too_much =
        _mm512_cmpgt_epi64_mask(_mm512_sub_epi64(_mm512_setzero_si512(), quantity), twice);
    low = _mm512_mask_add_epi64(low, half, low, step);
    low = _mm512_mask_sub_epi64(low, too_much, low, step);
    return _mm512_add_epi64(_mm512_mul_epi32(high, scale), low);
}

SW_TARGET_AVX512 static bool ratios_avx512(const int64_t *matched, const int64_t *quantities,
                                           size_t rows, int64_t *ratios)
{
    const __m512i zero = _mm512_setzero_si512(), most = _mm512_set1_epi64(INT32_MAX);
    __mmask8 unusual = 0;
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m512i some = load_eight(matched + row), whole = load_eight(quantities + row);
        __mmask8 any = _mm512_test_epi64_mask(whole, whole);
        __mmask8 out = _mm512_cmpgt_epi64_mask(some, whole) | _mm512_cmplt_epi64_mask(some, zero) |
                       _mm512_cmpgt_epi64_mask(whole, most);
        unusual |= any & out;
        _mm512_storeu_si512(ratios + row, _mm512_maskz_mov_epi64(any, divide_avx512(some, whole)));
    }
    if (unusual) return ratios_portable(matched, quantities, rows, ratios);
    return ratios_portable(matched + row, quantities + row, rows - row, ratios + row);
}

SW_TARGET_AVX512 static size_t values_avx512(const int64_t *prices, const int64_t *quantities,
                                             size_t rows, int64_t *values)
{
    const __m512i half = _mm512_set1_epi64(INT64_C(1) << 31);
    const __m512i upper = _mm512_set1_epi64(~(int64_t)UINT32_MAX);
    size_t row = 0;
    for (; row + EIGHT <= rows; row += EIGHT) {
        __m512i price = load_eight(prices + row), quantity = load_eight(quantities + row);
        __m512i moved =
            _mm512_or_si512(_mm512_add_epi64(price, half), _mm512_add_epi64(quantity, half));
        if (_mm512_test_epi64_mask(moved, upper)) break;
        _mm512_storeu_si512(values + row, _mm512_mul_epi32(price, quantity));
    }
    return row + values_portable(prices + row, quantities + row, rows - row, values + row);
}

static const struct sw_amounts avx512 = {asked_avx512, sizes_avx512, fills_avx512, ratios_avx512,
                                         values_avx512};

const struct sw_amounts *sw_amounts_best(void)
{
    if (sw_cpu_has(SW_CPU_AVX512)) return &avx512;
    return sw_cpu_has(SW_CPU_AVX2) ? &avx2 : &portable;
}
#else
const struct sw_amounts *sw_amounts_best(void)
{
    return &portable;
}
#endif
