#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-match: against a matcher of its own in Python, written from the page (match_oracle.py), on small books with many ties; the real
# day; what must hold of any result.

bats_require_minimum_version 1.5.0
load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

oracle() {
  python3 "$BATS_TEST_DIRNAME/match_oracle.py" "$@"
}

# streams: the .csv of a book as sw-match wants them.
streams() {
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
  sw-chunk sessions.csv | sw-sort -k security_code,timestamp >sessions.swr
  sw-chunk ticks.csv | sw-sort -k security_code,price >ticks.swr
}

# match [OPTION…]: rows.csv and each.csv, what sw-match makes of the streams.
match() {
  sw-match --trades trades.swr --nbbo nbbo.swr "$@" --sweeps each.swr -o rows.swr orders.swr 2>err
  sw-cut rows.swr >rows.csv
  sw-cut each.swr >each.csv
}

# agree RULES [OPTION…]: what sw-match writes is what the other matcher does; the options are both's.
agree() {
  local rules=$1
  shift
  oracle match --rules "$rules" "$@"
  local files=()
  [[ " $* " != *' --sessions '* ]] || files+=(--sessions sessions.swr)
  [[ " $* " != *' --ticks '* ]] || files+=(--ticks ticks.swr)
  [[ $1 != --sweep ]] || files+=(--sweep "$2")
  match --rules "$rules" "${files[@]}"
  cmp rows.csv matches.csv
  cmp each.csv sweeps.csv
}

RULES='limit half_tick midtick inventory elsewhere book preferencing minimum crossing quote inside session'

# bats test_tags=check
@test "match: as another matcher does it, by all rules, by each rule less, by each rule more" {
  local seed rule more
  for seed in 1 2 3; do
    oracle book $seed
    streams
    agree simple
    more=simple
    for rule in $RULES; do
      agree "full,-$rule" --sessions --ticks
      more+=,$rule
      agree "$more" --sessions
    done
    agree full --sweep entered --sessions
    agree full --sweep 'limit 3'
  done
}

@test "match: as another matcher does it, on books of other seeds" {
  local seed
  for seed in 101 102; do
    oracle book $seed
    streams
    agree simple
    agree full --sessions --ticks
    agree full,-book --sweep entered
  done
}

@test "match: as another matcher does it, where orders are of another type on a later date" {
  local seed
  for seed in 11 12 13; do
    oracle book $seed
    # Of every third order all events but the first are a day later, and no more of the dark book.
    awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
      seen[$at["order_id"]]++ && $at["order_id"] % 3 == 0 { $at["exchangeordertype"] = 0; $at["timestamp"] = sprintf("%d", substr($at["timestamp"], 1, 10) + 86400) substr($at["timestamp"], 11) }
      { print }' orders.csv >moved.csv
    mv moved.csv orders.csv
    streams
    agree full --sessions --ticks
    agree full,-session,-quote
    agree simple,book
  done
}

# lawful RULES RULE…: what holds of any result holds of this one, of which RULE… are on.
lawful() {
  local rules=$1
  shift
  match --rules "$rules" --sessions sessions.swr --ticks ticks.swr --summary summary.csv
  cp rows.csv matches.csv
  cp each.csv sweeps.csv
  python3 "$BATS_TEST_DIRNAME/match_laws.py" "$@" --sessions --ticks
}

# bats test_tags=check
@test "match: what must hold holds with each rule alone, with all but each, on random books" {
  local seed rule
  for seed in 4 5 102; do
    oracle book $seed
    streams
    # shellcheck disable=SC2086
    for rule in $RULES; do
      lawful "simple,$rule" "$rule"
      lawful "full,-$rule" ${RULES/$rule/}
    done
  done
}

@test "match: what must hold holds by the simple and by the full rules, and would be noticed" {
  oracle book 1
  streams
  lawful simple
  # shellcheck disable=SC2086
  lawful full $RULES
  # Another price, more than there is, a moment later than all: each is noticed.
  cp matches.csv whole.csv
  # shellcheck disable=SC2016 # awk's
  for change in '$5 = $5 + 1' '$4 = $4 + 1000' '$3 = $3 + 0 "9"'; do
    awk -F, -v OFS=, "NR == 2 { $change } { print }" whole.csv >matches.csv
    # shellcheck disable=SC2086
    run -1 python3 "$BATS_TEST_DIRNAME/match_laws.py" $RULES --sessions --ticks
  done
}

