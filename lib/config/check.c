/* SPDX-License-Identifier: ISC */
#include "config/check.h"

#include <string.h>

#include "base/zone.h"
#include "darkbook/rules.h"
#include "market/quotes.h"
#include "market/scenario.h"

static bool check_zone(struct sw_configuration *configuration, struct sw_error *error)
{
    struct sw_error failure = {0};
    struct sw_zone zone;
    if (configuration->settings[SW_KEY_TZ].wrong ||
        sw_configuration_is(configuration, SW_KEY_TZ, "auto") ||
        sw_zone_open(&zone, sw_configuration_text(configuration, SW_KEY_TZ), &failure))
        return true;
    return sw_diagnostic_of(configuration, SW_KEY_TZ, &failure, error);
}

static bool check_impact(struct sw_configuration *configuration, struct sw_error *error)
{
    struct sw_error failure = {0};
    struct sw_impact impact;
    if (configuration->settings[SW_KEY_IMPACT].wrong ||
        sw_impact_parse(sw_configuration_text(configuration, SW_KEY_IMPACT), &impact, &failure))
        return true;
    return sw_diagnostic_of(configuration, SW_KEY_IMPACT, &failure, error);
}

static bool check_quote_age(struct sw_configuration *configuration, struct sw_error *error)
{
    struct sw_error failure = {0};
    const char *age = sw_configuration_text(configuration, SW_KEY_QUOTE_AGE);
    int64_t age_ns;
    if (!*age || sw_quote_age_parse(age, &age_ns, &failure)) return true;
    return sw_diagnostic_of(configuration, SW_KEY_QUOTE_AGE, &failure, error);
}

/* Of words that are all known: one that is there twice. */
static bool check_scenarios(struct sw_configuration *configuration, struct sw_error *error)
{
    struct sw_error failure = {0};
    bool chosen[SW_SCENARIOS];
    struct sw_buffer list = {0};
    if (configuration->settings[SW_KEY_SCENARIOS].wrong) return true;
    bool good = sw_configuration_join(configuration, SW_KEY_SCENARIOS, &list, error);
    if (good && !sw_scenarios_parse((const char *)list.bytes, chosen, &failure))
        good = sw_diagnostic_of(configuration, SW_KEY_SCENARIOS, &failure, error);
    sw_buffer_free(&list);
    return good;
}

/* What sw-match would refuse of its rules, and of what a sweep concedes. */
static bool check_match(struct sw_configuration *configuration, struct sw_error *error)
{
    struct sw_error failure = {0};
    struct sw_rules rules;
    struct sw_concede concede;
    struct sw_buffer list = {0};
    const char *sweep = sw_configuration_text(configuration, SW_KEY_SWEEP);
    bool good = sw_configuration_join(configuration, SW_KEY_RULES, &list, error);
    if (good && configuration->settings[SW_KEY_RULES].count > 0 &&
        !sw_rules_parse((const char *)list.bytes, &rules, &failure))
        good = sw_diagnostic_of(configuration, SW_KEY_RULES, &failure, error);
    failure = (struct sw_error){0};
    if (good && *sweep && !sw_concede_parse(sweep, &concede, &failure))
        good = sw_diagnostic_of(configuration, SW_KEY_SWEEP, &failure, error);
    if (good && configuration->settings[SW_KEY_OPEN].count > 0 &&
        configuration->settings[SW_KEY_SESSIONS].count == 0)
        good = sw_diagnostic_add(configuration, SW_KEY_OPEN, SW_USAGE, error,
                                 "of no use without sessions");
    sw_buffer_free(&list);
    return good;
}

/* What an analysis would refuse of its files. */
static bool check_tables(struct sw_configuration *configuration, struct sw_error *error)
{
    return !sw_configuration_is(configuration, SW_KEY_TABLES, "yes") ||
           !sw_configuration_is(configuration, SW_KEY_ORDERS_FORMAT, "none") ||
           sw_diagnostic_add(configuration, SW_KEY_TABLES, SW_USAGE, error,
                             "of no use with orders_format = none");
}

/* Keys whose values are a set: one that is there twice is a slip. */
static bool check_repeated(struct sw_configuration *configuration, enum sw_key key,
                           struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    for (size_t i = 1; i < setting->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(setting->values[i], setting->values[j]) == 0)
                return sw_diagnostic_add(configuration, key, SW_USAGE, error, "there twice: '%s'",
                                         setting->values[i]);
    return true;
}

static bool require(struct sw_configuration *configuration, enum sw_key key, const char *why,
                    struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    if (setting->count > 0 || setting->wrong) return true;
    return sw_diagnostic_add(configuration, key, SW_USAGE, error, "not given%s; %s", why,
                             sw_keys[key].form);
}

static bool check_required(struct sw_configuration *configuration, struct sw_error *error)
{
    bool analyse = sw_configuration_is(configuration, SW_KEY_STEPS, "analyse");
    bool match = sw_configuration_is(configuration, SW_KEY_STEPS, "match");
    const char *why = analyse ? ", and to analyse needs it" : ", and to match needs it";
    return require(configuration, SW_KEY_ORDERS, "", error) &&
           require(configuration, SW_KEY_OUTPUT, "", error) &&
           (!(analyse || match) || (require(configuration, SW_KEY_TRADES, why, error) &&
                                    require(configuration, SW_KEY_NBBO, why, error)));
}

bool sw_configuration_check(struct sw_configuration *configuration, const char *share_directory,
                            struct sw_error *error)
{
    return check_required(configuration, error) && check_zone(configuration, error) &&
           check_impact(configuration, error) && check_quote_age(configuration, error) &&
           check_scenarios(configuration, error) && check_match(configuration, error) &&
           check_tables(configuration, error) &&
           check_repeated(configuration, SW_KEY_STEPS, error) &&
           check_repeated(configuration, SW_KEY_GROUP, error) &&
           check_repeated(configuration, SW_KEY_ORDERS_GROUP, error) &&
           check_repeated(configuration, SW_KEY_HOSTS, error) &&
           sw_check_files(configuration, error) &&
           sw_check_query(configuration, share_directory, error);
}

enum sw_status sw_configuration_status(const struct sw_configuration *configuration)
{
    enum sw_status worst = SW_DONE;
    for (size_t i = 0; i < configuration->diagnostic_count; i++) {
        enum sw_status status = configuration->diagnostics[i].status;
        if (status == SW_USAGE) return SW_USAGE;
        if (status > worst) worst = status;
    }
    return worst;
}
