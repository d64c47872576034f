/* SPDX-License-Identifier: ISC
 *
 * Columns through the encodings and back (tests/encode.bats): `encode_test round-trips` for every
 * shape of numbers, nulls and rows; `encode_test twins` for the CPU's vectors against the portable
 * code; `encode_test damage COUNT` for bytes that make no sense, which must be refused or read as
 * something, and never more than that.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "kernels/exceptions.h"
#include "kernels/first_seen_codes.h"
#include "encode/encode.h"
#include "kernels/cpu.h"
#include "kernels/narrow.h"
#include "kernels/bitpack.h"
#include "kernels/scatter.h"

static uint64_t state = 88172645463325252;

static uint64_t random64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void fail(const char *what, const char *shape, size_t rows, const char *nulls)
{
    printf("%s: %s, %zu rows, nulls: %s\n", what, shape, rows, nulls);
    exit(1);
}

static void require(bool good, const struct sw_error *error)
{
    if (good) return;
    printf("failed: %s\n", error->message);
    exit(1);
}

/* ---- shapes of columns ---- */

static sw_int128 constant(size_t i)
{
    return (sw_int128)(i * 0) - 7;
}
static sw_int128 ascending(size_t i)
{
    return (sw_int128)i;
}
static sw_int128 descending(size_t i)
{
    return -(sw_int128)i * 3;
}
static sw_int128 thousands(size_t i)
{
    return (sw_int128)(i * i % 977) * 1000 + 250;
}
static sw_int128 clock_ns(size_t i)
{
    return (sw_int128)1725016800000000002 + (sw_int128)(i / 3 * 58000 + i / 3 % 7);
}
static sw_int128 squares(size_t i)
{
    return (sw_int128)i * (sw_int128)i;
}
static sw_int128 small(size_t i)
{
    return (sw_int128)(i * 0 + random64() % 100);
}
static sw_int128 any64(size_t i)
{
    return (int64_t)(random64() + i * 0);
}
static sw_int128 signed_ends(size_t i)
{
    return i % 2 ? INT64_MAX : INT64_MIN;
}
static sw_int128 unsigned_ends(size_t i)
{
    return i % 3 ? (sw_int128)UINT64_MAX : 0;
}
static sw_int128 unsigned_high(size_t i)
{
    return (sw_int128)(UINT64_MAX - random64() % 50 - i * 0);
}
static sw_int128 few(size_t i)
{
    return (sw_int128)(random64() % 5 * 1234567891 + i * 0);
}
static sw_int128 repeated(size_t i)
{
    return (sw_int128)(7904398175937666895 + (i / 2 % 300) * 99991 % 77777);
}
static sw_int128 runs(size_t i)
{
    return (sw_int128)(i / 37 * 104729 % 1000003);
}
static sw_int128 rare(size_t i)
{
    return random64() % 8 ? 42 : (sw_int128)(random64() % 100000 + i);
}
static sw_int128 steps(size_t i)
{
    return (sw_int128)(i / 5) * 17 - (sw_int128)(i % 2);
}
static sw_int128 spike(size_t i)
{
    return i % 128 == 77 ? INT64_MAX : (sw_int128)(i % 3);
}
static sw_int128 wide_near(size_t i)
{
    return (sw_int128)INT64_MAX * 1000000 + (sw_int128)(i % 1000);
}
static sw_int128 wide_far(size_t i)
{
    return i % 2 ? SW_INT128_MAX : SW_INT128_MIN + (sw_int128)i;
}
static sw_int128 wide_edge(size_t i)
{
    return (sw_int128)INT64_MAX * 4 + (i % 2 ? (sw_int128)UINT64_MAX : 0);
}

