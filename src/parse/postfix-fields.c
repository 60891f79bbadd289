/* SPDX-License-Identifier: Apache-2.0
 *
 * The pieces that Postfix's lines are made of: clients, relays, queue ids, mail
 * addresses, numbers. Everything is read at the place where it must stand, from
 * left to right, and checked byte by byte; nothing is searched for.
 *
 *   mail.example.test[192.0.2.1]:4711   [2001:db8::1]:25   unknown[unknown]
 *   4F1D2A3B4C   <"odd <name>"@example.test>   550 5.1.1
 */
#include "parse/postfix-read.h"

static bool
is_hex(char c)
{
	return char_is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 6;
}

/* With an IPv4 address at its end, "::ffff:192.0.2.1": rare, so left to inet_pton(3). */
static size_t
mapped_length(struct str s)
{
	struct ip ip;
	size_t n = 0;

	while (n < s.len && n < IP_TEXT_MAX &&
	    (is_hex(s.p[n]) || s.p[n] == ':' || s.p[n] == '.'))
		n++;
	if (n && s.p[n - 1] == ':')
		n--;
	return ip_parse(str_head(s, n), &ip) && memchr(s.p, ':', n) ? n : 0;
}

size_t
postfix_ip6_length(struct str s)
{
	unsigned groups = 0, digits = 0;
	bool gap = false;
	size_t n = 0;

	for (; n < s.len; n++) {
		char next = n + 1 < s.len ? s.p[n + 1] : '\0';

		if (is_hex(s.p[n])) {
			groups += digits == 0;
			if (++digits > 4)
				return 0;
		} else if (s.p[n] == '.') {
			return mapped_length(s);
		} else if (s.p[n] != ':') {
			break;
		} else if (next == ':' && !gap) {
			gap = true;
			digits = 0;
			n++;
		} else if (!is_hex(next)) {
			break;
		} else if (digits == 0) {
			return 0;
		} else {
			digits = 0;
		}
	}
	return (gap ? groups < 8 : groups == 8) ? n : 0;
}

PARSE_RARE size_t
postfix_zone_length(struct str ip, struct str s)
{
	struct str rest = s, name;

	if (str_index(ip, ':') == ip.len || !str_skip_char(&rest, '%') ||
	    !postfix_host(&rest, &name) || !str_skip_char(&rest, ']'))
		return 0;
	return s.len - rest.len;
}

bool
postfix_ip(struct str *s, struct str *ret)
{
	return read_ip(s, ret);
}

bool
postfix_host(struct str *s, struct str *ret)
{
	return read_host(s, ret);
}

bool
postfix_endpoint(struct str *s, struct str *ret_ip, int64_t *ret_port)
{
	return read_endpoint(s, ret_ip, ret_port);
}

const char *
postfix_screened_any(const char *p, const char *end, struct event *ev)
{
	struct str s = str_range(p, end), ip;
	int64_t port;

	if (!read_endpoint(&s, &ip, &port))
		return NULL;
	if (ip.p)
		EVENT_TEXT(ev, ip, ip);
	if (port >= 0)
		EVENT_SET(ev, port, port);
	return s.p;
}

const char *
postfix_client_any(const char *p, const char *end, struct event *ev)
{
	struct str s = str_range(p, end), name;
	const char *behind;

	if (!read_host(&s, &name) || !(behind = postfix_screened_any(s.p, end, ev)))
		return NULL;
	EVENT_TEXT(ev, name, name);
	return behind;
}

bool
postfix_screened(struct str *s, struct event *ev)
{
	return read_screened(s, ev);
}

bool
postfix_client(struct str *s, struct event *ev)
{
	return read_client(s, ev);
}

struct str
postfix_after_relay(struct str s, struct event *ev)
{
	struct str ip;
	int64_t port;
	size_t n;

	if (read_endpoint(&s, &ip, &port)) {
		if (ip.p)
			EVENT_TEXT(ev, relay_ip, ip);
		if (port >= 0)
			EVENT_SET(ev, relay_port, port);
		return s;
	}
	n = str_index(s, ']');
	return n < s.len ? str_from(s, n + 1) : (struct str){NULL, 0};
}

bool
postfix_relay(struct str *s, struct event *ev)
{
	return read_relay(s, ev);
}

