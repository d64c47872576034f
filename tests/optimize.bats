#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-optimize: the same rows in fewer bytes, what it says of that, and streams that lie.

load helper

setup_file() {
  sw-gen --rows 20000 --seed 12 --securities 20 -o "$BATS_FILE_TMPDIR"
  sw-chunk "$BATS_FILE_TMPDIR/orders.csv" >"$BATS_FILE_TMPDIR/orders.swr"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/orders.* .
}

@test "optimize: the same rows at every level, no level larger than the one before by much" {
  local level size before=
  for level in 0 1 2 6 9; do
    sw-optimize -z "$level" orders.swr >small.swr
    same "$(sw-info --digest small.swr)" "$(sw-info --digest orders.swr)"
    sw-cut small.swr | cmp - <(sw-cut orders.swr)
    size=$(wc -c <small.swr)
    [ -z "$before" ] || [ "$size" -le $((before + 100)) ]
    before=$size
  done
}

@test "optimize: a sixth of the CSV, a fifth of 8-byte columns, without zlib" {
  sw-optimize -z 0 orders.swr >small.swr
  [ $((6 * $(wc -c <small.swr))) -lt "$(wc -c <orders.csv)" ]
  [ $((5 * $(wc -c <small.swr))) -lt $((20000 * 12 * 8)) ]
}

@test "optimize: --stats tells the bytes of the CSV and of the columns" {
  sw-optimize --stats orders.swr >small.swr 2>stats
  same "$(awk '$1 == "all" { print $2 }' stats)" "$(sw-cut --no-header orders.swr | wc -c)"
  for column in price timestamp totalmatchedquantity; do
    same "$(awk -v c=$column '$1 == c { print $2, $3 }' stats)" \
      "$(sw-cut --no-header -c "$column,side" orders.swr | awk '{ n += length($0) - 1 } END { print n, NR * 8 }')"
    same "$(awk -v c=$column '$1 == c { print $4, $5 }' stats)" \
      "$(for file in orders small; do sw-info --blocks $file.swr | awk -v c=$column '$3 == c { n += $7 } END { print n }'; done | paste -sd ' ')"
  done
  [ "$(awk 'NR > 1 { if ($1 == "all") exit sum != $5; sum += $5 }' stats; echo $?)" = 0 ]
}

@test "optimize: texts with commas, quotes and nulls count as they are printed" {
  printf 'order_id,timestamp,leavesquantity,note,when\n1,2,3,"a,b",x\n2,3,,"say ""no""",\n-1,4,-25,,zz\n' >odd.csv
  sed -i 's/^-1/3/' odd.csv
  sw-chunk odd.csv | sw-optimize --stats 2>stats | sw-cut --no-header >out
  same "$(awk '$1 == "all" { print $2 }' stats)" "$(wc -c <out)"
}

@test "optimize: twice gives the same bytes, optimized again gives the same rows" {
  sw-optimize orders.swr >one.swr
  sw-optimize <orders.swr >two.swr
  cmp one.swr two.swr
  same "$(sw-optimize one.swr | sw-info --digest)" "$(sw-info --digest orders.swr)"
}

@test "optimize: its streams say 1.2, all others 1.0, and those of a zone 2.3" {
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    <"$BATS_TEST_DIRNAME/vectors/record-1.0.hex" >old.swr
  sw-optimize -o small.swr old.swr
  [ "$(od -An -tu2 -j 24 -N 4 small.swr | xargs)" = "1 2" ]
  [ "$(od -An -tu2 -j 24 -N 4 old.swr | xargs)" = "1 0" ]
  [ "$(sw-filter small.swr | od -An -tu2 -j 24 -N 4 | xargs)" = "1 0" ]
  sw-optimize -o small.swr orders.swr
  [ "$(sw-filter small.swr | od -An -tu2 -j 24 -N 4 | xargs)" = "2 3" ]
}

@test "optimize: every encoding is met, and says its name" {
  sw-gen --rows 3000 --seed 4 --full -o full
  sw-chunk full/orders.csv | sw-optimize -z 0 >full.swr
  sw-info --blocks full.swr | cut -f 4 | sort -u >kinds
  for column in security_code crossingkey; do sw-filter -c "$column" full.swr | sw-optimize -z 0 | sw-info --blocks | cut -f 4 >>kinds; done
  for kind in constant packed delta lookup common again shared difference; do grep -qx "$kind" kinds; done
  sw-sort -k security_code orders.swr | sw-optimize -z 0 | sw-info --blocks | awk '$3 == "security_code"' | grep -qw runs
}

@test "optimize: an order's events say once what stays the same, and quantities are told from each other" {
  sw-optimize -z 0 orders.swr >small.swr
  sw-info --blocks small.swr | cut -f 3,4 | sort -u >kinds
  grep -qx $'order_id\tagain' kinds
  for column in security_code side price participantid exchangeordertype; do grep -qx "$column"$'\tshared' kinds; done
  grep -qxE $'(leavesquantity|quantity)\tdifference' kinds # of the other one and what was matched
  sw-cut orders.swr | cmp - <(sw-cut small.swr)
  sw-cut -c leavesquantity,order_id orders.swr | cmp - <(sw-cut -c leavesquantity,order_id small.swr)
}

@test "optimize: sw-chunk -z writes what sw-optimize --index would" {
  for level in 0 1 6; do
    sw-chunk -z "$level" orders.csv >one.swr
    sw-optimize -z "$level" --index orders.swr >two.swr
    same "$(sw-info --digest one.swr)" "$(sw-info --digest orders.swr)"
    cmp <(sw-info --blocks one.swr) <(sw-info --blocks two.swr)
  done
  sw-chunk -z 1 -s 110621 -c security_code,price orders.csv | sw-cut | cmp - <(sw-filter -s 110621 -c security_code,price orders.swr | sw-cut)
  for level in 10 -1 x ''; do expect_status 2 sw-chunk -z "$level" orders.csv; done
  expect_status 2 sw-chunk --plan -z 1 orders.csv
  expect_status 2 sw-chunk --index -z 1 orders.csv
}

