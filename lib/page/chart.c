/* SPDX-License-Identifier: ISC */
#include "page/chart.h"

#include "base/memory.h"
#include "page/decimal.h"
#include "page/gnuplot.h"
#include "page/html.h"

enum { MANY_LABELS = 40, LINE_LENGTH = 66 /* characters that have room side by side */ };

bool sw_page_chart_series(struct sw_page_chart *chart, const char *name, size_t length,
                          struct sw_error *error)
{
    if (chart->series_count == SW_PAGE_SERIES_MAXIMUM) return true;
    chart->series[chart->series_count] = sw_copy_text(name, length, error);
    return chart->series[chart->series_count] && ++chart->series_count;
}

static void free_bar(struct sw_page_bar *bar)
{
    free(bar->label);
    for (size_t i = 0; i < SW_PAGE_SERIES_MAXIMUM; i++) free(bar->values[i]);
}

static bool copy_bar(const struct sw_page_chart *chart, struct sw_page_bar *bar,
                     struct sw_page_text label, const struct sw_page_text *values,
                     struct sw_error *error)
{
    *bar = (struct sw_page_bar){0};
    bool good = (bar->label = label.length ? sw_copy_text(label.bytes, label.length, error)
                                           : sw_copy_text("(empty)", 7, error)) != NULL;
    for (size_t i = 0; good && i < chart->series_count; i++)
        if (sw_page_is_decimal(values[i].bytes, values[i].length))
            good =
                (bar->values[i] = sw_copy_text(values[i].bytes, values[i].length, error)) != NULL;
    if (!good) free_bar(bar);
    return good;
}

/* Puts it where it belongs among those that are kept, from the farthest on; the last one goes where
 * there are too many. */
static void rank(struct sw_page_chart *chart, struct sw_page_bar bar)
{
    size_t at = chart->count;
    const char *value = bar.values[0];
    while (at > 0 && value &&
           (!chart->bars[at - 1].values[0] ||
            sw_page_farther(value, chart->bars[at - 1].values[0]) > 0))
        at--;
    memmove(chart->bars + at + 1, chart->bars + at, (chart->count - at) * sizeof *chart->bars);
    chart->bars[at] = bar;
    if (++chart->count > chart->top) free_bar(&chart->bars[--chart->count]);
}

bool sw_page_chart_bar(struct sw_page_chart *chart, struct sw_page_text label,
                       const struct sw_page_text *values, struct sw_error *error)
{
    struct sw_page_bar bar;
    chart->offered++;
    if (!chart->top && chart->count == SW_PAGE_BARS_MAXIMUM) return true;
    if (!sw_grow(&chart->bars, &chart->capacity, chart->count + 1, sizeof *chart->bars, error) ||
        !copy_bar(chart, &bar, label, values, error))
        return false;
    if (chart->top)
        rank(chart, bar);
    else
        chart->bars[chart->count++] = bar;
    return true;
}

void sw_page_chart_free(struct sw_page_chart *chart)
{
    for (size_t i = 0; i < chart->count; i++) free_bar(&chart->bars[i]);
    for (size_t i = 0; i < chart->series_count; i++) free(chart->series[i]);
    free(chart->bars);
}

/* ---- for gnuplot ---- */

struct shape {
    size_t digits;  /* of the largest value, before the point */
    size_t longest; /* label, in bytes */
    bool any;       /* there is a value */
};

static struct shape shape_of(const struct sw_page_chart *chart)
{
    struct shape shape = {0};
    for (size_t i = 0; i < chart->count; i++) {
        size_t length = strlen(chart->bars[i].label);
        if (length > shape.longest) shape.longest = length;
        for (size_t j = 0; j < chart->series_count; j++) {
            const char *value = chart->bars[i].values[j];
            if (!value) continue;
            shape.any = true;
            if (sw_page_whole_digits(value) > shape.digits)
                shape.digits = sw_page_whole_digits(value);
        }
    }
    return shape;
}

/* Labels 0 to series_count - 1 are the series', the others the bars'; of many bars not each has its
 * label. */
static void fill_labels(const struct sw_page_chart *chart, const char **labels)
{
    size_t step = (chart->count + MANY_LABELS - 1) / MANY_LABELS;
    for (size_t i = 0; i < chart->series_count; i++) labels[i] = chart->series[i];
    for (size_t i = 0; i < chart->count; i++)
        labels[chart->series_count + i] = i % step == 0 ? chart->bars[i].label : "";
}

