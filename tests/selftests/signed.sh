#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Signatures behind models: what is signed by a key the kernel trusts is shown as such; with
# neural_require_signed nothing else is taken, in no way there is to give it.  The files
# are from tests/vm/signed.sh; only a kernel that was built with a key at hand has one
# signed by it.

cd "$(dirname "$0")" || exit 1
. ./common
. ./modules

files=/neural/signed
tmp=/tmp/neural-signed
required=$MODULE/neural_require_signed

# refuses_file WORDS COMMAND...: neuralctl says so, and the log does
refuses_file() {
	words=$1
	shift
	lines=$(log_lines)
	if neuralctl "$@" >$tmp/said 2>&1; then
		echo "# was taken"
		return 1
	fi
	grep -q "refused: $words" $tmp/said || { sed 's/^/# /' $tmp/said; return 1; }
	[ "$(log_lines)" -gt "$lines" ] || { echo "# no word in the log"; return 1; }
	[ ! -e $CLASS/refused ]
}

refuses_load() { refuses_file "$1" load --name refused "$2"; }

# loads FILE TRUSTED: and is shown so
loads() {
	neuralctl load --name taken "$1" >/dev/null && reads "$2" $CLASS/taken/trusted &&
		neuralctl show taken >$tmp/show && neuralctl save taken $tmp/saved &&
		cmp "$1" $tmp/saved
	rc=$?
	neuralctl unload taken
	said=no
	[ "$2" = 0 ] || said=yes
	[ $rc -eq 0 ] && is $said "$(value signed $tmp/show)"
}

# changed FILE BYTE: with that byte overwritten, counted from the end where negative
changed() {
	cp "$1" $tmp/changed.neural
	at=$2
	[ "$at" -ge 0 ] || at=$(($(wc -c <"$1") + at))
	printf '\125' | dd of=$tmp/changed.neural bs=1 seek=$at conv=notrunc 2>/dev/null
	not cmp -s "$1" $tmp/changed.neural
}

# A kernel that can check says who is not trusted; one that cannot says that.
stranger="signed by a key that is not trusted"
grep -q ' verify_pkcs7_signature$' /proc/kallsyms ||
	stranger="this kernel cannot check the signature"

firmware() {
	mkdir -p /lib/firmware/neural
	cp "$1" /lib/firmware/neural/refused.neural
	refuses_file "$2" load --firmware refused
	rc=$?
	rm -f /lib/firmware/neural/refused.neural
	return $rc
}

unload_all
rm -rf $tmp
mkdir -p $tmp
check "the files are there" test -e $files/plain.neural
check "modprobe neural" modprobe neural
check "it is not required" reads N "$required"
check "unsigned" loads $files/plain.neural 0
check "by a stranger" loads $files/foreign.neural 0
check "neuralctl tells whom it names" eval \
	"neuralctl verify $files/foreign.neural | grep -q '^signed by: nobody '"
changed $files/foreign.neural -32
check "what says it is a signature, of another size" \
	refuses_load "the signature has another size" $tmp/changed.neural
changed $files/foreign.neural -38
check "and of another kind" refuses_load "the signature is not PKCS#7" $tmp/changed.neural
tail -c 30 $files/foreign.neural >$tmp/changed.neural
check "and cut off" refuses_load "the signature is cut off" $tmp/changed.neural

neuralctl load --name base $files/plain.neural
check "require" accepts "$required" 1
check "it is required" reads Y "$required"
check "what was there stays" reads 1 $CLASS/base/generation
check "unsigned is refused" refuses_load "the file is not signed" $files/plain.neural
check "by a stranger" refuses_load "$stranger" $files/foreign.neural
check "as firmware" firmware $files/plain.neural "the file is not signed"
check "as a replacement" refuses_file "the file is not signed" \
	load --replace --name base $files/plain.neural
check "a stranger's as well" refuses_file "$stranger" \
	load --replace --name base $files/foreign.neural
check "as a candidate" refuses_file "the file is not signed" \
	candidate base $files/plain.neural
check "nothing has changed" reads 1 $CLASS/base/generation
if [ -e $files/ours.neural ]; then
	check "signed" loads $files/ours.neural 1
	check "by the recipe" loads $files/recipe.neural 1
	check "replaces" neuralctl load --replace --name base $files/ours.neural
	check "and is shown" reads 1 $CLASS/base/trusted
	check "is a candidate" neuralctl candidate base $files/recipe.neural
	check "is promoted" neuralctl promote base
	check "and is shown" reads 1 $CLASS/base/trusted
	changed $files/ours.neural 100
	check "changed afterwards" refuses_load "the signature is of another file" \
		$tmp/changed.neural
	changed $files/ours.neural -60
	check "with another signature" refuses_load "the signature is" $tmp/changed.neural
	check "no longer required" accepts "$required" 0
	check "changed is refused all the same" refuses_load "the signature is" \
		$tmp/changed.neural
	check "signed is signed" loads $files/ours.neural 1
else
	check "no longer required" accepts "$required" 0
fi
check "unsigned again" loads $files/plain.neural 0
check "a value that is none" unparsed "$required" maybe
rm -rf $tmp
unload_all
check "required from the start" modprobe neural neural_require_signed=1
check "by the parameter" reads Y "$required"
unload_all
finish
