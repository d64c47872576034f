/* SPDX-License-Identifier: ISC
 *
 * The steps of ledger/results.h, for its files alone.
 */
#ifndef SW_LEDGER_RESULTS_PARTS_H
#define SW_LEDGER_RESULTS_PARTS_H

#include "files/identity.h"
#include "files/list_lines.h"
#include "ledger/results.h"
#include "ledger/securities.h"

enum { SW_FOLDER_LENGTH = 256 };

/* ---- the securities that were found ---- */

struct sw_wanted {
    const char *code;
    const char *parts[SW_TABLES]; /* their numbers between commas */
    uint64_t events;
    char folder[SW_FOLDER_LENGTH], key[SW_IDENTITY_LENGTH + 1];
    bool there; /* its results are of use */
};

/* Zero-initialize; free with sw_wanted_free. */
struct sw_wanted_list {
    struct sw_wanted *items; /* as they were found */
    size_t count, capacity;
    struct sw_wanted **by_code;
    struct sw_buffer text;
};

bool sw_wanted_read(const struct sw_results *results, struct sw_wanted_list *wanted,
                    struct sw_error *error) SW_CHECKED;
void sw_wanted_free(struct sw_wanted_list *wanted);

/* NULL: it was not found. */
struct sw_wanted *sw_wanted_find(const struct sw_wanted_list *wanted, const char *code);

/* Append the jobs of those that are not there, and their weights; *count is set to the securities. */
bool sw_wanted_jobs(const struct sw_wanted_list *wanted, uint64_t ranges, struct sw_buffer *jobs,
                    struct sw_buffer *weights, uint64_t *count, struct sw_error *error) SW_CHECKED;

/* ---- files below a folder ---- */

/* SIZE PATH lines, in the order of the paths. Zero-initialize; free with sw_file_list_free. */
struct sw_file_list {
    struct sw_buffer text;
    char **lines;
    size_t count;
};

/* Those that are there now; none where there is no such folder. */
bool sw_file_list_walk(struct sw_file_list *list, const char *folder,
                       struct sw_error *error) SW_CHECKED;

/* Those that a file lists. */
bool sw_file_list_read(struct sw_file_list *list, const char *path,
                       struct sw_error *error) SW_CHECKED;

/* Whether it has any of a folder at its top. */
bool sw_file_list_has(const struct sw_file_list *list, const char *folder);

/* Whether both lists have the same of a folder at their top. */
bool sw_file_list_same(const struct sw_file_list *one, const struct sw_file_list *other,
                       const char *folder);

/* Appends the lines, those of one folder alone unless it is NULL. */
bool sw_file_list_print(const struct sw_file_list *list, const char *folder, struct sw_buffer *out,
                        struct sw_error *error) SW_CHECKED;
void sw_file_list_free(struct sw_file_list *list);

/* Replaces names by those in a folder that begin with `begin`, none of them hidden, a NUL after each, in the order of their bytes;
 * none where there is no such folder. */
bool sw_folder_names(const char *folder, const char *begin, struct sw_buffer *names,
                     struct sw_error *error) SW_CHECKED;

/* Removes what is in a folder, none of it hidden, and follows no links. SW_SYSTEM: something cannot be removed. */
bool sw_folder_empty(const char *folder, struct sw_error *error) SW_CHECKED;

/* ---- places ---- */

/* Looks at all places: marks the securities that are there, appends what is to be kept and removed, and prepares what is kept. */
bool sw_places_look(const struct sw_results *results, const struct sw_wanted_list *wanted,
                    struct sw_buffer *keep, struct sw_buffer *remove,
                    struct sw_error *error) SW_CHECKED;

/* ---- for all ---- */

/* Replaces path by a name of these parts, a slash between them and a NUL after. */
bool sw_join_path(struct sw_buffer *path, struct sw_error *error, const char *format, ...)
    SW_PRINTF(3, 4) SW_CHECKED;

/* Writes text as a file. */
bool sw_write_list(const struct sw_buffer *text, struct sw_error *error, const char *format, ...)
    SW_PRINTF(3, 4) SW_CHECKED;

/* Appends what the check of a tally is, its checksum and size; sw_write_check writes it to PLACE/check. Both texts have a NUL. */
bool sw_put_check(struct sw_buffer *check, const struct sw_buffer *tally,
                  struct sw_error *error) SW_CHECKED;
bool sw_write_check(const char *place, const struct sw_buffer *tally,
                    struct sw_error *error) SW_CHECKED;

#endif
