/* SPDX-License-Identifier: ISC
 *
 * Puts sort/item_sorter.h to the test: items drawn from a seed, in groups that ascend or do not, with many that agree in what they are
 * sorted by, come out as qsort has them, from memory and from runs on disk. item_sorter_test COUNT SEED KIND MEMORY FOLDER: the KIND is
 * ascending (groups), mixed, or extreme (numbers anywhere in 64 bits).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sort/item_sorter.h"

struct numbered {
    struct sw_item item;
    uint64_t number;
    uint64_t second; /* by which the owner orders those that agree */
};

static uint64_t state;

static uint64_t draw(void)
{
    uint64_t mixed = state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

static int by_second(const struct sw_item *a, const struct sw_item *b)
{
    const struct numbered *one = (const struct numbered *)a, *other = (const struct numbered *)b;
    return (one->second > other->second) - (one->second < other->second);
}

static sw_item_compare *chosen;

static int by_all(const void *a, const void *b)
{
    const struct numbered *one = a, *other = b;
    if (one->item.group != other->item.group) return one->item.group < other->item.group ? -1 : 1;
    if (one->item.at != other->item.at) return one->item.at < other->item.at ? -1 : 1;
    if (one->item.rank != other->item.rank) return one->item.rank < other->item.rank ? -1 : 1;
    if (chosen && one->second != other->second) return one->second < other->second ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

static struct numbered make(const char *kind, uint64_t number, uint64_t count)
{
    struct numbered made = {.number = number, .second = draw() % 3};
    bool extreme = strcmp(kind, "extreme") == 0, ascending = strcmp(kind, "ascending") == 0;
    made.item.group = ascending ? (uint32_t)(number * 5 / count) : (uint32_t)(draw() % 3);
    made.item.at = extreme ? (int64_t)draw() : (int64_t)(draw() % (count / 4 + 1)) - 1000;
    made.item.rank = extreme ? (uint32_t)draw() : (uint32_t)(draw() % 3);
    return made;
}

static int fail(const struct sw_error *error)
{
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

static int run(const char *kind, uint64_t count, uint64_t memory, const char *folder)
{
    struct sw_error error = {0};
    struct sw_item_sorter sorter = {0};
    struct numbered *all = calloc(count + 1, sizeof *all);
    uint64_t got = 0;
    enum sw_step step;
    if (!all) abort();
    sw_item_sorter_open(&sorter, sizeof *all, chosen, memory, folder);
    for (uint64_t i = 0; i < count; i++) {
        struct numbered *item = sw_item_sorter_add(&sorter, &error);
        if (!item) return fail(&error);
        *item = all[i] = make(kind, i, count);
    }
    if (!sw_item_sorter_finish(&sorter, &error)) return fail(&error);
    qsort(all, count, sizeof *all, by_all);
    for (; (step = sw_item_sorter_next(&sorter, &error)) == SW_ROWS; got++)
        if (got == count || memcmp(sorter.item, &all[got], sizeof *all) != 0) {
            fprintf(stderr, "%s: item %llu of %llu is another\n", kind, (unsigned long long)got,
                    (unsigned long long)count);
            return 1;
        }
    if (step != SW_END) return fail(&error);
    printf("%llu%s\n", (unsigned long long)got,
           sw_item_spill_any(&sorter.spill) ? " from disk" : "");
    sw_item_sorter_free(&sorter);
    free(all);
    return got != count;
}

int main(int argc, char **argv)
{
    if (argc != 6) return 2;
    state = strtoull(argv[2], NULL, 10);
    chosen = state % 2 ? by_second : NULL;
    return run(argv[3], strtoull(argv[1], NULL, 10), strtoull(argv[4], NULL, 10), argv[5]);
}
