// SPDX-License-Identifier: GPL-2.0-only
/* layers: one line each, with the time it took where that is measured. */
#include <linux/debugfs.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include "../src/instance.h"
#include "../src/layer.h"
#include "../src/ops/activation.h"
#include "../src/ops/dense.h"
#include "debugfs.h"

static size_t neural_layers_bytes(const void *mem)
{
	return mem ? neural_mem_size(mem) : 0;
}

static size_t neural_layers_parameters(const struct neural_source *layer)
{
	return neural_layers_bytes(layer->weights) + neural_layers_bytes(layer->bias) +
	       neural_layers_bytes(layer->bn.gamma) +
	       neural_layers_bytes(layer->bn.beta) +
	       neural_layers_bytes(layer->bn.mean) +
	       neural_layers_bytes(layer->bn.variance);
}

/* The step of layer @i; steps come in the order of their layers. */
static const struct neural_step *neural_layers_step(const struct neural_plan *plan, u32 i,
						    u32 *at)
{
	while (plan && *at < plan->nr_steps && plan->steps[*at].layer < i)
		++*at;
	if (!plan || *at == plan->nr_steps || plan->steps[*at].layer != i)
		return NULL;
	return &plan->steps[*at];
}

static void neural_layers_show_packing(struct seq_file *m, const struct neural_plan *plan,
				       const struct neural_step *step)
{
	const struct neural_dense *dense;

	if (!plan) {
		seq_puts(m, " none");
	} else if (!step) {
		seq_puts(m, " folded");
	} else if (step->op != &neural_ops[NEURAL_OP_DENSE]) {
		seq_printf(m, " %s", step->op->name);
	} else {
		dense = step->params;
		if (dense->chunk)
			seq_printf(m, " w16:%u", dense->chunk);
		else
			seq_puts(m, " w32");
		if (dense->tail)
			seq_printf(m, "+%u", dense->tail);
	}
	seq_putc(m, '\n');
}

static void neural_layers_show_layer(struct seq_file *m, const struct neural_network *nn,
				     const struct neural_instance *instance, u32 i, u32 *at)
{
	const struct neural_plan *plan = instance ? instance->plan : NULL;
	const struct neural_step *step = neural_layers_step(plan, i, at);
	const struct neural_source *layer = &nn->layers[i];
	const u64 runs = instance ? READ_ONCE(instance->profile[i].runs) : 0;
	const u64 ns = instance ? READ_ONCE(instance->profile[i].ns) : 0;

	seq_printf(m, "%5u %-10s %-10s %6u %6u %12zu %12zu %10llu %10llu", i,
		   neural_layer_kind_name(layer->desc.kind),
		   neural_activation_name(layer->desc.activation), layer->in,
		   layer->desc.units, neural_layers_parameters(layer),
		   step ? neural_layers_bytes(step->params) : 0, runs,
		   runs ? div64_u64(ns, runs) : 0);
	neural_layers_show_packing(m, plan, step);
}

static void neural_layers_show_all(struct seq_file *m, const struct neural_network *nn)
{
	const struct neural_instance *instance = neural_instance_of(nn);
	u32 i, at = 0;

	seq_printf(m, "%5s %-10s %-10s %6s %6s %12s %12s %10s %10s packing\n", "layer",
		   "kind", "activation", "in", "out", "bytes", "packed_bytes", "runs",
		   "mean_ns");
	for (i = 0; i < nn->nr_layers; i++)
		neural_layers_show_layer(m, nn, instance, i, &at);
}

static int neural_layers_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn = m->private;

	mutex_lock(&nn->lock);
	if (nn->model)
		neural_debugfs_show_model(m, nn);
	else
		neural_layers_show_all(m, nn);
	mutex_unlock(&nn->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_layers);

void neural_debugfs_add_layers(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("layers", 0444, dir, nn, &neural_layers_fops);
}
