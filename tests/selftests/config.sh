#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The words of config: taken, refused without a trace, for one network and for all.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common

# takes FILE WORD VALUE: and reads it back
takes() {
	accepts "$1" "$2 $3" && is "$3" "$(word "$2" "$1")"
}

# What a file says is what it would take, and changes nothing.
echoes() {
	before=$(cat "$1")
	while IFS= read -r line; do
		accepts "$1" "$line" || return 1
	done <<-EOT
		$before
	EOT
	is "$before" "$(cat "$1")"
}

# Every way a line can be wrong.
refusals() {
	check "$2: an unknown word" invalid "$1" "speed 11"
	check "$2: a word in capitals" invalid "$1" "SIMD 1"
	check "$2: an empty line" invalid "$1" ""
	check "$2: a missing value" invalid "$1" "simd"
	check "$2: a value too many" invalid "$1" "simd 1 1"
	check "$2: two lines" invalid "$1" "$(printf 'simd 1\nsimd 0')"
	check "$2: simd 2" invalid "$1" "simd 2"
	check "$2: simd yes" invalid "$1" "simd yes"
	check "$2: simd_level bogus" invalid "$1" "simd_level bogus"
	check "$2: cache_timeout of more than a day" invalid "$1" "cache_timeout 86400001"
	check "$2: cache_timeout -1" invalid "$1" "cache_timeout -1"
	check "$2: cache_timeout 99999999999999999999" \
		invalid "$1" "cache_timeout 99999999999999999999"
	check "$2: cache_timeout 5x" invalid "$1" "cache_timeout 5x"
	check "$2: cache_entries 65537" invalid "$1" "cache_entries 65537"
	check "$2: cache_entries many" invalid "$1" "cache_entries many"
	check "$2: cache_bypass 2" invalid "$1" "cache_bypass 2"
	check "$2: numa_policy 3" invalid "$1" "numa_policy 3"
	check "$2: numa_policy 1:0" invalid "$1" "numa_policy 1:0"
	check "$2: numa_policy 2:" invalid "$1" "numa_policy 2:"
	check "$2: numa_policy 2:1000000" invalid "$1" "numa_policy 2:1000000"
	check "$2: replicate 2" invalid "$1" "replicate 2"
	check "$2: profile on" invalid "$1" "profile on"
	check "$2: reset_stats 1" invalid "$1" "reset_stats 1"
	check "$2: a line without end" \
		invalid "$1" "simd 1$(printf '%70s' '')"
	check "$2: bytes that do not print" invalid "$1" "$(printf 'simd \033[2J')"
}

modprobe -r neural 2>/dev/null
hold_network
root=$DEBUGFS/config
own=$net/config

for w in simd simd_level cache_timeout numa_policy replicate; do
	check "the root has $w" test -n "$(word $w $root)"
done
for w in simd simd_level cache_timeout cache_entries cache_bypass numa_policy replicate \
	profile; do
	check "the network has $w" test -n "$(word $w "$own")"
done
check "the root takes what it says" echoes $root
check "the network takes what it says" echoes "$own"
refusals $root root
refusals "$own" network

check "network: simd 0" takes "$own" simd 0
check "network: simd 1" takes "$own" simd 1
check "network: simd_level generic" takes "$own" simd_level generic
check "network: simd_level auto" takes "$own" simd_level auto
check "network: cache_timeout 0" takes "$own" cache_timeout 0
check "network: cache_timeout 86400000" takes "$own" cache_timeout 86400000
check "network: cache_entries 65536" takes "$own" cache_entries 65536
check "network: cache_entries 1" takes "$own" cache_entries 1
check "network: cache_entries 0" takes "$own" cache_entries 0
check "network: cache_bypass 0" takes "$own" cache_bypass 0
check "network: cache_bypass 1" takes "$own" cache_bypass 1
check "network: numa_policy 1" takes "$own" numa_policy 1
check "network: numa_policy 2:0" takes "$own" numa_policy 2:0
check "network: numa_policy 0" takes "$own" numa_policy 0
check "network: replicate 1" takes "$own" replicate 1
check "it predicts replicated" predict 20
check "network: replicate 0" takes "$own" replicate 0
check "network: profile 1" takes "$own" profile 1
check "network: profile 0" takes "$own" profile 0
check "blanks and tabs do not matter" \
	accepts "$own" "$(printf '  cache_timeout\t 77  ')"
check "and the value is taken" is 77 "$(word cache_timeout "$own")"
check "the module kept its own" reads 1000 $MODULE/neural_cache_timeout_ms

# Levels the CPU has, and one it has not, where there is one.
for level in $(tr -d '[]' <$MODULE/neural_simd_level); do
	check "network: simd_level $level" takes "$own" simd_level "$level"
	check "it predicts at that level" predict 20
	check "stats say $level" is "$level" "$(value simd_level "$net/stats")"
done
lacks=$(awk '$3 == "no" { print $2; exit }' $DEBUGFS/simd)
if [ -n "$lacks" ]; then
	check "network: this CPU lacks $lacks" \
		refuses "$own" "simd_level $lacks" "Operation not supported"
	check "root: this CPU lacks $lacks" \
		refuses $root "simd_level $lacks" "Operation not supported"
fi

check "root: simd_level generic" takes $root simd_level generic
check "the network follows it" is auto "$(word simd_level "$own")"
check "stats say generic" is generic "$(value simd_level "$net/stats")"
check "the parameter says generic" grep -qF '[generic]' $MODULE/neural_simd_level
check "root: simd_level auto" accepts $root "simd_level auto"
check "root: simd 0" takes $root simd 0
check "the network has it" is 0 "$(word simd "$own")"
check "the parameter has it" reads N $MODULE/neural_enable_simd
steps=$(value simd_steps "$net/stats")
check "it predicts without" predict 20
check "and counts no SIMD step" is "$steps" "$(value simd_steps "$net/stats")"
check "root: simd 1" takes $root simd 1
check "the network has that" is 1 "$(word simd "$own")"
check "root: cache_timeout 123" takes $root cache_timeout 123
check "the network has it" is 123 "$(word cache_timeout "$own")"
check "the parameter has it" reads 123 $MODULE/neural_cache_timeout_ms
check "root: cache_entries 32" accepts $root "cache_entries 32"
check "the network has it" is 32 "$(word cache_entries "$own")"
check "root: cache_bypass 0" accepts $root "cache_bypass 0"
check "the network has it" is 0 "$(word cache_bypass "$own")"
check "root: numa_policy 2:0" takes $root numa_policy 2:0
check "the network has it" is 2:0 "$(word numa_policy "$own")"
check "root: replicate 1" takes $root replicate 1
check "the network has it" is 1 "$(word replicate "$own")"
check "the parameter has it" reads Y $MODULE/neural_numa_replicate
check "it predicts replicated by the root" predict 20
check "root: replicate 0" takes $root replicate 0
check "the network has that" is 0 "$(word replicate "$own")"
check "root: profile 1" accepts $root "profile 1"
check "the network has it" is 1 "$(word profile "$own")"
check "root: reset_stats" accepts $root "reset_stats"
check "nothing was predicted since" is 0 "$(value predictions "$net/stats")"
check "unloads" unload
finish
