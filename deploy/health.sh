#!/usr/bin/env bash
# Ends with 0 where `hanyin work` serves: it answers /livez on this port of this machine.
#
#   deploy/health.sh PORT        (HANYIN_METRICS_LISTEN)
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${1:?usage: deploy/health.sh PORT}"
printf 'GET /livez HTTP/1.0\r\n\r\n' >&3
read -r -t 3 _ status _ <&3
[ "$status" = 200 ]
