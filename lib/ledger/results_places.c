/* SPDX-License-Identifier: ISC
 * The folders of results that are there: which are of use, in whole or in part (ledger/results.h). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "files/folders.h"
#include "ledger/results_parts.h"

struct member {
    char *code, *folder, *key;
    bool lives;
};

struct place {
    const char *name;
    struct sw_buffer path; /* of the folder, with a NUL */
    struct sw_buffer text, tally;
    struct member *members;
    size_t count, capacity, living;
    struct sw_file_list files;
};

struct look {
    const struct sw_results *results;
    const struct sw_wanted_list *wanted;
    const struct sw_file_list *there; /* below by_security */
    struct sw_buffer *keep, *remove;
    struct sw_buffer *tables; /* places with files of their own, a NUL after each */
};

static void free_place(struct place *place)
{
    sw_buffer_free(&place->path);
    sw_buffer_free(&place->text);
    sw_buffer_free(&place->tally);
    sw_file_list_free(&place->files);
    free(place->members);
}

/* ---- read ---- */

static bool has_file(const struct place *place, const char *name, size_t length, const char *ending,
                     struct sw_buffer *path, struct sw_error *error)
{
    return sw_join_path(path, error, "%s/%.*s%s", place->path.bytes, (int)length, name, ending) &&
           access((const char *)path->bytes, R_OK) == 0;
}

static bool has_streams(const struct place *place, const char *streams, struct sw_buffer *path,
                        struct sw_error *error)
{
    for (size_t length; *streams; streams += length + (streams[length] == ',')) {
        length = strcspn(streams, ",");
        if (!has_file(place, streams, length, ".swr", path, error)) return false;
    }
    return true;
}

static bool read_members(struct place *place, struct sw_error *error)
{
    char *fields[3];
    size_t count;
    for (char *line = (char *)place->text.bytes, *next; *line; line = next) {
        next = sw_cut_line(line, fields, 3, &count);
        if (!next || count != 3) return false;
        if (!sw_grow(&place->members, &place->capacity, place->count + 1, sizeof *place->members,
                     error))
            return false;
        place->members[place->count++] = (struct member){fields[0], fields[1], fields[2], false};
    }
    return true;
}

static bool tally_is_whole(struct place *place, struct sw_buffer *path, struct sw_error *error)
{
    struct sw_buffer said = {0}, is = {0};
    bool good = has_file(place, "check", 5, "", path, error) &&
                sw_read_list((const char *)path->bytes, &said, error) &&
                sw_put_check(&is, &place->tally, error) &&
                strcmp((const char *)said.bytes, (const char *)is.bytes) == 0;
    sw_buffer_free(&said);
    sw_buffer_free(&is);
    return good;
}

/* False where it is not whole, without an error, or where it cannot be known. */
static bool read_place(const struct look *look, struct place *place, struct sw_buffer *path,
                       struct sw_error *error)
{
    return has_streams(place, look->results->streams, path, error) &&
           has_file(place, "members", 7, "", path, error) &&
           sw_read_list((const char *)path->bytes, &place->text, error) &&
           read_members(place, error) && has_file(place, "files", 5, "", path, error) &&
           sw_file_list_read(&place->files, (const char *)path->bytes, error) &&
           has_file(place, "tally", 5, "", path, error) &&
           sw_read_list((const char *)path->bytes, &place->tally, error) &&
           tally_is_whole(place, path, error);
}

/* ---- which of its securities are of use ---- */

static void let_go(const struct look *look, struct place *place)
{
    for (size_t i = 0; i < place->count; i++) {
        struct member *member = &place->members[i];
        if (member->lives) sw_wanted_find(look->wanted, member->code)->there = false;
        member->lives = false;
    }
    place->living = 0;
}

/* Files of a job, all its securities' in each: they are of use together, or not at all. */
static bool has_tables(const struct place *place)
{
    return place->count > 1 && sw_file_list_has(&place->files, place->name);
}

static void find_living(const struct look *look, struct place *place)
{
    bool whole = has_tables(place);
    for (size_t i = 0; i < place->count; i++) {
        struct member *member = &place->members[i];
        struct sw_wanted *wanted = sw_wanted_find(look->wanted, member->code);
        member->lives =
            wanted && !wanted->there && strcmp(wanted->key, member->key) == 0 &&
            strcmp(wanted->folder, member->folder) == 0 &&
            sw_file_list_same(&place->files, look->there, whole ? place->name : member->folder);
        if (member->lives) wanted->there = true, place->living++;
    }
    if (whole && place->living < place->count) let_go(look, place);
}

/* ---- some of them are kept ---- */

static bool is_living(const struct place *place, const char *line, size_t length)
{
    for (size_t i = 0; i < place->count; i++)
        if (place->members[i].lives && strlen(place->members[i].code) == length &&
            memcmp(place->members[i].code, line, length) == 0)
            return true;
    return false;
}

/* The line of names, and those of the securities. */
static bool keep_tally(const struct place *place, struct sw_buffer *tally, struct sw_error *error)
{
    bool first = true;
    for (const char *line = (const char *)place->tally.bytes; *line; first = false) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        if ((first || is_living(place, line, strcspn(line, "\t\n"))) &&
            !sw_buffer_add(tally, line, length, error))
            return false;
        line += length;
    }
    return sw_buffer_add(tally, "", 1, error);
}

static bool name_kept(const struct place *place, const char *codes, struct sw_buffer *name,
                      struct sw_error *error)
{
    struct sw_identity identity;
    char text[SW_IDENTITY_LENGTH + 1];
    const char *end = strstr(place->name, ".of-");
    sw_identity_begin(&identity);
    sw_identity_text(&identity, "codes", codes);
    sw_identity_end(&identity, text);
    return sw_join_path(name, error, "%.*s.of-%s",
                        (int)(end ? (size_t)(end - place->name) : strlen(place->name)), place->name,
                        text);
}

