/* SPDX-License-Identifier: ISC */
#include "darkbook/book_parts.h"

#include "base/memory.h"

/* ---- the price of two ---- */

static bool has_ticks_inside(const struct sw_book *book, const struct sw_open_order *order,
                             enum sw_role role)
{
    const sw_int128 midtick = order->terms[role].midtick;
    return sw_book_has(book, SW_RULE_INSIDE) && midtick >= 3 && midtick <= 6;
}

/* The tick inside the quote nearest to the mid that both take, where the mid is beyond one's limit.
 * Ticks are counted from the bid. */
static bool price_inside(const struct sw_book *book, sw_int128 tick, sw_int128 lowest,
                         sw_int128 highest, sw_int128 *price)
{
    const sw_int128 bid = book->quote.bid, offer = book->quote.offer;
    if (tick <= 0 || offer - bid <= tick) return false;
    if (lowest < bid + tick) lowest = bid + tick;
    if (highest > offer - 1) highest = offer - 1;
    if (lowest > highest) return false;
    sw_int128 from = bid + (lowest - bid + tick - 1) / tick * tick;
    sw_int128 to = bid + (highest - bid) / tick * tick;
    *price = from > book->mid ? from : to;
    return from <= to;
}

static bool price_between(const struct sw_book *book, const struct sw_open_order *sweep,
                          const struct sw_open_order *contra, sw_int128 *price)
{
    const sw_int128 of_sweep = sw_book_reach(book, sweep, SW_ROLE_SWEEP);
    const sw_int128 of_contra = sw_book_reach(book, contra, SW_ROLE_CONTRA);
    *price = book->mid;
    if (of_sweep >= sw_book_needed(sweep->buys, *price) &&
        of_contra >= sw_book_needed(contra->buys, *price))
        return true;
    if (!has_ticks_inside(book, sweep, SW_ROLE_SWEEP) ||
        !has_ticks_inside(book, contra, SW_ROLE_CONTRA))
        return false;
    const sw_int128 of_buyer = sweep->buys ? of_sweep : of_contra;
    const sw_int128 of_seller = sweep->buys ? of_contra : of_sweep;
    return price_inside(book, sweep->terms[SW_ROLE_SWEEP].tick,
                        of_seller == SW_REACHES_ALL ? 0 : -of_seller, of_buyer, price);
}

/* How far one of the other side has to reach so that the two may find a price. */
static sw_int128 needed_to_meet(const struct sw_book *book, const struct sw_open_order *incoming,
                                enum sw_role role)
{
    const sw_int128 reach = sw_book_reach(book, incoming, role);
    const bool takes_mid = reach >= sw_book_needed(incoming->buys, book->mid);
    const sw_int128 needed = sw_book_needed(!incoming->buys, book->mid);
    if (!sw_book_has(book, SW_RULE_LIMIT)) return SW_REACHES_NOTHING + 1;
    if (!has_ticks_inside(book, incoming, role)) return takes_mid ? needed : SW_REACHES_ALL;
    /* A buyer takes ticks up to its limit, and below the offer; a seller the other way round. */
    sw_int128 furthest = incoming->buys ? book->quote.offer : -book->quote.bid;
    if (reach < furthest) furthest = reach;
    return takes_mid && needed < -furthest ? needed : -furthest;
}

/* ---- who meets whom ---- */

/* An incoming order, and what it could take so far. */
struct meeting {
    struct sw_book *book;
    uint32_t incoming;
    enum sw_role role;
    sw_int128 rest, sum, needed;
    bool own_first; /* its own participant's have had their turn, and are passed over */
};

static bool is_booked(const struct sw_book *book, const struct sw_open_order *sweep,
                      const struct sw_open_order *contra)
{
    const sw_int128 key = sweep->terms[SW_ROLE_SWEEP].key;
    return sw_book_has(book, SW_RULE_CROSSING) && key != 0 &&
           key == contra->terms[SW_ROLE_CONTRA].key && sweep->participant != SW_NULL_ID &&
           sweep->participant == contra->participant;
}

/* A minimum holds no more once less than it remains. */
static sw_int128 minimum_of(const struct sw_book *book, sw_int128 minimum, sw_int128 remains)
{
    return sw_book_has(book, SW_RULE_MINIMUM) && remains >= minimum ? minimum : 0;
}

static enum sw_role other_role(enum sw_role role)
{
    return role == SW_ROLE_SWEEP ? SW_ROLE_CONTRA : SW_ROLE_SWEEP;
}

static bool is_enough(const struct meeting *meeting, struct sw_open_order *incoming,
                      struct sw_open_order *other, sw_int128 available, sw_int128 quantity)
{
    const struct sw_book *book = meeting->book;
    const struct sw_book_terms *waits = &other->terms[other_role(meeting->role)];
    sw_int128 wanted = minimum_of(book, incoming->terms[meeting->role].single, meeting->rest);
    sw_int128 single = minimum_of(book, waits->single, available);
    sw_int128 sum = minimum_of(book, waits->minimum, available); /* it meets this one alone */
    if (wanted < single) wanted = single;
    if (wanted < sum) wanted = sum;
    if (quantity >= wanted) return true;
    (meeting->role == SW_ROLE_SWEEP ? incoming : other)->met_minimum = true;
    return false;
}

