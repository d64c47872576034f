#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The folder of a run: nobody else may have had a hand in it, what is in it is read and never run, and it is of one kind of run.
# shellcheck disable=SC2016,SC2164 # what is planted is not to be expanded; set -e
# bats file_tags=check, plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  sw-gen --rows 3000 --securities 3 --participants 4 --days 2 --seed 3 -o "$DATA"
}

setup() { cd "$BATS_TEST_TMPDIR"; }

# A run of a pipeline into OUT, which leaves its folder.
run_of() {
  case $1 in
    analyse) analyse -j 2 -b 100K --log-level error --trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv" -o "$2" "${@:3}" "$DATA/orders.csv" ;;
    report) report -j 2 -b 100K -o "$2" "${@:3}" "$DATA/orders.csv" ;;
    *) "$1" -j 2 -b 100K --keep-intermediate yes -o "$2" "${@:3}" "$DATA/orders.csv" ;;
  esac
}

folder_of() { case $1 in report | analyse) echo "$2/run" ;; *) echo "$2.run" ;; esac; }

@test "run folder: with any mask a run makes what its next call trusts, and results with the user's mask" {
  for mask in 000 002 077 277; do
    umask "$mask"
    for pipeline in report extract convert analyse; do
      for runner in shell parallel; do
        SW_RUNNER=$runner run_of "$pipeline" "$pipeline$mask"
        [ -z "$(find "$(folder_of "$pipeline" "$pipeline$mask")" ! -type l -perm /022 | tee /dev/stderr)" ]
        [ "$mask" = 000 ] || [ "$mask" = 077 ] || break
      done
      # a plain file of the shell's, which has no bits but the mask's
      : >"plain$mask"
      wanted=$(stat -c %a "plain$mask")
      [ "$mask" != 277 ] || continue
      case $pipeline in
        report) same "$(find "report$mask/aggregated" -type f -printf '%m\n' | sort -u)" "$wanted" ;;
        analyse) same "$(find "analyse$mask"/{aggregated,by_security} -type f -printf '%m\n' | sort -u)" "$wanted" ;;
        *) same "$(stat -c %a "$pipeline$mask")" "$wanted" ;;
      esac
    done
    umask 022
  done
}

@test "run folder: what others may write is refused, and nothing in it changes" {
  for pipeline in report extract convert analyse; do
    run_of "$pipeline" "$pipeline"
    folder=$(folder_of "$pipeline" "$pipeline")
    for place in "$folder" "$folder/parts" "$(find "$folder/parts" -name '*.tally' | head -n 1)" "$folder/process"; do
      for mode in g+w o+w 1777; do
        before=$(stat -c %a "$place")
        chmod "$mode" "$place"
        all=$(find "$pipeline"* -type f -printf '%p %m %s %T@\n' | sort)
        expect_status 3 run_of "$pipeline" "$pipeline"
        [[ $output == *"$place: others may write there"* ]]
        same "$all" "$(find "$pipeline"* -type f -printf '%p %m %s %T@\n' | sort)"
        chmod "$before" "$place"
      done
    done
    run_of "$pipeline" "$pipeline"
  done
}

@test "run folder: what belongs to another user is refused" {
  [ "$(id -u)" -eq 0 ] || skip 'needs root, to give files away'
  for pipeline in report extract analyse; do
    run_of "$pipeline" "$pipeline"
    folder=$(folder_of "$pipeline" "$pipeline")
    for place in "$folder" "$folder/parts" "$folder/lock"; do
      chown nobody "$place"
      expect_status 3 run_of "$pipeline" "$pipeline"
      [[ $output == *"$place: belongs to nobody"* ]]
      chown root "$place"
    done
    mv "$folder" elsewhere
    ln -s "$PWD/elsewhere" "$folder"
    run_of "$pipeline" "$pipeline"
    chown -h nobody "$folder"
    expect_status 3 run_of "$pipeline" "$pipeline"
    [[ $output == *"belongs to nobody"* ]]
    rm -r elsewhere "$folder"
  done
}

@test "run folder: an own folder among those of others is fine" {
  mkdir -m 1777 shared
  run_of report shared/out
  run_of report shared/out
  run_of extract shared/out.csv
  run_of extract shared/out.csv
}

