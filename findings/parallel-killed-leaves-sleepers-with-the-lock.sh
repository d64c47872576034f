#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# GNU parallel finds out how many jobs it may run by starting that many processes, `sleep 10101`, and killing them again. When
# it is killed itself meanwhile (SIGKILL: by a user, by who watches over memory), they stay for two hours and 48 minutes, and with them
# all that they inherited: the lock of whoever called parallel is still held, though no job has begun, and nothing of parallel is left
# that a name or a list of children would show.
#
#   parallel 20221122, 4 jobs      killed while it begins: processes `sleep 10101` that hold the lock
#
# So a folder of a run that was killed in that moment is locked; the next run says that it waits, and --kill-orphans, which ends whoever
# holds the lock, whatever it is called, lets it go on.
#
# Takes Debian's package apart in a folder of its own; fails where what is seen is no longer this.
set -euo pipefail
folder=$(mktemp -d)
# What runs in the folder is what was begun here.
left_there() {
  local process
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd" 2>/dev/null)" != "$folder" ] || [ "${process#/proc/}" = $$ ] ||
      [ "$(tr '\0' ' ' 2>/dev/null <"$process/cmdline")" != 'sleep 10101 ' ] || echo "${process#/proc/}"
  done
}
trap 'left_there | xargs -r kill; rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download parallel=20221122+ds-2 && dpkg -x parallel_*.deb .; } >install.log 2>&1 || { cat install.log >&2; exit 1; }
PATH=$folder/usr/bin:$PATH
export HOME=$folder

# Parallel is killed in the moment in which the first of them is there; that takes a few goes at most.
begin_and_kill() {
  local lock parallel children child
  exec {lock}>lock
  flock "$lock"
  { seq 4; sleep 2; } 2>/dev/null | parallel --plain --will-cite -j 4 'echo {} >>begun; sleep 1' >/dev/null 2>&1 &
  parallel=$!
  exec {lock}>&-
  while kill -0 "$parallel" 2>/dev/null && [ ! -e begun ]; do
    read -r -a children 2>/dev/null <"/proc/$parallel/task/$parallel/children" || :
    for child in "${children[@]}"; do
      [ "$(tr '\0' ' ' 2>/dev/null <"/proc/$child/cmdline")" != 'sleep 10101 ' ] || kill -KILL "$parallel" || :
    done
  done
  kill -KILL "$parallel" 2>/dev/null || :
  wait "$parallel" 2>/dev/null || :
}
: >begun
for go in $(seq 30); do
  rm -f begun lock
  begin_and_kill 2>>install.log
  sleep 2.5 # whatever fed it has ended
  if [ ! -e begun ] && [ -n "$(left_there)" ]; then break; fi
done
[ -e begun ] && begun=yes || begun=no
if flock -n lock true; then held=free; else held=held; fi
seen="parallel $(parallel --version | sed -n '1s/.* //p'): a job begun: $begun, processes left: $([ -z "$(left_there)" ] || echo yes), lock: $held"
printf '%s (at go %d)\n' "$seen" "$go"
[[ $seen == 'parallel 20221122: a job begun: no, processes left: yes, lock: held' ]] || { echo 'this is no longer what was found' >&2; exit 1; }
