/* SPDX-License-Identifier: ISC */
#include "page/known.h"

#include <string.h>

const struct sw_page_known sw_page_tables[] = {
    {"global_summary", "Everything in one", "The measures over all that was selected."},
    {"simulation_summary", "What a dark pool would have cost",
     "One row a scenario: the orders as they were executed against the same orders at the "
     "mid-price."},
    {"metrics", "How the orders were executed",
     "One row for orders fully filled and one for orders filled in part."},
    {"by_security", "By security", "One row a security."},
    {"by_date", "By day", "One row a local date."},
    {"by_time_of_day", "By hour of the day", "One row an hour of the local day, over all days."},
    {"by_order_size", "By order size", "One row a range of order quantities."},
    {"by_participant", "By participant", "One row a participant."},
    {"by_security_date", "By security and day", "One row a security and local date."},
    {"timeseries_daily", "Day by day", "One row a local date, in order, for plots."},
    {"timeseries_hourly", "Hour by hour", "One row an hour of a day, in order, for plots."},
    {"by_security_metrics", "How the orders of each security were executed",
     "Orders fully filled and filled in part, of each security."},
    {"groups", "By the keys that were asked for", "One row a group."},
    {0},
};

size_t sw_page_place(const char *file)
{
    size_t i = 0, length = strcspn(file, ".");
    while (sw_page_tables[i].stem && (strlen(sw_page_tables[i].stem) != length ||
                                      memcmp(sw_page_tables[i].stem, file, length) != 0))
        i++;
    return i;
}

static const struct {
    const char *column, *meaning;
} meanings[] = {
    {"lines", "lines of the file"},
    {"header", "header lines"},
    {"empty", "empty lines"},
    {"ignored", "lines that are no rows: preambles, trailers, comments"},
    {"read", "rows that were read"},
    {"kept", "rows that the selectors chose; without selectors, all good ones"},
    {"rejected", "rows that the selectors left out"},
    {"bad", "rows that could not be read as what they should be, and were left out as was asked"},
    {"matched", "trades whose order is in the orders' files"},
    {"unmatched", "trades whose order is not there: they are in no result"},
    {"mismatched", "orders whose trades and state do not add up"},
    {"events", "messages about orders; an order has several"},
    {"orders", "orders, each counted once"},
    {"executed", "orders with a trade; the others were not executed and are in no cost"},
    {"selected", "executed orders that the selectors chose"},
    {"trades", "sides of trades"},
    {"market", "sides of trades made on the market"},
    {"booked", "rows that book a prevented crossing: no trades"},
    {"reported", "trades made off the book and reported: no trades of the book"},
    {"other", "rows of trades of no known source"},
    {"only_booked", "orders that have bookings and no trade"},
    {"unmatched_market", "trades of the market whose order is not there"},
    {"unmatched_booked", "bookings whose order is not there"},
    {"amended", "orders whose price or quantity was changed by the user on the way"},
    {"unequal", "orders left out since their quantity is not what was traded: costs are compared "
                "for equal quantities"},
    {"without_quote", "orders left out since no quote was there to compare with"},
    {"old_quotes", "orders compared with a quote from before their time in the market"},
    {"beyond_limit", "orders whose simulated price is beyond their own limit"},
};

const char *sw_page_meaning(const char *column)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strcmp(meanings[i].column, column) == 0) return meanings[i].meaning;
    return NULL;
}

const char *const sw_page_beware[] = {"scenario",      "orders",     "amended",      "unequal",
                                      "without_quote", "old_quotes", "beyond_limit", NULL};
