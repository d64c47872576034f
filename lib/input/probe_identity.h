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
    struct sw_identity common; /* the module's own: all that is the same for every file */
};

/* Takes in what does not depend on the file, the settings with the contents of what they name: the schemas, the named sets, the file of
 * a named zone. What it points to stays as it is while files are identified. SW_SYSTEM: one of these cannot be read; no memory. */
bool sw_probe_identity_begin(struct sw_probe_identity *of, const struct sw_probe_settings *settings,
                             struct sw_error *error) SW_CHECKED;

/* The identity of what these make of the file, with the index beside it where there are selectors. SW_SYSTEM: one of these cannot be
 * read; no memory. */
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
