/* SPDX-License-Identifier: ISC */
#include "csv/index_format.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/checksum.h"
#include "base/civil.h"
#include "base/memory.h"

enum {
    MARKED_END = 64 << 10,
    /* Raised whenever what was found of a file before may have been wrong: 2, since numbers around
     * one of more than 63 bits could be taken for 0, so that bounds left them out. */
    EDITION = 2,
};

static const struct {
    const char *name;
    enum sw_type type;
} fields[SW_INDEX_FIELDS] = {
    [SW_INDEX_OFFSET] = {"offset", SW_UINT},
    [SW_INDEX_LENGTH] = {"length", SW_UINT},
    [SW_INDEX_LINE] = {"line", SW_UINT},
    [SW_INDEX_ROWS] = {"rows", SW_UINT},
    [SW_INDEX_BAD] = {"bad", SW_UINT},
    [SW_INDEX_EMPTY] = {"empty", SW_UINT},
    [SW_INDEX_IGNORED] = {"ignored", SW_UINT},
    [SW_INDEX_FILE_SIZE] = {"file_size", SW_UINT},
    [SW_INDEX_FILE_CHANGED] = {"file_changed", SW_TIME},
    [SW_INDEX_FILE_DIGEST] = {"file_digest", SW_UINT},
    [SW_INDEX_FILE_SCHEMA] = {"file_schema", SW_TEXT},
};

/* Columns that files are searched by; ids and sequences mostly grow along a file. */
static const struct {
    const char *name;
    bool listed;
} searched[] = {
    {"security_code", true},
    {"participantid", true},
    {"order_id", false},
    {"sequence", false},
};

static bool describe_file(const struct sw_schema *file, struct sw_buffer *to,
                          struct sw_error *error)
{
    const char *time = file->time_column < 0 ? "" : file->columns[file->time_column].name;
    if (!sw_buffer_format(to, error, "%d %s by %s:", EDITION, file->table, time)) return false;
    for (size_t i = 0; i < file->column_count; i++) {
        const struct sw_column *column = &file->columns[i];
        if (!sw_buffer_format(to, error, " %s %s.%d", column->name, sw_type_name(column->type),
                              column->scale))
            return false;
    }
    return to->length <= SW_TEXT_MAXIMUM ||
           sw_fail(error, SW_DATA, "the names of all columns are too long for an index");
}

/* What is written in a file may mean something else under another schema. */
static bool describe_reading(const unsigned char digest[SW_SHA256_BYTES], struct sw_buffer *to,
                             struct sw_error *error)
{
    bool good = sw_buffer_text(to, " read by ", error);
    for (size_t i = 0; good && i < SW_SHA256_BYTES; i++)
        good = sw_buffer_format(to, error, "%02x", digest[i]);
    return good;
}

static bool add_key_column(struct sw_index_form *form, const char *name, const char *ending,
                           enum sw_type type, int scale, struct sw_error *error)
{
    char full[SW_NAME_MAXIMUM + 1];
    int length = snprintf(full, sizeof full, "%s_%s", name, ending);
    if (length < 0 || length > SW_NAME_MAXIMUM)
        return sw_fail(error, SW_DATA, "the name of column %.40s… is too long for an index", name);
    return sw_schema_add(&form->schema, full, type, scale, error);
}

static bool add_key(struct sw_index_form *form, const struct sw_schema *file, int column,
                    bool listed, struct sw_error *error)
{
    const struct sw_column *about = &file->columns[column];
    form->keys[form->key_count++] =
        (struct sw_index_key){column, (int)form->schema.column_count, listed};
    return add_key_column(form, about->name, "minimum", about->type, about->scale, error) &&
           add_key_column(form, about->name, "maximum", about->type, about->scale, error) &&
           add_key_column(form, about->name, "nulls", SW_UINT, 0, error) &&
           (!listed || add_key_column(form, about->name, "values", SW_TEXT, 0, error));
}

static bool add_keys(struct sw_index_form *form, const struct sw_schema *file,
                     struct sw_error *error)
{
    if (file->time_column >= 0 && !add_key(form, file, file->time_column, false, error))
        return false;
    for (size_t i = 0; i < sizeof searched / sizeof *searched; i++) {
        int column = sw_schema_find(file, searched[i].name);
        if (column < 0 || column == file->time_column || file->columns[column].type == SW_TEXT)
            continue;
        bool listed = searched[i].listed && file->columns[column].type == SW_INT;
        if (!add_key(form, file, column, listed, error)) return false;
    }
    return true;
}

bool sw_index_form_open(struct sw_index_form *form, const struct sw_schema *file,
                        const unsigned char digest[SW_SHA256_BYTES], struct sw_error *error)
{
    *form = (struct sw_index_form){0};
    if (!sw_schema_init(&form->schema, "csv_index", error)) return false;
    for (size_t i = 0; i < SW_INDEX_FIELDS; i++)
        if (!sw_schema_add(&form->schema, fields[i].name, fields[i].type, 0, error)) return false;
    return describe_file(file, &form->file_schema, error) &&
           describe_reading(digest, &form->file_schema, error) && add_keys(form, file, error);
}

void sw_index_form_free(struct sw_index_form *form)
{
    sw_schema_free(&form->schema);
    sw_buffer_free(&form->file_schema);
}

static bool digest_at(struct sw_input *input, uint64_t offset, unsigned char *space,
                      uint64_t *digest, struct sw_error *error)
{
    size_t got;
    if (!sw_input_read_at(input, offset, space, MARKED_END, &got, error)) return false;
    *digest = *digest << 32 | sw_checksum(space, got);
    return true;
}

bool sw_file_mark_of(struct sw_input *input, struct sw_file_mark *mark, struct sw_error *error)
{
    struct stat about;
    if (fstat(input->fd, &about) != 0) return sw_fail_errno(error, "%s", input->name);
    *mark = (struct sw_file_mark){.size_bytes = (uint64_t)about.st_size};
    mark->changed_ns = about.st_mtim.tv_sec * SW_NS_PER_SECOND + about.st_mtim.tv_nsec;
    uint64_t last = mark->size_bytes > MARKED_END ? mark->size_bytes - MARKED_END : 0;
    unsigned char *space = sw_alloc(MARKED_END, 1, error);
    bool good = space && digest_at(input, 0, space, &mark->digest, error) &&
                digest_at(input, last, space, &mark->digest, error);
    free(space);
    return good;
}
