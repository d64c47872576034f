#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What every program promises (sw(7)). A program is tested here by standing in bin/; how to feed it is
# told by `feed` and `call`: unless it says otherwise, a program reads a record stream and writes to standard output.

load helper

programs() {
  local path
  for path in "$SW_BIN"/sw-*; do basename "$path"; done
}

# The words a program needs to do something.
call() {
  case $1 in
    sw-split) echo "-k side -o $BATS_TEST_TMPDIR/split/{side}.swr" ;;
    sw-gen) echo '--stdout orders --rows 1000' ;;
    sw-agg) echo '-g side' ;;
    sw-conf) echo 'show preset=laptop' ;;
    sw-sort) echo '-k order_id' ;;
    sw-classify) echo "--all --trades $(sample trades)" ;;
    sw-match) echo "--trades $(sample trades) --nbbo $(sample quotes)" ;;
    sw-simulate) echo "--nbbo $(sample quotes)" ;;
    sw-compare) echo '--real price --simulated price' ;;
    sw-tca) echo "--nbbo $(sample quotes) --trades $(sample trades)" ;;
    sw-study) echo "--trades $(sample trades) --nbbo $(sample quotes) -o $(mktemp -du "$BATS_TEST_TMPDIR/study.XXXXXX") $(sample events)" ;;
    sw-join) echo "-k timestamp --with $(sample times)" ;;
    sw-monitor) sample stream ;;
    sw-page) echo "--no-plots -o - $(sample run)" ;;
    sw-compare-runs) echo "$(sample run) $(sample run)" ;;
    sw-plan) sample csv ;;
    sw-ledger) echo "matrix $(sample found)" ;;
    sw-job) echo "--holders $(sample csv)" ;;
    *) echo '' ;;
  esac
}

# none, csv or stream: what a program reads. A stream may have to be one of events (of orders, sorted) or of classified orders.
feed() {
  case $1 in
    sw-conf | sw-gen | sw-hwinfo | sw-job | sw-ledger | sw-monitor | sw-page | sw-plan | sw-study | sw-compare-runs) echo none ;;
    sw-chunk) echo csv ;;
    sw-classify | sw-match) echo events ;;
    sw-metrics | sw-simulate | sw-tca) echo classified ;;
    *) echo stream ;;
  esac
}

# Writes files with names of its own, and nothing to standard output.
makes_files() {
  [[ $1 == sw-split || $1 == sw-study ]]
}

readers() {
  local program
  for program in $(programs); do [ "$(feed "$program")" = none ] || echo "$program"; done
}

stream_readers() {
  local program
  for program in $(programs); do
    case $(feed "$program") in none | csv) ;; *) echo "$program" ;; esac
  done
}

# by_key KEY…: lines as sort(1) puts them, behind the header.
by_key() {
  local header
  IFS= read -r header
  printf '%s\n' "$header"
  sort -t, "$@"
}

sample() {
  local file="$BATS_TEST_TMPDIR/sample.$1"
  [ -e "$file" ] || case $1 in
    csv) sw-gen --rows 500 --seed 7 --stdout orders >"$file" ;;
    stream) sw-gen --rows 500 --seed 7 --stdout orders | sw-chunk --block-rows 100 >"$file" ;;
    times) sw-agg -g timestamp -a 'n=count()' -f swr <(sw-filter -c timestamp "$(sample stream)") \
      <(small_stream | sw-filter -c timestamp) >"$file" ;;
    events) sw-gen --rows 500 --seed 7 --securities 3 --stdout orders | by_key -k3,3n -k1,1n -k2,2n -k12,12n |
      sw-chunk --block-rows 100 >"$file" ;;
    # Without a dealsource every row is a trade, so that there is nothing to be said of bookings; reports are of no order.
    # Of few securities all have quotes.
    trades) sw-gen --rows 500 --seed 7 --securities 3 --stdout trades | awk -F, 'NR == 1 || $7 < 3 || $7 > 6' |
      by_key -k5,5n -k6,6n -k4,4n | sw-chunk -c security_code,order_id,timestamp,price,quantity >"$file" ;;
    quotes) sw-gen --rows 500 --seed 7 --securities 3 --stdout nbbo | by_key -k7,7n -k8,8n | sw-chunk >"$file" ;;
    classified) sw-classify --all --trades "$(sample trades)" "$(sample events)" |
      sw-filter --block-rows 100 >"$file" ;;
    none) : >"$file" ;;
    found)
      mkdir -p "$file/chunks"
      printf 'orders\t0\t0\t9\tpart\n' >"$file/chunks/all"
      printf 'security_code\tdate\tevents\nA\t2024-09-05\t3\n' >"$file/part.list"
      ;;
    run)
      mkdir -p "$file/run" "$file/aggregated"
      echo report >"$file/run/kind"
      printf 'hour,rows\n10,5\n' >"$file/aggregated/by_time_of_day.csv"
      ;;
  esac
  echo "$file"
}

