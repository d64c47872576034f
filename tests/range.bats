#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Ranges of a file of record streams: sw-info --plan and sw-filter --range, and restricted reads of streams one behind another.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 3000 --seed 21 --securities 5 --stdout orders >orders.csv
  sw-chunk --block-rows 128 orders.csv >plain.swr
  sw-optimize plain.swr >optimized.swr
  sw-sort -k security_code,timestamp --block-rows 64 --index plain.swr >indexed.swr
  sw-gen --rows 150000 --seed 3 --stdout orders | sw-chunk | sw-optimize --index >large.swr
  sw-filter -q 1.. -e 'quantity < 0' plain.swr >empty.swr
  cat indexed.swr plain.swr empty.swr indexed.swr optimized.swr >joined.swr
  cat empty.swr empty.swr >nothing.swr
  sw-chunk -c order_id,side --block-rows 7 <(head -n 21 orders.csv) >few.swr
  cat few.swr few.swr >small.swr
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/*.* .
}

# in_ranges FILE PLAN-OPTION…: the rows of all planned ranges, as CSV, each range by itself.
in_ranges() {
  local file=$1 index offset length
  shift
  sw-info --plan "$@" "$file" >plan
  while read -r index offset length; do
    sw-filter --range "$offset:$length" "$file" >part.swr || return
    [ "$index" = 1 ] || set -- --no-header
    [ "$index" = 1 ] && set --
    sw-cut "$@" part.swr || return
  done <plan
}

# borders FILE: where the frames of its blocks and headers begin, and where it ends, told by the format's page alone.
borders() {
  python3 - "$1" <<'PYTHON'
import struct, sys
data, at = open(sys.argv[1], "rb").read(), 0
while at < len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    block = data.startswith(b"SWRblock", at)
    if at and not data.startswith(b"SWRend", at): print(at)
    at += 24 + length + (struct.unpack_from("<Q", data, at + 32)[0] if block else 0)
print(at)
PYTHON
}

@test "range: the planned ranges together are the whole, each row once and in its place" {
  local file count
  for file in plain optimized indexed joined empty nothing; do
    sw-cut $file.swr >whole.csv
    for count in 1 2 7; do
      in_ranges $file.swr -n $count >parts.csv
      cmp whole.csv parts.csv
      [ "$(wc -l <plan)" -le $count ]
    done
    in_ranges $file.swr -b 20K >parts.csv
    cmp whole.csv parts.csv
  done
  sw-cut plain.swr >whole.csv
  in_ranges plain.swr -b 1 >parts.csv
  cmp whole.csv parts.csv
}

@test "range: optimized blocks can be had in ranges too" {
  for count in 1 2 3; do
    sw-info --plan -n $count large.swr >plan
    [ "$(wc -l <plan)" -eq $count ]
    [ "$(while read -r _ offset length; do sw-filter --range "$offset:$length" large.swr; done <plan |
      sw-info --digest)" = "$(sw-info --digest large.swr)" ]
  done
}

@test "range: a plan has no gap, begins behind the first header and cuts at borders only" {
  local file
  for file in plain indexed joined nothing; do
    borders $file.swr >edges
    for count in 1 2 5 64 1000000; do
      sw-info --plan -n $count $file.swr >plan
      awk '$1 != NR || NR > 1 && $2 != end || $3 < 1 { exit 1 } { end = $2 + $3 }' plan
      awk '{ print $2 + $3 }' plan | sort >ends
      [ -z "$(comm -23 ends <(sort edges))" ]
      same "$(tail -n 1 plan | awk '{ print $2 + $3 }')" "$(wc -c <$file.swr)"
    done
    [ "$(head -n 1 plan | cut -f 2)" -le "$(head -n 1 edges)" ]
  done
  [ "$(sw-info --plan -n 1000000 plain.swr | wc -l)" -eq 24 ]
  [ "$(sw-info --plan nothing.swr | wc -l)" -eq 1 ]
}

@test "range: ranges of about a size" {
  sw-info --plan -b 10K plain.swr >plan
  [ "$(wc -l <plan)" -gt 5 ]
  awk '$3 > 20480 { exit 1 }' plan
}

@test "range: a border between any two blocks will do" {
  local offset length size total
  size=$(wc -c <small.swr)
  total=$(sw-filter --count small.swr)
  sw-info --plan -n 1000000 small.swr | cut -f 2 >offsets
  [ "$(wc -l <offsets)" -eq 6 ]
  offset=$(head -n 1 offsets)
  while read -r cut; do
    one=$(sw-filter --count --range "$offset:$((cut - offset))" small.swr)
    two=$(sw-filter --count --range "$cut:$((size - cut))" small.swr)
    [ $((one + two)) -eq "$total" ]
  done <offsets
}

# bats test_tags=plain
@test "range: an offset or an end that is no border is 1, whichever it is" {
  python3 - small.swr <<'PYTHON'
import struct, subprocess, sys
path = sys.argv[1]
data = open(path, "rb").read()
begins, at = set(), 0
while at < len(data):
    begins.add(at)
    block = data.startswith(b"SWRblock", at)
    at += 24 + struct.unpack_from("<I", data, at + 8)[0] + (struct.unpack_from("<Q", data, at + 32)[0] if block else 0)
first = sorted(begins)[1]
def run(offset, end):
    done = subprocess.run(["sw-filter", "--count", "--range", "%d:%d" % (offset, end - offset), path], capture_output=True)
    return done.returncode, done.stderr
for at in range(len(data) + 1):
    status, message = run(at, len(data))
    assert status == (0 if at in begins else 1), (at, status, message)
    assert (status == 0) == (not message), (at, message)
for end in set(range(first, len(data) + 1, 3)) | begins - {0}:
    status, message = run(first, end)
    assert status == (0 if end in begins or end == len(data) else 1), (end, status, message)
assert run(first, len(data) + 1)[0] == 1
PYTHON
}

# bats test_tags=check
@test "range: a file that is cut anywhere has no plan, and not all ranges of its old plan" {
  python3 - small.swr <<'PYTHON'
import subprocess, sys
path, short = sys.argv[1], "short.swr"
data = open(path, "rb").read()
def run(*words):
    done = subprocess.run(words, capture_output=True)
    return done.returncode, done.stdout
status, plan = run("sw-info", "--plan", "-n", "3", path)
ranges = [line.split(b"\t")[1:] for line in plan.splitlines()]
assert status == 0 and len(ranges) == 3
middle = len(data) // 2
for length in range(len(data)):
    open(short, "wb").write(data[:length])
    status, _ = run("sw-info", "--plan", "-n", "3", short)
    assert status == (0 if length == middle else 1), (length, status)
    if length % 5: continue
    last = "%d:%d" % tuple(map(int, ranges[-1]))
    status, _ = run("sw-filter", "--count", "--range", last, short)
    assert status == 1, (length, status)
for at in range(0, len(data), 5):
    damaged = bytearray(data)
    damaged[at] ^= 1 << at % 8
    open(short, "wb").write(damaged)
    rows, worst = b"", 0
    for offset, size in ranges:
        status, out = run("sw-filter", "--count", "--range", "%s:%s" % (offset.decode(), size.decode()), short)
        worst = max(worst, status)
        rows += out
    assert worst in (0, 1) and (worst == 1 or sum(map(int, rows.split())) == 40), (at, worst, rows)
PYTHON
}

@test "range: end marks are held to their counts where the whole stream is in the range" {
  local end offset
  offset=$(sw-info --plan few.swr | cut -f 2)
  python3 - few.swr wrong.swr "$offset" <<'PYTHON'
import sys
data = open(sys.argv[1], "rb").read()
blocks, at = data[int(sys.argv[3]):], data.rfind(b"SWRend")
one = data.find(b"SWRblock", data.find(b"SWRblock") + 8)
open(sys.argv[2], "wb").write(data + data[:int(sys.argv[3])] + data[one:])
PYTHON
  end=$(wc -c <wrong.swr)
  expect_status 1 sw-filter --count --range "$offset:$((end - offset))" wrong.swr
  [[ $output == *"end mark says"* ]]
  expect_status 1 sw-info --plan wrong.swr
}

@test "range: selectors, and their indexes, select the same in every range" {
  security=$(sw-cut -c security_code --no-header plain.swr | sed -n 7p)
  sw-filter -s "$security" -H 10-11 joined.swr | sw-cut --no-header >wanted
  [ -s wanted ]
  for count in 1 4 9; do
    sw-info --plan -n $count joined.swr | while read -r _ offset length; do
      sw-filter --range "$offset:$length" -s "$security" -H 10-11 joined.swr | sw-cut --no-header
    done | cmp - wanted
  done
}

@test "range: sw-cut, sw-agg and sw-sort read the range that sw-filter does" {
  sw-info --plan -n 3 joined.swr >plan
  read -r _ offset length < <(sed -n 2p plan)
  sw-filter --range "$offset:$length" joined.swr >part.swr
  range=(--range "$offset:$length")
  sw-cut "${range[@]}" joined.swr | cmp - <(sw-cut part.swr)
  sw-agg -g side "${range[@]}" joined.swr | cmp - <(sw-agg -g side part.swr)
  sw-sort -k price,order_id "${range[@]}" joined.swr | sw-cut | cmp - <(sw-sort -k price,order_id part.swr | sw-cut)
  same "$(sw-info --digest <(sw-sort -k price "${range[@]}" joined.swr))" "$(sw-info --digest part.swr)"
  expect_status 2 sw-sort -m -k price "${range[@]}" joined.swr
  for program in sw-cut 'sw-agg -g side' 'sw-sort -k price'; do
    # shellcheck disable=SC2086 # a program and its words
    expect_status 2 $program "${range[@]}" joined.swr plain.swr
    # shellcheck disable=SC2086
    expect_status 1 $program --range "$((offset + 1)):$length" joined.swr
  done
}

# Blocks that an index rules out are never looked at: damage in them shows in a read of all only.
@test "range: streams one behind another are read by all of their indexes" {
  cat indexed.swr indexed.swr indexed.swr >three.swr
  security=$(sw-cut -c security_code --no-header indexed.swr | tail -n 1)
  sw-filter -s "$security" three.swr | sw-cut >wanted
  [ "$(wc -l <wanted)" -eq $((3 * $(sw-filter -s "$security" --count indexed.swr) + 1)) ]
  at=$(sw-info --plan -n 1000000 indexed.swr | sed -n 2p | cut -f 2)
  for stream in 0 1 2; do
    cp three.swr damaged.swr
    printf X | dd of=damaged.swr bs=1 seek=$((stream * $(wc -c <indexed.swr) + at)) conv=notrunc status=none
    sw-filter -s "$security" damaged.swr | sw-cut | cmp - wanted
    expect_status 1 sw-info damaged.swr
  done
}

@test "range: behind a stream without an index the ones before are walked through" {
  cat indexed.swr plain.swr indexed.swr >mixed.swr
  security=$(sw-cut -c security_code --no-header indexed.swr | tail -n 1)
  [ "$(sw-filter -s "$security" --count mixed.swr)" -eq $((3 * $(sw-filter -s "$security" --count plain.swr))) ]
}

@test "range: an index whose bytes lie is not gone by" {
  cat indexed.swr indexed.swr >two.swr
  size=$(wc -c <indexed.swr)
  security=$(sw-cut -c security_code --no-header indexed.swr | tail -n 1)
  sw-filter -s "$security" two.swr | sw-cut >wanted
  for behind in 1 9 17 40; do
    cp two.swr lying.swr
    printf '\377' | dd of=lying.swr bs=1 seek=$((size - behind)) conv=notrunc status=none
    run sw-filter -s "$security" --count lying.swr
    [ "$status" -eq 1 ]
  done
}

@test "range: a stream of other columns in the range is 1" {
  sw-filter -c order_id,side plain.swr | cat plain.swr - >other.swr
  size=$(wc -c <plain.swr)
  expect_status 1 sw-info --plan other.swr
  expect_status 1 sw-filter --count --range "$size:$(($(wc -c <other.swr) - size))" other.swr
  [[ $output == *"other columns"* ]]
}

@test "range: what cannot be a range or a plan is 2" {
  expect_status 2 sw-info --plan
  expect_status 2 sw-info --plan plain.swr plain.swr
  expect_status 2 sw-info --plan -n 2 -b 1K plain.swr
  expect_status 2 sw-info -n 2 plain.swr
  expect_status 2 sw-info --plan --verify plain.swr
  expect_status 2 sw-info --plan -f json plain.swr
  expect_status 2 sw-info --plan <(cat plain.swr)
  expect_status 2 sw-filter --range 0:10
  expect_status 2 sw-filter --range 0:10 plain.swr plain.swr
  expect_status 2 sw-filter --range 5 plain.swr
  expect_status 2 sw-filter --range 5:x plain.swr
  expect_status 2 sw-filter --range 0:10 <(cat plain.swr)
  expect_status 1 sw-filter --range 0:99999999 plain.swr
}
