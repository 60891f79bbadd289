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
 *   access(tcpwrap): Client refused (rip=192.0.2.1)
 *
 * The user stands before the address and may hold anything but control characters, a
 * whole line's end too. But Dovecot cuts it at 80 bytes, and behind it come only our
 * own words until the TLS library's error, which is longer than what is left of
 * the 80: so the last end that the user's place has room for is the real one. So it is
 * with the mechanism, which is the client's word, too.
 *
 * The fields are the default of login_log_format_elements. An admin may have others: another
 * order, none of some, names that nobody knows. A key is read wherever it stands, and an
 * address that was not logged under "rip" is none. What stands behind a user in no brackets,
 * or behind something that nobody knows, which may be his name, too, may be his words: it
 * counts for nothing. Where nothing but the user is logged, he can look like all of the
 * default's fields.
 */
#include "parse/dovecot.h"

#define USER_MAX 80
#define MECHANISM_MAX 64

/* With one of these the fields begin. */
static const struct str keys[] = {
	STR("user="), STR("method="), STR("rip="), STR("lip="), STR("mpid="), STR("session="),
	STR("service="), STR("rport="), STR("lport="),
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
	{STR("Invalid certificate: "), KIND_tls_failure, REASON_tls},
	{STR("client_limit and process_limit"), KIND_capacity, REASON_none},
	{STR("Maximum number of connections"), KIND_rate_limit, REASON_rate},
	{STR("Internal login failure"), KIND_auth_error, REASON_none},
	{STR("Auth process "), KIND_auth_error, REASON_none},
	{STR("Timeout while finishing login"), KIND_auth_error, REASON_none},
	{STR("disabled plaintext auth"), KIND_auth_failure, REASON_tls},
	{STR("APOP failed: "), KIND_auth_failure, REASON_protocol},
	{STR("Disconnected: Logged out"), KIND_disconnect, REASON_none}, /* 1.0: no more */
};

/* What 2.4 says behind that, for programs: it stays where the words for people change. */
static const struct dovecot_row tokens[] = {
	{STR("auth_failed"), KIND_auth_failure, REASON_none},
	{STR("authorization_failed"), KIND_auth_failure, REASON_access},
	{STR("user_disabled"), KIND_auth_failure, REASON_access},
	{STR("password_expired"), KIND_auth_failure, REASON_access},
	{STR("login_disabled"), KIND_auth_failure, REASON_access},
	{STR("anonymous_auth_disabled"), KIND_auth_failure, REASON_access},
	{STR("invalid_base64"), KIND_auth_failure, REASON_protocol},
	{STR("invalid_mech"), KIND_auth_failure, REASON_protocol},
	{STR("cleartext_auth_disabled"), KIND_auth_failure, REASON_tls},
	{STR("proxy_dest_auth_failed"), KIND_auth_failure, REASON_none},
	{STR("proxy_dest_redirected"), KIND_disconnect, REASON_none},
	{STR("proxy_dest_"), KIND_auth_error, REASON_none},
	{STR("temp_fail"), KIND_auth_error, REASON_none},
	{STR("auth_process_comm_fail"), KIND_auth_error, REASON_none},
	{STR("internal_failure"), KIND_auth_error, REASON_none},
	{STR("auth_aborted_by_client"), KIND_auth_abort, REASON_none},
	{STR("auth_waiting_client"), KIND_auth_abort, REASON_none},
	{STR("connection_limit"), KIND_rate_limit, REASON_rate},
	{STR("process_full"), KIND_capacity, REASON_none},
	{STR("tls_handshake_not_finished"), KIND_tls_failure, REASON_tls},
	{STR("client_ssl_"), KIND_disconnect, REASON_tls},
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
	{STR("TLS initialization failed"), KIND_operational, REASON_none},
};

static bool
is_field(struct str s)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (str_starts(s, keys[i]))
			return true;
	return false;
}

/* ", rip=192.0.2.1", ", TLS", ", anything=": does S begin with another field? */
static bool
is_next(struct str s)
{
	size_t n = 0;

	if (!str_skip(&s, STR(", ")))
		return false;
	while (n < s.len && ((s.p[n] >= 'a' && s.p[n] <= 'z') || s.p[n] == '_'))
		n++;
	return (n && n < s.len && s.p[n] == '=') || str_starts(s, STR("TLS")) ||
	    str_starts(s, STR("secured"));
}

