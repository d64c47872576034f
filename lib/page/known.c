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
    {"match_summary", "What each rule makes of it",
     "One row for the simple rules, and one for each rule that is on, with all up to that one."},
    {"replay_summary", "How far the rules can be believed",
     "The real dark trades, and how many of them the rules give."},
    {"sweeps_by_security", "Sweeps by security", "What their sweeps wanted, got, and have left."},
    {"sweeps_by_date", "Sweeps by day", "The same of each local date."},
    {"sweeps_by_reason", "Sweeps by reason",
     "Why nothing was matched; without a reason, those that were."},
    {"sweeps_by_security_date", "Sweeps by security and day",
     "quantity is matched, booked, given and remaining quantity together."},
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
    {"without_side", "orders that neither buy nor sell: they are left out"},
    {"contras", "orders for the dark book, by date, that a sweep could have met"},
    {"trades_of_orders", "rows of trades whose order is there"},
    {"crossed", "quotes with a bid above the offer: left out"},
    {"one_sided", "quotes that lack a side"},
    {"sweeps", "sweeps that were filled on the lit book alone, by date"},
    {"matched_sweeps", "sweeps with a match"},
    {"matches", "matches, of a sweep with a contra each"},
    {"bookings", "meetings of one participant's orders with one key: no matches"},
    {"orders_matched", "orders with a match, in either role"},
    {"unmatched_no_contra", "no contra of the other side on the whole date"},
    {"unmatched_not_in_time", "none came or rested while it waited"},
    {"unmatched_session", "none in an open session"},
    {"unmatched_quote", "none with a quote"},
    {"unmatched_quantity", "none had anything left, or others were before it"},
    {"unmatched_price", "the limits did not meet"},
    {"unmatched_minimum", "but for a minimum quantity it would have matched"},
    {"unmatched_key", "all that it met was booked"},
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

const char *const sw_page_unmatched[] = {"rule",
                                         "sweeps",
                                         "matched_sweeps",
                                         "unmatched_no_contra",
                                         "unmatched_not_in_time",
                                         "unmatched_session",
                                         "unmatched_quote",
                                         "unmatched_quantity",
                                         "unmatched_price",
                                         "unmatched_minimum",
                                         "unmatched_key",
                                         NULL};
