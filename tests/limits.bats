#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a file may ask for: lists and settings without an end, and blocks that unfold to more memory than a block may take.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 100 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
}

# within MIB SECONDS STATUS COMMAND…: it ends with that status and a message, and takes no more.
within() {
  local mib=$1 seconds=$2 wanted=$3
  shift 3
  python3 "$BATS_TEST_DIRNAME/peak.py" --status "$wanted" "$mib" timeout "$seconds" "$@" 2>message
  [[ $wanted -eq 0 || -s message ]]
}

endless() {
  mkfifo "$1"
  yes "$2" >"$1" &
}

# bats test_tags=check,plain
@test "limits: an output whose path leaves no room for what is made below it is refused in words" {
  local folder length place part command words
  sw-gen --rows 100 --stdout trades >trades.csv
  part=$(printf 'p%.0s' {1..200})
  folder=$PWD
  while [ "${#folder}" -lt 3700 ]; do folder+=/$part; done
  mkdir -p "$folder"
  for command in 'report -o' 'extract -o' 'convert -o' 'analyse --trades trades.csv --nbbo trades -o' 'match --trades trades.csv --nbbo trades -o'; do
    read -ra words <<<"$command"
    for length in 3960 4080 4095 4096 5000; do
      # names of 255 bytes at most, and the last one whole
      place=$folder
      while [ $((length - ${#place})) -gt 201 ]; do place+=/$part; done
      place+=/$(printf "%0$((length - ${#place} - 1))d" 0)
      same "${#place}" "$length"
      mkdir -p "${place%/*}" || true
      run "${words[@]}" "$place" orders.csv
      echo "$length ${words[0]}: $status ${output: -200}"
      if [ "$length" -lt 4000 ]; then
        [ "$status" -eq 0 ]
        rm -r "$folder"
        mkdir -p "$folder"
      else
        [ "$status" -eq 3 ]
        [[ $output == *'File name too long'* ]]
      fi
    done
    rm -rf "$folder"
    mkdir -p "$folder"
  done
}

# bats test_tags=check
@test "limits: a list without an end is refused" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  for command in 'sw-filter -s @/dev/zero orders.swr' 'sw-filter -p @/dev/zero orders.swr' \
    'sw-sort -s @/dev/zero -k order_id orders.swr' 'sw-chunk -s @/dev/zero orders.csv' 'sw-chunk --plan -s @/dev/zero orders.csv' \
    'sw-conf check -C /dev/zero' 'sw-chunk -t /dev/zero orders.csv' 'sw-conf check orders=@/dev/zero'; do
    read -ra words <<<"$command"
    within 150 120 2 "${words[@]}"
    grep -Eq '(/dev/zero|standard input): (a |longer|.*more than)' message || { cat message; false; }
  done
  endless list 110621
  within 150 120 2 sw-filter -s @list orders.swr
  grep -q 'a list of more than' message
}

@test "limits: a list of a million values is taken, one of more is not" {
  seq 1 1048576 >list
  [ "$(sw-filter -s @list orders.swr | sw-info --digest)" = "$(sw-info --digest orders.swr)" ]
  seq 1 1048577 >list
  expect_status 2 sw-filter -s @list orders.swr
  [[ $output == *'a list of more than 1048576 values'* ]]
}

@test "limits: an expression is as deep as it may be, and no deeper" {
  expect_status 2 sw-filter -e "$(printf '(%.0s' {1..20000})1 == 1" orders.swr
  expect_status 2 sw-filter -e "$(printf '!%.0s' {1..20000}) side == 1" orders.swr
  expect_status 2 sw-filter -e "side == $(printf -- '-%.0s' {1..20000})1" orders.swr
}

unfold() {
  python3 "$BATS_TEST_DIRNAME/unfold.py" "$@"
}

# bats test_tags=check
@test "limits: a block that would take more memory than a block may is refused before it does, by every program" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  unfold texts 26 100 >texts.swr
  unfold constants 4096 >constants.swr
  unfold dictionaries 500 >dictionaries.swr
  head -n 2 orders.csv | sw-chunk >sorted.swr
  local kind command
  for kind in texts constants dictionaries; do
    for command in 'sw-info --verify' 'sw-info --digest' sw-info sw-cut 'sw-cut -f parquet' 'sw-cut -f arrow' 'sw-cut -c order_id' \
      'sw-filter -e c1==7' 'sw-filter -e order_id==7' sw-optimize 'sw-sort -k order_id' 'sw-sort -k c1' 'sw-split -k order_id -o {order_id}.swr' \
      'sw-agg -g order_id -a n=count()' 'sw-agg --merge' 'sw-join -k order_id --with sorted.swr'; do
      [[ $command != *c1==7 || $kind == constants ]] || continue
      read -ra words <<<"$command"
      within 64 120 1 "${words[@]}" "$kind.swr"
      grep -Eq 'more than 128 MiB of memory|partial' message || { cat message; false; }
    done
    within 64 120 1 sw-join -k order_id --with "$kind.swr" sorted.swr
  done
  # Whatever else there is: with nothing but the stream.
  for command in $(program_list); do
    python3 "$BATS_TEST_DIRNAME/peak.py" --status any 64 timeout 120 "$command" texts.swr 2>message
  done
}

# bats test_tags=check
@test "limits: room is not kept for the largest column of every block" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  unfold turns 10 50 >turns.swr
  within 250 300 0 sw-info --digest turns.swr
  within 250 300 0 cat turns.swr '|' sw-info --digest
}

# bats test_tags=check
@test "limits: blocks as large as they may be take what their page says" {
  [[ $SW_BIN != *asan* ]] || skip 'under a sanitizer'
  unfold texts 3 110 >one.swr
  unfold constants 100 >few.swr
  for file in one few; do
    for command in 'sw-info --verify' 'sw-cut -f parquet' sw-optimize 'sw-sort -k order_id'; do
      read -ra words <<<"$command"
      within 512 300 0 "${words[@]}" "$file.swr"
    done
  done
}

# bats test_tags=check
@test "limits: rows as long as they may be make blocks that can be read, whatever they pass through" {
  python3 - >long.csv <<'PY'
print("order_id,timestamp,leavesquantity," + ",".join("t%d" % i for i in range(14)))
for row in range(12):
    print("%d,%d,1,%s" % (row % 5, row, ",".join("%s%02d" % (chr(97 + i) * (1000000 - (row == 7) * 999990), row) for i in range(14))))
PY
  sw-chunk --block-rows 65536 long.csv >long.swr
  sw-info --verify long.swr
  digest=$(sw-info --digest long.swr)
  [ "$(sw-filter -e 'leavesquantity == 1' --block-rows 65536 long.swr | sw-optimize | sw-sort -k order_id,timestamp | sw-info --digest)" = "$digest" ]
  sw-sort -k order_id,timestamp long.swr | sw-optimize -z 1 | sw-info --verify
  [ "$(sw-cut long.swr | sw-chunk -z 1 | sw-info --digest)" = "$digest" ]
}

# bats test_tags=check
@test "limits: many columns of large numbers make blocks that can be read" {
  python3 - <<'PY'
names = ["c%d" % i for i in range(4090)]
with open("wide.schema", "w") as out:
    print("table wide\ntime timestamp\ncolumn timestamp time", file=out)
    for name in names:
        print("column %s decimal:2" % name, file=out)
with open("wide.csv", "w") as out:
    print("timestamp," + ",".join(names), file=out)
    rows = [",".join(["%d" % (sign * 10**25 + 1)] * 4090) for sign in (1, -1)]
    for row in range(520):
        print("%d,%s" % (row, rows[row % 2]), file=out)
PY
  sw-chunk -t wide.schema --block-rows 65536 wide.csv >wide.swr
  sw-info wide.swr | grep -q '^rows  *520$'
  [ "$(sw-optimize wide.swr | sw-info --digest)" = "$(sw-info --digest wide.swr)" ]
}

@test "limits: a list, a configuration or a schema with a NUL in it is 2, not cut short there" {
  printf 'order_id,timestamp,security_code\n1,1,7\n2,2,8\n' >o.csv
  printf '7,\0008\n' >list
  printf 'orders = o.csv\0\noutput = out\n' >run.conf
  printf 'table t\ncolumn order_id uint\n\0column timestamp time\n' >t.schema
  for command in 'sw-chunk -s @list o.csv' 'sw-conf check -C run.conf' 'sw-chunk -t ./t.schema o.csv'; do
    # shellcheck disable=SC2086
    expect_status 2 $command
    [[ $output == *': a NUL at byte '*' is text'* ]]
  done
}
