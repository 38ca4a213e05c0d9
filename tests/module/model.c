// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "../reference/arith.h"
#include "neural_test.h"

static s32 *neural_test_words(u32 a, u32 b)
{
	return kvcalloc(a, array_size(b, sizeof(s32)), GFP_KERNEL);
}

int neural_test_model_init(struct neural_test_model *m,
			   const struct neural_test_sizes *sizes)
{
	*m = (struct neural_test_model){ .sizes = sizes };
	/* Before anything that believes the sizes. */
	m->nn = neural_network_create(sizes->input, sizes->hidden, sizes->output);
	if (IS_ERR(m->nn))
		return PTR_ERR(m->nn);
	m->hidden = neural_test_words(sizes->hidden, sizes->input);
	m->output = neural_test_words(sizes->output, sizes->hidden);
	m->bias = neural_test_words(sizes->hidden + sizes->output, 1);
	m->in = neural_test_words(sizes->input, 1);
	m->middle = neural_test_words(sizes->hidden, 1);
	m->out = neural_test_words(sizes->output, 1);
	m->expect = neural_test_words(sizes->output, 1);
	if (m->hidden && m->output && m->bias && m->in && m->middle && m->out && m->expect)
		return 0;
	return -ENOMEM;
}

void neural_test_model_free(struct neural_test_model *m)
{
	neural_network_destroy(m->nn);
	kvfree(m->hidden);
	kvfree(m->output);
	kvfree(m->bias);
	kvfree(m->in);
	kvfree(m->middle);
	kvfree(m->out);
	kvfree(m->expect);
}

static void neural_test_random(s32 *to, size_t n, u64 *seed, s32 most)
{
	while (n--)
		*to++ = reference_between(seed, -most, most);
}

int neural_test_model_set(struct neural_test_model *m, u64 *seed, s32 most)
{
	const struct neural_test_sizes *s = m->sizes;
	const size_t nr_hidden = (size_t)s->hidden * s->input;
	const size_t nr_output = (size_t)s->output * s->hidden;
	int ret;

	neural_test_random(m->hidden, nr_hidden, seed, most);
	neural_test_random(m->output, nr_output, seed, most);
	neural_test_random(m->bias, s->hidden + s->output, seed, NEURAL_FP_ONE);
	neural_test_random(m->in, s->input, seed, 2 * NEURAL_FP_ONE);
	ret = neural_network_set_weights(m->nn, 0, m->hidden, nr_hidden, m->bias,
					 s->hidden);
	if (ret)
		return ret;
	return neural_network_set_weights(m->nn, 1, m->output, nr_output,
					  m->bias + s->hidden, s->output);
}
