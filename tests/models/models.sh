#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Models of the project's own making, through converter and engine, against the
# reference; and the reference against the outputs of the original kernels where these
# are at hand (GOLDEN=DIR).  Prints TAP.
#
# What fails is kept in build/check/models/failed.

set -eu
. "$(dirname "$0")/../lib.sh"

python=${PYTHON:-/usr/bin/python3}
golden=${GOLDEN:-$TOP/../shared/data}
work=$BUILD/check/models
export PYTHONDONTWRITEBYTECODE=1
rm -rf "$work"
mkdir -p "$work"

# part NAME COMMAND...: a TAP document, or one failure where it is not complete.
part() {
	local name=$1 rc=0
	shift
	"$@" >"$work/$name.tap" 2>"$work/$name.log" </dev/null || rc=$?
	if [ "$rc" -gt 1 ] || [ "$(grep -c '^1\.\.[1-9]' "$work/$name.tap")" != 1 ]; then
		{
			printf 'not ok 0 %s ended with status %d\n' "$name" "$rc"
			sed 's/^/# /' "$work/$name.log"
		} >>"$work/$name.tap"
	fi
}

parts=(graph fixed)
ctl=${NEURALCTL:-$BUILD/tools/neuralctl}
if [ -n "${NEURALCTL:-}" ] || run "$work/tools.log" make -C "$TOP" -j"$JOBS" tools; then
	random=("$python" "$TESTS/models/random_models.py" --seconds 50)
	part graph "${random[@]}" --kind graph --count 120 \
		"$ctl" "$work/failed" &
	part fixed "${random[@]}" --kind fixed --count 80 \
		"$ctl" "$work/failed"
	wait
else
	echo "not ok 0 make tools" >"$work/graph.tap"
	: >"$work/fixed.tap"
fi
if [ -d "$golden" ]; then
	parts+=(golden)
	part golden "$python" "$TESTS/models/golden.py" "$golden"
else
	say "models: no golden data in $golden, the reference is not compared with it"
fi

# One document of all.
for name in "${parts[@]}"; do
	cat "$work/$name.tap"
done | awk '
	/^1\.\./ { next }
	/^(not )?ok / { sub(/ok [0-9]+/, "ok " ++n) }
	{ print }
	END { print "1.." n + 0 }'
