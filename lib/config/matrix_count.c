/* SPDX-License-Identifier: ISC
 * The jobs that files of orders hold (config/matrix.h): a pass over their securities and times.
 *
 *     rows ─▶ ids of security and date ─▶ ids of pairs ─▶ + 1 for each row that is selected
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "config/files.h"
#include "config/matrix.h"
#include "expr/value.h"
#include "input/any_table.h"
#include "distinct/dimension.h"
#include "distinct/pair_table.h"
#include "expr/selectors.h"

enum { SECURITY, DATE, DIMENSIONS };
enum { SELECTORS = 7 };

static const enum sw_key selector_keys[SELECTORS] = {
    SW_KEY_SECURITIES, SW_KEY_PARTICIPANTS, SW_KEY_DATES,     SW_KEY_HOURS,
    SW_KEY_TIMES,      SW_KEY_QUANTITIES,   SW_KEY_EXPRESSION};

struct counting {
    const struct sw_configuration *configuration;
    const char *share_directory;
    struct sw_csv_schemas csv_schemas;
    struct sw_buffer texts[SELECTORS], sizes;
    struct sw_selectors selectors;
    struct sw_bad_rows bad;
    struct sw_dimensions dimensions;
    struct sw_pairs pairs;
    uint64_t *counts; /* by pair */
    size_t count_capacity;
    size_t counted; /* pairs that counts has */
    uint32_t ids[SW_BLOCK_ROWS_MAXIMUM], selected[SW_BLOCK_ROWS_MAXIMUM];
};

/* An analysis selects orders by the rest, once they are made, a match sweeps. */
static bool applies(const struct sw_configuration *configuration, enum sw_key key)
{
    if (!sw_configuration_selects(configuration, key)) return false;
    return key == SW_KEY_SECURITIES || key == SW_KEY_PARTICIPANTS || key == SW_KEY_DATES ||
           !(sw_configuration_is(configuration, SW_KEY_STEPS, "analyse") ||
             sw_configuration_is(configuration, SW_KEY_STEPS, "match"));
}

static bool set_selectors(struct counting *counting, struct sw_error *error)
{
    struct sw_selectors *selectors = &counting->selectors;
    const char **places[SELECTORS] = {
        &selectors->securities, &selectors->participants, &selectors->dates,     &selectors->hours,
        &selectors->times,      &selectors->quantities,   &selectors->expression};
    for (size_t i = 0; i < SELECTORS; i++) {
        if (!applies(counting->configuration, selector_keys[i])) continue;
        if (!sw_configuration_join(counting->configuration, selector_keys[i], &counting->texts[i],
                                   error))
            return false;
        *places[i] = (const char *)counting->texts[i].bytes;
    }
    return sw_configuration_join(counting->configuration, SW_KEY_SIZES, &counting->sizes, error);
}

/* ---- rows ---- */

static bool count_pairs(struct counting *counting, size_t rows, size_t selected,
                        struct sw_error *error)
{
    const struct sw_dimension *security = &counting->dimensions.items[SECURITY];
    const struct sw_dimension *date = &counting->dimensions.items[DATE];
    if (!sw_pairs_find(&counting->pairs, security->ids, security->intern.count, date->ids,
                       date->intern.count, counting->ids, rows, error) ||
        !sw_grow(&counting->counts, &counting->count_capacity, counting->pairs.count,
                 sizeof *counting->counts, error))
        return false;
    while (counting->counted < counting->pairs.count) counting->counts[counting->counted++] = 0;
    for (size_t i = 0; i < selected; i++) counting->counts[counting->ids[counting->selected[i]]]++;
    return true;
}

static bool count_block(struct counting *counting, struct sw_view *view,
                        struct sw_expression *expression, size_t rows, struct sw_error *error)
{
    size_t selected;
    sw_view_begin(view, rows);
    if (!sw_expression_select(expression, view, counting->selected, &selected, error)) return false;
    if (selected == 0) return true;
    for (int i = 0; i < DIMENSIONS; i++) {
        struct sw_dimension *dimension = &counting->dimensions.items[i];
        const struct sw_vector *vector = sw_view_vector(view, dimension->handle, error);
        if (!vector || !sw_dimension_load(dimension, vector, rows, error)) return false;
    }
    return count_pairs(counting, rows, selected, error);
}

/* The first file says what the ids are of; the others must agree. */
static bool bind_dimension(struct sw_dimension *dimension, struct sw_view *view,
                           struct sw_error *error)
{
    if (!dimension->type) return sw_dimension_bind(dimension, view, SW_DATA, error);
    dimension->handle = sw_view_column(view, dimension->name, SW_DATA, error);
    if (dimension->handle < 0) return false;
    if (sw_view_type(view, dimension->handle) == dimension->type &&
        sw_view_scale(view, dimension->handle) == dimension->scale)
        return true;
    return sw_fail(error, SW_DATA, "%s: of another type than in the files before", dimension->name);
}

