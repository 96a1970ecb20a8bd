#!/usr/bin/env bash
# Everything that Hanyin needs is on this machine afterwards: fonts, and the Python packages of the
# lock file in .venv; LibreOffice where it is asked for. What is there already is left alone, so a second run takes
# a second or less. For Debian 12 and 13 and Ubuntu 24.04; python3 3.11 or later; root or sudo
# only where a package is missing.
#
#   deploy/setup.sh            what the program needs
#   deploy/setup.sh --office   also LibreOffice, for templates that Typst cannot make
#   deploy/setup.sh --dev      also what its tests need, LibreOffice among it
#
# HANYIN_PYTHON names another Python for .venv (default: python3).
set -euo pipefail
export LC_ALL=C.UTF-8

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$project/.cache
fonts=$cache/fonts
venv=$project/.venv
python=${HANYIN_PYTHON:-python3}
fandol=(FandolFang-Regular FandolHei-Bold FandolHei-Regular FandolKai-Regular
        FandolSong-Bold FandolSong-Regular)

say() { printf '› %s / %s\n' "$1" "$2"; }
die() { printf '✗ %s\n  %s\n' "$1" "$2" >&2; exit 1; }

dev=no office=no
case ${1:-} in
    '') ;;
    --office) office=yes ;;
    --dev) dev=yes office=yes ;;
    *) die "不认识的参数 $1；用法：deploy/setup.sh [--office | --dev]" \
           "Unknown argument $1; usage: deploy/setup.sh [--office | --dev]" ;;
esac

# -- packages of the distribution ------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        die "缺少系统软件包（${missing[*]:-}），需要 root 或 sudo 才能安装" \
            "Packages are missing (${missing[*]:-}); installing them needs root or sudo"
    elif [ -t 0 ] || sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        die "安装 ${missing[*]:-} 需要 sudo 密码；请在终端中运行，或用 root 运行" \
            "Installing ${missing[*]:-} needs the sudo password; run this in a terminal or as root"
    fi
}

lists_updated=no
update_lists() {
    [ $lists_updated = no ] || return 0
    say "更新软件包列表" "Updating the package lists"
    as_root apt-get -q -q -o DPkg::Lock::Timeout=300 update
    lists_updated=yes
}

known() { apt-cache show "$1" >/dev/null 2>&1; }

