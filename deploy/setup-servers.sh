#!/usr/bin/env bash
# RabbitMQ, PostgreSQL and SoftHSM are installed from the distribution's packages afterwards, for the tests,
# which start servers of their own. No service of the machine is started or enabled, and no
# database cluster is made. What is there already is left alone.
set -euo pipefail
export LC_ALL=C.UTF-8

say() { printf '› %s / %s\n' "$1" "$2"; }
die() { printf '✗ %s\n  %s\n' "$1" "$2" >&2; exit 1; }


have_rabbitmq() { compgen -G '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin' >/dev/null; }
have_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
have_softhsm() { command -v softhsm2-util >/dev/null && command -v pkcs11-tool >/dev/null; }
have_setpriv() { command -v setpriv >/dev/null; }

missing=()
have_rabbitmq || missing+=(rabbitmq-server)
have_postgresql || missing+=(postgresql)
# keys in hardware, without the hardware
have_softhsm || missing+=(softhsm2 opensc)
have_setpriv || missing+=(util-linux)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die \
        "缺少测试用的软件包（${missing[*]}），需要 root 或 sudo 才能安装" \
        "The tests' packages are missing (${missing[*]}); installing them needs root or sudo"
    exec sudo "$0" "$@"
fi
command -v apt-get >/dev/null || die \
    "本脚本只支持 Debian 与 Ubuntu；请自行安装：${missing[*]}" \
    "This script knows Debian and Ubuntu only; install by hand: ${missing[*]}"

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
log=$(mktemp)
undo=()
clean_up() {
    local step
    for step in "${undo[@]}"; do eval "$step"; done
    rm -f "$log"
}
trap clean_up EXIT

apt_install() {
    env DEBIAN_FRONTEND=noninteractive apt-get -q -q -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
        install --no-install-recommends "$@" >"$log" 2>&1 || { tail -n 15 "$log" >&2; return 1; }
}

# invoke-rc.d(8): 101 is "forbidden"
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    undo+=("rm -f $policy")
fi

say "安装测试用的软件包：${missing[*]}" "Installing the tests' packages: ${missing[*]}"
apt-cache show "${missing[@]}" >/dev/null 2>&1 || apt-get -q -q -o DPkg::Lock::Timeout=300 update

if ! have_postgresql; then
    apt_install postgresql-common || {
        apt-get -q -q -o DPkg::Lock::Timeout=300 update
        apt_install postgresql-common
    }
    # The server's package makes a cluster unless this says no; it says what it said afterwards.
    cp -p $clusters $clusters.hanyin
    undo+=("mv -f $clusters.hanyin $clusters")
    printf '\ncreate_main_cluster = false\n' >>$clusters
fi
apt_install "${missing[@]}" || {
    apt-get -q -q -o DPkg::Lock::Timeout=300 update
    apt_install "${missing[@]}"
} || die "软件包未能装上：${missing[*]}" "The packages could not be installed: ${missing[*]}"

if [ -d /run/systemd/system ] && [[ " ${missing[*]} " == *" rabbitmq-server "* ]]; then
    # It would start with the machine from now on.
    systemctl disable -q rabbitmq-server || true
fi
