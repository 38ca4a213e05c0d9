#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two hundred lives of a model, and of the module, after which all memory is where it was;
# and the module does not go while somebody uses it.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-cycles
lives=200

# slack SLAB: how far its number may be off.  What a CPU allocates from counts as used, all of
# it, and the next object after "shrink" takes one; not where SLUB checks what it hands out.
slack() {
	if [ "$(cat "$1/sanity_checks" 2>/dev/null)" = 1 ]; then
		echo 0
	else
		echo $(($(cat "$1/objs_per_slab") * 2 * $(nproc)))
	fi
}

# What is held where we allocate: "NAME NUMBER SLACK" a line.  Freed objects that SLUB, or
# KASAN, keeps for a while are let go first.  Where /sys/kernel/slab is not there
# /proc/meminfo has to do.
held() {
	for slab in /sys/kernel/slab/kmalloc-* /sys/kernel/slab/neural_*; do
		[ -e "$slab/objects" ] || continue
		echo 1 >"$slab/shrink"
		echo "${slab##*/} $(cut -d ' ' -f 1 "$slab/objects") $(slack "$slab")"
	done
	[ -d /sys/kernel/slab ] || grep -E '^SUnreclaim:' /proc/meminfo
	grep -E '^(VmallocUsed|Percpu):' /proc/meminfo
}

# back BEFORE: less than half an object, or a kilobyte and a half of others, a life more
# than then.  Work that waits for grace periods may still hold some.
back() {
	turn=0
	while held >$tmp/after; do
		awk -v lives=$lives '
			NR == FNR { before[$1] = $2; next }
			{ most = /:/ ? lives * 3 / 2 : lives / 2 + $3 }
			$1 in before && $2 - before[$1] > most {
				print "#", $1, before[$1], "then", $2
				bad = 1
			}
			END { exit bad }' "$1" $tmp/after >$tmp/more && return
		turn=$((turn + 1))
		[ $turn -lt 10 ] || { cat $tmp/more; return 1; }
		sleep 1
	done
}

# A cache that was merged with others leaves the link by which it was known.
slabs_gone() { [ -z "$(find /sys/kernel/slab -maxdepth 1 -name 'neural*' -type d 2>/dev/null)" ]; }

# module_lives N: so many, or where each takes long as many as there is time for, but 40;
# $lives are those there were.
module_lives() {
	end=$(($(date +%s) + 600))
	i=0
	while [ $i -lt "$1" ]; do
		modprobe neural && rmmod neural || return 1
		i=$((i + 1))
		[ $i -lt 40 ] || [ "$(date +%s)" -lt $end ] || break
	done
	echo "# $i lives"
	lives=$i
}

# Predictions under way hold the module; killed, they let go of it.
while_predicting() {
	./cycles predict left &
	child=$!
	sleep 0.5
	not rmmod neural 2>/dev/null
	rc=$?
	kill -9 $child
	wait $child 2>/dev/null
	return $rc
}

unload_all
rm -rf $tmp
mkdir -p $tmp
modprobe neural_caller hold=1 && neuralctl save $NAME $tmp/model.neural
check "a model to live" test -s $tmp/model.neural
check "not while a driver uses it" not rmmod neural 2>/dev/null
check "rmmod neural_caller" rmmod neural_caller
exec 7<>/dev/neural
check "not while the device is open" not rmmod neural 2>/dev/null
exec 7>&-
check "load" neuralctl load --name left $tmp/model.neural
check "not while it predicts" while_predicting
check "the module goes, and the network with it" rmmod neural

modprobe neural
bytes=$(steady)
check "20 lives to warm up" ./cycles live $tmp/model.neural 20
check "the module's account is back" settles "$bytes"
held >$tmp/before
check "$lives lives of a model" ./cycles live $tmp/model.neural $lives
check "the module's account is back again" settles "$bytes"
check "and the memory" back $tmp/before
check "rmmod neural" rmmod neural

modprobe neural && rmmod neural && modprobe neural && rmmod neural
held >$tmp/before
check "as many lives of the module" module_lives $lives
check "and the memory is back" back $tmp/before
check "no slab cache is left" slabs_gone
rm -rf $tmp
unload_all
finish
