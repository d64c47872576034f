/* SPDX-License-Identifier: ISC */
#include "output/arrow_message.h"

#include "output/flatbuffer.h"
#include "output/row_group.h"

/* Numbers of Message.fbs and Schema.fbs. */
enum { VERSION_5 = 4 };
enum { HEADER_SCHEMA = 1, HEADER_DICTIONARY = 2, HEADER_BATCH = 3 };
enum {
    TYPE_INT = 2,
    TYPE_FLOATING_POINT = 3,
    TYPE_UTF8 = 5,
    TYPE_DECIMAL = 7,
    TYPE_DATE = 8,
    TYPE_TIMESTAMP = 10
};
enum { UNIT_DAY = 0, UNIT_NANOSECOND = 3, PRECISION_DOUBLE = 2 };

#define FIELDS(fields) fields, sizeof(fields) / sizeof *(fields)

/* The message's own table; returns the place that points at its header. */
static size_t put_message(struct sw_flat *flat, int header, int64_t body_length)
{
    const struct sw_flat_field fields[] = {
        {0, VERSION_5}, {1, header}, {2, SW_FLAT_POINTER}, {3, body_length}};
    return sw_flat_field(sw_flat_table(flat, SW_FLAT_ROOT, FIELDS(fields)), 2);
}

/* ---- schema ---- */

static void put_int(struct sw_flat *flat, size_t from, int bits, bool is_signed)
{
    const struct sw_flat_field fields[] = {{0, bits}, {1, is_signed}};
    (void)sw_flat_table(flat, from, FIELDS(fields));
}

static void put_decimal(struct sw_flat *flat, size_t from, int scale)
{
    const struct sw_flat_field fields[] = {{0, SW_EXPORT_DIGITS}, {1, scale}, {2, 128}};
    (void)sw_flat_table(flat, from, FIELDS(fields));
}

/* Without a zone it is what a clock on a wall says. */
static void put_timestamp(struct sw_flat *flat, size_t from, bool instant)
{
    const struct sw_flat_field fields[] = {{0, UNIT_NANOSECOND}, {1, SW_FLAT_POINTER}};
    size_t table = sw_flat_table(flat, from, fields, instant ? 2 : 1);
    if (instant) sw_flat_text(flat, sw_flat_field(table, 1), "UTC");
}

static int type_of(enum sw_type type, enum sw_written written)
{
    if (written == SW_AS_DOUBLE) return TYPE_FLOATING_POINT;
    switch (type) {
    case SW_DECIMAL:
        return TYPE_DECIMAL;
    case SW_TIME:
        return TYPE_TIMESTAMP;
    case SW_DATE:
        return TYPE_DATE;
    case SW_TEXT:
        return TYPE_UTF8;
    case SW_INT:
    case SW_UINT:
        break;
    }
    return TYPE_INT;
}

static void put_type(struct sw_flat *flat, size_t from, const struct sw_column *column,
                     enum sw_written written)
{
    const struct sw_flat_field day[] = {{0, UNIT_DAY}}, bits_64[] = {{0, PRECISION_DOUBLE}};
    if (written == SW_AS_DOUBLE) {
        (void)sw_flat_table(flat, from, FIELDS(bits_64));
        return;
    }
    switch (column->type) {
    case SW_INT:
        put_int(flat, from, 64, true);
        break;
    case SW_UINT:
        put_int(flat, from, 64, false);
        break;
    case SW_DECIMAL:
        put_decimal(flat, from, column->scale);
        break;
    case SW_TIME:
        put_timestamp(flat, from, written != SW_AS_LOCAL_TIME);
        break;
    case SW_DATE:
        (void)sw_flat_table(flat, from, FIELDS(day));
        break;
    case SW_TEXT:
        (void)sw_flat_table(flat, from, NULL, 0);
    }
}

/* Texts are codes of 32 bits into the dictionary `id`. */
static void put_coding(struct sw_flat *flat, size_t from, size_t id)
{
    const struct sw_flat_field fields[] = {{0, (int64_t)id}, {1, SW_FLAT_POINTER}};
    size_t table = sw_flat_table(flat, from, FIELDS(fields));
    put_int(flat, sw_flat_field(table, 1), 32, true);
}

