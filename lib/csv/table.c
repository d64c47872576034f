/* SPDX-License-Identifier: ISC */
#include "csv/table.h"

#include "base/memory.h"

enum { TEXT_AT_MOST = 4 << 20 }; /* bytes of text after which a batch ends */

static bool open_builders(struct sw_table *table, struct sw_error *error)
{
    const struct sw_table_settings *settings = &table->settings;
    const struct sw_schema *schema = &table->csv->schema;
    for (size_t i = 0; i < settings->wanted_count; i++) {
        const struct sw_column *column = &schema->columns[settings->wanted[i]];
        if (!sw_builder_init(&table->builders[i], column->type, column->scale, settings->batch_rows,
                             error))
            return false;
        table->vectors[i] = &table->builders[i].vector;
    }
    for (size_t i = 0; settings->filter && i < schema->column_count; i++) {
        const struct sw_column *column = &schema->columns[i];
        if (settings->filter->needed[i] &&
            !sw_builder_init(&table->filter_builders[i], column->type, column->scale,
                             SW_ROW_BATCH_ROWS, error))
            return false;
    }
    return true;
}

static bool open_parts(struct sw_table *table, struct sw_error *error)
{
    size_t columns = table->csv->schema.column_count, wanted = table->settings.wanted_count;
    table->vectors = sw_alloc(wanted, sizeof *table->vectors, error);
    table->builders = sw_alloc(wanted, sizeof *table->builders, error);
    table->filter_builders = sw_alloc(columns, sizeof *table->filter_builders, error);
    table->selected = sw_alloc(SW_ROW_BATCH_ROWS, sizeof *table->selected, error);
    table->cells = sw_alloc(SW_ROW_BATCH_ROWS, 2 * sizeof *table->cells, error);
    table->clock_cells = sw_alloc(SW_ROW_BATCH_ROWS, 2 * sizeof *table->clock_cells, error);
    return table->vectors && table->builders && table->filter_builders && table->selected &&
           table->cells && table->clock_cells &&
           sw_row_batch_open(&table->row_batch, &table->csv->dialect, table->csv->field_count,
                             table->csv->always_libcsv,
                             table->settings.filter ? table->settings.filter->literals : NULL,
                             error) &&
           open_builders(table, error);
}

/* Of a Parquet file no other columns are read than these. */
static bool begin_groups(struct sw_table *table, struct sw_error *error)
{
    struct sw_csv *csv = table->csv;
    const struct sw_table_settings *settings = &table->settings;
    size_t columns = csv->schema.column_count;
    if (!csv->source.parquet) return true;
    bool *read = sw_alloc(columns, sizeof *read, error);
    if (!read) return false;
    for (size_t i = 0; i < settings->wanted_count; i++) read[settings->wanted[i]] = true;
    for (size_t i = 0; settings->filter && i < columns; i++)
        read[i] = read[i] || settings->filter->needed[i];
    if (csv->made_time >= 0 && read[csv->made_time]) read[csv->date] = read[csv->clock] = true;
    bool good = sw_source_begin_groups(&csv->source, csv->group, csv->group_end, read, error);
    free(read);
    return good;
}

bool sw_table_open(struct sw_table *table, struct sw_csv *csv,
                   const struct sw_table_settings *settings, struct sw_error *error)
{
    *table = (struct sw_table){.csv = csv, .settings = *settings, .row_batch_line = csv->data_line};
    if (!open_parts(table, error) || !begin_groups(table, error)) {
        sw_table_free(table);
        return false;
    }
    table->row_batch.limit = csv->limit;
    return true;
}

/* The fields of a column of the file's name: the same for every row. */
static struct sw_fields name_fields(const struct sw_csv *csv, size_t column, size_t count)
{
    return (struct sw_fields){.base = (const char *)csv->name_text.bytes,
                              .cells = csv->name_cells + 2 * (column - csv->field_count),
                              .stride = 0,
                              .count = count};
}

/* The fields of a column: of rows from..from+count of the row batch, or of those among them that
 * stand in table->selected, for which `cells` has room. */
