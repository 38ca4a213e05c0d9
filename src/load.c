// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/uio.h>
#include <trace/events/neural.h>
#include "handle.h"
#include "instance.h"
#include "limits.h"
#include "load.h"
#include "params.h"
#include "registry.h"
#include "signature.h"

/* Copied in one go, between looking whether anybody still wants it. */
#define NEURAL_LOAD_CHUNK	SZ_1M

static int neural_load_fill(u8 *file, struct iov_iter *from)
{
	while (iov_iter_count(from)) {
		size_t chunk = min_t(size_t, iov_iter_count(from), NEURAL_LOAD_CHUNK);

		if (fatal_signal_pending(current))
			return -EINTR;
		if (!copy_from_iter_full(file, chunk, from))
			return -EFAULT;
		file += chunk;
		cond_resched();
	}
	return 0;
}

/* A copy of the file, charged to @nn. */
static void *neural_load_read(struct neural_network *nn, struct iov_iter *from,
			      struct neural_reason *why)
{
	const size_t bytes = iov_iter_count(from);
	void *file;
	int ret;

	if (!bytes)
		return ERR_PTR(neural_refuse(why, -EINVAL, "the file is empty", 0));
	if (bytes > neural_param_max_model_bytes())
		return ERR_PTR(neural_refuse(why, -E2BIG,
					     "the file is larger than neural_max_model_bytes",
					     0));
	/* The account's policy is for the lock; whoever fills the file may take long. */
	mutex_lock(&nn->lock);
	file = neural_mem_alloc(&nn->account, bytes);
	mutex_unlock(&nn->lock);
	if (!file)
		return ERR_PTR(neural_refuse(why, -ENOMEM, "out of memory", 0));
	ret = neural_load_fill(file, from);
	if (ret) {
		neural_mem_free(file);
		return ERR_PTR(ret);
	}
	return file;
}

/* Against the module's limits, before anything large is built from it. */
static int neural_load_check(struct neural_network *nn, const struct neural_model *model,
			     struct neural_reason *why)
{
	const u64 most = neural_param_max_arena_bytes();
	size_t bytes;
	int ret;

	if (check_add_overflow(model->in_bytes, model->out_bytes, &bytes) ||
	    bytes > min_t(u64, most, U32_MAX))
		return neural_refuse(why, -E2BIG,
				     "rows are larger than neural_max_arena_bytes", 0);
	ret = neural_plan_model_bytes(&nn->account, model, 0, &bytes, why);
	if (ret)
		return ret;
	if (bytes > most)
		return neural_refuse(why, -E2BIG,
				     "more scratch memory than neural_max_arena_bytes", 0);
	return 0;
}

void neural_load_drop(struct neural_model *model)
{
	const void *file;

	if (!model)
		return;
	file = model->file;
	neural_model_close(model);
	neural_mem_free(file);
}

struct neural_model *neural_load_open(struct neural_network *nn, struct iov_iter *from,
				      struct neural_reason *why)
{
	const struct neural_model_limit limit = {
		.macs = neural_param_max_macs(),
		.rule = "more multiply-adds than neural_max_macs",
	};
	struct neural_model *model;
	bool is_signed;
	size_t bytes;
	void *file;
	int ret;

	*why = (struct neural_reason){ };
	file = neural_load_read(nn, from, why);
	if (IS_ERR(file))
		return file;
	bytes = neural_mem_size(file);
	ret = neural_signature_check(file, &bytes, &is_signed, why);
	if (ret) {
		neural_mem_free(file);
		return ERR_PTR(ret);
	}
	mutex_lock(&nn->lock);
	ret = neural_model_open_within(&nn->account, file, bytes, &limit, &model, why);
	if (ret) {
		neural_mem_free(file);
		model = ERR_PTR(ret);
	} else {
		model->is_signed = is_signed;
		ret = neural_load_check(nn, model, why);
		if (ret) {
			neural_load_drop(model);
			model = ERR_PTR(ret);
		}
	}
	mutex_unlock(&nn->lock);
	return model;
}

