#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# `value` lines of schemas: what is written means something else; and times that count another unit.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  cat >t.schema <<'END'
table t
time at
zone UTC
column at time
column side int
column price decimal
column note text
column day date
column id uint
value side 1 B BUY buy
value side 2 S "SELL SHORT" # a comment
value price null 0 -1
value note null n/a
value note none "#"
value day null 0000-00-00
value id null -1
END
  cat >t.csv <<'END'
at,side,price,note,day,id
1,B,0.00,n/a,0000-00-00,-1
2,buy,1.5,#,2024-09-05,5
3,SELL SHORT,-1.0,x,2024-09-06,18446744073709551615
4,1,00,n/a,,7
5,S,+0,n/a,2024-09-05,7
6,2,.0,,2024-09-05,7
7,2,12345678.9,none,2024-09-05,7
END
}

@test "values: compared as numbers where the old one is a number, else byte for byte; null, text, dates, ids" {
  sw-chunk -t ./t.schema t.csv | sw-cut >out
  diff - out <<'END'
at,side,price,note,day,id
1,1,,,,
2,1,1.5,none,2024-09-05,5
3,2,,x,2024-09-06,18446744073709551615
4,1,,,,7
5,2,,,2024-09-05,7
6,2,,,2024-09-05,7
7,2,12345678.9,none,2024-09-05,7
END
}

@test "values: selectors, the prefilter and the index see what it means" {
  {
    echo at,side,price,note,day,id
    awk 'BEGIN { split("B 1 S 2 BUY", s); split("0 5 0.0 7", p); for (i = 1; i <= 20000; i++)
      print i "," s[i % 5 + 1] "," p[i % 4 + 1] "," (i % 3 ? "n/a" : "#") ",2024-09-05," i }'
  } >many.csv
  sw-chunk -t ./t.schema many.csv >many.swr
  for e in 'side == 1' 'price == null' 'price == 5' 'price == 0' 'note == "none"' 'note == "n/a"' 'side in (1)' \
    'side == 2 && price == 7' 'price != 5'; do
    sw-filter -e "$e" many.swr | sw-info --digest >front
    sw-chunk -t ./t.schema -e "$e" many.csv | sw-info --digest | diff front -
    sw-chunk -t ./t.schema -c at,id -e "$e" many.csv | sw-cut | cmp - <(sw-filter -c at,id -e "$e" many.swr | sw-cut)
  done
  same "$(sw-filter --count -e 'side == 1' many.swr)" 12000
  same "$(sw-filter --count -e 'price == null' many.swr)" 10000
  # By Python, from the file.
  python3 - many.csv >theirs <<'END'
import csv, sys
from decimal import Decimal
sides = {"B": 1, "BUY": 1, "S": 2}
for row in csv.DictReader(open(sys.argv[1])):
    price = "" if Decimal(row["price"]) in (0, -1) else row["price"]
    print(row["at"], sides.get(row["side"], row["side"]), price, {"n/a": "", "#": "none"}[row["note"]], sep=",")
END
  sw-cut --no-header -c at,side,price,note many.swr | cmp - theirs
}

@test "values: the same with any chunk, quoted, with carriage returns, among bad rows" {
  sed 's/$/\r/; s/,n\/a,/,"n\/a",/; s/,B,/,"B",/' t.csv >odd.csv
  same "$(sw-chunk -t ./t.schema odd.csv | sw-info --digest)" "$(sw-chunk -t ./t.schema t.csv | sw-info --digest)"
  sed '3s/1.5/1,5/; 4s/SELL SHORT/SELL/' t.csv >bad.csv
  sw-chunk -t ./t.schema --bad-rows bad bad.csv 2>/dev/null | sw-cut --no-header -c at >kept
  same "$(cat kept)" $'1\n4\n5\n6\n7'
  grep -q 'side.*not a whole number' bad
}

@test "values: mapped onto each other, at every length and place in a batch" {
  printf 'table s\ncolumn k int\ncolumn v int\nvalue v 2 1\nvalue v 1 2\nvalue v 123456789012345678 17\nvalue v null 99999999999\n' >s.schema
  awk 'BEGIN { print "k,v"; split("1 2 +2 17 3 99999999999 123456789012345678 001", v); for (i = 0; i < 3000; i++) print i "," v[int(i / 7) % 8 + 1] }' >s.csv
  sw-chunk -t ./s.schema s.csv | sw-cut >ours
  awk -F, 'NR > 1 { v = $2; sub(/^[+0]+/, "", v)
    if (v == "1") v = 2; else if (v == "2") v = 1; else if (v == "17") v = "123456789012345678"; else if (v == "99999999999") v = ""
    $0 = $1 "," v } { print }' s.csv | cmp - ours
}

