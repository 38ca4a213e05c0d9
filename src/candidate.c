// SPDX-License-Identifier: GPL-2.0-only
/* Life of a candidate: set beside a network, then promoted or dropped. */
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/uio.h>
#include "candidate.h"
#include "instance.h"
#include "limits.h"
#include "load.h"
#include "watch.h"
#include "../simd/dispatch.h"

/* Output rows compared at a time take no more than this, unless a single one does. */
#define NEURAL_CANDIDATE_OUT	SZ_16K

static void neural_candidate_free(struct neural_candidate *candidate)
{
	struct neural_instance *instance = candidate->instance;
	struct neural_network *nn = instance->nn;

	neural_contexts_free(&candidate->out);
	free_percpu(candidate->counters);
	neural_load_drop(candidate->model);
	neural_mem_free(candidate);
	percpu_ref_put(&instance->ref);
	neural_network_unpin(nn);
}

static void neural_candidate_free_work(struct work_struct *work)
{
	struct neural_candidate *candidate =
		container_of(work, struct neural_candidate, free_work);

	percpu_ref_exit(&candidate->ref);
	neural_candidate_free(candidate);
}

/* At least one grace period after it was taken away, so no reader is left. */
static void neural_candidate_unused(struct percpu_ref *ref)
{
	struct neural_candidate *candidate =
		container_of(ref, struct neural_candidate, ref);

	queue_work(neural_wq, &candidate->free_work);
}

/* Where outputs are, by itself: a model in force may go before the comparison ends. */
static void neural_candidate_place(struct neural_candidate *candidate,
				   const struct neural_model *model)
{
	size_t at = 0;
	u32 i;

	candidate->nr_outputs = model->nr_outputs;
	for (i = 0; i < model->nr_outputs; i++) {
		const struct neural_tensor *t = model->outputs[i];

		at = ALIGN(at, (size_t)neural_dtype_bits(t->dtype) / 8);
		candidate->outputs[i] = (struct neural_candidate_output){
			.at = at, .elements = t->elements, .dtype = t->dtype,
		};
		at += t->bytes;
	}
}

/* What is left once there is an instance, which @candidate then holds. */
static int neural_candidate_complete(struct neural_candidate *candidate)
{
	struct neural_instance *instance = candidate->instance;
	struct neural_network *nn = instance->nn;
	int ret = -ENOMEM;

	candidate->rows = clamp_t(size_t, NEURAL_CANDIDATE_OUT / nn->out_bytes, 1,
				  instance->plan->rows);
	candidate->counters = alloc_percpu(struct neural_candidate_counters);
	if (candidate->counters)
		ret = neural_contexts_init(&candidate->out, &nn->account,
					   candidate->rows * nn->out_bytes, true);
	if (!ret)
		ret = percpu_ref_init(&candidate->ref, neural_candidate_unused, 0,
				      GFP_KERNEL);
	percpu_ref_get(&instance->ref);
	neural_network_pin(nn);
	return ret;
}

/* Of @model, which belongs to it then; an error pointer, and @why where it was that. */
static struct neural_candidate *
neural_candidate_create(struct neural_network *nn, struct neural_model *model,
			struct neural_reason *why)
{
	static atomic64_t serial;
	struct neural_candidate *candidate;
	struct neural_instance *instance;

	candidate = neural_mem_alloc(&nn->account, sizeof(*candidate));
	if (!candidate)
		return ERR_PTR(neural_refuse(why, -ENOMEM, "out of memory", 0));
	instance = neural_instance_create_model(nn, model, why);
	if (IS_ERR(instance)) {
		neural_mem_free(candidate);
		return ERR_CAST(instance);
	}
	INIT_WORK(&candidate->free_work, neural_candidate_free_work);
	candidate->serial = atomic64_inc_return(&serial);
	candidate->instance = instance;
	neural_candidate_place(candidate, model);
	if (neural_candidate_complete(candidate)) {
		neural_candidate_free(candidate);
		neural_instance_retire(instance);
		return ERR_PTR(neural_refuse(why, -ENOMEM, "out of memory", 0));
	}
	candidate->model = model;
	return candidate;
}

/* Under the lock of @nn: @candidate instead of the one there is, which is returned. */
static struct neural_candidate *
neural_candidate_exchange(struct neural_network *nn, struct neural_candidate *candidate)
{
	struct neural_candidate *old;

	if (!candidate)
		clear_bit(NEURAL_WATCH_CANDIDATE, &nn->watch);
	old = rcu_replace_pointer(nn->candidate, candidate, lockdep_is_held(&nn->lock));
	if (candidate)
		set_bit(NEURAL_WATCH_CANDIDATE, &nn->watch);
	return old;
}

void neural_candidate_retire(struct neural_candidate *candidate)
{
	if (!candidate)
		return;
	neural_instance_retire(candidate->instance);
	percpu_ref_kill(&candidate->ref);
}

static int neural_candidate_install(struct neural_network *nn, struct neural_model *model,
				    u32 share, u32 every, struct neural_reason *why)
{
	struct neural_candidate *candidate;
	int ret = neural_load_fits(nn, model, why);

	if (ret)
		return ret;
	candidate = neural_candidate_create(nn, model, why);
	if (IS_ERR(candidate))
		return PTR_ERR(candidate);
	candidate->share = share;
	candidate->every = every;
	neural_candidate_retire(neural_candidate_exchange(nn, candidate));
	return 0;
}

