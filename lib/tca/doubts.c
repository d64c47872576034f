/* SPDX-License-Identifier: ISC
 *
 * What the measures rest on, as counts for programs and as a line for people.
 */
#include <inttypes.h>

#include "tca/table.h"

enum { COUNTS = 12 };

struct line {
    const char *name; /* for programs */
    const char *says; /* for people, behind the number; NULL: nothing that is to be said */
    uint64_t count;
};

static void list(const struct sw_tca_counts *counts, struct line lines[COUNTS])
{
    const struct line all[COUNTS] = {
        {"orders", NULL, counts->orders},
        {"traded", NULL, counts->traded},
        {"trades", NULL, counts->trades},
        {"session_arrivals", "orders measured from the session's first quote",
         counts->session_arrivals},
        {"without_quote", "orders without a quote at their arrival", counts->no_arrival},
        {"old_quotes", "with one older than 60 s", counts->old_arrivals},
        {"crossed_arrivals", "that arrived while the quotes were crossed",
         counts->crossed_arrivals},
        {"trades_without_quote", "trades without a quote before them", counts->unquoted_trades},
        {"crossed_trades", "trades while the quotes were crossed", counts->crossed_trades},
        {"incomplete_trades", "trades without a price, a quantity or a time left out",
         counts->incomplete_trades},
        {"without_limit", "orders whose limit at a trade is not known", counts->no_limit},
        {"without_market", "orders that traded more than the trades file shows of the market",
         counts->fewer_sides},
    };
    for (int i = 0; i < COUNTS; i++) lines[i] = all[i];
}

static const char *const horizons[SW_HORIZONS] = {"50ms", "1s", "15s", "60s", "300s"};

bool sw_tca_table_tally(const struct sw_tca_table *table, const struct sw_tca_counts *counts,
                        struct sw_buffer *to, struct sw_error *error)
{
    struct line lines[COUNTS];
    bool good = true;
    list(counts, lines);
    for (int i = 0; good && i < COUNTS; i++)
        good = sw_buffer_format(to, error, "%s\t%" PRIu64 "\n", lines[i].name, lines[i].count);
    for (int i = 0; good && i < SW_HORIZONS; i++)
        good = sw_buffer_format(to, error, "past_end_%s\t%" PRIu64 "\n", horizons[i],
                                counts->past_end[i]);
    for (size_t i = 0; good && i < table->schema.column_count; i++)
        good = sw_buffer_format(to, error, "null_%s\t%" PRIu64 "\n", table->schema.columns[i].name,
                                table->nulls[i]);
    return good;
}

bool sw_tca_doubts(const struct sw_tca_counts *counts, struct sw_buffer *to, struct sw_error *error)
{
    struct line lines[COUNTS];
    bool good = true;
    list(counts, lines);
    for (int i = 0; good && i < COUNTS; i++)
        if (lines[i].says && lines[i].count > 0)
            good = sw_buffer_format(to, error, "%s%" PRIu64 " %s", to->length ? ", " : "",
                                    lines[i].count, lines[i].says);
    if (good && counts->past_end[3] > 0)
        good =
            sw_buffer_format(to, error,
                             "%s%" PRIu64 " orders with a trade less than 60 s before the end of "
                             "continuous trading, or behind it",
                             to->length ? ", " : "", counts->past_end[3]);
    return good;
}
