#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Named sets: values, and bits, wherever a set can stand.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  # Every number from 0 to 8400 as an order's type, with nulls and negative ones among them, in small blocks.
  awk 'BEGIN {
    print "order_id,timestamp,security_code,exchangeordertype"
    for (i = 0; i <= 8400; i++) print i "," 1725408000 "000000000," i % 7 "," i
    print "9001,1725408000000000000,1,"; print "9002,1725408000000000000,1,-9223372036854775808"; print "9003,1725408000000000000,1,-1"
  }' >orders.csv
  sw-chunk --block-rows 16 orders.csv >orders.swr
}

# with_bits MASK: the types with one of these bits, by Python.
with_bits() {
  python3 -c 'import sys
for value in [*range(8401), -9223372036854775808, -1]:
    if value & int(sys.argv[1]): print(value)' "$1"
}

types() {
  sw-cut --no-header -c exchangeordertype
}

@test "sets: every value with one of the bits, in streams, CSV, sums and measures" {
  with_bits 6464 >centre_point
  with_bits 2048 >sweep
  for set in centre_point sweep; do
    sw-filter -e "exchangeordertype in $set" orders.swr | types | cmp - $set
    sw-chunk -e "exchangeordertype in $set" orders.csv | types | cmp - $set
    sw-filter -e "exchangeordertype + 0 in $set" orders.swr | types | cmp - $set
    same "$(sw-agg -a "n=count(exchangeordertype in $set)" orders.swr)" "n
$(wc -l <$set)"
    # What is not in it is the rest but for the null.
    same "$(sw-filter --count -e "!(exchangeordertype in $set)" orders.swr)" $((8403 - $(wc -l <$set)))
  done
  sw-filter -e 'security_code in centre_point' --count orders.swr >none
  same "$(cat none)" 0
}

@test "sets: blocks that cannot hold one of the bits are stepped over, and none that can" {
  # Numbers below the lowest of the bits have none of them.
  sw-chunk --index --chunk-size 4K orders.csv
  sw-chunk -e 'exchangeordertype in centre_point' orders.csv | types | cmp - <(with_bits 6464)
  sw-optimize --index orders.swr >indexed.swr
  sw-filter -e 'exchangeordertype in sweep' indexed.swr | types | cmp - <(with_bits 2048)
  sw-filter -e 'exchangeordertype in sweep && exchangeordertype < 2050' indexed.swr | types >few
  same "$(cat few)" $'2048\n2049\n-1'
}

@test "sets: of dealsource, as the exchange uses it" {
  {
    printf 'EXCHANGE,sequence,tradedate,tradetime,securitycode,orderid,dealsource,tradeprice,quantity\n'
    for source in {0..99}; do echo "1,1,2024-09-05,1725408000000000000,7,1,$source,10,5"; done
  } >trades.csv
  for pair in 'market:1 20 46 47 49 50 51 52 90' 'dark:46 47 49 50 51 52' 'booked:44 45 48 91' 'reported:3 4 5 6'; do
    same "$(sw-chunk -e "dealsource in ${pair%%:*}" trades.csv | sw-cut --no-header -c dealsource | xargs)" "${pair#*:}"
  done
}

@test "sets: what is wrong with a set of bits is said" {
  mkdir -p share && cp -r "$TREE/share/." share/ && mkdir bin && cp "$SW_BIN/sw-filter" bin/
  printf 'bits 64 3\n' >share/sets/mine
  expect_status 2 bin/sw-filter -e 'exchangeordertype in mine' orders.swr
  [[ $output == *"not powers of two up to 2^63: 'bits 64 3'"* ]]
  printf '1\nbits 64\t4096, 5 # five, too\n' >share/sets/mine
  bin/sw-filter -e 'exchangeordertype in mine' orders.swr | types | sort -n | cmp - <({ with_bits 4160; echo 1; echo 5; } | sort -n)
  printf 'order_id,timestamp,price,remark\n1,5,64,a\n' | sw-chunk >other.swr
  expect_status 2 bin/sw-filter -e 'remark in mine' other.swr
  [[ $output == *'a set of bits is for numbers'* ]]
  # Of decimals the whole ones.
  printf 'order_id,timestamp,price\n1,5,64\n2,5,64.5\n3,5,63\n4,5,-1\n5,5,0.0064\n6,5,5\n7,5,\n' | sw-chunk --block-rows 1 >prices.swr
  same "$(bin/sw-filter -e 'price in mine' prices.swr | sw-cut --no-header -c order_id | xargs)" '1 4 6'
}
