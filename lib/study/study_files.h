/* SPDX-License-Identifier: ISC
 *
 * The files of a study that people read: a folder for each security and local date with classified orders,
 *
 *     FOLDER/by_security/SEC_X/DATE/{classified,simulation,orders}.csv.gz, metrics.csv
 *
 * in this order, each table put in order by security and date in bounded memory (study/dated_rows.h) and written one file after another. Values become names
 * as in split/template.h. Where a date has no rows of a later table, its file has none either, but its header. Or a file for each table,
 *
 *     FOLDER/tables/{classified,simulation,orders}.csv.gz, metrics.csv
 *
 * with the rows as they come, by security and order. Records have an index then, by whose bounds a security is found.
 */
#ifndef SW_STUDY_STUDY_FILES_H
#define SW_STUDY_STUDY_FILES_H

#include "files/scratch.h"
#include "output/export.h"
#include "output/text_writer.h"
#include "stream/reader.h"
#include "stream/writer.h"
#include "study/dated_rows.h"

/* What the files of tables are. */
struct sw_study_format {
    enum { SW_STUDY_TEXT, SW_STUDY_TYPED, SW_STUDY_RECORDS, SW_STUDY_NOTHING } kind;
    enum sw_export_format typed;
    const char *suffix; /* ".csv.gz" and the like; static */
};

/* "csv.gz" (NULL: too), "csv", "parquet", "arrow", "swr", or "none": no files at all. SW_USAGE for anything else. */
bool sw_study_format_parse(const char *name, struct sw_study_format *format,
                           struct sw_error *error) SW_CHECKED;

/* The file that is being written. */
struct sw_study_file {
    bool open;
    char *path;
    struct sw_output output;
    struct sw_gzip *gzip; /* of the files before it */
    /* Of all files of a table, one after the other. */
    struct sw_printer printer;
    struct sw_exporter exporter;
    bool begun; /* the one of them that is needed has been opened */
    struct sw_writer writer;
};

struct sw_study_files {
    const char *folder; /* not owned, as the next one */
    const char *scratch_folder;
    struct sw_study_format format;
    bool tables;           /* a file for each table */
    uint64_t memory_bytes; /* of a sort */
    char **dates;          /* the folders of securities and dates, in order, by the first table */
    size_t date_count, date_capacity;
    struct sw_study_file file;
};

/* Writes the rows of a stream, NAME.* for each security and date, or for all; columns are those that go into the files, "COL,…", NULL for all but
 * the last `hidden` ones. The first table makes the folders; a row of a later one without a folder is SW_SYSTEM. SW_USAGE as
 * sw_schema_pick; SW_DATA for a value that is no name, or has no place in the format. */
bool sw_study_files_table(struct sw_study_files *files, const char *name, struct sw_reader *rows,
                          const char *columns, size_t hidden, struct sw_error *error) SW_CHECKED;

/* The same for rows as they are made:
 *
 *     good = sw_study_table_open(&table, &files, "orders", &schema, NULL, 0, error);
 *     for every block: good = good && sw_study_table_rows(&table, vectors, count, error);
 *     good = good && sw_study_table_close(&table, error);
 *     sw_study_table_free(&table);
 */
struct sw_study_table {
    struct sw_study_files *files;
    const char *name;
    bool first;              /* it makes the folders */
    struct sw_schema schema; /* of the files */
    int *columns;            /* of the rows, one per column of the files */
    size_t column_count;
    const struct sw_vector **vectors; /* scratch, of the columns of the rows */
    struct sw_dated_rows dated;
    size_t next_date; /* the folders before it have their file */
    uint64_t given, written;
};

/* The files and the schema stay while the table is used, one table at a time. To be freed in any case. */
bool sw_study_table_open(struct sw_study_table *table, struct sw_study_files *files,
                         const char *name, const struct sw_schema *rows, const char *columns,
                         size_t hidden, struct sw_error *error) SW_CHECKED;

/* Takes the first `count` rows of vectors, one per column of the rows, by security. */
bool sw_study_table_rows(struct sw_study_table *table, const struct sw_vector *const *vectors,
                         size_t count, struct sw_error *error) SW_CHECKED;

/* Has a writer hand its blocks over to the table, which stays where it is meanwhile. */
struct sw_block_taker sw_study_table_taker(struct sw_study_table *table);

/* No more rows are coming. */
bool sw_study_table_close(struct sw_study_table *table, struct sw_error *error) SW_CHECKED;
void sw_study_table_free(struct sw_study_table *table);

/* Opens the output for a file of all securities and dates, FOLDER/tables/NAME. SW_SYSTEM on failure. */
bool sw_study_files_open(const struct sw_study_files *files, const char *name,
                         struct sw_output *output, struct sw_error *error) SW_CHECKED;

/* Writes metrics.csv for each folder: of a text its header line and then `lines` lines a folder, in their order. */
bool sw_study_files_metrics(struct sw_study_files *files, const char *text, size_t length,
                            size_t lines, struct sw_error *error) SW_CHECKED;

void sw_study_files_free(struct sw_study_files *files);

#endif
