/* SPDX-License-Identifier: ISC */
#include "generate/rows.h"

#include "base/civil.h"
#include "base/memory.h"
#include "generate/text.h"

enum { BUFFER_SIZE = 256 * 1024, LINE_MAXIMUM = 512 };
enum { FULL_AT = BUFFER_SIZE - SW_GEN_LINES_AT_ONCE * LINE_MAXIMUM };

#define FIRST_SEQUENCE UINT64_C(1000000000)
#define FIRST_MATCH_ID UINT64_C(7904794000123498546)
#define QUOTE_DELAY_NS 500000 /* from creationtime to timestamp */

enum { SHORT_SALE = 2, CENTRE_POINT_BLOCK = 4096 }; /* bits of an order's type */
enum { CROSSING_KEYS = 69000000 };

static const char short_header[] =
    "order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,"
    "participantid,orderstatus,totalmatchedquantity,sequence\n";
static const char full_header[] =
    "order_id,exchange,timestamp,security_code,price,side,changereason,orderstatus,quantity,"
    "leavesquantity,ordertype,exchangeordertype,national_bid,national_offer,bid,offer,"
    "participantid,preferenceonly,midtick,singlefillminimumquantity,minimumquantity,sequence,"
    "crossingkey,totalmatchedquantity,shortsellquantity,triggercondition,timevaliditydecoded,"
    "row_num,timevalidity,date\n";
static const char trades_header[] =
    "EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,dealsourcedecoded,"
    "exchangeinfo,matchgroupid,nationalbidpricesnapshot,nationalofferpricesnapshot,tradeprice,"
    "quantity,side,sidedecoded,participantid,passiveaggressive,row_num\n";
static const char quotes_header[] = "partition,sequence,tradedate,bidprice,creationtime,offerprice,"
                                    "orderbookid,timestamp,userid,runid\n";
static const char expected_header[] =
    "rules,security_code,date,sweep_order_id,contra_order_id,timestamp,quantity,price,booked,"
    "reason\n";

/* A line begins here and ends with end() at where it stopped. */
static char *begin(struct sw_gen_table_buffer *table)
{
    return table->bytes + table->used;
}

static void end(struct sw_gen_table_buffer *table, const char *stopped)
{
    table->used = (size_t)(stopped - table->bytes);
}

bool sw_gen_rows_start(struct sw_gen_rows *rows, struct sw_output *const outputs[SW_GEN_TABLES],
                       bool full, struct sw_error *error)
{
    const char *headers[] = {full ? full_header : short_header, trades_header, quotes_header,
                             expected_header};
    *rows =
        (struct sw_gen_rows){.full = full, .sequence = FIRST_SEQUENCE, .match_id = FIRST_MATCH_ID};
    for (int i = 0; i < SW_GEN_TABLES; i++) {
        struct sw_gen_table_buffer *table = &rows->tables[i];
        table->output = outputs[i];
        if (!table->output) continue;
        table->bytes = sw_alloc(BUFFER_SIZE, 1, error);
        if (!table->bytes) return false;
        end(table, sw_put_bytes(begin(table), headers[i], strlen(headers[i])));
    }
    return true;
}

void sw_gen_rows_time(struct sw_gen_rows *rows, int64_t timestamp_ns)
{
    sw_put_number(rows->timestamp, (uint64_t)timestamp_ns);
}

void sw_gen_rows_date(struct sw_gen_rows *rows, int64_t date)
{
    char text[SW_CIVIL_LENGTH];
    sw_format_date(text, date);
    memcpy(rows->date, text, SW_GEN_DATE_LENGTH);
}

static char *put_field(char *to, uint64_t number)
{
    to = sw_put_number(to, number);
    *to++ = ',';
    return to;
}

static char *put_price_field(char *to, int32_t price)
{
    to = sw_put_long_price(to, price);
    *to++ = ',';
    return to;
}

/* A price that may not be there, which the exchange writes as the least number of 64 bits. */
static char *put_quoted_price(char *to, int32_t price)
{
    if (!price) return SW_PUT(to, "-9223372036854775808,");
    to = sw_put_price(to, price);
    *to++ = ',';
    return to;
}

static char *put_code(char *to, const struct sw_gen_security *security)
{
    memcpy(to, security->code, SW_GEN_CODE_LENGTH); /* of fixed length: a plain store */
    to += security->code_length;
    *to++ = ',';
    return to;
}

