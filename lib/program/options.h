/* SPDX-License-Identifier: ISC
 *
 * One table of options per program. From it come parsing, --help (of which the shells' completion is made) and the
 * manual's OPTIONS section, so none of them can disagree with another.
 *
 *     static struct { const char *columns; bool count; struct sw_words reject; } set;
 *     static const struct sw_option options[] = {
 *         SW_OPTION('c', "columns", "COL,…", set.columns, "keep only these columns"),
 *         SW_OPTION(0, "count", NULL, set.count, "print the number of rows kept"),
 *         SW_OPTIONS_END,
 *     };
 *
 * The type of the field says how its argument is read; another type does not compile:
 *   bool              a flag, no argument
 *   const char *      text, as it stands; NULL before, and given once at most, since dropping one would be silent
 *   int64_t           a whole number, 0 or more ("workers must not be 0" is the program's to say)
 *   struct sw_size    bytes: 64K, 256M, 1G, 1GiB (powers of 1024), or a plain number
 *   struct sw_words   text; the option may be repeated, each adds one
 * An empty argument is refused: a variable that was not set would pass for an option that was not given.
 * The table adds --help and --version by itself. Options and operands may stand in any order; "--" ends the
 * options; a long name may be shortened while it stays unique.
 */
#ifndef SW_PROGRAM_OPTIONS_H
#define SW_PROGRAM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/bytes.h"

struct sw_size {
    uint64_t bytes; /* 0: not given */
};

struct sw_words {
    const char **items; /* point into argv */
    size_t count;
};

enum sw_option_kind {
    SW_OPTION_FLAG = 1,
    SW_OPTION_TEXT,
    SW_OPTION_COUNT,
    SW_OPTION_SIZE,
    SW_OPTION_WORDS,
};

struct sw_option {
    char letter;          /* 0: none */
    const char *name;     /* the long name, always there */
    const char *argument; /* how help calls the argument; NULL for a flag */
    const char *help;     /* one sentence, lower case, no full stop */
    enum sw_option_kind kind;
    void *target;
    /* What it needs beside it, one of these words: --NAME, an option that is given, or the first operand. NULL: nothing. */
    const char *with;
    bool is_unrecorded; /* no part of a stream's provenance: what the rows are does not go by it */
};

#define SW_OPTION(letter, name, argument, field, help)                                             \
    SW_OPTION_ROW(NULL, false, letter, name, argument, field, help)

/* An option that has a meaning only beside another one, or of one of a program's commands. */
#define SW_OPTION_WITH(with, letter, name, argument, field, help)                                  \
    SW_OPTION_ROW(with, false, letter, name, argument, field, help)

/* An option that says where from, where to, in how much memory or in which pieces: the rows are the same. Provenance never has names of
 * files, ranges or block sizes. */
#define SW_OPTION_UNRECORDED(letter, name, argument, field, help)                                  \
    SW_OPTION_ROW(NULL, true, letter, name, argument, field, help)

#define SW_OPTION_ROW(with, is_unrecorded, letter, name, argument, field, help)                      \
    {                                                                                                \
        letter, name, argument, help,                                                              \
            _Generic(&(field), bool *                                                              \
                     : SW_OPTION_FLAG, const char **                                               \
                     : SW_OPTION_TEXT, int64_t *                                                   \
                     : SW_OPTION_COUNT, struct sw_size *                                           \
                     : SW_OPTION_SIZE, struct sw_words *                                           \
                     : SW_OPTION_WORDS),                                                           \
            &(field), with, is_unrecorded \
    }
#define SW_OPTIONS_END                                                                             \
    {                                                                                              \
        0, NULL, NULL, NULL, SW_OPTION_FLAG, NULL, NULL, false                                     \
    }

/* What a command line came to. */
struct sw_command_line {
    const char **operands; /* in order; point into argv */
    size_t operand_count;
    bool help, version;
    const char *help_format; /* NULL (text) or "mdoc" */
};

/* Reads argv into the fields of the table. False with SW_USAGE: an unknown or ambiguous option, an argument
 * that is missing, not wanted or not of its type; an option without what it needs beside it. Frees nothing on
 * failure; the arrays live until exit. */
bool sw_options_parse(const struct sw_option *options, int argc, char **argv,
                      struct sw_command_line *line, struct sw_error *error) SW_CHECKED;

/* Whether an option was given: a number that is not 0, a text, a flag. */
bool sw_option_is_given(const struct sw_option *option);

/* Whether one of these options (names, NULL-ended), or one of all others, was given. */
bool sw_options_has(const struct sw_option *options, const char *const *names);
bool sw_options_has_others(const struct sw_option *options, const char *const *names);

/* Whether each option that was given has beside it what it needs. SW_USAGE: one has not. */
bool sw_options_check_with(const struct sw_option *options, const struct sw_command_line *line,
                           struct sw_error *error) SW_CHECKED;

/* Append the table as it is shown by --help, in lines of at most 100 columns, and as an mdoc OPTIONS list. */
bool sw_options_help(const struct sw_option *options, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;
bool sw_options_mdoc(const struct sw_option *options, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

/* Appends the text, which begins at that column, and a newline: broken at blanks outside of brackets where a line would be wider
 * than 100 columns, a further line indented so far. */
bool sw_options_wrap(const char *text, int column, int indent, struct sw_buffer *out,
                     struct sw_error *error) SW_CHECKED;

/* Appends the options that were given as "--name=value" words, in the order of the table, a space before each and quoted
 * for a shell where needed: for a stream's provenance. Those that are unrecorded are left out; of a file's name (@FILE, a schema's) only
 * the part after the last slash is given. */
bool sw_options_given(const struct sw_option *options, struct sw_buffer *out,
                      struct sw_error *error) SW_CHECKED;

/* What --memory says, or `otherwise` where it was not given. SW_USAGE: less than `least`, whole
 * megabytes. */
bool sw_memory_of(struct sw_size given, uint64_t otherwise, uint64_t least, uint64_t *bytes,
                  struct sw_error *error) SW_CHECKED;

/* What --level says: 0 to 9. SW_USAGE: anything else. */
bool sw_level_of(const char *text, int *level, struct sw_error *error) SW_CHECKED;

#endif
