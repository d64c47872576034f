# SPDX-License-Identifier: ISC
# What tests/prerequisites.sh does on a machine that lacks mandoc, with an apt-get of our own that installs nothing but it.
load helper
# bats file_tags=plain

setup() {
  tools=$BATS_TEST_TMPDIR/tools
  mkdir "$tools"
  ln -s /usr/bin/* "$tools" 2>/dev/null || true
  rm -f "$tools/mandoc" "$tools/shellcheck" "$tools/apt-get" "$tools/sudo" "$tools/id"
  for tool in shellcheck initdb; do
    rm -f "$tools/$tool"
    printf '#!/bin/sh\n' >"$tools/$tool"
  done
  printf '#!/bin/sh\necho 0\n' >"$tools/id"
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >>"$LOG"\nif [ "$1" = install ]; then %s; fi\n' \
    'printf "#!/bin/sh\n" >"$TOOLS/mandoc"; chmod +x "$TOOLS/mandoc"' >"$tools/apt-get"
  chmod +x "$tools"/{shellcheck,initdb,id,apt-get}
  export TOOLS=$tools LOG=$BATS_TEST_TMPDIR/log
}

prerequisites() { PATH="$tools" /bin/bash "$TREE/tests/prerequisites.sh" "$@"; }

@test "what is missing is named and installed, the second run does nothing" {
  expect_status 0 prerequisites check
  same "$output" 'prerequisites: missing: mandoc; installing mandoc'
  same "$(cat "$LOG")" 'noninteractive update -q
noninteractive install -q -y --no-install-recommends mandoc'
  expect_status 0 prerequisites check
  [ -z "$output" ]
  same "$(wc -l <"$LOG")" 2
}

@test "where it cannot be installed: exactly what to install, status 3" {
  rm "$tools/apt-get"
  expect_status 3 prerequisites check
  [[ $output == *'apt-get install mandoc' ]]
  printf '#!/bin/sh\necho 1000\n' >"$tools/id"
  printf '#!/bin/sh\nexit 1\n' >"$tools/apt-get"
  chmod +x "$tools/apt-get"
  expect_status 3 prerequisites check
  [[ $output == *'neither root nor sudo'*'apt-get install mandoc' ]]
}

@test "an installation that fails, or brings nothing, is status 3" {
  # shellcheck disable=SC2016
  printf '#!/bin/sh\n[ "$1" = update ]\n' >"$tools/apt-get"
  expect_status 3 prerequisites check
  printf '#!/bin/sh\n' >"$tools/apt-get"
  expect_status 3 prerequisites check
  [[ $output == *'still not there'*'apt-get install mandoc' ]]
}

@test "the parallel of moreutils is not taken for GNU's" {
  rm "$tools/parallel"
  printf '#!/bin/sh\necho "parallel: invalid option" >&2\nexit 1\n' >"$tools/parallel"
  chmod +x "$tools/parallel"
  rm "$tools/apt-get"
  expect_status 3 prerequisites demo
  [[ $output == *'missing: gnu-parallel'* ]]
}

@test "what tests can do without is installed where it can be; where it cannot, that is said, and no failure" {
  rm -f "$tools/gnuplot"
  for tool in bats python3 sqlite3 jq; do cp -n "$tools/shellcheck" "$tools/$tool"; done
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "$*" >>"$LOG"\n[ "$1" = update ]\n' >"$tools/apt-get"
  chmod +x "$tools/apt-get"
  expect_status 0 prerequisites test
  same "$output" 'prerequisites: gnuplot-nox cannot be installed; what needs it is left out'
  same "$(cat "$LOG")" 'update -q
install -q -y --no-install-recommends gnuplot-nox'
  rm "$tools/apt-get"
  expect_status 0 prerequisites test
  [ -z "$output" ]
}

@test "a purpose that does not exist is status 2" {
  expect_status 2 prerequisites tset
}

@test "fuzz: the runtime libraries are those of the clang that was installed before" {
  rm -f "$tools/clang"
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "$*" >>"$LOG"\ncase "$*" in\n*clang) %s ;;\n*libclang-rt-17-dev) touch "$TOOLS/there" ;;\nesac\n' \
    'printf "#!/bin/sh\n[ \"\$1\" != -dumpversion ] || { echo 17.0.6; exit; }\n[ -e $TOOLS/there ]\n" >$TOOLS/clang
     chmod +x $TOOLS/clang' >"$tools/apt-get"
  expect_status 0 prerequisites fuzz
  same "$(grep -o 'install .*' "$LOG")" 'install -q -y --no-install-recommends clang
install -q -y --no-install-recommends libclang-rt-17-dev'
  expect_status 0 prerequisites fuzz
  [ -z "$output" ]
}
