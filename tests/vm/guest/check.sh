#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a kernel tier runs in its virtual machine: the module by modprobe, the
# modules that test it, the selftests, and at the end the state of the kernel.  On the
# kernel's command line "guest.suites=A,B" has it run those alone and the end, and
# "guest.soak=SECONDS" has those that can last that long.

. /neural/lib.sh

# word NAME: its value on the command line
word() { tr ' ' '\n' </proc/cmdline | sed -n "s/^guest\.$1=//p"; }

suites=$(word suites)
soak=$(word soak)
if [ -n "$soak" ]; then
	export STORM_SECONDS="$soak" FUZZ_SECONDS="$soak" RACE_SECONDS="$soak"
	FUZZ_SEED=$(date +%s)
	export FUZZ_SEED
fi

# Every access may be one that is watched, and waits, in interrupts as well: there are fewer of
# them, and a grace period may take long.
case $(uname -r) in
*-kcsan)
	export STORM_PREDICTIONS=200000
	echo 150 >/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
	;;
esac

# wanted SUITE: it is to run
wanted() {
	case ,$suites, in
	,, | *,"$1",*) ;;
	*) return 1 ;;
	esac
}

loaded() { grep -q "^$1 " /proc/modules; }
present() { modinfo "$1" >/dev/null 2>&1; }

reload() {
	modprobe neural "$@" && rmmod neural
}

module_suite() {
	plan 9
	check "modprobe neural" modprobe neural
	check "is in /proc/modules" loaded neural
	check "has a directory in sysfs" test -d /sys/module/neural
	check "has its tree in debugfs" test -d /sys/kernel/debug/neural_network
	check "rmmod neural" rmmod neural
	check "left nothing in debugfs" test ! -e /sys/kernel/debug/neural_network
	check "again, without SIMD" reload neural_enable_simd=0
	check "again, generic kernels only" reload neural_simd_level=generic
	check "an unknown level is refused" not modprobe -q neural neural_simd_level=bogus
	rmmod neural 2>/dev/null
	tap_done
}

# KUnit reports in the kernel log; the host reads it from there. Loading has to
# work, whatever the tests say.
kunit_suite() {
	modprobe neural_kunit && rmmod neural_kunit
}

# A second load proves that the first left nothing behind.
self_test_suite() {
	plan 4
	dmesg -c >/tmp/dmesg.before
	check "modprobe neural_test" modprobe neural_test
	dmesg >/tmp/dmesg.test
	check "the log says ALL TESTS PASSED" grep -q 'ALL TESTS PASSED' /tmp/dmesg.test
	check "rmmod neural_test" rmmod neural_test
	check "a second round" modprobe neural_test
	rmmod neural_test
	tap_done
}

caller_suite() {
	plan 4
	check "modprobe neural_caller" modprobe neural_caller
	check "brought neural along" loaded neural
	check "neural cannot go while it is in use" not rmmod neural 2>/dev/null
	check "rmmod neural_caller" rmmod neural_caller
	tap_done
}

# kmemleak wants two scans: an object must look unreferenced twice, and young
# objects (under five seconds) are left out.
leaks() {
	modprobe -r neural 2>/dev/null
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak >/tmp/leaks
	sed 's/^/# /' /tmp/leaks
	test ! -s /tmp/leaks
}

kmemleak_suite() {
	plan 1
	check "no object is unreferenced" leaks
	tap_done
}

# Integrity is all a lockdown takes, and it stays until the machine ends.  Nothing is loaded
# after it but models.
lockdown_suite() {
	required=/sys/module/neural/parameters/neural_require_signed
	plan $((6 + $(find /neural/signed -name ours.neural | wc -l)))
	modprobe neural
	check "a model from before" neuralctl load --name before /neural/signed/plain.neural
	echo integrity >/sys/kernel/security/lockdown
	check "signatures are required" grep -qx Y $required
	check "and stay so" not sh -c "echo 0 2>/dev/null >$required"
	check "an unsigned model is refused" \
		not neuralctl load --name after /neural/signed/plain.neural
	check "and a stranger's" not neuralctl load --name after /neural/signed/foreign.neural
	[ ! -e /neural/signed/ours.neural ] || check "one that is signed loads" \
		neuralctl load --name after /neural/signed/ours.neural
	check "what was there still predicts" predicts before
	rmmod neural
	tap_done
}

# predicts NAME: a row of zeros
predicts() {
	bytes=$(cat "/sys/class/neural/$1/input_bytes") &&
		head -c "$bytes" /dev/zero >/tmp/row && neuralctl predict "$1" /tmp/row /tmp/answer
}

# Out of tree, unsigned and KUnit's taint are ours: bits 12, 13 and 18.
untainted() {
	taint=$(cat /proc/sys/kernel/tainted)
	[ $((taint & ~((1 << 12) | (1 << 13) | (1 << 18)))) -eq 0 ] ||
		{ echo "# tainted: $taint"; return 1; }
}

kernel_suite() {
	plan 2
	check "no module of ours is left" not grep -q '^neural' /proc/modules
	check "the kernel is not tainted by a warning or worse" untainted
	tap_done
}

if wanted module; then
	suite module module_suite
fi
if wanted kunit && present neural_kunit; then
	suite kunit kunit_suite
fi
if wanted neural_test && present neural_test; then
	suite neural_test self_test_suite
fi
if wanted neural_caller && present neural_caller; then
	suite neural_caller caller_suite
fi
modprobe -r neural 2>/dev/null

for t in /neural/selftests/*.sh; do
	[ -e "$t" ] || continue
	name=${t##*/}
	wanted "selftest.${name%.sh}" || continue
	cd /neural/selftests || exit 1
	suite "selftest.${name%.sh}" sh "$t"
	for m in neural_test neural_storm neural_caller neural_kunit neural; do
		! loaded $m || rmmod $m
	done
done

# Leaks are looked for after whatever ran.
if [ -e /sys/kernel/debug/kmemleak ]; then
	suite kmemleak kmemleak_suite
fi
if wanted lockdown && [ -e /sys/kernel/security/lockdown ]; then
	suite lockdown lockdown_suite
fi
suite kernel kernel_suite