static struct sw_fields fields_in(struct sw_table *table, size_t column, size_t from, size_t count,
                                  bool some, uint32_t *cells)
{
    if (column >= table->csv->field_count) return name_fields(table->csv, column, count);
    struct sw_fields all = sw_row_batch_fields(&table->row_batch, column, from, count);
    if (!some) return all;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *cell = all.cells + table->selected[i] * all.stride;
        cells[2 * i] = cell[0];
        cells[2 * i + 1] = cell[1];
    }
    all.cells = cells;
    all.stride = 2;
    return all;
}

static struct sw_join_part part_of(struct sw_table *table, int column, size_t from, size_t count,
                                   bool some, uint32_t *cells)
{
    size_t i = (size_t)column;
    return (struct sw_join_part){fields_in(table, i, from, count, some, cells),
                                 &table->csv->parsers[i], (uint32_t)i};
}

/* Converts a column of these rows: fields, or the time that two of them make. */
static bool convert_column(struct sw_table *table, struct sw_builder *builder, size_t column,
                           size_t from, size_t count, bool some, struct sw_error *error)
{
    struct sw_csv *csv = table->csv;
    struct sw_field_parser *parser = &csv->parsers[column];
    if ((int)column != csv->made_time) {
        struct sw_fields fields = fields_in(table, column, from, count, some, table->cells);
        return sw_convert(builder, &fields, parser, (uint32_t)column, &table->faults, error);
    }
    struct sw_join_part date = part_of(table, csv->date, from, count, some, table->cells);
    struct sw_join_part clock = part_of(table, csv->clock, from, count, some, table->clock_cells);
    return sw_join_columns(&table->join, builder, &date, &clock, SW_ROW_BATCH_ROWS, parser,
                           (uint32_t)column, &table->faults, error);
}

static bool is_filtered(const struct sw_table *table, size_t wanted)
{
    const struct sw_table_filter *filter = table->settings.filter;
    return filter && filter->needed[table->settings.wanted[wanted]];
}

/* A wanted column that has been converted with the rows at hand; false: it is not wanted. */
static bool find_converted(struct sw_table *table, int column, struct sw_join_source *source)
{
    for (size_t i = 0; i < table->settings.wanted_count; i++) {
        if (table->settings.wanted[i] != column || is_filtered(table, i)) continue;
        const struct sw_vector *vector = &table->builders[i].vector;
        *source = (struct sw_join_source){vector, vector->rows};
        return true;
    }
    return false;
}

/* The made time, when all wanted fields were converted: of these, where they are wanted, too. */
static bool convert_made_time(struct sw_table *table, size_t i, size_t from, size_t count,
                              bool some, struct sw_error *error)
{
    struct sw_csv *csv = table->csv;
    struct sw_join_source date, clock;
    size_t column = (size_t)csv->made_time;
    if (find_converted(table, csv->date, &date) && find_converted(table, csv->clock, &clock))
        return sw_join_converted(&table->builders[i], &date, &clock, count, &csv->parsers[column],
                                 (uint32_t)column, &table->faults, error);
    return convert_column(table, &table->builders[i], column, from, count, some, error);
}

/* Converts what the filter has not converted already; faults are counted in the row batch's rows
 * after `from`. */
static bool convert_wanted(struct sw_table *table, size_t from, size_t count, bool some,
                           struct sw_error *error)
{
    struct sw_faults *faults = &table->faults;
    size_t first = faults->count;
    for (size_t i = 0; i < table->settings.wanted_count; i++) {
        size_t column = (size_t)table->settings.wanted[i];
        if (is_filtered(table, i) || (int)column == table->csv->made_time) continue;
        if (!convert_column(table, &table->builders[i], column, from, count, some, error))
            return false;
    }
    for (size_t i = 0; table->csv->made_time >= 0 && i < table->settings.wanted_count; i++)
        if (table->settings.wanted[i] == table->csv->made_time && !is_filtered(table, i) &&
            !convert_made_time(table, i, from, count, some, error))
            return false;
    for (size_t i = first; some && i < faults->count; i++)
        faults->items[i].row = table->selected[faults->items[i].row];
    return true;
}

