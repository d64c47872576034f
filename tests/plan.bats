#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-plan: what a run has to know of its inputs.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  sw-gen --rows 3000 --securities 5 --days 2 --seed 3 -o . >/dev/null
  sw-chunk --block-rows 300 orders.csv >orders.swr
  gzip -kn orders.csv
}

# field NUMBER WORD…: that field of what sw-plan prints in lines about the first word.
field() {
  local number=$1 about=$2
  shift 2
  sw-plan "$@" | awk -F '\t' -v about="$about" -v number="$number" '$1 == about { print $number }'
}

identity() {
  field 3 identity --identities "$@"
}

@test "plan: kind, size, table and header of each input" {
  for file in orders.csv orders.csv.gz orders.swr trades.csv nbbo.csv; do
    line=$(sw-plan -j 2 "$file" | grep ^input)
    [ "$(cut -f 2 <<<"$line")" = 0 ]
    same "$(cut -f 4 <<<"$line")" "$(wc -c <"$file")"
    case $file in *.swr) stream=(cat) kind=stream ;; *.gz) stream=(sw-chunk) kind=gzip ;; *) stream=(sw-chunk) kind=csv ;; esac
    same "$(cut -f 3 <<<"$line")" "$kind"
    same "$(cut -f 8 <<<"$line")" "$("${stream[@]}" "$file" | sw-cut | head -n 1)"
    same "$(cut -f 5 <<<"$line")" "$("${stream[@]}" "$file" | sw-info -f json | sed 's/^{"table":"\([^"]*\).*/\1/')"
  done
}

@test "plan: the columns asked for are the header, derived ones too, odd names in one line" {
  same "$(field 8 input -c value,order_id,date orders.csv.gz)" value,order_id,date
  printf 'order_id,timestamp,security_code,price,side,quantity,leavesquantity,exchangeordertype,participantid,totalmatchedquantity,"a\\\t,b"\n' >odd.csv
  header=$(field 8 input odd.csv)
  same "$(printf '%b\n' "$header")" "$(sw-chunk odd.csv | sw-cut | head -n 1)"
}

@test "plan: chunks are those of sw-chunk and sw-info, and make the whole" {
  same "$(sw-plan -b 20K orders.csv | grep ^chunk | cut -f 3-)" "$(sw-chunk --plan -b 20K orders.csv)"
  same "$(sw-plan -b 20K --exact orders.csv | grep ^chunk | cut -f 3-)" "$(sw-chunk --plan -b 20K --exact orders.csv)"
  same "$(sw-plan -b 9K orders.csv orders.swr | grep ^chunk.1 | cut -f 3-)" "$(sw-info --plan -b 9K orders.swr)"
  [ "$(field 3 chunk -b 9K orders.swr | wc -l)" -gt 3 ]
  same "$(field 4 chunk orders.csv.gz)" 0
  for workers in 1 2 7; do
    same "$(field 2 workers -j $workers orders.csv)" $workers
    same "$(field 4 chunk -j $workers orders.csv)" "$(head -n 1 orders.csv | wc -c)"
  done
}

@test "plan: a large input has as many chunks as workers, or a multiple" {
  head -n 1 orders.csv >large.csv
  for _ in {1..300}; do tail -n +2 orders.csv; done >>large.csv
  for workers in 1 2 3 4; do
    [ "$(field 3 chunk -j $workers large.csv | wc -l)" -eq $workers ]
  done
  same "$(field 2 bytes orders.csv large.csv orders.swr)" "$(cat orders.csv large.csv orders.swr | wc -c)"
}

@test "plan: of many files each is one chunk, unless it is a large one" {
  local i copies=()
  chunks_of() { sw-plan -j 2 --largest 4G "$@" | awk '$1 == "chunk" { n[$2]++ } END { for (i = 0; i in n; i++) printf "%s%d", i ? " " : "", n[i] }'; }
  sw-gen --rows 60000 --stdout orders | sw-chunk -o 1.swr
  for i in 2 3 4 5 6 7 8; do ln 1.swr "$i.swr"; done
  while [ "$(cat 1.swr "${copies[@]}" | wc -c)" -lt $((65 << 20)) ]; do copies+=(1.swr); done
  cat "${copies[@]}" 1.swr >large.swr
  same "$(chunks_of [1-7].swr)" '2 2 2 2 2 2 2'
  same "$(chunks_of [1-8].swr)" '1 1 1 1 1 1 1 1'
  same "$(chunks_of large.swr [2-8].swr)" '2 1 1 1 1 1 1 1'
  same "$(chunks_of large.swr)" '2'
  # what they are asked for in is what they get
  same "$(chunks_of -b 1M [1-8].swr)" "$(chunks_of -b 1M [1-7].swr) $(chunks_of -b 1M 8.swr)"
}

@test "plan: an index leaves chunks out, and their rows are counted" {
  sort -t , -k 3,3n -s orders.csv >sorted.csv
  sw-chunk --index -b 4K sorted.csv
  code=$(sed -n 2p sorted.csv | cut -d , -f 3)
  sw-plan -s "$code" sorted.csv >plan
  sw-chunk --plan -s "$code" --tally tally sorted.csv >/dev/null
  left=$(awk '$1 == "left-out" { print $3 }' plan)
  same "$left" "$(cut -f 1 tally)"
  [ "$left" -gt 1000 ]
  [ -z "$(field 3 left-out sorted.csv)" ]
}

@test "plan: an identity is of the file's name, size, time, ends, and of the options" {
  base=$(identity orders.csv)
  [[ $base =~ ^[0-9a-f]{32}$ ]]
  same "$(identity -j 5 "$PWD/../${PWD##*/}/orders.csv")" "$base"
  same "$(field 6 input orders.csv)" "$base"
  ln -s orders.csv link.csv
  same "$(identity link.csv)" "$base"
  {
    echo "$base"
    identity --verify-inputs orders.csv
    identity --key a orders.csv
    identity --key ' ' orders.csv
    identity -s 1 orders.csv
    identity -p 1 orders.csv
    identity -d 2024-09-05 orders.csv
    identity -H 10 orders.csv
    identity --times 10:00-11:00 orders.csv
    identity -q 1 orders.csv
    identity -e 'side == 1' orders.csv
    identity -c side orders.csv
    identity -t orders orders.csv
    identity --tz +00:00 orders.csv
    identity --sizes 1,2 orders.csv
    identity -b 1M orders.csv
    identity --exact orders.csv
    touch -d @1700000000.000000001 orders.csv && identity orders.csv
    touch -d @1700000000.000000002 orders.csv && identity orders.csv
    cp orders.csv same.csv && touch -r orders.csv same.csv && identity same.csv
  } >identities
  [ "$(sort -u identities | wc -l)" -eq 20 ]
}

@test "plan: --known refuses files that are not what a list has, from a line of it on" {
  local still=(sw-plan --identities --key k --known list)
  cp orders.csv one.csv && cp trades.csv two.csv
  { printf 'x\ty\n\n'; sw-plan --identities --key k one.csv two.csv; } >list
  silent "${still[@]}" --from 2 one.csv two.csv
  silent "${still[@]}" --from 3 two.csv
  for from in 0 1 3 4 9; do
    expect_status 1 "${still[@]}" --from $from --pipeline analyse one.csv two.csv
    same "$output" 'analyse: one.csv: changed while it was read; the next run reads it again'
  done
  expect_status 1 sw-plan --identities --key other --known list --from 2 one.csv two.csv
  sed -n 2p trades.csv >>two.csv
  expect_status 1 "${still[@]}" --from 2 one.csv two.csv
  same "$output" 'sw-plan: two.csv: changed while it was read; the next run reads it again'
  expect_status 3 "${still[@]}" --from 2 one.csv gone.csv
  expect_status 3 sw-plan --identities --known gone one.csv
  expect_status 2 sw-plan --known list one.csv
}

@test "plan: contents of lists and schemas count, not their names" {
  echo 7 >one
  echo 7 >two
  echo 8 >three
  same "$(identity -s @one orders.csv)" "$(identity -s @two orders.csv)"
  [ "$(identity -s @one orders.csv)" != "$(identity -s @three orders.csv)" ]
  cp "$TREE/share/schemas/orders.schema" my.schema
  before=$(identity -t my.schema orders.csv)
  same "$(identity -t my.schema orders.csv)" "$before"
  echo '# another' >>my.schema
  [ "$(identity -t my.schema orders.csv)" != "$before" ]
}

@test "plan: a byte in the middle shows in the whole file's identity alone" {
  cp orders.csv once.csv
  for _ in 1 2 3; do tail -n +2 once.csv; done >>orders.csv
  touch -d @1700000000 orders.csv
  ends=$(identity orders.csv) whole=$(identity --verify-inputs orders.csv)
  printf x | dd of=orders.csv bs=1 seek=400000 conv=notrunc status=none
  touch -d @1700000000 orders.csv
  same "$(identity orders.csv)" "$ends"
  [ "$(identity --verify-inputs orders.csv)" != "$whole" ]
  printf x | dd of=orders.csv bs=1 seek=30000 conv=notrunc status=none
  touch -d @1700000000 orders.csv
  [ "$(identity orders.csv)" != "$ends" ]
}

@test "plan: what is wrong with a selector, a column, a file" {
  for file in orders.csv orders.csv.gz orders.swr; do
    expect_status 2 sw-plan -c nowhere $file
    [[ $output == *nowhere* ]]
    expect_status 2 sw-plan --headers -e 'side == 1 && nowhere == 2' $file
    [[ $output == *"sw-plan: side == 1 && nowhere == 2"*"^"* ]]
    expect_status 2 sw-plan -H 25 $file
    expect_status 2 sw-plan --tz Nowhere/Town $file
    expect_status 2 sw-plan --sizes 2,1 $file
  done
  expect_status 2 sw-plan
  expect_status 2 sw-plan --headers --identities orders.csv
  expect_status 2 sw-plan -o orders.csv orders.csv
  expect_status 2 sw-plan -s @orders.csv -o orders.csv orders.swr
  expect_status 2 sw-plan <(cat orders.csv)
  expect_status 3 sw-plan missing.csv
  expect_status 3 sw-plan -s @missing orders.csv
  : >empty.csv
  expect_status 1 sw-plan empty.csv
  head -c 50000 orders.swr >short.swr
  expect_status 1 sw-plan short.swr
  [[ $output == *short.swr* ]]
}

# Both ways of SHA-256, in pieces of any size, against coreutils; a length at each side of a block's end.
@test "plan: digests are those of sha256sum, portable and with the CPU's own instructions" {
  digest=$(test_program sha256_test)
  for length in 0 1 55 56 63 64 65 119 120 128 1000 70001; do
    head -c $length orders.csv >part
    wanted=$(sha256sum <part | cut -d ' ' -f 1)
    for piece in 1 7 64 65536; do
      same "$("$digest" portable $piece <part)" "$wanted"
      same "$("$digest" best $piece <part)" "$wanted"
    done
  done
}

@test "plan: --common has the columns that all files have, of those asked for, in their order, and in the identity" {
  cut -d , -f 1-8,10- orders.csv >short.csv
  short=$(field 8 input short.csv)
  same "$(field 2 columns --common 'side,order_id,price,nothing,order_id' orders.csv)" side,order_id,price
  missing=$(field 8 input orders.csv | tr , '\n' | grep -vxF -f <(tr , '\n' <<<"$short"))
  same "$(field 2 columns --common "side,$missing,order_id" orders.csv short.csv)" side,order_id
  same "$(field 2 columns --common "side,$missing,order_id" orders.csv orders.swr)" "side,$missing,order_id"
  same "$(field 2 columns --common 'quantity,*' short.csv orders.csv.gz)" "quantity,$(tr , '\n' <<<"$short" | grep -vx quantity | paste -s -d ,)"
  same "$(field 8 input --common 'side,price' orders.csv | sort -u)" side,price
  # a file more that lacks one changes the identity of the others, another order of the list, too; what nobody has does not
  one=$(identity --common "side,$missing" orders.csv | head -n 1)
  [ "$one" != "$(identity --common "side,$missing" orders.csv short.csv | head -n 1)" ]
  [ "$one" != "$(identity --common "$missing,side" orders.csv)" ]
  same "$one" "$(identity --common "side,nothing,$missing" orders.csv)"
  silent field 2 columns --common nothing orders.csv
  expect_status 2 sw-plan --common side -c side orders.csv
}

@test "plan: --layout says by which schema and with which columns files are read as one table, or what they disagree on" {
  local header
  header=$(head -n 1 orders.csv)
  same "$(sw-plan --layout --need price,order_id --same-columns orders.csv orders.swr)" "header"$'\t'"$header"
  # in another order, the schema's decides, whichever comes first; what it does not know comes last, by name
  awk -F, -v OFS=, '{ $1 = $1 OFS (NR > 1 ? 1 : "zeta") OFS (NR > 1 ? 2 : "alpha") } 1' orders.csv >one.csv
  awk -F, -v OFS=, '{ for (i = NF; i > 1; i--) printf "%s,", $i; print $1 }' one.csv >other.csv
  tr , '\n' <<<"$header" >names
  awk '$1 == "column" { print $2 }' "$TREE/share/schemas/orders.schema" | grep -xF -f names >known
  { cat known; printf '%s\n' zeta alpha | cat names - | awk 'FNR == NR { known[$0]; next } !($0 in known)' known - | sort; } >wanted
  same "$(field 2 header --layout --same-columns other.csv one.csv)" "$(head -n 1 other.csv)"
  for files in 'one.csv other.csv' 'other.csv one.csv' 'one.csv one.csv other.csv'; do
    # shellcheck disable=SC2086 # several
    same "$(field 2 columns --layout --same-columns $files | tr , '\n')" "$(cat wanted)"
  done
  (echo 'column zeta int'; grep -v '^column price' "$TREE/share/schemas/orders.schema"; echo 'column price decimal') | sed '1{h;d};/^rows/G' >own.schema
  same "$(field 2 columns --layout --same-columns -t own.schema one.csv other.csv)" "zeta,$(grep -vx -e zeta -e price -e alpha wanted | paste -s -d ,),price,alpha"
  silent field 2 columns --layout --same-columns one.csv one.csv
  # what is wrong, in the words of the pipeline or of the program
  expect_status 1 sw-plan --layout --same-columns orders.csv one.csv
  same "$output" 'sw-plan: one.csv: has other columns than orders.csv'
  expect_status 1 sw-plan --layout --pipeline analyse --need price,zeta one.csv orders.csv
  same "$output" "analyse: orders.csv: no column 'zeta'"
  expect_status 1 sw-plan --layout --holds orders,trades --together zeta orders.csv one.csv
  same "$output" "sw-plan: some files of orders have a column 'zeta', others have none"
  silent field 2 columns --layout --together zeta one.csv one.csv
  silent field 2 columns --layout --together zeta orders.csv orders.swr
  expect_status 1 sw-plan --layout --pipeline analyse --holds trades orders.csv
  same "$output" 'sw-plan: orders.csv: holds orders, not trades'
  # columns that all have, and another schema, where the one named does not do and the header finds one of such rows
  same "$(field 2 columns --layout --common zeta,side,price one.csv orders.csv)" side,price
  echo Sequence,DealSource,ExecutionTimestamp,MatchGroupId,OrderBookId,OrderId,ParticipantId,Price,Quantity,Side >capitals.csv
  silent field 2 schema --layout --holds trades -t trades --need price --find trades,trade_sides trades.csv
  same "$(field 2 schema --layout --holds trades -t trades --need price,order_id --find trades,trade_sides capitals.csv)" trades-capitals
  expect_status 2 sw-plan --layout --holds trades -t trades --need price,order_id --find quotes capitals.csv
  same "$output" 'sw-plan: capitals.csv: the header has no column of schema trades'
  echo ts_recv,ts_event,action,bid_px_00,ask_px_00,instrument_id >several.csv
  expect_status 2 sw-plan --layout --holds nbbo -t nbbo --need bid,offer --find quotes several.csv
  same "$output" 'sw-plan: several.csv: the header fits several schemas (databento-mbp1-pretty, databento-mbp1); see --nbbo-schema'
  expect_status 2 sw-plan --need price orders.csv
  expect_status 2 sw-plan --layout --headers orders.csv
}

@test "plan: --lines-with finds words in text files, packed or not, and the first lines alone" {
  local id other
  id=$(cut -d , -f 1 orders.csv | sort | uniq -c | sort -rn | awk 'NR == 1 && $1 > 5 { print $2 }')
  other=$(awk -F , 'END { print $1 }' orders.csv)
  printf '%s' "$(cat orders.csv)" >cut.csv # without its last newline
  sw-chunk orders.csv | sw-cut -o orders.parquet
  for word in "$id" "$other"; do
    for file in orders.csv orders.csv.gz cut.csv trades.csv; do
      zcat -f "$file" | grep -nF -m 5 -e "$word" | sed "s/^/analyse: $file:/" || :
    done
  done >wanted
  sw-plan --lines-with "$id,$other" --pipeline analyse orders.csv orders.swr orders.parquet orders.csv.gz cut.csv trades.csv >found
  diff wanted found
  [ "$(grep -c "^analyse: orders.csv:.*$id" found)" = 5 ]
  head -c 3000 orders.csv.gz >half.csv.gz # what cannot be read is passed over
  same "$(sw-plan --lines-with order_id half.csv.gz missing orders.csv)" "sw-plan: orders.csv:1:$(head -n 1 orders.csv)"
  silent sw-plan --lines-with nowhere orders.csv
  expect_status 2 sw-plan --lines-with x --headers orders.csv
}

@test "plan: --holds refuses what a header tells to be another table, whatever it is to be read by" {
  sw-plan --headers --holds orders orders.csv orders.csv.gz orders.swr >said
  sw-plan --headers --holds nbbo,orders orders.csv nbbo.csv >said
  for file in orders.csv orders.csv.gz orders.swr; do
    expect_status 1 sw-plan --headers --holds trades "$file"
    same "$output" "sw-plan: $file: holds orders, not trades"
  done
  expect_status 1 sw-plan --headers --holds nbbo,orders -t nbbo trades.csv
  same "$output" 'sw-plan: trades.csv: holds trades, not nbbo'
  # a schema of one's own says what a file holds
  cp "$TREE/share/schemas/trades.schema" own.schema
  sw-plan --headers --holds orders -t own.schema trades.csv >said
}

@test "plan: --open makes the folder of a run when all is known, and no sooner" {
  open_run() { sw-plan --open "$PWD/out.run" --of out --kind extract --pipeline extract "$@"; }
  expect_status 2 open_run -c nothing orders.csv
  expect_status 3 open_run gone.csv
  [ ! -e out.run ]
  same "$(umask 027 && open_run --mask 0077 orders.csv)" "$(sw-plan orders.csv)"
  same "$(stat -c %a out.run)" 700
  open_run orders.csv >/dev/null
  echo report >out.run/kind
  expect_status 2 open_run orders.csv
  same "$(open_run orders.csv 2>&1 >/dev/null || :)" 'extract: out: has the results of report; give extract another output'
  expect_status 2 sw-plan --open "$PWD/another" orders.csv
  expect_status 2 open_run --mask x orders.csv
  [ ! -e another ]
}

@test "plan: the folders of a run are made where the first file has what it is to be opened with" {
  printf 'order_id,timestamp,price\n1,2,3\n' >one.csv
  printf 'order_id,timestamp\n1,2\n' >two.csv
  opening=(--open out/of/it/run --of out/of/it --make-output --kind report)
  sw-plan "${opening[@]}" --open-with order_id,price two.csv one.csv >/dev/null
  [ ! -e out ]
  expect_status 3 sw-plan "${opening[@]}" --open-with order_id,price one.csv none.csv
  [ ! -e out ]
  sw-plan "${opening[@]}" --open-with order_id,price one.csv two.csv >/dev/null
  [ -d out/of/it/run ]
  expect_status 2 sw-plan --open-with price one.csv
}
