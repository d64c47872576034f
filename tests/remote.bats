#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Pipelines on several hosts without a network: ssh is a script that runs the command here (tests/hosts.bats has real ones). A host whose name
# begins with "far" says that it does not see the files, one that begins with "gone" loses its jobs.
# bats file_tags=plain

load helper

setup_file() {
  export DATA="$BATS_FILE_TMPDIR/data"
  sw-gen --rows 4000 --securities 3 --participants 3 --days 2 --seed 7 -o "$DATA"
  report -j 1 -o "$DATA/report" "$DATA/orders.csv" 2>/dev/null
}

setup() {
  skip_without parallel
  cd "$BATS_TEST_TMPDIR" || return
  cat >ssh <<'SSH'
#!/bin/bash
host=${*: -2:1} command=${*: -1}
echo "$host" >>"${0%/*}/called"
cd /
case $host,$command in
  far*,*"'-s'"*) bash -c "$command" | grep -vx sees ;;
  gone*,*host-job*) echo 'the cable is out' >&2; exit 255 ;;
  silent*) echo 'nobody answers' >&2; exit 255 ;;
  *) exec sh -c "$command" ;;
esac
SSH
  chmod +x ssh
  export SW_SSH=$PWD/ssh
  orders=$DATA/orders.csv
}

hosts_of() { cut -f 2 "$@" | sort -u | paste -s -d ' '; }

# bats test_tags=check
@test "remote: a report by hosts that see the files and by one that does not has one machine's bytes" {
  report --hosts 1/near,1/far,1/: -b 32K -o near "$orders"
  diff -r "$DATA/report/aggregated" near/aggregated
  same "$(cut -f 1-3 near/run/hosts/table)" $'near\t1\tshared\nfar\t1\tshipped\n.\t1\tshared'
  report --hosts 2/far -b 64K -o "it's \$far \"away\"" "$orders"
  diff -r "$DATA/report/aggregated" "it's \$far \"away\"/aggregated"
  same "$(hosts_of "it's \$far \"away\""/run/status/*)" far
  [[ ! -e near/run/attempts ]]
}

# bats test_tags=check
@test "remote: lists and schemas go along to a host that does not see them" {
  sed 's/^table .*/table fills/' "$TREE/share/schemas/orders.schema" >'my own.schema'
  cut -d , -f 3 "$orders" | sed 1d | sort -u | head -n 2 >'the codes'
  words=(-t 'my own.schema' -s '@the codes' -b 64K)
  extract -j 1 "${words[@]}" -o one.csv "$orders"
  extract --hosts 2/far "${words[@]}" -o two.csv "$orders"
  cmp one.csv two.csv
}

# bats test_tags=check
@test "remote: schemas of quotes and trades go along, too, whatever the quotes are of" {
  # Without a header, and with columns in names of their own.
  for table in nbbo trades; do
    { printf 'table %s\nnames %s\nseparator semicolon\n' "$table" "$(head -n 1 "$DATA/$table.csv" | tr , ' ')"
      grep -E '^(zone|time|column|value|rows)' "$TREE/share/schemas/$table.schema"; } >"$table of mine.schema"
    sed 1d "$DATA/$table.csv" | tr , ';' >"$table.csv"
  done
  words=(--trades trades.csv --trades-schema 'trades of mine.schema' --nbbo-schema 'nbbo of mine.schema' -b 32K)
  for quotes in nbbo.csv trades; do
    [ "$quotes" = nbbo.csv ] || words=("${words[@]:0:4}" -b 32K)
    analyse -j 1 "${words[@]}" --nbbo "$quotes" -o one "$orders" 2>/dev/null
    analyse --hosts 2/far "${words[@]}" --nbbo "$quotes" -o two "$orders" 2>/dev/null
    diff -r one/by_security two/by_security
    diff -r one/aggregated two/aggregated
    same "$(hosts_of two/run/*/status/*)" far
    rm -r one two
  done
}

# bats test_tags=check
@test "remote: jobs of a host that loses them are done by another" {
  run report --hosts 1/gone,1/near -b 32K -o out "$orders"
  same "$status" 0
  [[ $output == *'report: host gone: job '*' was lost: the cable is out'*'report: host gone: gets no further jobs'* ]]
  diff -r "$DATA/report/aggregated" out/aggregated
  same "$(hosts_of out/run/status/*)" near
}

