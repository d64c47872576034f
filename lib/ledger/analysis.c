/* SPDX-License-Identifier: ISC */
#include "ledger/analysis.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "files/whole.h"
#include "output/quote_text.h"

enum { ORDERS, TRADES, QUOTES, TABLES, FILE_MOST = 1 << 30 };

static const char *const tables[] = {"orders", "trades", "nbbo"};

/* What the securities' jobs counted, in all, and the trades of those without orders. */
static const char *const names[] = {"events", "trades", "matched", "mismatched",
                                    "market", "booked", "reported"};
enum { EVENTS, TRADE_ROWS, MATCHED, MISMATCHED, MARKET, BOOKED, REPORTED, NAMES };

struct found {
    uint64_t of[NAMES],
        others; /* others: trades without a security's orders, which are in TRADE_ROWS, too */
};

static bool find(const struct sw_tallies *tallies, const char *path, struct found *found,
                 struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t market, booked, reported;
    for (size_t i = 0; i < NAMES; i++) found->of[i] = sw_tallies_sum(tallies, names[i]);
    bool good = sw_read_whole(path, "a list", FILE_MOST, &text, error) &&
                sw_buffer_add(&text, "", 1, error);
    if (good && sscanf((const char *)text.bytes, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
                       &found->others, &market, &booked, &reported) != 4)
        good = sw_fail(error, SW_SYSTEM, "%s: not the trades without orders", path);
    if (good) {
        found->of[TRADE_ROWS] += found->others;
        found->of[MARKET] += market;
        found->of[BOOKED] += booked;
        found->of[REPORTED] += reported;
    }
    sw_buffer_free(&text);
    return good;
}

/* ---- lines ---- */

static int table_of(const struct sw_ledger_input *input)
{
    int table = 0;
    while (table < TABLES && strcmp(tables[table], input->table) != 0) table++;
    return table;
}

static int by_table(const void *left, const void *right)
{
    const struct sw_ledger_input *a = *(const struct sw_ledger_input *const *)left;
    const struct sw_ledger_input *b = *(const struct sw_ledger_input *const *)right;
    int order = table_of(a) - table_of(b);
    return order ? order : strcmp(a->name, b->name);
}

/* `more` is what stands between the rows and the lines. */
static bool put_line(const char *table, const char *name, const struct sw_ledger_counts *counts,
                     const char *more, struct sw_buffer *out, struct sw_error *error)
{
    return sw_buffer_format(out, error, "%s,", table) &&
           sw_render_csv(out, name, strlen(name), error) && sw_buffer_text(out, ",", error) &&
           sw_ledger_put_rows(counts, out, error) && sw_buffer_format(out, error, ",%s,", more) &&
           sw_ledger_put_lines(counts, out, error) && sw_buffer_text(out, "\n", error);
}

static bool put_files(const struct sw_ledger *ledger, struct sw_ledger_counts sums[TABLES],
                      struct sw_buffer *out, struct sw_error *error)
{
    const struct sw_ledger_input **order = sw_alloc(ledger->count + 1, sizeof(void *), error);
    bool good = order != NULL;
    for (size_t i = 0; good && i < ledger->count; i++) {
        order[i] = &ledger->inputs[i];
        good = table_of(order[i]) < TABLES ||
               sw_fail(error, SW_SYSTEM, "no table of an analysis: '%s'", order[i]->table);
    }
    if (good) qsort(order, ledger->count, sizeof *order, by_table);
    for (size_t i = 0; good && i < ledger->count; i++) {
        good = put_line(order[i]->table, order[i]->name, &order[i]->counts, ",,,,,,,,,,,,,,", out,
                        error);
        sw_ledger_sum(&sums[table_of(order[i])], &order[i]->counts);
    }
    free(order);
    return good;
}

static bool check(const struct sw_ledger_counts sums[TABLES], const struct found *found,
                  struct sw_error *error)
{
    uint64_t events = sums[ORDERS].of[SW_KEPT], trades = sums[TRADES].of[SW_KEPT];
    if (events != found->of[EVENTS])
        return sw_fail(error, SW_SYSTEM,
                       "the ledger does not add up: %" PRIu64 " events were kept, but %" PRIu64
                       " folded",
                       events, found->of[EVENTS]);
    if (trades != found->of[TRADE_ROWS])
        return sw_fail(error, SW_SYSTEM,
                       "the ledger does not add up: %" PRIu64
                       " rows of trades were kept, but %" PRIu64 " taken to orders",
                       trades, found->of[TRADE_ROWS]);
    return true;
}

static bool put_tables(const struct sw_ledger_counts sums[TABLES], const struct found *found,
                       const struct sw_tallies *tallies, struct sw_buffer *out,
                       struct sw_error *error)
{
    const uint64_t *of = found->of;
    char orders[64], trades[200], nbbo[100];
    uint64_t told = of[MARKET] + of[BOOKED] + of[REPORTED];
    snprintf(orders, sizeof orders, ",,%" PRIu64 ",,,,,,,,,,,,", of[MISMATCHED]);
    snprintf(trades, sizeof trades,
             "%" PRIu64 ",%" PRIu64 ",,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",,,,,,,,",
             of[MATCHED], sums[TRADES].of[SW_KEPT] - of[MATCHED], of[MARKET], of[BOOKED],
             of[REPORTED], of[TRADE_ROWS] - told);
    snprintf(nbbo, sizeof nbbo, ",,,,,,,%" PRIu64 ",%" PRIu64 ",,,,,,",
             sw_tallies_sum(tallies, "crossed"), sw_tallies_sum(tallies, "one_sided"));
    return put_line("orders", "all", &sums[ORDERS], orders, out, error) &&
           put_line("trades", "all", &sums[TRADES], trades, out, error) &&
           put_line("nbbo", "all", &sums[QUOTES], nbbo, out, error);
}

bool sw_ledger_analysis(const struct sw_ledger *ledger, const struct sw_tallies *tallies,
                        const char *other_trades, struct sw_buffer *out, struct sw_error *error)
{
    struct sw_ledger_counts sums[TABLES] = {{.text = true}, {.text = true}, {.text = true}};
    struct found found = {0};
    return find(tallies, other_trades, &found, error) &&
           sw_buffer_text(
               out,
               "table,file,read,kept,rejected,bad,matched,unmatched,mismatched,market,booked,"
               "reported,other,crossed,one_sided,amended,unequal,without_quote,old_quotes,"
               "oldest_quote_age,beyond_limit,lines,header,empty,ignored\n",
               error) &&
           put_files(ledger, sums, out, error) && check(sums, &found, error) &&
           put_tables(sums, &found, tallies, out, error) &&
           sw_tallies_scenarios(tallies, out, error);
}
