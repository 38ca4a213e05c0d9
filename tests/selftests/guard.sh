#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Guardrails: latency budgets and the breaker, ranges of inputs, bounds of outputs, and
# limits on all networks together, by debugfs, sysfs, parameters and neuralctl.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-guard
dev=$CLASS/$NAME

# takes WORD VALUE: and the network reads it back
takes() { accepts "$own" "$1 $2" && is "$2" "$(word "$1" "$own")"; }

# sets FILE VALUE: of sysfs
sets() { accepts "$1" "$2" && reads "$2" "$1"; }

fails() { ! predict "$1" 2>/dev/null; }

# counts KEY WANT: in stats of the network in $net
counts() { is "$2" "$(value "$1" "$net/stats")"; }

# says TEXT COMMAND...: among what it said, whatever became of it
says() {
	text=$1
	shift
	"$@" >$tmp/said 2>&1
	grep -q "$text" $tmp/said || { sed 's/^/# /' $tmp/said; return 1; }
}

words() {
	check "$2: budget of more than an hour" invalid "$1" "budget 3600000000001"
	check "$2: budget -1" invalid "$1" "budget -1"
	check "$2: budget 5us" invalid "$1" "budget 5us"
	check "$2: budget without a number" invalid "$1" "budget"
	check "$2: budget_strikes 0" invalid "$1" "budget_strikes 0"
	check "$2: budget_strikes 1000001" invalid "$1" "budget_strikes 1000001"
	check "$2: budget_cooldown of more than a day" invalid "$1" "budget_cooldown 86400001"
	check "$2: budget_cooldown x" invalid "$1" "budget_cooldown x"
	check "$2: ranges 2" invalid "$1" "ranges 2"
	check "$2: ranges" invalid "$1" "ranges"
	check "$2: bounds of one number" invalid "$1" "bounds 5"
	check "$2: bounds of three" invalid "$1" "bounds 1 2 3"
	check "$2: bounds upside down" invalid "$1" "bounds 5 4"
	check "$2: bounds on" invalid "$1" "bounds on"
	check "$2: bounds past 64 bits" invalid "$1" "bounds 0 9223372036854775808"
}

# limit PARAMETER VALUE: loading is refused while it is so small, and the log names it
limit() {
	before=$(cat "$MODULE/$1")
	mark "limit-$1"
	echo "$2" >"$MODULE/$1"
	neuralctl load --name limited $tmp/model.neural >$tmp/said 2>&1
	rc=$?
	echo "$before" >"$MODULE/$1"
	[ $rc -eq 1 ] && [ ! -e $CLASS/limited ] && log_since "limit-$1" | grep -q "$1" &&
		grep -q "$1" $tmp/said || { sed 's/^/# /' $tmp/said; return 1; }
}

# used WHAT: of the root's limits
used() { sed -n "s,^$1: \([0-9]*\)/.*,\1,p" $DEBUGFS/limits; }

unload_all
rm -rf $tmp
mkdir -p $tmp
hold_network
own=$net/config
first=$net

# What it is at first, and what it takes.
check "no budget" is 0 "$(word budget "$own")"
check "three strikes" is 3 "$(word budget_strikes "$own")"
check "a cooldown of 100 ms" is 100 "$(word budget_cooldown "$own")"
check "ranges are not counted" is 0 "$(word ranges "$own")"
check "bounds are the file's" is file "$(word bounds "$own")"
check "sysfs: budget_ns" reads 0 $dev/budget_ns
check "sysfs: budget_strikes" reads 3 $dev/budget_strikes
check "sysfs: budget_cooldown_ms" reads 100 $dev/budget_cooldown_ms
check "sysfs: breaker" reads closed $dev/breaker
check "budget of an hour" takes budget 3600000000000
check "sysfs has it" reads 3600000000000 $dev/budget_ns
check "bounds of 64 bits" takes bounds "-9223372036854775808 9223372036854775807"
words "$own" network
words $DEBUGFS/config root
check "sysfs: sets budget_ns" sets $dev/budget_ns 3000000000
check "sysfs: sets budget_strikes" sets $dev/budget_strikes 1000000
check "sysfs: sets budget_cooldown_ms" sets $dev/budget_cooldown_ms 86400000
for bad in -1 x "" 3600000000001 "1 2"; do
	check "sysfs: budget_ns '$bad'" unparsed $dev/budget_ns "$bad"
done
check "sysfs: budget_strikes 0" unparsed $dev/budget_strikes 0
check "sysfs: budget_cooldown_ms 86400001" unparsed $dev/budget_cooldown_ms 86400001
check "sysfs: breaker is read-only" unparsed $dev/breaker closed
check "predicts within all of that" predict 20
check "nothing was over budget" counts over_budget 0

