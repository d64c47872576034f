/* SPDX-License-Identifier: ISC */
#include "monitor/load.h"

#include "monitor/amount.h"

/* Raises *total to `now`, and returns by how much. */
static uint64_t raise_to(uint64_t *total, uint64_t now)
{
    uint64_t grown = now > *total ? now - *total : 0;
    *total += grown;
    return grown;
}

void sw_load_add(struct sw_load *load, const struct sw_look *look, int64_t elapsed_us)
{
    uint64_t cpu_us = raise_to(&load->cpu_us, look->cpu_us);
    uint64_t read_bytes = raise_to(&load->read_bytes, look->read_bytes);
    uint64_t written_bytes = raise_to(&load->written_bytes, look->written_bytes);
    load->cpu_permille = elapsed_us > 0 ? cpu_us * 1000 / (uint64_t)elapsed_us : 0;
    load->read_rate = sw_per_second(read_bytes, elapsed_us);
    load->written_rate = sw_per_second(written_bytes, elapsed_us);
    load->memory_bytes = look->memory_bytes;
    raise_to(&load->peak_bytes, look->memory_bytes);
    raise_to(&load->peak_bytes, look->peak_bytes);
    if (look->jobs == 0) return;
    load->disk_permille =
        (3 * load->disk_permille + (unsigned)(1000 * look->jobs_at_disk / look->jobs)) / 4;
    if (elapsed_us > 0) {
        load->memory_time += (sw_uint128)look->memory_bytes * (uint64_t)elapsed_us;
        load->watched_us += elapsed_us;
    }
}

uint64_t sw_load_mean_bytes(const struct sw_load *load)
{
    if (load->watched_us <= 0) return load->memory_bytes;
    return (uint64_t)(load->memory_time / (uint64_t)load->watched_us);
}