@test "run folder: what was left there is read, and never run" {
  for pipeline in report extract analyse; do
    run_of "$pipeline" "clean $pipeline"
    run_of "$pipeline" "$pipeline"
    folder=$(folder_of "$pipeline" "$pipeline")
    hook="\$(touch $PWD/ran)"
    for text in "; touch $PWD/ran; $hook" "a[$hook]" "1	a[$hook]	a[$hook]	a[$hook]	x[$hook]:1:1"; do
      while IFS= read -r file; do
        case $file in *.partial | *.rows | *.swr) continue ;; esac
        printf '%s\n' "$text" >"$file"
      done < <(find "$folder" -type f ! -name kind ! -path '*/parallel/*')
      mkdir -p "$folder/parallel/tmp/sshlogin/$(hostname)"
      printf 'system("touch %s/ran");1\n' "$PWD" >"$folder/parallel/tmp/sshlogin/$(hostname)/setpgrp_func"
      SW_RUNNER=parallel run_of "$pipeline" "$pipeline" || status=$?
      [ ! -e ran ]
    done
    run_of "$pipeline" "$pipeline"
    case $pipeline in
      extract) cmp "clean $pipeline" "$pipeline" ;;
      *) diff -r "clean $pipeline/aggregated" "$pipeline/aggregated" ;;
    esac
  done
  # and nothing there could be: what the pipelines source is theirs
  sourced=$(grep -rhoE '^ *(\.|source) +.*' "$TREE"/pipelines/)
  [ "$(wc -l <<<"$sourced")" -gt 20 ]
  run grep -vE '"(\$sw_home|\$home|\$\{(0|self|BASH_SOURCE\[0\])%/\*\})/((\.\./)?(lib|remote)/)?[a-z-]+\.sh"' <<<"$sourced"
  [ "$status" -eq 1 ]
}

@test "run folder: of the files that a run was writing only those named after its outputs are removed" {
  run_of extract rows.csv --bad-rows bad.csv
  : >"rows.csv.123.tmp" && : >bad.csv.Ab12Cd.tmp && : >mine && : >mine.1.tmp && : >target && ln -s target rows.csv.7.tmp
  printf '%s\0' "$PWD"/{rows.csv.123.tmp,bad.csv.Ab12Cd.tmp,mine,mine.1.tmp,rows.csv.7.tmp,rows.csv} >rows.csv.run/unfinished
  run_of extract rows.csv --bad-rows bad.csv 2>said
  [ ! -e rows.csv.123.tmp ] && [ ! -e bad.csv.Ab12Cd.tmp ]
  [ -e mine ] && [ -e mine.1.tmp ] && [ -L rows.csv.7.tmp ] && [ -s rows.csv ]
  grep -q 'mine: left by an earlier run' said
}

@test "run folder: it is of one kind of run, and another pipeline refuses it" {
  for one in report analyse extract convert; do
    run_of "$one" "$one"
    for other in report analyse extract convert; do
      [ "$one" != "$other" ] || continue
      [[ "$one $other" != @(report|analyse)*@(extract|convert) && "$one $other" != @(extract|convert)*@(report|analyse) ]] || continue
      all=$(find "$one"* -type f ! -name lock -printf '%p %s %T@\n' | sort)
      expect_status 2 run_of "$other" "$one"
      [[ $output == "$other: "*"$one: has the results of $one; give $other another output" ]]
      same "$all" "$(find "$one"* -type f ! -name lock -printf '%p %s %T@\n' | sort)"
    done
    run_of "$one" "$one"
  done
  # of an analysis whose run's folder was removed
  rm -r analyse/run
  expect_status 2 run_of report analyse
  run_of analyse analyse
}

opened() { sw-job --open run --output out --kind report --pipeline report "$@"; }

# locked COMMAND…: with the lock of run held for this shell.
locked() {
  local lock
  exec {lock}>>run/lock
  opened --lock "$lock" --process $$ --begun 12.000001 && "$@"
  exec {lock}>&-
}

@test "run folder: sw-job makes it for its user alone, and hands the lock to whoever opened it" {
  (umask 000 && opened --mask 027)
  same "$(stat -c %a run)" 750
  locked silent expect_status 1 flock -n run/lock true
  # It went with the shell that had it; what it wrote down is of that.
  flock -n run/lock true
  same "$(cut -d ' ' -f 1,3 run/process | head -n 1)" "$$ $HOSTNAME"
  same "$(tail -n 1 run/process)" 'begun 12.000001'
  same "$(cat run/kind)" report
  expect_status 2 sw-job --open run --output out --kind extract
  same "$output" 'sw-job: out: has the results of report; give extract another output'
  expect_status 2 opened --lock 9
  expect_status 2 opened --kill-orphans
  expect_status 2 sw-job --open run --kind report
  expect_status 3 sw-job --open /dev/null --output out --kind report
}

