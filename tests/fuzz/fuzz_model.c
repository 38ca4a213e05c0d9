// SPDX-License-Identifier: GPL-2.0-only
/* libFuzzer target: whatever a file says is refused with a reason, or is a model. */
#include "target.h"

/* What an opened model promises, looked at from outside. */
static void check(const struct neural_model *m)
{
	const u8 *file = m->file;
	u32 i, k;

	for (i = 0; i < m->nr_tensors; i++) {
		const struct neural_tensor *t = &m->tensors[i];

		WARN_ON(!t->elements || t->elements > NEURAL_MODEL_MAX_ELEMENTS || !t->name);
		WARN_ON(t->data && ((const u8 *)t->data < file ||
				    (const u8 *)t->data + t->bytes > file + m->file_bytes));
		WARN_ON(t->lo > t->hi);
	}
	for (i = 0; i < m->nr_nodes; i++) {
		const struct neural_node *node = &m->nodes[i];

		WARN_ON(!node->out || node->out->data || !node->out->defined);
		for (k = 0; k < node->nr_in; k++)
			WARN_ON(node->in[k] && !node->in[k]->defined);
	}
	WARN_ON(!m->nr_nodes || !m->in_bytes || !m->out_bytes);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct neural_reason why;
	struct neural_model *m;
	void *file;
	int ret;

	WARN_ON(posix_memalign(&file, NEURAL_MODEL_ALIGN, size ?: 1));
	memcpy(file, data, size);
	fuzz_seal(file, size);
	ret = neural_model_open(NULL, file, size, &m, &why);
	WARN_ON(!ret != !why.rule || why.offset > size);
	if (!ret) {
		check(m);
		neural_model_close(m);
	}
	free(file);
	WARN_ON(neural_shim_live_bytes);
	return 0;
}
