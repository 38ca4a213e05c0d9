// SPDX-License-Identifier: GPL-2.0-only
/* What env_shim.h promises and a macro cannot do: memory, clock, FPU bracket. */
#include <time.h>

#define NEURAL_SHIM_HEAD	64	/* keeps the block behind it aligned */

size_t neural_shim_live_bytes;
size_t neural_shim_peak_bytes;
long neural_shim_fail_after = -1;
bool neural_shim_fpu_refused;
unsigned long neural_shim_sections;
unsigned long neural_shim_pauses;
static bool neural_shim_fpu_open;

void *neural_mem_alloc(struct neural_account *account, size_t size)
{
	void *mem;

	(void)account;
	if (!size || size > SIZE_MAX / 2 || !neural_shim_fail_after)
		return NULL;
	if (neural_shim_fail_after > 0)
		neural_shim_fail_after--;
	if (posix_memalign(&mem, NEURAL_SHIM_HEAD, NEURAL_SHIM_HEAD + size))
		return NULL;
	memset(mem, 0, NEURAL_SHIM_HEAD + size);
	*(size_t *)mem = size;
	neural_shim_live_bytes += size;
	neural_shim_peak_bytes = max(neural_shim_peak_bytes, neural_shim_live_bytes);
	return (u8 *)mem + NEURAL_SHIM_HEAD;
}

void neural_mem_free(const void *mem)
{
	u8 *head;

	if (!mem)
		return;
	head = (u8 *)mem - NEURAL_SHIM_HEAD;
	neural_shim_live_bytes -= *(size_t *)head;
	free(head);
}

u32 neural_crc32c(u32 crc, const void *data, size_t size)
{
	static u32 table[256];
	const u8 *at = data;
	u32 i, bit;

	if (!table[1])
		for (i = 0; i < 256; i++)
			for (bit = 0, table[i] = i; bit < 8; bit++)
				table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0x82f63b78 : 0);
	for (crc = ~crc; size--; at++)
		crc = crc >> 8 ^ table[(crc ^ *at) & 0xff];
	return ~crc;
}

u64 neural_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

bool neural_fpu_usable(void)
{
	return !neural_shim_fpu_refused && !neural_shim_fpu_open;
}

void neural_fpu_begin(void)
{
	WARN_ON(!neural_fpu_usable());
	neural_shim_fpu_open = true;
	neural_shim_sections++;
}

void neural_fpu_end(void)
{
	WARN_ON(!neural_shim_fpu_open);
	neural_shim_fpu_open = false;
}

void neural_fpu_relax(void)
{
	WARN_ON(neural_shim_fpu_open);
}
