/* SPDX-License-Identifier: ISC
 *
 * Programs that are called, and words for a shell on another machine.
 *
 *     struct sw_call command = {0};
 *     good = sw_call_words(&command, error, "rm", "-rf", "--", path, NULL) && sw_call_run(&command, error);
 *     sw_call_free(&command);
 */
#ifndef SW_REMOTE_COMMAND_H
#define SW_REMOTE_COMMAND_H

#include <sys/types.h>

#include "base/bytes.h"

/* Zero-initialize; free with sw_call_free. */
struct sw_call {
    char **words; /* ended by NULL once there is one */
    size_t count, capacity;
};

bool sw_call_add(struct sw_call *command, const char *word, struct sw_error *error) SW_CHECKED;

/* Adds the words up to a NULL. SW_SYSTEM: no memory. */
bool sw_call_words(struct sw_call *command, struct sw_error *error, ...) SW_CHECKED;
void sw_call_free(struct sw_call *command);

/* Adds the words of a command that has `remote` run on a host by `ssh`, which is a program and its options between blanks.
 * Login shells do not agree about quotes (csh, fish): the words go in letters, digits and \0OOO, between quotes that mean the same to all of
 * them, and only bash makes words of that. */
bool sw_call_over_ssh(struct sw_call *command, const char *ssh, const char *host,
                      const struct sw_call *remote, struct sw_error *error) SW_CHECKED;

/* Begins it; its streams are these files (NULL: as they are, standard input /dev/null). SW_SYSTEM: no process, no memory. */
bool sw_call_begin(const struct sw_call *command, const char *input, const char *output,
                   const char *errors, pid_t *process, struct sw_error *error) SW_CHECKED;

/* Waits for it: its status as a shell has it. */
int sw_call_wait(pid_t process);

/* Runs it. *status: as above. */
bool sw_call_status(const struct sw_call *command, int *status, struct sw_error *error) SW_CHECKED;

/* The same; SW_SYSTEM where the status is not 0. */
bool sw_call_run(const struct sw_call *command, struct sw_error *error) SW_CHECKED;

/* Runs the program with these words, up to a NULL. */
bool sw_run_program(struct sw_error *error, ...) SW_CHECKED;

#endif
