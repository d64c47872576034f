#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Many small files are taken together, some hundred as one chunk: what comes out is what comes of the same rows in one file.
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  sw-gen --rows 6000 --securities 4 --days 2 --seed 11 -o "$DATA"
  cd "$DATA" || return
  mkdir small
  # 300 files of 20 rows. Another order of columns, a gzip, an empty line and CRLF are among them.
  awk 'NR == 1 { header = $0; next } (NR - 2) % 20 == 0 { file = sprintf("small/f%03d.csv", (NR - 2) / 20); print header >file } { print >file }' orders.csv
  awk -F , -v OFS=, '{ first = $1; $1 = $2; $2 = first; print }' small/f100.csv >swapped && mv swapped small/f100.csv
  gzip -n small/f101.csv
  printf '\n' >>small/f102.csv
  sed -i 's/$/\r/' small/f103.csv
  printf '%s\n' small/* >list
  report -j 1 -o one orders.csv
}

setup() {
  cd "$DATA" || return
  mapfile -t files <list
  out=$BATS_TEST_TMPDIR/out
}

# What a run's ledger says of each file, by its lines.
ledger_by_lines() {
  python3 - "${files[@]}" <<'PYTHON'
import gzip, sys
for name in sys.argv[1:]:
    with (gzip.open if name.endswith(".gz") else open)(name, "rb") as file:
        lines = file.read().splitlines()
    rows = sum(line != b"" for line in lines) - 1
    print(name, rows, rows, 0, 0, len(lines), 1, len(lines) - 1 - rows, 0, sep=",")
PYTHON
}

groups_of() {
  awk -F '\t' '$4 ~ /f$/' "$1"
}

@test "small files: a report of them is that of the one file, in few jobs, and the ledger has a line for each" {
  report -j 2 -o "$out" "${files[@]}"
  diff -r one/aggregated "$out/aggregated"
  same "$(sed '1d; $d' "$out/run/ledger.csv")" "$(ledger_by_lines)"
  [ "$(wc -l <"$out/run/all")" -le 12 ] && [ "$(groups_of "$out/run/all" | wc -l)" -ge 3 ]
  same "$(groups_of "$out/run/all" | awk -F '\t' '{ n += $4 } END { print n }')" 300
  # By rows as they stand, and with selectors of events and of orders, of which a dozen will do.
  { head -n 1 orders.csv && sed -n '1902,2141p' orders.csv; } >"$out.csv"
  for words in '--per event' '--per event -H 14' '-H 14' "-s $(cut -d , -f 3 orders.csv | sed -n 2p)"; do
    # shellcheck disable=SC2086 # words
    report -j 2 $words -o "$out.some" "${files[@]:95:12}"
    # shellcheck disable=SC2086
    report -j 1 $words -o "$out.one" "$out.csv"
    diff -r "$out.one/aggregated" "$out.some/aggregated"
    same "$(tail -n 1 "$out.some/run/ledger.csv" | cut -d , -f 2-5)" "$(tail -n 1 "$out.one/run/ledger.csv" | cut -d , -f 2-5)"
    awk -F, 'END { exit !($3 > 0) }' "$out.one/run/ledger.csv"
    rm -rf "$out".{some,one}
  done
}

@test "small files: which events are kept with their orders is told file by file, of orders whose events are in several" {
  cp -r small "$BATS_TEST_TMPDIR/small" && cd "$BATS_TEST_TMPDIR" || return
  head -n 1 small/f000.csv >small/f104.csv
  sed -i 1q small/f299.csv
  report -j 2 -e 'leavesquantity == 0' -o "$out" "${files[@]}"
  [ "$(wc -l <"$out/run/all")" -le 12 ]
  python3 - "${files[@]}" <<'PYTHON' | diff - <(sed 1d "$out/run/ledger.csv" | cut -d , -f 1-4)
import csv, gzip, sys
last, events = {}, []
for name in sys.argv[1:]:
    with (gzip.open if name.endswith(".gz") else open)(name, "rt") as file:
        for row in csv.DictReader(file):
            order = row["security_code"], row["order_id"]
            state = int(row["timestamp"]), int(row["sequence"]), int(row["leavesquantity"])
            events.append((name, order))
            last[order] = max(last.get(order, state), state)
read, kept = dict.fromkeys(sys.argv[1:], 0), dict.fromkeys(sys.argv[1:], 0)
for name, order in events:
    read[name] += 1
    kept[name] += last[order][2] == 0
for name in read: print(name, read[name], kept[name], read[name] - kept[name], sep=",")
print("all", sum(read.values()), sum(kept.values()), sum(read.values()) - sum(kept.values()), sep=",")
PYTHON
  # Other selectors find the parts there.
  report -j 2 -e 'side == 1' -o "$out" "${files[@]}"
  [ ! -s "$out/run/jobs" ]
  same "$(grep '^small/f007.csv' "$out/run/ledger.csv" | cut -d , -f 3)" "$(sw-chunk -c side small/f007.csv | sw-filter -e 'side == 1' --count)"
}

@test "small files: a part for each file of a group is what --apart makes, of files without rows, too" {
  cd "$BATS_TEST_TMPDIR" || return
  head -n 1 "$DATA/small/f000.csv" >none.csv
  sw-chunk --apart none.csv "$DATA"/small/f00[01].csv none.csv "$DATA"/small/f002.csv none.csv >apart.swr
  same "$(sw-info --digest apart.swr)" "$(sw-chunk "$DATA"/small/f00[0-2].csv | sw-info --digest)"
  sw-classify --partial --apart <apart.swr >parts.swr
  sw-classify --merge --ledger ledger parts.swr >states.swr
  same "$(cat ledger)" $'0\t0\n20\t20\n20\t20\n0\t0\n20\t20\n0\t0'
  same "$(sw-info --digest states.swr)" "$(sw-classify --partial apart.swr >part.swr && sw-classify --merge part.swr | sw-info --digest)"
  for words in '' '--plan none.csv' '--index none.csv'; do
    # shellcheck disable=SC2086 # words
    expect_status 2 sw-chunk --apart $words </dev/null
  done
  expect_status 2 sw-classify --apart parts.swr
}

@test "small files: which are selected is told file by file" {
  extract -j 2 --ledger "$out.ledger" -H 10-12 -e 'side == 1' -o "$out.csv" "${files[@]}"
  extract -H 10-12 -e 'side == 1' -o "$out.one" orders.csv
  cmp "$out.one" "$out.csv"
  for file in small/f007.csv small/f101.csv.gz small/f250.csv; do
    same "$(grep "^$file," "$out.ledger" | cut -d , -f 3)" "$(sw-chunk "$file" | sw-filter -H 10-12 -e 'side == 1' --count)"
  done
  convert -o "$out.swr" "${files[@]}"
  same "$(sw-info --digest "$out.swr")" "$(sw-chunk orders.csv | sw-info --digest)"
}

@test "small files: an analysis of them is that of the one file" {
  # Where the order of columns differs, the schema's would be that of the results.
  cp -r small "$BATS_TEST_TMPDIR/small"
  awk -F , -v OFS=, '{ first = $1; $1 = $2; $2 = first; print }' small/f100.csv >"$BATS_TEST_TMPDIR/small/f100.csv"
  ln -s "$DATA"/{orders,trades,nbbo}.csv "$BATS_TEST_TMPDIR" && cd "$BATS_TEST_TMPDIR"
  analyse -j 2 --trades trades.csv --nbbo nbbo.csv -o "$out" "${files[@]}" 2>/dev/null
  analyse -j 1 --trades trades.csv --nbbo nbbo.csv -o "$out.one" orders.csv 2>/dev/null
  diff -r "$out.one/aggregated" "$out/aggregated"
  diff -r "$out.one/by_security" "$out/by_security"
  same "$(grep -c '^orders,small/' "$out/run/ledger.csv")" 300
  [ "$(grep -c '^orders' "$out/run/chunks/all")" -le 12 ]
}

@test "small files: one that changes makes its own group again, and what is new among them" {
  cp -r small "$BATS_TEST_TMPDIR/small" && cd "$BATS_TEST_TMPDIR" || return
  parts() { (cd out/run/parts && find . -name '*.tally' -printf '%p %i\n' | sort); }
  report -j 2 -o out "${files[@]}" && parts >before
  same "$(report -j 2 -o out "${files[@]}" 2>/dev/null; parts)" "$(cat before)"
  last=$(tail -n 1 small/f200.csv) && printf '%s\n' "$last" >>small/f200.csv
  report -j 2 -o out "${files[@]}" && parts >after
  same "$(comm -13 before after | wc -l) $(comm -23 before after | wc -l)" '1 1'
  same "$(grep '^small/f200' out/run/ledger.csv | cut -d , -f 2)" 21
  # A file more at the front does not make the others anew.
  cp small/f200.csv small/e.csv
  report -j 2 -o out small/e.csv "${files[@]}" && parts >grown
  same "$(comm -13 after grown | wc -l)" 1
  # A part's counts by file that are damaged are made again with it.
  folder=$(find out/run/parts -name files.files | head -n 1)
  rm -r out/aggregated && sed -i '1s/^[0-9]*/9/' "$folder"
  report -j 2 -o out small/e.csv "${files[@]}"
  same "$(grep -c '^small/f...\.csv' out/run/ledger.csv)" 300
}

