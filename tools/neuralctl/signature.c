// SPDX-License-Identifier: GPL-2.0-only
#include "ctl.h"
#include "signature.h"

#define MAGIC		"~Module signature appended~\n"
#define MAGIC_BYTES	(sizeof(MAGIC) - 1)

/* What stands before the magic: its last word, big-endian, is the size of the signature. */
#define ABOUT_BYTES	12
#define ABOUT_TYPE	2
#define ABOUT_SIZE	8
#define TYPE_PKCS7	2

/*
 * The first common name there is: of whoever issued the certificate, which in those that
 * kernels are built with is whoever signs.  For people; nothing hangs on it.
 */
static void find_signer(const u8 *at, size_t bytes, char *signer)
{
	/* An object identifier, 2.5.4.3; then a string, of one byte of type and of size. */
	static const u8 name[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };
	size_t i, length;

	for (i = 0; i + sizeof(name) + 2 <= bytes; i++) {
		if (memcmp(at + i, name, sizeof(name)))
			continue;
		i += sizeof(name);
		length = at[i + 1];
		if (length >= SIGNATURE_SIGNER || length > bytes - i - 2)
			return;
		memcpy(signer, at + i + 2, length);
		return;
	}
}

void signature_find(const void *file, size_t bytes, struct signature *signature)
{
	const u8 *about;
	size_t left, length;

	*signature = (struct signature){ };
	if (bytes < MAGIC_BYTES + ABOUT_BYTES ||
	    memcmp(file + bytes - MAGIC_BYTES, MAGIC, MAGIC_BYTES))
		return;
	left = bytes - MAGIC_BYTES - ABOUT_BYTES;
	about = file + left;
	length = (size_t)about[ABOUT_SIZE] << 24 | about[ABOUT_SIZE + 1] << 16 |
		 about[ABOUT_SIZE + 2] << 8 | about[ABOUT_SIZE + 3];
	if (about[ABOUT_TYPE] != TYPE_PKCS7 || !length || length >= left)
		return;
	signature->bytes = length + ABOUT_BYTES + MAGIC_BYTES;
	find_signer(file + left - length, length, signature->signer);
}
