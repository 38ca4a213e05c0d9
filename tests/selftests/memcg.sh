#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Saving is at the expense of whoever asks for it: of a memory cgroup that has no room the
# process gets ENOMEM, or is the one that is killed, and nobody else notices.  Kernels
# without memory cgroups show that it is not at the expense of the network.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

tmp=/tmp/neural-memcg
group=$tmp/cgroup/group

# The fourth column is whether it is enabled.
has_groups() { awk '$1 == "memory" && $4 == 1 { ok = 1 } END { exit !ok }' /proc/cgroups; }

# its N: the N-th word of what the program said
its() { cut -d ' ' -f "$1" $tmp/said; }

# saves WORDS...: and says one of the first word's
saves() {
	want=$1
	shift
	./memcg "$@" >$tmp/said
	rc=$?
	[ $rc -eq 0 ] || { echo "# status $rc"; return 1; }
	echo "# $(cat $tmp/said)"
	case " $want " in
	*" $(its 1) "*) ;;
	*) return 1 ;;
	esac
}

# in_group ROOM WANT: in one that is new
in_group() {
	[ ! -d $group ] || rmdir $group || return 1
	mkdir $group && saves "$2" $group "$1"
}

# All of the file, at once, but for what each CPU has charged in advance: 64 pages.
was_charged() {
	[ "$(cat $group/memory.peak)" -ge $(($(its 2) + $(its 3) - $(nproc) * 64 * 4096)) ]
}

was_refused() { [ "$(sed -n 's/^max //p' $group/memory.events)" -gt 0 ]; }

# What the group holds, once it is empty, is not the file.
gave_back() { [ "$(cat $group/memory.current)" -lt "$(its 3)" ]; }

groups() {
	mkdir $tmp/cgroup && mount -t cgroup2 none $tmp/cgroup || return 1
	echo +memory >$tmp/cgroup/cgroup.subtree_control
}

unload_all
rm -rf $tmp
mkdir -p $tmp
modprobe neural
bytes=$(steady)
check "is charged to no network" saves saved
if has_groups; then
	check "memory cgroups" groups
	check "all it takes is charged to its group" in_group max saved
	check "while it takes it" was_charged
	check "and no longer" gave_back
	check "without room it is refused, or the one that goes" \
		in_group 65536 "ENOMEM killed"
	check "for the limit of its group" was_refused
	check "with room for some of it as well" in_group 2097152 "ENOMEM killed"
	check "nothing of it is left" gave_back
	check "with room for all of it it is saved" in_group 8388608 saved
	rmdir $group
	umount $tmp/cgroup
fi
check "nobody else has noticed" saves saved
check "all memory is given back" settles "$bytes"
rm -rf $tmp
unload_all
finish
