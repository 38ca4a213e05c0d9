// SPDX-License-Identifier: GPL-2.0-only
/* Contexts of callers: the same bits, one at a time, through everything that changes. */
#include <kunit/resource.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "../../src/compat.h"
#include "../reference/answer.h"
#include "model.h"
#include "suites.h"

#define OWNED_TICK	(20 * NSEC_PER_USEC)
#define OWNED_ROWS	21
#define OWNED_WIDE	3000	/* units of the one that needs more memory */

KUNIT_DEFINE_ACTION_WRAPPER(owned_undo, neural_context_destroy, struct neural_context *);

static struct neural_context *owned_begin(struct kunit *test, struct neural_network *nn)
{
	struct neural_context *context = neural_context_create(nn);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, context);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, owned_undo, context));
	return context;
}

static bool owned_answers(struct neural_context *context, const struct model *m, u32 which)
{
	s32 out[MODEL_OUT] = { };

	return !neural_context_predict(context, m->in, out) &&
	       !memcmp(out, m->out[which], sizeof(out));
}

static u64 owned_bytes(struct kunit *test, struct neural_network *nn)
{
	struct neural_stats stats;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(nn, &stats));
	return stats.bytes;
}

static void owned_swapped(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	const u64 before = owned_bytes(test, m->nn);
	struct neural_context *context = owned_begin(test, m->nn);
	u32 i;

	KUNIT_EXPECT_GT(test, owned_bytes(test, m->nn), before);
	for (i = 0; i < 8; i++) {
		KUNIT_ASSERT_EQ(test, 0, model_set(m, i % 2));
		KUNIT_EXPECT_TRUE(test, owned_answers(context, m, i % 2));
		KUNIT_EXPECT_EQ(test, 0, neural_context_refresh(context));
		KUNIT_EXPECT_TRUE(test, owned_answers(context, m, i % 2));
	}
}

static void owned_rows(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_context *context = owned_begin(test, m->nn);
	s32 (*in)[MODEL_IN] = model_alloc(test, OWNED_ROWS * sizeof(*in));
	s32 (*out)[MODEL_OUT] = model_alloc(test, OWNED_ROWS * sizeof(*out));
	u32 r;

	for (r = 0; r < OWNED_ROWS; r++)
		memcpy(in[r], m->in, sizeof(in[r]));
	KUNIT_EXPECT_EQ(test, 0,
			neural_context_predict_rows(context, in, OWNED_ROWS * sizeof(*in), out,
						    OWNED_ROWS * sizeof(*out), OWNED_ROWS));
	for (r = 0; r < OWNED_ROWS; r++)
		KUNIT_EXPECT_MEMEQ(test, out[r], m->out[0], sizeof(out[r]));
}

