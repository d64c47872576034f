#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The fold of order events to last states: sw-classify without trades, and reports per order, which have the bytes of a report of the rows
# that an oracle finds (tests/last_states.py), however the events are split.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 30000 --securities 12 --days 3 --full --seed 12 --stdout orders >orders.csv
  python3 "$BATS_TEST_DIRNAME/last_states.py" orders.csv >last.csv
  report -j 1 -b 1G -o whole orders.csv
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  DATA=$BATS_FILE_TMPDIR
}

oracle() { python3 "$BATS_TEST_DIRNAME/last_states.py" "$@"; }

# tables DIR: every report in one text, but for what a row is called.
tables() { (cd "$1/aggregated" && for file in *.csv; do sed -E "1s/(^|,)(rows|orders|events),/\1rows,/; s/^(orders|events),/rows,/; s/^/$file /" "$file"; done); }

@test "last states: sw-classify finds them, sorted, with all columns, and the fold of folds is the fold" {
  sw-chunk "$DATA/orders.csv" | sw-classify >states.swr
  sw-cut states.swr >states.csv
  sw-chunk "$DATA/last.csv" | sw-sort -k security_code,order_id | sw-cut | cmp - states.csv
  sw-classify states.swr | sw-cut | cmp - states.csv
  sw-info -f json states.swr | grep -q '"security_code"'
  # In any order of the events, in little memory, which spills.
  { head -n 1 "$DATA/orders.csv"; tail -n +2 "$DATA/orders.csv" | sort -r; } >other.csv
  sw-chunk other.csv | sw-classify -S 1M | sw-cut | cmp - states.csv
}

@test "last states: parts folded in any way and merged in shares are the fold" {
  wanted=$(sw-chunk "$DATA/orders.csv" | sw-classify | sw-info --digest)
  sw-chunk --plan -n 5 "$DATA/orders.csv" >plan
  while IFS=$'\t' read -r index offset length; do
    sw-chunk --range "$offset:$length" "$DATA/orders.csv" | sw-classify --partial -S $((index % 2 * 15 + 1))M -o "$index.part"
  done <plan
  same "$wanted" "$(sw-classify --merge ./*.part | sw-info --digest)"
  for share in 1 2 3; do sw-classify --merge --share $share/3 --ledger $share.events 4.part 2.part 5.part 1.part 3.part; done >shares.swr
  same "$wanted" "$(sw-info --digest shares.swr)"
  # Passes, where the memory does not reach.
  same "$wanted" "$(sw-classify --merge -S 1M ./*.part | sw-info --digest)"
  same "$(paste 1.events 2.events 3.events | awk '{ read += $1 + $3 + $5; kept += $2 + $4 + $6 } END { print read, kept }')" '30000 30000'
  expect_status 1 sw-classify --merge "$DATA/last.csv"
  expect_status 1 sw-classify --merge shares.swr
  for words in '--share 0/3' '--share 4/3' '--share 1' '--share 1/0'; do
    # shellcheck disable=SC2086
    expect_status 2 sw-classify --merge $words 1.part
  done
}

@test "last states: an order of more states than are folded at a time" {
  # 45,000 events of one order among 5,000 others, in blocks of two rows and any order of time.
  awk 'BEGIN {
    print "order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity,sequence"
    for (i = 1; i <= 50000; i++)
      printf "%d,1725016941%09d,1,10,1,100,%d,0,5,1,0,%d\n", i % 10 ? 7 : i, i * 7919 % 50021, i, i
  }' >many.csv
  awk -F , 'NR > 1 { ns = substr($2, 11) + 1 } NR > 1 && ns > last[$1] { last[$1] = ns; leaves[$1] = $7 } END { for (id in last) print id "," leaves[id] }' many.csv |
    sort >wanted
  sw-chunk --block-rows 2 -o many.swr many.csv
  sw-classify many.swr | sw-cut -c order_id,leavesquantity --no-header | sort | cmp - wanted
  sw-classify --partial -S 64M -o large.part many.swr
  sw-classify --partial -S 1M -o small.part many.swr
  for parts in large.part small.part; do
    sw-classify --merge -e 'order_id == 7' --ledger events -o seven.swr $parts
    same "$(cat events)" $'50000\t45000'
    sw-classify --merge $parts | sw-cut -c order_id,leavesquantity --no-header | sort | cmp - wanted
  done
  same "$(sw-info seven.swr | awk '$1 == "rows" { print $2 }')" 1
  sw-classify --merge -e 'order_id != 7' --ledger events small.part large.part >/dev/null
  same "$(cat events)" $'50000\t5000\n50000\t5000'
}

