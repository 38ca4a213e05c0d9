#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh [TIER]...: run the tests (default: all, or $CHECK_TIERS) and end with
# "N passed, N failed, N skipped"; 0 only when none failed and none was skipped.
#
#   static   builds without a warning, sparse, checkpatch, layers, objects
#   user     pure files under ASAN and UBSAN
#   uml      the modules and KUnit in User Mode Linux, at native speed
#   vm-6.1   Debian's stock 6.1 in QEMU
#   vm-6.12  Debian's stock 6.12 cloud kernel in QEMU
#   debug    6.12 with KASAN, UBSAN, lockdep, kmemleak, KUnit in QEMU
#   kcsan    6.12 with the detector of data races in QEMU
#   harness  tests of these tests: what is broken has to be caught

set -eu
. "$(dirname "$0")/lib.sh"

ALL="static user uml vm-6.1 vm-6.12 debug kcsan harness"
read -ra tiers <<<"${*:-${CHECK_TIERS:-$ALL}}"

tier_command() {
	case $1 in
	static | harness) cmd=("$TESTS/tiers/$1.sh") deps=("$1") ;;
	user) cmd=("$TESTS/tiers/$1.sh") deps=(user fuzz) ;;
	uml | debug) cmd=("$TESTS/tiers/vm.sh" "$1") deps=("$1") ;;
	kcsan) cmd=("$TESTS/tiers/vm.sh" "$1") deps=(debug) ;;
	vm-6.1) cmd=("$TESTS/tiers/vm.sh" 6.1) deps=(vm) ;;
	vm-6.12) cmd=("$TESTS/tiers/vm.sh" 6.12) deps=(vm demo) ;;
	*) die "no tier $1; there are: $ALL" ;;
	esac
}

for tier in "${tiers[@]}"; do
	tier_command "$tier"
done

mkdir -p "$BUILD/check"
rows=$BUILD/check/results
: >"$rows"
for tier in "${tiers[@]}"; do
	start=$SECONDS
	tier_command "$tier"
	say "== $tier"
	out=$BUILD/check/$tier.rows
	rc=0
	{ "$TESTS/deps.sh" "${deps[@]}" && "${cmd[@]}"; } \
		>"$out" </dev/null || rc=$?
	[ "$rc" -eq 0 ] || printf 'tier\t0\t1\t0\tstatus %d\n' "$rc" >>"$out"
	awk -v tier="$tier" 'BEGIN { FS = OFS = "\t"; kernel = "-" }
		/^#kernel\t/ { kernel = $2; next }
		{ print tier, kernel, $0 }' "$out" >>"$rows"
	awk -F '\t' -v tier="$tier" -v sec=$((SECONDS - start)) '!/^#/ {
		p += $2; f += $3; s += $4 } END {
		printf "== %s: %d passed, %d failed, %d skipped in %d s\n",
			tier, p, f, s, sec }' "$out" >&2
done
awk -v tiers="${tiers[*]}" -f "$TESTS/summary.awk" "$rows"
