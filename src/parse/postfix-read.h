/* SPDX-License-Identifier: Apache-2.0
 *
 * postfix-read: the readers of postfix.h that nearly every line needs, to be
 * inlined where nearly every line comes along. What is inlined keeps its slice in
 * registers; a function keeps it in memory, where each step waits for the one before.
 */
#ifndef PARSE_POSTFIX_READ_H
#define PARSE_POSTFIX_READ_H

#include "parse/header-memo.h"
#include "parse/postfix-scan.h"
#include "parse/postfix.h"

#define READ_INLINE static inline __attribute__((always_inline))

/*
 * Length of the IPv6 address (RFC 4291 2.2) in front of S, or 0. A colon that no
 * group follows ends it: "2001:db8::1: Name or service not known".
 */
size_t postfix_ip6_length(struct str s);

READ_INLINE bool
read_ip(struct str *s, struct str *ret)
{
	size_t n = scan_ip4(*s);

	if (n == 0 && (n = scan_usual_ip6(*s)) == 0 && (n = postfix_ip6_length(*s)) == 0)
		return false;
	*ret = (struct str){s->p, n};
	*s = str_from(*s, n);
	return true;
}

/* valid_hostname(3) lets no longer one through. */
#define READ_HOST_MAX 255

READ_INLINE bool
read_host(struct str *s, struct str *ret)
{
	size_t n = scan_host(*s);

	if (n == 0 || n > READ_HOST_MAX)
		return false;
	*ret = (struct str){s->p, n};
	*s = str_from(*s, n);
	return true;
}

/* ":4711" or ":unknown" or nothing. *RET_PORT is -1 when it is not known. */
READ_INLINE void
read_port(struct str *s, int64_t *ret_port)
{
	uint64_t bytes;
	unsigned n;

	*ret_port = -1;
	if (s->len < 2 || *s->p != ':')
		return;
	bytes = digits_load(s->p + 1);
	n = digits_count(bytes);
	n = n < 6 ? n : 6;
	n = n < s->len - 1 ? n : (unsigned)s->len - 1;
	if (n && digits_value(bytes, n) <= 65535) {
		*ret_port = (int64_t)digits_value(bytes, n);
		*s = str_from(*s, n + 1);
	} else {
		str_skip(s, STR(":unknown"));
	}
}

/* Length of "%eth0]" in front of S, which names the link of IP, its own address; or 0. */
size_t postfix_zone_length(struct str ip, struct str s);

READ_INLINE bool
read_endpoint(struct str *s, struct str *ret_ip, int64_t *ret_port)
{
	struct str rest = *s, ip = {NULL, 0};

	if (!str_skip_char(&rest, '['))
		return false;
	if (!read_ip(&rest, &ip) && !str_skip(&rest, STR("unknown")))
		return false;
	if (__builtin_expect(!str_skip_char(&rest, ']'), false)) {
		size_t n = postfix_zone_length(ip, rest);

		if (n == 0)
			return false;
		rest = str_from(rest, n);
		ip = (struct str){NULL, 0}; /* on another link it is another's */
	}
	read_port(&rest, ret_port);
	*ret_ip = ip;
	*s = rest;
	return true;
}

/*
 * PS, or CL, at P in a text that ENDs: set what postfix_screened() and postfix_client() do,
 * and return where it ends; NULL: there is none. WIDE: nearly all quickly, for where
 * header_is_wide().
 */
const char *postfix_screened_any(const char *p, const char *end, struct event *ev);
const char *postfix_screened_wide(const char *p, const char *end, struct event *ev);
const char *postfix_client_any(const char *p, const char *end, struct event *ev);
const char *postfix_client_wide(const char *p, const char *end, struct event *ev);

#ifndef __SSE2__
#define postfix_screened_wide postfix_screened_any
#define postfix_client_wide postfix_client_any
#define scan_delays_wide scan_delays_narrow
#define header_is_wide() false
#endif

