/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signatures behind model files, in the form the kernel has behind its modules, by the keys
 * the kernel trusts.
 */
#ifndef _NEURAL_SIGNATURE_H
#define _NEURAL_SIGNATURE_H

#include <linux/types.h>

struct neural_reason;

/*
 * What becomes of @file, with whatever is behind it.  0: it may be loaded, *@bytes are
 * those before the signature, and *@is_signed says whether a key that is trusted made it.
 * -EBADMSG for what is no signature, -EKEYREJECTED for one of another file or where there
 * has to be one and is none, -ENOKEY or -ENOPKG where there has to be one and it could not
 * be told; -ENOMEM.  Process context, may take long.
 */
int neural_signature_check(const void *file, size_t *bytes, bool *is_signed,
			   struct neural_reason *why);

/* Is a model without a signature refused?  It always is while the kernel is locked down. */
bool neural_signature_required(void);

#endif /* _NEURAL_SIGNATURE_H */
