/* SPDX-License-Identifier: ISC
 *
 * Puts the two ways of working out a simulated order (market/scenario_narrow.h) beside each other, for orders of all sizes made up
 * from a seed: wherever integers of 128 bits are wide enough, rational numbers of 512 bits give the same. Prints how many orders of
 * ordinary sizes, and of any, went which way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "market/scenario_narrow.h"

static uint64_t state = 1;

static uint64_t draw(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static uint64_t below(uint64_t limit)
{
    return draw() % limit;
}

/* A number of up to so many bits, small ones as often as large ones. */
static sw_int128 number(int bits)
{
    sw_uint128 any = (sw_uint128)draw() << 64 | draw();
    int length = (int)below((uint64_t)bits + 1);
    return length ? (sw_int128)(any >> (128 - length)) : 0;
}

static struct sw_decimal decimal(int bits, int scales)
{
    if (below(16) == 0) return (struct sw_decimal){0};
    sw_int128 value = number(bits);
    if (below(64) == 0) value = -value;
    return (struct sw_decimal){true, (int)below((uint64_t)scales + 1), value};
}

static struct sw_order_terms order(int bits, int scales)
{
    struct sw_order_terms terms = {
        .sign = (int)below(3) - 1,
        .initial_quantity = decimal(bits, scales),
        .initial_price = decimal(bits, scales),
        .actual_quantity = decimal(bits, scales),
        .actual_cost = decimal(2 * bits < 127 ? 2 * bits : 127, 2 * scales < 18 ? 2 * scales : 18),
    };
    if (below(8) > 0)
        terms.midprice =
            (struct sw_mean_price){true,
                                   (int)below((uint64_t)scales + 1),
                                   1 + below(1 + below(1 << 20)),
                                   {number(2 * bits < 127 ? 2 * bits : 127),
                                    below(32) || bits < 64 ? 0 : (int64_t)below(3) - 1}};
    return terms;
}

static void fail(const char *what, int scenario, int figure)
{
    printf("%s: scenario %d, %s\n", what, scenario, sw_figure_name(figure));
    exit(1);
}

/* True: the narrow way could be gone. */
static bool compare(const struct sw_order_terms *terms, const struct sw_impact *impact)
{
    static const bool all[SW_SCENARIOS] = {true, true, true};
    static struct sw_amount one[SW_SCENARIOS][SW_FIGURES], other[SW_SCENARIOS][SW_FIGURES];
    struct sw_error error = {0};
    if (!sw_scenario_figures_narrow(all, terms, impact, one)) return false;
    if (!sw_scenario_figures_wide(all, terms, impact, other, &error)) fail(error.message, 0, 0);
    for (int i = 0; i < SW_SCENARIOS; i++)
        for (int k = 0; k < SW_FIGURES; k++) {
            if (one[i][k].known != other[i][k].known) fail("known to one only", i, k);
            if (one[i][k].known && one[i][k].value != other[i][k].value) fail("differ", i, k);
        }
    return true;
}

static void try_orders(const char *name, int bits, int scales, int count)
{
    int narrow = 0;
    for (int i = 0; i < count; i++) {
        struct sw_order_terms terms = order(bits, scales);
        struct sw_impact impact = {number(bits), (int)below((uint64_t)scales + 1), below(2)};
        narrow += compare(&terms, &impact);
    }
    printf("%s %d of %d\n", name, narrow, count);
}

int main(void)
{
    try_orders("ordinary", 27, 4, 100000);
    try_orders("decimal", 32, 8, 100000);
    try_orders("large", 63, 18, 100000);
    return 0;
}
