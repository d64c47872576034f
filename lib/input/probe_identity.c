/* SPDX-License-Identifier: ISC */
#include "input/probe_identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "csv/index.h"
#include "input/any_table.h"

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
    int written = snprintf(path, sizeof path, "%s/sets/%.*s", share_directory, (int)length, name);
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

/* Many schemas have one zone, whose file is read once. */
static bool is_known_zone(const struct sw_csv_schemas *csv_schemas, size_t count)
{
    const char *zone = csv_schemas->items[count].zone;
    for (size_t i = 0; zone && i < count; i++)
        if (csv_schemas->items[i].zone && strcmp(csv_schemas->items[i].zone, zone) == 0)
            return true;
    return false;
}

/* Files of the suite's and of the system's may be others under the same names, as the user's own may. Without a zone of the user's local
 * time is that of the schema, or of the stream. */
static bool add_csv_schemas(struct sw_identity *identity, const struct sw_csv_schemas *csv_schemas,
                            struct sw_error *error)
{
    for (size_t i = 0; i < csv_schemas->count; i++) {
        sw_identity_bytes(identity, "layout", csv_schemas->items[i].digest,
                          sizeof csv_schemas->items[i].digest);
        if (!is_known_zone(csv_schemas, i) &&
            !add_zone(identity, csv_schemas->items[i].zone, error))
            return false;
    }
    return true;
}

/* What cannot be read has no zone; whoever reads it says what is wrong with it. */
static bool add_zone_of(struct sw_identity *identity, struct sw_input *input,
                        struct sw_error *error)
{
    struct sw_reader reader;
    struct sw_error ignored = {0};
    bool records;
    if (!sw_begins_as_records(input, &records, &ignored) || !records ||
        !sw_reader_open(&reader, &input->name, 1, &ignored))
        return true;
    bool good = add_zone(identity, reader.schema.zone, error);
    sw_reader_close(&reader);
    return good;
}

/* What an index says holds no selected row is not read. */
static bool add_index(struct sw_identity *identity, const struct sw_probe_settings *settings,
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

static void add_settings(struct sw_identity *identity, const struct sw_probe_identity *of,
                         const struct sw_probe_settings *settings)
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

bool sw_probe_identity_begin(struct sw_probe_identity *of, const struct sw_probe_settings *settings,
                             struct sw_error *error)
{
    struct sw_identity *identity = &of->common;
    sw_identity_begin(identity);
    add_settings(identity, of, settings);
    return add_csv_schemas(identity, settings->csv_schemas, error) &&
           add_sets(identity, settings->share_directory, settings->selectors.expression, error) &&
           add_sets(identity, settings->share_directory, settings->columns, error) &&
           add_sets(identity, settings->share_directory, of->key, error) &&
           add_zone(identity, settings->view.zone, error);
}

bool sw_probe_identify(const struct sw_probe_identity *of, const struct sw_probe_settings *settings,
                       const char *path, char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error)
{
    struct sw_identity identity = of->common;
    struct sw_input input;
    if (!sw_input_open(&input, path, error)) return false;
    bool good = add_zone_of(&identity, &input, error) &&
                add_index(&identity, settings, path, error) &&
                sw_identity_input(&identity, &input, of->verify_inputs, error);
    sw_input_close(&input);
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

static bool add_schema_zone(struct sw_identity *identity, const char *path, struct sw_error *error)
{
    struct sw_csv_schema csv_schema;
    if (!sw_csv_schema_read(&csv_schema, path, error)) return false;
    bool good = add_zone(identity, csv_schema.zone, error);
    sw_csv_schema_free(&csv_schema);
    return good;
}

static bool add_word(struct sw_identity *identity, const char *share_directory, const char *word,
                     struct sw_error *error)
{
    const char *file = *word == '@' ? word + 1 : is_schema_file(word) ? word : NULL;
    sw_identity_text(identity, "word", word);
    if (is_schema_file(word) && !add_schema_zone(identity, word, error)) return false;
    return (!file || sw_identity_contents(identity, file, error)) &&
           add_zone(identity, word, error) && add_sets(identity, share_directory, word, error);
}

/* What is made later of rows that were read by a schema may depend on its zone alone. */
static bool add_schemas(struct sw_identity *identity, const char *share_directory,
                        struct sw_error *error)
{
    struct sw_csv_schemas csv_schemas;
    if (!sw_csv_schemas_open(&csv_schemas, share_directory, NULL, NULL, error)) return false;
    bool good = add_csv_schemas(identity, &csv_schemas, error);
    sw_csv_schemas_free(&csv_schemas);
    return good;
}

bool sw_probe_identify_words(const char *version, const char *share_directory,
                             const char *const *words, size_t count,
                             char text[SW_IDENTITY_LENGTH + 1], struct sw_error *error)
{
    struct sw_identity identity;
    sw_identity_begin(&identity);
    sw_identity_text(&identity, "version", version);
    sw_identity_text(&identity, "meaning", meaning);
    if (!add_schemas(&identity, share_directory, error)) return false;
    for (size_t i = 0; i < count; i++)
        if (!add_word(&identity, share_directory, words[i], error)) return false;
    sw_identity_end(&identity, text);
    return true;
}
