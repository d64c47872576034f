# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Whether two contenders gave the same answer: both are brought into one form, sorted text, and compared. Counts and sums of whole
# numbers must be the same; what peers compute in binary floating point may differ in its tenth digit.

# Rows, in any order; prices without trailing zeros, unquoted.
canonical_rows() {
  awk -F, -v OFS=, '
    NR == 1 { next }
    { gsub(/["\r]/, "") }
    $4 ~ /\./ { sub(/0+$/, "", $4); sub(/\.$/, "", $4) }
    { $1 = $1; print }' "$1" | sort
}

# A line per group: security_code,day,participantid,hour,size,rows,full_fills,fill_ratio_mean,quantity_sum,value_sum.
canonical_groups() {
  if [[ -e $1/aggregated/groups.csv ]]; then
    sed 1d "$1/aggregated/groups.csv"
  elif [[ -d $1 ]]; then
    own_groups "$1/aggregated"
  else
    awk 'NR > 1 { gsub(/["\r]/, ""); print }' "$1"
  fi | sort
}

# Ours are one file for each grouping, with more measures, dates in ISO and sizes by name.
own_groups() {
  local report
  for report in by_security by_date by_participant by_time_of_day by_order_size by_security_date; do
    awk -F, -v OFS=, -v report="$report" '
      function day(iso, y, m, d) {
        y = substr(iso, 1, 4) + 0; m = substr(iso, 6, 2) + 0; d = substr(iso, 9, 2) + 0
        if (m <= 2) { y -= 1; m += 12 }
        return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
      }
      BEGIN { split("<=1K 1K-5K 5K-10K 10K-50K >50K", names, " "); for (i in names) size[names[i]] = i - 1 }
      NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
      {
        key["security_code"] = report ~ /security/ ? $at["security_code"] : ""
        key["day"] = report ~ /date/ ? day($at["date"]) : ""
        key["participantid"] = report ~ /participant/ ? $at["participantid"] : ""
        key["hour"] = report ~ /time/ ? $at["hour"] : ""
        key["size"] = report ~ /size/ ? size[$at["size"]] : ""
        print key["security_code"], key["day"], key["participantid"], key["hour"], key["size"], \
          $(at["filled"] - 1), $at["full_fills"], $at["fill_ratio_mean"], $at["quantity_sum"], $at["value_sum"]
      }' "$1/$report.csv"
  done
}

# The study's sums, a line a scenario and a line a group of orders that there are. Ours has more columns, and a line for all groups.
canonical_study() {
  columns_of "$1/aggregated/simulation_summary.csv" scenario orders amended unequal quantity actual_cost simulated_cost savings avg_midprice \
    without_quote old_quotes oldest_quote_age | sort
  columns_of "$1/aggregated/metrics.csv" group orders quantity_traded asked_quantity avg_execution_cost | awk -F, '$1 != "OVERALL" && $2 > 0' | sort
}

# columns_of FILE.csv NAME…: these, without the header.
columns_of() {
  local file=$1
  shift
  awk -F, -v OFS=, -v names="$*" '
    { gsub(/["\r]/, "") }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; count = split(names, name, " "); next }
    { line = $(at[name[1]]); for (i = 2; i <= count; i++) line = line "," $(at[name[i]]); print line }' "$file"
}

canonical() {
  case $1 in
    T1 | T6) canonical_rows "$2" ;;
    T2) canonical_groups "$2" | awk -F, -v OFS=, '{ print $1, $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1), $NF }' ;;
    T3 | T5 | T9) canonical_groups "$2" ;;
    T10 | T11 | T12) canonical_study "$2" ;;
    T8) awk 'NR > 1 { gsub(/["\r]/, ""); print }' "$2" ;;
  esac
}

# same_answer TASK OURS THEIRS: whether the files or folders say the same; else where they first differ, on stderr.
same_answer() {
  awk -F, '
    function close_enough(a, b, difference) {
      if (a == b "") return 1
      if (a !~ /\./ && b !~ /\./) return 0
      difference = a - b
      if (difference < 0) difference = -difference
      return difference <= 1e-6 || difference <= 1e-10 * (a < 0 ? -a : a)
    }
    NR == FNR { ours[NR] = $0; count = NR; next }
    {
      fields = split(ours[FNR], mine, ",")
      wrong = fields != NF
      for (i = 1; i <= NF && !wrong; i++) wrong = !close_enough(mine[i] "", $i)
      if (wrong) { printf "line %d: ours %s, theirs %s\n", FNR, ours[FNR], $0; exit 1 }
    }
    END { if (!wrong && FNR != count) { printf "ours has %d lines, theirs %d\n", count, FNR; exit 1 } }
  ' <(canonical "$1" "$2") <(canonical "$1" "$3") >&2
}