static char *put_time(char *to, const struct sw_gen_rows *rows)
{
    to = sw_put_bytes(to, rows->timestamp, SW_GEN_TIMESTAMP_LENGTH);
    *to++ = ',';
    return to;
}

static char *put_short(char *to, const struct sw_gen_rows *rows,
                       const struct sw_gen_security *security, const struct sw_gen_order *order,
                       struct sw_gen_event event)
{
    to = put_field(to, order->id);
    to = put_time(to, rows);
    to = put_code(to, security);
    to = put_price_field(to, order->price);
    to = order->side == SW_GEN_BUY ? SW_PUT(to, "1,") : SW_PUT(to, "2,");
    to = put_field(to, (uint32_t)order->quantity);
    to = put_field(to, (uint32_t)order->left);
    to = put_field(to, order->type);
    to = put_field(to, (uint32_t)order->participant);
    to = put_field(to, (uint32_t)event.status);
    to = put_field(to, (uint32_t)order->matched);
    return sw_put_number(to, rows->sequence);
}

/* bid and offer of the nation and of the exchange: here the same. */
static char *put_quotes(char *to, const struct sw_gen_security *security)
{
    for (int i = 0; i < 2; i++) {
        to = put_quoted_price(to, security->bid);
        to = put_quoted_price(to, security->offer);
    }
    return to;
}

static char *put_minimum(char *to, const struct sw_gen_order *order)
{
    if (order->traits & SW_GEN_WHOLE) return put_field(to, (uint32_t)order->quantity);
    return order->type & CENTRE_POINT_BLOCK && order->id % 8 == 0 ? SW_PUT(to, "1,")
                                                                  : SW_PUT(to, "0,");
}

static char *put_full(char *to, const struct sw_gen_rows *rows,
                      const struct sw_gen_security *security, const struct sw_gen_order *order,
                      struct sw_gen_event event)
{
    to = put_field(to, order->id);
    to = SW_PUT(to, "3,");
    to = put_time(to, rows);
    to = put_code(to, security);
    to = put_price_field(to, order->price);
    to = order->side == SW_GEN_BUY ? SW_PUT(to, "1,") : SW_PUT(to, "2,");
    to = put_field(to, event.reason);
    to = put_field(to, (uint32_t)event.status);
    to = put_field(to, (uint32_t)order->quantity);
    to = put_field(to, (uint32_t)order->left);
    to = SW_PUT(to, "2,"); /* ordertype: with a limit */
    to = put_field(to, order->type);
    to = put_quotes(to, security);
    to = put_field(to, (uint32_t)order->participant);
    to = SW_PUT(to, "0,"); /* preferenceonly */
    to = order->traits & SW_GEN_MIDTICK ? SW_PUT(to, "1,") : SW_PUT(to, "0,");
    to = SW_PUT(to, "0,"); /* minimum of a single fill */
    to = put_minimum(to, order);
    to = put_field(to, rows->sequence);
    to = put_field(to,
                   order->traits & SW_GEN_KEYED ? CROSSING_KEYS + (uint32_t)order->participant : 0);
    to = put_field(to, (uint32_t)order->matched);
    to = order->type & SHORT_SALE ? put_field(to, (uint32_t)order->quantity) : SW_PUT(to, "0,");
    to = order->traits & SW_GEN_STAYS ? SW_PUT(to, "0,Good Till Cancelled,")
                                      : SW_PUT(to, "0,Rest of Day,");
    to = put_field(to, (uint64_t)rows->tables[SW_GEN_ORDERS].rows);
    to = order->traits & SW_GEN_STAYS ? SW_PUT(to, "2,") : SW_PUT(to, "0,");
    return sw_put_bytes(to, rows->date, SW_GEN_DATE_LENGTH);
}

void sw_gen_order_row(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                      const struct sw_gen_order *order, struct sw_gen_event event)
{
    struct sw_gen_table_buffer *table = &rows->tables[SW_GEN_ORDERS];
    table->rows++;
    rows->sequence++;
    if (!table->output) return;
    char *to = begin(table);
    to = rows->full ? put_full(to, rows, security, order, event)
                    : put_short(to, rows, security, order, event);
    *to++ = '\n';
    end(table, to);
}