static bool write_kept(const struct look *look, const struct place *place, const char *to,
                       struct sw_error *error)
{
    struct sw_buffer path = {0}, members = {0}, files = {0}, tally = {0};
    bool good = sw_join_path(&path, error, "%s/securities/attempts/%s", look->results->work, to) &&
                sw_make_folders((const char *)path.bytes, error) &&
                keep_tally(place, &tally, error);
    for (size_t i = 0; good && i < place->count; i++) {
        const struct member *member = &place->members[i];
        if (!member->lives) continue;
        good = sw_buffer_format(&members, error, "%s\t%s\t%s\n", member->code, member->folder,
                                member->key) &&
               sw_file_list_print(&place->files, member->folder, &files, error);
    }
    good = good && sw_write_check((const char *)path.bytes, &tally, error);
    if (good) tally.length--; /* the NUL */
    good = good && sw_write_list(&tally, error, "%s/tally", path.bytes) &&
           sw_write_list(&files, error, "%s/files", path.bytes) &&
           sw_write_list(&members, error, "%s/members", path.bytes);
    sw_buffer_free(&path);
    sw_buffer_free(&members);
    sw_buffer_free(&files);
    sw_buffer_free(&tally);
    return good;
}

static bool keep_some(const struct look *look, const struct place *place, struct sw_error *error)
{
    struct sw_buffer codes = {0}, to = {0};
    bool good = true;
    for (size_t i = 0; good && i < place->count; i++)
        if (place->members[i].lives)
            good = sw_buffer_format(&codes, error, "%s%s", codes.length ? "," : "",
                                    place->members[i].code);
    good = good && sw_buffer_add(&codes, "", 1, error) &&
           name_kept(place, (const char *)codes.bytes, &to, error) &&
           write_kept(look, place, (const char *)to.bytes, error) &&
           sw_buffer_format(look->keep, error, "%s\t%s\t%s\n", place->name, to.bytes, codes.bytes);
    sw_buffer_free(&codes);
    sw_buffer_free(&to);
    return good;
}

/* ---- all places ---- */

static bool look_at_place(const struct look *look, const char *name, struct sw_error *error)
{
    struct place place = {.name = name};
    struct sw_buffer path = {0};
    struct sw_error reading = {0};
    bool good =
        sw_join_path(&place.path, error, "%s/securities/results/%s", look->results->work, name);
    if (good && read_place(look, &place, &path, &reading)) find_living(look, &place);
    /* Lists that are none are damaged; what cannot be read is the system's failure. */
    if (good && reading.status == SW_SYSTEM)
        good = sw_fail(error, SW_SYSTEM, "%s", reading.message);
    if (good && place.living > 0 && has_tables(&place))
        good = sw_buffer_add(look->tables, name, strlen(name) + 1, error);
    if (good && place.living == 0)
        good = sw_buffer_add(look->remove, place.path.bytes, place.path.length, error);
    else if (good && place.living < place.count)
        good = keep_some(look, &place, error);
    sw_buffer_free(&path);
    free_place(&place);
    return good;
}

static bool look_at_places(const struct look *look, struct sw_error *error)
{
    struct sw_buffer path = {0}, names = {0};
    bool good = sw_join_path(&path, error, "%s/securities/results", look->results->work) &&
                sw_folder_names((const char *)path.bytes, "", &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1)
        good = look_at_place(look, (char *)names.bytes + at, error);
    sw_buffer_free(&path);
    sw_buffer_free(&names);
    return good;
}

static bool is_wanted(const struct look *look, const char *folder)
{
    const struct sw_wanted_list *wanted = look->wanted;
    const struct sw_buffer *tables = look->tables;
    for (size_t i = 0; i < wanted->count; i++)
        if (strcmp(wanted->items[i].folder, folder) == 0) return true;
    for (size_t at = 0; at < tables->length; at += strlen((char *)tables->bytes + at) + 1)
        if (strcmp((char *)tables->bytes + at, folder) == 0) return true;
    return false;
}

/* What is below by_security of securities that were not found, or of jobs of an earlier run, would pass for this run's. */
static bool remove_others(const struct look *look, const char *top, struct sw_error *error)
{
    struct sw_buffer names = {0}, path = {0};
    bool good = sw_folder_names(top, "SEC_", &names, error);
    for (size_t at = 0; good && at < names.length; at += strlen((char *)names.bytes + at) + 1) {
        const char *name = (char *)names.bytes + at;
        if (!is_wanted(look, name))
            good = sw_join_path(&path, error, "%s/%s", top, name) &&
                   sw_buffer_add(look->remove, path.bytes, path.length, error);
    }
    sw_buffer_free(&names);
    sw_buffer_free(&path);
    return good;
}

bool sw_places_look(const struct sw_results *results, const struct sw_wanted_list *wanted,
                    struct sw_buffer *keep, struct sw_buffer *remove, struct sw_error *error)
{
    struct sw_file_list there = {0};
    struct sw_buffer top = {0}, tables = {0};
    const struct look look = {results, wanted, &there, keep, remove, &tables};
    bool good = sw_join_path(&top, error, "%s/by_security", results->output) &&
                sw_file_list_walk(&there, (const char *)top.bytes, error) &&
                look_at_places(&look, error) &&
                remove_others(&look, (const char *)top.bytes, error);
    sw_file_list_free(&there);
    sw_buffer_free(&top);
    sw_buffer_free(&tables);
    return good;
}
