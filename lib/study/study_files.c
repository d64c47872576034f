/* SPDX-License-Identifier: ISC */
#include "study/study_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "files/folders.h"
#include "program/tally.h"
#include "sort/sorter.h"
#include "split/template.h"

bool sw_study_format_parse(const char *name, struct sw_study_format *format, struct sw_error *error)
{
    static const struct {
        const char *name;
        struct sw_study_format format;
    } formats[] = {
        {"csv.gz", {SW_STUDY_TEXT, 0, ".csv.gz"}},
        {"csv", {SW_STUDY_TEXT, 0, ".csv"}},
        {"parquet", {SW_STUDY_TYPED, SW_EXPORT_PARQUET, ".parquet"}},
        {"arrow", {SW_STUDY_TYPED, SW_EXPORT_ARROW, ".arrow"}},
        {"swr", {SW_STUDY_RECORDS, 0, ".swr"}},
        {"none", {SW_STUDY_NOTHING, 0, ""}},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!name || strcmp(name, formats[i].name) == 0) {
            *format = formats[i].format;
            return true;
        }
    return sw_fail(error, SW_USAGE, "--format: not csv.gz, csv, parquet, arrow, swr or none: '%s'",
                   name);
}

/* ---- one file ---- */

static bool begin_file(const struct sw_study_files *files, struct sw_study_file *file,
                       const struct sw_schema *schema, struct sw_error *error)
{
    static const struct sw_print_options as_csv = {.format = SW_PRINT_CSV};
    switch (files->format.kind) {
    case SW_STUDY_TYPED:
        if (file->exporting) return sw_exporter_again(&file->exporter, error);
        file->exporting = true;
        return sw_exporter_open(&file->exporter, files->format.typed, &file->output, schema, NULL,
                                error);
    case SW_STUDY_RECORDS:
        if (!sw_writer_prepare(&file->writer, &file->output, schema, 0, error)) return false;
        file->writer.index = files->tables;
        return sw_writer_begin(&file->writer, error);
    case SW_STUDY_TEXT:
    case SW_STUDY_NOTHING:
        break;
    }
    return (!sw_output_named_gzip(files->format.suffix) ||
            sw_output_compress(&file->output, error)) &&
           sw_printer_open(&file->printer, &file->output, schema, &as_csv, error);
}

static void free_writers(struct sw_study_file *file)
{
    sw_printer_free(&file->printer);
    sw_writer_free(&file->writer);
    file->printer = (struct sw_printer){0};
    file->writer = (struct sw_writer){0};
}

static void free_exporter(struct sw_study_file *file)
{
    sw_exporter_free(&file->exporter);
    file->exporter = (struct sw_exporter){0};
    file->exporting = false;
}

/* Opens DATE/NAME.*, which no other run writes: it is written where it stays. */
static bool open_file(struct sw_study_files *files, const char *date, const char *name,
                      const struct sw_schema *schema, struct sw_error *error)
{
    struct sw_study_file *file = &files->file;
    struct sw_buffer path = {0};
    if (!sw_buffer_format(&path, error, "%s/%s%s", date, name, files->format.suffix) ||
        !sw_buffer_add(&path, "", 1, error)) {
        sw_buffer_free(&path);
        return false;
    }
    free(file->path);
    file->path = (char *)path.bytes;
    if (!sw_output_append(&file->output, file->path, error)) return false;
    file->open = true;
    return begin_file(files, file, schema, error);
}

static bool put_rows(struct sw_study_files *files, const struct sw_vector *const *vectors,
                     const uint32_t *rows, size_t count, struct sw_error *error)
{
    struct sw_study_file *file = &files->file;
    if (files->format.kind == SW_STUDY_RECORDS)
        return sw_writer_gather(&file->writer, vectors, rows, count, error);
    return sw_printer_rows(&file->printer, vectors, rows, count, error);
}

static bool close_file(struct sw_study_files *files, struct sw_error *error)
{
    struct sw_study_file *file = &files->file;
    bool good = true;
    if (!file->open) return true;
    switch (files->format.kind) {
    case SW_STUDY_TYPED:
        good = sw_exporter_close(&file->exporter, error);
        break;
    case SW_STUDY_RECORDS:
        good = sw_writer_close(&file->writer, error);
        break;
    case SW_STUDY_TEXT:
        good = sw_printer_end(&file->printer, error);
        break;
    case SW_STUDY_NOTHING:
        break;
    }
    free_writers(file);
    file->open = false;
    return sw_output_end(&file->output, good, error);
}

