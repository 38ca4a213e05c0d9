// SPDX-License-Identifier: GPL-2.0-only
/* Opening models: right ones, and every way to damage one. */
#include "model.h"

u8 *model_sample(size_t *bytes)
{
	static const s8 weights[12] = { 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12 };
	static const s16 two[2] = { 1000, -1000 };
	static const u8 nibbles[2] = { 0x21, 0x03 };
	struct model_builder *b = model_builder_new();
	u32 i;

	model_input(b, NEURAL_S16, SHAPE(1, 4));
	model_const(b, NEURAL_S8, SHAPE(3, 4), weights);
	model_tensor(b, NEURAL_S16, SHAPE(1, 3));
	model_tensor(b, NEURAL_S16, SHAPE(3));
	model_const(b, NEURAL_S16, SHAPE(2), two);
	model_tensor(b, NEURAL_S16, SHAPE(8));
	model_const(b, NEURAL_S4, SHAPE(3), nibbles);
	for (i = 0; i < b->nr_tensors; i++)
		if (b->tensors[i].dtype == NEURAL_S16)
			b->tensors[i].frac = cpu_to_le32(8);
	b->tensors[SAMPLE_W].scale = cpu_to_le32(0x3f800000);
	model_op(b, NEURAL_OP_DENSE, OPERANDS(SAMPLE_X, SAMPLE_W, NEURAL_MODEL_NONE),
		 SAMPLE_Y, ATTRS(0, 0, 0, 0));
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(SAMPLE_Y), SAMPLE_R, NO_ATTRS);
	model_op(b, NEURAL_OP_CONCAT, OPERANDS(SAMPLE_R, SAMPLE_C, SAMPLE_R), SAMPLE_OUT,
		 ATTRS(0));
	model_output(b, SAMPLE_OUT);
	b->has_meta = true;
	b->meta.name = model_string(b, "sample");
	b->meta.description = model_string(b, "");
	b->meta.producer = model_string(b, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7");
	b->meta.labels = model_string(b, "yes");
	model_string(b, "no");
	b->meta.nr_labels = cpu_to_le32(2);
	b->tensors[SAMPLE_X].name = model_string(b, "x");
	b->ops[0].name = model_string(b, "dense");
	return model_builder_finish(b, bytes);
}

/* What is in the file is in the model. */
static void model_right(void)
{
	struct neural_reason why = { .rule = "none" };
	struct neural_model *m;
	size_t bytes;
	u8 *file = model_sample(&bytes);
	int ret = neural_model_open(NULL, file, bytes, &m, &why);
	const struct neural_tensor *t;
	bool ok = !ret && !why.rule;

	if (!ok) {
		tap_note("%d, %s, node %u", ret, why.rule, why.layer);
		tap_ok(false, "a small model opens");
		return;
	}
	t = m->tensors;
	ok = ok && m->file == file && m->nr_tensors == 7 && m->nr_nodes == 3 &&
	     m->nr_inputs == 1 && m->inputs[0] == &t[SAMPLE_X] && m->nr_outputs == 1 &&
	     m->outputs[0] == &t[SAMPLE_OUT] && m->in_bytes == 8 && m->out_bytes == 16;
	ok = ok && !strcmp(m->text.name, "sample") && !*m->text.description &&
	     m->text.nr_labels == 2 && m->text.label_bytes == 7 &&
	     !strcmp(m->text.labels, "yes") && !strcmp(m->text.labels + 4, "no") &&
	     strlen(m->text.producer) == 9;
	ok = ok && !strcmp(t[SAMPLE_X].name, "x") && !*t[SAMPLE_W].name &&
	     t[SAMPLE_X].frac == 8 && t[SAMPLE_X].rank == 2 && t[SAMPLE_X].dim[1] == 4 &&
	     t[SAMPLE_X].dim[2] == 1 && t[SAMPLE_X].elements == 4 && t[SAMPLE_X].bytes == 8;
	ok = ok && t[SAMPLE_W].scale == 0x3f800000 && t[SAMPLE_S4].bytes == 2 &&
	     t[SAMPLE_S4].lo == -8 && t[SAMPLE_S4].hi == 7 && !t[SAMPLE_Y].data &&
	     t[SAMPLE_OUT].defined && ((const s8 *)t[SAMPLE_W].data)[11] == -12;
	ok = ok && !strcmp(m->nodes[0].name, "dense") && m->nodes[0].nr_in == 3 &&
	     !m->nodes[0].in[2] && m->nodes[2].out == &t[SAMPLE_OUT] &&
	     m->nodes[1].in[0] == m->nodes[0].out && m->macs >= 12;
	neural_model_close(m);
	ok = ok && !model_try(file, bytes, 1, &why) && model_tried == 1;
	free(file);
	tap_ok(ok && !neural_shim_live_bytes, "a small model opens and runs");
}

static void model_checksum(void)
{
	static const char digits[] = "123456789";

	tap_ok(neural_crc32c(0, digits, 9) == 0xe3069283 &&
	       neural_crc32c(neural_crc32c(0, digits, 4), digits + 4, 5) == 0xe3069283,
	       "the checksum is CRC-32C");
}

/* As they are, and with a header that knows how long they are. */
static void model_truncated(void)
{
	unsigned int failed = 0;
	struct neural_reason why;
	size_t bytes, n;
	u8 *file = model_sample(&bytes);

	for (n = 0; n < bytes; n++)
		tap_check(&failed, model_try(file, n, n, &why) == -EINVAL, "%zu bytes", n);
	for (n = bytes - 1; n >= sizeof(struct neural_model_header); n--) {
		model_seal(file, n);
		tap_check(&failed, model_try(file, n, n, &why) == -EINVAL, "%zu bytes, sealed",
			  n);
	}
	free(file);
	tap_ok(!failed, "a model cut off anywhere is refused");
}

