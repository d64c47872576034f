# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# Hosts for tests: each a network namespace with an address and an sshd of its own, on a veth pair to this machine. Needs root and
# openssh-server; nothing of the system's sshd is used or changed.
#
#   rig_missing           says what is not there for it, nothing where all is
#   rig_open FOLDER       makes the keys there, and ssh.config for the client; sets SW_SSH to use it
#   rig_host NAME [HIDE…] brings a host up: it does not see the folders HIDE
#   rig_kill NAME         kills its sshd and all that runs below it
#   rig_cut NAME          pulls its cable
#   rig_close             ends all of it
#
# Names (of at most five letters), addresses and processes are this rig's own, so that tests may run side by side.

rig_missing() {
  local tool
  [ "$(id -u)" -eq 0 ] || { echo 'needs root, for network namespaces'; return; }
  for tool in sshd ssh-keygen ip unshare parallel; do command -v "$tool" >/dev/null || { echo "no $tool here"; return; }; done
  unshare -nm true 2>/dev/null || { echo 'no network namespaces here'; return; }
  ip link add "swt$$" type veth peer name "swu$$" 2>/dev/null || { echo 'no network devices can be made here'; return; }
  ip link delete "swt$$"
}

rig_open() {
  RIG=$1
  export RIG SW_SSH="ssh -F $RIG/ssh.config"
  mkdir -p "$RIG/home"
  ssh-keygen -q -t ed25519 -N '' -f "$RIG/key"
  ssh-keygen -q -t ed25519 -N '' -f "$RIG/host_key"
  printf '%s\n' "IdentityFile $RIG/key" 'IdentitiesOnly yes' 'StrictHostKeyChecking no' "UserKnownHostsFile $RIG/known" 'LogLevel ERROR' \
    'User root' 'Port 2222' 'CanonicalizeHostname no' 'GSSAPIAuthentication no' >"$RIG/ssh.config"
  printf '%s\n' 'Port 2222' "HostKey $RIG/host_key" "AuthorizedKeysFile $RIG/key.pub" 'PidFile none' 'UsePAM no' 'UseDNS no' 'StrictModes no' \
    'PermitRootLogin yes' 'PasswordAuthentication no' 'PrintMotd no' "SetEnv HOME=$RIG/home" 'MaxStartups 100' >"$RIG/sshd.config"
}

# The first address of four that nobody uses; tests look one after another.
rig_network() {
  local third fourth used
  used=$(ip -o -4 address show)
  for third in $(seq 0 255); do
    for fourth in $(seq 0 4 252); do
      [[ $used == *" 198.18.$third.$((fourth + 1))/30 "* ]] || { echo "198.18.$third $fourth"; return; }
    done
  done
}

# rig_wire SPACE: the namespace with its pair of devices; says the host's address.
rig_wire() {
  local space=$1 net fourth
  exec 8<"$TREE"
  flock 8
  read -r net fourth < <(rig_network)
  ip netns add "$space"
  ip link add "$space" type veth peer name eth0 netns "$space"
  ip address add "$net.$((fourth + 1))/30" dev "$space"
  exec 8<&-
  ip link set "$space" up
  ip -n "$space" address add "$net.$((fourth + 2))/30" dev eth0
  ip -n "$space" link set eth0 up
  ip -n "$space" link set lo up
  echo "$net.$((fourth + 2))"
}

rig_host() {
  local name=$1 space folder commands
  shift
  space=sw$BASHPID-$name
  printf '%s\n' "$space" >"$RIG/host.$name"
  printf 'Host %s\n HostName %s\n' "$name" "$(rig_wire "$space")" >>"$RIG/ssh.config"
  # ip netns exec has mounts of its own for what it runs: these are the host's.
  commands='mount -t tmpfs none /run && mkdir -p /run/sshd'
  for folder; do commands+=" && mount -t tmpfs none '$folder'"; done
  ip netns exec "$space" bash -c "$commands && exec $(command -v sshd) -D -e -f '$RIG/sshd.config'" </dev/null >"$RIG/log.$name" 2>&1 3>&- &
  disown
  for _ in $(seq 50); do
    # shellcheck disable=SC2086
    $SW_SSH "$name" true 2>/dev/null && return
    sleep 0.1
  done
  cat "$RIG/log.$name" >&2
  return 1
}

rig_space() { cat "$RIG/host.$1"; }

rig_kill() { ip netns pids "$(rig_space "$1")" | xargs -r kill -KILL; }

rig_cut() { ip link set "$(rig_space "$1")" down; }

rig_close() {
  local file space
  for file in "$RIG"/host.*; do
    [ -e "$file" ] || continue
    space=$(cat "$file")
    ip netns pids "$space" | xargs -r kill -KILL
    ip link delete "$space" 2>/dev/null
    ip netns delete "$space"
  done
}
