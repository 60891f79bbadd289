/* SPDX-License-Identifier: Apache-2.0
 *
 * A client's session: fixed words, then HOST, then what Exim adds:
 *
 *   SMTP connection from [192.0.2.1]:4711 I=[192.0.2.9]:25 (TCP/IP connection count = 1)
 *   SMTP connection from mx.b.test [192.0.2.1]:4711 D=2s closed by QUIT
 *   SMTP connection from (pc) [192.0.2.1] lost (error: Connection reset by peer) D=2s
 *   SMTP connection Ci=1Ab2 from (pc) [192.0.2.1] D=2s closed by QUIT
 *   no MAIL in SMTP connection from (pc) [192.0.2.1] D=0s C=EHLO,AUTH,QUIT
 *   unexpected disconnection while reading SMTP command from (pc) [192.0.2.1] D=0s
 *   SMTP call from [192.0.2.1] dropped: too many nonmail commands (last was "NOOP")
 *   Connection from [192.0.2.1]:4711 refused: too many connections from that IP address
 *   temporarily refused connection from [192.0.2.1]: not in reserve list: connected=20 ...
 *   TLS error on connection from [192.0.2.1] (SSL_accept): error:...
 *   connection from [192.0.2.1] refused (IP options)
 *   no host name found for IP address 192.0.2.1
 *   no IP address found for host mx.b.test (during SMTP connection from [192.0.2.1]:4711)
 *   192.0.2.1 does not match any IP address for mx.b.test
 */
#include "parse/exim.h"

#include "parse/postfix.h"

struct session_row;

/* Reads S, what follows the client, which is already set. */
typedef enum parse_result session_reader(const struct session_row *row, struct str s,
    struct event *ev);

struct session_row {
	struct str words; /* HOST follows */
	session_reader *read;
	uint8_t kind;     /* enum kind, for READ */
	uint8_t action_len; /* of the words the first bytes are the action; 0: none */
};

/* " D=2s", wherever it stands between the client and the cause. */
static void
take_seconds(struct str *s, struct event *ev)
{
	int64_t usec;

	if (str_skip(s, STR(" D=")) && exim_duration(exim_value(s), &usec))
		EVENT_SET(ev, seconds, usec);
}

/* " (error: Connection reset by peer)" and the like: the rest, if any. */
static void
take_rest(struct str s, struct event *ev)
{
	s = str_trim(s);
	if (s.len)
		EVENT_TEXT(ev, text, s);
}

/* "(error: Connection reset by peer) D=5m1s": the seconds at the end of *S. */
static void
take_last_seconds(struct str *s, struct event *ev)
{
	static const struct str mark = STR(" D=");
	size_t at = str_find_last(*s, mark);
	int64_t usec;

	if (at == s->len || !exim_duration(str_from(*s, at + mark.len), &usec))
		return;
	EVENT_SET(ev, seconds, usec);
	*s = str_head(*s, at);
}

/* A session that did not end well. */
static enum parse_result
ended(const struct session_row *row, struct str s, struct event *ev)
{
	struct str sender;

	EVENT_SET(ev, kind, row->kind);
	if (str_skip(&s, STR(" F=")) && exim_bracketed(&s, &sender))
		EVENT_TEXT(ev, sender, sender);
	take_last_seconds(&s, ev);
	take_rest(s, ev);
	return PARSE_EVENT;
}

static enum parse_result
lost(struct str s, struct str action, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_abort);
	EVENT_TEXT(ev, action, action);
	take_seconds(&s, ev);
	take_last_seconds(&s, ev);
	take_rest(s, ev);
	return PARSE_EVENT;
}

/* Behind "SMTP connection from HOST": its beginning or its end. */
static enum parse_result
connection(const struct session_row *row, struct str s, struct event *ev)
{
	struct str word;

	(void)row;
	str_skip(&s, STR(" (via inetd)"));
	str_skip(&s, STR(" (ODMR customer)"));
	take_seconds(&s, ev);
	word = str_from(s, s.len && *s.p == ' ');
	if (str_starts(s, STR(" (TCP/IP connection count = ")) || s.len == 0) {
		EVENT_SET(ev, kind, KIND_connect);
		return PARSE_EVENT;
	}
	if (str_skip(&s, STR(" lost")))
		return lost(s, str_head(word, sizeof("lost") - 1), ev);
	if (!str_starts(word, STR("closed ")) && !str_starts(word, STR("closing ")) &&
	    !str_starts(word, STR("ended")))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_disconnect);
	EVENT_TEXT(ev, text, word);
	return PARSE_EVENT;
}

