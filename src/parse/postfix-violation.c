/* SPDX-License-Identifier: Apache-2.0
 *
 * Clients that do not keep to SMTP:
 *
 *   warning: non-SMTP command from mx.b.test[192.0.2.1]: GET / HTTP/1.1
 *   improper command pipelining after EHLO from mx.b.test[192.0.2.1]: MAIL FROM:<a@b.test>\r\n
 *   warning: Illegal address syntax from mx.b.test[192.0.2.1] in MAIL command: <a b@c.test>
 *   warning: mx.b.test[192.0.2.1]: request longer than 2048: AAAAAA...
 *   warning: 4F1D2A3B4C: null BDAT request from mx.b.test[192.0.2.1]
 *   warning: reject: ETRN nonsense... from mx.b.test[192.0.2.1]
 */
#include "parse/postfix-violation.h"

static enum parse_result
violation(enum word action, struct str text, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_violation);
	EVENT_SET(ev, reason, REASON_protocol);
	EVENT_WORD(ev, action, action);
	/* Behind AUTH come name and password. */
	if (text.len && !(event_knows(ev, FIELD_stage) &&
	    str_eq(event_str(ev, ev->stage), STR("AUTH"))))
		EVENT_TEXT(ev, text, parse_without_response(text));
	return PARSE_EVENT;
}

/* "CL[: TEXT]" */
enum parse_result
postfix_violation_by(const struct postfix_row *row, struct str rest, struct event *ev)
{
	if (!postfix_client(&rest, ev))
		return PARSE_MALFORMED;
	str_skip(&rest, STR(": "));
	return violation((enum word)row->word, rest, ev);
}

/* "STAGE from CL[: TEXT]" */
enum parse_result
postfix_pipelining(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str stage;

	if (!postfix_stage(&rest, &stage) || !str_skip(&rest, STR(" from ")))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, stage, stage);
	return postfix_violation_by(row, rest, ev);
}

/* "CL in MAIL command: TEXT" */
enum parse_result
postfix_illegal_address(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str stage;

	if (!postfix_client(&rest, ev) || !str_skip(&rest, STR(" in ")) ||
	    !postfix_stage(&rest, &stage) || !str_skip(&rest, STR(" command: ")))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, stage, stage);
	return violation((enum word)row->word, rest, ev);
}

/* "CL"; the fault is the prefix before " from ". */
enum parse_result
postfix_bdat(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str fault = str_range(rest.p - row->prefix.len,
	    rest.p - (sizeof(" from ") - 1));

	if (!postfix_client(&rest, ev))
		return PARSE_MALFORMED;
	return violation((enum word)row->word, fault, ev);
}

/*
 * "ARGUMENT... from CL". The argument stands before the client, so the client is
 * only taken behind an argument that cannot hold a space: one without quoting.
 */
enum parse_result
postfix_etrn(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str client = rest, argument = str_cut(&client, ' ');
	bool quoting = false;

	for (size_t i = 0; i < argument.len; i++)
		quoting |= argument.p[i] == '"' || argument.p[i] == '<' ||
		    argument.p[i] == '\\';
	if (!quoting && str_ends(argument, STR("...")) && str_skip(&client, STR("from ")))
		postfix_client(&client, ev);
	return violation((enum word)row->word, rest, ev);
}

enum parse_result
postfix_size_limit(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)rest;
	violation((enum word)row->word, (struct str){NULL, 0}, ev);
	EVENT_SET(ev, reason, REASON_size);
	return PARSE_EVENT;
}

enum parse_result
postfix_violation(const struct postfix_row *row, struct str rest, struct event *ev)
{
	int64_t bytes;

	(void)row;
	if (str_skip(&rest, STR(" sent non-SMTP command: ")) ||
	    str_skip(&rest, STR(" sent message header instead of SMTP command: ")))
		return violation(WORD_non_smtp, rest, ev);
	if (!str_skip(&rest, STR(": request longer than ")))
		return PARSE_UNKNOWN;
	if (!str_skip_number(&rest, &bytes) || !str_skip(&rest, STR(": ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, bytes, bytes);
	return violation(WORD_too_long, rest, ev);
}
