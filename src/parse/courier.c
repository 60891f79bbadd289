/* SPDX-License-Identifier: Apache-2.0
 *
 * What Courier's IMAP and POP3 servers say of logins, with the client's address:
 *
 *   LOGIN FAILED, user=joe@h.test, ip=[::ffff:192.0.2.1]
 *   LOGIN FAILED, method=PLAIN, ip=[::ffff:192.0.2.1], port=[4711]
 *   LOGIN, user=joe@h.test, ip=[::ffff:192.0.2.1], port=[4711], protocol=IMAP, stls=1
 *   Maximum connection limit reached for ::ffff:192.0.2.1
 *   ip=[::ffff:192.0.2.1], couriertls: accept: error:1408F10B:...
 *   authentication error: Input/output error
 *
 * and Plesk's in front of it "IMAP connect from @ [::ffff:192.0.2.1]INFO: LOGIN, user=...".
 * User and method are the client's words, and nobody escapes them; but what Courier writes
 * behind them ends the line, and nothing follows it. Where authdaemond could not be asked it
 * says that the login failed all the same, and on the next line, which names nobody, why.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

/* A line as long as this may have lost its end, and what ends it then is the client's. */
#define LINE_MAX 499u

static const struct note notes[] = {
	{STR("authentication error"), KIND_auth_error},
	{STR("Connection, "), 0},
	{STR("Disconnected"), 0},
	{STR("DISCONNECTED, "), 0},
	{STR("LOGOUT, "), 0},
	{STR("TIMEOUT, "), 0},
	{STR("LOGIN: DEBUG: "), 0},
	{STR("Unexpected SSL connection shutdown"), 0},
	{STR("couriertls: "), KIND_tls_failure},
	{STR("starttls: "), KIND_tls_failure},
	{STR("chdir "), KIND_operational},
	{STR("scancur "), KIND_operational},
	{STR("Error reading ACLs"), KIND_operational},
	{STR("Unable to "), KIND_operational},
	{.prefix = {NULL, 0}},
};

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

/* "[::ffff:192.0.2.1], port=[4711], protocol=IMAP, stls=1": all of S. */
static bool
take_origin(struct str s, struct event *ev)
{
	struct str ip, protocol = {NULL, 0};
	int64_t port = -1;

	if (!str_skip_char(&s, '[') || !postfix_ip(&s, &ip) || !str_skip_char(&s, ']'))
		return false;
	if (str_skip(&s, STR(", port=[")) &&
	    (!str_skip_number(&s, &port) || !str_skip_char(&s, ']')))
		return false;
	if (str_skip(&s, STR(", protocol="))) {
		protocol = str_head(s, str_index(s, ','));
		s = str_from(s, protocol.len);
		str_skip(&s, STR(", stls=1"));
	}
	if (s.len)
		return false;
	EVENT_TEXT(ev, ip, ip);
	if (port >= 0)
		EVENT_SET(ev, port, port);
	if (protocol.len)
		EVENT_TEXT(ev, proto, protocol);
	return true;
}

/* "user=joe, ip=[192.0.2.1]", "method=PLAIN, ip=[192.0.2.1]", "ip=[192.0.2.1]" */
static enum parse_result
read_login(struct str s, bool whole, struct event *ev)
{
	static const struct str mark = STR(", ip=");
	bool user = str_skip(&s, STR("user=")), method = !user && str_skip(&s, STR("method="));
	size_t n = str_find_last(s, mark);
	struct str name = str_head(s, n);

	if (!user && !method) {
		if (!str_skip(&s, STR("ip=")))
			return PARSE_MALFORMED;
		return take_origin(s, ev) ? PARSE_EVENT : PARSE_MALFORMED;
	}
	if (n == s.len)
		return PARSE_MALFORMED;
	if (!whole) {
		EVENT_SET(ev, truncated, true);
		return PARSE_EVENT;
	}
	if (!take_origin(str_from(s, n + mark.len), ev))
		return PARSE_MALFORMED;
	if (name.len && user)
		EVENT_TEXT(ev, user, name);
	else if (name.len)
		EVENT_TEXT(ev, mechanism, name);
	return PARSE_EVENT;
}

/* "::ffff:192.0.2.1" */
static enum parse_result
read_limit(struct str message, struct str s, struct event *ev)
{
	struct str ip;

	if (!postfix_ip(&s, &ip) || s.len)
		return PARSE_MALFORMED;
	filters_say(ev, KIND_rate_limit, SEVERITY_none, message);
	EVENT_SET(ev, reason, REASON_rate);
	EVENT_TEXT(ev, ip, ip);
	return PARSE_EVENT;
}

/* "ip=[192.0.2.1], couriertls: accept: ..." */
static enum parse_result
read_tls(struct str s, struct event *ev)
{
	struct str ip;

	if (!postfix_ip(&s, &ip) || !str_skip(&s, STR("], ")) ||
	    !str_skip(&s, STR("couriertls: ")))
		return PARSE_UNKNOWN;
	filters_say(ev, KIND_tls_failure, SEVERITY_none, s);
	EVENT_TEXT(ev, ip, ip);
	return PARSE_EVENT;
}

static enum parse_result
read_line(struct str message, struct event *ev)
{
	struct str said = without_front(message), rest = said;
	bool whole = message.len < LINE_MAX;

	if (str_skip(&rest, STR("LOGIN FAILED, "))) {
		EVENT_SET(ev, kind, KIND_auth_failure);
		return read_login(rest, whole, ev);
	}
	if (str_skip(&rest, STR("LOGIN, "))) {
		EVENT_SET(ev, kind, KIND_auth_success);
		return read_login(rest, whole, ev);
	}
	if (str_skip(&rest, STR("Maximum connection limit reached for ")))
		return read_limit(said, rest, ev);
	if (str_skip(&rest, STR("ip=[")))
		return read_tls(rest, ev);
	return filters_note(notes, said, ev);
}

/* "imapd" and "pop3d" alone are Cyrus', too: see there. */
static const char *const tags[] = {
	"imapd-ssl", "pop3d-ssl", "imaplogin", "pop3login", "courier-imapd", "courier-pop3d",
	"courier-imaps", "courier-pop3s", "courierpop3login", NULL,
};

const struct parser parser_courier = {
	.name = "courier",
	.tags = tags,
	.read = read_line,
};
