#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Whole models by way of neuralctl: loaded, shown, run, saved, replaced and unloaded.
# Each comes with input rows and with the output rows it has to give.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

MODELS=/neural/models

command -v neuralctl >/dev/null || bail "no neuralctl"
set -- "$MODELS"/*.neural
[ -e "$1" ] || bail "no models"

# ends STATUS WORD...: neuralctl ends with that
ends() {
	want=$1 got=0
	shift
	neuralctl "$@" >/tmp/out 2>/tmp/err || got=$?
	[ "$got" -eq "$want" ] && return
	echo "# neuralctl $*: $got instead of $want: $(head -n 1 /tmp/err)"
	return 1
}

# same FILE FILE
same() {
	cmp -s "$1" "$2" && return
	echo "# $(cmp -l "$1" "$2" 2>/dev/null | wc -l) of $(wc -c <"$2") bytes differ"
	return 1
}

# predicts NAME BASE: the very rows that are expected
predicts() {
	ends 0 predict "$1" "$2.in.bin" /tmp/got && same /tmp/got "$2.out.bin"
}

# The same bytes without the vector unit, and from this program alone.
at_generic() {
	echo generic >$MODULE/neural_simd_level || return 1
	predicts "$1" "$2"
	rc=$?
	echo auto >$MODULE/neural_simd_level
	return $rc
}
in_user_space() {
	ends 0 run "$2" "$1.in.bin" /tmp/got && same /tmp/got "$1.out.bin"
}

# What is saved is a model that gives the same bits when it is loaded.
again_from_save() {
	ends 0 save "$1" /tmp/saved.neural && ends 0 verify /tmp/saved.neural &&
		ends 0 load --replace --name "$1" /tmp/saved.neural && predicts "$1" "$2"
}

listed() {
	ends 0 list && grep -q "^$1 " /tmp/out
}

unload_all
check "without the module" ends 3 list
check "modprobe neural" modprobe neural
check "the device is root's alone" is 600 "$(stat -c %a /dev/neural)"
check "list of nothing" ends 0 list
check "predict of nothing" ends 3 predict nobody --input 1
for model; do
	base=${model%.neural}
	name=${base##*/}
	check "$name: loads" ends 0 load "$model"
	check "$name: is listed" listed "$name"
	check "$name: not twice" ends 1 load "$model"
	check "$name: is shown" ends 0 show "$name"
	check "$name: every byte" predicts "$name" "$base"
	check "$name: every byte at generic" at_generic "$name" "$base"
	check "$name: every byte in user space" in_user_space "$base" "$model"
	check "$name: is saved and replaced" again_from_save "$name" "$base"
	check "$name: has stats" ends 0 stats "$name"
	check "$name: is unloaded" ends 0 unload "$name"
	check "$name: is gone" ends 3 show "$name"
done

# Both at a time: the verifier in the kernel and the one in the program.
head -c 1000 "$1" >/tmp/cut.neural
check "a file that is cut off is refused" ends 1 load /tmp/cut.neural
check "as neuralctl foretells" ends 1 verify /tmp/cut.neural
check "nothing of it stays" ends 3 show cut
mkdir -p /lib/firmware/neural
cp "$1" /lib/firmware/neural/firm.neural
check "as firmware" ends 0 load --firmware firm
check "every byte of it" predicts firm "${1%.neural}"
check "as firmware that is not there" not ends 0 load --firmware nothing
check "unloads" ends 0 unload firm
check "rmmod neural" rmmod neural
rm -rf /lib/firmware/neural /tmp/saved.neural /tmp/got
finish
