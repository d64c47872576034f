# SPDX-License-Identifier: ISC
# sw-hwinfo: what it makes of other machines' /proc and /sys.
load helper

MIB=$((1024 * 1024)) GIB=$((1024 * 1024 * 1024))

setup() {
  root=$BATS_TEST_TMPDIR/root
  put proc/self/status $'Name:\tx\nCpus_allowed_list:\t0-7'
  put sys/devices/system/cpu/online 0-7
  put proc/meminfo $'MemTotal:       33554432 kB\nMemFree: 1000 kB\nMemAvailable:   16777216 kB'
}

# put PATH TEXT: a file of the fake tree.
put() {
  mkdir -p "$root/$(dirname "$1")"
  printf '%s\n' "$2" >"$root/$1"
}

# figure NAME: its value on the fake machine.
figure() { sw-hwinfo --root "$root" -f sh | sed -n "s/^SW_${1^^}='\(.*\)'$/\1/p"; }

reason() { sw-hwinfo --root "$root" | grep "^$1 "; }

# expect NAME=VALUE…
expect() {
  local word name figures
  figures=$(sw-hwinfo --root "$root" -f sh)
  for word; do
    name=${word%%=*}
    grep -qx "SW_${name^^}='${word#*=}'" <<<"$figures" ||
      { printf 'not %s\n%s\n' "$word" "$figures" >&2; return 1; }
  done
}

@test "no cgroups: all cores, all memory" {
  expect cores_online=8 cores=8 workers=8 memory_total_bytes=$((32 * GIB)) memory_bytes=$((32 * GIB)) \
    memory_available_bytes=$((16 * GIB)) chunk_bytes=$((256 * MIB)) sort_bytes=$GIB
}

@test "affinity, and cores that are allowed but offline" {
  put proc/self/status $'Cpus_allowed_list:\t0-1,4-7'
  put sys/devices/system/cpu/online 0,4-5
  expect cores_online=3 cores=3
  put proc/self/status $'Cpus_allowed_list:\t1,5,7'
  expect cores_online=3 cores=1 workers=1
}

@test "affinity is the kernel's for the machine itself" {
  skip_without taskset
  first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
  run taskset -c "$first" sw-hwinfo -f sh
  [[ $output == *"SW_CORES='1'"*"SW_WORKERS='1'"* ]]
}

@test "cores of /proc/cpuinfo where /sys is not there" {
  rm -r "$root/sys"
  put proc/cpuinfo $'processor\t: 0\nbogomips : 1\nprocessor\t: 1\nprocessor\t: 4'
  expect cores_online=3 cores=3
  [[ $(reason cores_online) == */proc/cpuinfo ]]
}

@test "version 2: quota rounded up, memory limit" {
  put proc/self/cgroup 0::/app
  put sys/fs/cgroup/app/cpu.max '250000 100000'
  put sys/fs/cgroup/app/memory.max $((4 * GIB))
  put sys/fs/cgroup/app/memory.current $((3 * GIB))
  put sys/fs/cgroup/app/memory.stat $'anon 5\ninactive_file 1073741824'
  expect cores=3 workers=3 memory_bytes=$((4 * GIB)) memory_available_bytes=$((2 * GIB)) \
    chunk_bytes=$((4 * GIB / 16 / 3)) memory_total_bytes=$((32 * GIB))
  [[ $(reason cores) == */sys/fs/cgroup/app/cpu.max* ]]
  [[ $(reason memory_bytes) == */sys/fs/cgroup/app/memory.max ]]
  [[ $(reason memory_available_bytes) == */sys/fs/cgroup/app/memory.max* ]]
}

@test "version 2: a fraction of a core is one worker" {
  put proc/self/cgroup 0::/
  put sys/fs/cgroup/cpu.max '1000 100000'
  expect cores=1 workers=1
}

@test "version 2: max is no limit, memory.high is one" {
  put proc/self/cgroup 0::/app
  put sys/fs/cgroup/app/cpu.max 'max 100000'
  put sys/fs/cgroup/app/memory.max max
  put sys/fs/cgroup/app/memory.high max
  expect cores=8 memory_bytes=$((32 * GIB))
  put sys/fs/cgroup/app/memory.high $((2 * GIB))
  expect memory_bytes=$((2 * GIB)) memory_available_bytes=$((2 * GIB))
}

