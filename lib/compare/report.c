/* SPDX-License-Identifier: ISC */
#include "compare/report.h"

#include <string.h>

#include "base/wide.h"

enum { ROWS_AT_ONCE = 1024 };

enum cell {
    BY,
    KEY,
    SCOPE,
    N,
    ZERO_SHARE,
    BETTER_SHARE,
    WORSE_SHARE,
    MEAN,
    QUANTILES,
    WEIGHTED_MEAN = QUANTILES + SW_COMPARE_QUANTILES,
    LOW,
    HIGH,
    CLUSTERS,
    CLUSTER_BY,
    EXACT,
    CLOSE,
    PARTIAL,
    NONE,
    DESCRIBED, /* how many these are; the rest assumes independent orders */
    ASSUMES = DESCRIBED,
    T,
    T_P,
    WILCOXON_V,
    WILCOXON_P,
    PEARSON,
    SPEARMAN,
    COHEN_D,
    CLUSTERED_T, /* these two do not */
    CLUSTERED_P,
    CELLS,
};

static const struct column {
    const char *name;
    enum sw_type type;
} columns[CELLS] = {{"by", SW_TEXT},
                    {"key", SW_TEXT},
                    {"scope", SW_TEXT},
                    {"n", SW_INT},
                    {"zero_share", SW_DECIMAL},
                    {"better_share", SW_DECIMAL},
                    {"worse_share", SW_DECIMAL},
                    {"mean", SW_DECIMAL},
                    {"q05", SW_DECIMAL},
                    {"q25", SW_DECIMAL},
                    {"q50", SW_DECIMAL},
                    {"q75", SW_DECIMAL},
                    {"q95", SW_DECIMAL},
                    {"weighted_mean", SW_DECIMAL},
                    {"low", SW_DECIMAL},
                    {"high", SW_DECIMAL},
                    {"clusters", SW_INT},
                    {"cluster_by", SW_TEXT},
                    {"exact", SW_INT},
                    {"close", SW_INT},
                    {"partial", SW_INT},
                    {"none", SW_INT},
                    {"assumes", SW_TEXT},
                    {"t", SW_TEXT},
                    {"t_p", SW_TEXT},
                    {"wilcoxon_v", SW_TEXT},
                    {"wilcoxon_p", SW_TEXT},
                    {"pearson", SW_TEXT},
                    {"spearman", SW_TEXT},
                    {"cohen_d", SW_TEXT},
                    {"clustered_t", SW_TEXT},
                    {"clustered_p", SW_TEXT}};

struct report {
    const struct sw_lines *lines;
    size_t cells;
    struct sw_schema schema;
    struct sw_builder builders[CELLS];
    const struct sw_vector *vectors[CELLS];
    struct sw_printer printer;
};

/* ---- cells ---- */

static bool put_text(struct report *report, enum cell cell, const char *bytes, size_t length,
                     struct sw_error *error)
{
    if (length > 0) return sw_builder_add_text(&report->builders[cell], bytes, length, error);
    sw_builder_add_null(&report->builders[cell]);
    return true;
}

static bool put_number(struct report *report, enum cell cell, bool known, sw_int128 value,
                       struct sw_error *error)
{
    if (known) return sw_builder_add_value(&report->builders[cell], value, error);
    sw_builder_add_null(&report->builders[cell]);
    return true;
}

/* above × 10^shift ÷ below; nothing where below is 0. */
static bool put_ratio(struct report *report, enum cell cell, sw_int128 above, sw_int128 below,
                      int shift, struct sw_error *error)
{
    sw_int128 value = 0;
    if (below != 0 && !sw_ratio(above, below, shift, &value))
        return sw_fail(error, SW_DATA, "%s: out of range", columns[cell].name);
    return put_number(report, cell, below != 0, value, error);
}

static bool put_statistic(struct report *report, enum cell cell, struct sw_statistic statistic,
                          struct sw_error *error)
{
    char text[SW_STATISTIC_LENGTH];
    int length = sw_statistic_format(&statistic, text);
    return put_text(report, cell, text, (size_t)length, error);
}

/* ---- a line ---- */

static bool put_names(struct report *report, const struct sw_line *line,
                      enum sw_compare_scope scope, struct sw_error *error)
{
    const char *by = sw_order_pairs_grouping(report->lines->pairs, line->by);
    const char *name = scope == SW_SCOPE_ALL ? "all" : "matched";
    return put_text(report, BY, by, strlen(by), error) &&
           put_text(report, KEY, line->text, line->is_null ? 0 : line->length, error) &&
           put_text(report, SCOPE, name, strlen(name), error);
}

