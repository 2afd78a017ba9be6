#!/usr/bin/env bash
# Installs Debian packages that a test bed runs on: tests/install.sh PACKAGE...
# Does nothing when all of them are there; fails with one line when one cannot be had. No service is started or needed.
set -euo pipefail

fail() {
  echo "tests/install.sh: $1" >&2
  exit 1
}

command -v apt-get >/dev/null || fail "apt-get is missing: the test bed needs Debian 12 or a system like it"

missing=()
for package in "$@"; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "missing packages (${missing[*]}): run it as root, or install them with apt-get"
  as_root=(sudo --non-interactive)
fi

# Debian starts a service when it installs one, unless this policy forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

log=$(mktemp)
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >"$log" 2>&1
}
install || { "${as_root[@]}" apt-get update --quiet >>"$log" 2>&1 && install; } ||
  fail "apt-get could not install ${missing[*]}: $(grep -m1 '^E:' "$log" || tail -n1 "$log") (whole log: $log)"
rm -f "$log"
