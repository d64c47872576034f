#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2030,SC2031,SC2154 # output and stderr are set by bats' run
# What a terminal may have: names, rows and logs with characters that would do something there reach no message and no view as they are.
# The oracle is python's own table of characters.

bats_require_minimum_version 1.5.0
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# A colour, a mark of direction, a control character of two bytes, one byte that is no UTF-8.
odd=$'\e[7mA\xe2\x80\xaeB\xc2\x9bC\xff'
odd_shown='\x1b[7mA\xe2\x80\xaeB\xc2\x9bC\xff'

# harmless FILE…: nothing in them but printable characters and line feeds; one that has none of these lacks what is looked for.
harmless() {
  python3 - "$@" <<'PYTHON'
import sys, unicodedata
for name in sys.argv[1:]:
    text = open(name, 'rb').read().decode('utf-8')  # fails where it is none
    assert text, name + ' is empty'
    for character in text:
        bad = unicodedata.category(character) == 'Cc' and character != '\n'
        bad = bad or unicodedata.bidirectional(character) in ('LRE', 'RLE', 'LRO', 'RLO', 'PDF', 'LRI', 'RLI', 'FSI', 'PDI')
        assert not bad and character not in '\u061c\u200e\u200f\u2028\u2029', f'{name}: U+{ord(character):04X}'
PYTHON
}

@test "shown: of every character the same is escaped as python's table says, and nothing else" {
  python3 - <<'PYTHON'
import unicodedata
hidden, shown = [], []
for code in range(0x110000):
    if 0xd800 <= code < 0xe000: continue
    c = chr(code)
    bidi = unicodedata.bidirectional(c) in ('LRE', 'RLE', 'LRO', 'RLO', 'PDF', 'LRI', 'RLI', 'FSI', 'PDI')
    if c == '\n' or not (unicodedata.category(c) == 'Cc' or bidi or c in '\u061c\u200e\u200f\u2028\u2029'): shown.append(c)
    else: hidden.append(c)
open('plain', 'w', newline='').write(''.join(shown))
open('odd', 'wb').write('\n'.join(hidden).encode())
short = {9: '\\t', 13: '\\r'}
form = lambda c: short.get(ord(c)) or ''.join(f'\\x{byte:02x}' for byte in c.encode())
open('odd.shown', 'w').write('\n'.join(form(c) for c in hidden))
broken = [b'\x80', b'\xff', b'\xc3', b'\xc3\x28', b'\xe2\x80', b'\xe2\x28\xa1', b'\xf0\x9f\x92', b'\xc0\xaf', b'\xed\xa0\x80', b'\xf4\x90\x80\x80', b'\xf8\x88']
open('broken', 'wb').write(b'\n'.join(broken))
each = lambda text: ''.join(chr(b) if 32 <= b < 127 else f'\\x{b:02x}' for b in text)
open('broken.shown', 'w').write('\n'.join(each(text) for text in broken))
PYTHON
  sw-monitor --disarm plain | cmp - plain
  sw-monitor --disarm odd | cmp - odd.shown
  sw-monitor --disarm <broken | cmp - broken.shown
  sw-monitor --disarm plain odd broken | cmp - <(cat plain odd.shown broken.shown)
  sw-monitor --disarm odd.shown | cmp - odd.shown # what is shown is shown as itself
}

@test "shown: characters that reads cut in two are whole" {
  python3 -c "
import sys, os, time
text = ('é€😀' * 3 + '\u202e\x1b').encode()
for i in range(len(text)): os.write(1, text[i:i+1]); time.sleep(0.002)" | sw-monitor --disarm >out
  printf 'é€😀é€😀é€😀\\xe2\\x80\\xae\\x1b' | cmp - out
  python3 -c "
for shift in range(5): open(f'shift.{shift}', 'w').write('x' * shift + 'é€😀ab' * 20000)"
  for shift in 0 1 2 3 4; do sw-monitor --disarm "shift.$shift" | cmp - "shift.$shift"; done
}

# with_odd_names: orders whose note column, and a stream whose file, have the odd name; bad rows hold it, too.
with_odd_names() {
  printf 'order_id,timestamp,price,"%s","line\nand\ttab"\n' "$odd" >"$odd.csv"
  printf '%d,%d,33.5,%s,x\n' 1 1725516166885300001 "$odd" 2 1725516166885300002 plain >>"$odd.csv"
  sw-chunk "$odd.csv" >"$odd.swr"
  { cat "$odd.csv"; printf '%s,3,1,y,z\n' "$odd" 'a\b'; printf '5,6,7,8"%s,9\n' "$odd"; } >bad.csv
}

