# SPDX-License-Identifier: ISC
# The arm64 programs, under qemu, give the bytes that ours give. $SW_ARM64 is where they are (make test-arm64).
load ../helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return 1
  sw-gen --rows 3000 --securities 4 --seed 3 -o data
}

setup() { cd "$BATS_FILE_TMPDIR" || return 1; }

# on_both COMMAND: a shell line, with our programs and with the arm64 ones; the outputs are equal and not empty.
on_both() {
  local here there
  for program in "$SW_BIN"/sw-*; do [[ -x $SW_ARM64/${program##*/} ]]; done
  here=$(bash -c -o pipefail "$1" | od -An -tx1 | cksum)
  there=$(PATH="$SW_ARM64:$PATH" bash -c -o pipefail "$1" | od -An -tx1 | cksum)
  [[ $here != "$(od -An -tx1 </dev/null | cksum)" ]]
  same "$here" "$there"
}

needs() {
  local program
  for program; do [[ -x $SW_BIN/$program ]] || skip "no $program yet"; done
}

@test "arm64: every program answers --version and --help" {
  for program in $(program_list); do on_both "$program --version; $program --help"; done
}

@test "arm64: sw-gen makes the same tables" {
  for table in orders trades nbbo; do on_both "sw-gen --rows 500 --seed 9 --stdout $table"; done
}

@test "arm64: CSV to records and back" {
  needs sw-chunk sw-cut
  on_both 'sw-chunk data/orders.csv'
  on_both 'sw-chunk data/orders.csv | sw-cut'
  on_both 'sw-chunk data/trades.csv | sw-cut -f jsonl'
}

@test "arm64: filters and aggregates" {
  needs sw-chunk sw-filter sw-agg
  on_both 'sw-chunk data/orders.csv | sw-filter -e "side == 1 && quantity > 100" | sw-agg -g security_code,hour'
}

@test "arm64: records written there are read here" {
  needs sw-chunk sw-cut
  same "$("$SW_ARM64/sw-chunk" data/nbbo.csv | sw-cut | cksum)" "$(sw-chunk data/nbbo.csv | sw-cut | cksum)"
}
