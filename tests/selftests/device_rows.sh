#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# One call with very many rows: the program beside this file, which speaks TAP itself.

cd "$(dirname "$0")" || exit 1

if ! modprobe neural_caller hold=1; then
	echo "Bail out! no neural_caller"
	exit 1
fi
./device_rows
rc=$?
modprobe -r neural_caller
modprobe -r neural
exit $rc
