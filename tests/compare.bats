#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-compare: against fractions and integrals in Python, and R where it is; the bootstrap, the kinds of clusters, its errors.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  printf '%s\n' 'table pairs' 'rows orders' 'zone +10:00' 'column order_id uint' 'column date date' >pairs.schema
  printf 'column %s int\n' security_code side participantid order_quantity traded_quantity matched_quantity >>pairs.schema
  printf 'column %s decimal\n' traded_value vwap simulated_vwap cost simulated_cost >>pairs.schema
}

# orders N DATES SECURITIES PARTICIPANTS [SEED]: orders.csv and orders.swr, some of them without a simulated price, some with equal ones.
orders() {
  awk -v n="$1" -v dates="$2" -v securities="$3" -v participants="$4" -v seed="${5:-1}" 'BEGIN {
    srand(seed)
    print "order_id,security_code,date,side,participantid,order_quantity,traded_quantity,traded_value,vwap,simulated_vwap,matched_quantity,cost,simulated_cost,word"
    for (i = 1; i <= n; i++) {
      traded = 1 + int(rand() * 900); price = 3000 + int(rand() * 400) / 4
      simulated = rand() < 0.2 ? "" : rand() < 0.2 ? price : price - 5 + int(rand() * 40) / 4
      matched = simulated == "" ? 0 : rand() < 0.3 ? traded : rand() < 0.3 ? int(traded * 1.04) : int(traded * rand()) + 1
      printf "%d,%d,2024-09-%02d,%d,%s,%d,%d,%.2f,%s,%s,%s,%.3f,%.3f,x\n", i, 90 + 5 * int(rand() * securities), 2 + int(rand() * dates),
        1 + int(rand() * 2), rand() < 0.05 ? "" : 60 + int(rand() * participants), traded + int(rand() * 3) * 50, traded, traded * price,
        i % 31 ? price : "", simulated, matched, rand() * 40 - 10, rand() * 30 - 10
    }
  }' >orders.csv
  sw-chunk -t ./pairs.schema orders.csv >orders.swr
}

# agree [OPTION…]: what is written of orders is what the oracle writes.
agree() {
  sw-compare --real vwap --simulated simulated_vwap "$@" orders.swr >got.csv 2>err
  python3 "$BATS_TEST_DIRNAME/compare_oracle.py" orders.csv vwap simulated_vwap "$@" >wanted.csv
  cmp got.csv wanted.csv
}

@test "compare: groups, shares, quantiles, the weighted mean and its interval" {
  orders 200 4 3 6
  agree
  grep -q '^sw-compare: 6 of 200 orders left out' err
  same "$(cut -d, -f 18 got.csv | sort -u)" "$(printf '%s\n' cluster_by date security_code)"
  orders 120 1 4 9 7
  agree
  orders 100 1 1 9 8
  agree
  same "$(sed -n 2p got.csv | cut -d, -f 18)" participantid
  orders 5 1 1 1 3
  agree
}

@test "compare: the statistics that assume independent orders, when they are asked for" {
  orders 150 3 2 5 4
  agree --independent
  same "$(grep -c 'assumes independent orders' got.csv)" "$(grep -c ',matched,' got.csv)"
  same "$(sw-compare --real vwap --simulated simulated_vwap orders.swr | grep -c assumes || :)" 0
  orders 12 2 2 2 5
  agree --independent
}

@test "compare: the same as R says" {
  skip_without Rscript
  orders 180 3 2 5 6
  sw-compare --real vwap --simulated simulated_vwap --independent orders.swr 2>/dev/null | awk -F, 'NR == 3' | cut -d, -f 24-30 >got
  cat >r.R <<'R'
o <- read.csv("orders.csv"); o <- o[!is.na(o$vwap) & !is.na(o$simulated_vwap), ]
d <- round(1e4 * ifelse(o$side == 1, 1, -1) * (o$vwap - o$simulated_vwap) / o$vwap, 6)
t <- t.test(d); w <- suppressWarnings(wilcox.test(d, exact = FALSE, correct = FALSE))
cat(sprintf("%.6g", c(t$statistic, t$p.value, w$statistic, w$p.value, cor(o$vwap, o$simulated_vwap),
  cor(o$vwap, o$simulated_vwap, method = "spearman"), mean(d) / sd(d))), sep = ",")
cat("\n")
R
  Rscript --vanilla r.R >wanted
  cmp got wanted
}

@test "compare: costs are compared by their difference" {
  orders 120 2 2 3 9
  sw-compare --real cost --simulated simulated_cost --costs orders.swr >got.csv
  python3 "$BATS_TEST_DIRNAME/compare_oracle.py" orders.csv cost simulated_cost --costs >wanted.csv
  cmp got.csv wanted.csv
}

