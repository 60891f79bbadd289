/* SPDX-License-Identifier: Apache-2.0
 *
 * What Roundcube says of logins to its page, where the IMAP server sees none but the web
 * server: in files, whose form is PHP's, and through syslog.
 *
 *   <s073mu0l> IMAP Error: Login failed for joe@h.test against h.test from 192.0.2.1
 *     (X-Forwarded-For: 10.0.0.7). Authentication failed. in /x/rcube_imap.php on line 200
 *     (POST /?_task=login&_action=login)
 *   <s073mu0l> Failed login for joe from 192.0.2.1 in session s073mu0lc1f2 (error: 0)
 *   <s073mu0l> Successful login for joe (ID: 7) from 192.0.2.1 in session s073mu0lc1f2
 *
 * The first is of errors.log, the others, with log_logins, of userlogins.log: of one attempt
 * each may tell. The user is what the client says, and so are the headers behind the
 * address; nobody escapes either. So where two places look like the client's, none counts.
 */
#include "parse/roundcube.h"

/* PHP and syslog may have cut a longer one. */
#define LINE_MAX 900u

#define ADDRESS_MAX 46u

static const struct {
	struct str words;
	uint8_t kind; /* enum kind */
	bool asked;   /* told by the side that asks the IMAP server */
} rows[] = {
	{STR("IMAP Error: Login failed for "), KIND_auth_failure, true},
	{STR("IMAP Error: FAILED login for "), KIND_auth_failure, true},
	{STR("Failed login for "), KIND_auth_failure, false},
	{STR("FAILED login for "), KIND_auth_failure, false}, /* before 1.0 */
	{STR("Successful login for "), KIND_auth_success, false},
};

/* What the IMAP server did where the login is not what failed. */
static const struct str trouble[] = {
	STR("Could not connect to "), STR("Unable to connect to "),
	STR("Empty startup greeting"), STR("Unable to negotiate TLS"),
	STR("Server shutdown in progress"), STR("STARTTLS required"),
};

/* "<s073mu0l> " */
static void
skip_session(struct str *s)
{
	struct str rest = *s;
	size_t n = 1;

	if (!str_skip_char(&rest, '<'))
		return;
	while (n < s->len && char_is_alnum(s->p[n]))
		n++;
	rest = str_from(*s, n);
	if (str_skip(&rest, STR("> ")))
		*s = rest;
}

/* An address, which a full stop may follow, and its zone: "fe80::1%eth0". */
static void
take_address(struct str *s, struct str *ret)
{
	struct ip ip;
	size_t n = 0;

	while (n < s->len && n < ADDRESS_MAX && (char_is_alnum(s->p[n]) || s->p[n] == '.' ||
	    s->p[n] == ':'))
		n++;
	while (n && s->p[n - 1] == '.')
		n--;
	if (!ip_parse(str_head(*s, n), &ip))
		return;
	*ret = str_head(*s, n);
	if (n < s->len && s->p[n] == '%')
		for (n++; n < s->len && char_is_alnum(s->p[n]);)
			n++;
	*s = str_from(*s, n);
}

/* " in session ...", "(X-Forwarded-For: ...)", ". Authentication failed. ..." */
static bool
follows_client(struct str s)
{
	return s.len == 0 || str_starts(s, STR(" in session ")) || str_starts(s, STR(". ")) ||
	    str_starts(s, STR("(X-")) || str_starts(s, STR(" (X-"));
}

/*
 * Where in S the one " from ADDRESS" stands that may be the client's; S.len: none, or several,
 * where one without any address counts, too. *RET_REST is what follows.
 */
static size_t
find_client(struct str s, struct str *ret_ip, struct str *ret_rest)
{
	static const struct str mark = STR(" from ");
	size_t found = s.len, n;

	for (size_t at = 0; (n = str_find(str_from(s, at), mark)) < s.len - at;) {
		struct str rest, ip = {NULL, 0};

		at += n + mark.len;
		rest = str_from(s, at);
		take_address(&rest, &ip);
		if (!follows_client(rest))
			continue;
		if (found < s.len)
			return s.len;
		found = at - mark.len;
		*ret_ip = ip;
		*ret_rest = rest;
	}
	return ret_ip->p ? found : s.len;
}

/* "joe", "joe against h.test", "joe (ID: 7)" */
static void
take_user(struct str s, bool asked, bool known, struct event *ev)
{
	if (asked)
		s = str_head(s, str_find_last(s, STR(" against ")));
	if (known)
		s = str_head(str_head(s, str_find_last(s, STR(" (ID: "))),
		    str_find_last(s, STR(" (id ")));
	if (s.len)
		EVENT_TEXT(ev, user, s);
}

/*
 * ". Authentication failed. in /x/rcube_imap.php on line 200 (POST ...)", behind headers
 * maybe: they and the request are the client's, who is not to say that a server failed.
 */
static void
take_cause(struct str s, struct event *ev)
{
	static const struct str behind = STR("). ");
	bool sure = true;

	s = str_head(s, str_find_last(s, STR(" in /")));
	if (*s.p != '.') {
		size_t at = str_find_last(s, behind);

		if (at == s.len)
			return;
		sure = at == str_find(s, behind);
		s = str_from(s, at + 1);
	}
	if (!str_skip(&s, STR(". ")))
		return;
	for (size_t i = 0; sure && i < sizeof(trouble) / sizeof(*trouble); i++)
		if (str_starts(s, trouble[i]))
			EVENT_SET(ev, kind, KIND_auth_error);
	EVENT_TEXT(ev, text, s);
}

static enum parse_result
read_login(struct str s, uint8_t kind, bool asked, struct event *ev)
{
	struct str ip = {NULL, 0}, rest = {NULL, 0};
	size_t at;

	EVENT_SET(ev, kind, kind);
	if (asked)
		EVENT_WORD(ev, stage, WORD_auth);
	if (s.len >= LINE_MAX) {
		EVENT_SET(ev, truncated, true);
		return PARSE_EVENT;
	}
	at = find_client(s, &ip, &rest);
	if (at == s.len) {
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	EVENT_TEXT(ev, ip, ip);
	take_user(str_head(s, at), asked, kind == KIND_auth_success, ev);
	if (asked && rest.len)
		take_cause(rest, ev);
	return PARSE_EVENT;
}

enum parse_result
roundcube_read(struct str message, struct event *ev)
{
	skip_session(&message);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_skip(&message, rows[i].words))
			return read_login(message, rows[i].kind, rows[i].asked, ev);
	return PARSE_UNKNOWN;
}

static const char *const tags[] = {"roundcube", NULL};

const struct parser parser_roundcube = {
	.name = "roundcube",
	.tags = tags,
	.read = roundcube_read,
	.foreign = true,
};
