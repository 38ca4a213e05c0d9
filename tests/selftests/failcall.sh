#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Out of memory at every allocation of a call from user space: the program beside this
# file, which speaks TAP itself.

# "injects" comes from faults.
# shellcheck disable=SC2154
cd "$(dirname "$0")" || exit 1
. ./faults

if ! modprobe neural_caller hold=1; then
	echo "Bail out! no neural_caller"
	exit 1
fi
[ $injects -eq 0 ] || prepare
./failcall
rc=$?
modprobe -r neural_caller
modprobe -r neural
exit $rc
