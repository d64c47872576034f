#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Pipelines on several hosts (--hosts), which are network namespaces with an sshd each: the bytes are those of one machine, whichever
# hosts there are, what they see of the files, and what becomes of them meanwhile.
# bats file_tags=check, plain
# shellcheck disable=SC2030,SC2031 # each test has a connection of its own

load helper
# shellcheck source=tests/hosts-rig.sh
. "$TREE/tests/hosts-rig.sh"

# alpha and gamma share the file system, beta does not see the data.
setup_file() {
  MISSING=$(rig_missing)
  export MISSING
  [ -z "$MISSING" ] || return 0
  export DATA="$BATS_FILE_TMPDIR/data"
  sw-gen --rows 12000 --securities 5 --participants 6 --days 2 --seed 3 -o "$DATA"
  analysis=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" "$DATA/orders.csv")
  report -j 2 -b 256K -o "$DATA/report" "$DATA/orders.csv"
  analyse -j 2 -b 512K -o "$DATA/analyse" "${analysis[@]}" 2>/dev/null
  rig_open "$BATS_FILE_TMPDIR/rig"
  rig_host alpha
  rig_host beta "$BATS_FILE_TMPDIR/data"
  rig_host gamma
}

teardown_file() { [ -z "${RIG-}" ] || rig_close; }

setup() {
  [ -z "$MISSING" ] || skip "$MISSING"
  out=$BATS_TEST_TMPDIR/out
  orders=$DATA/orders.csv
  analysis=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" "$DATA/orders.csv")
}

