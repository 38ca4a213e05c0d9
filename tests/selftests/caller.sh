#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# neural_caller.ko: another module uses ours, and the counters say what it did.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

predictions() { cat $CLASS/$NAME/predictions; }

stat_of() { value "$1" "$DEBUGFS/network_$(cat $CLASS/$NAME/id)/stats"; }

# By N plain predictions and N cached ones; those are plain without a cache.
runs() {
	before=$(predictions)
	predict 50 && is $((before + 100)) "$(predictions)"
}

# 16 inputs: each is missed once, and found after that.
runs_cached() {
	accepts $DEBUGFS/config "cache_entries 1024" &&
		accepts $DEBUGFS/config "cache_timeout 86400000" &&
		accepts $DEBUGFS/config reset_stats && predict 50 || return 1
	is 16 "$(stat_of cache_misses)" && is 34 "$(stat_of cache_hits)" &&
		is 66 "$(predictions)"
}

life() { accepts $CALLER/life "0 0" && reads "0 0" $CALLER/life; }

again() { modprobe neural_caller && rmmod neural_caller; }

unload_all
check "modprobe brings neural along" modprobe neural_caller hold=1 predictions=20
check "and it is there" loaded neural
check "neural cannot go" refused rmmod neural
check "the network is in sysfs" test -d $CLASS/$NAME
check "with 8 inputs" reads 8 $CLASS/$NAME/input_size
check "with 4 outputs" reads 4 $CLASS/$NAME/output_size
check "of 3 layers" reads 3 $CLASS/$NAME/layers
# One for the destroy case, 20 plain and 20 cached.
check "and 41 predictions" reads 41 $CLASS/$NAME/predictions
check "runs when told to" runs
check "runs from the cache" runs_cached
check "made no error" is 0 "$(stat_of errors)"
check "a network lives and goes" life
check "a number that is none is refused" refused accepts $CALLER/run many
check "rmmod neural_caller" rmmod neural_caller
check "the network went with it" test ! -e $CLASS/$NAME
check "all memory is given back" settles 0
check "once more" again
unload_all
finish
