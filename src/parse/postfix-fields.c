/* SPDX-License-Identifier: Apache-2.0
 *
 * The pieces that Postfix's lines are made of: clients, relays, queue ids, mail
 * addresses, numbers. Everything is read at the place where it must stand, from
 * left to right, and checked byte by byte; nothing is searched for.
 *
 *   mail.example.test[192.0.2.1]:4711   [2001:db8::1]:25   unknown[unknown]
 *   4F1D2A3B4C   <"odd <name>"@example.test>   550 5.1.1
 */
#include "parse/postfix.h"

enum {
	CLASS_HOST = 1,  /* in host names: valid_hostname(3) lets nothing else through */
	CLASS_ALNUM = 2, /* in queue ids */
	CLASS_IP6 = 4,
	CLASS_UPPER = 8, /* in stages */
};

static const uint8_t class_of[256] = {
	['0' ... '9'] = CLASS_HOST | CLASS_ALNUM | CLASS_IP6,
	['A' ... 'F'] = CLASS_HOST | CLASS_ALNUM | CLASS_IP6 | CLASS_UPPER,
	['G' ... 'Z'] = CLASS_HOST | CLASS_ALNUM | CLASS_UPPER,
	['a' ... 'f'] = CLASS_HOST | CLASS_ALNUM | CLASS_IP6,
	['g' ... 'z'] = CLASS_HOST | CLASS_ALNUM,
	['.'] = CLASS_HOST | CLASS_IP6,
	[':'] = CLASS_IP6,
	['-'] = CLASS_HOST | CLASS_UPPER,
	['_'] = CLASS_HOST,
};

#define HOST_MAX 255
#define QID_MIN 5
#define QID_MAX 25

/* How many of the first MAX bytes of S, from the front, are of CLASS. */
static size_t
span(struct str s, uint8_t class, size_t max)
{
	size_t n = 0;

	if (max > s.len)
		max = s.len;
	while (n < max && class_of[(unsigned char)s.p[n]] & class)
		n++;
	return n;
}

/* Length of the dotted quad in front of S, as inet_pton(3) takes it, or 0. */
static size_t
ip4_length(struct str s)
{
	unsigned value = 0, digits = 0, dots = 0;
	size_t n = 0;

	for (; n < s.len; n++) {
		char c = s.p[n];

		if (char_is_digit(c)) {
			if (digits && value == 0)
				return 0;
			value = value * 10 + (unsigned)(c - '0');
			if (++digits > 3 || value > 255)
				return 0;
		} else if (c == '.' && digits) {
			value = digits = 0;
			dots++;
		} else {
			break;
		}
	}
	return dots == 3 && digits ? n : 0;
}

bool
postfix_ip(struct str *s, struct str *ret)
{
	struct ip ip;
	size_t n = ip4_length(*s);

	if (n == 0) {
		n = span(*s, CLASS_IP6, IP_TEXT_MAX);
		/* "2001:db8::1: Name or service not known" */
		if (n && !ip_parse(str_head(*s, n), &ip))
			n = s->p[n - 1] == ':' && ip_parse(str_head(*s, n - 1), &ip) ? n - 1 : 0;
		if (n == 0 || ip.family == 0)
			return false;
	}
	*ret = str_head(*s, n);
	*s = str_from(*s, n);
	return true;
}

bool
postfix_host(struct str *s, struct str *ret)
{
	size_t n = span(*s, CLASS_HOST, HOST_MAX);

	if (n == 0)
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n);
	return true;
}

/* ":4711" or ":unknown" or nothing. *RET_PORT is -1 when it is not known. */
static void
skip_port(struct str *s, int64_t *ret_port)
{
	struct str rest = *s;
	int64_t port;

	*ret_port = -1;
	if (!str_skip_char(&rest, ':'))
		return;
	if (str_skip_number(&rest, &port) && port <= 65535)
		*ret_port = port;
	else if (!str_skip(&rest, STR("unknown")))
		return;
	*s = rest;
}

bool
postfix_endpoint(struct str *s, struct str *ret_ip, int64_t *ret_port)
{
	struct str rest = *s, ip = {NULL, 0};

	if (!str_skip_char(&rest, '['))
		return false;
	if (!postfix_ip(&rest, &ip) && !str_skip(&rest, STR("unknown")))
		return false;
	if (!str_skip_char(&rest, ']'))
		return false;
	skip_port(&rest, ret_port);
	*ret_ip = ip;
	*s = rest;
	return true;
}

