/* SPDX-License-Identifier: ISC */
#include "kernels/literal_scan.h"

#include <string.h>

#include "kernels/byte_masks.h"

/* The entries of a table at which the literal may have a byte at that offset. A quote is none of
 * them: text with quotes is not swept over. */
static void mark(unsigned char table[16], const struct sw_literal *literal, char separator,
                 ptrdiff_t offset, unsigned char bit)
{
    const unsigned char around[] = {(unsigned char)separator, '\n', '\r', '+', '-', '.', '0'};
    for (size_t i = 0; i < sizeof around; i++) {
        unsigned char byte = around[i];
        if ((offset < 0 && sw_literal_may_follow(literal, byte, separator)) ||
            (offset == (ptrdiff_t)literal->length &&
             sw_literal_may_precede(literal, byte, separator)))
            table[byte & 15] |= bit;
    }
    if (offset >= 0 && offset < (ptrdiff_t)literal->length)
        table[(unsigned char)literal->bytes[offset] & 15] |= bit;
}

/* The bytes lie as far from each other as the shortest literal allows: ids begin alike, and so do
 * times. After one that was cut stands anything, so that place is not looked at. */
struct sw_window sw_window_of(const struct sw_literal_set *set, char separator)
{
    struct sw_window window = {.separator = separator};
    size_t last = SW_LITERAL_LENGTH - 1;
    for (size_t i = 0; i < set->count; i++) {
        const struct sw_literal *literal = &set->items[i];
        if (!literal->cut && literal->length < last) last = literal->length;
        window.columns |= UINT64_C(1) << (literal->column < 63 ? literal->column : 63);
    }
    for (size_t k = 0; k < SW_WINDOW_BYTES; k++) {
        window.offsets[k] = (ptrdiff_t)(k * (last + 1) / (SW_WINDOW_BYTES - 1)) - 1;
        for (size_t i = 0; i < set->count; i++)
            mark(window.tables[k], &set->items[i], separator, window.offsets[k],
                 (unsigned char)(1u << i % 8));
    }
    return window;
}

/* And which of them may begin a literal. */
struct masks {
    struct sw_byte_masks bytes;
    uint64_t hits;
};

SW_INLINE uint64_t ones(uint64_t bits)
{
    return (uint64_t)__builtin_popcountll(bits);
}

/* Bits up to the lowest one that is set, and that too; all where none is. */
SW_INLINE uint64_t up_to_lowest(uint64_t bits)
{
    return bits ^ (bits - 1);
}

/* All ones where a bit is set. Whether a newline stands in 64 bytes is not to be guessed, so there
 * is to be no branch for it. */
SW_INLINE uint64_t all_if_any(uint64_t bits)
{
    return 0 - ((bits | (0 - bits)) >> 63);
}

/* Separators and what there should be of them, over 64 bytes after others. `ahead` is how many more
 * separators there were than the rows that ended should have. Returns 0 where each row that ends here
 * has its number. */
SW_INLINE uint64_t count_separators(uint64_t *ahead, uint64_t separators, uint64_t newlines,
                                    uint64_t wanted)
{
    uint64_t due = *ahead - wanted;
    uint64_t wrong = (due + ones(separators & up_to_lowest(newlines))) & all_if_any(newlines);
    for (uint64_t rest = newlines & (newlines - 1); rest; rest &= rest - 1) {
        due -= wanted;
        wrong |= due + ones(separators & up_to_lowest(rest));
    }
    *ahead += ones(separators) - wanted * ones(newlines);
    return wrong;
}

/* Every one is written, and stays where its column is one of the literals'. `ahead` is as in
 * count_separators, of the bytes before. */
SW_INLINE size_t write_hits(struct sw_hit *hits, const struct masks *found, size_t at, size_t rows,
                            uint64_t ahead, uint64_t wanted, uint64_t columns)
{
    size_t count = 0;
    for (uint64_t bits = found->hits; bits; bits &= bits - 1) {
        uint64_t below = up_to_lowest(bits) >> 1, ended = ones(found->bytes.newlines & below);
        uint64_t column = ahead + ones(found->bytes.separators & below) - wanted * ended;
        hits[count] = (struct sw_hit){(uint32_t)(at + (size_t)__builtin_ctzll(bits)),
                                      (uint32_t)(rows + ended), (uint32_t)column};
        count += columns >> (column < 63 ? column : 63) & 1;
    }
    return count;
}

/* The loop over steps, into which each level's way to find is inlined. */
SW_INLINE struct sw_sweep sweep_with(const char *base, size_t from, size_t to, size_t separators,
                                     const struct sw_window *window, struct sw_hit *hits,
                                     size_t room,
                                     struct masks (*find)(const char *, const struct sw_window *))
{
    struct sw_window own = *window; /* in registers: no store below can change it */
    struct sw_sweep sweep = {0};
    uint64_t ahead = 0, wrong = 0;
    for (size_t at = from; at < to; at += SW_SCAN_STEP) {
        struct masks found = find(base + at, &own);
        uint64_t within = to - at >= SW_SCAN_STEP ? ~UINT64_C(0) : (UINT64_C(1) << (to - at)) - 1;
        found.bytes.separators &= within;
        found.bytes.newlines &= within;
        found.hits &= within;
        wrong |= found.bytes.quotes & within;
        if (found.hits) {
            sweep.full = room - sweep.hits < SW_SCAN_STEP;
            if (sweep.full) break;
            sweep.hits += write_hits(hits + sweep.hits, &found, at, sweep.rows, ahead, separators,
                                     own.columns);
        }
        wrong |= count_separators(&ahead, found.bytes.separators, found.bytes.newlines, separators);
        sweep.rows += ones(found.bytes.newlines);
    }
    sweep.sound = wrong == 0;
    return sweep;
}

