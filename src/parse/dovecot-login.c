/* SPDX-License-Identifier: Apache-2.0
 *
 * What imap-login, pop3-login, managesieve-login and submission-login say:
 *
 *   Login: user=<joe@example.test>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1,
 *     mpid=123, TLS, session=<sA5IH7Rgvy7AAAJD>
 *   Disconnected: Connection closed (auth failed, 2 attempts in 10 secs): user=<joe>,
 *     method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, session=<sA5IH7Rgvy7AAAJD>
 *   Login aborted: Logged out (auth failed, 1 attempts in 2 secs) (auth_failed): user=<>, ...
 *   proxy(joe): started proxying to 203.0.113.7:143: user=<joe>, method=PLAIN, rip=...
 *
 * The user stands before the address and may hold anything but control characters, a
 * whole line's end too. But Dovecot cuts it at 80 bytes, and behind it come only our
 * own words until the TLS library's error, which is longer than what is left of
 * the 80: so the last end that the user's place has room for is the real one. So it is
 * with the mechanism, which is the client's word, too.
 */
#include "parse/dovecot.h"

#define USER_MAX 80
#define MECHANISM_MAX 64

/* In what follows the user these come first, or alone. */
static const struct str keys[] = {
	STR(", method="), STR(", rip="), STR(", lip="), STR(", mpid="), STR(", session="),
	STR(", TLS"), STR(", secured"), STR(", service="), STR(", rport="), STR(", lport="),
};

/*
 * Why a login did not happen: what stands in parentheses before the fields, and where
 * nothing does, what the text begins with.
 */
static const struct dovecot_row reasons[] = {
	{STR("auth failed"), KIND_auth_failure, REASON_none},
	{STR("no auth attempts"), KIND_disconnect, REASON_none},
	{STR("authorization failed"), KIND_auth_failure, REASON_access},
	{STR("user disabled"), KIND_auth_failure, REASON_access},
	{STR("password expired"), KIND_auth_failure, REASON_access},
	{STR("login disabled"), KIND_auth_failure, REASON_access},
	{STR("anonymous logins disabled"), KIND_auth_failure, REASON_access},
	{STR("sent invalid base64"), KIND_auth_failure, REASON_protocol},
	{STR("tried to use unsupported"), KIND_auth_failure, REASON_protocol},
	/* disallowed plaintext, disabled plaintext, disallowed cleartext */
	{STR("tried to use dis"), KIND_auth_failure, REASON_tls},
	{STR("proxy dest auth failed"), KIND_auth_failure, REASON_none},
	{STR("proxy dest authentication failure"), KIND_auth_failure, REASON_none},
	{STR("proxy dest redirected"), KIND_disconnect, REASON_none},
	{STR("proxy dest "), KIND_auth_error, REASON_none},
	{STR("client didn't finish SASL auth"), KIND_auth_abort, REASON_none},
	{STR("disconnected while "), KIND_auth_abort, REASON_none},
	{STR("aborted authentication"), KIND_auth_abort, REASON_none},
	{STR("auth aborted by client"), KIND_auth_abort, REASON_none},
	{STR("auth process communication failure"), KIND_auth_error, REASON_none},
	{STR("auth service reported temporary failure"), KIND_auth_error, REASON_none},
	{STR("internal failure"), KIND_auth_error, REASON_none},
	{STR("auth referral"), KIND_disconnect, REASON_none},
	{STR("connection limit reached"), KIND_rate_limit, REASON_rate},
	{STR("disconnected before auth was ready"), KIND_disconnect, REASON_none},
	{STR("disconnected during TLS handshake"), KIND_tls_failure, REASON_tls},
	{STR("cert required"), KIND_disconnect, REASON_tls},
	{STR("client sent an "), KIND_disconnect, REASON_tls}, /* invalid, untrusted cert */
	{STR("client didn't send a cert"), KIND_disconnect, REASON_tls},
	{STR("client_limit and process_limit"), KIND_capacity, REASON_none},
	{STR("Maximum number of connections"), KIND_rate_limit, REASON_rate},
	{STR("Internal login failure"), KIND_auth_error, REASON_none},
	{STR("Auth process "), KIND_auth_error, REASON_none},
	{STR("Timeout while finishing login"), KIND_auth_error, REASON_none},
	{STR("disabled plaintext auth"), KIND_auth_failure, REASON_tls},
};