# The real day, in the folder `real` of the file's temporary one, once.
real_streams() {
  skip_without real
  (
    flock 9
    [ -e "$BATS_FILE_TMPDIR/real" ] && exit
    mkdir "$BATS_FILE_TMPDIR/making"
    cd "$BATS_FILE_TMPDIR/making" || exit
    sw-chunk "$REAL/orders_day.csv" 2>/dev/null | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
    sw-chunk "$REAL/trades.csv" | sw-sort -k security_code,order_id,timestamp >trades.swr
    sw-chunk "$REAL/trades.csv" | sw-sort -k security_code,timestamp,sequence >moving.swr
    sw-chunk "$REAL/nbbo.csv" | sw-sort -k security_code,timestamp >nbbo.swr
    cd .. && mv making real || exit
  ) 9>"$BATS_FILE_TMPDIR/lock"
  cd "$BATS_FILE_TMPDIR/real" || return
}

@test "match: the real day by the simple rules, as an earlier system found" {
  real_streams
  local at=$BATS_TEST_TMPDIR
  sw-match --rules simple -d 2024-09-05 --trades trades.swr --nbbo nbbo.swr --sweeps "$at/each.swr" --summary "$at/rules.csv" \
    --tally "$at/tally" -o "$at/rows.swr" orders.swr
  cd "$at"
  same "$(sw-agg -a 'n=count(),units=sum(quantity),largest=max(quantity),sweeps=distinct(sweep_order_id)' rows.swr)" \
    $'n,units,largest,sweeps\n1548,612937,10652,841'
  same "$(sw-agg -g price -a 'n=count()' rows.swr)" $'price,n\n3335,1518\n3340,30'
  same "$(sw-cut -c sweep_order_id,contra_order_id --no-header rows.swr | tr , '\n' | sort -u | wc -l)" 1876
  same "$(sw-cut --no-header rows.swr | awk -F, '{ wait = substr($3, 6) - substr($11, 6); sum += wait; if (wait > most) most = wait }
    END { printf "%.2f %.2f", sum / NR / 1e9, most / 1e9 }')" '57.03 1008.50'
  same "$(sw-cut -f csv each.swr | tail -n +2 | wc -l)" 1273
  same "$(cut -f 1,2,10-12 tally)" $'security_code\tevents\tsweeps\tmatched_sweeps\tmatches\n110621\t28452\t1273\t841\t1548'
  same "$(cut -d, -f1-7,12-14 rules.csv | tail -1)" simple,1273,618836,841,1548,1876,612937,10652,57.031204,1008.496175694
}

@test "match: the real day on true mids, one rule more a line, within a twentieth of what an independent run gave" {
  real_streams
  sw-match --rules simple,limit,half_tick,inventory -d 2024-09-05 --trades trades.swr --nbbo moving.swr \
    --summary "$BATS_TEST_TMPDIR/rules.csv" -o "$BATS_TEST_TMPDIR/rows.swr" orders.swr
  awk -F, 'function near(value, wanted) { if (value < wanted * 0.95 || value > wanted * 1.05) { print value, "not", wanted; bad = 1 } }
    $1 == "limit" { near($5, 12); seen++ }
    $1 == "half_tick" { near($5, 1530); near($4, 705); seen++ }
    $1 == "inventory" { near($5, 1319); near($4, 543); seen++ }
    END { exit bad || seen != 3 }' "$BATS_TEST_TMPDIR/rules.csv"
}

