#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-gen: what it makes up agrees with itself and is as the exchange's extracts are, by sqlite3, awk and python3, which know nothing
# of how it was made (gen_check.py, gen_marginals.py).

bats_require_minimum_version 1.5.0

setup_file() {
    load helper
    sw-gen --rows 20000 --seed 7 -o "$BATS_FILE_TMPDIR/data"
    cd "$BATS_FILE_TMPDIR" || return 1
    sqlite3 data.db <<'SQL'
.mode csv
.import data/orders.csv o
.import data/trades.csv t
.import data/nbbo.csv q
create table events as select order_id id, security_code code, cast(timestamp as integer) at,
    cast(price as real) price, cast(side as integer) side, cast(quantity as integer) quantity,
    cast(leavesquantity as integer) leaves, exchangeordertype type, participantid participant,
    cast(totalmatchedquantity as integer) matched, cast(sequence as integer) seq from o;
create table trades as select orderid id, securitycode code, cast(tradetime as integer) at, cast(dealsource as integer) source,
    matchgroupid grp, cast(nationalbidpricesnapshot as real) bid,
    cast(nationalofferpricesnapshot as real) offer, cast(tradeprice as real) price,
    cast(quantity as integer) quantity, cast(side as integer) side, sidedecoded, tradedate,
    participantid participant, cast(sequence as integer) seq from t;
create table quotes as select orderbookid code, cast(timestamp as integer) at,
    cast(creationtime as integer) created, cast(tradedate as integer) day,
    cast(bidprice as real) bid, cast(offerprice as real) offer, cast(sequence as integer) seq from q;
create index events_by_id on events(id, seq);
create index trades_by_id on trades(id, at);
create index quotes_by_code on quotes(code, at);
create view lasts as select * from events e
    where seq = (select max(seq) from events x where x.id = e.id);
SQL
}

setup() {
    load helper
    DATA=$BATS_FILE_TMPDIR/data
}

# The query counts what must not be there.
none() {
    run -0 sqlite3 "$BATS_FILE_TMPDIR/data.db" "$1"
    [ "$output" = 0 ] || { echo "$output of: $1"; false; }
}

# The query counts what must be there.
some() {
    run -0 sqlite3 "$BATS_FILE_TMPDIR/data.db" "$1"
    [ "$output" -ge "${2:-1}" ] || { echo "$output of: $1"; false; }
}

@test "the number of order events is exact" {
    for rows in 0 1 2 3 10 999 12345; do
        [ "$(sw-gen --rows $rows --stdout orders | wc -l)" = $((rows + 1)) ]
    done
    [ "$(sw-gen --rows 777 --securities 3000 --days 400 --stdout orders | wc -l)" = 778 ]
    [ "$(sw-gen --rows 5000 --securities 1 --days 1 --participants 1 --stdout orders | wc -l)" = 5001 ]
}

@test "headers are those of the exchange" {
    [ "$(head -1 "$DATA/orders.csv")" = order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence ]
    [ "$(head -1 "$DATA/trades.csv")" = EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,dealsourcedecoded,exchangeinfo,matchgroupid,nationalbidpricesnapshot,nationalofferpricesnapshot,tradeprice,quantity,side,sidedecoded,participantid,passiveaggressive,row_num ]
    [ "$(head -1 "$DATA/nbbo.csv")" = partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid ]
    [ "$(sw-gen --full --rows 0 --stdout orders)" = order_id,exchange,timestamp,security_code,price,side,changereason,orderstatus,quantity,leavesquantity,ordertype,exchangeordertype,national_bid,national_offer,bid,offer,participantid,preferenceonly,midtick,singlefillminimumquantity,minimumquantity,sequence,crossingkey,totalmatchedquantity,shortsellquantity,triggercondition,timevaliditydecoded,row_num,timevalidity,date ]
}

@test "every row has its header's fields" {
    for table in orders trades nbbo; do
        awk -F, 'NR == 1 { n = NF } NF != n { bad++ } END { exit bad > 0 }' "$DATA/$table.csv"
    done
    sw-gen --full --rows 3000 --stdout orders | awk -F, 'NF != 30 { bad++ } END { exit bad > 0 }'
}

@test "the full header changes no other value" {
    sw-gen --full --rows 20000 --seed 7 --stdout orders |
        awk -F, -v OFS=, '{ print $1, $3, $4, $5, $6, $9, $10, $12, $17, $8, $24, $22 }' |
        cmp - "$DATA/orders.csv"
}