static void owned_refused(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_context *context = owned_begin(test, m->nn);
	s32 out[MODEL_OUT];

	KUNIT_EXPECT_PTR_EQ(test, neural_context_create(NULL), ERR_PTR(-EINVAL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_context_refresh(NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_context_predict(NULL, m->in, out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_context_predict(context, NULL, out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_context_predict(context, m->in, NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_context_predict_rows(NULL, m->in, sizeof(m->in), out,
						    sizeof(out), 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_context_predict_rows(context, m->in, sizeof(m->in) - 4, out,
						    sizeof(out), 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_context_predict_rows(context, m->in, 0, out, 0, 0));
	KUNIT_EXPECT_TRUE(test, owned_answers(context, m, 0));
	neural_context_destroy(NULL);
	neural_context_destroy(ERR_PTR(-ENOMEM));
}

/* The context is a handle: the network goes after it. */
static void owned_last(struct kunit *test)
{
	const s64 before = model_bytes();
	struct model *m = model_small(test, NULL);
	struct neural_context *context = owned_begin(test, m->nn);

	model_destroy(test, m->nn);
	KUNIT_EXPECT_TRUE(test, owned_answers(context, m, 0));
	kunit_release_action(test, owned_undo, context);
	KUNIT_EXPECT_TRUE(test, model_settles(before));
}

/* Made before there is anything to run. */
static void owned_early(struct kunit *test)
{
	static const struct neural_layer_desc layer = {
		.kind = NEURAL_LAYER_DENSE, .units = 1,
	};
	static const s32 one = NEURAL_FP_ONE;
	struct neural_context *context;
	struct neural_network *nn;
	s32 in = 12345, out = 0;

	nn = model_adopt(test, neural_network_create_layers(NULL, 1, &layer, 1));
	context = owned_begin(test, nn);
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_context_predict(context, &in, &out));
	KUNIT_EXPECT_EQ(test, 0, neural_context_refresh(context));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(nn, 0, &one, 1, NULL, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_context_predict(context, &in, &out));
	KUNIT_EXPECT_EQ(test, in, out);
	KUNIT_EXPECT_EQ(test, 0, neural_context_refresh(context));
	out = 0;
	KUNIT_EXPECT_EQ(test, 0, neural_context_predict(context, &in, &out));
	KUNIT_EXPECT_EQ(test, in, out);
}

/* A file that needs more memory than that of model_small(), and answers MODEL_OUT ones. */
static void *owned_wide(struct kunit *test, size_t *bytes)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, OWNED_WIDE, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, MODEL_OUT, 0 },
	};
	s32 *weights = model_alloc(test, OWNED_WIDE * MODEL_IN * sizeof(*weights));
	s32 *bias = model_alloc(test, MODEL_OUT * sizeof(*bias));
	struct neural_network *nn;
	u32 i;

	for (i = 0; i < MODEL_OUT; i++)
		bias[i] = NEURAL_FP_ONE;
	nn = model_adopt(test, neural_network_create_layers(NULL, MODEL_IN, layers,
							    ARRAY_SIZE(layers)));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(nn, 0, weights,
							    OWNED_WIDE * MODEL_IN, NULL, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(nn, 1, weights,
							    OWNED_WIDE * MODEL_OUT, bias,
							    MODEL_OUT));
	return model_save(test, nn, bytes);
}

static bool owned_ones(struct neural_context *context, const struct model *m)
{
	s32 out[MODEL_OUT] = { };
	u32 i;

	if (neural_context_predict(context, m->in, out))
		return false;
	for (i = 0; i < MODEL_OUT; i++)
		if (out[i] != NEURAL_FP_ONE)
			return false;
	return true;
}

static void owned_outgrown(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_context *context;
	struct neural_network *nn;
	size_t bytes;
	void *file;
	u64 before;

	file = model_save(test, m->nn, &bytes);
	nn = model_adopt(test, neural_network_load("outgrown", file, bytes));
	context = owned_begin(test, nn);
	KUNIT_EXPECT_TRUE(test, owned_answers(context, m, 0));
	file = owned_wide(test, &bytes);
	KUNIT_ASSERT_EQ(test, 0, neural_network_replace(nn, file, bytes));
	/* Too small by now, and that is nobody's worry. */
	KUNIT_EXPECT_TRUE(test, owned_ones(context, m));
	before = owned_bytes(test, nn);
	KUNIT_EXPECT_EQ(test, 0, neural_context_refresh(context));
	KUNIT_EXPECT_GT(test, owned_bytes(test, nn), before + OWNED_WIDE * sizeof(s32) / 2);
	KUNIT_EXPECT_TRUE(test, owned_ones(context, m));
	/* And what is large enough stays. */
	before = owned_bytes(test, nn);
	KUNIT_EXPECT_EQ(test, 0, neural_context_refresh(context));
	KUNIT_EXPECT_EQ(test, owned_bytes(test, nn), before);
}

/**
 * struct owned_test - a network too large for one section, and an interrupt
 * @context: both predict in this
 * @in: input
 * @expect: output
 * @out: output as the task has it
 * @timer_out: as the interrupt has it
 * @bytes: of an output
 * @right: predictions of the interrupt
 * @busy: predictions it was refused
 * @wrong: other bits, another error, or something written all the same
 * @stop: no more interrupts
 * @timer: hardirq
 * @net: where the network comes from
 */
struct owned_test {
	struct neural_context *context;
	s32 in[REFERENCE_WIDTH];
	s32 expect[REFERENCE_WIDTH];
	s32 out[REFERENCE_WIDTH];
	s32 timer_out[REFERENCE_WIDTH];
	size_t bytes;
	u32 right;
	u32 busy;
	u32 wrong;
	bool stop;
	struct hrtimer timer;
	struct reference_network net;
};

static enum hrtimer_restart owned_hardirq(struct hrtimer *timer)
{
	struct owned_test *t = container_of(timer, struct owned_test, timer);
	int ret;

	memset(t->timer_out, 0x5a, t->bytes);
	ret = neural_context_predict(t->context, t->in, t->timer_out);
	if (!ret && !memcmp(t->timer_out, t->expect, t->bytes))
		WRITE_ONCE(t->right, t->right + 1);
	else if (ret == -EBUSY && !memchr_inv(t->timer_out, 0x5a, t->bytes))
		WRITE_ONCE(t->busy, t->busy + 1);
	else
		WRITE_ONCE(t->wrong, t->wrong + 1);
	if (READ_ONCE(t->stop))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, ns_to_ktime(OWNED_TICK));
	return HRTIMER_RESTART;
}

static struct owned_test *owned_test_begin(struct kunit *test)
{
	struct owned_test *t = model_alloc(test, sizeof(*t));
	u64 seed = 23;

	do
		reference_network_fill(&t->net, &seed, true);
	while (t->net.input * t->net.layers[0].out < 60000 ||
	       t->net.layers[0].desc.kind != NEURAL_LAYER_DENSE);
	reference_input(t->in, t->net.input, &seed);
	reference_network_run(&t->net, t->in, t->expect);
	t->bytes = t->net.output * sizeof(s32);
	t->context = owned_begin(test, model_create(test, &t->net));
	neural_compat_hrtimer_setup(&t->timer, owned_hardirq, CLOCK_MONOTONIC,
				    HRTIMER_MODE_REL_HARD);
	return t;
}

static bool owned_right(struct owned_test *t)
{
	memset(t->out, 0, t->bytes);
	return !neural_context_predict(t->context, t->in, t->out) &&
	       !memcmp(t->out, t->expect, t->bytes);
}

static void owned_contexts(struct kunit *test)
{
	struct owned_test *t = owned_test_begin(test);
	unsigned long flags;
	bool right;

	KUNIT_EXPECT_TRUE(test, owned_right(t));
	preempt_disable();
	right = owned_right(t);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, right);
	local_bh_disable();
	right = owned_right(t);
	local_bh_enable();
	KUNIT_EXPECT_TRUE(test, right);
	local_irq_save(flags);
	right = owned_right(t);
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, right);
}

