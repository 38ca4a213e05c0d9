# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Inside the virtual machine everything speaks through the kernel log: one
# console, lines never torn, and a splat stands beside the test that caused it.

# mark WORDS: a line for the host that follows the run.
mark() { echo "neural-vm: $*" >/dev/kmsg; }

# log_lines: user output, tagged so that it never passes for the kernel's own.
# A record holds about 1000 bytes; more would be refused as a whole.
log_lines() {
	while IFS= read -r line || [ -n "$line" ]; do
		printf 'T| %.900s\n' "$line" >/dev/kmsg
	done
}

# suite NAME COMMAND...: run one suite between its two markers.
suite() {
	name=$1
	shift
	mark "begin $name"
	echo 255 >/tmp/rc
	{
		rc=0
		"$@" || rc=$?
		echo "$rc" >/tmp/rc
	} 2>&1 </dev/null | log_lines
	mark "end $name rc=$(cat /tmp/rc)"
}

# TAP for the small suites here: plan N, then check DESCRIPTION COMMAND...
plan() {
	echo "TAP version 13"
	echo "1..$1"
	tap_n=0
	tap_failed=0
}

check() {
	what=$1
	shift
	tap_n=$((tap_n + 1))
	if "$@"; then
		echo "ok $tap_n - $what"
	else
		echo "not ok $tap_n - $what"
		tap_failed=$((tap_failed + 1))
	fi
}

tap_done() { [ "$tap_failed" -eq 0 ]; }

not() { ! "$@"; }
