/* SPDX-License-Identifier: ISC */
#include "generate/planted.h"

#include "base/bytes.h"
#include "base/civil.h"
#include "base/memory.h"
#include "generate/clock.h"
#include "generate/draw.h"

enum { OPENS_S = 10 * 3600, CLOSES_S = 16 * 3600, UNITS = 400, WANDERS = 7, ID_STEP = 4000 };

static const char lit_source[] = "1,Continuous Lit,ON Market";
static const char dark_source[] = "47,Centre Point,ON Market";

/* A situation as it is played: with prices, sides, participants and quantities. */
struct play {
    const struct sw_gen_situation *situation;
    const struct sw_gen_move *next;
    struct sw_gen_order orders[SW_GEN_CAST];
    int32_t base, direction, unit;
    int32_t participants[2];
    int64_t delay_ns; /* of each beat */
};

struct stage {
    const struct sw_generate_settings *settings;
    struct sw_gen_random random;
    struct sw_gen_rows rows;
    struct sw_gen_security *securities;
    struct play *plays;             /* one of each security */
    int64_t date, start_ns, now_ns; /* of the situations now played */
    int64_t beat_ns;
    uint64_t order_id;
};

static int32_t price_of(const struct play *play, const struct sw_gen_security *security, int price)
{
    return play->base + play->direction * price * (security->tick / 2);
}

static int64_t time_of(const struct stage *stage, const struct play *play, int beat)
{
    return stage->start_ns + beat * stage->beat_ns + play->delay_ns;
}

/* ---- how one begins ---- */

static const struct sw_gen_situation *draw_situation(struct stage *stage)
{
    const struct sw_gen_situation *situation;
    do {
        uint32_t draw = sw_gen_below(&stage->random, (uint64_t)sw_gen_situation_count - 1);
        situation = &sw_gen_situations[1 + draw];
    } while (situation->full && !stage->settings->full);
    return situation;
}

static struct sw_gen_order cast_order(struct stage *stage, const struct play *play,
                                      const struct sw_gen_security *security,
                                      const struct sw_gen_role *role)
{
    static const uint16_t dark_types[] = {SW_GEN_CENTRE_POINT, SW_GEN_CROSSING, SW_GEN_BLOCK};
    struct sw_gen_order order = {.price = price_of(play, security, role->price),
                                 .quantity = role->units * play->unit,
                                 .left = role->units * play->unit,
                                 .participant = play->participants[role->ally],
                                 .traits = role->traits};
    order.type = role->sweep ? SW_GEN_SWEEP : dark_types[sw_gen_below(&stage->random, 3)];
    order.side = (play->direction < 0) != role->opposite ? SW_GEN_SELL : SW_GEN_BUY;
    return order;
}

static void begin_play(struct stage *stage, int64_t rank, const struct sw_gen_situation *situation)
{
    const struct sw_gen_security *security = &stage->securities[rank];
    struct sw_gen_random *random = &stage->random;
    const int64_t room_ns = stage->beat_ns / stage->settings->securities;
    const uint64_t participants = (uint64_t)stage->settings->participants;
    struct play *play = &stage->plays[rank];
    *play = (struct play){.situation = situation, .next = situation->moves};
    play->direction = sw_gen_chance(random, 50) ? 1 : -1;
    play->base =
        security->fair + ((int32_t)sw_gen_below(random, WANDERS) - WANDERS / 2) * security->tick;
    play->unit = 1 + (int32_t)sw_gen_below(random, UNITS);
    int32_t first = (int32_t)sw_gen_below(random, participants);
    int32_t second =
        (first + 1 + (int32_t)sw_gen_below(random, participants - 1)) % (int32_t)participants;
    play->participants[0] = 1 + first;
    play->participants[1] = 1 + second;
    play->delay_ns = rank * room_ns + (int64_t)(sw_gen_bits(random) % (uint64_t)room_ns);
    for (int i = 0; i < SW_GEN_CAST && situation->cast[i].units; i++)
        play->orders[i] = cast_order(stage, play, security, &situation->cast[i]);
}

/* ---- its moves ---- */