/* " D=0s A=plain_server:joe X=... C=EHLO,AUTH,QUIT": with A= of one who tried a password, and
 * it was right; no other line tells of that. */
static enum parse_result
without_mail(const struct session_row *row, struct str s, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_disconnect);
	take_seconds(&s, ev);
	if (str_skip(&s, STR(" A="))) {
		exim_login(&s, EXIM_SESSION, ev);
		EVENT_SET(ev, kind, KIND_auth_success);
	}
	if (exim_skip_tls(&s, ev) && str_skip(&s, STR(" C=")))
		EVENT_TEXT(ev, commands, exim_value(&s));
	return PARSE_EVENT;
}

/* " dropped: too many syntax or protocol errors (last command was "...")" */
static enum parse_result
dropped(const struct session_row *row, struct str s, struct event *ev)
{
	struct str action;

	(void)row;
	str_skip_char(&s, ' ');
	action = str_cut(&s, ':');
	if (!str_eq(action, STR("dropped")) || !str_skip_char(&s, ' '))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_violation);
	EVENT_SET(ev, reason, REASON_protocol);
	EVENT_TEXT(ev, action, action);
	EVENT_TEXT(ev, text, parse_without_response(s));
	return PARSE_EVENT;
}

/* How a text begins that tells of a refusal which is our trouble. */
static bool
is_temporary(struct str s)
{
	return str_starts(s, STR("load average")) ||
	    str_starts(s, STR("not in reserve list")) ||
	    str_starts(s, STR("(tcp wrappers errno="));
}

/* ": too many connections", " (tcp wrappers)",
 * ": not in reserve list: connected=20 max=20 reserve=5" */
static enum parse_result
refused(const struct session_row *row, struct str s, struct event *ev)
{
	(void)row;
	str_skip_char(&s, ':');
	s = str_trim(s);
	if (str_starts(s, STR("too many connections"))) {
		EVENT_SET(ev, kind, KIND_rate_limit);
		EVENT_SET(ev, reason, REASON_rate);
	} else {
		EVENT_SET(ev, kind, KIND_policy);
		EVENT_SET(ev, reason, is_temporary(s) ? REASON_temp : REASON_access);
		EVENT_WORD(ev, action, WORD_reject);
		EVENT_WORD(ev, stage, WORD_CONNECT);
	}
	if (s.len)
		EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

/* " refused: too many connections", " refused: load average = 12.30"; others accept, too. */
static enum parse_result
not_accepted(const struct session_row *row, struct str s, struct event *ev)
{
	return str_skip(&s, STR(" refused")) ? refused(row, s, ev) : PARSE_UNKNOWN;
}

/* " refused (IP options)" and no more: other programs refuse, too. */
static enum parse_result
ip_options(const struct session_row *row, struct str s, struct event *ev)
{
	return str_eq(s, STR(" refused (IP options)")) ? not_accepted(row, s, ev) :
							 PARSE_UNKNOWN;
}

static enum parse_result
tls_error(const struct session_row *row, struct str s, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_tls_failure);
	EVENT_SET(ev, reason, REASON_tls);
	if (!str_skip_char(&s, ':'))
		str_skip_char(&s, ')');
	take_rest(s, ev);
	return PARSE_EVENT;
}

/* " (more than 1048576 characters): message abandoned" */
static enum parse_result
too_long(const struct session_row *row, struct str s, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_SET(ev, reason, REASON_size);
	EVENT_WORD(ev, action, WORD_reject);
	take_rest(s, ev);
	return PARSE_EVENT;
}

#define LEN(literal) (sizeof(literal) - 1)

static const struct session_row rows[] = {
	{STR("SMTP connection from "), connection, 0, 0},
	{STR("no MAIL in SMTP connection from "), without_mail, 0, 0},
	{STR("no MAIL in TFO SMTP connection from "), without_mail, 0, 0},
	{STR("no MAIL in TFO* SMTP connection from "), without_mail, 0, 0},
	{STR("unexpected disconnection while reading SMTP command from "), ended, KIND_abort,
	    LEN("unexpected disconnection")},
	{STR("SMTP command timeout on connection from "), ended, KIND_abort,
	    LEN("SMTP command timeout")},
	{STR("SMTP command timeout on TLS connection from "), ended, KIND_abort,
	    LEN("SMTP command timeout")},
	{STR("SMTP data timeout (message abandoned) on connection from "), ended, KIND_abort,
	    LEN("SMTP data timeout")},
	{STR("SMTP data timeout (message abandoned) on TLS connection from "), ended,
	    KIND_abort, LEN("SMTP data timeout")},
	{STR("SMTP connection lost after final dot H="), ended, KIND_abort,
	    LEN("SMTP connection lost")},
	{STR("SMTP call from "), dropped, 0, 0},
	{STR("Connection from "), not_accepted, 0, 0},
	{STR("connection from "), ip_options, 0, 0},
	{STR("refused connection from "), refused, 0, 0},
	{STR("temporarily refused connection from "), refused, 0, 0},
	{STR("Error or EOF on input from "), ended, KIND_abort, LEN("Error or EOF")},
	{STR("unexpected EOF while reading SMTP command from "), ended, KIND_abort,
	    LEN("unexpected EOF")},
	{STR("ridiculously long message header received from "), too_long, 0, 0},
	{STR("overlong message header line received from "), too_long, 0, 0},
	{STR("TLS error on connection from "), tls_error, 0, 0},
	{STR("TLS error on SMTP connection from "), tls_error, 0, 0},
	{STR("TLS recv error on connection from "), tls_error, 0, 0},
	{STR("TLS send error on connection from "), tls_error, 0, 0},
	{STR("SSL_write: (from "), tls_error, 0, 0},
};

