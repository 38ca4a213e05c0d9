// SPDX-License-Identifier: GPL-2.0-only
/* Dense, scale and softmax of fixed-point models, against 128-bit sums. */
#include "../../src/ops/dense.h"
#include "../../src/ops/fixed.h"
#include "../../src/q16_softmax.h"
#include "../reference/fixed.h"
#include "step.h"

#define ROUNDS	4000

static u32 q16_runs, narrow_runs, wide_runs, act_runs[NEURAL_TANH + 1];

static u32 pick(u32 n)
{
	return reference_random(&step_seed) % n;
}

/* Weights of up to @most, such that sums stay in range for the inputs there may be. */
static void random_dense(struct step *s)
{
	static const u8 xs[] = { NEURAL_S8, NEURAL_S16, NEURAL_S32, NEURAL_S64 };
	static const u8 ws[] = { NEURAL_S8, NEURAL_S16, NEURAL_S32 };
	static const u8 ys[] = { NEURAL_S16, NEURAL_S32, NEURAL_S64 };
	const u32 k = step_size(70), n = step_size(40), m = pick(3) ? 1 : step_size(40);
	const bool q16 = !pick(4), has_bias = pick(4);
	struct neural_tensor *x, *w, *b = NULL, *y;
	s32 *attr = s->node.attr;
	u32 frac;

	step_begin(s, NEURAL_OP_DENSE);
	x = step_in(s, q16 ? NEURAL_S32 : xs[pick(4)], 3, m, 1, k);
	w = step_in(s, q16 ? ws[1 + pick(2)] : ws[pick(3)], 2, n, k);
	if (has_bias)
		b = step_in(s, q16 || pick(2) ? NEURAL_S32 : NEURAL_S64, 1, n);
	else
		s->list[s->node.nr_in++] = NULL;
	y = step_out(s, q16 ? NEURAL_S32 : ys[pick(3)], 3, m, 1, n);
	/* Some inputs are known to be smaller than their type. */
	if (pick(2)) {
		x->lo >>= pick(neural_dtype_bits(x->dtype));
		x->hi >>= pick(neural_dtype_bits(x->dtype));
	}
	x->frac = x->dtype == NEURAL_S8 ? 0 : pick(32);
	w->frac = w->dtype == NEURAL_S8 ? 0 : pick(32);
	frac = x->frac + w->frac;
	attr[NEURAL_DENSE_SHIFT] = q16 ? 16 : pick(2) ? frac : pick(frac + 1);
	if (frac < 16 && q16) {
		frac = 16;
		x->frac = frac - w->frac;
	}
	if (frac - attr[NEURAL_DENSE_SHIFT] > 31)
		attr[NEURAL_DENSE_SHIFT] = frac - 31;
	y->frac = frac - attr[NEURAL_DENSE_SHIFT];
	if (b) {
		attr[NEURAL_DENSE_BIAS_SHIFT] = q16 ? 16 : pick(min(frac, 31U) + 1);
		if (frac - attr[NEURAL_DENSE_BIAS_SHIFT] > 31)
			attr[NEURAL_DENSE_BIAS_SHIFT] = frac - 31;
		b->frac = frac - attr[NEURAL_DENSE_BIAS_SHIFT];
		step_const(b, b->lo >> pick(60), b->hi >> pick(60));
	}
	attr[NEURAL_DENSE_ACTIVATION] = pick(y->dtype == NEURAL_S64 ? 3 : 5);
	attr[NEURAL_DENSE_SLOPE] = pick(3) ? (s32)pick(1U << 31) : S32_MAX;
	step_const(w, w->lo >> pick(neural_dtype_bits(w->dtype)),
		   w->hi >> pick(neural_dtype_bits(w->dtype)));
}

