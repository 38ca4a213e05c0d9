#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What debugfs shows: that it parses, that it is true, and that it goes away.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common

# Of each family exactly one kernel is selected, and a supported one.
selected() {
	awk '$1 ~ /__/ { split($1, part, "__"); family[part[1]] = 1 }
	$1 ~ /__/ && $4 == "yes" { chosen[part[1]]++; bad += $3 != "yes" }
	END {
		for (f in family) {
			n++
			bad += chosen[f] != 1
		}
		exit !(n > 0 && !bad)
	}' "$1"
}

# kernels COLUMN FILE: of each kernel
kernels() { awk -v c="$1" '$1 ~ /__/ { print $c }' "$2"; }

# measured FILE: those this CPU runs have a time and a speed, the others have none
measured() {
	awk '$1 ~ /__/ { n++ }
	$1 ~ /__/ && $3 == "yes" { bad += !($7 > 0 && $8 > 0 && $9 > 0); runs++ }
	$1 ~ /__/ && $3 != "yes" { bad += $7 != "-" || $8 != "-" || $9 != "-" }
	$1 ~ /__generic$/ { bad += $9 != "1.00" }
	END { exit !(n > 0 && runs > 0 && !bad) }' "$1"
}

# numbers FILE KEY...: each is there with a number
numbers() {
	file=$1
	shift
	for key; do
		number "$(value "$key" "$file")" || { echo "# $key"; return 1; }
	done
}

rises() {
	is 1 "$(awk -F': ' '/^latency_(min|p50|p90|p95|p99|max)_ns/ {
		bad += $2 + 0 < last; last = $2 + 0 }
		END { print !bad }' "$1")"
}

column() { awk -v c="$1" '$1 ~ /^[0-9]+$/ { print $c }' "$2"; }