# Without what the analysis says of its data, whatever becomes of the output: how many orders and quotes are not as they should be.
without_counts() {
  grep -v -E '^sw-(classify|simulate|tca|compare): (of the simulated orders |left empty, since they cannot be had: )?[0-9]+ ' || :
}

# status_of WANTED COMMAND…: fails, showing everything, when the status is another, or a failure is not told under $program's name.
status_of() {
  local wanted=$1
  shift
  run "$@"
  if [ "$status" -ne "$wanted" ] || { [ "$wanted" -ne 0 ] && [[ $output != *"$program: "* ]]; }; then
    printf 'wanted status %d, got %d: %s\n%s\n' "$wanted" "$status" "$*" "$output"
    return 1
  fi
}

# takes OPTION: whether $program has it; a program without help has not been asked.
takes() {
  local help
  if ! help=$("$program" --help) || [ -z "$help" ]; then
    echo "$program: no help"
    exit 1
  fi
  [[ $help == *"$1"* ]]
}

@test "contract: --help on standard output, with the name and the statuses" {
  for program in $(programs); do
    "$program" --help >"$BATS_TEST_TMPDIR/help" 2>"$BATS_TEST_TMPDIR/err"
    grep -q "^usage: *$program" "$BATS_TEST_TMPDIR/help"
    grep -q 'Exit status' "$BATS_TEST_TMPDIR/help"
    [ ! -s "$BATS_TEST_TMPDIR/err" ]
  done
}

@test "contract: --version names the program" {
  for program in $(programs); do
    run "$program" --version
    [ "$status" -eq 0 ]
    [[ $output == "$program "[0-9]* ]]
  done
}

@test "contract: an unknown option is 2, and nothing on standard output" {
  for program in $(programs); do
    for option in --no-such-option -@; do
      status_of 2 bash -c "'$program' $option 2>&1 >'$BATS_TEST_TMPDIR/out' </dev/null"
      [ ! -s "$BATS_TEST_TMPDIR/out" ]
    done
  done
}

@test "contract: an option without its argument is 2" {
  for program in $(programs); do
    takes --output || continue
    status_of 2 "$program" --output
  done
}

# bats test_tags=plain
@test "contract: an empty argument is 2, and the option is named" {
  for program in $(programs); do
    takes --help
    for option in $("$program" --help | sed -nE 's/^  (-., |    )--([a-z-]*) [A-Z].*/\2/p'); do
      status_of 2 "$program" "--$option" '' </dev/null
      [[ $output == "$program: --$option: "* ]]
    done
  done
}

@test "contract: a full disk is 3, also for --help" {
  [ -w /dev/full ] || skip 'no /dev/full'
  for program in $(programs); do
    status_of 3 bash -c "$program --help >/dev/full"
    ! makes_files "$program" || continue
    status_of 3 bash -c "$program $(call "$program") <'$(sample "$(feed "$program")")' >/dev/full"
    [[ $(without_counts <<<"$output") == "$program: standard output: No space left on device" ]]
  done
}

@test "contract: a closed standard output is 3" {
  for program in $(programs); do
    ! makes_files "$program" || continue
    status_of 3 bash -c "$program $(call "$program") <'$(sample "$(feed "$program")")' >&-"
  done
}

@test "contract: a closed standard input is 3" {
  for program in $(readers); do
    status_of 3 bash -c "$program $(call "$program") <&- | cat; exit \${PIPESTATUS[0]}"
  done
}

@test "contract: a file that is not there is 3 and named" {
  for program in $(readers); do
    status_of 3 bash -c "$program $(call "$program") /no/such/file | cat; exit \${PIPESTATUS[0]}"
    [[ $output == *'/no/such/file: No such file or directory'* ]]
  done
}

