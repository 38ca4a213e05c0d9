# SPDX-License-Identifier: GPL-2.0-only
#
# Count one TAP or KTAP document. Variables:
#   suite  what to call it
#   group  1: every top-level result is a suite of its own (KUnit)
#   rc     exit status of whoever wrote it; absent or 0 is good
# Output, one row per suite, tab separated: name, passed, failed, skipped, note.
#
# Only leaves count: a result that closes a nested block stands for the block,
# and fails by itself only where no test within it did. Whatever makes the
# document untrustworthy (no plan, a plan not met, numbers out of order, nothing
# run, a bail-out) is one more failure, said in the note.

BEGIN {
	FS = "\n"
	reset(0)
}

function reset(d) {
	plan[d] = -1
	seen[d] = 0
	bad[d] = 0
	open[d] = 0
}

function problem(text) {
	fail++
	note = note (note == "" ? "" : "; ") text
}

function row(name) {
	if (pass + fail + skip == 0)
		problem("no tests ran")
	printf "%s\t%d\t%d\t%d\t%s\n", name, pass, fail, skip, note
	rows++
	pass = fail = skip = 0
	note = ""
}

# A block is complete: does it hold what it promised? A block of parameters
# has no plan in KUnit, every other has one.
function close_block(d, what) {
	if (seen[d] == 0 && plan[d] != 0)
		problem(what " ran no test")
	else if (plan[d] >= 0 && plan[d] != seen[d])
		problem(what " planned " plan[d] " and ran " seen[d])
	else if (plan[d] < 0 && d < 2)
		problem(what " has no plan")
}

function result(d, ok, text,    number, name, block) {
	number = text
	sub(/^ */, "", number)
	sub(/[^0-9].*$/, "", number)
	name = text
	sub(/^ *[0-9]*[ -]*/, "", name)
	sub(/ *#.*$/, "", name)
	seen[d]++
	if (number != "" && number + 0 != seen[d])
		problem("test " seen[d] " is numbered " number)
	block = open[d + 1]
	if (block) {
		close_block(d + 1, name)
		if (!ok && !bad[d + 1])
			problem(name " failed")
		reset(d + 1)
	} else if (text ~ /# *[Ss][Kk][Ii][Pp]/) {
		skip++
	} else if (ok) {
		pass++
	} else {
		fail++
		if (failures++ < 3)
			note = note (note == "" ? "" : "; ") name
	}
	if (!ok)
		bad[d]++
	if (group && d == 0) {
		if (!block)
			problem(name " is empty")
		row(suite "." name)
		failures = 0
	}
}

{
	sub(/\r$/, "")
	match($0, /^ */)
	depth = int(RLENGTH / 4)
	line = substr($0, RLENGTH + 1)
}

RLENGTH % 4 { next }

line ~ /^K?TAP version / || line ~ /^# Subtest: / {
	if (depth > 0 && !open[depth]) {
		reset(depth)
		open[depth] = 1
	}
	next
}

line ~ /^1\.\.[0-9]+/ {
	if (plan[depth] >= 0)
		problem("two plans")
	if (depth > 0)
		open[depth] = 1
	plan[depth] = substr(line, 4) + 0
	if (plan[depth] == 0 && line ~ /# *[Ss][Kk][Ii][Pp]/)
		skip++
	next
}

line ~ /^ok([ \t]|$)/ { result(depth, 1, substr(line, 3)); next }
line ~ /^not ok([ \t]|$)/ { result(depth, 0, substr(line, 7)); next }
line ~ /^Bail out!/ { problem(line) }

END {
	close_block(0, suite)
	if (rc + 0 != 0 && fail == 0 && (!group || !rows))
		problem("exit status " rc)
	if (!group || fail || !rows)
		row(suite)
}
