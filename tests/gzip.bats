#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Packed files. What is written as gzip is in blocks that tell their sizes, as bgzip's do; such files are cut and read in ranges like plain
# ones. Whatever reads it, the text is the same. zstd is read. Oracles: zlib by python3, bgzip, zstd, and the plain file.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

packer() { python3 "$TREE/tests/gzip_blocks.py" "$@"; }
digest_of() { sw-info --digest; }

# orders of some shape: with quotes and line breaks in them, or bad rows
plain_rows() { sw-gen --rows "$1" --securities 9 --seed 4 --stdout orders; }

# in_ranges FILE SIZE WORD…: its chunks' records one after the other, as one CSV.
in_ranges() {
  local file=$1 size=$2 offset length
  shift 2
  sw-chunk --plan -b "$size" "$file" >plan || return
  while IFS=$'\t' read -r _ offset length; do
    sw-chunk --range "$offset:$length" "$@" "$file" | sw-cut --no-header || return
  done <plan
}

# covers FILE: the plan is all of it, in order, each chunk beginning with a block.
covers() {
  packer blocks "$1" | awk -F '\t' -v size="$(stat -c %s "$1")" '
    NR == FNR { begins[$1] = 1; next }
    $2 != end || !($2 in begins) { exit 1 }
    { end = $2 + $3 }
    END { if (end != size) exit 1 }' - plan
}

@test "gzip: what is written is in blocks with their sizes, which any reader of gzip reads" {
  plain_rows 9000 >rows.csv
  sw-chunk rows.csv >rows.swr
  sw-cut rows.swr >plain.csv
  sw-cut -o one.csv.gz rows.swr
  packer blocks one.csv.gz >list
  # as much text in each as it may have, but for the last two
  same "$(cut -f 3 list | head -n -2 | sort -u)" 65280
  same "$(awk '{ n += $3 } END { print n }' list)" "$(wc -c <plain.csv)"
  gzip -t one.csv.gz
  gzip -dc one.csv.gz | cmp - plain.csv
  python3 -c 'import gzip; print(gzip.open("one.csv.gz").read() == open("plain.csv", "rb").read())' | grep -q True
  # the same bytes, whatever writes it and in whatever pieces
  sw-monitor --gzip <plain.csv | cmp - one.csv.gz
  python3 -c '
import random, sys
text, draw, at = open("plain.csv", "rb").read(), random.Random(1), 0
while at < len(text):
    length = draw.choice([1, 7, 65279, 65280, 65281, 100000])
    sys.stdout.buffer.write(text[at:at + length]); sys.stdout.flush(); at += length' | sw-monitor --gzip | cmp - one.csv.gz
  extract -j 2 -b 200K -o two.csv.gz rows.csv
  cmp one.csv.gz two.csv.gz
  sw-monitor --gzip </dev/null | cmp - <(packer pack 9 </dev/null)
  skip_without bgzip
  bgzip -dc one.csv.gz | cmp - plain.csv
  bgzip --reindex one.csv.gz
  bgzip -b 100000 -s 70 one.csv.gz | cmp - <(tail -c +100001 plain.csv | head -c 70)
}

@test "gzip: text that cannot be packed" {
  head -c 300000 /dev/urandom >noise
  sw-monitor --gzip noise >noise.gz
  packer blocks noise.gz >list
  gzip -dc noise.gz | cmp - noise
}

