// SPDX-License-Identifier: GPL-2.0-only
/* What a network is and what it did, for user space. */
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "../instance.h"
#include "chardev.h"

/* Copied out in one go. */
#define NEURAL_IOCTL_CHUNK	SZ_1M

static struct neural_network *neural_ioctl_next(struct neural_ioc_head *head)
{
	struct neural_network *nn;

	if (!(head->flags & NEURAL_INFO_NEXT))
		return neural_ioctl_find(head);
	if (*head->name)
		return ERR_PTR(-EINVAL);
	nn = neural_network_next(&head->id);
	if (nn)
		neural_ioctl_name(head, nn);
	return nn;
}

/* As many whole characters of @text as there is room for, in memory that is zero. */
static void neural_ioctl_text(char *to, const char *text, u32 size)
{
	memcpy(to, text, neural_string_fit(text, size - 1));
}

static void neural_ioctl_info_fill(struct neural_ioc_info *arg, struct neural_network *nn)
{
	const struct neural_instance *instance = neural_instance_of(nn);
	const struct neural_model *model = nn->model;

	*arg = (struct neural_ioc_info){
		.head = arg->head,
		.in_bytes = nn->in_bytes,
		.out_bytes = nn->out_bytes,
		.generation = instance ? instance->generation : 0,
		.macs = instance ? instance->plan->macs : 0,
		.arena_bytes = instance ? instance->plan->arena_bytes : 0,
		.file_bytes = model ? model->file_bytes : 0,
		.memory_bytes = atomic64_read(&nn->account.now),
		.nodes = nn->nr_layers,
		.nr_inputs = model ? model->nr_inputs : 1,
		.nr_outputs = model ? model->nr_outputs : 1,
		.nr_labels = model ? model->text.nr_labels : 0,
		.budget_ns = nn->guard.budget.ns,
		.budget_strikes = nn->guard.budget.strikes,
		.budget_cooldown_ms = nn->guard.budget.cooldown_ms,
		.breaker = neural_guard_state(&nn->guard),
		.nr_ranges = model ? model->nr_in_ranges : 0,
		.nr_bounds = model ? model->nr_ranges - model->nr_in_ranges : 0,
	};
	if (instance)
		arg->state |= NEURAL_STATE_READY;
	if (model)
		arg->state |= NEURAL_STATE_MODEL;
	if (model && model->is_signed)
		arg->state |= NEURAL_STATE_SIGNED;
	if (test_bit(NEURAL_NETWORK_LOADED, &nn->state))
		arg->state |= NEURAL_STATE_LOADED;
	if (model)
		neural_ioctl_text(arg->description, model->text.description,
				  sizeof(arg->description));
}

int neural_ioctl_info(void *p)
{
	struct neural_ioc_info *arg = p;
	struct neural_network *nn = neural_ioctl_next(&arg->head);

	if (IS_ERR_OR_NULL(nn))
		return nn ? PTR_ERR(nn) : -ENOENT;
	mutex_lock(&nn->lock);
	neural_ioctl_info_fill(arg, nn);
	mutex_unlock(&nn->lock);
	neural_network_drop(nn);
	return 0;
}

/* Of a network made of layers, which has one of each. */
static int neural_ioctl_tensor_layers(struct neural_ioc_tensor *arg,
				      const struct neural_network *nn, bool output)
{
	if (arg->index)
		return -ERANGE;
	arg->dtype = NEURAL_S32;
	arg->rank = 1;
	arg->dim[0] = output ? nn->output : nn->input;
	arg->frac = NEURAL_FP_SHIFT;
	arg->bytes = output ? nn->out_bytes : nn->in_bytes;
	strscpy(arg->tensor, output ? "output" : "input", sizeof(arg->tensor));
	return 0;
}

static int neural_ioctl_tensor_model(struct neural_ioc_tensor *arg,
				     struct neural_tensor *const *tensors, u32 nr)
{
	const struct neural_tensor *t;
	u64 at = 0;
	u32 i;

	if (arg->index >= nr)
		return -ERANGE;
	for (i = 0; i < nr; i++) {
		t = tensors[i];
		at = ALIGN(at, (u64)neural_dtype_bits(t->dtype) / 8);
		if (i == arg->index)
			break;
		at += t->bytes;
	}
	arg->dtype = t->dtype;
	arg->rank = t->rank;
	for (i = 0; i < t->rank; i++)
		arg->dim[i] = t->dim[i];
	arg->scale = t->scale;
	arg->zero_point = t->zero_point;
	arg->frac = t->frac;
	arg->offset = at;
	arg->bytes = t->bytes;
	neural_ioctl_text(arg->tensor, t->name, sizeof(arg->tensor));
	return 0;
}

