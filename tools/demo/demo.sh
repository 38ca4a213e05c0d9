#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh [--check]: handwritten digits, classified in a kernel (make demo).
#
# Installs what is missing, trains a small network, builds the modules for Debian's
# stock 6.12, boots that in QEMU, and shows what the kernel made of digits the
# network has not seen. With NATIVE=1 in this machine's own kernel, as root.
# With --check the judgement alone, as TAP, always in QEMU.
#
# Where GOLDEN has it (default ../shared/data), a keyword-spotting model of somebody else
# is converted, loaded and run as well, and its output compared with what TensorFlow
# Lite Micro made of the same input.
#
# Everything is kept in build/demo: logs, network, modules. Exit status 0 where the
# kernel was as good as it has to be.

set -eu
. "$(dirname "$0")/../../tests/lib.sh"

DEMO=$TOP/tools/demo
OUT=$BUILD/demo
KWS=${GOLDEN:-$TOP/../shared/data}/tflite/kws
# Debian's own: another one in PATH would not have Debian's packages.
PYTHON=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1

check=0 native=0
case ${NATIVE:-} in
'' | 0) ;;
*) native=1 ;;
esac
case ${1:-} in
--check) check=1 native=0 ;;
'') ;;
*) die "usage: demo.sh [--check]" ;;
esac

if [ $check = 1 ]; then
	exec 3>&2
else
	exec 3>&1
fi

# A failure of what comes before the judgement has to be a failed test as well.
fail() {
	[ $check = 0 ] || printf 'TAP version 13\n1..1\nnot ok 1 - %s\n' "$1"
	exit 1
}

# step LOG WORDS COMMAND...: one line on the terminal, and the end of the log where
# the command fails. set -e sleeps in there.
step() {
	local name=$1 words=$2 start=$SECONDS
	shift 2
	printf '  %-62s' "$words ..." >&3
	if "$@" >"$OUT/$name.log" 2>&1 </dev/null; then
		printf '%5d s\n' $((SECONDS - start)) >&3
		return
	fi
	printf ' FAILED\n\n' >&3
	tail -n 25 "$OUT/$name.log" >&2
	say
	say "The whole log is $OUT/$name.log"
	fail "$words"
}

# Nothing to install where a machine that is not Debian has what it takes.
install_packages() {
	if [ $native = 1 ] && command -v gcc make >/dev/null &&
		$PYTHON -c 'import sklearn'; then
		return
	fi
	"$TESTS/deps.sh" demo
}

# As quick as it is, it need not be done twice; the same network comes out of it.
train() {
	if [ -e "$OUT/neural_demo.bin" ] && [ -z "$(find "$DEMO/train.py" \
		"$DEMO/model.py" -newer "$OUT/neural_demo.bin")" ]; then
		return
	fi
	$PYTHON "$DEMO/train.py" "$OUT"
}

# build KDIR: the two modules in a copy of the tree, as kbuild writes beside the
# sources.
build() {
	copy_tree "$OUT/src" &&
		make -C "$OUT/src" -j"$JOBS" KDIR="$1" CONFIG_NEURAL_DEMO=m \
			CONFIG_NEURAL_TEST= CONFIG_NEURAL_KUNIT_TEST= modules
}

# The words it knows, in the order of its outputs, are those of its training set.
convert() {
	rm -rf "$OUT/model"
	mkdir -p "$OUT/model"
	make -C "$TOP/tools" -j"$JOBS" STATIC=1 BUILD="$OUT/tools" &&
		"$OUT/tools/neural-convert" "$KWS.tflite" --labels "$DEMO/kws_labels.txt" \
			-o "$OUT/model/kws.neural" &&
		cp "$OUT/tools/neuralctl" "$KWS.in.bin" "$KWS.out.bin" "$OUT/model/" &&
		head -c $(($(stat -c %s "$KWS.in.bin") * 12 / $(stat -c %s "$KWS.out.bin"))) \
			"$KWS.in.bin" >"$OUT/model/first.bin"
}

