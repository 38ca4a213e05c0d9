#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Boot one virtual machine with the modules in it, run one script there, and
# judge the log. See usage below.

set -eu
. "$(dirname "$0")/../lib.sh"

usage() {
	cat <<'USAGE'
usage: boot.sh KERNEL [OPTION]...

KERNEL: uml, debug, kcsan, 6.1, 6.12 (see kernel.sh). Builds the modules for it, boots
it in QEMU (or as a process, for uml) and runs a script as its only process.

  --script FILE     run FILE with sh (default: all the tier's suites);
                    what it prints appears here, its status is ours
  --add HOST:GUEST  put a file or directory into the machine; may repeat
  --src DIR         take the modules from this tree, built before
  --append WORDS    more words for the kernel command line
  --cpu MODEL       CPU model of QEMU (default max; host with KVM)
  --smp N           CPUs, in two NUMA nodes (default 4)
  --mem MIB         memory (default 2048)
  --timeout SEC     kill the machine after this long (default 600)
  --log FILE        keep the log here (default build/check/boot-KERNEL.log)
  --verbose         show the whole log, not only what the script prints
  --shell           an interactive shell instead; exit powers the machine off

The script finds dash as sh, busybox and kmod in PATH, the modules under /lib/modules, the
selftests in /neural/selftests; those also models, from models.sh. Its output passes
through the kernel log, in lines of at most 900 bytes.

Exit status: the script's; 124 at the time limit; 125 when the machine died
before the end; 123 when the kernel's log holds a warning or worse.
USAGE
}

kernel='' script=$TESTS/vm/guest/check.sh src='' append='' cpu='' log=''
smp=4 mem=2048 timeout=600 shell=0 words=guest.check verbose=0
adds=()
while [ $# -gt 0 ]; do
	case $1 in
	--script) script=$2 words='' && shift ;;
	--add) adds+=("$2") && shift ;;
	--src) src=$2 && shift ;;
	--append) append=$2 && shift ;;
	--cpu) cpu=$2 && shift ;;
	--smp) smp=$2 && shift ;;
	--mem) mem=$2 && shift ;;
	--timeout) timeout=$2 && shift ;;
	--log) log=$2 && shift ;;
	--verbose) verbose=1 ;;
	--shell) shell=1 ;;
	-h | --help) usage && exit 0 ;;
	-*) die "unknown option $1; see --help" ;;
	*) kernel=$1 ;;
	esac
	shift
done
[ -n "$kernel" ] || { usage >&2 && exit 2; }
log=${log:-$BUILD/check/boot-$kernel.log}

dir=$("$TESTS/vm/kernel.sh" "$kernel")
[ -n "$src" ] || src=$("$TESTS/vm/modules.sh" "$kernel")
if [ "$words" = guest.check ]; then
	models=$("$TESTS/vm/models.sh")
	adds+=("$models:/neural/models")
fi
work=$(mktemp -d /tmp/neural-boot.XXXXXX)
trap 'rm -rf "$work"' EXIT
if [ "$words" = guest.check ]; then
	# The smallest will do.
	"$TESTS/vm/signed.sh" "$dir" "$(find "$models" -name '*.neural' -printf '%s %p\n' |
		sort -n | sed -n '1s/^[0-9]* //p')" "$work/signed"
	adds+=("$work/signed:/neural/signed")
fi
"$TESTS/vm/initramfs.sh" "$work/initramfs" "$dir" "$src" "$script" \
	${adds[@]+"${adds[@]}"}
mkdir -p "$(dirname "$log")"

# /dev/kvm may exist where it cannot run a stock kernel: believe the CPU.
kvm_works() {
	grep -Eqw 'vmx|svm' /proc/cpuinfo && [ -r /dev/kvm ] && [ -w /dev/kvm ]
}

# oops and panic end the run at once: the end marker is then missing.
common="ignore_loglevel printk.devkmsg=on printk.time=1 oops=panic panic=-1"

qemu_command() {
	local half=$((mem / 2)) last=$((smp - 1)) mid=$((smp / 2))
	cmd=(qemu-system-x86_64 -m "$mem" -kernel "$dir/image"
		-initrd "$work/initramfs" -nodefaults -no-user-config -display none
		-no-reboot -serial stdio
		-append "console=ttyS0 log_buf_len=4M $common $words $append"
		-object "memory-backend-ram,id=m0,size=${half}M"
		-object "memory-backend-ram,id=m1,size=$((mem - half))M")
	if [ "$smp" -gt 1 ]; then
		# One socket per node, or the kernel doubts the topology.
		cmd+=(-smp "$smp,sockets=2,cores=$mid"
			-numa "node,memdev=m0,cpus=0-$((mid - 1))"
			-numa "node,memdev=m1,cpus=$mid-$last")
	else
		cmd+=(-smp 1 -numa "node,memdev=m0,cpus=0" -numa "node,memdev=m1")
	fi
	if kvm_works; then
		cmd+=(-accel kvm -cpu "${cpu:-host}")
	else
		cmd+=(-accel "tcg,thread=multi" -cpu "${cpu:-max}")
	fi
}

uml_command() {
	# UML would keep its control socket in ~/.uml.
	# shellcheck disable=SC2206
	cmd=("$dir/image" "mem=${mem}M" "initrd=$work/initramfs" "uml_dir=$work"
		con=null "con0=$input,fd:1" ssl=null $common $words $append)
}

input=null
if [ "$shell" = 1 ]; then
	words=guest.shell=ttyS0
	[ "$kernel" != uml ] || words=guest.shell=tty0
	input=fd:0
fi
case $kernel in
uml) uml_command ;;
*) qemu_command ;;
esac
if [ "$shell" = 1 ]; then
	"${cmd[@]}"
	exit 0
fi

show() {
	if [ "$verbose" = 1 ]; then
		sed -u 's/\r$//'
	else
		sed -un 's/\r$//; s/^\(\[[^]]*\] \)\{0,1\}T| //p'
	fi
}

# The machine writes to a file: UML drops what a slow pipe will not take at once.
# timeout runs it in a process group of its own and ends all of it.
: >"$work/raw"
timeout -k 5 "$timeout" "${cmd[@]}" </dev/null >"$work/raw" 2>&1 &
pid=$!
tail -n +1 -s 0.2 --pid="$pid" -f "$work/raw" | show
rc=0
wait "$pid" || rc=$?
tr -d '\r' <"$work/raw" >"$log"
status=$(sed -n 's/^.*neural-vm: end status=//p' "$log" | head -n 1)
splats=$(awk -f "$TESTS/vm/splats.awk" "$log")
if [ -n "$splats" ]; then
	say "boot.sh: the kernel complained; see $log"
	printf '%s\n' "$splats" | head -n 20 >&2
	exit 123
fi
if [ -z "$status" ]; then
	case $rc in
	124 | 137) say "boot.sh: killed after ${timeout}s; see $log" && exit 124 ;;
	esac
	say "boot.sh: the machine died; see $log"
	tail -n 5 "$log" >&2
	exit 125
fi
exit "$status"