missing_packages() {
    missing=()
    local package
    for package in fontconfig fonts-noto-cjk fonts-hanazono fonts-babelstone-han poppler-utils \
                   ca-certificates; do
        installed "$package" || missing+=("$package")
    done
    if [ $office = yes ]; then missing_office_packages; fi
    command -v "$python" >/dev/null || missing+=(python3)
    # Debian keeps ensurepip in a package of its own.
    if [ ! -x "$venv/bin/python" ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        missing+=(python3-venv)
    fi
}

missing_office_packages() {
    local package
    for package in python3-uno libjemalloc2; do
        installed "$package" || missing+=("$package")
    done
    # The two flavours of LibreOffice exclude each other: a desktop keeps its own.
    if ! installed libreoffice-writer-nogui && ! installed libreoffice-writer; then
        if installed libreoffice-core; then missing+=(libreoffice-writer)
        else missing+=(libreoffice-writer-nogui); fi
    fi
}

install_packages() {
    missing_packages
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die \
        "本脚本只支持 Debian 与 Ubuntu；请自行安装：${missing[*]}" \
        "This script knows Debian and Ubuntu only; install by hand: ${missing[*]}"
    local package
    for package in "${missing[@]}"; do known "$package" || { update_lists; break; }; done
    say "安装系统软件包：${missing[*]}" "Installing packages: ${missing[*]}"
    apt_install || { update_lists; apt_install; } || die \
        "系统软件包未能装上：${missing[*]}" "The packages could not be installed: ${missing[*]}"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -q -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" >"$cache/apt.log" 2>&1 \
        || { tail -n 15 "$cache/apt.log" >&2; return 1; }
}

# -- fonts -----------------------------------------------------------------------------------

fonts_complete() {
    local name
    for name in "${fandol[@]}"; do [ -s "$fonts/$name.otf" ] || return 1; done
}

# the same fonts on every machine: the same data gives the same bytes
fonts_pinned() (cd "$fonts" && grep Fandol "$project/rendering/fonts.sha256" | sha256sum --check --quiet --strict)

# The Fandol fonts stand in a package with 80 dependencies; only its six files are taken.
fetch_fonts() {
    if fonts_complete; then return 0; fi
    missing=(texlive-lang-chinese)
    known texlive-lang-chinese || update_lists
    say "下载 Fandol 字体（约 50 MB）" "Downloading the Fandol fonts (about 50 MB)"
    local scratch
    scratch=$(mktemp -d "$cache/fandol.XXXXXX")
    # apt drops its rights for a download where it can; the directory lets it
    if [ "$(id -u)" = 0 ]; then chown _apt "$scratch" 2>/dev/null || true; fi
    download_fandol "$scratch" || { update_lists; download_fandol "$scratch"; } || {
        rm -rf "$scratch"
        die "无法下载 texlive-lang-chinese（Fandol 字体）；请检查网络与软件源" \
            "texlive-lang-chinese (the Fandol fonts) could not be downloaded; check the network and the apt sources"
    }
    mkdir -p "$fonts"
    dpkg-deb --fsys-tarfile "$scratch"/*.deb | tar -x -C "$scratch" --wildcards --no-anchored 'fandol/*'
    local name found
    for name in "${fandol[@]}"; do
        found=$(find "$scratch/usr" -name "$name.otf" -print -quit)
        [ -n "$found" ] || die "软件包中没有字体 $name" "The package lacks the font $name"
        mv "$found" "$fonts/$name.otf"
    done
    find "$scratch/usr" -name 'COPYING.gz' -exec sh -c 'gzip -dc "$1" >"$2/Fandol-COPYING"' _ {} "$fonts" \;
    rm -rf "$scratch"
    fonts_pinned || say "Fandol 字体与 rendering/fonts.sha256 不同：同样的数据会得到不同的字节" \
        "The Fandol fonts are other than rendering/fonts.sha256 says: the same data gives other bytes"
}

download_fandol() (cd "$1" && apt-get -q -q download texlive-lang-chinese 2>"$cache/apt.log")

# -- Python ----------------------------------------------------------------------------------

check_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die \
        "需要 Python 3.11 或更高版本（当前 $("$python" -V 2>&1)）；可用 HANYIN_PYTHON 指定" \
        "Python 3.11 or later is needed (this is $("$python" -V 2>&1)); HANYIN_PYTHON names another"
}

# What is installed is known by the digest of the lock files and of what pip builds from.
digest_of() { (cd "$project" && cat "$@" | sha256sum | cut -d' ' -f1); }

make_venv() {
    if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null; then return 0; fi
    check_python
    say "建立虚拟环境 .venv" "Making the virtual environment .venv"
    rm -rf "$venv"
    "$python" -m venv "$venv" || die \
        "无法建立虚拟环境；请安装 python3-venv" "The virtual environment cannot be made; install python3-venv"
}

install_python_packages() {
    local lock=requirements.lock stamps=$venv/.hanyin-setup run_digest dev_digest
    run_digest="run $project $(digest_of requirements.lock requirements-build.lock pyproject.toml)"
    dev_digest="dev $project $(digest_of requirements-dev.lock requirements-build.lock pyproject.toml)"
    if [ $dev = yes ]; then
        if grep -qxF "$dev_digest" "$stamps" 2>/dev/null; then return 0; fi
        lock=requirements-dev.lock
    elif grep -qxF "$run_digest" "$stamps" 2>/dev/null; then
        return 0
    fi
    say "安装 Python 软件包（$lock）" "Installing the Python packages ($lock)"
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check -q install)
    "${pip[@]}" --require-hashes -r "$project/requirements-build.lock" \
        && "${pip[@]}" --require-hashes -r "$project/$lock" \
        && "${pip[@]}" --no-deps --no-build-isolation -e "$project" || die \
        "Python 软件包未能装上；请检查网络与 pip 的设置后重试" \
        "The Python packages could not be installed; check the network and pip's settings, then try again"
    printf '%s\n' "$run_digest" >"$stamps"
    if [ $dev = yes ]; then printf '%s\n' "$dev_digest" >>"$stamps"; fi
}

mkdir -p "$cache"
exec 9>"$cache/setup.lock"
flock 9
install_packages
fetch_fonts
make_venv
install_python_packages