static bool put_data(const struct sw_page_chart *chart, const char *const *labels,
                     struct sw_buffer *script, struct sw_error *error)
{
    bool good = sw_buffer_text(script, "$bars << DATA\n", error);
    for (size_t i = 0; good && i < chart->count; i++) {
        size_t number = chart->series_count + i;
        good = sw_page_label_word(script, number, labels[number], error);
        for (size_t j = 0; good && j < chart->series_count; j++) {
            const char *value = chart->bars[i].values[j];
            good = sw_buffer_format(script, error, " %s", value ? value : "?");
        }
        good = good && sw_buffer_text(script, "\n", error);
    }
    return good && sw_buffer_text(script, "DATA\n", error);
}

/* A single series is grey; several have the patterns that differ most. */
static bool put_plot(const struct sw_page_chart *chart, struct sw_buffer *script,
                     struct sw_error *error)
{
    static const int patterns[SW_PAGE_SERIES_MAXIMUM] = {3, 0, 4, 1, 5, 2, 6};
    bool good = sw_buffer_text(script, "plot ", error);
    for (size_t i = 0; good && i < chart->series_count; i++) {
        good = sw_buffer_format(script, error, "%s$bars using %zu%s linecolor 'black' ",
                                i ? ", " : "", i + 2, i ? "" : ":xticlabels(1)");
        if (good && chart->series_count == 1)
            good = sw_buffer_text(script, "fillstyle solid 0.35 border notitle", error);
        else if (good)
            good = sw_buffer_format(script, error, "fillstyle pattern %d border title '",
                                    patterns[i]) &&
                   sw_page_label_word(script, i, chart->series[i], error) &&
                   sw_buffer_text(script, "'", error);
    }
    return good && sw_buffer_text(script, "\n", error);
}

static bool put_script(const struct sw_page_chart *chart, const struct shape *shape,
                       const char *const *labels, struct sw_buffer *script, struct sw_error *error)
{
    bool turned = (shape->longest + 2) * chart->count > LINE_LENGTH;
    return sw_buffer_format(script, error,
                            "set datafile missing '?'\n"
                            "set style data histograms\n"
                            "set style histogram clustered gap 1\n"
                            "set boxwidth 0.9 relative\n"
                            "set xtics scale 0%s\n"
                            "set ytics format '%s'\n"
                            "set yrange [*<0:0<*]\n"
                            "set xzeroaxis linetype 1 linecolor 'black'\n"
                            "set grid ytics linetype 1 linecolor 'grey' dashtype 3\n"
                            "set key outside bottom center horizontal\n",
                            turned ? " rotate by 90 right" : "",
                            shape->digits > 3 ? "%.1s%c" : "%g") &&
           put_data(chart, labels, script, error) && put_plot(chart, script, error);
}

static bool put_caption(const struct sw_page_chart *chart, size_t number, struct sw_buffer *out,
                        struct sw_error *error)
{
    bool good = sw_buffer_format(out, error, "<figcaption id=\"figure-%zu\">", number) &&
                sw_html_between(out, "<strong>", chart->title, " by ", error) &&
                sw_html_between(out, "", chart->of, "</strong>", error) &&
                sw_html_between(out, ", from <code>", chart->from, "</code>", error);
    if (good && chart->offered > chart->count)
        good = chart->top ? sw_buffer_format(out, error, ": the %zu largest of %zu", chart->count,
                                             chart->offered)
                          : sw_buffer_format(out, error, ": the first %zu of %zu", chart->count,
                                             chart->offered);
    return good && sw_buffer_text(out, "</figcaption>\n", error);
}

bool sw_page_chart_draw(const struct sw_page_chart *chart, struct sw_page_pen *pen,
                        struct sw_buffer *out, struct sw_error *error)
{
    struct shape shape = shape_of(chart);
    if (!shape.any) return true;
    size_t count = chart->series_count + chart->count;
    const char **labels = sw_alloc(count, sizeof *labels, error);
    struct sw_buffer script = {0};
    struct sw_page_drawing drawing = {pen->gnuplot, pen->temporary, &script,
                                      labels,       count,          ++pen->drawn};
    if (labels) fill_labels(chart, labels);
    bool good = labels && put_script(chart, &shape, labels, &script, error) &&
                sw_buffer_text(out, "<figure>\n", error) &&
                put_caption(chart, drawing.number, out, error) &&
                sw_buffer_text(out, "<div class=\"box\" tabindex=\"0\">", error) &&
                sw_page_draw(&drawing, out, error) &&
                sw_buffer_text(out, "</div></figure>\n", error);
    sw_buffer_free(&script);
    free(labels);
    return good;
}
