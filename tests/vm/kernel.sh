#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel.sh KERNEL: make a kernel ready in the cache and print its directory.
#
# KERNEL is one of
#   uml    6.12 for User Mode Linux, built from Debian's linux-source-6.12
#   debug  6.12 for x86-64 with every checker on, built from the same source
#   kcsan  the same with the data race detector instead
#   6.1    Debian's stock kernel, as linux-image-amd64 ships it
#   6.12   Debian's stock cloud kernel, as linux-image-6.12-cloud-amd64 ships it
#   source only the 6.12 source tree (its scripts/ are used for lint)
#
# Every directory (but source) holds
#   image    what boots          release  the kernel's release string
#   kdir     for make KDIR=      modules  /lib/modules/<release>, where it exists
#
# Debian's packages are unpacked, not installed: installing headers of 6.12
# drags in an image, and with it initramfs and boot loader hooks.

set -eu
. "$(dirname "$0")/../lib.sh"

VM=$TESTS/vm
ARCHIVE=${NEURAL_LINUX_SOURCE:-/usr/src/linux-source-6.12.tar.xz}

source_version() {
	dpkg-query -W -f '${Version}' linux-source-6.12 2>/dev/null |
		tr -c 'A-Za-z0-9.+-' _ | grep . || hash_of "$ARCHIVE"
}

# The tree carries our patches for UML; they touch nothing that x86 builds.
source_dir() {
	echo "$CACHE/source/linux-$(source_version)-$(hash_of "$VM"/patches/*)"
}

make_source() {
	local dir tmp p
	dir=$(source_dir)
	[ ! -d "$dir" ] || return 0
	[ -f "$ARCHIVE" ] || die "no $ARCHIVE: run tests/deps.sh uml"
	say "kernel: unpacking ${ARCHIVE##*/}"
	tmp=$(tmp_dir source)
	tar -xf "$ARCHIVE" -C "$tmp" --strip-components=1
	for p in "$VM"/patches/*; do
		patch -s -p1 -d "$tmp" <"$p"
	done
	commit_dir "$tmp" "$dir"
}

# fragments KERNEL: what it is configured by.
fragments() {
	[ "$1" = uml ] || cat "$VM/config/x86.config"
	cat "$VM/config/$1.config"
}

build_dir() {
	local key
	key=$(
		{
			source_version
			gcc -dumpfullversion
			fragments "$1"
			cat "$VM"/patches/*
		} | hash_of
	)
	echo "$CACHE/kernels/$1-$(source_version)-$key"
}

# A fragment line that olddefconfig dropped is a checker that checks nothing.
verify_config() {
	local want bad=0
	while IFS= read -r want; do
		case $want in
		CONFIG_*=n) grep -q "^${want%=n}=" "$2" || continue ;;
		CONFIG_*) ! grep -qxF "$want" "$2" || continue ;;
		*) continue ;;
		esac
		say "kernel: not in force: $want"
		bad=1
	done <"$1"
	return $bad
}

build() {
	local arch target dir tmp src
	dir=$(build_dir "$1")
	[ ! -d "$dir" ] || return 0
	case $1 in
	uml) arch=um target=linux ;;
	debug | kcsan) arch=x86_64 target=bzImage ;;
	esac
	src=$(source_dir)
	tmp=$(tmp_dir "$1")
	say "kernel: building $1 with ${JOBS} jobs, some minutes; once"
	set -- "$1" make -s -C "$src" O="$tmp/kdir" ARCH="$arch" -j"$JOBS"
	mkdir "$tmp/kdir"
	run "$tmp/log" "${@:2}" tinyconfig
	# The names keep tinyconfig's size; -Os code is not what users run.
	sed -i '/CONFIG_CC_OPTIMIZE_FOR_SIZE/d' "$tmp/kdir/.config"
	echo CONFIG_CC_OPTIMIZE_FOR_PERFORMANCE=y >>"$tmp/kdir/.config"
	fragments "$1" >"$tmp/fragments"
	grep '^CONFIG_' "$tmp/fragments" >>"$tmp/kdir/.config"
	run "$tmp/log" "${@:2}" olddefconfig
	verify_config "$tmp/fragments" "$tmp/kdir/.config" ||
		die "the $1 fragment does not hold on this source"
	run "$tmp/log" "${@:2}" "$target" modules

	case $1 in
	uml) cp "$tmp/kdir/linux" "$tmp/image" ;;
	debug | kcsan) cp "$tmp/kdir/arch/x86/boot/bzImage" "$tmp/image" ;;
	esac
	cp "$tmp/kdir/include/config/kernel.release" "$tmp/release"
	# Modules need headers, scripts and Module.symvers, not the objects.
	find "$tmp/kdir" \( -path "$tmp/kdir/scripts" -o -path "$tmp/kdir/tools" \) \
		-prune -o \( -name '*.o' -o -name '*.a' -o -name '.*.cmd' -o \
		-name 'vmlinux*' \) -type f -exec rm -f {} +
	commit_dir "$tmp" "$dir"
}

# The release a meta package stands for today: linux-image-<release>.
meta_release() {
	apt-cache show --no-all-versions "$1" 2>/dev/null |
		sed -n 's/^Depends:.*linux-image-\([^ ,]*\).*/\1/p'
}

