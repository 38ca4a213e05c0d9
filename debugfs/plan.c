// SPDX-License-Identifier: GPL-2.0-only
/* plan: the steps a prediction takes, and the memory it takes them in. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "../src/instance.h"
#include "debugfs.h"

static const char *neural_plan_space(enum neural_space space)
{
	static const char *const names[] = {
		[NEURAL_SPACE_INPUT] = "input",
		[NEURAL_SPACE_OUTPUT] = "output",
		[NEURAL_SPACE_ARENA] = "arena",
		[NEURAL_SPACE_CONST] = "const",
	};

	return names[space];
}

/* Where an operand is, and of how many bytes in which row. */
static void neural_plan_show_operand(struct seq_file *m, const struct neural_operand *o)
{
	char text[40];

	scnprintf(text, sizeof(text), "%s@%u+%u", neural_plan_space(o->space), o->offset,
		  o->bytes);
	seq_printf(m, " %-18s", text);
}

static void neural_plan_show_step(struct seq_file *m, const struct neural_step *step, u32 i)
{
	u32 k;

	seq_printf(m, "%5u %5u %-18s", i, step->layer, step->op->name);
	neural_plan_show_operand(m, &step->src[0]);
	neural_plan_show_operand(m, &step->dst);
	seq_printf(m, " %8u %8u %12llu", step->in, step->out, step->macs);
	for (k = 1; k < step->nr_src; k++)
		neural_plan_show_operand(m, &step->src[k]);
	seq_putc(m, '\n');
}

static void neural_plan_show_instance(struct seq_file *m,
				      const struct neural_instance *instance)
{
	const struct neural_plan *plan = instance->plan;
	u32 i;

	seq_printf(m, "macs: %llu\n", plan->macs);
	seq_printf(m, "rows: %u\n", plan->rows);
	seq_printf(m, "in_bytes: %zu\n", plan->in_bytes);
	seq_printf(m, "out_bytes: %zu\n", plan->out_bytes);
	seq_printf(m, "row_bytes: %zu\n", plan->row_bytes);
	seq_printf(m, "scratch_bytes: %zu\n", plan->scratch_bytes);
	seq_printf(m, "constant_bytes: %zu\n",
		   plan->constants ? neural_mem_size(plan->constants) : 0);
	seq_printf(m, "arena_bytes: %zu\n", instance->contexts.arena_bytes);
	seq_printf(m, "spare_arenas: %u\n", instance->contexts.nr_spare);
	seq_printf(m, "\n%5s %5s %-18s %-18s %-18s %8s %8s %12s\n", "step", "layer", "op",
		   "from", "to", "in", "out", "macs");
	for (i = 0; i < plan->nr_steps; i++)
		neural_plan_show_step(m, &plan->steps[i], i);
}

static int neural_plan_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn = m->private;
	struct neural_instance *instance;

	mutex_lock(&nn->lock);
	instance = neural_instance_of(nn);
	seq_printf(m, "generation: %llu\n", instance ? instance->generation : 0);
	if (instance)
		neural_plan_show_instance(m, instance);
	mutex_unlock(&nn->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_plan);

void neural_debugfs_add_plan(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("plan", 0444, dir, nn, &neural_plan_fops);
}
