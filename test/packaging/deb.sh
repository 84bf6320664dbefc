#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The package in a Debian of its own, made by debootstrap: installed, started, upgraded, removed, purged. As root, and as
# it takes Debian from the network, not part of `make check`.
#   test/packaging/deb.sh [SUITE]      bookworm (default) or trixie; needs build-deb/*.deb of the same suite (make deb)
set -euo pipefail
cd "$(dirname "$0")/../.."
suite=${1:-bookworm}
deb=$(ls build-deb/parley_*_*.deb)
tree=$(mktemp -d "${TMPDIR:-/var/tmp}/parley-deb.XXXXXX")
chmod 755 "$tree" # mktemp makes it for root alone
mirror=${PARLEY_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -v security | head -1)}
port=8397 server= passed=0 failed=0

say() { # WHAT COMMAND...: one test
    local what=$1
    shift
    if "$@" >"$tree.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $what"
    else
        failed=$((failed + 1))
        echo "FAILED  $what"
        tail -20 "$tree.log"
    fi
}
inside() { chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    umount "$tree/proc" "$tree/dev" 2>/dev/null || true
    rm -rf --one-file-system "$tree" "$tree.log" "$tree.server"
}
trap finish EXIT

answers() { curl -sf "http://127.0.0.1:$port/health" >/dev/null; }
start() { # as the unit does: its user and its command line
    local command
    command=$(sed -n 's/^ExecStart=//p' "$tree/usr/lib/systemd/system/parley.service" "$tree/lib/systemd/system/parley.service" 2>/dev/null | head -1)
    chroot "$tree" setpriv --reuid parley --regid parley --init-groups env PARLEY_LISTEN=127.0.0.1:$port $command >"$tree.server" 2>&1 &
    server=$!
    for _ in $(seq 100); do answers && return 0; sleep 0.1; done
    cat "$tree.server"
    return 1
}
stop() {
    kill "$server" 2>/dev/null && wait "$server" || echo "FAILED  it had ended by itself"
    server=
}
as_parley() { chroot "$tree" setpriv --reuid parley --regid parley --init-groups "$@"; }
installed() { cp "$1" "$tree/root/parley.deb" && inside apt-get install -y -q /root/parley.deb; }
newer() { # the same package under a later version, as an upgrade
    dpkg-deb -R "$deb" "$tree.newer"
    sed -i 's/^Version: .*/&+later/' "$tree.newer/DEBIAN/control"
    dpkg-deb -b "$tree.newer" "$tree/root/newer.deb"
    rm -rf "$tree.newer"
    inside apt-get install -y -q /root/newer.deb
}
member_there() { as_parley parley member show ann --json | grep -q '"ann"'; }
leaves_nothing() { ! find "$tree/etc" "$tree/usr" "$tree/var/lib/parley" -path '*parley*' -not -path '*/debconf/*' 2>/dev/null | grep .; }
answer_yes() { echo 'parley parley/purge-data boolean true' | inside debconf-set-selections; }

echo "making a Debian $suite in $tree"
debootstrap --variant=minbase "$suite" "$tree" "$mirror" >"$tree.log" 2>&1 || { tail -5 "$tree.log"; exit 1; }
cp /etc/resolv.conf "$tree/etc/" 2>/dev/null || true
[ ! -d /etc/apt/apt.conf.d ] || cp -r /etc/apt/apt.conf.d "$tree/etc/apt/"
printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
chmod +x "$tree/usr/sbin/policy-rc.d"
mount -t proc proc "$tree/proc"
mount --bind /dev "$tree/dev"
say 'package lists' inside apt-get update -q

say 'installs, with what it needs' installed "$deb"
say 'its configuration is good' as_parley parley config check
say 'starts as its own user' start
say 'a member is made' as_parley parley member create ann --email ann@harbour.example
say 'the folder is nobody else'"'"'s' test "$(stat -c %a "$tree/var/lib/parley")" = 700
stop
say 'upgrades' newer
say 'starts again' start
say 'the member is still there' member_there
stop
say 'is removed' inside apt-get remove -y -q parley
say 'what it kept is still there' test -e "$tree/var/lib/parley/parley.db"
say 'is purged' inside apt-get purge -y -q parley
say 'the community is kept unless asked' test -e "$tree/var/lib/parley/parley.db"
say 'installs again' installed "$deb"
say 'starts on what was kept' start
say 'the member is still there' member_there
stop
say 'whoever says so loses everything' answer_yes
say 'is purged' inside apt-get purge -y -q parley
say 'nothing stays behind' leaves_nothing
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
