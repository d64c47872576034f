/* SPDX-License-Identifier: ISC
 *
 * sw-hwinfo: what this machine is and offers this process (affinity and cgroup limits counted), how
 * fast its disk is where that is asked, and the number of workers, the chunk size, the sort memory
 * and the space for an input that follow.
 */
#include "files/output.h"
#include "program/program.h"
#include "host/hardware.h"
#include "host/tree.h"

static struct {
    const char *format, *output, *root, *temporary, *probe;
    struct sw_size input;
} set;

static const struct sw_option options[] = {
    SW_OPTION('f', "format", "FORMAT", set.format, "text (the default), sh, make or json"),
    SW_OPTION('T', "temporary-directory", "DIR", set.temporary,
              "the directory that will hold spilled data, instead of $TMPDIR or /tmp"),
    SW_OPTION(0, "probe-disk", "DIR", set.probe,
              "measure how fast files in DIR are written and read: up to 256 MiB and 4 seconds"),
    SW_OPTION(0, "input", "SIZE", set.input,
              "say how much space the analysis of an input of SIZE takes: 100G"),
    SW_OPTION(0, "root", "DIR", set.root, "read /proc and /sys below DIR"),
    SW_OPTION('o', "output", "FILE", set.output, "write to FILE instead of standard output"),
    SW_OPTIONS_END,
};

static bool check(const struct sw_command_line *line, struct sw_error *error)
{
    if (line->operand_count > 0)
        return sw_fail(error, SW_USAGE, "takes no files: '%s'", line->operands[0]);
    if (set.root && !sw_tree_has(set.root, "/."))
        return sw_fail_errno(error, "--root: %s", set.root);
    if (set.temporary && !sw_tree_has(set.temporary, "/."))
        return sw_fail_errno(error, "--temporary-directory: %s", set.temporary);
    if (set.probe && !sw_tree_has(set.probe, "/."))
        return sw_fail_errno(error, "--probe-disk: %s", set.probe);
    return true;
}

static bool print(const struct sw_machine_figure *figures, struct sw_error *error)
{
    struct sw_buffer text = {0};
    bool good = sw_figures_print(figures, set.format, &text, error) &&
                sw_output_file(set.output, text.bytes, text.length, error);
    sw_buffer_free(&text);
    return good;
}

static bool run(const struct sw_command_line *line, struct sw_error *error)
{
    static struct sw_machine_figure figures[SW_MACHINE_FIGURES];
    if (!check(line, error)) return false;
    struct sw_places places = {set.root ? set.root : "", sw_temporary_directory(set.temporary),
                               set.probe};
    if (!sw_hardware_read(&places, figures, error)) return false;
    sw_hardware_plan(figures, set.input.bytes);
    return print(figures, error);
}

static const struct sw_program program = {
    "sw-hwinfo",
    "what this machine is and offers, and the workers and chunk size that fit it",
    "[-f text|sh|make|json] [-T DIR] [--probe-disk DIR] [--input SIZE] [--root DIR] [-o FILE]\n",
    options,
    run,
};

int main(int argc, char **argv)
{
    return sw_main(&program, argc, argv);
}