void neural_load_complain(const char *name, int err, const struct neural_reason *why)
{
	if (why->rule)
		trace_neural_verify_reject(name, why->rule, why->op, why->layer, why->offset,
					   err);
	if (!why->rule)
		pr_warn_ratelimited("neural: %s: not loaded, error %d\n", name, -err);
	else
		pr_warn_ratelimited("neural: %s: node %u unit %u offset %llu: %s\n", name,
				    why->layer, why->unit, why->offset, why->rule);
}

/* Elements of one row, and what its tensors ask of the place it is in. */
static u32 neural_load_row(struct neural_network *nn, struct neural_tensor *const *tensors,
			   u32 nr)
{
	u32 i, elements = 0;

	for (i = 0; i < nr; i++) {
		const size_t width = neural_dtype_bits(tensors[i]->dtype) / 8;

		elements += tensors[i]->elements;
		nn->align = max(nn->align, width);
		nn->words = nn->words && tensors[i]->dtype == NEURAL_S32;
	}
	return elements;
}

static void neural_load_facts(struct neural_network *nn, const struct neural_model *model)
{
	nn->words = true;
	nn->align = 1;
	nn->input = neural_load_row(nn, model->inputs, model->nr_inputs);
	nn->output = neural_load_row(nn, model->outputs, model->nr_outputs);
	nn->in_bytes = model->in_bytes;
	nn->out_bytes = model->out_bytes;
}

void neural_load_take(struct neural_network *nn, struct neural_model *model,
		      struct neural_instance *instance)
{
	struct neural_model *old = nn->model;

	nn->model = model;
	WRITE_ONCE(nn->nr_layers, model->nr_nodes);
	neural_instance_exchange(instance);
	neural_load_drop(old);
}

static int neural_load_install(struct neural_network *nn, struct neural_model *model,
			       struct neural_reason *why)
{
	struct neural_instance *instance = neural_instance_create_model(nn, model, why);

	if (IS_ERR(instance))
		return PTR_ERR(instance);
	neural_load_take(nn, model, instance);
	return 0;
}

static int neural_load_init(struct neural_network *nn, struct iov_iter *from,
			    struct neural_reason *why)
{
	struct neural_model *model = neural_load_open(nn, from, why);
	int ret;

	if (IS_ERR(model))
		return PTR_ERR(model);
	neural_load_facts(nn, model);
	mutex_lock(&nn->lock);
	ret = neural_load_install(nn, model, why);
	mutex_unlock(&nn->lock);
	if (ret)
		neural_load_drop(model);
	return ret;
}

/* Not worth reading a file for; whether it is still free shows in the end. */
static bool neural_load_taken(const char *name)
{
	struct neural_network *nn = neural_network_find(name);

	neural_network_drop(nn);
	return nn;
}

struct neural_network *neural_load(const char *name, struct iov_iter *from,
				   struct neural_reason *why)
{
	struct neural_network *nn;
	int ret;

	*why = (struct neural_reason){ };
	if (!name)
		return ERR_PTR(-EINVAL);
	if (neural_load_taken(name))
		return ERR_PTR(-EEXIST);
	nn = neural_network_new(name);
	if (nn == ERR_PTR(-EDQUOT))
		neural_refuse(why, -EDQUOT, NEURAL_LIMITS_NETWORKS, 0);
	if (IS_ERR(nn))
		return nn;
	ret = neural_load_init(nn, from, why);
	ret = neural_account_error(&nn->account, ret, why);
	if (ret) {
		neural_load_complain(name, ret, why);
		goto out_drop;
	}
	ret = neural_registry_add(nn);
	if (ret)
		goto out_drop;
	neural_network_show(nn);
	trace_neural_load(nn->id, nn->name, nn->model->file_bytes, nn->model->macs);
	return nn;

out_drop:
	neural_network_drop(nn);
	return ERR_PTR(ret);
}

/* Whoever gives rows to the one can give them to the other. */
static bool neural_load_alike(struct neural_tensor *const *a, u32 nr_a,
			      struct neural_tensor *const *b, u32 nr_b)
{
	u32 i;

	if (nr_a != nr_b)
		return false;
	for (i = 0; i < nr_a; i++)
		if (a[i]->dtype != b[i]->dtype || a[i]->elements != b[i]->elements ||
		    a[i]->frac != b[i]->frac)
			return false;
	return true;
}