@test "nested groups: the smallest limit counts, wherever it stands" {
  put proc/self/cgroup 0::/a/b/c
  put sys/fs/cgroup/a/b/c/cpu.max '700000 100000'
  put sys/fs/cgroup/a/b/cpu.max '20000 10000'
  put sys/fs/cgroup/a/cpu.max '600000 100000'
  put sys/fs/cgroup/a/b/c/memory.max $((8 * GIB))
  put sys/fs/cgroup/a/memory.max $((6 * GIB))
  expect cores=2 memory_bytes=$((6 * GIB))
  [[ $(reason cores) == *' /sys/fs/cgroup/a/b/cpu.max gives 20000 of every 10000 us'* ]]
  [[ $(reason memory_bytes) == */sys/fs/cgroup/a/memory.max ]]
}

@test "a group beside ours limits nothing" {
  put proc/self/cgroup 0::/a/b
  put sys/fs/cgroup/a/b/cpu.max 'max 100000'
  put sys/fs/cgroup/a/other/cpu.max '100000 100000'
  expect cores=8
}

@test "version 1: quota, memory limit and what is in use" {
  put proc/self/cgroup $'4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n1:name=systemd:/y'
  put sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us 150000
  put sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us 100000
  put sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes $((2 * GIB))
  put sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes $GIB
  put sys/fs/cgroup/memory/docker/x/memory.stat $'inactive_file 7\ntotal_inactive_file 536870912'
  expect cores=2 workers=2 memory_bytes=$((2 * GIB)) memory_available_bytes=$((3 * GIB / 2)) \
    chunk_bytes=$((64 * MIB))
}

@test "version 1: -1 and 2^63 less a page are no limits" {
  put proc/self/cgroup $'4:memory:/\n3:cpu:/'
  put sys/fs/cgroup/cpu/cpu.cfs_quota_us -1
  put sys/fs/cgroup/cpu/cpu.cfs_period_us 100000
  put sys/fs/cgroup/memory/memory.limit_in_bytes 9223372036854771712
  expect cores=8 memory_bytes=$((32 * GIB)) memory_available_bytes=$((16 * GIB))
  rm "$root/proc/meminfo"
  expect memory_bytes=0 memory_available_bytes=0
}

@test "version 1 in a container: the mount shows only our own group" {
  put proc/self/cgroup 4:memory:/docker/x/sub
  put proc/self/mountinfo \
    '34 30 0:28 /docker/x /sys/fs/cgroup/m ro,nosuid master:11 - cgroup cgroup rw,memory'
  put sys/fs/cgroup/m/sub/memory.limit_in_bytes $((3 * GIB))
  put sys/fs/cgroup/m/memory.limit_in_bytes $((5 * GIB))
  expect memory_bytes=$((3 * GIB))
  put proc/self/cgroup 4:memory:/elsewhere
  expect memory_bytes=$((5 * GIB))
  put proc/self/cgroup 4:memory:/../../up
  expect memory_bytes=$((5 * GIB))
}

@test "both versions side by side" {
  put proc/self/cgroup $'2:cpu:/v1\n0::/v2'
  put proc/self/mountinfo $'1 0 0:1 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
2 0 0:2 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw'
  put sys/fs/cgroup/cpu/v1/cpu.cfs_quota_us 400000
  put sys/fs/cgroup/cpu/v1/cpu.cfs_period_us 100000
  put sys/fs/cgroup/unified/v2/memory.max $GIB
  expect cores=4 memory_bytes=$GIB
}

@test "the top of the mount counts where /proc/self/cgroup is missing" {
  put sys/fs/cgroup/cpu.max '200000 100000'
  put sys/fs/cgroup/memory.max $((512 * MIB))
  expect cores=2 memory_bytes=$((512 * MIB))
}

