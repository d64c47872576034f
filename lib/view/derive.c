/* SPDX-License-Identifier: ISC */
#include "view/derive.h"

#include <string.h>

static const struct sw_recipe recipes[] = {
    {.name = "date", .type = SW_DATE, .of_time = true, .compute = sw_derive_date},
    {.name = "hour", .type = SW_INT, .of_time = true, .compute = sw_derive_hour},
    {.name = "time", .type = SW_TEXT, .of_time = true, .compute = sw_derive_time},
    {.name = "hour_start", .type = SW_TEXT, .of_time = true, .compute = sw_derive_hour_start},
    {.name = "#time_of_day", .type = SW_INT, .of_time = true, .compute = sw_derive_time_of_day},
    {.name = "nanos", .type = SW_INT, .of_time = true, .compute = sw_derive_time_of_day},
    {.name = "order_quantity",
     .type = SW_DECIMAL,
     .scale_rule = SW_SCALE_GREATEST,
     .inputs = {"quantity", "totalmatchedquantity", "leavesquantity"},
     .choice = 2,
     .compute = sw_derive_order_quantity},
    {.name = "size", .type = SW_TEXT, .inputs = {"order_quantity"}, .compute = sw_derive_size},
    {.name = "#size",
     .type = SW_INT,
     .inputs = {"order_quantity"},
     .compute = sw_derive_size_place},
    {.name = "value",
     .type = SW_DECIMAL,
     .scale_rule = SW_SCALE_SUM,
     .inputs = {"price", "order_quantity"},
     .compute = sw_derive_value},
    {.name = "fill_ratio",
     .type = SW_DECIMAL,
     .scale = 18,
     .inputs = {"totalmatchedquantity", "order_quantity"},
     .compute = sw_derive_fill_ratio},
    {.name = "fill",
     .type = SW_TEXT,
     .inputs = {"totalmatchedquantity", "order_quantity"},
     .compute = sw_derive_fill},
};

const char *sw_recipe_name(size_t index)
{
    return index < sizeof recipes / sizeof *recipes ? recipes[index].name : NULL;
}

const struct sw_recipe *sw_recipe_find(const char *name)
{
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++)
        if (strcmp(recipes[i].name, name) == 0) return &recipes[i];
    return NULL;
}
