#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# vm.sh KERNEL: build the modules for one kernel, boot it with them, report.  With
# SOAK_SECONDS only what can last, for so long each.

set -eu
. "$(dirname "$0")/../lib.sh"

kernel=${1:?usage: vm.sh uml|debug|kcsan|6.1|6.12}
log=$BUILD/check/$kernel.log
timeout=1800
soak=${SOAK_SECONDS:-}
ko=(neural neural_test neural_caller neural_storm)
case $kernel in
uml | debug | kcsan) ko+=(neural_kunit) ;;
esac

# What runs: everything, or what shows races, or what can last.
suites=()
if [ -n "$soak" ]; then
	suites=(selftest.{storm,fuzz,device_race})
	timeout=$((2000 + 10 * soak))
elif [ "$kernel" = kcsan ]; then
	suites=(neural_caller selftest.{storm,fuzz,device_race,candidate,module})
	timeout=2400
elif [ "$kernel" = debug ]; then
	timeout=3600
fi
append=(${suites[@]+"guest.suites=$(IFS=,; echo "${suites[*]}")"} ${soak:+"guest.soak=$soak"})
expect=("${suites[@]}" kernel)
if [ ${#suites[@]} -eq 0 ]; then
	expect+=(module neural_test neural_caller)
	case $kernel in
	uml | debug) expect+=(kunit) ;;
	esac
	[ "$kernel" = uml ] || expect+=(lockdown)
	for t in "$TOP"/tests/selftests/*.sh; do
		expect+=("selftest.$(basename "$t" .sh)")
	done
fi
[ "$kernel" != debug ] || expect+=(kmemleak)

dir=$("$TESTS/vm/kernel.sh" "$kernel")
printf '#kernel\t%s\n' "$(cat "$dir/release")"
if ! src=$("$TESTS/vm/modules.sh" "$kernel"); then
	printf 'build\t0\t1\t0\tsee %s\n' "$BUILD/$kernel/src/build.log"
	exit 0
fi

{
	echo "TAP version 13"
	echo "1..$((${#ko[@]} + 1))"
	n=0
	for m in "${ko[@]}"; do
		n=$((n + 1))
		if [ -n "$(find "$src" -name "$m.ko" -print -quit)" ]; then
			echo "ok $n - $m.ko"
		else
			echo "not ok $n - $m.ko is there"
		fi
	done
	if grep -iq 'warning:' "$src/build.log" "$src/selftests.log"; then
		echo "not ok $((n + 1)) - without a warning"
	else
		echo "ok $((n + 1)) - without a warning"
	fi
} | awk -v suite=build -f "$TESTS/tap.awk"

rm -f "$log"
# The log says what happened; the status repeats it.
boot() {
	"$TESTS/vm/boot.sh" "$kernel" --src "$src" --log "$log" --timeout "$timeout" \
		--append "${append[*]-}" >"$log.tap" || say "vm: boot.sh ended with $?"
}
boot

# Such an end says nothing of us, twice in a row it would: what was not over is run again,
# and the log is what was before and what comes then.
left() {
	local s
	for s in "${expect[@]}"; do
		case $s in kernel | kmemleak) continue ;; esac
		grep -aq "neural-vm: end $s rc=" "$log.ghost" || echo "$s"
	done
}
if [ "$kernel" != uml ] && [ -e "$log" ] && awk -f "$TESTS/vm/ghost.awk" "$log"; then
	say "vm: the emulator ran an int3 that is not there, see $log.ghost; on from there"
	mv "$log" "$log.ghost"
	append=("guest.suites=$(left | paste -sd,)" ${soak:+"guest.soak=$soak"})
	boot
	awk '{ line[NR] = $0 } /neural-vm: begin / { last = NR }
		END { for (i = 1; i < last; i++) print line[i] }' "$log.ghost" >"$log.both"
	[ ! -e "$log" ] || cat "$log" >>"$log.both"
	mv "$log.both" "$log"
fi
[ -z "$soak" ] || cat "$log.tap" >&2
if [ ! -e "$log" ]; then
	printf 'boot\t0\t1\t0\tno log\n'
	exit 0
fi
"$TESTS/vm/report.sh" "$log" "${expect[@]}"

# What a newcomer runs first, in the kernel it runs in.
if [ "$kernel" = 6.12 ] && [ -z "$soak" ]; then
	rc=0
	"$TOP/tools/demo/demo.sh" --check >"$BUILD/check/demo.tap" || rc=$?
	awk -v suite=demo -v rc=$rc -f "$TESTS/tap.awk" "$BUILD/check/demo.tap"
fi
