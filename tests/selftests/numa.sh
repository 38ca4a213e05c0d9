#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Where the memory of networks is: by policy, and on every node where it is replicated;
# and that predictions do not show it.  A machine of one node has it all there.

# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-numa
rows=64

# Nodes that are online, in the order of the columns.
nodes() { sed -n 's/^pages of network on node *//p' $DEBUGFS/numa; }

# on NODE COMMAND...: on its first CPU.  A machine without nodes has one CPU to ask for.
on() {
	list=/sys/devices/system/node/node$1/cpulist
	cpu=0
	[ ! -e "$list" ] || cpu=$(sed 's/[-,].*//' "$list")
	shift
	taskset "$(printf %x $((1 << cpu)))" "$@"
}

# pages NETWORK KIND: by node; nothing where it has none of the kind
pages() {
	awk -v net="$1" -v kind="$2" '
	/^[^ ]/ { inside = $1 == net }
	inside && /^ / && $1 == kind { $1 = ""; print substr($0, 2) }' $DEBUGFS/numa
}

# column NODE PAGES...: that of the node
column() {
	want=$1
	shift
	for node in $(nodes); do
		[ "$node" != "$want" ] || { echo "$1"; return; }
		shift
	done
}

# listed NETWORK: pages of it.  in_stats NETWORK: the same, by its own file
listed() {
	# shellcheck disable=SC2046
	total $(awk -v net="$1" '$1 == net { $1 = ""; print substr($0, 2) }' $DEBUGFS/numa)
}

in_stats() {
	# shellcheck disable=SC2046
	total $(sed -n 's/^pages_node[0-9]*: //p' \
		"$DEBUGFS/network_$(cat "$CLASS/$1/id")/stats")
}

total() {
	sum=0
	for n; do sum=$((sum + n)); done
	echo $sum
}

# all_on NODE PAGES...: and there are some
all_on() {
	n=$1
	shift
	here=$(column "$n" "$@")
	[ "$here" -gt 0 ] && [ "$here" -eq "$(total "$@")" ] || { echo "# pages: $*"; false; }
}

