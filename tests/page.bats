#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-page: the page of a run has the files' own strings, leads nowhere, is there whole or not at all, and says what it does not show.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0
load helper

# A report and an analysis of a few made-up orders, once.
setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 400 --seed 7 -o in
  report -j 1 -H 10-15 -o report in/orders.csv 2>/dev/null
  analyse -j 1 --trades in/trades.csv --nbbo in/nbbo.csv -s "$(busiest)" -o analysis in/orders.csv >/dev/null 2>&1
}

# The three securities with most rows.
busiest() {
  sw-chunk in/orders.csv | sw-agg -g security_code -a 'n=count()' | tail -n +2 | sort -t, -k2,2nr | head -n 3 | cut -d, -f1 | paste -sd,
}

# matched FOLDER: what the dark book makes of planted sweeps, of two securities and dates.
matched() {
  sw-gen --planted 120 --full --securities 2 --days 2 --seed 3 -o planted
  match -j 1 -s 110621,118540 --sweep midtick --trades planted/trades.csv --nbbo planted/nbbo.csv -o "$1" planted/orders.csv 2>/dev/null
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  cp -R "$BATS_FILE_TMPDIR/report" report
  cp -R "$BATS_FILE_TMPDIR/analysis" analysis
}

oracle() { python3 "$TREE/tests/page_oracle.py" "$@"; }

# without_gnuplot COMMAND…: where there is none.
without_gnuplot() {
  mkdir -p none
  PATH=$SW_BIN:$PWD/none "$@"
}

