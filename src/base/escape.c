/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"

#include "base/utf8.h"

/* Appends the first character of S, which is not printable ASCII; returns its length. */
static size_t
add_character(struct buf *out, struct str s)
{
	uint32_t c;
	unsigned len = utf8_decode(s, &c);

	if (len == 0 || c < 0x80) {
		buf_printf(out, "\\x%02x", (unsigned char)*s.p);
		return 1;
	}
	if (utf8_is_unsafe(c))
		buf_printf(out, "\\u{%x}", c);
	else
		buf_add(out, s.p, len);
	return len;
}

void
escape_terminal(struct buf *out, struct str s)
{
	while (s.len) {
		size_t plain = utf8_plain(s);

		buf_add(out, s.p, plain);
		s = str_from(s, plain);
		if (s.len)
			s = str_from(s, add_character(out, s));
	}
}

/* Would a spreadsheet read S as a formula? Some take the full-width signs, too, or trim. */
static bool
starts_formula(struct str s)
{
	static const struct str signs[] = {STR("\xef\xbc\x9d"), STR("\xef\xbc\x8b"),
	    STR("\xef\xbc\x8d"), STR("\xef\xbc\xa0")};

	while (s.len && *s.p == ' ')
		s = str_from(s, 1);
	if (s.len && memchr("=+-@\t\r\n", *s.p, 7))
		return true;
	for (unsigned i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (str_starts(s, signs[i]))
			return true;
	return false;
}

static bool
needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == ';')
			return true;
	return false;
}

void
escape_csv(struct buf *out, struct str s)
{
	bool quotes = needs_quotes(s);

	if (quotes)
		buf_char(out, '"');
	if (starts_formula(s))
		buf_char(out, '\'');
	while (s.len) {
		size_t n = str_index(s, '"');

		escape_terminal(out, str_head(s, n));
		if (n == s.len)
			break;
		buf_str(out, STR("\"\""));
		s = str_from(s, n + 1);
	}
	if (quotes)
		buf_char(out, '"');
}

/* Is the first character of S, of RET_LEN bytes, shown as it is? */
static bool
is_shown(struct str s, unsigned *ret_len)
{
	uint32_t c;
	unsigned len = utf8_decode(s, &c);

	*ret_len = len ? len : 1;
	return len && !utf8_is_unsafe(c);
}

static bool
all_shown(struct str s)
{
	unsigned len;

	for (; s.len; s = str_from(s, len))
		if (!is_shown(s, &len))
			return false;
	return true;
}

/* Three digits end by themselves, whatever stands behind them. */
static void
add_octal(struct buf *out, struct str s)
{
	unsigned len;

	buf_str(out, STR("$'"));
	for (; s.len; s = str_from(s, len)) {
		bool shown = is_shown(s, &len);

		if (*s.p == '\\')
			buf_str(out, STR("\\\\"));
		else if (shown && *s.p != '\'')
			buf_add(out, s.p, len);
		else
			for (unsigned i = 0; i < len; i++)
				buf_printf(out, "\\%03o", (unsigned char)s.p[i]);
	}
	buf_char(out, '\'');
}

void
escape_shell(struct buf *out, struct str s)
{
	static const struct str harmless = STR("@._+:/-");
	bool plain = s.len > 0 && *s.p != '-';

	for (size_t i = 0; i < s.len; i++)
		plain &= char_is_alnum(s.p[i]) || str_index(harmless, s.p[i]) < harmless.len;
	if (plain) {
		buf_str(out, s);
		return;
	}
	if (!all_shown(s)) {
		add_octal(out, s);
		return;
	}
	buf_char(out, '\'');
	while (s.len) {
		size_t n = str_index(s, '\'');

		buf_str(out, str_head(s, n));
		if (n == s.len)
			break;
		buf_str(out, STR("'\\''"));
		s = str_from(s, n + 1);
	}
	buf_char(out, '\'');
}