@test "shown: messages of the programs" {
  local said words
  with_odd_names
  : >said
  for said in "sw-chunk bad.csv" "sw-chunk none-$odd" "sw-cut -c $odd $odd.csv" "sw-filter -s $odd $odd.swr" "sw-agg -g none$odd $odd.swr" \
    "sw-sort -k none$odd $odd.swr" "sw-conf check $odd=1" "sw-conf check hours=$odd" "sw-info --x$odd" "sw-filter -d $odd $odd.swr" \
    "sw-filter -e price=='$odd' $odd.swr" "sw-plan none$odd" "sw-page none$odd" "sw-hwinfo -T none$odd" "sw-monitor --run none$odd" "sw-cut --tz $odd $odd.swr" \
    "sw-chunk -t $odd bad.csv" "sw-split -k price -o $odd/x $odd.swr" "sw-gen -o bad.csv/$odd"; do
    read -ra words <<<"$said"
    if "${words[@]}" >/dev/null 2>one; then
      printf '%q: ended with 0\n' "$said" >&2
      return 1
    fi
    harmless one
    cat one >>said
  done
  grep -qF "$odd_shown" said
  expect_status 1 sw-chunk -o none bad.csv
  same "$output" "sw-chunk: bad.csv:5: order_id: not a whole number: '$odd_shown'"
}

@test "shown: bad rows, each byte of which printf %b gives back" {
  with_odd_names
  mv bad.csv "$odd.csv"
  sw-chunk --bad-rows bad "$odd.csv" >/dev/null 2>&1
  harmless <(tr '\t' ' ' <bad)
  same "$(sed 's/@[0-9]*//' bad | cut -f 1-3)" "$odd_shown.csv:	order_id	not a whole number
$odd_shown.csv:	order_id	not a whole number
$odd_shown.csv:	-	misplaced quote"
  cut -f 4 bad | while IFS= read -r row; do printf '%b\n' "$row"; done | cmp - <(tail -n 3 "$odd.csv")
}

@test "shown: views of a stream, of columns, of the machine" {
  with_odd_names
  sw-info "$odd.swr" >view
  harmless view
  grep -qF "  $odd_shown " view
  grep -qF 'line\nand\ttab ' view
  sw-info -f json "$odd.swr" >view.json
  harmless view.json
  python3 -c "
import json
names = [column['name'] for column in json.load(open('view.json', encoding='utf-8', errors='strict'))['columns']]
assert [name.encode('utf-8', 'surrogateescape') for name in names[3:]] == [b'\x1b[7mA\xe2\x80\xaeB\xc2\x9bC\xff', b'line\nand\ttab'], names"
  sw-info --blocks "$odd.swr" | tr '\t' ' ' >view
  harmless view
  sw-optimize --stats -o small.swr "$odd.swr" 2>view
  harmless view
  grep -qF "$odd_shown " view
  mkdir "$odd"
  sw-hwinfo -T "$odd" >view
  harmless view
  grep -qF "$odd_shown" view
  # data, on the other hand, come out as they went in
  sw-cut -c "$odd" "$odd.swr" | cmp - <(printf '%s\n' "$odd" "$odd" plain)
}

# on_terminal COMMAND…: what it writes to a terminal.
on_terminal() {
  python3 -c 'import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))' "$@" </dev/null | tr -d '\r'
}

@test "shown: a configuration on a terminal; a file of it reads back" {
  local name="out$odd"
  sw-conf show "output=$name" >raw
  grep -qF "$name" raw
  on_terminal sw-conf show "output=$name" >view
  harmless view
  grep -qF "out$odd_shown" view
  on_terminal sw-conf show -f sh "output=$name" >view
  harmless view
  sw-conf show -C raw | cut -d '#' -f 1 | cmp - <(cut -d '#' -f 1 raw)
}

# bats test_tags=plain
@test "shown: what pipelines say, the picture of a run, and the tables of examples" {
  local runner
  sw-gen --rows 3000 --securities 3 --days 1 -o data
  sed "1500s/^\\([^,]*\\),[^,]*,/\\1,$odd,/" data/orders.csv >"bad$odd.csv"
  for runner in shell parallel; do
    SW_RUNNER=$runner expect_status 1 report --log-level debug -j 2 -b 64K -o "out$odd" "bad$odd.csv"
    printf '%s\n' "$output" >said
    harmless said
    grep -qF "bad$odd_shown.csv:@" said
    grep -qF "timestamp: not a time: '$odd_shown'" said
  done
  sw-monitor --run "out$odd" --once >view || [ $? -eq 1 ]
  harmless view
  grep -qF "out$odd_shown: " view
  grep -qF "$odd_shown'" view
  sw-monitor --run "out$odd" >view 2>said || [ $? -eq 1 ]
  harmless view
  harmless said
  expect_status 2 extract -o "out$odd" -H "$odd" data/orders.csv
  harmless <(printf '%s\n' "$output")
  expect_status 3 convert -o none.swr "none$odd"
  same "$output" "convert: none$odd_shown: No such file or directory"
  expect_status 3 convert -o none.swr $'no\nne'
  same "$output" 'convert: no\nne: No such file or directory'
  SW_BIN='' PATH=/usr/bin:/bin expect_status 3 "$TREE/pipelines/report" -o out "none$odd"
  harmless <(printf '%s\n' "$output")
  printf 'security_code,events,filled,unfilled,quantity_sum,matched_sum,fill_ratio,value_sum\n%s,1,1,1,1,1,1,1\n' "$odd" >by_security.csv
  sed 's/^security_code/hour/' by_security.csv >by_time_of_day.csv
  cp by_security.csv global_summary.csv
  "$TREE/examples/show-reports" . >view
  harmless view
  same "$(grep -cF "$odd_shown" view)" 3
}
