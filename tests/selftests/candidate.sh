#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A candidate beside a model: what it is told to see it sees, what it says is counted and
# never returned, a share of calls is that share, and one command promotes or drops it.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-candidate
rows=100

answers() { neuralctl predict served $tmp/in $tmp/out.now && cmp $tmp/out $tmp/out.now; }

# counts KEY VALUE: in debugfs and in what neuralctl tells
counts() {
	is "$2" "$(value "$1" "$served/candidate")" &&
		neuralctl stats served >$tmp/stats &&
		is "$2" "$(value "candidate $1" $tmp/stats)"
}

config() { /bin/echo "$1" >"$served/config"; }

# calls N: so many, of one row each, on one CPU
calls() {
	i=0
	while [ $i -lt "$1" ]; do
		taskset 1 neuralctl predict --input 1,2,3,4,5,6,7,8 served >/dev/null || return 1
		i=$((i + 1))
	done
}

# Whoever predicts meanwhile gets the right answer, whatever becomes of the candidate.
under_load() {
	rm -f $tmp/stop $tmp/wrong
	while [ ! -e $tmp/stop ]; do
		neuralctl predict served $tmp/in $tmp/out.load &&
			cmp $tmp/out $tmp/out.load || echo wrong >>$tmp/wrong
	done &
	i=0
	while [ $i -lt 10 ]; do
		neuralctl candidate served $tmp/model.neural --share $((i % 3 * 500)) &&
			neuralctl promote served >/dev/null &&
			neuralctl candidate served $tmp/model.neural &&
			neuralctl drop served || echo swap >>$tmp/wrong
		i=$((i + 1))
	done
	: >$tmp/stop
	wait
	[ ! -e $tmp/wrong ] || { sed 's/^/# /' $tmp/wrong; return 1; }
}

unload_all
rm -rf $tmp
mkdir -p $tmp
hold_network
bytes=$(steady)
neuralctl save $NAME $tmp/model.neural
dd if=/dev/urandom of=$tmp/in bs=32 count=$rows 2>/dev/null
check "load" neuralctl load --name served $tmp/model.neural
neuralctl predict served $tmp/in $tmp/out
served=$DEBUGFS/network_$(cat $CLASS/served/id)
check "there is none at first" reads "mode: none" "$served/candidate"
check "nor anything to promote" exits 1 neuralctl promote served
check "in words" said "has no candidate"
check "nor to drop" exits 1 neuralctl drop served
check "nor a share to set" refuses "$served/config" "candidate_share 5" "No such file"

check "a shadow" neuralctl candidate served $tmp/model.neural
check "mode" is shadow "$(value mode "$served/candidate")"
check "answers as before" answers
check "all rows are compared" counts rows $rows
check "equal" counts equal $rows
check "agree" counts agree $rows
check "no difference" counts most_difference 0
check "none is answered" counts answered 0
check "they are predictions once" reads $((2 * rows)) $CLASS/served/predictions
neuralctl stats --json served >$tmp/said
check "in JSON" said '"mode": *"shadow"'
neuralctl show --json served >$tmp/said
check "show has it" said '"mode": *"shadow"'
check "generation stays" reads 1 $CLASS/served/generation
check "shadow_every" config "shadow_every 10"
check "reset_stats" config reset_stats
check "predict" calls 20
check "one of ten is seen" counts calls 2
check "config reads as it would be written" is 10 "$(word shadow_every "$served/config")"
check "promote" neuralctl promote served
check "generation rises" reads 2 $CLASS/served/generation
check "answers" answers
check "it is gone" reads "mode: none" "$served/candidate"

check "with a share" neuralctl candidate served $tmp/model.neural --share 250
check "mode is share" is share "$(value mode "$served/candidate")"
check "predict 40" calls 40
check "a quarter is answered" counts answered 10
check "and none compared" counts rows 0
check "three are not" counts kept_calls 30
for which in answered kept; do
	mean=$(value ${which}_mean_ns "$served/candidate")
	check "$which: takes a while" test "$mean" -gt 0
	check "$which: on the device as well" counts ${which}_mean_ns "$mean"
	check "$which: the largest is no less" \
		test "$(value ${which}_max_ns "$served/candidate")" -ge "$mean"
done
check "candidate_share 1000" config "candidate_share 1000"
check "answers with that" answers
check "all of them by it" counts answered $((10 + rows))
check "drop by config" config drop
check "and gone" reads "mode: none" "$served/candidate"
neuralctl candidate served $tmp/model.neural
check "promote by config" config promote
check "generation once more" reads 3 $CLASS/served/generation
check "under load" under_load

check "a share of 1001" invalid "$served/config" "candidate_share 1001"
check "shadow_every 0" invalid "$served/config" "shadow_every 0"
check "promote for all" invalid $DEBUGFS/config promote
check "promote with a value" invalid "$served/config" "promote 1"
check "of a network made of layers" exits 1 neuralctl candidate $NAME $tmp/model.neural
check "of none" exits 3 neuralctl candidate nobody $tmp/model.neural
head -c 100 $tmp/model.neural >$tmp/short.neural
check "of a short file" exits 1 neuralctl candidate served $tmp/short.neural
check "answers still" answers
neuralctl candidate served $tmp/model.neural
check "unload with a candidate" neuralctl unload served
check "all memory is given back" settles "$bytes"
neuralctl load --name served $tmp/model.neural && neuralctl candidate served $tmp/model.neural
check "rmmod neural_caller" rmmod neural_caller
check "the module goes, and the candidate with it" rmmod neural
rm -rf $tmp
unload_all
finish