# bats test_tags=plain
@test "gzip: blocks are planned and read in ranges, each row once, as from the plain file" {
  plain_rows 2500 >rows.csv
  sw-chunk rows.csv | sw-cut --no-header >wanted
  sw-monitor --gzip rows.csv >ours.gz
  packer pack 5000 <rows.csv >fine.gz
  packer pack 1,0,900,65536,0,0,30000 <rows.csv >odd.gz
  # several files of blocks are one: an empty block is not the end
  { head -c 50000 rows.csv | sw-monitor --gzip; tail -c +50001 rows.csv | sw-monitor --gzip; } >joined.gz
  for file in ours.gz fine.gz odd.gz joined.gz; do
    sw-chunk "$file" | sw-cut --no-header | cmp - wanted
    sw-chunk <"$file" | sw-cut --no-header | cmp - wanted
    for size in 1 9K 40K 1G; do
      [ "$size$file" != 1fine.gz ] || continue
      in_ranges "$file" "$size" | cmp - wanted
      covers "$file"
    done
    sw-chunk --plan -n 3 "$file" >plan
    covers "$file"
  done
  [ "$(sw-chunk --plan -n 3 fine.gz | wc -l)" -eq 3 ]
  [ "$(sw-chunk --plan -b 20K ours.gz | wc -l)" -gt 2 ]
  # a line break less at the end; a mark of UTF-8 at the beginning
  { printf '\357\273\277'; head -c -1 rows.csv; } | packer pack 7000 >mark.gz
  in_ranges mark.gz 9K | cmp - wanted
  in_ranges ours.gz 40K -H 10-12 -e 'side == 1' | cmp - <(sw-chunk -H 10-12 -e 'side == 1' rows.csv | sw-cut --no-header)
}

