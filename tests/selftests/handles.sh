#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Handles keep the module, each by itself: /sys/module/neural/refcnt counts them, rmmod is
# refused, and one that a module has lost when it went keeps it as well.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-handles
REFCNT=/sys/module/neural/refcnt

# counts MORE: than $base references
counts() { is $((base + $1)) "$(cat $REFCNT)"; }

# holds NETWORKS CONTEXTS BATCHES BLOCKS: so many of each, and so many references
holds() {
	accepts $CALLER/handles "$*" && reads "$*" $CALLER/handles &&
		counts $(($1 + $2 + $3 + $4))
}

# in_use: refused at once, as what is in use is, and goes on
in_use() {
	before=$(cat $REFCNT)
	./unload neural
	is 11 $? && is "$before" "$(cat $REFCNT)" && loaded neural
}

# Whatever is done to networks by way of files leaves no reference behind.
by_files() {
	neuralctl save $NAME $tmp/model.neural &&
		neuralctl load --name own $tmp/model.neural &&
		neuralctl load --replace --name own $tmp/model.neural &&
		neuralctl candidate own $tmp/model.neural && neuralctl promote own &&
		neuralctl predict --input 1,2,3,4,5,6,7,8 own >/dev/null &&
		accepts $DEBUGFS/config "cache_entries 64" &&
		accepts $DEBUGFS/config "cache_entries 0" &&
		accepts "$net/config" "replicate 1" &&
		accepts "$net/config" "replicate 0" || return 1
	# Some of these are for writing alone.
	cat $DEBUGFS/network_*/* $DEBUGFS/numa $CLASS/*/* >/dev/null 2>&1
	counts 0
}

unload_all
rm -rf $tmp
mkdir -p $tmp
modprobe neural
check "nobody has any" reads 0 $REFCNT
hold_network
# The module that is linked with ours, and the network it made.
check "its maker has one" reads 2 $REFCNT
base=2
check "a handle" holds 1 0 0 0
check "a context" holds 0 1 0 0
check "a batch" holds 0 0 1 0
check "memory" holds 0 0 0 1
check "many of all" holds 7 5 3 2
check "it still predicts" predict 20
check "which takes none" counts 17
check "some are given back" holds 2 5 0 1
check "all of them" holds 0 0 0 0
check "what files do takes none" by_files
check "more than there may be are refused" refused accepts $CALLER/handles "65 0 0 0"
check "none was taken" counts 0
check "threads that predict" accepts $CALLER/load 4
# Two of them in a context of their own.
check "have a handle each" counts 6
check "no more of them" accepts $CALLER/load 0
check "have none" counts 0
check "not while a driver is there" in_use
check "rmmod neural_caller" rmmod neural_caller
check "gave back what it had" reads 0 $REFCNT
check "a network from a file is left" test -d $CLASS/own
check "the module goes, and takes it along" ./unload neural

# A driver that goes and leaves all it had.
modprobe neural_caller hold=1 leak=1
base=0
check "two handles more" accepts $CALLER/handles "2 0 0 0"
check "the driver goes" rmmod neural_caller
check "three are left" counts 3
check "the module does not go" in_use
check "nor another time" in_use
check "the network can be seen" test -d $CLASS/$NAME
check "and predicts" neuralctl predict --input 1,2,3,4,5,6,7,8 $NAME
check "it cannot be unloaded" refused neuralctl unload $NAME
check "another driver gives them back" modprobe neural_caller adopt=3
check "the network went" test ! -e $CLASS/$NAME
check "the driver is all there is" counts 1
check "all memory is given back" settles 0
check "rmmod neural_caller" rmmod neural_caller
check "the module goes" ./unload neural
rm -rf $tmp
unload_all
finish
