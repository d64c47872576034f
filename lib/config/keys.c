/* SPDX-License-Identifier: ISC */
#include "config/keys.h"

#include <ctype.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"

/* ---- forms of values ---- */

static bool is_count(const char *value, uint64_t least, uint64_t most)
{
    uint64_t count;
    bool plain = *value != '0' || !value[1]; /* "08" is no number to a shell */
    return plain && sw_parse_count(value, &count) && count >= least && count <= most;
}

static bool is_auto(const char *value)
{
    return strcmp(value, "auto") == 0;
}

static bool fits_workers(const char *value)
{
    return is_auto(value) || is_count(value, 1, 4096);
}

static bool fits_size(const char *value)
{
    uint64_t bytes;
    return is_auto(value) || (sw_parse_size(value, &bytes) && bytes > 0);
}

static bool fits_memory(const char *value)
{
    uint64_t bytes;
    return is_auto(value) || (sw_parse_size(value, &bytes) && bytes >= 1 << 20);
}

static bool fits_memory_limit(const char *value)
{
    return strcmp(value, "none") == 0 || is_count(value, 1, 100);
}

static bool fits_retries(const char *value)
{
    return is_count(value, 0, 100);
}

static bool fits_level(const char *value)
{
    return is_count(value, 0, 9) && !value[1];
}

