// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kernel of the table this CPU can run, against the generic one of its
 * family, between guard pages; the generic ones against a plain definition.
 */
#include "kernels.h"

/* Aspect @i of all there are; NULL past the last. */
static const struct aspect *aspect(u32 i)
{
	const struct {
		const struct aspect *aspects;
		u32 nr;
	} parts[] = {
		{ dense_aspects, nr_dense_aspects },
		{ fixed_aspects, nr_fixed_aspects },
		{ map_aspects, nr_map_aspects },
		{ s8_aspects, nr_s8_aspects },
		{ s8_map_aspects, nr_s8_map_aspects },
		{ s8_norm_aspects, nr_s8_norm_aspects },
	};
	u32 p;

	for (p = 0; p < ARRAY_SIZE(parts); i -= parts[p].nr, p++)
		if (i < parts[p].nr)
			return &parts[p].aspects[i];
	return NULL;
}

/* Kernels with a fault each, to see that a fault is seen. */
static void broken_value(const struct neural_q16_map_args *a)
{
	neural_q16_relu__generic(a);
	if (a->n == 257 && a->y[256])
		a->y[256] ^= 1;
}

static void broken_write(const struct neural_q16_map_args *a)
{
	neural_q16_relu__generic(a);
	WRITE_ONCE(a->y[a->n], GUARD_PATTERN);
}

static void broken_read(const struct neural_q16_map_args *a)
{
	(void)READ_ONCE(a->x[a->n]);
	neural_q16_relu__generic(a);
}

static void broken_before(const struct neural_q16_map_args *a)
{
	neural_q16_relu__generic(a);
	a->y[-1] = 0;
}

static void broken_dense(const struct neural_q16_dense_args *a)
{
	struct neural_q16_dense_args less = *a;

	neural_q16_dense__generic(a);
	if (a->k < 200)
		return;
	less.k--;
	less.n = 1;
	neural_q16_dense__generic(&less);
}

static void broken_gap(const struct neural_q16_dense_args *a)
{
	neural_q16_dense__generic(a);
	if (a->rows > 3 && a->out_stride > a->n)
		a->out[a->n] = 0;
}

/* Sums that stay within a chunk of s32, one chunk too many. */
static void broken_chunk(const struct neural_fx_dense16_args *a)
{
	const s64 bias = a->small ? 0 : *(const s64 *)a->bias;
	s64 *out = a->out;

	neural_fx_dense16__generic(a);
	if (a->digits == 1 && !a->small && a->pairs > a->chunk && !a->end.shift &&
	    a->end.lo == S64_MIN && a->end.hi == S64_MAX)
		out[0] = bias + (s32)(out[0] - bias);
}

/* A digit that is taken to be the last one, and has no offset. */
static void broken_digit(const struct neural_fx_split_args *a)
{
	neural_fx_split__generic(a);
	if (a->digits > 1 && a->n == 299)
		a->y[298] ^= S16_MIN;
}

/* No carry from a lower half below zero. */
static void broken_carry(const struct neural_fx_dot_args *a)
{
	s64 *out = a->out;

	neural_fx_dot__generic(a);
	if (!a->narrow && !a->end.shift && a->end.lo == S64_MIN && a->end.hi == S64_MAX &&
	    ((const s32 *)a->x)[0] < 0)
		out[0] = (u64)out[0] - ((u64)a->w[0] << 32);
}

static void broken_table(const struct neural_s8_lut_args *a)
{
	neural_s8_lut__generic(a);
	if (a->n == 299)
		a->y[298] = a->table[a->x[298] & 127];
}

static void broken_difference(const struct neural_s8_add_args *a)
{
	struct neural_s8_add p = *a->p;
	struct neural_s8_add_args other = *a;

	p.subtract = p.subtract && a->n < 250;
	other.p = &p;
	neural_s8_add__generic(&other);
}

static void broken_step(const struct neural_s8_mul_args *a)
{
	neural_s8_mul__generic(a);
	if (!a->b_step)
		(void)READ_ONCE(a->b[1]);
}

/* Halves that go up. */
static void broken_halves_up(const struct neural_s8_quantize_args *a)
{
	const s64 half = a->right ? 1LL << (a->right - 1) : 0;
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = clamp_t(s64, (((s64)a->x[i] * a->multiplier + half) >> a->right) +
				  a->zero_point, S8_MIN, S8_MAX);
}

/* The mean of one row, of all of them. */
static void broken_mean(const struct neural_s8_norm_args *a)
{
	struct neural_s8_norm p = *a->p;
	struct neural_s8_norm_args other = *a;

	p.centre = p.centre && a->rows < 3;
	other.p = &p;
	neural_s8_norm__generic(&other);
}

/* A sum in which the last element is missing. */
static void broken_softmax(const struct neural_s8_softmax_args *a)
{
	struct neural_s8_softmax_args less = *a;

	neural_s8_softmax__generic(a);
	if (a->n == 7) {
		less.n--;
		neural_s8_softmax__generic(&less);
	}
}

