// SPDX-License-Identifier: GPL-2.0-only
#include <sys/stat.h>

#include "ctl.h"
#include "number.h"
#include "rows.h"

int ctl_rows_open(struct ctl_rows *rows, const struct ctl_net *net, const char *path,
		  bool csv, bool real)
{
	struct stat is;

	*rows = (struct ctl_rows){ .net = net, .path = path, .csv = csv, .real = real };
	rows->file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	if (!rows->file)
		return ctl_fail("%s: %s", path, strerror(errno));
	if (csv || fstat(fileno(rows->file), &is) || !S_ISREG(is.st_mode))
		return CTL_OK;
	/* Somebody may have read from our stdin before. */
	if (rows->file == stdin && ftello(stdin) > 0)
		return CTL_OK;
	if (is.st_size % net->in_bytes) {
		ctl_rows_close(rows);
		return ctl_fail("%s: %lld bytes are not whole rows of %zu", path,
				(long long)is.st_size, net->in_bytes);
	}
	rows->total = is.st_size / net->in_bytes;
	return CTL_OK;
}

int ctl_rows_from(struct ctl_rows *rows, const struct ctl_net *net, const char *numbers,
		  bool real)
{
	*rows = (struct ctl_rows){
		.net = net, .path = "--input", .csv = true, .real = real, .total = 1,
	};
	/* An empty string is no row, and has to be said to be none. */
	rows->file = *numbers ? fmemopen((char *)numbers, strlen(numbers), "r") : NULL;
	return rows->file ? CTL_OK : ctl_fail("--input: no numbers");
}

static int bad_line(const struct ctl_rows *rows, u32 value, const char *what)
{
	return ctl_fail("%s:%llu: value %u %s", rows->path,
			(unsigned long long)rows->line, value, what);
}

/* Blanks, and one comma or semicolon among them. */
static const char *skip_separator(const char *at)
{
	at += strspn(at, " \t\r\n");
	if (*at == ',' || *at == ';')
		at += 1 + strspn(at + 1, " \t\r\n");
	return at;
}

static int parse_line(const struct ctl_rows *rows, void *row)
{
	const struct ctl_net *net = rows->net;
	const char *at = rows->text, *before, *wrong;
	u32 i, j, n = 0;

	for (i = 0; i < net->nr_inputs; i++) {
		for (j = 0; j < net->in[i].elements; j++) {
			n++;
			at += strspn(at, " \t\r\n");
			if (!*at)
				return bad_line(rows, n, "is missing");
			wrong = ctl_element_parse(&net->in[i], row, j, &at, rows->real);
			if (wrong)
				return bad_line(rows, n, wrong);
			before = at;
			at = skip_separator(at);
			if (at == before && *at)
				return bad_line(rows, n, "is followed by something else");
		}
	}
	return *at ? bad_line(rows, n + 1, "is one too many") : CTL_OK;
}

static int read_csv(struct ctl_rows *rows, u8 *to, u32 max, u32 *got)
{
	ssize_t length;
	int ret;

	while (*got < max) {
		length = getline(&rows->text, &rows->room, rows->file);
		if (length < 0)
			break;
		rows->line++;
		if (strlen(rows->text) != (size_t)length)
			return ctl_fail("%s:%llu: is not text", rows->path,
					(unsigned long long)rows->line);
		if (!rows->text[strspn(rows->text, " \t\r\n")])
			continue;
		/* Bytes between tensors are zero. */
		memset(to, 0, rows->net->in_bytes);
		ret = parse_line(rows, to);
		if (ret)
			return ret;
		to += rows->net->in_bytes;
		++*got;
	}
	return CTL_OK;
}

int ctl_rows_read(struct ctl_rows *rows, void *to, u32 max, u32 *got)
{
	const size_t row = rows->net->in_bytes;
	int ret = CTL_OK;

	*got = 0;
	errno = 0;
	if (rows->csv) {
		ret = read_csv(rows, to, max, got);
	} else {
		const size_t bytes = fread(to, 1, row * max, rows->file);

		*got = bytes / row;
		if (bytes % row && !ferror(rows->file))
			ret = ctl_fail("%s: ends in the middle of a row of %zu bytes",
				       rows->path, row);
	}
	if (!ret && ferror(rows->file))
		ret = ctl_fail("%s: %s", rows->path, strerror(errno));
	return ret;
}

void ctl_rows_close(struct ctl_rows *rows)
{
	if (rows->file && rows->file != stdin)
		fclose(rows->file);
	rows->file = NULL;
	free(rows->text);
	rows->text = NULL;
}
