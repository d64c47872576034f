/* SPDX-License-Identifier: ISC */
#include "generate/book.h"

#include <string.h>

#include "base/number.h"

enum { FIRST_SPARSE = 10 };

/* 110621 first; 199999 is prime, so that no code comes twice before that many. */
static uint32_t code_of(uint32_t rank)
{
    return 50000 + (uint32_t)((60621 + (uint64_t)rank * 7919) % 199999);
}

/* In the file's unit, a tenth of a cent, and a whole number of ticks: most cost some dollars, a few
 * some cents, as an exchange's busy ones do. None comes near a price where the tick is another. */
static int32_t draw_price(uint32_t rank, struct sw_gen_random *random)
{
    if (rank == 0) return 3350;
    unsigned draw = sw_gen_below(random, 100);
    if (draw < 75) return 2750 + 10 * (int32_t)sw_gen_below(random, 500);
    if (draw < 95) return 800 + 5 * (int32_t)sw_gen_below(random, 110);
    return 60 + (int32_t)sw_gen_below(random, 14);
}

void sw_gen_security_start(struct sw_gen_security *security, uint32_t rank)
{
    struct sw_gen_random random = {rank};
    int32_t unit = draw_price(rank, &random);
    int32_t tick = unit < 100 ? 1 : unit < 2000 ? 5 : 10;
    *security = (struct sw_gen_security){.fair = unit * SW_GEN_PRICE_UNIT,
                                         .tick = tick * SW_GEN_PRICE_UNIT,
                                         .lowest = unit * 3 / 4 * SW_GEN_PRICE_UNIT,
                                         .highest = unit * 5 / 4 * SW_GEN_PRICE_UNIT,
                                         .day = -1,
                                         .sparse = rank >= FIRST_SPARSE};
    char code[20];
    security->code_length = (uint32_t)sw_format_unsigned(code, code_of(rank));
    memcpy(security->code, code, security->code_length);
}

void sw_gen_security_day(struct sw_gen_security *security, int64_t day)
{
    if (security->day == day) return;
    security->day = day;
    security->bid = security->offer = 0;
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

int32_t sw_gen_best_price(const struct sw_gen_list *list, int side)
{
    int best = sw_gen_best(list, side);
    return best < 0 ? 0 : list->orders[best].price;
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

bool sw_gen_crosses(const struct sw_gen_security *security)
{
    const struct sw_gen_list *lists = security->lists[SW_GEN_VISIBLE];
    return lists[SW_GEN_BUY].count && lists[SW_GEN_SELL].count &&
           sw_gen_best_price(&lists[SW_GEN_BUY], SW_GEN_BUY) >=
               sw_gen_best_price(&lists[SW_GEN_SELL], SW_GEN_SELL);
}

void sw_gen_national_quote(const struct sw_gen_security *security, int32_t *bid, int32_t *offer)
{
    const struct sw_gen_list *lists = security->lists[SW_GEN_VISIBLE];
    int32_t fair = security->fair, tick = security->tick;
    int32_t highest_buy = sw_gen_best_price(&lists[SW_GEN_BUY], SW_GEN_BUY);
    int32_t lowest_sell = sw_gen_best_price(&lists[SW_GEN_SELL], SW_GEN_SELL);
    if (!highest_buy) highest_buy = lowest_sell && lowest_sell <= fair ? lowest_sell - tick : fair;
    if (!lowest_sell) lowest_sell = highest_buy > fair ? highest_buy + tick : fair + tick;
    *bid = highest_buy < lowest_sell ? highest_buy : lowest_sell;
    *offer = highest_buy < lowest_sell ? lowest_sell : highest_buy;
    if (*bid == *offer) *offer += tick;
}
