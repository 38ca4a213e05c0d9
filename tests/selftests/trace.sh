#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tracepoints: each one that can be made to fire says what happened. A kernel without
# tracing has none, and predicts.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

TRACING=/sys/kernel/tracing
tmp=/tmp/neural-trace
ALL="neural_breaker neural_cache_hit neural_cache_miss neural_fallback neural_load
neural_predict_end neural_predict_start neural_swap neural_verify_reject"

# traced COMMAND...: what it fires is in $tmp/trace
traced() {
	echo >$TRACING/trace
	echo 1 >$TRACING/events/neural/enable
	"$@" >$tmp/said 2>&1
	rc=$?
	echo 0 >$TRACING/events/neural/enable
	grep -v '^#' $TRACING/trace >$tmp/trace
	[ $rc -eq 0 ] || { sed 's/^/# /' $tmp/said; return 1; }
}

# fired N EVENT TEXT: so many of these
fired() {
	seen=$(grep " $2: " $tmp/trace | grep -cE "$3")
	[ "$seen" -eq "$1" ] && return
	echo "# $seen of $2 instead of $1"
	tail -n 5 $tmp/trace | sed 's/^/# /'
	return 1
}

events() { is "$(echo $ALL)" "$(cd $TRACING/events/neural && echo neural_*)"; }

who="id=[0-9]+ name=$NAME"

traced_predictions() {
	traced predict 5 &&
		fired 10 neural_predict_start "$who rows=1 context=task$" &&
		fired 10 neural_predict_end \
			"$who rows=1 generation=[1-9][0-9]* ns=[1-9][0-9]* ret=0 context=task$"
}

# 16 inputs, 20 predictions of the cached kind.
traced_cache() {
	accepts "$net/config" "cache_entries 1024" && traced predict 20 &&
		fired 16 neural_cache_miss "$who generation=[1-9]" &&
		fired 4 neural_cache_hit "$who generation=[1-9]" &&
		fired 36 neural_predict_end "$who "
}

traced_load() {
	neuralctl save $NAME $tmp/model >/dev/null &&
		traced neuralctl load --name traced $tmp/model &&
		fired 1 neural_load "name=traced bytes=$(wc -c <$tmp/model) macs=[1-9]"
}

traced_swap() {
	traced neuralctl load --replace --name traced $tmp/model &&
		fired 1 neural_swap "name=traced from=1 to=2$"
}

# Cut off in the middle of the header or of a section.
traced_reject() {
	head -c 100 $tmp/model >$tmp/short
	traced refused neuralctl load --name short $tmp/short &&
		fired 1 neural_verify_reject \
			'name=short node=[0-9]+ op=- offset=[0-9]+ err=-[0-9]+ rule="[a-z ]+'
}

quiet() {
	echo >$TRACING/trace
	predict 5 && ! grep -q neural_ $TRACING/trace
}

rm -rf $tmp
mkdir $tmp
unload_all
[ -d $TRACING/events ] || mount -t tracefs none $TRACING 2>/dev/null
hold_network
if [ -d $TRACING/events ]; then
	check "every tracepoint is there" events
	check "predictions" traced_predictions
	check "the cache" traced_cache
	check "a load" traced_load
	check "an exchange" traced_swap
	check "a refusal, with its rule" traced_reject
	check "nothing when they are off" quiet
	check "neuralctl unload" neuralctl unload traced
else
	check "no tracepoint is there" test ! -e $TRACING/events/neural
fi
check "predicts" predict 5
unload_all
rm -rf $tmp
finish
