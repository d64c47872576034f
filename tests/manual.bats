#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Documentation that runs: every command of the manual's EXAMPLES and of the README ends with 0.
# bats file_tags=plain

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 3000 --securities 5 --days 2 --participants 80 -o .
  sw-chunk orders.csv >orders.swr
  printf 'code,sector\n110621,banks\n118540,mines\n' >names.csv
  mkdir -p data
  gzip -c orders.csv >data/orders-1.csv.gz
  cp data/orders-1.csv.gz orders-2024-1.csv.gz
  ln -s "$TREE/pipelines" pipelines
  ln -s "$SW_BIN" bin
}

# The commands of a page: ".Dl $ COMMAND" lines, and lines that begin with "$ " in literal text, under EXAMPLES.
examples() {
  awk '
    /^\.Sh / { on = /EXAMPLES/ }
    on && sub(/^(\.Dl )?\$ /, "") { print }
  ' "$1" | sed -e 's/\\e/\\/g' -e "s/\\\\(aq/'/g" -e 's/\\(dq/"/g' -e 's/\\&//g' -e 's/\\-/-/g'
}

run_all() {
  local command count=0
  while IFS= read -r command; do
    count=$((count + 1))
    [[ ! $command =~ sw\ page\ [a-z]+$ ]] || command -v gnuplot >/dev/null || command=${command/sw page/sw page --no-plots}
    run bash -euo pipefail -c "$command" </dev/null
    if [ "$status" -ne 0 ] && [ "$status" -ne 141 ]; then
      printf 'status %d: %s\n%s\n' "$status" "$command" "$output"
      return 1
    fi
  done
  [ "$count" -gt 0 ]
}

# bats test_tags=check
@test "manual: every program has a page, every page its examples, every example runs" {
  for program in $(program_list); do
    [ -e "$TREE/man/$program.1.in" ]
    echo "$program"
    run_all < <(examples "$TREE/man/$program.1.in")
  done
}

# bats test_tags=check
@test "manual: the examples of sw and of the pipelines run" {
  for page in "$TREE"/man/sw.1.in "$TREE"/man/sw-*.1.in; do
    [[ $page != */sw-* || ! -e $SW_BIN/$(basename "$page" .1.in) ]] || continue
    echo "$page"
    [[ $page == */sw-slurm.1.in ]] || run_all < <(examples "$page")
  done
}

# bats test_tags=check
@test "manual: the examples of the pages on concepts run" {
  for page in sw.7 sw-analysis.7 sw-expression.7 sw-hosts.7 sw-schemas.7 sw-record.5; do
    echo "$page"
    run_all < <(examples "$TREE/man/$page")
  done
}

@test "manual: the tutorial, each of its commands in turn" {
  local command number=0
  mkdir "$BATS_TEST_TMPDIR/empty" && cd "$BATS_TEST_TMPDIR/empty"
  while IFS= read -r command; do
    number=$((number + 1))
    [[ $command != gnuplot* ]] || command -v gnuplot >/dev/null || continue
    echo "$command"
    bash -eu -c "$command" >"got.$number" 2>"err.$number" || { cat "err.$number"; false; }
  done < <(sed -n 's/^\.Dl \$ //p' "$TREE/man/sw-tutorial.7" | sed 's/\\(dq/"/g; s/\\e/\\/g')
  [ "$number" -ge 18 ]
  # What the text says of what they show.
  same "$(cat got.5)" "$(cat got.6)"
  grep -q '^hour,orders,asked,fill$' got.9
  [ -s out/index.html ] && [ -s analysis/index.html ]
  [ ! -e hours.svg ] || grep -q '</svg>' hours.svg
}

@test "manual: as HTML, every page is there, and every link between them leads to one" {
  skip_without mandoc
  "$TREE/man/build.sh" "$SW_BIN" "$BATS_TEST_TMPDIR/man" "$TREE"/man/*.[1-9] "$TREE"/man/*.[1-9].in
  "$TREE/man/html.sh" "$BATS_TEST_TMPDIR/man" "$BATS_TEST_TMPDIR/html"
  cd "$BATS_TEST_TMPDIR/html"
  for page in ../man/*; do
    [ -s "${page##*/}.html" ]
    grep -q "href=\"${page##*/}.html\"" index.html
  done
  grep -ohE 'href="[^":#]+[#"]' ./*.html | sed 's/^href="//; s/.$//' | sort -u >links
  [ "$(wc -l <links)" -gt 20 ]
  while IFS= read -r link; do [ -e "$link" ] || { echo "$link"; false; }; done <links
  [ -z "$(find . -name '*.part')" ]
  # Nothing is loaded from anywhere.
  expect_status 1 grep -lE 'src=|<script' ./*.html
}

# Each "    $ COMMAND" of the README with the lines below it, which are its output.
@test "manual: the README's commands print what the README says" {
  sed -n 's/^    \$ //p' "$TREE/README.md" | while IFS= read -r command; do
    bash -euo pipefail -c "$command" >got
    awk -v command="    \$ $command" '
      $0 == command { on = 1; next }
      on && !/^    / { exit }
      on { print substr($0, 5) }' "$TREE/README.md" | diff - got
  done
  [ -s got ]
}

@test "manual: the README's other commands run" {
  run_all < <(sed -n 's/^    \(bin\/sw [^#]*\).*/\1/p' "$TREE/README.md")
}
