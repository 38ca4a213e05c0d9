// SPDX-License-Identifier: GPL-2.0-only
/* Which kernel a family uses at which level, and the level in force. */
#include "dispatch.h"

#define NEURAL_DEFINE_CALL(family, args)				\
	DEFINE_STATIC_CALL(neural_##family, neural_##family##__generic);
NEURAL_KERNEL_FAMILIES(NEURAL_DEFINE_CALL)

#define NEURAL_LEVEL_NAME(level) [NEURAL_SIMD_##level] = #level
const char *const neural_simd_level_names[NEURAL_SIMD_LEVELS] = {
	NEURAL_LEVEL_NAME(generic),
	NEURAL_LEVEL_NAME(sse2),
	NEURAL_LEVEL_NAME(avx2),
	NEURAL_LEVEL_NAME(avxvnni),
	NEURAL_LEVEL_NAME(avx512),
	NEURAL_LEVEL_NAME(avx512vnni),
};

static struct neural_kernel_set neural_sets[NEURAL_SIMD_LEVELS];
static bool neural_level_present[NEURAL_SIMD_LEVELS];
static enum neural_simd_level neural_level_now;

bool neural_simd_has(enum neural_simd_level level)
{
	return neural_level_present[level];
}

enum neural_simd_level neural_simd_best(void)
{
	int level = NEURAL_SIMD_LEVELS - 1;

	if (neural_cpu_prefers_ymm())
		level = NEURAL_SIMD_avxvnni;
	while (!neural_level_present[level])
		level--;
	return level;
}

int neural_simd_parse_level(const char *name)
{
	int level;

	if (!strcmp(name, "auto"))
		return neural_simd_best();
	for (level = 0; level < NEURAL_SIMD_LEVELS; level++)
		if (!strcmp(name, neural_simd_level_names[level]))
			return level;
	return -EINVAL;
}

/* Rows come generic first, so each generic pointer is there to be overridden. */
static void neural_simd_resolve(struct neural_kernel_set *set,
				enum neural_simd_level level)
{
	int now[NEURAL_KERNEL_NR_FAMILIES] = { };
	unsigned int i;

	set->level = level;
	for (i = 0; i < neural_nr_kernels; i++) {
		const struct neural_kernel *kernel = &neural_kernels[i];

		if (kernel->level > level || kernel->level < now[kernel->family] ||
		    !neural_level_present[kernel->level])
			continue;
		now[kernel->family] = kernel->level;
		switch (kernel->family) {
#define NEURAL_RESOLVE(_family, _args)					\
		case NEURAL_FAMILY_##_family:				\
			set->_family = (void (*)(const _args *))kernel->fn; \
			break;
		NEURAL_KERNEL_FAMILIES(NEURAL_RESOLVE)
#undef NEURAL_RESOLVE
		default:
			break;
		}
	}
}

bool neural_simd_selected(const struct neural_kernel *kernel,
			  enum neural_simd_level level)
{
	const struct neural_kernel_set *set = &neural_sets[level];

	switch (kernel->family) {
#define NEURAL_SELECTED(_family, _args)					\
	case NEURAL_FAMILY_##_family:					\
		return set->_family == (void (*)(const _args *))kernel->fn;
	NEURAL_KERNEL_FAMILIES(NEURAL_SELECTED)
#undef NEURAL_SELECTED
	default:
		return false;
	}
}

void neural_kernel_call(const struct neural_kernel *kernel, const void *args)
{
	switch (kernel->family) {
#define NEURAL_KERNEL_CALL(_family, _args)				\
	case NEURAL_FAMILY_##_family:					\
		((void (*)(const _args *))kernel->fn)(args);		\
		break;
	NEURAL_KERNEL_FAMILIES(NEURAL_KERNEL_CALL)
#undef NEURAL_KERNEL_CALL
	default:
		break;
	}
}

const struct neural_kernel_set *neural_simd_set(enum neural_simd_level level)
{
	return &neural_sets[level];
}

enum neural_simd_level neural_simd_get_level(void)
{
	return READ_ONCE(neural_level_now);
}

int neural_simd_set_level(enum neural_simd_level level)
{
	const struct neural_kernel_set *set = &neural_sets[level];

	if (!neural_level_present[level])
		return -EOPNOTSUPP;
#define NEURAL_UPDATE_CALL(family, args)				\
	static_call_update(neural_##family, set->family);
	NEURAL_KERNEL_FAMILIES(NEURAL_UPDATE_CALL)
#undef NEURAL_UPDATE_CALL
	WRITE_ONCE(neural_level_now, level);
	return 0;
}

void neural_simd_init(void)
{
	int level;

	for (level = 0; level < NEURAL_SIMD_LEVELS; level++)
		neural_level_present[level] = level == NEURAL_SIMD_generic ||
					      neural_cpu_has_level(level);
	for (level = 0; level < NEURAL_SIMD_LEVELS; level++)
		neural_simd_resolve(&neural_sets[level], level);
}
