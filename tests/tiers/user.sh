#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The user tier: the pure files under ASAN and UBSAN, one suite per binary.
#
# user.sh [SOURCE SUITE...]: those suites in that tree; the harness hands in one
# that it has damaged.

set -eu
. "$(dirname "$0")/../lib.sh"

src=${1:-$TOP}
log=$BUILD/check/user${1:+-damaged}.log
[ $# -eq 0 ] || shift
mkdir -p "$BUILD/check"
printf '#kernel\t%s\n' "$(gcc -dumpmachine)"

# Build first, so that what the suites print is not mixed with it.
if ! run "$log.build" make -C "$src/tests/user" -j"$JOBS"; then
	printf 'build\t0\t1\t0\tsee %s\n' "$log.build"
	exit 0
fi
grep -Eiq 'warning:' "$log.build" && printf 'build\t0\t1\t0\twarnings\n'

rc=0
make -s -C "$src/tests/user" check ${1:+S="$*"} >"$log" 2>&1 </dev/null || rc=$?
work=$(mktemp -d /tmp/neural-user.XXXXXX)
trap 'rm -rf "$work"' EXIT
awk -v dir="$work" '
	/^# suite: / { name = $3; print name >(dir "/order"); next }
	name != "" { print >(dir "/" name ".tap") }' "$log"
touch "$work/order"

while IFS= read -r name; do
	touch "$work/$name.tap"
	awk -v suite="$name" -f "$TESTS/tap.awk" "$work/$name.tap"
done <"$work/order" | tee "$work/rows"

# Every suite the Makefile names has to have reported.
if [ $# -eq 0 ]; then
	mapfile -t suites < <(sed -n 's/^suite_\([A-Za-z0-9_]*\).*:=.*/\1/p' \
		"$src/tests/user/Makefile")
	set -- ${suites[@]+"${suites[@]}"}
fi
for name; do
	grep -qxF "$name" "$work/order" ||
		printf '%s\t0\t1\t0\tdid not run\n' "$name"
done

# A suite that dies after its last test still has a status.
if [ "$rc" -ne 0 ] && ! awk -F '\t' '$3 { f = 1 } END { exit !f }' "$work/rows"; then
	printf 'status\t0\t1\t0\tmake check: status %d, see %s\n' "$rc" "$log"
fi
