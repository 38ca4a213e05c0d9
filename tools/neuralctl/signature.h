/* SPDX-License-Identifier: GPL-2.0-only */
/* The signature behind a model file, as the kernel has them behind modules. */
#ifndef _NEURALCTL_SIGNATURE_H
#define _NEURALCTL_SIGNATURE_H

#include <linux/types.h>

#define SIGNATURE_SIGNER	64	/* room for a name, with its NUL */

/**
 * struct signature - see above
 * @bytes: all of it; 0 where there is none
 * @signer: whom it names, "" for nobody
 */
struct signature {
	size_t bytes;
	char signer[SIGNATURE_SIGNER];
};

/* What is behind @file.  Whether the kernel trusts it only the kernel knows. */
void signature_find(const void *file, size_t bytes, struct signature *signature);

#endif /* _NEURALCTL_SIGNATURE_H */