SW_INLINE struct masks find_portable(const char *at, const struct sw_window *window)
{
    struct masks found = {.bytes = sw_byte_masks_portable(at, window->separator)};
    for (size_t i = 0; i < SW_SCAN_STEP; i++) {
        unsigned literals = 0xff;
        for (size_t k = 0; k < SW_WINDOW_BYTES; k++) {
            unsigned char byte = (unsigned char)at[(ptrdiff_t)i + window->offsets[k]];
            literals &= byte < 128 ? window->tables[k][byte & 15] : 0;
        }
        found.hits |= (uint64_t)(literals != 0) << i;
    }
    return found;
}

static struct sw_sweep sweep_portable(const char *base, size_t from, size_t to, size_t separators,
                                      const struct sw_window *window, struct sw_hit *hits,
                                      size_t room)
{
    return sweep_with(base, from, to, separators, window, hits, room, find_portable);
}

#if defined(__x86_64__)

/* The literals of one table at 32 bytes. A byte of 128 or more looks up 0. */
SW_TARGET_AVX2 SW_INLINE __m256i table_avx2(const char *at, const struct sw_window *window,
                                            size_t k)
{
    __m128i table = _mm_loadu_si128((const __m128i *)(const void *)window->tables[k]);
    __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)(at + window->offsets[k]));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), text);
}

SW_TARGET_AVX2 SW_INLINE __m256i literals_avx2(const char *at, const struct sw_window *window)
{
    __m256i front = _mm256_and_si256(table_avx2(at, window, 0), table_avx2(at, window, 1));
    __m256i back = _mm256_and_si256(table_avx2(at, window, 2), table_avx2(at, window, 3));
    return _mm256_and_si256(front, back);
}

SW_TARGET_AVX2 static inline struct masks find_avx2(const char *at, const struct sw_window *window)
{
    return (struct masks){
        sw_byte_masks_avx2(at, window->separator),
        ~sw_equal_avx2(literals_avx2(at, window), literals_avx2(at + 32, window), 0)};
}

SW_TARGET_AVX2 static struct sw_sweep sweep_avx2(const char *base, size_t from, size_t to,
                                                 size_t separators, const struct sw_window *window,
                                                 struct sw_hit *hits, size_t room)
{
    return sweep_with(base, from, to, separators, window, hits, room, find_avx2);
}

SW_TARGET_AVX512 SW_INLINE __m512i table_avx512(const char *at, const struct sw_window *window,
                                                size_t k)
{
    __m128i table = _mm_loadu_si128((const __m128i *)(const void *)window->tables[k]);
    __m512i text = _mm512_loadu_si512(at + window->offsets[k]);
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), text);
}

SW_TARGET_AVX512 static inline struct masks find_avx512(const char *at,
                                                        const struct sw_window *window)
{
    __m512i front = _mm512_and_si512(table_avx512(at, window, 0), table_avx512(at, window, 1));
    __m512i back = _mm512_and_si512(table_avx512(at, window, 2), table_avx512(at, window, 3));
    return (struct masks){sw_byte_masks_avx512(at, window->separator),
                          _mm512_test_epi8_mask(front, back)};
}

SW_TARGET_AVX512 static struct sw_sweep sweep_avx512(const char *base, size_t from, size_t to,
                                                     size_t separators,
                                                     const struct sw_window *window,
                                                     struct sw_hit *hits, size_t room)
{
    return sweep_with(base, from, to, separators, window, hits, room, find_avx512);
}

#elif defined(__aarch64__)

/* All ones where a literal may begin. An index above 15, which a byte of 128 or more keeps, looks
 * up 0. */
SW_INLINE uint8x16_t literals_neon(const char *at, const struct sw_window *window)
{
    uint8x16_t literals = vdupq_n_u8(0xff);
    for (size_t k = 0; k < SW_WINDOW_BYTES; k++) {
        uint8x16_t text = vld1q_u8((const uint8_t *)(at + window->offsets[k]));
        uint8x16_t index = vandq_u8(text, vdupq_n_u8(0x8f));
        literals = vandq_u8(literals, vqtbl1q_u8(vld1q_u8(window->tables[k]), index));
    }
    return vtstq_u8(literals, literals);
}

SW_INLINE struct masks find_neon(const char *at, const struct sw_window *window)
{
    return (struct masks){sw_byte_masks_neon(at, window->separator),
                          sw_bits_neon(literals_neon(at, window), literals_neon(at + 16, window),
                                       literals_neon(at + 32, window),
                                       literals_neon(at + 48, window))};
}

static struct sw_sweep sweep_neon(const char *base, size_t from, size_t to, size_t separators,
                                  const struct sw_window *window, struct sw_hit *hits, size_t room)
{
    return sweep_with(base, from, to, separators, window, hits, room, find_neon);
}

#endif

sw_sweep_function *sw_sweep_of_level(enum sw_cpu_level level)
{
    if (!sw_cpu_has(level)) return NULL;
    switch (level) {
#if defined(__x86_64__)
    case SW_CPU_AVX2:
        return sweep_avx2;
    case SW_CPU_AVX512:
        return sweep_avx512;
#elif defined(__aarch64__)
    case SW_CPU_NEON:
        return sweep_neon;
#endif
    default:
        return sweep_portable;
    }
}

sw_sweep_function *sw_sweep_best(void)
{
    for (int level = SW_CPU_LEVELS - 1; level > SW_CPU_PORTABLE; level--) {
        sw_sweep_function *sweep = sw_sweep_of_level((enum sw_cpu_level)level);
        if (sweep) return sweep;
    }
    return sweep_portable;
}
