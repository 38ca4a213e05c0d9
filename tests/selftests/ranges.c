// SPDX-License-Identifier: GPL-2.0-only
/*
 * ranges IN OUT [o]FIRST:COUNT:LO:HI...: a model file with ranges of its first input, or of
 * its first output with an o.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/neural_model.h>

#define ROOM	(1 << 20)

static unsigned char in[ROOM], out[2 * ROOM];

static unsigned int crc32c(const unsigned char *at, size_t size)
{
	unsigned int crc = ~0U;
	int bit;

	while (size--) {
		crc ^= *at++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static size_t up(size_t at)
{
	return (at + NEURAL_MODEL_ALIGN - 1) / NEURAL_MODEL_ALIGN * NEURAL_MODEL_ALIGN;
}

static int parse(const char *text, struct neural_model_range *range)
{
	unsigned int first, count;
	long long lo, hi;
	const int output = *text == 'o';

	if (sscanf(text + output, "%u:%u:%lld:%lld", &first, &count, &lo, &hi) != 4)
		return 1;
	*range = (struct neural_model_range){
		.flags = htole32(output ? NEURAL_RANGE_OUTPUT : 0),
		.first = htole32(first),
		.count = htole32(count),
		.lo = htole64(lo),
		.hi = htole64(hi),
	};
	return 0;
}

/* The table of sections is one entry longer, so that all of them move. */
static size_t append(size_t size, const struct neural_model_range *ranges, size_t bytes)
{
	struct neural_model_header *head = (struct neural_model_header *)out;
	struct neural_model_section *section;
	size_t table, nr, from, to, at, i;

	memcpy(out, in, sizeof(*head));
	nr = le32toh(head->nr_sections);
	table = le16toh(head->header_bytes);
	from = up(table + nr * sizeof(*section));
	to = up(table + (nr + 1) * sizeof(*section));
	at = up(size + to - from);
	memcpy(out + table, in + table, nr * sizeof(*section));
	memcpy(out + to, in + from, size - from);
	memcpy(out + at, ranges, bytes);
	section = (struct neural_model_section *)(out + table);
	for (i = 0; i < nr; i++, section++)
		section->offset = htole64(le64toh(section->offset) + to - from);
	*section = (struct neural_model_section){
		.kind = htole16(NEURAL_SECTION_RANGES),
		.flags = htole16(NEURAL_SECTION_OPTIONAL),
		.entry_bytes = htole32(sizeof(*ranges)),
		.offset = htole64(at),
		.bytes = htole64(bytes),
	};
	head->nr_sections = htole32(nr + 1);
	head->file_bytes = htole64(at + bytes);
	head->crc = 0;
	head->crc = htole32(crc32c(out, at + bytes));
	return at + bytes;
}

int main(int argc, char **argv)
{
	struct neural_model_range ranges[16];
	const int nr = argc - 3;
	size_t size;
	FILE *file;
	int i;

	if (nr < 1 || nr > 16)
		return 2;
	for (i = 0; i < nr; i++)
		if (parse(argv[3 + i], &ranges[i]))
			return 2;
	file = fopen(argv[1], "rb");
	if (!file)
		return 1;
	size = fread(in, 1, sizeof(in), file);
	fclose(file);
	if (size < sizeof(struct neural_model_header) || size == sizeof(in))
		return 1;
	size = append(size, ranges, nr * sizeof(*ranges));
	file = fopen(argv[2], "wb");
	if (!file || fwrite(out, 1, size, file) != size || fclose(file))
		return 1;
	return 0;
}