static bool plan_step(struct meeting *meeting, uint32_t index, struct sw_error *error)
{
    struct sw_book *book = meeting->book;
    struct sw_open_order *incoming = &book->orders[meeting->incoming],
                         *other = &book->orders[index];
    const bool sweeps = meeting->role == SW_ROLE_SWEEP;
    struct sw_open_order *sweep = sweeps ? incoming : other, *contra = sweeps ? other : incoming;
    const sw_int128 available = sw_book_available(book, other, other_role(meeting->role));
    sw_int128 quantity = available < meeting->rest ? available : meeting->rest, price;
    if (quantity <= 0 || index == meeting->incoming ||
        !price_between(book, sweep, contra, &price) ||
        !is_enough(meeting, incoming, other, available, quantity))
        return true;
    if (!sw_grow(&book->plan, &book->plan_capacity, book->plan_count + 1, sizeof *book->plan,
                 error))
        return false;
    book->plan[book->plan_count++] =
        (struct sw_plan_step){index, quantity, price, is_booked(book, sweep, contra)};
    meeting->rest -= quantity;
    meeting->sum += quantity;
    return true;
}

static bool walk(struct meeting *meeting, const struct sw_queue *queue, struct sw_error *error)
{
    const struct sw_book *book = meeting->book;
    const uint32_t participant = book->orders[meeting->incoming].participant;
    uint32_t slot = sw_queue_next(queue, 0, meeting->needed);
    for (; slot != SW_NO_SLOT && meeting->rest > 0;
         slot = sw_queue_next(queue, slot + 1, meeting->needed)) {
        uint32_t index = queue->items[slot];
        if (meeting->own_first && book->orders[index].participant == participant) continue;
        if (!plan_step(meeting, index, error)) return false;
    }
    return true;
}

/* ---- trading ---- */

/* 1 where the order had no match on the date. */
static unsigned count_once(struct sw_open_order *order, int64_t date)
{
    const bool again = order->counted && order->counted_date == date;
    order->counted = true;
    order->counted_date = date;
    return !again;
}

static void take_part(struct sw_book *book, struct sw_open_order *sweep,
                      struct sw_open_order *contra, const struct sw_plan_step *step,
                      int64_t time_ns)
{
    struct sw_book_totals *totals = &book->totals;
    contra->given += step->quantity;
    if (step->booked) {
        sweep->booked += step->quantity;
        totals->bookings++;
        sw_sum_add(&totals->booked, step->quantity);
        return;
    }
    if (sweep->matches++ == 0) sweep->first_match_ns = time_ns;
    sweep->got += step->quantity;
    sw_products_add(&sweep->value, step->price, step->quantity);
    totals->matches++;
    totals->orders += count_once(sweep, sweep->date) + count_once(contra, sweep->date);
    sw_sum_add(&totals->matched, step->quantity);
    sw_products_add(&totals->value, step->price, step->quantity);
    sw_sum_add(&totals->waited_ns, (sw_int128)time_ns - sweep->from_ns);
    if (step->quantity > totals->largest) totals->largest = step->quantity;
    if (time_ns - sweep->from_ns > totals->longest_ns)
        totals->longest_ns = time_ns - sweep->from_ns;
}

static bool carry_out(struct sw_book *book, uint32_t index, enum sw_role role,
                      const struct sw_plan_step *step, int64_t time_ns, struct sw_error *error)
{
    struct sw_open_order *incoming = &book->orders[index], *other = &book->orders[step->other];
    const bool sweeps = role == SW_ROLE_SWEEP;
    struct sw_open_order *sweep = sweeps ? incoming : other, *contra = sweeps ? other : incoming;
    const struct sw_dark_match match = {
        sweep,       contra,          time_ns,           step->quantity,
        step->price, book->quote.bid, book->quote.offer, step->booked};
    take_part(book, sweep, contra, step, time_ns);
    struct sw_open_order *const both[] = {sweep, contra};
    for (int i = 0; i < 2; i++) {
        if (both[i]->sweeps) sw_book_reset_reach(book, both[i], SW_ROLE_SWEEP);
        if (both[i]->rests) sw_book_reset_reach(book, both[i], SW_ROLE_CONTRA);
    }
    return !book->sink.match || book->sink.match(book->sink.owner, &match, error);
}

bool sw_book_plan(struct sw_book *book, uint32_t incoming, enum sw_role role,
                  struct sw_error *error)
{
    const struct sw_open_order *order = &book->orders[incoming];
    const bool other = !order->buys, sweeps = role == SW_ROLE_SWEEP;
    const sw_int128 available = sw_book_available(book, order, role);
    struct meeting meeting = {.book = book, .incoming = incoming, .role = role, .rest = available};
    book->plan_count = 0;
    if (available <= 0 || !sw_book_can_trade(book)) return true;
    meeting.needed = needed_to_meet(book, order, role);
    if (sw_book_has(book, SW_RULE_PREFERENCING) && order->participant != SW_NULL_ID) {
        const struct sw_own_queues *own = &book->own[order->participant];
        if (!walk(&meeting, sweeps ? &own->contras[other] : &own->sweeps[other], error))
            return false;
        meeting.own_first = true;
    }
    if (!walk(&meeting, sweeps ? &book->contras[other] : &book->sweeps[other], error)) return false;
    if (meeting.sum >= minimum_of(book, order->terms[role].minimum, available)) return true;
    for (size_t i = 0; i < book->plan_count; i++)
        book->orders[sweeps ? incoming : book->plan[i].other].met_minimum = true;
    book->plan_count = 0;
    return true;
}

bool sw_book_meet(struct sw_book *book, uint32_t incoming, enum sw_role role, int64_t time_ns,
                  struct sw_error *error)
{
    if (!sw_book_plan(book, incoming, role, error)) return false;
    for (size_t i = 0; i < book->plan_count; i++)
        if (!carry_out(book, incoming, role, &book->plan[i], time_ns, error)) return false;
    return true;
}
