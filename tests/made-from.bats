#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A second run makes again what anything that an answer was made from changes: a named set, a schema of the suite's, a list, an index, the
# tz database; and nothing where nothing of that is another.
# shellcheck disable=SC2164 # set -e
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  sw-gen --rows 3000 --securities 3 --participants 4 --days 2 --seed 3 -o "$DATA"
  # a suite of its own, whose sets and schemas may be edited
  mkdir "$DATA/suite"
  cp -R "$TREE/share" "$TREE/pipelines" "$DATA/suite/"
  mkdir "$DATA/suite/bin"
  cp "$SW_BIN"/sw-* "$DATA/suite/bin/"
}

setup() {
  cp -R "$DATA/suite" "$BATS_TEST_TMPDIR/"
  cd "$BATS_TEST_TMPDIR"
  export SW_BIN=$PWD/suite/bin PATH=$PWD/suite/bin:$PWD/suite/pipelines:$PATH
  set_to 64,256,2048
}

set_to() { printf '%s\n' "$1" >suite/share/sets/dark; }

# run_of PIPELINE OUT WORD…
run_of() {
  case $1 in
    analyse) analyse -j 2 --log-level error --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o "$2" "${@:3}" "$DATA/orders.csv" ;;
    report) report -j 2 -o "$2" "${@:3}" "$DATA/orders.csv" ;;
    *) "$1" -j 2 --keep-intermediate yes -o "$2" "${@:3}" "$DATA/orders.csv" ;;
  esac
}

# What a run made: one file or two folders.
result_of() { if [ -d "$1" ]; then (cd "$1" && find . -path ./run -prune -o -type f -exec sha256sum {} + | sort -k 2); else sha256sum <"$1"; fi; }

# remade PIPELINE CHANGE WORD…: behind CHANGE a second run is as one into a new folder, and not what the first one made; without it the parts stay.
remade() {
  local pipeline=$1 change=$2 first again
  shift 2
  rm -rf out* new*
  run_of "$pipeline" out "$@"
  first=$(result_of out)
  parts=$(find . -path './out*' -name '*.tally' -printf '%p %T@\n' | sort)
  run_of "$pipeline" out "$@"
  same "$parts" "$(find . -path './out*' -name '*.tally' -printf '%p %T@\n' | sort)"
  same "$first" "$(result_of out)"
  $change
  run_of "$pipeline" new "$@"
  run_of "$pipeline" out "$@"
  again=$(result_of out)
  same "$(result_of new)" "$again"
  [ "$first" != "$again" ]
}

other_set() { set_to 64; }

# bats test_tags=check
@test "made from: a named set of a selector" {
  for pipeline in report extract convert analyse; do
    set_to 64,256,2048
    remade "$pipeline" other_set -e 'exchangeordertype in dark'
  done
}

# bats test_tags=check
@test "made from: a named set of an analysis that keeps no chunks, and of measures" {
  remade analyse other_set --keep-intermediate no -e 'exchangeordertype in dark'
  set_to 64,256,2048
  remade report other_set -g security_code -a 'n=count(exchangeordertype in dark)'
  set_to 64,256,2048
  remade report other_set -a 'n=sum(quantity),m=count(exchangeordertype in dark)'
}

@test "made from: a schema of the suite's" {
  other_schema() { sed -i 's/^column price .*/column price decimal:6/; s/^column quantity int/column quantity text/' suite/share/schemas/orders.schema; }
  remade convert other_schema
  cp "$TREE/share/schemas/orders.schema" suite/share/schemas/
  remade convert other_schema -t orders
}

# bats test_tags=check
@test "made from: a list" {
  other_list() { echo 118540 >list; }
  for pipeline in report extract analyse; do
    printf '%s\n' 110621 118540 >list
    remade "$pipeline" other_list -s @list
  done
  other_numbers() { echo 2 >participants; }
  printf '%s\n' 1 2 3 >participants
  remade analyse other_numbers --keep-intermediate no -p @participants
}

identity() { sw-plan --identities "$@" -- orders.csv | cut -f 3; }

@test "made from: an index, where there are selectors" {
  cp "$DATA/orders.csv" . # others read that one meanwhile
  before=$(identity) selected=$(identity -s 110621)
  sw-chunk --index orders.csv 2>/dev/null >/dev/null || sw-chunk --index -o orders.csv.index orders.csv
  [ -e orders.csv.index ]
  same "$before" "$(identity)"
  [ "$selected" != "$(identity -s 110621)" ]
  rm orders.csv.index
  same "$selected" "$(identity -s 110621)"
}

@test "made from: what is read, and no more" {
  cp "$DATA/orders.csv" .
  before=$(identity -e 'exchangeordertype in dark') other=$(identity -e 'side == 1') words=$(sw-plan --words -- -e 'x in dark' --tz Asia/Tokyo)
  echo 1 >suite/share/sets/unused
  same "$before" "$(identity -e 'exchangeordertype in dark')"
  set_to 64
  same "$other" "$(identity -e 'side == 1')"
  [ "$before" != "$(identity -e 'exchangeordertype in dark')" ]
  [ "$words" != "$(sw-plan --words -- -e 'x in dark' --tz Asia/Tokyo)" ]
  set_to 64,256,2048
  same "$words" "$(sw-plan --words -- -e 'x in dark' --tz Asia/Tokyo)"
  [ "$words" != "$(sw-plan --words -- -e 'x in dark' --tz Asia/Seoul)" ]
  expect_status 3 sw-plan --words -- @/no/such/list
  expect_status 2 sw-plan --words --headers -- x
}

@test "made from: the tz database" {
  [ -e /usr/share/zoneinfo/Australia/Sydney ] || skip 'no tz database here'
  unshare -m true 2>/dev/null || skip 'needs to mount'
  # shellcheck disable=SC2016
  same_names='mount --bind /usr/share/zoneinfo/Asia/Tokyo /usr/share/zoneinfo/Australia/Sydney && exec "$@"'
  for pipeline in report extract; do
    rm -rf out* new*
    words=("$pipeline" -j 1 --keep-intermediate yes --tz Australia/Sydney -e 'hour > 11' "$DATA/orders.csv")
    "${words[@]}" -o out
    first=$(result_of out)
    unshare -m bash -c "$same_names" - "${words[@]}" -o out
    unshare -m bash -c "$same_names" - "${words[@]}" -o new
    same "$(result_of new)" "$(result_of out)"
    [ "$first" != "$(result_of out)" ]
  done
}
