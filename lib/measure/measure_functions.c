/* SPDX-License-Identifier: ISC */
#include "measure/measure_functions.h"

const struct sw_measure_function sw_measure_functions[SW_FUNCTIONS] = {
    [SW_COUNT] = {"count", 0, 1, false, {{"value", SW_FIELD_COUNT}}},
    [SW_SUM] = {"sum", 1, 1, true, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_SUM}}},
    [SW_MEAN] = {"mean", 1, 1, true, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_SUM}}},
    [SW_STD] = {"std",
                1,
                1,
                true,
                {{"count", SW_FIELD_COUNT},
                 {"value", SW_FIELD_SUM},
                 {"squares", SW_FIELD_PRODUCTS}}},
    [SW_MIN] = {"min", 1, 1, false, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_LEAST}}},
    [SW_MAX] = {"max", 1, 1, false, {{"count", SW_FIELD_COUNT}, {"value", SW_FIELD_MOST}}},
    [SW_DISTINCT] = {"distinct", 1, 1, false, {{"count", SW_FIELD_COUNT}}},
    [SW_WMEAN] = {"wmean", 2, 2, true, {{"value", SW_FIELD_PRODUCTS}, {"weight", SW_FIELD_SUM}}},
    [SW_FIRST] = {"first", 1, 1, false, {{"value", SW_FIELD_FIRST}}},
    [SW_LAST] = {"last", 1, 1, false, {{"value", SW_FIELD_LAST}}},
    [SW_QUANTILE] = {"quantile", 1, 1, true, {{"count", SW_FIELD_COUNT}}},
    [SW_MEDIAN] = {"median", 1, 1, true, {{"count", SW_FIELD_COUNT}}},
    [SW_QUANTILE_DISC] = {"quantile_disc", 1, 1, false, {{"count", SW_FIELD_COUNT}}},
    [SW_VWAP] = {"vwap", 0, 0, true, {{"value", SW_FIELD_PRODUCTS}, {"weight", SW_FIELD_SUM}}},
    /* Asked for as sum(a)/sum(b): no name of a function. */
    [SW_RATIO] = {"sum()/sum",
                  2,
                  2,
                  true,
                  {{"value", SW_FIELD_SUM}, {"divisor", SW_FIELD_SUM}, {"count", SW_FIELD_COUNT}}},
};
bool sw_measure_function_find(const char *name, size_t length, enum sw_function *function)
{
    for (size_t i = 0; i < SW_FUNCTIONS; i++)
        if (strlen(sw_measure_functions[i].name) == length &&
            memcmp(sw_measure_functions[i].name, name, length) == 0) {
            *function = (enum sw_function)i;
            return true;
        }
    return false;
}
