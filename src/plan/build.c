// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/thresholds.h"
#include "../../simd/kernels.h"
#include "pack.h"
#include "plan.h"

/* A batch-norm behind a linear dense layer has no step of its own. */
static bool neural_plan_folds(const struct neural_source *source, u32 nr, u32 i)
{
	return source[i].desc.kind == NEURAL_LAYER_DENSE &&
	       source[i].desc.activation == NEURAL_LINEAR && i + 1 < nr &&
	       source[i + 1].desc.kind == NEURAL_LAYER_BATCH_NORM;
}

/* The step at layer @i; *@used layers went into it. */
static int neural_plan_step(struct neural_account *account,
			    const struct neural_source *source, u32 nr, u32 i,
			    bool narrow, struct neural_step *step, u32 *used,
			    struct neural_reason *why)
{
	const struct neural_source *layer = &source[i];
	const struct neural_dense *dense = NULL;
	const struct neural_scale *scale = NULL;
	int ret = 0;

	*used = 1;
	step->layer = i;
	step->in = layer->in;
	step->out = layer->desc.units;
	why->layer = i;
	switch (layer->desc.kind) {
	case NEURAL_LAYER_DENSE:
		if (neural_plan_folds(source, nr, i))
			*used = 2;
		ret = neural_pack_dense(account, layer, *used == 2 ? layer + 1 : NULL,
					narrow, &dense, why);
		step->op = &neural_ops[NEURAL_OP_DENSE];
		step->params = dense;
		break;
	case NEURAL_LAYER_BATCH_NORM:
		ret = neural_pack_scale(account, layer, &scale, why);
		step->op = &neural_ops[NEURAL_OP_SCALE];
		step->params = scale;
		break;
	case NEURAL_LAYER_SOFTMAX:
		step->op = &neural_ops[NEURAL_OP_SOFTMAX];
		break;
	}
	return ret;
}

/*
 * Rows run together: enough to use a weight more than once while it is in a
 * register, few enough that one panel of all of them stays inside a section.
 */
static u32 neural_plan_rows(const struct neural_plan *plan)
{
	u32 i, widest = 1;

	for (i = 0; i < plan->nr_steps; i++)
		widest = max3(widest, plan->steps[i].in, plan->steps[i].out);
	return clamp_t(u32, NEURAL_SECTION_LIMIT / (NEURAL_Q16_PANEL * widest), 1,
		       NEURAL_PLAN_ROWS);
}

/* Which slot each step reads and writes, and how large the arena has to be. */
static void neural_plan_place(struct neural_plan *plan)
{
	enum neural_slot at = NEURAL_SLOT_INPUT;
	u32 i;

	plan->rows = neural_plan_rows(plan);
	for (i = 0; i < plan->nr_steps; i++) {
		struct neural_step *step = &plan->steps[i];
		const bool last = i == plan->nr_steps - 1;
		size_t scratch = 0;

		step->src = at;
		if (last)
			at = NEURAL_SLOT_OUTPUT;
		else if (at == NEURAL_SLOT_INPUT || !step->op->in_place)
			at = at == NEURAL_SLOT_PING ? NEURAL_SLOT_PONG : NEURAL_SLOT_PING;
		step->dst = at;
		if (!last)
			plan->slot_bytes = max(plan->slot_bytes, (size_t)step->out *
					       plan->rows * sizeof(s32));
		if (step->op->scratch)
			scratch = step->op->scratch(step, plan->rows);
		plan->scratch_bytes = max(plan->scratch_bytes, scratch);
		plan->macs += step->op->cost(step);
	}
	plan->slot_bytes = ALIGN(plan->slot_bytes, NEURAL_CACHE_LINE_SIZE);
	plan->arena_bytes = 2 * plan->slot_bytes + plan->scratch_bytes;
}

void neural_plan_free(struct neural_plan *plan)
{
	u32 i;

	if (!plan)
		return;
	for (i = 0; i < plan->nr_steps; i++)
		neural_mem_free(plan->steps[i].params);
	neural_mem_free(plan);
}

int neural_plan_build(struct neural_account *account, const struct neural_source *source,
		      u32 nr, bool narrow, struct neural_plan **result,
		      struct neural_reason *why)
{
	struct neural_plan *plan;
	u32 i, used;
	int ret;

	*why = (struct neural_reason){ };
	plan = neural_mem_alloc(account, struct_size(plan, steps, nr));
	if (!plan)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	plan->input = source[0].in;
	plan->output = source[nr - 1].desc.units;
	for (i = 0; i < nr; i += used) {
		ret = neural_plan_step(account, source, nr, i, narrow,
				       &plan->steps[plan->nr_steps], &used, why);
		if (ret) {
			neural_plan_free(plan);
			return ret;
		}
		plan->nr_steps++;
	}
	neural_plan_place(plan);
	*result = plan;
	return 0;
}
