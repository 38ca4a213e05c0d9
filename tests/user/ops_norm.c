// SPDX-License-Identifier: GPL-2.0-only
/* Layer and RMS normalisation and batch matmul: every bit, and how far from real. */
#include <math.h>

#include "../../src/ops/norm.h"
#include "../reference/norm.h"
#include "step.h"

static u32 pick(u32 n)
{
	return reference_random(&step_seed) % n;
}

/* Of rank 2, with @n elements normalised together. */
static void make_norm(struct step *s, u16 code, u32 m, u32 n)
{
	const bool beta = code == NEURAL_OP_LAYER_NORM && pick(3);
	s32 *attr = s->node.attr;
	struct neural_tensor *x;

	step_begin(s, code);
	x = step_in(s, NEURAL_S8, 2, m, n);
	/* Of no variance, of little, and of all there can be. */
	x->lo = pick(3) ? S8_MIN : -(s32)pick(3);
	x->hi = pick(3) ? S8_MAX : x->lo + pick(3);
	x->zero_point = (s32)pick(256) - 128;
	step_const(step_in(s, NEURAL_S16, 1, n), S16_MIN >> pick(16), S16_MAX >> pick(16));
	s->in[1].frac = pick(32);
	if (beta) {
		step_const(step_in(s, NEURAL_S32, 1, n), S32_MIN >> pick(32),
			   S32_MAX >> pick(32));
		s->in[2].frac = 16;
	} else if (code == NEURAL_OP_LAYER_NORM && pick(2)) {
		s->list[s->node.nr_in++] = NULL;
	}
	step_out(s, NEURAL_S8, 2, m, n);
	s->out.zero_point = (s32)pick(256) - 128;
	attr[NEURAL_NORM_MULTIPLIER] = (1 << 30) + pick(1 << 30);
	attr[NEURAL_NORM_SHIFT] = -(s32)pick(32);
	attr[NEURAL_NORM_EPSILON] = pick(3) * pick(1U << 31) / 2 >> pick(31);
	attr[NEURAL_NORM_MIN] = -128 + pick(2) * pick(128);
	attr[NEURAL_NORM_MAX] = 127 - pick(2) * pick(127);
}

static s32 norm_expect(const struct step *s, u32 i, s64 z)
{
	const struct neural_tensor *beta = s->node.nr_in > 2 ? s->list[2] : NULL;
	const struct neural_s8_norm p = {
		.drop = 4 + s->in[1].frac,
		.multiplier = s->node.attr[NEURAL_NORM_MULTIPLIER],
		.shift = s->node.attr[NEURAL_NORM_SHIFT],
		.zero_point = s->out.zero_point,
		.min = s->node.attr[NEURAL_NORM_MIN],
		.max = s->node.attr[NEURAL_NORM_MAX],
	};

	return reference_norm_s8(&p, z, step_get(s->in[1].data, NEURAL_S16, i),
				 beta ? step_get(beta->data, NEURAL_S32, i) : 0);
}

static bool norm_answers(const struct step *s)
{
	static s64 z[NEURAL_NORM_MAX_UNITS];
	const u32 n = s->in[0].dim[1];
	u32 i, r, v;

	for (r = 0; r < s->rows; r++) {
		for (v = 0; v < s->in[0].dim[0]; v++) {
			reference_normalise((const s8 *)step_src(s, 0, r) + v * n,
					    s->in[0].zero_point, n,
					    s->node.code == NEURAL_OP_LAYER_NORM,
					    s->node.attr[NEURAL_NORM_EPSILON], z);
			for (i = 0; i < n; i++)
				if (step_get(step_dst(s, r), NEURAL_S8, v * n + i) !=
				    norm_expect(s, i, z[i]))
					return false;
		}
	}
	return true;
}

static void norm_random(u16 code, const char *name)
{
	unsigned int failed = 0;
	struct step s;
	u32 i;

	for (i = 0; i < 2000; i++) {
		const bool longest = i % 100 == 99;

		make_norm(&s, code, longest ? 1 : step_size(4),
			  longest ? NEURAL_NORM_MAX_UNITS : step_size(300));
		tap_check(&failed, !step_verify(&s) && !step_run(&s, longest ? 1 : step_size(9)) &&
			  norm_answers(&s) && step_clean(&s), "%s %u: %s", name, i,
			  s.why.rule ?: "wrong");
		tap_check(&failed, s.why.rule || step_survives(&s), "%s %u: memory", name, i);
		step_end(&s);
	}
	tap_ok(!failed, "%s: random ones", name);
}

