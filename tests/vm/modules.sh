#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modules.sh KERNEL [SOURCE]: build the modules for a kernel of kernel.sh in a
# copy of the work tree, build/<kernel>/src, and print that directory. kbuild
# writes beside the sources, so every kernel has its own copy. With SOURCE, use
# that copy as it is (the harness hands in trees it has damaged). neuralctl is always
# that of the work tree, in build/static.

set -eu
. "$(dirname "$0")/../lib.sh"

kernel=${1:?usage: modules.sh KERNEL [SOURCE]}
dir=$("$TESTS/vm/kernel.sh" "$kernel")
src=${2:-$BUILD/$kernel/src}
[ $# -gt 1 ] || copy_tree "$src"

args=(W=1 KDIR="$dir/kdir")
[ "$kernel" != uml ] || args+=(ARCH=um)
run "$src/build.log" make -C "$src" -j"$JOBS" "${args[@]}"

# Helpers of the selftests run in a file system without libraries.
run "$src/selftests.log" make -C "$src/tests/selftests" CC=gcc
# What an operator has beside the module.
locked static run "$BUILD/static.log" make -C "$TOP/tools" -j"$JOBS" \
	STATIC=1 BUILD="$BUILD/static"
echo "$src"
