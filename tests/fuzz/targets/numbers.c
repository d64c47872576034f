/* SPDX-License-Identifier: ISC
 *
 * Numbers, times and dates: fields, one a line. The readers that take many at once see in each what
 * a reader sees that was written here, by the book, for nothing else; what is read is printed, and
 * read back the same.
 */
#include "base/civil.h"
#include "base/number.h"
#include "csv/parse_columns.h"
#include "fuzz.h"

enum { FIELDS_MOST = 2000, BEFORE = 128, BEHIND = 128 };

static const struct kind {
    enum sw_type type;
    int scale;
} kinds[] = {{SW_INT, 0},     {SW_UINT, 0},     {SW_DECIMAL, 0}, {SW_DECIMAL, 1}, {SW_DECIMAL, 4},
             {SW_DECIMAL, 9}, {SW_DECIMAL, 18}, {SW_TIME, 0},    {SW_DATE, 0}};

/* ---- the book ---- */

/* [+-]DIGITS[.DIGITS] at a scale. Outcomes as sw_parse_decimal. */
static enum sw_number_outcome by_the_book(const char *text, size_t length, int scale,
                                          sw_int128 *value)
{
    size_t at = length && (text[0] == '-' || text[0] == '+'), digits = 0;
    bool negative = length && text[0] == '-', large = false, fine = false, point = false;
    sw_uint128 magnitude = 0, most = (sw_uint128)SW_INT128_MAX + negative;
    int decimals = 0;
    for (; at < length; at++) {
        unsigned digit = (unsigned)(unsigned char)text[at] - '0';
        if (text[at] == '.' && !point) {
            point = true;
            continue;
        }
        if (digit > 9) return SW_NUMBER_MALFORMED;
        digits++;
        if (point && decimals == scale) {
            fine = fine || digit;
            continue;
        }
        decimals += point;
        large = large || magnitude > (most - digit) / 10;
        if (!large) magnitude = magnitude * 10 + digit;
    }
    if (digits == 0) return SW_NUMBER_MALFORMED;
    for (; decimals < scale; decimals++) {
        large = large || magnitude > most / 10;
        if (!large) magnitude *= 10;
    }
    if (large) return SW_NUMBER_TOO_LARGE;
    if (fine) return SW_NUMBER_TOO_FINE;
    *value = negative ? (sw_int128)(0 - magnitude) : (sw_int128)magnitude;
    return SW_NUMBER_GOOD;
}

/* The same with an exponent: the number is written out without one, and read. One that is not 0 and
 * has an exponent past 200 is too large or too fine for anything. */
static enum sw_number_outcome with_exponent(const char *text, size_t length, int scale,
                                            sw_int128 *value)
{
    char plain[1000];
    size_t e = 0, at = 0, whole = 0;
    while (e < length && text[e] != 'e' && text[e] != 'E') e++;
    if (e == length || length > 300) return by_the_book(text, length, scale, value);
    sw_int128 mantissa, exponent;
    enum sw_number_outcome first = by_the_book(text, e, 38, &mantissa);
    bool digits = memchr(text + e, '.', length - e) == NULL;
    if (first == SW_NUMBER_MALFORMED || !digits ||
        by_the_book(text + e + 1, length - e - 1, 0, &exponent) != SW_NUMBER_GOOD)
        return SW_NUMBER_MALFORMED;
    bool zero = strspn(text, "+-0.") >= e;
    if (zero) exponent = 0;
    if (exponent > 200 || exponent < -200) return SW_NUMBER_TOO_LARGE;
    size_t sign = e && (*text == '-' || *text == '+');
    if (sign) plain[at++] = *text;
    for (int i = 0; i < 200; i++) plain[at++] = '0';
    for (size_t i = sign; i < e; i++) {
        if (text[i] == '.')
            whole = at;
        else
            plain[at++] = text[i];
    }
    if (!memchr(text, '.', e)) whole = at;
    for (int i = 0; i < 200; i++) plain[at++] = '0';
    size_t point = (size_t)((sw_int128)whole + exponent);
    memmove(plain + point + 1, plain + point, at - point);
    plain[point] = '.';
    return by_the_book(plain, at + 1, scale, value);
}

/* Whether a number would be a moment of the years 2001 to 2100 if it counted seconds, milliseconds or
 * microseconds: it is refused as a time then. */
static bool counts_another_unit(sw_int128 value)
{
    for (sw_int128 factor = 1; factor <= 1000000; factor *= 1000)
        if (value >= 978307200 * factor && value <= 4133980800 * factor) return true;
    return false;
}

