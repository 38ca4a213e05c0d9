#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# deps.sh GROUP...: install what a group of work needs, by Debian package name.
# Does nothing, and takes no time, where all of it is present. Groups: the tiers
# of check.sh, and build, demo, bench, fuzz, lint.
#
# Kernels and their headers are not in here: vm/kernel.sh unpacks them from
# their packages into the cache and leaves the system alone.

set -eu

build="gcc make bc bison flex libelf-dev libssl-dev kmod xz-utils cpio rsync
	perl patch"
packages() {
	case $1 in
	build) echo "$build" ;;
	user) echo "gcc make libc6-dev $(packages python)" ;;
	python) echo "python3 python3-flatbuffers python3-numpy" ;;
	# gcc-12 and pahole are what Debian's headers name.
	headers) echo "$build gcc-12 dwarves" ;;
	source) echo "$build linux-source-6.12" ;;
	guest) echo "busybox-static dash libc6-dev openssl $(packages python)" ;;
	uml) echo "$(packages source) $(packages guest)" ;;
	vm) echo "$(packages headers) $(packages guest) qemu-system-x86" ;;
	debug) echo "$(packages uml) qemu-system-x86" ;;
	lint) echo "sparse shellcheck binutils perl python3 python3-docutils git" ;;
	static) echo "$(packages headers) $(packages source) $(packages lint)" ;;
	harness) echo "$(packages debug) $(packages user)" ;;
	demo) echo "$(packages vm) python3 python3-numpy python3-sklearn" ;;
	fuzz) echo "clang-14 libclang-rt-14-dev llvm-14 make libc6-dev" ;;
	bench)
		echo "gcc g++ make libdnnl-dev libxnnpack-dev libpthreadpool-dev" \
			"$(packages python)"
		;;
	*)
		echo "deps.sh: no group $1" >&2
		return 1
		;;
	esac
}

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for group; do
	list=$(packages "$group")
	for p in $list; do
		installed "$p" || missing+=("$p")
	done
done

root=()
if [ "$(id -u)" -ne 0 ]; then
	root=(sudo -n)
fi
apt() { ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" </dev/null >&2; }

# The stock kernels come out of apt's archive, so apt has to know it.
lists_wanted() {
	case " $* " in
	*" vm "* | *" static "* | *" demo "*)
		! apt-cache show linux-image-6.12-cloud-amd64 >/dev/null 2>&1
		;;
	*) false ;;
	esac
}

if [ ${#missing[@]} -eq 0 ] && ! lists_wanted "$@"; then
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "deps.sh: this is not Debian; please install: ${missing[*]}" >&2
	exit 1
fi
if [ ${#root[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; then
	echo "deps.sh: as root, please: apt-get install ${missing[*]}" >&2
	exit 1
fi
if lists_wanted "$@"; then
	apt update
fi
[ ${#missing[@]} -gt 0 ] || exit 0

mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
echo "deps.sh: installing ${missing[*]}" >&2
# Package lists may be absent or name versions that have moved on.
apt install -y --no-install-recommends "${missing[@]}" && exit 0
apt update || :
apt install -y --no-install-recommends "${missing[@]}" && exit 0
echo "deps.sh: could not install ${missing[*]}" >&2
exit 1