@test "little memory: fewer workers than cores, floors for the sizes" {
  put proc/meminfo $'MemTotal: 262144 kB\nMemAvailable: 20000 kB'
  expect cores=8 workers=4 chunk_bytes=$((64 * MIB)) sort_bytes=$((16 * MIB))
  put proc/meminfo $'MemTotal: 1 kB\nMemAvailable: 0 kB'
  expect cores=8 workers=1 chunk_bytes=$((64 * MIB)) sort_bytes=$((16 * MIB)) memory_available_bytes=0
}

@test "much memory: ceilings for the sizes" {
  put proc/meminfo $'MemTotal: 9007199254740991 kB\nMemAvailable: 9007199254740991 kB'
  expect workers=8 chunk_bytes=$GIB sort_bytes=$((4 * GIB))
  put proc/meminfo $'MemTotal: 9223372036854775807 kB\nMemAvailable: 9223372036854775807 kB'
  expect workers=8 chunk_bytes=$GIB
}

@test "an old kernel without MemAvailable" {
  put proc/meminfo $'MemTotal: 4000000 kB\nMemFree: 1000 kB\nBuffers: 20 kB\nCached: 3 kB'
  expect memory_available_bytes=$((1023 * 1024))
}

@test "an empty tree: at least one worker, sizes at their floors, status 0" {
  rm -r "$root" && mkdir "$root"
  expect cores_online=0 memory_bytes=0 memory_available_bytes=0 chunk_bytes=$((64 * MIB)) \
    sort_bytes=$((16 * MIB))
  (($(figure workers) >= 1))
  [[ $(reason memory_bytes) == *'not known'* ]]
}

# bats test_tags=check
@test "malformed files limit nothing and crash nothing" {
  long=$(head -c 70000 /dev/zero | tr '\0' x)
  for text in '' ' ' - x 0 '0 0' '1' '-1 -1' 'max' 'max max' ',,,' '0-' '7-2' '0-99999999999999999999' \
    '18446744073709551616 1' '99999999999999999999999999 99999999999999999999' '1 0' '0::' '::::' \
    '0::relative' $'\n\n\n' ' - ' '1 2 3 4 5 6 - cgroup2' 'MemTotal:' 'MemTotal: x kB' \
    'processor' "0::/$long" "$long" $'\xff\xfe'; do
    for file in sys/devices/system/cpu/online proc/cpuinfo proc/meminfo proc/self/cgroup \
      sys/devices/system/node/online sys/devices/system/cpu/cpu0/topology/{thread,core}_siblings_list \
      sys/class/dmi/id/chassis_type sys/class/power_supply/x/{type,scope} proc/self/mountinfo proc/self/status sys/fs/cgroup/{cpu.max,memory.max,memory.current,memory.stat} \
      sys/fs/cgroup/cpu/{cpu.cfs_quota_us,cpu.cfs_period_us} sys/fs/cgroup/memory/memory.limit_in_bytes; do
      put "$file" "$text"
    done
    expect_status 0 sw-hwinfo --root "$root" -f sh
    eval "$output"
    ((SW_WORKERS >= 1 && SW_CHUNK_BYTES >= 64 * MIB && SW_SORT_BYTES >= 16 * MIB))
  done
}

@test "directories where files are due, and huge files" {
  rm "$root/proc/meminfo"
  mkdir -p "$root/proc/meminfo" "$root/sys/fs/cgroup/cpu.max"
  head -c 20000000 /dev/zero | tr '\0' '\n' >"$root/proc/self/cgroup"
  expect memory_bytes=0 cores=8
}

