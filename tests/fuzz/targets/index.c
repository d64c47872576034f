/* SPDX-License-Identifier: ISC
 *
 * The index beside a CSV: whatever stands there, the file is read by it or without it, and no row
 * comes out that the expression does not select.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "csv/table.h"
#include "records.h"
#include "input/select_csv.h"

enum { WANTED = 3, PLAN = 0 };

static struct sw_csv_schemas csv_schemas;
static char csv_path[256];

/* The file of which the seeds are indexes, with its time. */
static void open_file(void)
{
    static char text[64 << 10];
    const struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    struct sw_error error = {0};
    if (csv_schemas.count) return;
    FILE *file = fopen(FUZZ_TREE "/tests/fuzz/indexed.csv", "rb");
    if (!file) abort();
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    snprintf(csv_path, sizeof csv_path, "%s", fuzz_named_file("indexed.csv", text, length));
    if (utimensat(AT_FDCWD, csv_path, times, 0) != 0) abort();
    fuzz_require(
        sw_csv_schemas_open(&csv_schemas, "", FUZZ_TREE "/tests/fuzz/types.schema", NULL, &error),
        "%s", error.message);
}

/* Where every row has one number, -1 standing for null, it is told. */
static uint64_t read_by(const char *expression, const int *wanted_number, bool by_index, bool *used)
{
    const struct sw_selectors selectors = {.expression = expression};
    const struct sw_view_settings view = {0};
    struct sw_error error = {0}, unused = {0};
    struct sw_csv csv;
    struct sw_csv_select select;
    struct sw_table table;
    struct sw_bad_rows bad = {.only_counted = true};
    int wanted[WANTED] = {0, 1, 2};
    uint64_t rows = 0;
    if (!sw_csv_open(&csv, csv_path, &csv_schemas, &error) ||
        !sw_csv_select_open(&select, &csv, &selectors, &view, NULL, &error) ||
        (by_index && !sw_csv_select_by_index(&select, NULL, 0, &unused, &error)))
        fuzz_require(false, "%s", error.message);
    if (by_index) fuzz_check_error(select.indexed, &unused);
    struct sw_table_settings settings = {.wanted = wanted,
                                         .wanted_count = WANTED,
                                         .batch_rows = 100,
                                         .filter = &select.filter,
                                         .bad = &bad};
    if (!sw_table_open(&table, &csv, &settings, &error)) abort();
    while (sw_csv_select_next(&select, &table, &error) == SW_ROWS)
        for (size_t row = 0; row < table.rows; row++) {
            const struct sw_vector *number = table.vectors[0];
            sw_int128 value = sw_is_null(number, row) ? -1 : sw_value(number, row);
            fuzz_require(!wanted_number || *wanted_number == value, "row %zu", row);
            rows++;
        }
    fuzz_check_error(error.status == SW_DONE, &error);
    *used = select.indexed;
    sw_table_free(&table);
    sw_csv_select_free(&select);
    sw_csv_close(&csv);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int three = 3, null = -1;
    static const struct {
        const char *text;
        const int *number;
    } expressions[] = {{"number == 3", &three},
                       {"number > 40 && id < 100", NULL},
                       {"when > 1725494399000000000 || number in (1, 2)", NULL},
                       {"price < 0", NULL},
                       {"number == null", &null}};
    bool used;
    open_file();
    fuzz_named_file("indexed.csv.index", bytes, size);
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        const char *text = expressions[i].text;
        uint64_t all = read_by(text, expressions[i].number, false, &used);
        uint64_t some = read_by(text, expressions[i].number, true, &used);
        fuzz_require(used || all == some, "%s: %d rows without an index, %d with one unused", text,
                     (int)all, (int)some);
    }
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed)
{
    return fuzz_mutate_stream(bytes, size, maximum, seed);
}