void sw_study_files_free(struct sw_study_files *files)
{
    free_writers(&files->file);
    free_exporter(&files->file);
    if (files->file.open) sw_output_abandon(&files->file.output);
    free(files->file.path);
    for (size_t i = 0; i < files->date_count; i++) free(files->dates[i]);
    free(files->dates);
    *files = (struct sw_study_files){0};
}

/* ---- folders ---- */

/* FOLDER/by_security/SEC_X/DATE of a row. */
static char *date_of(const struct sw_study_files *files, const struct sw_vector *security,
                     const struct sw_vector *date, size_t row, struct sw_error *error)
{
    struct sw_buffer path = {0};
    struct sw_buffer part = {0};
    bool good = sw_template_part(security, row, "security_code", &part, error) &&
                sw_buffer_format(&path, error, "%s/by_security/SEC_%.*s/", files->folder,
                                 (int)part.length, (const char *)part.bytes) &&
                sw_template_part(date, row, "date", &path, error) &&
                sw_buffer_add(&path, "", 1, error);
    sw_buffer_free(&part);
    if (good) return (char *)path.bytes;
    sw_buffer_free(&path);
    return NULL;
}

static bool make_date(struct sw_study_files *files, char *path, struct sw_error *error)
{
    if (!sw_grow(&files->dates, &files->date_capacity, files->date_count + 1, sizeof *files->dates,
                 error)) {
        free(path);
        return false;
    }
    files->dates[files->date_count++] = path;
    return mkdir(path, 0777) == 0 || sw_make_folders(path, error);
}

/* ---- a table ---- */

/* A table on its way into files. */
struct table {
    struct sw_study_files *files;
    const char *name;
    bool first; /* it makes the folders */
    struct sw_reader *rows;
    int security, date;      /* columns of the rows */
    struct sw_schema schema; /* of the files */
    int *columns;            /* of the rows, one per column of the files */
    size_t column_count;
    const struct sw_vector **vectors; /* scratch, of the columns of the rows */
    struct sw_sorter sorter;
    size_t next_date;          /* the folders before it have their file */
    struct sw_builder last[2]; /* security and date of the open file */
    uint32_t *numbers;         /* 0, 1, 2, … */
    uint64_t written;
};

static bool choose_columns(struct table *table, const char *columns, size_t hidden,
                           struct sw_error *error)
{
    const struct sw_schema *from = &table->rows->schema;
    table->vectors = sw_alloc(from->column_count, sizeof *table->vectors, error);
    table->numbers = sw_alloc(SW_BLOCK_ROWS_MAXIMUM, sizeof *table->numbers, error);
    if (!table->vectors || !table->numbers) return false;
    for (uint32_t i = 0; i < SW_BLOCK_ROWS_MAXIMUM; i++) table->numbers[i] = i;
    if (columns) {
        if (!sw_schema_pick(from, columns, &table->columns, &table->column_count, error))
            return false;
    } else {
        table->column_count = from->column_count - hidden;
        table->columns = sw_alloc(table->column_count, sizeof *table->columns, error);
        if (!table->columns) return false;
        for (size_t i = 0; i < table->column_count; i++) table->columns[i] = (int)i;
    }
    return sw_schema_copy(&table->schema, from, table->columns, table->column_count, error);
}

/* ---- a table as one file ---- */

bool sw_study_files_open(const struct sw_study_files *files, const char *name,
                         struct sw_output *output, struct sw_error *error)
{
    struct sw_buffer path = {0};
    bool good = sw_buffer_format(&path, error, "%s/tables", files->folder) &&
                sw_buffer_add(&path, "", 1, error) &&
                sw_make_folders((const char *)path.bytes, error);
    if (good) path.length--;
    good = good && sw_buffer_format(&path, error, "/%s", name) &&
           sw_buffer_add(&path, "", 1, error) &&
           sw_output_append(output, (const char *)path.bytes, error);
    sw_buffer_free(&path);
    return good;
}

