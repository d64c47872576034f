/* SPDX-License-Identifier: ISC
 *
 * The keys of a run's configuration (man 5 sweep.conf): their names, what each holds when nobody
 * says anything, and what a value of each has to look like. One table, from which reading,
 * checking and printing follow; a new key is a name here and a line there. A key that stands for an
 * option of a pipeline has the option's long name, "_" for "-".
 */
#ifndef SW_CONFIG_KEYS_H
#define SW_CONFIG_KEYS_H

#include "base/error.h"

enum sw_key {
    /* what is read */
    SW_KEY_ORDERS,
    SW_KEY_TRADES,
    SW_KEY_NBBO,
    SW_KEY_QUOTE_AGE,
    SW_KEY_TRADES_IN,
    SW_KEY_SCHEMA,
    SW_KEY_EXACT,
    SW_KEY_BAD_ROWS,
    SW_KEY_VERIFY_INPUTS,
    /* which rows and columns */
    SW_KEY_SECURITIES,
    SW_KEY_DATES,
    SW_KEY_PARTICIPANTS,
    SW_KEY_HOURS,
    SW_KEY_TIMES,
    SW_KEY_QUANTITIES,
    SW_KEY_EXPRESSION,
    SW_KEY_COLUMNS,
    SW_KEY_TZ,
    SW_KEY_SIZES,
    /* what is made of them */
    SW_KEY_STEPS,
    SW_KEY_PER,
    SW_KEY_GROUP,
    SW_KEY_MEASURES,
    SW_KEY_SCENARIOS,
    SW_KEY_IMPACT,
    SW_KEY_AMENDED,
    SW_KEY_UNEQUAL,
    SW_KEY_COSTS,
    SW_KEY_ORDERS_GROUP,
    SW_KEY_RULES,
    SW_KEY_SWEEP,
    SW_KEY_REPLAY,
    SW_KEY_SESSIONS,
    SW_KEY_OPEN,
    SW_KEY_TICKS,
    SW_KEY_KEYS,
    SW_KEY_LEVEL,
    /* where it goes */
    SW_KEY_OUTPUT,
    SW_KEY_FORMAT,
    SW_KEY_REPORT_FORMAT,
    SW_KEY_ORDERS_FORMAT,
    SW_KEY_NO_ORDERS,
    SW_KEY_TABLES,
    SW_KEY_LEDGER,
    SW_KEY_METRICS,
    SW_KEY_TEMPORARY_DIRECTORY,
    SW_KEY_KEEP_INTERMEDIATE,
    /* how it runs */
    SW_KEY_PRESET,
    SW_KEY_MODE,
    SW_KEY_WORKERS,
    SW_KEY_CHUNK_SIZE,
    SW_KEY_MEMORY,
    SW_KEY_MEMORY_LIMIT,
    SW_KEY_HOSTS,
    SW_KEY_TIME_LIMIT,
    SW_KEY_ON_FAILURE,
    SW_KEY_RETRIES,
    SW_KEY_ON_EVENT,
    SW_KEY_LOG_LEVEL,
    SW_KEYS,
};

enum sw_key_kind {
    SW_KEY_TEXT,  /* one value, to the end of the line */
    SW_KEY_LIST,  /* values between commas */
    SW_KEY_FILES, /* the same: names of files, globs, @LIST */
    SW_KEY_CALLS, /* the same; commas in parentheses belong to a value */
};

struct sw_key_about {
    const char *name;
    enum sw_key_kind kind;
    const char *standard; /* the default, as a file would say it; "": nothing */
    const char *form;     /* what a value has to be: "a whole number from 0 to 100" */
    const char *choices;  /* "a,b,c" where it is one of a few words; else NULL */
    /* Whether one value is of that form; NULL where nothing can be said without more (a file, the
     * columns of the data), or where it is one of the choices. */
    bool (*fits)(const char *value);
};

extern const struct sw_key_about sw_keys[SW_KEYS];

/* The key of this name; SW_KEYS: there is none. */
enum sw_key sw_key_find(const char *name);

/* Whether a value is a whole number, which JSON shows without quotes: those of counts. */
bool sw_key_is_number(enum sw_key key, const char *value);

/* Whether a value is of the form that its key wants, as far as the table can tell. SW_USAGE: it is not,
 * saying what it has to be, and which choice is the nearest. */
bool sw_key_judge(enum sw_key key, const char *value, struct sw_error *failure) SW_CHECKED;

/* Whether `value` is one of the words of a list between commas. */
bool sw_among(const char *value, const char *list);

/* The name of a key that is nearest (base/nearest.h): a static text, or NULL. */
const char *sw_key_nearest(const char *name);

#endif
