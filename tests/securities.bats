#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# sw-ledger: the securities of an analysis, out of the lists of its parts, against awk and sort.
# bats file_tags=plain

load helper

# A run's folder with lists: part N of a table has every N-th security and every day but its own.
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  mkdir -p run/chunks run/securities run/parts
  codes=(7 110621 85603 9 ABC ab-c 007 99999999999999999999 é 1)
  : >run/chunks/all
  for part in 1 2 3 4 5 6 7; do
    case $part in [123]) table=orders ;; [45]) table=trades ;; *) table=nbbo ;; esac
    printf '%s\t0\t%d\t10\tparts/%d\n' "$table" $((part * 10)) "$part" >>run/chunks/all
    {
      case $table in
        orders) printf 'security_code\tdate\tevents\n' ;;
        trades) printf 'security_code\trows\tmarket\tbooked\treported\n' ;;
        nbbo) printf 'security_code\trows\n' ;;
      esac
      for i in "${!codes[@]}"; do
        [ $(((i + part) % (part + 1))) -ne 0 ] || continue
        [ "$table" != orders ] || [ "${codes[i]}" != 85603 ] || continue
        case $table in
          orders) for day in 04 05 06; do [ "$day" = "0$((part + 3))" ] || printf '%s\t2024-09-%s\t%d\n' "${codes[i]}" "$day" $((i * part + 1)); done ;;
          trades) printf '%s\t%d\t%d\t%d\t%d\n' "${codes[i]}" $((10 * part + i)) $((9 * part)) "$part" $((i % 2)) ;;
          nbbo) printf '%s\t%d\n' "${codes[i]}" "$i" ;;
        esac
      done
    } >"run/parts/$part.list"
  done
}

@test "securities: found, other trades and the matrix are what awk makes of the lists" {
  silent sw-ledger securities run
  cat run/parts/[123].list | awk -F '\t' -v OFS='\t' '$2 ~ /^2024/ { n[$1] += $3 } END { for (code in n) print code, n[code] }' |
    sort -t $'\t' -k 2,2nr -k 1,1 >wanted
  cut -f 1,2 run/securities/found | cmp - wanted
  while IFS=$'\x1f' read -r code _ orders trades quotes; do
    for table in "1 2 3:$orders" "4 5:$trades" "6 7:$quotes"; do
      number=0 numbers=''
      for part in ${table%%:*}; do
        ! awk -F '\t' -v code="$code" '$1 == code "" { found = 1 } END { exit !found }' "run/parts/$part.list" || numbers+=${numbers:+,}$number
        number=$((number + 1))
      done
      same "$code ${table#*:}" "$code $numbers"
    done
  done < <(tr '\t' '\037' <run/securities/found)
  # 85603 has trades and no orders
  same "$(cat run/securities/other_trades)" \
    "$(awk -F '\t' '$1 == 85603 { for (i = 2; i <= 5; i++) n[i] += $i } END { print n[2], n[3], n[4], n[5] }' run/parts/[45].list)"
  { echo security_code,date,events; cat run/parts/[123].list | awk -F '\t' '$2 ~ /^2024/ { n[$1 "," $2] += $3 } END { for (i in n) print i "," n[i] }' | sort -t , -k 1,1n -k 1,2; } |
    sort >wanted
  sort run/matrix.csv | cmp - wanted
  same "$(sed -n '2,$p' run/matrix.csv | grep -E '^[1-9][0-9]*,' | cut -d , -f 1 | uniq)" \
    "$(sed -n '2,$p' run/matrix.csv | grep -E '^[1-9][0-9]*,' | cut -d , -f 1 | sort -nu)"
}

@test "securities: the matrix is a table for people" {
  sw-ledger matrix run >picture
  same "$(head -n 1 picture | xargs)" 'security 2024-09-04 2024-09-05 2024-09-06'
  sw-ledger securities run
  awk -F, 'NR > 1 { n += $3; jobs++; if (!($1 in s)) { s[$1]; many++ } } END { printf "%d securities, 3 dates, %d jobs of (security, date), %d events\n", many, jobs, n }' \
    run/matrix.csv | cmp - <(tail -n 1 picture)
  same "$(grep '^9 ' picture | xargs -n 1 | tail -n +2 | grep -vx -- - | awk '{ n += $1 } END { print n }')" \
    "$(awk -F, '$1 == 9 { n += $3 } END { print n }' run/matrix.csv)"
}

