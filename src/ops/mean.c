// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../s8.h"
#include "mean.h"
#include "rescale.h"

/* Sums that are made together. */
#define NEURAL_MEAN_TILE	64

/* Dimensions that are kept and those that are not take turns: at most this many each. */
#define NEURAL_MEAN_LEVELS	(NEURAL_MODEL_RANK / 2)

/**
 * struct neural_mean_level - neighbouring dimensions, those kept before those not
 * @kept: elements of the former
 * @summed: elements of the latter
 * @kept_stride: distance of two of the former
 * @summed_stride: distance of two of the latter
 */
struct neural_mean_level {
	u32 kept;
	u32 summed;
	size_t kept_stride;
	size_t summed_stride;
};

/**
 * struct neural_mean - sizes and numbers
 * @level: outermost first
 * @columns: innermost dimensions that are kept, 1 if there are none
 * @bias: what the zero point adds to a sum, to be taken off
 * @multiplier: Q0.31, with the division in it
 * @shift: to the left where positive
 * @zero_point: of the output
 */
struct neural_mean {
	struct neural_mean_level level[NEURAL_MEAN_LEVELS];
	u32 columns;
	s32 bias;
	s32 multiplier;
	s32 shift;
	s32 zero_point;
};

static bool neural_mean_sums(const struct neural_node *node, u32 d)
{
	return node->attr[NEURAL_MEAN_AXES] & BIT(d);
}

/* Elements in one mean. */
static u32 neural_mean_count(const struct neural_node *node)
{
	u32 d, count = 1;

	for (d = 0; d < node->in[0]->rank; d++)
		if (neural_mean_sums(node, d))
			count *= node->in[0]->dim[d];
	return count;
}

/* Dimensions that are gone may be left as ones, all of them, or be left out. */
static bool neural_mean_shape(const struct neural_node *node)
{
	const struct neural_tensor *x = node->in[0];
	const struct neural_tensor *y = node->out;
	u32 d, kept = 0;
	bool ones = true, gone = true;

	for (d = 0; d < x->rank; d++) {
		const bool summed = neural_mean_sums(node, d);

		if (y->dim[d] != (summed ? 1 : x->dim[d]))
			ones = false;
		if (!summed && y->dim[kept++] != x->dim[d])
			gone = false;
	}
	return (ones && y->rank == x->rank) || (gone && y->rank == kept);
}

int neural_mean_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	const s32 axes = node->attr[NEURAL_MEAN_AXES];
	s64 count;
	int ret;

	ret = neural_verify_s8(x, why) ?: neural_verify_s8(node->out, why);
	if (ret)
		return ret;
	if (axes <= 0 || axes >> x->rank)
		return neural_node_bad(why, "axes are not dimensions of the input");
	if (!neural_mean_shape(node))
		return neural_node_bad(why, "output has another shape");
	count = neural_mean_count(node);
	ret = neural_verify_rescale(node->attr[NEURAL_MEAN_MULTIPLIER],
				    node->attr[NEURAL_MEAN_SHIFT],
				    count * (x->lo - x->zero_point),
				    count * (x->hi - x->zero_point), 0, why);
	if (ret)
		return ret;
	node->out->lo = S8_MIN;
	node->out->hi = S8_MAX;
	return 0;
}

u64 neural_mean_macs(const struct neural_node *node)
{
	return node->in[0]->elements;
}

/*
 * Neighbouring dimensions of a kind are as good as one.  From the innermost one out: the
 * kept ones at the end are the columns, then levels are filled from the last.
 */
static void neural_mean_levels(struct neural_mean *mean, const struct neural_node *node)
{
	struct neural_mean_level *level = &mean->level[NEURAL_MEAN_LEVELS];
	size_t stride = 1;
	bool summing = false;
	u32 d;

	mean->columns = 1;
	for (d = node->in[0]->rank; d-- > 0;) {
		const u32 dim = node->in[0]->dim[d];

		if (!neural_mean_sums(node, d)) {
			if (level == &mean->level[NEURAL_MEAN_LEVELS]) {
				mean->columns *= dim;
			} else {
				if (summing)
					level->kept_stride = stride;
				level->kept *= dim;
			}
			summing = false;
		} else {
			if (!summing)
				(--level)->summed_stride = stride;
			level->summed *= dim;
			summing = true;
		}
		stride *= dim;
	}
}

int neural_mean_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_mean *mean = neural_mem_alloc(account, sizeof(*mean));
	u32 i;

	if (!mean)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	for (i = 0; i < NEURAL_MEAN_LEVELS; i++) {
		mean->level[i].kept = 1;
		mean->level[i].summed = 1;
	}
	neural_mean_levels(mean, node);
	mean->bias = neural_mean_count(node) * (u32)node->in[0]->zero_point;
	mean->multiplier = node->attr[NEURAL_MEAN_MULTIPLIER];
	mean->shift = node->attr[NEURAL_MEAN_SHIFT];
	mean->zero_point = node->out->zero_point;
	step->params = mean;
	return 0;
}

/* Add @rows rows, @stride apart, to @n sums. */
static void neural_mean_rows(struct neural_exec *x, s32 *sum, const s8 *at, u32 n, u32 rows,
			     size_t stride)
{
	const u32 tile = neural_section_bound(&x->section) / n;
	u32 r;

	for (r = 0; r < rows; r += tile) {
		const struct neural_s8_sum_args args = {
			.sum = sum,
			.x = at + r * stride,
			.rows = min(tile, rows - r),
			.n = n,
			.stride = stride,
		};

		neural_run_s8_sum(&x->section, &args, (u64)args.rows * n);
	}
}

/* @n means, of columns that begin at @at. */
static void neural_mean_tile(const struct neural_mean *mean, struct neural_exec *x, s8 *out,
			     const s8 *at, u32 n)
{
	const struct neural_mean_level *l = mean->level;
	s32 sum[NEURAL_MEAN_TILE] = { };
	u32 c, i, j;

	for (i = 0; i < l[0].summed; i++)
		for (j = 0; j < l[1].summed; j++)
			neural_mean_rows(x, sum, at + i * l[0].summed_stride +
					 j * l[1].summed_stride, n, l[2].summed,
					 l[2].summed_stride);
	for (c = 0; c < n; c++)
		out[c] = neural_requantize_s8(neural_mbqm((u32)sum[c] - (u32)mean->bias,
							  mean->multiplier, mean->shift),
					      mean->zero_point, S8_MIN, S8_MAX);
}

static s8 *neural_mean_columns(const struct neural_mean *mean, struct neural_exec *x,
			       s8 *out, const s8 *at)
{
	u32 c, n;

	for (c = 0; c < mean->columns; c += n) {
		n = min_t(u32, mean->columns - c, NEURAL_MEAN_TILE);
		neural_mean_tile(mean, x, out + c, at + c, n);
	}
	return out + mean->columns;
}

void neural_mean_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch)
{
	const struct neural_mean *mean = step->params;
	const struct neural_mean_level *l = mean->level;
	u32 r, i, j, k;

	static_assert(NEURAL_MEAN_LEVELS == 3, "loops as deep as there are levels");

	for (r = 0; r < x->rows; r++) {
		const s8 *at = neural_row(src, r);
		s8 *out = neural_row(dst, r);

		for (i = 0; i < l[0].kept; i++)
			for (j = 0; j < l[1].kept; j++)
				for (k = 0; k < l[2].kept; k++)
					out = neural_mean_columns(mean, x, out, at +
								  i * l[0].kept_stride +
								  j * l[1].kept_stride +
								  k * l[2].kept_stride);
	}
}