/* As many elements as there may be, all as far from zero as they can be. */
static void norm_largest(void)
{
	unsigned int failed = 0;
	struct step s;
	u32 turn;

	for (turn = 0; turn < 4; turn++) {
		make_norm(&s, turn % 2 ? NEURAL_OP_LAYER_NORM : NEURAL_OP_RMS_NORM, 1,
			  NEURAL_NORM_MAX_UNITS);
		s.in[0].lo = turn % 2 ? S8_MIN : S8_MAX;
		s.in[0].hi = S8_MAX;
		s.in[0].zero_point = S8_MIN;
		free((void *)s.in[1].data);
		step_const(&s.in[1], S16_MIN, S16_MIN);
		s.in[1].frac = 16;
		s.node.attr[NEURAL_NORM_EPSILON] = turn / 2 ? S32_MAX : 0;
		s.node.attr[NEURAL_NORM_SHIFT] = -16;
		s.node.attr[NEURAL_NORM_MIN] = S8_MIN;
		s.node.attr[NEURAL_NORM_MAX] = S8_MAX;
		s.out.zero_point = 50;
		tap_check(&failed, !step_verify(&s) && !step_run(&s, 1) && norm_answers(&s),
			  "turn %u", turn);
		step_end(&s);
	}
	tap_ok(!failed, "norm: the largest sums there can be");
}

/*
 * Gamma of 1/2 .. 2, beta of +-1 and steps of 1/32, as layers have them: how many steps
 * is a result off the real function, of which half a one is for rounding?
 */
static void norm_accuracy(u16 code, const char *name)
{
	double worst = 0;
	struct step s;
	u32 i, e, turn;

	for (turn = 0; turn < 300; turn++) {
		const u32 n = 2 + step_size(1000);
		double mean = 0, var = 0;

		make_norm(&s, code, 1, n);
		s.in[0].lo = S8_MIN;
		s.in[0].hi = S8_MAX;
		free((void *)s.in[1].data);
		step_const(&s.in[1], 1 << 11, 1 << 13);
		s.in[1].frac = 12;
		if (s.node.nr_in > 2 && s.list[2]) {
			free((void *)s.in[2].data);
			step_const(&s.in[2], -65536, 65536);
		}
		/* 2^-16 * 32 = 2^-11 */
		s.node.attr[NEURAL_NORM_MULTIPLIER] = 1 << 30;
		s.node.attr[NEURAL_NORM_SHIFT] = -10;
		s.node.attr[NEURAL_NORM_EPSILON] = pick(2) * 655;
		s.node.attr[NEURAL_NORM_MIN] = S8_MIN;
		s.node.attr[NEURAL_NORM_MAX] = S8_MAX;
		s.out.zero_point = 0;
		WARN_ON(step_verify(&s) || step_run(&s, 1));
		for (i = 0; i < n; i++)
			mean += (double)step_get(step_src(&s, 0, 0), NEURAL_S8, i) / n;
		if (code == NEURAL_OP_RMS_NORM)
			mean = s.in[0].zero_point;
		for (i = 0; i < n; i++) {
			const double c = step_get(step_src(&s, 0, 0), NEURAL_S8, i) - mean;

			var += c * c / n;
		}
		var += s.node.attr[NEURAL_NORM_EPSILON] / 65536.0;
		for (e = 0; e < n && var > 0; e++) {
			double y = (step_get(step_src(&s, 0, 0), NEURAL_S8, e) - mean) / sqrt(var) *
				   step_get(s.in[1].data, NEURAL_S16, e) / 4096;

			if (s.node.nr_in > 2 && s.list[2])
				y += step_get(s.in[2].data, NEURAL_S32, e) / 65536.0;
			y = fmin(fmax(y * 32, -128), 127);
			worst = fmax(worst, fabs(y - step_get(step_dst(&s, 0), NEURAL_S8, e)));
		}
		step_end(&s);
	}
	tap_note("%s: off by %.4f steps at most", name, worst);
	tap_ok(worst > 0.4 && worst < 0.52, "%s: as accurate as rounding allows", name);
}

static void make_layer_norm(struct step *s)
{
	do {
		if (s->node.in)
			step_end(s);
		make_norm(s, NEURAL_OP_LAYER_NORM, 2, 5);
	} while (s->node.nr_in < 3 || !s->list[2]);
}

