# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What the scripts of bench/ share: where things are, the data, and the measuring of one command.
#
#   ROWS  order events of the data       RUNS            times that everything is measured
#   DATA  folder for it and for answers  PEER_DIRECTORY  folder with the peers' node_modules
#   RESULTS  folder for the tables       WORKERS         cores that everybody may use

bench_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SW_BIN=$(cd "${SW_BIN:-$bench_home/../bin}" && pwd) || exit 3
DATA=${DATA:-/tmp/sw-bench}
RESULTS=${RESULTS:-$bench_home/results}
ROWS=${ROWS:-10000000}
RUNS=${RUNS:-5}
WORKERS=${WORKERS:-$(nproc)}
PEER_DIRECTORY=${PEER_DIRECTORY:-/tmp/peer}
CC=${CC:-cc} CC=${CC##* } # the compiler itself of "ccache gcc"
PATH=$SW_BIN:$bench_home/../pipelines:$PATH
export PATH CC SW_BIN DATA WORKERS PEER_DIRECTORY LC_ALL=C PARALLEL_SHELL=/bin/bash
mkdir -p "$DATA" "$RESULTS" || exit 3
# What is there is run, and written over: in /tmp anybody may have made it.
for folder in "$DATA" "$PEER_DIRECTORY"; do
  [[ ! -e $folder || -O $folder ]] || { echo "bench: $folder: belongs to somebody else" >&2; exit 3; }
done

bench_fail() {
  printf 'bench: %s\n' "$*" >&2
  exit 3
}

# make_orders ROWS: DATA/orders-ROWS.csv, in the page cache.
make_orders() {
  local file=$DATA/orders-$1.csv
  if [[ ! -e $file ]]; then
    if ! sw-gen --rows "$1" --stdout orders >"$file.tmp" || ! mv "$file.tmp" "$file"; then bench_fail "$file: cannot be made"; fi
  fi
  cat "$file" >/dev/null
}

# make_market ROWS: DATA/market-ROWS/ with orders, trades and quotes that agree.
make_market() {
  local folder=$DATA/market-$1
  if [[ ! -e $folder/orders.csv ]]; then
    rm -rf "$folder.tmp"
    if ! sw-gen --rows "$1" -o "$folder.tmp" || ! mv "$folder.tmp" "$folder"; then bench_fail "$folder: cannot be made"; fi
  fi
  cat "$folder"/*.csv >/dev/null
}

# The meter is a small C program: a shell's clock and /proc looked at from a shell are too coarse for a task of 50 ms.
measure=$DATA/measure
make_measure() {
  [[ $measure -nt $bench_home/measure.c ]] ||
    "$CC" -std=gnu11 -D_GNU_SOURCE -O2 -o "$measure" "$bench_home/measure.c" || bench_fail 'measure.c does not compile'
}

# measured LOG COMMAND…: runs it and sets seconds, cpu, largest and together (KiB). Its status is the command's; what it says goes
# to LOG. With sample=MILLISECONDS its memory is looked at so often; else together is 0.
measured() {
  local log=$1 status=0
  shift
  rm -f "$DATA/measured"
  "$measure" ${sample:+-s "$sample"} -o "$DATA/measured" "$@" </dev/null >"$log" 2>&1 || status=$?
  # shellcheck disable=SC2034 # for the caller
  IFS=$'\t' read -r seconds cpu largest together <"$DATA/measured" || bench_fail "$*: not measured"
  return "$status"
}

# least A B: the smaller of two numbers, of which A may be missing.
least() {
  awk -v a="$1" -v b="$2" 'BEGIN { print a == "" || b + 0 < a + 0 ? b : a }'
}

# Bytes of a file or of all files of a folder.
bytes_of() {
  du -sbD -- "$1" 2>/dev/null | cut -f 1
}

# What the figures were taken on, for the head of a table.
machine() {
  printf '%s, %s cores, %s MiB, %s\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/^MemTotal/ { printf "%d", $2 / 1024 }' /proc/meminfo)" "$(sw-chunk --version)"
}