/* Takes faulty rows out of the selected ones. Both are in ascending order. */
static size_t drop_faulty(struct sw_table *table, size_t count)
{
    size_t kept = 0, fault = 0;
    for (size_t i = 0; i < count; i++) {
        while (fault < table->faults.count && table->faults.items[fault].row < table->selected[i])
            fault++;
        bool faulty =
            fault < table->faults.count && table->faults.items[fault].row == table->selected[i];
        if (!faulty) table->selected[kept++] = table->selected[i];
    }
    return kept;
}

static int by_row_and_column(const void *a, const void *b)
{
    const struct sw_fault *first = a, *second = b;
    if (first->row != second->row) return first->row < second->row ? -1 : 1;
    return (first->column > second->column) - (first->column < second->column);
}

static void sort_faults(struct sw_table *table)
{
    if (table->faults.count > 1)
        qsort(table->faults.items, table->faults.count, sizeof *table->faults.items,
              by_row_and_column);
}

/* Rows with a fault; the faults are sorted by row. */
static size_t faulty_rows(const struct sw_table *table)
{
    size_t rows = 0;
    for (size_t i = 0; i < table->faults.count; i++)
        rows += i == 0 || table->faults.items[i].row != table->faults.items[i - 1].row;
    return rows;
}

/* Forgets the faults of rows that lack a literal: the row batch may leave such rows out unread, and
 * what comes out must not depend on it. The rows are counted from `from`. */
static void forgive(struct sw_table *table, size_t from)
{
    const struct sw_literals *literals = table->settings.filter->literals;
    struct sw_faults *faults = &table->faults;
    size_t kept = 0;
    for (size_t i = 0; literals && i < faults->count; i++) {
        struct sw_fields row =
            sw_row_batch_fields(&table->row_batch, 0, from + faults->items[i].row, 1);
        if (sw_literals_in(literals, row.base, row.cells)) faults->items[kept++] = faults->items[i];
    }
    if (literals) faults->count = kept;
}

/* Asks the filter: *count rows of the `rows` after `from` stand in table->selected afterwards. */
static bool run_filter(struct sw_table *table, size_t from, size_t rows, size_t *count,
                       struct sw_error *error)
{
    const struct sw_table_filter *filter = table->settings.filter;
    for (size_t column = 0; column < table->csv->schema.column_count; column++) {
        if (!filter->needed[column]) continue;
        struct sw_builder *builder = &table->filter_builders[column];
        sw_builder_reset(builder);
        if (!convert_column(table, builder, column, from, rows, false, error)) return false;
        builder->vector.rows = rows;
    }
    if (!filter->select(filter->owner, rows, table->selected, count, error)) return false;
    forgive(table, from);
    sort_faults(table);
    *count = drop_faulty(table, *count);
    table->rejected += rows - faulty_rows(table) - *count;
    return true;
}

static uint64_t file_line(const struct sw_table *table, const struct sw_row_place *place)
{
    return table->row_batch_line ? table->row_batch_line + place->line : 0;
}

/* The text of a field, and of a made time both parts with a blank between them. */
static bool show_field(struct sw_table *table, size_t row, size_t column, struct sw_buffer *text,
                       struct sw_error *error)
{
    struct sw_csv *csv = table->csv;
    if ((int)column == csv->made_time)
        return show_field(table, row, (size_t)csv->date, text, error) &&
               sw_buffer_text(text, " ", error) &&
               show_field(table, row, (size_t)csv->clock, text, error);
    size_t length;
    struct sw_fields field = fields_in(table, column, row, 1, false, NULL);
    const char *bytes = sw_field_at(&field, 0, &length);
    return sw_buffer_add(text, bytes, length, error);
}

/* Why both parts of a made time, which are good, make none. */
static const char *join_reason(struct sw_table *table, size_t row)
{
    struct sw_csv *csv = table->csv;
    int columns[2] = {csv->date, csv->clock};
    sw_int128 values[2] = {0};
    int64_t time;
    for (int i = 0; i < 2; i++) {
        size_t length;
        struct sw_fields field = fields_in(table, (size_t)columns[i], row, 1, false, NULL);
        const char *text = sw_field_at(&field, 0, &length);
        if (sw_field_parse(&csv->parsers[columns[i]], text, length, &values[i]) != SW_FIELD_GOOD)
            return "not read";
    }
    return sw_field_join_reason(sw_field_join(&csv->parsers[csv->made_time], (int64_t)values[0],
                                              (int64_t)values[1], &time));
}

