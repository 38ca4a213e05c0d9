// SPDX-License-Identifier: GPL-2.0-only
/* The networks of the storm, each with two sets of parameters and all answers. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "../reference/arith.h"
#include "../reference/s8_file.h"
#include "storm.h"

/**
 * struct storm_shape - of a network of two layers: relu, then linear
 * @name: of the network
 * @in: inputs
 * @hidden: hidden units
 * @out: outputs
 */
struct storm_shape {
	const char *name;
	u32 in;
	u32 hidden;
	u32 out;
};

static void *storm_alloc(size_t n, size_t size)
{
	return kvcalloc(n, size, GFP_KERNEL);
}

static s32 *storm_random(u32 a, u32 b, u64 *seed, s32 most)
{
	const size_t n = (size_t)a * b;
	s32 *words = storm_alloc(n, sizeof(*words));
	size_t i;

	for (i = 0; words && i < n; i++)
		words[i] = reference_between(seed, -most, most);
	return words;
}

static int storm_rows(struct storm_net *net)
{
	u32 which;

	net->in_bytes = neural_network_input_bytes(net->nn);
	net->out_bytes = neural_network_output_bytes(net->nn);
	net->input = neural_network_input_size(net->nn);
	net->output = neural_network_output_size(net->nn);
	net->in = storm_alloc(STORM_INPUTS, net->in_bytes);
	for (which = 0; which < STORM_SETS; which++)
		net->out[which] = storm_alloc(STORM_INPUTS, net->out_bytes);
	return net->in && net->out[0] && net->out[1] ? 0 : -ENOMEM;
}

static int storm_set_layers(struct storm_net *net, u32 which)
{
	return neural_network_set_all_weights(net->nn, net->weights[which], 2);
}

static int storm_set_file(struct storm_net *net, u32 which)
{
	return neural_network_replace(net->nn, net->file[which], net->file_bytes[which]);
}

/* Input @i of a network of words with parameters @w. */
static void storm_answer(const struct storm_net *net, const struct neural_layer_weights *w,
			 s32 *hidden, u32 i, s32 *out)
{
	const s32 *in = net->in + i * net->in_bytes;
	const u32 nr_hidden = w[0].nr_bias;
	u32 j;

	for (j = 0; j < nr_hidden; j++)
		hidden[j] = reference_relu(reference_dense(w[0].weights + j * net->input,
							   w[0].bias[j], in, net->input));
	for (j = 0; j < net->output; j++)
		out[j] = reference_dense(w[1].weights + j * nr_hidden, 0, hidden, nr_hidden);
}

static int storm_answers(struct storm_net *net, u64 *seed)
{
	const u32 words = net->in_bytes / sizeof(s32);
	s32 *hidden = storm_alloc(net->weights[0][0].nr_bias, sizeof(*hidden));
	s32 *in = net->in;
	u32 i, which;

	if (!hidden)
		return -ENOMEM;
	for (i = 0; i < STORM_INPUTS * words; i++)
		in[i] = reference_between(seed, -(2 << 16), 2 << 16);
	for (which = 0; which < STORM_SETS; which++)
		for (i = 0; i < STORM_INPUTS; i++)
			storm_answer(net, net->weights[which], hidden, i,
				     net->out[which] + i * net->out_bytes);
	kvfree(hidden);
	return 0;
}

static int storm_weights(struct storm_net *net, const struct storm_shape *s, u64 *seed)
{
	u32 which;

	for (which = 0; which < STORM_SETS; which++) {
		struct neural_layer_weights *w = net->weights[which];

		w[0].weights = storm_random(s->hidden, s->in, seed, 20000);
		w[0].nr_weights = s->hidden * s->in;
		w[0].bias = storm_random(s->hidden, 1, seed, 1 << 16);
		w[0].nr_bias = s->hidden;
		w[1].weights = storm_random(s->out, s->hidden, seed, 20000);
		w[1].nr_weights = s->out * s->hidden;
		if (!w[0].weights || !w[0].bias || !w[1].weights)
			return -ENOMEM;
	}
	return 0;
}

static int storm_layers_create(struct storm_net *net, const struct storm_shape *s, u64 *seed)
{
	const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, s->hidden, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, s->out, 0 },
	};
	struct neural_network *nn;

	net->set = storm_set_layers;
	net->words = true;
	nn = neural_network_create_layers(s->name, s->in, layers, ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	net->nn = nn;
	return storm_weights(net, s, seed) ?: storm_rows(net) ?: storm_answers(net, seed) ?:
	       storm_set_layers(net, 0);
}