/* Nobody gets past the checksum; with it put right it is a model or it is not. */
static void model_flipped(void)
{
	unsigned int failed = 0, refused = 0, right = 0;
	struct neural_reason why;
	size_t bytes, bit;
	u8 *file = model_sample(&bytes), *copy;

	copy = malloc(bytes);
	model_tried = 0;
	for (bit = 0; bit < 8 * bytes; bit++) {
		file[bit / 8] ^= 1 << bit % 8;
		tap_check(&failed, model_try(file, bytes, bit, &why), "bit %zu is lost", bit);
		memcpy(copy, file, bytes);
		model_seal(copy, bytes);
		if (model_try(copy, bytes, bit, &why))
			refused++;
		else
			right++;
		file[bit / 8] ^= 1 << bit % 8;
	}
	free(copy);
	free(file);
	tap_note("%u refused, %u right, %lu of them run", refused, right, model_tried);
	tap_ok(!failed && refused > 3000 && right > 100 && model_tried > 100,
	       "each bit flipped");
}

static void model_memory(void)
{
	struct neural_reason why;
	struct neural_model *m;
	size_t bytes;
	u8 *file = model_sample(&bytes);
	long nth = -1;
	bool ok = true;
	int ret;

	do {
		neural_shim_fail_after = ++nth;
		ret = neural_model_open(NULL, file, bytes, &m, &why);
		neural_shim_fail_after = -1;
		ok = ok && (!ret || (ret == -ENOMEM && !strcmp(why.rule, "out of memory") &&
				     !neural_shim_live_bytes));
	} while (ret == -ENOMEM && nth < 100);
	if (!ret)
		neural_model_close(m);
	free(file);
	tap_ok(ok && !ret && nth > 0 && !neural_shim_live_bytes,
	       "out of memory at each of %ld allocations", nth);
}

/* Half of it one string, the other half zeros behind the last section. */
static u8 *model_long(size_t half, size_t *bytes)
{
	struct model_builder *b = model_builder_new();
	char *text = malloc(half + 1);
	u8 *file, *longer;
	u32 x, y;

	WARN_ON(!text);
	memset(text, 'x', half);
	text[half] = 0;
	model_string(b, text);
	free(text);
	x = model_input(b, NEURAL_S8, SHAPE(1));
	y = model_tensor(b, NEURAL_S8, SHAPE(1));
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(x), y, NO_ATTRS);
	model_output(b, y);
	file = model_builder_finish(b, bytes);
	longer = aligned_alloc(NEURAL_MODEL_ALIGN, ALIGN(*bytes + half, NEURAL_MODEL_ALIGN));
	WARN_ON(!longer);
	memcpy(longer, file, *bytes);
	memset(longer + *bytes, 0, half);
	free(file);
	*bytes += half;
	model_seal(longer, *bytes);
	return longer;
}

/* Every byte is read twice: once for the checksum, once for what it is. */
static void model_pauses(void)
{
	const size_t half = 4 << 20;
	struct neural_reason why;
	struct neural_model *m;
	unsigned long before;
	size_t bytes;
	u8 *file = model_long(half, &bytes);
	int ret;

	before = neural_shim_pauses;
	ret = neural_model_open(NULL, file, bytes, &m, &why);
	if (!ret)
		neural_model_close(m);
	free(file);
	tap_ok(!ret && neural_shim_pauses - before >= 2 * bytes >> 20,
	       "a long file lets others run while it is read");
}

/* Just as much work as is allowed, and at which node it is one too much. */
static void model_within(void)
{
	struct neural_model_limit limit = { .rule = "too much for here" };
	struct neural_reason why;
	struct neural_model *m;
	size_t bytes;
	u8 *file = model_sample(&bytes);
	u32 node;
	u64 offset;
	bool ok;

	WARN_ON(neural_model_open(NULL, file, bytes, &m, &why));
	limit.macs = m->macs;
	for (node = m->nr_nodes - 1; !neural_ops[m->nodes[node].code].macs(&m->nodes[node]);)
		node--;
	offset = m->nodes[node].offset;
	neural_model_close(m);
	ok = limit.macs && !neural_model_open_within(NULL, file, bytes, &limit, &m, &why);
	if (ok)
		neural_model_close(m);
	limit.macs--;
	ok = ok && neural_model_open_within(NULL, file, bytes, &limit, &m, &why) == -E2BIG &&
	     why.rule == limit.rule && why.layer == node && why.offset == offset;
	free(file);
	tap_ok(ok && !neural_shim_live_bytes, "verifying stops where there is too much work");
}

/* Characters of one to four bytes, cut wherever there is: never within one. */
static void model_strings_fit(void)
{
	static const char text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7z";
	static const u8 fits[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11 };
	unsigned int failed = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fits); i++)
		tap_check(&failed, neural_string_fit(text, i) == fits[i], "%u bytes: %u", i,
			  neural_string_fit(text, i));
	tap_check(&failed, !neural_string_fit("", 0) && !neural_string_fit("", 9), "none");
	tap_ok(!failed, "strings are cut between characters");
}

int main(void)
{
	static void (*const tests[])(void) = {
		model_checksum, model_right, model_truncated, model_flipped, model_memory,
		model_pauses, model_within, model_strings_fit,
		model_rules, model_lists, model_many, model_tables, model_ranges,
		model_ranges_refused,
	};
	u32 i;

	tap_plan(ARRAY_SIZE(tests));
	neural_simd_init();
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tests[i]();
	return tap_done();
}
