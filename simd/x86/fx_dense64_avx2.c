// SPDX-License-Identifier: GPL-2.0-only
/* As the AVX-512 kernel, in half the width: the sums of one panel fill eight registers. */
#include <immintrin.h>

#include "../kernels.h"
#include "fx_ymm.h"

/* Sums of half a panel: of lower and upper halves, with even and odd outputs. */
struct neural_fx_sums {
	__m256i even, odd;
	__m256i high_even, high_odd;
};

static __always_inline void neural_fx_mac(struct neural_fx_sums *s, __m256i low,
					  __m256i high, const s32 *w)
{
	const __m256i even = neural_ymm_load(w);
	const __m256i odd = neural_ymm_odd(even);

	s->even = _mm256_add_epi64(s->even, _mm256_mul_epi32(low, even));
	s->odd = _mm256_add_epi64(s->odd, _mm256_mul_epi32(low, odd));
	s->high_even = _mm256_add_epi64(s->high_even, _mm256_mul_epi32(high, even));
	s->high_odd = _mm256_add_epi64(s->high_odd, _mm256_mul_epi32(high, odd));
}

static __always_inline void neural_fx_close(const struct neural_fx_sums *s,
					    const struct neural_fx_dense64_args *a,
					    const struct neural_fx_ymm_end *end, u32 r, u32 j)
{
	const __m256i even = _mm256_add_epi64(s->even, _mm256_slli_epi64(s->high_even, 32));
	const __m256i odd = _mm256_add_epi64(s->odd, _mm256_slli_epi64(s->high_odd, 32));
	const __m256i lower = _mm256_unpacklo_epi64(even, odd);
	const __m256i upper = _mm256_unpackhi_epi64(even, odd);
	struct neural_fx_ymm_total t;

	neural_fx_ymm_open(&t, a->bias + j);
	t.lo = _mm256_add_epi64(t.lo, _mm256_permute2x128_si256(lower, upper, 0x20));
	t.hi = _mm256_add_epi64(t.hi, _mm256_permute2x128_si256(lower, upper, 0x31));
	neural_fx_ymm_put(a->out, (size_t)r * a->out_stride + j, a->n - j, &t, end);
}

static void neural_fx_panel(const struct neural_fx_dense64_args *a,
			    const struct neural_fx_ymm_end *end, u32 r, u32 j)
{
	const s64 *x = a->x + (size_t)r * a->x_stride;
	const s32 *w = a->w + (size_t)j * a->k;
	struct neural_fx_sums s0 = { }, s1 = { };
	u32 i;

	for (i = 0; i < a->k; i++, w += NEURAL_Q16_PANEL) {
		const __m256i v = _mm256_set1_epi64x(x[i]);
		const __m256i high = _mm256_srli_epi64(_mm256_add_epi64(v,
						_mm256_set1_epi64x(1LL << 31)), 32);

		neural_fx_mac(&s0, v, high, w);
		neural_fx_mac(&s1, v, high, w + 8);
	}
	neural_fx_close(&s0, a, end, r, j);
	if (a->n - j > 8)
		neural_fx_close(&s1, a, end, r, j + 8);
}

void neural_fx_dense64__avx2(const struct neural_fx_dense64_args *a)
{
	const struct neural_fx_ymm_end end = neural_fx_ymm_end(&a->end);
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_fx_panel(a, &end, r, j);
}
