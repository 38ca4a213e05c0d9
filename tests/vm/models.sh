#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# models.sh: what the machines load and run, NAME.{neural,in.bin,out.bin} in a directory
# whose name is printed. There are the project's own models, and where $GOLDEN is also
# the whole models of that.

set -eu
. "$(dirname "$0")/../lib.sh"

GOLDEN=${GOLDEN:-$TOP/../shared/data}
out=$BUILD/models
log=$BUILD/check/models
tmp=$(mktemp -d /tmp/neural-models.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
export PYTHONDONTWRITEBYTECODE=1
run "$log.set" /usr/bin/python3 "$TESTS/models/make_set.py" "$tmp"

whole=0
for model in "$GOLDEN"/tflite/*.tflite "$GOLDEN"/kernel-nets/*.tflite; do
	base=${model%.tflite}
	name=$(basename "$base")
	[ -e "$model" ] && [ -e "$base.in.bin" ] && [ -e "$base.out.bin" ] || continue
	run "$log.convert" "$TOP/tools/convert/neural-convert" "$model" \
		-o "$tmp/$name.neural"
	cp "$base.in.bin" "$base.out.bin" "$tmp/"
	whole=$((whole + 1))
done
[ "$whole" -gt 0 ] || say "golden: left out, no models in $GOLDEN (GOLDEN=)"

mkdir -p "$BUILD"
rm -rf "$out.new"
mv "$tmp" "$out.new"
chmod 755 "$out.new"
commit_dir "$out.new" "$out"
echo "$out"
