#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-study, against the programs that it stands for; and analyse with more securities than it has jobs: ranges of them.
# bats file_tags=plain

load helper

# Forty securities, a few of them large; the streams that an analysis makes of them, and their analysis.
setup_file() {
  export DATA="$BATS_FILE_TMPDIR/data"
  mkdir "$DATA"
  cd "$DATA" || return
  sw-gen --rows 4000 --securities 40 --days 2 --participants 8 --seed 5 -o .
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence --last-resort -o orders.swr
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp -o trades.swr
  sw-chunk nbbo.csv | sw-sort -k security_code,timestamp -o nbbo.swr
  sw-study --trades trades.swr --nbbo nbbo.swr -a 'paid=sum(traded_value)' -o study orders.swr
  analyse -j 2 --trades trades.csv --nbbo nbbo.csv -o whole orders.csv 2>whole.log
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
}

# jobs_of OUT: of its securities, in the last run.
jobs_of() {
  wc -l <"$1/run/securities/jobs"
}

same_results() {
  diff -r "$1/by_security" "$2/by_security" || return
  diff -r "$1/aggregated" "$2/aggregated"
}

@test "study: the bytes of the programs that it stands for" {
  sw-classify --trades "$DATA/trades.swr" -o classified.swr "$DATA/orders.swr" 2>/dev/null
  sw-simulate --nbbo "$DATA/nbbo.swr" --per-order per_order.swr -o simulation.swr classified.swr 2>/dev/null
  for table in classified simulation; do
    sw-split -k security_code,date -f csv -o "split/SEC_{security_code}/{date}/$table.csv.gz" "$table.swr"
  done
  sw-join -k security_code,order_id --with classified.swr -c date "$DATA/orders.swr" |
    sw-split -k security_code,date -f csv -c "$(head -n 1 "$DATA/orders.csv")" -o 'split/SEC_{security_code}/{date}/orders.csv.gz'
  cp -r "$DATA/study/by_security" files
  gzip -dr split files
  (cd split && find . -type f -print0 | sort -z | xargs -0 md5sum) >wanted
  (cd files && md5sum -c --quiet ../wanted)
  [ "$(wc -l <wanted)" -gt 150 ]
  cmp <(sw-cut per_order.swr) <(sw-cut "$DATA/study/orders.swr")
  sw-simulate --summary -o wanted.csv simulation.swr 2>doubts
  sw-simulate --summary "$DATA/study/simulation_sums.swr" 2>ours | cmp - wanted.csv
  diff doubts ours
  sw-simulate --summary --scenarios C simulation.swr 2>/dev/null | cmp - <(sw-simulate --summary --scenarios C "$DATA/study/simulation_sums.swr" 2>/dev/null)
  expect_status 2 sw-simulate --summary --amended include "$DATA/study/simulation_sums.swr"
  [[ $output == *'another choice of --amended'* ]]
  sw-agg --reports all -a 'paid=sum(traded_value)' -o reports per_order.swr
  sw-agg --merge --reports all -o merged "$DATA/study/partial.swr"
  diff -r reports merged
  # Metrics: those of all dates, a security and date at a time; a date without a simulated order has a header.
  sw-metrics -g security_code,date classified.swr | awk -F, 'NR > 1 { print $1 "/" $2 > "dates" } { sub(/^[^,]*,[^,]*,/, ""); print > "metrics" }'
  { head -n 1 metrics
    uniq dates | while IFS=/ read -r code date; do tail -n +2 "$DATA/study/by_security/SEC_$code/$date/metrics.csv"; done; } | cmp - metrics
  same "$(find "$DATA/study/by_security" -name 'simulation.csv.gz' | wc -l)" "$(uniq dates | wc -l)"
}

