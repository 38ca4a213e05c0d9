// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kernel of the table this CPU can run, against the generic one of its
 * family, between guard pages; the generic ones against a plain definition.
 */
#include "kernels.h"

static u32 nr_aspects(void)
{
	return nr_dense_aspects + nr_fixed_aspects + nr_map_aspects;
}

static const struct aspect *aspect(u32 i)
{
	if (i < nr_dense_aspects)
		return &dense_aspects[i];
	i -= nr_dense_aspects;
	return i < nr_fixed_aspects ? &fixed_aspects[i] : &map_aspects[i - nr_fixed_aspects];
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
	u32 r;

	neural_fx_dense16__generic(a);
	for (r = 0; r < a->rows && a->pairs > a->chunk; r++)
		a->out[(size_t)r * a->out_stride] =
			a->bias[0] + (s32)(a->out[(size_t)r * a->out_stride] - a->bias[0]);
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
};

/* Failures of all aspects of @kernel, a line of TAP for each if @report. */
static unsigned int run(const struct neural_kernel *kernel, bool report)
{
	unsigned int failed, total = 0;
	u32 i;

	for (i = 0; i < nr_aspects(); i++) {
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

	for (i = 0; i < nr_aspects(); i++)
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
