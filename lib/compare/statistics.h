/* SPDX-License-Identifier: ISC
 *
 * Statistics of pairs that are taken to be independent of each other: the paired t test, Wilcoxon's
 * signed ranks, correlations, Cohen's d; and the t of pairs that come in clusters. What goes in are exact sums of whole numbers; what comes out
 * is good for six digits. Knows nothing of streams.
 */
#ifndef SW_COMPARE_STATISTICS_H
#define SW_COMPARE_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "compare/bootstrap.h"

/* A number, or none: there were too few values, or all were the same. */
struct sw_statistic {
    bool known;
    long double value;
};

/* Of n values and pairs of values. */
struct sw_moment_sums {
    uint64_t n;
    sw_int128 x, y, xx, yy, xy;
};

/* Adds a pair. False: a sum does not fit 128 bits. */
bool sw_moments_add_pair(struct sw_moment_sums *sums, sw_int128 x, sw_int128 y) SW_CHECKED;

/* The t of the mean of the x against 0, with n − 1 degrees of freedom, and its two-sided p. */
void sw_paired_t(const struct sw_moment_sums *sums, struct sw_statistic *t, struct sw_statistic *p);

/* The t of the mean of all x against 0 where those of a cluster may go together: the mean by the root
 * of G ÷ (G − 1) × Σ (Σ x − n × mean)² ÷ N² over the G clusters, with G − 1 degrees of freedom, and its
 * two-sided p. */
void sw_clustered_t(const struct sw_cluster *clusters, size_t count, struct sw_statistic *t,
                    struct sw_statistic *p);

/* The mean of the x ÷ their standard deviation (n − 1). */
struct sw_statistic sw_cohen_d(const struct sw_moment_sums *sums);

/* The correlation of the x and the y. */
struct sw_statistic sw_correlation(const struct sw_moment_sums *sums);

/* Signed ranks of the values that are not 0. */
struct sw_rank_sums {
    uint64_t n;
    sw_int128 positive; /* twice the sum of the ranks of those above 0 */
    sw_int128 ties;     /* Σ t³ − t over groups of t equal sizes */
};

/* Wilcoxon's V, and the two-sided p of its normal approximation, corrected for ties and without
 * correction for continuity. */
void sw_wilcoxon(const struct sw_rank_sums *sums, struct sw_statistic *v, struct sw_statistic *p);

/* Writes a statistic with six significant digits; nothing where it is none. Returns the length. */
enum { SW_STATISTIC_LENGTH = 40 };
int sw_statistic_format(const struct sw_statistic *statistic, char to[SW_STATISTIC_LENGTH]);

#endif