boot() {
	local adds=(--add "$OUT/neural_demo.bin:/lib/firmware/neural_demo.bin") rc=0
	[ ! -d "$OUT/model" ] || adds+=(--add "$OUT/model:/neural/demo")
	if [ $check = 1 ]; then
		rm -rf "$OUT/bad"
		$PYTHON "$DEMO/damage.py" "$OUT/neural_demo.bin" "$OUT/bad" || return
		adds+=(--add "$OUT/bad:/lib/firmware/bad")
	fi
	"$TESTS/vm/boot.sh" 6.12 --src "$OUT/src" --script "$DEMO/run.sh" --smp 2 \
		--mem 1024 --log "$OUT/boot.log" "${adds[@]}" >"$OUT/output" || rc=$?
	ended $rc
}

# ended STATUS: did run.sh get to its end? Where not, what it said, without digits.
ended() {
	if [ "$1" -eq 0 ] && grep -q '^== end' "$OUT/output"; then
		return
	fi
	grep -v '^[0-9]' "$OUT/output"
	return 1
}

# Every way in which this machine can say no, said before it is asked.
native_possible() {
	local release
	release=$(uname -r)
	[ -e /proc/modules ] || die "this kernel has no loadable modules"
	[ "$(cat /proc/sys/kernel/modules_disabled)" = 0 ] ||
		die "this kernel loads no modules any more (modules_disabled)"
	! grep -q '\[\(integrity\|confidentiality\)\]' \
		/sys/kernel/security/lockdown 2>/dev/null ||
		die "this kernel is locked down (Secure Boot): it loads signed modules only"
	[ -e "/lib/modules/$release/build/Makefile" ] ||
		die "no headers of the running kernel: on Debian, apt-get install linux-headers-$release"
	[ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null ||
		die "loading a module takes root: sudo make demo NATIVE=1"
	! grep -q '^neural' /proc/modules ||
		die "neural is loaded here already: rmmod it first"
}

# The loader looks for firmware in a directory that we name, so that /lib/firmware
# stays as it is.
run_native() {
	local root=() rc=0
	[ "$(id -u)" -eq 0 ] || root=(sudo -n)
	mkdir -p "$OUT/native" &&
		cp "$OUT"/src/neural{,_demo}.ko "$OUT/neural_demo.bin" "$OUT/native/" ||
		return
	rm -rf "$OUT/native/model"
	[ ! -d "$OUT/model" ] || cp -r "$OUT/model" "$OUT/native/model" || return
	${root[@]+"${root[@]}"} sh "$DEMO/run.sh" "$OUT/native" >"$OUT/output" || rc=$?
	ended $rc
}

mkdir -p "$OUT"
# One at a time in there: make check may come along.
exec 9>"$OUT/lock"
flock 9
printf '\nneural: handwritten digits, classified inside a Linux kernel\n\n' >&3
[ $native = 0 ] || native_possible
step packages "Packages (once: a few minutes)" install_packages
step train "Training a small network on the host" train
if [ -e "$KWS.tflite" ]; then
	step convert "Converting a keyword-spotting model" convert
else
	rm -rf "$OUT/model"
	printf '  Left out: the keyword-spotting model, not in %s (GOLDEN=)\n' "${KWS%/*}" >&3
fi
if [ $native = 1 ]; then
	step build "Building for the running kernel" build "/lib/modules/$(uname -r)/build"
	step run "Loading the modules, classifying" run_native
else
	step kernel "Debian's kernel (once: a download)" "$TESTS/vm/kernel.sh" 6.12
	step build "Building the modules" build "$(tail -n 1 "$OUT/kernel.log")/kdir"
	step run "Booting it in QEMU, modprobe, classifying" boot
fi
printf '\n' >&3

args=("$OUT" "$OUT/output")
if [ $check = 1 ]; then
	exec $PYTHON "$DEMO/report.py" --tap "${args[@]}"
fi
if ! $PYTHON "$DEMO/report.py" "${args[@]}"; then
	printf '\nThe kernel was not as good as it has to be; logs are in %s\n' "$OUT"
	exit 1
fi
