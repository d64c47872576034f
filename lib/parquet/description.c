/* SPDX-License-Identifier: ISC */
#include "parquet/description.h"

#include <stdio.h>

#include "base/memory.h"
#include "parquet/compact.h"
#include "parquet/schema_element.h"

/* What a parse goes on with. */
struct describing {
    struct sw_parquet_description *description;
    struct sw_compact compact;
    uint64_t file_size;
    bool rows_said;
    struct sw_error *error;
};

static bool wrong(struct describing *describing, const char *reason)
{
    return sw_fail(describing->error, SW_DATA, "%s", reason);
}

/* ---- columns ---- */

/* Takes the elements of what is nested in the one at hand: its leaves are counted. */
static bool pass_children(struct describing *describing, const struct sw_compact_field *element,
                          uint64_t children, size_t *left)
{
    struct sw_parquet_description *description = describing->description;
    while (children--) {
        struct sw_schema_element inner;
        if (*left == 0) return wrong(describing, "its schema ends early");
        --*left;
        sw_schema_element_read(&describing->compact, element, &inner);
        if (describing->compact.wrong) return true;
        if (inner.children)
            children += inner.children;
        else
            description->leaf_count++;
        if (children > *left) return wrong(describing, "its schema ends early");
    }
    return true;
}

static bool add_column(struct describing *describing, const struct sw_compact_field *element,
                       size_t *left)
{
    struct sw_parquet_description *description = describing->description;
    struct sw_schema_element read;
    --*left;
    sw_schema_element_read(&describing->compact, element, &read);
    if (describing->compact.wrong) return true;
    if (description->column_count == SW_PARQUET_COLUMNS_MAXIMUM)
        return wrong(describing, "it has more than 4096 columns");
    if (!sw_grow(&description->columns, &description->column_capacity,
                 description->column_count + 1, sizeof *description->columns, describing->error))
        return false;
    struct sw_parquet_column_kind *column = &description->columns[description->column_count];
    *column = sw_schema_element_kind(&read);
    column->leaf = description->leaf_count;
    column->name = sw_copy_text(read.name ? read.name : "", read.name_length, describing->error);
    if (!column->name) return false;
    description->column_count++;
    if (strlen(column->name) != read.name_length)
        return wrong(describing, "a NUL byte in a column's name");
    if (read.children) return pass_children(describing, element, read.children, left);
    description->leaf_count++;
    return true;
}

static bool read_schema(struct describing *describing, const struct sw_compact_field *field)
{
    struct sw_compact_field element;
    struct sw_schema_element root;
    size_t left = sw_compact_list(&describing->compact, field, &element);
    if (describing->compact.wrong) return true;
    if (left == 0 || describing->description->column_count)
        return wrong(describing, "it has no schema");
    left--;
    sw_schema_element_read(&describing->compact, &element, &root);
    while (left && !describing->compact.wrong)
        if (!add_column(describing, &element, &left)) return false;
    return describing->compact.wrong || describing->description->column_count ||
           wrong(describing, "it has no columns");
}

/* ---- row groups ---- */

/* Where pages begin, which is at the dictionary where there is one. */
static bool place_part(struct describing *describing, struct sw_parquet_part *part,
                       const int64_t numbers[12])
{
    int64_t data = numbers[9], dictionary = numbers[11], bytes = numbers[7];
    int64_t offset = dictionary > 0 && dictionary < data ? dictionary : data;
    if (numbers[5] < 0 || bytes < 0 || offset < 4 || (uint64_t)offset > describing->file_size ||
        (uint64_t)bytes > describing->file_size - (uint64_t)offset)
        return wrong(describing, "a column lies outside of the file");
    *part = (struct sw_parquet_part){(int)numbers[4], (uint64_t)numbers[5], (uint64_t)offset,
                                     (uint64_t)bytes};
    return true;
}