/* Where in S the ": " stands behind which fields begin; S.len: nowhere. */
static size_t
fields_begin(struct str s)
{
	for (size_t i = 0; i + 2 < s.len; i++)
		if (s.p[i] == ':' && s.p[i + 1] == ' ' && is_field(str_from(s, i + 2)))
			return i;
	return s.len;
}

static bool
is_session_id(struct str s)
{
	for (size_t n = 0; n < s.len; n++)
		if (!char_is_alnum(s.p[n]) && !memchr("+/=", s.p[n], 3))
			return false;
	return true;
}

/* The session whose '>' S ends before, if it looks like one of Dovecot's; its `p` or NULL. */
static struct str
last_session(struct str s)
{
	static const struct str mark = STR(", session=<");
	size_t n = str_find_last(s, mark);
	struct str id = str_from(s, n < s.len ? n + mark.len : n);

	return n < s.len && is_session_id(id) ? id : (struct str){NULL, 0};
}

/* Is S, behind a user, no more than his '>', but what he may have written? */
static bool
is_last(struct str s)
{
	/* The last '>' is the session's, unless it holds what no session id has. */
	return s.len && s.p[s.len - 1] == '>' && !last_session(str_head(s, s.len - 1)).p;
}

/*
 * Where the user ends who begins S, if what ends at END is the session, which something
 * follows, but no address: the last place before it that is followed by one. Else END.
 */
static size_t
before_session(struct str s, size_t end)
{
	static const struct str rip = STR(", rip=");
	struct str inside = str_head(s, end);

	if (!last_session(inside).p || str_find(str_from(s, end), rip) < s.len - end)
		return end;
	inside.len = str_find_last(inside, rip);
	for (size_t i = inside.len + 1; i-- > 0;) {
		struct str behind = str_from(s, i + 1);

		if (s.p[i] == '>' && (str_starts(behind, STR(", method=")) ||
		    str_starts(behind, rip)))
			return i;
	}
	return end;
}

/*
 * Where the user ends who begins S: at the last '>' that can be his, or S.len. ADDRESSED: the
 * address stands before him.
 */
