/* SPDX-License-Identifier: ISC
 *
 * The rules of the dark book, by name. With none of them a sweep meets what arrives on the other
 * side while it waits, whatever its price: these are the simple rules. Each rule that is added makes
 * that more like the exchange's book; man 1 sw-match says what each means.
 */
#ifndef SW_DARKBOOK_RULES_H
#define SW_DARKBOOK_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

/* In the order in which the summary adds them. */
enum sw_rule {
    SW_RULE_LIMIT,        /* nobody trades beyond the limit … */
    SW_RULE_HALF_TICK,    /* … which in the dark is half a tick further … */
    SW_RULE_MIDTICK,      /* … for those alone whose midtick says so */
    SW_RULE_INVENTORY,    /* what an order gives as a contra it has no more as a sweep */
    SW_RULE_ELSEWHERE,    /* a contra has what it really had left */
    SW_RULE_BOOK,         /* contras rest: sweeps meet them too, at once or when a quote moves */
    SW_RULE_PREFERENCING, /* an incoming order first meets its own participant's */
    SW_RULE_MINIMUM,      /* minimum quantities */
    SW_RULE_CROSSING,     /* equal crossing keys of one participant are booked */
    SW_RULE_QUOTE,        /* only with both sides there, and bid < offer */
    SW_RULE_INSIDE,       /* midtick 3 to 6: also at ticks inside the quote */
    SW_RULE_SESSION,      /* only while the session is open */
    SW_RULES,
};

struct sw_rules {
    bool on[SW_RULES];
};

/* What a sweep concedes beyond the price it was entered with. */
enum sw_concession {
    SW_CONCEDE_HALF_TICK,
    SW_CONCEDE_NOTHING,
    SW_CONCEDE_AMOUNT,
};

struct sw_concede {
    enum sw_concession what;
    sw_int128 amount; /* of SW_CONCEDE_AMOUNT, ÷ 10^SW_CONCEDE_SCALE */
};

enum { SW_CONCEDE_SCALE = 18 };

/* "limit", "half_tick", …; static. */
const char *sw_rule_name(enum sw_rule rule);

/* Reads "simple", "full" (NULL: that), either followed by ",NAME" for a rule more and ",-NAME" for
 * one less; a list that begins with a rule begins with "full". SW_USAGE: an unknown name. */
bool sw_rules_parse(const char *text, struct sw_rules *rules, struct sw_error *error) SW_CHECKED;

/* Reads "midtick" (NULL: that), "entered", "limit N" or "limit=N". SW_USAGE: anything else, or a
 * negative N. */
bool sw_concede_parse(const char *text, struct sw_concede *concede,
                      struct sw_error *error) SW_CHECKED;

#endif