static char *put_trade_side(char *to, const struct sw_gen_rows *rows,
                            const struct sw_gen_security *security,
                            const struct sw_gen_order *order, int32_t price, int32_t quantity,
                            struct sw_gen_deal deal)
{
    to = SW_PUT(to, "3,");
    to = put_field(to, rows->sequence);
    to = sw_put_bytes(to, rows->date, SW_GEN_DATE_LENGTH);
    *to++ = ',';
    to = put_time(to, rows);
    to = put_code(to, security);
    to = put_field(to, order->id);
    to = sw_put_bytes(to, deal.source, strlen(deal.source));
    *to++ = ',';
    to = put_field(to, rows->match_id);
    to = put_quoted_price(to, security->bid);
    to = put_quoted_price(to, security->offer);
    to =
        put_field(to, (uint32_t)price / SW_GEN_PRICE_UNIT); /* truncated, where it is half a tick */
    to = put_field(to, (uint32_t)quantity);
    to = order->side == SW_GEN_BUY ? SW_PUT(to, "1,Buy,") : SW_PUT(to, "2,Sell,");
    to = put_field(to, (uint32_t)order->participant);
    to = order->side == deal.aggressor ? SW_PUT(to, "1,") : SW_PUT(to, "0,");
    to = sw_put_number(to, (uint64_t)rows->tables[SW_GEN_TRADES].rows);
    *to++ = '\n';
    return to;
}

void sw_gen_trade_rows(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                       const struct sw_gen_order *const parties[2], int32_t price, int32_t quantity,
                       struct sw_gen_deal deal)
{
    struct sw_gen_table_buffer *table = &rows->tables[SW_GEN_TRADES];
    rows->match_id++;
    for (int side = 0; side < 2; side++) {
        table->rows++;
        rows->sequence++;
        if (table->output)
            end(table,
                put_trade_side(begin(table), rows, security, parties[side], price, quantity, deal));
    }
}

/* Some prices that are not there are written as 0. */
static char *put_absent_or_price(char *to, int32_t price, uint64_t sequence)
{
    return price || sequence % 4 ? put_quoted_price(to, price) : SW_PUT(to, "0,");
}

void sw_gen_quote_row(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                      struct sw_gen_quote quote)
{
    struct sw_gen_table_buffer *table = &rows->tables[SW_GEN_QUOTES];
    table->rows++;
    rows->sequence++;
    if (!table->output) return;
    char *to = SW_PUT(begin(table), "1,");
    to = put_field(to, rows->sequence);
    to = put_field(to, (uint64_t)(quote.date * SW_NS_PER_DAY));
    to = put_absent_or_price(to, quote.bid, rows->sequence);
    to = put_field(to, (uint64_t)(quote.timestamp_ns - QUOTE_DELAY_NS));
    to = put_absent_or_price(to, quote.offer, rows->sequence);
    to = put_code(to, security);
    to = put_field(to, (uint64_t)quote.timestamp_ns);
    to = SW_PUT(to, "262826,1751364092\n");
    end(table, to);
}

void sw_gen_expected_row(struct sw_gen_rows *rows, const struct sw_gen_security *security,
                         const struct sw_gen_expected *expected)
{
    struct sw_gen_table_buffer *table = &rows->tables[SW_GEN_EXPECTED];
    table->rows++;
    if (!table->output) return;
    char *to = begin(table);
    to = sw_put_bytes(to, expected->rules, strlen(expected->rules));
    *to++ = ',';
    to = put_code(to, security);
    to = sw_put_bytes(to, rows->date, SW_GEN_DATE_LENGTH);
    *to++ = ',';
    to = put_field(to, expected->sweep_id);
    if (expected->reason) {
        to = SW_PUT(to, ",,,,,");
        to = sw_put_bytes(to, expected->reason, strlen(expected->reason));
    } else {
        to = put_field(to, expected->contra_id);
        to = put_field(to, (uint64_t)expected->timestamp_ns);
        to = put_field(to, (uint32_t)expected->quantity);
        to = sw_put_price(to, expected->price);
        to = expected->booked ? SW_PUT(to, ",1,") : SW_PUT(to, ",0,");
    }
    *to++ = '\n';
    end(table, to);
}

bool sw_gen_rows_drain(struct sw_gen_rows *rows, bool all, struct sw_error *error)
{
    for (int i = 0; i < SW_GEN_TABLES; i++) {
        struct sw_gen_table_buffer *table = &rows->tables[i];
        if (!table->output || (!all && table->used < FULL_AT)) continue;
        if (!sw_output_write(table->output, table->bytes, table->used, error)) return false;
        table->used = 0;
    }
    return true;
}

void sw_gen_rows_free(struct sw_gen_rows *rows)
{
    for (int i = 0; i < SW_GEN_TABLES; i++) {
        free(rows->tables[i].bytes);
        rows->tables[i].bytes = NULL;
    }
}
