#!/usr/bin/env bash
# The sample letters have the same bytes on other systems as here. Each system is a debootstrap below
# FOLDER with this project's own set-up in it; what is there is used again. Root; a mirror of Debian.
#
#   tests/machines/same-bytes.sh FOLDER bookworm trixie
set -euo pipefail
export LC_ALL=C.UTF-8

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(realpath "$1")
shift

letters() { "$1/.venv/bin/python" -m tests.machines.digests; }

(cd "$project" && letters "$project") >"$folder/here"
status=0
for suite in "$@"; do
    root=$folder/$suite
    [ -x "$root/usr/bin/python3" ] || debootstrap --variant=minbase \
        --include=python3,python3-venv,ca-certificates,fontconfig,make "$suite" "$root"
    mkdir -p "$root/hanyin"
    git -C "$project" archive HEAD | tar -x -C "$root/hanyin"
    # what reaches the registries here reaches them there
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || cp -L "$file" "$root$file"
    done
    mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
    chroot "$root" /bin/bash -c 'cd /hanyin && deploy/setup.sh' >"$folder/$suite.log" 2>&1 || {
        tail -n 20 "$folder/$suite.log" >&2
        umount "$root/proc"
        exit 1
    }
    chroot "$root" /bin/bash -c 'cd /hanyin && .venv/bin/python -m tests.machines.digests' >"$folder/$suite.digests"
    umount "$root/proc"
    if diff "$folder/here" "$folder/$suite.digests"; then
        echo "$suite: the same $(wc -l <"$folder/here") letters"
    else
        status=1
    fi
done
exit $status