static bool bind(struct counting *counting, struct sw_view *view, struct sw_expression *expression,
                 struct sw_error *error)
{
    for (int i = 0; i < DIMENSIONS; i++)
        if (!bind_dimension(&counting->dimensions.items[i], view, error)) return false;
    return sw_selectors_compile(expression, view, &counting->selectors, counting->share_directory,
                                error);
}

static bool count_rows(struct counting *counting, struct sw_rows *rows, struct sw_view *view,
                       struct sw_expression *expression, struct sw_error *error)
{
    bool tolerant = *sw_configuration_text(counting->configuration, SW_KEY_BAD_ROWS) != 0;
    enum sw_step step;
    size_t count;
    if (!bind(counting, view, expression, error) ||
        !sw_rows_start(rows, view, tolerant ? &counting->bad : NULL, error))
        return false;
    while ((step = sw_rows_next(rows, &count, error)) == SW_ROWS)
        if (!count_block(counting, view, expression, count, error)) return false;
    return step == SW_END;
}

static bool count_file(struct counting *counting, const char *path, struct sw_error *error)
{
    struct sw_rows rows;
    struct sw_view view = {0};
    struct sw_expression expression = {0};
    const char *zone = sw_configuration_text(counting->configuration, SW_KEY_TZ);
    const struct sw_view_settings settings = {.definer = &sw_value_definer,
                                              .zone = strcmp(zone, "auto") == 0 ? NULL : zone,
                                              .sizes = (const char *)counting->sizes.bytes};
    if (!sw_rows_open(&rows, path, &counting->csv_schemas, error)) return false;
    bool good = sw_view_open(&view, sw_rows_supplier(&rows), &settings, error) &&
                count_rows(counting, &rows, &view, &expression, error);
    if (!good && strncmp(error->message, path, strlen(path)) != 0) (void)sw_fail_at(error, path);
    sw_expression_free(&expression);
    sw_view_free(&view);
    sw_rows_close(&rows);
    return good;
}

static bool count_files(struct counting *counting, struct sw_error *error)
{
    struct sw_files files = {0};
    bool good = sw_files_of(&files, counting->configuration, SW_KEY_ORDERS, error);
    for (size_t i = 0; good && i < files.count; i++)
        good = count_file(counting, files.items[i], error);
    sw_files_free(&files);
    return good;
}

/* ---- jobs ---- */

static bool add_job(struct sw_matrix *matrix, const struct counting *counting, size_t pair,
                    struct sw_error *error)
{
    const struct sw_dimension *security = &counting->dimensions.items[SECURITY];
    const struct sw_dimension *date = &counting->dimensions.items[DATE];
    uint32_t code = counting->pairs.first[pair], day = counting->pairs.second[pair];
    struct sw_matrix_job job = {.dated = day != SW_NULL_ID, .events = counting->counts[pair]};
    char digits[SW_NUMBER_LENGTH];
    if (job.dated) job.days = (int64_t)sw_intern_value(&date->intern, day);
    if (code == SW_NULL_ID) return sw_matrix_add(matrix, "", 0, &job, error);
    if (security->intern.text) {
        struct sw_text text = security->intern.texts[code];
        return sw_matrix_add(matrix, text.bytes, text.length, &job, error);
    }
    size_t length =
        sw_format_decimal(digits, sw_intern_value(&security->intern, code), security->scale);
    return sw_matrix_add(matrix, digits, length, &job, error);
}

static bool make_jobs(struct sw_matrix *matrix, const struct counting *counting,
                      struct sw_error *error)
{
    matrix->counted = true;
    for (size_t pair = 0; pair < counting->counted; pair++)
        if (counting->counts[pair] > 0 && !add_job(matrix, counting, pair, error)) return false;
    sw_matrix_sort(matrix);
    return true;
}

static bool start(struct counting *counting, struct sw_error *error)
{
    const char *choice = sw_configuration_text(counting->configuration, SW_KEY_SCHEMA);
    return set_selectors(counting, error) &&
           sw_csv_schemas_open(&counting->csv_schemas, counting->share_directory,
                               strcmp(choice, "auto") == 0 ? NULL : choice, NULL, error) &&
           sw_dimension_add(&counting->dimensions, "security_code", 13, error) == SECURITY &&
           sw_dimension_add(&counting->dimensions, "date", 4, error) == DATE &&
           sw_bad_open(&counting->bad, "/dev/null", error);
}

bool sw_matrix_count(struct sw_matrix *matrix, const struct sw_configuration *configuration,
                     const char *share_directory, struct sw_error *error)
{
    struct counting *counting = sw_alloc(1, sizeof *counting, error);
    if (!counting) return false;
    counting->configuration = configuration;
    counting->share_directory = share_directory;
    bool good = start(counting, error);
    if (good) {
        good = count_files(counting, error) && make_jobs(matrix, counting, error);
        sw_bad_abandon(&counting->bad);
    }
    for (size_t i = 0; i < SELECTORS; i++) sw_buffer_free(&counting->texts[i]);
    sw_buffer_free(&counting->sizes);
    sw_dimensions_free(&counting->dimensions);
    sw_pairs_free(&counting->pairs);
    sw_csv_schemas_free(&counting->csv_schemas);
    free(counting->counts);
    free(counting);
    return good;
}
