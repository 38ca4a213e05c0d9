// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "activation.h"

void neural_activate(struct neural_section *section, enum neural_activation act,
		     s32 *y, u32 n, s32 slope)
{
	const struct neural_q16_map_args args = {
		.y = y, .x = y, .n = n, .alpha = slope,
	};

	switch (act) {
	case NEURAL_LINEAR:
		break;
	case NEURAL_RELU:
		neural_run_q16_relu(section, &args, n);
		break;
	case NEURAL_LEAKY_RELU:
		neural_run_q16_leaky_relu(section, &args, n);
		break;
	case NEURAL_SIGMOID:
		neural_run_q16_sigmoid(section, &args, n);
		break;
	case NEURAL_TANH:
		neural_run_q16_tanh(section, &args, n);
		break;
	}
}

const char *neural_activation_name(enum neural_activation act)
{
	static const char *const names[] = {
		[NEURAL_LINEAR] = "linear",
		[NEURAL_RELU] = "relu",
		[NEURAL_LEAKY_RELU] = "leaky_relu",
		[NEURAL_SIGMOID] = "sigmoid",
		[NEURAL_TANH] = "tanh",
	};

	return names[act];
}
