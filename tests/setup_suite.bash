# SPDX-License-Identifier: ISC
# Run by bats once, before the first file of tests.
# shellcheck shell=bash

# A python3 with nothing but its standard library, which is all that tests use: without a script that looks for it (pyenv) and the
# packages of its installation to look at, it begins in a tenth of the time, and tests begin it some hundred times.
setup_suite() {
  local python folder=$BATS_RUN_TMPDIR/python
  python=$(python3 -c 'import sys; print(sys.executable)') || return
  mkdir -p "$folder/bin" || return
  ln -s "$python" "$folder/bin/python3" || return
  printf 'home = %s\ninclude-system-site-packages = false\n' "${python%/*}" >"$folder/pyvenv.cfg" || return
  # Where that does not begin, the other one is good enough.
  [[ $("$folder/bin/python3" -c 'print("here")' 2>/dev/null) != here ]] || export PATH="$folder/bin:$PATH"
}