@test "match: the real book played again, as an independent replay found it" {
  real_streams
  local at=$BATS_TEST_TMPDIR
  sw-match --replay --trades trades.swr --nbbo moving.swr --summary "$at/sum.csv" -o "$at/replay.swr" orders.swr
  cd "$at"
  value() { sed -n "s/^$1,//p" sum.csv; }
  same "$(value transactions) $(value fills) $(value trades) $(value at_mid) $(value both_resting)" '472 540 547 511 33'
  [ "$(value exact)" -ge 372 ]
  [ "$(value same_fills)" -ge 414 ]
  same "$(($(value exact) + $(sed -n 's/^missed_.*,//p' sum.csv | paste -sd+)))" 472
  same "$(sw-agg -a 'n=count(order_id > 0),exact=sum(exact),fills=sum(fills),same=sum(same_fills),trades=sum(trades),at=sum(at_mid)' replay.swr)" \
    "n,exact,fills,same,trades,at
472,$(value exact),540,$(value same_fills),547,511"
  # Without preferencing less is reproduced, and hardly anything without half ticks.
  cd "$OLDPWD"
  sw-match --replay --rules full,-preferencing --trades trades.swr --nbbo moving.swr --summary "$at/less.csv" -o "$at/r.swr" orders.swr
  sw-match --replay --rules full,-half_tick --trades trades.swr --nbbo moving.swr --summary "$at/least.csv" -o "$at/r.swr" orders.swr
  cd "$at"
  [ "$(sed -n 's/^exact,//p' less.csv)" -lt "$(value exact)" ]
  [ "$(sed -n 's/^exact,//p' least.csv)" -lt 100 ]
}

@test "match: a replay of made-up trades that are right by construction" {
  # Two contras rest, the second of the participant that comes; a third has a limit that excludes the mid.
  cat >orders.csv <<'CSV'
order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence,midtick
1,1725494400000000000,7,100,2,10,10,64,1,1,0,1,0
2,1725494400000000001,7,100,2,10,10,64,2,1,0,2,0
3,1725494400000000002,7,103,2,10,10,64,2,1,0,3,0
4,1725494400000000009,7,104,1,15,15,64,2,2,0,4,0
5,1725494400000000019,7,104,1,4,4,64,3,2,0,5,0
CSV
  {
    echo EXCHANGE,sequence,tradetime,securitycode,orderid,dealsource,matchgroupid,tradeprice,quantity,side,participantid,passiveaggressive
    fill() { printf '3,1,%s,7,%s,%s,%s,101,%s,1,2,1\n3,2,%s,7,%s,%s,%s,101,%s,2,1,0\n' "$1" "$2" 47 "$5" "$4" "$1" "$3" 47 "$5" "$4"; }
    fill 1725494400000000009 4 2 10 91
    fill 1725494400000000009 4 1 5 92
    fill 1725494400000000019 5 3 4 93
  } >trades.csv
  printf 'partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid\n1,1,,100,,102,7,1725494399000000000,1,1\n' >nbbo.csv
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
  sw-match --replay --trades trades.swr --nbbo nbbo.swr orders.swr | sw-cut -c order_id,fills,same_fills,exact,at_mid,reason >rows
  same "$(cat rows)" 'order_id,fills,same_fills,exact,at_mid,reason
4,2,2,1,2,
5,1,0,0,1,limit'
  expect_status 2 sw-match --replay -s 7 --trades trades.swr --nbbo nbbo.swr orders.swr
  expect_status 1 sw-match --replay --trades <(sw-filter -c security_code,order_id,timestamp,quantity trades.swr) --nbbo nbbo.swr orders.swr
}

# made: a generated market's streams.
made() {
  sw-gen --rows 20000 --securities 5 --days 2 --seed 11 -o made
  sw-chunk made/orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  sw-chunk made/trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk made/nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
}