READ_INLINE bool
read_screened(struct str *s, struct event *ev)
{
	const char *end = s->p + s->len;
	const char *p = header_is_wide() ? postfix_screened_wide(s->p, end, ev) :
					   postfix_screened_any(s->p, end, ev);

	if (!p)
		return false;
	*s = str_range(p, end);
	return true;
}

READ_INLINE bool
read_client(struct str *s, struct event *ev)
{
	const char *end = s->p + s->len;
	const char *p = header_is_wide() ? postfix_client_wide(s->p, end, ev) :
					   postfix_client_any(s->p, end, ev);

	if (!p)
		return false;
	*s = str_range(p, end);
	return true;
}

/*
 * "[192.0.2.1]:25" or a socket's path in front of S: sets relay_ip and relay_port. What
 * follows; P is NULL: it is neither.
 */
struct str postfix_after_relay(struct str s, struct event *ev);

READ_INLINE bool
read_relay(struct str *s, struct event *ev)
{
	struct str rest = *s, name;

	if (!read_host(&rest, &name))
		return false;
	if (rest.len && *rest.p == '[') {
		rest = postfix_after_relay(rest, ev);
		if (!rest.p)
			return false;
	}
	EVENT_TEXT(ev, relay, name);
	*s = rest;
	return true;
}

READ_INLINE bool
read_address(struct str *s, struct str *ret)
{
	size_t n = 0;

	if (s->len && *s->p == '"' && (n = postfix_quoted_length(*s)) == 0)
		return false;
	n += scan_angle(str_from(*s, n));
	if (n == s->len || s->p[n] != '>')
		return false;
	*ret = (struct str){s->p, n};
	*s = str_from(*s, n + 1);
	return true;
}

READ_INLINE bool
read_bracketed(struct str *s, struct str *ret)
{
	struct str rest = *s;
	size_t n;

	if (str_skip_char(&rest, '<')) {
		if (!read_address(&rest, ret))
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

#define READ_STAGE_MAX 32

READ_INLINE bool
read_stage(struct str *s, struct str *ret)
{
	struct str rest;
	size_t n = str_starts(*s, STR("RCPT ")) ? sizeof("RCPT") - 1 : 0;

	while (n < s->len && n < READ_STAGE_MAX &&
	    ((unsigned char)(s->p[n] - 'A') < 26 || s->p[n] == '-'))
		n++;
	if (n == 0)
		return false;
	rest = str_from(*s, n);
	if (str_skip(&rest, STR(" content")))
		n += sizeof(" content") - 1;
	*ret = str_head(*s, n);
	*s = rest;
	return true;
}

/* postfix_reply(), quickly for "550 5.1.1 ". */
READ_INLINE void
read_reply(struct str *s, struct event *ev)
{
	/* Digits keep their value; the space and the dots become zeroes, where they are. */
	uint64_t bytes = digits_load(s->p) ^ UINT64_C(0x1e001e0010000000);
	struct str rest;

	if (s->len >= 10 && digits_others(bytes) == 0 &&
	    (bytes & UINT64_C(0xff00ff00ff000000)) == 0 && char_is_digit(s->p[8]) &&
	    s->p[9] == ' ' && s->p[4] >= '2' && s->p[4] <= '5') {
		EVENT_SET(ev, code, (int64_t)digits_value(bytes, 3));
		EVENT_TEXT(ev, dsn, str_head(str_from(*s, 4), 5));
		*s = str_from(*s, 10);
	} else {
		rest = *s;
		postfix_reply(&rest, ev);
		*s = rest;
	}
}

/*
 * "... queued as 4F1D2A3B4C": the queue id under which who answers REPLY took the message. A
 * remote server's text is a hint for joining two messages and no more.
 */
READ_INLINE void
read_next_qid(struct str reply, struct event *ev)
{
	struct str qid;

	reply = str_from(reply, scan_mark(reply, STR("queued as ")));
	if (str_skip(&reply, STR("queued as ")) && postfix_qid(&reply, &qid) &&
	    (reply.len == 0 || !char_is_alnum(*reply.p)))
		EVENT_TEXT(ev, next_qid, qid);
}

#endif