@test "sh output evals in sh, make's in make, and all four agree" {
  places=(--root "$root" -T "$BATS_TEST_TMPDIR")
  # shellcheck disable=SC2016
  by_sh=$(sh -c 'eval "$1"; echo "$SW_CORES $SW_WORKERS $SW_CHUNK_BYTES"' - \
    "$(sw-hwinfo "${places[@]}" -f sh)")
  sw-hwinfo "${places[@]}" -f make >"$BATS_TEST_TMPDIR/hw.mk"
  # shellcheck disable=SC2016
  printf 'include hw.mk\nall:\n\t@echo $(SW_CORES) $(SW_WORKERS) $(SW_CHUNK_BYTES)\n' \
    >"$BATS_TEST_TMPDIR/Makefile"
  by_make=$(make --no-print-directory -s -C "$BATS_TEST_TMPDIR")
  by_json=$(sw-hwinfo "${places[@]}" -f json | python3 -c '
import json, sys
figures = json.load(sys.stdin)
words = {"simd", "machine", "temporary_file_system", "current_file_system"}
assert all(type(value) is (str if name in words else int) for name, value in figures.items())
print(figures["cores"], figures["workers"], figures["chunk_bytes"])')
  same "$by_sh" "8 8 $((256 * MIB))"
  same "$by_make" "$by_sh"
  same "$by_json" "$by_sh"
  run sw-hwinfo "${places[@]}" -f text
  same "$(grep -v _free_bytes <<<"$output")" "$(sw-hwinfo "${places[@]}" | grep -v _free_bytes)"
  [[ $output == *'chunk_bytes               256 MiB  memory_bytes / (16 x 8 workers)'* ]]
}

@test "every figure has a reason in text, and stands in every format" {
  names=$(sw-hwinfo --root "$root" | awk 'NF < 3 { exit 1 } { print $1 }')
  same "$names" "$(sw-hwinfo -f json | sed -n 's/^  "\(.*\)":.*/\1/p')"
  same "${names^^}" "$(sw-hwinfo -f sh | sed 's/^SW_//; s/=.*//')"
  same "${names^^}" "$(sw-hwinfo -f make | sed 's/^SW_//; s/ =.*//')"
}

# core N SIBLINGS PACKAGE: the topology of a core of the fake machine.
core() {
  put "sys/devices/system/cpu/cpu$1/topology/thread_siblings_list" "$2"
  put "sys/devices/system/cpu/cpu$1/topology/core_siblings_list" "$3"
}

@test "a laptop: two threads a core, a battery" {
  put sys/devices/system/cpu/online 0-3
  for n in 0 1; do
    core "$n" "$n,$((n + 2))" 0-3
    core "$((n + 2))" "$n,$((n + 2))" 0-3
  done
  put sys/class/power_supply/AC/type Mains
  put sys/class/power_supply/BAT1/type Battery
  put proc/cpuinfo $'processor\t: 0\nflags\t\t: fpu sse2 avx avx2 bmi2'
  put proc/meminfo $'MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\nSwapTotal: 2048 kB\nSwapFree: 1024 kB'
  expect cores_online=4 cores_physical=2 sockets=1 numa_nodes=1 simd=avx2 machine=laptop workers=4 \
    swap_total_bytes=$((2 * MIB)) swap_free_bytes=$MIB chunk_bytes=$((8 * GIB / 16 / 4))
  [[ $(reason machine) == *'a battery, /sys/class/power_supply/BAT1' ]]
}

@test "a mouse's battery makes no laptop, a chassis does" {
  put sys/class/power_supply/hidpp_battery_0/type Battery
  put sys/class/power_supply/hidpp_battery_0/scope Device
  expect machine=workstation
  put sys/class/dmi/id/chassis_type 10
  expect machine=laptop
  put sys/class/dmi/id/chassis_type 3
  expect machine=workstation
  put sys/class/dmi/id/chassis_type 23
  expect machine=server
}

@test "a server: two sockets, two memories, offline cores not counted" {
  put sys/devices/system/cpu/online 0-6
  for n in 0 1 2 3; do core "$n" "$n" 0-3; done
  for n in 4 5 6; do core "$n" "$n" 4-6; done
  put sys/devices/system/node/online 0-1
  put proc/cpuinfo $'flags : avx2 avx512f avx512bw avx512_vbmi2'
  expect cores_online=7 cores_physical=7 sockets=2 numa_nodes=2 simd=avx512 machine=server
  [[ $(reason machine) == *'2 sockets and 2 NUMA nodes' ]]
}

@test "a server by its cores or its memory" {
  put sys/devices/system/cpu/online 0-31
  expect machine=server
  put sys/devices/system/cpu/online 0-30
  expect machine=workstation
  put proc/meminfo $'MemTotal: 134217728 kB\nMemAvailable: 1 kB'
  expect machine=server
}

@test "physical cores and sockets of /proc/cpuinfo where there is no topology" {
  expect cores_physical=0 sockets=0
  put proc/cpuinfo "$(for n in 0 1 2 3 4 5 6 7; do
    printf 'processor\t: %d\nphysical id\t: %d\ncore id\t\t: %d\nflags\t\t: sse2\n\n' "$n" $((n / 4)) $((n % 2))
  done)"
  expect cores_physical=4 sockets=2 simd=portable machine=server
  put proc/cpuinfo $'processor : 0\nFeatures : fp asimd sve'
  expect simd=neon cores_physical=0
}

