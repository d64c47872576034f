#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Whatever is exported where a pipeline is called, options of the shell, functions, words for the tools, its bytes are those of a call
# from clean surroundings.
# shellcheck disable=SC2016,SC2164 # what is exported is not to be expanded here; set -e
# bats file_tags=plain

load helper

setup_file() {
  export DATA=$BATS_FILE_TMPDIR/data
  sw-gen --rows 600 --securities 2 --participants 4 --days 2 --seed 3 -o "$DATA"
  mkdir -p "$DATA/home/.parallel" "$DATA/odd * tmp"
  echo --dry-run | tee "$DATA/home/.parallel/config" >"$DATA/home/.parallelrc"
  printf '%s\n' 'set -o noglob' 'alias sort=true' 'export LC_ALL=tr_TR.UTF-8' 'sort() { :; }' 'cat() { :; }' 'trap "echo trapped" EXIT DEBUG' >"$DATA/startup"
  cd "$DATA"
  sw-chunk orders.csv | sw-cut -c security_code --no-header | sort -u >codes
  for pipeline in report extract convert analyse; do run_of "$pipeline" clean; done
}

setup() { cd "$DATA"; }

# run_of PIPELINE FOLDER: what it makes, there.
run_of() {
  local words=(--log-level error -j 2 -b 40K)
  [ "$1" != analyse ] || words+=(--trades trades.csv --nbbo nbbo.csv)
  [ "$1" != convert ] || words+=(-k 'price,order_id')
  mkdir -p "$2"
  "${run[@]}" "${PIPELINE:-$1}" "${words[@]}" -s @codes -H 0-23 -o "$2/$1" orders.csv
}

settings() {
  printf '%s\n' BASHOPTS={failglob,nullglob,nocasematch,dotglob,extglob,globstar,xpg_echo,compat31,inherit_errexit,localvar_inherit,expand_aliases} \
    SHELLOPTS={noglob,errexit,noclobber,posix,xtrace,verbose,noexec,onecmd,keyword,allexport,pipefail,monitor,functrace,nounset,physical} \
    IFS=/ IFS=0 CDPATH=/:/tmp 'GLOBIGNORE=*' GREP_OPTIONS=-v GREP_COLORS=mt=1 POSIXLY_CORRECT=1 _POSIX2_VERSION=199209 \
    BASH_ENV="$DATA/startup" ENV="$DATA/startup" BASH_COMPAT=3.2 TMOUT=1 'PS4=$(touch ran)' BASH_XTRACEFD=1 FUNCNEST=1 OPTIND=9 BASH_ARGV0=other \
    BASH_FUNC_{sort,awk,grep,mktemp,env,exec,printf,find,mv,sw-chunk,sw_fail,worst_of,read}%%='() { return 1; }' \
    TZ=Australia/Sydney TZ=:nowhere LC_ALL=tr_TR.UTF-8 LC_NUMERIC=de_DE.UTF-8 LANG=ja_JP.SJIS LANGUAGE=de \
    PARALLEL=--dry-run PARALLEL_SHELL=/bin/false PARALLEL_HOME=/nonexistent HOME="$DATA/home" XDG_CONFIG_HOME="$DATA/home" PERL5OPT=-MNowhere PERL_UNICODE=SDA \
    MAKEFLAGS=-n GZIP=-1 XZ_OPT=-0 ZSTD_CLEVEL=19 TAR_OPTIONS=-v AWKPATH=/nowhere MAWKBINMODE=3 GETOPT_COMPATIBLE=1 PYTHONPATH=/nowhere PYTHONSTARTUP=/nowhere \
    TMPDIR='odd * tmp' TMPDIR="$DATA/odd * tmp" HOSTNAME='a b/../c	d' COLUMNS=1 LINES=0 SECONDS=x RANDOM=1 EPOCHREALTIME=1 UID=99 PPID=1 PWD=/nowhere SHLVL=x BLOCK_SIZE=1 \
    SW_ATTEMPT=1 SW_DRY_RUN=1 SW_UMASK=777 SW_HOST_STAGE=/nowhere SW_JOB_STAGE=/nowhere {work,output,inputs,columns,step,failed,worst,hosts,self,home,sw_home,sw_words}=/nowhere \
    {work_is_temporary,account_lost,aggregated_again,job_dry,status,stage,monitor,terminal,schema,zone,selectors}=1
}

