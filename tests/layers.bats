# SPDX-License-Identifier: ISC
# The check of layers says yes to what walks down and no to all else.
load helper
# bats file_tags=plain

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  mkdir -p lib/top lib/base cmd
  printf '# top first\ntop base\nbase\n' >lib/LAYERS
  echo '#include "base/a.h"' >lib/top/a.c
  echo '#include <stdio.h>' >lib/base/a.h
  echo '#include "top/a.h"' >cmd/a.c
}

layers() { awk -f "$TREE/tests/layers.awk" lib/LAYERS lib/*/*.[ch] cmd/*.c; }

@test "down, sideways in a folder, and from cmd/ are fine" {
  echo '#include "base/b.h"' >>lib/base/a.h
  run layers
  same "$status:$output" 0:
}

@test "up is refused, with its place" {
  echo '# include "top/a.h"' >>lib/base/a.h
  run layers
  same "$status:$output" '1:lib/base/a.h:2: "top/a.h": base does not stand above top'
}

@test "a folder without a floor, a path that is not FOLDER/FILE, and cmd/ are refused" {
  mkdir lib/new && touch lib/new/empty.c && echo 'int x;' >lib/new/x.c
  printf '#include "../cmd/a.c"\n#include "a.h"\n#include "cmd/a.h"\n' >>lib/top/a.c
  run layers
  same "$status" 1
  same "$(cut -d: -f1,2 <<<"$output")" $'lib/new/x.c: lib/new has no floor in lib/LAYERS
lib/top/a.c:2
lib/top/a.c:3
lib/top/a.c:4'
}

@test "the floors themselves only point down" {
  printf 'base top\ntop\n' >lib/LAYERS
  run layers
  [[ $status -eq 1 && $output == *'base'* ]]
  printf 'top base\nbase top\n' >lib/LAYERS
  run layers
  [[ $status -eq 1 && $output == *'lib/LAYERS: base includes top, which is not below it'* ]]
}

@test "this tree's own sources keep to it" {
  cd "$TREE" || return 1
  run layers
  same "$status:$output" 0:
}

# calls FROM NAME… : the object of lib/FROM.c, which defines NAME, and calls the names that stand after "-".
calls() {
  local file=$1 kind=T name
  shift
  for name; do
    if [[ $name == - ]]; then kind=U; else echo "build/lib/$file.o: $name $kind 0 0"; fi
  done
}

drawn() { awk -f "$TREE/tests/calls.awk" lib/LAYERS -; }

@test "calls go down and sideways, and the rooms are drawn" {
  run drawn < <(
    calls top/a open_top - help open_base
    calls top/b help - open_base malloc
    calls base/a open_base
  )
  same "$status" 0
  same "$(awk '{ print $1, $2, $4, $7, $8 }' <<<"$output")" $'top 2 2 ─▶ base\nbase 1 1  '
}

@test "a call up is refused, and a circle of calls, with the names that make it" {
  run drawn < <(
    calls top/a open_top
    calls base/a open_base - open_top
  )
  same "$status:$output" '1:lib/base/a.c: calls open_top of lib/top/a.c: base does not stand above top'
  run drawn < <(
    calls top/a open_top - first
    calls top/b first - second
    calls top/c second - third open_base
    calls top/d third - first
    calls base/a open_base
  )
  same "$status" 1
  same "$(sort <<<"$output")" 'lib/top/b.c: in a circle of calls: lib/top/c.c: second
lib/top/c.c: in a circle of calls: lib/top/d.c: third
lib/top/d.c: in a circle of calls: lib/top/b.c: first'
}
