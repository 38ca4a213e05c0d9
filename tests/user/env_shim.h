/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User-space stand-in for src/env.h and simd/fpu.h.
 *
 * Force-included (-include) into every user-space object: it takes their guards,
 * so the pure files build from the same bytes as in the kernel, and supplies the
 * names they use.  A name missing here is a name src/env.h gained.
 */
#ifndef _NEURAL_ENV_SHIM_H
#define _NEURAL_ENV_SHIM_H

#define _NEURAL_ENV_H
#define _NEURAL_SIMD_FPU_H

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

#if defined(__x86_64__) && !defined(CONFIG_X86_64)
#define CONFIG_X86_64 1
#endif

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

#define U8_MAX		((u8)~0U)
#define U16_MAX		((u16)~0U)
#define U32_MAX		((u32)~0U)
#define U64_MAX		((u64)~0ULL)
#define S8_MAX		((s8)(U8_MAX >> 1))
#define S8_MIN		((s8)(-S8_MAX - 1))
#define S16_MAX		((s16)(U16_MAX >> 1))
#define S16_MIN		((s16)(-S16_MAX - 1))
#define S32_MAX		((s32)(U32_MAX >> 1))
#define S32_MIN		((s32)(-S32_MAX - 1))
#define S64_MAX		((s64)(U64_MAX >> 1))
#define S64_MIN		((s64)(-S64_MAX - 1))

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")
#define noinline	__attribute__((__noinline__))
#define fallthrough	__attribute__((__fallthrough__))
#define __aligned(x)	__attribute__((__aligned__(x)))
#define __packed	__attribute__((__packed__))
#define __maybe_unused	__attribute__((__unused__))
#define __must_check	__attribute__((__warn_unused_result__))
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))
#undef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))

#define READ_ONCE(x)	(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))

#define static_assert(expr, ...) _Static_assert(expr, "" __VA_ARGS__)
#define BUILD_BUG_ON(cond) _Static_assert(!(cond), #cond)

/* Nothing that warns in the kernel may happen in a test. */
#define WARN_ON(cond) ({						\
	const bool _warn = (cond);					\
									\
	if (_warn) {							\
		fprintf(stderr, "%s:%d: WARN_ON(%s)\n",			\
			__FILE__, __LINE__, #cond);			\
		abort();						\
	}								\
	_warn;								\
})
#define WARN_ON_ONCE(cond) WARN_ON(cond)

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define ALIGN(x, a)	(((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((typeof(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a)	((typeof(p))ALIGN((uintptr_t)(p), (a)))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define round_up(x, y)	ALIGN(x, y)
#define round_down(x, y) ((x) & ~((typeof(x))(y) - 1))
#define container_of(ptr, type, member)					\
	((type *)((char *)(ptr) - offsetof(type, member)))

#define min_t(type, a, b) ({						\
	const type _min_a = (a);					\
	const type _min_b = (b);					\
									\
	_min_a < _min_b ? _min_a : _min_b;				\
})
#define max_t(type, a, b) ({						\
	const type _max_a = (a);					\
	const type _max_b = (b);					\
									\
	_max_a > _max_b ? _max_a : _max_b;				\
})
#define min(a, b)	min_t(typeof(1 ? (a) : (b)), a, b)
#define max(a, b)	max_t(typeof(1 ? (a) : (b)), a, b)
#define min3(a, b, c)	min(min(a, b), c)
#define max3(a, b, c)	max(max(a, b), c)
#define clamp_t(type, v, lo, hi) min_t(type, max_t(type, v, lo), hi)
#define clamp(v, lo, hi) clamp_t(typeof(v), v, lo, hi)
#define swap(a, b) do {							\
	typeof(a) _swap = (a);						\
									\
	(a) = (b);							\
	(b) = _swap;							\
} while (0)

/* In bounds without a branch; here it only has to be in bounds. */
#define array_index_nospec(index, size) ({				\
	const typeof(index) _index = (index);				\
									\
	_index < (size) ? _index : 0;					\
})

#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d) __builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)

#define le16_to_cpu(x)	le16toh(x)
#define le32_to_cpu(x)	le32toh(x)
#define le64_to_cpu(x)	le64toh(x)
#define cpu_to_le16(x)	htole16(x)
#define cpu_to_le32(x)	htole32(x)
#define cpu_to_le64(x)	htole64(x)

static inline size_t size_mul(size_t a, size_t b)
{
	size_t size;

	return __builtin_mul_overflow(a, b, &size) ? SIZE_MAX : size;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t size;

	return __builtin_add_overflow(a, b, &size) ? SIZE_MAX : size;
}

#define array_size(a, b)	size_mul(a, b)
#define array3_size(a, b, c)	size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, count) size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count)					\
	size_add(sizeof(*(p)), flex_array_size(p, member, count))

/* Number of the highest bit that is set, from 1; 0 if there is none. */
static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

static inline s64 div_s64(s64 a, s32 b)
{
	return a / b;
}

static inline s64 div64_s64(s64 a, s64 b)
{
	return a / b;
}

/* A static call is a plain pointer here. */
#define DECLARE_STATIC_CALL(name, func) extern typeof(func) *neural_static_call_##name
#define DEFINE_STATIC_CALL(name, func)					\
	DECLARE_STATIC_CALL(name, func);				\
	typeof(func) *neural_static_call_##name = &(func)
#define static_call(name)	(*neural_static_call_##name)
#define static_call_update(name, func) ((void)(neural_static_call_##name = (func)))

/* Memory with an account and, for tests, allocations that fail on demand. */
struct neural_account;

void *neural_mem_alloc(struct neural_account *account, size_t size);
void neural_mem_free(const void *mem);

extern size_t neural_shim_live_bytes;	/* allocated and not freed */
extern size_t neural_shim_peak_bytes;	/* the most that ever was, until it is set anew */
extern long neural_shim_fail_after;	/* allocations that still work, -1: all */

u32 neural_crc32c(u32 crc, const void *data, size_t size);

/* Nanoseconds of a clock that only goes forward. */
u64 neural_clock(void);

extern unsigned long neural_shim_pauses;	/* made so far */

static inline void neural_pause(void)
{
	neural_shim_pauses++;
}

/* The FPU bracket: balanced, never nested, refused on demand. */
extern bool neural_shim_fpu_refused;
extern unsigned long neural_shim_sections;	/* begun so far */

bool neural_fpu_usable(void);
void neural_fpu_begin(void);
void neural_fpu_end(void);
void neural_fpu_relax(void);

#endif /* _NEURAL_ENV_SHIM_H */