@test "study: what was counted of each security is what the programs count" {
  for code in $(tail -n +2 "$DATA/study/tally" | cut -f 1 | sed -n '1p;7p;$p'); do
    for table in orders trades nbbo; do sw-filter -s "$code" -o "$table.swr" "$DATA/$table.swr"; done
    sw-classify --trades trades.swr --tally classify -o classified.swr orders.swr 2>/dev/null
    sw-simulate --nbbo nbbo.swr --tally simulate -o simulation.swr classified.swr 2>/dev/null
    awk -F '\t' -v code="$code" 'NR == 1 { split($0, name); next } $1 == code { for (i = 2; i <= NF; i++) print name[i] "\t" $i }' "$DATA/study/tally" >counted
    cat classify simulate | sort >wanted
    grep -Ff <(cut -f 1 wanted | sed 's/$/\t/') counted | sort | diff wanted -
    grep -qx "selected	$(sw-filter --count classified.swr)" counted
  done
}

@test "study: selectors choose events, then orders" {
  sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -p 1,2,3 -H 11-13 -e 'side == 1' --no-orders -o out "$DATA/orders.swr"
  sw-classify --trades "$DATA/trades.swr" <(sw-filter -p 1,2,3 "$DATA/orders.swr") 2>/dev/null | sw-filter -H 11-13 -e 'side == 1' -o wanted.swr
  [ "$(sw-filter --count wanted.swr)" -gt 10 ]
  cmp <(sw-cut wanted.swr) <(sw-cut -c "$(sw-cut wanted.swr | head -n 1)" out/orders.swr)
  [ -z "$(find out -name 'orders.csv*')" ]
}

@test "study: files of any format hold the same rows" {
  code=$(tail -n +2 "$DATA/study/tally" | sort -t $'\t' -k 18,18nr | head -n 1 | cut -f 1)
  for format in csv parquet arrow swr; do
    sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -s "$code" -f "$format" -o "$format" "$DATA/orders.swr"
    same "$(cd "$format/by_security" && find . -name "*.$format" | sort | sed "s/$format\$/csv.gz/" | grep -v metrics)" \
      "$(cd "$DATA/study/by_security" && find "./SEC_$code" -name '*.gz' | sort)"
  done
  while IFS= read -r file; do
    gzip -dc "$DATA/study/by_security/$file.csv.gz" >text
    cmp text "csv/by_security/$file.csv"
    cmp text <(sw-cut "swr/by_security/$file.swr")
    sw-cut -f arrow -o again.arrow "swr/by_security/$file.swr"
    cmp again.arrow "arrow/by_security/$file.arrow"
    sw-cut -f parquet -o again.parquet "swr/by_security/$file.swr"
    cmp again.parquet "parquet/by_security/$file.parquet"
  done < <(cd swr/by_security && find . -name '*.swr' | sed 's/\.swr$//')
  expect_status 2 sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -f xlsx -o no "$DATA/orders.swr"
}

@test "study: without files of orders all else is as with them" {
  sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -a 'paid=sum(traded_value)' -f none -o none "$DATA/orders.swr"
  cmp none/tally "$DATA/study/tally"
  for table in orders simulation_sums partial; do cmp <(sw-cut "none/$table.swr") <(sw-cut "$DATA/study/$table.swr"); done
  # Of the costs only what the reports over them read.
  sw-cut none/tca.swr >reported
  sw-cut -c "$(head -n 1 reported)" "$DATA/study/tca.swr" | cmp - reported
  [[ $(head -n 1 reported) == security_code,arrival,order_quantity,*,shortfall_bps ]]
  same "$(find none -type f | wc -l)" 5
  expect_status 2 sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -f none -c price -o no "$DATA/orders.swr"
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -f none -o out "$DATA/orders.csv" 2>/dev/null
  diff -r out/aggregated "$DATA/whole/aggregated"
  [ -z "$(find out/by_security -type f)" ]
  run analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -f none -o out "$DATA/orders.csv"
  [[ $output == *'is up to date'* ]]
}

# without_costs OUT FOLDER: that OUT is the whole analysis but for what orders cost.
without_costs() {
  [ -z "$(find "$1/by_security" "$1/aggregated" -name '*tca*')" ] || return
  same "$(diff -r "$1/aggregated" "$2/aggregated" || :)" "Only in $2/aggregated: tca" || return
  diff -r "$1/by_security" "$2/by_security" -x tca.csv.gz
}