# bats test_tags=check
@test "last states: memory does not grow with the orders" {
  columns=security_code,order_id,timestamp,sequence,side,participantid,price,quantity,leavesquantity,totalmatchedquantity,orderstatus
  sw-gen --rows 1000000 --stdout orders | sw-chunk -c $columns -o events.swr
  python3 "$BATS_TEST_DIRNAME/peak.py" 40 sw-classify --partial -o events.part events.swr
  python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-classify --merge -S 32M -o merged.swr events.part
  python3 "$BATS_TEST_DIRNAME/peak.py" 40 sw-classify --merge -S 8M -e 'price > 0' --ledger events -o passes.swr events.part
  same "$(sw-info --digest merged.swr)" "$(sw-info --digest passes.swr)"
  same "$(cat events)" $'1000000\t1000000'
}

# bats test_tags=plain
@test "last states: a report is of them, by an oracle" {
  report --per event -o rows "$DATA/last.csv"
  diff <(tables rows) <(tables "$DATA/whole")
  orders=$(($(wc -l <"$DATA/last.csv") - 1))
  [ "$orders" -gt 5000 ]
  same "$(sed -n 2p "$DATA/whole/aggregated/global_summary.csv" | tr -d '\r' | cut -d , -f 2)" "$orders"
  same "$(tail -n 1 "$DATA/whole/run/ledger.csv" | cut -d , -f -5)" all,30000,30000,0,0
}

# bats test_tags=check, plain
@test "last states: the same bytes with any chunks, workers, runner and order of files, of CSV, gzip and streams" {
  for how in '-j 3 -b 64K' '-j 2 -b 300K' '-j 1 -b 100K'; do
    # shellcheck disable=SC2086
    report $how -o out "$DATA/orders.csv"
    diff -r "$DATA/whole/aggregated" out/aggregated
  done
  SW_RUNNER=parallel report -j 2 -b 500K -o parallel "$DATA/orders.csv"
  diff -r "$DATA/whole/aggregated" parallel/aggregated
  awk 'NR == 1 { print >"a.csv"; print >"b.csv"; print >"c.csv"; next } { print >substr("abc", NR % 3 + 1, 1) ".csv" }' "$DATA/orders.csv"
  gzip b.csv
  sw-chunk c.csv >c.swr
  for files in 'a.csv b.csv.gz c.swr' 'c.swr a.csv b.csv.gz'; do
    # shellcheck disable=SC2086
    report -j 2 -b 200K -o out $files
    diff -r "$DATA/whole/aggregated" out/aggregated
    same "$(tail -n 1 out/run/ledger.csv | cut -d , -f -5)" all,30000,30000,0,0
  done
}

# bats test_tags=check, plain
@test "last states: securities and participants select events, all else last states, and the ledger has their events" {
  day=$(sed -n 2p "$DATA/whole/aggregated/by_date.csv" | cut -d , -f 1)
  while IFS= read -r words; do
    eval "report -j 2 -b 300K -o out $words $DATA/orders.csv"
    eval "report --per event -o rows $words $DATA/last.csv"
    diff <(tables rows) <(tables out)
    eval "sw-chunk $words $DATA/last.csv" | sw-cut -c security_code,order_id --no-header | sort >selected
    same "$(grep -c . selected)" "$(sed -n 's/^\(rows\|orders\|events\),//p' out/aggregated/global_summary.csv | tr -d '\r')"
    kept=$(sw-chunk "$DATA/orders.csv" | sw-cut -c security_code,order_id --no-header | sort | join - selected | wc -l)
    same "$(tail -n 1 out/run/ledger.csv | cut -d , -f -5)" "all,30000,$kept,$((30000 - kept)),0"
  done <<END
-H 10-12
-d $day -q 100..2000
-p 1,2,3,4 -e 'side == 1 && leavesquantity > 0'
--times 10:00-14:30 -e 'exchangeordertype in centre_point && minimumquantity >= 0'
END
}

