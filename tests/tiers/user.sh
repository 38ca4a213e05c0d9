#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The user tier: the pure files under ASAN and UBSAN, one suite per binary, and suites
# that are scripts: each tests/{convert,neuralctl,models}/*.sh and
# tests/{convert,bench}/test_*.py, which prints TAP and finds the programs in
# $BUILD/tools, and a moment of fuzzing. Where $GOLDEN is, tests/golden as well.
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

# script NAME COMMAND...: a suite that is a script
script() {
	local name=$1 rc=0
	shift
	"$@" >"$BUILD/check/$name.tap" </dev/null || rc=$?
	awk -v suite="$name" -v rc="$rc" -f "$TESTS/tap.awk" "$BUILD/check/$name.tap"
}

scripts() {
	local path name
	if ! run "$log.tools" make -C "$TOP/tools" -j"$JOBS" BUILD="$BUILD/tools"; then
		printf 'tools\t0\t1\t0\tsee %s\n' "$log.tools"
		return
	fi
	grep -Eiq 'warning:' "$log.tools" && printf 'tools\t0\t1\t0\twarnings\n'
	export NEURALCTL=$BUILD/tools/neuralctl
	for path in "$TESTS"/{convert,neuralctl,models}/*.sh "$TESTS"/{convert,bench}/test_*.py; do
		[ -x "$path" ] || continue
		name=$(basename "${path%.*}")
		name=$(basename "$(dirname "$path")").${name#test_}
		script "$name" "$path"
	done
	script fuzz "$TESTS/fuzz/short.sh"
	GOLDEN=${GOLDEN:-$TOP/../shared/data}
	if [ -n "$(find "$GOLDEN" -name '*.tflite' -print -quit 2>/dev/null)" ]; then
		script golden "$TESTS/golden/golden.sh" "$GOLDEN"
	else
		say "golden: left out, no models in $GOLDEN (GOLDEN=)"
	fi
}
[ $# -gt 0 ] || scripts

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