# spread PAGES...: every node has its part, give or take what is smaller than a page
spread() {
	least=$(($(total "$@") * 8 / 10 / $#))
	for n; do
		[ "$n" -ge $least ] || { echo "# pages: $*"; return 1; }
	done
}

# by_policy POLICY NODE CPU-NODE: a network loaded from a CPU of a node
by_policy() {
	accepts $MODULE/neural_numa_node "$2" && accepts $MODULE/neural_numa_policy "$1" &&
		on "$3" neuralctl load --name placed $tmp/wide.neural
}

unload_placed() {
	neuralctl unload placed
	echo 0 >$MODULE/neural_numa_policy
	echo -1 >$MODULE/neural_numa_node
}

# The same answers from CPUs of every node.
same_answers() {
	for node in $(nodes); do
		on "$node" neuralctl predict "$1" $tmp/in "$tmp/out.$node" &&
			cmp $tmp/out "$tmp/out.$node" || return 1
	done
}

# Every node has all of it, and nothing is elsewhere.
replicated() {
	sizes=
	for node in $(nodes); do
		# shellcheck disable=SC2046
		all_on "$node" $(pages "$1" "weights:$node") || return 1
		sizes="$sizes $here"
	done
	for n in $sizes; do
		[ "$n" -ge "$2" ] || { echo "# pages:$sizes, $2 once"; return 1; }
	done
	[ -z "$(pages "$1" weights)" ]
}

# Predictions go on while it is switched.
switch_under_load() {
	rm -f $tmp/stop $tmp/wrong
	for node in $(nodes); do
		while [ ! -e $tmp/stop ]; do
			on "$node" neuralctl predict $WIDE $tmp/in "$tmp/busy.$node" &&
				cmp $tmp/out "$tmp/busy.$node" || echo wrong >>$tmp/wrong
		done &
	done
	i=0
	while [ $i -lt 20 ]; do
		accepts "$wide/config" "replicate $((i % 2))" || echo switch >>$tmp/wrong
		i=$((i + 1))
	done
	: >$tmp/stop
	wait
	[ ! -e $tmp/wrong ] || { sed 's/^/# /' $tmp/wrong; return 1; }
}

WIDE=caller_wide
unload_all
rm -rf $tmp
mkdir -p $tmp
check "modprobe neural_caller hold=1 wide=1" modprobe neural_caller hold=1 wide=1
wide=$DEBUGFS/network_$(cat $CLASS/$WIDE/id)
[ -d "$wide" ] || bail "no network in debugfs"
dd if=/dev/urandom of=$tmp/in bs=768 count=$rows 2>/dev/null
check "save" neuralctl save $WIDE $tmp/wide.neural
check "predict" neuralctl predict $WIDE $tmp/in $tmp/out
check "there are nodes" test -n "$(nodes)"
# shellcheck disable=SC2046
check "there are weights" test "$(total $(pages $WIDE weights))" -gt 20
for kind in parameters arenas; do
	# shellcheck disable=SC2046
	check "there are $kind" test "$(total $(pages $WIDE $kind))" -gt 0
done
check "there is no cache" test -z "$(pages $WIDE cache)"

# shellcheck disable=SC2046
for node in $(nodes); do
	check "local: load from node $node" by_policy 0 -1 "$node"
	check "local: the weights are there" all_on "$node" $(pages placed weights)
	check "local: so is the file" all_on "$node" $(pages placed parameters)
	check "local: the same answers" same_answers placed
	unload_placed
	for from in $(nodes); do
		check "node $node: load from node $from" by_policy 2 "$node" "$from"
		check "node $node: the weights are there" all_on "$node" $(pages placed weights)
		check "node $node: so is the file" all_on "$node" $(pages placed parameters)
		unload_placed
	done
done
check "interleave: load" by_policy 1 -1 "$(nodes | sed 's/ .*//')"
# shellcheck disable=SC2046
check "interleave: the weights are everywhere" spread $(pages placed weights)
# shellcheck disable=SC2046
check "interleave: so is the file" spread $(pages placed parameters)
check "interleave: the same answers" same_answers placed
unload_placed

# shellcheck disable=SC2046
once=$(total $(pages $WIDE weights))
bytes=$(value bytes "$wide/stats")
check "replicate 1" accepts "$wide/config" "replicate 1"
check "replicate: a copy on every node" replicated $WIDE $((once - 2))
check "replicate: the same answers" same_answers $WIDE
check "replicate 0" accepts "$wide/config" "replicate 0"
# shellcheck disable=SC2046
check "once again" test "$(total $(pages $WIDE weights))" -le $((once + 2))
settled() { is "$bytes" "$(value bytes "$wide/stats")"; }
again=0
until settled >/dev/null || [ $again -ge 100 ]; do
	again=$((again + 1))
	sleep 0.1
done
check "as many bytes as before" settled
check "switching under load" switch_under_load
check "replicated from the start" accepts $MODULE/neural_numa_replicate 1
check "load" neuralctl load --name placed $tmp/wide.neural
check "a copy on every node" replicated placed $((once - 2))
check "replace" neuralctl load --replace --name placed $tmp/wide.neural
check "a copy on every node of that" replicated placed $((once - 2))
check "the same answers of that" same_answers placed
check "there is no candidate" test -z "$(pages placed candidate)"
before=$(listed placed)
check "a candidate" neuralctl candidate placed $tmp/wide.neural
# shellcheck disable=SC2046
check "is on every node, with its file" \
	test "$(total $(pages placed candidate))" -gt $((once * $(nodes | wc -w)))
check "counts as the network's" test "$(listed placed)" -ge $((before + once))
check "and in its stats" is "$(listed placed)" "$(in_stats placed)"
check "drop" neuralctl drop placed
check "is there no more" test -z "$(pages placed candidate)"
check "unload" neuralctl unload placed
unload_all
rm -rf $tmp
finish
