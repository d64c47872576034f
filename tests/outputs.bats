#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Where what is written goes: descriptors that are open already, links, files that are replaced, and what was there before.

bats_require_minimum_version 1.5.0
load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  sw-gen --rows 300 --seed 5 --stdout orders >orders.csv
  sw-gen --rows 300 --seed 5 --stdout trades >trades.csv
  sw-chunk -o orders.swr orders.csv
  sw-chunk trades.csv | sw-sort -k security_code,order_id,timestamp -o trades.swr
  sw-sort -k security_code,order_id,timestamp,sequence -o events.swr orders.swr
  sw-agg -g timestamp -a 'n=count()' -f swr -o keys.swr orders.swr
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/{orders.csv,orders.swr,trades.swr,events.swr,keys.swr} .
}

teardown() {
  # A folder elsewhere, where a test has one.
  [[ -z ${elsewhere-} ]] || { chmod -R u+rwx "$elsewhere" && rm -r "$elsewhere"; }
}

# writers: a line for each program that writes one file, without its -o.
writers() {
  cat <<'LINES'
sw-chunk orders.csv
sw-chunk --plan -n 3 orders.csv
sw-chunk --index orders.csv
sw-filter orders.swr
sw-filter --count orders.swr
sw-agg -g side orders.swr
sw-agg -g side --partial orders.swr
sw-cut orders.swr
sw-cut -f parquet orders.swr
sw-sort -k timestamp orders.swr
sw-optimize orders.swr
sw-info orders.swr
sw-plan --headers orders.swr
sw-join -k timestamp --with keys.swr orders.swr
sw-classify --all --trades trades.swr events.swr
sw-conf show preset=laptop
LINES
}

# as_user COMMAND…: where the tests run as root, who may write everywhere, as another user.
as_user() {
  if [[ $(id -u) -ne 0 ]]; then "$@"; else setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- "$@"; fi
}

# refused STATUS WHAT COMMAND…: it ends so and says so.
refused() {
  expect_status "$1" "${@:3}"
  # shellcheck disable=SC2154
  [[ $output == *"$2"* ]] || { echo "$output"; return 1; }
}

@test "outputs: a descriptor is written from where it stands, under each of its names" {
  local line file number=0
  local -a names=(/dev/stdout /dev/fd/1 /proc/self/fd/1 /proc/thread-self/fd/1 link)
  ln -s /dev/stdout link
  while read -r line; do
    $line -o whole
    # The first program takes them all, every other one two of them.
    for file in - "${names[@]}"; do
      [[ $line != *--index* || $file != - ]] || continue
      [[ $number -eq 0 || $file == - || $file == "${names[number % 5]}" ]] || continue
      printf 'before\n' >appended
      $line -o "$file" >>appended
      { printf 'before\n'; $line -o "$file"; printf 'behind\n'; } >around
      cmp appended <(printf 'before\n'; cat whole)
      cmp around <(printf 'before\n'; cat whole; printf 'behind\n')
    done
    { printf 'before\n' >&5; $line -o /dev/fd/5 >out; printf 'behind\n' >&5; } 5>fifth
    cmp fifth <(printf 'before\n'; cat whole; printf 'behind\n')
    [[ ! -s out ]]
    number=$((number + 1))
  done < <(writers)
  [[ -L link && $(readlink link) == /dev/stdout ]]
}

@test "outputs: all that a program writes beside goes to descriptors, too" {
  sed 's/,1,/,x,/' orders.csv >bad.csv
  sw-chunk --bad-rows bad.rows --tally tally -o good.swr bad.csv
  sw-chunk --bad-rows /dev/fd/5 --tally /dev/fd/6 bad.csv 5>>five 6>>six >one
  cmp bad.rows five
  cmp tally six
  cmp good.swr one
  sw-chunk --bad-rows - -o good.swr bad.csv >five
  cmp bad.rows five
  sw-filter -e 'side == 1' --reject /dev/fd/5 --tally /dev/stderr orders.swr 2>two 5>five >one
  [[ $(cut -f 1-3 two) == "$(sw-info orders.swr | awk '$1 == "rows" { print $2 }')"$'\t'* ]]
  [[ $(cat one five | sw-info --digest) == "$(sw-info --digest orders.swr)" ]]
}

