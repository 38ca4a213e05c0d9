// SPDX-License-Identifier: GPL-2.0-only
/* Contexts that belong to a caller: scratch memory nobody else predicts in. */
#include <linux/bitops.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include "alloc.h"
#include "handle.h"
#include "instance.h"
#include "predict.h"

/* Of a context's @state */
#define NEURAL_OWNED_BUSY	0	/* number of the bit: somebody is predicting */

/**
 * struct neural_context - see <linux/neural.h>
 * @nn: of what; a reference
 * @arena: charged to the network, of neural_mem_alloc(); NULL for none yet
 * @bytes: size of it
 * @state: the bits above
 */
struct neural_context {
	struct neural_network *nn;
	void *arena;
	size_t bytes;
	unsigned long state;
};

static bool neural_context_enter(struct neural_context *context)
{
	return !test_and_set_bit_lock(NEURAL_OWNED_BUSY, &context->state);
}

static void neural_context_leave(struct neural_context *context)
{
	clear_bit_unlock(NEURAL_OWNED_BUSY, &context->state);
}

/* A quarter more than is needed: models that replace others are often of their size. */
static int neural_context_grow(struct neural_context *context)
{
	struct neural_network *nn = context->nn;
	const struct neural_instance *instance;
	struct neural_reason why = { };
	size_t bytes = 0;
	void *arena;
	int ret = 0;

	mutex_lock(&nn->lock);
	instance = neural_instance_of(nn);
	if (instance)
		bytes = instance->contexts.arena_bytes;
	if (bytes > context->bytes) {
		bytes += bytes / 4;
		arena = neural_mem_alloc(&nn->account, bytes);
		if (arena) {
			neural_mem_free(context->arena);
			context->arena = arena;
			context->bytes = bytes;
		} else {
			ret = neural_account_error(&nn->account, -ENOMEM, &why);
		}
	}
	mutex_unlock(&nn->lock);
	return ret;
}

/**
 * neural_context_create() - scratch memory of one's own
 * @nn: network, which stays until the context is destroyed, as with a handle of its own
 *
 * For those who want to own what their latency depends on.  A prediction in a context
 * waits for nobody and keeps preemption on wherever it was on, but for the FPU sections:
 * short ones do not need the CPU's memory, and long ones none of the spare pieces, which
 * others may have taken.  The memory is charged to the network, where the network's NUMA
 * policy wants it.
 *
 * A context stays good when the parameters are exchanged.  Where a model that needs more
 * memory has replaced the one before, predictions are made in the network's own until
 * neural_context_refresh(); a network without parameters yet is the same case.
 *
 * Context: process context, may sleep.
 * Return: a context, or an error pointer: -EINVAL for NULL, -ENODEV where the module is
 * going, -EDQUOT past neural_max_total_bytes, -ENOMEM.
 */
struct neural_context *neural_context_create(struct neural_network *nn)
{
	struct neural_context *context;
	int ret;

	if (!nn)
		return ERR_PTR(-EINVAL);
	if (!neural_handle_new())
		return ERR_PTR(-ENODEV);
	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context) {
		ret = -ENOMEM;
		goto out_end;
	}
	context->nn = neural_network_hold(nn);
	ret = neural_context_grow(context);
	if (!ret)
		return context;
	neural_network_drop(nn);
	kfree(context);
out_end:
	neural_handle_end();
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(neural_context_create);

/**
 * neural_context_refresh() - make it large enough for the parameters in force
 * @context: context
 *
 * To be called now and then where one may sleep, and certainly after replacing a model;
 * costs next to nothing where there is nothing to do.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for NULL, -EBUSY while somebody predicts in it, -EDQUOT or -ENOMEM
 * as neural_context_create(); then it is as it was.
 */
int neural_context_refresh(struct neural_context *context)
{
	int ret;

	if (!context)
		return -EINVAL;
	if (!neural_context_enter(context))
		return -EBUSY;
	ret = neural_context_grow(context);
	neural_context_leave(context);
	return ret;
}
EXPORT_SYMBOL_GPL(neural_context_refresh);

/**
 * neural_context_destroy() - free a context
 * @context: context nobody predicts in any more, or NULL or an error pointer for nothing
 *
 * Context: process context, may sleep.
 */
void neural_context_destroy(struct neural_context *context)
{
	if (IS_ERR_OR_NULL(context))
		return;
	WARN_ON_ONCE(!neural_context_enter(context));
	neural_mem_free(context->arena);
	neural_network_drop(context->nn);
	kfree(context);
	neural_handle_end();
}
EXPORT_SYMBOL_GPL(neural_context_destroy);

static int neural_context_run(struct neural_context *context, const void *in, void *out,
			      u32 rows)
{
	struct neural_call call = {
		.in = in,
		.out = out,
		.rows = rows,
		.relaxed = preemptible(),
	};
	int ret;

	if (!neural_context_enter(context))
		return -EBUSY;
	call.own = context->arena;
	call.own_bytes = context->bytes;
	ret = neural_predict_call(context->nn, &call, NULL);
	neural_context_leave(context);
	return ret;
}

/**
 * neural_context_predict() - as neural_network_predict(), in a context
 * @context: context nobody else uses at the same time
 * @in: as there
 * @out: as there
 *
 * One prediction at a time: an interrupt that may come in between has a context of its
 * own, or none.
 *
 * Context: task, softirq and hardirq context.
 * Return: as neural_network_predict(); -EBUSY where somebody is predicting in it.
 */
int neural_context_predict(struct neural_context *context, const s32 *in, s32 *out)
{
	int ret;

	if (unlikely(!context))
		return -EINVAL;
	ret = neural_predict_check(context->nn, in, out);
	return ret ?: neural_context_run(context, in, out, 1);
}
EXPORT_SYMBOL_GPL(neural_context_predict);

/**
 * neural_context_predict_rows() - as neural_network_predict_rows(), in a context
 * @context: context nobody else uses at the same time
 * @in: as there
 * @in_bytes: as there
 * @out: as there
 * @out_bytes: as there
 * @rows: as there
 *
 * Context: task, softirq and hardirq context.
 * Return: as neural_network_predict_rows(); -EBUSY where somebody is predicting in it.
 */
int neural_context_predict_rows(struct neural_context *context, const void *in,
				size_t in_bytes, void *out, size_t out_bytes, u32 rows)
{
	int ret;

	if (unlikely(!context))
		return -EINVAL;
	ret = neural_predict_check_rows(context->nn, in, in_bytes, out, out_bytes, rows);
	return ret ?: neural_context_run(context, in, out, rows);
}
EXPORT_SYMBOL_GPL(neural_context_predict_rows);
