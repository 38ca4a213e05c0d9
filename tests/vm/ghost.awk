# SPDX-License-Identifier: GPL-2.0-only
#
# Exits 0 where a log ends in an int3 that is not there.  The kernel changes its code by way
# of int3, and is done with one when every CPU has been told.  An emulator that translates
# code while another of its threads writes it may keep what it read and run it afterwards,
# on all CPUs (seen once with QEMU 7.2 in four threads, two CPUs in one instant).  Then the
# oops shows the code as it is in memory, and the byte before the one to go on with is no
# int3.

/Oops: int3/ { oops = 1 }
oops && / Code: / {
	ghost = !/ cc </
	exit
}
END { exit !ghost }
