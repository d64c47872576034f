#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-join: the rows that SQL would give, in their order, none lost; what is out of order or stands twice is named.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# Many keys with gaps and repetitions on the left, unique ones on the right, nulls in both, sorted by (t, a).
make_tables() {
  python3 - "$1" <<'PY'
import csv, random, sys
random.seed(int(sys.argv[1]))
texts = ["", "A", "AB", "B", "b,c", "x" * 40]
def key(row):
    return [(v != "", v if i == 0 else int(v or 0)) for i, v in enumerate(row[:2])]
left = [[random.choice(texts), random.choice([""] + list(range(-20, 200))), i] for i in range(3000)]
right = {(t, a) for t in texts for a in [""] + list(range(-30, 220)) if random.random() < 0.4}
right = [[t, a, random.choice(["", "x", "y z", "%d" % a if a else "n"]), "%d.5" % i] for i, (t, a) in enumerate(sorted(right, key=str))]
right += [["", 7, "twin", "1"], ["", 7, "twin", "2"]]
for name, head, rows in ("left.csv", ["t", "a", "b"], left), ("right.csv", ["t", "a", "note", "price"], right):
    writer = csv.writer(open(name, "w"), lineterminator="\n")
    writer.writerow(head)
    writer.writerows(sorted(rows, key=key))
PY
  cat >left.schema <<'END'
table left
column t text
column a int
column b int
END
  cat >right.schema <<'END'
table right
column t text
column a int
column note text
column price decimal:2
END
  sw-chunk -t left.schema --block-rows "${2:-64}" left.csv >left.swr
  sw-chunk -t right.schema --block-rows "${3:-50}" right.csv >right.swr
  # the same, and said to be sorted: merged, where the others are looked up
  sw-sort -k t,a --block-rows "${2:-64}" -o sorted-left.swr left.swr
  sw-sort -k t,a --block-rows "${3:-50}" -o sorted-right.swr right.swr
}

in_sql() {
  sqlite3 :memory: -cmd '.mode csv' -cmd '.import left.csv l' -cmd '.import right.csv r' \
    "update l set t = nullif(t, ''), a = nullif(a, ''); update r set t = nullif(t, ''), a = nullif(a, ''), note = nullif(note, '');" \
    "select l.t, l.a, l.b$2 from l $1 order by l.rowid" | tr -d '\r'
}

@test "join: matched, unmatched and all rows are what SQL gives, whatever the blocks" {
  skip_without sqlite3
  for seed in 1 2; do
    make_tables "$seed"
    in_sql 'join r on l.t = r.t and l.a = r.a' >matched
    in_sql 'where not exists (select 1 from r where l.t = r.t and l.a = r.a)' >unmatched
    in_sql 'join r on l.t = r.t and l.a = r.a' ', r.price, r.note' >added
    in_sql 'left join r on l.t = r.t and l.a = r.a' ', r.price, r.note' >all
    [ -s matched ]
    [ -s unmatched ]
    if [ "$seed" = 1 ]; then sizes=('1 1' '3000 11'); else sizes=('7 3000' '64 64'); fi
    for blocks in "${sizes[@]}"; do
      # shellcheck disable=SC2086 # two words
      make_tables "$seed" $blocks
      for way in '' sorted-; do
        join_them() { sw-join -k t,a --with "${way}right.swr" "$@" "${way}left.swr" | sw-cut --no-header | tr -d '"'; }
        join_them | diff - <(tr -d '"' <matched)
        join_them --unmatched | diff - <(tr -d '"' <unmatched)
        join_them -c price,note | diff - <(tr -d '"' <added)
        join_them -c price,note --all --block-rows 100 | diff - <(tr -d '"' <all)
      done
    done
  done
}

@test "join: kept and rejected are together what was read, and --tally says so" {
  make_tables 3
  sw-join -k t,a --with right.swr --tally one -o kept.swr left.swr
  sw-join -k t,a --with right.swr --tally two --unmatched -o rest.swr left.swr
  sw-join -k t,a --with right.swr --tally three --all -o all.swr left.swr
  cat kept.swr rest.swr | sw-info --digest | diff - <(sw-info --digest left.swr)
  sw-info --digest all.swr | diff - <(sw-info --digest left.swr)
  kept=$(sw-filter --count kept.swr)
  [ "$(cat one)" = "3000	$kept	$((3000 - kept))	0" ]
  [ "$(cat two)" = "3000	$((3000 - kept))	$kept	0" ]
  [ "$(cat three)" = '3000	3000	0	0' ]
}

