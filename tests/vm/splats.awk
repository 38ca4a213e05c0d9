# SPDX-License-Identifier: GPL-2.0-only
#
# Print every line of a boot log by which the kernel says that something is
# wrong. Lines that user space wrote (T|) do not count, nor do the banners by
# which the checkers introduce themselves.

{
	line = $0
	sub(/\r$/, "", line)
	sub(/^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "", line)
}

line ~ /^T\| / { next }

# A data race is ours where one of the two accesses is; below it in the stack our modules
# may well be when the kernel races with itself, over its clocks for one.
line ~ /^BUG: KCSAN: / { race = line; ours = access = 0 }
race != "" {
	if (access && line ~ /\[neural/)
		ours = 1
	access = line ~ /^(race|read|write|assert).* to 0x[0-9a-f]+ /
	if (line !~ /^=====/)
		next
	if (ours)
		print race
	race = ""
	next
}

# An injected failure may bring a stack along; the stack alone is no trouble.  vmalloc()
# says the same when it is its own small allocation that was made to fail.
line ~ /^FAULT_INJECTION: forcing a failure/ { injected++; next }
line ~ /^fail[a-z]*: vmalloc error: size [0-9]+, vm_struct allocation failed/ { injected++; next }
# A process of the tests that is to be out of memory, that of a group of its own.
line ~ /^memcg invoked oom-killer: / { injected++; next }
injected && line ~ /^Call Trace:/ { injected--; next }

line ~ /BUG:|kernel BUG at|BUG [a-z_A-Z0-9-]+ \(/ ||
line ~ /WARNING:|WARN_ON|------------\[ cut here/ ||
line ~ /KASAN: [a-z]|UBSAN: [a-z]|KMSAN: / ||
line ~ /possible (circular|recursive|irq lock|deadlock)|INFO: (possible|inconsistent|lockdep is turned off|rcu|task|trying)/ ||
line ~ /inconsistent lock state|lock held when returning|bad unlock balance|suspicious RCU usage|Invalid wait context/ ||
line ~ /held lock freed|MAX_LOCK[A-Z_]* too low|nested lock was not taken|DEBUG_LOCKS/ ||
line ~ /scheduling while atomic|sleeping function called|Voluntary context switch within RCU/ ||
line ~ /kmemleak: [0-9]+ new suspected|unreferenced object|kmemleak: .*(disabled|Cannot)/ ||
line ~ /general protection|Oops|Kernel panic|Call Trace:|stack guard page|Unable to handle/ ||
line ~ /RCU.*stall|rcu.*(stall|starved)|soft lockup|hard LOCKUP|blocked for more than/ ||
line ~ /refcount_t: |list_(add|del) corruption|ODEBUG: [a-z]|usercopy: Kernel memory/ ||
line ~ /Bad FPU state|unhandled (page )?fault|ptrace set fp regs failed|slab.*(corrupt|Objects remaining)|Objects remaining/ ||
line ~ /printk messages dropped|page allocation failure|unable to handle/ ||
line ~ /bad: scheduling|detected (stall|buffer overflow)|segfault at|traps: / {
	print line
}

# The machine may die in the middle of one.
END {
	if (race != "" && ours)
		print race
}
