/* SPDX-License-Identifier: ISC */
#include "page/asked.h"

#include <stdlib.h>
#include <unistd.h>

#include "page/html.h"
#include "page/known.h"
#include "page/table.h"

/* A run that did not come to its end is told of before anything of it is shown. */
bool sw_page_end_told(const struct sw_page_run *run, struct sw_buffer *out, struct sw_error *error)
{
    switch (run->end) {
    case SW_PAGE_DONE:
        return sw_buffer_text(out, "<p class=\"end\">The run is complete.</p>\n", error);
    case SW_PAGE_OPEN:
        return sw_buffer_text(out,
                              "<p class=\"end bad\"><strong>The run is not complete:</strong> when "
                              "this page was made it was "
                              "going on, or it had been killed. What is shown is what an earlier "
                              "run or a part of this one "
                              "left. Call it again to go on, and make the page anew.</p>\n",
                              error);
    case SW_PAGE_FAILED:
        return sw_buffer_format(
            out, error,
            "<p class=\"end bad\"><strong>The run is not complete:</strong> it ended with status "
            "%ld. "
            "What is shown is what an earlier run or a part of this one left. Call it again to see "
            "why, and make the page anew.</p>\n",
            run->status);
    case SW_PAGE_CHANGED:
        return sw_buffer_text(out,
                              "<p class=\"end bad\"><strong>The run is not complete:</strong> its "
                              "results are not marked as "
                              "whole. Call it again, and make the page anew.</p>\n",
                              error);
    default:
        return sw_buffer_text(out,
                              "<p class=\"end bad\"><strong>Whether the run is complete is not "
                              "known:</strong> it did not "
                              "write down its end.</p>\n",
                              error);
    }
}

/* ---- what was asked ---- */

/* A line of the list: what a member of JSON says; `empty` where it says nothing; no line where
 * there is none and `empty` is NULL. */
static bool put_member(struct sw_json object, const char *member, const char *title,
                       const char *empty, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_json value;
    struct sw_buffer said = {0};
    bool good = true, there = sw_json_member(object, member, &value);
    if (there) good = sw_json_said(value, &said, error);
    if (good && (said.length > 0 || empty)) {
        good = sw_html_between(out, "<dt>", title, "</dt><dd>", error) &&
               (said.length > 0
                    ? sw_buffer_text(out, "<code>", error) &&
                          sw_html_text(out, (const char *)said.bytes, said.length, error) &&
                          sw_buffer_text(out, "</code>", error)
                    : sw_buffer_text(out, empty, error)) &&
               sw_buffer_text(out, "</dd>\n", error);
    }
    sw_buffer_free(&said);
    return good;
}

/* A line of the list for each of run/asked. */
static bool put_lines(const struct sw_page_run *run, struct sw_buffer *out, struct sw_error *error)
{
    const char *at = (const char *)run->asked_text.bytes;
    bool good = true;
    for (size_t length; good && *at; at += length + (at[length] == '\n')) {
        length = strcspn(at, "\n");
        const size_t name = strcspn(at, "\t\n");
        if (name == length) continue;
        good = sw_buffer_text(out, "<dt>", error) && sw_html_text(out, at, name, error) &&
               sw_buffer_text(out, "</dt><dd><code>", error) &&
               sw_html_text(out, at + name + 1, length - name - 1, error) &&
               sw_buffer_text(out, "</code></dd>\n", error);
    }
    return good;
}

bool sw_page_asked(const struct sw_page_run *run, struct sw_buffer *out, struct sw_error *error)
{
    static const char *const kinds[SW_PAGE_KINDS] = {
        "report: measures of the selected rows, by several keys (<code>sw report</code>)",
        "analysis: how orders were executed, and what a dark pool would have cost (<code>sw "
        "analyse</code>)",
        "match: what sweeps that were filled on the lit book would have got in the dark one "
        "(<code>sw match</code>)"};
    struct sw_json none = run->summary;
    bool whole = run->summary.at && sw_json_member(run->summary, "selectors", &none);
    return sw_buffer_text(out, "<section id=\"asked\"><h2>What was asked</h2>\n<dl>\n", error) &&
           sw_buffer_format(out, error, "<dt>Run</dt><dd>%s</dd>\n", kinds[run->kind]) &&
           sw_html_between(out, "<dt>Folder</dt><dd><code>", run->folder, "</code></dd>\n",
                           error) &&
           put_lines(run, out, error) &&
           (!whole || put_member(run->summary, "selectors", "Selectors",
                                 "none: all rows were selected", out, error)) &&
           put_member(run->summary, "rows_in", "Rows of the files", NULL, out, error) &&
           put_member(run->summary, "rows_out",
                      run->kind == SW_PAGE_ANALYSIS
                          ? "Orders in the results"
                          : "In the results: orders in their last state, or rows",
                      NULL, out, error) &&
           put_member(run->metrics, "start_time", "Begun", NULL, out, error) &&
           put_member(run->metrics, "end_time", "Ended", NULL, out, error) &&
           sw_buffer_text(out, "</dl>\n</section>\n", error);
}

