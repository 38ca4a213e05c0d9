// SPDX-License-Identifier: GPL-2.0-only
/*
 * seeds DIRECTORY: write the models that fuzzing starts from, one for each operation
 * and some of several, and nothing that is refused.
 */
#include "seeds.h"

static s32 words[256];
s8 seed_bytes[8192];

u32 s8_const(struct model_builder *b, const u32 *dim, u32 rank)
{
	return model_const(b, NEURAL_S8, dim, rank, seed_bytes);
}

u32 s32_const(struct model_builder *b, u32 n, s32 value)
{
	u32 i;

	for (i = 0; i < n; i++)
		words[i] = value;
	return model_const(b, NEURAL_S32, SHAPE(n), words);
}

u32 fixed(struct model_builder *b, u32 t, u32 frac)
{
	b->tensors[t].frac = cpu_to_le32(frac);
	return t;
}

u32 zero_at(struct model_builder *b, u32 t, s32 zero_point)
{
	b->tensors[t].zero_point = cpu_to_le32(zero_point);
	return t;
}

static bool write_to(const char *directory, const char *name, const u8 *file, size_t size)
{
	char path[4096];
	FILE *to;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	to = fopen(path, "wb");
	if (!to)
		return false;
	ok = fwrite(file, 1, size, to) == size;
	return !fclose(to) && ok;
}

/* Write all of @seeds that are models, and say which are not. */
static bool write_all(const char *directory, const struct seed *seeds, u32 nr)
{
	bool ok = true;
	u32 i;

	for (i = 0; i < nr; i++) {
		struct model_builder *b = model_builder_new();
		struct neural_reason why;
		size_t size;
		u8 *file;

		seeds[i].fill(b);
		file = model_builder_finish(b, &size);
		if (model_try(file, size, i, &why)) {
			fprintf(stderr, "%s: %s, node %u\n", seeds[i].name, why.rule, why.layer);
			ok = false;
		} else if (!write_to(directory, seeds[i].name, file, size)) {
			perror(seeds[i].name);
			ok = false;
		}
		free(file);
	}
	return ok;
}

int main(int argc, char **argv)
{
	const struct {
		const struct seed *seeds;
		u32 nr;
	} parts[] = {
		{ seeds_fixed, nr_seeds_fixed }, { seeds_window, nr_seeds_window },
		{ seeds_map, nr_seeds_map }, { seeds_move, nr_seeds_move },
	};
	bool ok = true;
	u32 i;

	if (argc != 2) {
		fprintf(stderr, "usage: seeds DIRECTORY\n");
		return 2;
	}
	neural_simd_init();
	for (i = 0; i < ARRAY_SIZE(seed_bytes); i++)
		seed_bytes[i] = (s8)(i * 37 + 11);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		ok &= write_all(argv[1], parts[i].seeds, parts[i].nr);
	return !ok;
}
