#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-ledger plan and seal: which results of an earlier run are of use, and the jobs that make the others.
# bats file_tags=plain

load helper

# A run of ten securities in three parts of orders, two of trades and one of quotes.
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir -p run/securities/results
  printf 'parts/o%d\n' 0 1 2 >run/securities/orders
  printf 'parts/t%d\n' 0 1 >run/securities/trades
  echo parts/q >run/securities/nbbo
  for i in 9 8 7 6 5 4 3 2 1; do
    printf '%d\t%d\t%s\t%s\t%s\n' "$i" $((100 * i)) "$((i % 3 > 0 ? 0 : 1)),2" "$((i % 2))" 0
  done >run/securities/found
  printf 'a b/c\t7\t1\t\t\n' >>run/securities/found
}

plan() { sw-ledger plan --made-by "${made_by:-options}" --streams rows,sums "$@" run out; }

# fields N…: of the jobs, what stands between commas a line each.
fields() { cut -f "$1" run/securities/jobs | tr , '\n'; }

# Makes the results of all jobs, as jobs do.
make_all() {
  local name codes folders place at folder names
  while IFS=$'\x1f' read -r name codes _ folders _ _ _ _ place; do
    at=run/securities/attempts/$place
    mkdir -p "$at" out/by_security
    touch "$at/rows.swr" "$at/sums.swr"
    chmod g+w "$at/rows.swr"
    IFS=, read -r -a names <<<"$folders"
    for folder in "${names[@]}"; do
      mkdir -p "$at/by_security/$folder/2024-09-05"
      printf '%s\n' "$folder" >"$at/by_security/$folder/2024-09-05/a.csv"
      : >"$at/by_security/$folder/b.csv"
    done
    { printf 'security_code\tx\tevents\tselected\n'; tr , '\n' <<<"$codes" | sed 's/$/\t5\t3\t2/'; } >"$at/tally"
    same "$(sw-ledger seal run/securities "$name")" "$((3 * ${#names[@]})) $((2 * ${#names[@]}))"
    [ "$(stat -c %A "$at/rows.swr" | cut -c 6)" = - ]
    for folder in "${names[@]}"; do mv "$at/by_security/$folder" out/by_security/; done
    rmdir "$at/by_security"
    mv "$at" run/securities/results/
  done < <(tr '\t' '\037' <run/securities/jobs)
}

