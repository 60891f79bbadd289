/* SPDX-License-Identifier: Apache-2.0
 *
 * smtpd, the server that mail comes to (and qmqpd, which says the same):
 *
 *   connect from mx.b.test[192.0.2.1]
 *   disconnect from mx.b.test[192.0.2.1] ehlo=1 auth=0/1 quit=1 commands=2/3
 *   4F1D2A3B4C: client=mx.b.test[192.0.2.1], sasl_method=PLAIN, sasl_username=joe
 *   lost connection after DATA (17 bytes) from mx.b.test[192.0.2.1]
 *   warning: Connection rate limit exceeded: 61 from mx.b.test[192.0.2.1] for service smtpd
 *   warning: hostname mx.b.test does not resolve to address 192.0.2.1
 *
 * What it refused is in postfix-action.c, logins in postfix-auth.c, clients that do
 * not speak SMTP in postfix-violation.c.
 */
#include "parse/postfix-auth.h"
#include "parse/postfix-read.h"
#include "parse/postfix-violation.h"

enum parse_result
postfix_connect(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_connect);
	return read_client(&rest, ev) ? PARSE_EVENT : PARSE_MALFORMED;
}

static enum parse_result
disconnect(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str last;
	size_t space;

	(void)row;
	if (!read_client(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_disconnect);
	if (!str_skip_char(&rest, ' '))
		return PARSE_EVENT;
	space = scan_last_space(rest);
	if (space < rest.len) {
		last = str_from(rest, space + 1);
		if (str_skip(&last, STR("notes="))) {
			EVENT_TEXT(ev, text, last);
			rest.len = space;
		}
	}
	if (rest.len)
		EVENT_TEXT(ev, commands, rest);
	return PARSE_EVENT;
}

/* Where the last MARK begins in S, or S.len. Most lines have none: that is found quickly. */
static size_t
last_of(struct str s, struct str mark)
{
	return scan_mark(s, mark) == s.len ? s.len : str_find_last(s, mark);
}

/*
 * ", sasl_method=M, sasl_username=U, sasl_sender=X, orig_queue_id=Q, orig_client=CL".
 * U may hold ", ", so what follows it is taken off the end.
 */
static void
take_odd_login(struct str rest, struct event *ev)
{
	size_t origin = last_of(rest, STR(", orig_queue_id="));
	struct str user, method;

	if (origin == rest.len)
		origin = last_of(rest, STR(", orig_client="));
	if (origin < rest.len)
		EVENT_TEXT(ev, text, str_from(rest, origin + 2));
	rest.len = origin;
	if (str_skip(&rest, STR(", sasl_method="))) {
		method = str_head(rest, str_index(rest, ','));
		rest = str_from(rest, method.len);
		EVENT_TEXT(ev, mechanism, method);
	}
	if (str_skip(&rest, STR(", sasl_username="))) {
		user = str_head(rest, last_of(rest, STR(", sasl_sender=")));
		if (user.len)
			EVENT_TEXT(ev, user, user);
	}
}

/*
 * ", orig_client=CL" alone: a filter in front of the queue (smtpd_proxy_filter) hands in
 * what CL sent, which no other line with this id tells. Only hosts that are trusted may
 * say so. Behind an orig_queue_id, the line that opened that id told the client; behind a
 * login it may be the client's text.
 */
static bool
take_forwarded(struct str rest, struct event *ev)
{
	struct str s = rest, name, ip;
	int64_t port;

	if (!str_skip(&s, STR(", orig_client=")) || !read_host(&s, &name) ||
	    !read_endpoint(&s, &ip, &port) || !ip.p || s.len)
		return false;
	event_forget(ev, FIELD_port);
	EVENT_TEXT(ev, name, name);
	EVENT_TEXT(ev, ip, ip);
	EVENT_TEXT(ev, text, str_from(rest, 2));
	return true;
}

/* Nearly all logins are these two, without another comma that could begin a third. */
static void
take_login(struct str rest, struct event *ev)
{
	struct str s = rest, user, method;

	if (str_skip(&s, STR(", sasl_method="))) {
		method = str_head(s, str_index(s, ','));
		user = str_from(s, method.len);
		if (str_skip(&user, STR(", sasl_username=")) &&
		    str_index(user, ',') == user.len) {
			EVENT_TEXT(ev, mechanism, method);
			if (user.len)
				EVENT_TEXT(ev, user, user);
			return;
		}
	}
	if (!take_forwarded(rest, ev))
		take_odd_login(rest, ev);
}

static enum parse_result
accept_mail(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	if (!read_client(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_accept);
	if (rest.len)
		take_login(rest, ev);
	return PARSE_EVENT;
}

/* "STAGE[ ([approximately ]N bytes)] from CL"; the action is the prefix before " after ". */
static enum parse_result
abort_session(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = str_range(rest.p - row->prefix.len,
	    rest.p - (sizeof(" after ") - 1));
	struct str stage;
	int64_t bytes;

	if (!postfix_stage(&rest, &stage))
		return PARSE_MALFORMED;
	if (str_skip(&rest, STR(" ("))) {
		str_skip(&rest, STR("approximately "));
		if (!str_skip_number(&rest, &bytes) || !str_skip(&rest, STR(" bytes)")))
			return PARSE_MALFORMED;
		EVENT_SET(ev, bytes, bytes);
	}
	if (!str_skip(&rest, STR(" from ")) || !postfix_client(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, postfix_row_kind(row));
	EVENT_TEXT(ev, stage, stage);
	if (row->word) {
		EVENT_WORD(ev, action, row->word);
		EVENT_SET(ev, reason, REASON_protocol);
	} else {
		EVENT_TEXT(ev, action, action);
	}
	return PARSE_EVENT;
}

/* "N from CL for service S"; the action is the prefix before " limit exceeded: ". */
static enum parse_result
rate_limit(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = str_range(rest.p - row->prefix.len,
	    rest.p - (sizeof(" limit exceeded: ") - 1));
	int64_t n;

	if (!str_skip_number(&rest, &n) || !str_skip(&rest, STR(" from ")) ||
	    !postfix_client(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_rate_limit);
	EVENT_SET(ev, reason, REASON_rate);
	EVENT_SET(ev, attempts, n);
	EVENT_TEXT(ev, action, action);
	if (str_skip(&rest, STR(" for service ")))
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* "HOST does not resolve to address IP[: ERR]" */
static enum parse_result
rdns_mismatch(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str name, ip;

	(void)row;
	if (!postfix_host(&rest, &name))
		return PARSE_UNKNOWN;
	if (!str_skip(&rest, STR(" does not resolve to address ")))
		return PARSE_UNKNOWN;
	if (!postfix_ip(&rest, &ip))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_rdns_mismatch);
	EVENT_TEXT(ev, name, name);
	EVENT_TEXT(ev, ip, ip);
	if (str_skip(&rest, STR(": ")))
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/*
 * Until 2.8: "IP: hostname HOST verification failed: ERR" and "IP: address not
 * listed for hostname HOST", which some named the function before.
 */
static enum parse_result
rdns_mismatch_old(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str ip, name;

	(void)row;
	if (!postfix_ip(&rest, &ip) || !str_skip(&rest, STR(": ")))
		return PARSE_UNKNOWN;
	if (str_skip(&rest, STR("address not listed for hostname "))) {
		if (!postfix_host(&rest, &name))
			return PARSE_MALFORMED;
	} else if (str_skip(&rest, STR("hostname "))) {
		if (!postfix_host(&rest, &name) ||
		    !str_skip(&rest, STR(" verification failed")))
			return PARSE_MALFORMED;
		if (str_skip(&rest, STR(": ")))
			EVENT_TEXT(ev, text, rest);
	} else {
		return PARSE_UNKNOWN;
	}
	EVENT_SET(ev, kind, KIND_rdns_mismatch);
	EVENT_TEXT(ev, name, name);
	EVENT_TEXT(ev, ip, ip);
	return PARSE_EVENT;
}

/* Warnings that begin with the client. */
static enum parse_result
about_client(const struct postfix_row *row, struct str rest, struct event *ev)
{
	if (!read_client(&rest, ev))
		return PARSE_UNKNOWN;
	if (str_skip(&rest, STR(": SASL ")))
		return postfix_auth(rest, ev);
	return postfix_violation(row, rest, ev);
}

/* "CL for service S"; the action is the prefix before " from ". */
static enum parse_result
tls_refused(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = str_range(rest.p - row->prefix.len,
	    rest.p - (sizeof(" from ") - 1));

	if (!postfix_client(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_tls_failure);
	EVENT_SET(ev, reason, REASON_tls);
	EVENT_TEXT(ev, action, action);
	if (!str_skip(&rest, STR(" for service ")))
		str_skip(&rest, STR(": "));
	EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* qmqpd: "CL: REASON while STATE" */
static enum parse_result
qmqp_fault(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action;
	size_t n;

	(void)row;
	if (!postfix_client(&rest, ev) || !str_skip(&rest, STR(": ")))
		return PARSE_UNKNOWN;
	n = str_find(rest, STR(" while "));
	if (n == rest.len)
		return PARSE_UNKNOWN;
	action = str_head(rest, n);
	EVENT_SET(ev, kind, KIND_abort);
	EVENT_TEXT(ev, action, action);
	EVENT_TEXT(ev, stage, str_from(rest, n + sizeof(" while ") - 1));
	return PARSE_EVENT;
}

static const struct postfix_row info[] = {
	{PREFIX("connect from "), postfix_connect, POSTFIX_SURE, 0},
	{PREFIX("disconnect from "), disconnect, POSTFIX_SURE, 0},
	{PREFIX("Anonymous TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("lost connection after "), abort_session, KIND_abort | POSTFIX_SURE, 0},
	{PREFIX("timeout after "), abort_session, KIND_abort | POSTFIX_SURE, 0},
	{PREFIX("too many errors after "), abort_session, KIND_abort | POSTFIX_SURE, 0},
	{PREFIX("bare <LF> received after "), abort_session, KIND_violation | POSTFIX_SURE,
	    WORD_bare_lf},
	{PREFIX("improper command pipelining after "), postfix_pipelining, 0, WORD_pipelining},
	{PREFIX("Untrusted TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("Trusted TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("Verified TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("SSL_accept error from "), postfix_tls_error, 0, 0},
	{PREFIX("setting up TLS connection from "), postfix_ignore, 0, 0},
	{PREFIX("TLS SNI "), postfix_tls_unmatched, 0, 0},
	{PREFIX("discarding EHLO keywords: "), postfix_say, KIND_operational, 0},
	{PREFIX("proxy-"), postfix_action, 0, 0},
	{PREFIX("certificate verification failed for "), postfix_ignore, 0, 0},
	{PREFIX("CA certificate verification failed for "), postfix_ignore, 0, 0},
	{PREFIX("reject: "), postfix_action, 0, 0}, /* 2.0 had no NOQUEUE */
	{PREFIX("reject_warning: "), postfix_action, 0, 0},
	{PREFIX(""), postfix_tls_detail, 0, 0},
	{PREFIX(""), postfix_configured, KIND_operational, 0},
	{.read = NULL},
};

static const struct postfix_row warning[] = {
	{PREFIX("hostname "), rdns_mismatch, 0, 0},
	{PREFIX(""), about_client, 0, 0},
	{PREFIX("AUTH command rate limit exceeded: "), rate_limit, 0, 0},
	{PREFIX("Connection concurrency limit exceeded: "), rate_limit, 0, 0},
	{PREFIX("Connection rate limit exceeded: "), rate_limit, 0, 0},
	{PREFIX("Message delivery request rate limit exceeded: "), rate_limit, 0, 0},
	{PREFIX("Recipient address rate limit exceeded: "), rate_limit, 0, 0},
	{PREFIX("New TLS session rate limit exceeded: "), rate_limit, 0, 0},
	{PREFIX("non-SMTP command from "), postfix_violation_by, 0, WORD_non_smtp},
	{PREFIX("Illegal address syntax from "), postfix_illegal_address, 0,
	    WORD_illegal_address},
	{PREFIX("TLS library problem: "), postfix_tls_text, 0, 0},
	{PREFIX("TLS SNI "), postfix_tls_invalid, 0, 0},
	{PREFIX("Refusing STARTTLS request from "), tls_refused, 0, 0},
	{PREFIX("Refusing TLS service request from "), tls_refused, 0, 0},
	{PREFIX("Wrapper-mode request dropped from "), tls_refused, 0, 0},
	{PREFIX("SASL authentication failure: "), postfix_auth_trouble, 0, 0},
	{PREFIX("SASL authentication problem: sql plugin couldn't connect to any"),
	    postfix_unasked, KIND_auth_error, 0},
	{PREFIX("SASL authentication problem: "), postfix_auth_trouble, 0, 0},
	{PREFIX("SASL: "), postfix_auth_trouble, 0, 0},
	{PREFIX("unknown password verifier"), postfix_auth_trouble, 0, 0},
	{PREFIX("reject: ETRN "), postfix_etrn, 0, WORD_etrn},
	{PREFIX("bad ETRN "), postfix_etrn, 0, WORD_etrn},
	{PREFIX("queue file size limit exceeded"), postfix_size_limit, 0, WORD_size_limit},
	{PREFIX("malformed BDAT command syntax from "), postfix_bdat, 0, WORD_bdat},
	{PREFIX("null BDAT request from "), postfix_bdat, 0, WORD_bdat},
	{PREFIX("too much BDAT content -- disabling further input from "), postfix_bdat, 0,
	    WORD_bdat},
	{PREFIX("smtpd_peer_init: "), rdns_mismatch_old, 0, 0}, /* 2.4 */
	{PREFIX(""), rdns_mismatch_old, 0, 0},
	{.read = NULL},
};

static const struct postfix_row queued[] = {
	{PREFIX("client="), accept_mail, POSTFIX_SURE, 0},
	{PREFIX("reject: "), postfix_action, 0, 0},
	{PREFIX("lost connection after "), abort_session, KIND_abort | POSTFIX_SURE, 0},
	{PREFIX("timeout after "), abort_session, KIND_abort | POSTFIX_SURE, 0},
	{PREFIX("too many errors after "), abort_session, KIND_abort | POSTFIX_SURE, 0},
	{PREFIX("bare <LF> received after "), abort_session, KIND_violation | POSTFIX_SURE,
	    WORD_bare_lf},
	{PREFIX("improper command pipelining after "), postfix_pipelining, 0, WORD_pipelining},
	{PREFIX("abort: TLS from "), postfix_tls_error, 0, 0},
	{PREFIX(""), postfix_action, 0, 0},
	{PREFIX(""), qmqp_fault, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_smtpd = {info, warning, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_smtpd, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"smtpd", "qmqpd", NULL};

const struct parser parser_postfix_smtpd = {
	.name = "postfix-smtpd",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