@test "order ids have 19 digits and belong to one security, side and participant" {
    none "select count(*) from events where length(id) != 19 or id glob '*[^0-9]*'"
    none "select count(*) from (select 1 from events group by id having count(distinct code) > 1
          or count(distinct side) > 1 or count(distinct participant) > 1 or count(distinct type) > 1)"
}

@test "both sides of a trade are there, once each, and alike" {
    none "select count(*) from (select 1 from trades group by grp having count(*) != 2 or
          min(side) != 1 or max(side) != 2 or min(price) != max(price) or min(quantity) != max(quantity)
          or min(at) != max(at) or count(distinct code) != 1)"
    none "select count(*) from trades where sidedecoded != case side when 1 then 'Buy' else 'Sell' end"
    none "select count(*) from trades where quantity <= 0 or tradedate != date(at / 1000000000, 'unixepoch', '+10 hours')"
}

@test "every trade's order exists, but for reports, with its side and participant and an event at its time" {
    some "select count(*) from trades" 3500
    none "select count(*) from trades t where source not between 3 and 6 and not exists (select 1 from events e where e.id = t.id
          and e.code = t.code and e.side = t.side and e.participant = t.participant and e.at = t.at)"
    none "select count(*) from trades t where source between 3 and 6 and exists (select 1 from events e where e.id = t.id)"
}

@test "an order's trades and bookings add up to what its last event says, and its first trade is not before it" {
    none "select count(*) from lasts e where matched !=
          (select coalesce(sum(quantity), 0) from trades t where t.id = e.id)"
    none "select count(*) from trades t where at < (select min(at) from events e where e.id = t.id)"
}

@test "an event's matched quantity is that of the trades up to it" {
    none "select count(*) from events e where
          matched > (select coalesce(sum(quantity), 0) from trades t where t.id = e.id and t.at <= e.at) or
          matched < (select coalesce(sum(quantity), 0) from trades t where t.id = e.id and t.at < e.at)"
}

@test "what is left and what is matched make the quantity, also of cancelled orders, but where an update set it to what was open" {
    none "select count(*) from events where quantity <= 0 or leaves < 0 or matched < 0 or leaves + matched < quantity"
    none "select count(*) from events e where leaves + matched > quantity and not exists
          (select 1 from events x where x.id = e.id and x.seq <= e.seq and x.matched > 0 and x.quantity = x.leaves)"
    none "select count(*) from events e where leaves = 0 and matched = 0"
    none "select count(*) from events e where leaves = 0 and
          exists (select 1 from events x where x.id = e.id and x.seq > e.seq)"
}

# bats test_tags=plain
@test "with all columns, each order's life, each trade and each quote is as the exchange's are" {
    # months on either side of both changes of Sydney's clocks, a busy book, a thin one
    for options in "--rows 6000 --seed 7" "--rows 10000 --days 160 --securities 3" "--rows 40000 --days 3 --securities 6" \
        "--rows 3000 --participants 1" "--rows 777 --securities 3000 --days 400" "--rows 20"; do
        # shellcheck disable=SC2086
        sw-gen --full $options -o "$BATS_TEST_TMPDIR/full"
        run -0 python3 "$BATS_TEST_DIRNAME/gen_check.py" "$BATS_TEST_TMPDIR/full"
        [[ $options == *"--days 3 "* ]] || continue
        for kind in "dealsource 1" "dealsource 20" "dealsource 44" "dealsource 45" "dealsource 46" "dealsource 47" "dealsource 48" "dealsource 90" "dealsource 91" \
            "dealsource 3" "dealsource 4" "dealsource 5" "dealsource 6" "changereason 1" "changereason 3" "changereason 5" "changereason 6" \
            "changereason 9" "changereason 10" "changereason 24" "changereason 26" "changereason 30" "orderstatus 4" "end: open" \
            "end: cancelled, partly filled" "quotes crossed" "quotes without a side, 0" "quotes without a side, NONE" "orders of earlier days" \
            "events that repeat another" "updates that set quantity to what is open" "dark sides half a tick beyond" \
            "orders of less quantity than matched and left" "dark trades that a quote set off" reloads; do
            awk -F '\t' -v kind="$kind" '$1 == kind && $2 > 0 { found = 1 } END { exit !found }' <<<"$output" || { echo "no $kind"; false; }
        done
    done
}

