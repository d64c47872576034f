/* SPDX-License-Identifier: ISC
 *
 * The command lines of the pipelines: one table of their options, of which each has the key of
 * sweep.conf that stands for it. From it come what a pipeline's --help, page and completion say, the
 * words that a configuration comes to (pipeline/arguments.h), and what a pipeline takes its own words for,
 * by the forms that the keys have: so that a file and a command line cannot disagree.
 *
 *     words ─▶ sw_command_read ─▶ options given, operands ─▶ sw_command_settings ─▶ variables of a shell
 */
#ifndef SW_PIPELINE_PIPELINE_H
#define SW_PIPELINE_PIPELINE_H

#include "base/bytes.h"
#include "config/keys.h"

enum sw_pipeline {
    SW_REPORT = 1,
    SW_ANALYSE = 2,
    SW_EXTRACT = 4,
    SW_CONVERT = 8,
    SW_SWEEP = 16,
    SW_MATCH = 32,
    SW_STEPS_ALL = SW_REPORT | SW_ANALYSE | SW_EXTRACT | SW_CONVERT | SW_MATCH,
};

/* What becomes of an option in the shell: of its value, and of one that is given again. */
enum sw_option_form {
    SW_FORM_FLAG,     /* VARIABLE=1 */
    SW_FORM_VALUE,    /* VARIABLE=VALUE, the last one given */
    SW_FORM_FILE,     /* the same; a name that begins with a dash gets "./" in front */
    SW_FORM_SECONDS,  /* the same; a time such as 90s becomes its seconds, none 0 */
    SW_FORM_JOINED,   /* the same; those given are joined by commas */
    SW_FORM_VALUES,   /* VARIABLE=(VALUE…) */
    SW_FORM_PAIR,     /* VARIABLE=(--NAME VALUE), the last one given; of a flag (--NAME) */
    SW_FORM_PAIRS,    /* VARIABLE=(--NAME VALUE…), in the order given */
    SW_FORM_OPTIONS,  /* the same, of each the last one given, in the order of the table */
    SW_FORM_SELECTOR, /* as pairs, and "NAME=VALUE …" in VARIABLE_text */
    SW_FORM_ANSWER,   /* of --help and the like: no variable */
};

struct sw_pipeline_option {
    enum sw_key key; /* SW_KEYS: there is none */
    int pipelines;   /* which have it */
    char letter;     /* 0: none */
    const char *name;
    const char *argument; /* how help calls it; NULL for a flag */
    const char *help;     /* one sentence, lower case, no full stop */
    enum sw_option_form form;
    const char *variable;
};

/* Ended by one without a name. */
extern const struct sw_pipeline_option sw_pipeline_options[];

/* The pipeline of this name; 0: there is none. */
enum sw_pipeline sw_pipeline_find(const char *name);

/* Appends what --help says of it; format is NULL, or "mdoc" for the list of options of a page. */
bool sw_pipeline_help(enum sw_pipeline pipeline, const char *format, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

struct sw_given {
    const struct sw_pipeline_option *option;
    const char *value; /* NULL of a flag */
};

/* A command line that was read. Zero-initialize; free with sw_command_free. Values and operands
 * point into the words. */
struct sw_command {
    enum sw_pipeline pipeline;
    struct sw_given *given; /* in the order given */
    size_t count, capacity;
    char **operands;
    size_t operand_count;
    bool help, version;
    const char *help_format;   /* of --help=FORMAT */
    const char *configuration; /* of -C; NULL: none */
};

/* Reads words, the first of which is the pipeline's name, and puts options in front of operands. SW_USAGE: an
 * option that it has not, with the nearest that it has; an argument that is missing, not wanted, empty, or not of
 * its key's form. */
bool sw_command_read(struct sw_command *command, enum sw_pipeline pipeline, int count, char **words,
                     struct sw_error *error) SW_CHECKED;
void sw_command_free(struct sw_command *command);

/* Appends the keys of the options given, commas between them, and "orders" where there are operands: what a
 * configuration has not to say. */
bool sw_command_keys(const struct sw_command *command, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

/* Appends the variables of all pipelines, those of options that were not given empty, and the operands as "inputs". Of each:
 * its name, "-" and its value, or, of an array, how many values and these, each ended by a NUL. Those of an analysis or a match are
 * of pipeline/inputs.h. SW_USAGE: an output or inputs are missing. */
bool sw_command_settings(const struct sw_command *command, struct sw_buffer *out,
                         struct sw_error *error) SW_CHECKED;

#endif
