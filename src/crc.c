// SPDX-License-Identifier: GPL-2.0-only
/* The checksum of model files. */
#include <linux/crc32.h>
#include <linux/version.h>
#include "env.h"

/* The library's plain one: crc32c() would need its own module before 6.14. */
u32 neural_crc32c(u32 crc, const void *data, size_t size)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	return ~crc32c(~crc, data, size);
#else
	return ~__crc32c_le(~crc, data, size);
#endif
}
