/* SPDX-License-Identifier: ISC */
#include "record/bounds.h"

sw_int128 sw_text_bound(const char *bytes, size_t length)
{
    sw_uint128 bound = 0;
    for (size_t i = 0; i < 16; i++) bound = bound << 8 | (i < length ? (unsigned char)bytes[i] : 0);
    return (sw_int128)(bound ^ (sw_uint128)1 << 127);
}

sw_int128 sw_stored_text_bound(sw_int128 stored)
{
    char bytes[16];
    sw_store128(bytes, stored);
    return sw_text_bound(bytes, sizeof bytes);
}

bool sw_range_predicate_meets(const struct sw_range_predicate *range_predicate, enum sw_type type,
                              sw_int128 minimum, sw_int128 maximum)
{
    if (type == SW_TEXT) {
        minimum = sw_stored_text_bound(minimum);
        maximum = sw_stored_text_bound(maximum);
    }
    return minimum <= range_predicate->high && maximum >= range_predicate->low;
}
