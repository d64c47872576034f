/* SPDX-License-Identifier: ISC
 *
 * What a page is made of: bytes as text of HTML, which have nothing of its markup; as a CSV, whose
 * cells lie in its text; as JSON, values of which lie in it, and strings of which come back as they
 * were written; as decimals, of which one is farther from 0 or both are as far.
 */
#include "base/json.h"
#include "base/json_read.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "page/decimal.h"
#include "page/html.h"
#include "page/rows.h"

static void check_html(const char *bytes, size_t size)
{
    struct sw_buffer out = {0};
    struct sw_error error = {0};
    fuzz_require(sw_html_text(&out, bytes, size, &error), "%s", error.message);
    fuzz_require(sw_utf8_valid((const char *)out.bytes, out.length), "no UTF-8");
    for (size_t i = 0; i < out.length; i++)
        fuzz_require(out.bytes[i] && !strchr("<>\"'\r", (char)out.bytes[i]), "byte %zu", i);
    sw_buffer_free(&out);
}

static void walk(struct sw_json value, const char *begin, const char *end, int depth)
{
    static const char *const names[] = {"stages", "name", "selectors", ""};
    struct sw_json inner, array = value;
    struct sw_buffer said = {0};
    struct sw_error error = {0};
    fuzz_require(value.at >= begin && value.end <= end && value.at <= value.end, "outside");
    fuzz_require(sw_json_said(value, &said, &error), "%s", error.message);
    sw_buffer_free(&said);
    if (depth == 0) return;
    for (size_t i = 0; i < 4; i++)
        if (sw_json_member(value, names[i], &inner)) walk(inner, begin, end, depth - 1);
    while (sw_json_element(&array, &inner)) walk(inner, begin, end, depth - 1);
}

static void check_json(const char *bytes, size_t size)
{
    struct sw_buffer text = {0}, said = {0};
    struct sw_error error = {0};
    struct sw_json value;
    fuzz_require(sw_buffer_text(&text, "{\"a\": [1, {\"b\": null}], \"b\" : ", &error) &&
                     sw_json_text(&text, bytes, size, &error) && sw_buffer_text(&text, "}", &error),
                 "%s", error.message);
    const char *at = (const char *)text.bytes;
    fuzz_require(sw_json_member((struct sw_json){at, at + text.length}, "b", &value), "no member");
    fuzz_require(sw_json_said(value, &said, &error), "%s", error.message);
    fuzz_require(said.length == size && (!size || memcmp(said.bytes, bytes, size) == 0),
                 "came back as '%.*s'", (int)said.length, (const char *)said.bytes);
    sw_buffer_free(&text);
    sw_buffer_free(&said);
    walk((struct sw_json){bytes, bytes + size}, bytes, bytes + size, 3);
}

static bool take(void *owner, const struct sw_page_row *row, struct sw_error *error)
{
    size_t *columns = owner, length;
    (void)error;
    fuzz_require(row->columns > 0 && (*columns == 0 || row->columns == *columns), "columns");
    *columns = row->columns;
    for (size_t i = 0; i < row->columns; i++) {
        const char *cell = sw_page_cell(row, i, &length);
        fuzz_require(length < SIZE_MAX / 2, "cell %zu", i);
        check_html(cell, length);
    }
    return true;
}

static void check_decimals(const char *bytes, size_t size)
{
    const char *blank = memchr(bytes, ' ', size);
    size_t first = blank ? (size_t)(blank - bytes) : 0;
    if (!blank || !sw_page_is_decimal(bytes, first) ||
        !sw_page_is_decimal(blank + 1, size - first - 1))
        return;
    char *a = strndup(bytes, first), *b = strndup(blank + 1, size - first - 1);
    if (!a || !b) abort();
    int there = sw_page_farther(a, b), back = sw_page_farther(b, a);
    fuzz_require((there > 0) == (back < 0) && (there == 0) == (back == 0), "%s and %s", a, b);
    free(a);
    free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sw_error error = {0};
    size_t columns = 0;
    check_html((const char *)bytes, size);
    check_json((const char *)bytes, size);
    check_decimals((const char *)bytes, size);
    fuzz_check_error(sw_page_rows(fuzz_file(0, bytes, size), take, &columns, &error), &error);
    return 0;
}