static void broken_gemm(const struct neural_s8_gemm_args *a)
{
	neural_s8_gemm__generic(a);
	if (a->k == 299)
		a->out[a->n - 1] ^= 1;
}

/* One window too far to the right at the end of a line. */
static void broken_conv(const struct neural_s8_conv_args *a)
{
	struct neural_s8_conv_args other = *a;

	if (a->lines > 1)
		other.x_line = a->results * a->x_step;
	neural_s8_conv__generic(&other);
}

static void broken_frame(const struct neural_s8_frame_args *a)
{
	neural_s8_frame__generic(a);
	if (a->below)
		a->y[(size_t)(a->above + a->lines) * (a->before + a->n + a->after)] = a->fill;
}

/* Which half of a byte is whose. */
static void broken_halves(const struct neural_s8_gemm_args *a)
{
	struct neural_s8_gemm_args late = *a;

	neural_s8s4_gemm__generic(a);
	if (a->k <= 4 || a->n != 1)
		return;
	late.x = a->x + 4;
	late.k = a->k - 4;
	neural_s8s4_gemm__generic(&late);
}

static void broken_depthwise(const struct neural_s8_depthwise_args *a)
{
	size_t last = 0;
	u32 i;

	neural_s8_depthwise__generic(a);
	for (i = 0; i < 2 * a->pairs; i++)
		last = max_t(size_t, last, a->cell[i]);
	(void)READ_ONCE(a->x[(a->lines - 1) * a->x_line + (a->results - 1) * a->x_step + last +
			     a->n]);
}

static void broken_pool(const struct neural_s8_pool_args *a)
{
	neural_s8_average_pool__generic(a);
	if (a->results > 1 && a->out_step > a->n)
		a->out[a->n] = 0;
}

#define BROKEN(_family, _fn)						\
	{ .name = #_fn, .family = NEURAL_FAMILY_##_family,		\
	  .level = NEURAL_SIMD_LEVELS, .fn = (void (*)(void))(_fn) }

static const struct neural_kernel broken[] = {
	BROKEN(q16_relu, broken_value),
	BROKEN(q16_relu, broken_write),
	BROKEN(q16_relu, broken_read),
	BROKEN(q16_relu, broken_before),
	BROKEN(q16_dense, broken_dense),
	BROKEN(q16_dense, broken_gap),
	BROKEN(fx_dense16, broken_chunk),
	BROKEN(fx_split, broken_digit),
	BROKEN(fx_dot, broken_carry),
	BROKEN(s8_lut, broken_table),
	BROKEN(s8_add, broken_difference),
	BROKEN(s8_mul, broken_step),
	BROKEN(s8_quantize, broken_halves_up),
	BROKEN(s8_norm, broken_mean),
	BROKEN(s8_softmax, broken_softmax),
	BROKEN(s8_gemm, broken_gemm),
	BROKEN(s8_conv, broken_conv),
	BROKEN(s8_frame, broken_frame),
	BROKEN(s8s4_gemm, broken_halves),
	BROKEN(s8_depthwise, broken_depthwise),
	BROKEN(s8_average_pool, broken_pool),
};

/* Failures of all aspects of @kernel, a line of TAP for each if @report. */
static unsigned int run(const struct neural_kernel *kernel, bool report)
{
	unsigned int failed, total = 0;
	u32 i;

	for (i = 0; aspect(i); i++) {
		if (aspect(i)->family != kernel->family)
			continue;
		failed = aspect(i)->run(kernel);
		if (report)
			tap_ok(!failed, "%s: %s", kernel->name, aspect(i)->name);
		total += failed;
	}
	return total;
}

static const char *const families[] = {
#define FAMILY_NAME(family, args) #family,
	NEURAL_KERNEL_FAMILIES(FAMILY_NAME)
};

static u32 aspects_of(enum neural_kernel_family family)
{
	u32 i, n = 0;

	for (i = 0; aspect(i); i++)
		n += aspect(i)->family == family;
	return n;
}

int main(void)
{
	int planned = NEURAL_KERNEL_NR_FAMILIES + ARRAY_SIZE(broken);
	u32 k;

	for (k = 0; k < neural_nr_kernels; k++)
		if (neural_cpu_has_level(neural_kernels[k].level))
			planned += aspects_of(neural_kernels[k].family);
	tap_plan(planned);
	for (k = 0; k < NEURAL_KERNEL_NR_FAMILIES; k++)
		tap_ok(aspects_of(k), "%s: there is something to check", families[k]);
	for (k = 0; k < neural_nr_kernels; k++)
		if (neural_cpu_has_level(neural_kernels[k].level))
			run(&neural_kernels[k], true);
	tap_quiet = true;
	for (k = 0; k < ARRAY_SIZE(broken); k++)
		tap_ok(run(&broken[k], false), "%s is caught", broken[k].name);
	return tap_done();
}
