/* SPDX-License-Identifier: ISC
 * What a run reads (config/pipeline_inputs.h). */
#include "config/pipeline_inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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
    for (size_t i = first; good && i < inputs->files.count; i++)
        good = sw_buffer_add(&inputs->tables, table, strlen(table) + 1, error);
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

bool sw_run_inputs_find(struct sw_run_inputs *inputs, const struct sw_command *command,
                        struct sw_error *error)
{
    bool analysis = command->pipeline == SW_ANALYSE || command->pipeline == SW_MATCH;
    bool good =
        add_table(inputs, analysis ? "orders" : "rows", analysis ? "orders; the list" : NULL,
                  command->operands, command->operand_count, error);
    inputs->orders = inputs->files.count;
    return good && (!analysis || (add_option(inputs, command, "trade_words", "trades",
                                             "trades; the list of --trades", error) &&
                                  find_quotes(inputs, command, error)));
}

void sw_run_inputs_free(struct sw_run_inputs *inputs)
{
    sw_files_free(&inputs->files);
    sw_buffer_free(&inputs->tables);
}

/* ---- put ---- */

static bool put(struct sw_buffer *out, const char *text, struct sw_error *error)
{
    return sw_buffer_add(out, text, strlen(text) + 1, error);
}

static bool put_count(struct sw_buffer *out, const char *name, size_t count, struct sw_error *error)
{
    return put(out, name, error) && sw_buffer_format(out, error, "%zu", count) &&
           put(out, "", error);
}

/* Those of inputs, and those of the table that has the quotes, too. */
static size_t count_own(const struct sw_run_inputs *inputs, size_t *from)
{
    size_t trades = inputs->files.count - inputs->orders;
    if (!inputs->quotes) return 0;
    *from = *inputs->quotes == 'o' ? 0 : inputs->orders;
    return *from == 0 && inputs->orders > 0 ? inputs->orders : trades;
}

bool sw_run_inputs_put(const struct sw_run_inputs *inputs, struct sw_buffer *out,
                       struct sw_error *error)
{
    size_t from = 0, own = count_own(inputs, &from), count = inputs->files.count + own;
    bool good = put(out, "order_count", error) && put(out, "-", error) &&
                sw_buffer_format(out, error, "%zu", inputs->orders) && put(out, "", error) &&
                put(out, "quotes_of", error) && put(out, "-", error) &&
                put(out, inputs->quotes ? inputs->quotes : "", error) &&
                put_count(out, "tables", count, error) &&
                sw_buffer_add(out, inputs->tables.bytes, inputs->tables.length, error);
    for (size_t i = 0; good && i < own; i++) good = put(out, "nbbo", error);
    good = good && put_count(out, "inputs", count, error);
    for (size_t i = 0; good && i < count; i++)
        good = put(
            out, inputs->files.items[i < inputs->files.count ? i : from + i - inputs->files.count],
            error);
    return good;
}
