/* SPDX-License-Identifier: GPL-2.0-only */
/* References to neural.ko, -1 where it is none: in exports.c, which is linked into it. */
#ifndef _NEURAL_KUNIT_HANDLES_H
#define _NEURAL_KUNIT_HANDLES_H

int neural_handles_counted(void);

#endif /* _NEURAL_KUNIT_HANDLES_H */
