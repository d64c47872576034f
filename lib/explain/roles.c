/* SPDX-License-Identifier: ISC */
#include "explain/roles.h"

#include <ctype.h>
#include <string.h>

enum kind { TIME, NUMBER, ANY };

/* What others call it, the likeliest first. */
static const struct {
    const char *name;
    enum kind kind;
    const char *others[14];
} roles[] = {
    {"timestamp",
     TIME,
     {"timestamp", "tsevent", "siptimestamp", "transacttime", "transactiontime", "tradetime",
      "datetime", "time", "date"}},
    {"price",
     NUMBER,
     {"price", "tradeprice", "fillprice", "executedprice", "lastpx", "lastprice", "orderprice",
      "px", "preconegocio", "endprice"}},
    {"quantity",
     NUMBER,
     {"quantity", "qty", "size", "tradevolume", "volume", "amount", "shares", "fillqty", "orderqty",
      "lastqty", "executednotional", "quantidadenegociada", "tradedvolume"}},
    {"bid", NUMBER, {"bid", "bidprice", "bestbid", "bestbidprice", "bidpx00", "bids0price"}},
    {"offer",
     NUMBER,
     {"offer", "ask", "offerprice", "askprice", "bestask", "bestaskprice", "askpx00",
      "asks0price"}},
    {"security_code",
     ANY,
     {"securitycode", "symbol", "ticker", "ric", "instrument", "instrumentid", "mnemonic",
      "codigoinstrumento", "securityid", "isin"}},
    {"order_id", ANY, {"orderid", "orderreference", "ordernumber"}},
    {"side", ANY, {"side", "buysell", "buysellflag", "bidask", "direction", "buyorsell"}},
    {"sequence", NUMBER, {"sequence", "sequencenumber", "seqno", "seqnum"}},
    {"exchange", ANY, {"exchange", "venue", "mic"}},
};

void sw_roles_key(const char *name, char *key)
{
    for (; *name; name++)
        if (isalnum((unsigned char)*name)) *key++ = (char)tolower((unsigned char)*name);
    *key = 0;
}

static bool may_be(enum kind kind, const struct sw_guess *guess)
{
    return kind == ANY ||
           (kind == TIME ? guess->form == SW_FIELD_TIME : guess->form == SW_FIELD_NUMBER);
}

static bool is_name(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

void sw_roles_find(char *const *names, char *const *keys, const struct sw_guess *guesses,
                   size_t count, const char **canonical)
{
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        bool found = is_name(names, count, roles[r].name);
        for (const char *const *other = roles[r].others; *other && !found; other++)
            for (size_t i = 0; i < count && !found; i++) {
                found = !canonical[i] && strcmp(keys[i], *other) == 0 &&
                        may_be(roles[r].kind, &guesses[i]);
                if (found) canonical[i] = roles[r].name;
            }
    }
}
