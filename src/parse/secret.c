/* SPDX-License-Identifier: Apache-2.0
 *
 * Passwords that servers leave in their lines: as words (dovecot.c), and in base64 as what a
 * client sent with AUTH, before he was refused or too early:
 *
 *   SMTP protocol error in "AUTH PLAIN AGpvZQBodW50ZXIy" H=[192.0.2.1] AUTH command used when
 *     not advertised
 *   improper command pipelining after AUTH from mx.b.test[192.0.2.1]: aHVudGVyMg==
 */
#include "parse/dovecot.h"
#include "parse/parse.h"

/* Whose first answer, which may stand in the command, tells the password or as much. */
static const struct str mechanisms[] = {
	STR("PLAIN"), STR("LOGIN"), STR("XOAUTH2"), STR("OAUTHBEARER"), STR("NTLM"),
};

/* "PLAIN AGpvZQBodW50ZXIy", "LOGIN\r\nam9l": the name's length, 0 if nothing is behind it. */
static size_t
mechanism_length(struct str s)
{
	size_t n = 0;
	struct str name;

	while (n < s.len && (char_is_alnum(s.p[n]) || s.p[n] == '-' || s.p[n] == '_'))
		n++;
	name = str_head(s, n);
	if (n == s.len || (s.p[n] != ' ' && s.p[n] != '\\'))
		return 0;
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(*mechanisms); i++)
		if (str_eq_nocase(name, mechanisms[i]))
			return n;
	return 0;
}

struct str
parse_without_response(struct str text)
{
	static const struct str command = STR("AUTH ");

	for (size_t i = 0; i + command.len < text.len; i++) {
		size_t n;

		if ((text.p[i] | 0x20) != 'a' ||
		    !str_eq_nocase(str_head(str_from(text, i), command.len), command))
			continue;
		n = mechanism_length(str_from(text, i + command.len));
		if (n)
			return str_head(text, i + command.len + n);
	}
	return text;
}

/* A line up to what a client sent behind AUTH. */
static struct str
without_answers(struct str line)
{
	static const struct str after = STR(" after AUTH"), next = STR(" next input=");
	size_t n = str_find(line, after);
	struct str rest;

	if (n < line.len) {
		n += after.len;
		rest = str_from(line, n);
		if (!str_starts(rest, STR(":")))
			n += str_find(rest, STR("]: ")) + 1;
		return str_head(line, n < line.len ? n : line.len);
	}
	n = str_find(line, next);
	return str_find(line, STR("\"AUTH ")) < n ? str_head(line, n) : line;
}

struct str
parse_without_password(struct str line)
{
	return without_answers(parse_without_response(dovecot_without_password(line)));
}
