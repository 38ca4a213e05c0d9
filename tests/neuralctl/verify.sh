#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# neuralctl verify and show: verdicts, and what is told of a file.

. "$(dirname "$0")/common"

# refuses RULE FILE
refuses() {
	ends 1 verify "$2" && grep -qx "$2: refused" out && grep -qx "rule: $1" out &&
		grep -q "^byte: [0-9]*$" out
}

# patch FILE OFFSET BYTE: with the checksum put right
patch() {
	"$PYTHON" - "$@" <<-'PATCH' >patched
	import os, struct, sys
	sys.path.insert(0, os.environ["CONVERT"])
	from neuralconvert.crc32c import crc32c
	blob = bytearray(open(sys.argv[1], "rb").read())
	blob[int(sys.argv[2])] = int(sys.argv[3])
	struct.pack_into("<I", blob, 16, 0)
	struct.pack_into("<I", blob, 16, crc32c(bytes(blob)))
	sys.stdout.buffer.write(blob)
	PATCH
}
# shellcheck disable=SC2154
export CONVERT=$here/../../tools/convert

for m in integers scores pair bounded; do
	check "$m is accepted" eval "ends 0 verify $m.neural && [ ! -s err ] &&
		grep -qx '$m.neural: accepted' out"
done
check "macs are told" grep -q "^macs: [0-9]" out
check "JSON of a verdict" json 'd["verdict"] == "accepted" and d["macs"] == 6 and
	d["in_bytes"] == 12 and d["out_bytes"] == 16 and d["weight_bytes"] == 32' \
	verify --json integers.neural

: >empty
check "an empty file" refuses "file is too short" empty
printf x >one
check "a byte" refuses "file is too short" one
head -c 4096 /dev/zero >zeros
check "zeros" refuses "not a model file" zeros
truncated() {
	local n
	for n in 1 63 64 65 200 $(($(stat -c %s integers.neural) - 1)); do
		head -c "$n" integers.neural >short
		ends 1 verify short || return 1
	done
}
check "cut off" truncated
check "more than it says" eval 'cat integers.neural one >longer;
	refuses "file has another size" longer'
flipped() {
	local size at
	size=$(stat -c %s integers.neural)
	for ((at = 0; at < size; at += 13)); do
		cp integers.neural flipped
		printf '\xa5' | dd of=flipped bs=1 seek="$at" conv=notrunc status=none
		cmp -s integers.neural flipped || ends 1 verify flipped || return 1
	done
}
check "damaged anywhere" flipped
check "the checksum" eval 'cp integers.neural flipped; printf "\xa5" |
	dd of=flipped bs=1 seek=16 conv=notrunc status=none
	refuses "checksum does not match" flipped'
check "a version to come" eval 'patch integers.neural 4 2; refuses "unknown version" patched'
check "JSON of a refusal" json 'd["verdict"] == "refused" and d["byte"] == 4 and
	d["rule"] == "unknown version" and "node" not in d' verify --json patched
check "a sum that could overflow" ends 1 verify overflowing.neural
check "it has the node" grep -qx "node: 1" out
check "JSON of it" json 'd["node"] == 1 and d["byte"] > 64' verify --json overflowing.neural
check "run refuses it in the same words" says 1 "(node 1, byte " \
	run overflowing.neural --input 1,2,3
check "show refuses it" says 1 "refused: " show overflowing.neural
check "a name that a terminal would obey" eval 'cp one "$(printf "a\nb\033")"; ends 1 verify "$(printf "a\nb\033")" &&
	grep -qx "a?b?: refused" out'
check "a file that is not there" eval 'ends 1 verify nothing && grep -q "No such file" err'
check "a directory" eval 'ends 1 verify . && grep -q "Is a directory" err'
check "standard output that is full" eval \
	'! "$NEURALCTL" verify integers.neural >/dev/full'

# signature SIZE: behind what it stands behind; 19 bytes that name a signer
signature() {
	printf '12345678\006\003\125\004\003\014\005Alice'
	printf '\0\0\002\0\0\0\0\0\0\0\0%b~Module signature appended~\n' "$1"
}
signed() { cat "$1" <(signature "$2"); }
check "a signature behind it" eval "signed integers.neural '\\024' >signed.neural;
	ends 0 verify signed.neural && grep -qx 'signature: 60' out &&
	grep -q '^signed by: Alice (' out"
check "JSON of it" json 'd["signature_bytes"] == 60 and d["signer"] == "Alice"' \
	verify --json signed.neural
check "it runs" ends 0 run --csv --input 1,2,3 signed.neural
check "JSON without one" json 'd["signature_bytes"] == 0 and d["signer"] is None' \
	verify --json integers.neural
check "a signature longer than the file" eval "signed one '\\024' >signed;
	refuses 'file has another size' signed || refuses 'file is too short' signed"
check "a signature of nothing" eval "signed integers.neural '\\0' >signed;
	refuses 'file has another size' signed"
check "a signature alone" eval "signature '\\024' >signed; refuses 'file is too short' signed ||
	refuses 'not a model file' signed"

shows() { ends 0 show "$1" && grep -qxF -e "$2" out; }
check "show: the name" shows integers.neural "name: integers"
check "show: a tensor" shows integers.neural \
	"tensor 0: input s32 [3] 12 bytes x"
check "show: a node" grep -q "^node 0: dense 0 1 2 -> 3" out
check "show: a step" grep -q "^step 0: dense (node 0) input+0:12 -> output+0:16" out
check "show: labels" shows scores.neural "label 1: Hündin"
check "show: scales" grep -q "scale 0.5 zero point -1" out
check "show: JSON" json 'd["description"] == "says \"hello\" and \\ bye, für alle" and
	d["nodes"][0]["op"] == "dense" and d["plan"]["steps"][0]["output"]["space"] == "output"
	and [t["role"] for t in d["tensors"]] == ["input", "constant", "constant", "output"]' \
	show --json integers.neural
check "show: JSON of labels" json 'd["labels"] == ["cat", "Hündin", "a \"bird\""]' \
	show --json scores.neural
check "show: JSON of two inputs" json 'len(d["nodes"]) == 2 and
	d["tensors"][1]["fraction_bits"] == 16' show --json pair.neural
check "verify counts ranges" eval 'ends 0 verify bounded.neural && grep -qx "ranges: 2" out &&
	grep -qx "bounds: 1" out'
check "verify: JSON of ranges" json 'd["ranges"] == 2 and d["bounds"] == 1' \
	verify --json bounded.neural
check "show: a range" shows bounded.neural "range: input 0 elements 0..1: -3 .. 3"
check "show: bounds" shows bounded.neural "bounds: output 1 elements 0..1: 0 .. 65536"
check "show: JSON of ranges" json 'd["ranges"][1] == {"of": "input", "index": 1, "first": 0,
	"count": 2, "lo": -70000, "hi": 70000} and d["ranges"][2]["of"] == "output"' \
	show --json bounded.neural
check "show: a path without .neural" eval 'cp pair.neural file; shows ./file "name: pair"'
finish
