#!/usr/bin/env bash
# Runs a real Slurm on this machine for about a minute and writes what its accounting says.
#
#   cases/slurm/month.sh OUT
#
# OUT receives sacct.json, sacct.txt, events.txt, devices.txt and run.txt. The jobs end in every
# way that a lease has to tell apart: completed, failed, cancelled, out of time, requeued, lost to
# a node failure, queued, overlapping. Needs root and the packages named in `need` below.
#
# Exit: 0 written, 77 this machine cannot run it (the reason is printed), 1 it ran and went wrong.
# Clause: lease-3.1.1 (GPU-hours actually used), lease-6.2 (repair clock).
set -euo pipefail

cannot() { echo "cannot run: $*" >&2; exit 77; }
wrong() {
    echo "went wrong: $*" >&2
    tail -n 15 "$home"/log/*.log >&2 2>/dev/null || true
    exit 1
}

clean() {
    trap '' INT TERM HUP
    [ -d "$home" ] || return 0
    local pid
    # Nothing of theirs is kept, so there is nothing to shut down in order. Twice, because a
    # daemon may have been starting another process.
    for _ in 1 2; do
        for pid in $(ours); do kill -KILL "$pid" 2>/dev/null || true; done
    done
    if [ -e "$home/own-munge" ]; then
        rm -f /run/munge/munge.socket.2 /run/munge/munge.socket.2.lock
        [ ! -e "$home/own-munge-folder" ] || rmdir /run/munge 2>/dev/null || true
    fi
    rm -rf "$home"
}
# The processes of this run: whatever was started with its configuration, jobs that outlived slurmd
# included. This shell exported it after its own start and is not among them.
ours() {
    local entry
    for entry in /proc/[0-9]*; do
        if grep -qzxF "SLURM_CONF=$home/slurm.conf" "$entry/environ" 2>/dev/null; then
            echo "${entry#/proc/}"
        fi
    done
}
# A kill -9 of the run skips its trap. The guard sits in a session of its own, notices, and cleans;
# it holds the lock until then.
if [ "${1:-}" = --guard ]; then
    main=$2 home=$3
    trap '' INT TERM HUP
    while kill -0 "$main" 2>/dev/null; do sleep 1; done
    clean
    exit 0
fi

[ $# -eq 1 ] || { echo "usage: $0 OUT" >&2; exit 2; }
[ "$(uname -s)" = Linux ] || cannot "not Linux"
[ "$(id -u)" -eq 0 ] || cannot "must be root: device nodes, munge and slurmd need it"
export PATH="$PATH:/usr/sbin:/sbin"
need=(munged:munge munge:munge unmunge:munge mariadbd:mariadb-server mariadb:mariadb-client
    mariadb-install-db:mariadb-server slurmdbd:slurmdbd slurmctld:slurmctld slurmd:slurmd
    sacct:slurm-client sbatch:slurm-client runuser:util-linux setsid:util-linux flock:util-linux)
for pair in "${need[@]}"; do
    command -v "${pair%%:*}" >/dev/null || cannot "no ${pair%%:*}; install ${pair##*:}"
done
getent passwd munge >/dev/null || cannot "no user munge; install munge"
mkdir -p "$1" || cannot "cannot make $1"
out=$(cd "$1" && pwd)

# One at a time: the munge socket has one place that every Slurm client knows.
exec 9>"${TMPDIR:-/tmp}/tallystick-slurm.lock"
flock -w 180 9 || cannot "another run holds the lock"

home=$(mktemp -d -t slurm-case.XXXXXX)
chmod 755 "$home"
mkdir -p "$home"/{ctld,d,run,log,fake,jobs}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
setsid bash "$0" --guard $$ "$home" >/dev/null 2>&1 </dev/null &
disown
# Every process from here on carries this; the cleaning knows them by it.
export SLURM_CONF="$home/slurm.conf"
# sacct's text has local times without an offset; the zone is written beside them.
[ -e "/usr/share/zoneinfo/${TZ:=Asia/Shanghai}" ] || TZ=UTC
export TZ LC_ALL=C

# Starts a daemon in its own session, without the lock.
start() {
    local name=$1
    shift
    setsid "$@" 9>&- >>"$home/log/$name.log" 2>&1 </dev/null &
    disown
}
# Repeats a test until it holds: until_true SECONDS WHAT COMMAND...
until_true() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || wrong "no $what"
        sleep 0.2
    done
}
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        case " ${ports[*]:-} " in *" $port "*) continue ;; esac
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    ports+=("$port")
}
ports=()
for _ in 1 2 3 4; do free_port; done

# --- munge: one that already runs is used as it is -------------------------------------------
munge_answers() { munge -n </dev/null | unmunge; }
if ! munge_answers >/dev/null 2>&1; then
    [ -d /run/munge ] || touch "$home/own-munge-folder"
    install -d -o munge -g munge -m 755 /run/munge
    install -d -o munge -g munge -m 700 "$home/munge"
    head -c 1024 /dev/urandom >"$home/munge/key"
    chown munge:munge "$home/munge/key"
    chmod 400 "$home/munge/key"
    touch "$home/own-munge"
    start munge runuser -u munge -- munged --foreground --key-file="$home/munge/key" \
        --log-file="$home/munge/log" --pid-file="$home/munge/pid" --seed-file="$home/munge/seed" \
        --socket=/run/munge/munge.socket.2
    until_true 10 "answer from munge" munge_answers
fi

# --- configuration ---------------------------------------------------------------------------
host=$(hostname -s)
node=gpunode1
memory=$(awk '/MemTotal/ { print int($2 / 1024 / 2) }' /proc/meminfo)
cpus=$(nproc)
for i in 0 1 2 3; do
    mknod "$home/fake/gpu$i" c 1 3 2>/dev/null || cannot "mknod is not allowed here"
done
cat >"$home/slurm.conf" <<CONF
ClusterName=lease
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$home/ctld
SlurmdSpoolDir=$home/d
SlurmctldPidFile=$home/run/ctld.pid
SlurmdPidFile=$home/run/d.pid
SlurmctldLogFile=$home/log/ctld.log
SlurmdLogFile=$home/log/d.log
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=0
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
GresTypes=gpu
KillWait=2
CompleteWait=0
MinJobAge=300
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=${ports[2]}
AccountingStorageTRES=gres/gpu,gres/gpu:a100
AccountingStorageEnforce=associations,limits,qos
NodeName=$node NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$memory Gres=gpu:a100:4 State=UNKNOWN
PartitionName=lease Nodes=$node Default=YES MaxTime=INFINITE OverSubscribe=FORCE:8 State=UP TRESBillingWeights="CPU=0.0,Mem=0.0,GRES/gpu=1.0"
CONF
echo "NodeName=$node Name=gpu Type=a100 File=$home/fake/gpu[0-3]" >"$home/gres.conf"
# From 23.02 on a slurmd without systemd has to be told to leave control groups alone.
release=$(slurmctld -V | grep -oE '[0-9]+\.[0-9]+' | head -1)
[ "${release%%.*}" -lt 23 ] || echo "CgroupPlugin=disabled" >"$home/cgroup.conf"
cat >"$home/slurmdbd.conf" <<CONF
AuthType=auth/munge
DbdHost=$host
DbdAddr=127.0.0.1
DbdPort=${ports[2]}
SlurmUser=root
PidFile=$home/run/dbd.pid
LogFile=$home/log/dbd.log
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=${ports[3]}
StorageUser=slurm
StoragePass=x
StorageLoc=slurm_acct_db
CONF
chmod 600 "$home/slurmdbd.conf"
if ! getent hosts "$host" >/dev/null; then
    echo "127.0.0.1 $host" >>/etc/hosts || cannot "the name $host does not resolve"
fi

# --- database and daemons --------------------------------------------------------------------
mariadb-install-db --no-defaults --user=root --auth-root-authentication-method=normal \
    --skip-test-db --datadir="$home/my" >"$home/log/install.log" 2>&1 || wrong "mariadb-install-db"
start mariadb mariadbd --no-defaults --user=root --datadir="$home/my" --socket="$home/my.sock" \
    --pid-file="$home/run/my.pid" --port="${ports[3]}" --bind-address=127.0.0.1 \
    --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=0
sql() { mariadb --no-defaults -u root -S "$home/my.sock" "$@"; }
until_true 30 "answer from MariaDB" sql -e 'select 1'
sql <<'SQL'
create database slurm_acct_db;
create user slurm@'127.0.0.1' identified by 'x';
create user slurm@localhost identified by 'x';
grant all on slurm_acct_db.* to slurm@'127.0.0.1';
grant all on slurm_acct_db.* to slurm@localhost;
SQL
start slurmdbd slurmdbd -D
until_true 30 "answer from slurmdbd" sacctmgr -n show cluster
for command in "cluster lease" "account tenant-a" "account tenant-b" \
    "user root account=tenant-a" "user root account=tenant-b"; do
    # shellcheck disable=SC2086 # the words of the command are meant to be split
    sacctmgr -i add $command >>"$home/log/sacctmgr.log" 2>&1 || true
done
start slurmctld slurmctld -D -i
until_true 20 "answer from slurmctld" scontrol ping
start slurmd slurmd -D -N "$node"
idle() { [ "$(sinfo -h -n "$node" -o %T)" = idle ]; }
until_true 30 "idle node" idle
began=$(date +%Y-%m-%dT%H:%M:%S)

# --- the jobs ----------------------------------------------------------------------------------
: >"$out/devices.txt"
# submit NAME GPUS SCRIPT [OPTION...] prints the job id.
submit() {
    local name=$1 gpus=$2 script=$3
    shift 3
    printf '#!/bin/sh\n%s\n' "$script" >"$home/jobs/$name.sh"
    sbatch --parsable -A tenant-a -J "$name" --gres=gpu:a100:"$gpus" --mem=50 -s -o /dev/null \
        --no-requeue "$@" "$home/jobs/$name.sh" || wrong "sbatch refused $name"
}
state() { scontrol -o show job "$1" | grep -oE 'JobState=[A-Z_]+' | cut -d= -f2; }
is() { [ "$(state "$1")" = "$2" ]; }
# Which devices a running job holds; sacct keeps the count alone.
note_devices() {
    is "$1" RUNNING || return 0
    scontrol -d -o show job "$1" | grep -oE 'Nodes=[^ ]+ CPU_IDs=[^ ]+ Mem=[^ ]+ GRES=[^ ]+' |
        sed -E "s/^Nodes=([^ ]+).*GRES=([^ ]+)/$1|\1|\2/" >>"$out/devices.txt"
}
run() { # submits, waits until it runs, notes its devices; the id is left in $id
    id=$(submit "$@")
    until_true 20 "start of $1" is "$id" RUNNING
    note_devices "$id"
}

run late 1 'sleep 600' -t 10
late=$id
run two_gpus 2 'sleep 4'
two=$id
run fails 1 'sleep 3; exit 3' -A tenant-b
fails=$id
queued=$(submit queued 3 'sleep 3')
never=$(submit never 4 'sleep 30')
scancel "$never"
# Time limits count whole minutes; moving the end of a running job is the quick way to one.
scontrol update jobid="$late" EndTime="$(date -d '+2 seconds' +%Y-%m-%dT%H:%M:%S)" ||
    wrong "the end of a job cannot be moved"
until_true 20 "end of two_gpus" is "$two" COMPLETED
until_true 20 "end of fails" is "$fails" FAILED
until_true 20 "start of the queued job" is "$queued" RUNNING
note_devices "$queued"
until_true 20 "end of the queued job" is "$queued" COMPLETED
run stopped 1 'sleep 60'
stopped=$id
array=$(submit array 1 'sleep 2' --array=0-1)
run again 1 'sleep 3' --requeue
again=$id
sleep 1
scancel "$stopped"
scontrol requeue "$again"
until_true 60 "end of the array" test -z "$(squeue -h -j "$array" 2>/dev/null)"
until_true 60 "job out of time" is "$late" TIMEOUT

# The node fails under one job that is lost and one that begins again.
run lost 2 'sleep 60'
lost=$id
run moved 1 'sleep 6' --requeue
moved=$id
sleep 3
scontrol update nodename="$node" state=down reason=hwfail
until_true 20 "job lost to the node" is "$lost" NODE_FAIL
sleep 4
scontrol update nodename="$node" state=resume
# A requeued job waits two minutes by default; it may begin now.
for id in "$again" "$moved"; do scontrol update jobid="$id" StartTime=now || true; done
until_true 30 "end of the requeued job" is "$again" COMPLETED
until_true 30 "end of the moved job" is "$moved" COMPLETED
run open 1 'sleep 60'

# --- what the accounting says --------------------------------------------------------------------
sacct_states() { sacct -n -X -P -a -D -S "$began" -o State; }
# The controller tells the database a moment later: 14 records, of which one is still running.
told() {
    [ "$(sacct_states | wc -l)" -eq 14 ] && [ "$(sacct_states | grep -cE 'RUNNING')" -eq 1 ] &&
        ! sacct_states | grep -qE 'PENDING'
}
until_true 30 "complete accounting" told
sacct --json -a -D -S "$began" >"$out/sacct.json" 2>"$home/log/sacct.log" || wrong "sacct --json"
sacct -X -P -a -D -S "$began" \
    -o JobID,JobIDRaw,Cluster,User,Account,State,Submit,Start,End,ElapsedRaw,AllocTRES,NodeList \
    >"$out/sacct.txt"
sacctmgr -n -P show event start="$began" format=Start,End,NodeName,State,Reason >"$out/events.txt"
{
    echo "slurm=$release"
    echo "zone=$TZ"
    echo "cluster=lease"
    echo "node=$node"
    echo "gpus=4"
    echo "seconds=$SECONDS"
} >"$out/run.txt"
cat "$out/run.txt"