@test "securities: what cannot be analysed, what is no list, wrong usage" {
  for code in 'a,b' '@x' ' x' 'x ' 'a\tb' "$(printf 'x%.0s' {1..81})"; do
    printf 'security_code\tdate\tevents\n%s\t2024-09-04\t3\n' "$code" >run/parts/1.list
    expect_status 1 sw-ledger securities run
    [[ $output == "sw-ledger: security_code '"*"cannot be analysed"* ]]
  done
  printf 'security_code\tdate\tevents\n\t2024-09-04\t3\n' >run/parts/1.list
  expect_status 1 sw-ledger securities run
  same "$output" 'sw-ledger: 3 events without a security_code'
  for list in 'h\nA\t2024-09-04\tx\n' 'h\nA\t2024-09-04\n' 'h\nA\t2024-09-04\t3' 'h'; do
    # shellcheck disable=SC2059 # the escapes are meant
    printf "$list" >run/parts/1.list
    expect_status 3 sw-ledger securities run
    same "$output" 'sw-ledger: run/parts/1.list: not the list of a part'
  done
  rm run/parts/1.list
  expect_status 3 sw-ledger securities run
  expect_status 2 sw-ledger
  expect_status 2 sw-ledger colours run
  expect_status 2 sw-ledger matrix
}

# A run's folder of two securities and their jobs' tallies, in two files; orders and trades are one chunk each.
counted() {
  mkdir -p counted/securities counted/chunks counted/parts
  printf 'orders.csv\0trades.csv\0' >counted/chunks/inputs
  printf 'orders\t0\t10\t90\tparts/o\ntrades\t1\t10\t90\tparts/t\n' >counted/chunks/all
  printf '12\t10\t1\t1\t14\t1\t1\t0\t\n' >counted/parts/o.tally
  printf '9\t9\t0\t0\t10\t1\t0\t0\t\n' >counted/parts/t.tally
  printf 'B\tx\ty\nA\tx\ty\n' >counted/securities/list
  echo '2 1 0 1' >counted/securities/other_trades
  names='security_code events orders executed selected trades matched unmatched mismatched only_booked market booked reported other
    unmatched_market unmatched_booked crossed one_sided u_simulated u_amended u_unequal u_without_quote u_old_quotes u_oldest_quote_age u_beyond_limit'
  for code in A B; do
    # shellcheck disable=SC2086 # words
    printf '%s\t' $names | sed 's/\t$/\n/'
    if [ "$code" = A ]; then set -- A 6 3 2 2 4 3 1 0 0 3 1 0 0 0 1 2 1 2 1 0 0 0 50 1; else set -- B 4 2 1 1 3 3 0 1 0 2 1 0 0 0 0 1 0 1 0 1 1 0 70 0; fi
    printf '%s\t' "$@" | sed 's/\t$/\n/'
  done | split -l 2 - counted/tally.
  printf 'orders\tcsv\t100\t10\t-\t-\to\ntrades\tcsv\t100\t10\t9\t-\tt\n' >about
}

add_up() { sw-ledger analysis counted counted/chunks counted/tally.aa counted/tally.ab <about; }

@test "ledger: of an analysis, out of its jobs' tallies" {
  counted
  silent add_up
  same "$(tail -n 3 counted/ledger_by_security.csv)" 'B,4,2,1,1,3,3,0,1,0,2,1,0,0,0,0
A,6,3,2,2,4,3,1,0,0,3,1,0,0,0,1
all,10,5,3,3,7,6,1,1,0,5,2,0,0,0,1'
  same "$(tail -n 6 counted/ledger.csv)" 'orders,orders.csv,12,10,1,1,,,,,,,,,,,,,,,,14,1,1,0
trades,trades.csv,9,9,0,0,,,,,,,,,,,,,,,,10,1,0,0
orders,all,12,10,1,1,,,1,,,,,,,,,,,,,14,1,1,0
trades,all,9,9,0,0,6,3,,6,2,1,0,,,,,,,,,10,1,0,0
nbbo,all,0,0,0,0,,,,,,,,3,1,,,,,,,0,0,0,0
simulation,u,3,1,2,0,,,,,,,,,,1,1,1,0,70,1,,,,'
  same "$(cut -f 1 counted/securities/tally | paste -s -d ' ')" 'security_code B A'
}

