# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# A Slurm of one node for tests: munged, slurmctld and slurmd of its own, begun without systemd, on ports of its own. Needs root and
# slurm-wlm with munge; nothing of the system's is used or changed.
#
#   slurm_missing        says what is not there for it, nothing where all is
#   slurm_open FOLDER    begins it; SLURM_CONF says to the commands where it is
#   slurm_close          ends it

slurm_missing() {
  local tool
  [ "$(id -u)" -eq 0 ] || { echo 'needs root, for slurmd'; return; }
  for tool in munged slurmctld slurmd sbatch scontrol; do command -v "$tool" >/dev/null || { echo "no $tool here"; return; }; done
}

slurm_port() {
  python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

slurm_configuration() {
  cat <<CONF
ClusterName=swtest
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$(slurm_port)
SlurmdPort=$(slurm_port)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$SLURM_RIG/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$SLURM_RIG/state
SlurmdSpoolDir=$SLURM_RIG/spool
SlurmctldPidFile=$SLURM_RIG/slurmctld.pid
SlurmdPidFile=$SLURM_RIG/slurmd.pid
SlurmctldLogFile=$SLURM_RIG/slurmctld.log
SlurmdLogFile=$SLURM_RIG/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
NodeName=node1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=short Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
CONF
}

slurm_open() {
  SLURM_RIG=$1
  export SLURM_RIG SLURM_CONF=$SLURM_RIG/slurm.conf
  mkdir -p "$SLURM_RIG/state" "$SLURM_RIG/spool"
  chmod 755 "$SLURM_RIG"
  (umask 077 && head -c 128 /dev/urandom >"$SLURM_RIG/munge.key")
  slurm_configuration >"$SLURM_CONF"
  munged --foreground --force --key-file "$SLURM_RIG/munge.key" --socket "$SLURM_RIG/munge.socket" --pid-file "$SLURM_RIG/munge.pid" \
    --log-file "$SLURM_RIG/munge.log" --seed-file "$SLURM_RIG/munge.seed" </dev/null >"$SLURM_RIG/munged.log" 2>&1 3>&- &
  echo $! >"$SLURM_RIG/processes"
  slurmctld -D -f "$SLURM_CONF" </dev/null >/dev/null 2>&1 3>&- &
  echo $! >>"$SLURM_RIG/processes"
  slurmd -D -N node1 -f "$SLURM_CONF" </dev/null >/dev/null 2>&1 3>&- &
  echo $! >>"$SLURM_RIG/processes"
  for _ in $(seq 100); do
    [[ $(sinfo -h -o %T 2>/dev/null) == idle ]] && return
    sleep 0.1
  done
  tail -n 5 "$SLURM_RIG"/*.log >&2
  return 1
}

slurm_close() {
  local id
  scancel --user=root 2>/dev/null || true
  tac "$SLURM_RIG/processes" | while read -r id; do
    kill "$id" 2>/dev/null
    for _ in $(seq 30); do kill -0 "$id" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$id" 2>/dev/null
  done
  true
}