@test "match: what must hold of any result" {
  local rules
  for rules in simple full full,-inventory full,-elsewhere; do
    for from in small made; do
      [[ $from == small ]] && { oracle book 7 && streams; } || made
      match --rules "$rules" --tally tally --summary rules.csv
      sw-cut orders.swr >events.csv
      python3 - "$rules" <<'PY'
import csv, sys
from collections import Counter, defaultdict
rows, sweeps = (list(csv.DictReader(open(name))) for name in ('rows.csv', 'each.csv'))
assert sweeps and (rows or 'small')
events = defaultdict(list)
for event in csv.DictReader(open('events.csv')):
    events[event['security_code'], event['order_id']].append(event)
got, booked, given, by = (defaultdict(int) for _ in range(4))
times = {(row['security_code'], row['order_id'], row['date']): row for row in sweeps}
assert len(times) == len(sweeps)
for row in rows:
    sweep = times[row['security_code'], row['sweep_order_id'], row['date']]
    quantity = int(row['quantity'])
    assert quantity > 0
    assert int(sweep['first_timestamp']) <= int(row['timestamp']) <= int(sweep['last_timestamp']), 'outside of its time'
    side = {'1': '2', '2': '1'}[row['side']]
    contra = events[row['security_code'], row['contra_order_id']]
    assert contra[0]['side'] == side, 'of the same side'
    if 'inside' not in sys.argv[1] and all(event['midtick' if 'midtick' in event else 'side'] for event in contra):
        bid, offer = float(row['bid']), float(row['offer'])
        assert float(row['price']) == (bid + offer) / 2 or bid < float(row['price']) < offer
    key = row['security_code'], row['sweep_order_id'], row['date']
    (booked if row['booked'] == '1' else got)[key] += quantity
    given[row['security_code'], row['contra_order_id'], row['date']] += quantity
for key, sweep in times.items():
    assert got[key] == int(sweep['matched_quantity']) and booked[key] == int(sweep['booked_quantity'])
    parts = [int(sweep[name]) for name in ('matched_quantity', 'booked_quantity', 'given_quantity', 'remaining_quantity')]
    assert sum(parts) == int(sweep['quantity']) and min(parts) >= 0, sweep
    assert (sweep['reason'] == '') == (got[key] > 0)
for (security, order, _), quantity in given.items():
    assert quantity <= max(int(event['quantity']) for event in events[security, order]), 'gives more than it has'
tally = Counter()
for line in csv.DictReader(open('tally'), delimiter='\t'):
    tally.update({name: int(value) for name, value in line.items() if name != 'security_code'})
assert tally['sweeps'] == len(sweeps) and tally['matches'] + tally['bookings'] == len(rows)
assert tally['events'] == sum(len(rows) for rows in events.values())
last = list(csv.DictReader(open('rules.csv')))[-1]
assert int(last['matched_quantity']) == sum(got.values()) and int(last['sweeps']) == len(sweeps)
PY
    done
  done
}

@test "match: nobody trades beyond a limit, and half a tick is all that is conceded" {
  oracle book 21
  streams
  match --rules simple,limit
  sw-join -k order_id --with <(sw-filter -c order_id,price orders.swr | sw-agg -g order_id -a 'least=min(price),most=max(price)' -f swr |
    sw-sort -k order_id) -c least,most <(sw-filter -c 'order_id=sweep_order_id,at=price,way=side' rows.swr | sw-sort -k order_id) |
    sw-cut --no-header >limits
  [ -s limits ]
  # shellcheck disable=SC2016 # awk's
  silent awk -F, '$4 != "" && ($3 == 1 && $2 > $5 || $3 == 2 && $2 < $4)' limits
}

@test "match: the same bytes by security, in parts of the input, with little memory, from pipes" {
  made
  match --rules full
  cp rows.csv all.csv
  cp each.csv all_each.csv
  : >parts.csv
  for security in $(sw-agg -g security_code -a 'n=count()' orders.swr | tail -n +2 | cut -d, -f1); do
    sw-match --trades <(sw-filter -s "$security" trades.swr) --nbbo <(sw-filter -s "$security" nbbo.swr) \
      <(sw-filter --block-rows 100 -s "$security" orders.swr) 2>/dev/null | sw-cut --no-header >>parts.csv
  done
  cmp parts.csv <(tail -n +2 all.csv)
  match --rules full -S 1M
  cmp rows.csv all.csv
  cmp each.csv all_each.csv
  # Selected sweeps wait alone: of one participant none is another's.
  match -p 69
  # shellcheck disable=SC2016 # awk's
  silent awk -F, 'NR > 1 && $5 != 69' each.csv
}

# bats test_tags=check, plain
@test "match: memory is that of its sorts, whatever the sweeps" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  local sweeps
  for sweeps in 3000 60000; do
    sw-gen --planted "$sweeps" --securities 2 --days 2 -o .
    sw-chunk orders.csv 2>err | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
    sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
    sw-chunk nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
    for rules in simple full; do
      python3 "$BATS_TEST_DIRNAME/peak.py" 32 sw-match --rules "$rules" -S 1M -T . --trades trades.swr --nbbo nbbo.swr \
        --sweeps sweeps.swr --summary rules.csv -o matches.swr orders.swr
    done
  done
  [ "$(sw-filter --count matches.swr)" -gt 50000 ]
}

