#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# sw-ledger chunks, deliver, shares and folded: the parts of a run, planned and put together, against sw-plan, cksum(1) and awk.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir -p run
  sw-gen --rows 3000 --seed 4 --stdout orders >one.csv
  sw-gen --rows 2000 --seed 5 --stdout orders >two.csv
}

# The chunks of both files.
plan() {
  { printf 'table\trows\t0\n' && sw-plan --workers 2 --chunk-size 64K one.csv two.csv; } |
    sw-ledger chunks --ending rows -- "$PWD/run" "$PWD/run"
}

# make_parts: what jobs would have made of all chunks, with a seal of each.
make_parts() {
  local input offset length part
  while IFS=$'\t' read -r _ input offset length part; do
    tail -c +"$((offset + 1))" "$([ "$input" = 0 ] && echo one.csv || echo two.csv)" | head -c "$length" >"run/$part.rows"
    printf '3\t2\t1\t0\t4\t1\t0\t0\trows:%s\n' "$(cksum <"run/$part.rows" | tr ' ' :)" >"run/$part.tally"
  done <run/all
}

@test "parts: the chunks of all inputs are jobs, until their parts are there" {
  silent plan
  same "$(awk -F '\t' '{ print $3 ":" $4 }' run/all)" "$(sw-plan --workers 2 --chunk-size 64K one.csv two.csv | awk -F '\t' '$1 == "chunk" { print $4 ":" $5 }')"
  [ "$(wc -l <run/all)" -gt 4 ]
  same "$(cut -f 2- run/jobs)" "$(cat run/all)"
  same "$(cut -f 1 run/jobs)" "$(seq "$(wc -l <run/all)")"
  same "$(cut -f 2 run/weights)" "$(cut -f 4 run/all)"
  same "$(cut -f 1-3 run/about)" "$(printf 'rows\tcsv\t%d\n' "$(wc -c <one.csv)" "$(wc -c <two.csv)")"
  [ ! -s run/others ]
  make_parts
  mkdir run/parts/another
  silent plan
  [ ! -s run/jobs ] && [ ! -s run/weights ]
  same "$(tr '\0' '\n' <run/others)" "$PWD/run/parts/another"
}

@test "parts: what is not what was written, or does not add up, is made again" {
  plan
  make_parts
  part=$(sed -n 2p run/all | cut -f 5)
  printf x | dd of="run/$part.rows" bs=1 seek=700 conv=notrunc status=none
  same "$(plan)" "$part.rows"
  same "$(cut -f 6 run/jobs)" "$part"
  [ ! -e "run/$part.tally" ]
  while read -r change; do
    make_parts
    sed -i "$change" "run/$part.tally"
    silent plan
    same "$(cut -f 6 run/jobs)" "$part"
  done <<'CHANGES'
s/^3/4/
s/^3/-3/
s/	4	1/	5	1/
s/	rows.*//;s/	0$//
s/rows:/rows;/
CHANGES
  make_parts
  rm "run/$part.rows"
  plan >said
  same "$(cat said)" "$part.rows"
}

@test "parts: a plan stays while its files do, and what is none is made again with its parts" {
  plan
  cp run/all before
  { printf 'table\trows\t0\n' && sw-plan --workers 2 --chunk-size 64K one.csv two.csv | awk -F '\t' '$1 != "chunk" || $3 == 0'; } |
    sw-ledger chunks --ending rows -- "$PWD/run" "$PWD/run"
  cmp run/all before
  make_parts
  plan=$(find run/parts -name plan | sort | head -n 1)
  sed -i '2s/$/1/' "$plan"
  plan
  cmp run/all before
  same "$(cut -f 6 run/jobs)" "$(cut -f 5 before | grep -F "$(basename "$(dirname "$plan")")")"
  same "$(ls "$(dirname "$plan")")" plan
  expect_status 3 sw-ledger chunks --ending rows run run <one.csv
  expect_status 2 sw-ledger chunks run run </dev/null
  expect_status 2 sw-ledger --ending rows matrix run
}

