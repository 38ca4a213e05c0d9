#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# neuralctl and the module: a network is saved, verified, loaded, used, replaced and
# unloaded, and answers in the kernel as in user space.

# "net" comes from common.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-load
rows=1000

same() {
	neuralctl "$1" "$2" $tmp/in "$tmp/out.$1" && cmp $tmp/out "$tmp/out.$1"
}

# Whoever predicts while the network is replaced gets the right answer.
replace_under_load() {
	rm -f $tmp/stop $tmp/wrong
	for reader in 1 2; do
		while [ ! -e $tmp/stop ]; do
			neuralctl predict twin $tmp/in "$tmp/out.$reader" &&
				cmp $tmp/out "$tmp/out.$reader" || echo wrong >>$tmp/wrong
		done &
	done
	i=0
	while [ $i -lt 20 ]; do
		neuralctl load --replace --name twin $tmp/model.neural >/dev/null ||
			echo replace >>$tmp/wrong
		i=$((i + 1))
	done
	: >$tmp/stop
	wait
	[ ! -e $tmp/wrong ] || { sed 's/^/# /' $tmp/wrong; return 1; }
}

# damaged BYTE: the file with that one overwritten
damaged() {
	cp $tmp/model.neural $tmp/damaged.neural
	printf '\377' | dd of=$tmp/damaged.neural bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# limit NAME VALUE ERROR-TEXT: loading is refused while a parameter is so small
limit() {
	before=$(cat "$MODULE/$1")
	echo "$2" >"$MODULE/$1"
	exits 1 neuralctl load --name limited $tmp/model.neural
	rc=$?
	echo "$before" >"$MODULE/$1"
	[ $rc -eq 0 ] && said "$1" && [ ! -e $CLASS/limited ]
}

# silent TEXT: not a line of the module's since that mark
silent() { ! log_since "$1" | grep -E '(^|\] )neural: '; }

firmware() {
	mkdir -p /lib/firmware/neural &&
		cp $tmp/model.neural /lib/firmware/neural/from_firmware.neural &&
		neuralctl load --firmware from_firmware &&
		same predict from_firmware && neuralctl unload from_firmware
	rc=$?
	rm -f /lib/firmware/neural/from_firmware.neural
	return $rc
}

unload_all
rm -rf $tmp
mkdir -p $tmp
check "without the module" exits 3 neuralctl list
hold_network
check "with it" exits 0 neuralctl list
check "lists the network" said $NAME
bytes=$(steady)

check "save" neuralctl save $NAME $tmp/model.neural
check "verify" neuralctl verify $tmp/model.neural
dd if=/dev/urandom of=$tmp/in bs=32 count=$rows 2>/dev/null
check "predict" neuralctl predict $NAME $tmp/in $tmp/out
check "writes all rows" is $((rows * 16)) "$(wc -c <$tmp/out)"
check "run answers as the kernel does" same run $tmp/model.neural

check "load" neuralctl load --name twin $tmp/model.neural
check "answers as the first" same predict twin
check "counts its rows" reads $rows $CLASS/twin/predictions
check "input_bytes" reads 32 $CLASS/twin/input_bytes
check "output_bytes" reads 16 $CLASS/twin/output_bytes
check "input_type" reads s32 $CLASS/twin/input_type
check "output_type" reads s32 $CLASS/twin/output_type
check "input_size" reads 8 $CLASS/twin/input_size
check "generation" reads 1 $CLASS/twin/generation
check "macs" number "$(cat $CLASS/twin/macs)"
check "macs as of layers" reads "$(cat $CLASS/$NAME/macs)" $CLASS/twin/macs
check "arena" number "$(cat $CLASS/twin/arena)"
check "description is one line" is 1 "$(wc -l <$CLASS/twin/description)"
check "show" neuralctl show twin
check "stats" neuralctl stats twin

twin=$DEBUGFS/network_$(cat $CLASS/twin/id)
accepts "$twin/config" "profile 1"
check "predict with the clock on" same predict twin
check "layers: a node a line" \
	is "$(cat $CLASS/twin/layers)" "$(grep -c '^ *[0-9]' "$twin/layers")"
check "layers: timed" test "$(awk '$1 == 0 { print $8 }' "$twin/layers")" -gt 0
check "plan: generation" is 1 "$(value generation "$twin/plan")"
check "plan: sizes" is "32 16" \
	"$(value in_bytes "$twin/plan") $(value out_bytes "$twin/plan")"
check "plan: macs" is "$(cat $CLASS/twin/macs)" "$(value macs "$twin/plan")"
accepts "$twin/config" "profile 0"

check "replace" neuralctl load --replace --name twin $tmp/model.neural
check "generation rises" reads 2 $CLASS/twin/generation
check "replace under load" replace_under_load
check "a name in use" exits 1 neuralctl load --name twin $tmp/model.neural
check "nothing to replace" exits 3 neuralctl load --replace --name nobody $tmp/model.neural
check "one made of layers" exits 1 neuralctl load --replace --name $NAME $tmp/model.neural
check "one of a driver's" exits 1 neuralctl unload $NAME
check "one that is not there" exits 3 neuralctl unload nobody

lines=$(log_lines)
damaged 20
check "a damaged file" exits 1 neuralctl load --name damaged $tmp/damaged.neural
check "is in the log" test "$(log_lines)" -gt "$lines"
check "is no network" test ! -e $CLASS/damaged
check "and nothing is replaced by it" \
	exits 1 neuralctl load --replace --name twin $tmp/damaged.neural
check "which answers as before" same predict twin
head -c 100 $tmp/model.neural >$tmp/damaged.neural
check "a short file" exits 1 neuralctl load --name damaged $tmp/damaged.neural
: >$tmp/damaged.neural
check "an empty file" exits 1 neuralctl load --name damaged $tmp/damaged.neural
check "of bytes, neural_max_model_bytes" limit neural_max_model_bytes 100
check "of work, neural_max_macs" limit neural_max_macs 10
check "of scratch, neural_max_arena_bytes" limit neural_max_arena_bytes 10
check "firmware that is missing" exits 1 neuralctl load --firmware nowhere
check "firmware" firmware

check "unload" neuralctl unload twin
check "is gone from sysfs" test ! -e $CLASS/twin
check "and from debugfs" test ! -e "$twin"
check "all memory is given back" settles "$bytes"
check "load again" neuralctl load --name left $tmp/model.neural
check "rmmod neural_caller" rmmod neural_caller
mark "a network is left"
check "the module goes, and the network with it" rmmod neural
check "without a word" silent "a network is left"
rm -rf $tmp
unload_all
finish
