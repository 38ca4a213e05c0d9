#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two CPUs predicting on one network do not hold each other up: together they get more
# done than one of them alone. Virtual CPUs share what the host has left, so that only a
# collapse is an error here; the figure is for people.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

threads=2
[ "$(grep -c ^processor /proc/cpuinfo)" -ge 2 ] || threads=1

# done_by N: predictions of N threads in a second, into $made
done_by() {
	accepts $CALLER/load "$1" || return 1
	sleep 0.3
	from=$(cut -d ' ' -f 1 $CALLER/load)
	sleep 1
	made=$(($(cut -d ' ' -f 1 $CALLER/load) - from))
	accepts $CALLER/load 0 && is 0 "$(cut -d ' ' -f 2 $CALLER/load)"
}

# The best of several, in turn, so that whatever comes in between hits both.
measure() {
	one=0 two=0 turn=0
	while [ $turn -lt 5 ]; do
		done_by 1 || return 1
		[ "$made" -le $one ] || one=$made
		done_by $threads || return 1
		[ "$made" -le $two ] || two=$made
		turn=$((turn + 1))
	done
	[ $one -gt 0 ]
}

unload_all
check "modprobe neural_caller hold=1" modprobe neural_caller hold=1
[ -d $CLASS/$NAME ] || bail "no network"
check "all answers are right" measure
echo "# a second: 1 thread $one predictions, $threads threads $two," \
	"$((two * 100 / one)) percent"
check "$threads threads get at least 50 percent of what one gets done" \
	test $((two * 100)) -ge $((one * 50))
check "rmmod neural_caller" rmmod neural_caller
unload_all
finish
