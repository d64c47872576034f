/* SPDX-License-Identifier: ISC */
#include "input/sides.h"

#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/shown.h"
#include "input/any_table.h"

enum { SHOWN_LENGTH = 64 };

static bool is_side(const struct sw_vector *sides, size_t row)
{
    if (sw_is_null(sides, row)) return true;
    if (sides->type != SW_INT && sides->type != SW_UINT) return false;
    sw_int128 side = sw_value(sides, row);
    return side == 1 || side == 2;
}

static bool refuse(const char *path, const struct sw_vector *sides, size_t row,
                   struct sw_error *error)
{
    char text[SW_NUMBER_LENGTH], shown[SHOWN_LENGTH];
    size_t length;
    if (sides->type == SW_TEXT) {
        const struct sw_text *value = &sides->dictionary[sides->codes[row]];
        length = value->length;
        sw_shown(shown, sizeof shown, value->bytes, length);
    } else {
        length = sw_format_decimal(text, sw_value(sides, row), sides->scale);
        sw_shown(shown, sizeof shown, text, length);
    }
    return sw_fail(error, SW_DATA,
                   "%s: side: neither 1 (buys) nor 2 (sells), as a number: '%s'; lines such as "
                   "'value side 1 B' of a schema say what means which, see sw-schemas(7)",
                   path, shown);
}

/* False: a side that is none; what cannot be read ends the search. */
static bool check_rows(struct sw_rows *rows, struct sw_view *view, int column, const char *path,
                       uint64_t *rows_left, struct sw_error *error)
{
    struct sw_error ignored = {0};
    size_t count;
    while (*rows_left && sw_rows_next(rows, &count, &ignored) == SW_ROWS) {
        sw_view_begin(view, count);
        const struct sw_vector *sides = sw_view_vector(view, column, &ignored);
        if (!sides) break;
        for (size_t row = 0; row < count; row++)
            if (!is_side(sides, row)) return refuse(path, sides, row, error);
        *rows_left -= count < *rows_left ? count : *rows_left;
    }
    return true;
}

bool sw_sides_check(const char *path, const struct sw_csv_schemas *csv_schemas, uint64_t *rows_left,
                    struct sw_error *error)
{
    struct sw_rows rows = {0};
    struct sw_view view = {0};
    struct sw_error ignored = {0};
    struct stat about;
    int column;
    bool good = true;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return true;
    if (sw_rows_open(&rows, path, csv_schemas, &ignored) &&
        sw_view_open(&view, sw_rows_supplier(&rows), NULL, &ignored) &&
        (column = sw_view_column(&view, "side", SW_DATA, &ignored)) >= 0 &&
        sw_rows_start(&rows, &view, NULL, &ignored))
        good = check_rows(&rows, &view, column, path, rows_left, error);
    sw_view_free(&view);
    sw_rows_close(&rows);
    return good;
}
