// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>

#include <uapi/linux/neural_model.h>

#include "ctl.h"
#include "refusal.h"

bool ctl_in_nodes(const void *file, size_t bytes, u64 offset)
{
	struct neural_model_header header;
	struct neural_model_section section;
	u64 at, i;

	if (bytes < sizeof(header))
		return false;
	memcpy(&header, file, sizeof(header));
	at = le16toh(header.header_bytes);
	for (i = 0; i < le32toh(header.nr_sections); i++, at += sizeof(section)) {
		if (at + sizeof(section) > bytes)
			return false;
		memcpy(&section, (const u8 *)file + at, sizeof(section));
		if (le16toh(section.kind) == NEURAL_SECTION_OPS)
			return offset >= le64toh(section.offset) &&
			       offset - le64toh(section.offset) < le64toh(section.bytes);
	}
	return false;
}

int ctl_refused(const char *path, const void *file, size_t bytes, const char *rule,
		u32 node, u64 offset)
{
	char where[32] = "";

	if (ctl_in_nodes(file, bytes, offset))
		snprintf(where, sizeof(where), "node %u, ", node);
	return ctl_fail("%s: refused: %s (%sbyte %llu)", path, rule, where,
			(unsigned long long)offset);
}
