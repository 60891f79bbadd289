/* SPDX-License-Identifier: Apache-2.0
 *
 * What Courier's servers say, imapd, pop3d and the same with -ssl:
 *
 *   LOGIN FAILED, user=joe@h.test, ip=[::ffff:192.0.2.1]
 *   LOGIN FAILED, method=PLAIN, ip=[::ffff:192.0.2.1], port=[4711]
 *   LOGIN, user=joe@h.test, ip=[::ffff:192.0.2.1], port=[4711], protocol=IMAP, starttls=1
 *   DISCONNECTED, user=joe@h.test, ip=[::ffff:192.0.2.1], headers=0, body=0, rcvd=87,
 *     sent=342, time=1201
 *   ip=[::ffff:192.0.2.1], couriertls: accept: error:1408F10B:...
 *   Maximum connection limit reached for ::ffff:192.0.2.1
 *
 * with Plesk's "IMAP connect from @ [::ffff:192.0.2.1]INFO: " in front,
 * and courieresmtpd:
 *
 *   error,relay=192.0.2.1,port=4711,msg="535 Authentication failed.",cmd: AUTH LOGIN joe
 *   error,relay=::ffff:192.0.2.1,from=<a@b.test>,to=<c@d.test>: 550 User unknown.
 *
 * A user is what the client says, control characters replaced, and the address stands
 * behind him: the last one counts, for behind that are only our own words. A longer line may
 * have lost it. What the client sent may be a password in base64: no more of it is read than
 * the name that Courier decodes.
 */
#include "parse/courier.h"

#include "parse/exim.h"
#include "parse/filters.h"
#include "parse/postfix.h"

/* Longer lines may have been cut, by syslog or before; nobody has such a name. */
#define LINE_MAX 500u

static const struct {
	struct str words;
	uint8_t kind; /* enum kind; KIND_none: of no use */
} sessions[] = {
	{STR("LOGIN FAILED, "), KIND_auth_failure},
	{STR("LOGIN, "), KIND_auth_success},
	{STR("LOGOUT, "), KIND_disconnect},
	{STR("DISCONNECTED, "), KIND_disconnect},
	{STR("TIMEOUT, "), KIND_disconnect},
	{STR("Disconnected, "), KIND_disconnect},
	{STR("Connection, ip=["), KIND_none},
};

static const struct note notes[] = {
	{STR("started,ip=["), KIND_none},
	{STR("LOGIN: DEBUG: "), KIND_none}, /* passwords among them */
	{STR("LOGIN: ip=["), KIND_none},
	{STR("writev: "), KIND_none},
	{STR("Unexpected SSL connection shutdown"), KIND_none},
	{STR("couriertls: accept: "), KIND_tls_failure}, /* no client is told */
	{STR("starttls: accept: "), KIND_tls_failure},
	{STR("couriertls: /"), KIND_operational}, /* no certificate */
	{STR("couriertls: "), KIND_none}, /* "read: Connection reset by peer" */
	{STR("starttls: "), KIND_none},
	{STR("Maximum connection limit reached"), KIND_capacity},
	{STR("authentication error: "), KIND_auth_error}, /* "Input/output error" */
	{STR("authdaemon: ACCEPT"), KIND_none},
	{STR("authdaemon: REJECT"), KIND_none},
	{STR("authdaemon: starting "), KIND_none},
	{STR("authdaemon: "), KIND_auth_error},           /* "s_connect() failed: ..." */
	{STR("chdir "), KIND_operational},
	{STR("Failed to create cache file"), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* ", port=[4711]" */
static void
take_port(struct str s, struct event *ev)
{
	int64_t port;

	if (str_skip(&s, STR(", port=[")) && str_skip_number(&s, &port) &&
	    str_skip_char(&s, ']') && port <= 65535)
		EVENT_SET(ev, port, port);
}

/* The number behind KEY in S, or -1. */
static int64_t
number_of(struct str s, struct str key)
{
	struct str rest = str_from(s, str_find(s, key));
	int64_t number;

	return str_skip(&rest, key) && str_skip_number(&rest, &number) ? number : -1;
}

/* ", headers=0, body=0, rcvd=87, sent=342, time=1201, starttls=1" */
static void
take_statistics(struct str s, struct event *ev)
{
	int64_t in = number_of(s, STR(", rcvd=")), out = number_of(s, STR(", sent="));
	int64_t time = number_of(s, STR(", time=")), sum;

	if (in >= 0 && out >= 0 && !__builtin_add_overflow(in, out, &sum))
		EVENT_SET(ev, bytes, sum);
	if (time >= 0 && time <= INT64_MAX / 1000000)
		EVENT_SET(ev, seconds, time * 1000000);
	if (str_find(s, STR(", headers=")) < s.len || str_ends(s, STR(", protocol=IMAP")) ||
	    str_find(s, STR(", protocol=IMAP, ")) < s.len)
		EVENT_WORD(ev, proto, WORD_IMAP);
	else if (str_find(s, STR(", top=")) < s.len)
		EVENT_WORD(ev, proto, WORD_POP3);
}

/* "user=joe, ip=[::ffff:192.0.2.1], port=[4711], ...", each but the address may lack. */
static enum parse_result
take_client(struct str s, struct event *ev)
{
	static const struct str mark = STR(", ip=[");
	size_t at = str_find_last(s, mark);
	struct str said = str_head(s, at), ip;

	if (!str_skip(&s, STR("ip=["))) {
		s = str_from(s, at);
		if (!str_skip(&s, mark))
			return PARSE_MALFORMED;
	} else {
		said.len = 0;
	}
	if (!postfix_ip(&s, &ip) || !str_skip_char(&s, ']'))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, ip, ip);
	take_port(s, ev);
	take_statistics(s, ev);
	if (str_skip(&said, STR("user=")) && said.len)
		EVENT_TEXT(ev, user, said);
	else if (str_skip(&said, STR("method=")) && said.len)
		EVENT_TEXT(ev, mechanism, said);
	return PARSE_EVENT;
}

static enum parse_result
read_session(uint8_t kind, struct str message, struct str s, struct event *ev)
{
	if (kind == KIND_none)
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, kind);
	if (message.len >= LINE_MAX) {
		EVENT_SET(ev, truncated, true);
		return PARSE_EVENT;
	}
	if (kind != KIND_auth_success)
		EVENT_TEXT(ev, text, str_head(message, str_index(message, ',')));
	return take_client(s, ev);
}

