#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Hash tables have a key that each process draws: nobody can choose values that meet, and no output depends on it.
# bats file_tags=plain

load helper

setup_file() {
  HASH_TEST=$(test_program hash_test)
  export HASH_TEST
  # Random numbers that are not: the same eight bytes, twice.
  cat >"$BATS_FILE_TMPDIR/chosen.c" <<'C'
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
ssize_t getrandom(void *to, size_t length, unsigned flags)
{
    const char *text = getenv("CHOSEN_KEY");
    unsigned long long word = text ? strtoull(text, NULL, 16) : 0;
    (void)flags;
    for (size_t i = 0; i < length; i += 8) memcpy((char *)to + i, &word, length - i < 8 ? length - i : 8);
    return (ssize_t)length;
}
C
  "$CC" -shared -fPIC -o "$BATS_FILE_TMPDIR/chosen.so" "$BATS_FILE_TMPDIR/chosen.c"
}

@test "hash: 65,000 texts that were chosen to meet under the functions without a key do not" {
  "$HASH_TEST" collide
}

@test "hash: codes and ids are the same under any key" {
  "$HASH_TEST" same
}

@test "hash: every process has a key of its own" {
  [ "$("$HASH_TEST" key)" != "$("$HASH_TEST" key)" ]
  CHOSEN_KEY=5 LD_PRELOAD="$BATS_FILE_TMPDIR/chosen.so" "$HASH_TEST" key | grep -qx '0*5 0*5'
}

# under KEY COMMAND…
under() {
  CHOSEN_KEY=$1 LD_PRELOAD="$BATS_FILE_TMPDIR/chosen.so" "${@:2}"
}

# All that is made of some files under a key.
made_under() {
  mkdir "$1"
  under "$1" sw-chunk orders.csv >"$1/orders.swr"
  under "$1" sw-chunk -z 6 orders.csv >"$1/small.swr"
  under "$1" sw-optimize --index "$1/orders.swr" >"$1/optimized.swr"
  under "$1" sw-agg -g remark,side -a 'n=count(),o=distinct(order_id),q=sum(quantity)' "$1/orders.swr" >"$1/by-text.csv"
  under "$1" sw-agg -g order_id -a 'n=count(),t=distinct(remark),l=last(leavesquantity)' "$1/orders.swr" >"$1/by-number.csv"
  under "$1" sw-agg --partial -g security_code,remark -a 'n=count(),o=distinct(order_id)' "$1/orders.swr" >"$1/partial.swr"
  under "$1" sw-agg --reports all -o "$1/reports" "$1/orders.swr"
  under "$1" sw-sort -k remark,order_id,timestamp,sequence "$1/orders.swr" >"$1/sorted.swr"
  under "$1" sw-filter -e "remark in ('R7','R8','R900') || order_id in ($(paste -sd, ids))" "$1/orders.swr" | sw-cut >"$1/filtered.csv"
  under "$1" sw-split -k participantid -o "$1/{participantid}.swr" "$1/orders.swr"
  under "$1" sw-cut -f parquet "$1/orders.swr" >"$1/orders.parquet"
}

# bats test_tags=check
@test "hash: no byte of what is made depends on the key" {
  [[ $SW_BIN != *asan* ]] || skip 'a sanitizer wants to be loaded first'
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 20000 --seed 5 --stdout orders |
    awk -F, -v OFS=, 'NR == 1 { print $0, "remark"; next } { print $0, "R" (NR * 7919) % 4001 }' >orders.csv
  awk -F, 'NR % 50 == 2 { print $1 }' orders.csv >ids
  for key in 1 ffffffffffffffff 123456789abcdef; do
    made_under "$key"
    diff -r 1 "$key"
  done
  [ "$(wc -l <1/by-text.csv)" -gt 4001 ]
}