static void norm_refused(void)
{
	unsigned int failed = 0;

#define BAD_NORM(_change, _rule) do {					\
	struct step s = { };						\
									\
	make_layer_norm(&s);						\
	tap_check(&failed, !step_verify(&s), "a norm is one");		\
	_change;							\
	tap_check(&failed, step_refused(&s, strstr(_rule, "overflow") ?	\
					-ERANGE : -EINVAL, _rule), "%s", #_change); \
	step_end(&s);							\
} while (0)
	BAD_NORM(s.out.dtype = NEURAL_S16, "input and output are not S8");
	BAD_NORM(s.out.dim[0] = 3, "input and output differ in shape");
	BAD_NORM(s.in[0].dim[1] = s.out.dim[1] = NEURAL_NORM_MAX_UNITS + 1,
		 "too many elements to sum up");
	BAD_NORM(s.in[1].dtype = NEURAL_S8, "gamma is not S16 in fixed point");
	BAD_NORM(s.in[1].zero_point = 1, "gamma is not S16 in fixed point");
	BAD_NORM(s.in[1].dim[0] = 4, "not one gamma per element");
	BAD_NORM(s.in[2].frac = 15, "beta is not Q16.16");
	BAD_NORM(s.in[2].dim[0] = 6, "not one beta per element");
	BAD_NORM(s.node.attr[NEURAL_NORM_EPSILON] = -1, "epsilon is negative");
	BAD_NORM(s.node.attr[NEURAL_NORM_MIN] = 128, "bounds are not S8 values in order");
	BAD_NORM(s.node.attr[NEURAL_NORM_MULTIPLIER] = -1, "multiplier is negative");
	BAD_NORM(s.node.attr[NEURAL_NORM_SHIFT] = -32, "shift is out of range");
	BAD_NORM(s.node.attr[NEURAL_NORM_SHIFT] = 1, "left shift can overflow");
	tap_ok(!failed, "norm: each rule refuses");
}

/* Matrices of any order, with leading dimensions that one factor may lack. */
static void make_matmul(struct step *s)
{
	const bool adj_a = pick(2), adj_b = pick(2), large = !pick(8);
	const u32 m = step_size(large ? 150 : 20), n = step_size(large ? 200 : 40);
	const u32 k = step_size(large ? 300 : 60);
	const u32 nr = large ? pick(2) : pick(5), less_a = pick(2) * pick(nr + 1);
	u32 a[NEURAL_MODEL_RANK], b[NEURAL_MODEL_RANK], y[NEURAL_MODEL_RANK], d;

	step_begin(s, NEURAL_OP_BATCH_MATMUL);
	for (d = 0; d < nr; d++) {
		y[d] = step_size(3);
		a[d] = pick(3) ? y[d] : 1;
		b[d] = a[d] == y[d] && d >= less_a && !pick(3) ? 1 : y[d];
	}
	a[nr] = adj_a ? k : m;
	a[nr + 1] = adj_a ? m : k;
	b[nr] = adj_b ? n : k;
	b[nr + 1] = adj_b ? k : n;
	y[nr] = m;
	y[nr + 1] = n;
	step_shape(step_in(s, NEURAL_S8, 0), NEURAL_S8, nr + 2 - less_a, a + less_a);
	step_shape(step_in(s, NEURAL_S8, 0), NEURAL_S8, nr + 2, b);
	step_shape(&s->out, NEURAL_S8, nr + 2, y);
	s->in[0].zero_point = (s32)pick(256) - 128;
	s->in[1].zero_point = (s32)pick(256) - 128;
	s->out.zero_point = (s32)pick(256) - 128;
	if (!pick(4))
		step_const(&s->in[pick(2)], S8_MIN, S8_MAX);
	s->node.attr[NEURAL_MATMUL_MULTIPLIER] = pick(1U << 31);
	s->node.attr[NEURAL_MATMUL_SHIFT] = 2 - (s32)pick(20);
	s->node.attr[NEURAL_MATMUL_ADJ_A] = adj_a;
	s->node.attr[NEURAL_MATMUL_ADJ_B] = adj_b;
	s->node.attr[NEURAL_MATMUL_MIN] = -128 + pick(2) * pick(128);
	s->node.attr[NEURAL_MATMUL_MAX] = 127 - pick(2) * pick(127);
}

/* Element of @t at row @i, column @j of the matrix that goes into element @e of @y. */
static s64 matmul_element(const struct step *s, u32 which, u32 r, u32 e, u32 i, u32 j)
{
	const struct neural_tensor *t = &s->in[which], *y = &s->out;
	u32 at = 0, d, left[NEURAL_MODEL_RANK];

	for (d = y->rank; d-- > 0; e /= y->dim[d])
		left[d] = e % y->dim[d];
	for (d = 0; d < t->rank - 2; d++)
		at = at * t->dim[d] + left[d + y->rank - t->rank] % t->dim[d];
	if (s->node.attr[NEURAL_MATMUL_ADJ_A + which])
		swap(i, j);
	at = (at * t->dim[t->rank - 2] + i) * t->dim[t->rank - 1] + j;
	return step_get(step_src(s, which, r), NEURAL_S8, at) - t->zero_point;
}

