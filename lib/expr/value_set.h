/* SPDX-License-Identifier: ISC
 *
 * A set of numbers or of texts that is asked often: numbers near each other are bits of a bitmap,
 * others stand in a hash table; texts are sorted. Besides there may be all whole numbers with one of
 * some bits, as two's complement has them.
 *
 *     struct sw_value_set value set = {0};
 *     … sw_value_set_add_number(&value_set, 64, error) … sw_value_set_seal(&value_set, error) …
 *     if (sw_value_set_has_number(&value_set, x)) …
 */
#ifndef SW_EXPR_VALUE_SET_H
#define SW_EXPR_VALUE_SET_H

#include "record/vector.h"

struct sw_value_set {
    sw_int128 *numbers;
    size_t number_count, number_capacity;
    sw_int128 low, high; /* the smallest and the largest of the numbers */
    uint64_t mask;       /* and every whole number with one of these bits is in the set, where */
    sw_int128 unit;      /* this is what 1 is, 10^scale */
    uint64_t *bits;      /* bit i is low + i; NULL where the numbers lie too far apart */
    uint32_t *slots;     /* else: places in numbers, + 1, open addressing */
    size_t slot_mask;
    bool contiguous; /* every number from low to high is in the set */
    struct sw_text *texts;
    size_t text_count, text_capacity;
};

/* Adds one; a text is not copied. SW_SYSTEM: no memory. */
bool sw_value_set_add_number(struct sw_value_set *value_set, sw_int128 number,
                             struct sw_error *error) SW_CHECKED;
bool sw_value_set_add_text(struct sw_value_set *value_set, struct sw_text text,
                           struct sw_error *error) SW_CHECKED;

/* Makes it ready to be asked; nothing is added from then on. SW_SYSTEM: no memory. */
bool sw_value_set_seal(struct sw_value_set *value_set, struct sw_error *error) SW_CHECKED;

bool sw_value_set_has_number(const struct sw_value_set *value_set, sw_int128 number);

/* Whether a number of those from low to high may be in the set; false only where none is. */
bool sw_value_set_may_have(const struct sw_value_set *value_set, sw_int128 low, sw_int128 high);
bool sw_value_set_has_text(const struct sw_value_set *value_set, const struct sw_text *text);

/* mask[i] = 2 where values[i] is in the set, else 0. */
void sw_value_set_test(const struct sw_value_set *value_set, const int64_t *values, size_t count,
                       unsigned char *mask);

void sw_value_set_free(struct sw_value_set *value_set);

#endif
