/* SPDX-License-Identifier: ISC
 *
 * One attempt at a job: a command with a process group of its own, waited for until it and all that it started
 * have ended, or its time has come. No shell is asked who still runs: a pipe that the attempt inherits ends with the
 * last process that holds it.
 *
 *     keeper ─▶ attempt, a group ─▶ whatever it starts
 *        ▲──────────── pipe ─────────────┘
 */
#ifndef SW_HOST_SUPERVISE_H
#define SW_HOST_SUPERVISE_H

#include <stdint.h>

#include "base/error.h"

struct sw_attempt {
    char *const *command;   /* ended by NULL; the first is the file's name, or one on PATH */
    uint64_t limit_seconds; /* 0: none */
    uint64_t grace_ms;      /* from SIGTERM to SIGKILL */
    const char *errors;     /* a file for its standard error; NULL: as it is */
    bool (*goes_on)(
        void *
            context); /* NULL, or asked once a second: where it says false the attempt is told to end */
    void *context;
    /* what became of it */
    int status;   /* as a shell has it: 128 + N of one that signal N ended */
    bool overdue; /* its time had come, and it was ended */
    /* SIGTERM, SIGINT or SIGHUP came, or it was not to go on: it was ended, and nothing is to follow. */
    bool told_to_end;
};

/* Has the three signals wait from now on for those who look for them; the attempts get them as ever. */
void sw_supervise_begin(void);

/* Runs the command, standard input being /dev/null, and waits for it. SW_SYSTEM: no process, no pipe. */
bool sw_supervise(struct sw_attempt *attempt, struct sw_error *error) SW_CHECKED;

/* Waits; false where one of the three signals came meanwhile. */
bool sw_supervise_pause(uint64_t milliseconds) SW_CHECKED;

#endif
