/* SPDX-License-Identifier: ISC */
#include "base/hash.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

struct sw_hash_key sw_hash_key;

/* Where the system gives no random numbers, as early in its start, what is hard to foresee has to do. */
static uint64_t guess(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return ((uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec ^ (uint64_t)(uintptr_t)&now) ^
           (uint64_t)getpid() << 20;
}

__attribute__((constructor)) static void draw_key(void)
{
    if (getrandom(&sw_hash_key, sizeof sw_hash_key, GRND_NONBLOCK) != sizeof sw_hash_key)
        sw_hash_key = (struct sw_hash_key){guess(), guess() * UINT64_C(0x9e3779b97f4a7c15)};
    sw_hash_key.factor |= 1;
}
