/* SPDX-License-Identifier: ISC
 *
 * The situations, each with what the rules of sw-match(1) make of it. A near quote of 0 and a far one
 * of 2 are a tick apart, so the mid is 1, and half a tick beyond 0 takes it.
 */
#include "generate/planted.h"

#define SWEEP(...)                                                                                 \
    {                                                                                              \
        .sweep = true, __VA_ARGS__                                                                 \
    }
#define OTHER(...)                                                                                 \
    {                                                                                              \
        .opposite = true, __VA_ARGS__                                                              \
    }
#define CONTRA(...) OTHER(.ally = true, .traits = SW_GEN_MIDTICK, __VA_ARGS__)
#define FRIEND(...) OTHER(.traits = SW_GEN_MIDTICK, __VA_ARGS__)
#define FELLOW(...)                                                                                \
    {                                                                                              \
        .traits = SW_GEN_MIDTICK, __VA_ARGS__                                                      \
    }
#define AT_TOUCH .price = 0
#define AT_FAR .price = 2
#define BEYOND .price = 4

#define QUOTE(beat, near, far)                                                                     \
    {                                                                                              \
        beat, SW_GEN_QUOTES_MOVE, near, far                                                        \
    }
#define ENTERS(beat, who)                                                                          \
    {                                                                                              \
        beat, SW_GEN_ENTERS, who, 0                                                                \
    }
#define FILLED(beat, who, units)                                                                   \
    {                                                                                              \
        beat, SW_GEN_FILLED, who, units                                                            \
    }
#define DARK(beat, resting, coming)                                                                \
    {                                                                                              \
        beat, SW_GEN_DARK_TRADE, resting, coming                                                   \
    }
#define REPRICED(beat, who, price)                                                                 \
    {                                                                                              \
        beat, SW_GEN_REPRICED, who, price                                                          \
    }
#define SHRINKS(beat, who, units)                                                                  \
    {                                                                                              \
        beat, SW_GEN_SHRINKS, who, units                                                           \
    }
#define OVER(who)                                                                                  \
    {                                                                                              \
        14, SW_GEN_OVER, who, 0                                                                    \
    }

#define MATCH(rules, sweep, contra, beat, units, price)                                            \
    {                                                                                              \
        rules, sweep, contra, beat, units, price, 0, 0                                             \
    }
#define BOOKED(sweep, contra, beat, units, price)                                                  \
    {                                                                                              \
        SW_GEN_FULL, sweep, contra, beat, units, price, 1, 0                                       \
    }
#define NOTHING(rules, sweep, reason)                                                              \
    {                                                                                              \
        rules, sweep, 0, 0, 0, 0, 0, reason                                                        \
    }

