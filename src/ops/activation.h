/* SPDX-License-Identifier: GPL-2.0-only */
/* Activation of a tile just written, in place. */
#ifndef _NEURAL_OPS_ACTIVATION_H
#define _NEURAL_OPS_ACTIVATION_H

#include <linux/neural.h>
#include "op.h"

/* @n elements at @y; @slope in Q0.31 is read by leaky_relu alone. */
void neural_activate(struct neural_section *section, enum neural_activation act,
		     s32 *y, u32 n, s32 slope);

const char *neural_activation_name(enum neural_activation act);

#endif /* _NEURAL_OPS_ACTIVATION_H */