/* An interrupt wants it while the task it interrupts is in there. */
static void owned_busy(struct kunit *test)
{
	struct owned_test *t = owned_test_begin(test);
	const unsigned long until = jiffies + 60 * HZ;
	u32 wrong = 0;

	hrtimer_start(&t->timer, ns_to_ktime(OWNED_TICK), HRTIMER_MODE_REL_HARD);
	while ((READ_ONCE(t->busy) < 20 || READ_ONCE(t->right) < 20) &&
	       time_before(jiffies, until)) {
		int ret;

		memset(t->out, 0, t->bytes);
		ret = neural_context_predict(t->context, t->in, t->out);
		/* Another CPU's interrupt may be in there as well. */
		if (ret != -EBUSY && (ret || memcmp(t->out, t->expect, t->bytes)))
			wrong++;
		fsleep(20);
	}
	WRITE_ONCE(t->stop, true);
	hrtimer_cancel(&t->timer);
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, 0, t->wrong);
	KUNIT_EXPECT_GE(test, t->busy, 20);
	KUNIT_EXPECT_GE(test, t->right, 20);
}

static struct kunit_case owned_cases[] = {
	KUNIT_CASE(owned_swapped),
	KUNIT_CASE(owned_rows),
	KUNIT_CASE(owned_refused),
	KUNIT_CASE(owned_last),
	KUNIT_CASE(owned_early),
	KUNIT_CASE(owned_outgrown),
	KUNIT_CASE(owned_contexts),
	KUNIT_CASE(owned_busy),
	{ }
};

struct kunit_suite neural_owned_suite = {
	.name = "neural_owned",
	.init = model_init,
	.test_cases = owned_cases,
};
