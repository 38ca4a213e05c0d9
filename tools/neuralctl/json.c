// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

/* Bytes of the UTF-8 character at @s, 0 where there is none. */
static unsigned int utf8(const u8 *s)
{
	const u32 c = s[0];
	unsigned int i, n;
	u32 code, least;

	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c < 0xe0)
		n = 2, code = c & 0x1f, least = 0x80;
	else if (c >= 0xe0 && c < 0xf0)
		n = 3, code = c & 0x0f, least = 0x800;
	else if (c >= 0xf0 && c < 0xf5)
		n = 4, code = c & 0x07, least = 0x10000;
	else
		return 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return n;
}

static void text(FILE *to, const char *value)
{
	const u8 *s = (const u8 *)value;

	fputc('"', to);
	while (*s) {
		const unsigned int n = utf8(s);

		if (!n)
			fputs("\\ufffd", to);
		else if (*s == '"' || *s == '\\')
			fprintf(to, "\\%c", *s);
		else if (*s < ' ' || *s == 0x7f)
			fprintf(to, "\\u%04x", *s);
		else
			fwrite(s, 1, n, to);
		s += n ?: 1;
	}
	fputc('"', to);
}

static void item(struct json *json, const char *key)
{
	if (json->depth) {
		bool *filled = &json->filled[json->depth - 1];

		fprintf(json->to, "%s\n%*s", *filled ? "," : "", 2 * json->depth, "");
		*filled = true;
	}
	if (key) {
		text(json->to, key);
		fputs(": ", json->to);
	}
}

void json_open(struct json *json, const char *key, char bracket)
{
	WARN_ON(json->depth == JSON_DEPTH);
	item(json, key);
	fputc(bracket, json->to);
	json->closing[json->depth] = bracket == '{' ? '}' : ']';
	json->filled[json->depth++] = false;
}

void json_close(struct json *json)
{
	json->depth--;
	if (json->filled[json->depth])
		fprintf(json->to, "\n%*s", 2 * json->depth, "");
	fputc(json->closing[json->depth], json->to);
	if (!json->depth)
		fputc('\n', json->to);
}

void json_string(struct json *json, const char *key, const char *value)
{
	item(json, key);
	if (value)
		text(json->to, value);
	else
		fputs("null", json->to);
}

void json_bool(struct json *json, const char *key, bool value)
{
	item(json, key);
	fputs(value ? "true" : "false", json->to);
}

void json_signed(struct json *json, const char *key, s64 value)
{
	item(json, key);
	fprintf(json->to, "%lld", (long long)value);
}

void json_unsigned(struct json *json, const char *key, u64 value)
{
	item(json, key);
	fprintf(json->to, "%llu", (unsigned long long)value);
}

void json_real(struct json *json, const char *key, double value, int digits)
{
	item(json, key);
	/* JSON knows neither infinities nor NaN. */
	if (value - value == 0)
		fprintf(json->to, "%.*g", digits, value);
	else
		fputs("null", json->to);
}
