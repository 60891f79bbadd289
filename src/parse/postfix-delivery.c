/* SPDX-License-Identifier: Apache-2.0
 *
 * What brings mail on its way: smtp, lmtp, local, virtual, pipe, error, discard
 * (and cleanup and qmgr, where they give a recipient up themselves):
 *
 *   4F1D2A3B4C: to=<c@d.test>, orig_to=<x@d.test>, relay=mx.d.test[192.0.2.1]:25, conn_use=2,
 *     delay=1.2, delays=0.1/0/0.5/0.6, tls=none, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5A...)
 *   4F1D2A3B4C: host mx.d.test[192.0.2.1] said: 450 4.2.0 greylisted (in reply to RCPT TO command)
 *   connect to mx.d.test[192.0.2.1]:25: Connection refused
 *
 * Behind "status=WORD (" everything is the other server's to write.
 */
#include "parse/postfix.h"

static bool
take_orig_to(struct str *s, struct event *ev)
{
	struct str address;

	if (!postfix_bracketed(s, &address))
		return false;
	EVENT_TEXT(ev, orig_recipient, address);
	return true;
}

static bool
take_delay(struct str *s, struct event *ev)
{
	int64_t usec;

	if (!postfix_seconds(s, &usec))
		return false;
	EVENT_SET(ev, delay, usec);
	return true;
}

static bool
take_delays(struct str *s, struct event *ev)
{
	int64_t usec[4];

	for (unsigned i = 0; i < 4; i++)
		if ((i && !str_skip_char(s, '/')) || !postfix_seconds(s, &usec[i]))
			return false;
	EVENT_SET(ev, delay_before, usec[0]);
	EVENT_SET(ev, delay_queue, usec[1]);
	EVENT_SET(ev, delay_connect, usec[2]);
	EVENT_SET(ev, delay_transmit, usec[3]);
	return true;
}

static bool
take_dsn(struct str *s, struct event *ev)
{
	struct str dsn = str_head(*s, str_index(*s, ','));

	if (dsn.len < 5 || !char_is_digit(*dsn.p))
		return false;
	EVENT_TEXT(ev, dsn, dsn);
	*s = str_from(*s, dsn.len);
	return true;
}

/* One "key=value" up to the comma; of what we do not know the value is skipped. */
static bool
take_pair(struct str *s, struct event *ev)
{
	if (str_skip(s, STR("relay=")))
		return postfix_relay(s, ev);
	if (str_skip(s, STR("delay=")))
		return take_delay(s, ev);
	if (str_skip(s, STR("delays=")))
		return take_delays(s, ev);
	if (str_skip(s, STR("dsn=")))
		return take_dsn(s, ev);
	if (str_skip(s, STR("orig_to=")))
		return take_orig_to(s, ev);
	*s = str_from(*s, str_index(*s, ','));
	return true;
}

/*
 * The queue id that the next hop took the message under. Remote text: a hint for
 * joining two messages and no more.
 */
static void
take_next_qid(struct str reason, struct event *ev)
{
	struct str qid;

	if (!str_skip(&reason, STR("forwarded as "))) {
		if (!str_starts(reason, STR("250 ")))
			return;
		reason = str_from(reason, str_find(reason, STR("queued as ")));
		if (!str_skip(&reason, STR("queued as ")))
			return;
	}
	if (postfix_qid(&reason, &qid) && (reason.len == 0 || !char_is_alnum(*reason.p)))
		EVENT_TEXT(ev, next_qid, qid);
}

/* "STATUS[ (REASON)]", the end of the line. */
static void
take_status(struct str rest, struct event *ev)
{
	struct str status = str_cut(&rest, ' ');

	EVENT_TEXT(ev, status, status);
	if (str_skip_char(&rest, '(')) {
		if (rest.len && rest.p[rest.len - 1] == ')')
			rest.len--;
		else
			EVENT_SET(ev, truncated, true);
		EVENT_TEXT(ev, text, rest);
	}
	if (str_eq(status, STR("sent")))
		take_next_qid(rest, ev);
	else if (!str_eq(status, STR("deliverable")))
		postfix_reason_of_dsn(ev);
}

enum parse_result
postfix_delivered(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str recipient;

	(void)row;
	if (!postfix_bracketed(&rest, &recipient))
		return PARSE_MALFORMED;
	while (str_skip(&rest, STR(", ")) && rest.len) {
		if (str_skip(&rest, STR("status="))) {
			EVENT_SET(ev, kind, KIND_delivery);
			EVENT_TEXT(ev, recipient, recipient);
			take_status(rest, ev);
			return PARSE_EVENT;
		}
		if (!take_pair(&rest, ev))
			return PARSE_MALFORMED;
	}
	return PARSE_MALFORMED;
}

