#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# check_includes.sh [TREE]: includes point one way, from the surfaces down to
# the types, and pure files see the outside through env.h alone. Prints every
# line that breaks this; silent and 0 when none does.
#
# main.c 6 -> surface 5 -> core 4 -> plan, model 3 -> ops 2 -> simd 1 -> types 0

set -eu
cd "${1:-$(dirname "$0")/..}"

if [ ! -d src ] || [ ! -d simd ]; then
	echo "no src and simd in $PWD"
	exit 1
fi

# shellcheck disable=SC2016
find src simd debugfs include -name '*.[ch]' 2>/dev/null | sort |
	xargs awk '
function rank(f) {
	if (f ~ /^include\// || f ~ /^src\/(env|compat)\.h$/ || f ~ /^src\/(q16|s8)/)
		return 0
	if (f ~ /^simd\//) return 1
	if (f ~ /^src\/ops\//) return 2
	if (f ~ /^src\/(plan|model)\//) return 3
	if (f ~ /^(src\/surface|debugfs)\//) return 5
	# The init ladder has a rung for everything.
	if (f == "src/main.c") return 6
	if (f ~ /^src\/[^\/]*$/) return 4
	return -1
}

# Files that user space builds as they are.
function pure(f) {
	return f ~ /^src\/(q16|s8|plan\/|ops\/|model\/)/ ||
		f ~ /^simd\/(generic\/|x86\/|kernels|fixed_args|s8_args|s8_map_args|dispatch|section|thresholds|work)/
}

function resolve(from, name,    path, n, i, part, out, top) {
	path = from
	sub(/[^\/]*$/, "", path)
	n = split(path name, part, "/")
	top = 0
	for (i = 1; i <= n; i++) {
		if (part[i] == "..") top--
		else if (part[i] != ".") out[++top] = part[i]
	}
	path = out[1]
	for (i = 2; i <= top; i++) path = path "/" out[i]
	return path
}

function complain(why) {
	printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
	bad = 1
}

FNR == 1 {
	files++
	if (rank(FILENAME) < 0) {
		printf "%s: in no layer\n", FILENAME
		bad = 1
	}
}

/^[ \t]*#[ \t]*if.*__KERNEL__/ && pure(FILENAME) {
	complain("two worlds in a pure file")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*$/, "", name)
	target = resolve(FILENAME, name)
	if (rank(target) < 0) {
		if (target !~ /\/(module|trace)\//)
			complain("in no layer")
	} else if (rank(target) > rank(FILENAME)) {
		complain("points up")
	}
	next
}

/^[ \t]*#[ \t]*include[ \t]*</ && pure(FILENAME) {
	name = $0
	sub(/^[^<]*</, "", name)
	sub(/>.*$/, "", name)
	# The public headers are types; intrinsics are what x86 is for.
	if (name ~ /^(uapi\/)?linux\/neural(_model)?\.h$/) next
	if (name == "immintrin.h" && FILENAME ~ /^simd\/x86\//) next
	complain("a pure file reaches outside env.h")
}

END {
	if (!files) {
		print "no files"
		bad = 1
	}
	exit bad
}'