static bool read_part(struct describing *describing, const struct sw_compact_field *field)
{
    struct sw_compact *compact = &describing->compact;
    struct sw_parquet_description *description = describing->description;
    int64_t numbers[12] = {0};
    struct sw_parquet_part part;
    if (!sw_compact_is_struct(compact, field)) return true;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);)
        if (inner.id == 4 || inner.id == 5 || inner.id == 7 || inner.id == 9 || inner.id == 11)
            numbers[inner.id] = sw_compact_integer(compact, &inner);
        else
            sw_compact_skip(compact, &inner);
    if (compact->wrong) return true;
    if (!place_part(describing, &part, numbers) ||
        !sw_grow(&description->parts, &description->part_capacity, description->part_count + 1,
                 sizeof *description->parts, describing->error))
        return false;
    description->parts[description->part_count++] = part;
    return true;
}

/* A column chunk: its description stands here, or it is encrypted or in another file. */
static bool read_chunk(struct describing *describing, const struct sw_compact_field *field)
{
    struct sw_compact *compact = &describing->compact;
    bool described = false;
    if (!sw_compact_is_struct(compact, field)) return true;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        if (inner.id == 1) return wrong(describing, "a column of it lies in another file");
        if (inner.id == 3 && !described) {
            if (!read_part(describing, &inner)) return false;
            described = true;
        } else {
            sw_compact_skip(compact, &inner);
        }
    }
    return compact->wrong || described || wrong(describing, "a column of it is encrypted");
}

static bool read_chunks(struct describing *describing, const struct sw_compact_field *field)
{
    struct sw_compact_field element;
    size_t count = sw_compact_list(&describing->compact, field, &element);
    for (size_t i = 0; i < count && !describing->compact.wrong; i++)
        if (!read_chunk(describing, &element)) return false;
    return true;
}

static bool end_group(struct describing *describing, struct sw_parquet_group *group)
{
    struct sw_parquet_description *description = describing->description;
    if (description->part_count - group->first_part != description->leaf_count)
        return wrong(describing, "a row group has another number of columns than the schema");
    group->offset = UINT64_MAX;
    for (size_t i = group->first_part; i < description->part_count; i++)
        if (description->parts[i].offset < group->offset)
            group->offset = description->parts[i].offset;
    if (!sw_grow(&description->groups, &description->group_capacity, description->group_count + 1,
                 sizeof *description->groups, describing->error))
        return false;
    description->groups[description->group_count++] = *group;
    return true;
}

static bool read_group(struct describing *describing, const struct sw_compact_field *field)
{
    struct sw_compact *compact = &describing->compact;
    struct sw_parquet_group group = {.first_part = describing->description->part_count};
    int64_t rows = -1;
    if (!sw_compact_is_struct(compact, field)) return true;
    for (struct sw_compact_field inner = {0}; sw_compact_next(compact, &inner);) {
        if (inner.id == 1) {
            if (!read_chunks(describing, &inner)) return false;
        } else if (inner.id == 3) {
            rows = sw_compact_integer(compact, &inner);
        } else {
            sw_compact_skip(compact, &inner);
        }
    }
    if (compact->wrong) return true;
    if (rows < 0) return wrong(describing, "a row group says no number of rows");
    group.rows = (uint64_t)rows;
    return end_group(describing, &group);
}

static bool read_groups(struct describing *describing, const struct sw_compact_field *field)
{
    struct sw_compact_field element;
    if (!describing->description->column_count)
        return wrong(describing, "its row groups stand before its schema");
    size_t count = sw_compact_list(&describing->compact, field, &element);
    for (size_t i = 0; i < count && !describing->compact.wrong; i++)
        if (!read_group(describing, &element)) return false;
    return true;
}

/* ---- the whole ---- */

static bool check_rows(struct describing *describing)
{
    struct sw_parquet_description *description = describing->description;
    uint64_t rows = 0;
    if (!describing->rows_said || !description->column_count)
        return wrong(describing, "its description lacks its schema or its number of rows");
    for (size_t i = 0; i < description->group_count; i++)
        if (__builtin_add_overflow(rows, description->groups[i].rows, &rows)) rows = UINT64_MAX;
    return rows == description->rows || wrong(describing, "its row groups have other numbers of "
                                                          "rows than the whole");
}

