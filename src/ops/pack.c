// SPDX-License-Identifier: GPL-2.0-only
#include "../q16.h"
#include "../q16_batch_norm.h"
#include "../../simd/kernels.h"
#include "pack.h"

/*
 * With up to this many outputs left over, single rows beat a panel that is mostly
 * zeros.
 */
#define NEURAL_PACK_TAIL	6

/*
 * 16-bit weights cost a widening per chunk.  From chunks of two pairs on they beat
 * 32-bit weights all the same: at 256x256 and batch 1 by 1.4 (SSE2), 1.2 (AVX2), 1.35
 * (AVX-512) and 1.7 (AVX-512 VNNI), and more with longer chunks.
 */
#define NEURAL_PACK_CHUNK	2
#define NEURAL_PACK_CHUNK_MAX	4096

/*
 * Inputs that are worth being split into digits: a network of 15, 10 and 1 units takes
 * 69 ns with 32-bit weights and 83 with 16-bit ones, 132 and 160 without vectors.
 */
#define NEURAL_PACK_NARROW	32

/* The largest sum of |w| in a chunk for which no s32 partial sum can overflow. */
#define NEURAL_PACK_CHUNK_SUM	65535

/**
 * struct neural_packing - work in progress
 * @dense: the layer
 * @bn: batch-norm to fold in, or NULL
 * @row: one row of weights after folding
 * @bias: its bias after folding
 * @chunk: pairs all rows so far allow; zero once a weight needs more than 16 bits
 */
struct neural_packing {
	const struct neural_source *dense;
	const struct neural_source *bn;
	s32 *row;
	s32 bias;
	u32 chunk;
};

static int neural_pack_affine(const struct neural_batch_norm *bn, u32 j,
			      struct neural_q16_affine *affine, struct neural_reason *why)
{
	int ret = neural_q16_bn_coeff(affine, bn->gamma[j], bn->beta[j], bn->mean[j],
				      bn->variance[j], bn->epsilon);

	if (ret == -EINVAL)
		neural_refuse(why, ret, "batch-norm variance is not positive", j);
	else if (ret)
		neural_refuse(why, ret, "batch-norm factor is out of range", j);
	return ret;
}

int neural_pack_folded(const struct neural_source *dense, const struct neural_source *bn,
		       u32 j, s32 *row, s32 *bias, struct neural_reason *why)
{
	const u32 k = dense->in;
	struct neural_q16_affine affine;
	int ret;
	u32 i;

	neural_pause();
	if (dense->weights)
		memcpy(row, dense->weights + (size_t)j * k, (size_t)k * sizeof(s32));
	else
		for (i = 0; i < k; i++)
			row[i] = dense->weights16[(size_t)j * k + i];
	*bias = dense->bias ? dense->bias[j] : 0;
	if (!bn)
		return 0;
	ret = neural_pack_affine(&bn->bn, j, &affine, why);
	if (ret)
		return ret;
	ret = neural_q16_bn_fold_row(&affine, row, k, bias);
	if (ret)
		return neural_refuse(why, ret, "folded batch-norm leaves the range", j);
	return 0;
}

static int neural_pack_row(struct neural_packing *p, u32 j, struct neural_reason *why)
{
	return neural_pack_folded(p->dense, p->bn, j, p->row, &p->bias, why);
}

/* Halve the chunk until no window of it can overflow on this row. */
static void neural_pack_fit(struct neural_packing *p)
{
	const u32 k = p->dense->in;
	u32 i, window, sum;

restart:
	window = 2 * p->chunk;
	for (i = 0, sum = 0; i < k; i++) {
		if (!(i % window))
			sum = 0;
		sum += neural_q16_abs(p->row[i]);
		if (sum > NEURAL_PACK_CHUNK_SUM && p->chunk > 1) {
			p->chunk /= 2;
			goto restart;
		}
	}
}

/*
 * No accumulator can overflow: |x| is at most 2^31, or what is known of it, so the sum
 * of products and the rounding bias stay below 2^63 if this holds, in whatever order
 * they are added.
 */