@test "ledger: what is said at the end of an analysis: totals, and what is doubtful" {
  counted
  # A column more, of what orders lack; of one of them, and not of the other.
  sed -i '1s/$/\tmissing_midprice\tmissing_price/; 2s/$/\t0\t4/' counted/tally.aa
  sed -i '1s/$/\tmissing_midprice\tmissing_price/; 2s/$/\t0\t1/' counted/tally.ab
  silent add_up
  same "$(cat counted/securities/totals)" '12 5 3'
  same "$(cat counted/securities/doubts)" "$(printf '%s\t%s\n' \
    info '2 of 5 orders have no trade and are left out, 0 of them with bookings' \
    warning '1 of 6 trades have no order' \
    warning '1 of 2 bookings have no order' \
    warning '3 crossed quotes are left out' \
    warning '1 orders whose trades and bookings are not their totalmatchedquantity' \
    warning 'left empty, since they cannot be had: 5 price')"
  # What is not doubtful is not said.
  sed -i '2s/.*/A\t6\t3\t3\t2\t4\t4\t0\t0\t0\t4\t0\t0\t0\t0\t0\t0\t1\t2\t1\t0\t0\t0\t50\t1\t0\t0/' counted/tally.aa
  sed -i '2s/.*/B\t4\t2\t2\t1\t5\t5\t0\t0\t0\t5\t0\t0\t0\t0\t0\t0\t1\t0\t1\t1\t0\t0\t70\t0\t0\t0/' counted/tally.ab
  echo '0 0 0 0' >counted/securities/other_trades
  silent add_up
  [ ! -s counted/securities/doubts ]
}

@test "ledger: of a match, whatever its jobs count" {
  counted
  printf 'security_code\tevents\tsweeps\nA\t6\t3\n' >counted/tally.aa
  printf 'security_code\tevents\tsweeps\nB\t4\t18446744073\n' >counted/tally.ab
  silent sw-ledger match counted counted/chunks counted/tally.aa counted/tally.ab <about
  same "$(cat counted/ledger_by_security.csv)" 'security_code,events,sweeps
B,4,18446744073
A,6,3
all,10,18446744076'
  same "$(cat counted/ledger.csv)" 'table,file,read,kept,rejected,bad
orders,orders.csv,12,10,1,1
trades,trades.csv,9,9,0,0'
  same "$(cat counted/securities/totals)" '12 0 0'
  sed -i 's/^12/13/' counted/parts/o.tally
  expect_status 3 sw-ledger match counted counted/chunks counted/tally.aa counted/tally.ab <about
  expect_status 2 sw-ledger match counted
}

@test "ledger: what does not add up is said, and no ledger is left" {
  while IFS='|' read -r file change reason; do
    rm -rf counted
    counted
    sed -i "$change" "$file"
    expect_status 3 add_up
    [[ $output == "sw-ledger: "*"$reason"* ]] || { printf '%s: %s\n' "$change" "$output"; return 1; }
    [ ! -e counted/ledger.csv ]
  done <<'CHANGES'
counted/parts/o.tally|s/^12/13/|orders.csv: 13 rows read, but 10 kept, 1 rejected, 1 bad
counted/parts/o.tally|s/10/11/;s/12/13/;s/14/15/|11 events were kept, but 10 folded
counted/parts/o.tally|s/14/15/|orders.csv: 15,1,1,0 lines
counted/parts/o.tally|s/.1.1.0.$/	2	0	0	/|orders.csv: 14,2,0,0 lines
counted/parts/t.tally|s/9/x/|a tally is none
counted/chunks/all|s/90.parts.o/80	parts\/o/|orders.csv: its chunks are not all of it, see byte 90
counted/chunks/all|s/10.90.parts.o/20	80	parts\/o/|orders.csv: its chunks are not all of it, see byte 10
about|s/	9	/	8	/|trades.csv: 9 rows were read, but it has 8
counted/securities/other_trades|s/2/3/|9 rows of trades were kept, but 10 taken to orders
counted/tally.aa|2s/	4	3	1/	4	3	2/|security A: trades are not matched + unmatched
counted/tally.aa|1s/crossed/other_name/|tally.ab: not what the jobs of an analysis count
counted/securities/list|s/^A/C/|security C was not counted once
CHANGES
  expect_status 2 sw-ledger analysis counted
  expect_status 2 sw-ledger --events x matrix run
}