@test "results: a job for each security, and ranges of neighbours of about equal weight" {
  same "$(plan)" 10
  cut -f 2,4- run/securities/jobs | cut -f 1,3-6 >said
  awk -F '\t' -v OFS='\t' '{ print $1, $2, $3, $4, $5 }' run/securities/found | cmp - said
  same "$(cut -f 1,2 run/securities/weights)" "$(cut -f 1,5 run/securities/jobs)"
  same "$(cut -f 2,3,4 run/securities/jobs)" "$(awk -F '\t' -v OFS='\t' '{ print $1, $3, $2 }' run/securities/list)"
  grep -q $'^a b/c\tSEC_a%20b%2Fc\t[0-9a-f]\{32\}$' run/securities/list
  # One key for those with the same parts.
  same "$(cut -f 3 run/securities/list | sort -u | wc -l)" "$(cut -f 3- run/securities/found | sort -u | wc -l)"
  same "$(plan --ranges 3)" 10
  same "$(fields 2 | sort)" "$(cut -f 1 run/securities/found | sort)"
  same "$(fields 4)" "$(fields 2 | sed 's/ /%20/; s/\//%2F/; s/^/SEC_/')"
  [ "$(wc -l <run/securities/jobs)" -ge 3 ] && [ "$(wc -l <run/securities/jobs)" -le 5 ]
  cut -f 5 run/securities/jobs | sort -c -nr
  same "$(cut -f 5 run/securities/jobs | paste -s -d + | bc)" 4507
  while IFS=$'\t' read -r _ codes _ _ events orders _; do
    for code in ${codes//,/ }; do awk -F '\t' -v code="$code" '$1 == code { print $2, $3 }' run/securities/found; done >members
    [[ $codes == *' '* ]] || same "$events $orders" "$(awk '{ n += $1 } END { print n }' members) $(cut -d ' ' -f 2 members | tr , '\n' | sort -un | paste -s -d ,)"
  done <run/securities/jobs
  plan --ranges 10 >/dev/null
  same "$(wc -l <run/securities/jobs)" 10
}

@test "results: a range has no more securities than go into a word of a command line" {
  local long length most
  printf -v long '%0100d' 0
  awk -v long="$long" 'BEGIN { for (i = 10000; i < 21000; i++) printf "%d\t1\t0\t\t\n", i; for (i = 10000; i < 12000; i++) printf "X%s%d\t1\t0\t\t\n", long, i }' >run/securities/found
  same "$(plan --ranges 2)" 13000
  same "$(fields 2 | sort)" "$(cut -f 1 run/securities/found | sort)"
  while IFS= read -r length; do [ "$length" -le 65536 ]; done < <(cut -f 2 run/securities/jobs | awk '{ print length($0) }')
  read -r most < <(awk -F '\t' '{ print split($2, codes, ",") }' run/securities/jobs | sort -nr)
  [ "$most" -le 4096 ]
}

@test "results: what is whole and made of the same is not made again, and nothing else passes for it" {
  for ranges in 0 3; do
    rm -rf out run/securities/{results,attempts}
    mkdir run/securities/results
    plan --ranges $ranges >/dev/null
    make_all
    same "$(plan --ranges $ranges)" 0
    for list in jobs keep remove; do [ ! -s run/securities/$list ]; done
    cp -a run kept.run && cp -a out kept.out
    while IFS='|' read -r command; do
      eval "$command"
      [ "$(plan)" -ge 1 ] || { printf '%s: not noticed\n' "$command"; return 1; }
      fields 2 | grep -qx 4 || { printf '%s: not 4\n' "$command"; return 1; }
      rm -rf run out && cp -a kept.run run && cp -a kept.out out
    done <<'CHANGES'
rm out/by_security/SEC_4/b.csv
echo more >>out/by_security/SEC_4/2024-09-05/a.csv
echo more >out/by_security/SEC_4/2024-09-05/c.csv
rm run/securities/results/*/rows.swr
rm run/securities/results/*/members
rm run/securities/results/*/files
sed -i s/5/6/ run/securities/results/*/tally
truncate -s -1 run/securities/results/*/members
for file in run/securities/results/*/members; do printf '\0' >>"$file"; done
sed -i 's/parts.o2/parts\/other/' run/securities/orders
sed -i '/^4/s/0,2/0/' run/securities/found
CHANGES
    same "$(made_by=others plan)" 10
    same "$(tr '\0' '\n' <run/securities/remove | sort)" "$(printf '%s\n' run/securities/results/* | sort)"
    rm -rf kept.run kept.out
  done
}

@test "results: of a range that lost some the others are kept, and what nobody asks for goes" {
  plan --ranges 2 >/dev/null
  make_all
  place=$(grep -l '^4' run/securities/results/*/members)
  place=${place%/members}
  codes=$(grep -v '^4' "$place/members" | cut -f 1 | paste -s -d ,)
  echo more >>out/by_security/SEC_4/b.csv
  same "$(plan)" 1
  same "$(fields 2)" 4
  same "$(cut -f 1,3 run/securities/keep)" "${place##*/}"$'\t'"$codes"
  to=$(cut -f 2 run/securities/keep)
  [[ $to == "${place##*/}.of-"* ]]
  grep -v '^4' "$place/members" | cmp - "run/securities/attempts/$to/members"
  grep -v '^4' "$place/tally" | cmp - "run/securities/attempts/$to/tally"
  grep -v 'SEC_4/' "$place/files" | sort | cmp - <(sort "run/securities/attempts/$to/files")
  # As it is kept, it is whole.
  touch "run/securities/attempts/$to"/{rows,sums}.swr
  rm -r "$place"
  mv "run/securities/attempts/$to" run/securities/results/
  same "$(plan)" 1
  [ ! -s run/securities/keep ]
  sed -i '/^9/d; /^8/d' run/securities/found
  plan >/dev/null
  tr '\0' '\n' <run/securities/remove | grep -qx out/by_security/SEC_9
  same "$(tr '\0' '\n' <run/securities/remove | grep -c by_security)" 2
}

@test "results: what is no list, no job and wrong usage" {
  sed -i 's/\t0,2/\t0,3/' run/securities/found
  expect_status 3 plan
  same "$output" 'sw-ledger: run/securities/found: not the securities that were found'
  rm run/securities/found
  expect_status 3 plan
  mkdir -p run/securities/attempts/x
  printf '1\t2\tk\tSEC_2\t5\t0\t0\t0\tx\n' >run/securities/jobs
  expect_status 3 sw-ledger seal run/securities 1
  expect_status 3 sw-ledger seal run/securities 2
  same "$output" 'sw-ledger: run/securities/jobs: no job 2'
  expect_status 2 sw-ledger seal run/securities x
  expect_status 2 sw-ledger plan run
  expect_status 2 sw-ledger --ranges 3 matrix run
}
