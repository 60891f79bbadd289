/* SPDX-License-Identifier: Apache-2.0
 *
 * Clients that do not keep to SMTP, and what Exim refuses without asking an ACL:
 *
 *   SMTP syntax error in "GET / HTTP/1.1" H=(pc) [192.0.2.1]:4711 unrecognized command
 *   SMTP protocol error in "AUTH LOGIN" H=[192.0.2.1] AUTH command used when not advertised
 *   SMTP protocol synchronization error (input sent without waiting for greeting):
 *     rejected connection from H=[192.0.2.1] input="EHLO x\r\n"
 *   SMTP protocol synchronization error (next input sent too soon: pipelining was not
 *     advertised): rejected "RCPT TO:<a>" H=(pc) [192.0.2.1] next input="DATA\r\n"
 *   rejected EHLO from [192.0.2.1]: syntactically invalid argument(s): x y
 *   rejected MAIL from [192.0.2.1]: no HELO/EHLO given
 *   rejected from <a@b.test> H=(pc) [192.0.2.1]: message too big: read=200 max=100
 *   rejected MAIL FROM:<a@b.test> H=[192.0.2.1]: message too big: size=20 max=10
 *   rejected MAIL command H=(pc) [192.0.2.1]: too many messages in one connection
 *   temporarily rejected "EHLO pc" from [192.0.2.1]
 *   rejected "WELLKNOWN x" from [198.51.100.1]     (what the client said in HELO: 4.98)
 *   unqualified sender rejected: <joe> H=(pc) [192.0.2.1]
 *   too many recipients: message rejected: sender=<a@b.test> H=(pc) [192.0.2.1]
 *
 * Where a client's command is quoted before the client, its end cannot be told:
 * the command may hold `" H=[198.51.100.1] unrecognized command`. The last such
 * place counts if nothing but Exim's own words stands behind the client up to the
 * end of the line; else there must be one place only, or no client is named.
 */
#include "parse/exim.h"

#include "parse/postfix.h"

/* What Exim says of a command without repeating any of it. */
static const struct str fixed[] = {
	STR(" unrecognized command"),
	STR(" AUTH command used when not advertised"),
	STR(" authentication is allowed only once per message or client"),
	STR(" already authenticated"),
	STR(" not permitted in mail transaction"),
	STR(" STARTTLS command used when not advertised"),
	STR(" sender not yet given"),
	STR(" sender already given"),
	STR(" unexpected argument data"),
	STR(" NUL character(s) present (shown as '?')"),
	STR(" NULL character(s) present (shown as '?')"),
	STR(" MAIL must have an address operand"),
	STR(" RCPT must have an address operand"),
	STR(" valid RCPT command must precede DATA"),
	STR(" only one BDAT/DATA command in a message"),
};

static bool
is_fixed(struct str s)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (str_eq(s, fixed[i]))
			return true;
	return false;
}

/*
 * QUOTED is `COMMAND" H=HOST WORDS`. Sets client and text; the text is all of it
 * when no client can be told.
 */
static void
take_quoted(struct str quoted, struct event *ev)
{
	static const struct str mark = STR("\" H=");
	size_t first = str_find(quoted, mark), last = str_find_last(quoted, mark);
	struct exim_host host;
	struct str rest;

	EVENT_TEXT(ev, text, parse_without_response(quoted));
	/* A longer command may fill the line up to where it was cut. */
	if (last == quoted.len || last > EXIM_WORDS_MAX)
		return;
	rest = str_from(quoted, last + mark.len);
	if (!exim_host(&rest, &host) || (first != last && !is_fixed(rest)))
		return;
	exim_set_client(&host, ev);
	EVENT_TEXT(ev, text, parse_without_response(str_head(quoted, last)));
}

/* "COMMAND" H=HOST WORDS", behind its opening quote. */
static enum parse_result
bad_command(struct str s, struct str action, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_violation);
	EVENT_SET(ev, reason, REASON_protocol);
	EVENT_TEXT(ev, action, action);
	take_quoted(s, ev);
	return PARSE_EVENT;
}

