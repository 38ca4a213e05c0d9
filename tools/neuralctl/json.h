/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON on stdout, written as it comes. */
#ifndef _NEURALCTL_JSON_H
#define _NEURALCTL_JSON_H

#define JSON_DEPTH	16

/**
 * struct json - a document being written
 * @to: where
 * @depth: objects and arrays open
 * @closing: what ends each of them
 * @filled: there is something in it already
 */
struct json {
	FILE *to;
	unsigned int depth;
	char closing[JSON_DEPTH];
	bool filled[JSON_DEPTH];
};

/* @key is NULL in arrays and at the top; @bracket is '{' or '['. */
void json_open(struct json *json, const char *key, char bracket);
/* After the last one the document ends with a newline. */
void json_close(struct json *json);
/* NULL is null; bytes that are not UTF-8 become U+FFFD. */
void json_string(struct json *json, const char *key, const char *value);
void json_bool(struct json *json, const char *key, bool value);
void json_signed(struct json *json, const char *key, s64 value);
void json_unsigned(struct json *json, const char *key, u64 value);
void json_real(struct json *json, const char *key, double value, int digits);

#endif /* _NEURALCTL_JSON_H */