@test "outputs: a descriptor that is closed, or not for writing, is 3" {
  refused 3 'Bad file descriptor' bash -c 'sw-cut -o /dev/fd/9 orders.swr 9>&-'
  refused 3 'Bad file descriptor' bash -c 'sw-cut -o /dev/fd/9 orders.swr 9<orders.csv'
  refused 3 'Bad file descriptor' bash -c 'sw-cut orders.swr >&-'
  refused 3 'Bad file descriptor' bash -c 'sw-cut -o /dev/stdout orders.swr >&-'
  # The number of a file that the program itself opens is none of a descriptor that it was given.
  refused 3 'Bad file descriptor' bash -c 'sw-cut -o /dev/fd/3 orders.swr 3>&-'
}

@test "outputs: a socket is written to" {
  skip_without python3
  sw-cut orders.swr >whole
  python3 - <<'PYTHON'
import socket, subprocess, threading
for name in '-', '/dev/stdout':
    here, there = socket.socketpair()
    program = subprocess.Popen(['sw-cut', '-o', name, 'orders.swr'], stdout=there)
    there.close()
    read = b''.join(iter(lambda: here.recv(65536), b''))
    assert program.wait() == 0 and read == open('whole', 'rb').read(), name
PYTHON
}

@test "outputs: a link stays, and what it leads to is written, there or not, relative or not, also on another file system" {
  local line
  mkdir -p a/b
  ln -s ../target a/relative
  ln -s "$PWD/a/relative" absolute
  ln -s absolute chain
  ln -s a/b folder
  while read -r line; do
    $line -o whole
    $line -o chain
    cmp whole target
    $line -o a/relative
    cmp whole target
    rm target
    $line -o folder/named
    cmp whole a/b/named
    [[ -L chain && -L absolute && -L a/relative && ! -L target ]]
  done < <(writers)
  elsewhere=$(mktemp -d -p /dev/shm) || skip 'no other file system here'
  ln -s "$elsewhere/out" across
  sw-cut -o across orders.swr
  sw-cut -o across orders.swr
  cmp <(sw-cut orders.swr) "$elsewhere/out"
  [[ -L across && $(ls -A "$elsewhere") == out ]]
}

@test "outputs: a link that leads nowhere is 3, and stays" {
  ln -s loop loop
  ln -s nowhere/file lost
  ln -s . here
  refused 3 'loop: Too many levels of symbolic links' sw-cut -o loop orders.swr
  refused 3 'lost: No such file or directory' sw-cut -o lost orders.swr
  refused 3 'here: is a directory' sw-cut -o here orders.swr
  refused 3 'new/: Is a directory' sw-cut -o new/ orders.swr
  [[ -L loop && -L lost && -L here && ! -e new ]]
}

@test "outputs: a file that may not be written, or has no place beside it, is 3 and stays" {
  [[ $(id -u) -ne 0 ]] || skip_without setpriv
  elsewhere=$(mktemp -d)
  chmod 755 "$elsewhere"
  mkdir -m 777 "$elsewhere/open"
  mkdir "$elsewhere/shut"
  echo old | tee "$elsewhere/open/readonly" >"$elsewhere/shut/file"
  chmod 444 "$elsewhere/open/readonly"
  chmod 666 "$elsewhere/shut/file"
  chmod 555 "$elsewhere/shut"
  cp -L orders.swr "$elsewhere/orders.swr"
  if as_user "$SW_BIN/sw-info" "$elsewhere/orders.swr" >/dev/null; then
    refused 3 'readonly: Permission denied' as_user "$SW_BIN/sw-cut" -o "$elsewhere/open/readonly" "$elsewhere/orders.swr"
    refused 3 'file: Permission denied' as_user "$SW_BIN/sw-cut" -o "$elsewhere/shut/file" "$elsewhere/orders.swr"
    [[ $(cat "$elsewhere"/{open/readonly,shut/file}) == $'old\nold' && $(find "$elsewhere" | wc -l) -eq 6 ]]
  fi
}

