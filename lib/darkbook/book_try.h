/* SPDX-License-Identifier: ISC
 *
 * What a book would give to an order that came now, and whether an order rests in it. Nothing is
 * changed.
 */
#ifndef SW_DARKBOOK_BOOK_TRY_H
#define SW_DARKBOOK_BOOK_TRY_H

#include "darkbook/book.h"

/* book->plan is what the order of an arrival would take of the contras that rest, in its order.
 * SW_SYSTEM: memory. */
bool sw_book_try(struct sw_book *book, const struct sw_arrival *incoming, sw_int128 quantity,
                 struct sw_error *error) SW_CHECKED;

enum sw_book_rests {
    SW_RESTS_NOT,
    SW_RESTS_BEYOND, /* its limit excludes the mid */
    SW_RESTS_TAKES,
};

/* Looks through all that rest on a side: for messages. */
enum sw_book_rests sw_book_rests(const struct sw_book *book, bool buys, sw_int128 order);

#endif
