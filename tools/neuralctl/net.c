// SPDX-License-Identifier: GPL-2.0-only
#include "net.h"

size_t ctl_net_place(struct ctl_tensor *tensors, u32 nr)
{
	size_t at = 0, widest = 1;
	u32 i;

	for (i = 0; i < nr; i++) {
		struct ctl_tensor *t = &tensors[i];

		t->at = round_up(at, (size_t)t->bytes);
		at = t->at + (size_t)t->elements * t->bytes;
		widest = max_t(size_t, widest, t->bytes);
	}
	return round_up(at, widest);
}

const char *ctl_dtype_name(u8 dtype)
{
	static const char *const names[] = {
		[NEURAL_S8] = "s8",
		[NEURAL_S16] = "s16",
		[NEURAL_S32] = "s32",
		[NEURAL_S64] = "s64",
		[NEURAL_S4] = "s4",
	};

	return dtype < ARRAY_SIZE(names) && names[dtype] ? names[dtype] : "unknown";
}

const char *ctl_net_label(const struct ctl_net *net, u32 i)
{
	const char *label = net->labels;

	if (i >= net->nr_labels)
		return NULL;
	while (i--)
		label += strlen(label) + 1;
	return *label ? label : NULL;
}