# shellcheck disable=SC2016 # words of awk
# bats test_tags=plain
@test "the check finds what it is for" {
    sw-gen --full --rows 3000 --securities 2 --days 1 -o "$BATS_TEST_TMPDIR/full"
    cd "$BATS_TEST_TMPDIR"
    mkdir broken
    broken() { # TABLE AWK WORDS: the table after awk, what is found
        cp full/*.csv broken
        awk -F, -v OFS=, "$2" "full/$1.csv" >"broken/$1.csv"
        run -1 python3 "$BATS_TEST_DIRNAME/gen_check.py" broken
        [[ $output == *"$3"* ]] || { echo "$output"; false; }
    }
    broken orders '$7 == 6 && !n++ { next } 1' 'a new order is two messages'
    broken orders '$7 == 1 && !n++ { $10 = 0 } 1' 'keeps what is left'
    broken orders '$7 == 24 && !n++ { $3 -= 7200000000000 } 1' 'purges are at the end of the day'
    broken trades '$7 == 1 && !n++ { $14++ } 1' 'both sides have one quantity'
    broken trades '$7 == 1 && !n++ { $17++ } 1' 'is of its security, side and participant'
    broken trades '$7 == 44 { $7 = 1 } 1' 'bookings are of one participant'
    broken nbbo 'NR == 5 { $8 = 0 } 1' 'timestamp and sequence go forward'
}

# bats test_tags=plain
@test "its Centre Point orders are distributed as those of a real day, as the manual's table says" {
    skip_without real
    sw-gen --rows 150000 --securities 5 --days 2 -o "$BATS_TEST_TMPDIR/made"
    python3 "$BATS_TEST_DIRNAME/gen_marginals.py" "$BATS_TEST_TMPDIR/made/orders.csv" "$BATS_TEST_TMPDIR/made/trades.csv" \
        "$REAL/orders_day.csv" "$REAL/trades.csv" >"$BATS_TEST_TMPDIR/marginals"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/marginals")" -gt 40 ]
    # the mean number of events within 0.3; shares within 0.05, those of one type of orders within 0.1, of hours within 0.02
    awk -F, '
        { most = $1 ~ /^mean/ ? 0.3 : $1 ~ /^end of/ ? 0.1 : $1 ~ /hour/ ? 0.02 : 0.05 }
        $4 > most || -$4 > most { print; bad = 1 }
        END { exit bad }' "$BATS_TEST_TMPDIR/marginals"
    # and the table in the manual is this one
    sed -n 's/^\.It \(.*\) Ta \([0-9.]*\) Ta \([0-9.]*\)$/\1,\2,\3/p' "$TREE/man/sw-gen.1.in" >"$BATS_TEST_TMPDIR/said"
    same "$(cut -d, -f1-3 "$BATS_TEST_TMPDIR/marginals")" "$(cat "$BATS_TEST_TMPDIR/said")"
}

@test "trades respect the limits of their orders, in the dark but for half a tick" {
    none "select count(*) from trades t, events e where e.id = t.id and e.at = t.at
          and ((t.side = 1 and t.price > e.price + (source in (46, 47, 48)) * 5) or
               (t.side = 2 and t.price < e.price - (source in (46, 47, 48)) * 5))"
}

@test "quotes are published after they are created, on their date in Sydney" {
    none "select count(*) from quotes where created >= at or bid < 0 and bid != -9223372036854775808 or
          offer < 0 and offer != -9223372036854775808"
    none "select count(*) from trades where bid >= offer or price < bid or price > offer"
    none "select count(*) from trades t where code = '110621' and not exists (select 1 from quotes q where q.code = t.code
          and q.bid = t.bid and q.offer = t.offer and q.seq < t.seq and
          q.at = (select max(at) from quotes x where x.code = t.code and x.at <= t.at))"
    none "select count(*) from quotes where day % 86400000000000 != 0 or
          date(day / 1000000000, 'unixepoch') != date(at / 1000000000, 'unixepoch', '+10 hours')"
}

@test "a day is Sydney's, across both changes of its clocks" {
    sw-gen --rows 40000 --days 160 --securities 2 -o "$BATS_TEST_TMPDIR/year"
    cut -d, -f4 "$BATS_TEST_TMPDIR/year/trades.csv" | sed 1d | cut -c1-10 | sed 's/^/@/' |
        TZ=Australia/Sydney date -f - +'%z %H' | sort | uniq -c >"$BATS_TEST_TMPDIR/hours"
    awk '$3 < 10 || $3 > 16 { bad = 1 } { zones[$2] = 1 } END { exit bad || !zones["+1000"] || !zones["+1100"] }' "$BATS_TEST_TMPDIR/hours"
    # the last days with one offset, the first with the other
    days() { awk -F, 'NR > 1 { print $3, substr($4, 1, 10) }' "$BATS_TEST_TMPDIR/year/trades.csv" | sort -u -k1,1; }
    for day in 2024-10-04 2024-10-07 2025-04-04 2025-04-07; do
        days | grep -q "^$day " || { echo "no trades on $day"; false; }
        at=$(days | awk -v day="$day" '$1 == day { print $2 }')
        [ "$(TZ=Australia/Sydney date -d "@$at" +%F)" = "$day" ]
    done
}

@test "time and sequence only go forward" {
    sorted() { awk -F, -v at="$1" -v seq="$2" 'NR > 1 { if ($at < last || $seq <= before) exit 1; last = $at; before = $seq }' "$3"; }
    sorted 2 12 "$DATA/orders.csv"
    sorted 4 2 "$DATA/trades.csv"
    sorted 8 2 "$DATA/nbbo.csv"
}

@test "trades happen in the sessions of weekdays, with a burst at either end" {
    none "select count(*) from trades where time(at / 1000000000, 'unixepoch', '+10 hours') not between '10:00:00' and '16:11:59'"
    run -0 sqlite3 "$BATS_FILE_TMPDIR/data.db" "select group_concat(d) from (select distinct tradedate d from trades order by 1)"
    [ "$output" = 2024-09-02,2024-09-03,2024-09-04,2024-09-05,2024-09-06 ]
    none "select count(*) from events where strftime('%w', at / 1000000000, 'unixepoch', '+10 hours') in ('0', '6')"
    some "select count(*) from trades where time(at / 1000000000, 'unixepoch', '+10 hours') < '10:01'" 500
    some "select count(*) from trades where time(at / 1000000000, 'unixepoch', '+10 hours') >= '16:10'" 500
}

@test "lives of many kinds are there" {
    for type in 0 2048 4096; do
        some "select count(distinct t.id) from trades t, events e where e.id = t.id and type = '$type'" 20
    done
    some "select count(distinct id) from events where type in ('64', '256', '4098')" 50
    some "select count(*) from lasts where leaves > 0 and matched = 0" 1000
    some "select count(*) from lasts where leaves > 0 and matched > 0" 100
    some "select count(*) from lasts e where leaves = 0 and
          (select count(*) from events x where x.id = e.id) = 2" 100
    some "select count(*) from (select 1 from trades group by id having count(*) > 3)" 50
    some "select count(*) from (select 1 from events group by id having count(distinct quantity) > 1)" 50
    some "select count(*) from (select 1 from events group by id having count(distinct price) > 1)" 50
    some "select count(*) from (select 1 from events group by id, at having count(*) > 1)" 5000
    some "select count(*) from (select 1 from events e, trades t where t.id = e.id group by e.id having
          strftime('%H', min(e.at) / 1000000000, 'unixepoch', '+10 hours') = '21' and
          max(t.at) - min(e.at) > 12 * 3600 * 1000000000)" 10
}

@test "the same seed makes the same bytes, another one others" {
    sw-gen --rows 20000 --seed 7 -o "$BATS_TEST_TMPDIR/again"
    sw-gen --rows 20000 --seed 8 -o "$BATS_TEST_TMPDIR/other"
    for table in orders trades nbbo; do
        cmp "$DATA/$table.csv" "$BATS_TEST_TMPDIR/again/$table.csv"
        run -1 cmp -s "$DATA/$table.csv" "$BATS_TEST_TMPDIR/other/$table.csv"
    done
}

@test "these bytes are the same on every machine" {
    sums=$(cd "$DATA" && cat orders.csv trades.csv nbbo.csv | cksum)
    [ "$sums" = "3224669390 2430223" ]
}

@test "--stdout is the file" {
    for table in orders trades nbbo; do
        sw-gen --rows 20000 --seed 7 --stdout $table | cmp - "$DATA/$table.csv"
    done
}

@test "--size is met within five per cent" {
    for size in 100000 3000000 50000000; do
        got=$(sw-gen --size $size --stdout orders | wc -c)
        [ "$got" -gt $((size * 95 / 100)) ]
        [ "$got" -lt $((size * 105 / 100)) ]
    done
}

@test "any number of securities, days and participants" {
    for options in "--securities 3000 --days 400" "--securities 1 --days 1" "--participants 1" \
        "--securities 10000 --days 10000 --participants 1000000"; do
        for rows in 0 1 1000; do
            # shellcheck disable=SC2086
            sw-gen --rows $rows $options -o "$BATS_TEST_TMPDIR/any"
            [ "$(wc -l <"$BATS_TEST_TMPDIR/any/orders.csv")" = $((rows + 1)) ]
        done
    done
    [ "$(sw-gen --rows 40000 --securities 3000 --stdout orders | cut -d, -f3 | sort -u | wc -l)" -gt 2500 ]
}

@test "memory stays under 64 MiB" {
    if grep -q __asan_init "$(command -v sw-gen)"; then skip "the sanitizers take far more"; fi
    ulimit -v 65536
    [ "$(sw-gen --rows 2000000 --stdout orders | wc -l)" = 2000001 ]
    [ "$(sw-gen --rows 200000 --securities 10000 --stdout trades | wc -l)" -gt 1 ]
}

@test "wrong usage is status 2 and makes nothing" {
    cd "$BATS_TEST_TMPDIR"
    for options in "--securities 0" "--days 0" "--participants 0" "--rows -1" "--rows x" "--securities 10001" \
        "--rows 1 --size 1M" "--stdout quotes" "--stdout orders -o x" "--size 0" "FILE" "--nonsense"; do
        # shellcheck disable=SC2086
        run -2 sw-gen $options
        [ -n "$output" ]
    done
    [ -z "$(ls)" ]
}

@test "a full disk and a directory that cannot be made are status 3" {
    run -3 bash -c 'sw-gen --rows 10 --stdout orders >/dev/full'
    [[ $output == *"No space left"* ]]
    run -3 sw-gen --rows 10 -o /dev/null/x
    touch "$BATS_TEST_TMPDIR/file"
    run -3 sw-gen --rows 10 -o "$BATS_TEST_TMPDIR/file"
}

@test "a run that is cut short leaves no file under a final name" {
    timeout -s TERM 0.3 sw-gen --rows 1000000000 -o "$BATS_TEST_TMPDIR/cut" || true
    [ -d "$BATS_TEST_TMPDIR/cut" ]
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/cut")" ]
}

@test "a reader that goes away ends it quietly" {
    # shellcheck disable=SC2016
    run -0 bash -c 'sw-gen --rows 100000000 --stdout orders 2>&1 | head -1 | wc -l; [ "${PIPESTATUS[0]}" = 141 ]'
    [ "$output" = 1 ]
}

@test "planted days agree with each other as a market's do, the same from the same seed, and their options with each other" {
    cd "$BATS_TEST_TMPDIR"
    sw-gen --planted 1500 --full --securities 4 --days 25 --seed 5 --participants 3 -o planted
    run -0 python3 "$BATS_TEST_DIRNAME/gen_check.py" planted
    sw-gen --planted 1500 --full --securities 4 --days 25 --seed 5 --participants 3 -o again
    diff -r planted again
    for table in orders trades nbbo expected; do
        cmp "planted/$table.csv" <(sw-gen --planted 1500 --full --securities 4 --days 25 --seed 5 --participants 3 --stdout $table)
    done
    run ! cmp -s planted/expected.csv <(sw-gen --planted 1500 --full --securities 4 --days 25 --seed 6 --participants 3 --stdout expected)
    # a market has nothing to expect, and what stood there is not taken for it
    sw-gen --rows 100 -o market
    [ ! -e market/expected.csv ]
    [ "$(sw-gen --planted 1 --stdout orders | wc -l)" -gt 5 ]
    expect_status 2 sw-gen --planted 10 --rows 10 -o no
    expect_status 2 sw-gen --planted 10 --size 1M -o no
    expect_status 2 sw-gen --planted 10 --participants 1 -o no
    expect_status 2 sw-gen --planted 0 -o no
    expect_status 2 sw-gen --planted -5 -o no
    expect_status 2 sw-gen --stdout expected
}
