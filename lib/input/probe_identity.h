/* SPDX-License-Identifier: ISC
 *
 * By what something that was made of an input is known again: the input itself and whatever in the
 * way it is read would make something else of it.
 */
#ifndef SW_INPUT_PROBE_IDENTITY_H
#define SW_INPUT_PROBE_IDENTITY_H

#include "files/identity.h"
#include "input/probe.h"

/* What it depends on beside a probe's settings. */
struct sw_probe_identity {
    const char *version;       /* of the programs */
    const char *key;           /* what else; NULL: nothing */
    const char *schema;        /* as -t has it; NULL: by the header */
    uint64_t chunk_size_bytes; /* 0: by the workers */
    bool exact;                /* the plan of a CSV reads it whole (csv/plan.h) */
    bool verify_inputs;        /* an input is known by all of its bytes (files/identity.h) */
};

/* The identity of what these make of the file: with the contents of the schemas and of the named sets
 * that it may be read by, of the file of a named zone, and the index beside it where there are
 * selectors. SW_SYSTEM: one of these cannot be read; no memory. */
bool sw_probe_identify(const struct sw_probe_identity *of, const struct sw_probe_settings *settings,
                       const char *path, char text[SW_IDENTITY_LENGTH + 1],
                       struct sw_error *error) SW_CHECKED;

/* The identity of what words of options stand for: the words, the contents of those that are @FILE or
 * FILE.schema, of the named sets that they may mean, of the files of zones that they name. SW_SYSTEM:
 * one of these cannot be read; no memory. */
bool sw_probe_identify_words(const char *version, const char *share_directory,
                             const char *const *words, size_t count,
                             char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error) SW_CHECKED;

#endif
