/* SPDX-License-Identifier: ISC
 *
 * The files of a pipeline's run, as its command line tells them: what it reads, with the files that globs and lists stand for, and where its
 * outputs go. They are looked at before anything is made: a run reads its inputs in chunks, in processes of their own, and again when it
 * goes on.
 */
#ifndef SW_PIPELINE_INPUTS_H
#define SW_PIPELINE_INPUTS_H

#include "config/files.h"
#include "pipeline/pipeline.h"

enum { SW_RUN_TABLES = 3 };

/* Some of the files, one after another. */
struct sw_run_table {
    const char *name; /* orders, trades or nbbo; of a pipeline that reads one table: rows; static */
    size_t count;
};

/* Zero-initialize; free with sw_run_inputs_free. */
struct sw_run_inputs {
    struct sw_files files; /* of all tables, one after another */
    /* Configurations, schemas, sessions, tick sizes, and lists: of values, of hosts, of an analysis' inputs. */
    struct sw_files beside;
    struct sw_run_table tables[SW_RUN_TABLES]; /* in the files' order; the first is not empty */
    size_t table_count;
    /* Orders or trades where the quotes stand in the rows of these; NULL: they do not. */
    const char *quotes;
};

/* SW_USAGE: a list without a file. SW_SYSTEM: a list that cannot be read. */
bool sw_run_inputs_find(struct sw_run_inputs *inputs, const struct sw_command *command,
                        struct sw_error *error) SW_CHECKED;
void sw_run_inputs_free(struct sw_run_inputs *inputs);

/* Each is a file that can be read, once; a descriptor's gets the name that it has of its own. SW_USAGE: standard input, a pipe, a
 * file without a name, one that is there twice. SW_SYSTEM: one that is not there, or cannot be read. */
bool sw_run_inputs_check(struct sw_run_inputs *inputs, struct sw_error *error) SW_CHECKED;

/* None of them, nor of those beside them, is where the results of the run go, which a folder OUT has. SW_USAGE: one is. */
bool sw_run_inputs_outside(const struct sw_run_inputs *inputs, const char *output, bool analysis,
                           struct sw_error *error) SW_CHECKED;

/* Appends the variables inputs, tables, table_counts and quotes_of, as sw_command_settings does: of how many of the inputs, one after another, each
 * table is. Files whose rows have the quotes, too, are there once more, as nbbo. */
bool sw_run_inputs_put(const struct sw_run_inputs *inputs, struct sw_buffer *out,
                       struct sw_error *error) SW_CHECKED;

/* Appends target_names, target_kinds and target_places: of each output its name as given; file, device, descriptor or folder; and where that
 * is (files/target.h). SW_USAGE: an output is an input, or another output. SW_SYSTEM: one cannot be written, having no folder, or being one. */
bool sw_run_targets_put(const struct sw_run_inputs *inputs, const struct sw_command *command,
                        struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* Replaces path by the name of a file without links, . and .. in it, of which not all need be there, and a NUL. */
bool sw_run_real_path(const char *name, struct sw_buffer *path, struct sw_error *error) SW_CHECKED;

#endif