# bats test_tags=plain
@test "last states: other selectors make no chunk anew, and a second run nothing" {
  report -j 2 -b 500K -o out "$DATA/orders.csv"
  find out/run/parts -name '*.states' -exec touch -d 2001-01-01 {} +
  report -j 2 -b 500K -H 10-11 -g side -a 'n=count()' -o out "$DATA/orders.csv"
  same "$(find out/run/parts -name '*.states' -newermt 2002-01-01 | wc -l)" 0
  same "$(head -n 1 out/aggregated/groups.csv)" side,n
  report -j 2 -b 500K -H 10-11 -g side -a 'n=count(),m=sum(quantity)' -o out "$DATA/orders.csv"
  same "$(head -n 1 out/aggregated/groups.csv)" side,n,m
  touch -d 2001-01-01 out/aggregated/groups.csv
  report -j 2 -b 500K -H 10-11 -g side -a 'n=count(),m=sum(quantity)' -o out "$DATA/orders.csv"
  same "$(find out/aggregated -newermt 2002-01-01 -type f | wc -l)" 0
}

@test "last states: ties go by sequence, then matched, then the smaller leaves, quantity, price, status; without sequence by place" {
  header=order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,orderstatus,totalmatchedquantity
  printf '%s\n' "$header,sequence" 1,1700000000000000000,5,10,1,100,60,64,7,1,40,3 1,1700000000000000000,5,10,1,100,50,64,7,1,40,4 \
    1,1700000000000000000,5,10,1,100,40,64,7,1,30,4 2,1700000000000000000,5,10,1,100,,64,7,1,0,1 2,1700000000000000000,5,10,1,100,0,64,7,1,0,1 \
    3,1700000000000000000,5,10,1,100,5,64,7,2,0,1 3,1700000000000000000,5,10,1,100,5,64,7,1,0,1 \
    4,1700000000000000000,5,11,1,100,5,64,7,2,0,1 4,1700000000000000000,5,10,1,100,5,64,7,2,0,1 \
    1,1700000000000000000,6,10,1,1,1,64,8,1,0,1 >ties.csv
  oracle ties.csv >wanted
  grep -qx '1,1700000000000000000,5,10,1,100,50,64,7,1,40,4' wanted
  grep -qx '2,1700000000000000000,5,10,1,100,,64,7,1,0,1' wanted
  grep -qx '3,1700000000000000000,5,10,1,100,5,64,7,1,0,1' wanted
  grep -qx '4,1700000000000000000,5,10,1,100,5,64,7,2,0,1' wanted
  (head -n 1 ties.csv; tail -n +2 ties.csv | tac) >backwards.csv
  for file in ties.csv backwards.csv; do
    sw-chunk "$file" | sw-classify | sw-cut | sort | diff <(sort wanted) -
    sw-chunk "$file" --block-rows 1 | sw-classify --partial >part.swr
    sw-classify --merge part.swr | sw-cut | sort | diff <(sort wanted) -
  done
  cut -d , -f 1-11 ties.csv >one.csv
  printf '%s\n' "$header" 1,1700000000000000000,5,10,1,100,77,64,7,1,0 >two.csv
  report -g order_id,security_code -a 'leaves=sum(leavesquantity)' -o out one.csv two.csv
  grep -x 1,5,77 out/aggregated/groups.csv
  report -g order_id,security_code -a 'leaves=sum(leavesquantity)' -o out two.csv one.csv
  grep -x 1,5,40 out/aggregated/groups.csv
}