/* Lines that are about no login. */
static const struct dovecot_row notes[] = {
	{STR("ID sent: "), KIND_none, REASON_none},
	{STR("Loading "), KIND_none, REASON_none},
	{STR("Generated "), KIND_none, REASON_none},
	/* verbose_ssl: "SSL alert: where=0x4008, ret=256: warning close notify [192.0.2.1]" */
	{STR("SSL alert: "), KIND_none, REASON_none},
	{STR("SSL failed: where="), KIND_none, REASON_none},
	{STR("SSL: where="), KIND_none, REASON_none},
	{STR("SSL_accept() "), KIND_tls_failure, REASON_tls},
};

static bool
is_key(struct str s)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (str_starts(s, keys[i]))
			return true;
	return false;
}

/* Where the user ends who begins S: at the last '>' that can be his, or S.len. */
static size_t
user_end(struct str s)
{
	size_t n = dovecot_reach(s, USER_MAX + 1);

	for (size_t i = n; i-- > 0;)
		if (s.p[i] == '>' && is_key(str_from(s, i + 1)))
			return i;
	/* Nothing follows: not what the session's '>' looks like, unless there are no keys. */
	return s.len && s.len == n && s.p[n - 1] == '>' ? n - 1 : s.len;
}

static void
set_ip(struct event *ev, enum field field, struct str value)
{
	struct ip ip;

	if (event_knows(ev, field) || !ip_parse(value, &ip))
		return;
	*event_text_member(ev, field) = event_slice(ev, value);
	event_mark(ev, field);
}

/* "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)" */
static void
set_tls(struct event *ev, struct str s)
{
	EVENT_TEXT(ev, tls, str_cut(&s, ' '));
	if (str_skip(&s, STR("with cipher ")))
		EVENT_TEXT(ev, cipher, str_cut(&s, ' '));
}

static void
set_field(struct event *ev, struct str s)
{
	struct str session;
	int64_t port;

	if (str_skip(&s, STR("rip=")))
		set_ip(ev, FIELD_ip, s);
	else if (str_skip(&s, STR("lip=")))
		set_ip(ev, FIELD_server_ip, s);
	else if (str_skip(&s, STR("rport=")) && str_number(s, &port) && port <= 65535)
		EVENT_SET(ev, port, port);
	else if (str_skip(&s, STR("lport=")) && str_number(s, &port) && port <= 65535)
		EVENT_SET(ev, server_port, port);
	else if (str_skip(&s, STR("session=")) && dovecot_session(&s, &session) && session.p)
		EVENT_TEXT(ev, session, session);
	else if (str_starts(s, STR("TLSv")) || str_starts(s, STR("SSLv")))
		set_tls(ev, s);
}

/* The mechanism, if it is next, as far as the last address that its length allows. */
static void
take_mechanism(struct str *s, struct event *ev)
{
	struct str rest = *s, reach;
	size_t n;

	if (!str_skip(&rest, STR("method=")))
		return;
	reach = str_head(rest, dovecot_reach(rest, MECHANISM_MAX) + sizeof(", rip=") - 1);
	n = str_find_last(reach, STR(", rip="));
	if (n == reach.len)
		n = str_find(rest, STR(", "));
	if (n)
		EVENT_TEXT(ev, mechanism, str_head(rest, n));
	*s = str_from(rest, n);
	str_skip(s, STR(", "));
}

/* "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, session=<id>" */
static void
set_client(struct event *ev, struct str s)
{
	static const struct str last = STR(", session=<");
	size_t n;

	if (str_skip(&s, STR("user=<"))) {
		n = user_end(s);
		if (n == s.len) {
			EVENT_SET(ev, truncated, true);
			return;
		}
		if (n)
			EVENT_TEXT(ev, user, str_head(s, n));
		s = str_from(s, n + 1);
		str_skip(&s, STR(", "));
	}
	take_mechanism(&s, ev);
	while (s.len) {
		/* The library's words, with names out of the client's certificate. */
		if (str_starts(s, STR("TLS: ")) || str_starts(s, STR("TLS handshaking"))) {
			n = str_find_last(s, last);
			s = str_from(s, n < s.len ? n + 2 : n);
		}
		n = str_find(s, STR(", "));
		set_field(ev, str_head(s, n));
		s = str_from(s, n);
		str_skip(&s, STR(", "));
	}
}

