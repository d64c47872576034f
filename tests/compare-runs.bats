#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-compare-runs: what it says of two runs is what Python's fractions say of their files.
# shellcheck disable=SC2154 # run sets stderr

bats_require_minimum_version 1.5.0
load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 4000 --securities 5 --days 2 --seed 5 -o data
  report -o one data/orders.csv 2>/dev/null
  report -H 10-13 -o other data/orders.csv 2>/dev/null
}

setup() { cd "$BATS_FILE_TMPDIR" || return; }

# expected ONE OTHER: every value, by Python.
expected() {
  python3 - "$@" <<'PYTHON'
import csv, os, re, sys
from fractions import Fraction

COUNTS = {"orders", "events", "trades", "trade_sides", "quotes", "rows", "value"}


def read(path):
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)
    keys = next(i for i, name in enumerate(header) if name in COUNTS)
    return header[keys:], {"/".join(row[:keys]): dict(zip(header[keys:], row[keys:])) for row in rows}


def text(number, places=None):
    scaled = abs(number) * 10 ** (places or 18)
    whole = scaled.numerator * 2 // scaled.denominator
    digits = str((whole + 1) // 2).rjust((places or 18) + 1, "0")
    digits = digits[: -(places or 18)] + "." + digits[-(places or 18):]
    if places is None:
        digits = digits.rstrip("0").rstrip(".")
    return ("-" if number < 0 and digits.strip("0.") else "") + digits


out = csv.writer(sys.stdout, lineterminator="\n")
for name in sorted(os.listdir(sys.argv[2] + "/aggregated")):
    if not name.endswith(".csv"):
        continue
    measures, after = read(sys.argv[2] + "/aggregated/" + name)
    _, before = read(sys.argv[1] + "/aggregated/" + name)
    for key in list(before) + [key for key in after if key not in before]:
        for measure in measures:
            a, b = before.get(key, {}).get(measure, ""), after.get(key, {}).get(measure, "")
            difference = percent = ""
            if all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in (a, b)):
                difference = text(Fraction(b) - Fraction(a))
                if Fraction(a):
                    percent = text(100 * (Fraction(b) - Fraction(a)) / Fraction(a), 2)
            out.writerow([name[:-4], key, measure, a, b, difference, percent])
PYTHON
}

@test "compare-runs: every value, difference and percent is Python's" {
  skip_without python3
  sw-compare-runs --all one other >ours 2>said
  tail -n +2 ours | sort >ours.sorted
  expected one other | sort >expected.sorted
  cmp ours.sorted expected.sorted
  sw-compare-runs one other 2>/dev/null | tail -n +2 | sort >differing.sorted
  awk -F, '$4 != $5' expected.sorted | cmp - differing.sorted
  same "$(wc -l <differing.sorted) of $(wc -l <expected.sorted) values differ" "$(sed 's/^sw-compare-runs: //; s/;.*//' said)"
}

@test "compare-runs: a run beside itself differs in nothing" {
  run -0 --separate-stderr sw-compare-runs one one
  same "$output" table,key,measure,before,after,difference,percent
  [[ $stderr == *': 0 of '*' values differ; 0 rows are in the first alone, 0 in the second' ]]
}

@test "compare-runs: numbers up to 38 digits, and what is none" {
  cd "$BATS_TEST_TMPDIR"
  printf 'name,rows,x\na,1,12345678901234567890123456789012345678\nb,0,-0.000001\nc,3,\nd,4,text\n' >one.csv
  printf 'name,rows,x\na,2,12345678901234567890123456789012345677\nb,1,0.000002\nc,3,5\ne,5,1\n' >two.csv
  sw-compare-runs one.csv two.csv >ours
  diff ours - <<'END'
table,key,measure,before,after,difference,percent
two,a,rows,1,2,1,100.00
two,a,x,12345678901234567890123456789012345678,12345678901234567890123456789012345677,-1,0.00
two,b,rows,0,1,1,
two,b,x,-0.000001,0.000002,0.000003,-300.00
two,c,x,,5,,
two,d,rows,4,,,
two,d,x,text,,,
two,e,rows,,5,,
two,e,x,,1,,
END
  sw-compare-runs -g name,rows one.csv two.csv | grep -q '^two,c/3,x,,5,,$'
}

@test "compare-runs: columns that one of the two has, and tables of other keys" {
  cd "$BATS_TEST_TMPDIR"
  printf 'name,rows,old,both\na,1,7,2\n' >one.csv
  printf 'name,rows,both,new\na,1,2,9\n' >two.csv
  sw-compare-runs one.csv two.csv 2>said >ours
  diff ours - <<'END'
table,key,measure,before,after,difference,percent
two,a,new,,9,,
two,a,old,7,,,
END
  [[ $(<said) == 'sw-compare-runs: 2 of 4 values differ;'* ]]
  printf 'name,day,rows\na,1,2\n' >three.csv
  expect_status 2 sw-compare-runs one.csv three.csv
  [[ $output == *'three.csv: its keys are other columns than in the earlier table'* ]]
}

@test "compare-runs: what cannot be compared is said" {
  cd "$BATS_TEST_TMPDIR"
  printf 'a,b\n1,2\n1,3\n' >table.csv
  expect_status 2 sw-compare-runs table.csv table.csv
  [[ $output == *'table.csv: no column says what was counted, so which ones are keys is not known; -g names them'* ]]
  expect_status 2 sw-compare-runs -g c table.csv table.csv
  [[ $output == *"table.csv: no column 'c'"* ]]
  expect_status 1 sw-compare-runs -g a table.csv table.csv
  [[ $output == *"table.csv: row 2: its key stands twice: '1'"* ]]
  expect_status 2 sw-compare-runs table.csv
  expect_status 3 sw-compare-runs nowhere nowhere
  expect_status 2 sw-compare-runs -f parquet table.csv table.csv
  expect_status 2 sw-compare-runs -g a -o table.csv table.csv table.csv
}

@test "compare-runs: two matches, by other rules, and two replays" {
  cd "$BATS_TEST_TMPDIR"
  sw-gen --planted 200 --full --securities 2 --days 2 --seed 3 -o planted
  for rules in full full,-inventory; do
    match -j 1 --rules $rules --trades planted/trades.csv --nbbo planted/nbbo.csv -o "$rules" planted/orders.csv 2>/dev/null
    match -j 1 --rules $rules --replay --trades planted/trades.csv --nbbo trades -o "replay-$rules" planted/orders.csv 2>/dev/null
  done
  sw-compare-runs full full,-inventory >got 2>said
  # What sweeps gave as contras they have left without the rule, and what else differs follows from that.
  paste -d, <(cut -d, -f 1,6 full/aggregated/sweeps_by_security.csv) <(cut -d, -f 6 full,-inventory/aggregated/sweeps_by_security.csv) |
    awk -F, 'NR > 1 && $2 != $3 { printf "sweeps_by_security,%s,given_quantity,%s,%s,%d\n", $1, $2, $3, $3 - $2 }' |
    cmp - <(grep '^sweeps_by_security,.*,given_quantity,' got | cut -d, -f 1-6)
  # Nothing in the dark trades of these days depends on it.
  same "$(sw-compare-runs replay-full replay-full,-inventory 2>&1 | tail -n 1 | cut -d' ' -f 2,3)" '0 of'
  expect_status 2 sw-compare-runs full replay-full/../planted
  same "$(sw-compare-runs --all replay-full replay-full 2>/dev/null | grep -c ',transactions,')" 1
}