/* Whether the sum of output @j can leave s64, and its interval, in 128 bits. */
static bool dense_fits(const struct step *s, u32 j, s64 *lo, s64 *hi)
{
	const struct neural_tensor *x = s->list[0], *w = s->list[1], *b = s->list[2];
	const s32 *attr = s->node.attr;
	const __int128 bias = b ? (__int128)step_get(b->data, b->dtype, j) *
				  (1LL << attr[NEURAL_DENSE_BIAS_SHIFT]) : 0;
	__int128 low = bias, high = bias, most = bias < 0 ? -bias : bias;
	u32 i;

	for (i = 0; i < w->dim[1]; i++) {
		const __int128 v = step_get(w->data, w->dtype, (size_t)j * w->dim[1] + i);
		const __int128 a = v * x->lo, c = v * x->hi;

		low += min_t(__int128, a, c);
		high += max_t(__int128, a, c);
		most += max_t(__int128, a < 0 ? -a : a, c < 0 ? -c : c);
	}
	if (attr[NEURAL_DENSE_SHIFT])
		most += 1LL << (attr[NEURAL_DENSE_SHIFT] - 1);
	if (most > S64_MAX)
		return false;
	*lo = min(*lo, reference_fixed(low, attr[0], neural_dtype_bits(s->out.dtype),
				       s->out.frac, attr[NEURAL_DENSE_ACTIVATION],
				       attr[NEURAL_DENSE_SLOPE]));
	*hi = max(*hi, reference_fixed(high, attr[0], neural_dtype_bits(s->out.dtype),
				       s->out.frac, attr[NEURAL_DENSE_ACTIVATION],
				       attr[NEURAL_DENSE_SLOPE]));
	return true;
}

static s64 dense_expect(const struct step *s, u32 r, u32 v, u32 j)
{
	const struct neural_tensor *x = s->list[0], *w = s->list[1], *b = s->list[2];
	const u32 k = w->dim[1];
	const s32 *attr = s->node.attr;
	__int128 sum = b ? (__int128)step_get(b->data, b->dtype, j) *
			   (1LL << attr[NEURAL_DENSE_BIAS_SHIFT]) : 0;
	u32 i;

	for (i = 0; i < k; i++)
		sum += (__int128)step_get(step_src(s, 0, r), x->dtype, v * k + i) *
		       step_get(w->data, w->dtype, (size_t)j * k + i);
	return reference_fixed(sum, attr[NEURAL_DENSE_SHIFT], neural_dtype_bits(s->out.dtype),
			       s->out.frac, attr[NEURAL_DENSE_ACTIVATION],
			       attr[NEURAL_DENSE_SLOPE]);
}

static bool dense_answers(const struct step *s)
{
	const u32 n = s->list[1]->dim[0], m = s->out.elements / n;
	u32 j, r, v;

	for (r = 0; r < s->rows; r++)
		for (v = 0; v < m; v++)
			for (j = 0; j < n; j++)
				if (step_get(step_dst(s, r), s->out.dtype, v * n + j) !=
				    dense_expect(s, r, v, j))
					return false;
	return true;
}

/* What a vector kernel relies on and the generic one does not: s32 holds a chunk. */
static bool dense_chunk_holds(const struct step *s)
{
	const struct neural_tensor *x = s->list[0], *w = s->list[1];
	const struct neural_fixed *f = s->steps[0].params;
	s64 lo = x->lo, hi = x->hi, sum = 0;
	const u32 k = w->dim[1];
	u32 i;

	if (s->steps[0].run != neural_fixed_run || !f->digits)
		return true;
	if (f->digits > 1) {
		lo = S16_MIN;
		hi = S16_MAX;
	}
	for (i = 0; i < w->elements; i++) {
		const s64 v = step_get(w->data, w->dtype, i);

		sum = i % k % (2ULL * f->chunk) ? sum : 0;
		sum += max(llabs(v * lo), llabs(v * hi));
		if (sum > S32_MAX || v != (s16)v)
			return false;
	}
	return true;
}

static void dense_count(const struct step *s)
{
	const struct neural_fixed *f = s->steps[0].params;

	q16_runs += s->steps[0].run == neural_dense_run;
	if (s->steps[0].run == neural_fixed_run)
		*(f->digits ? &narrow_runs : &wide_runs) += 1;
	act_runs[s->node.attr[NEURAL_DENSE_ACTIVATION]]++;
}

