#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tests of the tests: hand the same code what is broken, and see it caught.
# Logs that we write ourselves, kernels that we damage, splats that we provoke.

set -eu
. "$(dirname "$0")/../lib.sh"

out=$BUILD/check/harness
rm -rf "$out"
mkdir -p "$out"
printf '#kernel\t%s\n' -

n=0 doc=
begin() { n=0 doc=; }
check() {
	local what=$1
	shift
	n=$((n + 1))
	if "$@" >"$out/item" 2>&1 </dev/null; then
		doc+="ok $n - $what"$'\n'
	else
		doc+="not ok $n - $what"$'\n'
		say "harness: $what"
		head -n 20 "$out/item" >&2
	fi
}
finish() {
	printf 'TAP version 13\n1..%d\n%s' "$2" "$doc" |
		awk -v suite="$1" -f "$TESTS/tap.awk"
}

# verdict TIERS <ROWS: what check.sh would make of these rows.
verdict() {
	awk -v OFS='\t' '!/^#/ { print "tier", "kernel", $0 }' |
		awk -v tiers="$1" -f "$TESTS/summary.awk"
}

# judge SUITE... <LOG: the whole way of a boot log, from text to exit status.
judge() {
	cat >"$out/log"
	"$TESTS/vm/report.sh" "$out/log" "$@" | verdict tier
}