@test "parts: rows, bad rows and a ledger are delivered together, or none of them" {
  plan
  make_parts
  part=$(head -n 1 run/all | cut -f 5)
  printf 'one\ntwo\n' >"run/$part.bad"
  echo counts >run/counted.csv
  echo names >header
  silent sw-ledger deliver --rows all.csv --header header --bad-rows bad --ledger ledger.csv run run
  same "$(sha256sum <all.csv)" "$({ echo names && cut -f 5 run/all | while read -r part; do cat "run/$part.rows"; done; } | sha256sum)"
  same "$(cat bad ledger.csv run/bad_lines)" $'one\ntwo\ncounts\n2'
  sw-ledger deliver --rows all.csv.gz --header header run run
  gzip -dc all.csv.gz | cmp - all.csv
  echo old | tee all.csv >bad
  expect_status 3 sw-ledger deliver --rows /dev/full --bad-rows bad run run
  expect_status 3 sw-ledger deliver --rows all.csv --bad-rows /dev/full run run
  same "$(cat all.csv bad)" $'old\nold'
  [ -z "$(compgen -G '*.tmp')" ]
  expect_status 2 sw-ledger --header x matrix run
}

@test "parts: the end of a run counts its rows, delivers them and removes its folder, or nothing" {
  extract -j 2 -b 64K --keep-intermediate yes -o all.csv one.csv two.csv
  mv all.csv.run run.new && rmdir run && mv run.new run
  sw-ledger rows run run <run/about >counted
  rm run/counted.csv
  expect_status 3 sw-ledger deliver --count sums --remove --rows /dev/full run run
  [ ! -e sums ]
  cmp run/counted.csv counted
  silent sw-ledger deliver --count sums --header run/header --rows again.csv --ledger ledger.csv run run
  cmp again.csv all.csv
  cmp ledger.csv counted
  same "$(cat sums)" "$(awk -F, '$1 == "all" { print $2, $3, $5, 0 }' counted)"
  silent sw-ledger deliver --count sums --remove --rows again.csv run run
  cmp again.csv <(tail -n +2 all.csv)
  [ ! -e run ]
  expect_status 2 sw-ledger deliver --remove --rows again.csv run run
}

@test "parts: shares of the orders are jobs until they are there, and are added up" {
  plan
  shares() { sw-ledger shares --made-by "${1:-key}" -- "$PWD/run" 3; }
  silent shares
  same "$(cut -f 2- run/orders/jobs)" "$(printf '%d\t3\torders/made/%d\n' 1 1 2 2 3 3)"
  same "$(tr '\0' '\n' <run/orders/parts)" "$(cut -f 5 run/all | sed "s|.*|$PWD/run/&.states|")"
  for share in 1 2 3; do
    awk -v share=$share '{ print NR * share "\t" NR }' run/all >run/orders/made/$share.events
    printf '9\t%d\t%s\n' $((10 * share)) "$(cksum <run/orders/made/$share.events)" >run/orders/made/$share.tally
    : >run/orders/made/$share.partial
  done
  silent shares
  [ ! -s run/orders/jobs ]
  same "$(sw-ledger folded run 3)" 60
  same "$(cat run/orders/made/events)" "$(awk '{ print NR * 6 "\t" NR * 3 }' run/all)"
  sed -i '1s/$/0/' run/orders/made/2.events
  shares
  same "$(cut -f 2 run/orders/jobs)" 2
  shares 'another key'
  same "$(wc -l <run/orders/jobs)" 3
  same "$(ls run/orders/made)" key
  expect_status 3 sw-ledger folded run 3
  expect_status 2 sw-ledger folded run 0
}

@test "parts: folders among what is of no use any more go with it, and what links in them lead to stays" {
  plan
  sw-ledger shares --made-by key -- "$PWD/run" 3
  folder=$(dirname "$(find run/parts -name plan | sort | head -n 1)")
  mkdir -p kept && echo kept >kept/file
  for place in "$folder" run/orders/made; do
    mkdir -p "$place/stray/below"
    : | tee "$place/file" "$place/stray/file" >"$place/stray/below/file"
    ln -s "$PWD/kept" "$place/stray/below/link"
    ln -s "$PWD/kept" "$place/link"
  done
  echo none >"$folder/plan"
  silent plan
  silent sw-ledger shares --made-by another -- "$PWD/run" 3
  same "$(ls "$folder")" plan
  same "$(ls run/orders/made)" key
  same "$(cat kept/file)" kept
}

