#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# /dev/neural in a crowd: the program beside this file, which speaks TAP itself. The
# network it leaves behind goes with the module, without a word.

cd "$(dirname "$0")" || exit 1

if ! modprobe neural_caller hold=1; then
	echo "Bail out! no neural_caller"
	exit 1
fi
./device_race
rc=$?
modprobe -r neural_caller
modprobe -r neural || rc=1
exit $rc