/* "::ffff:192.0.2.1" */
static enum parse_result
read_limit(struct str message, struct str s, struct event *ev)
{
	filters_ip(s, ev);
	EVENT_SET(ev, kind, KIND_rate_limit);
	EVENT_SET(ev, reason, REASON_rate);
	EVENT_TEXT(ev, text, message);
	return PARSE_EVENT;
}

/* "ip=[::ffff:192.0.2.1], couriertls: accept: error:..." */
static enum parse_result
read_tls(struct str s, struct event *ev)
{
	struct str ip;

	if (!str_skip(&s, STR("ip=[")) || !postfix_ip(&s, &ip) || !str_skip(&s, STR("], ")))
		return PARSE_UNKNOWN;
	if (!str_starts(s, STR("couriertls: accept: ")) &&
	    !str_starts(s, STR("An unexpected TLS packet ")))
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, KIND_tls_failure);
	EVENT_SET(ev, reason, REASON_tls);
	EVENT_TEXT(ev, ip, ip);
	EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

/* "IMAP connect from @ [192.0.2.1]INFO: " and the severities that courierlogger takes off. */
static struct str
without_front(struct str message)
{
	static const struct str severities[] = {
		STR("INFO: "), STR("ERR: "), STR("WARN: "), STR("NOTICE: "),
	};
	struct str rest = message, client;

	if (str_skip(&rest, STR("IMAP connect from @ [")) && postfix_ip(&rest, &client) &&
	    str_skip_char(&rest, ']'))
		message = rest;
	for (size_t i = 0; i < sizeof(severities) / sizeof(*severities); i++)
		if (str_skip(&message, severities[i]))
			break;
	return message;
}

enum parse_result
courier_login(struct str message, struct event *ev)
{
	static const struct str maximum = STR(" maximum active connections");
	struct str s = message = without_front(message);
	int64_t number;

	for (size_t i = 0; i < sizeof(sessions) / sizeof(*sessions); i++)
		if (str_skip(&s, sessions[i].words))
			return read_session(sessions[i].kind, message, s, ev);
	if (str_starts(s, STR("ip=[")))
		return read_tls(s, ev);
	if (str_skip(&s, STR("Maximum connection limit reached for ")))
		return read_limit(message, s, ev);
	if (str_skip_number(&s, &number) && str_starts(s, maximum))
		return filters_say(ev, KIND_capacity, SEVERITY_none, message);
	return filters_note(notes, message, ev);
}

/* "AUTH LOGIN joe", "AUTH PLAIN AGpvZQA= joe": no more than the name is decoded already. */
static void
take_user(struct str s, struct event *ev)
{
	if (str_skip(&s, STR("AUTH PLAIN "))) {
		while (str_skip_char(&s, ' '))
			;
		str_cut(&s, ' ');
	} else if (!str_skip(&s, STR("AUTH LOGIN "))) {
		return;
	}
	if (s.len && s.p[s.len - 1] != '=')
		EVENT_TEXT(ev, user, s);
}