# No prediction is done in a nanosecond.
accepts "$own" "bounds file"
accepts "$own" "budget_strikes 3"
accepts "$own" "budget_cooldown 86400000"
accepts "$own" reset_stats
check "a budget nobody meets" takes budget 1
check "is met by nobody" fails 10
check "three were over budget" counts over_budget 3
check "one was refused" counts refused 1
check "the breaker is open" counts breaker open
check "sysfs says so" reads open $dev/breaker
check "it opened once" counts breaker_opened 1
check "refused is refused" fails 1
check "and counted" counts refused 2
check "neuralctl stats says so" says "^breaker: open" neuralctl stats $NAME
check "neuralctl stats counts" says "^refused: 2" neuralctl stats $NAME
check "neuralctl show says so" says "^breaker: open" neuralctl show $NAME
check "a budget closes it" accepts "$own" "budget 3600000000000"
check "closed" counts breaker closed
check "predicts again" predict 20
accepts "$own" "budget_strikes 1"
accepts "$own" "budget_cooldown 300"
accepts "$own" reset_stats
accepts "$own" "budget 1"
check "one strike" fails 1
check "opens it" counts breaker open
sleep 1
check "after a while one is let through" fails 1
check "and was over budget too" counts over_budget 2
check "the other was refused" counts refused 2
check "it opened twice" counts breaker_opened 2
sleep 1
check "root: a budget for all" accepts $DEBUGFS/config "budget 0"
check "reaches the network" is 0 "$(word budget "$own")"
check "predicts without" predict 20

# Answers are of a softmax: between 0 and 65536.
accepts "$own" reset_stats
check "bounds that hold" takes bounds "0 65536"
check "predicts within them" predict 20
check "no answer was out of them" counts out_of_bounds 0
check "bounds that do not" takes bounds "-1 1"
check "are told" fails 1
check "and counted" counts out_of_bounds 1
check "bounds off" takes bounds off
check "predicts without bounds" predict 20

# From a file.
check "save" neuralctl save $NAME $tmp/plain.neural
check "a file with ranges" ./ranges $tmp/plain.neural $tmp/model.neural \
	0:4:-1000:1000 4:4:0:0 o0:4:0:65536
check "is verified" says "^ranges: 2" neuralctl verify $tmp/model.neural
check "shows a range" says "^range: input 0 elements 4..7: 0 .. 0" \
	neuralctl show $tmp/model.neural
check "shows bounds" says "^bounds: output 0 elements 0..3: 0 .. 65536" \
	neuralctl show $tmp/model.neural
check "is loaded" neuralctl load --name ranges $tmp/model.neural
net=$DEBUGFS/network_$(cat $CLASS/ranges/id)
check "show of the network" says "^ranges: 2" neuralctl show ranges
check "is saved with them" neuralctl save ranges $tmp/saved.neural
check "byte for byte" cmp $tmp/model.neural $tmp/saved.neural
dd if=/dev/zero of=$tmp/in bs=32 count=100 2>/dev/null
printf '\001' | dd of=$tmp/in bs=1 seek=48 conv=notrunc 2>/dev/null
printf '\377\377\377\177\377\377\377\377\377\377' |
	dd of=$tmp/in bs=1 seek=3196 conv=notrunc 2>/dev/null
head -c 3200 $tmp/in >$tmp/rows
check "predicts" neuralctl predict ranges $tmp/rows $tmp/out
check "does not count" counts out_of_range 0
check "ranges 1" accepts "$net/config" "ranges 1"
check "predicts counting" neuralctl predict ranges $tmp/rows $tmp/out
check "two rows" counts out_of_range 2
check "of one element each" counts out_of_range_most 1
check "neuralctl stats counts them" says "^out_of_range: 2" neuralctl stats ranges
check "replaced by one without" neuralctl load --replace --name ranges $tmp/plain.neural
check "predicts it" neuralctl predict ranges $tmp/rows $tmp/out
check "which counts nothing" counts out_of_range 2
./ranges $tmp/plain.neural $tmp/tight.neural o0:4:7:8
check "replaced by one with tight bounds" \
	neuralctl load --replace --name ranges $tmp/tight.neural
check "neuralctl predict says so" says "out of range" \
	neuralctl predict ranges $tmp/rows $tmp/out
check "counts it" counts out_of_bounds 1
check "bounds off" accepts "$net/config" "bounds off"
check "gives the answers" neuralctl predict ranges $tmp/rows $tmp/out
./ranges $tmp/plain.neural $tmp/wrong.neural 0:9:0:1
check "a range that leaves its tensor" says "range leaves its tensor" \
	neuralctl load --name wrong $tmp/wrong.neural

# All networks together.
check "limits: networks" is 2 "$(used networks)"
check "limits: bytes" is "$(value bytes $DEBUGFS/numa)" "$(used bytes)"
check "limits: macs" is $(($(cat $dev/macs) + $(cat $CLASS/ranges/macs))) "$(used macs)"
check "neural_max_networks" limit neural_max_networks 2
check "neural_max_total_bytes" limit neural_max_total_bytes $(($(used bytes) + 1000))
check "neural_max_total_macs" limit neural_max_total_macs $(($(used macs) + 1))
check "0 is no limit" accepts $MODULE/neural_max_networks 0
check "shows as none" grep -q "^networks: 2/none" $DEBUGFS/limits
check "loads then" neuralctl load --name limited $tmp/model.neural
check "counts three" is 3 "$(used networks)"
check "unloads limited" neuralctl unload limited
check "counts two" is 2 "$(used networks)"
check "unloads ranges" neuralctl unload ranges
net=$first
check "the first still predicts" predict 20
check "unloads" unload
rm -rf $tmp
finish