@test "match: what it rests on is said, and what it lacks" {
  oracle book 3
  streams
  match
  grep -qx 'sw-match: rule session is off: no file of sessions' err
  grep -q '^sw-match: tick sizes of [1-9] securities are taken from the prices of their orders$' err
  sw-filter -c order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,totalmatchedquantity orders.swr >few.swr
  sw-match --trades trades.swr --nbbo nbbo.swr few.swr 2>err >rows.swr
  for rule in midtick preferencing minimum crossing inside session; do grep -q "^sw-match: rule $rule is off: no " err; done
  sw-match --rules-off off --trades trades.swr --nbbo nbbo.swr few.swr 2>/dev/null >rows.swr
  cmp off <(sed -n 's/^sw-match: rule \([a-z_]*\) is off: /\1\t/p' err | sort)
  sw-match --rules full,-session --rules-off off --trades trades.swr --nbbo nbbo.swr orders.swr 2>/dev/null >rows.swr
  [ -e off ] && [ ! -s off ]
  sw-match --trades <(sw-filter -c security_code,order_id,timestamp trades.swr) --nbbo nbbo.swr orders.swr 2>err >rows.swr
  grep -q "no column 'dealsource': all trades are taken for trades on the lit book" err
  sw-match -d 2020-01-01 --trades trades.swr --nbbo nbbo.swr orders.swr 2>err >rows.swr
  grep -q 'none of [0-9]* orders is a sweep' err
  same "$(sw-cut rows.swr | wc -l)" 1
}

@test "match: of two events of one moment the last one is that of an analysis, in any order and any blocks" {
  # Order 1 sweeps and is filled by two events that nothing but its quantities tells apart; order 2 came while it waited.
  local head=order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,totalmatchedquantity,sequence
  local part=1,1725494400000000009,7,100,1,10,4,2048,1,6,3 whole=1,1725494400000000009,7,100,1,10,0,2048,1,10,3 rows
  local entry=1,1725494400000000000,7,100,1,10,10,2048,1,0,1 contra=2,1725494400000000005,7,90,2,10,10,64,2,0,2
  printf '%s\n' tradetime,securitycode,orderid,dealsource,tradeprice,quantity,EXCHANGE 1725494400000000009,7,1,1,100,10, |
    sw-chunk | sw-sort -k security_code,order_id,timestamp >trades.swr
  printf '%s\n' partition,sequence,tradedate,bidprice,creationtime,offerprice,orderbookid,timestamp,userid,runid \
    1,0,,98,,100,7,1725494300000000000,, | sw-chunk >nbbo.swr
  for rows in "$part"$'\n'"$whole" "$whole"$'\n'"$part"; do
    printf '%s\n' "$head" "$entry" "$rows" "$contra" | sw-chunk >orders.swr
    sw-chunk --block-rows 1 <<<"$(sw-cut orders.swr)" >single.swr
    for file in orders single; do
      sw-match --rules simple --trades trades.swr --nbbo nbbo.swr "$file.swr" | sw-cut -c sweep_order_id,contra_order_id,quantity >got
      same "$(tail -n +2 got)" 1,2,10
    done
    same "$(sw-classify orders.swr | sw-cut --no-header -c order_id,totalmatchedquantity)" $'1,10\n2,0'
  done
}

@test "match: a side or a participant that changes is as wrong as it is in an analysis" {
  local column
  oracle book 3
  streams
  for column in side participantid; do
    # The second event of the first order that has several.
    awk -F, -v OFS=, -v column=$column 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i; print; next }
      $1 == before && !done { $at = 3 - $at; done = 1 } { before = $1; print }' <(sw-cut orders.swr) | sw-chunk >changed.swr
    expect_status 1 sw-match --trades trades.swr --nbbo nbbo.swr changed.swr
    [[ $output == *"changed.swr: row "*": order "*": $column changes from "* ]]
  done
  # Rows are counted in each file, blocks are not files.
  row=$(sed -n 's/.*changed.swr: row \([0-9]*\):.*/\1/p' <<<"$output")
  cut=$((row / 2))
  sw-cut changed.swr >changed.csv
  head -n $((cut + 1)) changed.csv | sw-chunk >one.swr
  sed "2,$((cut + 1))d" changed.csv | sw-chunk --block-rows 1 >two.swr
  expect_status 1 sw-match --trades trades.swr --nbbo nbbo.swr one.swr two.swr
  [[ $output == *"two.swr: row $((row - cut)): order "* ]]
}