# A log in which all is well: one shell suite and one of KUnit.
good_log() {
	cat <<'LOG'
[    0.000000] Linux version 6.12
[    0.000000] rcu: RCU lockdep checking is enabled.
[    0.000000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc.
[    0.000000] ... MAX_LOCK_DEPTH:          48
[    0.000000] kasan: KernelAddressSanitizer initialized
[    0.000000] kmemleak: Kernel memory leak detector initialized (mem pool available: 1)
[    0.000000] Spectre V2 : WARNING-free mitigation
[    1.000000] neural-vm: begin shell
[    1.000000] T| TAP version 13
[    1.000000] T| 1..2
[    1.000000] T| # WARNING: a word in a test is not a splat
[    1.000000] T| ok 1 - one
[    1.000000] FAULT_INJECTION: forcing a failure.
[    1.000000] name failslab, interval 1, probability 100, space 0, times -1
[    1.000000] CPU: 0 UID: 0 PID: 99 Comm: modprobe Tainted: G           O
[    1.000000] Hardware name: QEMU
[    1.000000] Call Trace:
[    1.000000]  <TASK>
[    1.000000]  dump_stack_lvl+0x68/0xa0
[    1.000000]  </TASK>
[    1.000000] failcall: vmalloc error: size 2128, vm_struct allocation failed, mode:0xcc0(GFP_KERNEL)
[    1.000000] CPU: 0 UID: 0 PID: 99 Comm: failcall Tainted: G           O
[    1.000000] Call Trace:
[    1.000000]  <TASK>
[    1.000000]  dump_stack_lvl+0x68/0xa0
[    1.000000]  </TASK>
[    1.000000] T| ok 2 - two
[    1.000000] neural-vm: end shell rc=0
[    1.000000] neural-vm: begin kunit
[    1.000000] KTAP version 1
[    1.000000] 1..1
[    1.000000]     KTAP version 1
[    1.000000]     # Subtest: dense
[    1.000000]     1..2
[    1.000000]     ok 1 plain
[    1.000000]         KTAP version 1
[    1.000000]         # Subtest: each
[    1.000000]         ok 1 a
[    1.000000]         ok 2 b
[    1.000000]     ok 2 each
[    1.000000] # Totals: pass:3 fail:0 skip:0 total:3
[    1.000000] ok 1 dense
[    1.000000] neural-vm: end kunit rc=0
[    1.000000] neural-vm: end status=0
LOG
}

accepted() { good_log | judge shell kunit; }
says() { accepted | tail -n 1 | grep -x '7 passed, 0 failed, 0 skipped'; }
# refused SED-SCRIPT: the good log, changed like this, must not pass.
refused() {
	good_log | sed "$1" >"$out/changed"
	! cmp -s "$out/changed" <(good_log) && ! judge shell kunit <"$out/changed"
}

begin
check "a good log passes" accepted
check "the last line counts leaves" says
check "no end marker" refused '/end status/d'
check "a bad end status" refused 's/end status=0/end status=1/'
check "a suite without tests" refused '/T| ok/d; s/T| 1\.\.2/T| 1..0/'
check "a suite without a word" refused '/T| /d'
check "a suite without a plan" refused '/T| 1\.\.2/d'
check "fewer tests than planned" refused '/T| ok 2/d'
check "more tests than planned" refused 's/T| 1\.\.2/T| 1..1/'
check "a number twice" refused 's/T| ok 2/T| ok 1/'
check "a failed test" refused 's/T| ok 2/T| not ok 2/'
check "a skipped test" refused 's/T| ok 2 - two/& # SKIP no hardware/'
check "a bail-out" refused 's/T| ok 2/T| Bail out!\n&/'
check "a suite that ends with a status" refused 's/end shell rc=0/end shell rc=3/'
check "a suite that never ends" refused '/end shell/d'
check "an expected suite that is not there" refused '/begin shell/,/end shell/d'
check "KUnit that tests nothing" refused '/^[^T]* \(1\.\.1\|    .*\|ok 1 dense\)$/d; s/KTAP version 1/&\n[ 1.0] 1..0/'
check "a failed parameter" refused 's/    ok 2 b/    not ok 2 b/'
check "a failed KUnit case" refused 's/    ok 1 plain/    not ok 1 plain/'
check "a skipped KUnit case" refused 's/    ok 1 plain/& # SKIP/'
check "a KUnit suite that failed to start" refused 's/ok 1 dense/not ok 1 dense/'
check "a KUnit case that vanished" refused '/    ok 1 plain/d'
check "a machine that died in a suite" refused '/ok 1 plain/,$d'
check "rows of nothing" eval '! verdict tier </dev/null'
check "a tier that did not report" eval \
	'! printf "a\t1\t0\t0\t\n" | verdict "tier other"'
finish judge 25

# What the kernel says when it is hurt; each line by itself has to be enough.
splats() {
	cat <<'SPLATS'
BUG: KASAN: slab-out-of-bounds in neural_predict+0x1/0x2
BUG: unable to handle page fault for address: ffff888000000000
BUG: sleeping function called from invalid context at mm/slab.h:1
BUG: scheduling while atomic: modprobe/77/0x00000002
BUG: spinlock bad magic on CPU#0, swapper/1
BUG kmalloc-64 (Tainted: G O): Right Redzone overwritten
kernel BUG at src/main.c:1!
WARNING: CPU: 1 PID: 66 at arch/x86/kernel/fpu/core.c:57 irq_fpu_usable
WARNING: possible circular locking dependency detected
WARNING: possible recursive locking detected
WARNING: inconsistent lock state
WARNING: suspicious RCU usage
INFO: possible deadlock
INFO: task modprobe:70 blocked for more than 120 seconds.
UBSAN: array-index-out-of-bounds in src/main.c:1:2
UBSAN: shift-out-of-bounds in src/main.c:1:2
[ BUG: Invalid wait context ]
DEBUG_LOCKS_WARN_ON(1)
kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
unreferenced object 0xffff888000000000 (size 64):
Oops: general protection fault, probably for non-canonical address
Kernel panic - not syncing: Fatal exception
Call Trace:
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
watchdog: BUG: soft lockup - CPU#1 stuck for 26s!
refcount_t: underflow; use-after-free.
list_del corruption. prev->next should be
ODEBUG: free active (active state 0) object
Objects remaining in neural_context on __kmem_cache_shutdown()
** 12 printk messages dropped **
SPLATS
}
begin
while IFS= read -r line; do
	check "$line" refused "/begin shell/s/\$/\n[    1.000000] ${line//\//\\/}/"
done < <(splats)
finish splats "$(splats | wc -l)"

# A data race is ours where one of the accesses is in one of our modules.
race() {
	cat <<RACE
[    1.000000] ==================================================================
[    1.000000] BUG: KCSAN: data-race in $1 / $2
[    1.000000]
[    1.000000] write to 0xffff888000000000 of 8 bytes by task 7 on cpu 0:
[    1.000000]  $1
[    1.000000]  kthread+0x1/0x2
[    1.000000] read to 0xffff888000000000 of 8 bytes by task 8 on cpu 1:
[    1.000000]  $2
[    1.000000] Reported by Kernel Concurrency Sanitizer on:
[    1.000000] ==================================================================
RACE
}
raced() { race "$@" | awk -f "$TESTS/vm/splats.awk" | grep -q 'KCSAN: data-race'; }
begin
check "a race with a function of ours" raced pick_task+0x1/0x2 'neural_count+0x1/0x2 [neural]'
check "a race in a test" raced 'storm+0x1/0x2 [neural_test]' pick_task+0x1/0x2
check "one of the kernel's own is not ours" eval '! raced pick_task+0x1/0x2 tick+0x1/0x2'
check "nor is one we were on the way to" eval \
	'! race clock+0x1/0x2 tick+0x1/0x2 | sed "/ kthread/s/kthread.*/neural_run [neural]/" |
	awk -f "$TESTS/vm/splats.awk" | grep -q KCSAN'
check "a report that does not end" eval 'race a "b [neural]" | head -n -1 |
	awk -f "$TESTS/vm/splats.awk" | grep -q KCSAN'
finish races 5

# An int3 that is in memory is a splat as any other.
ghost() {
	printf '[    1.000000] %s: 0000 [#1] PREEMPT SMP\n[    1.000000] Code: eb b0 %s a5\n' \
		"$1" "$2" | awk -f "$TESTS/vm/ghost.awk"
}
begin
check "an int3 that is not in memory" ghost "Oops: int3" "e8 <ed> 81"
check "one that is" eval '! ghost "Oops: int3" "cc <ed> 81"'
check "another oops" eval '! ghost "Oops: invalid opcode" "e8 <0f> 0b"'
check "none" eval '! awk -f "$TESTS/vm/ghost.awk" </dev/null'
finish ghosts 4

# A wrong include has to be seen as well.
begin
misplaced() {
	copy_tree "$out/tree"
	printf '#include "%s"\n' "$2" >>"$out/tree/$1"
	! "$TESTS/check_includes.sh" "$out/tree"
}
check "an op that knows a surface" misplaced src/ops/dense.c ../surface/sysfs.h
check "a kernel that knows a plan" misplaced simd/generic/q16_dense.c ../../src/plan/plan.h
finish layers 2
rm -rf "$out/tree"

"$TESTS/tiers/damage.sh"
