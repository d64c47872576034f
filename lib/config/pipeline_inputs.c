/* SPDX-License-Identifier: ISC
 * The inputs of a pipeline, as variables of a shell (config/pipeline.h). */
#include "config/pipeline_inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/files.h"

struct inputs {
    struct sw_files files; /* of all tables, one behind another */
    struct sw_buffer tables;
    struct sw_error *error;
};

/* What the values of a table stand for. */
static bool add_table(struct inputs *inputs, const char *table, const char *what,
                      char *const *values, size_t count)
{
    size_t first = inputs->files.count;
    for (size_t i = 0; i < count; i++)
        if (!sw_files_expand(&inputs->files, values[i], inputs->error)) return false;
    if (inputs->files.count == first)
        return sw_fail(inputs->error, SW_USAGE, "no %s is empty", what);
    bool good = true;
    for (size_t i = first; good && i < inputs->files.count; i++)
        good = sw_buffer_add(&inputs->tables, table, strlen(table) + 1, inputs->error);
    return good;
}

/* The values of an option, those of each time that it was given. */
static bool add_option(struct inputs *inputs, const struct sw_command *command,
                       const char *variable, const char *table, const char *what)
{
    char **values = sw_alloc(command->count + 1, sizeof *values, inputs->error);
    size_t count = 0;
    for (size_t i = 0; values && i < command->count; i++) {
        const struct sw_given *given = &command->given[i];
        if (given->option->variable && strcmp(given->option->variable, variable) == 0)
            values[count++] = (char *)(uintptr_t)given->value;
    }
    bool good = values && add_table(inputs, table, what, values, count);
    free(values);
    return good;
}

/* --nbbo orders and --nbbo trades: the quotes stand in the rows of those. */
static const char *own_quotes(const struct sw_command *command)
{
    const char *value = NULL;
    size_t count = 0;
    for (size_t i = 0; i < command->count; i++) {
        const struct sw_given *given = &command->given[i];
        if (!given->option->variable || strcmp(given->option->variable, "quote_words") != 0)
            continue;
        value = given->value;
        count++;
    }
    bool own = count == 1 && (strcmp(value, "orders") == 0 || strcmp(value, "trades") == 0);
    return own ? value : NULL;
}

static bool put_array(const char *name, size_t count, struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_add(out, name, strlen(name) + 1, error) &&
           sw_buffer_format(out, error, "%zu", count) && sw_buffer_add(out, "", 1, error);
}

static bool put_value(const char *name, const char *value, struct sw_buffer *out,
                      struct sw_error *error)
{
    return sw_buffer_add(out, name, strlen(name) + 1, error) && sw_buffer_add(out, "-", 2, error) &&
           sw_buffer_add(out, value, strlen(value) + 1, error);
}

static bool put_all(const struct inputs *inputs, size_t orders, const char *quotes,
                    struct sw_buffer *out)
{
    char count[24];
    snprintf(count, sizeof count, "%zu", orders);
    bool good = put_value("order_count", count, out, inputs->error) &&
                put_value("quotes_of", quotes ? quotes : "", out, inputs->error) &&
                put_array("tables", inputs->files.count, out, inputs->error) &&
                sw_buffer_add(out, inputs->tables.bytes, inputs->tables.length, inputs->error) &&
                put_array("inputs", inputs->files.count, out, inputs->error);
    for (size_t i = 0; good && i < inputs->files.count; i++)
        good = sw_buffer_add(out, inputs->files.items[i], strlen(inputs->files.items[i]) + 1,
                             inputs->error);
    return good;
}

bool sw_command_inputs(const struct sw_command *command, struct sw_buffer *out,
                       struct sw_error *error)
{
    struct inputs inputs = {.error = error};
    const char *quotes = own_quotes(command);
    bool good =
        add_table(&inputs, "orders", "orders; the list", command->operands, command->operand_count);
    size_t orders = inputs.files.count;
    good = good &&
           add_option(&inputs, command, "trade_words", "trades", "trades; the list of --trades") &&
           (quotes ||
            add_option(&inputs, command, "quote_words", "nbbo", "quotes; the list of --nbbo")) &&
           put_all(&inputs, orders, quotes, out);
    sw_files_free(&inputs.files);
    sw_buffer_free(&inputs.tables);
    return good;
}
