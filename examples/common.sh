# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# What the examples share: columns by name, the results of an analysis as tables, and the programs on PATH. None of the functions
# knows quotes: the files they are used on have none where it matters.

set -euo pipefail
export LC_ALL=C
PATH="$PATH:$(readlink -m "${BASH_SOURCE[0]%/*}/../bin")"

# arguments LEAST MOST COUNT WORDS: how many there may be, how many there are; WORDS name them.
arguments() {
  if [ "$3" -lt "$1" ] || [ "$3" -gt "$2" ]; then
    echo "usage: ${0##*/} $4" >&2
    exit 2
  fi
}

# columns NAME…: those columns of CSV, the header included, by name.
columns() {
  awk -F, -v OFS=, -v names="$*" '
    NR == 1 {
      count = split(names, name, " ")
      for (i = 1; i <= NF; i++) at[$i] = i
      for (i = 1; i <= count; i++)
        if (!(name[i] in at)) { print "there is no column " name[i] >"/dev/stderr"; exit 1 }
    }
    {
      line = ""
      for (i = 1; i <= count; i++) line = line (i > 1 ? OFS : "") $(at[name[i]])
      print line
    }'
}

# below_header COMMAND…: the first line as it is, the others through the command.
below_header() {
  local header
  IFS= read -r header
  printf '%s\n' "$header"
  "$@"
}

# table_names OUT: the tables that the CSV files under OUT make up: a file of aggregated/ or run/ is one; the files of all
# securities and dates with the same name are one together; those of aggregated/tca/ begin with tca_.
table_names() {
  local file name
  for file in "$1"/{aggregated,run}/*.csv; do
    [ ! -e "$file" ] || basename "$file" .csv
  done
  for file in "$1"/aggregated/tca/*.csv; do
    [ ! -e "$file" ] || echo "tca_$(basename "$file" .csv)"
  done
  for name in orders classified simulation metrics tca; do
    [ -z "$(day_files "$1" "$name")" ] || echo "${name/#metrics/day_metrics}"
  done
}

# table_rows OUT TABLE: such a table as CSV, under one header.
table_rows() {
  case $2 in
    orders | classified | simulation | tca) day_files "$1" "$2" | day_rows ;;
    day_metrics) day_files "$1" metrics | day_rows keys ;;
    ledger* | matrix) cat "$1/run/$2.csv" ;;
    tca_*) cat "$1/aggregated/tca/${2#tca_}.csv" ;;
    *) cat "$1/aggregated/$2.csv" ;;
  esac
}

# day_files OUT NAME: the files of that name of every security and date, plain or gzip.
day_files() {
  [ ! -d "$1/by_security" ] || find "$1/by_security" -name "$2.csv" -o -name "$2.csv.gz" | sort -V
}

# day_rows [keys]: the rows of the files named on stdin, behind what their paths tell: .../SEC_110621/2024-09-05/metrics.csv
day_rows() {
  local file day security above='' before='' header=yes
  while IFS= read -r file; do
    if [ "${1-}" = keys ]; then
      day=${file%/*} security=${file%/*/*}
      above=security_code,date, before=${security##*/SEC_},${day##*/},
    fi
    gzip -dcf "$file" | awk -v above="$above" -v before="$before" -v header="$header" '
      NR > 1 { print before $0 }
      NR == 1 && header { print above $0 }'
    header=''
  done
}

# column_type TABLE NAME: integer, numeric, date or text, by a column's name.
column_type() {
  case $1.$2 in
    # Their last line is the sum of all.
    ledger*.security_code | ledger*.file) echo text; return ;;
  esac
  case $2 in
    orders | *_orders | *_fills | filled | unfilled | rows | read | kept | rejected | bad | hour) echo integer ;;
    participants | securities | dates | exchange | orderstatus | changereason | row_num | timevalidity) echo integer ;;
    preferenceonly | crossingkey | trades | side | participantid) echo integer ;;
    events | trade_sides | executed | selected | matched | unmatched | unmatched_* | mismatched | only_booked) echo integer ;;
    market | booked | reported | other | crossed | one_sided | amended | unequal | without_quote) echo integer ;;
    quotes | old_quotes | *quote_age | beyond_limit | comparable) echo integer ;;
    *_mean | *_std | *_sum | *ratio* | *price* | *cost* | *savings | *_pct | *_bps | midtick) echo numeric ;;
    *_bps* | *_share | vwap | participation | limit_improvement) echo numeric ;;
    national_* | bid | offer | traded_value) echo numeric ;;
    arrival | time_*) echo integer ;;
    *_id | *_code | *timestamp | *type | *quantity* | *sequence*) echo integer ;;
    date | file_date) echo date ;;
    *) echo text ;;
  esac
}

# create_table NAME HEADER: the statement that makes the table for a file with this header.
create_table() {
  local names name list=''
  IFS=, read -ra names <<<"$2"
  for name in "${names[@]}"; do
    list+="${list:+, }\"$name\" $(column_type "$1" "$name")"
  done
  printf 'CREATE TABLE "%s" (%s);\n' "$1" "$list"
}

# finished_as NAME: sets `place` to where a file of that name goes, behind links, and `unfinished` to a new file beside it, which goes
# with the script unless publish gives it its name. What is to be a file cannot be a device.
finished_as() {
  place=$(readlink -m -- "$1")
  [ ! -e "$place" ] || [ -f "$place" ] || { echo "${0##*/}: $1: not to be a file" >&2; exit 3; }
  unfinished=$(mktemp -- "$place.XXXXXX.tmp")
  trap 'rm -f -- "$unfinished"' EXIT
}

# The permissions of what is there are handed on.
publish() {
  if [ -e "$place" ]; then chmod --reference "$place" -- "$unfinished"; else chmod "$(printf %o $((0666 & ~0$(umask))))" "$unfinished"; fi
  mv -T -- "$unfinished" "$place"
}