# bats test_tags=plain
@test "outputs: a folder of results that nobody may enter is 3, in the system's words" {
  local bound=() pipeline
  [[ $(id -u) -ne 0 ]] || { skip_without setpriv; bound=(setpriv "--bounding-set=-dac_override,-dac_read_search"); }
  sw-gen --rows 300 --seed 5 --stdout nbbo >nbbo.csv
  mkdir -m 0 shut
  for pipeline in report "analyse --trades $BATS_FILE_TMPDIR/trades.csv --nbbo nbbo.csv"; do
    # shellcheck disable=SC2086 # words
    refused 3 'Permission denied' "${bound[@]}" $pipeline -o shut "$(readlink -f orders.csv)"
    [[ $output != *'empty argument'* ]]
  done
  [[ -z $(ls shut) ]]
}

@test "outputs: what replaces a file is open to those that the file was open to" {
  umask 022
  sw-cut -o new orders.swr
  : >secret
  : >shared
  chmod 600 secret
  chmod 664 shared
  sw-cut -o secret orders.swr
  sw-cut -o shared orders.swr
  [[ $(stat -c %a new secret shared | tr '\n' ' ') == '644 600 664 ' ]]
  [[ $(id -u) -eq 0 ]] || return 0
  chown 65534:65534 shared
  sw-cut -o shared orders.swr
  [[ $(stat -c %a:%u:%g shared) == 664:65534:65534 ]]
}

@test "outputs: two outputs into one descriptor, pipe or file are 2, under whatever names" {
  ln -s new link
  ln -s /dev/stdout out
  : >old
  ln old hard
  local one other
  while read -r one other; do
    refused 2 'two outputs into one file' bash -c "sw-chunk -o $one --tally $other orders.csv 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "sw-chunk -o $one --bad-rows $other orders.csv 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "sw-filter -o $one --reject $other orders.swr 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "sw-filter -o apart --reject $one --tally $other orders.swr 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "sw-agg -g side -o $one --tally $other orders.swr 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "sw-join -k timestamp --with keys.swr -o $one --tally $other orders.swr 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "sw-classify --trades trades.swr -o $one --tally $other events.swr 5>&1 | cat; exit \${PIPESTATUS[0]}"
  done <<'LINES'
- -
- /dev/stdout
/dev/fd/1 out
/dev/stdout /dev/fd/5
new new
new ./new
new link
old hard
LINES
  refused 2 'two outputs into one file' bash -c 'sw-chunk --tally file orders.csv >file'
  refused 2 'two outputs into one file' bash -c 'sw-chunk --tally /dev/stdout orders.csv'
  refused 2 'two outputs into one file' bash -c 'sw-agg --reports all -o results --tally results/global_summary.csv orders.swr'
  [[ ! -e new && ! -s old && ! -e apart ]]
  # Nothing is mixed there.
  sw-chunk -o /dev/null --tally /dev/null --bad-rows /dev/null orders.csv
}

@test "outputs: what standard output is redirected to is no input, however it is named" {
  cp -L orders.swr in.swr
  local name
  for name in - /dev/stdout /dev/fd/1; do
    refused 2 'is an input and the output' bash -c "sw-filter -o $name in.swr >>in.swr"
    refused 2 'is an input and the output' bash -c "sw-filter -o $name <in.swr >>in.swr"
  done
  cmp orders.swr in.swr
}