# bats test_tags=check
@test "remote: a bad row of a job elsewhere is told as it is here, with the name of the file" {
  awk -F, -v OFS=, 'NR == 900 { $5 = "x" } { print }' "$orders" >$'odd\\\e&.csv'
  run extract -j 1 -o one.csv $'odd\\\e&.csv'
  same "$status" 1
  wanted=${output#*failed:}
  run extract --hosts 1/far -o two.csv $'odd\\\e&.csv'
  same "$status" 1
  same "${output#*failed:}" "$wanted"
  extract -j 1 --bad-rows bad.1 -o one.csv $'odd\\\e&.csv'
  extract --hosts 1/far --bad-rows bad.2 --keep yes -o two.csv $'odd\\\e&.csv'
  cmp bad.1 bad.2
  cmp one.csv two.csv
  # The tally knows what the bad rows are, now that they name the file.
  rm two.csv
  extract --hosts 1/far --bad-rows bad.2 -o two.csv $'odd\\\e&.csv' 2>log
  same "$(grep -c damaged log)" 0
  same "$(grep -c 'goes on' log)" 0
}

# bats test_tags=check
@test "remote: who does not answer is left out, or is an error where all are needed" {
  report --hosts silent,1/near -o out "$orders" 2>log
  grep -q '^report: host silent: cannot be reached, and is left out: nobody answers$' log
  expect_status 3 report --hosts silent,1/near --on-failure now -o other "$orders"
  same "$output" 'report: host silent: cannot be reached: nobody answers'
  expect_status 3 report --hosts silent -o none "$orders"
  [[ $output == *'none of the hosts can be reached' ]]
}

# shellcheck disable=SC2016 # for the script
# bats test_tags=check
@test "remote: why a host was lost is what the connection says, though files are shipped; a program for it that is none is named" {
  printf '%s\n' '#!/bin/bash' 'case ${*: -1} in *host-job*) cat >/dev/null; echo "the cable is out" >&2; exit 255 ;; esac' \
    'sh -c "${*: -1}" | grep -vx sees' >ssh
  run convert --hosts 1/far -o out.swr "$orders"
  same "$status" 3
  [[ $output == *'convert: host far: job '*' was lost: the cable is out'* ]]
  SW_SSH=/no/such/ssh run convert --hosts far,1/: -o out.swr "$orders"
  same "$status" 0
  [[ $output == *'host far: cannot be reached, and is left out: /no/such/ssh: No such file or directory'* ]]
}

@test "remote: lists of hosts are words, files and files in files; what is none is 2" {
  printf '# the desk\n\n1/alpha\n@list.more\n' >list
  printf ' \t# with blanks\n \n 2/gamma,: \t\n' >list.more
  silent sw-job --hosts @list
  silent sw-job --hosts 9999/a.b-c_d:e%f@g,x,
  printf '@loop\n' >loop
  for list in 'a b' 0/alpha /alpha 10000/a -oProxyCommand=true 'alpha;true' a,b,2/a :,. @loop ',a' 'a,,b' "$(printf 'a%.0s' {1..600})"; do
    expect_status 2 sw-job --hosts="$list"
  done
  expect_status 3 sw-job --hosts @/no/such/file
}

@test "remote: options of sw-job that would do nothing are 2" {
  local words
  for words in '--each --stage run --run run job' '--each --on-host a --home . --bin .' '--caller 1 --hosts a' '--caller 1 --on-host a --home . --bin .' \
    '--bin . --attempt at --home .' '--bin . run 1 job' '--home . --why-not file' \
    '--hosts a --'{'workers 2','on-failure now','home .','bin .',each}; do
    # shellcheck disable=SC2086 # words
    expect_status 2 sw-job $words
  done
  mkdir run
  expect_status 2 sw-job --hosts : --run run --home . --bin . --on-failure later </dev/null
  same "$output" "sw-job: --on-failure: not soon, now or never: 'later'"
}

@test "remote: an attempt that is none is said" {
  mkdir -p attempt/stage
  printf 'rm\0\0/bin\0' >attempt/job
  expect_status 3 sw-job --attempt attempt --home "$TREE/pipelines"
  same "$output" 'sw-job: not an attempt at a job'
}