@test "the space for an input" {
  run sw-hwinfo --root "$root" --input 100G -f sh
  eval "$output"
  same "$SW_TEMPORARY_NEEDED_BYTES" "$((100 * GIB * 13 / 10 + SW_WORKERS * SW_CHUNK_BYTES))"
  expect temporary_needed_bytes=0
  expect_status 0 sw-hwinfo --root "$root" --input 8388607T
  expect_status 2 sw-hwinfo --input lots
  expect_status 2 sw-hwinfo --input 99999999999T
}

@test "file systems as df has them" {
  skip_without df
  for folder in "$BATS_TEST_TMPDIR" /dev/shm; do
    [ -d "$folder" ] || continue
    type=$(df --output=fstype "$folder" | tail -n 1)
    case $type in ext[23]) type=ext4 ;; ext4 | xfs | btrfs | tmpfs | overlay) ;; *) continue ;; esac
    run sw-hwinfo -T "$folder" -f make
    [[ $output == *"SW_TEMPORARY_FILE_SYSTEM = $type"* ]]
  done
}

@test "the disk is measured, and nothing is left of it" {
  mkdir "$BATS_TEST_TMPDIR/probe"
  start=$SECONDS
  eval "$(sw-hwinfo --probe-disk "$BATS_TEST_TMPDIR/probe" -f sh)"
  # shellcheck disable=SC2153
  ((SW_DISK_WRITE_BYTES_S > 0 && SW_DISK_READ_BYTES_S > 0))
  ((SECONDS - start < 15))
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/probe")" ]
  expect disk_write_bytes_s=0 disk_read_bytes_s=0
  expect_status 3 sw-hwinfo --probe-disk /nowhere
  expect_status 3 sw-hwinfo --probe-disk /proc
  [[ $output == *'--probe-disk: /proc: '* ]]
}

@test "a signal during the measurement leaves nothing behind" {
  mkdir "$BATS_TEST_TMPDIR/probe"
  for signal in TERM KILL INT; do
    sw-hwinfo --probe-disk "$BATS_TEST_TMPDIR/probe" >/dev/null 2>&1 &
    sleep 0.05
    kill -s "$signal" $! 2>/dev/null || true
    wait $! || true
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/probe")" ]
  done
}

@test "free disk of the temporary directory: -T, else TMPDIR, else /tmp" {
  mkdir "$BATS_TEST_TMPDIR/a b"
  run sw-hwinfo -T "$BATS_TEST_TMPDIR/a b"
  [[ $output == *"free disk of the temporary directory, $BATS_TEST_TMPDIR/a b"* ]]
  TMPDIR=$BATS_TEST_TMPDIR run sw-hwinfo
  [[ $output == *"free disk of the temporary directory, $BATS_TEST_TMPDIR"* ]]
  TMPDIR='' run sw-hwinfo
  [[ $output == *"free disk of the temporary directory, /tmp"* ]]
  TMPDIR=/nowhere expect_status 0 sw-hwinfo
  [[ $output == *"not known: /nowhere"* ]]
  expect_status 3 sw-hwinfo -T /nowhere
}

@test "wrong usage is status 2, a root that is not there 3, -o writes a whole file" {
  expect_status 2 sw-hwinfo -f xml
  expect_status 2 sw-hwinfo operand
  expect_status 3 sw-hwinfo --root "$BATS_TEST_TMPDIR/nowhere"
  sw-hwinfo --root "$root" -f make -o "$BATS_TEST_TMPDIR/out.mk"
  grep -qx 'SW_WORKERS = 8' "$BATS_TEST_TMPDIR/out.mk"
}
