// SPDX-License-Identifier: GPL-2.0-only
#include "../../src/ops/node.h"
#include "number.h"

s64 ctl_element(const struct ctl_tensor *t, const void *row, u32 i)
{
	const void *at = (const u8 *)row + t->at + (size_t)i * t->bytes;

	switch (t->bytes) {
	case 1:
		return *(const s8 *)at;
	case 2:
		return *(const s16 *)at;
	case 4:
		return *(const s32 *)at;
	default:
		return *(const s64 *)at;
	}
}

static void store(const struct ctl_tensor *t, void *row, u32 i, s64 value)
{
	void *at = (u8 *)row + t->at + (size_t)i * t->bytes;

	switch (t->bytes) {
	case 1:
		*(s8 *)at = value;
		break;
	case 2:
		*(s16 *)at = value;
		break;
	case 4:
		*(s32 *)at = value;
		break;
	default:
		*(s64 *)at = value;
		break;
	}
}

double ctl_element_real(const struct ctl_tensor *t, const void *row, u32 i)
{
	const s64 value = ctl_element(t, row, i);

	if (t->scale != 0)
		return (double)t->scale * (value - t->zero_point);
	return (double)value / (1ULL << t->frac);
}

/* Nearest, ties away from zero, and whatever is too large the largest there is. */
static s64 quantize(const struct ctl_tensor *t, double real)
{
	const s64 lo = neural_dtype_min(t->dtype), hi = neural_dtype_max(t->dtype);
	double value;

	/* In single precision, as models that quantize for themselves do it. */
	if (t->scale != 0)
		value = (float)real / t->scale;
	else
		value = real * (1ULL << t->frac);
	value += value < 0 ? -0.5 : 0.5;
	if (value <= -9.2e18)
		return lo;
	if (value >= 9.2e18)
		return hi;
	value = (s64)value + (double)t->zero_point;
	if (value <= (double)lo)
		return lo;
	return value >= (double)hi ? hi : (s64)value;
}

const char *ctl_element_parse(const struct ctl_tensor *t, void *row, u32 i,
			      const char **at, bool real)
{
	const char *from = *at;
	char *end;
	s64 value;

	errno = 0;
	if (real) {
		const double number = strtod(from, &end);

		if (end == from)
			return "is not a number";
		if (number != number)
			return "is not a number";
		value = quantize(t, number);
	} else {
		value = strtoll(from, &end, 10);
		if (end == from)
			return "is not an integer";
		if (errno || value < neural_dtype_min(t->dtype) ||
		    value > neural_dtype_max(t->dtype))
			return "does not fit the input's type";
	}
	store(t, row, i, value);
	*at = end;
	return NULL;
}

int ctl_tensor_digits(const struct ctl_tensor *t)
{
	return t->bytes <= 2 ? 9 : 17;
}
