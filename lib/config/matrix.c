/* SPDX-License-Identifier: ISC */
#include "config/matrix.h"

#include <inttypes.h>
#include <string.h>

#include "base/civil.h"
#include "base/json.h"
#include "base/memory.h"
#include "output/quote_text.h"
#include "expr/value_list.h"

enum { JOBS_MAXIMUM = 100000000 };

bool sw_matrix_add(struct sw_matrix *matrix, const char *security, size_t length,
                   const struct sw_matrix_job *job, struct sw_error *error)
{
    if (matrix->count == JOBS_MAXIMUM)
        return sw_fail(error, SW_SYSTEM, "more than %d jobs", JOBS_MAXIMUM);
    if (!sw_grow(&matrix->jobs, &matrix->capacity, matrix->count + 1, sizeof *matrix->jobs, error))
        return false;
    char *copy = sw_copy_text(security, length, error);
    if (!copy) return false;
    matrix->jobs[matrix->count] = *job;
    matrix->jobs[matrix->count++].security = copy;
    return true;
}

void sw_matrix_free(struct sw_matrix *matrix)
{
    for (size_t i = 0; i < matrix->count; i++) free(matrix->jobs[i].security);
    free(matrix->jobs);
    *matrix = (struct sw_matrix){0};
}

/* ---- order ---- */

static bool is_number(const char *text)
{
    return *text && (*text != '0' || !text[1]) && !text[strspn(text, "0123456789")];
}

/* Whole numbers without zeros in front: the longer is the larger. */
static int compare_securities(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    if (is_number(a) && is_number(b) && a_length != b_length) return a_length < b_length ? -1 : 1;
    return strcmp(a, b);
}

static int compare_jobs(const void *left, const void *right)
{
    const struct sw_matrix_job *a = left, *b = right;
    int order = compare_securities(a->security, b->security);
    if (order) return order;
    if (a->dated != b->dated) return a->dated - b->dated;
    return (a->days > b->days) - (a->days < b->days);
}

/* In order, each pair once. */
void sw_matrix_sort(struct sw_matrix *matrix)
{
    size_t kept = 0;
    if (matrix->count > 1) qsort(matrix->jobs, matrix->count, sizeof *matrix->jobs, compare_jobs);
    for (size_t i = 0; i < matrix->count; i++) {
        if (kept > 0 && compare_jobs(&matrix->jobs[kept - 1], &matrix->jobs[i]) == 0)
            free(matrix->jobs[i].security);
        else
            matrix->jobs[kept++] = matrix->jobs[i];
    }
    matrix->count = kept;
}

/* ---- from the configuration alone ---- */

/* Reads the words of a selector, those of its @FILEs among them. */
static bool words_of(const struct sw_configuration *configuration, enum sw_key key,
                     struct sw_word_list *words, struct sw_error *error)
{
    const struct sw_setting *setting = &configuration->settings[key];
    if (!sw_configuration_selects(configuration, key))
        return sw_fail(error, SW_USAGE,
                       "%s: all of them: which ones there are, only files of orders can tell",
                       sw_keys[key].name);
    for (size_t i = 0; i < setting->count; i++)
        if (!sw_words_of_option(words, sw_keys[key].name, setting->values[i], error)) return false;
    return true;
}

static bool span_of(const char *word, size_t length, int64_t *first, int64_t *last,
                    struct sw_error *error)
{
    const char *dots = memmem(word, length, "..", 2);
    size_t low_length = dots ? (size_t)(dots - word) : length;
    const char *high = dots ? dots + 2 : word;
    if (sw_parse_date(word, low_length, first) &&
        sw_parse_date(high, dots ? length - low_length - 2 : length, last))
        return true;
    return sw_fail(error, SW_USAGE, "dates: a range without one of its ends: '%.*s'", (int)length,
                   word);
}

static bool add_dates(struct sw_matrix *matrix, const char *security, size_t length,
                      const struct sw_word_list *dates, struct sw_error *error)
{
    for (size_t i = 0; i < dates->count; i++) {
        struct sw_matrix_job job = {.dated = true};
        int64_t last;
        if (!span_of(sw_word_bytes(dates, i), dates->items[i].length, &job.days, &last, error))
            return false;
        for (; job.days <= last; job.days++)
            if (!sw_matrix_add(matrix, security, length, &job, error)) return false;
    }
    return true;
}

