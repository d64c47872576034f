/* SPDX-License-Identifier: ISC
 *
 * sw-split: one file per key. The name of each is a template with the keys in braces; rows keep their order within a key. All
 * files appear at the end, whole, or none.
 */
#include "base/program.h"
#include "query/columns.h"
#include "query/split_files.h"

static struct {
    const char *keys, *output;
    struct sw_view_settings view;
} set;

static const struct sw_option options[] = {
    SW_OPTION('k', "keys", "COL,…", set.keys, "one file for each value of these columns"),
    SW_OPTION('o', "output", "TEMPLATE", set.output,
              "the files' names, each key in braces: 'DIR/{security_code}/{date}/orders.swr'"),
    SW_OPTION(0, "tz", "ZONE", set.view.zone, "local time: an offset or a name, +10:00 by default"),
    SW_OPTION(0, "sizes", "BOUNDS", set.view.sizes,
              "the upper bounds of the order sizes, 1000,5000,10000,50000 by default"),
    SW_OPTIONS_END,
};

struct splitting {
    struct sw_reader reader;
    struct sw_view view;
    struct sw_columns columns;
    struct sw_schema schema;
    struct sw_file_split split;
};

static bool split_blocks(struct splitting *work, struct sw_error *error)
{
    enum sw_step step;
    while ((step = sw_reader_next(&work->reader, error)) == SW_ROWS) {
        sw_view_begin(&work->view, work->reader.rows);
        if (!sw_columns_fetch(&work->columns, &work->view, error) ||
            !sw_split_add(&work->split, work->columns.vectors, error))
            return false;
    }
    return step == SW_END;
}

static bool prepare(struct splitting *work, struct sw_error *error)
{
    static const char *const but[] = {"output", NULL};
    struct sw_buffer line = {0};
    bool good = sw_columns_open(&work->columns, &work->view, NULL, error) &&
                sw_schema_copy(&work->schema, &work->reader.schema, NULL, 0, error) &&
                sw_program_provenance(but, &line, error) &&
                sw_schema_made_by(&work->schema, (const char *)line.bytes, line.length, error);
    sw_buffer_free(&line);
    return good;
}

static bool split_all(struct splitting *work, const struct sw_command_line *line,
                      struct sw_error *error)
{
    bool good = sw_split_open(&work->split, &work->view, &work->schema, set.keys, set.output,
                              error) &&
                split_blocks(work, error) &&
                sw_split_close(&work->split, line->operands, line->operand_count, error);
    sw_split_free(&work->split);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    struct splitting work = {0};
    if (!set.keys || !set.output)
        return sw_fail(error, SW_USAGE, "needs --keys and --output");
    if (!sw_reader_open(&work.reader, line->operands, line->operand_count, error)) return false;
    bool good = sw_view_open(&work.view, sw_supplier_of_reader(&work.reader), &set.view, error) &&
                prepare(&work, error) && split_all(&work, line, error);
    sw_columns_free(&work.columns);
    sw_schema_free(&work.schema);
    sw_view_free(&work.view);
    sw_reader_close(&work.reader);
    return good;
}

static const struct sw_program program = {
    "sw-split", "one file per key", "-k COL,… -o TEMPLATE [FILE…]\n", options, run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
