/* SPDX-License-Identifier: ISC
 * The configuration of the earlier system: the same things in sections, under names of its own. Each is the key of ours that it means;
 * what is null or an empty list there means what holds when nobody says anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/json_parts.h"

enum form {
    PLAIN,
    MEGABYTES, /* a number of them */
    PERCENT,
    FORMAT, /* gzip is our csv.gz */
    DETAIL, /* true and false, a level of messages */
    DATES,  /* an object: start, end, all_dates */
    HOURS,  /* an object: start, end */
};

static const struct member {
    const char *section, *name, *key;
    enum form form;
} members[] = {
    {"processing", "mode", "mode", PLAIN},
    {"processing", "max_workers", "workers", PLAIN},
    {"processing", "chunk_size_mb", "chunk_size", MEGABYTES},
    {"processing", "temp_dir", "temporary_directory", PLAIN},
    {"data_selection", "security_codes", "securities", PLAIN},
    {"data_selection", "date_range", "dates", DATES},
    {"data_selection", "participant_ids", "participants", PLAIN},
    {"data_selection", "trading_hours", "hours", HOURS},
    {"simulation", "dark_pool_scenarios", "scenarios", PLAIN},
    {"simulation", "price_impact_percent", "impact", PERCENT},
    {"output", "format", "orders_format", FORMAT},
    {"output", "aggregate_by", "group", PLAIN},
    {"output", "detailed_logs", "log_level", DETAIL},
};

enum { MEMBERS = sizeof members / sizeof *members };

static const struct member *find(const char *section, const char *name)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (strcmp(members[i].section, section) == 0 &&
            (!name || strcmp(members[i].name, name) == 0))
            return &members[i];
    return NULL;
}

static bool say(struct sw_json_parts *json, const char *text)
{
    json->text.length = 0;
    json->is_string = true;
    return sw_buffer_text(&json->text, text, json->error);
}

/* What was read becomes what the key of ours takes. */
static bool translate(struct sw_json_parts *json, enum form form)
{
    switch (form) {
    case MEGABYTES:
        return sw_buffer_text(&json->text, "M", json->error);
    case PERCENT:
        return sw_buffer_text(&json->text, "%", json->error);
    case FORMAT:
        return json->text.length != 4 || memcmp(json->text.bytes, "gzip", 4) != 0 ||
               say(json, "csv.gz");
    case DETAIL:
        if (sw_setting_json_is(json, "true")) return say(json, "debug");
        return !sw_setting_json_is(json, "false") || say(json, "info");
    case PLAIN:
    case DATES:
    case HOURS:
        break;
    }
    return true;
}

/* Gives the key of that name a value. */
static bool give(struct sw_json_parts *json, const char *name, struct sw_said said,
                 const char *value)
{
    enum sw_key key;
    if (!sw_setting_begin(json->configuration, name, said, &key, json->error)) return false;
    return key == SW_KEYS ||
           sw_setting_add(json->configuration, key, value, strlen(value), json->error);
}

static bool read_plain(struct sw_json_parts *json, const struct member *member, struct sw_said said)
{
    enum sw_key key;
    if (sw_setting_json_next_is(json, '[')) {
        if (sw_setting_json_next_is(json, ']')) return true;
        return sw_setting_begin(json->configuration, member->key, said, &key, json->error) &&
               sw_setting_json_array(json, key);
    }
    if (!sw_setting_json_scalar(json)) return false;
    if (json->broken || sw_setting_json_is(json, "null")) return true;
    return sw_setting_begin(json->configuration, member->key, said, &key, json->error) &&
           translate(json, member->form) && sw_setting_json_keep(json, key, true);
}

/* ---- from and to ---- */

struct span {
    char start[64], end[64];
    bool all;
};

static bool read_bound(struct sw_json_parts *json, struct span *span, const char *name,
                       struct sw_said said)
{
    char *to = strcmp(name, "start") == 0 ? span->start
               : strcmp(name, "end") == 0 ? span->end
                                          : NULL;
    if (!sw_setting_json_scalar(json)) return false;
    if (json->broken || sw_setting_json_is(json, "null")) return true;
    if (to)
        snprintf(to, sizeof span->start, "%.*s", (int)json->text.length,
                 (const char *)json->text.bytes);
    else if (strcmp(name, "all_dates") == 0)
        span->all = sw_setting_json_is(json, "true");
    else
        return sw_diagnostic_at(json->configuration, said, json->error,
                                "%s: unknown here; there are start, end and, of dates, all_dates",
                                name);
    return true;
}

/* The members of an object, after its opening brace, each given to `take`. */
static bool read_members(struct sw_json_parts *json,
                         bool (*take)(struct sw_json_parts *json, void *owner, const char *name,
                                      struct sw_said said),
                         void *owner)
{
    if (sw_setting_json_next_is(json, '}')) return true;
    do {
        char *name;
        struct sw_said said;
        bool good = sw_setting_json_member(json, &name, &said);
        if (good && !json->broken) good = take(json, owner, name, said);
        free(name);
        if (!good) return false;
    } while (!json->broken && sw_setting_json_next_is(json, ','));
    return json->broken || sw_setting_json_next_is(json, '}') ||
           sw_setting_json_broken(json, "a ',' or '}' is missing");
}

static bool take_bound(struct sw_json_parts *json, void *owner, const char *name,
                       struct sw_said said)
{
    return read_bound(json, owner, name, said);
}

static bool read_span(struct sw_json_parts *json, const struct member *member, struct sw_said said)
{
    struct span span = {0};
    char value[2 * sizeof span.start + 8];
    if (!sw_setting_json_next_is(json, '{')) {
        if (!sw_setting_json_scalar(json)) return false;
        if (json->broken || sw_setting_json_is(json, "null")) return true;
        return sw_diagnostic_at(json->configuration, said, json->error,
                                "%s: not an object with start and end", member->name);
    }
    if (!read_members(json, take_bound, &span)) return false;
    if (json->broken || (!span.all && !*span.start && !*span.end)) return true;
    if (span.all) return give(json, member->key, said, "all");
    if (!*span.start || !*span.end)
        return sw_diagnostic_at(json->configuration, said, json->error, "%s: no %s", member->name,
                                *span.start ? "end" : "start");
    bool times = member->form == HOURS && strchr(span.start, ':');
    snprintf(value, sizeof value, "%s%s%s", span.start, member->form == DATES ? ".." : "-",
             span.end);
    return give(json, times ? "times" : member->key, said, value);
}

/* ---- sections ---- */

static bool take_member(struct sw_json_parts *json, void *owner, const char *name,
                        struct sw_said said)
{
    const struct member *member = find(owner, name);
    if (!member) {
        if (!sw_diagnostic_at(json->configuration, said, json->error,
                              "%s.%s: unknown; man 5 sweep.conf lists the keys of sections",
                              (const char *)owner, name))
            return false;
        return sw_setting_json_scalar(json);
    }
    return member->form == DATES || member->form == HOURS ? read_span(json, member, said)
                                                          : read_plain(json, member, said);
}

bool sw_setting_json_section(struct sw_json_parts *json, const char *name, struct sw_said said)
{
    if (find(name, NULL)) return read_members(json, take_member, (void *)name);
    return sw_diagnostic_at(json->configuration, said, json->error,
                            "%s: no section: there are processing, data_selection, simulation and "
                            "output",
                            name) &&
           sw_setting_json_broken(json, "an object where none may stand");
}