/* Words in front of a colon that would pass for a queue id without a digit. */
static bool
is_word(struct str s)
{
	static const struct str words[] = {
		STR("warning"), STR("error"), STR("fatal"), STR("panic"), STR("statistics"),
		STR("connect"), STR("disconnect"), STR("timeout"), STR("reject"), STR("cache"),
		STR("table"), STR("close"), STR("hostname"), STR("process"), STR("service"),
		STR("client"), STR("master"), STR("terminating"), STR("restriction"),
		STR("unknown"), STR("WARNING"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq(s, words[i]))
			return true;
	return false;
}

bool
postfix_is_qid(struct str s)
{
	if (s.len < QID_MIN || s.len > QID_MAX)
		return false;
	/* No word has a digit, and hardly a queue id has none. */
	return scan_digit(s) < s.len || !is_word(s);
}

bool
postfix_qid(struct str *s, struct str *ret)
{
	size_t n = scan_word(str_head(*s, QID_MAX + 1), false);
	struct str qid = str_head(*s, n);

	if (n < QID_MIN || n > QID_MAX)
		return false;
	/* A word is only taken for an id where a colon follows. */
	if (n < s->len && s->p[n] == ':' && !postfix_is_qid(qid))
		return false;
	*ret = qid;
	*s = str_from(*s, n);
	return true;
}

bool
postfix_stage(struct str *s, struct str *ret)
{
	return read_stage(s, ret);
}

size_t
postfix_quoted_length(struct str s)
{
	for (size_t n = 1; n < s.len; n++) {
		if (s.p[n] == '"')
			return n + 1;
		if (s.p[n] == '\\')
			n++;
	}
	return 0;
}

bool
postfix_address(struct str *s, struct str *ret)
{
	return read_address(s, ret);
}

bool
postfix_bracketed(struct str *s, struct str *ret)
{
	return read_bracketed(s, ret);
}

bool
postfix_seconds(struct str *s, int64_t *ret)
{
	int64_t usec = 0, unit = 1000000;
	size_t n = 0;

	for (; n < s->len && n < 12 && char_is_digit(s->p[n]); n++)
		usec = usec * 10 + (s->p[n] - '0') * INT64_C(1000000);
	if (n == 0)
		return false;
	if (n + 1 < s->len && s->p[n] == '.' && char_is_digit(s->p[n + 1]))
		for (n++; n < s->len && char_is_digit(s->p[n]); n++) {
			unit /= 10;
			usec += (s->p[n] - '0') * unit;
		}
	*ret = usec;
	*s = str_from(*s, n);
	return true;
}

/* Length of "5.1.1" in front of S, ended by a space or the end, or 0. */
static size_t
dsn_length(struct str s)
{
	size_t n = 0, digits = 0, dots = 0;

	if (s.len < 5 || s.p[1] != '.' || *s.p < '2' || *s.p > '5')
		return 0;
	if (s.len > 5 && s.p[3] == '.' && s.p[5] == ' ' && char_is_digit(s.p[2]) &&
	    char_is_digit(s.p[4]))
		return 5;
	for (; n < s.len && s.p[n] != ' '; n++) {
		if (char_is_digit(s.p[n]))
			digits++;
		else if (s.p[n] == '.' && digits)
			dots++, digits = 0;
		else
			return 0;
		if (digits > 3)
			return 0;
	}
	return dots == 2 && digits ? n : 0;
}

void
postfix_reply(struct str *s, struct event *ev)
{
	size_t n;

	if (s->len >= 3 && char_is_digit(s->p[0]) && char_is_digit(s->p[1]) &&
	    char_is_digit(s->p[2]) && (s->len == 3 || s->p[3] == ' ')) {
		EVENT_SET(ev, code,
		    (s->p[0] - '0') * 100 + (s->p[1] - '0') * 10 + s->p[2] - '0');
		*s = str_from(*s, 3);
		str_skip_char(s, ' ');
	}
	n = dsn_length(*s);
	if (n) {
		EVENT_TEXT(ev, dsn, str_head(*s, n));
		*s = str_from(*s, n);
		str_skip_char(s, ' ');
	}
}

bool
postfix_breaks_off(struct str s, struct str literal)
{
	return s.len == 0 || (s.len < literal.len && memcmp(s.p, literal.p, s.len) == 0);
}