/* ---- what was left out ---- */

/* What the columns mean that were shown. */
static bool put_meanings(const struct sw_page_seen *seen, struct sw_buffer *out,
                         struct sw_error *error)
{
    bool good = sw_buffer_text(out, "<dl class=\"meanings\">\n", error);
    const char *name = (const char *)seen->names.bytes;
    for (size_t i = 0; good && i < seen->columns; i++, name += strlen(name) + 1) {
        const char *meaning = sw_page_meaning(name);
        if (meaning)
            good = sw_html_between(out, "<dt><code>", name, "</code></dt>", error) &&
                   sw_html_between(out, "<dd>", meaning, "</dd>\n", error);
    }
    return good && sw_buffer_text(out, "</dl>\n", error);
}

struct part {
    const char *below, *name, *title, *what;
    const char *const *only;
    bool totals;
};

static bool put_part(const struct sw_page_run *run, const struct part *part, struct sw_buffer *out,
                     struct sw_error *error)
{
    struct sw_page_seen seen = {0};
    struct sw_buffer text = {0}, shown = {0};
    char *path = sw_page_path(run, part->below, part->name, error);
    bool good = path != NULL;
    if (good && access(path, F_OK) == 0) {
        const struct sw_page_table table = {path, (const char *)shown.bytes, part->only,
                                            part->totals};
        struct sw_page_table named = table;
        good = sw_buffer_format(&shown, error, "%s/%s", part->below, part->name) &&
               sw_buffer_add(&shown, "", 1, error);
        named.name = (const char *)shown.bytes;
        good = good && sw_page_table(&named, &seen, &text, error);
        if (good && seen.columns > 2)
            good = sw_html_between(out, "<h3>", part->title, "</h3>\n", error) &&
                   sw_html_between(out, "<p>", part->what, "</p>\n", error) &&
                   sw_buffer_add(out, text.bytes, text.length, error) &&
                   put_meanings(&seen, out, error);
    }
    sw_buffer_free(&seen.names);
    sw_buffer_free(&text);
    sw_buffer_free(&shown);
    free(path);
    return good;
}

static const struct part ledger = {
    "run",
    "ledger.csv",
    "The rows of every file",
    "What became of each row: read = kept + rejected + bad. Lines of \"all\" are sums.",
    NULL,
    false};
static const struct part securities = {
    "run",
    "ledger_by_security.csv",
    "Orders and trades",
    "The sums over all securities; each has its line in the file.",
    NULL,
    true};
static const char cannot_know[] =
    "<h3>What it cannot know</h3>\n<p>Sweeps were chosen since they had been filled on the lit "
    "book; the time that they wait ends with that fill; what else became of the orders that "
    "they meet is not undone; quotes and people do not react. Such a number bounds what "
    "resting might have done; it is no forecast.</p>\n";

bool sw_page_left_out(const struct sw_page_run *run, struct sw_buffer *out, struct sw_error *error)
{
    const bool match = run->kind == SW_PAGE_MATCH;
    const char *file = sw_page_file_of(run, match ? "match_summary" : "simulation_summary");
    const struct part unmatched = {"aggregated",
                                   file,
                                   "Why sweeps were not matched",
                                   "The first reason that holds, by the simple rules and with each "
                                   "rule more.",
                                   sw_page_unmatched,
                                   false};
    const struct part beware = {"aggregated",
                                file,
                                "What the comparison rests on",
                                "How many orders were compared in each scenario, and how many of "
                                "them, or beside them, to beware of.",
                                sw_page_beware,
                                false};
    return sw_buffer_text(out, "<section id=\"left-out\"><h2>What was left out, and why</h2>\n",
                          error) &&
           put_part(run, &ledger, out, error) && put_part(run, &securities, out, error) &&
           (!file || put_part(run, match ? &unmatched : &beware, out, error)) &&
           (!match || sw_buffer_text(out, cannot_know, error)) &&
           sw_buffer_text(out, "</section>\n", error);
}
