/* SPDX-License-Identifier: ISC */
#include "monitor/amount.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static int64_t clock_of(clockid_t id)
{
    struct timespec at;
    if (clock_gettime(id, &at) != 0) return 0; /* these clocks are always there */
    return (int64_t)at.tv_sec * SW_US_PER_SECOND + at.tv_nsec / 1000;
}

int64_t sw_now_us(void)
{
    return clock_of(CLOCK_REALTIME);
}

int64_t sw_clock_us(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

const char *sw_format_duration(char to[SW_AMOUNT_LENGTH], int64_t us)
{
    int64_t seconds = us / SW_US_PER_SECOND;
    if (us < 0)
        snprintf(to, SW_AMOUNT_LENGTH, "-:--:--");
    else
        snprintf(to, SW_AMOUNT_LENGTH, "%" PRId64 ":%02d:%02d", seconds / 3600,
                 (int)(seconds / 60 % 60), (int)(seconds % 60));
    return to;
}

const char *sw_format_count(char to[SW_AMOUNT_LENGTH], uint64_t count)
{
    char digits[SW_AMOUNT_LENGTH];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) to[at++] = ',';
        to[at++] = digits[i];
    }
    to[at] = 0;
    return to;
}

unsigned sw_permille(uint64_t part, uint64_t whole)
{
    if (whole == 0) return 0;
    return part >= whole ? 1000 : (unsigned)((sw_uint128)part * 1000 / whole);
}

const char *sw_format_permille(char to[SW_AMOUNT_LENGTH], unsigned permille)
{
    snprintf(to, SW_AMOUNT_LENGTH, "%u.%u%%", permille / 10, permille % 10);
    return to;
}

/* What is beyond any clock counts as the end of time. */
static uint64_t clip(sw_uint128 value)
{
    return value > INT64_MAX ? INT64_MAX : (uint64_t)value;
}

uint64_t sw_per_second(uint64_t amount, int64_t us)
{
    return us <= 0 ? 0 : clip((sw_uint128)amount * SW_US_PER_SECOND / (uint64_t)us);
}

int64_t sw_time_left(uint64_t done, uint64_t total, int64_t elapsed_us)
{
    if (done >= total) return 0;
    if (done == 0 || elapsed_us < 0) return -1;
    return (int64_t)clip((sw_uint128)elapsed_us * (total - done) / done);
}