/* Whether a field is a value of its kind, and which. */
static bool is_value(const struct kind *kind, const char *text, size_t length, sw_int128 *value)
{
    int64_t narrow = 0;
    if (kind->type == SW_DATE) {
        bool good = sw_parse_date(text, length, &narrow);
        *value = narrow;
        return good;
    }
    bool exponents = kind->type == SW_DECIMAL || kind->type == SW_TIME;
    enum sw_number_outcome outcome = exponents ? with_exponent(text, length, kind->scale, value)
                                               : by_the_book(text, length, kind->scale, value);
    if (outcome == SW_NUMBER_MALFORMED && kind->type == SW_TIME) {
        bool good = sw_parse_time(text, length, &narrow) == SW_TIME_GOOD;
        *value = narrow;
        return good;
    }
    if (outcome != SW_NUMBER_GOOD) return false;
    if (kind->type == SW_TIME && counts_another_unit(*value)) return false;
    if (kind->type == SW_UINT) return *value >= 0 && *value <= (sw_int128)UINT64_MAX;
    return kind->type == SW_DECIMAL || (*value >= INT64_MIN && *value <= INT64_MAX);
}

/* ---- many at once ---- */

struct input {
    char *space; /* the text, with room around it */
    uint32_t cells[2 * FIELDS_MOST];
    size_t count;
};

static void split(struct input *input, const uint8_t *bytes, size_t size)
{
    input->space = malloc(BEFORE + size + 1 + BEHIND);
    memset(input->space, ',', BEFORE + size + 1 + BEHIND);
    memcpy(input->space + BEFORE, bytes, size);
    input->count = 0;
    for (size_t from = BEFORE; from <= BEFORE + size && input->count < FIELDS_MOST;) {
        const char *end = memchr(input->space + from, '\n', BEFORE + size - from);
        size_t to = end ? (size_t)(end - input->space) : BEFORE + size;
        input->cells[2 * input->count] = (uint32_t)from - 1;
        input->cells[2 * input->count + 1] = (uint32_t)to;
        input->count++;
        from = to + 1;
    }
}

static void check_field(const struct kind *kind, const struct sw_vector *vector, size_t row,
                        bool faulty, const char *text, size_t length)
{
    char space[64];
    sw_int128 value = 0;
    bool good = is_value(kind, text, length, &value);
    struct sw_field_parser parser = sw_field_parser_of(kind->type, kind->scale);
    const char *reason = sw_field_reason(&parser, text, length, space);
    if (length == 0) {
        fuzz_require(sw_is_null(vector, row) && !faulty, "an empty field");
        return;
    }
    fuzz_require(faulty == !good, "type %d:%d, row %zu: '%.*s'", kind->type, kind->scale, row,
                 (int)length, text);
    fuzz_require(!reason == good, "type %d:%d: '%.*s': %s", kind->type, kind->scale, (int)length,
                 text, reason ? reason : "no reason");
    fuzz_require(sw_is_null(vector, row) == !good, "row %zu", row);
    fuzz_require(!good || sw_value(vector, row) == value, "type %d:%d, row %zu: '%.*s'", kind->type,
                 kind->scale, row, (int)length, text);
}

/* In batches of different sizes, as a batch may turn wide half-way. */
static void convert(const struct kind *kind, const struct input *input, uint64_t *state)
{
    struct sw_builder builder;
    struct sw_error error = {0};
    struct sw_field_parser parser = sw_field_parser_of(kind->type, kind->scale);
    if (!sw_builder_init(&builder, kind->type, kind->scale, FIELDS_MOST, &error)) abort();
    for (size_t from = 0; from < input->count;) {
        size_t count = fuzz_next(state) % (input->count - from) + 1, fault = 0;
        struct sw_faults faults = {0};
        struct sw_fields fields = {
            .base = input->space, .cells = input->cells + 2 * from, .stride = 2, .count = count};
        if (!sw_convert(&builder, &fields, &parser, 0, &faults, &error)) abort();
        builder.vector.rows += count;
        for (size_t i = 0; i < count; i++) {
            bool faulty = fault < faults.count && faults.items[fault].row == i;
            fault += faulty;
            check_field(kind, &builder.vector, from + i, faulty,
                        input->space + fields.cells[2 * i] + 1,
                        fields.cells[2 * i + 1] - fields.cells[2 * i] - 1);
        }
        fuzz_require(fault == faults.count, "faults out of order");
        free(faults.items);
        from += count;
    }
    /* Those before stayed what they were. */
    for (size_t i = 0; i < input->count; i++) {
        sw_int128 value;
        const uint32_t *cell = input->cells + 2 * i;
        if (is_value(kind, input->space + cell[0] + 1, cell[1] - cell[0] - 1, &value))
            fuzz_require(sw_value(&builder.vector, i) == value, "row %zu, later", i);
    }
    sw_builder_free(&builder);
}

