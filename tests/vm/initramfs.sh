#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# initramfs.sh OUT KERNEL-DIR SOURCE-DIR SCRIPT [HOSTPATH:GUESTPATH]...
#
# A root file system in one cpio archive: dash, busybox, the real kmod, our modules
# with depmod data, neuralctl, the selftests, and SCRIPT as what init runs. The kernel's
# built-in archive brings /dev/console, so no privilege is needed to pack this.

set -eu
. "$(dirname "$0")/../lib.sh"

[ $# -ge 4 ] || die "usage: initramfs.sh OUT KERNEL-DIR SOURCE-DIR SCRIPT [ADD]..."
out=$1 kernel=$2 src=$3 script=$4
shift 4

release=$(cat "$kernel/release")
root=$(mktemp -d /tmp/neural-initramfs.XXXXXX)
trap 'rm -rf "$root"' EXIT
# Refusals have to come from what is refused, not from the way there.
chmod 755 "$root"

# install_program PATH: a program and the libraries it is linked with.
install_program() {
	local so
	install -D "$1" "$root/usr/bin/${1##*/}"
	ldd "$1" | grep -o '/[^ ]*' | while read -r so; do
		install -D "$so" "$root$so"
	done
}

# install_module NAME: one module of the stock kernel and what it depends on.
install_module() {
	local name=$1 file dep
	file=$(find "$kernel/modules/kernel" -name "${name//[-_]/[-_]}.ko*" |
		head -n 1)
	[ -n "$file" ] || return 0
	install -D -m 644 "$file" "$lib/kernel/${file#*/kernel/}"
	for dep in $(modinfo -F depends "$file" | tr ',' ' '); do
		install_module "$dep"
	done
}

mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,dev,proc,sys,tmp,etc,lib,neural/bin}
mkdir -p "$root/neural/selftests"
install -D /bin/busybox "$root/bin/busybox"
for applet in $(/bin/busybox --list | grep -vx busybox); do
	ln -sf busybox "$root/bin/$applet"
done
# busybox sh would run its own modprobe whatever PATH says; dash is a plain one.
rm "$root/bin/sh"
install_program /bin/dash
ln -s ../usr/bin/dash "$root/bin/sh"
kmod=$(command -v kmod || echo /usr/bin/kmod)
install_program "$kmod"
for tool in modprobe insmod rmmod lsmod modinfo depmod; do
	rm -f "$root/bin/$tool"
	ln -sf /usr/bin/kmod "$root/sbin/$tool"
done

lib=$root/lib/modules/$release
mkdir -p "$lib/updates"
if [ -d "$kernel/modules" ]; then
	cp "$kernel"/modules/modules.builtin* "$kernel/modules/modules.order" "$lib/"
else
	: >"$lib/modules.order"
	: >"$lib/modules.builtin"
	: >"$lib/modules.builtin.modinfo"
fi
while IFS= read -r ko; do
	cp "$ko" "$lib/updates/"
	[ -d "$kernel/modules" ] || continue
	for dep in $(modinfo -F depends "$ko" | tr ',' ' '); do
		install_module "$dep"
	done
done < <(find "$src" -name '*.ko')
/sbin/depmod -b "$root" "$release"

install "$TESTS/vm/guest/init" "$root/init"
install -m 644 "$TESTS/vm/guest/lib.sh" "$root/neural/lib.sh"
install "$script" "$root/neural/run"
[ ! -d "$src/tests/selftests" ] ||
	cp -r "$src/tests/selftests/." "$root/neural/selftests"
[ ! -x "$BUILD/static/neuralctl" ] ||
	install "$BUILD/static/neuralctl" "$root/usr/bin/neuralctl"
for add; do
	mkdir -p "$(dirname "$root/${add#*:}")"
	cp -rL "${add%%:*}" "$root/${add#*:}"
done

mkdir -p "$(dirname "$out")"
(cd "$root" && find . | sort | cpio -o -H newc -R 0:0 --quiet) >"$out.tmp"
mv "$out.tmp" "$out"