# same_with PIPELINE SETTING…: the same bytes and status.
same_with() {
  local pipeline=$1
  shift
  rm -rf "$BATS_TEST_TMPDIR/out" ran
  run=(env "$@")
  if run_of "$pipeline" "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/said" 2>&1; then
    [ ! -e ran ] && diff -r "clean/$pipeline" "$BATS_TEST_TMPDIR/out/$pipeline" -x run >&2 && return
  fi
  printf '%s:\n' "$*"
  cat "$BATS_TEST_TMPDIR/said"
  return 1
}

# Those of one name follow each other: in a bundle of every tenth there is none twice.
in_bundles() {
  local all bundle i wrong=0
  mapfile -t all < <(settings)
  for ((i = 0; i < 12; i++)); do
    bundle=()
    for ((at = i; at < ${#all[@]}; at += 12)); do bundle+=("${all[at]}"); done
    same_with "$1" "${bundle[@]}" "${@:2}" || wrong=1
  done
  [ "$wrong" -eq 0 ]
}

@test "surroundings: report" { in_bundles report; }

@test "surroundings: extract" { in_bundles extract; }

@test "surroundings: convert" { in_bundles convert; }

# bats test_tags=check
@test "surroundings: analyse" { in_bundles analyse; }

# bats test_tags=check
@test "surroundings: jobs of GNU parallel" {
  skip_without parallel
  in_bundles report SW_RUNNER=parallel
}

# bats test_tags=check
@test "surroundings: options of the shell, each alone" {
  local setting wrong=0
  while IFS= read -r setting; do same_with extract "$setting" || wrong=1; done < <(settings | grep '^SHELLOPTS\|^BASHOPTS')
  [ "$wrong" -eq 0 ]
}

# bats test_tags=check
@test "surroundings: all at once, in a sweep too, and where the shell is called by name" {
  mapfile -t all < <(settings | grep -v '^SHELLOPTS=\|^BASHOPTS=\|^LC_ALL=\|^HOME=')
  options=$(settings | sed -n 's/^SHELLOPTS=//p' | grep -v 'noexec\|onecmd' | paste -s -d :)
  more=$(settings | sed -n 's/^BASHOPTS=//p' | paste -s -d :)
  for shell in '' bash; do
    for pipeline in report extract convert analyse; do
      run=(env "${all[@]}" "SHELLOPTS=$options" "BASHOPTS=$more" ${shell:+"$shell"})
      # a posix shell does not begin with a function that is called as one of its own commands
      [ -z "$shell" ] || run=(env -u POSIXLY_CORRECT "${all[@]/#BASH_FUNC_exec*/X=1}" "SHELLOPTS=${options//posix/noglob}" "BASHOPTS=$more" "$shell")
      rm -rf out
      PIPELINE=${shell:+$TREE/pipelines/$pipeline} run_of "$pipeline" out 2>"$BATS_TEST_TMPDIR/said" || { tail -n 3 "$BATS_TEST_TMPDIR/said"; false; }
      diff -r "clean/$pipeline" "out/$pipeline" -x run
    done
  done
  printf '%s\n' 'orders = orders.csv' 'trades = trades.csv' 'nbbo = nbbo.csv' 'output = swept' steps=report,analyse,extract workers=2 chunk_size=40K >sweep.conf
  rm -rf swept
  sweep -C sweep.conf 2>/dev/null
  mv swept wanted
  env "${all[@]}" "SHELLOPTS=$options" "BASHOPTS=$more" sweep -C sweep.conf 2>/dev/null
  diff -r wanted swept -x run
}