/* ---- one at a time ---- */

static void check_decimal(const char *text, size_t length)
{
    char printed[SW_NUMBER_LENGTH];
    for (int scale = 0; scale <= SW_MAXIMUM_SCALE; scale += 6) {
        sw_int128 value = 0, expected = 0, again = 0;
        enum sw_number_outcome outcome = sw_parse_decimal(text, length, scale, &value);
        fuzz_require(outcome == by_the_book(text, length, scale, &expected) && value == expected,
                     "scale %d: '%.*s': %d", scale, (int)length, text, outcome);
        if (outcome != SW_NUMBER_GOOD) continue;
        size_t end = sw_format_decimal(printed, value, scale);
        fuzz_require(end <= SW_NUMBER_LENGTH &&
                         sw_parse_decimal(printed, end, scale, &again) == SW_NUMBER_GOOD &&
                         again == value,
                     "'%.*s'", (int)end, printed);
        end = sw_format_fixed(printed, value, scale);
        fuzz_require(end <= SW_NUMBER_LENGTH &&
                         sw_parse_decimal(printed, end, scale, &again) == SW_NUMBER_GOOD &&
                         again == value,
                     "'%.*s'", (int)end, printed);
    }
}

static void check_time(const char *text, size_t length, uint64_t *state)
{
    char printed[SW_CIVIL_LENGTH];
    int64_t value, again;
    int offset;
    size_t end;
    if (sw_parse_date(text, length, &value)) {
        end = sw_format_date(printed, value);
        fuzz_require(end == length && memcmp(printed, text, end) == 0, "date '%.*s'", (int)end,
                     printed);
    }
    if (sw_parse_time(text, length, &value) == SW_TIME_GOOD) {
        offset = (int)(fuzz_next(state) % (2 * 86400 - 1)) - 86399;
        end = sw_format_time(printed, value, offset, offset == 0);
        bool back = sw_parse_time(printed, end, &again) == SW_TIME_GOOD;
        fuzz_require(end <= SW_CIVIL_LENGTH && back && again == value, "time '%.*s' as '%.*s'",
                     (int)length, text, (int)end, printed);
    }
    if (sw_parse_time_of_day(text, length, &value)) {
        fuzz_require(value >= 0 && value <= SW_NS_PER_DAY, "'%.*s'", (int)length, text);
        end = sw_format_time_of_day(printed, value);
        fuzz_require(value == SW_NS_PER_DAY ||
                         (sw_parse_time_of_day(printed, end, &again) && again == value),
                     "'%.*s'", (int)end, printed);
    }
    if (sw_parse_offset(text, length, &offset)) {
        int second;
        end = sw_format_offset(printed, offset);
        fuzz_require(sw_parse_offset(printed, end, &second) && second == offset, "'%.*s'", (int)end,
                     printed);
    }
}

static void check_counts(const char *text)
{
    struct sw_error error = {0};
    char printed[SW_NUMBER_LENGTH];
    uint64_t value, length;
    if (sw_parse_count(text, &value)) {
        size_t end = sw_format_unsigned(printed, value);
        while (*text == '0' && text[1]) text++;
        fuzz_require(end == strlen(text) && memcmp(printed, text, end) == 0 && value <= INT64_MAX,
                     "'%s'", text);
    }
    (void)!sw_parse_size(text, &value);
    fuzz_check_error(sw_parse_range(text, &value, &length, &error), &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct input input;
    uint64_t state = fuzz_hash(bytes, size);
    split(&input, bytes, size);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) convert(&kinds[i], &input, &state);
    for (size_t i = 0; i < input.count && i < 64; i++) {
        const char *text = input.space + input.cells[2 * i] + 1;
        size_t length = input.cells[2 * i + 1] - input.cells[2 * i] - 1;
        check_decimal(text, length);
        check_time(text, length, &state);
        char *copy = strndup(text, length);
        check_counts(copy);
        free(copy);
    }
    free(input.space);
    return 0;
}