static size_t
user_end(struct str s, bool addressed)
{
	size_t n = dovecot_reach(s, USER_MAX + 1);

	if (s.len == n && is_last(s))
		return n - 1;
	for (size_t i = n; i-- > 0;)
		if (s.p[i] == '>' && is_next(str_from(s, i + 1)))
			return addressed ? i : before_session(s, i);
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

/*
 * Takes the mechanism that *S begins with: behind the user as far as the last address that its
 * length allows; where another field follows, to the next comma.
 */
static void
take_mechanism(struct str *s, struct event *ev)
{
	size_t next = str_find(*s, STR(", ")), n;
	struct str behind = str_from(*s, next), reach;

	reach = str_head(*s, dovecot_reach(*s, MECHANISM_MAX) + sizeof(", rip=") - 1);
	n = str_find_last(reach, STR(", rip="));
	if (n == reach.len || (is_next(behind) && !str_starts(behind, STR(", rip="))))
		n = next;
	if (n)
		EVENT_TEXT(ev, mechanism, str_head(*s, n));
	*s = str_from(*s, n);
}

/* Takes the user that *S begins with, in his brackets; false if he has no end. */
static bool
take_user(struct str *s, struct event *ev)
{
	static const struct str session = STR(">, session=<");
	size_t end = user_end(*s, event_knows(ev, FIELD_ip)), n;
	struct str user = str_head(*s, end);

	if (end == s->len)
		return false;
	*s = str_from(*s, end + 1);
	/* The last '>' may have been that of the session, if it stands next. */
	n = str_find_last(user, session);
	if (n < user.len && is_next(*s) && str_find(*s, str_from(session, 1)) == s->len) {
		EVENT_TEXT(ev, session, str_from(user, n + session.len));
		user = str_head(user, n);
	}
	/* What he typed, if the format has it behind him, is not a part of who he is. */
	user = str_head(user, str_find(user, STR(">, orig_user=<")));
	if (user.len)
		EVENT_TEXT(ev, user, user);
	return true;
}

/* Is S, a field, one of those whose value is ours? "TLS" and what begins so, too. */
static bool
is_ours(struct str s)
{
	return is_field(s) || str_starts(s, STR("TLS")) || str_starts(s, STR("SSL")) ||
	    str_eq(s, STR("secured"));
}

/*
 * Sets what S, a field, says. False: what stands behind it may be an outsider's. UNSURE: so
 * may be the address, if another one comes, or what nobody knows.
 */
static bool
take_field(struct event *ev, struct str s, bool unsure)
{
	bool again = event_knows(ev, FIELD_ip) && str_starts(s, STR("rip="));

	if (unsure && (again || !is_ours(s))) {
		event_forget(ev, FIELD_ip);
		return false;
	}
	set_field(ev, s);
	return is_ours(s);
}

/*
 * "user=<joe>, method=PLAIN, rip=192.0.2.1, lip=203.0.113.1, TLS, session=<id>"; the reason
 * is set if TLS failed, by which explain() goes.
 */
static void
set_client(struct event *ev, struct str s)
{
	bool user = false, unsure = false; /* a mechanism without an end stands before */

	while (s.len) {
		size_t n;

		if (str_skip(&s, STR("user=<"))) {
			user = true;
			if (!take_user(&s, ev)) {
				EVENT_SET(ev, truncated, true);
				return;
			}
		} else if (str_skip(&s, STR("user="))) {
			EVENT_TEXT(ev, user, str_head(s, str_find(s, STR(", "))));
			return;
		} else if (user && !event_knows(ev, FIELD_ip) &&
		    str_skip(&s, STR("method="))) {
			take_mechanism(&s, ev);
		} else if (str_skip(&s, STR("method="))) {
			unsure |= !event_knows(ev, FIELD_ip);
			n = str_find(s, STR(", "));
			EVENT_TEXT(ev, mechanism, str_head(s, n));
			s = str_from(s, n);
		} else if (str_starts(s, STR("TLS: ")) ||
		    str_starts(s, STR("TLS handshaking"))) {
			/* The library's words, with names out of the client's certificate. */
			if (str_starts(s, STR("TLS handshaking: SSL_")))
				EVENT_SET(ev, reason, REASON_tls);
			n = str_find_last(s, STR(", session=<"));
			s = str_from(s, n);
		} else {
			n = str_find(s, STR(", "));
			if (!take_field(ev, str_head(s, n), unsure))
				return;
			s = str_from(s, n);
		}
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
		str_skip(&s, STR(" authentication"));
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

/* The row of 2.4's last word in TEXT, "(auth_failed)", whose REASON is not known; or NULL. */
static const struct dovecot_row *
row_of_token(struct str text, struct str reason, struct event *ev)
{
	const struct dovecot_row *row;

	if (!str_starts(text, STR("Login aborted: ")))
		return NULL;
	text = str_from(text, str_find_last(text, STR(" (")));
	str_skip(&text, STR(" ("));
	row = DOVECOT_ROW(tokens, text);
	if (row)
		set_numbers(ev, reason, reason.len);
	return row;
}

/*
 * "proxy(joe): started proxying to ...", "proxy(joe,203.0.113.7:143): Login failed ...": takes
 * what stands before the words. He must be who is in the fields, or it tells nothing.
 */
static bool
skip_proxy(struct str *text, struct event *ev)
{
	struct str rest = *text, host;

	if (!str_skip(&rest, STR("proxy(")) || !event_knows(ev, FIELD_user) ||
	    !str_skip(&rest, event_str(ev, ev->user)))
		return false;
	if (str_skip_char(&rest, ','))
		host = str_cut(&rest, ')');
	else if (str_skip_char(&rest, ')'))
		host = (struct str){NULL, 0};
	else
		return false;
	if (str_index(host, ' ') < host.len || !str_skip(&rest, STR(": ")))
		return false;
	*text = rest;
	return true;
}

static bool
is_proxied(struct str text, struct event *ev)
{
	return str_starts(text, STR("Started proxying to ")) ||
	    (skip_proxy(&text, ev) && (str_starts(text, STR("started proxying to ")) ||
	    str_starts(text, STR("Started proxying to "))));
}

/*
 * What the next hop said of a login, or what auth_verbose tells of one; the client may try
 * again, and his end tells of it.
 */
static bool
is_told_again(struct str text, struct event *ev)
{
	if (str_starts(text, STR("Login failed: ")) ||
	    (str_starts(text, STR("Authenticate ")) &&
		str_find(text, STR(" failed: ")) < text.len))
		return true;
	return skip_proxy(&text, ev) && str_starts(text, STR("Login failed"));
}

/* Has TEXT a client who spoke no IMAP, POP3 or SMTP, but mostly HTTP, thrown out? */
static bool
is_gibberish(struct str text)
{
	while (str_skip(&text, STR("Disconnected: "))) /* pop3-login's twice */
		;
	str_skip(&text, STR("Login aborted: "));
	return str_starts(text, STR("Too many invalid ")) ||
	    str_starts(text, STR("Too many bad "));
}

/* Where the fields leave out how TLS went, 2.3 and later have said it before them. */
static bool
is_handshake(struct str text)
{
	if (!str_skip(&text, STR("Disconnected: ")))
		str_skip(&text, STR("Login aborted: "));
	return str_starts(text, STR("Connection closed: SSL_accept() failed: "));
}

/* The kind of a line with fields, or of one without that has a known reason. */
static enum parse_result
explain(const struct dovecot_line *line, struct str text, bool fields, struct event *ev)
{
	static const struct dovecot_row disconnect = {.kind = KIND_disconnect};
	static const struct dovecot_row trouble = {.kind = KIND_operational};
	static const struct dovecot_row failure = {.kind = KIND_auth_failure};
	static const struct dovecot_row handshake = {.kind = KIND_tls_failure,
	    .reason = REASON_tls};
	static const struct dovecot_row gibberish = {.kind = KIND_violation,
	    .reason = REASON_protocol};
	const struct dovecot_row *row;
	struct str reason = why(text);

	if (fields && (str_eq(text, STR("Login")) || str_eq(text, STR("Logged in")) ||
	    is_proxied(text, ev))) {
		EVENT_SET(ev, kind, KIND_auth_success);
		return PARSE_EVENT;
	}
	if (fields && line->severity == SEVERITY_none && is_told_again(text, ev))
		return PARSE_IGNORED;
	row = DOVECOT_ROW(reasons, reason);
	/* Dovecot 1.0 and 1.1: "0 authentication attempts", "1 authentication attempts" */
	if (!row && str_ends(reason, STR(" authentication attempts")))
		row = *reason.p == '0' ? &disconnect : &failure;
	if (row)
		set_numbers(ev, reason, row->prefix.len);
	else
		row = row_of_token(text, reason, ev);
	if (!row)
		row = DOVECOT_ROW(reasons, text);
	if (!row && !fields)
		return PARSE_UNKNOWN;
	if (!row)
		row = line->severity >= SEVERITY_warning ? &trouble : &disconnect;
	if (row->kind == KIND_disconnect &&
	    (event_knows(ev, FIELD_reason) || is_handshake(text)))
		row = &handshake;
	else if (row->kind == KIND_disconnect && is_gibberish(text))
		row = &gibberish;
	return dovecot_say(row, text, ev);
}

/* "access(tcpwrap): Client refused (rip=192.0.2.1)" */
static enum parse_result
refused(struct str text, struct event *ev)
{
	struct str rest = str_from(text, str_index(text, ')')), address;

	if (!str_skip(&rest, STR("): Client refused (rip=")))
		return PARSE_UNKNOWN;
	address = str_cut(&rest, ')');
	set_ip(ev, FIELD_ip, address);
	if (!event_knows(ev, FIELD_ip))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_WORD(ev, action, WORD_reject);
	EVENT_WORD(ev, stage, WORD_CONNECT);
	EVENT_SET(ev, reason, REASON_access);
	EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

enum parse_result
dovecot_login(const struct dovecot_line *line, struct event *ev)
{
	struct str text = line->text, fields = {NULL, 0};
	const struct dovecot_row *note = DOVECOT_ROW(notes, text);
	size_t n;

	if (note)
		return dovecot_say(note, text, ev);
	if (str_starts(text, STR("access(")))
		return refused(text, ev);
	n = fields_begin(text);
	if (n < text.len)
		fields = str_from(text, n + 2);
	/* A proxy names the user before the fields, too: he may have written others. */
	if (str_starts(text, STR("proxy(")) && fields_begin(fields) < fields.len)
		EVENT_SET(ev, truncated, true);
	else if (fields.p)
		set_client(ev, fields);
	else if (str_starts(text, STR("proxy(")) && line->severity == SEVERITY_none)
		return PARSE_IGNORED; /* what the next hop said; the end is told again */
	return explain(line, str_head(text, n), fields.p != NULL, ev);
}