static bool put_block(struct table *table, struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    struct sw_reader *rows = table->rows;
    for (size_t i = 0; i < table->column_count; i++) {
        table->vectors[i] = sw_reader_vector(rows, table->columns[i], error);
        if (!table->vectors[i]) return false;
    }
    table->written += rows->rows;
    if (files->format.kind == SW_STUDY_TYPED)
        return sw_exporter_rows(&files->file.exporter, table->vectors, 0, rows->rows, error);
    return put_rows(files, table->vectors, NULL, rows->rows, error);
}

static bool write_whole(struct table *table, struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    struct sw_buffer name = {0};
    enum sw_step step = SW_FAILED;
    bool good = sw_buffer_format(&name, error, "%s%s", table->name, files->format.suffix) &&
                sw_buffer_add(&name, "", 1, error) &&
                sw_study_files_open(files, (const char *)name.bytes, &files->file.output, error);
    sw_buffer_free(&name);
    if (!good) return false;
    files->file.open = true;
    good = begin_file(files, &files->file, &table->schema, error);
    while (good && (step = sw_reader_next(table->rows, error)) == SW_ROWS)
        good = put_block(table, error);
    const struct sw_tally tally = {.read = table->rows->total_rows, .kept = table->written};
    return good && step == SW_END && close_file(files, error) &&
           sw_tally_check(&tally, table->name, error);
}

/* ---- a file a security and date ---- */

static bool open_table(struct table *table, struct sw_error *error)
{
    const struct sw_schema *from = &table->rows->schema;
    table->security = sw_schema_find(from, "security_code");
    table->date = sw_schema_find(from, "date");
    if (table->security < 0 || table->date < 0)
        return sw_fail(error, SW_DATA, "%s: no security_code or no date", table->name);
    const struct sw_sort_key keys[] = {{.column = table->security}, {.column = table->date}};
    const struct sw_sort_settings settings = {.keys = keys,
                                              .key_count = 2,
                                              .memory_bytes = table->files->memory_bytes,
                                              .folder = table->files->scratch_folder};
    for (int i = 0; i < 2; i++) {
        const struct sw_column *column = &from->columns[keys[i].column];
        if (!sw_builder_init(&table->last[i], column->type, column->scale, 1, error)) return false;
    }
    return sw_sorter_open(&table->sorter, from, &settings, error);
}

static void free_table(struct table *table)
{
    free_exporter(&table->files->file);
    sw_sorter_free(&table->sorter);
    sw_schema_free(&table->schema);
    sw_builder_free(&table->last[0]);
    sw_builder_free(&table->last[1]);
    free(table->columns);
    free(table->vectors);
    free(table->numbers);
}

static bool sort_rows(struct table *table, struct sw_error *error)
{
    struct sw_reader *rows = table->rows;
    enum sw_step step;
    while ((step = sw_reader_next(rows, error)) == SW_ROWS) {
        for (size_t i = 0; i < rows->schema.column_count; i++) {
            table->vectors[i] = sw_reader_vector(rows, (int)i, error);
            if (!table->vectors[i]) return false;
        }
        if (!sw_sorter_add(&table->sorter, table->vectors, NULL, rows->rows, error)) return false;
    }
    return step == SW_END && sw_sorter_finish(&table->sorter, error);
}

/* Files without rows for the folders before this one; NULL: for all that are left. */
static bool pass_dates(struct table *table, const char *path, struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    for (; table->next_date < files->date_count; table->next_date++) {
        const char *date = files->dates[table->next_date];
        if (path && strcmp(date, path) == 0) break;
        if (!open_file(files, date, table->name, &table->schema, error) ||
            !close_file(files, error))
            return false;
    }
    return !path || table->next_date < files->date_count ||
           sw_fail(error, SW_SYSTEM, "%s: rows of no classified order: '%s'", table->name, path);
}

