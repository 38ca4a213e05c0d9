#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of the harness that needs real kernels: arithmetic that we get wrong
# on purpose, in a copy, must fail the user suite and KUnit; trouble provoked in
# the debug kernel must fail its tier. All by the code that the tiers use.

set -eu
. "$(dirname "$0")/../lib.sh"

out=$BUILD/check/harness
mkdir -p "$out"
tap() { awk -v suite="$1" -f "$TESTS/tap.awk"; }
verdict() {
	if "${@:2}"; then echo "ok $1"; else echo "not ok $1"; fi
}

# SSE2, because every machine that runs this has it. One constant of rounding,
# one of the offset arithmetic; wrong by little, and wrong.
mutations() {
	cat <<'MUTATIONS'
simd/x86/q16_map_sse2.c|s/1LL << 30)/(1LL << 30) - 1)/
simd/x86/q16_dense_sse2.c|s/a->k << 62/a->k << 61/
MUTATIONS
}

# damaged FILE SED: a copy of the tree with that one change.
damaged() {
	src=$out/damaged
	copy_tree "$src"
	# What the last round damaged came back with its old time: make looks at it.
	sed -n 's,|.*,,p' < <(mutations) | (cd "$src" && xargs touch)
	cp "$TOP/$1" "$out/before"
	sed "$2" "$out/before" >"$src/$1"
	! cmp -s "$out/before" "$src/$1"
}

# A suite that does not build, or dies, is not a suite that found the error.
wrong_only() {
	! grep -E '^(build|boot|tier|status|log)	[0-9]*	[1-9]' "$1" &&
		awk -F '\t' -v suite="$2" '$1 ~ suite && $3 > 0 { hit = 1 }
			END { exit !hit }' "$1"
}
user_fails() {
	"$TESTS/tiers/user.sh" "$src" kernels >"$out/user.rows" 2>"$out/user.err"
	wrong_only "$out/user.rows" '^kernels$'
}
kunit_fails() {
	"$TESTS/vm/modules.sh" uml "$src" >/dev/null &&
		{ "$TESTS/vm/boot.sh" uml --src "$src" --log "$out/uml.log" \
			--append guest.suites=kunit >/dev/null 2>&1 || :; } &&
		"$TESTS/vm/report.sh" "$out/uml.log" kunit >"$out/uml.rows"
	wrong_only "$out/uml.rows" '^kunit'
}

mapfile -t list < <(mutations)
n=0
{
	echo "TAP version 13"
	echo "1..$((3 * ${#list[@]}))"
	for m in "${list[@]}"; do
		file=${m%%|*} change=${m#*|}
		verdict "$((n += 1)) - $file, $change: changed" damaged "$file" "$change"
		verdict "$((n += 1)) - $file: the user suite fails" user_fails
		verdict "$((n += 1)) - $file: KUnit fails" kunit_fails
	done
} | tap damage
rm -rf "$out/damaged"

# One boot, three parts: what comes before must be clean, each of two splats by
# itself must be seen, and boot.sh must say so by its exit status.
cat >"$out/provoke.sh" <<'EOS'
. /neural/lib.sh
mark part-1
echo WARNING >/sys/kernel/debug/provoke-crash/DIRECT
mark part-2
echo READ_AFTER_FREE >/sys/kernel/debug/provoke-crash/DIRECT
mark part-3
EOS
rc=0
"$TESTS/vm/boot.sh" debug --script "$out/provoke.sh" --log "$out/provoke.log" \
	>/dev/null 2>&1 || rc=$?
part() { sed -n "$1" "$out/provoke.log" | awk -f "$TESTS/vm/splats.awk"; }
{
	echo "TAP version 13"
	echo "1..5"
	verdict "1 - nothing before" [ -z "$(part '1,/neural-vm: part-1/p')" ]
	verdict "2 - a WARN is seen" \
		grep -q '^WARNING: ' <(part '/neural-vm: part-1/,/neural-vm: part-2/p')
	verdict "3 - a KASAN report is seen" \
		grep -q 'BUG: KASAN: ' <(part '/neural-vm: part-2/,/neural-vm: part-3/p')
	verdict "4 - the machine lived on" grep -q 'neural-vm: part-3' "$out/provoke.log"
	verdict "5 - boot.sh ended with 123" [ "$rc" = 123 ]
} | tap provoked
