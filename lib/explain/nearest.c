/* SPDX-License-Identifier: ISC */
#include "explain/nearest.h"

/* ---- what it reads ---- */

bool sw_nearest_reads(const struct sw_csv_schema *csv_schema, const char *name,
                      const struct sw_sample *sample, size_t first_row, size_t column,
                      struct sw_piece *bad)
{
    const char *meaning = *name ? sw_csv_schema_meaning(csv_schema, name) : NULL;
    const struct sw_csv_schema_column *known =
        meaning ? sw_csv_schema_column(csv_schema, meaning) : NULL;
    if (!known || known->parser.form == SW_FIELD_TEXT) return true;
    struct sw_field_parser parser = known->parser;
    parser.utc = true;
    if (known->values.count) parser.map = &known->values;
    for (size_t row = first_row; row < sample->rows; row++) {
        char space[64];
        bad->text = sw_sample_field(sample, row, column, &bad->length);
        if (bad->length && sw_field_reason(&parser, bad->text, bad->length, space)) return false;
    }
    return true;
}

/* ---- the nearest ---- */

/* The more names it knows, the nearer; then the one that reads more of them, that the header fits,
 * the smaller one. */
static bool is_nearer(const struct sw_nearest *a, const struct sw_nearest *b)
{
    if (a->known != b->known) return a->known > b->known;
    if (a->unread != b->unread) return a->unread < b->unread;
    if (a->fits != b->fits) return a->fits;
    return !b->csv_schema || a->csv_schema->column_count < b->csv_schema->column_count;
}

static void keep_nearer(struct sw_nearest *nearest, const struct sw_nearest *other)
{
    size_t fitting = nearest->fitting + other->fits;
    if (other->known && is_nearer(other, nearest)) *nearest = *other;
    nearest->fitting = fitting;
}

void sw_nearest_by_names(const struct sw_csv_schemas *csv_schemas, const struct sw_names *names,
                         const struct sw_sample *sample, struct sw_nearest *nearest)
{
    *nearest = (struct sw_nearest){0};
    for (size_t i = 0; i < csv_schemas->count; i++) {
        const struct sw_csv_schema *csv_schema = &csv_schemas->items[i];
        struct sw_nearest this = {.csv_schema = csv_schema,
                                  .known = sw_csv_schema_known(csv_schema, names),
                                  .of = names->count};
        struct sw_piece bad;
        this.fits = !csv_schema->by_choice_only && sw_csv_schema_fits(csv_schema, names);
        for (size_t k = 0; this.known && k < names->count; k++)
            this.unread += !sw_nearest_reads(csv_schema, names->items[k], sample, 1, k, &bad);
        keep_nearer(nearest, &this);
    }
}

/* Where no name says so, all has to be read. */
static struct sw_nearest of_rows(const struct sw_csv_schema *csv_schema,
                                 const struct sw_sample *sample)
{
    struct sw_nearest this = {.csv_schema = csv_schema};
    struct sw_piece bad;
    if (csv_schema->names.count != sample->width ||
        csv_schema->dialect.separator != sample->separator)
        return this;
    for (size_t i = 0; i < sample->width; i++) {
        const char *name = sw_csv_schema_meaning(csv_schema, csv_schema->names.items[i]);
        if (!name || sw_csv_schema_column(csv_schema, name)->parser.form == SW_FIELD_TEXT) continue;
        if (!sw_nearest_reads(csv_schema, name, sample, 0, i, &bad))
            return (struct sw_nearest){.csv_schema = csv_schema};
        this.known++;
    }
    return this;
}

void sw_nearest_by_rows(const struct sw_csv_schemas *csv_schemas, const struct sw_sample *sample,
                        struct sw_nearest *nearest)
{
    *nearest = (struct sw_nearest){0};
    for (size_t i = 0; i < csv_schemas->count; i++) {
        struct sw_nearest this = of_rows(&csv_schemas->items[i], sample);
        keep_nearer(nearest, &this);
    }
}
