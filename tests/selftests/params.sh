#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Module parameters: on the command line, at run time, and refused.

cd "$(dirname "$0")" || exit 1
. ./common

load() {
	modprobe neural "$@"
}

# A module that does not load leaves nothing.
fails_to_load() {
	if modprobe -q neural "$@" 2>/dev/null; then
		modprobe -r neural
		return 1
	fi
	[ ! -e /sys/module/neural ]
}

modprobe -r neural 2>/dev/null

check "loads with defaults" load
[ -d $MODULE ] || bail "the module does not load"
check "neural_enable_simd is Y" reads Y $MODULE/neural_enable_simd
check "neural_cache_timeout_ms is 1000" reads 1000 $MODULE/neural_cache_timeout_ms
check "neural_numa_policy is 0" reads 0 $MODULE/neural_numa_policy
check "neural_numa_node is -1" reads -1 $MODULE/neural_numa_node
check "neural_numa_replicate is N" reads N $MODULE/neural_numa_replicate
check "neural_simd_level has one level in brackets" \
	is 1 "$(grep -o '\[[a-z0-9]*\]' $MODULE/neural_simd_level | wc -l)"
check "neural_simd_level lists generic" grep -qw generic $MODULE/neural_simd_level
for p in neural_max_model_bytes neural_max_arena_bytes neural_max_macs \
	neural_max_networks neural_max_total_bytes neural_max_total_macs; do
	check "$p is a number" number "$(cat $MODULE/$p)"
done

check "neural_enable_simd takes 0" accepts $MODULE/neural_enable_simd 0
check "neural_enable_simd reads N" reads N $MODULE/neural_enable_simd
check "neural_enable_simd refuses maybe" unparsed $MODULE/neural_enable_simd maybe
check "neural_enable_simd takes 1" accepts $MODULE/neural_enable_simd 1

check "neural_simd_level takes generic" accepts $MODULE/neural_simd_level generic
check "neural_simd_level has it in brackets" \
	grep -qF '[generic]' $MODULE/neural_simd_level
check "neural_simd_level refuses bogus" invalid $MODULE/neural_simd_level bogus
check "neural_simd_level refuses a long one" \
	unparsed $MODULE/neural_simd_level avx2avx2avx2avx2avx2
check "neural_simd_level takes auto" accepts $MODULE/neural_simd_level auto

check "neural_cache_timeout_ms takes 250" accepts $MODULE/neural_cache_timeout_ms 250
check "neural_cache_timeout_ms reads 250" reads 250 $MODULE/neural_cache_timeout_ms
check "neural_cache_timeout_ms takes a day" \
	accepts $MODULE/neural_cache_timeout_ms 86400000
check "neural_cache_timeout_ms refuses more" \
	invalid $MODULE/neural_cache_timeout_ms 86400001
check "neural_cache_timeout_ms refuses -1" unparsed $MODULE/neural_cache_timeout_ms -1

check "neural_section_macs is 131072" reads 131072 $MODULE/neural_section_macs
check "neural_section_macs takes 4096" accepts $MODULE/neural_section_macs 4096
check "neural_section_macs refuses less" invalid $MODULE/neural_section_macs 4095
check "neural_section_macs takes 1048576" accepts $MODULE/neural_section_macs 1048576
check "neural_section_macs refuses more" invalid $MODULE/neural_section_macs 1048577

check "neural_numa_policy takes 1" accepts $MODULE/neural_numa_policy 1
check "neural_numa_policy refuses 3" invalid $MODULE/neural_numa_policy 3
check "neural_numa_policy refuses -1" invalid $MODULE/neural_numa_policy -1
check "neural_numa_node takes 0" accepts $MODULE/neural_numa_node 0
check "neural_numa_node refuses 1000000" invalid $MODULE/neural_numa_node 1000000
check "neural_numa_node refuses -2" invalid $MODULE/neural_numa_node -2
check "neural_numa_replicate takes 1" accepts $MODULE/neural_numa_replicate 1
check "neural_numa_replicate refuses 2" unparsed $MODULE/neural_numa_replicate 2
check "unloads" modprobe -r neural

check "loads with every parameter" load neural_enable_simd=0 neural_simd_level=generic \
	neural_cache_timeout_ms=5 neural_numa_policy=2 neural_numa_node=0 \
	neural_max_model_bytes=1048576 neural_max_arena_bytes=65536 neural_max_macs=1000000 \
	neural_max_networks=7 neural_max_total_bytes=0 neural_max_total_macs=2000000
check "neural_enable_simd is N" reads N $MODULE/neural_enable_simd
check "the level is generic" grep -qF '[generic]' $MODULE/neural_simd_level
check "neural_cache_timeout_ms is 5" reads 5 $MODULE/neural_cache_timeout_ms
check "neural_numa_policy is 2" reads 2 $MODULE/neural_numa_policy
check "neural_max_macs is 1000000" reads 1000000 $MODULE/neural_max_macs
check "neural_max_networks is 7" reads 7 $MODULE/neural_max_networks
check "neural_max_total_bytes is 0" reads 0 $MODULE/neural_max_total_bytes
check "neural_max_total_macs is 2000000" reads 2000000 $MODULE/neural_max_total_macs
check "unloads again" modprobe -r neural

check "does not load at level bogus" fails_to_load neural_simd_level=bogus
check "does not load with policy 3" fails_to_load neural_numa_policy=3
check "does not load with node 1000000" fails_to_load neural_numa_node=1000000
check "does not load with a timeout past a day" \
	fails_to_load neural_cache_timeout_ms=86400001
finish
