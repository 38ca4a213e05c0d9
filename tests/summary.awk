# SPDX-License-Identifier: GPL-2.0-only
#
# The end of a check: rows "tier kernel suite passed failed skipped note", tab
# separated, become one line each and the totals; tiers names those that had to
# report. A skipped test is not a failed one, but the run is not good either:
# nothing here may depend on what the machine happens to have.

BEGIN {
	FS = "\t"
	print ""
}

{
	printf "%-8s %-27s %-26s %5d passed%s%s%s\n", $1, $2, $3, $4,
		$5 ? sprintf(", %d FAILED", $5) : "",
		$6 ? sprintf(", %d SKIPPED", $6) : "",
		$7 != "" ? " (" $7 ")" : ""
	pass += $4
	fail += $5
	skip += $6
	suites[$1]++
	if ($4 + $5 + $6 == 0) {
		printf "%-8s %-27s %-26s ran no test: FAILED\n", $1, $2, $3
		fail++
	}
}

END {
	n = split(tiers, want, " ")
	for (i = 1; i <= n; i++)
		if (!suites[want[i]]) {
			printf "%-8s no suite reported: FAILED\n", want[i]
			fail++
		}
	if (!n)
		fail++
	print ""
	printf "%d passed, %d failed, %d skipped\n", pass, fail, skip
	exit fail || skip || !pass
}
