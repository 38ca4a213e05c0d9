#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the machine: time the way to the engine and, where there is a model, that, layer by
# layer.  Blocks of calls are what counts, and there is one for each 64.

. /neural/lib.sh

modprobe neural || exit 1
for sizes in "" "input=1 hidden=1 output=1"; do
	# shellcheck disable=SC2086
	modprobe neural_test json=1 iterations=6400 $sizes || exit 1
	rmmod neural_test
done
for model in /neural/bench/*.neural; do
	[ -e "$model" ] || continue
	name=$(basename "$model" .neural)
	neuralctl load --name "$name" "$model" >/dev/null || exit 1
	modprobe neural_test json=1 iterations=1280 network="$name" || exit 1
	rmmod neural_test
	read -r id <"/sys/class/neural/$name/id"
	debugfs=/sys/kernel/debug/neural_network/network_$id
	echo "profile 1" >"$debugfs/config"
	modprobe neural_test iterations=1280 network="$name" || exit 1
	cat "$debugfs/layers"
done