bool
postfix_screened(struct str *s, struct event *ev)
{
	int64_t port;
	struct str ip;

	if (!postfix_endpoint(s, &ip, &port))
		return false;
	if (ip.p)
		EVENT_TEXT(ev, ip, ip);
	if (port >= 0)
		EVENT_SET(ev, port, port);
	return true;
}

bool
postfix_client(struct str *s, struct event *ev)
{
	struct str rest = *s, name;

	if (!postfix_host(&rest, &name) || !postfix_screened(&rest, ev))
		return false;
	EVENT_TEXT(ev, name, name);
	*s = rest;
	return true;
}

bool
postfix_relay(struct str *s, struct event *ev)
{
	struct str rest = *s, name, ip;
	int64_t port = -1;
	size_t n;

	if (!postfix_host(&rest, &name))
		return false;
	if (postfix_endpoint(&rest, &ip, &port)) {
		if (ip.p)
			EVENT_TEXT(ev, relay_ip, ip);
		if (port >= 0)
			EVENT_SET(ev, relay_port, port);
	} else if (rest.len && *rest.p == '[') { /* a socket's path */
		n = str_index(rest, ']');
		if (n == rest.len)
			return false;
		rest = str_from(rest, n + 1);
	}
	EVENT_TEXT(ev, relay, name);
	*s = rest;
	return true;
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
		STR("unknown"), STR("NOQUEUE"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq(s, words[i]))
			return true;
	return false;
}

bool
postfix_qid(struct str *s, struct str *ret)
{
	size_t n = span(*s, CLASS_ALNUM, QID_MAX + 1);
	struct str qid = str_head(*s, n);

	if (n < QID_MIN || n > QID_MAX)
		return false;
	if (!char_is_digit(*qid.p) && is_word(qid))
		return false;
	*ret = qid;
	*s = str_from(*s, n);
	return true;
}

bool
postfix_stage(struct str *s, struct str *ret)
{
	size_t n = span(*s, CLASS_UPPER, 32);
	struct str rest = str_from(*s, n);

	if (n == 0)
		return false;
	if (str_skip(&rest, STR(" content")))
		n += sizeof(" content") - 1;
	*ret = str_head(*s, n);
	*s = rest;
	return true;
}

bool
postfix_address(struct str *s, struct str *ret)
{
	size_t n = 0;

	if (s->len && *s->p == '"') {
		for (n = 1; n < s->len && s->p[n] != '"'; n++)
			if (s->p[n] == '\\')
				n++;
		n++;
	}
	for (; n < s->len && s->p[n] != '>'; n++)
		if (s->p[n] == '<' || s->p[n] == '"')
			return false;
	if (n >= s->len)
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n + 1);
	return true;
}

bool
postfix_bracketed(struct str *s, struct str *ret)
{
	struct str rest = *s;
	size_t n;

	if (str_skip_char(&rest, '<')) {
		if (!postfix_address(&rest, ret))
			return false;
		*s = rest;
		return true;
	}
	n = str_index(rest, ',');
	if (n == 0)
		return false;
	*ret = str_head(rest, n);
	*s = str_from(rest, n);
	return true;
}

bool
postfix_seconds(struct str *s, int64_t *ret)
{
	int64_t whole, usec, unit = 1000000;
	struct str rest = *s;

	if (!str_skip_number(&rest, &whole) || __builtin_mul_overflow(whole, unit, &usec))
		return false;
	if (rest.len > 1 && *rest.p == '.' && char_is_digit(rest.p[1]))
		for (rest = str_from(rest, 1); rest.len && char_is_digit(*rest.p);
		     rest = str_from(rest, 1)) {
			unit /= 10;
			if (__builtin_add_overflow(usec, (*rest.p - '0') * unit, &usec))
				return false;
		}
	*ret = usec;
	*s = rest;
	return true;
}

/* Length of "5.1.1" in front of S, ended by a space or the end, or 0. */
static size_t
dsn_length(struct str s)
{
	size_t n = 0, digits = 0, dots = 0;

	if (s.len < 5 || s.p[1] != '.' || *s.p < '2' || *s.p > '5')
		return 0;
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
		EVENT_SET(ev, code, (s->p[0] - '0') * 100 + (s->p[1] - '0') * 10 + s->p[2] - '0');
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