@test "small files: a bad row is told with its file and line, or collected with its place" {
  cp -r small "$BATS_TEST_TMPDIR/small" && cd "$BATS_TEST_TMPDIR" || return
  sed -i '5s/^[^,]*/x/' small/f150.csv
  expect_status 1 report -j 1 -o out "${files[@]}"
  [[ $output == *'small/f150.csv:5: order_id: '* && $output == *'files from small/'* ]]
  report -j 2 --bad-rows bad -o out "${files[@]}" 2>/dev/null
  same "$(cut -f 1 bad)" "small/f150.csv:@$(head -n 4 small/f150.csv | wc -c)"
  same "$(grep '^small/f150' out/run/ledger.csv | cut -d , -f 2-5)" 20,19,0,1
}

@test "small files: groups go by the files alone, few files and large ones are no part of any" {
  groups() { sw-plan --group "$@" | awk -F '\t' '$1 == "group" { print $2, $3, $4 }'; }
  groups -j 1 "${files[@]}" >"$BATS_TEST_TMPDIR/one"
  groups -j 7 "${files[@]}" | cmp - "$BATS_TEST_TMPDIR/one"
  printf '%s\0' "${files[@]}" >"$BATS_TEST_TMPDIR/list"
  groups --files "$BATS_TEST_TMPDIR/list" | cmp - "$BATS_TEST_TMPDIR/one"
  same "$(awk '{ n += $2 } $1 != last { exit 1 } { last = $1 + $2 }' "$BATS_TEST_TMPDIR/one"; awk '{ n += $2 } END { print n }' "$BATS_TEST_TMPDIR/one")" 300
  [ -z "$(groups "${files[@]:0:15}")" ]
  same "$(sw-plan --group "${files[@]:0:15}")" "$(sw-plan "${files[@]:0:15}")"
  same "$(groups "${files[@]:0:20}" orders.csv "${files[@]:20:17}" | cut -d ' ' -f 1,2)" $'0 20\n21 17'
  same "$(sw-plan --group "${files[@]:0:20}" orders.csv | grep -c ^chunk)" 1
  same "$(groups -b 3K "${files[@]:0:30}" | awk '$2 > 2' | wc -l)" 0
  printf 'small/f000.csv' >"$BATS_TEST_TMPDIR/list"
  expect_status 2 sw-plan --files "$BATS_TEST_TMPDIR/list"
}