/* "(WHY): rejected ": then a connection, or a command in quotes. */
static enum parse_result
too_early(struct str s, struct event *ev)
{
	s = str_from(s, str_index(s, ')'));
	if (!str_skip(&s, STR("): rejected ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_violation);
	EVENT_SET(ev, reason, REASON_protocol);
	EVENT_WORD(ev, action, WORD_pipelining);
	if (str_skip_char(&s, '"')) {
		take_quoted(s, ev);
		return PARSE_EVENT;
	}
	if (!str_skip(&s, STR("connection from ")))
		return PARSE_MALFORMED;
	if (!exim_client(&s, ev))
		return PARSE_MALFORMED;
	EVENT_WORD(ev, stage, WORD_CONNECT);
	EVENT_TEXT(ev, text, parse_without_response(str_trim(s)));
	return PARSE_EVENT;
}

enum parse_result
exim_violation(struct str message, struct event *ev)
{
	struct str s = message;

	if (!str_skip(&s, STR("SMTP ")))
		return PARSE_UNKNOWN;
	if (str_skip(&s, STR("protocol synchronization error (")) ||
	    str_skip(&s, STR("protocol violation: synchronization error (")))
		return too_early(s, ev);
	message = s;
	if (str_skip(&s, STR("syntax error in \"")))
		return bad_command(s, str_head(message, sizeof("syntax") - 1), ev);
	if (str_skip(&s, STR("protocol error in \"")))
		return bad_command(s, str_head(message, sizeof("protocol") - 1), ev);
	return PARSE_UNKNOWN;
}

/* "<a@b.test> H=HOST: WHY", "<a@b.test>: WHY" */
static enum parse_result
rejected_message(struct str s, struct event *ev)
{
	struct str sender;

	if (!exim_bracketed(&s, &sender))
		return PARSE_UNKNOWN;
	EVENT_TEXT(ev, sender, sender);
	str_skip_char(&s, ' '); /* not before a cutthrough delivery */
	if (str_skip(&s, STR("H=")) && !exim_client(&s, ev))
		return PARSE_MALFORMED;
	if (str_skip(&s, STR("U=")))
		exim_value(&s);
	if (!str_skip(&s, STR(": ")))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, text, s);
	exim_reason(s, false, ev);
	return PARSE_EVENT;
}

/* WELLKNOWN X" from HELO, behind the first quote: no client. */
static enum parse_result
rejected_quoted(struct str s, struct event *ev)
{
	size_t n = 0;

	while (n < s.len && char_is_alnum(s.p[n]))
		n++;
	EVENT_SET(ev, reason, REASON_access);
	EVENT_TEXT(ev, stage, str_head(s, n));
	EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

/*
 * "EHLO NAME" from HOST, behind the first quote: nothing follows the host, so it is the last
 * one if the name holds others.
 */
static enum parse_result
rejected_name(struct str s, struct event *ev)
{
	static const struct str mark = STR("\" from ");
	size_t at = str_find_last(s, mark);
	struct str rest = str_from(s, at), name = str_head(s, at);

	if (!str_starts(s, STR("EHLO ")) && !str_starts(s, STR("HELO ")))
		return rejected_quoted(s, ev);
	EVENT_SET(ev, reason, REASON_helo);
	EVENT_TEXT(ev, stage, str_cut(&name, ' '));
	if (at > EXIM_WORDS_MAX || !str_skip(&rest, mark) || !exim_client(&rest, ev) ||
	    rest.len)
		return PARSE_MALFORMED;
	if (!event_knows(ev, FIELD_helo) && name.len)
		EVENT_TEXT(ev, helo, name);
	return PARSE_EVENT;
}

/*
 * " from HOST: WHY", " command H=HOST: WHY", " FROM:<a@b.test> H=HOST: WHY": behind the verb.
 */
static enum parse_result
rejected_command(struct str s, struct event *ev)
{
	struct str sender;

	if (str_skip(&s, STR(" FROM:"))) {
		if (!exim_bracketed(&s, &sender) || !str_skip_char(&s, ' '))
			return PARSE_MALFORMED;
		EVENT_TEXT(ev, sender, sender);
	} else if (!str_skip(&s, STR(" from ")) && !str_skip(&s, STR(" command "))) {
		return PARSE_UNKNOWN;
	}
	if (!exim_client(&s, ev) || !str_skip(&s, STR(": ")))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, text, s);
	exim_reason(s, false, ev);
	return PARSE_EVENT;
}

/* Sentences about an address of the client's, which stands between "<" and "> H=HOST". */
static const struct {
	struct str words;
	uint8_t field;  /* enum field: sender or recipient */
	uint8_t reason; /* enum reason */
} addressed[] = {
	{STR("unqualified sender rejected: "), FIELD_sender, REASON_sender_domain},
	{STR("unqualified recipient rejected: "), FIELD_recipient, REASON_access},
	{STR("unqualified verify rejected: "), FIELD_recipient, REASON_access},
	{STR("too many recipients: message rejected: sender="), FIELD_sender, REASON_rate},
	{STR("too many recipients: excess temporarily rejected: sender="), FIELD_sender,
	    REASON_rate},
};

static enum parse_result
rejected_address(struct str message, struct event *ev)
{
	struct str s = message, address;

	for (size_t i = 0; i < sizeof(addressed) / sizeof(*addressed); i++) {
		if (!str_skip(&s, addressed[i].words))
			continue;
		EVENT_SET(ev, kind, KIND_policy);
		EVENT_SET(ev, reason, addressed[i].reason);
		EVENT_WORD(ev, action, WORD_reject);
		if (!exim_bracketed(&s, &address) || !str_skip_char(&s, ' '))
			return PARSE_MALFORMED;
		if (addressed[i].field == FIELD_sender)
			EVENT_TEXT(ev, sender, address);
		else
			EVENT_TEXT(ev, recipient, address);
		return str_starts(s, STR("U=")) || exim_client(&s, ev) ? PARSE_EVENT :
									 PARSE_MALFORMED;
	}
	return PARSE_UNKNOWN;
}

enum parse_result
exim_rejected(struct str message, struct event *ev)
{
	struct str s = message, action, stage;

	str_skip(&s, STR("temporarily "));
	action = str_head(s, sizeof("reject") - 1);
	if (!str_skip(&s, STR("rejected ")))
		return rejected_address(message, ev);
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_TEXT(ev, action, action);
	if (str_skip(&s, STR("from ")))
		return rejected_message(s, ev);
	if (str_skip_char(&s, '"'))
		return rejected_name(s, ev);
	stage = str_head(s, 4);
	if (!str_eq(stage, STR("EHLO")) && !str_eq(stage, STR("HELO")) &&
	    !str_eq(stage, STR("MAIL")))
		return PARSE_UNKNOWN;
	EVENT_TEXT(ev, stage, stage);
	return rejected_command(str_from(s, 4), ev);
}