static bool fits_time_limit(const char *value)
{
    char digits[16];
    size_t length = strlen(value);
    if (strcmp(value, "none") == 0) return true;
    if (length < 2 || length > sizeof digits || !strchr("smhd", value[length - 1])) return false;
    memcpy(digits, value, length - 1);
    digits[length - 1] = 0;
    return is_count(digits, 1, 1000000);
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* A set, or values. */
static bool fits_set(const char *value)
{
    return *value && !value[strspn(value, LETTERS "0123456789_-")];
}

/* [N/]HOST, ":" for this machine, or @FILE. */
static bool fits_host(const char *value)
{
    const char *slash = strchr(value, '/');
    if (*value == '@') return value[1] != 0;
    if (slash) {
        size_t digits = strspn(value, "0123456789");
        if (digits == 0 || digits > 4 || value + digits != slash || *value == '0') return false;
        value = slash + 1;
    }
    if (strcmp(value, ":") == 0) return true;
    return (isalnum((unsigned char)*value) || *value == '_') &&
           !value[strspn(value, LETTERS "0123456789_.:%@-")];
}

/* ---- the table ---- */

#define TEXT(key, standard, form, fits)                                                            \
    {                                                                                              \
        key, SW_KEY_TEXT, standard, form, NULL, fits                                               \
    }
#define LIST(key, standard, form, fits)                                                            \
    {                                                                                              \
        key, SW_KEY_LIST, standard, form, NULL, fits                                               \
    }
#define FILES(key)                                                                                 \
    {                                                                                              \
        key, SW_KEY_FILES, "", "a file, a glob or @LIST", NULL, NULL                               \
    }
#define CHOICE(key, standard, choices)                                                             \
    {                                                                                              \
        key, SW_KEY_TEXT, standard, "one of", choices, NULL                                        \
    }
#define CHOICES(key, standard, choices)                                                            \
    {                                                                                              \
        key, SW_KEY_LIST, standard, "one of", choices, NULL                                        \
    }
#define ALL "all"

/* The forms of selectors and of what needs columns are told by the modules that read them
 * (config/check_query.c). */
const struct sw_key_about sw_keys[SW_KEYS] = {
    [SW_KEY_ORDERS] = FILES("orders"),
    [SW_KEY_TRADES] = FILES("trades"),
    [SW_KEY_NBBO] = FILES("nbbo"),
    [SW_KEY_QUOTE_AGE] = TEXT("quote_age", "", "a time such as 60s, 5m or 1h", NULL),
    [SW_KEY_TRADES_IN] =
        LIST("trades_in", "market", "a set of dealsource, or its values", fits_set),
    [SW_KEY_SCHEMA] = TEXT("schema", "auto", "auto, the name of a schema or FILE.schema", NULL),
    [SW_KEY_EXACT] = CHOICE("exact", "no", "yes,no"),
    [SW_KEY_BAD_ROWS] = TEXT("bad_rows", "", "a file that can be written", NULL),
    [SW_KEY_VERIFY_INPUTS] = CHOICE("verify_inputs", "no", "yes,no"),

    [SW_KEY_SECURITIES] = LIST("securities", ALL, "a security code or @FILE", NULL),
    [SW_KEY_DATES] = LIST("dates", ALL, "a date or FROM..TO", NULL),
    [SW_KEY_PARTICIPANTS] = LIST("participants", ALL, "a participant or @FILE", NULL),
    [SW_KEY_HOURS] = LIST("hours", ALL, "an hour or hours such as 10-16", NULL),
    [SW_KEY_TIMES] = LIST("times", ALL, "a span of the day such as 10:00-16:12", NULL),
    [SW_KEY_QUANTITIES] = LIST("quantities", ALL, "a quantity or FROM..TO", NULL),
    [SW_KEY_EXPRESSION] = TEXT("expression", "", "an expression, see sw-expression(7)", NULL),
    [SW_KEY_COLUMNS] = LIST("columns", ALL, "a column", NULL),
    [SW_KEY_TZ] = TEXT("tz", "auto", "auto, an offset or a name of the tz database", NULL),
    [SW_KEY_SIZES] = LIST("sizes", "1000, 5000, 10000, 50000", "ascending numbers", NULL),

    [SW_KEY_STEPS] = CHOICES("steps", "report", "report,analyse,extract,convert,match"),
    [SW_KEY_PER] = CHOICE("per", "order", "order,event"),
    [SW_KEY_GROUP] = LIST("group", "", "a column, stored or derived", NULL),
    [SW_KEY_MEASURES] = {"measures", SW_KEY_CALLS, "", "NAME=MEASURE, see sw-agg(1)", NULL, NULL},
    [SW_KEY_SCENARIOS] = CHOICES("scenarios", "unlimited, limited_50, price_impact",
                                 "unlimited,limited_50,price_impact,A,B,C"),
    [SW_KEY_IMPACT] = TEXT("impact", "5", "a number of price units or N%", NULL),
    [SW_KEY_AMENDED] = CHOICE("amended", "exclude", "exclude,include"),
    [SW_KEY_UNEQUAL] = CHOICE("unequal", "exclude", "exclude,include"),
    [SW_KEY_COSTS] = CHOICE("costs", "yes", "yes,no"),
    [SW_KEY_RULES] =
        LIST("rules", "", "simple or full, and names of rules, '-' in front or not", NULL),
    [SW_KEY_SWEEP] = TEXT("sweep", "", "midtick, entered or 'limit N'", NULL),
    [SW_KEY_REPLAY] = CHOICE("replay", "no", "yes,no"),
    [SW_KEY_SESSIONS] = TEXT("sessions", "", "a file of changes of session", NULL),
    [SW_KEY_OPEN] = LIST("open", "", "the name of a session", NULL),
    [SW_KEY_TICKS] = TEXT("ticks", "", "a file of tick sizes", NULL),
    [SW_KEY_ORDERS_GROUP] =
        LIST("orders_group", "", "a column of classified orders, stored or derived", NULL),
    [SW_KEY_KEYS] = LIST("keys", "", "a column, with :desc behind it or not", NULL),
    [SW_KEY_LEVEL] = TEXT("level", "", "a whole number from 0 to 9", fits_level),

    [SW_KEY_OUTPUT] = TEXT("output", "", "a folder that can be written", NULL),
    [SW_KEY_FORMAT] = CHOICE("format", "csv", "csv,csv.gz"),
    [SW_KEY_REPORT_FORMAT] =
        CHOICE("report_format", "csv", "csv,csv.gz,tsv,jsonl,swr,parquet,arrow,arrows"),
    [SW_KEY_ORDERS_FORMAT] = CHOICE("orders_format", "csv.gz", "csv.gz,csv,parquet,arrow,swr,none"),
    [SW_KEY_NO_ORDERS] = CHOICE("no_orders", "no", "yes,no"),
    [SW_KEY_TABLES] = CHOICE("tables", "no", "yes,no"),
    [SW_KEY_LEDGER] = TEXT("ledger", "", "a file that can be written", NULL),
    [SW_KEY_METRICS] = TEXT("metrics", "", "a file that can be written", NULL),
    [SW_KEY_TEMPORARY_DIRECTORY] =
        TEXT("temporary_directory", "", "a folder that can be written", NULL),
    [SW_KEY_KEEP_INTERMEDIATE] = CHOICE("keep_intermediate", "auto", "yes,no,auto"),

    [SW_KEY_PRESET] = CHOICE("preset", "auto", "auto,laptop,workstation,server"),
    [SW_KEY_MODE] = CHOICE("mode", "parallel", "parallel,sequential"),
    [SW_KEY_WORKERS] =
        TEXT("workers", "auto", "auto or a whole number from 1 to 4096", fits_workers),
    [SW_KEY_CHUNK_SIZE] = TEXT("chunk_size", "auto", "auto or a size such as 64M", fits_size),
    [SW_KEY_MEMORY] = TEXT("memory", "auto", "auto or a size of 1M or more", fits_memory),
    [SW_KEY_MEMORY_LIMIT] =
        TEXT("memory_limit", "85", "none or a whole number from 1 to 100", fits_memory_limit),
    [SW_KEY_HOSTS] = LIST("hosts", "", "HOST, WORKERS/HOST, : or @FILE", fits_host),
    [SW_KEY_TIME_LIMIT] =
        TEXT("time_limit", "none", "none or a time such as 90s, 30m, 2h or 1d", fits_time_limit),
    [SW_KEY_ON_FAILURE] = CHOICE("on_failure", "auto", "auto,now,soon,never"),
    [SW_KEY_RETRIES] = TEXT("retries", "0", "a whole number from 0 to 100", fits_retries),
    [SW_KEY_ON_EVENT] = TEXT("on_event", "", "a command, see sw-monitor(1)", NULL),
    [SW_KEY_LOG_LEVEL] = CHOICE("log_level", "info", "error,warning,info,debug"),
};

enum sw_key sw_key_find(const char *name)
{
    size_t key = 0;
    while (key < SW_KEYS && strcmp(sw_keys[key].name, name) != 0) key++;
    return (enum sw_key)key;
}

bool sw_key_is_number(enum sw_key key, const char *value)
{
    return (key == SW_KEY_WORKERS || key == SW_KEY_RETRIES || key == SW_KEY_LEVEL) && *value &&
           (*value != '0' || !value[1]) && !value[strspn(value, "0123456789")];
}

bool sw_among(const char *value, const char *list)
{
    size_t length = strlen(value);
    for (;;) {
        size_t here = strcspn(list, ",");
        if (here == length && memcmp(list, value, here) == 0) return true;
        if (!list[here]) return false;
        list += here + 1;
    }
}

static bool is_fit(enum sw_key key, const char *value)
{
    const struct sw_key_about *about = &sw_keys[key];
    if (about->choices) return sw_among(value, about->choices);
    return !about->fits || about->fits(value);
}

const char *sw_key_nearest(const char *name)
{
    const char *found = NULL;
    size_t least_distance = SIZE_MAX, distance;
    for (size_t i = 0; i < SW_KEYS; i++) {
        const char *key = sw_keys[i].name;
        if (!sw_near(name, strlen(name), key, strlen(key), &distance) || distance >= least_distance)
            continue;
        found = key;
        least_distance = distance;
    }
    return found;
}

bool sw_key_judge(enum sw_key key, const char *value, struct sw_error *failure)
{
    const struct sw_key_about *about = &sw_keys[key];
    size_t length;
    if (is_fit(key, value)) return true;
    if (!about->choices) return sw_fail(failure, SW_USAGE, "not %s: '%s'", about->form, value);
    const char *near = sw_nearest(value, about->choices, &length);
    if (!near) return sw_fail(failure, SW_USAGE, "not one of %s: '%s'", about->choices, value);
    return sw_fail(failure, SW_USAGE, "not one of %s: '%s'; is '%.*s' meant?", about->choices,
                   value, (int)length, near);
}