/* The file of a row of the sorted block. */
static bool turn_to(struct table *table, size_t row, struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    const struct sw_vector *security = table->sorter.vectors[table->security],
                           *date = table->sorter.vectors[table->date];
    const uint32_t rows[1] = {(uint32_t)row};
    if (!close_file(files, error)) return false;
    char *path = date_of(files, security, date, row, error);
    if (!path) return false;
    if (table->first) {
        if (!make_date(files, path, error)) return false;
    } else {
        bool good = pass_dates(table, path, error);
        free(path);
        if (!good) return false;
    }
    sw_builder_reset(&table->last[0]);
    sw_builder_reset(&table->last[1]);
    return sw_builder_gather(&table->last[0], security, rows, 1, error) &&
           sw_builder_gather(&table->last[1], date, rows, 1, error) &&
           open_file(files, files->dates[table->next_date++], table->name, &table->schema, error);
}

static bool is_of_open_file(const struct table *table, size_t row)
{
    return table->files->file.open &&
           sw_value_compare(table->sorter.vectors[table->date], row, &table->last[1].vector, 0) ==
               0 &&
           sw_value_compare(table->sorter.vectors[table->security], row, &table->last[0].vector,
                            0) == 0;
}

static bool write_block(struct table *table, struct sw_error *error)
{
    const struct sw_sorter *sorter = &table->sorter;
    for (size_t i = 0; i < table->column_count; i++)
        table->vectors[i] = sorter->vectors[table->columns[i]];
    for (size_t row = 0, from; row < sorter->rows;) {
        if (!is_of_open_file(table, row) && !turn_to(table, row, error)) return false;
        for (from = row++; row < sorter->rows && is_of_open_file(table, row);) row++;
        table->written += row - from;
        if (!(table->files->format.kind == SW_STUDY_TYPED
                  ? sw_exporter_rows(&table->files->file.exporter, table->vectors, from, row, error)
                  : put_rows(table->files, table->vectors, table->numbers + from, row - from,
                             error)))
            return false;
    }
    return true;
}

static bool write_table(struct table *table, struct sw_error *error)
{
    enum sw_step step;
    if (!sort_rows(table, error)) return false;
    while ((step = sw_sorter_next(&table->sorter, error)) == SW_ROWS)
        if (!write_block(table, error)) return false;
    const struct sw_tally tally = {.read = table->rows->total_rows, .kept = table->written};
    return step == SW_END && close_file(table->files, error) && pass_dates(table, NULL, error) &&
           sw_tally_check(&tally, table->name, error);
}

bool sw_study_files_table(struct sw_study_files *files, const char *name, struct sw_reader *rows,
                          const char *columns, size_t hidden, struct sw_error *error)
{
    struct table table = {
        .files = files, .name = name, .rows = rows, .first = files->date_count == 0};
    bool good = choose_columns(&table, columns, hidden, error) &&
                (files->tables ? write_whole(&table, error)
                               : open_table(&table, error) && write_table(&table, error));
    free_table(&table);
    return good;
}

/* ---- metrics ---- */

/* Writes a header and some lines. */
static bool write_lines(const char *date, const char *header, size_t header_length,
                        const char *lines, size_t length, struct sw_error *error)
{
    struct sw_output output;
    struct sw_buffer path = {0};
    bool good = sw_buffer_format(&path, error, "%s/metrics.csv", date) &&
                sw_buffer_add(&path, "", 1, error) &&
                sw_output_append(&output, (const char *)path.bytes, error);
    if (good)
        good = sw_output_end(&output,
                             sw_output_write(&output, header, header_length, error) &&
                                 sw_output_write(&output, lines, length, error),
                             error);
    sw_buffer_free(&path);
    return good;
}

/* Where a line that begins here ends. */
static size_t end_of_line(const char *text, size_t at, size_t length)
{
    const char *end = at < length ? memchr(text + at, '\n', length - at) : NULL;
    return end ? (size_t)(end - text) + 1 : length;
}

bool sw_study_files_metrics(struct sw_study_files *files, const char *text, size_t length,
                            size_t lines, struct sw_error *error)
{
    const size_t header = end_of_line(text, 0, length);
    size_t at = header;
    for (size_t i = 0; i < files->date_count; i++) {
        size_t from = at;
        for (size_t k = 0; k < lines; k++) at = end_of_line(text, at, length);
        if (at == from) return sw_fail(error, SW_SYSTEM, "metrics: missing of a date");
        if (!write_lines(files->dates[i], text, header, text + from, at - from, error))
            return false;
    }
    return at == length || sw_fail(error, SW_SYSTEM, "metrics: of more dates than there are");
}
