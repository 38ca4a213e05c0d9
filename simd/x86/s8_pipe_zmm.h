/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sums of a tile that become bytes while the next tile is multiplied.
 *
 * What makes bytes of sums wants other ports than products do, but comes after all of
 * them, and more of it than a processor looks ahead.  So a tile leaves its sums in
 * registers, and the next one takes a row of them between two groups of its products:
 * sixteen registers for the sums of both, and ten for what becomes of them.
 */
#ifndef _NEURAL_SIMD_X86_S8_PIPE_ZMM_H
#define _NEURAL_SIMD_X86_S8_PIPE_ZMM_H

#include "../s8_args.h"
#include "s8_zmm.h"

#define NEURAL_PIPE_ROWS	8

/**
 * struct neural_pipe_down - multipliers and shifts of sixteen outputs, all to the right
 * @multiplier: as they are
 * @odd: odd ones in even places
 * @even_positive: what is added to products of even outputs: roundings, zero point
 * @even_negative: the same for negative products
 * @odd_positive: the same of odd outputs
 * @odd_negative: and for negative products
 * @right: one less than the shift
 */
struct neural_pipe_down {
	__m512i multiplier;
	__m512i odd;
	__m512i even_positive;
	__m512i even_negative;
	__m512i odd_positive;
	__m512i odd_negative;
	__m512i right;
};

/* Furthest shift for which the zero point, as far to the left, is no more than 2^30. */
#define NEURAL_PIPE_DOWN_MOST	23

/*
 * Are the shifts of the first @n of sixteen outputs all to the right, by one at least and
 * no further than that?
 */
static __always_inline bool neural_pipe_is_down(const s32 *shift, u32 n)
{
	const __m512i right = _mm512_sub_epi32(_mm512_set1_epi32(-1), neural_zmm_load(shift));
	const __mmask16 not =
		_mm512_cmpge_epu32_mask(right, _mm512_set1_epi32(NEURAL_PIPE_DOWN_MOST));

	return !(not & neural_zmm_mask(n));
}

static __always_inline struct neural_pipe_down
neural_pipe_down_load(const s32 *multiplier, const s32 *shift, s32 zero_point)
{
	const __m512i up = _mm512_set1_epi64(1LL << 30);
	const __m512i less = _mm512_set1_epi64(-(1LL << 30));
	const __m512i last = _mm512_sub_epi32(_mm512_set1_epi32(-1), neural_zmm_load(shift));
	/* Half of the divisor, and so many times the divisor. */
	const __m512i add = _mm512_sllv_epi32(_mm512_set1_epi32(2 * zero_point + 1), last);
	const __m512i even = _mm512_srai_epi64(_mm512_slli_epi64(add, 32), 1);
	const __m512i odd = _mm512_slli_epi64(_mm512_srai_epi64(add, 32), 31);

	return (struct neural_pipe_down){
		.multiplier = neural_zmm_load(multiplier),
		.odd = neural_zmm_odd(neural_zmm_load(multiplier)),
		.even_positive = _mm512_add_epi64(even, up),
		.even_negative = _mm512_add_epi64(even, less),
		.odd_positive = _mm512_add_epi64(odd, up),
		.odd_negative = _mm512_add_epi64(odd, less),
		.right = last,
	};
}

/*
 * 2^31 less where @product is negative.  By a shift and a choice of bits: masks would want
 * the port that multiplies.
 */
static __always_inline __m512i neural_pipe_down_add(__m512i product, __m512i positive,
						    __m512i negative)
{
	const __m512i sign = _mm512_srai_epi64(product, 63);

	return _mm512_add_epi64(product, _mm512_ternarylogic_epi64(sign, negative, positive,
								   0xca));
}

/*
 * neural_mbqm() of sixteen sums, and the zero point.  To round down after a division by
 * 2^31, to add, and to do the same after another one, is to add all of it, times 2^31
 * where it belongs there, and to divide once; the product and that have room in 63 bits.
 * The lower half of it is never looked at.
 */
static __always_inline __m512i neural_pipe_down(__m512i v, const struct neural_pipe_down *p)
{
	const __m512i even = neural_pipe_down_add(_mm512_mul_epi32(v, p->multiplier),
						 p->even_positive, p->even_negative);
	const __m512i odd = neural_pipe_down_add(_mm512_mul_epi32(neural_zmm_odd(v), p->odd),
						p->odd_positive, p->odd_negative);
	const __m512 upper = _mm512_mask_movehdup_ps(_mm512_castsi512_ps(odd),
						     (__mmask16)~NEURAL_ZMM_ODD,
						     _mm512_castsi512_ps(even));

	return _mm512_srav_epi32(_mm512_castps_si512(upper), p->right);
}