static const char *reason_of(struct sw_table *table, size_t row, size_t column,
                             const struct sw_buffer *text, char space[64])
{
    if ((int)column == table->csv->made_time) return join_reason(table, row);
    const char *reason = sw_field_reason(&table->csv->parsers[column], (const char *)text->bytes,
                                         text->length, space);
    return reason ? reason : "not read";
}

static bool add_bad(struct sw_table *table, struct sw_bad_row *bad, struct sw_error *error)
{
    return sw_source_place(&table->csv->source, &bad->place.offset, error) &&
           sw_bad_add(table->settings.bad, bad, error);
}

static bool report_fault(struct sw_table *table, size_t row, size_t column, struct sw_error *error)
{
    char space[64];
    struct sw_buffer text = {0};
    struct sw_bad_row bad = {.file = table->csv->source.input.name,
                             .place = sw_row_batch_place(&table->row_batch, row),
                             .column = table->csv->schema.columns[column].name};
    bad.line = file_line(table, &bad.place);
    bool good = show_field(table, row, column, &text, error);
    if (good) {
        bad.value = (const char *)text.bytes;
        bad.value_length = text.length;
        bad.reason = reason_of(table, row, column, &text, space);
        good = add_bad(table, &bad, error);
    }
    sw_buffer_free(&text);
    return good;
}

static bool report_broken(struct sw_table *table, struct sw_error *error)
{
    const struct sw_row_place *place = &table->row_batch.broken_row;
    struct sw_bad_row bad = {.file = table->csv->source.input.name,
                             .line = file_line(table, place),
                             .place = *place,
                             .reason = table->row_batch.reason,
                             .value = place->text,
                             .value_length = place->length};
    table->row_batch.broken = false;
    return add_bad(table, &bad, error);
}

/* Reports each faulty row once, at its first column. */
static bool report_faults(struct sw_table *table, size_t from, struct sw_error *error)
{
    sort_faults(table);
    const struct sw_fault *faults = table->faults.items;
    for (size_t i = 0; i < table->faults.count; i++)
        if (i == 0 || faults[i].row != faults[i - 1].row)
            if (!report_fault(table, from + faults[i].row, faults[i].column, error)) return false;
    return true;
}

/* Makes null marks after the builder's rows undone. */
static void forget_nulls(struct sw_builder *builder, size_t count)
{
    struct sw_vector *vector = &builder->vector;
    for (size_t row = vector->rows; vector->valid && row < vector->rows + count; row++)
        if (sw_is_null(vector, row)) {
            vector->valid[row / 64] |= UINT64_C(1) << row % 64;
            vector->nulls--;
        }
}

/* After faults: reports them, and converts the rows that have none once more. */
static bool convert_again(struct sw_table *table, size_t from, size_t *count, bool some,
                          struct sw_error *error)
{
    if (!report_faults(table, from, error)) return false;
    for (size_t i = 0; !some && i < *count; i++) table->selected[i] = (uint32_t)i;
    for (size_t i = 0; i < table->settings.wanted_count; i++)
        forget_nulls(&table->builders[i], *count);
    *count = drop_faulty(table, *count);
    table->faults.count = 0;
    return convert_wanted(table, from, *count, true, error);
}

/* Counts the times of the last rows that the local clock shows twice. */
static void count_twice(struct sw_table *table, size_t count)
{
    for (size_t i = 0; i < table->settings.wanted_count; i++) {
        const struct sw_field_parser *parser = &table->csv->parsers[table->settings.wanted[i]];
        const struct sw_vector *vector = &table->builders[i].vector;
        if (parser->local_seen && parser->zone)
            table->twice +=
                sw_local_count_twice(parser->zone, vector->narrow + vector->rows - count, count);
    }
}