@test "last states: a side or a participant that changes is refused, in a chunk and between chunks" {
  for column in side participantid; do
    awk -F, -v OFS=, -v column="$column" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
      { key = $at["order_id"] } NR > 15000 && seen[key]++ == 0 && key in early && !done { $at[column] = 3 - ($at[column] == 2); if ($at[column] == early[key]) $at[column]++; done = 1 }
      NR < 15000 { early[key] = $at[column] } { print }' "$DATA/orders.csv" >changed.csv
    for how in '-b 1G' '-b 300K'; do
      # shellcheck disable=SC2086
      expect_status 1 report -j 2 $how -o out changed.csv
      [[ $output == *"$column changes from"* ]]
      [ ! -e out/aggregated/by_date.csv ]
    done
    sw-chunk changed.csv >changed.swr
    expect_status 1 sw-classify changed.swr
    [[ $output == *"order "*": $column changes from"* ]]
    expect_status 1 sw-classify -S 1M changed.swr
  done
}

# bats test_tags=plain
@test "last states: what holds no events is reported as it stands, which is said; asked for by order it is refused" {
  sw-gen --rows 2000 --seed 3 --securities 4 -o . >/dev/null
  run report -g security_code -a 'n=count()' -o out trades.csv
  [ "$status" -eq 0 ]
  [[ $output == *'trades.csv: holds trades, and no events of orders: reported as it stands'* ]]
  same "$(awk -F, '{ n += $2 } END { print n }' out/aggregated/groups.csv)" "$(($(wc -l <trades.csv) - 1))"
  expect_status 2 report --per order -g security_code -a 'n=count()' -o new trades.csv
  [ ! -e new ]
  for word in orders row ''; do expect_status 2 report --per "$word" -o new orders.csv; done
}

# bats test_tags=check, plain
@test "last states: a damaged part is made again, and a share that is gone" {
  report -j 2 -b 500K -o out "$DATA/orders.csv"
  part=$(find out/run/parts -name '*.states' | head -n 1)
  printf x | dd of="$part" bs=1 seek=5000 conv=notrunc status=none
  rm -r out/run/orders
  report -j 2 -b 500K -H 9-18 -o out "$DATA/orders.csv" 2>log
  grep -q 'damaged' log
  report -j 2 -b 500K -H 9-18 -o fresh "$DATA/orders.csv"
  diff -r fresh/aggregated out/aggregated
}

# bats test_tags=check
@test "last states: of a whole real day" {
  skip_without real
  run report -o out "$REAL/orders_day.csv"
  [[ $output == *'28452 of 28452 rows selected, of 8262 orders; out'* ]]
  same "$(cut -d , -f 1,2,10,11 out/aggregated/by_security.csv | tail -n 1)" 110621,8262,2755413,0.035998
  same "$(tail -n 1 out/run/ledger.csv | cut -d , -f -5)" all,28452,28452,0,0
  oracle "$REAL/orders_day.csv" >last.csv
  report --per event -o rows last.csv
  diff <(tables rows) <(tables out)
  report --per event -H 10-16 -o events "$REAL/orders.csv"
  same "$(cut -d , -f 2 events/aggregated/by_security.csv | tail -n 1)" 156
}

# bats test_tags=plain
@test "last states: results of a build with other meanings are made again, and that is said" {
  report -o out "$DATA/last.csv"
  run report -o out "$DATA/last.csv"
  [[ $output != *'earlier build'* ]]
  rm out/run/build
  find out/run -name '*.partial' -exec sh -c 'for part; do echo of an earlier build >"$part"; done' sh {} +
  echo 1 >out/aggregated/by_date.csv
  run report -o out "$DATA/last.csv"
  [ "$status" -eq 0 ]
  [[ $output == *'out: has results of an earlier build'* ]]
  [ "$(wc -l <out/aggregated/by_date.csv)" -gt 1 ]
}

# bats test_tags=plain
@test "last states: the account of a run has the events that were read and the orders that were selected" {
  report -j 2 -b 500K -H 10-12 -o out "$DATA/orders.csv"
  python3 - <<'END'
import csv, json
account = json.load(open("out/run/metrics.json"))
orders = dict(csv.reader(open("out/aggregated/global_summary.csv")))
orders = int(next(orders[name] for name in ("orders", "rows") if name in orders))
assert (account["total_rows_processed"], account["total_rows_output"]) == (30000, orders), account
assert [stage["name"] for stage in account["stages"]] == ["chunks", "orders"]
assert account["completed_jobs"] == account["total_jobs"]
END
}