@test "small files: sw-chunk counts each of its files, and they come to the sum" {
  cd "$BATS_TEST_TMPDIR" || return
  sed '3s/^[^,]*/x/' "$DATA/small/f000.csv" >a.csv
  printf '\n\n' | cat "$DATA/small/f001.csv" - >b.csv
  sw-chunk --bad-rows bad -e 'side == 1' --tally all --tally-files each -o /dev/null a.csv b.csv 2>/dev/null
  buys=$(sw-chunk -c side "$DATA/small/f001.csv" | sw-filter -e 'side == 1' --count)
  same "$(sed -n 2p each)" "$(printf '20\t%d\t%d\t0\t23\t1\t2\t0' "$buys" $((20 - buys)))"
  same "$(awk -v OFS='\t' '{ for (i = 1; i <= NF; i++) sum[i] += $i } END { print sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8] }' each)" "$(cat all)"
  for words in '' '--plan a.csv' '--index a.csv'; do
    # shellcheck disable=SC2086 # words
    expect_status 2 sw-chunk --tally-files each $words </dev/null
  done
}

# bats test_tags=check
@test "small files: a report of orders takes more of them than their identities go into one word" {
  mkdir "$BATS_TEST_TMPDIR/many"
  awk -v to="$BATS_TEST_TMPDIR/many" 'NR == 1 { header = $0; next } NR <= 5001 { file = sprintf("%s/%04d.csv", to, NR); print header >file; print >file; close(file) }' orders.csv
  head -n 5001 orders.csv >"$out.csv"
  report -j 2 -o "$out.one" "$out.csv"
  report -j 2 -o "$out" "$BATS_TEST_TMPDIR"/many/*
  diff -r "$out.one/aggregated" "$out/aggregated"
  same "$(wc -l <"$out/run/ledger.csv")" 5002
}

@test "small files: their names need no room in TMPDIR, however many there are" {
  cd "$BATS_TEST_TMPDIR"
  mkdir full many
  mount -t tmpfs -o size=64k none full 2>/dev/null || skip 'no small disks: not root, or no tmpfs'
  awk 'NR == 1 { header = $0; next } NR <= 901 { file = sprintf("many/%0100d.csv", NR); print header >file; print >file; close(file) }' "$DATA/orders.csv"
  head -c 100000 /dev/zero >full/filler || :
  { TMPDIR=$PWD/full report -j 1 -o out many/*.csv && TMPDIR=$PWD/full report -j 1 -o out many/*.csv; } 2>said || :
  umount full
  [ "$(wc -l <out/run/ledger.csv)" -eq 902 ]
  [ "$(wc -l <said)" -eq 2 ]
  [ "$(grep -c '^report: 900 of 900 rows selected' said)" -eq 2 ]
}