@test "page: every table of a report and of an analysis is there, each cell as in its file" {
  local run
  for run in report analysis; do
    sw-page --no-plots "$run"
    oracle quiet "$run/index.html"
    oracle cells "$run/index.html" "$run"/aggregated/*.csv "$run/run/ledger.csv" | tee counted
    [ "$(sed 's/tables //' counted)" -ge 10 ]
  done
}

@test "page: names that look like markup, commands or separators are shown as they are" {
  oracle hostile odd
  sw-page --no-plots odd
  oracle quiet odd/index.html
  oracle cells odd/index.html odd/aggregated/*.csv odd/run/ledger.csv
  oracle text odd/index.html >words
  grep -qF "expression=remark == \"<b>\" && x < 'é'" words
  grep -qF 'Not shown, being no CSV: by_date.parquet.' words
  [ "$(grep -cF 'The run is complete.' words)" -eq 1 ]
}

@test "page: names in figures are names: gnuplot is given none of them" {
  skip_without gnuplot
  oracle hostile odd
  sw-page odd
  oracle quiet odd/index.html
  oracle labels odd/index.html >drawn
  python3 - drawn <<'PYTHON'
import json, sys

labels = [json.loads(line) for line in open(sys.argv[1])]
for name in ("<b>bold</b>", "</td></table>", "\"double\" 'single'", "two\\nlines", "a\\ttab", "back\\slash \\n", "'; set output 'x'",
             "`date` $(date)", "K00003", "@x_1^2{y}", "é 漢字", "bad \\xff byte", "(empty)", "x" * 24 + "…", "chunks \"<b>\\", "b<"):
    assert name in labels, (name, labels)
PYTHON
  # The files of a folder are those that were there, and the page.
  same "$(ls odd)" "$(printf '%s\n' aggregated index.html run)"
}

@test "page: figures are of the values in the files" {
  skip_without gnuplot
  sw-page report
  sw-page analysis
  oracle quiet report/index.html | tee counted
  [ "$(sed 's/figures //' counted)" -ge 11 ]
  oracle quiet analysis/index.html
  oracle bars report/index.html report/aggregated/by_time_of_day.csv fill_ratio
  oracle bars report/index.html report/aggregated/by_date.csv value_sum
  oracle bars analysis/index.html analysis/aggregated/by_order_size.csv value_sum
  oracle text analysis/index.html >words
  local of
  for of in scenario security 'hour of the day' day 'order size'; do grep -qE "Savings against the mid-price.* by $of," words; done
  grep -q 'Seconds by stage' words
}

@test "page: it opens with what was asked and what was left out" {
  sw-page --no-plots report
  oracle text report/index.html >words
  grep -qF 'hours=10-15' words
  grep -qF 'rows that the selectors left out' words
  sw-page --no-plots analysis
  oracle text analysis/index.html >words
  grep -qF 'trades whose order is not there' words
  grep -qF 'What the comparison rests on' words
}

@test "page: of a match what was asked, what was left out, its tables and figures" {
  matched dark
  sw-page --no-plots dark
  oracle quiet dark/index.html
  oracle cells dark/index.html dark/aggregated/*.csv dark/run/ledger.csv | tee counted
  [ "$(sed 's/tables //' counted)" -ge 6 ]
  oracle text dark/index.html >words
  for said in 'Match: dark' 'The run is complete.' 'sw match' 'sweepmidtick' 'security_code=110621,118540\|securities=110621,118540' 'What it cannot know' \
    'Why sweeps were not matched' 'but for a minimum quantity it would have matched' 'What each rule makes of it'; do
    tr -d '\n' <words | grep -q "$said" || { echo "no $said" && false; }
  done
  # The sums by security, date and reason are of the same sweeps.
  for of in security date reason security_date; do awk -F, 'NR > 1 { n += $(NF - 5) } END { print n }' "dark/aggregated/sweeps_by_$of.csv"; done |
    uniq >sums
  same "$(cat sums)" "$(sed -n 2p dark/aggregated/match_summary.csv | cut -d, -f 3)"
  skip_without gnuplot
  sw-page dark
  oracle quiet dark/index.html | tee counted
  [ "$(sed 's/figures //' counted)" -ge 6 ]
  oracle bars dark/index.html dark/aggregated/match_summary.csv matched_quantity
  oracle bars dark/index.html dark/aggregated/match_summary.csv vwap
  oracle bars dark/index.html dark/aggregated/sweeps_by_reason.csv sweeps
  match --replay -j 1 --trades planted/trades.csv --nbbo trades -o replay planted/orders.csv 2>/dev/null
  sw-page replay
  oracle cells replay/index.html replay/aggregated/*.csv replay/run/ledger.csv
}

@test "page: of a long table the first thousand rows, and how many there are" {
  rm report/aggregated/by_*.csv
  { echo 'security_code,rows'; seq -f '%.0f,1' 1 1234; } >report/aggregated/by_security.csv
  gzip report/aggregated/timeseries_daily.csv
  sw-page --no-plots report
  oracle cells report/index.html report/aggregated/by_security.csv report/aggregated/timeseries_daily.csv.gz
  oracle text report/index.html | grep -qF 'The first 1000 of 1234 rows are shown; all of them are in by_security.csv.'
}

@test "page: whole or not at all" {
  sw-page --no-plots report
  cp report/index.html kept
  sw-page --no-plots -o - report | cmp - kept
  echo '1,2,3' >>report/aggregated/by_date.csv
  run -1 --separate-stderr sw-page --no-plots report
  [[ $stderr == 'sw-page: report/aggregated/by_date.csv:'*': 3 fields, the header has '* ]]
  cmp report/index.html kept
  same "$(ls report)" "$(printf '%s\n' aggregated index.html run)"
  : >report/aggregated/by_date.csv
  run -1 sw-page --no-plots report
  printf 'a,b\n1,"2\n' >report/aggregated/by_date.csv
  run -1 sw-page --no-plots report
  cmp report/index.html kept
}

@test "page: without gnuplot it is 3 and says what to install, and --no-plots goes without" {
  run -3 --separate-stderr without_gnuplot sw-page report
  [[ $stderr == *gnuplot-nox*--no-plots* ]]
  [ ! -e report/index.html ]
  without_gnuplot sw-page --no-plots report
  [ -s report/index.html ]
  printf '#!/bin/sh\nexit 7\n' >none/gnuplot
  chmod +x none/gnuplot
  run -3 --separate-stderr without_gnuplot sw-page analysis
  [[ $stderr == *'gnuplot: ended with status 7' ]]
  same "$(ls analysis)" "$(printf '%s\n' aggregated by_security run)"
}

@test "page: no folder is 3; a folder of something else, or of another kind of run, is 2; an input is not written over" {
  run -3 --separate-stderr sw-page --no-plots nowhere
  same "$stderr" 'sw-page: nowhere: No such file or directory'
  mkdir empty
  run -2 --separate-stderr sw-page --no-plots empty
  [[ $stderr == 'sw-page: empty: not the folder of a run'* ]]
  echo extract >report/run/kind
  run -2 --separate-stderr sw-page --no-plots report
  same "$stderr" "sw-page: report: has the results of 'extract', not of report, analyse or match"
  run -2 sw-page
  run -2 sw-page analysis report
  cp analysis/aggregated/by_date.csv kept
  run -2 sw-page --no-plots -o analysis/aggregated/by_date.csv analysis
  cmp analysis/aggregated/by_date.csv kept
}

@test "page: a run that is not complete says so" {
  local process
  process=$(head -n 2 report/run/process)
  printf '%s\n' "$process" >report/run/process
  sw-page --no-plots report
  oracle text report/index.html | grep -q 'The run is not complete:.*going on, or it had been killed'
  printf '%s\nended 3 1725516166.5\n' "$process" >report/run/process
  sw-page --no-plots report
  oracle text report/index.html | grep -q 'The run is not complete: it ended with status 3'
  sw-page --no-plots analysis
  oracle text analysis/index.html | grep -q 'The run is complete'
  rm analysis/run/complete
  rm -r analysis/aggregated
  sw-page --no-plots analysis
  oracle quiet analysis/index.html
  oracle text analysis/index.html | grep -q 'The run is not complete: its results are not marked'
  oracle text analysis/index.html | grep -q 'There are none'
}

# in_a_browser WORD…: headless Chromium, with what it says; nothing of the machine's is used.
in_a_browser() {
  HOME=$PWD timeout 120 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking \
    --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$PWD/browser" --enable-logging=stderr "$@"
}

# bats test_tags=check,plain
@test "page: a browser loads it without an error or a request, and sorts its tables exactly" {
  skip_without chromium
  oracle hostile odd
  sw-page --no-plots odd
  # Violations are counted from the beginning, and the buttons are pressed at the end.
  python3 - odd/index.html looked-at.html <<'PYTHON'
import sys

watch = "<script>let violations = 0; addEventListener('securitypolicyviolation', () => violations++);</script>"
press = """<script>addEventListener('load', () => {
  const table = document.querySelector('table[data-file="by_security.csv"]');
  const first = () => [...table.tBodies[0].rows].map((row) => row.cells[0].textContent);
  const columns = [...table.querySelectorAll('th button')].map((button) => {
    const column = {};
    for (const order of ['ascending', 'descending', 'file']) {
      button.click();
      column[order] = first();
      const said = button.parentElement.getAttribute('aria-sort');
      if ((said ?? 'file') !== order) column[order] = said;
    }
    return column;
  });
  const button = table.querySelector('th button');
  button.focus();
  const result = { columns, violations, requests: performance.getEntriesByType('resource').length, focused: document.activeElement === button };
  const text = document.createElement('pre');
  text.id = 'result';
  text.textContent = JSON.stringify(result).replace(/[<>&]/g, (c) => '\\\\u00' + c.charCodeAt(0).toString(16));
  document.body.append(text);
});</script>"""
page = open(sys.argv[1], encoding="utf-8", newline="").read()
head, body = page.split("<title>", 1)
at = body.rindex("</body>")
open(sys.argv[2], "w", encoding="utf-8", newline="").write(head + watch + "<title>" + body[:at] + press + body[at:])
PYTHON
  in_a_browser --dump-dom "file://$PWD/looked-at.html" >dom 2>said
  grep 'CONSOLE' said && return 1
  oracle sorted dom odd/aggregated/by_security.csv
}

# bats test_tags=check,plain
@test "page: printed, numbers are whole and each page of a table has its header" {
  skip_without chromium pdftotext
  { echo "participantid,$(seq -f 'value_%02.0f' -s , 20),at"; seq -f '%.0f' 1 150 |
    awk '{ printf "%d", $1; for (i = 1; i <= 20; i++) printf ",%d.%06d", $1 * 1234 + i, i; printf ",172523%.0f\n", 5000000000000 + $1 }'; } >report/aggregated/by_participant.csv
  sw-page --no-plots report
  in_a_browser --no-pdf-header-footer --print-to-pdf=page.pdf "file://$PWD/report/index.html" 2>said
  pdftotext -layout page.pdf printed
  tr -s ' \f' '\n' <printed | sort -u >words
  tail -n +2 report/aggregated/by_participant.csv | tr , '\n' | sort -u | comm -23 - words >broken
  [ ! -s broken ]
  # The name of the last column stands on every page that has values of it.
  python3 - <<'PY'
pages = [page.split() for page in open("printed", encoding="utf8").read().split("\f")]
of_table = [page for page in pages if sum(word.startswith("1725235000") for word in page) > 1]
assert len(of_table) > 1 and all("at" in page for page in of_table), len(of_table)
PY
}

# bats test_tags=check,plain
@test "page: nothing lies beside the window of a browser at 400 and at 1600 pixels" {
  skip_without chromium gnuplot
  sw-page analysis
  # A window is not as narrow as that, a frame is.
  sed 's|</body>|<script>addEventListener("load", () => { const page = document.documentElement;\
    parent.postMessage([innerWidth, page.scrollWidth - page.clientWidth].join(" and "), "*"); });</script>&|' analysis/index.html >framed.html
  local width
  for width in 400 1600; do
    printf '<title>none</title><script>addEventListener("message", (event) => { document.title = event.data; });</script>
      <iframe src="framed.html" width="%d" height="1000" style="border: 0"></iframe>' "$width" >frame.html
    in_a_browser --virtual-time-budget=5000 --window-size=1700,1100 --dump-dom "file://$PWD/frame.html" >dom 2>said
    grep -q "<title>$width and 0</title>" dom || { grep -o '<title>.*</title>' dom; return 1; }
  done
}
