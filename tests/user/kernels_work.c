// SPDX-License-Identifier: GPL-2.0-only
/* The standard work that kernels are measured with: in its memory, and the same for all. */
#include "../../simd/work.h"
#include "kernels.h"

static struct guard g_memory;

/* What @kernel makes of the work of its family; the results. */
static const u8 *results(const struct neural_kernel *kernel, enum guard_side side)
{
	u8 *memory = guard_place(&g_memory, side, NEURAL_WORK_BYTES, 64);

	memset(memory, 0, NEURAL_WORK_BYTES);
	neural_kernel_call(kernel, neural_work_make(kernel->family, memory));
	return guard_intact(&g_memory) ? memory : NULL;
}

static const struct neural_kernel *generic(enum neural_kernel_family family)
{
	u32 k = 0;

	while (neural_kernels[k].family != family)
		k++;
	return &neural_kernels[k];
}

static bool same(const struct neural_kernel *kernel)
{
	static u8 expect[NEURAL_WORK_RESULTS], nothing[NEURAL_WORK_RESULTS];
	const u8 *got = results(generic(kernel->family), 0);
	u32 side;

	if (!got || !memcmp(got, nothing, NEURAL_WORK_RESULTS))
		return false;
	memcpy(expect, got, NEURAL_WORK_RESULTS);
	for (side = 0; side < 2; side++) {
		got = results(kernel, side);
		if (!got || memcmp(got, expect, NEURAL_WORK_RESULTS))
			return false;
	}
	return true;
}

static bool whole(const struct neural_work *work)
{
	return work->units && work->units <= NEURAL_SECTION_MACS && work->unit && work->shape;
}

int main(void)
{
	int planned = NEURAL_KERNEL_NR_FAMILIES;
	u32 k;

	neural_simd_init();
	for (k = 0; k < neural_nr_kernels; k++)
		planned += neural_simd_has(neural_kernels[k].level);
	tap_plan(planned);
	for (k = 0; k < NEURAL_KERNEL_NR_FAMILIES; k++)
		tap_ok(whole(&neural_work[k]), "%s: work that fits a section",
		       generic(k)->name);
	for (k = 0; k < neural_nr_kernels; k++)
		if (neural_simd_has(neural_kernels[k].level))
			tap_ok(same(&neural_kernels[k]), "%s: as generic",
			       neural_kernels[k].name);
	return tap_done();
}