static void dense_random(void)
{
	unsigned int failed = 0, refused = 0;
	struct step s;
	u32 i, j, rows;

	for (i = 0; i < ROUNDS; i++) {
		s64 lo = S64_MAX, hi = S64_MIN;
		bool fits = true;
		int ret;

		random_dense(&s);
		for (j = 0; fits && j < s.list[1]->dim[0]; j++)
			fits = dense_fits(&s, j, &lo, &hi);
		ret = step_verify(&s);
		tap_check(&failed, ret == (fits ? 0 : -ERANGE), "%u: %d, %s", i, ret,
			  s.why.rule);
		if (ret) {
			refused += fits == (ret != -ERANGE);
			tap_check(&failed, fits || s.why.unit == j - 1, "%u: unit %u of %u",
				  i, s.why.unit, j);
			step_end(&s);
			continue;
		}
		tap_check(&failed, s.out.lo == lo && s.out.hi == hi,
			  "%u: %lld .. %lld is not %lld .. %lld", i, s.out.lo, s.out.hi, lo, hi);
		rows = step_size(16);
		tap_check(&failed, !step_run(&s, rows) && dense_answers(&s) &&
			  dense_chunk_holds(&s) && step_clean(&s),
			  "%u: k %u n %u rows %u dtypes %u %u %u shift %d act %d", i,
			  s.list[1]->dim[1], s.list[1]->dim[0], rows, s.list[0]->dtype,
			  s.list[1]->dtype, s.out.dtype, s.node.attr[0], s.node.attr[2]);
		dense_count(&s);
		step_end(&s);
	}
	tap_note("Q16.16 %u, 16-bit %u, 64-bit %u, could overflow %u", q16_runs, narrow_runs,
		 wide_runs, refused);
	tap_ok(!failed, "random dense layers, or why there is none");
	for (i = 0; i < ARRAY_SIZE(act_runs); i++)
		failed += act_runs[i] < 50;
	tap_ok(q16_runs > 100 && narrow_runs > 100 && wide_runs > 100 && refused > 100 &&
	       !failed, "every kind was among them");
}

/* Sums just inside and just outside of s64. */
static void dense_limit(void)
{
	const char *const sum_rule = "weights could overflow the accumulator";
	unsigned int failed = 0;
	struct step s;
	u32 turn;

	for (turn = 0; turn < 2; turn++) {
		step_begin(&s, NEURAL_OP_DENSE);
		step_in(&s, NEURAL_S64, 1, 1);
		step_const(step_in(&s, NEURAL_S8, 2, 1, 1), 1, 1);
		step_const(step_in(&s, NEURAL_S64, 1, 1), turn, turn);
		step_out(&s, NEURAL_S64, 1, 1);
		s.in[0].lo = -5;
		s.in[0].hi = S64_MAX;
		if (turn)
			tap_check(&failed, step_refused(&s, -ERANGE, sum_rule), "outside");
		else
			tap_check(&failed, !step_verify(&s) && s.out.lo == -5 &&
				  s.out.hi == S64_MAX && !step_run(&s, 4) && dense_answers(&s),
				  "inside");
		step_end(&s);
	}
	tap_ok(!failed, "a sum may be as large as s64 and no larger");
}

static void make_dense(struct step *s)
{
	step_begin(s, NEURAL_OP_DENSE);
	step_in(s, NEURAL_S16, 2, 3, 5);
	step_const(step_in(s, NEURAL_S16, 2, 4, 5), -9, 9);
	step_const(step_in(s, NEURAL_S32, 1, 4), -9, 9);
	step_out(s, NEURAL_S32, 2, 3, 4);
	s->in[0].frac = 8;
	s->in[1].frac = 10;
	s->in[2].frac = 12;
	s->out.frac = 11;
	s->node.attr[NEURAL_DENSE_SHIFT] = 7;
	s->node.attr[NEURAL_DENSE_BIAS_SHIFT] = 6;
}

