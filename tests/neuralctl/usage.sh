#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Words and exit codes of neuralctl: usage, and what happens without the module.

. "$(dirname "$0")/common"
# shellcheck disable=SC2154
source_dir=$here/../../tools/neuralctl

commands="run predict load candidate promote drop unload save list show verify stats"

# A hint at --help, of the command where there is one.
hints() {
	says 2 "$@" && grep -qx "Try 'neuralctl .*--help'." err
}

helps() { ends 0 "$1" --help && grep -q "^usage: neuralctl $1 " out && [ ! -s err ]; }

lists_all() {
	ends 0 --help || return 1
	for c in $commands; do
		grep -q "^  $c " out || return 1
	done
}

check "--help lists all commands" lists_all
check "--version" prints "neuralctl 1" --version
for c in $commands; do
	check "$c --help" helps "$c"
	check "$c with an unknown option" hints "unknown option --bogus" "$c" --bogus
	check "$c with an unknown letter" hints "unknown option -q" "$c" -q
done
for c in run predict load candidate promote drop unload save show verify stats; do
	check "$c without words" hints "" "$c"
done
check "no command" hints "a command is missing"
check "an unknown command" hints "unknown command 'bogus'" bogus
check "an unknown option before the command" hints "unknown option --bogus" --bogus
check "an option without its value" hints "--top: wants a value" \
	run integers.neural in out --top
check "a value where there is none" hints "takes no value" list --json=1
check "run without rows" hints "input rows are missing" run integers.neural
check "run without an output" hints "where to write is missing" run integers.neural in
check "run with a word too many" hints "one word too many" run integers.neural a b c
check "run at an unknown level" says 2 "unknown level 'bogus'" \
	run --simd-level bogus integers.neural --input 1,2,3
check "it says which there are" grep -qw generic err
check "--top 0" hints "not a number from 1" run --top 0 integers.neural in
check "--top of a word" hints "not a number from 1" run --top x integers.neural in
check "--layers-row without --layers" hints "wants --layers" \
	run --layers-row 1 integers.neural in out
check "--layers to standard output" hints "wants a file" \
	run --layers - integers.neural in out
check "--layers with rows from a pipe" hints "has to be a file" \
	run --layers l integers.neural - out
check "--real without numbers" hints "is for numbers" run --real integers.neural in out
check "list with a word" hints "one word too many" list bogus
check "verify of two files" hints "want one model file" verify a b
check "load of two files" hints "want one model file" load a b
check "--firmware with --name" hints "found by the name" load --firmware --name a b
check "candidate without a file" hints "and a model file" candidate net
check "--share of 1001" hints "not a number from 0" candidate --share 1001 net a
check "--every 0" hints "not a number from 1" candidate --every 0 net a
check "promote of two" hints "one network" promote a b
check "a name of 32 characters" hints "a name has 1 to 31" \
	stats 12345678901234567890123456789012
check "an empty name" hints "a name has 1 to 31" unload ""
check "a file name that is no network's" hints "give one with --name" \
	load 12345678901234567890123456789012.neural

# Every command and option that help knows, in the manual page and in completion.
documented() {
	local page=$source_dir/neuralctl.1 completion=$source_dir/neuralctl.bash c o
	for c in $commands; do
		grep -q "^\.B neuralctl $c\( \|\$\)" "$page" &&
			grep -qw -e "$c" "$completion" || { echo "$c"; return 1; }
		"$NEURALCTL" "$c" --help | grep -o -e '--[a-z-]*'
	done >options
	[ "$(sort -u options | wc -l)" -ge 11 ] || return 1
	while IFS= read -r o; do
		grep -qF -e "${o//-/\\-}" "$page" && grep -qF -e "$o" "$completion" ||
			{ echo "$o"; return 1; }
	done <options
}
check "all of it is documented" documented

# None of these needs root to find out that there is nothing to talk to.
if [ ! -e /dev/neural ]; then
	check "list" says 3 "is the module loaded?" list
	check "predict" says 3 "is the module loaded?" predict net --input 1
	check "load" says 3 "is the module loaded?" load integers.neural
	check "load --firmware" says 3 "is the module loaded?" load --firmware net
	check "candidate" says 3 "is the module loaded?" candidate net integers.neural
	check "promote" says 3 "is the module loaded?" promote net
	check "drop" says 3 "is the module loaded?" drop net
	check "unload" says 3 "is the module loaded?" unload net
	check "save" says 3 "is the module loaded?" save net file
	check "save left no file" test ! -e file
	check "show" says 3 "is the module loaded?" show net
	check "stats" says 3 "is the module loaded?" stats net
fi
check "load of a file that is not there" says 1 "No such file" load nothing.neural
check "load of a directory" says 1 "not a regular file" load --name d .
finish
