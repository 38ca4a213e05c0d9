// SPDX-License-Identifier: GPL-2.0-only
/* Inputs are what the instruction wants, so it takes them where they are. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_CONV_STAGE	U32_MAX

struct neural_conv_x {
	const u8 *at;
};

/* A group anywhere: where nothing is built in, memcpy() is a call. */
struct neural_conv_word {
	s32 v;
} __packed;

struct neural_conv_w {
	__m512i bytes;
};

static __always_inline void neural_conv_stage(struct neural_conv_x *x, const u8 *at, u32 n)
{
	x->at = at;
}

static __always_inline struct neural_conv_w neural_conv_weights(const s8 *w)
{
	return (struct neural_conv_w){ _mm512_loadu_si512(w) };
}

static __always_inline void neural_conv_mac(__m512i *sum, const struct neural_conv_x *x,
					    u32 g, struct neural_conv_w w)
{
	const struct neural_conv_word *word = (const void *)x->at;

	*sum = _mm512_dpbusd_epi32(*sum, _mm512_set1_epi32(word[g].v), w.bytes);
}

#include "s8_conv_zmm.h"

void neural_s8_conv__avx512vnni(const struct neural_s8_conv_args *a)
{
	neural_conv(a);
}
