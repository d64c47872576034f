# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What a shell and the tools that are called from it take from their surroundings is not to reach a run: options of the shell (failglob,
# noclobber), functions in the place of programs, words that grep, tar or gzip put before those they are given, a pipeline's own variables.
# Sourced first by whatever begins a run or a job elsewhere, with the words that the script was called with.
#
# bash -p takes no options and functions from its surroundings: the scripts' first lines ask for it, since options such as noexec hold before
# anything here does, and who calls them as bash FILE gets it here. But it keeps them for the shells that it calls; so where something of
# the kind is there the script is begun anew without it.

# Who may be called with tens of thousands of words has put them into sw_words, and has none of its own while files are sourced: the first
# time that takes bash the square of their number. (What comes from the surroundings is no array.)
[[ ${sw_words+${sw_words@A}} == 'declare -a'* ]] || sw_words=("$@")
shopt -qo privileged || exec bash -p "$0" "${sw_words[@]}"
export LC_ALL=C
mapfile -d '' -t surroundings </proc/self/environ
surroundings_drop=()
# Most have none of those that are looked for, and are looked through at once.
surroundings=("${surroundings[@]%%=*}")
printf -v surrounding '\n%s' "${surroundings[@]}"
[[ $surrounding == *BLOCK* || $surrounding =~ $'\n'(BASH|SHELLOPTS|ENV|IFS|CDPATH|GLOB|EXECIGNORE|FIGNORE|TMOUT|PS4|FUNCNEST|OPT|TIMEFORMAT|_?POSIX|GREP_|GZIP|XZ_|ZSTD_|TA|G?AWK|MAWK|WHINY|GETOPT_|QUOTING|PARALLEL|PERL|[a-z]) ]] || surroundings=()
for surrounding in "${surroundings[@]}"; do
  case $surrounding in
    # of the shell
    BASH* | SHELLOPTS | ENV | IFS | CDPATH | GLOBIGNORE | GLOBSORT | EXECIGNORE | FIGNORE | TMOUT | PS4 | FUNCNEST | OPTIND | OPTERR | TIMEFORMAT) ;;
    # of the tools, GNU parallel and perl among them
    POSIX* | _POSIX* | GREP_* | GZIP | XZ_* | ZSTD_* | TAR_* | TAPE | AWK* | GAWK_* | MAWK* | WHINY_USERS | GETOPT_* | *BLOCK_SIZE | BLOCKSIZE | QUOTING_STYLE) ;;
    PARALLEL_SEQ) continue ;; # on-host's, the number of its job
    PARALLEL* | PERL5* | PERLLIB | PERL_* | PERLIO*) ;;
    # Variables of the shell have names in small letters, and so do all of the pipelines' own.
    *_proxy | sw_words) continue ;;
    [a-z]*) [[ $surrounding == *[!A-Za-z0-9_]* ]] || unset -v "$surrounding"; continue ;;
    *) continue ;;
  esac
  surroundings_drop+=(-u "$surrounding")
done
if [ "${#surroundings_drop[@]}" -gt 0 ]; then exec env "${surroundings_drop[@]}" bash -p "$0" "${sw_words[@]}"; fi
unset -v surrounding surroundings surroundings_drop
# Who said another one may be another machine, whose surroundings came along with a job.
IFS= read -r HOSTNAME </proc/sys/kernel/hostname
[[ ${TMPDIR-/} == /* ]] || export TMPDIR=$PWD/$TMPDIR