int neural_load_fits(const struct neural_network *nn, const struct neural_model *model,
		     struct neural_reason *why)
{
	const struct neural_model *old = nn->model;

	if (!neural_load_alike(old->inputs, old->nr_inputs, model->inputs,
			       model->nr_inputs))
		return neural_refuse(why, -EINVAL, "other inputs than the network's", 0);
	if (!neural_load_alike(old->outputs, old->nr_outputs, model->outputs,
			       model->nr_outputs))
		return neural_refuse(why, -EINVAL, "other outputs than the network's", 0);
	return 0;
}

int neural_load_replace(struct neural_network *nn, struct iov_iter *from,
			struct neural_reason *why)
{
	struct neural_model *model;
	int ret;

	*why = (struct neural_reason){ };
	if (nn->layers)
		return -EOPNOTSUPP;
	model = neural_load_open(nn, from, why);
	ret = PTR_ERR_OR_ZERO(model);
	if (!ret) {
		mutex_lock(&nn->lock);
		ret = neural_load_fits(nn, model, why);
		if (!ret)
			ret = neural_load_install(nn, model, why);
		if (ret)
			neural_load_drop(model);
		mutex_unlock(&nn->lock);
	}
	ret = neural_account_error(&nn->account, ret, why);
	if (ret)
		neural_load_complain(nn->name, ret, why);
	return ret;
}

/**
 * neural_network_load() - make a network from a model file
 * @name: unique, as neural_network_create_layers() has it, and not NULL
 * @data: the file, see <uapi/linux/neural_model.h>; copied
 * @size: its bytes
 *
 * The file is verified first: what is loaded runs in bounds and without an overflow,
 * whatever the input.  The network predicts at once; its rows are of the types the file
 * says, see neural_network_predict_rows().
 *
 * Context: process context, may sleep.
 * Return: a handle, to be given to neural_network_destroy(), or an error pointer:
 * -EINVAL for a NULL pointer, a bad name or what is not a model, -ENODEV where the module
 * is going, -EEXIST for a name in use, -ERANGE where a sum could overflow, -EOPNOTSUPP
 * for a version, feature or operation this module does not know, -E2BIG past a module
 * limit, -EDQUOT past one of all networks, -ENOMEM; with a bad signature behind it, or
 * none where there has to be one, -EBADMSG, -EKEYREJECTED, -ENOKEY or -ENOPKG.  The log
 * says which rule was broken, at which node and offset.
 */
struct neural_network *neural_network_load(const char *name, const void *data, size_t size)
{
	struct kvec vec = { .iov_base = (void *)data, .iov_len = size };
	struct neural_reason why;
	struct neural_network *nn;
	struct iov_iter from;

	if (!data)
		return ERR_PTR(-EINVAL);
	if (!neural_handle_new())
		return ERR_PTR(-ENODEV);
	iov_iter_kvec(&from, ITER_SOURCE, &vec, 1, size);
	nn = neural_load(name, &from, &why);
	if (IS_ERR(nn))
		neural_handle_end();
	return nn;
}
EXPORT_SYMBOL_GPL(neural_network_load);

/**
 * neural_network_replace() - exchange the model of a network while it serves
 * @nn: network from neural_network_load() or neural_network_load_firmware()
 * @data: a model file with inputs and outputs of the same types and sizes; copied
 * @size: its bytes
 *
 * Predictions run wholly on the one or on the other, and none waits or fails.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer or other inputs or outputs, -EOPNOTSUPP for a
 * network made of layers; otherwise as neural_network_load().  On error nothing has
 * changed.
 */
int neural_network_replace(struct neural_network *nn, const void *data, size_t size)
{
	struct kvec vec = { .iov_base = (void *)data, .iov_len = size };
	struct neural_reason why;
	struct iov_iter from;

	if (!nn || !data)
		return -EINVAL;
	iov_iter_kvec(&from, ITER_SOURCE, &vec, 1, size);
	return neural_load_replace(nn, &from, &why);
}
EXPORT_SYMBOL_GPL(neural_network_replace);
