// SPDX-License-Identifier: GPL-2.0-only
/*
 * Predicting for user space, in groups of rows that fit a bounded copy of them and take a
 * bounded time.
 */
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "../network.h"
#include "../predict.h"
#include "chardev.h"

/* Input and output rows of a group take as much, unless a single row takes more. */
#define NEURAL_PREDICT_STAGE	SZ_256K

/**
 * struct neural_stage - rows on their way in and out
 * @nn: network
 * @rows: rows of a group
 * @in: input rows
 * @out: output rows; what lies between the tensors of a row is zero
 */
struct neural_stage {
	struct neural_network *nn;
	u32 rows;
	void *in;
	void *out;
};

static int neural_stage_init(struct neural_stage *stage, struct neural_network *nn, u32 rows)
{
	const size_t row = nn->in_bytes + nn->out_bytes;
	const gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_ZERO;

	stage->nn = nn;
	stage->rows = clamp_t(size_t, NEURAL_PREDICT_STAGE / row, 1, rows);
	stage->in = kvmalloc_array(stage->rows, nn->in_bytes, gfp);
	stage->out = kvmalloc_array(stage->rows, nn->out_bytes, gfp);
	return stage->in && stage->out ? 0 : -ENOMEM;
}

static int neural_stage_group(const struct neural_stage *stage, const u8 __user *in,
			      u8 __user *out, u32 rows)
{
	const size_t in_bytes = rows * stage->nn->in_bytes;
	const size_t out_bytes = rows * stage->nn->out_bytes;
	int ret;

	if (fatal_signal_pending(current))
		return -EINTR;
	if (copy_from_user(stage->in, in, in_bytes))
		return -EFAULT;
	ret = neural_network_predict_rows(stage->nn, stage->in, in_bytes, stage->out,
					  out_bytes, rows);
	if (ret)
		return ret;
	return copy_to_user(out, stage->out, out_bytes) ? -EFAULT : 0;
}

static int neural_ioctl_predict_rows(struct neural_ioc_predict *arg,
				     struct neural_network *nn)
{
	const u8 __user *in = u64_to_user_ptr(arg->in);
	u8 __user *out = u64_to_user_ptr(arg->out);
	struct neural_stage stage = { };
	u32 rows;
	int ret;

	ret = neural_stage_init(&stage, nn, arg->rows);
	while (!ret && arg->done < arg->rows) {
		rows = min(stage.rows, arg->rows - arg->done);
		rows = neural_predict_group(nn, rows);
		ret = neural_stage_group(&stage, in, out, rows);
		if (ret)
			break;
		in += rows * nn->in_bytes;
		out += rows * nn->out_bytes;
		arg->done += rows;
		cond_resched();
	}
	kvfree(stage.in);
	kvfree(stage.out);
	return ret;
}

static bool neural_ioctl_predict_fits(u64 total, size_t bytes, u32 rows)
{
	u64 needed;

	return !check_mul_overflow((u64)bytes, (u64)rows, &needed) && needed == total;
}

int neural_ioctl_predict(void *p)
{
	struct neural_ioc_predict *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	int ret = 0;

	arg->done = 0;
	if (!nn)
		return -ENOENT;
	if (!neural_ioctl_predict_fits(arg->in_bytes, nn->in_bytes, arg->rows) ||
	    !neural_ioctl_predict_fits(arg->out_bytes, nn->out_bytes, arg->rows))
		ret = -EINVAL;
	else if (arg->rows)
		ret = neural_ioctl_predict_rows(arg, nn);
	neural_network_drop(nn);
	return ret;
}
