#!/usr/bin/env bash
# What has to be done regularly, each at its time (Beijing time); what was missed while this did not
# run is done when it runs again. What a command finds is in its output, and in `hanyin alarms`.
#
#   deploy/timers.sh          runs until it is ended
#   deploy/timers.sh --once   does what is due now, and ends
#
# The day on which each was begun last is kept in HANYIN_HOME/timers.
set -euo pipefail
export LC_ALL=C.UTF-8

# name; weekday it is done on (1 is Monday, * any); time from which on; words after `hanyin`
jobs='
raise      * 01:30 archive raise
reconcile  * 02:30 archive reconcile --alarm
fixity     6 03:30 archive fixity --alarm
due        * 08:00 due
'

kept=${HANYIN_HOME:-./var}/timers
# CST-8 is Beijing time where no time zones are installed (POSIX)
now() { TZ=CST-8 date "+$1"; }
# seconds since 1970 → day
day() { TZ=CST-8 date -d "@$1" +%F; }

# The last day on which the job should have been begun: today, or an earlier one.
last_due() {
    local weekday=$1 time=$2 back moment
    for back in 0 1 2 3 4 5 6 7; do
        moment=$(($(now %s) - back * 86400))
        [ "$weekday" = '*' ] || [ "$(TZ=CST-8 date -d "@$moment" +%u)" = "$weekday" ] || continue
        [ "$back" -gt 0 ] || [[ ! $(now %H:%M) < $time ]] || continue
        day "$moment"
        return
    done
}

run_due() {
    local name weekday time words due
    while read -r name weekday time words; do
        [ -n "$name" ] || continue
        due=$(last_due "$weekday" "$time")
        [[ $(cat "$kept/$name" 2>/dev/null || true) < $due ]] || continue
        echo "$due" >"$kept/$name"
        echo "› hanyin $words"
        # words are a command and its subcommand
        # shellcheck disable=SC2086
        hanyin $words </dev/null || echo "✗ hanyin $words: $?" >&2
    done <<<"$jobs"
}

mkdir -p "$kept"
if [ "${1:-}" = --once ]; then
    run_due
    exit
fi
trap 'exit 0' TERM INT
while :; do
    run_due
    # in the background, so that a signal ends the wait
    sleep 60 &
    wait $!
done
