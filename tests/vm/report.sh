#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# report.sh LOG SUITE...: judge the log of one virtual machine, in rows of
# tap.awk. Every SUITE must have run; every suite that ran is counted. The last
# row judges the log itself: the end reached, and no word of trouble.

set -eu
. "$(dirname "$0")/../lib.sh"

log=${1:?usage: report.sh LOG SUITE...}
shift
work=$(mktemp -d /tmp/neural-report.XXXXXX)
trap 'rm -rf "$work"' EXIT

# One file per suite: <name>.user holds what was written there, <name>.kernel
# what the kernel said meanwhile, <name>.rc the status once the suite ended.
tr -d '\r' <"$log" | sed 's/^\[ *[0-9.]*\]\(\[ *[TC][0-9]*\]\)\{0,1\} //' |
	awk -v dir="$work" '
	/^neural-vm: begin / { name = $3; print name >(dir "/order"); next }
	/^neural-vm: end / && name != "" {
		sub(/^rc=/, "", $4)
		print $4 >(dir "/" name ".rc")
		name = ""
	}
	name == "" { next }
	/^T\| / { print substr($0, 4) >(dir "/" name ".user"); next }
	{ print >(dir "/" name ".kernel") }'
touch "$work/order"

count() {
	local name=$1 kind=user group=0 doc
	[ "$name" != kunit ] || kind=kernel group=1
	doc=$work/$name.$kind
	[ -e "$doc" ] || : >"$doc"
	if [ ! -e "$work/$name.rc" ]; then
		awk -v suite="$name" -v group="$group" -v rc=255 -f "$TESTS/tap.awk" "$doc"
		printf '%s\t0\t1\t0\tdid not end\n' "$name"
		return
	fi
	awk -v suite="$name" -v group="$group" -v rc="$(cat "$work/$name.rc")" \
		-f "$TESTS/tap.awk" "$doc"
}

while IFS= read -r name; do
	count "$name"
done <"$work/order"
for name; do
	grep -qxF "$name" "$work/order" ||
		printf '%s\t0\t1\t0\tdid not run\n' "$name"
done
dup=$(sort "$work/order" | uniq -d | tr '\n' ' ')
[ -z "$dup" ] || printf 'log\t0\t1\t0\tran twice: %s\n' "$dup"

pass=0 fail=0 note=''
if grep -q 'neural-vm: end status=0' "$log"; then
	pass=$((pass + 1))
else
	fail=$((fail + 1)) note='no end marker; '
fi
awk -f "$TESTS/vm/splats.awk" "$log" >"$work/splats"
if [ -s "$work/splats" ]; then
	fail=$((fail + 1)) note="$note$(wc -l <"$work/splats") lines of trouble: $(head -n 1 "$work/splats" | cut -c1-100)"
else
	pass=$((pass + 1))
fi
printf 'log\t%d\t%d\t0\t%s\n' "$pass" "$fail" "$(printf '%s' "$note" | tr '\t' ' ')"