@test "parts: results are those that were made while their key, their bytes and the ledger are" {
  mkdir -p out/aggregated out/run/orders
  echo one >out/aggregated/one.csv
  echo two >out/aggregated/two.csv
  echo all >out/run/counted.csv
  made() { sw-ledger made out/run out <<<"$1"; }
  silent made key
  silent sw-ledger made --write --counted --forget out/run/orders out/run out <<<key
  [ ! -e out/run/orders ]
  same "$(cat out/run/ledger.csv)" all
  same "$(cat out/run/aggregated)" "$(echo key; cd out && cksum aggregated/* run/ledger.csv)"
  same "$(made key)" yes
  silent made another
  for file in out/aggregated/two.csv out/run/ledger.csv; do
    cp "$file" kept
    echo more >>"$file"
    silent made key
    cp kept "$file"
    same "$(made key)" yes
  done
  rm out/aggregated/one.csv
  silent made key
  expect_status 3 sw-ledger made --write --counted out/run out <<<key
}

# aged FILE…: until none was changed within the last seconds, which files are not known again without a look into them.
aged() {
  until [ $(($(date +%s) - $(stat -c %Z -- "$@" | sort -n | tail -n 1))) -gt 3 ]; do sleep 0.2; done
}

@test "parts: inputs are known to be as they were without a look into them, or not at all" {
  seen() { sw-plan "$@" | awk -F '\t' '$1 == "rows" || $1 == "group" { print $NF }'; }
  same "$(seen one.csv)" -
  { cat "$TREE/share/schemas/orders.schema" && echo '# my own'; } >own.schema
  echo 1 >codes
  mkdir small && for i in {10..40}; do sed -n "1p;${i}p" one.csv >"small/$i.csv"; done
  aged one.csv two.csv small/*
  [[ $(seen one.csv) =~ ^[0-9a-f]{32}$ ]]
  same "$(seen -t ./own.schema one.csv; seen -s @codes one.csv; seen --verify-inputs one.csv)" $'-\n-\n-'
  same "$(seen -t orders -s 1 one.csv)" "$(seen one.csv)"
  [[ $(seen --group small/*) =~ ^[0-9a-f]{32}$ ]]
  inputs=(one.csv two.csv small/*.csv)
  printf '%s\0' "${inputs[@]}" >run/inputs
  plan_of() {
    { printf 'table\trows\t0\n' && sw-plan "$@" "${inputs[@]}"; } | sw-ledger chunks --ending rows -- "$PWD/run" "$PWD/run"
    : >run/jobs
  }
  verdict() { sw-job --stage run --run run true; }
  for group in '' --group; do
    plan_of ${group:+"$group"}
    same "$(cut -f 1 run/seen | uniq -c | tr -s ' ')" "$([ -n "$group" ] && echo ' 1 33' || echo ' 33 1')"
    same "$(verdict)" $'0 0\nunchanged'
    # With the size and the time of change that it had; and the first one again.
    cp -p small/25.csv kept
    sed 's/1$/2/;s/0$/1/' kept >small/25.csv
    touch -r kept small/25.csv
    same "$(verdict)" '0 0'
    mv kept small/25.csv
    same "$(verdict)" '0 0'
    aged small/25.csv
    plan_of ${group:+"$group"}
    same "$(verdict)" $'0 0\nunchanged'
  done
  rm small/25.csv
  same "$(verdict)" '0 0'
  printf '%s\0' one.csv two.csv >run/inputs
  same "$(verdict)" '0 0'
  echo nonsense >run/seen
  expect_status 3 verdict
}

@test "parts: as many shares as are good for the workers" {
  plan
  same "$(sw-ledger shares --made-by key --workers 5 -- "$PWD/run")" 1
  while read -r kind bytes workers shares; do
    awk -F '\t' -v OFS='\t' -v kind="$kind" -v size="$bytes" '{ $2 = kind; $3 = NR == 1 ? size : 0 } 1' run/about >about && mv about run/about
    same "$(sw-ledger shares --made-by key --workers "$workers" -- "$PWD/run")" "$shares"
    same "$(wc -l <run/orders/jobs)" "$shares"
    same "$(cat run/orders/made/key)" "key $shares"
  done <<'SIZES'
csv 33554432 3 1
csv 33554433 3 3
gzip 4194304 3 1
gzip 4194305 3 3
stream 4194305 2 2
csv 25769803776 2 8
SIZES
  expect_status 2 sw-ledger shares --made-by key -- "$PWD/run"
  expect_status 2 sw-ledger shares --made-by key --workers 2 -- "$PWD/run" 2
}