/* "535 Authentication failed.",cmd: AUTH LOGIN joe */
static enum parse_result
refused_command(struct str s, struct event *ev)
{
	struct str reply = str_cut(&s, '"');

	postfix_reply(&reply, ev);
	if (!event_knows(ev, FIELD_code))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, text, reply);
	if (ev->code == 535) {
		EVENT_SET(ev, kind, KIND_auth_failure);
		if (str_skip(&s, STR(",cmd: ")))
			take_user(s, ev);
		return PARSE_EVENT;
	}
	if (ev->code >= 500 && ev->code <= 505) {
		EVENT_SET(ev, kind, KIND_violation);
		EVENT_SET(ev, reason, REASON_protocol);
		return PARSE_EVENT;
	}
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_WORD(ev, action, WORD_reject);
	exim_reason(reply, ev->code / 100 == 4, ev);
	return PARSE_EVENT;
}

/* "<a@b.test>,to=<c@d.test>: 550 User unknown.", "<a@b.test>: 517 ..." */
static enum parse_result
refused_address(struct str s, struct event *ev)
{
	static const struct str behind = STR(">: "), next = STR(">,to=<");
	size_t at = str_find(s, behind), to = str_find(s, next);
	struct str reply, envelope = str_head(s, at);

	EVENT_SET(ev, kind, KIND_policy);
	EVENT_WORD(ev, action, WORD_reject);
	if (at == s.len || *s.p != '<')
		return PARSE_MALFORMED;
	/* Which of two ends is ours nobody can tell. */
	if (at != str_find_last(s, behind) || to != str_find_last(s, next)) {
		EVENT_TEXT(ev, text, s);
		return PARSE_EVENT;
	}
	if (to < envelope.len) {
		EVENT_TEXT(ev, recipient, str_from(envelope, to + next.len));
		envelope.len = to;
	}
	EVENT_TEXT(ev, sender, str_from(envelope, 1));
	reply = str_from(s, at + behind.len);
	if (reply.len > 3 && reply.p[3] == '-') /* the last line says it all once */
		return PARSE_IGNORED;
	postfix_reply(&reply, ev);
	if (!event_knows(ev, FIELD_code))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, text, reply);
	if (ev->code == 517)
		EVENT_SET(ev, reason, REASON_sender_domain);
	else
		exim_reason(reply, ev->code / 100 == 4, ev);
	return PARSE_EVENT;
}

/*
 * "joe,": what the client's own host says of him. It may be any text, and look like all the
 * rest, but for what stands behind it once more.
 */
static bool
skip_ident(struct str *s)
{
	static const struct str from = STR(",from=<"), said = STR(",msg=\"");
	size_t at = str_find(*s, from), msg = str_find(*s, said);

	if (str_find_last(*s, from) != at || str_find_last(*s, said) != msg ||
	    (at < s->len) == (msg < s->len) || s->len >= LINE_MAX)
		return false;
	*s = str_from(*s, (at < msg ? at : msg) + 1);
	return true;
}

/* "::ffff:192.0.2.1,port=4711,ident=joe,...", behind "error,relay=". */
static enum parse_result
read_error(struct str s, struct event *ev)
{
	struct str ip;
	int64_t port;

	if (!postfix_ip(&s, &ip) || !str_skip_char(&s, ','))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, ip, ip);
	if (str_skip(&s, STR("port=")) && str_skip_number(&s, &port) && port <= 65535) {
		EVENT_SET(ev, port, port);
		str_skip_char(&s, ',');
	}
	if (str_skip(&s, STR("ident=")) && !skip_ident(&s))
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR("msg=\"")))
		return refused_command(s, ev);
	if (str_skip(&s, STR("from=")))
		return refused_address(s, ev);
	return PARSE_UNKNOWN;
}

static enum parse_result
courier_read(struct str message, struct event *ev)
{
	struct str s = message;

	if (!str_skip(&s, STR("error,relay=")))
		return courier_login(message, ev);
	EVENT_WORD(ev, proto, WORD_SMTP);
	return read_error(s, ev);
}

static const char *const tags[] = {
	"imapd-ssl", "pop3d-ssl", "courieresmtpd", "courieresmtpd-ssl", "courierpop3login",
	"courierpop3d", "courierimapd", "imaplogin", "pop3login", "courier-imapd",
	"courier-pop3d", "courier-imaps", "courier-pop3s", "couriertcpd", NULL,
};

const struct parser parser_courier = {
	.name = "courier",
	.tags = tags,
	.read = courier_read,
};
