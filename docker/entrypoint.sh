#!/bin/sh
# What the image runs: the schedule, one crawl by the name of its spider, or any other command of reex.
#
#   schedule            `reex crawl`, again and again, with a pause of REEX_SCHEDULE in between
#   backfill …          `reex crawl backfill …`; so for every spider
#   healthy             whether the last crawl of the schedule ended well
#   status, show, …     `reex status`, …
set -eu

outcome=${TMPDIR:-/tmp}/reex-last-exit-code

fail() {
    echo "reex: error: $1" >&2
    echo "hint: $2" >&2
    exit 2
}

# libpq takes passwords from files of its own form only: five fields parted by colons, readable by one user.
keep_password() {
    password=$(sed 's/[\\:]/\\&/g' "$POSTGRES_PASSWORD_FILE") ||
        fail "POSTGRES_PASSWORD_FILE cannot be read by user $(id -u)" "Make that file readable; docs/operations.md says how"
    (umask 077 && printf '*:*:*:*:%s\n' "$password" >"$PGPASSFILE")
}

# Run a command and pass SIGTERM on to it; leaves its exit code in `code`.
attend() {
    code=0
    "$@" &
    child=$!
    [ -z "$stopping" ] || kill -TERM "$child" 2>/dev/null || true
    wait "$child" || code=$?
    # A signal ends the wait and not the child.
    while kill -0 "$child" 2>/dev/null; do
        code=0
        wait "$child" || code=$?
    done
}

schedule() {
    expr "X${REEX_SCHEDULE:-}" : 'X[1-9][0-9]*[mhd]$' >/dev/null ||
        fail "REEX_SCHEDULE is not a pause: '${REEX_SCHEDULE:-}'" "Give a number of minutes, hours or days, such as 30m, 6h or 1d"
    stopping=
    child=
    trap 'stopping=yes; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true' TERM INT
    while [ -z "$stopping" ]; do
        attend reex crawl
        echo "$code" >"$outcome"
        # Nothing that comes by itself mends a wrong setting.
        [ "$code" -ne 2 ] || exit 2
        [ -n "$stopping" ] || attend sleep "$REEX_SCHEDULE"
    done
}

healthy() {
    code=$(cat "$outcome" 2>/dev/null || echo 0)
    case $code in
    0 | 1 | 75) exit 0 ;;
    esac
    echo "the last crawl ended with exit code $code"
    exit 1
}

[ "${1:-}" != healthy ] || healthy
[ -z "${POSTGRES_PASSWORD_FILE:-}" ] || keep_password

case ${1:-} in
schedule) schedule ;;
backfill | latest | recheck) exec reex crawl "$@" ;;
*) exec reex "$@" ;;
esac
