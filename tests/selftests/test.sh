#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# neural_test.ko: with many sizes, at every level, and that it can fail.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

# passes PARAMETER...: loads, says so, and goes.
passes() {
	mark "$*"
	modprobe neural_test iterations=20 "$@" || return 1
	log_since "$*" | grep -q 'neural_test: ALL TESTS PASSED' && rmmod neural_test
}

# fails PARAMETER...: an error of modprobe, and nothing stays.
fails() {
	mark "$*"
	refused modprobe neural_test "$@" && not loaded neural_test &&
		! log_since "$*" | grep -q 'ALL TESTS PASSED'
}

at_level() {
	echo "$1" >$MODULE/neural_simd_level && passes "seed=7" &&
		log_since "seed=7" | grep -q "level $1\$"
}

levels() { tr -d '[]' <$MODULE/neural_simd_level; }

# With entries in its cache a network is timed in two ways more.
cached() {
	modprobe neural_caller hold=1 &&
		echo "cache_entries 64" >$DEBUGFS/config &&
		passes network=caller_demo || return 1
	log_since network=caller_demo | grep -q 'cached hit .* p99 [0-9]' &&
		log_since network=caller_demo | grep -q 'cached miss .* p99 [0-9]' &&
		rmmod neural_caller
}

# Rows of bytes, while others predict with them too.
bytes() {
	modprobe neural_storm hold=1 seconds=0 predictions=1 &
	waited=0
	until [ -e $CLASS/storm_s8/id ] || [ $waited -ge 300 ]; do
		sleep 0.1
		waited=$((waited + 1))
	done
	passes network=storm_s8 batch=3
	rc=$?
	echo N >/sys/module/neural_storm/parameters/hold
	wait $! && rmmod neural_storm && [ $rc -eq 0 ] &&
		is 3 "$(timings network=storm_s8 batch=3)"
}

percentiles() {
	passes iterations=100 &&
		log_since iterations=100 | grep 'predict .* min [0-9]' |
		awk '{
			for (i = 1; i < NF; i++) v[$i] = $(i + 1)
			ok = v["min"] <= v["p50"] && v["p50"] <= v["p90"] &&
				v["p90"] <= v["p95"] && v["p95"] <= v["p99"] &&
				v["p99"] <= v["max"] && v["mean"] <= v["max"]
		} END { exit !ok }'
}

timings() { log_since "$*" | grep -c 'neural_test: .* p50 [0-9]* p90 '; }
lines() {
	log_since "$*" | grep -c 'neural_test: json {"name": "[a-z, ]*", .*"p50": [0-9].*}}$'
}

# A line for each time.
json() {
	passes iterations=50 json=1 input=9 || return 1
	set -- iterations=50 json=1 input=9
	[ "$(timings "$@")" -ge 3 ] && is "$(timings "$@")" "$(lines "$@")"
}

unload_all
modprobe neural
# shellcheck disable=SC2046
set -- $(levels)
for level; do
	check "at level $level" at_level "$level"
done
echo auto >$MODULE/neural_simd_level
check "the smallest network" passes input=1 hidden=1 output=1 batch=1
check "odd sizes" passes input=17 hidden=33 output=5 batch=3
check "a wide layer" passes input=2000 hidden=20 output=70 batch=2
check "another seed" passes seed=12345678901234567890
check "the default sizes, and percentiles in order" percentiles
check "a network with a cache" cached
check "a network of bytes" bytes
check "times as JSON" json
check "what the cache costs" passes cache=1
echo 0 >$MODULE/neural_enable_simd
check "without SIMD" passes input=100 hidden=50
echo 1 >$MODULE/neural_enable_simd
check "no inputs" fails input=0
check "too many hidden units" fails hidden=65537
check "outputs that are no number" fails output=-1
check "no iterations" fails iterations=0
check "too many iterations" fails iterations=1000001
check "no rows" fails batch=0
check "too many rows" fails batch=65537
check "a network that is not there" fails network=nobody
check "more than the machine may hold" fails input=65536 hidden=65536
check "nothing is left" settles 0
unload_all
finish
