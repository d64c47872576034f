/* SPDX-License-Identifier: ISC */
#include "compare/statistics.h"

#include <math.h>
#include <stdio.h>

/* ---- distributions ---- */

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static long double beta_fraction(long double a, long double b, long double x)
{
    const long double tiny = 1e-4000L;
    long double c = 1, d = 1 - (a + b) * x / (a + 1);
    if (fabsl(d) < tiny) d = tiny;
    d = 1 / d;
    long double value = d;
    for (int i = 1; i < 100000; i++) {
        const long double m = i;
        const long double terms[2] = {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                                      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))};
        long double change = 1;
        for (int j = 0; j < 2; j++) {
            d = 1 + terms[j] * d;
            c = 1 + terms[j] / c;
            if (fabsl(d) < tiny) d = tiny;
            if (fabsl(c) < tiny) c = tiny;
            d = 1 / d;
            change = c * d;
            value *= change;
        }
        if (fabsl(change - 1) < 1e-18L) break;
    }
    return value;
}

/* The regularized incomplete beta function; y is 1 − x, told apart since x may be next to 1. */
static long double incomplete_beta(long double a, long double b, long double x, long double y)
{
    if (x <= 0) return 0;
    if (y <= 0) return 1;
    long double front = expl(lgammal(a + b) - lgammal(a) - lgammal(b) + a * logl(x) + b * logl(y));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, y) / b;
}

static long double normal_two_sided(long double z)
{
    return erfcl(fabsl(z) / sqrtl(2));
}

/* ---- moments ---- */

static bool add_product(sw_int128 *sum, sw_int128 a, sw_int128 b)
{
    sw_int128 product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(*sum, product, sum);
}

bool sw_moments_add_pair(struct sw_moment_sums *sums, sw_int128 x, sw_int128 y)
{
    sums->n++;
    return add_product(&sums->x, x, 1) && add_product(&sums->y, y, 1) &&
           add_product(&sums->xx, x, x) && add_product(&sums->yy, y, y) &&
           add_product(&sums->xy, x, y);
}

/* n·Σab − Σa·Σb, exactly where that fits 128 bits; what does not is far from canceling to nothing. */
static long double cross(uint64_t n, sw_int128 ab, sw_int128 a, sw_int128 b)
{
    sw_int128 first, second, less;
    if (!__builtin_mul_overflow((sw_int128)n, ab, &first) &&
        !__builtin_mul_overflow(a, b, &second) && !__builtin_sub_overflow(first, second, &less))
        return (long double)less;
    return (long double)n * (long double)ab - (long double)a * (long double)b;
}

static long double deviation(const struct sw_moment_sums *sums)
{
    const long double n = sums->n;
    return sqrtl(cross(sums->n, sums->xx, sums->x, sums->x) / n / (n - 1));
}

static bool varies(const struct sw_moment_sums *sums)
{
    return sums->n >= 2 && cross(sums->n, sums->xx, sums->x, sums->x) > 0;
}

struct sw_statistic sw_cohen_d(const struct sw_moment_sums *sums)
{
    struct sw_statistic d = {.known = varies(sums)};
    if (d.known) d.value = (long double)sums->x / sums->n / deviation(sums);
    return d;
}

static long double t_two_sided(long double t, long double freedom)
{
    const long double square = t * t;
    return incomplete_beta(freedom / 2, 0.5L, freedom / (freedom + square),
                           square / (freedom + square));
}

void sw_paired_t(const struct sw_moment_sums *sums, struct sw_statistic *t, struct sw_statistic *p)
{
    *t = *p = (struct sw_statistic){.known = varies(sums)};
    if (!t->known) return;
    t->value = sw_cohen_d(sums).value * sqrtl(sums->n);
    p->value = t_two_sided(t->value, sums->n - 1);
}

void sw_clustered_t(const struct sw_cluster *clusters, size_t count, struct sw_statistic *t,
                    struct sw_statistic *p)
{
    struct sw_moment_sums all = {0};
    long double squares = 0;
    *t = *p = (struct sw_statistic){0};
    for (size_t i = 0; i < count; i++) {
        all.n += clusters[i].n;
        all.x += clusters[i].sum; /* fits: it is a part of a sum that did */
    }
    for (size_t i = 0; i < count; i++) {
        long double less = cross(all.n, clusters[i].sum, all.x, clusters[i].n) / all.n;
        squares += less * less;
    }
    t->known = p->known = count >= 2 && squares > 0;
    if (!t->known) return;
    t->value = (long double)all.x / sqrtl(squares * count / (count - 1));
    p->value = t_two_sided(t->value, count - 1);
}

struct sw_statistic sw_correlation(const struct sw_moment_sums *sums)
{
    long double xx = cross(sums->n, sums->xx, sums->x, sums->x);
    long double yy = cross(sums->n, sums->yy, sums->y, sums->y);
    struct sw_statistic r = {.known = sums->n >= 2 && xx > 0 && yy > 0};
    if (r.known) r.value = cross(sums->n, sums->xy, sums->x, sums->y) / sqrtl(xx) / sqrtl(yy);
    return r;
}

/* ---- ranks ---- */

void sw_wilcoxon(const struct sw_rank_sums *sums, struct sw_statistic *v, struct sw_statistic *p)
{
    const long double n = sums->n;
    const long double variance = n * (n + 1) * (2 * n + 1) / 24 - (long double)sums->ties / 48;
    *v = (struct sw_statistic){.known = sums->n > 0, .value = (long double)sums->positive / 2};
    *p = (struct sw_statistic){.known = sums->n > 0 && variance > 0};
    if (p->known) p->value = normal_two_sided((v->value - n * (n + 1) / 4) / sqrtl(variance));
}

int sw_statistic_format(const struct sw_statistic *statistic, char to[SW_STATISTIC_LENGTH])
{
    to[0] = '\0';
    if (!statistic->known) return 0;
    return snprintf(to, SW_STATISTIC_LENGTH, "%.6Lg", statistic->value + 0.0L);
}