static void dense_refused(void)
{
	unsigned int failed = 0;

	BAD(make_dense, s.in[0].dtype = NEURAL_S4, "input type is none a fixed point has");
	BAD(make_dense, s.in[1].dtype = NEURAL_S64, "weights are not S8, S16 or S32");
	BAD(make_dense, s.in[2].dtype = NEURAL_S16, "bias is not S32 or S64");
	BAD(make_dense, s.out.dtype = NEURAL_S8, "output is not S16, S32 or S64");
	BAD(make_dense, s.in[0].zero_point = 1, "fixed point with a zero point");
	BAD(make_dense, s.in[1].rank = 1, "weights are not a matrix");
	BAD(make_dense, s.in[1].dim[0] = NEURAL_MAX_UNITS + 1, "units out of range");
	BAD(make_dense, s.in[0].dim[1] = 6, "input and weights do not agree");
	BAD(make_dense, s.in[0].rank = 0, "input and weights do not agree");
	BAD(make_dense, s.in[2].dim[0] = 5, "bias and weights do not agree");
	BAD(make_dense, s.out.dim[1] = 5, "output and weights do not agree");
	BAD(make_dense, s.out.dim[0] = 2, "output and weights do not agree");
	BAD(make_dense, s.node.attr[0] = 63, "shift is out of range");
	BAD(make_dense, s.node.attr[0] = -1, "shift is out of range");
	BAD(make_dense, s.node.attr[1] = 32, "shift of the bias is out of range");
	BAD(make_dense, s.node.attr[2] = 5, "unknown activation");
	BAD(make_dense, s.node.attr[2] = -1, "unknown activation");
	BAD(make_dense, s.node.attr[3] = -1, "slope is negative");
	BAD(make_dense, (s.out.dtype = NEURAL_S64, s.node.attr[2] = NEURAL_TANH),
	    "sigmoid and tanh have no 64-bit result");
	BAD(make_dense, s.out.frac = 12, "fraction bits of the output do not agree");
	BAD(make_dense, s.in[2].frac = 13, "fraction bits of the bias do not agree");
	tap_ok(!failed, "dense: each rule refuses");
}

static void make_scale(struct step *s)
{
	u32 i;

	step_begin(s, NEURAL_OP_SCALE);
	step_in(s, NEURAL_S32, 2, step_size(4), step_size(60));
	step_const(step_in(s, NEURAL_S32, 1, s->in[0].dim[1]), S32_MIN >> pick(32),
		   S32_MAX >> pick(32));
	step_const(step_in(s, NEURAL_S32, 1, s->in[0].dim[1]), S32_MIN >> pick(32),
		   S32_MAX >> pick(32));
	step_out(s, NEURAL_S32, 2, s->in[0].dim[0], s->in[0].dim[1]);
	for (i = 0; i < 3; i++)
		s->in[i].frac = 16;
	s->out.frac = 16;
	s->in[0].lo >>= pick(32);
	s->in[0].hi >>= pick(32);
	s->node.attr[NEURAL_DENSE_SHIFT] = 16;
	s->node.attr[NEURAL_DENSE_BIAS_SHIFT] = 16;
	s->node.attr[NEURAL_DENSE_ACTIVATION] = pick(5);
	s->node.attr[NEURAL_DENSE_SLOPE] = pick(1U << 31);
}

static bool scale_answers(const struct step *s)
{
	const u32 n = s->in[0].dim[1];
	u32 i, r;

	for (r = 0; r < s->rows; r++) {
		for (i = 0; i < s->out.elements; i++) {
			const __int128 x = step_get(step_src(s, 0, r), NEURAL_S32, i);
			const s64 f = step_get(s->in[1].data, NEURAL_S32, i % n);
			const s64 a = step_get(s->in[2].data, NEURAL_S32, i % n);

			if (step_get(step_dst(s, r), NEURAL_S32, i) !=
			    reference_fixed(x * f + a * 65536, 16, 32, 16, s->node.attr[2],
					    s->node.attr[3]))
				return false;
		}
	}
	return true;
}

