/* SPDX-License-Identifier: ISC */
#include "market/trade_kinds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *sw_trade_kind_name(enum sw_trade_kind kind)
{
    static const char *const names[SW_TRADE_KINDS] = {"market", "booked", "reported", "other"};
    return names[kind];
}

/* ---- opening ---- */

/* Whether a set is given by its values. */
static bool is_list(const char *set)
{
    return isdigit((unsigned char)*set) || *set == '-' || strchr(set, ',');
}

/* A set stands in an expression: so nothing else may be smuggled into that. */
static bool check_set(const char *set, struct sw_error *error)
{
    for (const char *at = set; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("_-,", *at))
            return sw_fail(error, SW_USAGE, "--trades-in: neither a set nor values: '%s'", set);
    return *set || sw_fail(error, SW_USAGE, "--trades-in: no set");
}

static bool compile_set(struct sw_trade_kinds *kinds, enum sw_trade_kind kind, const char *set,
                        const char *share_directory, struct sw_error *error)
{
    struct sw_buffer text = {0};
    struct sw_condition *condition = kinds->sets[kind] = sw_condition_new(error);
    bool good = condition &&
                sw_buffer_format(&text, error,
                                 is_list(set) ? "dealsource in (%s)" : "dealsource in %s", set) &&
                sw_buffer_add(&text, "", 1, error) &&
                sw_condition_compile(condition, &kinds->view, (const char *)text.bytes,
                                     share_directory, error);
    sw_buffer_free(&text);
    return good;
}

bool sw_trade_kinds_open(struct sw_trade_kinds *kinds, struct sw_reader *reader, int column,
                         const char *trades_in, const char *share_directory, struct sw_error *error)
{
    static const struct sw_view_settings settings = {0};
    *kinds = (struct sw_trade_kinds){.told = column >= 0};
    if (trades_in && !check_set(trades_in, error)) return false;
    if (trades_in && !kinds->told)
        return sw_fail(error, SW_USAGE, "--trades-in: %s: no column 'dealsource'",
                       reader->first_name);
    kinds->of = sw_alloc_unset(SW_BLOCK_ROWS_MAXIMUM, sizeof *kinds->of, error);
    if (!kinds->of) return false;
    if (!kinds->told) return true;
    if (!sw_view_open(&kinds->view, sw_supplier_of_reader(reader), &settings, error)) return false;
    for (enum sw_trade_kind kind = 0; kind < SW_TRADE_OTHER; kind++) {
        const char *set =
            kind == SW_TRADE_MARKET && trades_in ? trades_in : sw_trade_kind_name(kind);
        if (!compile_set(kinds, kind, set, share_directory, error)) return false;
    }
    return true;
}

void sw_trade_kinds_free(struct sw_trade_kinds *kinds)
{
    for (size_t i = 0; i < SW_TRADE_OTHER; i++) sw_condition_free(kinds->sets[i]);
    if (kinds->told) sw_view_free(&kinds->view);
    free(kinds->of);
    *kinds = (struct sw_trade_kinds){0};
}

/* ---- rows ---- */

bool sw_trade_kinds_take(struct sw_trade_kinds *kinds, size_t rows, struct sw_error *error)
{
    memset(kinds->of, kinds->told ? SW_TRADE_OTHER : SW_TRADE_MARKET, rows);
    if (!kinds->told) return true;
    sw_view_begin(&kinds->view, rows);
    /* What is in two sets is of the first: so that one comes last. */
    for (int kind = SW_TRADE_OTHER - 1; kind >= 0; kind--) {
        struct sw_condition *set = kinds->sets[kind];
        if (!sw_condition_take(set, &kinds->view, error)) return false;
        for (size_t i = 0; i < set->count; i++) kinds->of[set->selected[i]] = (unsigned char)kind;
    }
    return true;
}
