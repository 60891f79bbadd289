/* SPDX-License-Identifier: Apache-2.0
 *
 * What smtpd's access rules and milters did (cleanup's milters say it alike):
 *
 *   NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 550 5.1.1 <c@d.test>: Recipient address
 *     rejected: User unknown in virtual mailbox table; from=<a@b.test> to=<c@d.test>
 *     proto=ESMTP helo=<b>
 *   4F1D2A3B4C: milter-reject: END-OF-MESSAGE from mx.b.test[192.0.2.1]: 5.7.1 Spam; from=...
 *   proxy-reject: END-OF-MESSAGE: 554 5.7.1 Spam; from=<a@b.test> to=<c@d.test> ...
 *   NOQUEUE: reject: RCPT from mx.b.test[192.0.2.1]: 421 4.3.0 d.test Server local data error
 */
#include "parse/postfix-read.h"
#include "parse/postfix-tail.h"

/* "reject", "reject_warning", "milter-hold", ... and the colon behind it. */
READ_INLINE bool
take_action(struct str *s, struct str *ret)
{
	struct str rest;
	size_t n = str_starts(*s, STR("reject:")) ? sizeof("reject") - 1 : 0;

	while (n < s->len &&
	    ((unsigned char)(s->p[n] - 'a') < 26 || s->p[n] == '-' || s->p[n] == '_'))
		n++;
	rest = str_from(*s, n);
	if (n == 0 || !str_skip_char(&rest, ':'))
		return false;
	*ret = str_head(*s, n);
	*s = rest;
	return true;
}

/* All of TEXT: "HOST Server local data error", of which smtpd tells no envelope. */
static PARSE_RARE bool
is_own_trouble(struct str text)
{
	struct str host;

	return read_host(&text, &host) && str_eq(text, STR(" Server local data error"));
}

/* What smtpd gives no code for is a reply's text all the same. */
READ_INLINE void
take_text(struct str rest, struct event *ev)
{
	struct str before = {NULL, 0};

	if (!postfix_is_cut(ev))
		before = postfix_tail_smtpd(rest, ev);
	if (before.p) {
		rest = before;
		read_reply(&rest, ev);
		if (ev->kind == KIND_milter)
			postfix_reason_of_milter(rest, ev);
		else
			postfix_reason(rest, ev);
	} else {
		/* Where the reply's text ends nobody can tell. */
		read_reply(&rest, ev);
		if (!postfix_is_cut(ev) && is_own_trouble(rest))
			EVENT_SET(ev, reason, REASON_temp);
		else
			EVENT_SET(ev, truncated, true);
	}
	EVENT_TEXT(ev, text, rest);
}

enum parse_result
postfix_action(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action, stage;
	bool proxy, milter;

	rest = str_range(rest.p - row->prefix.len, rest.p + rest.len);
	if (!take_action(&rest, &action))
		return PARSE_UNKNOWN;
	if (rest.len < 2)
		return PARSE_MALFORMED;
	if (!str_skip_char(&rest, ' ') || !read_stage(&rest, &stage))
		return PARSE_UNKNOWN;
	proxy = str_starts(action, STR("proxy-"));
	milter = str_starts(action, STR("milter-"));
	if (!proxy && postfix_breaks_off(rest, STR(" from ")))
		return PARSE_MALFORMED;
	if (!proxy && !str_skip(&rest, STR(" from ")))
		return PARSE_UNKNOWN;
	/* "[192.0.2.1]:4711" is postscreen's. */
	if (rest.len && *rest.p == '[')
		return PARSE_UNKNOWN;
	/* Of a proxy's only some versions name the client. */
	if ((!proxy || str_skip(&rest, STR(" from "))) && !read_client(&rest, ev))
		return PARSE_MALFORMED;
	if (!str_skip(&rest, STR(": ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, milter ? KIND_milter : KIND_policy);
	EVENT_TEXT(ev, action, action);
	EVENT_TEXT(ev, stage, stage);
	take_text(rest, ev);
	if (proxy && ev->code == 250 && event_knows(ev, FIELD_code))
		read_next_qid(event_str(ev, ev->text), ev);
	return PARSE_EVENT;
}
