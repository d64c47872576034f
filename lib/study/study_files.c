/* SPDX-License-Identifier: ISC */
#include "study/study_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "files/folders.h"
#include "program/tally.h"
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
        if (file->begun) return sw_exporter_again(&file->exporter, error);
        file->begun = true;
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
    if (sw_output_named_gzip(files->format.suffix) &&
        !sw_output_compress_again(&file->output, &file->gzip, error))
        return false;
    if (file->begun) return sw_printer_again(&file->printer, error);
    file->begun = sw_printer_open(&file->printer, &file->output, schema, &as_csv, error);
    return file->begun;
}

static void free_writer(struct sw_study_file *file)
{
    sw_writer_free(&file->writer);
    file->writer = (struct sw_writer){0};
}

/* What all files of a table are written by. */
static void end_table(struct sw_study_file *file)
{
    if (file->begun) sw_printer_free(&file->printer);
    sw_exporter_free(&file->exporter);
    file->printer = (struct sw_printer){0};
    file->exporter = (struct sw_exporter){0};
    file->begun = false;
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
    free_writer(file);
    file->open = false;
    return sw_output_end(&file->output, good, error);
}

void sw_study_files_free(struct sw_study_files *files)
{
    free_writer(&files->file);
    end_table(&files->file);
    if (files->file.open) sw_output_abandon(&files->file.output);
    sw_gzip_free(files->file.gzip);
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

static bool choose_columns(struct sw_study_table *table, const struct sw_schema *rows,
                           const char *columns, size_t hidden, struct sw_error *error)
{
    table->vectors = sw_alloc(rows->column_count, sizeof *table->vectors, error);
    if (!table->vectors) return false;
    if (columns) {
        if (!sw_schema_pick(rows, columns, &table->columns, &table->column_count, error))
            return false;
    } else {
        table->column_count = rows->column_count - hidden;
        table->columns = sw_alloc(table->column_count, sizeof *table->columns, error);
        if (!table->columns) return false;
        for (size_t i = 0; i < table->column_count; i++) table->columns[i] = (int)i;
    }
    return sw_schema_copy(&table->schema, rows, table->columns, table->column_count, error);
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

static bool open_whole(struct sw_study_table *table, struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    struct sw_buffer name = {0};
    bool good = sw_buffer_format(&name, error, "%s%s", table->name, files->format.suffix) &&
                sw_buffer_add(&name, "", 1, error) &&
                sw_study_files_open(files, (const char *)name.bytes, &files->file.output, error);
    sw_buffer_free(&name);
    if (!good) return false;
    files->file.open = true;
    return begin_file(files, &files->file, &table->schema, error);
}

static bool put_block(struct sw_study_table *table, const struct sw_vector *const *vectors,
                      size_t count, struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    for (size_t i = 0; i < table->column_count; i++) table->vectors[i] = vectors[table->columns[i]];
    table->written += count;
    if (files->format.kind == SW_STUDY_TYPED)
        return sw_exporter_rows(&files->file.exporter, table->vectors, 0, count, error);
    return put_rows(files, table->vectors, NULL, count, error);
}

/* ---- a file a security and date ---- */

/* Files without rows for the folders before this one; NULL: for all that are left. */
static bool pass_dates(struct sw_study_table *table, const char *path, struct sw_error *error)
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

/* The file of a piece's security and date. */
static bool turn_to(struct sw_study_table *table, const struct sw_dated_piece *piece,
                    struct sw_error *error)
{
    struct sw_study_files *files = table->files;
    if (!close_file(files, error)) return false;
    char *path = date_of(files, piece->vectors[table->dated.security],
                         piece->vectors[table->dated.date], piece->from, error);
    if (!path) return false;
    if (table->first) {
        if (!make_date(files, path, error)) return false;
    } else {
        bool good = pass_dates(table, path, error);
        free(path);
        if (!good) return false;
    }
    return open_file(files, files->dates[table->next_date++], table->name, &table->schema, error);
}

static bool take_piece(void *owner, const struct sw_dated_piece *piece, struct sw_error *error)
{
    struct sw_study_table *table = owner;
    struct sw_study_files *files = table->files;
    struct sw_exporter *exporter = &files->file.exporter;
    const size_t count = piece->end - piece->from;
    if (piece->begins && !turn_to(table, piece, error)) return false;
    table->written += count;
    if (files->format.kind != SW_STUDY_TYPED)
        return put_rows(files, piece->vectors, table->dated.numbers + piece->from, count, error);
    return piece->whole
               ? sw_exporter_last_rows(exporter, piece->vectors, count, error)
               : sw_exporter_rows(exporter, piece->vectors, piece->from, piece->end, error);
}

static bool open_dated(struct sw_study_table *table, const struct sw_schema *rows,
                       struct sw_error *error)
{
    const struct sw_dated_settings how = {.columns = table->columns,
                                          .column_count = table->column_count,
                                          .memory_bytes = table->files->memory_bytes,
                                          .folder = table->files->scratch_folder,
                                          .take = take_piece,
                                          .owner = table};
    return sw_dated_rows_open(&table->dated, rows, &how, error);
}

/* ---- rows ---- */

bool sw_study_table_open(struct sw_study_table *table, struct sw_study_files *files,
                         const char *name, const struct sw_schema *rows, const char *columns,
                         size_t hidden, struct sw_error *error)
{
    *table = (struct sw_study_table){.files = files, .name = name, .first = files->date_count == 0};
    return choose_columns(table, rows, columns, hidden, error) &&
           (files->tables ? open_whole(table, error) : open_dated(table, rows, error));
}

bool sw_study_table_rows(struct sw_study_table *table, const struct sw_vector *const *vectors,
                         size_t count, struct sw_error *error)
{
    table->given += count;
    return table->files->tables ? put_block(table, vectors, count, error)
                                : sw_dated_rows_add(&table->dated, vectors, count, error);
}

static bool take_rows(void *owner, const struct sw_vector *const *vectors, size_t rows,
                      struct sw_error *error)
{
    return sw_study_table_rows(owner, vectors, rows, error);
}

struct sw_block_taker sw_study_table_taker(struct sw_study_table *table)
{
    return (struct sw_block_taker){take_rows, table};
}

bool sw_study_table_close(struct sw_study_table *table, struct sw_error *error)
{
    const bool tables = table->files->tables;
    if (!tables && !sw_dated_rows_finish(&table->dated, error)) return false;
    const struct sw_tally tally = {.read = table->given, .kept = table->written};
    return close_file(table->files, error) && (tables || pass_dates(table, NULL, error)) &&
           sw_tally_check(&tally, table->name, error);
}

void sw_study_table_free(struct sw_study_table *table)
{
    if (table->files) end_table(&table->files->file);
    sw_dated_rows_free(&table->dated);
    sw_schema_free(&table->schema);
    free(table->columns);
    free(table->vectors);
    *table = (struct sw_study_table){0};
}

/* Of the columns that files have, security and date. */
static bool put_from(struct sw_study_table *table, struct sw_reader *rows,
                     const struct sw_vector **vectors, struct sw_error *error)
{
    const struct sw_dated_rows *dated = &table->dated;
    const int *columns = table->files->tables ? table->columns : dated->columns;
    const size_t count = table->files->tables ? table->column_count : dated->schema.column_count;
    enum sw_step step;
    while ((step = sw_reader_next(rows, error)) == SW_ROWS) {
        for (size_t i = 0; i < count; i++) {
            vectors[columns[i]] = sw_reader_vector(rows, columns[i], error);
            if (!vectors[columns[i]]) return false;
        }
        if (!sw_study_table_rows(table, vectors, rows->rows, error)) return false;
    }
    return step == SW_END;
}

bool sw_study_files_table(struct sw_study_files *files, const char *name, struct sw_reader *rows,
                          const char *columns, size_t hidden, struct sw_error *error)
{
    struct sw_study_table table = {0};
    const struct sw_vector **vectors = sw_alloc(rows->schema.column_count, sizeof *vectors, error);
    bool good = vectors &&
                sw_study_table_open(&table, files, name, &rows->schema, columns, hidden, error) &&
                put_from(&table, rows, vectors, error);
    table.given = rows->total_rows; /* by the stream's own count */
    good = good && sw_study_table_close(&table, error);
    sw_study_table_free(&table);
    free(vectors);
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
