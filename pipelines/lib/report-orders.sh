# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # options and settings go from one of these files to the next
#
# pipelines/report: what its rows are, and the stage that folds the events of orders to last states, a share of the orders a job.
#
#   WORK/orders/parts     the chunks' parts, each ended by a NUL
#   WORK/orders/made/K.*  a share (jobs/fold-share)
#   WORK/orders/made/key  all that the shares depend on
#   WORK/orders/made/events  what was read and kept of each part

order_selectors=() # of orders, by their last state; selectors are of events then
order_words=''     # the same and what else bears on what is made of states, with what they read
shares=''          # how many there are
measured_columns='' # of states, those that are measured
forgotten=()        # for sw-ledger made
fold_memory=(--memory 32M)
common_columns=''   # those that parts have where all inputs have them

# What a last state is known by, and what a report by default reads of it.
state_columns=security_code,order_id,timestamp,sequence,side,participantid,price,quantity,leavesquantity,totalmatchedquantity,orderstatus

# Surveys the inputs, and sets step: states where orders are folded, else partial.
report_survey() {
  local wanted=$columns all_selectors=("${selectors[@]}") name names
  part_kind=partial step=partial
  if [ "$per" != event ]; then
    part_kind=states step=states
    divide_orders_selectors
    common_columns=$state_columns,$columns
    [ -n "$columns" ] && [[ " ${order_selectors[*]-} " != *' --expression '* ]] || common_columns+=',*'
    sw_survey
    if holds_events; then
      [ "${#order_selectors[@]}" -eq 0 ] || sw_first_complaint try_order_selectors
      IFS=, read -ra names <<<"$wanted"
      for name in "${names[@]}"; do [[ ,$columns, != *,"$name",* ]] || measured_columns+=${measured_columns:+,}$name; done
      return
    fi
    per=event part_kind=partial step=partial columns=$wanted selectors=("${all_selectors[@]}") order_selectors=()
  fi
  # The process that looks at the inputs makes the folders, too, unless the columns have to be asked for after it.
  opening=(--open "$output/run" --of "$output" --make-output --kind report --mask "$sw_umask" --pipeline "$sw_name" ${columns:+--open-with "$columns"})
  [[ $output != - && ( -d $output || ! -e $output ) ]] || opening=()
  sw_survey
  if report_has_columns "${in_header[0]-}"; then folder_is_made=${opening:+1}; else report_ask_columns; fi
}

# As in an analysis: an order's security and participant never change, so they may be asked of events; all else of its last state.
divide_orders_selectors() {
  local i words=("${selectors[@]}")
  selectors=() order_selectors=()
  for ((i = 0; i < ${#words[@]}; i += 2)); do
    case ${words[i]} in
      --securities | --participants) selectors+=("${words[@]:i:2}") ;;
      *) order_selectors+=("${words[@]:i:2}") ;;
    esac
  done
  words=("${order_selectors[@]}" "${zone[@]}" "${sizes[@]}" ${measures:+--measures "$measures"})
  [ "${#words[@]}" -eq 0 ] || order_words=$(sw_reads "${words[@]}") || sw_exit $?
}

# What is wrong with them is said before anything is written.
try_order_selectors() {
  sw_no_rows_of "${inputs[0]}" "${schema[@]}" | sw-filter "${order_selectors[@]}" "${zone[@]}" "${sizes[@]}"
  worst_of_pipe "${PIPESTATUS[@]}"
}

# Whether all inputs hold events of orders. What does not is reported as it stands, and that is said; where its rows are orders, there is
# nothing to say.
holds_events() {
  local i others
  printf -v others %s "${in_holds[@]#events}"
  # Of many files that all do nothing more is asked.
  [ -n "$others" ] || return 0
  # A folder with all files of a day is soon named; rows of several kinds have no report together.
  for i in "${!inputs[@]}"; do
    [ "${in_holds[i]}" = "${in_holds[0]}" ] || [ "${in_table[i]}" = "${in_table[0]}" ] ||
      sw_fail 2 "${inputs[i]}: holds ${in_table[i]}, where ${inputs[0]} holds ${in_table[0]}: each has a report of its own"
  done
  for i in "${!inputs[@]}"; do
    # Streams of before that was said have the table's name alone.
    case "${in_holds[i]} ${in_table[i]}" in
      events\ * | 'rows orders') ;;
      orders\ *) return 1 ;;
      *)
        [ "$per" != order ] || sw_fail 2 "--per order: ${inputs[i]}: holds ${in_table[i]}, and no events of orders"
        sw_tell info '%s: holds %s, and no events of orders: reported as it stands' "${inputs[i]}" "${in_table[i]}"
        return 1
        ;;
    esac
  done
}

# The shares that are not there yet, as jobs, which hold 32M, in as many passes as a share takes.
# Those of an earlier run stay where they are made of the same (lib/ledger/shares.h).
plan_shares() {
  local key
  # Of many inputs it would be longer than a word of a command line may be.
  printf -v key '%q ' "${in_identity[@]}" "$order_words" "${aggregation[@]}"
  if [ "${#key}" -gt 65536 ]; then key=$(printf %s "$key" | sw_digest) && [ -n "$key" ] || exit 3; fi
  shares=$(sw-ledger shares --made-by "$key" --workers "$workers" -- "$work") || sw_exit $?
  settings_put fold-share "$work/orders/settings"
}

# The stage. The parts are here, so its jobs run here, whoever made the parts.
run_shares() {
  local elsewhere=$hosts hosts='' SW_RUNNER=${SW_RUNNER-}
  [ "$SW_RUNNER" != slurm ] || SW_RUNNER=''
  [ -s "$work/orders/jobs" ] || return 0
  if [ -n "$elsewhere" ]; then
    local workers
    workers=$(nproc) && printf '%d\n' "$workers" >"$work/workers" || exit 3
  fi
  sw_run "$work/orders" soon "$sw_home/jobs/fold-share"
  [ "${#failed[@]}" -gt 0 ] || [ "$missing" -eq 0 ] || sw_fail 3 "$missing of $jobs_total shares of the orders did not finish"
}

# Folds; parts that were damaged since they were made are made again, once.
report_fold() {
  [ "$step" = states ] || return 0
  plan_shares
  run_shares
  if [ "${failed[*]-}" ] && [ "$worst" -eq 1 ] && sw_drop_damaged "$work"; then
    sw_plan_parts "$work"
    sw_make_parts "$work" "$sw_home/jobs/run-chunk"
    rm -rf -- "${work:?}/orders" || exit 3
    plan_shares
    run_shares
  fi
  [ -z "${failed[*]-}" ] || exit "$worst"
}

# What was made of the orders is not what it was: all of it is made again.
forget_shares() {
  [ "$step" = states ] && rm -rf -- "${work:?}/orders/made"
}
