#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Out of memory at every single allocation on the way of a network: the right
# error, and nothing lost. Kernels without fault injection live once, without.

# "injects" comes from faults.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules
. ./faults

# live PHASE N: one life with the N-th allocation of a phase failing: -ENOMEM if it was
# needed, never else.
live() {
	echo "$1 $2" >$CALLER/life 2>/dev/null
	read -r error injected <$CALLER/life
	case $error in
	0 | -12) ;;
	*) echo "# phase $1 allocation $2: error $error" && return 1 ;;
	esac
	[ "$injected" = 1 ] || [ "$error" = 0 ]
}

# lives PHASE: those that are not needed are made up for, an entry in debugfs or sysfs
# less.
lives() {
	nth=1 refused=0 which=
	while live "$1" $nth; do
		[ "$injected" = 1 ] || break
		[ "$error" = 0 ] || { refused=$((refused + 1)) which="$which $nth"; }
		settles "$held" || return 1
		nth=$((nth + 1))
	done
	echo "# phase $1: $((nth - 1)) allocations, $refused of them needed:$which"
	[ "$injected" = 0 ] && [ "$error" = 0 ]
}

# What is needed has the same numbers in every life, so none was passed over.
again() {
	before=$which
	lives "$1" && is "$before" "$which"
}

# phase NUMBER NEEDED: and at least so many are needed.
phase() {
	check "phase $1: lives at every allocation that fails" lives "$1"
	check "phase $1: at the same ones in another round" again "$1"
	check "phase $1: many of them were needed" [ "$refused" -ge "$2" ]
}

plain() { accepts $CALLER/life "0 0" && reads "0 0" $CALLER/life; }

unload_all
modprobe neural_caller hold=1
check "a life in plenty" plain
# What loading and that life gave up goes a grace period later.
sleep 5
held=$(value bytes $DEBUGFS/numa)
check "another one" plain
check "took nothing with it" settles "$held"
if [ $injects -eq 1 ]; then
	prepare
	phase 0 2
	phase 1 20
	phase 2 7
	phase 4 10
	phase 5 6
	phase 6 10
	accepts $MODULE/neural_numa_replicate 1
	phase 1 20
	phase 5 6
	accepts $MODULE/neural_numa_replicate 0
	check "it still predicts" predict 5
fi
rmmod neural_caller
check "all memory is given back" settles 0
unload_all
finish
