#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Out of memory at every single allocation on the way of a network: the right
# error, and nothing lost. Kernels without fault injection live once, without.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

FAULTS=/sys/kernel/debug
injects=0
[ ! -d $FAULTS/failslab ] || injects=1

# Everything that sleeps may fail, and quietly; the number comes with the write.
prepare() {
	for d in failslab fail_page_alloc; do
		[ -d $FAULTS/$d ] || continue
		echo 0 >$FAULTS/$d/verbose
		echo 0 >$FAULTS/$d/ignore-gfp-wait
		[ ! -e $FAULTS/$d/min-order ] || echo 0 >$FAULTS/$d/min-order
		[ ! -e $FAULTS/$d/cache-filter ] || echo 0 >$FAULTS/$d/cache-filter
	done
}

# One life with the N-th allocation failing: -ENOMEM if it was needed, never else.
live() {
	echo "$1" >$CALLER/life 2>/dev/null
	read -r error injected <$CALLER/life
	case $error in
	0 | -12) ;;
	*) echo "# allocation $1: error $error" && return 1 ;;
	esac
	[ "$injected" = 1 ] || [ "$error" = 0 ]
}

# Others are made up for: an entry in debugfs less, pages instead of a slab, and what
# the checkers of the kernel allocate beside each allocation.
lives() {
	nth=1 refused=0 which=
	while live $nth; do
		[ "$injected" = 1 ] || break
		[ "$error" = 0 ] || { refused=$((refused + 1)) which="$which $nth"; }
		settles "$held" || return 1
		nth=$((nth + 1))
	done
	echo "# $((nth - 1)) allocations, $refused of them needed:$which"
	[ "$injected" = 0 ] && [ "$error" = 0 ]
}

plain() { accepts $CALLER/life 0 && reads "0 0" $CALLER/life; }

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
	check "lives at every allocation that fails" lives
	check "there were many" [ "$nth" -gt 40 ]
	check "and many of them were needed" [ "$refused" -gt 15 ]
	check "it still predicts" predict 5
fi
rmmod neural_caller
check "all memory is given back" settles 0
unload_all
finish