int neural_candidate_set(struct neural_network *nn, struct iov_iter *from, u32 share,
			 u32 every, struct neural_reason *why)
{
	struct neural_model *model;
	int ret;

	*why = (struct neural_reason){ };
	if (share > NEURAL_CANDIDATE_SHARES || !every || every > NEURAL_CANDIDATE_SELDOM)
		return -EINVAL;
	if (nn->layers)
		return -EOPNOTSUPP;
	model = neural_load_open(nn, from, why);
	ret = PTR_ERR_OR_ZERO(model);
	if (!ret) {
		mutex_lock(&nn->lock);
		ret = neural_candidate_install(nn, model, share, every, why);
		if (ret)
			neural_load_drop(model);
		mutex_unlock(&nn->lock);
	}
	ret = neural_account_error(&nn->account, ret, why);
	if (ret)
		neural_load_complain(nn->name, ret, why);
	return ret;
}

struct neural_candidate *neural_candidate_of(const struct neural_network *nn)
{
	return rcu_dereference_protected(nn->candidate, lockdep_is_held(&nn->lock));
}

int neural_candidate_set_share(struct neural_network *nn, u32 share)
{
	struct neural_candidate *candidate;

	mutex_lock(&nn->lock);
	candidate = neural_candidate_of(nn);
	if (candidate)
		WRITE_ONCE(candidate->share, share);
	mutex_unlock(&nn->lock);
	return candidate ? 0 : -ENOENT;
}

int neural_candidate_set_every(struct neural_network *nn, u32 every)
{
	struct neural_candidate *candidate;

	mutex_lock(&nn->lock);
	candidate = neural_candidate_of(nn);
	if (candidate)
		WRITE_ONCE(candidate->every, every);
	mutex_unlock(&nn->lock);
	return candidate ? 0 : -ENOENT;
}

/**
 * neural_network_set_candidate() - set another model beside that of a network
 * @nn: network from neural_network_load() or neural_network_load_firmware()
 * @data: a model file with inputs and outputs of the same types and sizes; copied
 * @size: its bytes
 * @share: of a thousand calls so many are answered by it; 0 for none, and then it is a
 *	shadow that sees all of them, see neural_network_candidate_stats()
 *
 * It takes the place of the candidate there was before.  Replacing the model of the
 * network leaves it where it is.
 *
 * A shadow makes a call take as long again, and the time to compare; debugfs has
 * "shadow_every N" for one call of N.  Rows that come from the prediction cache are seen
 * by nobody.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer, a share above 1000 or other inputs or outputs,
 * -EOPNOTSUPP for a network made of layers; otherwise as neural_network_load().  On error
 * nothing has changed.
 */
int neural_network_set_candidate(struct neural_network *nn, const void *data, size_t size,
				 u32 share)
{
	struct kvec vec = { .iov_base = (void *)data, .iov_len = size };
	struct neural_reason why;
	struct iov_iter from;

	if (!nn || !data)
		return -EINVAL;
	iov_iter_kvec(&from, ITER_SOURCE, &vec, 1, size);
	return neural_candidate_set(nn, &from, share, 1, &why);
}
EXPORT_SYMBOL_GPL(neural_network_set_candidate);

/**
 * neural_network_promote() - put the candidate in the place of what is in force
 * @nn: network
 *
 * As neural_network_replace() with its file: every prediction runs wholly on the one or
 * on the other, those that begin afterwards on what was the candidate.  There is none
 * then.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer, -ENOENT without a candidate.
 */
int neural_network_promote(struct neural_network *nn)
{
	struct neural_candidate *candidate;

	if (!nn)
		return -EINVAL;
	mutex_lock(&nn->lock);
	candidate = neural_candidate_exchange(nn, NULL);
	if (candidate) {
		/* Until nobody looks at it the candidate holds the instance, but no more. */
		neural_load_take(nn, candidate->model, candidate->instance);
		candidate->model = NULL;
		percpu_ref_kill(&candidate->ref);
	}
	mutex_unlock(&nn->lock);
	return candidate ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(neural_network_promote);

/**
 * neural_network_drop_candidate() - take the candidate away
 * @nn: network
 *
 * What is in force goes on as if there had been none.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer, -ENOENT without a candidate.
 */
int neural_network_drop_candidate(struct neural_network *nn)
{
	struct neural_candidate *candidate;

	if (!nn)
		return -EINVAL;
	mutex_lock(&nn->lock);
	candidate = neural_candidate_exchange(nn, NULL);
	neural_candidate_retire(candidate);
	mutex_unlock(&nn->lock);
	return candidate ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(neural_network_drop_candidate);

/**
 * neural_network_candidate_stats() - how the candidate fares
 * @nn: network
 * @stats: filled in
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer, -ENOENT without a candidate.
 */
int neural_network_candidate_stats(struct neural_network *nn,
				   struct neural_candidate_stats *stats)
{
	struct neural_candidate *candidate;

	if (!nn || !stats)
		return -EINVAL;
	mutex_lock(&nn->lock);
	candidate = neural_candidate_of(nn);
	if (candidate)
		neural_candidate_sum(candidate, stats);
	mutex_unlock(&nn->lock);
	return candidate ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(neural_network_candidate_stats);
