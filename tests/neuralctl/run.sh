#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# neuralctl run: rows in, rows out, in all forms, and nothing half-written.

. "$(dirname "$0")/common"

numbers "<6i" 1 2 3 -4 5 1000000 >in
numbers "<4q" 24 12 3000016 1000014 >want

raw() { ends 0 run "$@" integers.neural in got && cmp got want; }
in_place() { cp in both && ends 0 run integers.neural both both && cmp both want; }
piped() { "$NEURALCTL" run integers.neural - - <in | cmp - want; }
through_link() {
	rm -f link real && : >real && ln -s real link &&
		ends 0 run integers.neural in link && [ -L link ] && cmp real want
}
keeps_mode() {
	: >moded && chmod 640 moded && ends 0 run integers.neural in moded &&
		[ "$(stat -c %a moded)" = 640 ]
}
to_device() { ends 0 run integers.neural in /dev/null && [ -c /dev/null ]; }
full() { says 1 "No space left" run integers.neural in /dev/full; }
# many N: so many rows, of which each is told from the others
many() {
	"$PYTHON" -c 'import struct, sys
n = int(sys.argv[1])
with open("rows", "wb") as i, open("sums", "wb") as o:
    for r in range(n):
        i.write(struct.pack("<3i", r, -r, 7))
        o.write(struct.pack("<2q", 31 - r, 17 - r))' "$1"
	ends 0 run integers.neural rows got && cmp got sums
}

check "raw rows" raw
for level in auto generic; do
	check "at level $level" raw --simd-level "$level"
done
check "input replaced by output" in_place
check "from and to pipes" piped
check "through a symbolic link" through_link
check "the mode of the file stays" keeps_mode
check "to a device" to_device
check "to one that is full" full
check "no rows" eval ': >none; ends 0 run integers.neural none got && [ ! -s got ]'
check "one row more than one go" many 21846
check "many rows" many 100000

# refuses TEXT WORD...: and the output is as it was
refuses() {
	echo before >after
	says 1 "$@" && [ "$(cat after)" = before ] && [ "$(echo after*)" = after ]
}
head -c 23 in >odd
check "a file that is not whole rows" refuses "not whole rows of 12" \
	run integers.neural odd after
check "a pipe that is not whole rows" eval \
	'! "$NEURALCTL" run integers.neural - after <<<odd && [ "$(cat after)" = before ]'
check "rows that are not there" refuses "No such file" run integers.neural nothing after
check "rows from a directory" refuses "Is a directory" run integers.neural . after
check "a model that is not there" refuses "No such file" run nothing in after
check "a model that is a directory" refuses "Is a directory" run . in after
check "a model from a pipe" refuses "not a regular file" run /dev/zero in after
check "a model that is none" refuses "refused: " run in in after
check "to a directory that is not there" says 1 "No such file" \
	run integers.neural in nowhere/out
check "to a directory" says 1 "Is a directory" run integers.neural in .

check "numbers on the command line" prints "24,12" run integers.neural --input 1,2,3
check "numbers below zero" prints "-4,16" run integers.neural --input=-5,-6,1
check "apart by blanks" prints "24,12" run integers.neural --input " 1  2 , 3 "
printf '1,2,3\n\n-4;5;1000000\r\n' >csv
check "CSV" prints "24,12
3000016,1000014" run --csv integers.neural csv
check "CSV to a file" eval \
	'ends 0 run --csv integers.neural csv got && [ "$(head -n 1 got)" = 24,12 ]'
printf '1,2,3\n1,x,3\n' >bad
check "a word in CSV has its line" refuses "bad:2: value 2 is not an integer" \
	run --csv integers.neural bad after
printf '1,2\n' >bad
check "a number short" refuses "bad:1: value 3 is missing" \
	run --csv integers.neural bad after
check "a number too many" says 1 "value 4 is one too many" \
	run integers.neural --input 1,2,3,4
check "a number too large" says 1 "value 2 does not fit" \
	run integers.neural --input 1,2147483648,3
check "a fraction" says 1 "followed by something else" run integers.neural --input 1,2.5,3
check "nothing at all" says 1 "no numbers" run integers.neural --input ""
check "CSV with a zero byte" eval 'printf "1,2,3\0\n" >bad; says 1 "is not text" \
	run --csv integers.neural bad'

check "reals by scale and zero point" prints "-1,0.5,64" \
	run scores.neural --real --input -1,.25,500
check "a real that is none" says 1 "is not a number" \
	run scores.neural --real --input 1,nan,2
check "the best, with labels" prints '0: a "bird" 2 (3)  Hündin 1.5 (2)' \
	run scores.neural --top 2 --input 1,2,3
check "more of the best than there are" prints \
	'0: cat 0.5 (0)  Hündin 0.5 (0)  a "bird" 0.5 (0)' \
	run scores.neural --top 9 --input 0,0,0
check "JSON" json 'd == {"rows": [{"outputs": [[24, 12]]}, {"outputs":
	[[3000016, 1000014]]}]}' run --json --csv integers.neural csv
check "JSON of raw rows" json 'len(d["rows"]) == 2' run --json integers.neural in
check "JSON of no rows" json 'd == {"rows": []}' run --json integers.neural none
check "JSON with the best" json '[(t["index"], t["value"], t["score"], t["label"])
	for t in d["rows"][0]["top"]] == [(2, 3, 2, "a \"bird\""), (1, 2, 1.5, "Hündin")]' \
	run --json --top 2 scores.neural --input 1,2,3
check "JSON of reals" json 'd["rows"][0]["outputs"] == [[-1.0, 0.5, 1.0]]' \
	run --json --real scores.neural --input -1,.25,1

# Between a of 3 bytes and b of 4 each there is one.
numbers "<3bx2i" 1 -2 3 65536 -98304 >mixed
check "rows of two types" eval 'ends 0 run pair.neural mixed got && cmp got mixed'
check "their numbers" prints "1,-2,3,65536,-98304" \
	run pair.neural --input 1,-2,3,65536,-98304
check "their reals" prints "1,-2,3,1,-1.5" run pair.neural --real --input 1,-2,3,1,-1.5

layers() {
	ends 0 run pair.neural mixed got --layers layers "$@" &&
		numbers "<3b2i3b2i" 1 -2 3 65536 -98304 1 -2 3 65536 -98304 | cmp - layers
}
index() {
	diff - layers.txt <<-'INDEX'
	op -1 INPUT tensor 0 type 9 off 0 bytes 3 scale 0 zp 0 dims 3
	op -1 INPUT tensor 1 type 2 off 3 bytes 8 scale 0 zp 0 dims 2
	op 0 RESHAPE tensor 2 type 9 off 11 bytes 3 scale 0 zp 0 dims 3 1
	op 1 RESHAPE tensor 3 type 2 off 14 bytes 8 scale 0 zp 0 dims 1 2
	INDEX
}
second_row() {
	ends 0 run integers.neural in got --layers layers --layers-row 1 &&
		numbers "<3i2q" -4 5 1000000 3000016 1000014 | cmp - layers && cmp got want
}
check "layers" layers
check "their index" index
check "layers of another row" second_row
check "layers of numbers" eval 'ends 0 run integers.neural --input 1,2,3 --layers layers &&
	numbers "<3i2q" 1 2 3 24 12 | cmp - layers'
check "layers of a row that is not there" says 1 "there is no row 2" \
	run integers.neural in got --layers layers --layers-row 2
finish