@test "compare: the same bytes whatever the memory, the blocks and the order of the rows" {
  orders 900 3 3 6 2
  sw-compare --real vwap --simulated simulated_vwap --independent orders.swr >want 2>err
  sw-compare --real vwap --simulated simulated_vwap --independent -S 1M -T . orders.swr 2>err | cmp - want
  sw-sort -k traded_quantity:desc orders.swr >s.swr
  sw-filter --block-rows 13 s.swr >small.swr
  sw-compare --real vwap --simulated simulated_vwap --independent small.swr 2>err | cmp - want
  sw-filter -e 'order_id <= 300' orders.swr >a.swr
  sw-filter -e 'order_id > 300' orders.swr >b.swr
  sw-compare --real vwap --simulated simulated_vwap --independent b.swr a.swr 2>err | cmp - want
}

@test "compare: groups, clusters, weights and values of one's own" {
  orders 200 3 2 5 3
  sw-compare --real vwap --simulated simulated_vwap orders.swr >want 2>err
  sw-compare --real 'r=vwap*1' --simulated 's=simulated_vwap+0' orders.swr 2>err | cmp - want
  sw-compare --real vwap --simulated simulated_vwap -g participantid,side --cluster security_code orders.swr >got 2>err
  same "$(cut -d, -f 1 got | uniq)" "$(printf '%s\n' by all participantid side quartile)"
  same "$(cut -d, -f 18 got | sort -u)" "$(printf '%s\n' cluster_by security_code)"
  # null is a group of its own, first
  grep -m 1 ^participantid got | grep -q '^participantid,,all,'
  # all weights the same: the weighted mean is the mean
  sw-compare --real vwap --simulated simulated_vwap --weight 'one=side*0+2' orders.swr 2>err | awk -F, 'NR > 1 && $8 != $14 { exit 1 }'
  same "$(awk -F, 'NR > 1 && $1 == "quartile" && $3 == "all" { n += $4 } END { print n }' want)" "$(sed -n 2p want | cut -d, -f 4)"
}

@test "compare: what an order is worth that the simulation leaves as it was" {
  printf '%s\n' order_id,side,vwap,simulated_vwap,traded_quantity,matched_quantity,traded_value,date,order_quantity \
    1,1,100,99,10,10,1000,2024-09-05,10 2,2,100,99,100,96,3000,2024-09-05,100 3,1,100,,10,,1000,2024-09-05,10 4,1,100,100,10,1,0,2024-09-06,40 |
    sw-chunk -t ./pairs.schema >orders.swr
  sw-compare --real vwap --simulated simulated_vwap orders.swr >got
  # 100, −100, 0 and 0 basis points, of weights 1000, 3000, 1000 and 0
  same "$(sed -n 2p got)" all,,all,4,0.5,0.25,0.25,0,-85,-25,0,25,85,-40,"$(sed -n 2p got | cut -d, -f 15,16)",2,date,1,1,1,1
  same "$(sed -n 3p got | cut -d, -f 3-8,14)" matched,3,0.333333,0.333333,0.333333,0,-50
}

