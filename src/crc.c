// SPDX-License-Identifier: GPL-2.0-only
/* The checksum of model files. */
#include <linux/module.h>
#include "compat.h"
#include "env.h"

u32 neural_crc32c(u32 crc, const void *data, size_t size)
{
	return ~neural_compat_crc32c(~crc, data, size);
}
