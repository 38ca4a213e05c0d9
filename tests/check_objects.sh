#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check_objects.sh OBJECT...: no object here may touch the FPU. Fails, and says
# where, on any vector, mask, MMX or x87 register and on any instruction that
# changes their state. Also fails where there is nothing to look at.

set -eu

[ $# -gt 0 ] || { echo "usage: check_objects.sh OBJECT..." >&2; exit 2; }

status=0
for object; do
	objdump -d --no-show-raw-insn -M att "$object" |
		awk -v object="$object" '
	/^[0-9a-f]+ <.*>:$/ { where = $2; next }
	!/^ *[0-9a-f]+:\t/ { next }
	{
		insns++
		insn = $0
		sub(/^ *[0-9a-f]+:\t/, "", insn)
		# A symbol may be called anything.
		gsub(/<[^>]*>/, "", insn)
		sub(/#.*$/, "", insn)
		op = insn
		while (op ~ /^(lock|rep|repz|repnz|notrack|data16|addr32|cs|ds|es|fs|gs|ss|bnd) /)
			sub(/^[a-z0-9]+ +/, "", op)
		sub(/[ \t].*$/, "", op)
	}
	insn ~ /%([xyzt]?mm[0-9]+|k[0-7]|st)([^a-z0-9]|$)/ ||
	op ~ /^(f[a-z0-9]+|emms|vzeroupper|vzeroall|v?ldmxcsr|v?stmxcsr|xsave[a-z0-9]*|xrstor[a-z0-9]*)$/ {
		if (found++ < 5)
			printf "%s: %s %s\n", object, where, insn
	}
	END {
		if (found > 5)
			printf "%s: and %d more\n", object, found - 5
		if (found)
			exit 1
	}' || status=1
done
exit $status