@test "gzip: any two blocks are a range, of the rows that begin between them" {
  plain_rows 60 >rows.csv
  packer pack 1700 <rows.csv >rows.gz
  sw-chunk rows.csv | sw-cut --no-header >wanted
  packer blocks rows.gz | cut -f 1 >begins
  stat -c %s rows.gz >>begins
  mapfile -t begins <begins
  for ((i = 0; i < ${#begins[@]} - 1; i++)); do
    { sw-chunk --range "0:${begins[i]}" rows.gz; } | sw-cut --no-header >rows
    sw-chunk --range "${begins[i]}:$((begins[-1] - begins[i]))" rows.gz | sw-cut --no-header >>rows
    cmp rows wanted
    sw-chunk --range "${begins[i]}:$((begins[i + 1] - begins[i]))" rows.gz | sw-cut --no-header >>each
  done
  cmp each wanted
  expect_status 1 sw-chunk --range "5:${begins[1]}" rows.gz
  [[ $output == *'no block begins at byte 5: '* ]]
  expect_status 1 sw-chunk --range "0:$((begins[2] - 1))" rows.gz
  [[ $output == *"no block begins at byte $((begins[2] - 1)): "* ]]
  gzip -c rows.csv >whole.gz
  expect_status 2 sw-chunk --range 0:100 whole.gz
  same "$output" "sw-chunk: whole.gz: this gzip can only be read whole: --range 0:$(stat -c %s whole.gz)"
  same "$(sw-chunk --plan -b 50 whole.gz)" "1"$'\t'0$'\t'"$(stat -c %s whole.gz)"
}

@test "gzip: a header as long as a block is read in ranges" {
  python3 - >rows.csv <<'PY'
names = ["order_id", "timestamp", "security_code", "price", "side"] + [f"column{i:03}" + "x" * 91 for i in range(640)]
names[-1] += "y" * (65400 - len(",".join(names)))
print(",".join(names))
for i in range(60):
    print(f"{i + 1},172522972719833{i:04d},1,12.5,1," + ",".join(["1"] * 640))
PY
  sw-chunk -t orders -c order_id,side rows.csv | sw-cut --no-header >wanted
  for text in 65536 65280 65399 65401; do
    packer pack "$text" <rows.csv >rows.gz
    sw-chunk -t orders --plan -b 1K rows.gz >plan
    while IFS=$'\t' read -r _ offset length; do
      sw-chunk -t orders -c order_id,side --range "$offset:$length" rows.gz | sw-cut --no-header
    done <plan | cmp - wanted
    covers rows.gz
  done
}

@test "gzip: line breaks in quotes at the border of a block" {
  python3 - >rows.csv <<'PY'
import random
draw = random.Random(3)
print("order_id,timestamp,security_code,price,side,note")
for i in range(400):
    note = "".join(draw.choice('ab,\n""\n') for _ in range(draw.randrange(60))).replace('"', '""')
    print(f'{i + 1},172522972719833{i:04d},1,12.5,1,"{note}"')
PY
  sw-chunk -t orders rows.csv | sw-cut --no-header >wanted
  packer pack 700,31 <rows.csv >rows.gz
  for size in 1 700 4K; do
    sw-chunk -t orders --plan -b "$size" rows.gz >plan
    while IFS=$'\t' read -r _ offset length; do
      sw-chunk -t orders --range "$offset:$length" rows.gz | sw-cut --no-header
    done <plan | cmp - wanted
    covers rows.gz
  done
  # a range that ends or begins inside quotes is refused, and the place is that in the whole text
  packer blocks rows.gz >list
  refused=0 at=0
  while IFS=$'\t' read -r offset size length; do
    run sw-chunk -t orders --range "$offset:$(($(stat -c %s rows.gz) - offset))" -o out.swr rows.gz
    if [ "$status" -ne 0 ]; then
      refused=$((refused + 1))
      same "$status $output" "1 sw-chunk: rows.gz:@$at: plan cuts a quoted field: use --exact"
    fi
    at=$((at + length))
  done <list
  [ "$refused" -gt 5 ]
}

@test "gzip: bad rows have the same place in ranges as in the whole file" {
  plain_rows 3000 | awk -F , -v OFS=, 'NR % 500 == 400 { $4 = "x" NR } NR % 700 == 600 { $0 = $0 ",one,more" } { print }' >rows.csv
  packer pack 9000 <rows.csv >rows.gz
  sw-chunk --bad-rows wanted -o all.swr rows.csv 2>/dev/null
  sw-chunk --plan -b 9K rows.gz >plan
  while IFS=$'\t' read -r _ offset length; do
    sw-chunk --range "$offset:$length" --bad-rows bad -o part.swr rows.gz 2>/dev/null
    cat bad >>bads
  done <plan
  same "$(sed 's/^rows.gz/rows.csv/' bads)" "$(cat wanted)"
  IFS=$'\t' read -r _ offset length < <(tail -n 2 plan)
  expect_status 1 sw-chunk --range "$offset:$length" -o part.swr rows.gz
  [[ $output == "sw-chunk: rows.gz:@"* ]]
  place=${output#*@}
  grep -q "^rows.csv:@${place%%:*}"$'\t' wanted
}

@test "gzip: a cut between two blocks, damage anywhere, and what follows" {
  plain_rows 300 >rows.csv
  packer pack 9000 <rows.csv >rows.gz
  size=$(stat -c %s rows.gz)
  sw-chunk rows.gz | digest_of >wanted
  packer blocks rows.gz | cut -f 1 | tail -n +2 >borders
  while read -r at; do
    head -c "$at" rows.gz >cut.gz
    expect_status 1 sw-chunk -o out.swr cut.gz
    same "$output" "sw-chunk: cut.gz: gzip: ends early before byte $at: the empty block is not there that bgzip ends a file with"
    head -c "$((at + 9))" rows.gz >cut.gz
    expect_status 1 sw-chunk -o out.swr cut.gz
    same "$output" "sw-chunk: cut.gz: gzip: ends early before byte $((at + 9))"
  done <borders
  { cat rows.gz; head -c 700 /dev/zero; } >padded.gz
  sw-chunk padded.gz | digest_of | cmp - wanted
  { cat rows.gz; echo more; } >more.gz
  expect_status 1 sw-chunk -o out.swr more.gz
  same "$output" "sw-chunk: more.gz: gzip: ended at byte $size, followed by bytes that are no gzip"
  # one bit
  python3 - <<'PY'
import random
data, draw = open("rows.gz", "rb").read(), random.Random(2)
for i in range(25):
    at = draw.randrange(18, len(data) - 28)
    open(f"bit.{i}", "wb").write(data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1:])
PY
  for file in bit.*; do
    if gzip -dc <"$file" >text 2>/dev/null; then # in a time, say
      sw-chunk "$file" | digest_of | cmp - wanted
    else
      expect_status 1 sw-chunk -o out.swr "$file"
      [[ $output == "sw-chunk: $file: gzip: "* ]]
    fi
  done
  # the place is in the file, of a member that is no block, too
  gzip -c rows.csv >one.gz
  python3 - <<'PY'
import random
data, draw = open("one.gz", "rb").read(), random.Random(6)
for i in range(25):
    at = draw.randrange(len(data) - 300 if i % 2 else 18, len(data))
    cut = draw.randrange(at + 1, len(data) + 1)
    open(f"one.{i}", "wb").write(data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1:cut])
PY
  for file in one.[0-9]*; do
    expect_status 1 sw-chunk -o out.swr "$file"
    [[ $output =~ ^"sw-chunk: $file: gzip: ".*" byte "([0-9]+) ]]
    [ "${#BASH_REMATCH[1]}" -lt 9 ] && [ "${BASH_REMATCH[1]}" -le "$(stat -c %s "$file")" ]
  done
  [ ! -e out.swr ]
  # blocks and other members, in any order, are one text
  { head -c 9000 rows.csv | gzip; tail -c +9001 rows.csv | packer pack 800; } >mixed.gz
  sw-chunk mixed.gz | digest_of | cmp - wanted
  { head -c 9000 rows.csv | packer pack 800; tail -c +9001 rows.csv | gzip; } >mixed.gz
  sw-chunk mixed.gz | digest_of | cmp - wanted
}

@test "gzip: members with a name, a comment, a field or a sum of their own" {
  plain_rows 300 >rows.csv
  sw-chunk rows.csv | digest_of >wanted
  for flags in - n c x s ncxs; do
    packer member "$flags" <rows.csv >rows.gz
    sw-chunk rows.gz | digest_of | cmp - wanted
    { head -c 1000 rows.csv | packer member "$flags"; tail -c +1001 rows.csv | gzip -1; } >rows.gz
    sw-chunk rows.gz | digest_of | cmp - wanted
    head -c 15 rows.gz >cut.gz
    expect_status 1 sw-chunk -o out.swr cut.gz
  done
}

# bats test_tags=check
@test "gzip: with and without the libraries that can be done without, the same text and the same refusals" {
  cd "$TREE" || return
  env -u MAKEFLAGS -u MAKELEVEL make -s build/default/sw_libraries.h
  read -ra optional <build/default/libraries || :
  sources=(tests/unpack_test.c lib/files/{gzip_block,isal,inflater,gunzip,unzstd,packed,unpack,input}.c lib/base/{bytes,error,memory,shown,utf8}.c)
  mkdir "$BATS_TEST_TMPDIR/none"
  : >"$BATS_TEST_TMPDIR/none/sw_libraries.h"
  "$CC" -std=gnu11 -D_GNU_SOURCE -O1 -Ilib -Ibuild/default -o "$BATS_TEST_TMPDIR/with" "${sources[@]}" "${optional[@]}" -lz
  "$CC" -std=gnu11 -D_GNU_SOURCE -O1 -Ilib -I"$BATS_TEST_TMPDIR/none" -o "$BATS_TEST_TMPDIR/without" "${sources[@]}" -lz
  cd "$BATS_TEST_TMPDIR" || return
  may_be_empty same "$(./without -l)" ''
  # ISA-L that was there at build time alone
  mkdir absent
  : >absent/libisal.so.2
  without_isal() { LD_LIBRARY_PATH=$PWD/absent ./with "$@"; }
  plain_rows 3000 >rows.csv
  gzip -c rows.csv >one.gz
  gzip -1c rows.csv >fast.gz
  packer pack 65280 <rows.csv >blocks.gz
  packer pack 999 <rows.csv >fine.gz
  { head -c 99999 rows.csv | gzip; tail -c +100000 rows.csv | packer pack 7777; } >mixed.gz
  packer member ncxs <rows.csv >member.gz
  ./without -c <rows.csv >zlib.gz
  packer blocks zlib.gz >zlib.blocks
  ./with -c <rows.csv >library.gz
  for file in one.gz fast.gz blocks.gz fine.gz mixed.gz member.gz zlib.gz library.gz; do
    ./with "$file" | cmp - rows.csv
    ./without "$file" | cmp - rows.csv
    without_isal "$file" | cmp - rows.csv
    python3 - "$file" <<'PY'
import random, sys
data, draw = open(sys.argv[1], "rb").read(), random.Random(len(sys.argv[1]))
for i in range(25):
    at = draw.randrange(len(data))
    changed = data[:at] if i % 5 == 0 else data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1:]
    open(f"changed.{i}", "wb").write(changed)
PY
    for changed in changed.*; do
      one=0 other=0 third=0
      ./with "$changed" >one 2>one.said || one=$?
      ./without "$changed" >other 2>other.said || other=$?
      without_isal "$changed" >third 2>third.said || third=$?
      [ "$one $one" = "$other $third" ]
      # what is refused is refused at the latest with the sum, and before it there may be more or less
      [ "$one" -ne 0 ] || { cmp one other && cmp one third; }
    done
  done
  # blocks that say wrong things of themselves, each with one bit of it right
  python3 - blocks.gz <<'PY'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
size = struct.unpack_from("<H", data, 16)[0] + 1
body, rest, (check, length) = data[18:size - 8], data[size:], struct.unpack_from("<II", data, size - 8)
def block(name, body, check, length):
    head = data[:16] + struct.pack("<H", 18 + len(body) + 8 - 1)
    open(f"lie.{name}", "wb").write(head + body + struct.pack("<II", check, length) + rest)
block("sum", body, check ^ 1 << 30, length)
block("shorter", body, check, length - 1)
block("longer", body, check, length + 1)
block("more", body + b"more", check, length)
block("less", body[:-1], check, length)
text = zlib.decompress(body, -15)
block("sum-of-less", body, zlib.crc32(text[:-1]), length - 1)
PY
  for lie in lie.*; do
    for way in ./with ./without without_isal; do
      expect_status 1 "$way" "$lie"
    done
    # and where a range enters
    expect_status 1 sw-chunk --range "0:$(packer blocks blocks.gz | awk 'NR == 2 { print $1 }')" -o out.swr "$lie"
  done
  # a member that ends about where the buffer of packed bytes does, 256 KiB
  for ((at = -11; at < 12; at++)); do
    python3 - "$at" <<'PY'
import random, sys, zlib
def member(text, level):
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(text) + packer.flush()
draw = random.Random(1)
text, length, wanted = draw.randbytes(270000), 262000, 262144 + int(sys.argv[1])
tail = bytes(draw.choice(b"abcdefgh") for i in range(300))
one = member(tail, 6)
for i in range(3):
    length += wanted - len(member(text[:length], 0)) - len(one)
open("border.gz", "wb").write(member(text[:length], 0) + one + member(tail, 9))
open("border", "wb").write(text[:length] + tail + tail)
PY
    ./with border.gz | cmp - border
    ./without border.gz | cmp - border
  done
}

# ---- zstd ----

need_zstd() {
  skip_without zstd
  grep -q LIBZSTD "$TREE/build/default/sw_libraries.h" || skip 'built without libzstd'
}

@test "zstd: of one frame or several, with frames to skip, by a name or not" {
  need_zstd
  plain_rows 3000 >rows.csv
  sw-chunk rows.csv | digest_of >wanted
  zstd -q rows.csv -o rows.csv.zst
  sw-chunk rows.csv.zst | digest_of | cmp - wanted
  sw-chunk <rows.csv.zst | digest_of | cmp - wanted
  head -c 1G rows.csv.zst | sw-chunk | digest_of | cmp - wanted
  skipped='\x53\x2a\x4d\x18\x05\0\0\0hello'
  { printf '%b' "$skipped"; head -c 70000 rows.csv | zstd -q; printf '%b' "$skipped"; tail -c +70001 rows.csv | zstd -q -1 --no-check; printf '%b' "$skipped"; } >frames
  sw-chunk frames | digest_of | cmp - wanted
  zstd -q -19 --long=25 rows.csv -o far.zst
  sw-chunk far.zst | digest_of | cmp - wanted
  size=$(stat -c %s rows.csv.zst)
  same "$(sw-chunk --plan -n 9 rows.csv.zst)" "1"$'\t'0$'\t'"$size"
  sw-chunk --range "0:$size" rows.csv.zst | digest_of | cmp - wanted
  expect_status 2 sw-chunk --range 5:10 rows.csv.zst
  expect_status 2 sw-chunk --index rows.csv.zst
  same "$(sw-plan rows.csv.zst | awk -F '\t' '$1 == "input" { print $3 }')" zstd
  report -j 2 -o packed rows.csv.zst 2>/dev/null
  report -j 2 -o plain rows.csv 2>/dev/null
  diff -r packed/aggregated plain/aggregated
  extract -s 3 -j 2 -o - rows.csv.zst 2>/dev/null | cmp - <(extract -s 3 -j 2 -o - rows.csv 2>/dev/null)
}

@test "zstd: truncated, damaged, followed by something else, looking back too far" {
  need_zstd
  plain_rows 300 >rows.csv
  { head -c 9000 rows.csv | zstd -q; tail -c +9001 rows.csv | zstd -q; } >rows.zst
  first=$(head -c 9000 rows.csv | zstd -q | wc -c)
  size=$(stat -c %s rows.zst)
  for at in 4 5 9 60 $((first - 1)) $((first + 1)) $((first + 3)) $((first + 4)) $((first + 99)) $((size - 1)); do
    head -c "$at" rows.zst >cut.zst
    expect_status 1 sw-chunk -o out.swr cut.zst
    same "$output" "sw-chunk: cut.zst: zstd: ends early before byte $at"
  done
  { cat rows.zst; echo more; } >more.zst
  expect_status 1 sw-chunk -o out.swr more.zst
  same "$output" "sw-chunk: more.zst: zstd: ended at byte $size, followed by bytes that are no zstd"
  python3 - <<'PY'
data = open("rows.zst", "rb").read()
at = len(data) - 200
open("bit", "wb").write(data[:at] + bytes([data[at] ^ 4]) + data[at + 1:])
PY
  expect_status 1 sw-chunk -o out.swr bit
  [[ $output == 'sw-chunk: bit: zstd: '*' before byte '* ]]
  head -c 40M /dev/zero | tr '\0' 'a' | zstd -q --long=27 >far.zst
  expect_status 1 sw-chunk -o out.swr far.zst
  same "$output" 'sw-chunk: far.zst: zstd: looks back further than 32 MiB: unpack it with zstd -dc --long=31'
  printf 'a,b\n' | gzip | zstd -q >twice.zst
  expect_status 1 sw-chunk -o out.swr twice.zst
  [[ $output == 'sw-chunk: twice.zst: is gzip in a zstd, not CSV: behind zstd -dc, '* ]]
  [ ! -e out.swr ]
  # it is read, and not written
  sw-chunk rows.csv >rows.swr
  expect_status 2 sw-cut -o rows.csv.zst rows.swr
  expect_status 2 sw-split -k side -f csv -o 'out/{side}.csv.zst' rows.swr
  expect_status 2 extract -o rows.csv.zst rows.csv
  [ ! -e rows.csv.zst ]
}
