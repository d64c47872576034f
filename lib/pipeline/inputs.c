/* SPDX-License-Identifier: ISC
 * What a run reads (pipeline/inputs.h). */
#include "pipeline/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "schema/csv_schema.h"

/* ---- found ---- */

/* What the values of a table stand for; as they are, where they are no words of an analysis. */
static bool add_table(struct sw_run_inputs *inputs, const char *table, const char *what,
                      char *const *values, size_t count, struct sw_error *error)
{
    size_t first = inputs->files.count;
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = (what ? sw_files_expand : sw_files_add)(&inputs->files, values[i], error);
    if (good && inputs->files.count == first)
        return sw_fail(error, SW_USAGE, "no %s is empty", what);
    if (inputs->files.count > first)
        inputs->tables[inputs->table_count++] =
            (struct sw_run_table){table, inputs->files.count - first};
    return good;
}

/* Sets *values to those of an option, of each time that it was given. */
static bool values_of(const struct sw_command *command, const char *variable, char ***values,
                      size_t *count, struct sw_error *error)
{
    *count = 0;
    *values = sw_alloc(command->count + 1, sizeof **values, error);
    for (size_t i = 0; *values && i < command->count; i++) {
        const struct sw_given *given = &command->given[i];
        if (given->option->variable && strcmp(given->option->variable, variable) == 0)
            (*values)[(*count)++] = (char *)(uintptr_t)given->value;
    }
    return *values != NULL;
}

static bool add_option(struct sw_run_inputs *inputs, const struct sw_command *command,
                       const char *variable, const char *table, const char *what,
                       struct sw_error *error)
{
    char **values;
    size_t count;
    bool good = values_of(command, variable, &values, &count, error) &&
                add_table(inputs, table, what, values, count, error);
    free(values);
    return good;
}

/* --nbbo orders and --nbbo trades: the quotes stand in the rows of those. */
static bool find_quotes(struct sw_run_inputs *inputs, const struct sw_command *command,
                        struct sw_error *error)
{
    char **values;
    size_t count;
    if (!values_of(command, "quote_words", &values, &count, error)) return false;
    bool own = count == 1 && (strcmp(*values, "orders") == 0 || strcmp(*values, "trades") == 0);
    if (own) inputs->quotes = *values;
    free(values);
    return own ||
           add_option(inputs, command, "quote_words", "nbbo", "quotes; the list of --nbbo", error);
}

/* ---- found beside them ---- */

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(name, *names) != 0) names++;
    return *names != NULL;
}

static bool add_list(struct sw_files *read, const char *value, struct sw_error *error)
{
    return *value != '@' || sw_files_add(read, value + 1, error);
}

static bool add_lists_of_hosts(struct sw_files *read, const char *value, struct sw_error *error)
{
    char *words = sw_copy_text(value, strlen(value), error), *rest = words;
    bool good = words != NULL;
    for (char *word; good && (word = strsep(&rest, ","));) good = add_list(read, word, error);
    free(words);
    return good;
}

static bool add_read(struct sw_files *read, const struct sw_given *given, struct sw_error *error)
{
    static const char *const schemas[] = {"schema", "trades-schema", "nbbo-schema", NULL};
    static const char *const files[] = {"sessions", "ticks", "configuration", NULL};
    static const char *const tables[] = {"trades", "nbbo", NULL};
    const char *name = given->option->name, *value = given->value;
    if (!value) return true;
    if (is_among(name, files) || (is_among(name, schemas) && sw_csv_schemas_choice_is_file(value)))
        return sw_files_add(read, value, error);
    if (given->option->form == SW_FORM_JOINED) return add_lists_of_hosts(read, value, error);
    return (given->option->form != SW_FORM_SELECTOR && !is_among(name, tables)) ||
           add_list(read, value, error);
}

static bool find_beside(struct sw_files *read, const struct sw_command *command, bool lists,
                        struct sw_error *error)
{
    bool good = true;
    for (size_t i = 0; good && i < command->count; i++)
        good = add_read(read, &command->given[i], error);
    for (size_t i = 0; good && lists && i < command->operand_count; i++)
        good = add_list(read, command->operands[i], error);
    return good;
}

/* ---- both ---- */

bool sw_run_inputs_find(struct sw_run_inputs *inputs, const struct sw_command *command,
                        struct sw_error *error)
{
    bool analysis = command->pipeline == SW_ANALYSE || command->pipeline == SW_MATCH;
    bool good =
        add_table(inputs, analysis ? "orders" : "rows", analysis ? "orders; the list" : NULL,
                  command->operands, command->operand_count, error);
    return good && find_beside(&inputs->beside, command, analysis, error) &&
           (!analysis || (add_option(inputs, command, "trade_words", "trades",
                                     "trades; the list of --trades", error) &&
                          find_quotes(inputs, command, error)));
}

void sw_run_inputs_free(struct sw_run_inputs *inputs)
{
    sw_files_free(&inputs->files);
    sw_files_free(&inputs->beside);
}

/* ---- put ---- */

static bool put(struct sw_buffer *out, const char *text, struct sw_error *error)
{
    return sw_buffer_add(out, text, strlen(text) + 1, error);
}

static bool put_number(struct sw_buffer *out, size_t number, struct sw_error *error)
{
    return sw_buffer_format(out, error, "%zu", number) && put(out, "", error);
}

static bool put_count(struct sw_buffer *out, const char *name, size_t count, struct sw_error *error)
{
    return put(out, name, error) && put_number(out, count, error);
}

/* How many files have the quotes in their rows, and where these begin. */
static size_t count_own(const struct sw_run_inputs *inputs, size_t *from)
{
    *from = 0;
    if (!inputs->quotes) return 0;
    if (*inputs->quotes == 'o') return inputs->tables[0].count;
    *from = inputs->tables[0].count;
    return inputs->files.count - *from;
}

static bool put_tables(const struct sw_run_inputs *inputs, size_t own, struct sw_buffer *out,
                       struct sw_error *error)
{
    const size_t count = inputs->table_count + (own > 0);
    bool good = put_count(out, "tables", count, error);
    for (size_t i = 0; good && i < inputs->table_count; i++)
        good = put(out, inputs->tables[i].name, error);
    good = good && (own == 0 || put(out, "nbbo", error)) &&
           put_count(out, "table_counts", count, error);
    for (size_t i = 0; good && i < inputs->table_count; i++)
        good = put_number(out, inputs->tables[i].count, error);
    return good && (own == 0 || put_number(out, own, error));
}

bool sw_run_inputs_put(const struct sw_run_inputs *inputs, struct sw_buffer *out,
                       struct sw_error *error)
{
    size_t from, own = count_own(inputs, &from), count = inputs->files.count + own;
    bool good = put(out, "quotes_of", error) && put(out, "-", error) &&
                put(out, inputs->quotes ? inputs->quotes : "", error) &&
                put_tables(inputs, own, out, error) && put_count(out, "inputs", count, error);
    for (size_t i = 0; good && i < count; i++)
        good = put(
            out, inputs->files.items[i < inputs->files.count ? i : from + i - inputs->files.count],
            error);
    return good;
}
