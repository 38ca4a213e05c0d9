// SPDX-License-Identifier: GPL-2.0-only
/* Batches: rows gathered by the caller and predicted in one call. */
#include <linux/module.h>
#include <linux/slab.h>
#include "alloc.h"
#include "handle.h"
#include "params.h"
#include "predict.h"

/**
 * struct neural_batch - see <linux/neural.h>
 * @size: rows there is room for
 * @count: rows added
 * @done: rows predicted
 * @input: width of an input row
 * @output: width of an output row
 * @in: input rows
 * @out: output rows
 */
struct neural_batch {
	u32 size;
	u32 count;
	u32 done;
	u32 input;
	u32 output;
	s32 *in;
	s32 *out;
};

static s32 *neural_batch_rows(u32 rows, u32 width)
{
	size_t bytes;

	if (check_mul_overflow((size_t)rows, (size_t)width * sizeof(s32), &bytes))
		return NULL;
	return neural_mem_alloc_numa(bytes, NUMA_NO_NODE);
}

/**
 * neural_batch_create() - make room for a batch
 * @batch_size: rows, 1 .. NEURAL_MAX_BATCH
 * @input: width of an input row, 1 .. NEURAL_MAX_UNITS
 * @output: width of an output row, 1 .. NEURAL_MAX_UNITS
 *
 * A batch belongs to one caller at a time; it has no lock.
 *
 * Context: process context, may sleep.
 * Return: the batch, to be given to neural_batch_destroy(), or an error pointer:
 * -EINVAL for sizes outside the limits, -ENODEV where the module is going, -ENOMEM.
 */
struct neural_batch *neural_batch_create(u32 batch_size, u32 input, u32 output)
{
	struct neural_batch *batch;

	if (!batch_size || batch_size > NEURAL_MAX_BATCH || !input ||
	    input > NEURAL_MAX_UNITS || !output || output > NEURAL_MAX_UNITS)
		return ERR_PTR(-EINVAL);
	if (!neural_handle_new())
		return ERR_PTR(-ENODEV);
	batch = kzalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch) {
		neural_handle_end();
		return ERR_PTR(-ENOMEM);
	}
	batch->size = batch_size;
	batch->input = input;
	batch->output = output;
	batch->in = neural_batch_rows(batch_size, input);
	batch->out = neural_batch_rows(batch_size, output);
	if (batch->in && batch->out)
		return batch;
	neural_batch_destroy(batch);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(neural_batch_create);

/**
 * neural_batch_add_input() - append a row
 * @batch: batch
 * @in: as many elements as the batch's input is wide; copied
 *
 * Context: any.
 * Return: number of the row, -EINVAL for a NULL pointer, -ENOSPC if it is full.
 */
int neural_batch_add_input(struct neural_batch *batch, const s32 *in)
{
	if (!batch || !in)
		return -EINVAL;
	if (batch->count == batch->size)
		return -ENOSPC;
	memcpy(batch->in + (size_t)batch->count * batch->input, in,
	       batch->input * sizeof(*in));
	return batch->count++;
}
EXPORT_SYMBOL_GPL(neural_batch_add_input);

/**
 * neural_batch_predict() - predict all rows of a batch
 * @nn: network of the batch's widths
 * @batch: batch
 *
 * The rows share the weights as they pass, so this takes less time than as many
 * calls of neural_network_predict(); the results are the same.  Where one row is
 * neural_section_macs multiply-adds or fewer, preemption is off until the last: who
 * has very many of them makes several batches.
 *
 * Context: task, softirq and hardirq context.
 * Return: 0; -EINVAL for a NULL pointer, an empty batch or other widths than the
 * network's, otherwise as neural_network_predict().
 */
int neural_batch_predict(struct neural_network *nn, struct neural_batch *batch)
{
	int ret;

	if (!nn || !batch || !batch->count ||
	    batch->input != neural_network_input_size(nn) ||
	    batch->output != neural_network_output_size(nn))
		return -EINVAL;
	if (!nn->words)
		return -EPROTOTYPE;
	if (in_nmi())
		return -EOPNOTSUPP;
	ret = neural_predict_rows(nn, batch->in, batch->out, batch->count, NULL);
	batch->done = ret ? 0 : batch->count;
	return ret;
}
EXPORT_SYMBOL_GPL(neural_batch_predict);

/**
 * neural_batch_output() - result of one row
 * @batch: batch
 * @row: number neural_batch_add_input() gave
 *
 * Context: any.
 * Return: as many elements as the batch's output is wide, valid until the batch
 * is predicted again or destroyed; NULL for a row that was not predicted.
 */
const s32 *neural_batch_output(const struct neural_batch *batch, u32 row)
{
	if (!batch || row >= batch->done)
		return NULL;
	return batch->out + (size_t)row * batch->output;
}
EXPORT_SYMBOL_GPL(neural_batch_output);

/**
 * neural_batch_count() - rows in a batch
 * @batch: batch
 *
 * Context: any.
 */
u32 neural_batch_count(const struct neural_batch *batch)
{
	return batch ? batch->count : 0;
}
EXPORT_SYMBOL_GPL(neural_batch_count);

/**
 * neural_batch_reset() - forget all rows, keep the room
 * @batch: batch
 *
 * Context: any.
 */
void neural_batch_reset(struct neural_batch *batch)
{
	if (!batch)
		return;
	batch->count = 0;
	batch->done = 0;
}
EXPORT_SYMBOL_GPL(neural_batch_reset);

/**
 * neural_batch_destroy() - free a batch
 * @batch: batch, or NULL or an error pointer for nothing
 *
 * Context: process context.
 */
void neural_batch_destroy(struct neural_batch *batch)
{
	if (IS_ERR_OR_NULL(batch))
		return;
	neural_mem_free(batch->in);
	neural_mem_free(batch->out);
	kfree(batch);
	neural_handle_end();
}
EXPORT_SYMBOL_GPL(neural_batch_destroy);
