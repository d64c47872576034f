#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Names are names: whatever the current folder, the output, the inputs, a schema or TMPDIR is called, a run's bytes are those of a run
# among plain names. GNU parallel's command line is a template, Slurm's log names are patterns, a remote shell reads what ssh is given.
# shellcheck disable=SC2016,SC2164 # names are no expressions; set -e
# bats file_tags=plain

load helper

# All that a template, a shell, a pattern or a format could take for its own, harmlessly. Then names that begin as an option does.
odd='a {} {#} {.} {%} {= 1 =} {=1 $_="x" =} {1} %d %% %n "q" '\''s'\'' $(true) `true` \n \ * ?[x]#~&;|<>! ü'
dash='-o {} $(true)'

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  sw-gen --rows 4000 --securities 3 --participants 4 --days 2 --seed 3 -o "$DATA"
  { grep -v '^table' "$TREE/share/schemas/orders.schema"; echo 'table events'; } >"$DATA/own.schema"
  cd "$DATA"
  make_all plain orders.csv trades.csv nbbo.csv own.schema
}

# make_all OUT ORDERS TRADES NBBO SCHEMA: a run of each pipeline.
make_all() {
  report -j 2 -b 100K --schema "$5" -o "$1/report" -- "$2"
  extract -j 2 -b 100K --schema "$5" --bad-rows "$1/bad {}" --ledger "$1/ledger {}" -o "$1/rows.csv" -- "$2"
  convert -j 2 -b 100K --schema "$5" -k price -o "$1/rows.swr" -- "$2"
  analyse --schema "$5" -j 2 -b 100K --trades "$3" --nbbo "$4" -o "$1/analysis" -- "$2"
  printf '%s\n' "orders = $2" "trades = $3" "nbbo = $4" "output = $1/swept" steps=report,analyse,extract,convert workers=2 |
    sweep -C - || return
}

# all_equal OUT: but for the ledgers' names of files.
all_equal() {
  local file
  for file in report/aggregated analysis/aggregated analysis/by_security rows.csv swept/orders.csv swept/report/aggregated \
    swept/by_security swept/aggregated; do
    diff -r "$DATA/plain/$file" "$1/$file" || return
  done
  for file in rows.swr swept/orders.swr; do same "$(sw-info --digest "$DATA/plain/$file")" "$(sw-info --digest "$1/$file")" || return; done
}

# among NAME: in a folder of that name, with such names for all else.
among() {
  local name=$1
  mkdir -p -- "$BATS_TEST_TMPDIR/$name/$name" "$BATS_TEST_TMPDIR/$name/$name.t"
  cd -- "$BATS_TEST_TMPDIR/$name"
  cp "$DATA/orders.csv" "./$name.csv"
  cp "$DATA/trades.csv" "./$name trades.csv"
  cp "$DATA/nbbo.csv" "./$name nbbo.csv"
  cp "$DATA/own.schema" "./$name.schema"
  TMPDIR=$PWD/$name.t make_all "$name" "$name.csv" "$name trades.csv" "$name nbbo.csv" "$name.schema"
  all_equal "./$name"
}

@test "odd names: run by the shell" { SW_RUNNER=shell among "$odd"; }

# bats test_tags=check
@test "odd names: run by GNU parallel" { SW_RUNNER=parallel among "$odd"; }

# bats test_tags=check
@test "odd names: that begin with a dash" { SW_RUNNER=parallel among "$dash"; }

# ssh of the tests: the words behind the host go to a shell of the kind that the host is called after, as sshd does it.
fake_ssh() {
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  # shellcheck disable=SC2016
  printf '%s\n' '#!/bin/sh' 'while [ "$1" != -- ]; do shift; done' 'shell=$2; shift 2; cd /; exec "$shell" -c "$*"' >"$BATS_TEST_TMPDIR/bin/fake-ssh"
  chmod +x "$BATS_TEST_TMPDIR/bin/fake-ssh"
  export SW_SSH=$BATS_TEST_TMPDIR/bin/fake-ssh
}