@test "match: wrong words and wrong data" {
  oracle book 3
  streams
  expect_status 2 sw-match --trades trades.swr orders.swr
  expect_status 2 sw-match --rules full,-limits --trades trades.swr --nbbo nbbo.swr orders.swr
  [[ $output == *"no rule '-limits'"* ]]
  expect_status 2 sw-match --sweep 'limit -1' --trades trades.swr --nbbo nbbo.swr orders.swr
  expect_status 2 sw-match --open OPEN --trades trades.swr --nbbo nbbo.swr orders.swr
  expect_status 2 sw-match --trades - --nbbo nbbo.swr - <orders.swr
  expect_status 2 sw-match --trades trades.swr --nbbo nbbo.swr --sweeps trades.swr orders.swr
  sw-sort -k order_id:desc orders.swr >wrong.swr
  expect_status 1 sw-match --trades trades.swr --nbbo nbbo.swr wrong.swr
  [[ $output == *'wrong.swr: row '*': not sorted by '* ]]
  expect_status 1 sw-match --trades nbbo.swr --nbbo nbbo.swr orders.swr
  expect_status 1 sw-match --trades trades.swr --nbbo nbbo.swr <(sw-filter -c order_id,timestamp,security_code,side orders.swr)
  head -c 600 trades.swr >cut.swr
  expect_status 1 sw-match --trades cut.swr --nbbo nbbo.swr orders.swr
  # No output is there where one of them could not be written.
  expect_status 3 sw-match --trades trades.swr --nbbo nbbo.swr --sweeps nowhere/each.swr -o there.swr orders.swr
  [ ! -e there.swr ]
}

# planted RULES OPTION…: what sw-match makes of planted days is what stands beside them, every match and every sweep.
planted() {
  local rules=$1
  sw-cut --no-header -c security_code,date,sweep_order_id,contra_order_id,timestamp,quantity,price,booked rows.swr | sort >got
  awk -F, -v rules="$rules" '$1 == rules && $10 == "" { print $2 "," $3 "," $4 "," $5 "," $6 "," $7 "," $8 "," $9 }' made/expected.csv | sort |
    cmp got -
  # A sweep that was only booked has a row for the booking, and one for the reason.
  sw-cut --no-header -c security_code,date,order_id,reason each.swr | sort >got
  awk -F, -v OFS=, -v rules="$rules" '$1 == rules { key = $2 "," $3 "," $4; why[key] = why[key] $10 } END { for (key in why) print key, why[key] }' \
    made/expected.csv | sort | cmp got -
}

@test "match: planted days, of which the answer is known, several securities and dates, by both rules" {
  local options rules
  for options in '--seed 31' '--seed 32 --full' '--seed 33 --full --participants 2 --securities 1' '--seed 34 --securities 40 --days 9'; do
    # shellcheck disable=SC2086
    sw-gen --planted 1200 --securities 6 --days 3 $options -o made
    sw-chunk made/orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
    sw-chunk made/trades.csv | sw-sort -k security_code,order_id,timestamp >trades.swr
    sw-chunk made/nbbo.csv | sw-sort -k security_code,timestamp >nbbo.swr
    for rules in simple full; do
      match --rules $rules
      planted $rules
    done
  done
  # All reasons are among them, and bookings; each date has every security.
  same "$(sw-gen --planted 3000 --full --stdout expected | cut -d, -f 10 | sort -u | paste -sd' ')" \
    ' key minimum not_in_time price quantity quote reason'
  same "$(sw-gen --planted 3000 --full --stdout expected | cut -d, -f 9 | sort -u | paste -sd' ')" ' 0 1 booked'
  same "$(sw-gen --planted 3000 --securities 3 --days 2 --stdout expected | cut -d, -f 2,3 | sort -u | wc -l)" 7
}