@test "optimize: few rows of columns told from others are those that all rows have" {
  sw-optimize orders.swr >small.swr
  for rows in 'participantid == 7' 'participantid == 7 && price > 300' 'leavesquantity == 100' "sequence in ($(seq -s , 1000000003 97 1000020000))"; do
    sw-filter -e "$rows" orders.swr | sw-cut >here
    [ "$(wc -l <here)" -gt 1 ]
    sw-filter -e "$rows" small.swr | sw-cut | cmp here -
    sw-filter -e "$rows" -c leavesquantity,price small.swr | sw-cut | cmp - <(sw-filter -e "$rows" -c leavesquantity,price orders.swr | sw-cut)
    sw-filter -e "$rows" <small.swr | sw-cut | cmp here -
  done
}

@test "optimize: what goes together in some blocks only comes back" {
  {
    sw-cut orders.swr | head -n 6000
    sw-cut --no-header orders.swr | awk -F , -v OFS=, 'NR > 6000 && NR < 9000 { $1 = 7904 NR; $7 = NR % 7; print }'
    sw-cut --no-header orders.swr | awk 'NR > 9000'
  } >mixed.csv
  sw-chunk --block-rows 700 mixed.csv >mixed.swr
  for level in 0 1 6; do sw-optimize -z "$level" mixed.swr | sw-cut | cmp - <(sw-cut mixed.swr); done
}

# A column that went together with others has nulls, or numbers past 64 bits, from some block on.
@test "optimize: columns that go together in one block need not in the next" {
  local column value
  while read -r column value; do
    awk -F, -v OFS=, -v column="$column" -v value="$value" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) field = i }
      NR > 9000 && NR % 70 == 3 { $field = value == "null" ? "" : value } 1' orders.csv >changed.csv
    sw-chunk changed.csv >plain.swr
    sw-chunk --block-rows 2000 --level 1 changed.csv >kept.swr
    sw-optimize --level 1 plain.swr >small.swr
    same "$(sw-info --digest kept.swr)" "$(sw-info --digest plain.swr)"
    same "$(sw-info --digest small.swr)" "$(sw-info --digest plain.swr)"
  done <<'END'
order_id null
price null
price 99999999999999999999
quantity null
leavesquantity null
totalmatchedquantity null
END
}

@test "optimize: filters and aggregates see no difference" {
  sw-optimize orders.swr >small.swr
  sw-filter -H 10-12 -e 'price > 300 && side == 1' orders.swr | sw-cut | cmp - <(sw-filter -H 10-12 -e 'price > 300 && side == 1' small.swr | sw-cut)
  sw-agg -g security_code,hour small.swr | cmp - <(sw-agg -g security_code,hour orders.swr)
}

# A block that is grouped in pieces, one after it with other orders, and one that a condition picks rows of.
@test "optimize: what is told once an order groups its rows as their own numbers do" {
  local keys=(-g 'security_code,participantid,side' -a 'early=count(security_code > 120000 && participantid < 9),many=distinct(security_code)')
  sw-gen --rows 90000 --seed 31 -o many
  sw-chunk -o plain.swr many/orders.csv
  sw-optimize -z 0 -o small.swr plain.swr
  same "$(sw-info --blocks small.swr | grep -cE $'\t(security_code|participantid)\tshared\t')" 4
  sw-agg --reports all -o plain plain.swr
  sw-agg --reports all -o small small.swr
  diff -r plain small
  sw-agg "${keys[@]}" small.swr >small.csv
  (($(wc -l <small.csv) > 1000))
  sw-agg "${keys[@]}" plain.swr | cmp - small.csv
}

@test "optimize: --index is there and changes no row" {
  sw-optimize orders.swr >without.swr
  sw-optimize --index orders.swr >small.swr
  [ "$(wc -c <small.swr)" -gt "$(wc -c <without.swr)" ]
  verified small.swr
  sw-filter -s 110621 small.swr | sw-cut | cmp - <(sw-filter -s 110621 orders.swr | sw-cut)
}

@test "optimize: bytes that contradict the directory are 1, whatever their checksum says" {
  sw-cut orders.swr | head -n 300 | sw-chunk | sw-optimize -z 0 >good.swr
  python3 "$BATS_TEST_DIRNAME/nonsense.py" good.swr 300 sw-info --digest
}

@test "optimize: levels and options that are none are 2" {
  for level in 10 -1 x ''; do expect_status 2 sw-optimize -z "$level" orders.swr; done
  expect_status 2 sw-optimize --small orders.swr
}

@test "optimize: what is no value of its type, behind bounds that are not true, is 1 and not written" {
  printf 'order_id,timestamp\n%s,1\n%s,2\n' 18446744073709551610 18446744073709551615 | sw-chunk >high.swr
  python3 "$BATS_TEST_DIRNAME/lies.py" --set high.swr 0.order_id.minimum=18446744073709551614 >higher.swr
  expect_status 1 sw-cut higher.swr
  [[ $output == *'order_id'*'its bytes contradict the directory'* ]]
  printf 'order_id,timestamp\n5,1\n200,2\n' | sw-chunk >low.swr
  border=9223372036854775807
  python3 "$BATS_TEST_DIRNAME/lies.py" --set low.swr 0.order_id.{minimum,maximum}="$border" >beyond.swr
  expect_status 1 sw-optimize -o out.swr beyond.swr
  [[ $output == *'column order_id: a value that is not of its type, uint'* ]]
  [ ! -e out.swr ]
}
