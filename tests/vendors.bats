#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Real files of other exchanges, where they are at hand (../shared/vendors): read as an independent reader has them
# (tests/vendor_oracle.py), or refused with a reason. The list of man/sw-schemas.7 is this one.

load helper

VENDORS=$TREE/../shared/vendors

setup() {
  [ -d "$VENDORS" ] || skip 'no files of other exchanges here'
  cd "$BATS_TEST_TMPDIR" || return
}

# schema_of NAME: one that is shipped, else the sketch beside the files.
schema_of() {
  if [ -e "$TREE/share/schemas/$1.schema" ]; then echo "$1"; else echo "$VENDORS/schemas-sketch/$1.schema"; fi
}

@test "vendors: count, sums, first and last time are those of an independent reader" {
  python3 "$TREE/tests/vendor_oracle.py" "$VENDORS" >wanted
  [ "$(wc -l <wanted)" -eq 37 ]
  while IFS=$'\t' read -r file schema name measures line; do
    named=()
    [ "$name" = - ] || named=(--name "$name")
    # one file ends in a line that holds a NUL
    sw-chunk -t "$(schema_of "$schema")" "${named[@]}" --bad-rows bad "$VENDORS/$file" 2>said | sw-agg -a "$measures" >out
    same "$(tail -n 1 out)" "$line" || { echo "$file"; cat said; false; }
    [ "$file" = b3_negocios_balcao.csv ] || [ ! -s bad ] || { cat bad; false; }
  done <wanted
}

# bats test_tags=plain
@test "vendors: any cut of a file has the same rows, and so has the CSV that is made of it" {
  python3 "$TREE/tests/vendor_oracle.py" "$VENDORS" >wanted
  while IFS=$'\t' read -r file schema name _ _; do
    [[ $file != *.gz && $file != b3_negocios_balcao.csv ]] || continue
    how=(-t "$(schema_of "$schema")")
    [ "$name" = - ] || how+=(--name "$name")
    want=$(sw-chunk "${how[@]}" "$VENDORS/$file" 2>/dev/null | sw-info --digest)
    sw-chunk "${how[@]}" --plan -n 3 "$VENDORS/$file" >plan
    while read -r _ offset length; do
      sw-chunk "${how[@]}" --range "$offset:$length" "$VENDORS/$file" 2>/dev/null
    done <plan | sw-info --digest | cmp - <(echo "$want") || { echo "$file"; false; }
    sw-chunk "${how[@]}" "$VENDORS/$file" 2>/dev/null | sw-cut >again.csv
    same "$(sw-chunk -t "$(schema_of "$schema")" --canonical again.csv | sw-info --digest)" "$want" || { echo "$file"; false; }
  done <wanted
}

@test "vendors: what no schema reads is refused with a reason, and leaves nothing" {
  python3 "$TREE/tests/vendor_oracle.py" "$VENDORS" | cut -f1 | sort >those
  refused=0
  while IFS= read -r file; do
    ! grep -qxF "$file" those || continue
    run sw-chunk -o out "$VENDORS/$file"
    [ "$status" -eq 1 ] || [ "$status" -eq 2 ] || { echo "$file: $status"; false; }
    [[ $output == "sw-chunk: $VENDORS/$file:"* ]] || { echo "$output"; false; }
    [ ! -e out ]
    refused=$((refused + 1))
  done < <(cut -f1 "$VENDORS/SOURCES.tsv")
  [ "$refused" -eq 17 ]
}

@test "vendors: the manual's list is what the tests above found" {
  python3 "$TREE/tests/vendor_oracle.py" "$VENDORS" | cut -f 1,2 | while IFS=$'\t' read -r name schema; do
    [ -e "$TREE/share/schemas/$schema.schema" ] || schema=own
    echo "$name $schema"
  done | sort >found
  sed -n 's/^\.It \([^ ]*\.[^ ]*\) Ta \(.*\)$/\1 \2/p' "$TREE/man/sw-schemas.7" | sort >listed
  # every file of the collection stands there once, with the schema that reads it, or with what it is
  cut -d ' ' -f 1 listed | diff - <(cut -f1 "$VENDORS/SOURCES.tsv" | sort)
  grep -v ' no: ' listed | sed 's/ (.*//' | diff - found
  [ "$(grep -c ' no: ..' listed)" -eq 17 ]
}
