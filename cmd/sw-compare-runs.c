/* SPDX-License-Identifier: ISC
 *
 * sw-compare-runs: what a run found, beside what another had found: for each table of aggregated/ that both have, every value that
 * is another, with the difference.
 */
#include <stdio.h>
#include <stdlib.h>

#include "output/format_name.h"
#include "page/compare_runs.h"
#include "page/run.h"
#include "program/program.h"

static struct {
    const char *keys, *format, *output;
    bool all;
} set;

static const struct sw_option options[] = {
    SW_OPTION('g', "group", "COL,…", set.keys,
              "the columns that name a row; by default those before what was counted"),
    SW_OPTION(0, "all", NULL, set.all, "values that are equal, too"),
    SW_OPTION('f', "format", "FORMAT", set.format,
              "format of the result: csv (the default), tsv, jsonl or table (the default on a "
              "terminal)"),
    SW_OPTION('o', "output", "FILE", set.output,
              "write to FILE instead of standard output, as gzip where its name ends in .gz"),
    SW_OPTIONS_END,
};

static bool compare_named(struct sw_comparison *comparison, const struct sw_page_run *before,
                          const struct sw_page_run *after, const char *file, const char *stem,
                          struct sw_error *error)
{
    const char *partner = sw_page_file_of(before, stem);
    if (!partner) {
        sw_say("%s: not in %s", file, before->folder);
        return true;
    }
    char *was = sw_page_path(before, "aggregated", partner, error);
    char *is = was ? sw_page_path(after, "aggregated", file, error) : NULL;
    bool good = was && is && sw_comparison_file(comparison, stem, was, is, error);
    free(was);
    free(is);
    return good;
}

static void stem_of(const char *file, char stem[256])
{
    snprintf(stem, 256, "%.*s", (int)strcspn(file, "."), file);
}

static bool compare_folders(struct sw_comparison *comparison, const struct sw_page_run *before,
                            const struct sw_page_run *after, struct sw_error *error)
{
    char stem[256];
    for (size_t i = 0; i < after->file_count; i++) {
        if (!sw_page_is_csv(after->files[i])) continue;
        stem_of(after->files[i], stem);
        if (!compare_named(comparison, before, after, after->files[i], stem, error)) return false;
    }
    for (size_t i = 0; i < before->file_count; i++) {
        stem_of(before->files[i], stem);
        if (sw_page_is_csv(before->files[i]) && !sw_page_file_of(after, stem))
            sw_say("%s: not in %s", before->files[i], after->folder);
    }
    return true;
}

static bool compare_runs(struct sw_comparison *comparison, const char *const paths[2],
                         struct sw_error *error)
{
    static const char *const kinds[SW_PAGE_KINDS] = {"a report", "an analysis", "a match"};
    struct sw_page_run runs[2] = {0};
    bool good =
        sw_page_run_read(&runs[0], paths[0], error) && sw_page_run_read(&runs[1], paths[1], error);
    if (good && runs[0].kind != runs[1].kind)
        good = sw_fail(error, SW_USAGE, "%s is %s, %s %s", paths[0], kinds[runs[0].kind], paths[1],
                       kinds[runs[1].kind]);
    good = good && compare_folders(comparison, &runs[0], &runs[1], error);
    sw_page_run_free(&runs[0]);
    sw_page_run_free(&runs[1]);
    return good;
}

static bool compare(struct sw_comparison *comparison, const char *const paths[2],
                    struct sw_error *error)
{
    char stem[256];
    if (!sw_page_is_csv(paths[0])) return compare_runs(comparison, paths, error);
    const char *slash = strrchr(paths[1], '/');
    stem_of(slash ? slash + 1 : paths[1], stem);
    return sw_comparison_file(comparison, stem, paths[0], paths[1], error);
}

static void say_counts(const struct sw_comparison *comparison)
{
    sw_say("%llu of %llu values differ; %llu rows are in the first alone, %llu in the second",
           (unsigned long long)comparison->different, (unsigned long long)comparison->compared,
           (unsigned long long)comparison->only_before, (unsigned long long)comparison->only_after);
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct sw_comparison comparison = {.keys = set.keys, .all = set.all};
    struct sw_print_options how = {0};
    struct sw_output output;
    set.format = sw_format_name(set.format, set.output, "csv");
    if (line->operand_count != 2)
        return sw_fail(error, SW_USAGE, "two runs are compared, not %zu", line->operand_count);
    if (!sw_print_format(set.format, &how.format, error) ||
        !sw_output_refuse_clash((const char *const[]){set.output}, 1, line->operands,
                                line->operand_count, NULL, error) ||
        !sw_output_open_text(&output, set.output, error))
        return false;
    bool good = sw_comparison_open(&comparison, &output, &how, error) &&
                compare(&comparison, line->operands, error) &&
                sw_comparison_end(&comparison, error);
    sw_comparison_free(&comparison);
    good = sw_output_end(&output, good, error);
    if (good) say_counts(&comparison);
    return good;
}

int main(int argc, char **argv)
{
    static const struct sw_program program = {
        "sw-compare-runs", "two runs beside each other, value by value",
        "[OPTION]… OUT OUT\n[OPTION]… FILE.csv FILE.csv\n", options, run};
    return sw_main(&program, argc, argv);
}
