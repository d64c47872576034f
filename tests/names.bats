#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Names of inputs and of OUT that no shell, sed or awk may take for more than a name.
# bats file_tags=plain

load helper
load endurance

setup_file() {
  endurance_data "$BATS_FILE_TMPDIR/data" 3000
}

teardown_file() {
  rm -rf "$DATA"
}

# run_named PIPELINE NAME: inputs and OUT under that name give what they give under any other.
run_named() {
  local name=$2 table
  for table in orders trades nbbo; do cp "$DATA/$table.csv" "./$name$table"; done
  case $1 in
    report)
      report -j 2 -b 256K -o "$name/" -- "${name}orders"
      diff -r "./$name/aggregated" "$DATA/whole/report/out/aggregated"
      ;;
    extract)
      extract -j 2 -b 256K -H 10-13 -o "$name" -- "${name}orders"
      cmp "./$name" "$DATA/whole/extract/out.csv"
      ;;
    convert)
      convert -j 2 -b 256K -o "$name" -- "${name}orders"
      cmp "./$name" "$DATA/whole/convert/out.swr"
      ;;
    analyse)
      analyse -j 2 -b 256K --trades="${name}trades" --nbbo="${name}nbbo" -o "$name" -- "${name}orders" 2>log || { cat log; return 1; }
      diff -r "./$name/by_security" "$DATA/whole/analyse/out/by_security"
      ;;
  esac
}

@test "names: blanks, newlines, quotes, percent, ampersand, backslash, bar, UTF-8 and a leading dash, in inputs and OUT" {
  cd "$BATS_TEST_TMPDIR"
  # shellcheck disable=SC2016 # these words are names
  for name in $'-a b\n"c" %d \'q\' \xc3\xa9 a&b|c\\n\\1$(x) *;#{s}' '-o'; do
    for pipeline in "${PIPELINES[@]}"; do
      echo "$pipeline: $name"
      mkdir run
      (cd run && run_named "$pipeline" "$name")
      rm -rf run
    done
  done
}

@test "names: a result of one file has no name of a folder" {
  cd "$BATS_TEST_TMPDIR"
  expect_status 3 extract -o out.csv/ "$DATA/orders.csv"
  same 'extract: out.csv/: Is a directory' "$output"
  silent ls -A
}

@test "names: links to inputs are as good as the files, and OUT may be one" {
  cd "$BATS_TEST_TMPDIR"
  mkdir elsewhere
  ln -s elsewhere out
  ln -s "$DATA/orders.csv" orders.csv
  report -j 2 -b 256K -o out orders.csv
  diff -r elsewhere/aggregated "$DATA/whole/report/out/aggregated"
  [ -L out ]
}
