/* SPDX-License-Identifier: ISC
 *
 * The settings of a stage's jobs, STAGE/settings, as the pipelines write them (pipelines/lib/jobs.sh): of each variable its name, "-" and
 * the value, or, of an array, how many values and these, each ended by a NUL. What is written behind the rest holds instead of it.
 */
#ifndef SW_JOB_SETTINGS_H
#define SW_JOB_SETTINGS_H

#include "base/bytes.h"

/* Bytes of a path that a job puts together: more than the system takes of one (PATH_MAX, 4,096 with its NUL), so that a path that was cut is none,
 * and refused as too long where it is used. */
enum { SW_JOB_PATH = 4352 };

/* Texts that belong to others. Free items where they were added. */
struct sw_job_texts {
    const char **items;
    size_t count, capacity;
};

/* Zero-initialize; free with sw_job_settings_free. */
struct sw_job_settings {
    struct sw_buffer path, text;
    struct sw_job_texts fields;
};

/* SW_SYSTEM: the file cannot be read, or is none of settings. */
bool sw_job_settings_read(struct sw_job_settings *settings, const char *stage,
                          struct sw_error *error) SW_CHECKED;
void sw_job_settings_free(struct sw_job_settings *settings);

/* The values of a variable that is an array, and the value of one that is none; both point into the settings. SW_SYSTEM: it is not there,
 * or is of the other kind. */
bool sw_job_setting_list(const struct sw_job_settings *settings, const char *name,
                         struct sw_job_texts *values, struct sw_error *error) SW_CHECKED;
bool sw_job_setting_text(const struct sw_job_settings *settings, const char *name,
                         const char **value, struct sw_error *error) SW_CHECKED;

/* Adds a text. SW_SYSTEM: no memory. */
bool sw_job_texts_add(struct sw_job_texts *texts, const char *text,
                      struct sw_error *error) SW_CHECKED;

/* Points texts to what a file has, each ended by a NUL, which is read into `text`. SW_SYSTEM: it cannot be read, or no memory. */
bool sw_job_texts_read(struct sw_job_texts *texts, const char *path, struct sw_buffer *text,
                       struct sw_error *error) SW_CHECKED;

#endif