static int neural_pack_verify(struct neural_packing *p, u32 j, struct neural_reason *why)
{
	const u32 k = p->dense->in;
	u64 sum = 0, room;
	u32 i, largest = 0;

	for (i = 0; i < k; i++) {
		const u32 magnitude = neural_q16_abs(p->row[i]);

		sum += magnitude;
		largest = max(largest, magnitude);
	}
	room = S64_MAX - NEURAL_Q16_HALF_LSB -
	       (u64)neural_q16_abs(p->bias) * NEURAL_Q16_ONE;
	if (sum > div64_u64(room, p->dense->reach ?: 1U << 31))
		return neural_refuse(why, -ERANGE,
				     "weights could overflow the accumulator", j);
	if (largest > S16_MAX)
		p->chunk = 0;
	if (p->chunk)
		neural_pack_fit(p);
	return 0;
}

/* Every row once: verify, and find out how narrow the weights are. */
static int neural_pack_scan(struct neural_packing *p, bool narrow,
			    struct neural_reason *why)
{
	u32 j;
	int ret;

	p->chunk = narrow && p->dense->in >= NEURAL_PACK_NARROW ? NEURAL_PACK_CHUNK_MAX : 0;
	for (j = 0; j < p->dense->desc.units; j++) {
		ret = neural_pack_row(p, j, why);
		if (!ret)
			ret = neural_pack_verify(p, j, why);
		if (ret)
			return ret;
	}
	if (p->chunk < NEURAL_PACK_CHUNK)
		p->chunk = 0;
	return 0;
}

/* Where each part of the block is; false where the sizes overflow. */
static bool neural_pack_layout(struct neural_dense *d, size_t at[5], size_t *total)
{
	const size_t padded = ALIGN(d->n, NEURAL_Q16_PANEL);
	const size_t width = d->chunk ? sizeof(s16) : sizeof(s32);
	const size_t inputs = d->chunk ? ALIGN(d->k, 2) : d->k;
	size_t panels, tail, bias = padded * sizeof(s64);

	if (check_mul_overflow(padded, inputs * width, &panels) ||
	    check_mul_overflow((size_t)d->tail, d->k * sizeof(s32), &tail))
		return false;
	at[0] = ALIGN(sizeof(*d), NEURAL_CACHE_LINE_SIZE);
	at[1] = at[0] + bias;
	at[2] = at[1] + bias;
	at[3] = at[2] + ALIGN(d->tail * sizeof(s64), NEURAL_CACHE_LINE_SIZE);
	if (check_add_overflow(at[3], panels, &at[4]))
		return false;
	at[4] = ALIGN(at[4], NEURAL_CACHE_LINE_SIZE);
	return !check_add_overflow(at[4], tail, total);
}

/* Output @j of a panel from the row in hand. */
static void neural_pack_panel_row(const struct neural_dense *d,
				  const struct neural_packing *p, u32 j)
{
	const size_t panel = j / NEURAL_Q16_PANEL;
	const u32 lane = j % NEURAL_Q16_PANEL;
	const size_t pairs = DIV_ROUND_UP(d->k, 2);
	s64 *bias = (s64 *)d->bias + j;
	s64 *wsum = (s64 *)d->wsum + j;
	u32 i;

	for (i = 0, *wsum = 0; i < d->k; i++) {
		*wsum += p->row[i];
		if (d->chunk)
			((s16 *)d->weights)[((panel * pairs + i / 2) * NEURAL_Q16_PANEL +
					     lane) * 2 + i % 2] = p->row[i];
		else
			((s32 *)d->weights)[(panel * d->k + i) * NEURAL_Q16_PANEL +
					    lane] = p->row[i];
	}
	*bias = neural_q16_bias(p->bias);
	/* Undoes the offset of the lower digit. */
	if (d->chunk)
		*bias += *wsum * 32768;
}

