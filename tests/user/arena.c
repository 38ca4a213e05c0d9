// SPDX-License-Identifier: GPL-2.0-only
/*
 * arena [DIRECTORY]: models of the real operations take no more memory than a greedy
 * planner needs, and each of their steps finds what its node reads.
 */
#include <dirent.h>

#include "plan_model.h"

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static u8 *read_file(const char *directory, const char *name, size_t *size)
{
	char path[4096];
	void *data = NULL;
	FILE *from;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	from = fopen(path, "rb");
	if (!from || fseek(from, 0, SEEK_END))
		return NULL;
	*size = ftell(from);
	rewind(from);
	WARN_ON(posix_memalign(&data, NEURAL_MODEL_ALIGN, *size + 1));
	WARN_ON(fread(data, 1, *size, from) != *size);
	fclose(from);
	return data;
}

static bool frugal(const u8 *file, size_t size, const char *name)
{
	struct neural_plan *plan, *kept;
	struct neural_reason why;
	struct neural_model *m;
	u64 greedy;
	bool ok;

	if (neural_model_open(NULL, file, size, &m, &why)) {
		tap_note("%s: %s, node %u", name, why.rule, why.layer);
		return false;
	}
	WARN_ON(neural_plan_build_model(NULL, m, 0, &plan, &why));
	WARN_ON(neural_plan_build_model(NULL, m, NEURAL_PLAN_KEEP, &kept, &why));
	greedy = plan_greedy_model(m);
	tap_note("%s: %zu bytes, greedily %llu, apart %zu, scratch %zu", name, plan->row_bytes,
		 (unsigned long long)greedy, kept->row_bytes, plan->scratch_bytes);
	ok = plan->row_bytes <= greedy && plan_sound(m, plan, false) &&
	     plan_sound(m, kept, true);
	neural_plan_free(plan);
	neural_plan_free(kept);
	neural_model_close(m);
	return ok;
}

int main(int argc, char **argv)
{
	const char *directory = argc > 1 ? argv[1] :
				getenv("NEURAL_CORPUS") ?: "tests/fuzz/corpus";
	unsigned int failed = 0;
	struct dirent **entries;
	int nr, i;

	nr = scandir(directory, &entries, visible, alphasort);
	tap_plan(1);
	for (i = 0; i < nr; i++) {
		size_t size = 0;
		u8 *file = read_file(directory, entries[i]->d_name, &size);

		tap_check(&failed, file && frugal(file, size, entries[i]->d_name), "%s",
			  entries[i]->d_name);
		free(file);
		free(entries[i]);
	}
	if (nr > 0)
		free(entries);
	tap_ok(nr > 0 && !failed, "%d models", nr);
	return tap_done();
}