@test "compare: the sweeps of a real day, as they were and as the simple rules match them" {
  skip_without real
  sw-chunk "$REAL/orders_day.csv" | sw-sort -k security_code,order_id,timestamp,sequence >events.swr
  sw-chunk "$REAL/trades.csv" | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk "$REAL/nbbo.csv" | sw-sort -k security_code,timestamp >nbbo.swr
  sw-classify --trades trades.swr events.swr >classified.swr 2>err
  sw-match --trades trades.swr --nbbo nbbo.swr --rules simple --sweeps s.swr events.swr >matches.swr 2>err
  sw-sort -k security_code,order_id s.swr >sweeps.swr
  sw-tca --trades trades.swr --nbbo trades --events events.swr classified.swr 2>err |
    sw-join -k security_code,order_id --with sweeps.swr -c 'simulated=vwap,matched_quantity' >both.swr
  # what the README of the real files says of the sweeps that match
  same "$(sw-filter -e 'matched_quantity > 0' both.swr |
    sw-agg -a 'n=count(),vwap=mean(vwap),a=mean(time_to_first_fill),b=mean(time_first_to_last),c=mean(time_volume_weighted)' |
    awk -F, 'NR == 2 { printf "%d %.2f %.2f %.2f %.2f\n", $1, $2, $3 / 1e9, $4 / 1e9, $5 / 1e9 }')" '841 3391.31 578.64 21.41 597.66'
  sw-filter -e 'matched_quantity > 0' both.swr | sw-join -k security_code,order_id --with classified.swr -c initial_quantity - >some.swr
  same "$(sw-agg -a 'asked=mean(order_quantity),fill=mean(traded_quantity/trades),a=quantile(initial_quantity,0.25),b=median(initial_quantity),c=quantile(initial_quantity,0.75)' \
    some.swr | awk -F, 'NR == 2 { printf "%.1f %.2f %d %d %d\n", $1, $2, $3, $4, $5 }')" '639.5 527.96 40 215 469'
  # against the mid of each trade's own row, the mean of the orders: not that strictly before it, which sw-tca takes
  same "$(sw-sort -k security_code,order_id some.swr | sw-join -k security_code,order_id --with - trades.swr |
    sw-agg -g order_id -a 'a=sum(quantity*(2*price-nationalbidpricesnapshot-nationalofferpricesnapshot)*(3-2*side)),b=sum(quantity*(nationalbidpricesnapshot+nationalofferpricesnapshot))' |
    awk -F, 'NR > 1 { sum += 10000 * $2 / $3; n++ } END { printf "%d %.2f\n", n, sum / n }')" '841 -12.03'
  sw-compare --real vwap --simulated simulated both.swr >got
  same "$(awk -F, 'NR == 2 { print $4, $19 + $20 + $21, $22 }' got)" '1273 841 432'
  same "$(awk -F, 'NR == 3 { print $3, $4, $18 }' got)" 'matched 841 participantid'
  # alike in all: what changes with the clusters is the interval alone
  same "$(sw-compare --real vwap --simulated simulated --cluster order_id both.swr | cut -d, -f 1-14)" "$(cut -d, -f 1-14 got)"
}

@test "compare: what a t of a real day is worth when orders come in clusters" {
  skip_without real
  sw-chunk "$REAL/orders_day.csv" | sw-sort -k security_code,order_id,timestamp,sequence >events.swr
  sw-chunk "$REAL/trades.csv" | sw-sort -k security_code,order_id,timestamp >trades.swr
  sw-chunk "$REAL/trades.csv" | sw-sort -k security_code,timestamp,sequence >quotes.swr
  sw-classify --trades trades.swr events.swr >classified.swr 2>err
  sw-match --trades trades.swr --nbbo quotes.swr --rules simple,limit,half_tick --sweeps s.swr events.swr >matches.swr 2>err
  sw-sort -k security_code,order_id s.swr | sw-join -k security_code,order_id --with classified.swr \
    -c traded_quantity,traded_value,order_quantity - >both.swr
  # Price against price, whichever side: an independent run, of 705 sweeps, had -6.55, and -2.10 by participant.
  sw-compare --real 'paid=traded_value/traded_quantity' --simulated vwap --costs --cluster participantid --independent both.swr >got
  awk -F, 'function near(value, wanted) { if ((value - wanted)^2 > (wanted / 20)^2) { print value, "not", wanted; bad = 1 } }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR == 3 { near($4, 705); near($at["t"], -6.55); near($at["clustered_t"], -2.10); known = $at["clustered_p"] > 0.05 && $at["t_p"] < 1e-9
      first = at["low"] < at["t"] }
    END { exit bad || !known || !first }' got
}

@test "compare: nothing to compare, and what is wrong" {
  orders 20 1 1 1
  sw-filter -e 'order_id < 0' orders.swr >none.swr
  same "$(sw-compare --real vwap --simulated simulated_vwap none.swr | wc -l)" 1
  fails() {
    expect_status "$1" sw-compare "${@:3}"
    [[ $output == *"$2"* ]] || { echo "no '$2' in: $output" >&2 && return 1; }
  }
  fails 2 'needs --real' orders.swr
  fails 2 'needs --simulated' --real vwap orders.swr
  fails 2 "'wap'" --real wap --simulated simulated_vwap orders.swr
  fails 2 'which has no numbers' --real word --simulated vwap orders.swr
  fails 2 '--memory: less than 1M' --real vwap --simulated simulated_vwap -S 1K orders.swr
  fails 1 'a weight below 0' --real vwap --simulated simulated_vwap --weight 'w=0-traded_value' orders.swr
  fails 2 "not csv, tsv" --real vwap --simulated simulated_vwap -f xml orders.swr
  fails 1 'ended early' --real vwap --simulated simulated_vwap <(head -c -9 orders.swr)
  sw-filter -c order_id,vwap,simulated_vwap orders.swr >sideless.swr
  fails 1 "'side'" --real vwap --simulated simulated_vwap sideless.swr
}
