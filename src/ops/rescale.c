// SPDX-License-Identifier: GPL-2.0-only
#include "../s8.h"
#include "rescale.h"

int neural_verify_rescale(s32 multiplier, s32 shift, s64 lo, s64 hi, u32 unit,
			  struct neural_reason *why)
{
	const u32 left = shift > 0 ? shift : 0;

	if (multiplier < 0)
		return neural_refuse(why, -EINVAL, "multiplier is negative", unit);
	if (shift < NEURAL_S8_SHIFT_MIN || shift > NEURAL_S8_SHIFT_MAX)
		return neural_refuse(why, -EINVAL, "shift is out of range", unit);
	if (lo < S32_MIN || hi > S32_MAX)
		return neural_refuse(why, -ERANGE, "sum can overflow", unit);
	/* Both ends are s32 by now, and 63 bits hold one of those shifted by 31. */
	if (lo * (1LL << left) < S32_MIN || hi * (1LL << left) > S32_MAX)
		return neural_refuse(why, -ERANGE, "left shift can overflow", unit);
	return 0;
}

int neural_verify_bounds(s32 min, s32 max, struct neural_reason *why)
{
	if (min < S8_MIN || max > S8_MAX || min > max)
		return neural_node_bad(why, "bounds are not S8 values in order");
	return 0;
}

int neural_verify_s8(const struct neural_tensor *t, struct neural_reason *why)
{
	if (t->dtype != NEURAL_S8)
		return neural_node_bad(why, "operand is not S8");
	if (t->zero_point < S8_MIN || t->zero_point > S8_MAX)
		return neural_node_bad(why, "zero point is no S8");
	return 0;
}