static enum parse_result
note(struct str action, struct str text, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_remote_note);
	EVENT_TEXT(ev, action, action);
	if (text.len)
		EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

/* The prefix without the space or colon at its end. */
static struct str
prefix_words(const struct postfix_row *row, struct str rest)
{
	struct str words = str_trim(str_range(rest.p - row->prefix.len, rest.p));

	if (words.len && words.p[words.len - 1] == ':')
		words.len--;
	return words;
}

/* "RELAY said: TEXT", "RELAY refused to talk to me: TEXT" */
static enum parse_result
host_note(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action;

	(void)row;
	if (!postfix_relay(&rest, ev) || !str_skip_char(&rest, ' '))
		return PARSE_UNKNOWN;
	action = str_cut(&rest, ':');
	str_skip_char(&rest, ' ');
	return note(action, rest, ev);
}

/* "RELAY while ...", "RELAY: ERROR" */
static enum parse_result
relay_note(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = prefix_words(row, rest);

	if (!postfix_relay(&rest, ev) || rest.len == 0 || (*rest.p != ':' && *rest.p != ' '))
		return PARSE_UNKNOWN;
	str_skip_char(&rest, ':');
	str_skip_char(&rest, ' ');
	return note(action, rest, ev);
}

static enum parse_result
bare_note(const struct postfix_row *row, struct str rest, struct event *ev)
{
	return note(prefix_words(row, rest), rest, ev);
}

/* "RELAY offered null AUTH mechanism list" */
static enum parse_result
null_auth(const struct postfix_row *row, struct str rest, struct event *ev)
{
	static const struct str words = STR(" offered null AUTH mechanism list");

	(void)row;
	if (!postfix_relay(&rest, ev) || !str_starts(rest, words))
		return PARSE_UNKNOWN;
	return note(str_trim(str_head(rest, words.len)), (struct str){NULL, 0}, ev);
}

/* "RELAY: WHY": the server's certificate. */
static enum parse_result
untrusted(const struct postfix_row *row, struct str rest, struct event *ev)
{
	if (!postfix_relay(&rest, ev))
		return PARSE_UNKNOWN;
	str_skip_char(&rest, ':');
	return postfix_tls_text(row, str_trim(rest), ev);
}

static const struct postfix_row info[] = {
	{STR("connect to "), relay_note, 0, 0},
	{STR("Anonymous TLS connection "), postfix_tls, 0, 0},
	{STR("Untrusted TLS connection "), postfix_tls, 0, 0},
	{STR("Trusted TLS connection "), postfix_tls, 0, 0},
	{STR("Verified TLS connection "), postfix_tls, 0, 0},
	{STR("TLS connection "), postfix_tls, 0, 0},
	{STR("SSL_connect error to "), postfix_tls_error, 0, 0},
	{STR("setting up TLS connection to "), postfix_ignore, 0, 0},
	{STR("certificate verification failed for "), untrusted, 0, 0},
	{STR("server certificate verification failed for "), untrusted, 0, 0},
	{STR("Server certificate not "), postfix_tls_text, 0, 0},
	{STR("Host offered STARTTLS: "), bare_note, 0, 0},
	{STR("SASL authentication failed; server "), host_note, 0, 0},
	{STR("host "), host_note, 0, 0},
	{STR("lost connection with "), relay_note, 0, 0},
	{STR("conversation with "), relay_note, 0, 0},
	{.read = NULL},
};

static const struct postfix_row warning[] = {
	{STR("host "), host_note, 0, 0},
	{STR("SASL authentication failed; server "), host_note, 0, 0},
	{STR("TLS library problem: "), postfix_tls_text, 0, 0},
	{STR(""), null_auth, 0, 0},
	{.read = NULL},
};

static const struct postfix_row queued[] = {
	{STR("to="), postfix_delivered, 0, 0},
	{STR("host "), host_note, 0, 0},
	{STR("lost connection with "), relay_note, 0, 0},
	{STR("conversation with "), relay_note, 0, 0},
	{STR("enabling PIX workarounds: "), bare_note, 0, 0},
	{STR("breaking line "), bare_note, 0, 0},
	{STR("SASL authentication failed; server "), host_note, 0, 0},
	{STR("Cannot start TLS: "), postfix_tls_text, 0, 0},
	{STR("status="), postfix_ignore, 0, 0}, /* "status=deferred (bounce failed)" */
	{STR(""), postfix_content, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_delivery = {info, warning, queued};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	static const struct postfix_grammar *const grammars[] = {&postfix_delivery, NULL};

	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"smtp", "lmtp", "local", "virtual", "pipe", "error",
    "discard", NULL};

const struct parser parser_postfix_delivery = {
	.name = "postfix-delivery",
	.daemons = daemons,
	.read = read_line,
};
