# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of common.sh and run
#
# Who takes part in which task, and with what command. A contender is `sw`, `sw-by-key` (a converted file whose chunks are sorted by
# security and participant, as the MergeTree is), `sw-no-costs` (a study of what the peers are asked for, and no more), a node peer and its format (`duckdb-csv`), or a way with the shell's tools.

task_title() {
  case $1 in
    T1) echo 'rows of one participant, one security, hours 10-15, CSV to CSV' ;;
    T2) echo 'count, full fills, mean fill ratio, sums of quantity and value by security' ;;
    T3) echo 'the same by security, date, participant, hour, size, security and date' ;;
    T4) echo 'CSV to own binary file' ;;
    T5) echo 'the T3 report from that file' ;;
    T6) echo 'the T1 rows from that file' ;;
    T8) echo 'last state of each order, count and sum of leavesquantity' ;;
    T9) echo 'the T3 report of orders in their last state' ;;
    T10) echo 'the study of orders, trades and quotes; per security and date .csv.gz files of orders' ;;
    T11) echo 'the same with Parquet files' ;;
    T12) echo 'the same without files of orders' ;;
  esac
}

# has_package NAME: whether the peers' folder has this node package.
has_package() {
  command -v node >/dev/null && [[ -d $PEER_DIRECTORY/node_modules/$1 ]]
}

# has_polars: whether it can be loaded. Its compiled part is a package of its own for each kind of machine, which npm leaves out without a
# word where it is told of nodejs-polars alone.
has_polars() {
  has_package nodejs-polars || return
  [[ -z ${polars_loads-} ]] || return "$polars_loads"
  polars_loads=0
  (cd "$PEER_DIRECTORY" && node -e 'require("nodejs-polars")' 2>/dev/null) || polars_loads=1
  [[ $polars_loads == 0 ]] || echo 'bench: nodejs-polars is there and cannot be loaded: is nodejs-polars-linux-x64-gnu there, too?' >&2
  return "$polars_loads"
}

# at_hand CONTENDER: whether it is on this machine.
at_hand() {
  case $1 in
    sw | sw-by-key | sw-no-costs) return 0 ;;
    duckdb-*) has_package @duckdb/node-api ;;
    polars-*) has_polars ;;
    clickhouse-*) has_package chdb ;;
    grep-mawk) command -v mawk >/dev/null ;;
    parallel-grep) command -v mawk >/dev/null && command -v parallel >/dev/null ;;
    parallel-tsv-filter) command -v tsv-filter >/dev/null && command -v mawk >/dev/null ;;
    zsv) command -v zsv >/dev/null ;;
  esac
}

# contenders TASK: all that there could be, but sw.
contenders() {
  case $1 in
    T1) echo duckdb-csv polars-csv clickhouse-csv grep-mawk parallel-grep parallel-tsv-filter zsv ;;
    T2 | T3 | T8 | T9) echo duckdb-csv polars-csv clickhouse-csv ;;
    T10 | T11 | T12) echo sw-no-costs duckdb-csv polars-csv clickhouse-csv ;;
    T4 | T5 | T6) echo sw-by-key duckdb-native duckdb-parquet polars-parquet polars-ipc clickhouse-mergetree clickhouse-parquet ;;
  esac
}

# peers_of TASK: those of them that are at hand, and wanted (PEERS: a list of patterns, * by default; empty for none).
peers_of() {
  local who pattern patterns
  read -ra patterns <<<"${PEERS-*}"
  for who in $(contenders "$1"); do
    for pattern in "${patterns[@]}"; do
      # shellcheck disable=SC2053 # a pattern is meant
      [[ $who == $pattern ]] || continue
      if at_hand "$who"; then echo "$who"; fi
      break
    done
  done
}

# converted CONTENDER: what its T4 makes, and its T5 and T6 read.
converted() {
  case $1 in
    sw*) echo "$DATA/$1-$ROWS.swr" ;;
    *) echo "$DATA/$1-$ROWS" ;;
  esac
}

answer_of() {
  echo "$DATA/answers/$1-$2"
}

script_of() {
  case $1 in
    T10 | T11 | T12) echo "study_${2%%-*}.mjs" ;;
    *) echo "${2%%-*}.mjs" ;;
  esac
}

# set_command TASK CONTENDER: its command, as the array `command`, and what it writes, as `written`.
set_command() {
  local task=$1 who=$2 input=$orders
  written=$(answer_of "$@")
  case $task in
    T4) written=$(converted "$who") ;;
    T5 | T6) input=$(converted "$who") ;;
    T10 | T11 | T12) input=$DATA/market-$ROWS ;;
  esac
  case $who in
    sw*) set_own_command "$task" "$who" "$input" ;;
    zsv) command=("$bench_home/peers/zsv" "$input" "$written" "$security" "$participant") ;;
    grep-* | parallel-*) command=("$bench_home/peers/mawk" "$who" "$input" "$written" "$security" "$participant") ;;
    *) command=(node "$bench_home/peers/$(script_of "$task" "$who")" "$task" "${who#*-}" "$input" "$written" "$security" "$participant") ;;
  esac
}

by_security='rows=count(),full_fills=count(fill == "full"),fill_ratio_mean=mean(fill_ratio),quantity_sum=sum(order_quantity),value_sum=sum(value)'

set_own_command() {
  local task=$1 who=$2 input=$3 keys=() only=()
  [[ $who != sw-by-key ]] || keys=(-k 'security_code,participantid,timestamp')
  [[ $who != sw-no-costs ]] || only=(--no-costs)
  case $task in
    T1 | T6) command=(extract -s "$security" -p "$participant" -H 10-15 -j "$WORKERS" -o "$written" "$input") ;;
    T2) command=(report --per event -g security_code -a "$by_security" -j "$WORKERS" -o "$written" "$input") ;;
    T3 | T5) command=(report --per event -j "$WORKERS" -o "$written" "$input") ;;
    T4) command=(convert "${keys[@]}" -j "$WORKERS" -o "$written" "$input") ;;
    T9) command=(report -j "$WORKERS" -o "$written" "$input") ;;
    T8) command=("$bench_home/ours/last-states" "$input" "$written") ;;
    T10) command=("$bench_home/ours/analyse" "$input" "$written" "${only[@]}") ;;
    T11) command=("$bench_home/ours/analyse" "$input" "$written" "${only[@]}" -f parquet) ;;
    T12) command=("$bench_home/ours/analyse" "$input" "$written" "${only[@]}" -f none) ;;
  esac
}
