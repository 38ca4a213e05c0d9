// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameter "life": writing N makes a network, uses it in every way and takes
 * it away, all with the N-th allocation on the way failing (0: none).  The write
 * fails as the life did.  Reading it says how it ended: errno, and whether there
 * was an N-th allocation.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sysfs.h>
#include "neural_caller.h"

#define LIFE_WIDTH	64	/* weights of 16 KiB: no longer one page */

static s32 life_words[LIFE_WIDTH * LIFE_WIDTH];
static s32 life_ones[LIFE_WIDTH];
static int life_error;
static bool life_failed;

#ifdef CONFIG_FAULT_INJECTION
static int life_arm(u32 nth)
{
	WRITE_ONCE(current->fail_nth, nth);
	return 0;
}

/* Did the failure happen? */
static bool life_disarm(void)
{
	const bool happened = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return happened;
}
#else
static int life_arm(u32 nth)
{
	return nth ? -EOPNOTSUPP : 0;
}

static bool life_disarm(void)
{
	return false;
}
#endif

static int life_batch(struct neural_network *nn)
{
	struct neural_batch *batch = neural_batch_create(4, LIFE_WIDTH, LIFE_WIDTH);
	int ret;

	if (IS_ERR(batch))
		return PTR_ERR(batch);
	neural_batch_add_input(batch, life_words);
	ret = neural_batch_predict(nn, batch);
	neural_batch_destroy(batch);
	return ret;
}

static int life_use(struct neural_network *nn)
{
	static s32 out[LIFE_WIDTH];
	const struct neural_layer_weights w[] = {
		{ .weights = life_words, .nr_weights = ARRAY_SIZE(life_words) },
		{ },
		{ .weights = life_words, .nr_weights = ARRAY_SIZE(life_words) },
		{ },
	};
	const struct neural_batch_norm bn = {
		.gamma = life_ones, .beta = life_words, .mean = life_words,
		.variance = life_ones, .units = LIFE_WIDTH,
	};
	struct neural_stats stats;
	int ret;

	ret = neural_network_set_all_weights(nn, w, ARRAY_SIZE(w));
	if (!ret)
		ret = neural_network_set_batch_norm(nn, 1, &bn);
	if (!ret)
		ret = neural_network_set_weights(nn, 2, life_words, ARRAY_SIZE(life_words),
						 life_ones, LIFE_WIDTH);
	if (!ret)
		ret = neural_network_predict(nn, life_words, out);
	if (!ret)
		ret = neural_network_predict_cached(nn, life_words, out);
	if (!ret)
		ret = life_batch(nn);
	return ret ?: neural_network_get_stats(nn, &stats);
}

static int life_live(void)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, LIFE_WIDTH, 0 },
		{ NEURAL_LAYER_BATCH_NORM, NEURAL_TANH, 0, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, LIFE_WIDTH, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
	};
	struct neural_network *nn;
	int ret;

	nn = neural_network_create_layers("caller_life", LIFE_WIDTH, layers,
					  ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	ret = life_use(nn);
	neural_network_destroy(nn);
	return ret;
}

static int life_set(const char *val, const struct kernel_param *kp)
{
	u32 i, nth;
	int ret = kstrtouint(val, 0, &nth);

	if (ret)
		return ret;
	for (i = 0; i < LIFE_WIDTH; i++)
		life_ones[i] = NEURAL_FP_ONE;
	ret = life_arm(nth);
	if (ret)
		return ret;
	life_error = life_live();
	life_failed = life_disarm() && nth;
	return life_error;
}

static int life_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d %d\n", life_error, life_failed);
}

const struct kernel_param_ops caller_life_ops = {
	.set = life_set,
	.get = life_get,
};