@test "outputs: files that get their names together all get them, or all stay as they were" {
  local rename
  rename=$(test_program rename_test)
  mkdir folder
  echo 1 >one; echo 2 >two; echo 3 >three
  echo A >a
  "$rename" one a two b three c
  [[ $(cat a b c) == $'1\n2\n3' ]]
  local words
  # What had its name for a moment is gone with it.
  for words in 'one a two new three folder' 'one a three folder two b' 'one a two new missing c' 'one a two b three nowhere/x'; do
    echo 4 >one; echo 5 >two; echo 6 >three
    # shellcheck disable=SC2086
    expect_status 3 "$rename" $words
  done
  [[ $(cat a b c) == $'1\n2\n3' && -d folder && ! -e new ]]
  [[ -z $(find . -name '*.tmp') ]]
}

@test "outputs: a split whose last file cannot get its name leaves what was there before" {
  local sum
  elsewhere=$(mktemp -d -p /dev/shm) || skip 'no other file system here'
  [[ $(stat -c %d "$elsewhere") != "$(stat -c %d .)" ]] || skip 'no other file system here'
  mkdir -p out/{1,2}
  sw-split -k side -o 'out/{side}/orders.swr' orders.swr
  sum=$(cksum out/*/orders.swr)
  mv out/2/orders.swr "$elsewhere/orders.swr"
  rmdir out/2
  ln -s "$elsewhere" out/2
  # Between file systems nothing can be renamed: the last name, or the first one, is not to be had.
  sw-filter -e 'side == 1' -o one.swr orders.swr
  sw-filter -e 'side == 2' -o two.swr orders.swr
  expect_status 3 sw-split -k side -o 'out/{side}/orders.swr' -c order_id one.swr two.swr
  expect_status 3 sw-split -k side -o 'out/{side}/orders.swr' -c order_id two.swr one.swr
  [[ $(cksum out/*/orders.swr) == "$sum" ]]
  [[ $(find out "$elsewhere" -mindepth 1 | wc -l) -eq 4 ]]
}

@test "outputs: a split follows links, and writes no two keys into one" {
  mkdir out
  ln -s ../target out/1.swr
  sw-split -k side -o 'out/{side}.swr' orders.swr
  [[ -L out/1.swr && $(sw-info target | awk '$1 == "rows" { print $2 }') -gt 0 ]]
  ln -sf ../target out/2.swr
  refused 2 'two keys have the name' sw-split -k side -o 'out/{side}.swr' orders.swr
  mkdir a
  ln -s a b
  ln -sfn ../a/x out/1.swr
  ln -sfn ../b/x out/2.swr
  refused 2 'two keys have the name' sw-split -k side -o 'out/{side}.swr' orders.swr
  rm out/2.swr
  mkfifo out/2.swr
  refused 3 'is no regular file' sw-split -k side -o 'out/{side}.swr' orders.swr
  [[ -p out/2.swr && ! -e a/x ]]
}