teardown() { [[ ${RIG-} != "$BATS_TEST_TMPDIR"/* ]] || rig_close; }

same_report() { diff -r "$DATA/report/aggregated" "$1/aggregated"; }

same_analysis() {
  diff -r "$DATA/analyse/by_security" "$1/by_security"
  diff -r "$DATA/analyse/aggregated" "$1/aggregated"
  cmp "$DATA/analyse/run/ledger.csv" "$1/run/ledger.csv"
}

# The hosts that did jobs.
hosts_of() { cut -f 2 "$@" | sort -u | paste -s -d ' '; }

# Programs that take their time and say when they ran: a folder for SW_REMOTE_BIN.
slow_programs() {
  local place=$BATS_TEST_TMPDIR/slow
  mkdir -p "$place/bin"
  ln -s "$SW_BIN"/sw-* "$place/bin/"
  ln -s "$TREE/pipelines" "$TREE/share" "$place/"
  rm "$place/bin/sw-chunk"
  # shellcheck disable=SC2016
  printf '#!/bin/sh\ncase "$*" in *--range*) echo $$ >>"%s"; sleep %s ;; esac\nexec "%s" "$@"\n' \
    "$place/ran" "$1" "$SW_BIN/sw-chunk" >"$place/bin/sw-chunk"
  chmod +x "$place/bin/sw-chunk"
  export SW_REMOTE_BIN=$place/bin
}

# A report on host one is told to end when its first job has begun.
end_when_begun() {
  report --hosts 2/one -b 256K -o "$out" "$orders" 3>&- 2>/dev/null &
  pipeline=$!
  for _ in $(seq 100); do [ ! -s "$SW_REMOTE_BIN/../ran" ] || break; sleep 0.1; done
  kill "$pipeline"
  wait "$pipeline" || status=$?
  same "$status" 143
}

# only_processes COUNT: before long, host one has no others. Its sshd is one.
only_processes() {
  for _ in $(seq 200); do [ "$(ip netns pids "$(rig_space one)" | wc -l)" -gt "$1" ] || break; sleep 0.1; done
  same "$(ip netns pids "$(rig_space one)" | wc -l)" "$1"
}

# done_jobs OUT COUNT [HOST]: waits until the run has that many jobs done, by that host where one is named.
done_jobs() {
  local count
  for _ in $(seq 150); do
    count=$(cut -f 2 "$1"/run/status/* 2>/dev/null | grep -c "^${3:-.}")
    [ "$count" -lt "$2" ] || return 0
    sleep 0.1
  done
  return 1
}

@test "hosts: a report by two hosts together has one machine's bytes" {
  report --hosts 2/alpha,gamma -j 2 -b 64K -o "$out" "$orders"
  same_report "$out"
  same "$(hosts_of "$out"/run/status/*)" 'alpha gamma'
  same "$(cut -f 1-3 "$out/run/hosts/table")" $'alpha\t2\tshared\ngamma\t2\tshared'
  [[ ! -e $out/run/attempts ]]
}

@test "hosts: an analysis by two hosts and this machine has one machine's bytes" {
  analyse --hosts 1/alpha,1/gamma,1/: -b 64K -o "$out" "${analysis[@]}"
  same_analysis "$out"
  [[ $(hosts_of "$out"/run/chunks/status/* "$out"/run/securities/status/*) == *'alpha gamma'* ]]
}

@test "hosts: the dark book on hosts that share the files and on one that does not has one machine's bytes" {
  local words
  for words in "--rules simple" "--replay"; do
    # shellcheck disable=SC2086 # a word or two
    match -j 2 $words -o "$DATA/match" "${analysis[@]}" 2>/dev/null
    # shellcheck disable=SC2086
    match --hosts 1/alpha,1/: $words -b 64K -o "$out" "${analysis[@]}" 2>"$out.log"
    # shellcheck disable=SC2086
    match --hosts 2/beta $words -b 512K -o "$DATA/match.shipped" "${analysis[@]}" 2>/dev/null
    for made in "$out" "$DATA/match.shipped"; do
      diff -r "$DATA/match/by_security" "$made/by_security"
      diff -r "$DATA/match/aggregated" "$made/aggregated"
    done
    [[ $(hosts_of "$out"/run/*/status/*) == *alpha* ]]
    same "$(hosts_of "$DATA"/match.shipped/run/*/status/*)" beta
    [[ ! -e $out/run/securities/attempts ]]
    # What is there is not made again, whoever is to do it.
    # shellcheck disable=SC2086
    match -j 1 $words -b 512K -o "$DATA/match.shipped" "${analysis[@]}" 2>"$out.log"
    grep -q 'is up to date' "$out.log"
  done
}

@test "hosts: quotes out of the rows of trades are in one order, however they are merged" {
  real=$TREE/../shared/real
  [ -e "$real/orders_day.csv" ] || skip 'no real data here'
  mkdir "$DATA/real"
  cp "$real/orders_day.csv" "$DATA/real/"
  # Rows of one moment, in several chunks in no order, each with another quote: the first one's counts.
  { head -n 1 "$real/trades.csv" && tail -n +2 "$real/trades.csv" | awk -F, -v OFS=, '{ $11 -= 10 * ($2 % 5); print }' | rev | sort | rev; } >"$DATA/real/trades.csv"
  words=(--trades "$DATA/real/trades.csv" --nbbo trades "$DATA/real/orders_day.csv")
  match -j 2 -o "$out" "${words[@]}" 2>/dev/null
  match --hosts 2/beta -b 256K -o "$DATA/real.shipped" "${words[@]}" 2>/dev/null
  diff -r "$out/by_security" "$DATA/real.shipped/by_security"
  diff -r "$out/aggregated" "$DATA/real.shipped/aggregated"
}

@test "hosts: to one that does not see the files, they are shipped" {
  analyse --hosts 2/beta -b 512K -o "$DATA/shipped" "${analysis[@]}"
  same_analysis "$DATA/shipped"
  report --hosts 2/beta -b 128K -o "$DATA/shipped.report" "$orders"
  same_report "$DATA/shipped.report"
  same "$(hosts_of "$DATA"/shipped.report/run/status/* "$DATA"/shipped/run/*/status/*)" beta
  same "$(cut -f 1-3 "$DATA/shipped/run/hosts/table")" $'beta\t2\tshipped'
}

@test "hosts: what is shipped may be quoted, compressed, a stream, listed in files, and lie beside the point" {
  mkdir "$DATA/a folder & its \\1"
  cd "$DATA/a folder & its \\1"
  awk '{ print $0 (NR == 1 ? ",note" : NR % 50 ? "," : ",\"one\n\"\"two\"\", three\"") }' "$orders" >'the orders|.csv'
  gzip -k 'the orders|.csv'
  sw-monitor --gzip <'the orders|.csv' >blocks.gz
  sw-chunk 'the orders|.csv' >orders.swr
  cut -d , -f 3 "$orders" | sed 1d | sort -u | head -n 3 >codes
  printf 'file,"not, a row"\n' >>'the orders|.csv'
  cp 'the orders|.csv' $'od\e[7md\\\xff&.csv' # bad rows name it in escapes
  for file in 'the orders|.csv' $'od\e[7md\\\xff&.csv' 'the orders|.csv.gz' blocks.gz orders.swr; do
    extract -j 1 -b 128K -s @codes --bad-rows bad.1 --ledger ledger.1 -o one.csv "$file"
    extract --hosts 2/beta -b 64K -s @codes --bad-rows bad.2 --ledger ledger.2 -o two.csv "$file"
    cmp one.csv two.csv
    may_be_empty cmp bad.1 bad.2
    cmp ledger.1 ledger.2
  done
  convert -j 1 -s @codes -o one.swr orders.swr
  convert --hosts 2/beta -b 32K -s @codes -o two.swr orders.swr
  same "$(sw-info --digest two.swr)" "$(sw-info --digest one.swr)"
}

@test "hosts: a schema of one's own is shipped, too" {
  cd "$DATA"
  sed 's/^table .*/table fills/' "$TREE/share/schemas/orders.schema" >"$DATA/own.schema"
  extract -j 1 -t "$DATA/own.schema" -o "$DATA/own.1" "$orders"
  extract --hosts 1/beta -b 128K -t "$DATA/own.schema" -o "$DATA/own.2" "$orders"
  cmp "$DATA/own.1" "$DATA/own.2"
}

@test "hosts: one whose sshd and jobs are killed in the middle has them done by another" {
  rig_open "$BATS_TEST_TMPDIR/rig"
  rig_host one
  rig_host two
  slow_programs 0.2
  (done_jobs "$out" 1 one && rig_kill one) 3>&- &
  run report --hosts 2/one,2/two -b 32K -o "$out" "$orders"
  same "$status" 0
  [[ $output == *'report: host one: job '*' was lost: '*'report: host one: gets no further jobs'* ]]
  same_report "$out"
  same "$(hosts_of "$out"/run/status/*)" 'one two'
}

@test "hosts: one whose cable is pulled in an analysis has its jobs done by another" {
  rig_open "$BATS_TEST_TMPDIR/rig"
  rig_host one
  rig_host two
  export SW_SSH="$SW_SSH -o ServerAliveInterval=1 -o ServerAliveCountMax=1 -o ConnectTimeout=1"
  (for _ in $(seq 100); do ! compgen -G "$out/run/securities/running/*" >/dev/null || break; sleep 0.05; done; rig_cut one) 3>&- &
  run analyse --hosts 2/one,2/two -b 512K -o "$out" "${analysis[@]}"
  same "$status" 0
  [[ $output == *'analyse: host one: job '*' was lost: '* ]]
  same_analysis "$out"
}

@test "hosts: with the last one gone the run fails, and the next goes on where it was" {
  local begun
  rig_open "$BATS_TEST_TMPDIR/rig"
  rig_host one
  slow_programs 0.5
  (done_jobs "$out" 3 && rig_kill one) 3>&- &
  run report --hosts 1/one -b 256K -o "$out" "$orders"
  same "$status" 3
  [[ $output == *'chunks did not finish'* ]]
  [[ ! -e $out/aggregated/global_summary.csv ]]
  begun=$(wc -l <"$SW_REMOTE_BIN/../ran")
  rig_host other
  report --hosts 2/other -b 256K -o "$out" "$orders"
  same_report "$out"
  [ $(($(wc -l <"$SW_REMOTE_BIN/../ran") - begun)) -le $(($(wc -l <"$out/run/all") - 3)) ]
}

@test "hosts: a job that failed by its data is not tried again, and says what it says on one machine" {
  sed '9000s/^\([^,]*\),[^,]*,/\1,x,/' "$orders" >"$DATA/bad.csv"
  slow_programs 0
  run report -j 1 -b 256K -o "$DATA/bad" "$DATA/bad.csv"
  same "$status" 1
  wanted=$output
  for host in alpha beta; do
    rm -rf "$DATA/bad" "$SW_REMOTE_BIN/../ran"
    run report --hosts "1/$host" -b 256K -o "$DATA/bad" "$DATA/bad.csv"
    same "$status" 1
    same "$output" "$wanted"
    same "$(wc -l <"$SW_REMOTE_BIN/../ran")" "$(cat "$DATA"/bad/run/status/* | wc -l)"
  done
}

@test "hosts: other versions and builds are refused before anything runs" {
  slow_programs 0
  # shellcheck disable=SC2016
  printf '#!/bin/sh\n[ "$1" = --version ] && echo sw-chunk 0.0.9 || exec "%s/sw-chunk" "$@"\n' "$SW_BIN" >"$SW_REMOTE_BIN/sw-chunk"
  expect_status 3 report --hosts :,alpha -o "$out" "$orders"
  [[ $output == "report: host alpha: has sw-chunk 0.0.9, wanted is $(sw-chunk --version)" ]]
  # shellcheck disable=SC2016
  printf '#!/bin/sh\n[ "$1" = --version ] && exec "%s/sw-chunk" "$@"; echo other\n' "$SW_BIN" >"$SW_REMOTE_BIN/sw-chunk"
  expect_status 3 report --hosts :,alpha -o "$out" "$orders"
  [[ $output == *'host alpha:'*'another build of'* ]]
  rm "$SW_REMOTE_BIN/sw-chunk"
  expect_status 3 report --hosts :,alpha -o "$out" "$orders"
  [[ $output == *"host alpha: $SW_REMOTE_BIN/sw-chunk: not found"* ]]
  [[ ! -e $out/run/status ]]
}

@test "hosts: one that cannot be reached is left out and named; none at all is status 3" {
  printf 'Host away\n HostName 127.0.0.1\n Port 1\n' >>"$BATS_FILE_TMPDIR/rig/ssh.config"
  expect_status 0 report --hosts away,1/alpha -b 256K -o "$out" "$orders"
  [[ $output == 'report: host away: cannot be reached, and is left out: '*'Connection refused'* ]]
  same_report "$out"
  expect_status 3 report --hosts away -o "$BATS_TEST_TMPDIR/none" "$orders"
  [[ $output == *'none of the hosts can be reached' ]]
}

@test "hosts: a pipeline that is ended leaves no job on its hosts" {
  rig_open "$BATS_TEST_TMPDIR/rig"
  rig_host one
  slow_programs 60
  end_when_begun
  only_processes 1
}

@test "hosts: nor where others use the connection, which stays" {
  rig_open "$BATS_TEST_TMPDIR/rig"
  rig_host one
  slow_programs 60
  export SW_SSH="$SW_SSH -S $RIG/shared"
  $SW_SSH -M -f -N one 3>&-
  end_when_begun
  only_processes 2
  $SW_SSH -O exit one
}

@test "hosts: lists come from words, files and configurations, and what is none is status 2" {
  printf '# the desk\n\n1/alpha\n2/gamma,:\n' >"$BATS_TEST_TMPDIR/hosts"
  report --hosts "@$BATS_TEST_TMPDIR/hosts" -b 256K -o "$out" "$orders"
  same "$(cut -f 1 "$out/run/hosts/table" | paste -s -d ' ')" 'alpha gamma .'
  same_report "$out"
  printf 'orders = %s\noutput = %s\nhosts = 1/alpha, :\n' "$orders" "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/sweep.conf"
  same "$(sw-conf show --arguments report -C "$BATS_TEST_TMPDIR/sweep.conf" | grep -o -- '--hosts [^ ]*')" '--hosts 1/alpha,:'
  for list in 'a b' '0/alpha' '/alpha' '-oProxyCommand=true' 'alpha;true' alpha,gamma,2/alpha; do
    expect_status 2 report --hosts="$list" -o "$BATS_TEST_TMPDIR/none" "$orders"
  done
  expect_status 3 report --hosts @/no/such/file -o "$BATS_TEST_TMPDIR/none" "$orders"
}
