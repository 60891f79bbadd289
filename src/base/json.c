/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* The comma before an item, if one is due; the item then makes the next one due. */
static void
item(struct json *json)
{
	if (json->comma)
		buf_char(json->out, ',');
	json->comma = true;
}

static void
begin(struct json *json, char bracket)
{
	item(json);
	buf_char(json->out, bracket);
	json->comma = false;
}

static void
end(struct json *json, char bracket)
{
	buf_char(json->out, bracket);
	json->comma = true;
}

void
json_object_begin(struct json *json)
{
	begin(json, '{');
}

void
json_object_end(struct json *json)
{
	end(json, '}');
}

void
json_array_begin(struct json *json)
{
	begin(json, '[');
}

void
json_array_end(struct json *json)
{
	end(json, ']');
}

/* How many bytes at the front of S stand for themselves in a string. */
static size_t
plain(struct str s)
{
	size_t n = 0;

	while (n < s.len && (unsigned char)(s.p[n] - 0x20) < 0x7f - 0x20 && s.p[n] != '"' &&
	    s.p[n] != '\\')
		n++;
	return n;
}

/* A UTF-16 unit as four hex digits: by printf() 64 KiB of such bytes took 8 ms. */
static void
add_unit(struct buf *out, uint32_t unit)
{
	static const char digits[] = "0123456789abcdef";
	const char text[] = {'\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15],
		digits[unit >> 4 & 15], digits[unit & 15]};

	buf_add(out, text, sizeof(text));
}

static void
add_escape(struct buf *out, uint32_t c)
{
	static const char shorthand[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	for (const char *s = shorthand; *s && c < 0x80; s += 2)
		if (c == (unsigned char)*s) {
			buf_char(out, '\\');
			buf_char(out, s[1]);
			return;
		}
	if (c >= 0x10000) {
		add_unit(out, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	add_unit(out, c);
}

/* Appends the first character of S; returns how many bytes it took. */
static size_t
add_character(struct buf *out, struct str s)
{
	uint32_t c;
	unsigned len = utf8_decode(s, &c);

	if (len == 0) {
		add_escape(out, (unsigned char)*s.p);
		return 1;
	}
	if (c < 0x80 || utf8_is_unsafe(c))
		add_escape(out, c);
	else
		buf_add(out, s.p, len);
	return len;
}

static void
add_string(struct buf *out, struct str s)
{
	buf_char(out, '"');
	while (s.len) {
		size_t n = plain(s);

		buf_add(out, s.p, n);
		s = str_from(s, n);
		if (s.len)
			s = str_from(s, add_character(out, s));
	}
	buf_char(out, '"');
}

void
json_key_str(struct json *json, struct str key)
{
	item(json);
	add_string(json->out, key);
	buf_char(json->out, ':');
	json->comma = false;
}

void
json_key(struct json *json, const char *key)
{
	json_key_str(json, str_of(key));
}

void
json_str(struct json *json, struct str s)
{
	item(json);
	add_string(json->out, s);
}

void
json_int(struct json *json, int64_t value)
{
	json_decimal(json, value, 0);
}

void
json_real(struct json *json, double value)
{
	char text[32];

	item(json);
	if (!isfinite(value)) {
		buf_str(json->out, STR("null"));
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (!(strtod(text, NULL) < value) && !(strtod(text, NULL) > value))
			break;
	}
	buf_str(json->out, str_of(text));
}

void
json_decimal(struct json *json, int64_t value, unsigned decimals)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char text[24];
	char *p = text + sizeof(text);
	bool point = false;

	item(json);
	for (unsigned i = 0; i < decimals; i++, rest /= 10)
		if (point || rest % 10) {
			*--p = (char)('0' + rest % 10);
			point = true;
		}
	if (point)
		*--p = '.';
	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--p = '-';
	buf_add(json->out, p, (size_t)(text + sizeof(text) - p));
}

void
json_id(struct json *json, uint64_t id)
{
	char text[16];

	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = "0123456789abcdef"[id >> (60 - 4 * i) & 15];
	json_str(json, (struct str){text, sizeof(text)});
}

void
json_bool(struct json *json, bool value)
{
	item(json);
	buf_str(json->out, value ? STR("true") : STR("false"));
}

void
json_null(struct json *json)
{
	item(json);
	buf_str(json->out, STR("null"));
}