# bats test_tags=check
@test "odd names: on other hosts, whatever their login shell" {
  skip_without parallel
  fake_ssh # of the shells those that are here: sh and bash are
  mkdir -p -- "$BATS_TEST_TMPDIR/$odd"
  cd -- "$BATS_TEST_TMPDIR/$odd"
  cp "$DATA/orders.csv" "$odd.csv"
  for shell in sh bash csh fish zsh; do
    command -v "$shell" >/dev/null || continue
    report --hosts "2/$shell" -b 100K -o "$odd $shell" "$odd.csv"
    diff -r "$DATA/plain/report/aggregated" "$odd $shell/aggregated"
    same "$shell" "$(tail -n +2 "$odd $shell/run/joblog" | grep -v /fold-share | cut -f 2 | sort -u | sed 's|.*on-host ||')"
  done
}

@test "odd names: by Slurm, in whose log names % stands for more" {
  # sbatch of the test: the tasks one after another, as slurmd calls a copy of the batch file.
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  cat >"$BATS_TEST_TMPDIR/bin/sbatch" <<'END'
#!/usr/bin/env bash
out=''
while [[ $1 == -* ]]; do
  case $1 in
    --array=*) last=${1##*-} last=${last%%%*} ;;
    --output=*) out=${1#*=} ;;
    --comment=*) printf '%s\n' "${1#*=}" >"$COMMENTS" ;;
  esac
  shift
done
[ "$out" = /dev/null ] || exit 1
echo 1
for ((task = 0; task <= last; task++)); do SLURM_ARRAY_JOB_ID=1 SLURM_ARRAY_TASK_ID=$task "$@" || exit; done
END
  printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/bin/scancel"
  chmod +x "$BATS_TEST_TMPDIR"/bin/*
  mkdir -p -- "$BATS_TEST_TMPDIR/$odd"
  cd -- "$BATS_TEST_TMPDIR/$odd"
  cp "$DATA/orders.csv" "$odd.csv"
  COMMENTS=$BATS_TEST_TMPDIR/comments PATH=$BATS_TEST_TMPDIR/bin:$PATH SW_SLURM_BATCHES=2 \
    slurm --comment="$odd" report -b 100K -o "$odd" "$odd.csv"
  diff -r "$DATA/plain/report/aggregated" "$odd/aggregated"
  same "$odd" "$(cat "$BATS_TEST_TMPDIR/comments")"
  same '0.log 1.log' "$(cd "$odd/run/slurm" && echo *.log)"
}

# bats test_tags=check
@test "odd names: a line break works for inputs and what is written last; in the name of a run's folder other hosts refuse it before anything is written" {
  local broken=$'two\nlines\tand \n' folder
  cd "$BATS_TEST_TMPDIR"
  cp "$DATA/orders.csv" "$broken.csv"
  cp "$DATA/own.schema" "$broken.schema"
  cp "$DATA/trades.csv" "trades $broken"
  cp "$DATA/nbbo.csv" "nbbo $broken"
  for runner in shell parallel; do
    SW_RUNNER=$runner extract -j 2 -b 100K --schema "$broken.schema" --ledger "ledger $broken" --bad-rows "bad $broken" -o rows.csv "$broken.csv"
    cmp "$DATA/plain/rows.csv" rows.csv
    same "$(python3 -c 'import csv, sys; print(len(list(csv.reader(open(sys.argv[1])))))' "ledger $broken")" 3
    [ -e "bad $broken" ]
    SW_RUNNER=$runner analyse -j 2 -b 100K --trades "trades $broken" --nbbo "nbbo $broken" -o "analysis $runner" "$broken.csv"
    diff -r "$DATA/plain/analysis/by_security" "analysis $runner/by_security"
  done
  mkdir "$broken" empty
  for folder in "$BATS_TEST_TMPDIR/empty" "$BATS_TEST_TMPDIR/$broken"; do
    cd "$folder"
    for pipeline in report extract convert analyse; do
      words=()
      [ "$pipeline" != analyse ] || words=(--trades "$DATA/trades.csv" --nbbo "$DATA/nbbo.csv")
      out=out
      [ "${folder##*/}" != empty ] || out=$'out\n1'
      expect_status 2 "$pipeline" --hosts nowhere "${words[@]}" -o "$out" "$DATA/orders.csv"
      [[ $output == *"a line break or a tab"* ]]
      [ -z "$(ls -A)" ]
    done
  done
}
