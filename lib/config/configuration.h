/* SPDX-License-Identifier: ISC
 *
 * The configuration of one run: for every key its values and who said them. Layers are put over
 * each other, a later one wins:
 *
 *     default ─▶ preset (laptop, …) ─▶ file (KEY = value lines, or JSON) ─▶ command line (KEY=value)
 *
 * What is wrong does not end anything: it is noted as a mistake with its place, and the key keeps
 * what it had, so that one pass finds them all. Whether values make sense beside each other and
 * with the files there are is config/check.h's to say.
 *
 *     sw_configuration_init(&configuration, error)
 *     sw_configuration_read(&configuration, "sweep.conf", error)
 *     sw_configuration_assign(&configuration, "workers=4", error)
 *     sw_configuration_settle(&configuration, error)
 *     … sw_configuration_text(&configuration, SW_KEY_OUTPUT), configuration.diagnostics …
 *     sw_configuration_free(&configuration)
 */
#ifndef SW_CONFIG_CONFIGURATION_H
#define SW_CONFIG_CONFIGURATION_H

#include <stdint.h>

#include "base/bytes.h"
#include "config/keys.h"

enum sw_origin {
    SW_FROM_DEFAULT,
    SW_FROM_PRESET,
    SW_FROM_FILE,
    SW_FROM_COMMAND_LINE,
};

struct sw_setting {
    char **values;
    size_t count, capacity;
    enum sw_origin origin;
    size_t line; /* in the file, from 1 */
    bool wrong;  /* a mistake was noted about it: nothing more needs to be said */
};

/* One thing that is wrong. */
struct sw_diagnostic {
    enum sw_status status; /* SW_USAGE: what was said; SW_SYSTEM, SW_DATA: what was found there */
    enum sw_origin origin; /* who said what is wrong */
    size_t order;          /* its line; those of no line after, in the order of the keys */
    char *text;            /* "sweep.conf:12: workers: not …: '0'" */
};

struct sw_configuration {
    struct sw_setting settings[SW_KEYS];
    const char *file; /* its name; NULL: none was read */
    struct sw_diagnostic *diagnostics;
    size_t diagnostic_count, diagnostic_capacity;
};

/* Sets the defaults. Free it in any case. SW_SYSTEM: no memory. */
bool sw_configuration_init(struct sw_configuration *configuration,
                           struct sw_error *error) SW_CHECKED;
void sw_configuration_free(struct sw_configuration *configuration);

/* Reads a file ("-": standard input) of lines, or of JSON where its first character is "{". path
 * stays the caller's. SW_SYSTEM: it cannot be read, no memory; what is wrong in it are diagnostics.
 * */
bool sw_configuration_read(struct sw_configuration *configuration, const char *path,
                           struct sw_error *error) SW_CHECKED;

/* Takes "KEY=value" from the command line, the value as a file would have it. */
bool sw_configuration_assign(struct sw_configuration *configuration, const char *text,
                             struct sw_error *error) SW_CHECKED;

/* After all layers: fills in the preset, and notes values that are not of their key's form. */
bool sw_configuration_settle(struct sw_configuration *configuration,
                             struct sw_error *error) SW_CHECKED;

/* The value of a key with one; "" where it has none. */
const char *sw_configuration_text(const struct sw_configuration *configuration, enum sw_key key);

/* Whether a key with one of a few words has this one; whether a list has it. */
bool sw_configuration_is(const struct sw_configuration *configuration, enum sw_key key,
                         const char *value);

/* Whether a selector selects: it has values, and they are not the single word "all". */
bool sw_configuration_selects(const struct sw_configuration *configuration, enum sw_key key);

/* Appends the values of a list, commas between them, and a NUL. */
bool sw_configuration_join(const struct sw_configuration *configuration, enum sw_key key,
                           struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* Appends who said it: "default", "preset laptop", "sweep.conf:12", "command line". */
bool sw_configuration_origin(const struct sw_configuration *configuration, enum sw_key key,
                             struct sw_buffer *out, struct sw_error *error) SW_CHECKED;

/* ---- for the modules that fill and judge it ---- */

/* Where a value is said. */
struct sw_said {
    enum sw_origin origin;
    size_t line; /* 0: of no line */
};

/* Notes a mistake about a key, its origin in front; the same one twice is noted once. False only
 * with SW_SYSTEM: no memory. */
bool sw_diagnostic_add(struct sw_configuration *configuration, enum sw_key key,
                       enum sw_status status, struct sw_error *error, const char *format, ...)
    SW_PRINTF(5, 6) SW_CHECKED;

/* Notes a failure of another module as a mistake of this key, without the option that it names. */
bool sw_diagnostic_of(struct sw_configuration *configuration, enum sw_key key,
                      const struct sw_error *failure, struct sw_error *error) SW_CHECKED;

/* The same about a place that is no key's value yet. */
bool sw_diagnostic_at(struct sw_configuration *configuration, struct sw_said said,
                      struct sw_error *error, const char *format, ...) SW_PRINTF(4, 5) SW_CHECKED;

/* Begins to give a key the values that are said there; `name` is NUL-ended. *key is SW_KEYS, and
 * a mistake noted, where there is no such key or the same layer gave it already. */
bool sw_setting_begin(struct sw_configuration *configuration, const char *name, struct sw_said said,
                      enum sw_key *key, struct sw_error *error) SW_CHECKED;

/* Adds a value to a key. */
bool sw_setting_add(struct sw_configuration *configuration, enum sw_key key, const char *value,
                    size_t length, struct sw_error *error) SW_CHECKED;

/* Takes what stands after "KEY =": values as the key's kind has them, a comment after them. What
 * is wrong with them is noted, and the key keeps nothing of it. */
bool sw_setting_take(struct sw_configuration *configuration, enum sw_key key, const char *text,
                     size_t length, struct sw_error *error) SW_CHECKED;

/* Reads a file that is JSON, into diagnostics where it is wrong. */
bool sw_configuration_json(struct sw_configuration *configuration, const char *text, size_t length,
                           struct sw_error *error) SW_CHECKED;

#endif