@test "values: absent prices and quantities of this exchange are null" {
  sw-gen --rows 500 --seed 5 --full -o made
  for name in price quantity leavesquantity national_bid offer; do
    column=$(head -n 1 made/orders.csv | tr , '\n' | grep -nx $name | cut -d: -f1)
    awk -F, -v OFS=, -v c="$column" 'NR == 3 { $c = "-9223372036854775808" } 1' made/orders.csv >one.csv
    row=$(sed -n 3p made/orders.csv | cut -d, -f28)
    same "$(sw-chunk -e "row_num == $row && $name == null" one.csv | sw-cut --no-header -c row_num)" "$row"
  done
  skip_without real
  # Counted by awk: sides that are absent, in the file's columns 4 and 6.
  for file in nbbo nbbo_no_price; do
    for pair in bid:4 offer:6; do
      same "$(sw-chunk -e "${pair%:*} == null" "$REAL/$file.csv" | sw-info -f json | jq .rows)" \
        "$(awk -F, -v c="${pair#*:}" 'NR > 1 && ($c == 0 || $c == "-9223372036854775808")' "$REAL/$file.csv" | wc -l)"
    done
  done
}

@test "values: mistakes are errors with their line" {
  while IFS='|' read -r line message; do
    { grep -v '^value' t.schema; echo "$line"; } >wrong.schema
    expect_status 2 sw-chunk -t ./wrong.schema t.csv
    [[ $output == *"wrong.schema:10: $message"* ]] || { echo "$line: $output"; false; }
  done <<'END'
value sides 1 B|value: no such column: 'sides'
value side one B|value: not a whole number: 'one'
value side 1|value: needs a column, what it means, and what is written
value side 1 B B|value: 'B' is told already
value side 1 5 5.0|value: '5.0' is told already
value day null "0|a quote that stays open
values day null 0|not table, time, rows, zone, column, value, format, separator, point, names, ignore, file, require, require-one or forbid: 'values'
END
}

@test "values: a plain time that counts seconds, milliseconds or microseconds is bad, and the unit is named" {
  for pair in 1725408000:seconds 978307200:seconds 4133980800:seconds 1725408000123:milliseconds 1725408000123456:microseconds \
    978307200000:milliseconds 4133980800000000:microseconds; do
    printf 'order_id,timestamp\n1,1725408000000000000\n2,%s\n' "${pair%:*}" >x.csv
    expect_status 1 sw-chunk x.csv
    [[ $output == *"x.csv:3: timestamp: counts ${pair#*:} since 1970, not nanoseconds: '${pair%:*}'"* ]] || { echo "$output"; false; }
  done
  # What lies beside those is a time.
  printf 'order_id,timestamp\n' >x.csv
  for time in 978307199 4133980801 978307199999 4133980800001 978307199999999 4133980800000001 0 5 -1725408000 1725408000000000000; do
    echo "1,$time" >>x.csv
  done
  sw-chunk x.csv | sw-cut | cmp - x.csv
  # Each place of a batch, and ISO 8601.
  awk 'BEGIN { print "order_id,timestamp"; for (i = 0; i < 600; i++) print i "," (i % 97 == 50 ? "1725408000" : "1725408000000000000") }' >y.csv
  sw-chunk --bad-rows bad y.csv 2>/dev/null | sw-cut --no-header -c order_id >kept
  awk 'BEGIN { for (i = 0; i < 600; i++) if (i % 97 != 50) print i }' | cmp - kept
  printf 'order_id,timestamp\n1,1970-01-01T00:00:01Z\n' >z.csv
  same "$(sw-chunk z.csv | sw-cut --no-header)" 1,1000000000
}

# bats test_tags=check
@test "values: a pipeline says at its end what it read, kept and where that is; that nothing was selected is a warning" {
  sw-gen --rows 200 --seed 3 -o made
  rows=$(sed 1d made/orders.csv | wc -l)
  buys=$(sw-chunk -e 'side == 1' made/orders.csv | sw-info -f json | jq .rows)
  for pipeline in 'report --per event -o out' 'extract -o out.csv' 'convert -o out.swr'; do
    for _ in first again; do
      # shellcheck disable=SC2086
      expect_status 0 $pipeline -j 1 -e 'side == 1' made/orders.csv
      same "${lines[-1]}" "${pipeline%% *}: $buys of $rows rows selected; ${pipeline##* }"
    done
    # shellcheck disable=SC2086
    expect_status 0 $pipeline -j 1 --log-level warning -e 'side == 3' made/orders.csv
    same "$output" "${pipeline%% *}: 0 of $rows rows selected; ${pipeline##* }"
    # shellcheck disable=SC2086
    expect_status 0 $pipeline -j 1 --log-level error -e 'side == 3' made/orders.csv
    [ -z "$output" ]
  done
  expect_status 0 analyse -j 1 --trades made/trades.csv --nbbo made/nbbo.csv -o analysis made/orders.csv
  same "${lines[-1]}" "analyse: $(awk -F, 'NR == 2 { print $2 }' analysis/aggregated/global_summary.csv) of $(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "orders") at = i } END { print $at }' analysis/run/ledger_by_security.csv) orders selected, of $rows rows of orders; $PWD/analysis"
}