static bool matmul_answers(const struct step *s)
{
	const u32 m = s->out.dim[s->out.rank - 2], n = s->out.dim[s->out.rank - 1];
	const u32 k = s->in[0].dim[s->in[0].rank - (s->node.attr[NEURAL_MATMUL_ADJ_A] ? 2 : 1)];
	const s32 *attr = s->node.attr;
	u32 e, i, r;

	for (r = 0; r < s->rows; r++) {
		for (e = 0; e < s->out.elements; e++) {
			s64 sum = 0;

			for (i = 0; i < k; i++)
				sum += matmul_element(s, 0, r, e, e / n % m, i) *
				       matmul_element(s, 1, r, e, i, e % n);
			sum = reference_rescale(sum, attr[NEURAL_MATMUL_MULTIPLIER],
						attr[NEURAL_MATMUL_SHIFT]) + s->out.zero_point;
			if (step_get(step_dst(s, r), NEURAL_S8, e) !=
			    clamp_t(s64, sum, attr[NEURAL_MATMUL_MIN], attr[NEURAL_MATMUL_MAX]))
				return false;
		}
	}
	return true;
}

static void matmul_random(void)
{
	unsigned int failed = 0;
	struct step s;
	u32 i;

	for (i = 0; i < 1000; i++) {
		make_matmul(&s);
		tap_check(&failed, !step_verify(&s) && !step_run(&s, step_size(4)) &&
			  matmul_answers(&s) && step_clean(&s), "%u: %s, ranks %u %u", i,
			  s.why.rule ?: "wrong", s.in[0].rank, s.in[1].rank);
		tap_check(&failed, s.why.rule || step_survives(&s), "%u: memory", i);
		step_end(&s);
	}
	tap_ok(!failed && !neural_shim_live_bytes, "matmul: random ones");
}

/* [2,3,4] times [2,4,5] */
static void make_product(struct step *s)
{
	step_begin(s, NEURAL_OP_BATCH_MATMUL);
	step_in(s, NEURAL_S8, 3, 2, 3, 4);
	step_in(s, NEURAL_S8, 3, 2, 4, 5);
	step_out(s, NEURAL_S8, 3, 2, 3, 5);
	s->node.attr[NEURAL_MATMUL_MULTIPLIER] = 1 << 30;
	s->node.attr[NEURAL_MATMUL_MAX] = 1;
}

static void matmul_refused(void)
{
	const char *const shape = "output has not the shape of the product";
	unsigned int failed = 0;

	BAD(make_product, s.in[1].dtype = NEURAL_S4, "inputs and output are not S8");
	BAD(make_product, s.node.attr[NEURAL_MATMUL_ADJ_A] = 2, "flag is neither 0 nor 1");
	BAD(make_product, s.node.attr[NEURAL_MATMUL_ADJ_B] = -1, "flag is neither 0 nor 1");
	BAD(make_product, s.in[0].rank = 1, "input is no matrix");
	BAD(make_product, s.node.attr[NEURAL_MATMUL_ADJ_A] = 1, "matrices do not agree");
	BAD(make_product, s.out.rank = 2, shape);
	BAD(make_product, s.out.dim[1] = 4, shape);
	BAD(make_product, s.out.dim[2] = 4, shape);
	BAD(make_product, s.out.dim[0] = 1, shape);
	BAD(make_product, s.in[0].dim[0] = 3, "leading dimensions do not agree");
	BAD(make_product, s.node.attr[NEURAL_MATMUL_MIN] = 2,
	    "bounds are not S8 values in order");
	BAD(make_product, s.node.attr[NEURAL_MATMUL_MULTIPLIER] = -1, "multiplier is negative");
	REFUSE(make_product, s.in[0].dim[2] = s.in[1].dim[1] = 1 << 18, -ERANGE,
	       "sum can overflow");
	REFUSE(make_product, s.node.attr[NEURAL_MATMUL_SHIFT] = 30, -ERANGE,
	       "left shift can overflow");
	tap_ok(!failed, "matmul: each rule refuses");
}

int main(void)
{
	tap_plan(8);
	neural_simd_init();
	norm_random(NEURAL_OP_LAYER_NORM, "layer norm");
	norm_random(NEURAL_OP_RMS_NORM, "RMS norm");
	norm_largest();
	norm_accuracy(NEURAL_OP_LAYER_NORM, "layer norm");
	norm_accuracy(NEURAL_OP_RMS_NORM, "RMS norm");
	norm_refused();
	matmul_random();
	matmul_refused();
	return tap_done();
}
