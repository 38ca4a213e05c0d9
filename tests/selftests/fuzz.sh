#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# /dev/neural, debugfs, sysfs and parameters under random calls, all at once: the
# programs beside this file.  FUZZ_SECONDS makes it longer, FUZZ_SEED different.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

seconds=${FUZZ_SECONDS:-15}
seed=${FUZZ_SEED:-1}
tmp=/tmp/neural-fuzz

# Both at once; what they say comes later.
fuzz() {
	./device_fuzz "$seconds" "$seed" 3 >$tmp/device 2>&1 &
	device=$!
	./config_fuzz "$seconds" "$seed" 2 >$tmp/config 2>&1 &
	config=$!
	wait $device
	device=$?
	wait $config
	config=$?
}

ended() {
	sed 's/^/# /; s/^# # /# /' "$tmp/$1"
	[ "$2" -eq 0 ]
}

# Parameters as they are, one a line, and back.
keep() {
	for p in "$MODULE"/*; do
		case $p in
		*/neural_simd_level) echo "$p auto" ;;
		*) echo "$p $(cat "$p")" ;;
		esac
	done >$tmp/parameters
}

restore() {
	while read -r file value; do
		[ ! -w "$file" ] || echo "$value" >"$file" || return 1
	done <$tmp/parameters
	while IFS= read -r line; do
		echo "$line" >$DEBUGFS/config || return 1
	done <$tmp/settings
}

known() {
	neuralctl load --name known $tmp/model.neural >/dev/null &&
		neuralctl predict known $tmp/in $tmp/out.again &&
		cmp $tmp/out $tmp/out.again && neuralctl unload known
}

unload_all
rm -rf $tmp
mkdir -p $tmp
hold_network
check "a model" neuralctl save $NAME $tmp/model.neural
dd if=/dev/urandom of=$tmp/in bs=32 count=100 2>/dev/null
check "and its answers" neuralctl predict $NAME $tmp/in $tmp/out
keep
cp "$net/config" $tmp/settings
sleep 1
bytes=$(steady)
echo "# seed $seed, $seconds s"
fuzz
check "the device: nothing that may not be" ended device $device
check "the files: nothing that may not be" ended config $config
check "everything may be set back" restore
check "nothing is left" settles "$bytes"
check "a known model answers as before" known
check "and what was there all the time" predict 10
rm -rf $tmp
check "unloads" unload
unload_all
finish
