/* SPDX-License-Identifier: ISC */
#include "page/page.h"

#include <stdlib.h>

#include "page/asked.h"
#include "page/html.h"
#include "page/known.h"
#include "page/plots.h"
#include "page/table.h"

/* No browser is to ask anybody for anything, whatever a page holds. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n";

/* The last part of a folder's name. */
static const char *short_name(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    return slash && slash[1] ? slash + 1 : folder;
}

static bool put_head(const struct sw_page *page, struct sw_buffer *out, struct sw_error *error)
{
    static const char *const kinds[SW_PAGE_KINDS] = {"Report", "Analysis", "Match"};
    const char *kind = kinds[page->run->kind];
    const char *name = short_name(page->run->folder);
    return sw_buffer_text(out, head, error) &&
           sw_buffer_format(out, error, "<meta name=\"generator\" content=\"sw %s\">\n<title>%s: ",
                            page->version, kind) &&
           sw_html_between(out, "", name, "</title>\n<style>\n", error) &&
           sw_buffer_text(out, page->style, error) &&
           sw_buffer_format(out, error, "</style>\n</head>\n<body>\n<header>\n<h1>%s: ", kind) &&
           sw_html_between(out, "", name, "</h1>\n", error) &&
           sw_page_end_told(page->run, out, error) && sw_buffer_text(out, "</header>\n", error);
}

/* ---- the table of contents ---- */

static const char *title_of(const char *file)
{
    const struct sw_page_known *known = &sw_page_tables[sw_page_place(file)];
    return known->stem ? known->title : file;
}

static bool put_contents(const struct sw_page *page, struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_page_run *run = page->run;
    bool good = sw_buffer_text(out,
                               "<nav aria-label=\"Contents\"><ul>\n"
                               "<li><a href=\"#asked\">What was asked</a></li>\n"
                               "<li><a href=\"#left-out\">What was left out</a></li>\n",
                               error);
    if (good && page->pen)
        good = sw_buffer_text(out, "<li><a href=\"#figures\">Figures</a></li>\n", error);
    for (size_t i = 0; good && i < run->file_count; i++)
        if (sw_page_is_csv(run->files[i]))
            good = sw_buffer_format(out, error, "<li><a href=\"#table-%zu\">", i + 1) &&
                   sw_html_between(out, "", title_of(run->files[i]), "</a></li>\n", error);
    return good && sw_buffer_text(out,
                                  "<li><a href=\"#went\">How the run went</a></li>\n"
                                  "</ul></nav>\n<main>\n",
                                  error);
}

/* ---- figures and tables ---- */

static bool put_figures(const struct sw_page *page, struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_text(out,
                          "<section id=\"figures\"><h2>Figures</h2>\n"
                          "<p>Prices and values are in the files' own unit. On the axes k is "
                          "thousand, M million, G billion, T trillion. The numbers "
                          "themselves are in the tables below.</p>\n<div class=\"figures\">\n",
                          error) &&
           sw_page_plots(page->run, page->pen, out, error) &&
           sw_buffer_text(out, "</div>\n</section>\n", error);
}

static bool put_table(const struct sw_page *page, size_t number, struct sw_buffer *out,
                      struct sw_error *error)
{
    const char *file = page->run->files[number];
    const struct sw_page_known *known = &sw_page_tables[sw_page_place(file)];
    struct sw_page_seen seen = {0};
    char *path = sw_page_path(page->run, "aggregated", file, error);
    const struct sw_page_table table = {.path = path, .name = file};
    bool good =
        path && sw_buffer_format(out, error, "<section id=\"table-%zu\"><h3>", number + 1) &&
        sw_html_between(out, "", title_of(file), "</h3>\n", error) &&
        sw_html_between(out, "<p>", known->stem ? known->what : "A table of the run's results.",
                        " ", error) &&
        sw_html_between(out, "<code>aggregated/", file, "</code></p>\n", error) &&
        sw_page_table(&table, &seen, out, error) && sw_buffer_text(out, "</section>\n", error);
    sw_buffer_free(&seen.names);
    free(path);
    return good;
}

/* Results in formats that are not for eyes are at least told of. */
static bool put_others(const struct sw_page_run *run, struct sw_buffer *out, struct sw_error *error)
{
    bool good = true, any = false;
    for (size_t i = 0; good && i < run->file_count; i++) {
        const char *file = run->files[i];
        if (sw_page_is_csv(file) || strcmp(file, "aggregation_summary.json") == 0) continue;
        good = sw_html_between(out, any ? ", <code>" : "<p>Not shown, being no CSV: <code>", file,
                               "</code>", error);
        any = true;
    }
    return good && (!any || sw_buffer_text(out, ".</p>\n", error));
}

