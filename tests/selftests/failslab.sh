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
[ ! -d $FAULTS/fail_page_alloc ] || injects=1

# inject slab|page: of all allocations those fail that are of this kind. Two kinds at
# once would not come in the same order twice.
inject() {
	slab_waits=0 page_order=0
	[ "$1" = slab ] && page_order=20 || slab_waits=1
	echo 0 >$FAULTS/failslab/verbose
	echo $slab_waits >$FAULTS/failslab/ignore-gfp-wait
	echo 0 >$FAULTS/fail_page_alloc/verbose
	echo 0 >$FAULTS/fail_page_alloc/ignore-gfp-wait
	echo $page_order >$FAULTS/fail_page_alloc/min-order
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
held=$(value bytes $DEBUGFS/numa)
check "a life in plenty" plain
check "took nothing with it" settles "$held"
if [ $injects -eq 1 ]; then
	inject slab
	check "lives at every slab allocation that fails" lives
	check "there were many" [ "$nth" -gt 80 ]
	check "and many of them were needed" [ "$refused" -gt 25 ]
	inject page
	check "lives at every page allocation that fails" lives
	check "it still predicts" predict 5
fi
rmmod neural_caller
check "all memory is given back" settles 0
unload_all
finish
