#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [DIR]: load the demo, print what it leaves in the kernel, unload. Runs as
# root in the kernel that is to classify: in the virtual machine, with modules from
# /lib/modules and digits from /lib/firmware, or here, with both from DIR. What it
# prints is read by report.py: parts that begin with "== NAME".

debugfs=/sys/kernel/debug
search=/sys/module/firmware_class/parameters/path
dir=${1:-}
model=/neural/demo
[ -z "$dir" ] || model=$dir/model
search_was='' marker="neural_demo: run $$"

part() { echo "== $*"; }
loaded() { grep -q "^$1 " /proc/modules; }

load() {
	if [ -z "$dir" ]; then
		modprobe "$@"
	else
		file=$dir/$1.ko
		shift
		insmod "$file" "$@"
	fi
}

# What the kernel has to say explains an errno.
must_load() {
	load "$@" && return
	dmesg | tail -n 5
	exit 1
}

# A model from a file, by way of /dev/neural: all its rows, and the first one in words.
run_model() {
	part model
	out=$(mktemp)
	"$model/neuralctl" load --name kws "$model/kws.neural" || exit 1
	"$model/neuralctl" predict kws "$model/kws.in.bin" "$out" || exit 1
	echo "bytes: $(wc -c <"$model/kws.out.bin")"
	echo "differ: $(cmp -l "$out" "$model/kws.out.bin" 2>&1 | wc -l)"
	rm -f "$out"
	part heard
	"$model/neuralctl" predict --top 3 kws "$model/first.bin" || exit 1
	part model-stats
	"$model/neuralctl" stats kws || exit 1
	"$model/neuralctl" unload kws || exit 1
}

cleanup() {
	for m in neural_demo neural; do
		! loaded $m || rmmod $m
	done
	# A NUL, as a write of nothing would not happen.
	[ -z "$dir" ] || printf '%s\0' "$search_was" >$search
}

# Files that are not sound have to be refused: each of them, without a trace.
refuse() {
	for bad in /lib/firmware/bad/*; do
		name=${bad##*/}
		if load neural_demo file="bad/$name" 2>/dev/null; then
			echo "$name accepted"
			rmmod neural_demo
		elif [ -e /sys/class/neural/digits ] || [ -e $debugfs/neural_demo ]; then
			echo "$name left something"
		else
			echo "$name refused"
		fi
	done
}

if loaded neural || loaded neural_demo; then
	echo "neural is loaded here already; rmmod it first" >&2
	exit 1
fi
[ -d $debugfs/bdi ] || mount -t debugfs debugfs $debugfs || exit 1
trap cleanup EXIT
if [ -n "$dir" ]; then
	search_was=$(cat $search)
	printf '%s' "$dir" >$search || exit 1
fi
echo "$marker" >/dev/kmsg

part machine
echo "kernel $(uname -r)"
echo "cpus $(grep -c ^processor /proc/cpuinfo)"
echo "cpu $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
must_load neural
must_load neural_demo

part log
dmesg | sed -n "s/^\(\[[^]]*\]\)* *//; /^$marker/,\$ { /^neural\(_demo\)\{0,1\}: /p; }" |
	grep -v "^$marker\|taint"
part results
cat $debugfs/neural_demo/results || exit 1
id=$(sed -n 's/^# network \([0-9]*\):.*/\1/p' $debugfs/neural_demo/results)
part stats
cat "$debugfs/neural_network/network_$id/stats" || exit 1
rmmod neural_demo || exit 1
[ ! -d "$model" ] || run_model
if [ -d /lib/firmware/bad ] && [ -z "$dir" ]; then
	part bad
	refuse
fi
rmmod neural || exit 1
part end