/* What was put so far goes to the output. */
static bool flush(struct sw_buffer *out, struct sw_output *output, struct sw_error *error)
{
    bool good = sw_output_write(output, out->bytes, out->length, error);
    out->length = 0;
    return good;
}

static bool put_tables(const struct sw_page *page, struct sw_output *output, struct sw_buffer *out,
                       struct sw_error *error)
{
    const struct sw_page_run *run = page->run;
    size_t tables = 0;
    bool good = sw_buffer_text(out,
                               "<section id=\"tables\"><h2>Tables</h2>\n"
                               "<p class=\"sorting\" hidden>A click on a column's name sorts by "
                               "it, exactly; another turns the order round, a third brings the "
                               "file's order back.</p>\n",
                               error);
    for (size_t i = 0; good && i < run->file_count; i++)
        if (sw_page_is_csv(run->files[i])) {
            tables++;
            good = put_table(page, i, out, error) && flush(out, output, error);
        }
    if (good && tables == 0) good = sw_buffer_text(out, "<p>There are none.</p>\n", error);
    return good && put_others(run, out, error) && sw_buffer_text(out, "</section>\n", error);
}

/* ---- how the run went ---- */

static const struct {
    const char *member, *title;
} stage_columns[] = {
    {"name", "stage"},
    {"jobs", "jobs"},
    {"done", "done"},
    {"failed", "failed"},
    {"workers", "workers"},
    {"rows_in", "rows in"},
    {"rows_out", "rows out"},
    {"elapsed_sec", "elapsed, s"},
    {"cpu_sec", "processor time, s"},
    {"memory_mean_bytes", "memory of a job, mean, bytes"},
    {"memory_peak_bytes", "memory of a job, peak, bytes"},
};
enum { STAGE_COLUMNS = sizeof stage_columns / sizeof *stage_columns };

static bool put_stage(struct sw_json stage, struct sw_buffer *out, struct sw_error *error)
{
    bool good = sw_buffer_text(out, "<tr>", error);
    for (size_t i = 0; good && i < STAGE_COLUMNS; i++) {
        struct sw_json value;
        struct sw_buffer said = {0};
        good = !sw_json_member(stage, stage_columns[i].member, &value) ||
               sw_json_said(value, &said, error);
        good = good && sw_buffer_text(out, i ? "<td class=\"n\">" : "<td>", error) &&
               sw_html_text(out, (const char *)said.bytes, said.length, error) &&
               sw_buffer_text(out, "</td>", error);
        sw_buffer_free(&said);
    }
    return good && sw_buffer_text(out, "</tr>\n", error);
}

static bool put_stages(struct sw_json stages, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_json stage;
    bool good = sw_buffer_text(out,
                               "<div class=\"box\" tabindex=\"0\" role=\"region\" "
                               "aria-label=\"run/metrics.json\"><table>\n<thead><tr>",
                               error);
    for (size_t i = 0; good && i < STAGE_COLUMNS; i++)
        good = sw_html_between(out, i ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">",
                               stage_columns[i].title, "</th>", error);
    good = good && sw_buffer_text(out, "</tr></thead>\n<tbody>\n", error);
    while (good && sw_json_element(&stages, &stage)) good = put_stage(stage, out, error);
    return good && sw_buffer_text(out, "</tbody></table></div>\n", error);
}

static bool put_went(const struct sw_page *page, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_json stages;
    bool told = sw_json_member(page->run->metrics, "stages", &stages);
    return sw_buffer_text(out, "<section id=\"went\"><h2>How the run went</h2>\n", error) &&
           (told ? sw_buffer_text(out, "<p>From <code>run/metrics.json</code>.</p>\n", error) &&
                       put_stages(stages, out, error)
                 : sw_buffer_text(
                       out, "<p>There is no account of it (<code>run/metrics.json</code>).</p>\n",
                       error)) &&
           (!page->pen || (sw_buffer_text(out, "<div class=\"figures\">\n", error) &&
                           sw_page_stage_plots(page->run, page->pen, out, error) &&
                           sw_buffer_text(out, "</div>\n", error))) &&
           sw_buffer_text(out, "</section>\n", error);
}

bool sw_page_write(const struct sw_page *page, struct sw_output *output, struct sw_error *error)
{
    struct sw_buffer out = {0};
    bool good = put_head(page, &out, error) && put_contents(page, &out, error) &&
                sw_page_asked(page->run, &out, error) && sw_page_left_out(page->run, &out, error) &&
                (!page->pen || put_figures(page, &out, error)) && flush(&out, output, error) &&
                put_tables(page, output, &out, error) && put_went(page, &out, error) &&
                sw_buffer_text(&out, "</main>\n<script>\n", error) &&
                sw_buffer_text(&out, page->script, error) &&
                sw_buffer_text(&out, "</script>\n</body>\n</html>\n", error) &&
                flush(&out, output, error);
    sw_buffer_free(&out);
    return good;
}