int neural_ioctl_tensor(void *p)
{
	struct neural_ioc_tensor *arg = p;
	const bool output = arg->head.flags & NEURAL_TENSOR_OUTPUT;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	const struct neural_model *model;
	int ret;

	if (!nn)
		return -ENOENT;
	*arg = (struct neural_ioc_tensor){ .head = arg->head, .index = arg->index };
	mutex_lock(&nn->lock);
	model = nn->model;
	if (!model)
		ret = neural_ioctl_tensor_layers(arg, nn, output);
	else if (output)
		ret = neural_ioctl_tensor_model(arg, model->outputs, model->nr_outputs);
	else
		ret = neural_ioctl_tensor_model(arg, model->inputs, model->nr_inputs);
	mutex_unlock(&nn->lock);
	neural_network_drop(nn);
	return ret;
}

int neural_ioctl_copy(struct neural_ioc_copy *arg, const void *from, size_t bytes)
{
	u8 __user *to = u64_to_user_ptr(arg->data);
	const u64 room = arg->bytes;
	size_t at, size;

	arg->bytes = bytes;
	if (!room)
		return 0;
	if (room < bytes)
		return -ENOSPC;
	for (at = 0; at < bytes; at += size) {
		size = min_t(size_t, bytes - at, NEURAL_IOCTL_CHUNK);
		if (fatal_signal_pending(current))
			return -EINTR;
		if (copy_to_user(to + at, from + at, size))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

/* A copy: writing to user space may take as long as it likes. */
static char *neural_ioctl_labels_get(struct neural_network *nn, size_t *bytes)
{
	const struct neural_model_text *text;
	char *labels = NULL;

	*bytes = 0;
	mutex_lock(&nn->lock);
	if (nn->model && nn->model->text.label_bytes) {
		text = &nn->model->text;
		*bytes = text->label_bytes;
		labels = kvmalloc(*bytes, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (labels)
			memcpy(labels, text->labels, *bytes);
	}
	mutex_unlock(&nn->lock);
	return labels;
}

int neural_ioctl_labels(void *p)
{
	struct neural_ioc_copy *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	size_t bytes;
	char *labels;
	int ret;

	if (!nn)
		return -ENOENT;
	labels = neural_ioctl_labels_get(nn, &bytes);
	ret = bytes && !labels ? -ENOMEM : neural_ioctl_copy(arg, labels, bytes);
	kvfree(labels);
	neural_network_drop(nn);
	return ret;
}

/* A copy, again, at the expense of whoever asks for it. */
static void *neural_ioctl_save_get(struct neural_network *nn, size_t *bytes)
{
	void *file;
	ssize_t ret;

	do {
		ret = neural_network_save(nn, NULL, 0);
		if (ret < 0)
			return ERR_PTR(ret);
		file = kvmalloc(ret, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (!file)
			return ERR_PTR(-ENOMEM);
		*bytes = ret;
		ret = neural_network_save(nn, file, *bytes);
		if (ret >= 0) {
			*bytes = ret;
			return file;
		}
		kvfree(file);
		/* Of a longer file, if the model was replaced in between. */
	} while (ret == -ENOSPC);
	return ERR_PTR(ret);
}

static int neural_ioctl_save_to(struct neural_ioc_copy *arg, struct neural_network *nn)
{
	size_t bytes;
	ssize_t ret;
	void *file;

	if (!arg->bytes) {
		ret = neural_network_save(nn, NULL, 0);
		if (ret > 0)
			arg->bytes = ret;
		return min_t(ssize_t, ret, 0);
	}
	file = neural_ioctl_save_get(nn, &bytes);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = neural_ioctl_copy(arg, file, bytes);
	kvfree(file);
	return ret;
}

int neural_ioctl_save(void *p)
{
	struct neural_ioc_copy *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	int ret;

	if (!nn)
		return -ENOENT;
	ret = neural_ioctl_save_to(arg, nn);
	neural_network_drop(nn);
	return ret;
}

int neural_ioctl_stats(void *p)
{
	struct neural_ioc_stats *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	struct neural_stats s;

	if (!nn)
		return -ENOENT;
	neural_network_get_stats(nn, &s);
	neural_network_drop(nn);
	*arg = (struct neural_ioc_stats){
		.head = arg->head,
		.predictions = s.predictions,
		.errors = s.errors,
		.cache_hits = s.cache_hits,
		.cache_misses = s.cache_misses,
		.simd_steps = s.simd_steps,
		.fallback_steps = s.fallback_steps,
		.mean_ns = s.mean_ns,
		.min_ns = s.min_ns,
		.max_ns = s.max_ns,
		.p50_ns = s.p50_ns,
		.p90_ns = s.p90_ns,
		.p95_ns = s.p95_ns,
		.p99_ns = s.p99_ns,
		.bytes = s.bytes,
		.bytes_peak = s.bytes_peak,
		.over_budget = s.over_budget,
		.refused = s.refused,
		.breaker_opened = s.breaker_opened,
		.out_of_range = s.out_of_range,
		.out_of_range_most = s.out_of_range_most,
		.out_of_bounds = s.out_of_bounds,
		.breaker = s.breaker,
		.section_max_ns = s.section_max_ns,
		.preempt_off_max_ns = s.preempt_off_max_ns,
		.cache_bypassed = s.cache_bypassed,
		.cache_evictions = s.cache_evictions,
		.cache_failures = s.cache_failures,
		.cache_shrunk = s.cache_shrunk,
	};
	return 0;
}
