/* SPDX-License-Identifier: ISC */
#include "compare/bootstrap.h"

#include <stdlib.h>

#include "base/exact.h"
#include "base/memory.h"
#include "base/sum.h"

/* A draw's mean: weighted ÷ weight, of which `rank` is enough to tell the order. */
struct draw {
    sw_int128 weight, weighted, rank;
};

static uint64_t next_bits(uint64_t *state)
{
    uint64_t bits = (*state += UINT64_C(0x9e3779b97f4a7c15));
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

static int compare(const void *a, const void *b)
{
    const struct draw *one = a, *other = b;
    return (one->rank > other->rank) - (one->rank < other->rank);
}

static bool fail_range(struct sw_error *error)
{
    return sw_fail(error, SW_DATA, "a sum of weights times differences does not fit 128 bits");
}

/* False: out of range. */
static bool draw_one(const struct sw_cluster *clusters, size_t count, uint64_t *state,
                     struct draw *draw)
{
    *draw = (struct draw){0};
    for (size_t i = 0; i < count; i++) {
        const struct sw_cluster *drawn =
            &clusters[(size_t)((sw_uint128)next_bits(state) * count >> 64)];
        if (__builtin_add_overflow(draw->weight, drawn->weight, &draw->weight) ||
            __builtin_add_overflow(draw->weighted, drawn->weighted, &draw->weighted))
            return false;
    }
    return draw->weight == 0 || sw_ratio(draw->weighted, draw->weight, 9, &draw->rank);
}

/* The quantile of thousandths/1000 of `count` sorted draws, as R's type 7 has it. */
static bool quantile(const struct draw *draws, size_t count, unsigned thousandths, sw_int128 *value,
                     struct sw_error *error)
{
    const uint64_t place = (uint64_t)(count - 1) * thousandths;
    const struct draw *at = &draws[place / 1000], *behind = place % 1000 ? at + 1 : at;
    struct sw_exact low = sw_exact_divide(sw_exact_of(at->weighted, 0), sw_exact_of(at->weight, 0));
    struct sw_exact high =
        sw_exact_divide(sw_exact_of(behind->weighted, 0), sw_exact_of(behind->weight, 0));
    struct sw_exact part = sw_exact_of((sw_int128)(place % 1000), 3);
    struct sw_exact exact =
        sw_exact_add(low, sw_exact_multiply(part, sw_exact_subtract(high, low)));
    return sw_exact_round(&exact, 0, value) == SW_EXACT_KNOWN || fail_range(error);
}

bool sw_bootstrap(const struct sw_cluster *clusters, size_t count, bool *known, sw_int128 *low,
                  sw_int128 *high, struct sw_error *error)
{
    uint64_t state = 1;
    size_t drawn = 0;
    *known = false;
    if (count < 2) return true;
    struct draw *draws = sw_alloc(SW_DRAWS, sizeof *draws, error);
    bool good = draws != NULL;
    for (int i = 0; good && i < SW_DRAWS; i++) {
        good = draw_one(clusters, count, &state, &draws[drawn]) || fail_range(error);
        drawn += good && draws[drawn].weight > 0;
    }
    if (good && drawn > 0) {
        qsort(draws, drawn, sizeof *draws, compare);
        *known = true;
        good = quantile(draws, drawn, 25, low, error) && quantile(draws, drawn, 975, high, error);
    }
    free(draws);
    return good;
}
