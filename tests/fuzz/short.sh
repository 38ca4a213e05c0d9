#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# short.sh: that the fuzzers build with clang, take their corpus and go on from it for a
# moment.  What they are for is "make fuzz".

set -eu
. "$(dirname "$0")/../lib.sh"

runs=20000
log=$BUILD/check/fuzz
targets="model run"

echo "TAP version 13"
echo "1..3"
if run "$log.build" make -C "$TESTS/fuzz" -j"$JOBS"; then
	echo "ok 1 - built by clang"
else
	echo "not ok 1 - built by clang"
fi
n=1
for target in $targets; do
	n=$((n + 1))
	if run "$log.$target" make -C "$TESTS/fuzz" "run-fuzz_$target" FUZZ_RUNS=$runs \
		FUZZ_SECONDS=120 && grep -q '^stat::number_of_executed_units:' "$log.$target"; then
		echo "ok $n - $target"
	else
		echo "not ok $n - $target"
	fi
done
