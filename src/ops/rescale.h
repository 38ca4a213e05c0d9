/* SPDX-License-Identifier: GPL-2.0-only */
/* What S8 operations ask of their numbers, for their verify. */
#ifndef _NEURAL_OPS_RESCALE_H
#define _NEURAL_OPS_RESCALE_H

#include "node.h"

/*
 * May neural_mbqm() be given @multiplier and @shift for everything from @lo to @hi?
 * -EINVAL for a pair it is not defined for, -ERANGE where bits would be lost, which
 * includes values that are no s32; else 0.  @unit goes into the reason.
 */
int neural_verify_rescale(s32 multiplier, s32 shift, s64 lo, s64 hi, u32 unit,
			  struct neural_reason *why);

/* Bounds of a result: S8 values, in order. */
int neural_verify_bounds(s32 min, s32 max, struct neural_reason *why);

/* An activation: S8, and its zero point as well. */
int neural_verify_s8(const struct neural_tensor *t, struct neural_reason *why);

#endif /* _NEURAL_OPS_RESCALE_H */
