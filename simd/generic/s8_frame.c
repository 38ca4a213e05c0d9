// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"

static u8 *neural_frame_pad(u8 *y, size_t n, u8 byte)
{
	memset(y, byte, n);
	return y + n;
}

/* Eight at a time: lines may be too short for a call of memcpy(). */
static u8 *neural_frame_copy(u8 *y, const s8 *x, size_t n, u8 flip)
{
	const u64 flips = flip * 0x0101010101010101ULL;
	u64 v;

	for (; n >= sizeof(v); n -= sizeof(v), x += sizeof(v), y += sizeof(v)) {
		memcpy(&v, x, sizeof(v));
		v ^= flips;
		memcpy(y, &v, sizeof(v));
	}
	for (; n; n--)
		*y++ = *x++ ^ flip;
	return y;
}

void neural_s8_frame__generic(const struct neural_s8_frame_args *a)
{
	const size_t line = (size_t)a->before + a->n + a->after;
	const u8 byte = a->fill ^ a->flip;
	u8 *y = a->y;
	u32 l;

	y = neural_frame_pad(y, a->above * line, byte);
	for (l = 0; l < a->lines; l++) {
		y = neural_frame_pad(y, a->before, byte);
		y = neural_frame_copy(y, a->x + l * a->x_line, a->n, a->flip);
		y = neural_frame_pad(y, a->after, byte);
	}
	neural_frame_pad(y, a->below * line, byte);
}