@test "outputs: reports, and what sw-gen makes, appear together or not at all" {
  sw-agg --reports all -o results orders.swr
  sum=$(cksum results/*)
  [[ -z $(find results -name '*.tmp') ]]
  rm results/by_participant.csv
  mkdir results/by_participant.csv
  refused 3 'is a directory' sw-agg --reports all -o results <(sw-filter -e 'side == 1' orders.swr)
  rmdir results/by_participant.csv
  sw-agg --reports by_participant -o results orders.swr
  [[ $(cksum results/*) == "$sum" ]]
  sw-gen --rows 100 --seed 1 -o made
  sum=$(cksum made/{orders,trades}.csv)
  rm made/nbbo.csv
  mkdir made/nbbo.csv
  refused 3 'is a directory' sw-gen --rows 200 --seed 2 -o made
  [[ $(cksum made/{orders,trades}.csv) == "$sum" && $(find made -mindepth 1 | wc -l) -eq 3 ]]
}

# pipelines: a line for each that writes one file, without its -o.
pipelines() {
  cat <<'LINES'
extract orders.csv
convert orders.csv
LINES
}

# bats test_tags=plain
@test "outputs: a pipeline writes to the descriptor that it was given, too" {
  local line file
  ln -s /dev/stdout link
  while read -r line; do
    $line -o whole
    for file in - /dev/stdout link; do
      printf 'before\n' >appended
      $line -o "$file" >>appended
      { printf 'before\n'; $line -o "$file"; printf 'behind\n'; } >around
      cmp appended <(printf 'before\n'; cat whole)
      cmp around <(printf 'before\n'; cat whole; printf 'behind\n')
    done
    { printf 'before\n' >&5; $line -o /dev/fd/5 >out; printf 'behind\n' >&5; } 5>fifth
    cmp fifth <(printf 'before\n'; cat whole; printf 'behind\n')
    $line -o - | cmp - whole
    [[ ! -s out && -L link && ! -e -.run ]]
  done < <(pipelines)
}

# bats test_tags=plain
@test "outputs: what a pipeline writes beside goes to descriptors, too" {
  sed 's/,1,/,x,/' orders.csv >bad.csv
  extract --bad-rows bad.rows --ledger ledger -o whole bad.csv
  for line in 'extract bad.csv' 'convert bad.csv' 'report bad.csv'; do
    $line -o out --bad-rows rows
    { echo before; $line -o out --bad-rows -; echo behind; } >around
    cmp around <(echo before; cat rows; echo behind)
    [[ -s rows ]]
    rm -r out
  done
  { echo before; extract -o out --bad-rows /dev/fd/5 --ledger /dev/stdout bad.csv 5>five; } >around
  cmp around <(echo before; cat ledger)
  cmp five bad.rows
  report --per event -o results --bad-rows bad.out --metrics - bad.csv >metrics
  python3 -c 'import json; assert json.load(open("metrics"))["total_jobs"] == 1'
  extract --bad-rows bad.rows --ledger ledger.gz -o whole bad.csv
  gzip -dc ledger.gz | cmp - ledger
  mkfifo fifo
  cat fifo >from_fifo &
  extract --bad-rows bad.rows -o fifo bad.csv
  wait $!
  cmp from_fifo whole
}

# bats test_tags=plain
@test "outputs: who reads FIFOs one behind the other gets each of them to its end" {
  sed 's/,1,/,x,/' orders.csv >bad.csv
  extract --bad-rows bad.rows --ledger ledger -o whole bad.csv
  mkfifo l b
  timeout 20 cat l b >both &
  timeout 20 extract --bad-rows b --ledger l -o out bad.csv
  wait $!
  cat ledger bad.rows | cmp - both
  cmp out whole
  # One that fails leaves no file.
  rm out
  expect_status 3 extract --bad-rows /dev/full --ledger counts -o out bad.csv
  [[ ! -e out && ! -e counts ]]
}

# bats test_tags=plain
@test "outputs: a pipeline follows links, hands permissions on, and puts nothing into a link's place" {
  local line
  mkdir -p a/b
  ln -s ../target a/relative
  ln -s "$PWD/a/relative" chain
  ln -s later ledger
  ln -s rows bad
  while read -r line; do
    $line -o whole
    $line -o chain --ledger ledger --bad-rows bad
    cmp whole target
    chmod 600 target
    $line -o chain --ledger ledger --bad-rows bad
    cmp whole target
    [[ -L chain && -L a/relative && -L ledger && -L bad && -f later && -f rows ]]
    [[ $(stat -c %a target) == 600 && $(find . -name '*.run' -o -name '*.tmp' | wc -l) -eq 0 ]]
    rm target
  done < <(pipelines)
  ln -s loop loop
  ln -s nowhere/file lost
  refused 3 'loop: Too many levels of symbolic links' extract -o loop orders.csv
  refused 3 'no such folder' extract -o lost orders.csv
  refused 3 'no such folder' extract -o out --ledger lost orders.csv
  [[ ! -e out ]]
}

# bats test_tags=plain
@test "outputs: a pipeline refuses two outputs into one, and an output that is an input" {
  local line one other
  ln -s new link
  ln -s /dev/stdout stdout
  cp -L orders.csv in.csv
  ln -s in.csv in.link
  while read -r one other; do
    for line in "extract --ledger $other" "extract --bad-rows $other" "convert --ledger $other"; do
      refused 2 'two outputs into one file' bash -c "$line -o $one orders.csv 5>&1 | cat; exit \${PIPESTATUS[0]}"
    done
    refused 2 'two outputs into one file' bash -c "extract -o apart --ledger $one --bad-rows $other orders.csv 5>&1 | cat; exit \${PIPESTATUS[0]}"
    refused 2 'two outputs into one file' bash -c "report -o OUT --bad-rows $one --metrics $other orders.csv 5>&1 | cat; exit \${PIPESTATUS[0]}"
  done <<'LINES'
- -
- /dev/stdout
stdout -
/dev/stdout /dev/fd/5
new ./new
link new
LINES
  refused 2 'is an input and the output' bash -c 'extract -o - in.csv >>in.csv'
  refused 2 'is an input and the output' bash -c 'extract -o /dev/fd/5 in.csv 5>>in.csv'
  refused 2 'is an input and the output' extract -o in.link in.csv
  refused 2 'is an input and the output' extract -o out --ledger in.csv in.link
  refused 2 'is an input and the output' report -o OUT --bad-rows in.link in.csv
  cmp orders.csv in.csv
  [[ ! -e new && ! -e OUT && ! -e apart ]]
}

# bats test_tags=plain
@test "outputs: a name in a folder that is gone is 3" {
  local line
  cp -L orders.csv "$BATS_TEST_TMPDIR/in.csv"
  export IN=$BATS_TEST_TMPDIR/in.csv OUT=$BATS_TEST_TMPDIR/rows
  # shellcheck disable=SC2016 # for the shell that is begun
  for line in 'report -o out "$IN"' 'report -o ../out "$IN"' 'extract -o "$OUT" --ledger not/there "$IN"'; do
    mkdir gone
    refused 3 'the working directory: No such file or directory' bash -c "cd gone && rmdir ../gone && $line"
  done
  [[ ! -e rows && ! -e out ]]
  mkdir gone
  (cd gone && rmdir ../gone && report --per event --reports by_date -o "$BATS_TEST_TMPDIR/all" "$IN")
  [[ -s all/aggregated/by_date.csv ]]
}

# bats test_tags=plain
@test "outputs: a pipeline refuses an output that it reads beside its inputs" {
  local line name tables='--trades t.csv --nbbo n.csv'
  cp -L orders.csv in.csv
  cp "$BATS_FILE_TMPDIR/trades.csv" t.csv
  sw-gen --rows 300 --seed 5 --stdout nbbo >n.csv
  printf '%s\n' t.csv >trades.list
  printf '%s\n' n.csv >nbbo.list
  printf '%s\n' in.csv >orders.list
  printf '%s\n' 110621 >codes
  printf '%s\n' : >machines
  printf '%s\n' 'workers = 1' >c.conf
  for name in orders trades nbbo; do cp "$TREE/share/schemas/$name.schema" .; done
  printf '%s\n' name,security_code,timestamp >sessions.csv
  printf '%s\n' security_code,price,tick >ticks.csv
  while read -r name line; do
    cp "$name" kept
    refused 2 'is an input and the output' bash -c "$line"
    cmp "$name" kept
  done <<LINES
c.conf extract -C c.conf -o c.conf in.csv
c.conf extract --configuration=c.conf -o rows --ledger ./c.conf in.csv
c.conf report -C c.conf -o OUT --metrics c.conf in.csv
codes extract -s @codes -o codes in.csv
codes report -p @codes -o OUT --metrics codes in.csv
machines extract --hosts 2/:,@machines -o machines in.csv
orders.schema convert -t orders.schema -o rows --ledger orders.schema in.csv
sessions.csv analyse $tables --sessions sessions.csv -o OUT --metrics sessions.csv in.csv
sessions.csv match $tables --sessions sessions.csv -o OUT --bad-rows sessions.csv in.csv
ticks.csv match $tables --ticks ticks.csv -o OUT --metrics ticks.csv in.csv
trades.schema analyse $tables --trades-schema trades.schema -o OUT --metrics trades.schema in.csv
nbbo.schema match $tables --nbbo-schema nbbo.schema -o OUT --metrics nbbo.schema in.csv
trades.list analyse --trades @trades.list --nbbo n.csv -o OUT --metrics trades.list in.csv
nbbo.list match --trades t.csv --nbbo @nbbo.list -o OUT --metrics nbbo.list in.csv
orders.list analyse $tables -o OUT --metrics orders.list @orders.list
LINES
  printf '%s\n' 'sessions = sessions.csv' >>c.conf
  refused 2 'is an input and the output' analyse -C c.conf --trades t.csv --nbbo n.csv -o OUT --metrics sessions.csv in.csv
  # What a run makes again where it lies is no less lost.
  mkdir -p there/run/securities there/aggregated
  cp sessions.csv there/run/securities
  cp codes c.conf there/aggregated
  for line in "analyse $tables --sessions there/run/securities/sessions.csv" 'report -s @there/aggregated/codes' 'report -C there/aggregated/c.conf'; do
    refused 2 'is an input, and results go to its folder' bash -c "$line -o there in.csv"
  done
  cmp sessions.csv there/run/securities/sessions.csv
  [[ ! -e OUT && ! -e rows ]]
}

@test "outputs: no name that could be foreseen is written to" {
  local program name
  echo kept >victim
  for program in 'extract -o out' 'convert -o out' 'extract -o out --ledger ledger --bad-rows rows' 'report -o OUT --bad-rows rows'; do
    # shellcheck disable=SC2016
    bash -c 'for name in out ledger rows; do
        for end in "$$" "$$.tmp" tmp probe "$$.tmp.probe"; do ln -sfn "$PWD/victim" "$name.$end"; done
      done
      exec '"$program"' orders.csv'
  done
  [[ $(cat victim) == kept ]]
  for name in out ledger rows; do [[ -f $name && ! -L $name ]]; done
}

@test "outputs: a pipeline's files get their names together, or none does" {
  echo old | tee out ledger >rows
  # A folder comes into the place of the last one while it is written: a part comes through a pipe.
  mkdir step
  for program in "$SW_BIN"/*; do ln -s "$program" step/; done
  rm step/sw-ledger
  cat >step/sw-ledger <<SCRIPT
#!/bin/bash
if [ "\$1" = deliver ]; then
  part=\$(find "\$PWD/out.run/parts" -name '*.rows' | sort | head -n 1)
  mv "\$part" part && mkfifo "\$part"
  { exec 3>"\$part"; rm -f out && mkdir out; cat part >&3; } 2>/dev/null >&2 &
fi
exec "$SW_BIN/sw-ledger" "\$@"
SCRIPT
  chmod +x step/sw-ledger
  refused 3 'Is a directory' env SW_BIN="$PWD/step" extract --verify-inputs -o out --ledger ledger --bad-rows rows orders.csv
  [[ $(cat ledger rows) == $'old\nold' && -d out && -z $(find . -name '*.tmp') ]]
}

@test "outputs: rows and what is written beside them appear together" {
  sed 's/,1,/,x,/' orders.csv >bad.csv
  sw-sort -k security_code,timestamp -o quotes.swr <(sw-gen --rows 300 --seed 5 --stdout nbbo | sw-chunk)
  sw-classify --trades trades.swr -o classified.swr events.swr
  # What goes elsewhere has no room: then what would be whole is not there either.
  local line
  while read -r line; do
    echo old >one
    refused 3 'No space left on device' bash -c "$line"
    [[ $(cat one) == old ]]
  done <<'LINES'
sw-chunk -o one --bad-rows /dev/full bad.csv
sw-filter -o one -e 'side == 1' --reject /dev/full orders.swr
sw-simulate --nbbo quotes.swr -o one --per-order /dev/full classified.swr
LINES
}
