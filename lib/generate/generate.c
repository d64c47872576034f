/* SPDX-License-Identifier: ISC */
#include "generate/generate.h"

#include "base/bytes.h"
#include "generate/market.h"
#include "generate/planted.h"

enum { SAMPLE_ROWS = 50000, SHORTEST_ROW = 70 };

static bool check_count(const char *what, int64_t count, int64_t least, int64_t most,
                        struct sw_error *error)
{
    if (count >= least && count <= most) return true;
    return sw_fail(error, SW_USAGE, "--%s: not from %lld to %lld: %lld", what, (long long)least,
                   (long long)most, (long long)count);
}

bool sw_generate_check(const struct sw_generate_settings *settings, struct sw_error *error)
{
    return check_count("rows", settings->rows, 0, INT64_MAX, error) &&
           check_count("securities", settings->securities, 1, SW_GENERATE_SECURITIES_MAXIMUM,
                       error) &&
           check_count("days", settings->days, 1, SW_GENERATE_DAYS_MAXIMUM, error) &&
           check_count("participants", settings->participants, 1, SW_GENERATE_PARTICIPANTS_MAXIMUM,
                       error) &&
           check_count("planted", settings->planted, 0, SW_GENERATE_PLANTED_MAXIMUM, error) &&
           (settings->planted == 0 || check_count("participants", settings->participants, 2,
                                                  SW_GENERATE_PARTICIPANTS_MAXIMUM, error));
}

bool sw_generate(const struct sw_generate_settings *settings,
                 struct sw_output *const outputs[SW_GEN_TABLES], struct sw_error *error)
{
    if (settings->planted > 0) return sw_gen_planted(settings, outputs, error);
    struct sw_gen_market market;
    bool good = sw_gen_market_start(&market, settings, outputs, error);
    while (good && sw_gen_due(&market) > 0) {
        sw_gen_market_step(&market);
        good = sw_gen_rows_drain(&market.rows, false, error);
    }
    good = good && sw_gen_rows_drain(&market.rows, true, error);
    sw_gen_market_free(&market);
    return good;
}

/* Bytes of an orders table of so many rows. */
static bool measure(const struct sw_generate_settings *settings, int64_t rows, uint64_t *bytes,
                    struct sw_error *error)
{
    struct sw_output nowhere;
    struct sw_generate_settings sample = *settings;
    sample.rows = rows;
    if (!sw_output_open(&nowhere, "/dev/null", error)) return false;
    struct sw_output *outputs[SW_GEN_TABLES] = {[SW_GEN_ORDERS] = &nowhere};
    bool good = sw_generate(&sample, outputs, error);
    *bytes = nowhere.written;
    sw_output_abandon(&nowhere);
    return good;
}

bool sw_generate_rows_of_size(const struct sw_generate_settings *settings, uint64_t size_bytes,
                              int64_t *rows, struct sw_error *error)
{
    uint64_t header_bytes, sample_bytes, guess = size_bytes / SHORTEST_ROW + 1;
    int64_t sample_rows = guess < SAMPLE_ROWS ? (int64_t)guess : SAMPLE_ROWS;
    if (!measure(settings, 0, &header_bytes, error) ||
        !measure(settings, sample_rows, &sample_bytes, error))
        return false;
    uint64_t wanted = size_bytes > header_bytes ? size_bytes - header_bytes : 0;
    *rows = (int64_t)((sw_uint128)wanted * (uint64_t)sample_rows / (sample_bytes - header_bytes));
    return true;
}
