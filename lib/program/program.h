/* SPDX-License-Identifier: ISC
 *
 * The face that every program shares: parse the options, run, close, report, exit. It is the one module of
 * lib/ that prints and looks at the process's surroundings, so that no other has to.
 *
 *     static const struct sw_program program = {"sw-cut", "…", "[OPTION]… [FILE…]\n", options, run};
 *     int main(int argc, char **argv) { return sw_main(&program, argc, argv); }
 */
#ifndef SW_PROGRAM_PROGRAM_H
#define SW_PROGRAM_PROGRAM_H

#include "program/options.h"

#define SW_VERSION "0.2.0"

struct sw_program {
    const char *name;
    const char *purpose;  /* a line, lower case, no full stop */
    const char *synopsis; /* what follows the name, one form a line, each line ended by \n */
    const struct sw_option *options;
    /* Does the work. True: done. False: error says what went wrong. */
    bool (*run)(const struct sw_command_line *line, struct sw_error *error);
};

/* Sets SIGPIPE to its default, guards against closed standard descriptors, parses, answers --help and --version,
 * runs, prints an error as "NAME: MESSAGE" on standard error. Returns the exit status. */
int sw_main(const struct sw_program *program, int argc, char **argv);

/* The same for a program whose words are another's: no table of options, no --help of its own. `run` gets what follows the name. */
int sw_front(const char *name, int argc, char **argv,
             bool (*run)(int count, char **words, struct sw_error *error));

/* Prints "NAME: MESSAGE" on standard error, for what is worth saying without being an error; what a terminal must not have is
 * escaped in it (base/shown.h). */
void sw_say(const char *format, ...) SW_PRINTF(1, 2);

/* The same where standard error is a terminal, for what only who looks on has to know: what reads it elsewhere finds it by itself. */
void sw_say_to_eyes(const char *format, ...) SW_PRINTF(1, 2);

/* Says this, unless it was the last thing said in this way. */
void sw_say_once(const char *message);

/* Shows where in a text a failure lies: the text, and below it a line that marks the place. The line with the reason follows. */
void sw_say_place(const char *text, const char *mark);

/* Appends "NAME --option=value …" of the running program to out, for a stream's provenance, but for options that are unrecorded
 * (SW_OPTION_UNRECORDED). */
bool sw_program_provenance(struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* The folder that the running program lies in, links followed. NULL with SW_SYSTEM. The text lives until exit. */
const char *sw_program_directory(struct sw_error *error) SW_CHECKED;

/* The folder with schemas/ and sets/: beside bin/ in a work tree, share/sw when installed. NULL with SW_SYSTEM when
 * neither is there. The text lives until exit. */
const char *sw_share_directory(struct sw_error *error) SW_CHECKED;

/* Where temporary files go: what the user said with -T, else $TMPDIR, else /tmp. */
const char *sw_temporary_directory(const char *said);

/* Writes the id of the order that a failure is about to a file, as a line, where there is such an order, and a file (else NULL). That it cannot be
 * written is said. */
void sw_tell_wrong_order(const struct sw_error *failure, const char *path);

#endif