@test "contract: a directory as input is 3" {
  for program in $(readers); do
    status_of 3 bash -c "$program $(call "$program") '$BATS_TEST_TMPDIR' | cat; exit \${PIPESTATUS[0]}"
  done
}

@test "contract: a reader that closes early ends a program quietly" {
  for program in $(programs); do
    ! makes_files "$program" || continue
    # The reader is gone before the program begins, so that whatever it writes is one byte too many.
    run bash -c "exec 5> >(exec true); wait \$!
      $program $(call "$program") <'$(sample "$(feed "$program")")' 2>'$BATS_TEST_TMPDIR/err' >&5"
    printf '%s: status %d\n' "$program" "$status"
    [ "$status" -eq 141 ]
    [ -z "$(without_counts <"$BATS_TEST_TMPDIR/err")" ]
  done
}

@test "contract: an input of no bytes is 1" {
  for program in $(readers); do
    status_of 1 bash -c "$program $(call "$program") </dev/null | cat; exit \${PIPESTATUS[0]}"
  done
}

@test "contract: text where a stream is due is 1" {
  for program in $(stream_readers | grep -vx sw-join); do # which reads CSV, too
    status_of 1 bash -c "echo 'order_id,side' | $program $(call "$program") | cat; exit \${PIPESTATUS[1]}"
  done
}

@test "contract: a header without rows is no error" {
  sw-gen --rows 0 --stdout orders >"$BATS_TEST_TMPDIR/none.csv"
  sw-chunk "$BATS_TEST_TMPDIR/none.csv" | tee "$BATS_TEST_TMPDIR/none.events" >"$BATS_TEST_TMPDIR/none.stream"
  sw-classify --trades "$(sample trades)" "$BATS_TEST_TMPDIR/none.events" >"$BATS_TEST_TMPDIR/none.classified" 2>/dev/null
  for program in $(readers); do
    out=$BATS_TEST_TMPDIR/none.out
    status_of 0 bash -c "$program $(call "$program") <'$BATS_TEST_TMPDIR/none.$(feed "$program")' >'$out'"
    # A stream without rows, or a header, or what an empty group comes to; sw-split alone has nothing to write.
    case $(head -c 4 "$out" | tr -d '\0') in
      *SWR) [[ $(verified "$out" && sw-info -f json "$out" | jq -r .rows) == 0 ]] ;;
      *) [ "$program" = sw-split ] || [ -s "$out" ] ;;
    esac
  done
}

@test "contract: one-byte reads change nothing" {
  for program in $(readers); do
    ! makes_files "$program" || continue
    file=$(sample "$(feed "$program")")
    # shellcheck disable=SC2046
    "$program" $(call "$program") <"$file" >"$BATS_TEST_TMPDIR/whole"
    # shellcheck disable=SC2046
    dd bs=1 if="$file" 2>/dev/null | "$program" $(call "$program") >"$BATS_TEST_TMPDIR/dribbled"
    cmp "$BATS_TEST_TMPDIR/whole" "$BATS_TEST_TMPDIR/dribbled"
  done
}

@test "contract: other locales and time zones of the machine change nothing" {
  for program in $(programs); do
    ! makes_files "$program" && [ "$program" != sw-hwinfo ] || continue
    file=$(sample "$(feed "$program")")
    # shellcheck disable=SC2046
    "$program" $(call "$program") <"$file" >"$BATS_TEST_TMPDIR/here"
    for elsewhere in 'LC_ALL=de_DE.UTF-8 TZ=America/New_York' 'LC_ALL=C.UTF-8 TZ=Asia/Kathmandu' 'LANG=tr_TR TZ=/nonsense'; do
      # shellcheck disable=SC2046,SC2086
      env $elsewhere "$program" $(call "$program") <"$file" >"$BATS_TEST_TMPDIR/there"
      cmp "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/there"
    done
  done
}

@test "contract: -o writes the same bytes as standard output, and nothing under its name on failure" {
  for program in $(readers); do
    takes --output || continue
    ! makes_files "$program" || continue
    file=$(sample "$(feed "$program")")
    # shellcheck disable=SC2046
    "$program" $(call "$program") <"$file" >"$BATS_TEST_TMPDIR/plain"
    # shellcheck disable=SC2046
    "$program" $(call "$program") -o "$BATS_TEST_TMPDIR/named" <"$file"
    cmp "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/named"
    rm "$BATS_TEST_TMPDIR/named"
    mkdir -p "$BATS_TEST_TMPDIR/empty"
    status_of 1 bash -c "head -c -7 '$file' | tail -c +1 | sed '1,/x/s/^order_id/order_id,order_id/' | $program $(call "$program") -o '$BATS_TEST_TMPDIR/empty/named'"
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/empty")" ]
  done
}