static bool put_differences(struct report *report, const struct sw_line_part *part,
                            struct sw_error *error)
{
    const sw_int128 n = part->n;
    bool good = put_number(report, N, true, n, error) &&
                put_ratio(report, ZERO_SHARE, part->zero, n, 6, error) &&
                put_ratio(report, BETTER_SHARE, part->better, n, 6, error) &&
                put_ratio(report, WORSE_SHARE, part->worse, n, 6, error) &&
                put_ratio(report, MEAN, part->sum, n, 0, error);
    for (int i = 0; good && i < SW_COMPARE_QUANTILES; i++)
        good = put_number(report, QUANTILES + i, n > 0, part->quantiles[i], error);
    return good && put_ratio(report, WEIGHTED_MEAN, part->weighted, part->weight, 0, error) &&
           put_number(report, LOW, part->bounded, part->low, error) &&
           put_number(report, HIGH, part->bounded, part->high, error) &&
           put_number(report, CLUSTERS, true, (sw_int128)part->clusters, error) &&
           put_text(report, CLUSTER_BY, part->cluster_by,
                    part->cluster_by ? strlen(part->cluster_by) : 0, error);
}

static bool put_matches(struct report *report, const struct sw_line *line, struct sw_error *error)
{
    static const struct {
        enum cell cell;
        enum sw_order_pair_match match;
    } cells[] = {{EXACT, SW_FILLED_EXACT},
                 {CLOSE, SW_FILLED_CLOSE},
                 {PARTIAL, SW_FILLED_PARTIAL},
                 {NONE, SW_FILLED_NONE}};
    bool known = line->matches[SW_FILLED_UNKNOWN] < line->parts[SW_SCOPE_ALL].n;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (!put_number(report, cells[i].cell, known, line->matches[cells[i].match], error))
            return false;
    return true;
}

/* Of matched orders alone: a difference that is 0 because nothing was simulated says nothing here. */
static bool put_independent(struct report *report, const struct sw_line *line,
                            enum sw_compare_scope scope, struct sw_error *error)
{
    static const char assumes[] = "assumes independent orders";
    struct sw_statistic t = {0}, t_p = {0}, v = {0}, v_p = {0}, none = {0};
    bool matched = scope == SW_SCOPE_MATCHED;
    if (!report->lines->independent) return true;
    if (matched) sw_paired_t(&line->differences, &t, &t_p);
    if (matched) sw_wilcoxon(&line->signed_ranks, &v, &v_p);
    return put_text(report, ASSUMES, assumes, matched ? sizeof assumes - 1 : 0, error) &&
           put_statistic(report, T, t, error) && put_statistic(report, T_P, t_p, error) &&
           put_statistic(report, WILCOXON_V, v, error) &&
           put_statistic(report, WILCOXON_P, v_p, error) &&
           put_statistic(report, PEARSON, matched ? sw_correlation(&line->values) : none, error) &&
           put_statistic(report, SPEARMAN, matched ? sw_correlation(&line->ranks) : none, error) &&
           put_statistic(report, COHEN_D, matched ? sw_cohen_d(&line->differences) : none, error) &&
           put_statistic(report, CLUSTERED_T, matched ? line->clustered_t : none, error) &&
           put_statistic(report, CLUSTERED_P, matched ? line->clustered_p : none, error);
}

/* ---- all of them ---- */

static bool open_report(struct report *report, enum sw_print_format format,
                        struct sw_output *output, struct sw_error *error)
{
    const struct sw_print_options how = {.format = format};
    if (!sw_schema_init(&report->schema, "comparison", error)) return false;
    for (size_t i = 0; i < report->cells; i++) {
        int scale = columns[i].type == SW_DECIMAL ? SW_VALUE_SCALE : 0;
        report->vectors[i] = &report->builders[i].vector;
        if (!sw_schema_add(&report->schema, columns[i].name, columns[i].type, scale, error) ||
            !sw_builder_init(&report->builders[i], columns[i].type, scale, ROWS_AT_ONCE, error))
            return false;
    }
    return sw_printer_open(&report->printer, output, &report->schema, &how, error);
}

static bool print_rows(struct report *report, struct sw_error *error)
{
    size_t rows = report->vectors[0]->rows;
    bool good = rows == 0 || sw_printer_rows(&report->printer, report->vectors, NULL, rows, error);
    for (size_t i = 0; i < report->cells; i++) sw_builder_reset(&report->builders[i]);
    return good;
}

static bool put_line(struct report *report, const struct sw_line *line, struct sw_error *error)
{
    for (int scope = 0; scope < SW_SCOPES; scope++)
        if (!put_names(report, line, scope, error) ||
            !put_differences(report, &line->parts[scope], error) ||
            !put_matches(report, line, error) || !put_independent(report, line, scope, error))
            return false;
    return report->vectors[0]->rows + SW_SCOPES <= ROWS_AT_ONCE || print_rows(report, error);
}

static bool put_lines(struct report *report, struct sw_error *error)
{
    for (size_t i = 0; i < report->lines->count; i++)
        if (!put_line(report, &report->lines->lines[i], error)) return false;
    return print_rows(report, error) && sw_printer_end(&report->printer, error);
}

bool sw_compare_write(const struct sw_lines *lines, enum sw_print_format format,
                      struct sw_output *output, struct sw_error *error)
{
    struct report report = {.lines = lines, .cells = lines->independent ? CELLS : DESCRIBED};
    bool good = open_report(&report, format, output, error) && put_lines(&report, error);
    sw_printer_free(&report.printer);
    for (size_t i = 0; i < report.cells; i++) sw_builder_free(&report.builders[i]);
    sw_schema_free(&report.schema);
    return good;
}
