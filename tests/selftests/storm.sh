#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The storm: neural_storm.ko predicts in all contexts on networks that are replaced, and
# here everything else about them is changed meanwhile, by way of debugfs and of
# parameters.  STORM_SECONDS and STORM_PREDICTIONS make it longer.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

HOLD=/sys/module/neural_storm/parameters/hold
VM=/proc/sys/vm
REPORT=/sys/module/neural_storm/parameters/report
tmp=/tmp/neural-storm

# What is counted, there and here.
CONTEXTS="task softirq hardirq"
WAYS="predict cached rows batch own_context by_name first_set second_set"
SWAPS="swap_layers swap_file swap_s8 swap_long promote drop destroy"
SETTINGS="simd entries timeout bypass numa replicate profile reset everyone
	budget strikes cooldown ranges bounds"
GUARDS="refused out_of_bounds"
LEVELS="level enable shrink look"

seconds=${STORM_SECONDS:-3}
predictions=${STORM_PREDICTIONS:-1000000}

# told NAME COMMAND...: count it, or say that it failed
told() {
	what=$1
	shift
	if "$@"; then
		eval "did_$what=\$((\${did_$what:-0} + 1))"
	else
		echo "# $*" >>$tmp/trouble
	fi
}

# tell NAME...: how often
tell() {
	for what; do
		eval "echo \"$what: \${did_$what:-0}\""
	done
}

# set_word FILE WORD VALUE: at the end the network goes
set_word() {
	echo "$2 $3" 2>/dev/null >"$1" || [ ! -e "$1" ]
}

set_parameter() { echo "$2" >"$MODULE/$1"; }

storming() { kill -0 $storm 2>/dev/null; }

# Once they are all there.
configs() {
	until [ -e $CLASS/storm_long/id ] || ! storming; do
		sleep 0.1
	done
	for name in layers file s8 long; do
		read -r id <$CLASS/storm_$name/id && echo "$DEBUGFS/network_$id/config"
	done
}

# enough_of THIS THAT: both have done their share, and the storm may end
enough_of() {
	: >"$tmp/$1.enough"
	[ ! -e "$tmp/$2.enough" ] || echo N 2>/dev/null >$HOLD
}

# tight FILE: a budget nobody meets, or bounds hardly an answer keeps, for as long as the other
# settings take.  loose FILE: as good as none of either, and in the end none.
tight() {
	told strikes set_word "$1" budget_strikes $((1 + round % 3))
	told cooldown set_word "$1" budget_cooldown $((round % 8))
	told ranges set_word "$1" ranges $((round / 2 % 2))
	if [ $((round % 2)) -eq 1 ]; then
		told budget set_word "$1" budget 1
	else
		told bounds set_word "$1" bounds "1 1"
	fi
}

loose() {
	told budget set_word "$1" budget 3600000000000
	told bounds set_word "$1" bounds "-9223372036854775808 9223372036854775807"
	[ $((round % 3)) -ne 0 ] || told budget set_word "$1" budget 0
	[ $((round % 3)) -ne 1 ] || told bounds set_word "$1" bounds file
}

# One value after the other, for one network and for all; the one that comes and goes
# may be gone.
settings() {
	round=0
	files=$(configs)
	while storming; do
		round=$((round + 1))
		for file in $files; do
			tight "$file"
			told simd set_word "$file" simd $((round % 2))
			told entries set_word "$file" cache_entries $((round * 37 % 400))
			told timeout set_word "$file" cache_timeout $((round % 3 * 500))
			told bypass set_word "$file" cache_bypass $((round / 2 % 2))
			told numa set_word "$file" numa_policy $((round % 3))
			told replicate set_word "$file" replicate $((round % 2))
			told profile set_word "$file" profile $((round % 2))
			told reset set_word "$file" reset_stats ""
			loose "$file"
		done
		for file in $DEBUGFS/network_*/config; do
			echo "numa_policy 0" 2>/dev/null >"$file"
		done
		told everyone set_word $DEBUGFS/config cache_entries $((round % 2 * 64))
		[ $round -ne 6 ] || enough_of settings levels
	done
	tell $SETTINGS >$tmp/settings
}

# Levels are patched into the code, which stops all CPUs for a moment.
levels() {
	while storming; do
		for level in $(tr -d '[]' <$MODULE/neural_simd_level) auto; do
			told level set_parameter neural_simd_level "$level"
			told enable set_parameter neural_enable_simd 0
			sleep 0.1
			told enable set_parameter neural_enable_simd 1
			sleep 0.1
			told shrink shrink
		done
		told look looks
		enough_of levels settings
	done
	tell $LEVELS >$tmp/levels
}

# Memory that can be done without goes, caches of predictions included.
shrink() { echo 2 >$VM/drop_caches; }

# Whoever reads what there is to read meanwhile.
looks() {
	cat $DEBUGFS/network_*/* $DEBUGFS/numa $DEBUGFS/simd $CLASS/*/* >/dev/null 2>&1
	[ -e $DEBUGFS/numa ]
}

storms() {
	modprobe neural_storm hold=1 guarded=1 "seconds=$seconds" "predictions=$predictions" &
	storm=$!
	settings &
	settings=$!
	levels &
	levels=$!
	# Not behind those they are to disturb.
	renice -n -10 -p $settings $levels >/dev/null
	wait $storm
	rc=$?
	wait $settings $levels
	return $rc
}

# some FILE NAME...: each of them happened
some() {
	file=$1
	shift
	for name; do
		number "$(value "$name" "$file")" && [ "$(value "$name" "$file")" -gt 0 ] ||
			{ echo "# no $name"; return 1; }
	done
}

reads_line() { is "$2" "$(value "$1" $REPORT)"; }

enough() {
	sum=0
	for name in $CONTEXTS; do
		sum=$((sum + $(value $name $REPORT)))
	done
	[ $sum -ge "$predictions" ]
}

unload_all
rm -rf $tmp
mkdir -p $tmp
modprobe neural
# Not a word in the log for each time.
echo 4 >$VM/drop_caches
check "a storm" storms
cat $REPORT $tmp/settings $tmp/levels 2>/dev/null | sed 's/^/# /'
[ ! -e $tmp/trouble ] || head -n 5 $tmp/trouble
check "at least so many predictions" enough
check "no answer of neither set, or of both" reads_line wrong 0
check "none of a set that was gone" reads_line stale 0
check "breakers and bounds had their say" some $REPORT $GUARDS
check "in every context" some $REPORT $CONTEXTS
check "in every way" some $REPORT $WAYS
check "every network was replaced" some $REPORT $SWAPS
check "every setting was changed" some $tmp/settings $SETTINGS
check "and every level" some $tmp/levels $LEVELS
check "all of them were taken" test ! -e $tmp/trouble
rmmod neural_storm
check "all memory is given back" settles 0
rm -rf $tmp
unload_all
finish