@test "contract: -o into an input is 2, and the input stays" {
  for program in $(readers); do
    takes --output || continue
    ! makes_files "$program" || continue
    file=$(sample "$(feed "$program")")
    cp "$file" "$BATS_TEST_TMPDIR/kept"
    # shellcheck disable=SC2046
    status_of 2 "$program" $(call "$program") -o "$file" "$file"
    # shellcheck disable=SC2046
    status_of 2 bash -c "$program $(call "$program") '$file' >>'$file'"
    cmp "$file" "$BATS_TEST_TMPDIR/kept"
  done
}

@test "contract: records are never written to a terminal" {
  script -qec true /dev/null >/dev/null 2>&1 || skip 'no script(1), or no terminals here'
  for program in $(programs); do
    case $program in sw-chunk | sw-filter | sw-optimize | sw-classify | sw-match | sw-simulate) ;; *) continue ;; esac
    status_of 2 script -qec "$program $(call "$program") <'$(sample "$(feed "$program")")'" /dev/null
  done
}

# A small stream with text, nulls, decimals and two blocks.
small_stream() {
  printf '%s\n' 'order_id,timestamp,security_code,price,side,quantity,leavesquantity,totalmatchedquantity,participantid,remark' \
    '7904794000132347948,1725516166885349741,110621,3350.5,1,100,0,100,69,é' \
    '7904794000132347949,1725516166885349742,85603,,2,200,150,50,,' \
    '7904794000132347950,1725516166885349743,110621,3.25,2,300,300,0,7,late' |
    sw-chunk --block-rows 2
}

# small_sample KIND: the same of what a program reads.
small_sample() {
  case $1 in
    events) small_events ;;
    classified) small_events | sw-classify --all --trades "$(sample trades)" 2>/dev/null ;;
    *) small_stream ;;
  esac
}

small_events() {
  small_stream | sw-cut | sed -e '1s/$/,exchangeordertype/' -e '2,$s/$/,64/' | by_key -k3,3n | sw-chunk --block-rows 2
}

# damage HOW STEP PROGRAM [WORD…]: tests/damage_test.c
damage() {
  local kind
  kind=$(feed "$3")
  damage_test=${damage_test:-$(test_program damage_test)} || return
  [[ -e $BATS_TEST_TMPDIR/small.$kind ]] || small_sample "$kind" >"$BATS_TEST_TMPDIR/small.$kind"
  "$damage_test" "$1" "$2" "$BATS_TEST_TMPDIR/small.$kind" "${@:3}"
}

# damage_all STEP: every program that reads streams, through a pipe and from a file.
damage_all() {
  local program
  for program in $(stream_readers); do
    echo "$program"
    # shellcheck disable=SC2046
    damage use "$1" "$program" $(call "$program")
    # shellcheck disable=SC2046
    damage file "$1" "$program" $(call "$program") "$BATS_TEST_TMPDIR/cut"
  done
}

@test "contract: of a stream the library finds every cut and every flipped bit" {
  test=$(test_program damage_test)
  for kind in stream events classified; do
    small_sample "$kind" >"$BATS_TEST_TMPDIR/small"
    "$test" library "$BATS_TEST_TMPDIR/small"
  done
}

@test "contract: a stream cut or flipped at some bytes, every program, piped or not" {
  damage flip 131 sw-cut
  damage flip 131 sw-info --verify
  if [[ $SW_BIN == *asan* ]]; then damage_all 307; else damage_all 83; fi
}

# bats test_tags=check, plain
@test "contract: a stream cut or flipped at every byte, sw-cut" {
  damage flip 1 sw-cut
}

# bats test_tags=check, plain
@test "contract: a stream cut or flipped at every byte, sw-info --verify" {
  damage flip 1 sw-info --verify
}

# bats test_tags=check, plain
@test "contract: a stream cut or flipped at every byte, every other program, piped or not" {
  damage_all 1
}