@test "join: pipes, standard input and several files; descending keys" {
  make_tables 4
  sw-join -k t,a --with right.swr -c note left.swr >wanted.swr
  sw-join -k t,a --with <(cat right.swr) -c note <left.swr | cmp - wanted.swr
  sw-join -k t,a --with - -c note left.swr <right.swr | cmp - wanted.swr
  sw-filter -e 'b < 0' left.swr >none.swr
  sw-join -k t,a --with right.swr -c note none.swr left.swr none.swr | sw-info --digest | diff - <(sw-info --digest wanted.swr)
  same "$(sw-join -k t,a --with right.swr none.swr | sw-info --digest)" "$(sw-info --digest none.swr)"
  sw-filter -e 'price < 0' right.swr >nobody.swr
  [ "$(sw-join -k t,a --with nobody.swr left.swr | sw-filter --count)" = 0 ]
  sw-join -k t,a --with nobody.swr --unmatched left.swr | sw-info --digest | diff - <(sw-info --digest left.swr)
  seq 9 -1 1 | sed '1ia' | sw-chunk -t left.schema >down.swr
  printf 'a,price\n8,1\n5,2\n0,3\n' | sw-chunk -t right.schema >few.swr
  sw-join -k a:desc --with few.swr -c price down.swr | sw-cut | diff - <(printf 'a,price\n8,1\n5,2\n')
}

@test "join: order, time and origin stay with the rows; the header says what made them" {
  sw-gen --rows 3000 --stdout orders >orders.csv
  { head -n 1 orders.csv; sed 1d orders.csv | sort -t, -k1,1n -s; } | sw-chunk >orders.swr
  sw-agg -g order_id -a 'n=count(),first=min(timestamp)' -f swr orders.swr | sw-filter -e 'n >= 2' >again.swr
  sw-join -k order_id --with again.swr -c n,first orders.swr >joined.swr
  sw-info joined.swr | grep -q '^time  *timestamp$'
  sw-info joined.swr | grep -q 'sw-join .*--keys=order_id'
  run sw-info joined.swr
  [[ $output != *again.swr* ]]
  awk -F, 'NR == FNR { n[$1]++; next } FNR > 1 && n[$1] >= 2 { print $1 "," $12 "," n[$1] }' \
    <(sed 1d orders.csv) <(sw-cut orders.swr) | diff - <(sw-cut --no-header -c order_id,sequence,n joined.swr)
}

@test "join: streams that say they are sorted are held to it; keys that stand twice are 1, and named" {
  printf 'table left\ncolumn a int\ncolumn b int\n' >two.schema
  sorted() { printf "a,b\n%b" "$1" | sw-chunk -t two.schema | sw-sort -k a; }
  { sorted '1,1\n3,2\n'; sorted '2,3\n'; } >wrong.swr
  sorted '1,1\n2,2\n3,3\n3,4\n' >twice.swr
  sorted '1,1\n2,2\n9,3\n' >right.swr
  expect_status 1 sw-join -k a --with right.swr -o out.swr wrong.swr
  [ "$output" = 'sw-join: wrong.swr: row 3: not sorted by a: a 2 comes after 3' ]
  expect_status 1 sw-join -k a --with wrong.swr -o out.swr right.swr
  [ "$output" = 'sw-join: wrong.swr: row 3: not sorted by a: a 2 comes after 3' ]
  sw-cut twice.swr >twice.csv
  for twice in twice.swr twice.csv; do
    expect_status 1 sw-join -k a --with $twice -o out.swr right.swr
    [ "$output" = "sw-join: $twice: row 4: the key a 3 stands twice" ]
  done
  sw-filter --block-rows 3 twice.swr >blocks.swr
  expect_status 1 sw-join -k a --with blocks.swr -o out.swr right.swr
  [ "$output" = 'sw-join: blocks.swr: row 4: the key a 3 stands twice' ]
  sw-chunk -t two.schema --block-rows 3 twice.csv >blocks.swr
  expect_status 1 sw-join -k a --with blocks.swr -o out.swr right.swr
  [ "$output" = 'sw-join: blocks.swr: row 4: the key a 3 stands twice' ]
  [ ! -e out.swr ]
  sw-join -k a --with right.swr twice.swr | sw-cut -c b | diff - <(printf 'b\n1\n2\n')
  printf 'a,b\n3,1\n1,2\n2,3\n1,4\n' | sw-chunk -t two.schema | sw-join -k a --with right.swr | sw-cut -c b | diff - <(printf 'b\n2\n3\n4\n')
}