@test "study: without costs all else is as with them, and neither passes for the other" {
  sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -a 'paid=sum(traded_value)' --no-costs -o none "$DATA/orders.swr"
  cmp none/tally "$DATA/study/tally"
  for table in orders simulation_sums partial; do cmp <(sw-cut "none/$table.swr") <(sw-cut "$DATA/study/$table.swr"); done
  diff -r none/by_security "$DATA/study/by_security" -x tca.csv.gz
  [ ! -e none/tca.swr ]
  expect_status 2 sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" --no-costs --sessions "$DATA/nbbo.swr" -o no "$DATA/orders.swr"
  arguments=(-j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv")
  analyse --no-costs "${arguments[@]}" 2>/dev/null
  without_costs out "$DATA/whole"
  run analyse --no-costs "${arguments[@]}"
  [[ $output == *'is up to date'* ]]
  analyse "${arguments[@]}" 2>/dev/null
  same_results out "$DATA/whole"
  # A configuration may have sessions for a match; the parts stay as they are.
  printf 'security_code,timestamp,session\n' >sessions.csv
  printf 'costs = no\nsessions = sessions.csv\n' >run.conf
  analyse -C run.conf "${arguments[@]}" 2>err
  grep -q -e '--sessions: of no use with --no-costs' err
  without_costs out "$DATA/whole"
  [ ! -s out/run/chunks/jobs ]
}

@test "study: of no orders at all the aggregates are those that were asked for" {
  arguments=(-j 1 -s 1 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv")
  analyse "${arguments[@]}" 2>/dev/null
  [ -s out/aggregated/tca/by_date.csv ]
  analyse --no-costs -g side "${arguments[@]}" 2>/dev/null
  [ ! -e out/aggregated/tca ]
  same "$(cut -d , -f 1,2 out/aggregated/groups.csv)" side,orders
  [ "$(wc -l <out/aggregated/by_date.csv)" -eq 1 ]
}

# rows_of TABLE FOLDER…: of all such files below, sorted, without headers.
rows_of() {
  find "${@:2}" -name "$1.csv.gz" -exec sh -c 'for file; do gzip -dc "$file" | sed 1d; done' - {} + | sort
}

@test "study: tables hold the rows of the tree, by security and order" {
  sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" --tables -c "$(head -n 1 "$DATA/orders.csv")" -o out "$DATA/orders.swr"
  [ ! -e out/by_security ]
  same "$(cd out/tables && echo *)" 'classified.csv.gz metrics.csv orders.csv.gz simulation.csv.gz tca.csv.gz'
  for table in classified simulation tca orders; do
    rows_of "$table" out/tables >rows
    [ "$(wc -l <rows)" -gt 500 ]
    rows_of "$table" "$DATA/whole/by_security" | cmp - rows
  done
  gzip -dc out/tables/classified.csv.gz | sw-chunk -t classified | sw-sort -k security_code,order_id | sw-cut | cmp - <(gzip -dc out/tables/classified.csv.gz)
  # Metrics: those of the tree, with the security and the date in front.
  (cd "$DATA/whole/by_security" && for file in */*/metrics.csv; do
    date=${file#*/} && sed "1d; s|^|${file%%/*},${date%/*},|; s/^SEC_//" "$file"
  done) | sort >wanted
  sed 1d out/tables/metrics.csv | sort | cmp - wanted
  # In every format; records have an index, by which a security is found.
  for format in parquet arrow swr; do
    sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" --tables -f "$format" -o "$format" "$DATA/orders.swr"
    [ -s "$format/tables/tca.$format" ]
  done
  cmp <(sw-cut swr/tables/simulation.swr) <(gzip -dc out/tables/simulation.csv.gz)
  sw-cut -f parquet -o again.parquet swr/tables/classified.swr
  cmp again.parquet parquet/tables/classified.parquet
  code=$(tail -n 1 "$DATA/study/tally" | cut -f 1)
  [ "$(wc -c <swr/tables/orders.swr)" -gt 10000 ]
  sw-info -f json swr/tables/orders.swr | grep -q '"indexed":\["order_id","timestamp","security_code"'
  cmp <(sw-filter -s "$code" swr/tables/orders.swr | sw-cut) <(sw-cut swr/tables/orders.swr | awk -F, -v code="$code" 'NR == 1 || $3 == code')
  expect_status 2 sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" --tables -o out "$DATA/orders.swr"
  expect_status 2 sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" --tables -f none -o no "$DATA/orders.swr"
}

@test "study: a security that the memory does not hold has the same files" {
  sw-gen --rows 24000 --securities 3 --days 3 --seed 3 -o .
  sw-chunk orders.csv | sw-sort -k security_code,order_id,timestamp,sequence --last-resort -o orders.swr
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp -o trades.swr
  sw-chunk nbbo.csv | sw-sort -k security_code,timestamp -o nbbo.swr
  for format in csv parquet; do
    sw-study --trades trades.swr --nbbo nbbo.swr -f "$format" -o "$format" orders.swr
    sw-study -S 1M -T . --trades trades.swr --nbbo nbbo.swr -f "$format" -o "$format.little" orders.swr
    diff -r "$format" "$format.little"
  done
  same "$(find csv -name orders.csv | wc -l)" 9
}

# bats test_tags=check
@test "study: an analysis in tables goes on where rows come, and turns into a tree and back" {
  analysis() { analyse -j 2 --nbbo "$DATA/nbbo.csv" -o out "$@" "$DATA/orders.csv" 2>&1; }
  same_tables() {
    for table in classified simulation tca orders; do rows_of "$table" "$1" | cmp - <(rows_of "$table" "$DATA/whole/by_security") || return; done
    diff -r out/aggregated "$DATA/whole/aggregated" && cmp out/run/ledger_by_security.csv "$DATA/whole/run/ledger_by_security.csv"
  }
  # A security of a range, half of whose trades come later.
  code=$(tail -q -n +2 "$DATA"/whole/run/securities/results/*.to-*/tally | sort -t $'\t' -k 4,4nr | head -n 1 | cut -f 1)
  awk -F, -v code="$code" 'NR == 1 || $5 != code || n++ % 2 == 0' "$DATA/trades.csv" >most.csv
  awk -F, -v code="$code" 'NR == 1 || $5 == code && n++ % 2' "$DATA/trades.csv" >rest.csv
  analysis --tables --trades most.csv >log
  [ -z "$(find out/by_security -mindepth 2 -type d)" ]
  analysis --tables --trades most.csv --trades rest.csv >log
  # Its range was made again, and nobody else's.
  made=$(cut -f 2 out/run/securities/jobs)
  [[ ,${made//$'\n'/,}, == *",$code,"* ]]
  [ "$(jobs_of out)" -lt 4 ]
  same_tables out/by_security
  run analysis --tables --trades most.csv --trades rest.csv
  [[ $output == *'is up to date'* ]]
  # The run's own account knows what was filled.
  python3 -c 'import json; jobs = json.load(open("out/run/metrics.json"))["job_metrics"].items()
assert all(job["fill_ratio"] is not None and 0 < job["fill_ratio"] <= 1 and job["output_files"] for name, job in jobs if name.startswith("securities/")), jobs'
  # A file that is gone, or is another one, takes its job along.
  file=$(find out/by_security -name tca.csv.gz | sort | sed -n 2p)
  echo >>"$file"
  analysis --tables --trades most.csv --trades rest.csv >log
  same_tables out/by_security
  analysis --trades most.csv --trades rest.csv >log
  diff -r out/by_security "$DATA/whole/by_security"
  analysis --tables --trades most.csv --trades rest.csv >log
  [ -z "$(find out/by_security -mindepth 2 -type d)" ]
  same_tables out/by_security
  expect_status 2 analysis --tables -f none --trades most.csv
}

@test "study: what is there already stays, and is refused" {
  mkdir -p out/by_security
  expect_status 2 sw-study --trades "$DATA/trades.swr" --nbbo "$DATA/nbbo.swr" -o out "$DATA/orders.swr"
  [[ $output == *'out/by_security: is there already'* ]]
  [ -z "$(find out -type f)" ]
}

@test "study: many securities are ranges of some, with the same results" {
  [ "$(jobs_of "$DATA/whole")" -ge 5 ] && [ "$(jobs_of "$DATA/whole")" -lt 40 ]
  same "$(wc -l <"$DATA/whole/run/ledger_by_security.csv")" 42
  diff -r "$DATA/study/by_security" "$DATA/whole/by_security"
  cd "$DATA"
  run analyse -j 1 --trades trades.csv --nbbo nbbo.csv -o whole orders.csv
  [ "$status" -eq 0 ]
  [[ $output == *'is up to date'* ]]
}

@test "study: of a range only the securities with new rows are made again" {
  # Of those that are in a range, one that has the most executed orders.
  code=$(tail -q -n +2 "$DATA"/whole/run/securities/results/*.to-*/tally | sort -t $'\t' -k 4,4nr | head -n 1 | cut -f 1)
  # Half of its trades come later.
  awk -F, -v code="$code" 'NR == 1 || $5 != code || n++ % 2 == 0' "$DATA/trades.csv" >most.csv
  awk -F, -v code="$code" 'NR == 1 || $5 == code && n++ % 2' "$DATA/trades.csv" >rest.csv
  analyse -j 2 --trades most.csv --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  analyse -j 2 --trades most.csv --trades rest.csv --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  same "$(cut -f 2 out/run/securities/jobs)" "$code"
  same_results "$DATA/whole" out
  # And where some of the results of one are gone.
  rm -r "out/by_security/SEC_$(sed -n 20p "$DATA/study/tally" | cut -f 1)"
  analyse -j 2 --trades most.csv --trades rest.csv --nbbo "$DATA/nbbo.csv" -o out "$DATA/orders.csv" 2>/dev/null
  same "$(jobs_of out)" 1
  same_results "$DATA/whole" out
}

@test "study: a security that fails does not take its range along" {
  code=$(tail -q -n +2 "$DATA"/whole/run/securities/results/*.to-*/tally | sed -n 4p | cut -f 1)
  # The last event of its first order is of the other side.
  awk -F, -v OFS=, -v code="$code" 'NR > 1 && $3 == code { if (!id) id = $1; if ($1 == id && n++) $5 = 3 - $5 } { print }' "$DATA/orders.csv" >wrong.csv
  run analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out wrong.csv
  [ "$status" -eq 1 ]
  [[ $output == *"security $code failed"* && $output == *'1 of 40 securities failed; the others are done'* ]]
  [ ! -e out/aggregated/metrics.csv ]
  for folder in "$DATA"/whole/by_security/*; do
    folder=${folder##*/}
    [ "$folder" = "SEC_$code" ] || diff -r "$DATA/whole/by_security/$folder" "out/by_security/$folder"
  done
  run analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o out wrong.csv
  [ "$status" -eq 1 ]
  same "$(cut -f 2 out/run/securities/jobs)" "$code"
}

@test "study: groups of one's own, and no copies of events" {
  analyse -j 2 --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -g side,hour -f swr --no-orders -o out "$DATA/orders.csv" 2>/dev/null
  diff -r -x groups.csv -x aggregation_summary.json "$DATA/whole/aggregated" out/aggregated
  same "$(sw-agg -g side,hour -a 'orders=count()' "$DATA/study/orders.swr")" "$(cut -d, -f 1-3 out/aggregated/groups.csv)"
  [ -z "$(find out/by_security -name 'orders*')" ]
  for wrong in '-g nothing' '-f table' '-f tsv'; do
    # shellcheck disable=SC2086
    expect_status 2 analyse $wrong --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o no "$DATA/orders.csv"
  done
}
