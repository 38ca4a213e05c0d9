#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# CPUs go and come back while all of them predict: every answer is right, every one is
# counted, and the counters of a CPU that is gone are still there. A kernel whose CPUs
# all have to stay predicts all the same.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

CPUS=/sys/devices/system/cpu
movable=$(ls $CPUS/cpu[0-9]*/online 2>/dev/null)
threads=$(grep -c ^processor /proc/cpuinfo)

done_so_far() { cut -d ' ' -f 1 $CALLER/load; }
wrong_so_far() { cut -d ' ' -f 2 $CALLER/load; }
predictions() { cat $CLASS/$NAME/predictions; }

# goes_on: somebody predicts meanwhile
goes_on() {
	before=$(done_so_far)
	turn=0
	while [ "$(done_so_far)" -lt $((before + 1000)) ]; do
		turn=$((turn + 1))
		[ $turn -lt 300 ] || { echo "# stands still at $before"; return 1; }
		sleep 0.1
	done
}

# each VALUE: of every CPU that may go, one after the other, with a look in between
each() {
	for cpu in $movable; do
		echo "$1" >"$cpu" && reads "$1" "$cpu" && goes_on || return 1
	done
}

rounds() {
	round=0
	while [ $round -lt 3 ]; do
		each 0 && each 1 || return 1
		round=$((round + 1))
	done
}

# Whatever the threads made, no less.
counted() { is $((at_first + $(done_so_far))) "$(predictions)"; }

unload_all
check "modprobe neural_caller hold=1" modprobe neural_caller hold=1
[ -d $CLASS/$NAME ] || bail "no network"
at_first=$(predictions)
echo "# $threads threads, CPUs that may go: $(echo "$movable" | grep -c .)"
check "$threads threads predict" accepts $CALLER/load "$threads"
check "and get on" goes_on
check "CPUs go and come back, three times" rounds
check "the threads end" accepts $CALLER/load 0
check "no answer was wrong" is 0 "$(wrong_so_far)"
check "every prediction is counted" counted
check "no call was refused" \
	is 0 "$(value errors "$DEBUGFS/network_$(cat $CLASS/$NAME/id)/stats")"
check "rmmod neural_caller" rmmod neural_caller
check "all memory is given back" settles 0
unload_all
finish
