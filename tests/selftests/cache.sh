#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The memory of the prediction cache: given up where the machine wants it, by a hand and
# by pressure, and back afterwards, with right answers all the while.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

entries=60000

held() { value held "$net/cache"; }

# Twice: what was of use lately is let go the first time, if it is not much.
drop_caches() {
	echo 2 >/proc/sys/vm/drop_caches
	echo 2 >/proc/sys/vm/drop_caches
}

all_gone() {
	predict 40
	drop_caches
	is 0 "$(held)"
}

# Ten seconds after the last of it went, and what else the worker has to do.
comes_back() {
	turn=0
	while [ "$(held)" != $entries ]; do
		turn=$((turn + 1))
		[ $turn -lt 400 ] || { is $entries "$(held)"; return 1; }
		sleep 0.1
	done
}

# fill: files in memory, until something of the cache has gone or there is little left
fill() {
	free=$(sed -n 's/^MemFree: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	i=0
	while [ $((i * 4096)) -lt $((free - 65536)) ]; do
		dd if=/dev/zero of=/tmp/neural-press/$i bs=65536 count=64 2>/dev/null &&
			predict 4 || return 1
		i=$((i + 1))
		[ "$(value shrunk "$net/cache")" -eq "$before" ] || break
	done
	echo "# $((i * 4)) MiB of $((free / 1024))"
}

# The kernel begins to look for memory while a tenth of it is free, and not when there is
# so little that it ends processes.
press() {
	scale=$(cat /proc/sys/vm/watermark_scale_factor)
	before=$(value shrunk "$net/cache")
	mkdir -p /tmp/neural-press
	mount -t tmpfs -o size=100% tmpfs /tmp/neural-press || return 1
	echo 1000 >/proc/sys/vm/watermark_scale_factor
	fill
	rc=$?
	echo "$scale" >/proc/sys/vm/watermark_scale_factor
	umount /tmp/neural-press
	[ $rc -eq 0 ] && [ "$(value shrunk "$net/cache")" -gt "$before" ]
}

# A user of the device sees what the file has.
counts_alike() {
	accepts "$net/config" "cache_bypass 1" && predict 100 || return 1
	neuralctl stats $NAME >/tmp/neural-cache-stats
	for what in bypassed evictions failures shrunk; do
		is "$(value $what "$net/cache")" \
			"$(value cache_$what /tmp/neural-cache-stats)" || return 1
	done
	rm -f /tmp/neural-cache-stats
}

unload_all
hold_network
accepts "$net/config" "cache_timeout 86400000"
accepts "$net/config" "cache_bypass 0"
bytes=$(value bytes "$net/stats")
check "a large cache" accepts "$net/config" "cache_entries $entries"
full=$(value bytes "$net/stats")
check "there is memory for it" is $entries "$(held)"
check "predicts" predict 160
hits=$(value hits "$net/cache")
check "from the cache" test "$hits" -gt 0
check "drop_caches takes all of it" all_gone
check "what is left is small" \
	test "$(value bytes "$net/stats")" -lt $((bytes + (full - bytes) / 20))
check "it is counted" is $entries "$(value shrunk "$net/cache")"
check "predicts without" predict 40
check "that is counted as well" test "$(value failures "$net/cache")" -gt 0
check "all of it comes back" comes_back
check "as many bytes as before" is "$full" "$(value bytes "$net/stats")"
hits=$(value hits "$net/cache")
check "predicts with it again" predict 160
check "from the cache again" test "$(value hits "$net/cache")" -gt "$hits"
check "memory pressure takes some" press
check "and it comes back again" comes_back
check "neuralctl counts as the file does" counts_alike
accepts "$net/config" "cache_entries 0"
check "its bytes are back" is "$bytes" "$(value bytes "$net/stats")"
drop_caches
check "dropping without any cache" predict 16
check "unloads with the work pending" unload
finish