debian_dir() {
	local meta rel have
	case $1 in
	6.1) meta=linux-image-amd64 ;;
	6.12) meta=linux-image-6.12-cloud-amd64 ;;
	esac
	rel=$(meta_release "$meta")
	if [ -z "$rel" ]; then
		# Offline or without package lists: what is here will do.
		have=$(find "$CACHE/debian" -maxdepth 1 -name "$1-*" 2>/dev/null |
			sort -V | tail -n 1)
		[ -n "$have" ] || die "apt knows no $meta: run tests/deps.sh vm"
		rel=${have#"$CACHE/debian/$1-"}
	fi
	echo "$CACHE/debian/$1-$rel"
}

# The headers' closure within the kernel's own packages, e.g. common and kbuild.
kernel_packages() {
	echo "linux-image-$1"
	echo "linux-headers-$1"
	apt-cache show --no-all-versions "linux-headers-$1" |
		sed -n 's/^Depends: //p' | tr ',|' '\n' |
		sed -n 's/^ *\(linux-\(headers\|kbuild\)-[^ ]*\).*/\1/p'
}

fetch_debian() {
	local dir tmp rel deb pkgs
	dir=$(debian_dir "$1")
	[ ! -d "$dir" ] || return 0
	rel=${dir#"$CACHE/debian/$1-"}
	tmp=$(tmp_dir "debian-$1")
	say "kernel: fetching Debian's $rel"
	mapfile -t pkgs < <(kernel_packages "$rel")
	mkdir "$tmp/deb"
	# As root, apt would like to download as _apt, who may not enter here.
	(cd "$tmp/deb" && run "$tmp/log" apt-get -q -o APT::Sandbox::User=root \
		download "${pkgs[@]}")
	for deb in "$tmp"/deb/*.deb; do
		dpkg -x "$deb" "$tmp"
	done
	rm -rf "${tmp:?}/deb" "${tmp:?}/usr/share"
	# Symlinks in there are relative; the Makefiles name /usr/src.
	sed -i "s,/usr/src/,$dir/usr/src/," "$tmp"/usr/src/linux-headers-*/Makefile
	ln -s "usr/src/linux-headers-$rel" "$tmp/kdir"
	ln -s "boot/vmlinuz-$rel" "$tmp/image"
	if [ -d "$tmp/lib/modules/$rel" ]; then
		ln -s "lib/modules/$rel" "$tmp/modules"
	else
		ln -s "usr/lib/modules/$rel" "$tmp/modules"
	fi
	echo "$rel" >"$tmp/release"
	commit_dir "$tmp" "$dir"
}

case ${1:-} in
uml | debug | kcsan)
	locked source make_source
	locked "$1" build "$1"
	build_dir "$1"
	;;
6.1 | 6.12)
	locked "$1" fetch_debian "$1"
	debian_dir "$1"
	;;
source)
	locked source make_source
	source_dir
	;;
*) die "usage: kernel.sh uml|debug|kcsan|6.1|6.12|source" ;;
esac
