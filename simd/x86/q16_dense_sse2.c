// SPDX-License-Identifier: GPL-2.0-only
/*
 * SSE2 multiplies 32 bits to 64 only unsigned (pmuludq), so both factors are
 * moved up by 2^31:
 *
 *	sum(x * w) = sum((x + 2^31) * (w + 2^31)) - 2^31 * (sum(x) + sum(w)) - k * 2^62
 *
 * The intermediate sums wrap at 2^64, which does not matter: the true one fits.
 * sum(w) comes with the packed weights, sum(x) is formed on the way by the
 * scalar unit, which has nothing else to do.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "xmm.h"

struct neural_dense_sums {
	__m128i e0, e1, e2, e3;
	__m128i o0, o1, o2, o3;
};

static __always_inline void neural_dense_mac(__m128i *even, __m128i *odd,
					     __m128i x, const s32 *w)
{
	const __m128i v = _mm_xor_si128(neural_xmm_load(w), _mm_set1_epi32(S32_MIN));

	*even = _mm_add_epi64(*even, _mm_mul_epu32(x, v));
	*odd = _mm_add_epi64(*odd, _mm_mul_epu32(x, neural_xmm_odd(v)));
}

static __always_inline void neural_dense_finish(__m128i even, __m128i odd, u64 sums,
						const s64 *bias, const s64 *wsum,
						s32 *out, u32 n)
{
	const __m128i off = _mm_set1_epi64x(sums);
	__m128i be, bo, we, wo;

	neural_xmm_load_s64(bias, &be, &bo);
	neural_xmm_load_s64(wsum, &we, &wo);
	even = _mm_sub_epi64(_mm_add_epi64(even, be),
			     _mm_add_epi64(off, _mm_slli_epi64(we, 31)));
	odd = _mm_sub_epi64(_mm_add_epi64(odd, bo),
			    _mm_add_epi64(off, _mm_slli_epi64(wo, 31)));
	neural_xmm_store(out, neural_xmm_round(even, odd), n);
}

static void neural_dense_panel(const struct neural_q16_dense_args *a,
			       const s32 *x, const s32 *w, u32 j, s32 *out)
{
	const __m128i zero = _mm_setzero_si128();
	struct neural_dense_sums s = { zero, zero, zero, zero, zero, zero, zero, zero };
	const s64 *bias = a->bias + j;
	const s64 *wsum = a->wsum + j;
	const u32 n = a->n - j;
	u64 sums = 0;
	u32 i;

	for (i = 0; i < a->k; i++, w += NEURAL_Q16_PANEL) {
		const __m128i v = _mm_set1_epi32(x[i] ^ S32_MIN);

		sums += (s64)x[i];
		neural_dense_mac(&s.e0, &s.o0, v, w);
		neural_dense_mac(&s.e1, &s.o1, v, w + 4);
		neural_dense_mac(&s.e2, &s.o2, v, w + 8);
		neural_dense_mac(&s.e3, &s.o3, v, w + 12);
	}
	sums = (sums << 31) + ((u64)a->k << 62);
	neural_dense_finish(s.e0, s.o0, sums, bias, wsum, out, n);
	if (n > 4)
		neural_dense_finish(s.e1, s.o1, sums, bias + 4, wsum + 4, out + 4, n - 4);
	if (n > 8)
		neural_dense_finish(s.e2, s.o2, sums, bias + 8, wsum + 8, out + 8, n - 8);
	if (n > 12)
		neural_dense_finish(s.e3, s.o3, sums, bias + 12, wsum + 12, out + 12, n - 12);
}

void neural_q16_dense__sse2(const struct neural_q16_dense_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_dense_panel(a, a->x + (size_t)r * a->x_stride,
					   a->w + (size_t)j * a->k, j,
					   a->out + (size_t)r * a->out_stride + j);
}