static const struct shape {
    const char *name;
    enum sw_type type;
    sw_int128 (*value)(size_t row);
} shapes[] = {
    {"constant", SW_INT, constant},
    {"ascending", SW_UINT, ascending},
    {"descending", SW_DATE, descending},
    {"thousands", SW_DECIMAL, thousands},
    {"clock", SW_TIME, clock_ns},
    {"squares", SW_INT, squares},
    {"small", SW_INT, small},
    {"any64", SW_INT, any64},
    {"signed ends", SW_INT, signed_ends},
    {"unsigned ends", SW_UINT, unsigned_ends},
    {"unsigned high", SW_UINT, unsigned_high},
    {"few", SW_INT, few},
    {"repeated", SW_UINT, repeated},
    {"runs", SW_INT, runs},
    {"rare", SW_INT, rare},
    {"steps", SW_INT, steps},
    {"spike", SW_INT, spike},
    {"wide near", SW_DECIMAL, wide_near},
    {"wide far", SW_DECIMAL, wide_far},
    {"wide edge", SW_DECIMAL, wide_edge},
    {"text few", SW_TEXT, few},
    {"text runs", SW_TEXT, runs},
    {"text ascending", SW_TEXT, ascending},
    {"text constant", SW_TEXT, constant},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static const char *const null_kinds[] = {"none", "first", "some", "most", "all"};

static bool null_at(size_t kind, size_t row)
{
    switch (kind) {
    case 0:
        return false;
    case 1:
        return row == 0;
    case 2:
        return row % 3 == 1;
    case 3:
        return row % 64 != 5;
    default:
        return true;
    }
}

static void fill(struct sw_builder *builder, const struct shape *shape, size_t rows, size_t nulls)
{
    struct sw_error error = {0};
    char text[SW_NUMBER_LENGTH];
    require(sw_builder_init(builder, shape->type, shape->type == SW_DECIMAL ? 4 : 0, rows, &error),
            &error);
    for (size_t row = 0; row < rows; row++) {
        sw_int128 value = shape->value(row);
        if (null_at(nulls, row))
            sw_builder_add_null(builder);
        else if (shape->type != SW_TEXT)
            require(sw_builder_add_value(builder, value, &error), &error);
        else
            require(sw_builder_add_text(builder, text, sw_format_decimal(text, value, 3), &error),
                    &error);
    }
}

/* ---- there and back ---- */

/* A column as it stands in a stream, in memory of exactly its size, so that a sanitizer sees every
 * step beyond. */
struct read_back {
    unsigned char *raw;
    struct sw_decoded to;
    struct sw_vector vector;
};

static bool read_back(struct read_back *back, const unsigned char *stored,
                      const struct sw_entry *entry, enum sw_type type, size_t rows)
{
    back->raw = calloc(1, entry->raw_length + SW_DECODE_SLACK);
    back->to.valid = malloc((rows + 63) / 64 * 8);
    back->to.values = malloc((rows + 1) * sw_decoded_width(entry, type));
    back->to.dictionary = malloc((entry->dictionary_size + 1) * sizeof(struct sw_text));
    back->to.scratch = malloc(8 * sw_decoded_scratch(entry, rows) + 8);
    if (entry->compressed) {
        if (!sw_decompress(stored, entry->stored_length, back->raw, entry->raw_length))
            return false;
    } else if (entry->raw_length) {
        memcpy(back->raw, stored, entry->raw_length);
    }
    return sw_decode_column(back->raw, entry, type, 0, rows, &back->to, &back->vector);
}

static void forget(struct read_back *back)
{
    free(back->raw);
    free(back->to.valid);
    free(back->to.values);
    free(back->to.dictionary);
    free(back->to.scratch);
}

static bool same_text(const struct sw_text *a, const struct sw_text *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

static bool same_cell(const struct sw_vector *a, const struct sw_vector *b, size_t row)
{
    if (sw_is_null(a, row) || sw_is_null(b, row)) return sw_is_null(a, row) == sw_is_null(b, row);
    if (a->type != SW_TEXT) return sw_value(a, row) == sw_value(b, row);
    return same_text(&a->dictionary[a->codes[row]], &b->dictionary[b->codes[row]]);
}

/* What the contract of a vector says of a null's place. */
static bool cleared(const struct sw_vector *vector, size_t row)
{
    if (!sw_is_null(vector, row)) return true;
    if (vector->type == SW_TEXT) return vector->codes[row] == 0;
    return sw_value(vector, row) == 0;
}

static void encode(struct sw_encoder *encoder, struct sw_buffer *out,
                   const struct sw_vector *vector, struct sw_entry *entry)
{
    struct sw_error error = {0};
    out->length = 0;
    require(sw_encode_column(encoder, out, 0, vector, vector->rows, entry, &error), &error);
}

/* Every `step`th row alone, which must be what the whole column has there, where that is known. In
 * memory of exactly its size. */
static void pick_rows(const unsigned char *raw, const struct sw_entry *entry, enum sw_type type,
                      size_t rows, size_t step, const struct sw_vector *whole)
{
    size_t count = (rows + step - 1) / step;
    uint32_t *places = malloc(count * sizeof *places);
    struct sw_decoded to = {.valid = malloc((count + 63) / 64 * 8),
                            .values = malloc((count + 1) * sizeof(sw_int128)),
                            .scratch = malloc(8 * sw_decode_rows_scratch(rows, count))};
    struct sw_vector some;
    for (size_t i = 0; i < count; i++) places[i] = (uint32_t)(i * step);
    bool good = sw_decode_rows(raw, entry, type, 0, rows, places, count, &to, &some);
    if (whole && !good) fail("not picked", "-", rows, "-");
    for (size_t i = 0; whole && i < count; i++)
        if (sw_is_null(whole, places[i]) != sw_is_null(&some, i) ||
            (!sw_is_null(&some, i) && sw_value(whole, places[i]) != sw_value(&some, i)))
            fail("another value picked", "-", rows, "-");
    free(places);
    free(to.valid);
    free(to.values);
    free(to.scratch);
}

/* Reads an encoded column and compares it with what it was made of. */
static void compare(const struct sw_vector *vector, const struct sw_buffer *out,
                    const struct sw_entry *entry, const struct shape *shape, const char *nulls)
{
    unsigned char bytes[SW_ENTRY_LENGTH];
    struct sw_entry parsed;
    struct read_back back = {0};
    size_t rows = vector->rows;
    if (out->length != entry->stored_length || out->length % 8)
        fail("length", shape->name, rows, nulls);
    sw_format_entry(bytes, entry);
    if (!sw_parse_entry(bytes, shape->type, rows, &parsed))
        fail("directory refused", shape->name, rows, nulls);
    if (!read_back(&back, out->bytes, entry, shape->type, rows))
        fail("not read", shape->name, rows, nulls);
    for (size_t row = 0; row < rows; row++)
        if (!same_cell(vector, &back.vector, row) || !cleared(&back.vector, row))
            fail("another value", shape->name, rows, nulls);
    for (size_t step = 1; step < 600 && sw_decodes_rows(entry, shape->type); step = 7 * step + 2)
        pick_rows(back.raw, entry, shape->type, rows, step, &back.vector);
    forget(&back);
}

/* `used` has encoded other columns before, under the same index: its cached plans are theirs. */
static void check(struct sw_encoder *used, const struct shape *shape, size_t rows, size_t nulls,
                  int level)
{
    struct sw_builder builder;
    struct sw_encoder plain = {0}, encoder = {.small = true, .level = level}, fresh = encoder;
    struct sw_buffer out = {0}, again = {0};
    struct sw_entry entry, plainly;
    const char *kind = null_kinds[nulls];
    fill(&builder, shape, rows, nulls);
    encode(&plain, &out, &builder.vector, &plainly);
    encode(&encoder, &out, &builder.vector, &entry);
    compare(&builder.vector, &out, &entry, shape, kind);
    if (entry.stored_length > plainly.stored_length)
        fail("larger than 1.0", shape->name, rows, kind);
    encode(&fresh, &again, &builder.vector, &entry);
    if (again.length != out.length || (out.length && memcmp(again.bytes, out.bytes, out.length)))
        fail("other bytes the second time", shape->name, rows, kind);
    for (int time = 0; time < (rows < 2000 ? 6 : 1); time++) {
        encode(used, &out, &builder.vector, &entry);
        compare(&builder.vector, &out, &entry, shape, kind);
        if (entry.stored_length > plainly.stored_length)
            fail("larger than 1.0 by habit", shape->name, rows, kind);
    }
    sw_builder_free(&builder);
    sw_encoder_free(&plain);
    sw_encoder_free(&encoder);
    sw_encoder_free(&fresh);
    sw_buffer_free(&out);
    sw_buffer_free(&again);
}

static int round_trips(void)
{
    static const size_t sizes[] = {1, 2, 3, 63, 64, 65, 127, 128, 129, 1000, 5000, 16384, 65536};
    struct sw_encoder used = {.small = true};
    size_t cases = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t shape = 0; shape < SHAPES; shape++)
            for (size_t nulls = 0; nulls < 5; nulls++, cases++)
                check(&used, &shapes[shape], sizes[i], nulls,
                      (int)(sizes[i] > 5000 ? shape % 2 : cases % 4));
    sw_encoder_free(&used);
    printf("%zu columns\n", cases);
    return 0;
}

/* ---- twins ---- */

/* Calls a function of a room's loops as on a CPU that has none of their instructions. */
#define PORTABLE(call)                                                                             \
    do {                                                                                           \
        const enum sw_cpu_level ceiling = sw_cpu_ceiling;                                          \
        sw_cpu_ceiling = SW_CPU_PORTABLE;                                                          \
        call;                                                                                      \
        sw_cpu_ceiling = ceiling;                                                                  \
    } while (0)

/* Both ways of packing `count` numbers in `width` bytes, and of getting them back; buffers have the
 * eight bytes after the last number that are asked for, and no more. */
static void pack_twins(size_t count, unsigned width)
{
    size_t length = count * width + 8;
    uint64_t base = random64(), mask = UINT64_MAX >> (64 - 8 * width);
    int64_t *values = malloc(8 * count), *back = malloc(8 * count), bounds[4];
    unsigned char *a = malloc(length), *b = malloc(length);
    for (size_t i = 0; i < count; i++) values[i] = (int64_t)(base + (random64() & mask));
    sw_narrow_bounds(values, count, &bounds[0], &bounds[1]);
    PORTABLE(sw_narrow_bounds(values, count, &bounds[2], &bounds[3]));
    if (memcmp(bounds, bounds + 2, 16)) fail("twins differ", "bounds", count, "-");
    sw_narrow_store(a, values, count, base, width);
    PORTABLE(sw_narrow_store(b, values, count, base, width));
    if (memcmp(a, b, length - 8)) fail("twins differ", "store", count, "-");
    memset(back, 0, 8 * count);
    sw_narrow_load(back, a, count, base, width);
    if (memcmp(values, back, 8 * count)) fail("twins differ", "load", count, "-");
    memset(back, 0, 8 * count);
    PORTABLE(sw_narrow_load(back, a, count, base, width));
    if (memcmp(values, back, 8 * count)) fail("twins differ", "portable load", count, "-");
    free(values);
    free(back);
    free(a);
    free(b);
}

/* Numbers of up to `width` bits, in whole groups and one that is not, come back as they were. */
static void pack_bits(size_t count, unsigned width)
{
    uint64_t base = random64(), add = random64(), mask = UINT64_MAX >> (64 - width);
    uint64_t *values = malloc(8 * count), *back = malloc(8 * count);
    if (!values || !back) fail("no memory", "bits", count, "-");
    for (size_t i = 0; i < count; i++) values[i] = base + (i ? random64() & mask : mask);
    size_t length = sw_packing_size(values, count, base, 1), used = 0;
    unsigned char *bytes = malloc(length + SW_PACKING_SLACK);
    if (!bytes) fail("no memory", "bits", count, "-");
    sw_packing_write(bytes, values, count, base, 1);
    if (!sw_packing_read(bytes, length, back, count, add, &used) || used != length)
        fail("not read", "bits", count, "-");
    for (size_t i = 0; i < count; i++)
        if (back[i] - add != values[i] - base) fail("bits differ", "packed", count, "-");
    free(values);
    free(back);
    free(bytes);
}

/* One number of `count` set apart from others, of which one in 2^thin is another: both ways, and as
 * told from the definition. The numbers' memory ends with them. */
static void apart_twins(size_t count, unsigned thin)
{
    uint64_t common = random64(), *values = malloc(8 * count);
    uint64_t *a = malloc(8 * count + 8), *b = malloc(8 * count + 8);
    size_t length = (count + 63) / 64 * 8, others = 0;
    unsigned char *marks = malloc(length), *portable = malloc(length);
    if (!values || !a || !b || !marks || !portable) fail("no memory", "apart", count, "-");
    for (size_t i = 0; i < count; i++) {
        values[i] = random64() >> (64 - thin) ? common : common ^ (UINT64_C(1) << random64() % 64);
        others += values[i] != common;
    }
    size_t found;
    PORTABLE(found = sw_exception_values(b, values, count, common));
    if (sw_exception_values(a, values, count, common) != others || found != others ||
        memcmp(a, b, 8 * others))
        fail("twins differ", "others", count, "-");
    sw_exception_marks(marks, values, count, common);
    PORTABLE(sw_exception_marks(portable, values, count, common));
    if (memcmp(marks, portable, length)) fail("twins differ", "marks", count, "-");
    for (size_t i = 0, other = 0; i < 8 * length; i++) {
        bool marked = marks[i / 8] >> i % 8 & 1;
        if (marked != (i < count && values[i] != common)) fail("wrong", "marks", count, "-");
        if (marked && a[other++] != values[i]) fail("wrong", "others", count, "-");
    }
    free(values);
    free(a);
    free(b);
    free(marks);
    free(portable);
}

/* Codes of `count` rows in two extents: what they are, told from the definition; and some numbers
 * that go back too far, which both twins must find. */
static void meet_twins(size_t count, bool nonsense)
{
    static uint64_t since[301];
    static uint32_t a[300], b[300];
    unsigned char bitmap[40] = {0};
    uint64_t thin = random64() & random64() & random64();
    size_t again = 0, met = 0, part = random64() % (count / 8 + 1) * 8;
    for (size_t i = 0; i < count; i++) {
        bool before = met && (random64() >> 9 & 3 & (thin >> i % 64 | 1));
        if (before) bitmap[i / 8] |= (unsigned char)(1 << i % 8);
        if (before)
            since[again++] =
                nonsense && !(random64() & 31) ? random64() >> random64() % 64 : random64() % met;
        met += !before;
    }
    since[again] = 0;
    struct sw_first_seen vector = {.bitmap = bitmap, .since = since, .end = since + again};
    struct sw_first_seen portable = vector;
    sw_first_seen_next(&vector, a, part);
    sw_first_seen_next(&vector, a + part, count - part);
    PORTABLE(sw_first_seen_next(&portable, b, count));
    bool good = true;
    for (size_t i = 0, next = 0, so_far = 0; i < count; i++) {
        bool before = bitmap[i / 8] >> i % 8 & 1;
        good = good && (!before || since[next] < so_far);
        if (good && b[i] != (before ? so_far - 1 - since[next] : so_far))
            fail("wrong", "codes", count, "-");
        next += before;
        so_far += !before;
    }
    if (memcmp(a, b, sizeof *a * count)) fail("twins differ", "codes", count, "-");
    if (sw_first_seen_good(&vector, met) != good || sw_first_seen_good(&portable, met) != good)
        fail("not told from nonsense", "codes", count, "-");
}

static void twins_of_level(void)
{
    for (unsigned width = 1; width <= 64; width++)
        for (size_t groups = 0; groups < 3; groups++)
            for (size_t more = 0; more < 20; more += 1 + more)
                if (groups || more) pack_bits(groups * SW_PACKING_GROUP + more, width);
    for (size_t count = 1; count < 150; count++)
        for (unsigned width = 1; width <= 8; width++) pack_twins(count, width);
    for (size_t round = 0; round < 20000; round++) meet_twins(1 + random64() % 300, round % 2);
    for (size_t count = 1; count < 300; count++)
        for (unsigned thin = 1; thin <= 8; thin++) apart_twins(count, thin);
    static uint64_t a[300], b[300];
    unsigned char bitmap[40];
    for (size_t round = 0; round < 20000; round++) {
        size_t count = 1 + random64() % 256, words = (count + 63) / 64;
        uint64_t thin = round % 3 ? UINT64_MAX : random64() & random64();
        for (size_t word = 0; word < words; word++) {
            uint64_t bits = round % 5 ? random64() & thin : UINT64_MAX;
            if (word == words - 1 && count % 64) bits &= (UINT64_C(1) << count % 64) - 1;
            sw_store64(bitmap + 8 * word, bits);
        }
        size_t others = sw_bits_set(bitmap, count);
        for (size_t i = 0; i <= count; i++) a[i] = b[i] = random64();
        sw_scatter(a, count, bitmap, others, 7);
        PORTABLE(sw_scatter(b, count, bitmap, others, 7));
        if (memcmp(a, b, 8 * count)) fail("twins differ", "spread", count, "-");
        static uint64_t falls[301];
        for (size_t i = 0; i <= count; i++) a[i] = b[i] = falls[i] = random64();
        sw_rise(a, count, bitmap, falls, others, 7);
        PORTABLE(sw_rise(b, count, bitmap, falls, others, 7));
        if (memcmp(a, b, 8 * count)) fail("twins differ", "rise", count, "-");
        uint64_t sum = 0, there;
        for (size_t i = 0; i < count; i++) sum += falls[i];
        PORTABLE(there = sw_packing_sum(falls, count));
        if (sum != there || sum != sw_packing_sum(falls, count))
            fail("twins differ", "sum", count, "-");
        memcpy(a, falls, 8 * count);
        memcpy(b, falls, 8 * count);
        sw_packing_sums(a, count, 7);
        PORTABLE(sw_packing_sums(b, count, 7));
        if (memcmp(a, b, 8 * count) || a[count - 1] != sum + 7)
            fail("twins differ", "sums", count, "-");
        uint32_t ranks[8], place, before, set = 0;
        place = (uint32_t)(random64() % count);
        for (uint32_t i = 0; i < place; i++) set += bitmap[i / 8] >> i % 8 & 1;
        if (sw_bits_rank(bitmap, count, ranks) != others) fail("twins differ", "rank", count, "-");
        sw_bits_before(bitmap, ranks, &place, 1, &before);
        if (before != set) fail("twins differ", "before", count, "-");
    }
}

/* Of every level that this CPU has. */
static int twins(void)
{
    for (int level = SW_CPU_NEON; level < SW_CPU_LEVELS; level++) {
        sw_cpu_ceiling = (enum sw_cpu_level)level;
        if (sw_cpu_has(sw_cpu_ceiling)) twins_of_level();
    }
    return 0;
}

/* ---- damage ---- */

static void change(unsigned char *bytes, size_t length)
{
    static const unsigned char telling[] = {0, 1,  2,  3,  4,  5,   6,   7,
                                            8, 56, 57, 63, 64, 127, 128, 255};
    size_t changes = 1 + random64() % 3;
    for (size_t i = 0; i < changes && length; i++) {
        size_t at = random64() % (random64() % 2 || length < 64 ? length : 64);
        bytes[at] = random64() % 2 ? telling[random64() % 16] : (unsigned char)random64();
    }
}

static void try_damaged(const unsigned char *column, const struct sw_entry *entry,
                        enum sw_type type, size_t rows)
{
    unsigned char about[SW_ENTRY_LENGTH];
    struct sw_entry changed;
    struct read_back back = {0};
    size_t length = entry->stored_length;
    unsigned char *bytes = malloc(length + 64);
    memset(bytes, (int)random64() & 255, length + 64);
    if (length) memcpy(bytes, column, length);
    change(bytes, length);
    sw_format_entry(about, entry);
    if (random64() % 4 == 0) change(about, 24);
    if (random64() % 4 == 0) sw_store32(about + 8, (uint32_t)(length + 8 * (random64() % 9) - 32));
    sw_store32(about + 12, sw_load32(about + 8));
    if (sw_parse_entry(about, type, rows, &changed) && changed.stored_length <= length + 64 &&
        !changed.compressed) {
        bool read = read_back(&back, bytes, &changed, type, rows);
        for (size_t row = 0; read && type == SW_TEXT && row < rows; row++)
            if (!sw_is_null(&back.vector, row) &&
                back.vector.codes[row] >= back.vector.dictionary_size)
                fail("a code beyond the dictionary", "damage", rows, "-");
        if (sw_decodes_rows(&changed, type))
            pick_rows(back.raw, &changed, type, rows, 1 + random64() % 20, NULL);
        forget(&back);
    }
    free(bytes);
}

static int damage(size_t count)
{
    struct sw_encoder encoder = {.small = true};
    struct sw_buffer out = {0};
    for (size_t i = 0; i < count; i++) {
        const struct shape *shape = &shapes[i % SHAPES];
        size_t rows = 2 + random64() % 700;
        struct sw_builder builder;
        struct sw_entry entry;
        fill(&builder, shape, rows, random64() % 4);
        encode(&encoder, &out, &builder.vector, &entry);
        for (int change_number = 0; change_number < 40; change_number++)
            try_damaged(out.bytes, &entry, shape->type, rows);
        sw_builder_free(&builder);
    }
    sw_buffer_free(&out);
    sw_encoder_free(&encoder);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "round-trips") == 0) return round_trips();
    if (argc == 2 && strcmp(argv[1], "twins") == 0) return twins();
    if (argc == 3 && strcmp(argv[1], "damage") == 0) return damage(strtoul(argv[2], NULL, 10));
    fputs("usage: encode_test round-trips | twins | damage COUNT\n", stderr);
    return 2;
}
