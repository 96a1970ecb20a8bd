#!/usr/bin/env bash
# Every image that docker-compose.yml and the Dockerfile name is pinned to the digest that its tag has
# now: a tag can be moved by whoever may push it, a digest cannot. Run it where the registries can be
# reached, look at the difference, commit it. Needs docker with buildx.
#
#   deploy/pin-images.sh
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.."

die() { printf '✗ %s\n  %s\n' "$1" "$2" >&2; exit 1; }

command -v docker >/dev/null || die "需要 docker（含 buildx）" "This needs docker with buildx"

names() { sed -nE 's/^[[:space:]]*(image:|FROM) ([^[:space:]]+)$/\2/p' "$1" | grep -v '^hanyin:'; }

for file in docker-compose.yml Dockerfile; do
    for name in $(names "$file"); do
        tag=${name%@*}
        digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}') \
            || die "查不到镜像 $tag" "The image $tag was not found"
        [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] \
            || die "镜像 $tag 的摘要不成形：$digest" "The digest of $tag is none: $digest"
        # a name has no | and, in these two files, ends its line
        sed -i -E "s|^([[:space:]]*(image:\|FROM) )${name//./\\.}\$|\1$tag@$digest|" "$file"
    done
done
git --no-pager diff --stat -- docker-compose.yml Dockerfile
