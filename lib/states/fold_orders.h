/* SPDX-License-Identifier: ISC
 *
 * Folds order events, in any order and any number, to the last state of every order (sw-analysis(7)), in
 * bounded memory. Either in one go, sorted by security and order; or in parts that any number of
 * processes make of events (partial) and others of parts (merge), each of them a share of the
 * orders by their hash.
 *
 *     events ─▶ states ─▶ sort, keep the last of each ──────────────────────────▶ sw_fold_sorted
 *     events ─▶ states ─▶ part, by hash ─┬▶ states of a share ─▶ those selected ─▶ sw_fold_merge
 *     events ─▶ states ─▶ part, by hash ─┘                    └▶ events kept, per part
 *
 * A part is a record stream: the columns of the events, and two more, how many events went into a
 * row and the upper 16 bits of its hash, by which its blocks are told apart.
 */
#ifndef SW_STATES_FOLD_ORDERS_H
#define SW_STATES_FOLD_ORDERS_H

#include "expr/selectors.h"
#include "files/output.h"
#include "program/tally.h"

enum {
    SW_FOLD_MEMORY_DEFAULT = 128 << 20,
    SW_FOLD_PART_MEMORY_DEFAULT = 8 << 20, /* of sw_fold_partial: what stays in caches is quick */
    SW_FOLD_MEMORY_MINIMUM = 1 << 20,
};

struct sw_fold_settings {
    const char *const *paths; /* none: standard input */
    size_t path_count;
    uint64_t memory_bytes;  /* 0: the default above; what rows and tables may take */
    const char *folder;     /* of temporary files, of sw_fold_sorted */
    const char *made_by;    /* added to the provenance */
    uint64_t share, shares; /* of sw_fold_merge: which of how many; shares 0: all of them */
    const char *columns;    /* of sw_fold_merge: "COL,…", those that are written; NULL: all */
    const struct sw_selectors *selectors; /* of sw_fold_merge, without @FILEs: which orders */
    struct sw_view_settings view;
    const char *share_directory; /* of named sets */
    bool apart; /* of sw_fold_partial: a part of each stream of the input, one after the other */
    /* Of sw_fold_merge: "READ<tab>KEPT" events, a line for each part, of which a file may have several; or NULL. */
    const char *ledger;
};

/* What comes out, with the whole of the errors that all three have: SW_DATA with file, row and
 * order for an event without order, security or time, and for a side or a participant that changes;
 * for a column that is needed and not there. The tally counts events, but for sw_fold_merge, where
 * it counts rows of the parts and kept are those of the share's orders that are selected. Outputs
 * stay open. */
bool sw_fold_sorted(const struct sw_fold_settings *settings, struct sw_output *output,
                    struct sw_tally *tally, struct sw_error *error) SW_CHECKED;
bool sw_fold_partial(const struct sw_fold_settings *settings, struct sw_output *output,
                     struct sw_tally *tally, struct sw_error *error) SW_CHECKED;

/* Beside these, SW_DATA: not parts; SW_USAGE: a selector. *caret is where in its expression the
 * mistake is, *pointed whether it is known. */
bool sw_fold_merge(const struct sw_fold_settings *settings, struct sw_output *output,
                   struct sw_tally *tally, struct sw_caret *caret, bool *pointed,
                   struct sw_error *error) SW_CHECKED;

/* Sets share and shares by "K/N", K from 1 to N; NULL: all of them. SW_USAGE: the text is none. */
bool sw_fold_share(const char *text, struct sw_fold_settings *settings,
                   struct sw_error *error) SW_CHECKED;

#endif
