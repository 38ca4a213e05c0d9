#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# /sys/class/neural, as Documentation/ABI/testing/sysfs-class-neural has it.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common

dev=$CLASS/$NAME

cannot_write() {
	! (echo 1 >"$dev/$1") 2>/dev/null
}

# Readers while the network goes.
goes_while_read() {
	(
		while cat $dev/memory $dev/generation >/dev/null 2>&1; do :; done
	) &
	sleep 1
	modprobe -r neural_caller
	rc=$?
	wait
	return $rc
}

modprobe -r neural 2>/dev/null
check "modprobe neural" modprobe neural
[ -d $MODULE ] || bail "the module does not load"
check "the class is there" test -d $CLASS
check "and empty" test -z "$(ls $CLASS)"
hold_network
check "the network is in it" test -d $dev
check "id" is "$(value id "$net/stats")" "$(cat $dev/id)"
check "input_size" reads 8 $dev/input_size
check "output_size" reads 4 $dev/output_size
check "layers" reads 3 $dev/layers
check "memory" reads "$(value bytes "$net/stats")" $dev/memory
check "memory_peak" reads "$(value bytes_peak "$net/stats")" $dev/memory_peak
check "simd_level" reads "$(value simd_level "$net/stats")" $dev/simd_level
check "generation" reads "$(value generation "$net/plan")" $dev/generation
accepts "$net/config" reset_stats
check "predictions" reads 0 $dev/predictions
check "predicts" predict 5
check "predictions count" reads 10 $dev/predictions
accepts "$net/config" "simd_level generic"
check "simd_level follows config" reads generic $dev/simd_level
for a in id input_size output_size layers predictions memory memory_peak simd_level \
	generation; do
	check "$a is one line" is 1 "$(wc -l <$dev/$a)"
	check "$a is read-only" cannot_write $a
done
check "goes while it is read" goes_while_read
check "the network is gone" test ! -e $dev
check "unloads neural" modprobe -r neural
check "the class is gone" test ! -e $CLASS
finish