# Readers and a writer at once, for a while.
busy() {
	rm -f /tmp/neural-busy
	(
		while [ ! -e /tmp/neural-busy ]; do
			cat "$net"/* $DEBUGFS/numa $DEBUGFS/simd >/dev/null ||
				echo "# cannot read" >>/tmp/neural-trouble
		done
	) &
	rm -f /tmp/neural-trouble
	for entries in 1 0 100 7 65536 0 64; do
		accepts "$net/config" "cache_entries $entries" || return 1
		predict 40 || return 1
	done
	: >/tmp/neural-busy
	wait
	[ ! -e /tmp/neural-trouble ]
}

two_measure() {
	accepts "$simd" measure &
	accepts "$simd" measure || return 1
	wait $!
}

modprobe -r neural 2>/dev/null
check "modprobe neural" modprobe neural
[ -d $MODULE ] || bail "the module does not load"
check "simd has a level" grep -qw "$(value level $DEBUGFS/simd)" $MODULE/neural_simd_level
check "simd: one kernel of each family is selected" selected $DEBUGFS/simd
check "simd: numbers" numbers $DEBUGFS/simd enabled threshold threshold_open \
	section_macs section_limit
simd=$DEBUGFS/simd
check "simd: nothing is measured unasked" is "-" "$(kernels 7 $simd | sort -u | xargs)"
check "simd: another word is refused" invalid $simd "measures"
check "simd: so is a long one" invalid $simd "measure measure measure"
check "simd: root alone may write" is "-rw-------" "$(stat -c %A $simd)"
check "simd: measures" accepts $simd measure
check "simd: what runs has a speed" measured $simd
check "simd: all families have work" \
	is "$(kernels 5 $simd | wc -l)" "$(kernels 5 $simd | grep -c '^[0-9x]*$')"
check "simd: two at a time" two_measure
check "simd: measuring changes no selection" selected $simd
check "numa has a policy" is local "$(value policy $DEBUGFS/numa)"
check "numa: numbers" numbers $DEBUGFS/numa bytes bytes_peak
check "no network, no bytes" is 0 "$(value bytes $DEBUGFS/numa)"

hold_network
s=$net/stats
accepts "$net/config" reset_stats
check "stats: counters" numbers "$s" id predictions errors cache_hits cache_misses \
	simd_steps fallback_steps bytes bytes_peak pages_node0
check "stats: of the cache" numbers "$s" cache_bypassed cache_evictions cache_failures \
	cache_shrunk
check "stats: latencies" numbers "$s" latency_mean_ns latency_min_ns latency_p50_ns \
	latency_p90_ns latency_p95_ns latency_p99_ns latency_max_ns section_max_ns \
	preempt_off_max_ns
check "the directory is named after the id" is "network_$(value id "$s")" "${net##*/}"
check "nothing is predicted yet" is 0 "$(value predictions "$s")"
check "predicts" predict 100
check "both kinds count while there is no cache" is 200 "$(value predictions "$s")"
check "latencies rise" rises "$s"
check "there is a latency" test "$(value latency_max_ns "$s")" -gt 0
check "bytes are no more than the peak" \
	test "$(value bytes "$s")" -le "$(value bytes_peak "$s")"
check "the network is in numa" grep -q "^$NAME " $DEBUGFS/numa
check "all bytes are of the network" is "$(value bytes "$s")" "$(value bytes $DEBUGFS/numa)"

check "layers: three" is 3 "$(column 1 "$net/layers" | wc -l)"
check "layers: kinds" is "dense dense softmax" "$(column 2 "$net/layers" | xargs)"
check "layers: inputs" is "8 16 4" "$(column 4 "$net/layers" | xargs)"
check "layers: outputs" is "16 4 4" "$(column 5 "$net/layers" | xargs)"
check "layers: not timed" is "0 0 0" "$(column 8 "$net/layers" | xargs)"
check "plan: three steps" is 3 "$(column 1 "$net/plan" | wc -l)"
check "plan: numbers" numbers "$net/plan" generation macs rows arena_bytes spare_arenas
accepts "$net/config" "profile 1"
check "predicts with the clock on" predict 10
check "layers: timed" is "20 20 20" "$(column 8 "$net/layers" | xargs)"
accepts "$net/config" "profile 0"
predict 10
check "layers: timed no longer" is "20 20 20" "$(column 8 "$net/layers" | xargs)"

c=$net/cache
check "cache: none" is "0 0" "$(value entries "$c") $(value used "$c")"
bytes=$(value bytes "$s")
accepts "$net/config" "cache_timeout 86400000"
accepts "$net/config" "cache_entries 256"
accepts "$net/config" reset_stats
check "cache: 256 entries" is 256 "$(value entries "$c")"
check "cache: and memory for them" is 256 "$(value held "$c")"
check "cache: numbers" numbers "$c" bypassing_cpus hit_ns miss_ns insert_ns predict_ns bypass \
	bypassed evictions failures shrunk
check "cache: is in the bytes" test "$(value bytes "$s")" -gt "$bytes"
check "predicts with it" predict 160
check "every cached one is a hit or a miss" \
	is 160 $(($(value hits "$c") + $(value misses "$c")))
# 16 inputs; a CPU misses each at most once, and so does the shared tier.
check "most are hits" test "$(value hits "$c")" -ge 80
check "stats agree" is "$(value hits "$c")" "$(value cache_hits "$s")"
check "hits are not predictions" \
	is $((160 + $(value misses "$c"))) "$(value predictions "$s")"
check "entries are in use" test "$(value used "$c")" -ge 16
accepts "$net/config" "cache_timeout 0"
accepts "$net/config" reset_stats
check "predicts at timeout 0" predict 16
check "all are misses" is "0 16" "$(value hits "$c") $(value misses "$c")"
accepts "$net/config" "cache_entries 0"
check "cache: none again" is "0 0" "$(value entries "$c") $(value used "$c")"
check "its bytes are back" is "$bytes" "$(value bytes "$s")"
check "reading and resizing at once" busy

check "unloads the caller" modprobe -r neural_caller
modprobe -q neural
check "its directory is gone" test ! -e "$net"
check "no bytes are left" is 0 "$(value bytes $DEBUGFS/numa)"
check "unloads neural" modprobe -r neural
check "nothing is left in debugfs" test ! -e $DEBUGFS
finish