@test "run folder: what an earlier run left of its own goes, and a lock whose folder went is none" {
  opened
  touch run/{joblog,stages,some.tmp,other}
  locked true
  same "$(cd run && echo *)" 'kind lock other process'
  rm run/process run/kind
  exec {lock}>>run/lock
  rm run/lock
  opened --lock "$lock" --process $$ --begun 1.000000
  [ ! -e run/process ]
  exec {lock}>&-
}

@test "run folder: those that hold a lock are ended, whether they hear of it or not; this one is not" {
  : >lock
  flock lock sleep 60 3>&- & one=$!
  (trap '' TERM && exec 9>>lock2 && flock 9 && : >held && sleep 60 9>&-) 3>&- & two=$!
  until [ -e held ] && [ -n "$(sw-job --holders lock)" ]; do sleep 0.05; done
  exec {mine}>>lock2
  silent sw-job --holders lock --end
  wait "$one" && return 1
  silent sw-job --holders lock2 --but $$ --end
  wait "$two" && return 1
  exec {mine}>&-
  expect_status 2 sw-job --end
}

@test "run folder: why nothing can be written is said in the system's words" {
  silent sw-job --why-not "$PWD/file"
  [ -z "$(find . -name 'file.*')" ]
  same "$(ulimit -f 100 && sw-job --why-not "$PWD/file")" 'File too large'
  [ -z "$(find . -name 'file.*')" ]
  [ -w /dev/full ] || skip 'no such device'
  mkdir small && mount -t tmpfs -o size=1m none small 2>/dev/null || skip 'nothing can be mounted'
  reason=$(sw-job --why-not small/file)
  umount small
  same "$reason" 'No space left on device'
}

@test "run folder: one that the next run has made is not removed by the one before" {
  # As sw-job, or sw-ledger, has removed the folder another run makes it.
  mkdir -p shim/bin
  ln -s "$SW_BIN"/sw-* shim/bin/
  ln -s "$TREE/share" shim/share
  for program in sw-job sw-ledger; do
    rm "shim/bin/$program"
    printf '#!/bin/sh\n"%s" "$@" || exit\ncase " $* " in *" --remove "*) [ -e out.csv.run ] || { mkdir out.csv.run && echo the next >out.csv.run/process && : >out.csv.run/lock; } ;; esac\n' \
      "$SW_BIN/$program" >"shim/bin/$program"
    chmod +x "shim/bin/$program"
  done
  # What was just written is looked at again, and delivered by the other one.
  sw-gen --rows 100 --stdout orders >new.csv
  for orders in "$DATA/orders.csv" new.csv; do
    SW_BIN=$PWD/shim/bin extract -j 1 -o out.csv "$orders"
    same "$(cat out.csv.run/process)" 'the next'
    [ -e out.csv.run/lock ]
    rm -r out.csv.run
  done
}

@test "run folder: one that goes with another run, or comes, while this one begins is made again, or waited for" {
  mkdir -p others/bin
  ln -s "$TREE/share" others/share
  ln -s "$SW_BIN"/sw-* others/bin/
  extract -o wanted.csv "$DATA/orders.csv"
  # what this one has made is removed once, as by a run that found it empty
  rm others/bin/sw-plan
  printf '#!/bin/sh\n%s "$@" || exit\nrmdir out.csv.run 2>/dev/null && echo >>gone || :\n' "$SW_BIN/sw-plan" >others/bin/sw-plan
  # what is found empty is another's, which locks it now, or removes it
  printf '#!/bin/sh\nmkdir -p out.csv.run\n[ -e locks ] && >out.csv.run/lock || rm -r out.csv.run\nexit 1\n' >others/rmdir
  chmod +x others/bin/sw-plan others/rmdir
  SW_BIN=$PWD/others/bin extract -o out.csv "$DATA/orders.csv"
  [ -s gone ]
  cmp out.csv wanted.csv
  for round in locks goes; do
    rm -f out.csv locks
    [ "$round" = goes ] || touch locks
    mkdir out.csv.run
    PATH=$PWD/others:$PATH extract -o out.csv "$DATA/orders.csv"
    cmp out.csv wanted.csv
    [ ! -e out.csv.run ]
  done
  mkdir -p out.csv.run/mine
  expect_status 3 extract -o out.csv "$DATA/orders.csv"
  [[ $output == *'is no folder of a run'* ]]
}