static void record(struct stage *stage, const struct sw_gen_security *security,
                   const struct sw_gen_order *order, enum sw_gen_reason reason, bool on_book)
{
    sw_gen_order_row(&stage->rows, security, order,
                     (struct sw_gen_event){reason, on_book ? SW_GEN_ON_BOOK : SW_GEN_OFF_BOOK});
}

static void quote(struct stage *stage, const struct play *play, struct sw_gen_security *security,
                  const struct sw_gen_move *move)
{
    int32_t near = price_of(play, security, move->who);
    int32_t far = move->what < 0 ? 0 : price_of(play, security, move->what);
    security->bid = play->direction > 0 ? near : far;
    security->offer = play->direction > 0 ? far : near;
    sw_gen_quote_row(
        &stage->rows, security,
        (struct sw_gen_quote){security->bid, security->offer, stage->date, stage->now_ns});
}

static void new_id(struct stage *stage, struct sw_gen_order *order)
{
    order->id = stage->order_id += 1 + sw_gen_below(&stage->random, ID_STEP);
}

/* Who comes trades with who rests, as much as both have. */
static void trade(struct stage *stage, const struct sw_gen_security *security,
                  struct sw_gen_order *resting, struct sw_gen_order *coming, int32_t price,
                  const char *source)
{
    int32_t quantity = resting->left < coming->left ? resting->left : coming->left;
    new_id(stage, coming);
    record(stage, security, coming, SW_GEN_ENTERED, false);
    resting->left -= quantity;
    coming->left -= quantity;
    resting->matched += quantity;
    coming->matched += quantity;
    const struct sw_gen_order *parties[2];
    parties[resting->side] = resting;
    parties[coming->side] = coming;
    sw_gen_trade_rows(&stage->rows, security, parties, price, quantity,
                      (struct sw_gen_deal){source, coming->side});
    record(stage, security, resting, SW_GEN_TRADED, resting->left > 0);
    record(stage, security, coming, SW_GEN_ENTERED, coming->left > 0);
}

static void fill(struct stage *stage, const struct play *play,
                 const struct sw_gen_security *security, struct sw_gen_order *order, int units)
{
    struct sw_gen_order taker = {.type = SW_GEN_LIT,
                                 .side = !order->side,
                                 .price = order->price,
                                 .quantity = units * play->unit,
                                 .left = units * play->unit,
                                 .participant = play->participants[1]};
    trade(stage, security, order, &taker, order->price, lit_source);
}

static void make(struct stage *stage, struct play *play, struct sw_gen_security *security,
                 const struct sw_gen_move *move)
{
    struct sw_gen_order *order = &play->orders[move->who];
    switch (move->kind) {
    case SW_GEN_QUOTES_MOVE:
        quote(stage, play, security, move);
        return;
    case SW_GEN_ENTERS:
        new_id(stage, order);
        record(stage, security, order, SW_GEN_ENTERED, false);
        record(stage, security, order, SW_GEN_ENTERED, true);
        return;
    case SW_GEN_FILLED:
        fill(stage, play, security, order, move->what);
        return;
    case SW_GEN_DARK_TRADE:
        trade(stage, security, order, &play->orders[move->what],
              (security->bid + security->offer) / 2, dark_source);
        return;
    case SW_GEN_REPRICED:
        order->price = price_of(play, security, move->what);
        record(stage, security, order, SW_GEN_UPDATED, true);
        return;
    case SW_GEN_SHRINKS:
        order->quantity = order->left = move->what * play->unit;
        record(stage, security, order, SW_GEN_UPDATED, true);
        return;
    case SW_GEN_OVER:
        record(stage, security, order, SW_GEN_CANCELLED, false);
        return;
    case SW_GEN_MOVES_END:
        return;
    }
}

static void expect(struct stage *stage, const struct play *play,
                   const struct sw_gen_security *security, const struct sw_gen_answer *answer)
{
    struct sw_gen_expected row = {.sweep_id = play->orders[answer->sweep].id,
                                  .reason = answer->reason,
                                  .contra_id = play->orders[answer->contra].id,
                                  .timestamp_ns = time_of(stage, play, answer->beat),
                                  .quantity = answer->units * play->unit,
                                  .price = price_of(play, security, answer->price),
                                  .booked = answer->booked};
    for (int rules = SW_GEN_SIMPLE; rules <= SW_GEN_FULL; rules++) {
        if (!(answer->rules & rules)) continue;
        row.rules = rules == SW_GEN_SIMPLE ? "simple" : "full";
        sw_gen_expected_row(&stage->rows, security, &row);
    }
}

