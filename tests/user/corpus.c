// SPDX-License-Identifier: GPL-2.0-only
/*
 * What fuzzing starts from and what it once found, replayed without a fuzzer, and then
 * changed a little, a thousand times each.
 */
#include <dirent.h>

#include "../fuzz/fuzz.h"
#include "tap.h"

#define MUTATIONS	1000
#define LARGEST		65536

static u8 data[LARGEST], changed[LARGEST];

static size_t read_file(const char *directory, const char *name)
{
	char path[4096];
	size_t size;
	FILE *from;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	from = fopen(path, "rb");
	if (!from)
		return 0;
	size = fread(data, 1, sizeof(data), from);
	fclose(from);
	return size;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(void)
{
	const char *directory = getenv("NEURAL_CORPUS") ?: "tests/fuzz/corpus";
	unsigned int files = 0, right = 0, runs = 0, refused = 0;
	struct neural_reason why;
	struct dirent **entries;
	u64 seed = 1;
	int nr, i, k;

	tap_plan(2);
	neural_simd_init();
	nr = scandir(directory, &entries, visible, alphasort);
	for (i = 0; i < nr; i++) {
		const size_t size = read_file(directory, entries[i]->d_name);

		free(entries[i]);
		if (!size)
			continue;
		files++;
		fuzz_seal(data, size);
		right += !model_try(data, size, i, &why);
		for (k = 0; k < MUTATIONS; k++, runs++) {
			memcpy(changed, data, size);
			fuzz_mutate(changed, size, &seed);
			fuzz_seal(changed, size);
			refused += !!model_try(changed, size, k, &why);
		}
	}
	if (nr > 0)
		free(entries);
	tap_note("%lu models run, %lu too large to be", model_tried, model_tried_large);
	tap_ok(files >= 30 && right >= 30, "%u files, of which %u are models", files, right);
	tap_ok(runs == files * MUTATIONS && refused > runs / 4 && refused < runs,
	       "%u changes, %u refused", runs, refused);
	return tap_done();
}
