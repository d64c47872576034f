/* SPDX-License-Identifier: ISC
 *
 * sw-page: a page of a run's results, to look at: OUT/index.html, one file that a browser shows
 * from the disk, with what was asked, what was left out, figures by gnuplot and the tables.
 */
#include <stdlib.h>
#include <unistd.h>

#include "files/input.h"
#include "page/glance.h"
#include "page/page.h"
#include "program/program.h"

static struct {
    const char *output, *temporary;
    bool no_plots, tables;
} set;

static const struct sw_option options[] = {
    SW_OPTION(0, "no-plots", NULL, set.no_plots, "without figures: gnuplot is not called"),
    SW_OPTION(0, "tables", NULL, set.tables,
              "no page: the few tables that say what came of the run, on standard output"),
    SW_OPTION('T', "temporary-directory", "DIR", set.temporary,
              "what gnuplot is told goes to DIR for the moment ($TMPDIR, or /tmp)"),
    SW_OPTION('o', "output", "FILE", set.output,
              "write the page to FILE (- is standard output), not to OUT/index.html"),
    SW_OPTIONS_END,
};

/* The first program of that name on PATH, allocated; NULL: none, or no memory. */
static char *on_path(const char *name, struct sw_error *error)
{
    const char *from = getenv("PATH");
    struct sw_buffer path = {0};
    for (; from && *from; from += strcspn(from, ":"), from += *from == ':') {
        int length = (int)strcspn(from, ":");
        path.length = 0;
        if (length == 0) continue;
        if (!sw_buffer_format(&path, error, "%.*s/%s", length, from, name) ||
            !sw_buffer_add(&path, "", 1, error))
            break;
        if (access((const char *)path.bytes, X_OK) == 0) return (char *)path.bytes;
    }
    sw_buffer_free(&path);
    return NULL;
}

/* A file of share/page, whole, ended by a NUL. */
static bool read_shared(const char *name, struct sw_buffer *text, struct sw_error *error)
{
    enum { MAXIMUM = 1 << 20 };
    const char *share = sw_share_directory(error);
    struct sw_buffer path = {0};
    struct sw_input input = {.fd = -1};
    bool good = share && sw_buffer_format(&path, error, "%s/page/%s", share, name) &&
                sw_buffer_add(&path, "", 1, error) &&
                sw_input_open(&input, (const char *)path.bytes, error) &&
                sw_buffer_reserve(text, MAXIMUM, error) &&
                sw_input_read(&input, text->bytes, MAXIMUM, &text->length, error) &&
                sw_buffer_add(text, "", 1, error);
    sw_input_close(&input);
    sw_buffer_free(&path);
    return good;
}

/* The page may not take the place of what it is made of. */
static bool refuse_results(const struct sw_page_run *run, const char *to, struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < run->file_count; i++) {
        char *path = sw_page_path(run, "aggregated", run->files[i], error);
        good = path && sw_output_refuse_inputs(to, &(const char *){path}, 1, error);
        free(path);
    }
    return good;
}

static bool write_page(const struct sw_page *page, const char *to, struct sw_error *error)
{
    struct sw_output output;
    if (!refuse_results(page->run, to, error) || !sw_output_open(&output, to, error)) return false;
    return sw_output_end(&output, sw_page_write(page, &output, error), error);
}

static bool make_page(const struct sw_page_run *run, struct sw_page_pen *pen,
                      struct sw_error *error)
{
    struct sw_buffer style = {0}, script = {0}, to = {0};
    bool good = read_shared("page.css", &style, error) && read_shared("page.js", &script, error) &&
                sw_buffer_format(&to, error, "%s/index.html", run->folder) &&
                sw_buffer_add(&to, "", 1, error);
    const struct sw_page page = {.run = run,
                                 .style = (const char *)style.bytes,
                                 .script = (const char *)script.bytes,
                                 .version = SW_VERSION,
                                 .pen = pen};
    good = good && write_page(&page, set.output ? set.output : (const char *)to.bytes, error);
    sw_buffer_free(&style);
    sw_buffer_free(&script);
    sw_buffer_free(&to);
    return good;
}

static bool print_tables(const struct sw_page_run *run, struct sw_error *error)
{
    struct sw_output output;
    if (set.no_plots || set.temporary)
        return sw_fail(error, SW_USAGE, "--tables: not with --no-plots or --temporary-directory");
    if ((set.output && !refuse_results(run, set.output, error)) ||
        !sw_output_open_text(&output, set.output, error))
        return false;
    return sw_output_end(&output, sw_glance_write(run, &output, error), error);
}

static bool run_it(const struct sw_command_line *line, struct sw_error *error)
{
    if (line->operand_count != 1)
        return sw_fail(error, SW_USAGE,
                       "give one OUT, the folder of a run of report, analyse or match");
    struct sw_page_run run;
    struct sw_page_pen pen = {.temporary = sw_temporary_directory(set.temporary)};
    char *gnuplot = NULL;
    bool good = sw_page_run_read(&run, line->operands[0], error);
    if (good && set.tables) {
        good = print_tables(&run, error);
        sw_page_run_free(&run);
        return good;
    }
    if (good && !set.no_plots) {
        pen.gnuplot = gnuplot = on_path("gnuplot", error);
        if (!gnuplot)
            good = sw_fail(error, SW_SYSTEM,
                           "gnuplot is not here: install it (Debian's package gnuplot-nox), or "
                           "make the page without figures (--no-plots)");
    }
    good = good && make_page(&run, set.no_plots ? NULL : &pen, error);
    sw_page_run_free(&run);
    free(gnuplot);
    return good;
}

static const struct sw_program program = {"sw-page", "a page of a run's results, to look at",
                                          "[--no-plots] [-o FILE] OUT\n--tables [-o FILE] OUT\n",
                                          options, run_it};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