/* A name that no lookup has verified: as such only if it can be one. */
static void
take_claimed(struct str s, struct event *ev)
{
	struct str rest = s, name;

	if (postfix_host(&rest, &name) && rest.len == 0)
		EVENT_TEXT(ev, name, name);
	else
		EVENT_TEXT(ev, text, s);
}

/*
 * "no IP address found for host NAME (during SMTP connection from HOST)". The name
 * may hold these words, too: then no client is told.
 */
static enum parse_result
no_address(struct str s, struct event *ev)
{
	static const struct str mark = STR(" (during SMTP connection from ");
	size_t at = str_find(s, mark);
	struct str claimed = str_head(s, at);

	if (at == s.len) /* of a host list: no client */
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, KIND_rdns_mismatch);
	if (str_find_last(s, mark) != at) {
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	take_claimed(claimed, ev);
	s = str_from(s, at + mark.len);
	return exim_client(&s, ev) ? PARSE_EVENT : PARSE_MALFORMED;
}

/* "192.0.2.1 does not match any IP address for mx.b.test" */
static enum parse_result
no_match(struct str s, struct event *ev)
{
	struct str ip;

	if (!postfix_ip(&s, &ip) ||
	    !str_skip(&s, STR(" does not match any IP address for ")))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, KIND_rdns_mismatch);
	EVENT_TEXT(ev, ip, ip);
	take_claimed(s, ev);
	return PARSE_EVENT;
}

static enum parse_result
read_names(struct str message, struct event *ev)
{
	struct str s = message, ip;

	if (str_skip(&s, STR("no host name found for IP address "))) {
		if (!postfix_ip(&s, &ip))
			return PARSE_MALFORMED;
		EVENT_SET(ev, kind, KIND_rdns_mismatch);
		EVENT_TEXT(ev, ip, ip);
		return PARSE_EVENT;
	}
	if (str_skip(&s, STR("no IP address found for host ")))
		return no_address(s, ev);
	return no_match(s, ev);
}

/* "SMTP connection Ci=x from HOST ...", "TLS error on connection Ci=x from HOST ...", of 4.98
 * with the connection's id: behind the id, at "from". */
static const struct session_row *
with_connection_id(struct str *s)
{
	static const struct session_row numbered[] = {
		{STR("SMTP connection Ci="), connection, 0, 0},
		{STR("TLS error on connection Ci="), tls_error, 0, 0},
	};

	for (size_t i = 0; i < sizeof(numbered) / sizeof(*numbered); i++) {
		struct str rest = *s;

		if (!str_skip(&rest, numbered[i].words))
			continue;
		exim_value(&rest);
		if (!str_skip(&rest, STR(" from ")))
			return NULL;
		*s = rest;
		return &numbered[i];
	}
	return NULL;
}

enum parse_result
exim_session(struct str message, struct event *ev)
{
	struct str behind_id = message;
	const struct session_row *numbered = with_connection_id(&behind_id);

	if (numbered)
		return exim_client(&behind_id, ev) ? numbered->read(numbered, behind_id, ev) :
						     PARSE_IGNORED;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str s = message;

		if (!str_skip(&s, rows[i].words))
			continue;
		if (rows[i].read == ended && !str_skip(&s, STR("TFO* ")))
			str_skip(&s, STR("TFO "));
		if (!exim_client(&s, ev))
			return str_index(s, '[') == s.len ? PARSE_IGNORED : PARSE_MALFORMED;
		if (rows[i].action_len)
			EVENT_TEXT(ev, action, str_head(message, rows[i].action_len));
		return rows[i].read(&rows[i], s, ev);
	}
	return read_names(message, ev);
}
