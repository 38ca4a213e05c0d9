// SPDX-License-Identifier: GPL-2.0-only
/*
 * An input is two signed halves: its lower dword, and what is left above it with the
 * carry of the lower one's sign.  Both times a weight are a vpmuldq each; of the sums of
 * the upper halves the lower dword is all that counts.  vpmullq would do the same in one
 * instruction, which is three on most machines there are.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "fx_zmm.h"

/* Sums of one panel: of lower and upper halves, with even and odd outputs. */
struct neural_fx_sums {
	__m512i even, odd;
	__m512i high_even, high_odd;
};

static __always_inline void neural_fx_mac(struct neural_fx_sums *s, __m512i low,
					  __m512i high, const s32 *w)
{
	const __m512i even = neural_zmm_load(w);
	const __m512i odd = neural_zmm_odd(even);

	s->even = _mm512_add_epi64(s->even, _mm512_mul_epi32(low, even));
	s->odd = _mm512_add_epi64(s->odd, _mm512_mul_epi32(low, odd));
	s->high_even = _mm512_add_epi64(s->high_even, _mm512_mul_epi32(high, even));
	s->high_odd = _mm512_add_epi64(s->high_odd, _mm512_mul_epi32(high, odd));
}

static __always_inline void neural_fx_close(const struct neural_fx_sums *s,
					    const struct neural_fx_dense64_args *a,
					    const struct neural_fx_zmm_end *end, u32 r, u32 j)
{
	const __m512i even = _mm512_add_epi64(s->even, _mm512_slli_epi64(s->high_even, 32));
	const __m512i odd = _mm512_add_epi64(s->odd, _mm512_slli_epi64(s->high_odd, 32));
	__m512i pick = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
	struct neural_fx_zmm_total t;

	neural_fx_zmm_open(&t, a->bias + j);
	t.lo = _mm512_add_epi64(t.lo, _mm512_permutex2var_epi64(even, pick, odd));
	pick = _mm512_add_epi64(pick, _mm512_set1_epi64(4));
	t.hi = _mm512_add_epi64(t.hi, _mm512_permutex2var_epi64(even, pick, odd));
	neural_fx_zmm_put(a->out, (size_t)r * a->out_stride + j, a->n - j, &t, end);
}

/* One row, and one or two panels. */
static __always_inline void neural_fx_tile(const struct neural_fx_dense64_args *a,
					   const struct neural_fx_zmm_end *end, u32 r, u32 j,
					   const bool two)
{
	const size_t panel = (size_t)a->k * NEURAL_Q16_PANEL;
	const s64 *x = a->x + (size_t)r * a->x_stride;
	const s32 *w = a->w + (size_t)j * a->k;
	struct neural_fx_sums s0 = { }, s1 = { };
	u32 i;

	for (i = 0; i < a->k; i++, w += NEURAL_Q16_PANEL) {
		const __m512i v = _mm512_set1_epi64(x[i]);
		const __m512i high = _mm512_srli_epi64(_mm512_add_epi64(v,
						_mm512_set1_epi64(1LL << 31)), 32);

		neural_fx_mac(&s0, v, high, w);
		if (two)
			neural_fx_mac(&s1, v, high, w + panel);
	}
	neural_fx_close(&s0, a, end, r, j);
	if (two)
		neural_fx_close(&s1, a, end, r, j + NEURAL_Q16_PANEL);
}

void neural_fx_dense64__avx512(const struct neural_fx_dense64_args *a)
{
	const struct neural_fx_zmm_end end = neural_fx_zmm_end(&a->end);
	u32 j, r;

	for (j = 0; j + NEURAL_Q16_PANEL < a->n; j += 2 * NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, &end, r, j, true);
	if (j < a->n)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, &end, r, j, false);
}
