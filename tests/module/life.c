// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameter "life": writing "P N" makes networks, uses them in every way and takes
 * them away, with the N-th allocation of phase P failing (0: none).  The write
 * fails as the life did.  Reading it says how it ended: errno, and whether there was
 * an N-th allocation.
 *
 * What sysfs, debugfs and the checkers of a kernel allocate differs from life to life.
 * A phase begins wherever some of that may have gone before, so that the numbers of
 * what the module needs are the same in every life.
 *
 * Every block is smaller than a page, so that it comes from a slab and nowhere else:
 * larger ones are mapped where a slab has none, and one failure alone shows nothing.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sysfs.h>
#include "neural_caller.h"

#define LIFE_WIDTH	24
/* Together more than NEURAL_SECTION_MACS: such a network has spare contexts as well. */
#define LIFE_LONG_WIDTH	64
#define LIFE_LONG_DEPTH	36
#define LIFE_PHASES	7

static s32 life_words[LIFE_WIDTH * LIFE_WIDTH];
static s32 life_ones[LIFE_WIDTH];
static int life_error;
static bool life_failed, life_ended;
static u32 life_phase, life_nth;

#ifdef CONFIG_FAULT_INJECTION
static void life_arm(u32 nth)
{
	WRITE_ONCE(current->fail_nth, nth);
}

/* Did the failure happen? */
static bool life_disarm(void)
{
	const bool happened = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return happened;
}
#else
static void life_arm(u32 nth) { }

static bool life_disarm(void)
{
	return false;
}
#endif

/* The numbers begin anew, if it is @phase they are meant for. */
static void life_enter(u32 phase)
{
	if (phase == life_phase) {
		life_arm(life_nth);
	} else if (phase == life_phase + 1 && !life_ended) {
		life_failed = life_disarm() && life_nth;
		life_ended = true;
	}
}

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
	struct neural_context *context;
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
	if (!ret) {
		context = neural_context_create(nn);
		ret = PTR_ERR_OR_ZERO(context);
		if (!ret)
			ret = neural_context_predict(context, life_words, out);
		neural_context_destroy(context);
	}
	return ret ?: neural_network_get_stats(nn, &stats);
}

static int life_short(void)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, LIFE_WIDTH, 0 },
		{ NEURAL_LAYER_BATCH_NORM, NEURAL_TANH, 0, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, LIFE_WIDTH, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
	};
	struct neural_network *nn;
	int ret;

	life_enter(0);
	nn = neural_network_create_layers("caller_life", LIFE_WIDTH, layers,
					  ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	life_enter(1);
	ret = life_use(nn);
	neural_network_destroy(nn);
	return ret;
}

/* Softmax needs no parameters, so this one predicts as soon as it is made. */
static int life_long(void)
{
	static struct neural_layer_desc layers[LIFE_LONG_DEPTH];
	static s32 in[LIFE_LONG_WIDTH], out[LIFE_LONG_WIDTH];
	struct neural_network *nn;
	u32 i;
	int ret;

	for (i = 0; i < LIFE_LONG_DEPTH; i++)
		layers[i].kind = NEURAL_LAYER_SOFTMAX;
	life_enter(2);
	nn = neural_network_create_layers("caller_long_life", LIFE_LONG_WIDTH, layers,
					  LIFE_LONG_DEPTH);
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	ret = neural_network_predict(nn, in, out);
	neural_network_destroy(nn);
	return ret;
}

static int life_load(const void *file, size_t size)
{
	static s32 out[LIFE_WIDTH];
	struct neural_network *nn;
	int ret;

	nn = neural_network_load("caller_loaded_life", file, size);
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	life_enter(5);
	ret = neural_network_replace(nn, file, size);
	if (!ret)
		ret = neural_network_predict_rows(nn, life_words, sizeof(out), out,
						  sizeof(out), 1);
	neural_network_destroy(nn);
	return ret;
}

/* Saved, loaded from that, and replaced by it. */
static int life_model(void)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, LIFE_WIDTH, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
	};
	static u8 file[4096] __aligned(8);
	struct neural_network *nn;
	ssize_t size;
	int ret;

	life_enter(3);
	nn = neural_network_create_layers("caller_model_life", LIFE_WIDTH, layers,
					  ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	ret = neural_network_set_weights(nn, 0, life_words, ARRAY_SIZE(life_words), NULL, 0);
	if (!ret) {
		life_enter(4);
		size = neural_network_save(nn, file, sizeof(file));
		ret = size < 0 ? size : life_load(file, size);
	}
	neural_network_destroy(nn);
	return ret;
}

/* Given a cache, another one, and none. */
static int life_cache(void)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
	};
	static s32 out[LIFE_WIDTH];
	struct neural_cache_setup setup = { .entries = 8, .timeout_ms = 1000 };
	struct neural_network *nn;
	int ret = 0;

	nn = neural_network_create_layers("caller_cache_life", LIFE_WIDTH, layers,
					  ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	life_enter(6);
	for (; setup.entries && !ret; setup.entries -= 4) {
		ret = neural_network_set_cache(nn, &setup);
		if (!ret)
			ret = neural_network_predict_cached(nn, life_words, out);
	}
	if (!ret)
		ret = neural_network_set_cache(nn, &setup);
	neural_network_destroy(nn);
	return ret;
}

static int life_set(const char *val, const struct kernel_param *kp)
{
	u32 i;

	if (sscanf(val, "%u %u", &life_phase, &life_nth) != 2 || life_phase >= LIFE_PHASES)
		return -EINVAL;
	if (life_nth && !IS_ENABLED(CONFIG_FAULT_INJECTION))
		return -EOPNOTSUPP;
	for (i = 0; i < LIFE_WIDTH; i++)
		life_ones[i] = NEURAL_FP_ONE;
	life_ended = false;
	life_error = life_short() ?: life_long() ?: life_model() ?: life_cache();
	/* A life that failed ended in its phase. */
	life_enter(life_phase + 1);
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
