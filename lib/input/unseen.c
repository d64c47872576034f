/* SPDX-License-Identifier: ISC */
#include "input/unseen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "base/shown.h"
#include "expr/wanted_texts.h"
#include "input/any_table.h"

enum {
    WANTED_MOST = 16,
    NAME_LENGTH = 128,
    TEXT_LENGTH = 128, /* what is shown of a text, with a NUL */
};

/* One wanted text, over all files: of each it has the same place among the wanted ones. */
struct search {
    bool seen;
    char column[NAME_LENGTH], text[TEXT_LENGTH];
    bool has_near;
    size_t distance;
    char near[SW_NEAR_LONGEST];
    size_t near_length;
};

struct unseen {
    const struct sw_unseen_settings *settings;
    struct search searches[WANTED_MOST];
    size_t count;
    uint64_t rows;
    bool more; /* rows than were read */
};

/* A file while it is read. */
struct file {
    struct sw_rows rows;
    struct sw_view view;
    struct sw_expression expression;
    struct sw_wanted_text wanted[WANTED_MOST];
};

static void compare(struct search *search, const struct sw_text *wanted, const struct sw_text *text)
{
    size_t distance;
    if (sw_texts_compare(wanted, text) == 0) {
        search->seen = true;
        return;
    }
    if (!sw_near(wanted->bytes, wanted->length, text->bytes, text->length, &distance) ||
        (search->has_near && distance >= search->distance))
        return;
    search->has_near = true;
    search->distance = distance;
    search->near_length = text->length;
    memcpy(search->near, text->bytes, text->length);
}

static bool search_block(struct unseen *unseen, struct file *file, struct sw_error *error)
{
    for (size_t i = 0; i < unseen->count; i++) {
        struct search *search = &unseen->searches[i];
        if (search->seen) continue;
        const struct sw_vector *vector = sw_view_vector(&file->view, file->wanted[i].column, error);
        if (!vector) return false;
        for (uint32_t code = 0; code < vector->dictionary_size && !search->seen; code++)
            compare(search, &file->wanted[i].text, &vector->dictionary[code]);
    }
    return true;
}

static bool all_seen(const struct unseen *unseen)
{
    size_t seen = 0;
    for (size_t i = 0; i < unseen->count; i++) seen += unseen->searches[i].seen;
    return seen == unseen->count;
}

static void search_rows(struct unseen *unseen, struct file *file)
{
    struct sw_error error = {0};
    size_t rows;
    enum sw_step step;
    while (unseen->rows < SW_UNSEEN_ROWS && !all_seen(unseen) &&
           (step = sw_rows_next(&file->rows, &rows, &error)) == SW_ROWS) {
        sw_view_begin(&file->view, rows);
        if (!search_block(unseen, file, &error)) step = SW_FAILED;
        if (step == SW_FAILED) break;
        unseen->rows += rows;
    }
    unseen->more = unseen->rows >= SW_UNSEEN_ROWS || error.status != SW_DONE;
}

/* What is searched for: known from the first file, and the same in each. */
static void note_searches(struct unseen *unseen, const struct file *file, size_t count)
{
    unseen->count = count;
    for (size_t i = 0; i < count; i++) {
        const char *name = sw_view_name(&file->view, file->wanted[i].column);
        const struct sw_text *text = &file->wanted[i].text;
        sw_shown(unseen->searches[i].column, NAME_LENGTH, name, strlen(name));
        sw_shown(unseen->searches[i].text, TEXT_LENGTH, text->bytes, text->length);
    }
}

static void search_file(struct unseen *unseen, const char *path)
{
    const struct sw_unseen_settings *settings = unseen->settings;
    struct sw_error error = {0};
    struct file file = {.wanted = {{0}}};
    if (sw_rows_open(&file.rows, path, settings->csv_schemas, &error)) {
        if (sw_view_open(&file.view, sw_rows_supplier(&file.rows), &settings->view, &error) &&
            sw_selectors_compile(&file.expression, &file.view, settings->selectors,
                                 settings->share_directory, &error)) {
            size_t count = sw_expression_wanted(&file.expression, file.wanted, WANTED_MOST);
            if (!unseen->count) note_searches(unseen, &file, count);
            if (count == unseen->count && count > 0 &&
                sw_rows_start(&file.rows, &file.view, NULL, &error))
                search_rows(unseen, &file);
        }
        sw_expression_free(&file.expression);
        sw_view_free(&file.view);
    }
    sw_rows_close(&file.rows);
}

static void say_search(const struct unseen *unseen, const struct search *search)
{
    char near[TEXT_LENGTH], where[64];
    sw_shown(near, sizeof near, search->near, search->near_length);
    snprintf(where, sizeof where, "%s%" PRIu64 " row%s", unseen->more ? "the first " : "",
             unseen->rows, unseen->rows == 1 ? "" : "s");
    unseen->settings->say("%s is never \"%s\" in %s%s%s%s", search->column, search->text, where,
                          search->has_near ? "; near is \"" : "", search->has_near ? near : "",
                          search->has_near ? "\"" : "");
}

/* What may be read but once is not read again: a pipe, or a list of words that may be one. */
static bool can_be_read_again(const struct sw_unseen_settings *settings, const char *const *paths,
                              size_t path_count)
{
    const struct sw_selectors *selectors = settings->selectors;
    const char *const lists[] = {selectors->securities, selectors->participants};
    struct stat about;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i] && lists[i][0] == '@') return false;
    for (size_t i = 0; i < path_count; i++)
        if (strcmp(paths[i], "-") == 0 || stat(paths[i], &about) != 0 || !S_ISREG(about.st_mode))
            return false;
    return true;
}

void sw_unseen_say(const struct sw_unseen_settings *settings, const char *const *paths,
                   size_t path_count)
{
    struct unseen unseen = {.settings = settings};
    if (!can_be_read_again(settings, paths, path_count)) return;
    for (size_t i = 0; i < path_count && unseen.rows < SW_UNSEEN_ROWS; i++)
        search_file(&unseen, paths[i]);
    for (size_t i = 0; i < unseen.count && unseen.rows > 0; i++)
        if (!unseen.searches[i].seen) say_search(&unseen, &unseen.searches[i]);
}