static void neural_pack_tail_row(const struct neural_dense *d,
				 const struct neural_packing *p, u32 j)
{
	memcpy((s32 *)d->tail_weights + (size_t)j * d->k, p->row, d->k * sizeof(s32));
	((s64 *)d->tail_bias)[j] = neural_q16_bias(p->bias);
}

static int neural_pack_fill(struct neural_packing *p, const struct neural_dense *d,
			    struct neural_reason *why)
{
	u32 j;
	int ret;

	for (j = 0; j < d->n + d->tail; j++) {
		ret = neural_pack_row(p, j, why);
		if (ret)
			return ret;
		if (j < d->n)
			neural_pack_panel_row(d, p, j);
		else
			neural_pack_tail_row(d, p, j - d->n);
	}
	return 0;
}

static int neural_pack_block(struct neural_account *account, struct neural_packing *p,
			     const struct neural_dense **packed, struct neural_reason *why)
{
	const struct neural_source *last = p->bn ?: p->dense;
	const u32 units = p->dense->desc.units;
	const u32 left = units % NEURAL_Q16_PANEL;
	struct neural_dense *d, shape = {
		.k = p->dense->in,
		.tail = left <= NEURAL_PACK_TAIL ? left : 0,
		.chunk = p->chunk,
		.act = last->desc.activation,
		.slope = last->desc.slope,
	};
	size_t at[5], total;
	u8 *block;

	shape.n = units - shape.tail;
	if (!neural_pack_layout(&shape, at, &total))
		return neural_refuse(why, -EOVERFLOW, "weights are too large", 0);
	block = neural_mem_alloc(account, total);
	if (!block)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	shape.bias = (s64 *)(block + at[0]);
	shape.wsum = (s64 *)(block + at[1]);
	shape.tail_bias = (s64 *)(block + at[2]);
	shape.weights = block + at[3];
	shape.tail_weights = (s32 *)(block + at[4]);
	d = (struct neural_dense *)block;
	*d = shape;
	*packed = d;
	return neural_pack_fill(p, d, why);
}

int neural_pack_dense(struct neural_account *account, const struct neural_source *dense,
		      const struct neural_source *bn, bool narrow,
		      const struct neural_dense **packed, struct neural_reason *why)
{
	struct neural_packing p = { .dense = dense, .bn = bn };
	int ret;

	*packed = NULL;
	p.row = neural_mem_alloc(account, (size_t)dense->in * sizeof(s32));
	if (!p.row)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	ret = neural_pack_scan(&p, narrow, why);
	if (!ret)
		ret = neural_pack_block(account, &p, packed, why);
	if (ret) {
		neural_mem_free(*packed);
		*packed = NULL;
	}
	neural_mem_free(p.row);
	return ret;
}

int neural_pack_scale(struct neural_account *account, const struct neural_source *bn,
		      const struct neural_scale **packed, struct neural_reason *why)
{
	const size_t head = ALIGN(sizeof(struct neural_scale), NEURAL_CACHE_LINE_SIZE);
	const u32 n = bn->desc.units;
	struct neural_q16_affine affine;
	struct neural_scale *s;
	s32 *scale, *shift;
	u32 j;
	int ret;

	*packed = NULL;
	s = neural_mem_alloc(account, head + 2 * (size_t)n * sizeof(s32));
	if (!s)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	scale = (s32 *)((u8 *)s + head);
	shift = scale + n;
	for (j = 0; j < n; j++) {
		ret = neural_pack_affine(&bn->bn, j, &affine, why);
		if (ret)
			goto out_free;
		ret = neural_q16_bn_scale(&affine, &scale[j], &shift[j]);
		if (ret) {
			neural_refuse(why, ret, "batch-norm leaves the range", j);
			goto out_free;
		}
	}
	s->n = n;
	s->act = bn->desc.activation;
	s->slope = bn->desc.slope;
	s->scale = scale;
	s->shift = shift;
	*packed = s;
	return 0;

out_free:
	neural_mem_free(s);
	return ret;
}
