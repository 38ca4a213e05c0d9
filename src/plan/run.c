// SPDX-License-Identifier: GPL-2.0-only
/* Running a plan: the only code between a prediction and its operations. */
#include "plan.h"

static struct neural_rows neural_plan_locate(const struct neural_plan *plan,
					     const struct neural_exec *x,
					     const struct neural_operand *o)
{
	switch (o->space) {
	case NEURAL_SPACE_INPUT:
		return (struct neural_rows){ (u8 *)x->in + o->offset, plan->in_bytes };
	case NEURAL_SPACE_OUTPUT:
		return (struct neural_rows){ x->out + o->offset, plan->out_bytes };
	case NEURAL_SPACE_CONST:
		return (struct neural_rows){ plan->constants + o->offset, 0 };
	default:
		return (struct neural_rows){
			x->arena + (size_t)o->offset * plan->rows, o->bytes
		};
	}
}

/*
 * Shared by all CPUs and not atomic: what two of them add at once may count once.
 * Whoever profiles wants the proportions.
 */
static void neural_plan_profile(struct neural_profile *profile, bool first, u64 start)
{
	WRITE_ONCE(profile->runs, READ_ONCE(profile->runs) + first);
	WRITE_ONCE(profile->ns, READ_ONCE(profile->ns) + neural_clock() - start);
}

static void neural_plan_run_step(const struct neural_plan *plan, struct neural_exec *x,
				 const struct neural_step *step, void *scratch)
{
	const struct neural_rows dst = neural_plan_locate(plan, x, &step->dst);
	struct neural_rows src[NEURAL_STEP_INPUTS];
	u32 i;

	for (i = 0; i < step->nr_src; i++)
		src[i] = neural_plan_locate(plan, x, &step->src[i]);
	step->run(step, x, &dst, src, scratch);
}

/* With a look at the clock in between, of which the loop below is to know nothing. */
static noinline void neural_plan_run_profiled(const struct neural_plan *plan,
					      struct neural_exec *x, void *scratch)
{
	u32 i, next = 0;

	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];
		const u64 start = neural_clock();

		neural_plan_run_step(plan, x, step, scratch);
		neural_plan_profile(&x->profile[step->layer], step->layer >= next, start);
		/* Layers come in order, but for the copies of outputs at the end. */
		next = max(next, step->layer + 1);
	}
}

static void neural_plan_run_block(const struct neural_plan *plan, struct neural_exec *x)
{
	const struct neural_step *step = plan->steps, *end = step + plan->nr_steps;
	void *scratch = x->arena + plan->arena_bytes - plan->scratch_bytes;

	if (unlikely(x->profile)) {
		neural_plan_run_profiled(plan, x, scratch);
		return;
	}
	for (; step < end; step++)
		neural_plan_run_step(plan, x, step, scratch);
}

/* Rows run together: fewer where sections are to be short, or one call would fill many. */
static u32 neural_plan_together(const struct neural_plan *plan,
				const struct neural_section *section)
{
	const u32 bound = min(neural_section_bound(section), NEURAL_SECTION_MACS);

	return max_t(u32, plan->rows * bound / NEURAL_SECTION_MACS, 1);
}

void neural_plan_run(const struct neural_plan *plan, struct neural_exec *x,
		     const void *in, void *out, u32 rows)
{
	const u32 together = neural_plan_together(plan, &x->section);

	x->in = in;
	x->out = out;
	while (rows) {
		x->rows = min(rows, together);
		neural_plan_run_block(plan, x);
		x->in += x->rows * plan->in_bytes;
		x->out += x->rows * plan->out_bytes;
		rows -= x->rows;
	}
	neural_section_leave(&x->section);
}
