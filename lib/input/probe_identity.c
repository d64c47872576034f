/* SPDX-License-Identifier: ISC */
#include "input/probe_identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "csv/index.h"

/* ---- files that texts stand for ---- */

/* Those of names, as expr/parse.c takes them. */
static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

static bool add_set(struct sw_identity *identity, const char *share_directory, const char *name,
                    size_t length, struct sw_error *error)
{
    char path[4096];
    int written =
        snprintf(path, sizeof path, "%s/sets/%.*s", share_directory, (int)length, name);
    if (written < 0 || (size_t)written >= sizeof path || access(path, F_OK) != 0) return true;
    sw_identity_text(identity, "set", path + strlen(share_directory));
    return sw_identity_contents(identity, path, error);
}

/* The named sets of a text: whatever in it could be the name of one is taken for it where there is such a set, in quotes, too. That costs
 * a look at a file, or makes something again in vain; to miss one would let it pass for what it no longer is. */
static bool add_sets(struct sw_identity *identity, const char *share_directory, const char *text,
                     struct sw_error *error)
{
    for (const char *at = text ? text : ""; *at;) {
        size_t length = 0;
        while (is_name_byte(at[length])) length++;
        if (length > 0 && !add_set(identity, share_directory, at, length, error)) return false;
        at += length > 0 ? length : 1;
    }
    return true;
}

/* Local time is as the system's tz database has it, which is brought up to date now and then. */
static bool add_zone(struct sw_identity *identity, const char *name, struct sw_error *error)
{
    char path[SW_ZONE_PATH];
    if (!name || !sw_zone_file(name, path)) return true;
    sw_identity_text(identity, "zone", name);
    return sw_identity_contents(identity, path, error);
}

static void add_layouts(struct sw_identity *identity, const struct sw_layouts *layouts)
{
    for (size_t i = 0; i < layouts->count; i++)
        sw_identity_bytes(identity, "layout", layouts->items[i].digest,
                          sizeof layouts->items[i].digest);
}

/* What an index says holds no selected row is not read. */
static bool add_index(struct sw_identity *identity, const struct sw_survey_settings *settings,
                      const char *path, struct sw_error *error)
{
    struct sw_buffer name = {0};
    if (!settings->selective) return true;
    bool good = sw_csv_index_path(path, &name, error);
    if (good && sw_csv_index_is_there((const char *)name.bytes))
        good = sw_identity_file(identity, (const char *)name.bytes, false, error);
    sw_buffer_free(&name);
    return good;
}

/* ---- an input ---- */

static void add_selectors(struct sw_identity *identity, const struct sw_selectors *selectors)
{
    sw_identity_text(identity, "securities", selectors->securities);
    sw_identity_text(identity, "dates", selectors->dates);
    sw_identity_text(identity, "participants", selectors->participants);
    sw_identity_text(identity, "hours", selectors->hours);
    sw_identity_text(identity, "times", selectors->times);
    sw_identity_text(identity, "quantities", selectors->quantities);
    sw_identity_text(identity, "expression", selectors->expression);
}

/* What columns mean: raised where an earlier build's parts hold other answers to the same
 * questions. 2: an order's size, value and fill are of all that it asked for. */
static const char meaning[] = "2";

static void add_settings(struct sw_identity *identity, const struct sw_survey_identity *of,
                         const struct sw_survey_settings *settings)
{
    char size[32];
    snprintf(size, sizeof size, "%" PRIu64, of->chunk_size_bytes);
    sw_identity_text(identity, "version", of->version);
    sw_identity_text(identity, "meaning", meaning);
    sw_identity_text(identity, "key", of->key);
    sw_identity_text(identity, "schema", of->schema);
    sw_identity_text(identity, "columns", settings->columns);
    sw_identity_text(identity, "tz", settings->view.zone);
    sw_identity_text(identity, "sizes", settings->view.sizes);
    sw_identity_text(identity, "chunk-size", size);
    sw_identity_text(identity, "exact", of->exact ? "yes" : NULL);
    add_selectors(identity, &settings->selectors);
}

bool sw_survey_identify(const struct sw_survey_identity *of,
                        const struct sw_survey_settings *settings, const char *path,
                        char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error)
{
    struct sw_identity identity;
    sw_identity_begin(&identity);
    add_settings(&identity, of, settings);
    /* Files of the suite's and of the system's may be others under the same names, as the user's own may. */
    add_layouts(&identity, settings->layouts);
    bool good = add_sets(&identity, settings->share_directory, settings->selectors.expression,
                         error) &&
                add_sets(&identity, settings->share_directory, settings->columns, error) &&
                add_sets(&identity, settings->share_directory, of->key, error) &&
                add_zone(&identity, settings->view.zone, error) &&
                add_index(&identity, settings, path, error) &&
                sw_identity_file(&identity, path, of->verify_inputs, error);
    if (good) sw_identity_end(&identity, text);
    return good;
}

/* ---- words ---- */

static bool is_schema_file(const char *word)
{
    static const char suffix[] = ".schema";
    size_t length = strlen(word);
    return length >= sizeof suffix && strcmp(word + length - (sizeof suffix - 1), suffix) == 0;
}

static bool add_word(struct sw_identity *identity, const char *share_directory, const char *word,
                     struct sw_error *error)
{
    const char *file = *word == '@' ? word + 1 : is_schema_file(word) ? word : NULL;
    sw_identity_text(identity, "word", word);
    return (!file || sw_identity_contents(identity, file, error)) &&
           add_zone(identity, word, error) && add_sets(identity, share_directory, word, error);
}

bool sw_survey_identify_words(const char *version, const char *share_directory,
                              const char *const *words, size_t count,
                              char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error)
{
    struct sw_identity identity;
    sw_identity_begin(&identity);
    sw_identity_text(&identity, "version", version);
    sw_identity_text(&identity, "meaning", meaning);
    for (size_t i = 0; i < count; i++)
        if (!add_word(&identity, share_directory, words[i], error)) return false;
    sw_identity_end(&identity, text);
    return true;
}
