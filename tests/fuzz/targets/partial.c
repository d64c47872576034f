/* SPDX-License-Identifier: ISC
 *
 * Partial aggregates: whatever stream is merged, alone or with itself, its result is the same as
 * that of what it is written as anew.
 */
#include <sys/stat.h>

#include "records.h"
#include "group/reports.h"

enum { IN, PARTIAL, TEXT };

struct outcome {
    bool good;
    struct sw_error error;
    char *text;
    size_t length;
};

static bool is_large(const char *path)
{
    struct sw_reader reader;
    struct sw_error error = {0};
    uint64_t cells = 0;
    if (!sw_reader_open(&reader, &path, 1, &error)) return true;
    while (sw_reader_next(&reader, &error) == SW_ROWS)
        cells += reader.rows * (reader.schema.column_count + 1);
    sw_reader_close(&reader);
    return cells > 1 << 18;
}

static bool write_result(struct sw_aggregate *aggregate, bool reports, struct sw_error *error)
{
    static const char *const none[] = {NULL};
    struct sw_result_options how = {.kind = SW_RESULT_TEXT, .format = SW_PRINT_CSV};
    struct sw_output output;
    if (aggregate->reports) {
        static char folder[128];
        struct sw_reports_options options = {
            .directory = folder, .suffix = ".csv", .result = how, .inputs = none};
        snprintf(folder, sizeof folder, "%s/reports", fuzz_folder());
        mkdir(folder, 0700);
        return !reports || sw_reports_write(aggregate, aggregate->reports, &options, error);
    }
    fuzz_output(&output, TEXT);
    return sw_output_end(
        &output, sw_result_write(&aggregate->groupings[0], &how, &output, NULL, error), error);
}

/* Merges the files; their result, or them as one partial stream. */
static struct outcome merge(const char *const *paths, size_t count, bool as_partial, bool reports)
{
    struct outcome outcome = {0};
    struct sw_aggregate aggregate = {0};
    struct sw_request request = {0};
    struct sw_reader reader;
    struct sw_output output;
    struct sw_error *error = &outcome.error;
    fuzz_output(&output, TEXT);
    if (!sw_output_close(&output, error)) abort();
    if (!sw_reader_open(&reader, paths, count, error)) return outcome;
    outcome.good = sw_aggregate_adopt(&aggregate, &request, &reader.schema, error) &&
                   sw_aggregate_partials(&aggregate, &reader, error);
    if (outcome.good && as_partial) {
        fuzz_output(&output, TEXT);
        outcome.good = sw_output_end(
            &output, sw_partial_write(&aggregate, &output, &reader.schema, "fuzz", error), error);
    } else if (outcome.good)
        outcome.good = write_result(&aggregate, reports, error);
    fuzz_check_error(outcome.good, error);
    sw_aggregate_free(&aggregate);
    sw_reader_close(&reader);
    outcome.text = fuzz_written(TEXT, &outcome.length);
    return outcome;
}

static void compare(const struct outcome *a, const struct outcome *b, const char *what)
{
    fuzz_require(a->good == b->good, "%s: '%s' and '%s'", what, a->error.message, b->error.message);
    fuzz_require(!a->good || (a->length == b->length && memcmp(a->text, b->text, a->length) == 0),
                 "%s:\n%s--- and ---\n%s", what, a->text, b->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *in = fuzz_file(IN, bytes, size);
    bool reports = fuzz_hash(bytes, size) % 8 == 0;
    if (is_large(in)) return 0;
    struct outcome first = merge(&in, 1, false, reports), whole = merge(&in, 1, true, false);
    if (whole.good) {
        const char *anew = fuzz_file(PARTIAL, whole.text, whole.length);
        const char *both[] = {in, in}, *mixed[] = {anew, in}, *twice[] = {anew, anew};
        struct outcome second = merge(&anew, 1, false, reports);
        compare(&first, &second, "written anew");
        struct outcome a = merge(both, 2, false, false), b = merge(mixed, 2, false, false),
                       c = merge(twice, 2, false, false);
        /* Columns may have had another scale. */
        if (a.good && b.good) compare(&a, &b, "with itself and anew");
        compare(&a, &c, "with itself twice");
        free(a.text), free(b.text), free(c.text);
        free(second.text);
    }
    free(first.text), free(whole.text);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t maximum, unsigned int seed)
{
    return fuzz_mutate_stream(bytes, size, maximum, seed);
}
