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

/* How many bytes of blanks S begins with, as they are or as "\t". */
static size_t
blanks(struct str s)
{
	size_t n = 0;

	for (;;) {
		if (n < s.len && (s.p[n] == ' ' || s.p[n] == '\t'))
			n++;
		else if (str_starts(str_from(s, n), STR("\\t")))
			n += 2;
		else
			return n;
	}
}

static size_t
name_length(struct str s)
{
	size_t n = 0;

	while (n < s.len && (char_is_alnum(s.p[n]) || s.p[n] == '-' || s.p[n] == '_'))
		n++;
	return n;
}

/* NAME, as in "PLAIN AGpvZQBodW50ZXIy", "LOGIN\r\nam9l": may what follows it be a password? */
static bool
is_answered(struct str name, struct str behind)
{
	if (behind.len == 0 || (*behind.p != '\\' && blanks(behind) == 0))
		return false;
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(*mechanisms); i++)
		if (str_eq_nocase(name, mechanisms[i]))
			return true;
	return false;
}

struct str
parse_without_response(struct str text)
{
	static const struct str command = STR("AUTH"), next = STR(" next input=");
	bool sought = false;

	for (size_t i = 0; i + command.len < text.len; i++) {
		struct str rest, name;
		size_t n;
		char last = text.p[i + command.len - 1] | 0x20;

		if (last != 'h') { /* how far the next one is that could have it there */
			i += last == 'a' ? 2 : last == 'u' ? 1 : last == 't' ? 0 : 3;
			continue;
		}
		if (!str_eq_nocase(str_head(str_from(text, i), command.len), command))
			continue;
		rest = str_from(text, i + command.len);
		n = blanks(rest);
		if (n == 0)
			continue;
		rest = str_from(rest, n);
		name = str_head(rest, name_length(rest));
		rest = str_from(rest, name.len);
		if (is_answered(name, rest))
			return str_head(text, (size_t)(rest.p - text.p));
		if (sought || rest.len == 0 || *rest.p != '"')
			continue;
		/* Behind a whole command the next ones stand, once. */
		n = str_find(rest, next);
		if (n < rest.len)
			return str_head(text, (size_t)(rest.p - text.p) + n);
		sought = true;
	}
	return text;
}

/* A line up to what a client sent behind AUTH. */
static struct str
without_answers(struct str line)
{
	static const struct str after = STR(" after AUTH");
	size_t n = str_find(line, after);
	struct str rest;

	if (n == line.len)
		return line;
	n += after.len;
	rest = str_from(line, n);
	if (!str_starts(rest, STR(":")))
		n += str_find(rest, STR("]: ")) + 1;
	return str_head(line, n);
}

struct str
parse_without_password(struct str line)
{
	return without_answers(parse_without_response(dovecot_without_password(line)));
}