@test "join: CSV on either side is what its records are: files, pipes, any schema or none, in any order" {
  sw-gen --rows 4000 --securities 6 --seed 5 --stdout orders >orders.csv
  sw-chunk orders.csv >orders.swr
  printf 'code,name,sector\r\n150216,"Coal, & Co",Mining\r\n110621,Bank,Finance\r\n118540,Gold,Mining\r\n1,Nobody,None\r\n' >names.csv
  python3 - >wanted <<'PY'
import csv
names = {row["code"]: row for row in csv.DictReader(open("names.csv"))}
for row in csv.DictReader(open("orders.csv")):
    if row["security_code"] in names:
        print(row["order_id"], row["timestamp"], names[row["security_code"]]["sector"], names[row["security_code"]]["name"].replace(", ", "|"))
PY
  [ "$(wc -l <wanted)" -gt 1000 ]
  join_names() { sw-join -k security_code=code --with names.csv -c sector,title=name "$@" | sw-cut --no-header -c order_id,timestamp,sector,title | sed 's/"//g; s/, /|/' | tr , ' '; }
  join_names orders.csv | diff - wanted
  join_names orders.swr | diff - wanted
  join_names <orders.csv | diff - wanted
  join_names - <orders.swr | diff - wanted
  join_names -t orders <(cat orders.csv) | diff - wanted
  sw-join -k security_code=code --with - -c sector orders.csv <names.csv | sw-info --digest >one
  sw-sort -k timestamp:desc orders.swr | sw-join -k security_code=code --with names.csv -c sector | sw-info --digest | diff - one
  # neither header fits a schema: all is text
  sw-agg -g security_code -a 'n=count()' orders.swr | sw-join -k security_code=code --all --with names.csv -c name | sw-cut >all
  same "$(sed -n '/^118540/p' all)" "118540,$(sw-filter -s 118540 --count orders.swr),Gold"
  same "$(grep -c ',$' all)" 3
  # a derived key, and one that the other side has as text
  printf 'day,event\n%s,first\n' "$(sw-cut -c date --no-header orders.swr | head -n 1)" >events.csv
  same "$(sw-join -k date=day --with events.csv -c event orders.csv | sw-filter --count)" \
    "$(sw-filter -d "$(sw-cut -c date --no-header orders.swr | head -n 1)" --count orders.swr)"
  expect_status 1 sw-join -k security_code=code --with <(printf 'code,name\n11x,A\n') -c name -o out.swr orders.csv
  [[ $output == *':2: code: not a whole number: '*11x* ]]
  expect_status 1 sw-join -k timestamp --with orders.csv -o out.swr <(printf x; tail -c +2 orders.swr)
  [[ $output == *': neither a record stream nor text' ]]
  expect_status 2 sw-join -k security_code --with names.csv -o out.swr orders.csv
  [ "$output" = "sw-join: names.csv: --keys: no such column: 'security_code'" ]
  [ ! -e out.swr ]
}

@test "join: a truncated stream on either side is 1, also where no row of it is wanted" {
  make_tables 5
  for way in '' sorted-; do
    head -c $(($(stat -c %s "${way}right.swr") - 40)) "${way}right.swr" >cut.swr
    sw-filter -e 'b < 0' "${way}left.swr" >none.swr
    expect_status 1 sw-join -k t,a --with cut.swr -o out.swr none.swr
    [[ $output == 'sw-join: cut.swr: ended early after '* ]]
    head -c $(($(stat -c %s "${way}left.swr") - 40)) "${way}left.swr" >cut.swr
    expect_status 1 sw-join -k t,a --with "${way}right.swr" -o out.swr cut.swr
    [[ $output == 'sw-join: cut.swr: ended early after '* ]]
    [ ! -e out.swr ]
  done
}

@test "join: what cannot be joined is refused" {
  make_tables 6
  expect_status 2 sw-join --with right.swr left.swr
  expect_status 2 sw-join -k t left.swr
  expect_status 2 sw-join -k nothing --with right.swr left.swr
  [ "$output" = "sw-join: left.swr: --keys: no such column: 'nothing'" ]
  expect_status 2 sw-join -k t,b --with right.swr left.swr
  [ "$output" = "sw-join: right.swr: --keys: no such column: 'b'" ]
  expect_status 2 sw-join -k t,a --with right.swr -c t -o out.swr left.swr
  [ "$output" = "sw-join: --columns: t: the rows of left.swr have a column 't'" ]
  expect_status 2 sw-join -k t,a --with right.swr -c nothing left.swr
  [[ $output == *nothing* ]]
  expect_status 2 sw-join -k t,a --with right.swr -c note --unmatched left.swr
  expect_status 2 sw-join -k t,a --with right.swr --all --unmatched left.swr
  expect_status 2 sw-join -k t,a --with - - <left.swr
  expect_status 2 sw-join -k t,a --with - <left.swr
  expect_status 2 sw-join -k t,a --with right.swr -o right.swr left.swr
  expect_status 2 sw-join -k t,a --with right.swr -o left.swr left.swr
  expect_status 2 sw-join -k t,a --with right.swr --tally right.swr left.swr
  printf 'a\n1\n' | sw-chunk -t <(printf 'table other\ncolumn a decimal:2\n') >other.swr
  expect_status 1 sw-join -k a --with other.swr -o out.swr <(printf 'a\n1\n' | sw-chunk -t left.schema)
  [[ $output == *': a: int, but decimal:2 in other.swr' ]]
}