const struct sw_gen_situation sw_gen_situations[] = {
    {.cast = {FELLOW(.units = 10, AT_TOUCH), CONTRA(.units = 10, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(2, 0), ENTERS(3, 1), OVER(0), OVER(1)}},

    /* One contra, smaller than the sweep. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 4, 1)}},

    /* One that is larger; for the next nothing is left. The sweep is filled in two parts. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 15, AT_FAR),
              CONTRA(.units = 5, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), FILLED(5, 0, 3), ENTERS(6, 1), ENTERS(8, 2),
               FILLED(12, 0, 7), OVER(1), OVER(2)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 10, 1)}},

    /* Three in turn, and one of the sweep's own side, which is none. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, AT_FAR),
              FELLOW(.units = 50, AT_TOUCH), CONTRA(.units = 9, AT_TOUCH),
              CONTRA(.units = 5, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), ENTERS(7, 2), ENTERS(8, 3),
               ENTERS(10, 4), FILLED(12, 0, 10), OVER(1), OVER(2), OVER(3), OVER(4)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 4, 1), MATCH(SW_GEN_BOTH, 0, 3, 8, 6, 1)}},

    /* Two at one moment: the sequence decides. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 8, AT_FAR), CONTRA(.units = 8, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), ENTERS(6, 2), FILLED(12, 0, 10), OVER(1),
               OVER(2)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 8, 1), MATCH(SW_GEN_BOTH, 0, 2, 6, 2, 1)}},

    /* Two sweeps: who came first is first. */
    {.cast = {SWEEP(.units = 6, AT_TOUCH), SWEEP(.units = 6, AT_TOUCH), CONTRA(.units = 9, AT_FAR),
              CONTRA(.units = 9, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(5, 1), ENTERS(7, 2), ENTERS(9, 3),
               FILLED(12, 0, 6), FILLED(12, 1, 6), OVER(2), OVER(3)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 2, 7, 6, 1), MATCH(SW_GEN_BOTH, 1, 2, 7, 3, 1),
                 MATCH(SW_GEN_BOTH, 1, 3, 9, 3, 1)}},

    /* The second sweep is of the contra's participant. */
    {.cast = {SWEEP(.units = 6, AT_TOUCH), SWEEP(.units = 6, AT_TOUCH, .ally = true),
              CONTRA(.units = 9, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(5, 1), ENTERS(7, 2), FILLED(12, 0, 6),
               FILLED(12, 1, 6), OVER(2)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 2, 7, 6, 1), MATCH(SW_GEN_SIMPLE, 1, 2, 7, 3, 1),
                 MATCH(SW_GEN_FULL, 1, 2, 7, 6, 1), MATCH(SW_GEN_FULL, 0, 2, 7, 3, 1)}},

    /* For the second sweep nothing is left. */
    {.cast = {SWEEP(.units = 6, AT_TOUCH), SWEEP(.units = 6, AT_TOUCH), CONTRA(.units = 5, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(5, 1), ENTERS(7, 2), FILLED(12, 0, 6),
               FILLED(12, 1, 6), OVER(2)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 2, 7, 5, 1), NOTHING(SW_GEN_BOTH, 1, "quantity")}},

    /* A contra that rests: it came too early for the simple rules. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 15, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(2, 1), ENTERS(4, 0), FILLED(12, 0, 10), OVER(1)},
     .answers = {NOTHING(SW_GEN_SIMPLE, 0, "not_in_time"), MATCH(SW_GEN_FULL, 0, 1, 4, 10, 1)}},

    /* Two that rest, the second of the sweep's participant. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 7, AT_FAR), FRIEND(.units = 7, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(2, 1), ENTERS(3, 2), ENTERS(4, 0), FILLED(12, 0, 10), OVER(1),
               OVER(2)},
     .answers = {NOTHING(SW_GEN_SIMPLE, 0, "not_in_time"), MATCH(SW_GEN_FULL, 0, 2, 4, 7, 1),
                 MATCH(SW_GEN_FULL, 0, 1, 4, 3, 1)}},

    /* One that loses its place, for another price. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 7, AT_FAR), CONTRA(.units = 7, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(2, 1), ENTERS(3, 2), REPRICED(4, 1, 0), ENTERS(5, 0),
               FILLED(12, 0, 10), OVER(1), OVER(2)},
     .answers = {NOTHING(SW_GEN_SIMPLE, 0, "not_in_time"), MATCH(SW_GEN_FULL, 0, 2, 5, 7, 1),
                 MATCH(SW_GEN_FULL, 0, 1, 5, 3, 1)}},

    /* One that keeps it, and has less. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 7, AT_FAR), CONTRA(.units = 7, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(2, 1), ENTERS(3, 2), SHRINKS(4, 1, 5), ENTERS(5, 0),
               FILLED(12, 0, 10), OVER(1), OVER(2)},
     .answers = {NOTHING(SW_GEN_SIMPLE, 0, "not_in_time"), MATCH(SW_GEN_FULL, 0, 1, 5, 5, 1),
                 MATCH(SW_GEN_FULL, 0, 2, 5, 5, 1)}},

    /* One that is cancelled before. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 9, AT_FAR)},
     .moves =
         {QUOTE(0, 0, 2), ENTERS(2, 1), {3, SW_GEN_OVER, 1, 0}, ENTERS(4, 0), FILLED(12, 0, 10)},
     .answers = {NOTHING(SW_GEN_BOTH, 0, "not_in_time")}},

    /* One that has traded elsewhere. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 9, AT_FAR),
              FELLOW(.units = 5, AT_TOUCH)},
     .moves = {QUOTE(0, 0, 2), ENTERS(2, 1), DARK(3, 1, 2), ENTERS(4, 0), FILLED(12, 0, 10),
               OVER(1)},
     .answers = {NOTHING(SW_GEN_SIMPLE, 0, "not_in_time"), MATCH(SW_GEN_FULL, 0, 1, 4, 4, 1)}},

    /* A limit a tick too far. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, BEYOND)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 4, 1), NOTHING(SW_GEN_FULL, 0, "price")}},

    /* Half a tick too far: it does not concede that. */
    {.full = true,
     .cast = {SWEEP(.units = 10, AT_TOUCH), OTHER(.units = 4, AT_FAR, .ally = true)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 4, 1), NOTHING(SW_GEN_FULL, 0, "price")}},

    /* The moment of the sweep's last trade is in its time, the next is not. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, AT_FAR), CONTRA(.units = 5, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), FILLED(12, 0, 10), ENTERS(12, 1), ENTERS(13, 2),
               OVER(1), OVER(2)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 12, 4, 1)}},

    /* None but too late. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 5, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), FILLED(12, 0, 10), ENTERS(13, 1), OVER(1)},
     .answers = {NOTHING(SW_GEN_BOTH, 0, "not_in_time")}},

    /* The mid is that of the contra's arrival. */
    {.cast = {SWEEP(.units = 10, AT_FAR), CONTRA(.units = 4, BEYOND)},
     .moves = {QUOTE(0, 0, 4), ENTERS(4, 0), QUOTE(5, 2, 4), ENTERS(6, 1), FILLED(12, 0, 10),
               OVER(1)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 4, 3)}},

    /* Limits that meet when the quote has moved: in the book that is an arrival, too. */
    {.cast = {SWEEP(.units = 10, AT_FAR), CONTRA(.units = 4, BEYOND)},
     .moves = {QUOTE(0, 0, 4), ENTERS(4, 0), ENTERS(6, 1), QUOTE(8, 2, 4), FILLED(12, 0, 10),
               OVER(1)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 4, 2), MATCH(SW_GEN_FULL, 0, 1, 8, 4, 3)}},

    /* A locked quote, for as long as the contra is there. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, AT_TOUCH)},
     .moves = {QUOTE(0, 0, 0),
               ENTERS(4, 0),
               ENTERS(6, 1),
               {10, SW_GEN_OVER, 1, 0},
               QUOTE(11, 0, 2),
               FILLED(12, 0, 10)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 4, 0), NOTHING(SW_GEN_FULL, 0, "quote")}},

    /* A quote without a side, until it has one again. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), QUOTE(5, 0, -1), ENTERS(6, 1), QUOTE(11, 0, 2),
               FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 4, 1), MATCH(SW_GEN_FULL, 0, 1, 11, 4, 1)}},

    /* One participant with equal keys. */
    {.full = true,
     .cast = {SWEEP(.units = 10, AT_TOUCH, .traits = SW_GEN_KEYED),
              OTHER(.units = 4, AT_FAR, .traits = SW_GEN_MIDTICK | SW_GEN_KEYED)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 4, 1), BOOKED(0, 1, 6, 4, 1),
                 NOTHING(SW_GEN_FULL, 0, "key")}},

    /* A minimum that the sweep is too small for, and one that it is not. */
    {.full = true,
     .cast = {SWEEP(.units = 10, AT_TOUCH),
              OTHER(.units = 15, AT_FAR, .ally = true, .traits = SW_GEN_MIDTICK | SW_GEN_WHOLE)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_SIMPLE, 0, 1, 6, 10, 1), NOTHING(SW_GEN_FULL, 0, "minimum")}},
    {.full = true,
     .cast = {SWEEP(.units = 10, AT_TOUCH),
              OTHER(.units = 4, AT_FAR, .ally = true, .traits = SW_GEN_MIDTICK | SW_GEN_WHOLE)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 4, 1)}},

    /* A sweep that is another's contra. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH),
              SWEEP(.units = 6, AT_FAR, .opposite = true, .ally = true, .traits = SW_GEN_MIDTICK)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), FILLED(12, 1, 6)},
     .answers = {MATCH(SW_GEN_BOTH, 0, 1, 6, 6, 1), NOTHING(SW_GEN_BOTH, 1, "not_in_time")}},

    /* No sweeps: one that traded in the dark, too, and one that was not filled. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH, .traits = SW_GEN_MIDTICK), CONTRA(.units = 4, AT_FAR),
              CONTRA(.units = 3, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), DARK(8, 0, 2), FILLED(12, 0, 7),
               OVER(1)}},
    {.cast = {SWEEP(.units = 10, AT_TOUCH), CONTRA(.units = 4, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 4), OVER(0), OVER(1)}},

    /* None but of its own side. */
    {.cast = {SWEEP(.units = 10, AT_TOUCH), FELLOW(.units = 8, AT_FAR)},
     .moves = {QUOTE(0, 0, 2), ENTERS(4, 0), ENTERS(6, 1), FILLED(12, 0, 10), OVER(1)},
     .answers = {NOTHING(SW_GEN_BOTH, 0, "not_in_time")}},
};

const int sw_gen_situation_count = sizeof sw_gen_situations / sizeof *sw_gen_situations;
