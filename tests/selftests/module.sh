#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and unloading, again and again, and nothing left behind.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

# Every parameter takes its turn.
parameters() {
	case $(($1 % 7)) in
	0) ;;
	1) echo neural_enable_simd=0 ;;
	2) echo neural_simd_level=generic ;;
	3) echo neural_cache_timeout_ms=5 ;;
	4) echo neural_numa_policy=1 ;;
	5) echo neural_numa_policy=2 neural_numa_node=0 ;;
	6) echo neural_max_macs=1000000 neural_max_arena_bytes=1000000 ;;
	esac
}

cycle() {
	# shellcheck disable=SC2046
	modprobe neural $(parameters "$1") &&
		modprobe neural_caller hold=1 predictions=5 && rmmod neural_caller || return 1
	# Now and then right after, when the memory is still on its way.
	[ $(($1 % 5)) -ne 0 ] || settles 0 || return 1
	rmmod neural
}

cycles() {
	i=0
	while [ $i -lt 20 ]; do
		cycle $i || return 1
		i=$((i + 1))
	done
}

# A network and its file handles in use when it goes.
busy() {
	modprobe neural_caller hold=1 || return 1
	exec 8<$CLASS/caller_demo/predictions 9<$DEBUGFS/numa
	rmmod neural_caller
	rc=$?
	exec 8<&- 9<&-
	[ $rc -eq 0 ] && rmmod neural
}

unload_all
check "20 cycles with parameters" cycles
check "nothing is in sysfs" test ! -e $CLASS
check "nothing is in debugfs" test ! -e $DEBUGFS
if [ -r /proc/slabinfo ]; then
	check "no slab cache is left" not grep -q '^neural' /proc/slabinfo
fi
check "unloading under open files" busy
check "an unknown level is refused" refused modprobe neural neural_simd_level=mmx
check "a policy out of range is refused" refused modprobe neural neural_numa_policy=3
check "a timeout out of range is refused" \
	refused modprobe neural neural_cache_timeout_ms=86400001
check "a switch that is none is refused" refused modprobe neural neural_enable_simd=maybe
check "and then it is not there" not loaded neural
unload_all
finish
