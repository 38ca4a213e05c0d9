// SPDX-License-Identifier: GPL-2.0-only
/*
 * footprint FILE.neural: what a program that runs this model once takes of memory, as a
 * line of JSON.
 *
 * Two figures: all that the engine has allocated at the worst moment, which is exact, and
 * what the kernel has given the process for it in pages of its own.  The file is mapped
 * and can be dropped by the kernel at any time.
 */
#include "../../simd/dispatch.h"
#include "../../src/plan/plan.h"
#include "file.h"

/* Pages that are no file's, in bytes; 0 where the kernel does not say. */
static unsigned long anonymous(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "r");
	unsigned long kib = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Anonymous: %lu kB", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib << 10;
}

int main(int argc, char **argv)
{
	struct neural_reason why = { };
	struct neural_exec x = { };
	struct neural_model *model;
	struct neural_plan *plan;
	size_t bytes, weights = 0;
	unsigned long before;
	const void *file;
	u32 i;

	if (argc != 2)
		return 2;
	neural_simd_init();
	if (neural_simd_set_level(neural_simd_best()))
		return EXIT_FAILURE;
	file = bench_file_map(argv[1], &bytes);
	anonymous();
	before = anonymous();
	if (neural_model_open(NULL, file, bytes, &model, &why) ||
	    neural_plan_build_model(NULL, model, 0, &plan, &why)) {
		fprintf(stderr, "%s: %s\n", argv[1], why.rule ?: "no memory");
		return EXIT_FAILURE;
	}
	for (i = 0; i < model->nr_tensors; i++)
		if (model->tensors[i].data)
			weights += model->tensors[i].bytes;
	neural_model_close(model);
	x.section.wanted = neural_simd_best() != NEURAL_SIMD_generic;
	x.arena = neural_mem_alloc(NULL, plan->arena_bytes ?: 1);
	if (!x.arena)
		return EXIT_FAILURE;
	neural_plan_run(plan, &x, calloc(1, plan->in_bytes), calloc(1, plan->out_bytes), 1);
	printf("{\"kind\": \"footprint\", \"arena\": %zu, \"weights\": %zu, \"file\": %zu, ",
	       plan->arena_bytes, weights, bytes);
	printf("\"peak\": %zu, \"pages\": %lu}\n", neural_shim_peak_bytes,
	       anonymous() - before);
	return 0;
}
