/* SPDX-License-Identifier: ISC
 *
 * What the files of a configuration are: a name stands for itself where there is such a file, else
 * it is @LIST (a file of names, one a line) or a glob; as in pipelines/analyse.
 */
#ifndef SW_CONFIG_FILES_H
#define SW_CONFIG_FILES_H

#include "config/configuration.h"

/* Zero-initialize; free with sw_files_free. */
struct sw_files {
    char **items;
    size_t count, capacity;
};

/* Appends what one value stands for: its files in the order of their names, or of the list; the
 * value itself where nothing matches. SW_SYSTEM: a list that cannot be read, no memory. */
bool sw_files_expand(struct sw_files *files, const char *value, struct sw_error *error) SW_CHECKED;

/* Appends the value itself. */
bool sw_files_add(struct sw_files *files, const char *value, struct sw_error *error) SW_CHECKED;

/* Appends what all values of a key stand for. */
bool sw_files_of(struct sw_files *files, const struct sw_configuration *configuration,
                 enum sw_key key, struct sw_error *error) SW_CHECKED;

void sw_files_free(struct sw_files *files);

/* Why a file cannot be read, as a reason after its name; NULL: it can. Static text. */
const char *sw_file_unreadable(const char *path);

/* Why nothing can be written into a folder, which need not be there yet; NULL: it can. */
const char *sw_folder_unwritable(const char *path);

/* The same for a file: the folder that it is in has to be there. */
const char *sw_file_unwritable(const char *path);

#endif