static bool read_all(struct describing *describing)
{
    struct sw_compact *compact = &describing->compact;
    for (struct sw_compact_field field = {0}; sw_compact_next(compact, &field);) {
        if (field.id == 2) {
            if (!read_schema(describing, &field)) return false;
        } else if (field.id == 3) {
            describing->description->rows = (uint64_t)sw_compact_integer(compact, &field);
            describing->rows_said = true;
        } else if (field.id == 4) {
            if (!read_groups(describing, &field)) return false;
        } else {
            sw_compact_skip(compact, &field);
        }
    }
    if (compact->wrong) return wrong(describing, "its description is damaged");
    return check_rows(describing);
}

/* Of the bytes of a description alone, of a file of so many bytes; the message lacks its place. */
static bool describe_bytes(struct sw_parquet_description *description, const void *bytes,
                           size_t length, uint64_t file_size, struct sw_error *error)
{
    *description = (struct sw_parquet_description){0};
    struct describing describing = {description, sw_compact_begin(bytes, length), file_size, false,
                                    error};
    if (read_all(&describing)) return true;
    sw_parquet_description_free(description);
    return false;
}

/* ---- the file ---- */

/* The description's length and the mark stand at the file's end. */
static bool read_end(struct sw_input *input, uint64_t *length, struct sw_error *error)
{
    unsigned char end[8];
    size_t got = 0;
    if (input->size < 12)
        return sw_fail(error, SW_DATA, "truncated: of %llu bytes", (unsigned long long)input->size);
    if (!sw_input_read_at(input, input->size - 8, end, sizeof end, &got, error)) return false;
    if (got < sizeof end) return sw_fail(error, SW_DATA, "truncated while it is read");
    if (memcmp(end + 4, "PARE", 4) == 0) return sw_fail(error, SW_DATA, "it is encrypted");
    if (memcmp(end + 4, "PAR1", 4) != 0)
        return sw_fail(error, SW_DATA, "truncated: it does not end as it has to, after %llu bytes",
                       (unsigned long long)input->size);
    *length = sw_load32(end);
    if (*length > input->size - 12 || *length > SW_PARQUET_FOOTER_MAXIMUM)
        return sw_fail(error, SW_DATA, "its description has %llu bytes, the file %llu",
                       (unsigned long long)*length, (unsigned long long)input->size);
    return true;
}

static bool describe(struct sw_parquet_description *description, struct sw_input *input,
                     struct sw_error *error)
{
    uint64_t length = 0;
    size_t got = 0;
    if (!read_end(input, &length, error)) return false;
    unsigned char *bytes = sw_alloc(length, 1, error);
    bool good =
        bytes && sw_input_read_at(input, input->size - 8 - length, bytes, length, &got, error);
    if (good && got < length) good = sw_fail(error, SW_DATA, "truncated while it is read");
    good = good && describe_bytes(description, bytes, length, input->size, error);
    free(bytes);
    return good;
}

bool sw_parquet_describe(struct sw_parquet_description *description, struct sw_input *input,
                         struct sw_error *error)
{
    char place[600];
    *description = (struct sw_parquet_description){0};
    if (!input->seekable)
        return sw_fail(error, SW_USAGE,
                       "%s: Parquet has its description at its end: it is read "
                       "from a file, not from a pipe",
                       input->name);
    if (describe(description, input, error)) return true;
    if (error->status != SW_DATA) return false;
    snprintf(place, sizeof place, "%.500s: Parquet", input->name);
    return sw_fail_at(error, place);
}

void sw_parquet_description_free(struct sw_parquet_description *description)
{
    for (size_t i = 0; i < description->column_count; i++) free(description->columns[i].name);
    free(description->columns);
    free(description->groups);
    free(description->parts);
    *description = (struct sw_parquet_description){0};
}
