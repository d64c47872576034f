/* SPDX-License-Identifier: ISC */
#include "ledger/analysis.h"

#include <inttypes.h>
#include <stdarg.h>
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
    uint64_t of[NAMES];
    uint64_t alone
        [NAMES]; /* of these, trades of securities without orders, as far as they are counted */
};

static bool find(const struct sw_tallies *tallies, const char *path, struct found *found,
                 struct sw_error *error)
{
    struct sw_buffer text = {0};
    uint64_t *alone = found->alone;
    for (size_t i = 0; i < NAMES; i++) found->of[i] = sw_tallies_sum(tallies, names[i]);
    bool good = sw_read_whole(path, "a list", FILE_MOST, &text, error) &&
                sw_buffer_add(&text, "", 1, error);
    if (good && sscanf((const char *)text.bytes, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
                       &alone[TRADE_ROWS], &alone[MARKET], &alone[BOOKED], &alone[REPORTED]) != 4)
        good = sw_fail(error, SW_SYSTEM, "%s: not the trades without orders", path);
    for (size_t i = 0; good && i < NAMES; i++) found->of[i] += alone[i];
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

/* ---- doubts ---- */

static bool doubt(struct sw_buffer *out, uint64_t count, struct sw_error *error, const char *format,
                  ...) SW_PRINTF(4, 5);

/* A line, where there is anything to it. */
static bool doubt(struct sw_buffer *out, uint64_t count, struct sw_error *error, const char *format,
                  ...)
{
    char line[200];
    va_list words;
    if (count == 0) return true;
    va_start(words, format);
    vsnprintf(line, sizeof line, format, words);
    va_end(words);
    return sw_buffer_format(out, error, "%s\n", line);
}

/* The values that orders lack for want of what they are made of, by name. */
static bool put_missing(const struct sw_tallies *tallies, struct sw_buffer *out,
                        struct sw_error *error)
{
    static const char begin[] = "missing_";
    bool said = false, good = true;
    for (size_t i = 1; good && i < tallies->columns; i++) {
        const char *name = tallies->names[i];
        if (strncmp(name, begin, strlen(begin)) != 0 || tallies->sums[i] == 0) continue;
        good = sw_buffer_format(out, error, "%s %" PRIu64 " %s",
                                said ? "," : "warning\tleft empty, since they cannot be had:",
                                tallies->sums[i], name + strlen(begin));
        said = true;
    }
    return good && (!said || sw_buffer_text(out, "\n", error));
}

bool sw_ledger_doubts(const struct sw_tallies *tallies, const char *other_trades,
                      struct sw_buffer *out, struct sw_error *error)
{
    struct found found = {0};
    if (!find(tallies, other_trades, &found, error)) return false;
    const uint64_t *of = found.of;
    uint64_t orders = sw_tallies_sum(tallies, "orders");
    uint64_t left_out = orders - sw_tallies_sum(tallies, "executed");
    uint64_t trades = found.alone[MARKET] + sw_tallies_sum(tallies, "unmatched_market");
    uint64_t bookings = found.alone[BOOKED] + sw_tallies_sum(tallies, "unmatched_booked");
    uint64_t others = of[TRADE_ROWS] - of[MARKET] - of[BOOKED] - of[REPORTED];
    uint64_t crossed = sw_tallies_sum(tallies, "crossed");
    return doubt(out, left_out, error,
                 "info\t%" PRIu64 " of %" PRIu64 " orders have no trade and are left out, %" PRIu64
                 " of them with bookings",
                 left_out, orders, sw_tallies_sum(tallies, "only_booked")) &&
           doubt(out, trades, error, "warning\t%" PRIu64 " of %" PRIu64 " trades have no order",
                 trades, of[MARKET]) &&
           doubt(out, bookings, error, "warning\t%" PRIu64 " of %" PRIu64 " bookings have no order",
                 bookings, of[BOOKED]) &&
           doubt(out, others, error,
                 "warning\t%" PRIu64
                 " rows of trades are of another dealsource, and taken for no trades",
                 others) &&
           doubt(out, crossed, error, "warning\t%" PRIu64 " crossed quotes are left out",
                 crossed) &&
           doubt(out, of[MISMATCHED], error,
                 "warning\t%" PRIu64
                 " orders whose trades and bookings are not their totalmatchedquantity",
                 of[MISMATCHED]) &&
           put_missing(tallies, out, error);
}