/*
 * The numbers in S behind its first comma, or, without one, behind SKIP bytes: "3 attempts in
 * 16 secs", "1/2 successful auths in 3 secs", "waited 5 secs", " in 5 secs".
 */
static void
set_numbers(struct event *ev, struct str s, size_t skip)
{
	size_t comma = str_index(s, ',');
	int64_t number, total;

	s = str_from(s, comma < s.len ? comma : skip);
	str_skip(&s, STR(", "));
	if (str_skip_number(&s, &number)) {
		if (str_skip_char(&s, '/') && str_skip_number(&s, &total))
			number = total;
		if (str_skip(&s, STR(" attempts")) || str_skip(&s, STR(" successful auths")))
			EVENT_SET(ev, attempts, number);
	}
	str_skip_char(&s, ' ');
	if ((str_skip(&s, STR("in ")) || str_skip(&s, STR("waited "))) &&
	    str_skip_number(&s, &number) && number <= INT64_MAX / 1000000)
		EVENT_SET(ev, seconds, number * 1000000);
}

/* What stands in the last parentheses of S, and 2.4's "(auth_failed)" left out; or S. */
static struct str
why(struct str s)
{
	for (int round = 0; round < 2 && s.len && s.p[s.len - 1] == ')'; round++) {
		size_t n = str_find_last(s, STR(" ("));
		struct str inside;

		if (n == s.len)
			return s;
		inside = str_range(s.p + n + 2, s.p + s.len - 1);
		if (round == 1 || str_index(inside, ' ') < inside.len)
			return inside;
		s = str_head(s, n);
	}
	return s;
}

/* "proxy(joe): started proxying to ...": he who is in the fields, or it tells nothing. */
static bool
is_proxied(struct str text, struct event *ev)
{
	struct str host;

	if (str_starts(text, STR("Started proxying to ")))
		return true;
	if (!str_skip(&text, STR("proxy(")) || !event_knows(ev, FIELD_user) ||
	    !str_skip(&text, event_str(ev, ev->user)))
		return false;
	if (str_skip_char(&text, ','))
		host = str_cut(&text, ')');
	else if (str_skip_char(&text, ')'))
		host = (struct str){NULL, 0};
	else
		return false;
	return str_index(host, ' ') == host.len &&
	    (str_starts(text, STR(": started proxying to ")) ||
	    str_starts(text, STR(": Started proxying to ")));
}

/* The kind of a line with fields, or of one without that has a known reason. */
static enum parse_result
explain(const struct dovecot_line *line, struct str text, bool fields, struct event *ev)
{
	static const struct dovecot_row disconnect = {.kind = KIND_disconnect};
	static const struct dovecot_row trouble = {.kind = KIND_operational};
	const struct dovecot_row *row;
	struct str reason = why(text);

	if (fields && (str_eq(text, STR("Login")) || str_eq(text, STR("Logged in")) ||
	    is_proxied(text, ev))) {
		EVENT_SET(ev, kind, KIND_auth_success);
		return PARSE_EVENT;
	}
	row = DOVECOT_ROW(reasons, reason);
	if (row)
		set_numbers(ev, reason, row->prefix.len);
	else
		row = DOVECOT_ROW(reasons, text);
	if (!row && !fields)
		return PARSE_UNKNOWN;
	if (!row)
		row = line->severity >= SEVERITY_warning ? &trouble : &disconnect;
	return dovecot_say(row, text, ev);
}

enum parse_result
dovecot_login(const struct dovecot_line *line, struct event *ev)
{
	static const struct str before_user = STR(": user=<"), before_ip = STR(": rip=");
	struct str text = line->text, fields = {NULL, 0};
	const struct dovecot_row *note = DOVECOT_ROW(notes, text);
	size_t n = str_find(text, before_user);

	if (note)
		return dovecot_say(note, text, ev);
	if (n == text.len)
		n = str_find(text, before_ip);
	if (n < text.len)
		fields = str_from(text, n + 2);
	/* A proxy names the user before the fields, too: he may have written others. */
	if (str_starts(text, STR("proxy(")) && str_find(fields, before_user) < fields.len)
		EVENT_SET(ev, truncated, true);
	else if (fields.p)
		set_client(ev, fields);
	else if (str_starts(text, STR("proxy(")) && line->severity == SEVERITY_none)
		return PARSE_IGNORED; /* what the next hop said; the end is told again */
	return explain(line, str_head(text, n), fields.p != NULL, ev);
}
