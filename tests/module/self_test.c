// SPDX-License-Identifier: GPL-2.0-only
/* The cases, on a network of the given sizes. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "../reference/arith.h"
#include "self_test.h"

static const char *predicts(struct neural_test_model *m)
{
	const struct neural_test_sizes *s = m->sizes;
	u32 j;

	for (j = 0; j < s->hidden; j++) {
		m->middle[j] = reference_relu(reference_dense(m->hidden + (size_t)j * s->input,
							      m->bias[j], m->in, s->input));
		cond_resched();
	}
	for (j = 0; j < s->output; j++) {
		m->expect[j] = reference_dense(m->output + (size_t)j * s->hidden,
					       m->bias[s->hidden + j], m->middle, s->hidden);
		cond_resched();
	}
	memset(m->out, 0, s->output * sizeof(s32));
	if (neural_network_predict(m->nn, m->in, m->out))
		return "a prediction is refused";
	if (memcmp(m->out, m->expect, s->output * sizeof(s32)))
		return "a prediction differs from the reference";
	return NULL;
}

static const char *case_refusals(struct neural_test_model *m, u64 *seed)
{
	const struct neural_test_sizes *s = m->sizes;
	const size_t nr = (size_t)s->hidden * s->input;

	if (neural_network_predict(m->nn, m->in, m->out) != -ENODATA)
		return "a network without weights predicts";
	if (PTR_ERR(neural_network_create(0, 1, 1)) != -EINVAL ||
	    PTR_ERR(neural_network_create(1, NEURAL_MAX_UNITS + 1, 1)) != -EINVAL)
		return "sizes outside the limits make a network";
	if (neural_network_set_weights(m->nn, 0, m->hidden, nr + 1, NULL, 0) != -EINVAL ||
	    neural_network_set_weights(m->nn, 0, NULL, nr, NULL, 0) != -EINVAL ||
	    neural_network_set_weights(m->nn, 2, m->hidden, nr, NULL, 0) != -EINVAL)
		return "wrong weights are taken";
	if (neural_network_predict(NULL, m->in, m->out) != -EINVAL ||
	    neural_network_predict(m->nn, NULL, m->out) != -EINVAL ||
	    neural_network_predict(m->nn, m->in, NULL) != -EINVAL)
		return "NULL is taken";
	return NULL;
}

static const char *case_large_weights(struct neural_test_model *m, u64 *seed)
{
	/* As large as they may be without a sum of them that could overflow. */
	const u32 widest = max(m->sizes->input, m->sizes->hidden);

	if (neural_test_model_set(m, seed, NEURAL_FP_MAX / widest))
		return "weights are refused";
	return predicts(m);
}

static const char *case_small_weights(struct neural_test_model *m, u64 *seed)
{
	if (neural_test_model_set(m, seed, 2000))
		return "weights are refused";
	return predicts(m);
}

static const char *case_any_input(struct neural_test_model *m, u64 *seed)
{
	const char *failed = NULL;
	u32 i, turn;

	for (turn = 0; turn < 5 && !failed; turn++) {
		for (i = 0; i < m->sizes->input; i++)
			m->in[i] = reference_any(seed);
		failed = predicts(m);
	}
	return failed;
}

static const char *case_batch(struct neural_test_model *m, u64 *seed)
{
	const struct neural_test_sizes *s = m->sizes;
	struct neural_batch *batch = neural_batch_create(s->batch, s->input, s->output);
	const char *failed = NULL;
	u32 r;

	if (IS_ERR(batch))
		return "no memory for a batch";
	for (r = 0; r < s->batch; r++) {
		m->in[r % s->input] = r;
		if (neural_batch_add_input(batch, m->in) != r)
			failed = "a batch does not take its rows";
	}
	if (neural_batch_predict(m->nn, batch))
		failed = "a batch is refused";
	/* The last row is what is still in the input. */
	if (!failed)
		failed = predicts(m);
	if (!failed && memcmp(neural_batch_output(batch, s->batch - 1), m->out,
			      s->output * sizeof(s32)))
		failed = "a batch differs from single predictions";
	neural_batch_destroy(batch);
	return failed;
}

static const char *case_cached(struct neural_test_model *m, u64 *seed)
{
	u32 turn;

	for (turn = 0; turn < 3; turn++) {
		const char *failed = predicts(m);

		if (failed)
			return failed;
		memset(m->out, 0, m->sizes->output * sizeof(s32));
		if (neural_network_predict_cached(m->nn, m->in, m->out) ||
		    memcmp(m->out, m->expect, m->sizes->output * sizeof(s32)))
			return "a cached prediction differs";
		m->in[0]++;
	}
	return NULL;
}

static const char *case_handles(struct neural_test_model *m, u64 *seed)
{
	struct neural_network *nn = neural_network_get(neural_network_name(m->nn));
	struct neural_stats stats;

	if (nn != m->nn)
		return "a network is not found by its name";
	neural_network_put(nn);
	if (neural_network_input_size(nn) != m->sizes->input ||
	    neural_network_output_size(nn) != m->sizes->output)
		return "a network has other sizes";
	if (neural_network_get_stats(nn, &stats) || !stats.predictions || !stats.bytes ||
	    stats.bytes_peak < stats.bytes)
		return "the counters are wrong";
	return NULL;
}

static const struct {
	const char *name;
	const char *(*run)(struct neural_test_model *m, u64 *seed);
} cases[] = {
	{ "refusals", case_refusals },
	{ "large weights", case_large_weights },
	{ "small weights", case_small_weights },
	{ "any input", case_any_input },
	{ "batch", case_batch },
	{ "cached", case_cached },
	{ "handles", case_handles },
	{ "activations", neural_test_activations },
	{ "softmax", neural_test_softmax },
	{ "batch-norm", neural_test_batch_norm },
};

int neural_test_run(const struct neural_test_sizes *sizes)
{
	struct neural_test_model m;
	u64 seed = sizes->seed;
	u32 i;
	int ret;

	ret = neural_test_model_init(&m, sizes);
	if (ret)
		pr_err("neural_test: a network %u -> %u -> %u is refused\n", sizes->input,
		       sizes->hidden, sizes->output);
	for (i = 0; i < ARRAY_SIZE(cases) && !ret; i++) {
		const char *failed = cases[i].run(&m, &seed);

		if (failed) {
			pr_err("neural_test: not ok - %s: %s\n", cases[i].name, failed);
			ret = -EIO;
		} else {
			pr_info("neural_test: ok - %s\n", cases[i].name);
		}
	}
	neural_test_model_free(&m);
	return ret;
}
