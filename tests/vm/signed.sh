#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# signed.sh KERNEL-DIR MODEL OUT: that model in the directory OUT as plain.neural, as
# foreign.neural with the signature of a key nobody knows, and where the kernel was built
# here as ours.neural with that of the key it was built with.

set -eu
. "$(dirname "$0")/../lib.sh"

kernel=$1 model=$2 out=$3
certs=$kernel/kdir/certs
tmp=$(mktemp -d /tmp/neural-signed.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
log=$BUILD/check/signed

# sign KEY CERTIFICATE FILE: by openssl, as Documentation/signing.rst has it.
sign() {
	local size
	run "$log.cms" openssl cms -sign -binary -noattr -nocerts -outform DER -md sha256 \
		-signer "$2" -inkey "$1" -in "$3" -out "$tmp/message"
	size=$(printf '%08x' "$(stat -c %s "$tmp/message")" | sed 's/../\\x&/g')
	{
		cat "$tmp/message"
		printf '\0\0\002\0\0\0\0\0%b~Module signature appended~\n' "$size"
	} >>"$3"
}

mkdir -p "$out"
cp "$model" "$out/plain.neural"
run "$log.req" openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=nobody \
	-keyout "$tmp/key" -out "$tmp/certificate"
cp "$model" "$out/foreign.neural"
sign "$tmp/key" "$tmp/certificate" "$out/foreign.neural"
if [ -e "$certs/signing_key.pem" ]; then
	cp "$model" "$out/ours.neural"
	run "$log.ours" "$kernel/kdir/scripts/sign-file" sha256 "$certs/signing_key.pem" \
		"$certs/signing_key.x509" "$out/ours.neural"
	cp "$model" "$out/recipe.neural"
	sign "$certs/signing_key.pem" "$certs/signing_key.pem" "$out/recipe.neural"
fi
