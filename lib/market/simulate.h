/* SPDX-License-Identifier: ISC
 *
 * Simulates the scenarios for classified orders in three passes, in bounded memory:
 *
 *     1  orders ─▶ kept aside, in order; a window of time each ─▶ market/midprice.h
 *     2  quotes ─▶ market/midprice.h
 *     3  the orders again, each with its midprice ─▶ the figures of each chosen scenario
 *
 * The caller sees only the third, an order at a time, and does with it what it likes.
 *
 *     if (!sw_simulate_open(&simulate, &settings, &orders, &quotes, error) ||
 *         !sw_simulate_read(&simulate, error)) …
 *     while ((step = sw_simulate_next(&simulate, error)) == SW_ROWS)
 *         … simulate.figures[SW_UNLIMITED][SW_SAVINGS] …
 *     sw_simulate_free(&simulate);
 */
#ifndef SW_MARKET_SIMULATE_H
#define SW_MARKET_SIMULATE_H

#include "market/midprice.h"
#include "market/order_terms.h"

/* Which orders count in sums of costs: the comparable ones, and others where they are asked for. */
struct sw_inclusion {
    bool amended, unequal; /* unequal: not amended, and not comparable all the same */
};

/* Reads the word of an option for one of them: "include", or NULL for not. SW_USAGE, naming the option: another. */
bool sw_inclusion_parse(const char *option, const char *word, bool *included,
                        struct sw_error *error) SW_CHECKED;

static inline bool sw_is_included(struct sw_inclusion inclusion, bool amended, bool comparable)
{
    return comparable || (amended ? inclusion.amended : inclusion.unequal);
}

struct sw_simulate_settings {
    bool chosen[SW_SCENARIOS];
    struct sw_impact impact;
    int64_t quote_age_ns;  /* an older quote than this is none; below 0: any age will do */
    bool whole_orders;     /* all orders come by, with all columns; else the filled ones' terms */
    uint64_t memory_bytes; /* of each of three sorters, see sort/sorter.h */
    const char *folder;
};

struct sw_simulate {
    struct sw_schema schema;    /* of the orders that come by */
    struct sw_term_rows orders; /* the current block of them */
    size_t row;                 /* the current order */
    bool filled; /* it is fully filled: the figures of the chosen scenarios are there */
    struct sw_amount figures[SW_SCENARIOS][SW_FIGURES];
    struct sw_midprice quote; /* what its midprice rests on */
    bool amended, comparable; /* see sw_term_is_comparable */
    /* Of all orders so far, what could not be had. */
    uint64_t missing_figures[SW_FIGURES], missing_quantities;

    const struct sw_simulate_settings *settings; /* not owned */
    struct sw_reader *reader;                    /* not owned */
    struct sw_quotes *quotes;                    /* not owned */
    struct sw_midprices midprices;
    struct sw_sorter kept;            /* the orders, in the order they came */
    int *kept_columns;                /* of the reader's schema, one per column of `schema` */
    const struct sw_vector **vectors; /* of the reader's current block */
    uint32_t *filled_rows;
    size_t next_row;
    uint64_t unfilled,
        given_filled; /* orders: not filled when they were read; filled that came by */
};

/* Checks the columns of both streams, opened by the caller. SW_DATA where they do not fit.
 * Zero-initialize before; free in any case. */
bool sw_simulate_open(struct sw_simulate *simulate, const struct sw_simulate_settings *settings,
                      struct sw_reader *orders, struct sw_quotes *quotes,
                      struct sw_error *error) SW_CHECKED;

/* Reads the orders, then the quotes, each to its end. */
bool sw_simulate_read(struct sw_simulate *simulate, struct sw_error *error) SW_CHECKED;

/* Goes to the next order, in the order in which they were read. SW_DATA, naming the order: a figure
 * is out of range. */
enum sw_step sw_simulate_next(struct sw_simulate *simulate, struct sw_error *error);

/* Whether the vectors of the current order are those of no further one: what is wanted of them has to be taken now. */
static inline bool sw_simulate_ends_block(const struct sw_simulate *simulate)
{
    return simulate->next_row >= simulate->kept.rows;
}

/* After the last order: whether every order that was read came by or was not filled. SW_SYSTEM: they
 * do not add up. */
bool sw_simulate_check(const struct sw_simulate *simulate, struct sw_error *error) SW_CHECKED;

/* Appends "3 midprice, 1 simulated_price": how many values of which columns could not be had;
 * nothing where all could. */
bool sw_simulate_missing(const struct sw_simulate *simulate, struct sw_buffer *out,
                         struct sw_error *error) SW_CHECKED;

void sw_simulate_free(struct sw_simulate *simulate);

#endif
