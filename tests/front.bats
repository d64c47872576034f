#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw: every command under one name, its page, and what the shells complete.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

listed() { sw | awk '/^  [a-z]/ { print $1 }'; }

# What a user calls of pipelines/: what has a page.
callable() {
  program_list | sed 's/^sw-//'
  local page
  for page in "$TREE"/man/sw-*.1.in; do
    page=${page##*/sw-} page=${page%.1.in}
    [[ ! -x $TREE/pipelines/$page ]] || echo "$page"
  done
}

@test "front: every program and pipeline is listed, with a line, a page and a --help of its name" {
  same "$(listed | sort)" "$(callable | sort -u)"
  sw | awk '/^  [a-z]/ && NF < 4 { exit 1 }'
  [[ $(sw | wc -L) -le 100 ]]
  same "$(sw --help; sw help)" "$(sw; sw)"
  local command
  for command in $(listed); do
    [[ -e $TREE/man/sw-$command.1.in ]]
    sw "$command" --help | head -n 1 | grep -qE "^usage: (sw[- ])?$command( |\$)"
  done
  same "$(sw --version)" "$(sw-cut --version | sed 's/sw-cut/sw/')"
}

@test "front: a command's arguments, input, output and status are its own" {
  sw-gen --rows 300 --stdout orders >orders.csv
  sw-chunk orders.csv | sw-agg -g hour -a 'n=count()' >want
  sw chunk <orders.csv | sw agg -g hour -a 'n=count()' >got
  cmp want got
  sw sw-chunk orders.csv | cmp - <(sw-chunk orders.csv)
  run -1 --separate-stderr sw chunk -t orders - <<<$'order_id\nx'
  same "${stderr%%:*}" sw-chunk
  run -2 sw chunk --no-such-option
  run -3 sw chunk -o no/such/folder/x orders.csv
  run -2 sw report --no-such-option
  sw chunk -- orders.csv | cmp - <(sw-chunk orders.csv)
}

@test "front: a pipeline through sw, also by a link from elsewhere" {
  sw-gen --rows 300 --stdout orders >orders.csv
  ln -s "$SW_BIN/sw" mine
  ./mine report -j 1 -o one orders.csv 2>/dev/null
  "$TREE/pipelines/report" -j 1 -o two orders.csv 2>/dev/null
  diff -r one/aggregated two/aggregated
}

@test "front: what is no command is 2, with the nearest one" {
  run -2 --separate-stderr sw reprot
  same "$stderr" "sw: no command 'reprot'; is 'report' meant?"
  run -2 --separate-stderr sw hlep
  same "$stderr" "sw: no command 'hlep'; is 'help' meant?"
  run -2 --separate-stderr sw xyzzy
  same "$stderr" "sw: no command 'xyzzy'; \`sw\` lists them"
  run -2 --separate-stderr sw --frobnicate
  run -2 --separate-stderr sw ''
  run -2 --separate-stderr sw help report agg
  run -2 --separate-stderr sw help reprot
  [[ $stderr == *"is 'report' meant?" ]]
}

@test "front: help without pages or man is the command's --help" {
  mkdir bin
  cp "$SW_BIN"/sw "$SW_BIN"/sw-cut bin/
  same "$(bin/sw help cut)" "$(sw-cut --help)"
  run -3 --separate-stderr bin/sw help report
  [[ $stderr == *pipelines/report:*'not there'* ]]
}

@test "front: bash completes commands, options, formats, columns of the file, measures, zones" {
  sw-gen --rows 10 --stdout orders >o.csv
  sw-chunk o.csv >o.swr
  "$TREE/man/completion.sh" "$SW_BIN" made
  # shellcheck source=/dev/null
  . made/sw
  completed() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    __sw_complete
    echo "${COMPREPLY[*]}"
  }
  same "$(completed sw re)" report
  same "$(completed sw help cla)" classify
  same "$(completed sw agg -f pa)" parquet
  same "$(completed sw agg --format = js)" jsonl
  same "$(completed sw-agg -g hour_)" hour_start
  same "$(completed sw chunk o.csv -c order_id,part)" order_id,participantid
  same "$(completed sw cut o.swr -c security_code,excha)" security_code,exchangeordertype
  same "$(completed sw agg -a n=coun)" 'n=count()'
  same "$(completed sw extract --bad-r)" --bad-rows
  # What is a command and a program has the options of either.
  same "$(completed sw match --nbbo-s)/$(completed sw-match --nbbo-s)" --nbbo-schema/
  same "$(completed sw-match --summ)/$(completed sw match --summ)" --summary/
  same "$(completed sw mat)" match
  [[ ! -r /usr/share/zoneinfo/tzdata.zi ]] || same "$(completed sw cut --tz Australia/Syd)" Australia/Sydney
}

@test "front: fish and zsh read theirs, and fish completes" {
  "$TREE/man/completion.sh" "$SW_BIN" made
  [[ $(head -n 1 made/_sw) == '#compdef sw sw-page sw-compare-runs sw-chunk '* ]]
  bash -n made/_sw
  ! command -v zsh >/dev/null || zsh -n made/_sw
  skip_without fish
  fish --no-config -c 'source made/sw.fish; complete -C "sw repo"; complete -C "sw agg -f parq"; complete -C "sw-match --summ"' >got
  same "$(cut -f 1 got | grep .)" $'report\nparquet\n--summary'
}

@test "front: no line of any --help is wider than 100 columns" {
  local command wide
  while read -r command; do
    sw "$command" --help >help
    wide=$(LC_ALL=C.UTF-8 wc -L <help)
    [ "$wide" -le 100 ] || { echo "$command: $wide"; false; }
  done < <(listed)
}

@test "front: what is misspelt comes with what may have been meant: columns, measures, options, sets" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 50 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
  meant() {
    local word=$1
    shift
    expect_status 2 "$@"
    [[ $output == *"; is '$word' meant?"* ]] || { echo "$*: $output" >&2; return 1; }
  }
  meant participantid sw-agg -g participant orders.swr
  meant price sw-chunk -c order_id,prize orders.csv
  meant hour_start sw-cut -c hour_strat orders.swr
  meant timestamp sw-sort -k timestmp:desc orders.swr
  meant quantity sw-filter -e 'quantty > 3' orders.swr
  meant median sw-agg -a 'm=medain(price)' orders.swr
  meant group sw-agg --grup side orders.swr
  meant centre_point sw-filter -e 'exchangeordertype in centre_pint' orders.swr
  # nothing near, nothing said; and what a program itself needs is no word of the user's
  expect_status 2 sw-agg -g nonsense orders.swr
  [ "$output" = "sw-agg: --group, --measures: no such column: 'nonsense'" ]
  expect_status 2 sw-agg --entirely-else orders.swr
  [[ $output != *meant* ]]
  meant participantid report -g participant -a 'n=count()' -o out orders.csv
}

@test "front: files of several kinds together are told apart, before anything is written" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --rows 300 -o data
  expect_status 2 report -o out data/*.csv
  [ "$output" = 'report: data/orders.csv: holds orders, where data/nbbo.csv holds nbbo: each has a report of its own' ]
  [ ! -e out/aggregated ]
  report -o out data/orders.csv
}
