#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What is said where a selector wants a text that the rows never have.
# shellcheck disable=SC2016 # expressions stand in single quotes

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --full --rows 2000 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
  rows=$(sed 1d orders.csv | wc -l)
}

# said EXPECTED COMMAND…: what a command says on standard error, all of it.
said() {
  local expected=$1
  shift
  "$@" 2>said >out || { cat said >&2; return 1; }
  same "$(cat said)" "$expected"
}

@test "unseen: a text that no row has is named with the rows that were read, and what is near" {
  local says="timevaliditydecoded is never \"Rest of day\" in $rows rows; near is \"Rest of Day\""
  grep -q ',Rest of Day,' orders.csv
  [ "$(grep -c ',Rest of day,' orders.csv)" = 0 ]
  said "sw-chunk: $says" sw-chunk -e 'timevaliditydecoded == "Rest of day"' orders.csv
  said "sw-filter: $says" sw-filter -e 'timevaliditydecoded == "Rest of day" && side == 1' orders.swr
  same "$(sw-info out | awk '$1 == "rows" { print $2 }')" 0
  said "sw-plan: $says" sw-plan --unseen -e 'timevaliditydecoded == "Rest of day"' orders.csv
  gzip -k orders.csv
  said "sw-chunk: $says" sw-chunk -e 'timevaliditydecoded == "Rest of day"' orders.csv.gz
}

@test "unseen: each text of a list that is not there, and what is near to none alone" {
  said 'sw-filter: timevaliditydecoded is never "Good Til Cancelled" in '"$rows"' rows; near is "Good Till Cancelled"
sw-filter: timevaliditydecoded is never "forever" in '"$rows"' rows' \
    sw-filter --count -e 'side == 1 && timevaliditydecoded in ("forever", "Good Til Cancelled")' orders.swr
  said 'sw-filter: size is never ">50k" in '"$rows"' rows; near is ">50K"' sw-filter -e 'size == ">50k"' orders.swr
}

@test "unseen: over several files it is in none of them" {
  awk -F , -v OFS=, 'NR > 1 { $27 = "rest of day" } 1' orders.csv >other.csv
  same "$(head -n 1 orders.csv | cut -d , -f 27)" timevaliditydecoded
  sw-chunk other.csv >other.swr
  said "sw-filter: timevaliditydecoded is never \"Rest of Days\" in $((2 * rows)) rows; near is \"Rest of Day\"" \
    sw-filter -e 'timevaliditydecoded == "Rest of Days"' orders.swr other.swr
  may_be_empty said '' sw-filter -e 'timevaliditydecoded == "rest of day" && quantity < 0' orders.swr other.swr
}

@test "unseen: nothing is said where rows were selected, where the text is there, or is not wanted" {
  may_be_empty said '' sw-filter --count -e 'timevaliditydecoded == "Rest of day" || side == 1' orders.swr
  may_be_empty said '' sw-filter --count -e 'timevaliditydecoded == "Rest of Day" && quantity < 0' orders.swr
  may_be_empty said '' sw-filter --count -e '!(timevaliditydecoded == "Rest of day") && quantity < 0' orders.swr
  may_be_empty said '' sw-filter --count -e 'timevaliditydecoded != "Rest of day" && quantity < 0' orders.swr
  may_be_empty said '' sw-filter --count -s 1 orders.swr
}

@test "unseen: what can be read but once is not read again, and who counts the rows tells himself" {
  may_be_empty said '' sw-filter -e 'timevaliditydecoded == "Rest of day"' <orders.swr
  mkfifo pipe
  cat orders.swr >pipe &
  may_be_empty said '' sw-filter -e 'timevaliditydecoded == "Rest of day"' pipe
  wait
  may_be_empty said '' sw-filter --tally tally -e 'timevaliditydecoded == "Rest of day"' orders.swr
  may_be_empty said '' sw-chunk --tally tally -e 'timevaliditydecoded == "Rest of day"' orders.csv
}

# bats test_tags=plain
@test "unseen: pipelines say it above their last line" {
  local says="timevaliditydecoded is never \"Rest of day\" in $rows rows; near is \"Rest of Day\"" expression='timevaliditydecoded == "Rest of day"'
  said "extract: $says
extract: 0 of $rows rows selected; out.csv" extract -e "$expression" -o out.csv orders.csv
  said "report: $says
report: 0 of $rows rows selected; event" report --per event -e "$expression" -b 40K -o event orders.csv
  said "report: $says
report: 0 of $rows rows selected, of 0 orders; order" report -e "$expression" -o order orders.swr
  said "report: 0 of $rows rows selected, of 0 orders; none" report -p 999999 -o none orders.csv
}