static void scale_random(void)
{
	unsigned int failed = 0;
	struct step s;
	u32 i;

	for (i = 0; i < 500; i++) {
		make_scale(&s);
		tap_check(&failed, !step_verify(&s) && !step_run(&s, step_size(16)) &&
			  scale_answers(&s) && step_clean(&s), "%u", i);
		step_end(&s);
	}
	BAD(make_scale, s.in[1].frac = 15, "operand is not Q16.16");
	BAD(make_scale, s.out.dtype = NEURAL_S64, "output is not Q16.16");
	BAD(make_scale, s.out.dim[0]++, "input and output differ in shape");
	BAD(make_scale, s.in[2].dim[0]++, "not one factor and addend per channel");
	BAD(make_scale, (s.in[0].dim[1] = NEURAL_MAX_UNITS + 1,
			 s.in[1].dim[0] = NEURAL_MAX_UNITS + 1,
			 s.in[2].dim[0] = NEURAL_MAX_UNITS + 1,
			 s.out.dim[1] = NEURAL_MAX_UNITS + 1), "units out of range");
	BAD(make_scale, s.node.attr[0] = 15, "shifts are not those of Q16.16");
	BAD(make_scale, s.node.attr[1] = 0, "shifts are not those of Q16.16");
	BAD(make_scale, s.node.attr[2] = 5, "unknown activation");
	BAD(make_scale, s.node.attr[3] = -1, "slope is negative");
	tap_ok(!failed, "scale: random ones, and each rule refuses");
}

static void make_softmax(struct step *s)
{
	step_begin(s, NEURAL_OP_SOFTMAX_FIXED);
	step_in(s, NEURAL_S32, 3, step_size(3), step_size(3), step_size(50));
	step_out(s, NEURAL_S32, 3, s->in[0].dim[0], s->in[0].dim[1], s->in[0].dim[2]);
	s->in[0].frac = 16;
	s->out.frac = 16;
	s->in[0].lo >>= pick(20);
	s->in[0].hi >>= pick(20);
}

static bool softmax_answers(const struct step *s)
{
	const u32 n = s->in[0].dim[2];
	s32 y[50];
	u32 i, r;

	for (r = 0; r < s->rows; r++) {
		for (i = 0; i < s->out.elements; i += n) {
			neural_q16_softmax(y, (const s32 *)step_src(s, 0, r) + i, n);
			if (memcmp(y, (const s32 *)step_dst(s, r) + i, n * sizeof(*y)))
				return false;
		}
	}
	return true;
}

static void softmax_random(void)
{
	unsigned int failed = 0;
	struct step s;
	u32 i;

	for (i = 0; i < 300; i++) {
		make_softmax(&s);
		tap_check(&failed, !step_verify(&s) && !step_run(&s, step_size(16)) &&
			  softmax_answers(&s) && step_clean(&s), "%u", i);
		step_end(&s);
	}
	BAD(make_softmax, s.in[0].frac = 15, "input is not Q16.16");
	BAD(make_softmax, s.out.frac = 15, "input and output differ in kind");
	BAD(make_softmax, s.out.rank = 2, "input and output differ in shape");
	BAD(make_softmax, s.in[0].dim[2] = s.out.dim[2] = NEURAL_Q16_SOFTMAX_MAX + 1,
	    "too many elements to sum up");
	tap_ok(!failed, "softmax: random ones, and each rule refuses");
}

static void memory(void)
{
	static void (*const make[])(struct step *s) = {
		make_dense, random_dense, make_scale, make_softmax,
	};
	unsigned int failed = 0;
	struct step s;
	u32 i, turn;

	for (i = 0; i < ARRAY_SIZE(make); i++) {
		for (turn = 0; turn < 30; turn++) {
			make[i](&s);
			if (!step_verify(&s))
				tap_check(&failed, step_survives(&s), "%u", i);
			step_end(&s);
		}
	}
	tap_check(&failed, !neural_shim_live_bytes, "%zu bytes", neural_shim_live_bytes);
	tap_ok(!failed, "every allocation that fails leaves nothing behind");
}

int main(void)
{
	tap_plan(7);
	neural_simd_init();
	dense_random();
	dense_limit();
	dense_refused();
	scale_random();
	softmax_random();
	memory();
	return tap_done();
}