/* Bytes of what has its zero point already. */
static __always_inline __m512i neural_pipe_s8x4(__m512i v0, __m512i v1, __m512i v2,
						__m512i v3, const struct neural_zmm_s8x4 *p)
{
	const __m512i order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12,
					       8, 4, 0);
	const __m512i v = _mm512_packs_epi16(_mm512_packs_epi32(v0, v1),
					     _mm512_packs_epi32(v2, v3));

	return _mm512_permutexvar_epi32(order, _mm512_min_epi8(_mm512_max_epi8(v, p->min),
							       p->max));
}

/* Sums of eight rows of a panel. */
struct neural_pipe_sums {
	__m512i s0, s1, s2, s3, s4, s5, s6, s7;
};

/**
 * struct neural_pipe - a tile that has been multiplied, and what becomes of it
 * @sums: of it
 * @down: how they are rescaled
 * @s8: and made bytes
 * @mask: of the outputs of the panel there are
 * @whole: all of them, and rows follow each other
 * @out: of the first row
 * @stride: distance of two rows
 * @rows: rows there are
 */
struct neural_pipe {
	struct neural_pipe_sums sums;
	struct neural_pipe_down down;
	struct neural_zmm_s8x4 s8;
	__mmask16 mask;
	bool whole;
	s8 *out;
	size_t stride;
	u32 rows;
};

/* Keep the compiler from doing all rows of a tile at once. */
static __always_inline __m512i neural_pipe_here(__m512i v)
{
	__asm__("" : "+v" (v));
	return v;
}

/* From now on tiles are of a panel of which @n outputs are left. */
static __always_inline void neural_pipe_panel(struct neural_pipe *p, const s32 *multiplier,
					      const s32 *shift, s32 zero_point, u32 n)
{
	p->down = neural_pipe_down_load(multiplier, shift, zero_point);
	p->mask = neural_zmm_mask(n);
	p->whole = p->stride == NEURAL_S8_PANEL && n >= NEURAL_S8_PANEL;
}

/* A tile without rows, of any panel. */
static __always_inline void neural_pipe_open(struct neural_pipe *p, s8 *out, size_t stride,
					     const s32 *multiplier, const s32 *shift,
					     s32 zero_point, s32 min, s32 max)
{
	const __m512i zero = _mm512_setzero_si512();

	p->sums = (struct neural_pipe_sums){ zero, zero, zero, zero, zero, zero, zero, zero };
	p->s8 = neural_zmm_s8x4_load(zero_point, min, max);
	p->out = out;
	p->stride = stride;
	p->rows = 0;
	neural_pipe_panel(p, multiplier, shift, zero_point, 0);
}

/* Four rows from @r on. */
static __always_inline void neural_pipe_store(const struct neural_pipe *p, const u32 r,
					      __m512i s0, __m512i s1, __m512i s2, __m512i s3)
{
	const __m512i v = neural_pipe_s8x4(s0, s1, s2, s3, &p->s8);

	if (p->rows <= r)
		return;
	if (p->whole && p->rows >= r + 4)
		_mm512_storeu_si512(p->out + r * NEURAL_S8_PANEL, v);
	else
		neural_zmm_store_rows(p->out + r * p->stride, p->stride, p->mask,
				      p->rows - r, v);
}

static __always_inline __m512i neural_pipe_row(const struct neural_pipe *p, __m512i sum)
{
	return neural_pipe_here(neural_pipe_down(sum, &p->down));
}

/* A row; @r is a constant where this is inlined. */
static __always_inline void neural_pipe_step(struct neural_pipe *p, const u32 r)
{
	struct neural_pipe_sums *s = &p->sums;

	switch (r) {
	case 0:
		s->s0 = neural_pipe_row(p, s->s0);
		break;
	case 1:
		s->s1 = neural_pipe_row(p, s->s1);
		break;
	case 2:
		s->s2 = neural_pipe_row(p, s->s2);
		break;
	case 3:
		s->s3 = neural_pipe_row(p, s->s3);
		neural_pipe_store(p, 0, s->s0, s->s1, s->s2, s->s3);
		break;
	case 4:
		s->s4 = neural_pipe_row(p, s->s4);
		break;
	case 5:
		s->s5 = neural_pipe_row(p, s->s5);
		break;
	case 6:
		s->s6 = neural_pipe_row(p, s->s6);
		break;
	default:
		s->s7 = neural_pipe_row(p, s->s7);
		neural_pipe_store(p, 4, s->s4, s->s5, s->s6, s->s7);
		break;
	}
}

/* All rows, where no products follow. */
static __always_inline void neural_pipe_drain(struct neural_pipe *p)
{
	neural_pipe_step(p, 0);
	neural_pipe_step(p, 1);
	neural_pipe_step(p, 2);
	neural_pipe_step(p, 3);
	neural_pipe_step(p, 4);
	neural_pipe_step(p, 5);
	neural_pipe_step(p, 6);
	neural_pipe_step(p, 7);
}

#endif /* _NEURAL_SIMD_X86_S8_PIPE_ZMM_H */
