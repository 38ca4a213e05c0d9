#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# golden.sh DIRECTORY: models with outputs that somebody else's kernels computed.
# Prints TAP.
#
# Below DIRECTORY, every NAME.tflite with NAME.in.bin and NAME.out.bin is converted and
# run at the generic level and at the best one this CPU has; every byte has to be the
# same, and every byte of NAME.layers.bin where there is one. In kernel-nets there are
# also networks in CSV files, with what they have to decide.
#
# No plan takes more memory between its steps than a greedy planner would.
#
# $NEURALCTL, $NEURAL_CONVERT and $NEURAL_ARENA are the programs; the last is a suite of
# tests/user.

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
golden=$(realpath "${1:?usage: golden.sh DIRECTORY}")
: "${NEURALCTL:=$top/build/tools/neuralctl}"
: "${NEURAL_CONVERT:=$top/tools/convert/neural-convert}"
: "${NEURAL_ARENA:=$top/build/user/arena}"
NETS=$top/tests/convert/nets
export PYTHONDONTWRITEBYTECODE=1
dir=$(mktemp -d /tmp/neural-golden.XXXXXX)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/models"

echo "TAP version 13"
tests=0
failed=0
check() {
	local what=$1
	shift
	tests=$((tests + 1))
	if "$@" >"$dir/log" 2>&1 </dev/null; then
		echo "ok $tests - $what"
	else
		echo "not ok $tests - $what"
		failed=$((failed + 1))
		head -n 5 "$dir/log" | sed 's/^/# /'
	fi
}

# same GOT WANT: no byte differs
same() {
	cmp -s "$1" "$2" && return
	echo "$(stat -c %s "$1") bytes instead of $(stat -c %s "$2")"
	echo "$(cmp -l "$1" "$2" 2>/dev/null | wc -l) bytes differ"
	return 1
}

convert() {
	rm -f "$dir/model.neural"
	"$NEURAL_CONVERT" "$@" -o "$dir/model.neural" &&
		"$NEURALCTL" verify "$dir/model.neural" &&
		cp "$dir/model.neural" "$dir/models/$tests"
}

# at LEVEL BASE
at() {
	"$NEURALCTL" run --simd-level "$1" "$dir/model.neural" "$2.in.bin" "$dir/out" &&
		same "$dir/out" "$2.out.bin"
}

# Says which tensor is the first that differs.
layers() {
	"$NEURALCTL" run --layers "$dir/layers" "$dir/model.neural" "$1.in.bin" "$dir/out" ||
		return 1
	same "$dir/layers" "$1.layers.bin" && return
	"$NEURALCTL" show "$dir/model.neural" | grep '^node'
	cut -d ' ' -f 1-3,7-10 "$dir/layers.txt" |
		diff - <(cut -d ' ' -f 1-3,7-10 "$1.layers.txt")
	cmp "$dir/layers" "$1.layers.bin"
	return 1
}

# exact FILE: the outputs, and the decision as LinnOS takes it, on every line
exact() {
	"$NEURALCTL" run --csv "$dir/model.neural" "$golden/kernel-nets/linnos_inputs.csv" \
		"$dir/csv" || return 1
	awk -F, -v OFS=, '{ print $0, $1 + 0 < $2 + 0 ? 1 : 0 }' "$dir/csv" >"$dir/decided"
	diff "$dir/decided" <(tr -d '\r' <"$1")
}

# alike INPUTS EXPECTED AWK: at least 99.5 % of the decisions, made of real outputs, are
# those in the last column
alike() {
	"$NEURALCTL" run --csv --real "$dir/model.neural" "$1" "$dir/csv" || return 1
	awk -F, "$3" "$dir/csv" |
		paste -d , - <(tr -d '\r' <"$2" | awk -F, '{ print $NF }') |
		awk -F, -v lines="$(wc -l <"$2")" '{ n++; same += $1 == $2 }
			END { print same " of " n; exit !(n == lines && same >= n * 0.995) }'
}

while IFS= read -r model; do
	base=${model%.tflite}
	name=${base#"$golden"/}
	[ -e "$base.in.bin" ] && [ -e "$base.out.bin" ] || continue
	check "$name: converts" convert "$model"
	check "$name: generic" at generic "$base"
	check "$name: auto" at auto "$base"
	[ ! -e "$base.layers.bin" ] || check "$name: every tensor" layers "$base"
done < <(find "$golden" -name '*.tflite' | sort)

nets=$golden/kernel-nets
if [ -d "$nets" ]; then
	for net in linnos linnos_sde linnos_sde_plus1 linnos_sde_plus2; do
		check "$net: converts" convert --data "$nets" "$NETS/$net.dense"
		check "$net: exact" exact "$nets/${net}_expected.csv"
	done
	check "mllb: converts" convert --data "$nets" "$NETS/mllb.dense"
	check "mllb: decides alike" alike "$nets/mllb_inputs.csv" "$nets/mllb_expected.csv" \
		'{ print ($1 > 0.5) }'
	check "kml: converts" convert --data "$nets" "$NETS/kml.dense"
	check "kml: decides alike" alike "$nets/kml_inputs.csv" "$nets/kml_expected.csv" \
		'{ b = 1; for (i = 2; i <= NF; i++) if ($i > $b) b = i; print b - 1 }'
fi
check "arenas" "$NEURAL_ARENA" "$dir/models"
echo "1..$tests"
exit $((failed > 0))
