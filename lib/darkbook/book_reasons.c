/* SPDX-License-Identifier: ISC */
#include "darkbook/book_parts.h"

#include "base/memory.h"

/* How far the contras' offers of one side got. */
enum gate { CAME, IN_SESSION, WITH_QUOTE, WITH_QUANTITY };

const char *sw_unmatched_name(enum sw_unmatched reason)
{
    static const char *const names[SW_UNMATCHED_REASONS] = {
        [SW_UNMATCHED_NOT] = "",
        [SW_UNMATCHED_NO_CONTRA] = "no_contra",
        [SW_UNMATCHED_NOT_IN_TIME] = "not_in_time",
        [SW_UNMATCHED_SESSION] = "session",
        [SW_UNMATCHED_QUOTE] = "quote",
        [SW_UNMATCHED_QUANTITY] = "quantity",
        [SW_UNMATCHED_PRICE] = "price",
        [SW_UNMATCHED_MINIMUM] = "minimum",
        [SW_UNMATCHED_KEY] = "key",
    };
    return names[reason];
}

/* What is worse than the offer at hand is no longer asked for: every sweep that saw it sees this one
 * too. A sweep that buys wants a low mid, and one that sells a high one. */
static bool note_mid(struct sw_offers *offers, bool buys, sw_int128 mid, struct sw_error *error)
{
    while (offers->best_count > 0) {
        sw_int128 last = offers->best[offers->best_count - 1].mid;
        if (buys ? last > mid : last < mid) break;
        offers->best_count--;
    }
    if (!sw_grow(&offers->best, &offers->best_capacity, offers->best_count + 1,
                 sizeof *offers->best, error))
        return false;
    offers->best[offers->best_count++] = (struct sw_offer){offers->counts[CAME], mid};
    return true;
}

bool sw_book_note_offer(struct sw_book *book, bool buys, bool quantity, bool takes,
                        struct sw_error *error)
{
    struct sw_offers *offers = &book->offers[buys];
    const bool open = book->session_open || !sw_book_has(book, SW_RULE_SESSION);
    const bool quoted = sw_book_can_trade(book);
    if (book->waiting[!buys] == 0) return true;
    offers->counts[CAME]++;
    offers->counts[IN_SESSION] += open;
    offers->counts[WITH_QUOTE] += quoted;
    offers->counts[WITH_QUANTITY] += quoted && quantity;
    return !quoted || !quantity || !takes || note_mid(offers, buys, book->mid, error);
}

void sw_book_note_sweep(const struct sw_book *book, struct sw_open_order *sweep)
{
    for (int i = 0; i <= WITH_QUANTITY; i++)
        sweep->before[i] = book->offers[!sweep->buys].counts[i];
    sweep->limit_from = sweep->before[CAME];
    sweep->beaten = false;
}

/* The best mid of the offers that came after so many; false: there was none. */
static bool best_since(const struct sw_offers *offers, uint64_t count, sw_int128 *mid)
{
    size_t low = 0, high = offers->best_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (offers->best[middle].count <= count)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == offers->best_count) return false;
    *mid = offers->best[low].mid;
    return true;
}

void sw_book_note_limit(const struct sw_book *book, struct sw_open_order *sweep)
{
    const struct sw_offers *offers = &book->offers[!sweep->buys];
    const sw_int128 reach = sw_book_reach(book, sweep, SW_ROLE_SWEEP);
    sw_int128 mid;
    if (best_since(offers, sweep->limit_from, &mid) && reach >= sw_book_needed(sweep->buys, mid))
        sweep->beaten = true;
    sweep->limit_from = offers->counts[CAME];
}

enum sw_unmatched sw_book_why(const struct sw_book *book, struct sw_open_order *sweep)
{
    const struct sw_offers *offers = &book->offers[!sweep->buys];
    if (sweep->got > 0) return SW_UNMATCHED_NOT;
    if (sweep->booked > 0) return SW_UNMATCHED_KEY;
    if (sweep->met_minimum) return SW_UNMATCHED_MINIMUM;
    if (offers->counts[CAME] == sweep->before[CAME]) {
        const struct sw_contra_day *day =
            sw_arrivals_day(book->arrivals, book->security, sweep->date);
        return day->contras[!sweep->buys] == 0 ? SW_UNMATCHED_NO_CONTRA : SW_UNMATCHED_NOT_IN_TIME;
    }
    if (offers->counts[IN_SESSION] == sweep->before[IN_SESSION]) return SW_UNMATCHED_SESSION;
    if (offers->counts[WITH_QUOTE] == sweep->before[WITH_QUOTE]) return SW_UNMATCHED_QUOTE;
    if (offers->counts[WITH_QUANTITY] == sweep->before[WITH_QUANTITY] ||
        sw_book_available(book, sweep, SW_ROLE_SWEEP) <= 0)
        return SW_UNMATCHED_QUANTITY;
    sw_book_note_limit(book, sweep);
    return sweep->beaten ? SW_UNMATCHED_QUANTITY : SW_UNMATCHED_PRICE;
}