/* Counts the converted rows, and copies what the filter had converted. */
static bool finish_step(struct sw_table *table, size_t count, struct sw_error *error)
{
    for (size_t i = 0; i < table->settings.wanted_count; i++) {
        struct sw_builder *builder = &table->builders[i];
        int column = table->settings.wanted[i];
        if (!is_filtered(table, i))
            builder->vector.rows += count;
        else if (!sw_builder_gather(builder, sw_table_filter_vector(table, column), table->selected,
                                    count, error))
            return false;
    }
    count_twice(table, count);
    table->rows += count;
    return true;
}

/* Converts rows of the row batch, as many as the batch has room for. */
static bool convert_some(struct sw_table *table, struct sw_error *error)
{
    size_t from = table->row_batch_next, room = table->settings.batch_rows - table->rows;
    size_t rows = table->row_batch.rows - from < room ? table->row_batch.rows - from : room;
    size_t count = rows;
    bool some = table->settings.filter != NULL;
    table->faults.count = 0;
    table->row_batch_next += rows;
    if (some && !run_filter(table, from, rows, &count, error)) return false;
    if (!convert_wanted(table, from, count, some, error)) return false;
    if (table->faults.count && !convert_again(table, from, &count, some, error)) return false;
    return finish_step(table, count, error);
}

static bool has_much_text(const struct sw_table *table)
{
    size_t bytes = 0;
    for (size_t i = 0; i < table->settings.wanted_count; i++)
        bytes += table->builders[i].vector.text_bytes;
    return bytes >= TEXT_AT_MOST;
}

static void count_rows(struct sw_table *table)
{
    const struct sw_row_batch *row_batch = &table->row_batch;
    const struct sw_line_counts lines = {
        .all = row_batch->line_ends, .empty = row_batch->empty, .ignored = row_batch->ignored};
    table->rejected += row_batch->left_out;
    table->ended += row_batch->ended;
    sw_line_counts_add(&table->lines, &lines);
}

/* Goes on to the next row batch, when this one is used up and its broken row is told. */
static enum sw_step next_row_batch(struct sw_table *table, struct sw_error *error)
{
    if (table->row_batch.broken && !report_broken(table, error)) return SW_FAILED;
    if (table->row_batch_line) table->row_batch_line += table->row_batch.lines;
    table->row_batch_next = 0;
    enum sw_step step = sw_row_batch_next(&table->row_batch, &table->csv->source, error);
    count_rows(table);
    return step;
}

enum sw_step sw_table_next(struct sw_table *table, struct sw_error *error)
{
    enum sw_step step = SW_ROWS;
    table->rows = 0;
    for (size_t i = 0; i < table->settings.wanted_count; i++) sw_builder_reset(&table->builders[i]);
    while (step == SW_ROWS && table->rows < table->settings.batch_rows && !has_much_text(table)) {
        if (table->row_batch_next == table->row_batch.rows) step = next_row_batch(table, error);
        if (step == SW_ROWS && table->row_batch.rows && !convert_some(table, error))
            step = SW_FAILED;
    }
    if (step == SW_END && table->rows) return SW_ROWS; /* the end is found again by the next call */
    return step;
}

void sw_table_resume(struct sw_table *table)
{
    table->row_batch.rows = table->row_batch.lines = table->row_batch_next = 0;
    table->row_batch.limit = table->csv->limit;
    table->row_batch_line = table->csv->data_line;
}

uint64_t sw_table_line(const struct sw_table *table)
{
    return table->row_batch_line ? table->row_batch_line + table->row_batch.lines : 0;
}

const struct sw_vector *sw_table_filter_vector(const struct sw_table *table, int column)
{
    return &table->filter_builders[column].vector;
}

void sw_table_free(struct sw_table *table)
{
    for (size_t i = 0; table->builders && i < table->settings.wanted_count; i++)
        sw_builder_free(&table->builders[i]);
    for (size_t i = 0; table->filter_builders && i < table->csv->schema.column_count; i++)
        sw_builder_free(&table->filter_builders[i]);
    free(table->builders);
    free(table->filter_builders);
    free(table->vectors);
    free(table->faults.items);
    free(table->selected);
    free(table->cells);
    free(table->clock_cells);
    sw_column_join_free(&table->join);
    sw_row_batch_free(&table->row_batch);
}