bool sw_matrix_list(struct sw_matrix *matrix, const struct sw_configuration *configuration,
                    struct sw_error *error)
{
    struct sw_word_list securities = {0}, dates = {0};
    bool good = words_of(configuration, SW_KEY_SECURITIES, &securities, error) &&
                words_of(configuration, SW_KEY_DATES, &dates, error);
    for (size_t i = 0; good && i < securities.count; i++)
        good = add_dates(matrix, sw_word_bytes(&securities, i), securities.items[i].length, &dates,
                         error);
    sw_words_free(&securities);
    sw_words_free(&dates);
    sw_matrix_sort(matrix);
    return good;
}

/* ---- printing ---- */

static bool date_of(const struct sw_matrix_job *job, struct sw_buffer *out, struct sw_error *error)
{
    char date[SW_CIVIL_LENGTH];
    return !job->dated || sw_buffer_add(out, date, sw_format_date(date, job->days), error);
}

static bool print_csv(const struct sw_matrix *matrix, struct sw_buffer *out, struct sw_error *error)
{
    if (!sw_buffer_text(out, "security_code,date,events\n", error)) return false;
    for (size_t i = 0; i < matrix->count; i++) {
        const struct sw_matrix_job *job = &matrix->jobs[i];
        if (!sw_render_csv(out, job->security, strlen(job->security), error) ||
            !sw_buffer_text(out, ",", error) || !date_of(job, out, error) ||
            !sw_buffer_text(out, ",", error) ||
            (matrix->counted && !sw_buffer_format(out, error, "%" PRIu64, job->events)) ||
            !sw_buffer_text(out, "\n", error))
            return false;
    }
    return true;
}

static bool print_json(const struct sw_matrix *matrix, struct sw_buffer *out,
                       struct sw_error *error)
{
    for (size_t i = 0; i < matrix->count; i++) {
        const struct sw_matrix_job *job = &matrix->jobs[i];
        if (!sw_buffer_text(out,
                            i ? ",\n  {\"security_code\": " : "[\n  {\"security_code\": ", error) ||
            !sw_json_text(out, job->security, strlen(job->security), error) ||
            !sw_buffer_text(out, ", \"date\": \"", error) || !date_of(job, out, error) ||
            !sw_buffer_text(out, "\"", error) ||
            (matrix->counted &&
             !sw_buffer_format(out, error, ", \"events\": %" PRIu64, job->events)) ||
            !sw_buffer_text(out, "}", error))
            return false;
    }
    return sw_buffer_text(out, matrix->count ? "\n]\n" : "[]\n", error);
}

/* SECURITY/DATE words, as folders of the results are called; a shell's or make's. */
static bool print_words(const struct sw_matrix *matrix, const char *before, const char *behind,
                        struct sw_buffer *out, struct sw_error *error)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (!sw_buffer_text(out, before, error)) return false;
    for (size_t i = 0; i < matrix->count; i++) {
        const struct sw_matrix_job *job = &matrix->jobs[i];
        if (!*job->security || job->security[strspn(job->security, safe)])
            return sw_fail(error, SW_DATA, "security_code: not fit for a word of sh or make: '%s'",
                           job->security);
        if ((i > 0 && !sw_buffer_text(out, " ", error)) ||
            !sw_buffer_format(out, error, "%s/", job->security) || !date_of(job, out, error))
            return false;
    }
    return sw_buffer_text(out, behind, error);
}

bool sw_matrix_print(const struct sw_matrix *matrix, const char *format, struct sw_buffer *out,
                     struct sw_error *error)
{
    if (!format || strcmp(format, "text") == 0) return print_csv(matrix, out, error);
    if (strcmp(format, "json") == 0) return print_json(matrix, out, error);
    if (strcmp(format, "sh") == 0) return print_words(matrix, "SW_CONF_JOBS='", "'\n", out, error);
    if (strcmp(format, "make") == 0)
        return print_words(matrix, "SW_CONF_JOBS = ", "\n", out, error);
    return sw_fail(error, SW_USAGE, "--format: not text, sh, make or json: '%s'", format);
}