/* A column, which may have nulls, and no columns inside it. */
static void put_field(struct sw_flat *flat, size_t from, const struct sw_column *column,
                      enum sw_written written, size_t id, bool texts_coded)
{
    enum { NAME, NULLABLE, KIND, TYPE, CHILDREN, CODING };
    const struct sw_flat_field fields[] = {[NAME] = {0, SW_FLAT_POINTER},
                                           [NULLABLE] = {1, true},
                                           [KIND] = {2, type_of(column->type, written)},
                                           [TYPE] = {3, SW_FLAT_POINTER},
                                           [CHILDREN] = {5, SW_FLAT_POINTER},
                                           [CODING] = {4, SW_FLAT_POINTER}};
    bool coded = texts_coded && column->type == SW_TEXT;
    size_t table = sw_flat_table(flat, from, fields, coded ? CODING + 1 : CODING);
    sw_flat_text(flat, sw_flat_field(table, NAME), column->name);
    put_type(flat, sw_flat_field(table, TYPE), column, written);
    (void)sw_flat_pointers(flat, sw_flat_field(table, CHILDREN), 0);
    if (coded) put_coding(flat, sw_flat_field(table, CODING), id);
}

static void put_schema(struct sw_flat *flat, size_t from, const struct sw_schema *schema,
                       const enum sw_written *written, bool coded)
{
    const struct sw_flat_field fields[] = {{0, 0}, {1, SW_FLAT_POINTER}}; /* little-endian */
    size_t table = sw_flat_table(flat, from, FIELDS(fields));
    size_t columns = sw_flat_pointers(flat, sw_flat_field(table, 1), schema->column_count);
    for (size_t i = 0; i < schema->column_count; i++)
        put_field(flat, columns + 4 * i, &schema->columns[i], written[i], i, coded);
}

bool sw_arrow_put_schema(struct sw_buffer *metadata, const struct sw_schema *schema,
                         const enum sw_written *written, bool coded, struct sw_error *error)
{
    struct sw_flat flat = sw_flat_begin(metadata, error);
    put_schema(&flat, put_message(&flat, HEADER_SCHEMA, 0), schema, written, coded);
    return sw_flat_good(&flat);
}

bool sw_arrow_put_footer(struct sw_buffer *footer, const struct sw_schema *schema,
                         const enum sw_written *written, const struct sw_arrow_block *blocks,
                         size_t count, struct sw_error *error)
{
    enum { SCHEMA = 1, DICTIONARIES, BATCHES };
    struct sw_flat flat = sw_flat_begin(footer, error);
    const struct sw_flat_field fields[] = {{0, VERSION_5},
                                           {SCHEMA, SW_FLAT_POINTER},
                                           {DICTIONARIES, SW_FLAT_POINTER},
                                           {BATCHES, SW_FLAT_POINTER}};
    size_t table = sw_flat_table(&flat, SW_FLAT_ROOT, FIELDS(fields));
    put_schema(&flat, sw_flat_field(table, SCHEMA), schema, written, false);
    sw_flat_structs(&flat, sw_flat_field(table, DICTIONARIES), NULL, 3, 0);
    sw_flat_structs(&flat, sw_flat_field(table, BATCHES), count ? &blocks->offset : NULL, 3, count);
    return sw_flat_good(&flat);
}

/* ---- batches ---- */

static void put_batch(struct sw_flat *flat, size_t from, const struct sw_arrow_batch *batch)
{
    const struct sw_flat_field fields[] = {
        {0, batch->rows}, {1, SW_FLAT_POINTER}, {2, SW_FLAT_POINTER}};
    size_t table = sw_flat_table(flat, from, FIELDS(fields));
    sw_flat_structs(flat, sw_flat_field(table, 1), *batch->nodes, 2, batch->node_count);
    sw_flat_structs(flat, sw_flat_field(table, 2), *batch->places, 2, batch->place_count);
}

bool sw_arrow_put_batch(struct sw_buffer *metadata, const struct sw_arrow_batch *batch,
                        struct sw_error *error)
{
    struct sw_flat flat = sw_flat_begin(metadata, error);
    put_batch(&flat, put_message(&flat, HEADER_BATCH, batch->body_length), batch);
    return sw_flat_good(&flat);
}

bool sw_arrow_put_dictionary(struct sw_buffer *metadata, size_t column,
                             const struct sw_arrow_batch *batch, struct sw_error *error)
{
    struct sw_flat flat = sw_flat_begin(metadata, error);
    const struct sw_flat_field fields[] = {{0, (int64_t)column}, {1, SW_FLAT_POINTER}};
    size_t table = sw_flat_table(&flat, put_message(&flat, HEADER_DICTIONARY, batch->body_length),
                                 FIELDS(fields));
    put_batch(&flat, sw_flat_field(table, 1), batch);
    return sw_flat_good(&flat);
}
