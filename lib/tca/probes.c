/* SPDX-License-Identifier: ISC */
#include "tca/probes.h"

enum { PROBE_KEYS = SW_PROBE_MATCH + 1, SIGHT_KEYS = SW_SIGHT_KIND + 1 };

bool sw_probes_open(struct sw_row_sorter *probes, const struct sw_column *security,
                    uint64_t memory_bytes, const char *folder, struct sw_error *error)
{
    const struct sw_row_column columns[SW_PROBE_COLUMNS] = {
        [SW_PROBE_SECURITY] = {"security", security->type, security->scale},
        [SW_PROBE_TIME] = {"time", SW_TIME, 0},
        [SW_PROBE_KIND] = {"kind", SW_INT, 0},
        [SW_PROBE_MATCH] = {"match", SW_DECIMAL, 0},
        [SW_PROBE_ORDER] = {"order", SW_UINT, 0},
        [SW_PROBE_FILL] = {"fill", SW_INT, 0},
        [SW_PROBE_PRICE] = {"price", SW_DECIMAL, 0},
        [SW_PROBE_QUANTITY] = {"quantity", SW_DECIMAL, 0},
    };
    return sw_row_sorter_open(probes, columns, SW_PROBE_COLUMNS, PROBE_KEYS, memory_bytes, folder,
                              error);
}

bool sw_sights_open(struct sw_row_sorter *sights, uint64_t memory_bytes, const char *folder,
                    struct sw_error *error)
{
    struct sw_row_column columns[SW_SIGHT_COLUMNS] = {
        [SW_SIGHT_ORDER] = {"order", SW_UINT, 0},
        [SW_SIGHT_KIND] = {"kind", SW_INT, 0},
        [SW_SIGHT_DAY] = {"day", SW_INT, 0},
        [SW_SIGHT_TIME] = {"time", SW_TIME, 0},
        [SW_SIGHT_FILL] = {"fill", SW_INT, 0},
        [SW_SIGHT_PRICE] = {"price", SW_DECIMAL, 0},
        [SW_SIGHT_QUANTITY] = {"quantity", SW_DECIMAL, 0},
        [SW_SIGHT_MID] = {"mid", SW_DECIMAL, 0},
        [SW_SIGHT_SPREAD] = {"spread", SW_DECIMAL, 0},
        [SW_SIGHT_CROSSED] = {"crossed", SW_INT, 0},
        [SW_SIGHT_MARKET_QUANTITY] = {"market_quantity", SW_DECIMAL, 0},
        [SW_SIGHT_MARKET_VALUE] = {"market_value", SW_DECIMAL, 0},
    };
    static const char *const after[SW_HORIZONS] = {"after_1", "after_2", "after_3", "after_4",
                                                   "after_5"};
    for (int i = 0; i < SW_HORIZONS; i++)
        columns[SW_SIGHT_AFTER + i] = (struct sw_row_column){after[i], SW_DECIMAL, 0};
    return sw_row_sorter_open(sights, columns, SW_SIGHT_COLUMNS, SIGHT_KEYS, memory_bytes, folder,
                              error);
}

bool sw_probes_add(struct sw_row_sorter *probes, const struct sw_vector *security, size_t row,
                   const struct sw_probe *probe, struct sw_error *error)
{
    struct sw_builder *builders = probes->builders;
    const uint32_t rows[1] = {(uint32_t)row};
    if (probe->matched) {
        if (!sw_builder_add_value(&builders[SW_PROBE_MATCH], probe->match, error)) return false;
    } else {
        sw_builder_add_null(&builders[SW_PROBE_MATCH]);
    }
    return sw_builder_gather(&builders[SW_PROBE_SECURITY], security, rows, 1, error) &&
           sw_builder_add_value(&builders[SW_PROBE_TIME], probe->time_ns, error) &&
           sw_builder_add_value(&builders[SW_PROBE_KIND], probe->kind, error) &&
           sw_builder_add_value(&builders[SW_PROBE_ORDER], probe->order, error) &&
           sw_builder_add_value(&builders[SW_PROBE_FILL], probe->fill, error) &&
           sw_builder_add_value(&builders[SW_PROBE_PRICE], probe->price, error) &&
           sw_builder_add_value(&builders[SW_PROBE_QUANTITY], probe->quantity, error) &&
           sw_row_sorter_added(probes, error);
}
