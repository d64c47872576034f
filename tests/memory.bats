#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Memory does not grow with the input: 64 MiB resident on 10 MB, 100 MB and 1 GB.
# bats file_tags=plain

load helper

stays_small() {
  # A sanitizer's shadow memory is not the program's.
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  local size
  for size in 10M 100M 1G; do
    python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-gen --size "$size" --stdout orders '|' "$@"
  done
}

# bats test_tags=check
@test "memory: sw-chunk, sw-filter, sw-cut" {
  stays_small sw-chunk '|' sw-filter -H 10-15 -e 'side == 1' '|' sw-cut
}

# bats test_tags=check
@test "memory: sw-chunk, sw-agg with all standard reports" {
  stays_small sw-chunk '|' sw-agg --reports all -o "$BATS_TEST_TMPDIR/out"
}

@test "memory: sw-optimize, sw-info" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-gen --size 100M --stdout orders '|' sw-chunk '|' sw-optimize -z 1 '|' sw-info --verify
}

# bats test_tags=check
@test "memory: a gzip input and a range of a file" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  sw-gen --size 100M --stdout orders >"$BATS_TEST_TMPDIR/orders.csv"
  python3 "$BATS_TEST_DIRNAME/peak.py" 64 gzip -1c "$BATS_TEST_TMPDIR/orders.csv" '|' sw-chunk
  sw-chunk --plan -n 1 "$BATS_TEST_TMPDIR/orders.csv" >"$BATS_TEST_TMPDIR/plan"
  read -r _ offset length <"$BATS_TEST_TMPDIR/plan"
  python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-chunk --range "$offset:$length" "$BATS_TEST_TMPDIR/orders.csv"
}

@test "memory: sw-split keeps to its bound" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  python3 "$BATS_TEST_DIRNAME/peak.py" 80 sw-gen --size 100M --securities 1000 --stdout orders '|' sw-chunk '|' \
    sw-split -k security_code -o "$BATS_TEST_TMPDIR/{security_code}.swr"
}

# bats test_tags=check
@test "memory: sw-split keeps to it with long texts too" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  cat >"$BATS_TEST_TMPDIR/long.py" <<'PY'
import random
print("order_id,timestamp,leavesquantity,remark")
for i in range(15000):
    print("%d,5,%d,%s" % (i, i % 64, random.randbytes(4000).hex()))
PY
  python3 "$BATS_TEST_DIRNAME/peak.py" 80 python3 "$BATS_TEST_TMPDIR/long.py" '|' sw-chunk '|' \
    sw-split -k leavesquantity -o "$BATS_TEST_TMPDIR/{leavesquantity}.swr"
  python3 "$BATS_TEST_DIRNAME/peak.py" 80 python3 "$BATS_TEST_TMPDIR/long.py" '|' sw-chunk '|' \
    sw-split -k leavesquantity -f csv -o "$BATS_TEST_TMPDIR/{leavesquantity}.csv.gz"
}

@test "memory: sw-join keeps to its bound" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  sw-gen --size 100M --stdout orders | sw-chunk >"$BATS_TEST_TMPDIR/orders.swr"
  sw-agg -g timestamp -a 'n=count(),q=sum(quantity)' -f swr -o "$BATS_TEST_TMPDIR/times.swr" "$BATS_TEST_TMPDIR/orders.swr"
  python3 "$BATS_TEST_DIRNAME/peak.py" 64 sw-join -k timestamp --with "$BATS_TEST_TMPDIR/times.swr" -c n,q \
    "$BATS_TEST_TMPDIR/orders.swr"
}