static int storm_load(struct storm_net *net, const char *name)
{
	struct neural_network *nn = neural_network_load(name, net->file[0],
							net->file_bytes[0]);

	if (IS_ERR(nn))
		return PTR_ERR(nn);
	net->nn = nn;
	net->set = storm_set_file;
	return storm_rows(net);
}

/* Both sets of @from as files. */
static int storm_save(struct storm_net *net, struct storm_net *from)
{
	ssize_t size;
	u32 which;
	int ret;

	for (which = 0; which < STORM_SETS; which++) {
		ret = from->set(from, which);
		if (ret)
			return ret;
		size = neural_network_save(from->nn, NULL, 0);
		if (size < 0)
			return size;
		net->file[which] = storm_alloc(1, size);
		if (!net->file[which])
			return -ENOMEM;
		net->file_bytes[which] = size;
		size = neural_network_save(from->nn, net->file[which], size);
		if (size < 0)
			return size;
	}
	return from->set(from, 0);
}

static int storm_file_create(struct storm_net *net, struct storm_net *from)
{
	u32 which;
	int ret;

	net->words = true;
	ret = storm_save(net, from) ?: storm_load(net, "storm_file");
	if (ret)
		return ret;
	memcpy(net->in, from->in, STORM_INPUTS * net->in_bytes);
	for (which = 0; which < STORM_SETS; which++)
		memcpy(net->out[which], from->out[which], STORM_INPUTS * net->out_bytes);
	return 0;
}

static int storm_s8_create(struct storm_net *net, u64 *seed)
{
	u32 i, which;
	s8 *in;
	int ret;

	for (which = 0; which < STORM_SETS; which++) {
		net->file[which] = storm_alloc(1, sizeof(struct s8_file));
		if (!net->file[which])
			return -ENOMEM;
		net->file_bytes[which] = sizeof(struct s8_file);
		s8_file_fill(net->file[which], seed);
	}
	ret = storm_load(net, "storm_s8");
	if (ret)
		return ret;
	for (i = 0, in = net->in; i < STORM_INPUTS * S8_FILE_IN; i++)
		in[i] = reference_between(seed, -128, 127);
	for (which = 0; which < STORM_SETS; which++)
		for (i = 0; i < STORM_INPUTS; i++)
			s8_file_answer(net->file[which], in + i * S8_FILE_IN,
				       net->out[which] + i * S8_FILE_OUT);
	return 0;
}

/* An answer that is in both sets would show nothing. */
static int storm_differ(const struct storm_net *net)
{
	u32 i;

	for (i = 0; i < STORM_INPUTS; i++)
		if (!memcmp(net->out[0] + i * net->out_bytes,
			    net->out[1] + i * net->out_bytes, net->out_bytes))
			return -EINVAL;
	return 0;
}

int storm_nets_create(struct storm_net nets[STORM_NETS], u64 *seed)
{
	static const struct storm_shape small = { "storm_layers", 48, 40, 20 };
	static const struct storm_shape big = { "storm_long", 512, 260, 8 };
	int ret;
	u32 i;

	ret = storm_layers_create(&nets[STORM_LAYERS], &small, seed) ?:
	      storm_file_create(&nets[STORM_FILE], &nets[STORM_LAYERS]) ?:
	      storm_s8_create(&nets[STORM_S8], seed) ?:
	      storm_layers_create(&nets[STORM_LONG], &big, seed);
	nets[STORM_LONG].slow = true;
	for (i = 0; i < STORM_NETS && !ret; i++)
		ret = storm_differ(&nets[i]);
	if (ret)
		storm_nets_destroy(nets);
	return ret;
}

static void storm_net_destroy(struct storm_net *net)
{
	u32 which;

	neural_network_destroy(net->nn);
	for (which = 0; which < STORM_SETS; which++) {
		kvfree(net->weights[which][0].weights);
		kvfree(net->weights[which][0].bias);
		kvfree(net->weights[which][1].weights);
		kvfree(net->file[which]);
		kvfree(net->out[which]);
	}
	kvfree(net->in);
	*net = (struct storm_net){ };
}

void storm_nets_destroy(struct storm_net nets[STORM_NETS])
{
	u32 i;

	for (i = 0; i < STORM_NETS; i++)
		storm_net_destroy(&nets[i]);
}

int storm_net_answer(const struct storm_net *net, u32 i, const void *out)
{
	u32 which;

	for (which = 0; which < STORM_SETS; which++)
		if (!memcmp(out, net->out[which] + i * net->out_bytes, net->out_bytes))
			return which;
	return -1;
}
