/* SPDX-License-Identifier: ISC */
#include "generate/book.h"

#include <string.h>

#include "base/number.h"

enum { PRICE_UNIT = 100 };

/* 110621 first; 199999 is prime, so that no code comes twice before that many. */
static uint32_t code_of(uint32_t rank)
{
    return 50000 + (uint32_t)((60621 + (uint64_t)rank * 7919) % 199999);
}

void sw_gen_security_start(struct sw_gen_security *security, uint32_t rank)
{
    struct sw_gen_random random = {rank};
    int32_t unit = rank == 0 ? 3350 : 50 + (int32_t)sw_gen_below(&random, 450);
    if (rank && sw_gen_chance(&random, 50)) unit = unit * (int32_t)(2 + sw_gen_below(&random, 20));
    *security = (struct sw_gen_security){.fair = unit * PRICE_UNIT, .day = -1};
    security->tick = unit < 200 ? PRICE_UNIT / 2 : PRICE_UNIT;
    security->lowest = unit * 3 / 4 * PRICE_UNIT;
    security->highest = unit * 5 / 4 * PRICE_UNIT;
    char code[20];
    security->code_length = (uint32_t)sw_format_unsigned(code, code_of(rank));
    memcpy(security->code, code, security->code_length);
}

static void drop_expired(struct sw_gen_list *list)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++)
        if (list->orders[i].stays) list->orders[kept++] = list->orders[i];
    list->count = kept;
}

void sw_gen_security_day(struct sw_gen_security *security, int64_t day)
{
    if (security->day == day) return;
    security->day = day;
    security->bid = security->offer = 0;
    for (int where = 0; where < 2; where++)
        for (int side = 0; side < 2; side++) drop_expired(&security->lists[where][side]);
}

void sw_gen_security_move(struct sw_gen_security *security, int32_t price)
{
    if (price >= security->lowest && price <= security->highest) security->fair = price;
}

int sw_gen_best(const struct sw_gen_list *list, int side)
{
    if (list->count == 0) return -1;
    int best = 0;
    for (int i = 1; i < list->count; i++) {
        int32_t price = list->orders[i].price, so_far = list->orders[best].price;
        if (side == SW_GEN_BUY ? price > so_far : price < so_far) best = i;
    }
    return best;
}

int sw_gen_willing_order(const struct sw_gen_list *list, int side, int32_t price)
{
    for (int i = 0; i < list->count; i++) {
        int32_t limit = list->orders[i].price;
        if (side == SW_GEN_BUY ? limit >= price : limit <= price) return i;
    }
    return -1;
}

void sw_gen_add(struct sw_gen_list *list, const struct sw_gen_order *order)
{
    list->orders[list->count++] = *order;
}

void sw_gen_remove(struct sw_gen_list *list, int place)
{
    list->count--;
    memmove(&list->orders[place], &list->orders[place + 1],
            (size_t)(list->count - place) * sizeof *list->orders);
}

void sw_gen_quote(const struct sw_gen_security *security, int32_t *bid, int32_t *offer)
{
    const struct sw_gen_list *lists = security->lists[SW_GEN_VISIBLE];
    int buy = sw_gen_best(&lists[SW_GEN_BUY], SW_GEN_BUY);
    int sell = sw_gen_best(&lists[SW_GEN_SELL], SW_GEN_SELL);
    int32_t fair = security->fair, tick = security->tick;
    int32_t highest_buy = buy >= 0 ? lists[SW_GEN_BUY].orders[buy].price : 0;
    int32_t lowest_sell = sell >= 0 ? lists[SW_GEN_SELL].orders[sell].price : 0;
    if (buy < 0) highest_buy = sell >= 0 && lowest_sell <= fair ? lowest_sell - tick : fair;
    if (sell < 0) lowest_sell = highest_buy > fair ? highest_buy + tick : fair + tick;
    *bid = highest_buy < lowest_sell ? highest_buy : lowest_sell;
    *offer = highest_buy < lowest_sell ? lowest_sell : highest_buy;
    if (*bid == *offer) *offer += tick;
}
