#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A file that is given twice, under whatever names, would count twice: every pipeline refuses it before it writes anything.
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  sw-gen --rows 2000 --securities 2 --participants 4 --days 2 --seed 3 -o "$DATA"
  cd "$DATA" || return
  mkdir below
  ln -s below beside
  cp orders.csv below/other.csv
  ln -s orders.csv link.csv
  ln -s ../orders.csv below/link.csv
  ln orders.csv hard.csv
  gzip -c orders.csv >orders.csv.gz
  printf '%s\n' trades.csv >list
}

setup() { cd "$DATA" || return; }

refused() {
  expect_status 2 "$@"
  [[ $output == *"is given twice"* ]]
  [ ! -e "$BATS_TEST_TMPDIR/out" ] && [ ! -e "$BATS_TEST_TMPDIR/out.run" ]
}

@test "twice: under its name, other paths, links" {
  for pipeline in report extract convert analyse; do
    words=(-o "$BATS_TEST_TMPDIR/out")
    [ "$pipeline" != analyse ] || words+=(--trades trades.csv --nbbo nbbo.csv)
    for other in orders.csv ./orders.csv "$DATA/orders.csv" below/../orders.csv link.csv below/link.csv hard.csv; do
      refused "$pipeline" "${words[@]}" orders.csv "$other"
      [ "$other" = orders.csv ] || same "$pipeline: $other: is given twice, as orders.csv" "$output"
      refused "$pipeline" "${words[@]}" below/other.csv "$other" orders.csv
    done
    refused "$pipeline" "${words[@]}" below/other.csv orders.csv beside/other.csv
  done
}

@test "twice: in lists, globs and tables of an analysis, and in a configuration" {
  words=(-o "$BATS_TEST_TMPDIR/out" --nbbo nbbo.csv)
  refused analyse "${words[@]}" --trades trades.csv --trades @list orders.csv
  refused analyse "${words[@]}" --trades 'trad*.csv' --trades 't*s.csv' orders.csv
  refused analyse "${words[@]}" --trades @list --nbbo ./nbbo.csv orders.csv
  refused analyse "${words[@]}" --trades trades.csv '[o]rders.csv' 'ord*.csv'
  refused analyse "${words[@]}" --trades nbbo.csv orders.csv
  printf '%s\n' 'orders = orders.csv, link.csv' "output = $BATS_TEST_TMPDIR/swept" steps=report,extract on_failure=never >"$BATS_TEST_TMPDIR/sweep.conf"
  run sweep -C "$BATS_TEST_TMPDIR/sweep.conf"
  [[ $status -eq 2 && $output == *'report: '*'is given twice'* && $output == *'extract: '*'is given twice'* ]]
}

@test "twice: a copy is another file, and so is what is compressed" {
  for pipeline in report extract; do
    "$pipeline" -o "$BATS_TEST_TMPDIR/$pipeline" orders.csv below/other.csv orders.csv.gz
  done
  same "$(wc -l <"$BATS_TEST_TMPDIR/extract")" 6001
  same "$(tail -n 1 "$BATS_TEST_TMPDIR/report/run/ledger.csv" | cut -d , -f -5)" all,6000,6000,0,0
}