/* ---- a day of them ---- */

/* All securities at a beat, one after another. */
static bool play_beat(struct stage *stage, int beat, int64_t count, struct sw_error *error)
{
    for (int64_t rank = 0; rank < count; rank++) {
        struct play *play = &stage->plays[rank];
        struct sw_gen_security *security = &stage->securities[rank];
        const struct sw_gen_move *end = play->situation->moves + SW_GEN_MOVES;
        stage->now_ns = time_of(stage, play, beat);
        sw_gen_rows_time(&stage->rows, stage->now_ns);
        while (play->next < end && play->next->kind != SW_GEN_MOVES_END && play->next->beat == beat)
            make(stage, play, security, play->next++);
        if (beat == SW_GEN_BEATS - 1)
            for (int i = 0; i < SW_GEN_ANSWERS && play->situation->answers[i].rules; i++)
                expect(stage, play, security, &play->situation->answers[i]);
        if (!sw_gen_rows_drain(&stage->rows, false, error)) return false;
    }
    return true;
}

/* `count` situations at a time, of the first securities; the day's first is the opening of all. */
static bool play_day(struct stage *stage, int64_t day, int64_t situations, struct sw_error *error)
{
    const int64_t securities = stage->settings->securities;
    const int64_t times = 1 + (situations + securities - 1) / securities;
    stage->date = sw_gen_clock_date(day);
    stage->order_id = SW_GEN_FIRST_ORDER_ID + (uint64_t)day * SW_GEN_ORDER_IDS_PER_DAY;
    stage->beat_ns = (CLOSES_S - OPENS_S) * SW_NS_PER_SECOND / times / SW_GEN_BEATS;
    stage->start_ns = sw_gen_clock_midnight_ns(stage->date) + OPENS_S * SW_NS_PER_SECOND;
    sw_gen_rows_date(&stage->rows, stage->date);
    for (int64_t time = 0; time < times; time++) {
        int64_t count = time && situations < securities ? situations : securities;
        for (int64_t rank = 0; rank < count; rank++)
            begin_play(stage, rank, time ? draw_situation(stage) : &sw_gen_situations[0]);
        for (int beat = 0; beat < SW_GEN_BEATS; beat++)
            if (!play_beat(stage, beat, count, error)) return false;
        if (time) situations -= count;
        stage->start_ns += SW_GEN_BEATS * stage->beat_ns;
    }
    return true;
}

static int64_t before_day(const struct sw_generate_settings *settings, int64_t day)
{
    return (int64_t)((sw_int128)settings->planted * day / settings->days);
}

static bool play_all(struct stage *stage, struct sw_output *const outputs[SW_GEN_TABLES],
                     struct sw_error *error)
{
    const struct sw_generate_settings *settings = stage->settings;
    const size_t securities = (size_t)settings->securities;
    if (!sw_gen_rows_start(&stage->rows, outputs, settings->full, error)) return false;
    stage->securities = sw_alloc(securities, sizeof *stage->securities, error);
    if (!stage->securities) return false;
    stage->plays = sw_alloc(securities, sizeof *stage->plays, error);
    if (!stage->plays) return false;
    for (size_t i = 0; i < securities; i++)
        sw_gen_security_start(&stage->securities[i], (uint32_t)i);
    for (int64_t day = 0; day < settings->days; day++)
        if (!play_day(stage, day, before_day(settings, day + 1) - before_day(settings, day), error))
            return false;
    return sw_gen_rows_drain(&stage->rows, true, error);
}

bool sw_gen_planted(const struct sw_generate_settings *settings,
                    struct sw_output *const outputs[SW_GEN_TABLES], struct sw_error *error)
{
    struct stage stage = {.settings = settings, .random = {(uint64_t)settings->seed}};
    stage.random.state = sw_gen_bits(&stage.random);
    bool good = play_all(&stage, outputs, error);
    free(stage.securities);
    free(stage.plays);
    sw_gen_rows_free(&stage.rows);
    return good;
}
