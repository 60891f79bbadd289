/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a message went:
 *
 *   => c@d.test R=dnslookup T=remote_smtp H=mx.d.test [192.0.2.7]:25 X=TLS1.3:...:256
 *     CV=yes C="250 2.0.0 Ok" QT=2s DT=1s
 *   -> e@d.test ...                 one more recipient of the same transaction
 *   => joe <joe@h.test> R=localuser T=local_delivery
 *   ** x@d.test <y@h.test> F=<a@b.test> R=dnslookup T=remote_smtp H=mx.d.test [192.0.2.7]:
 *     SMTP error from remote mail server after RCPT TO:<x@d.test>: 550 5.1.1 no such user
 *   == x@d.test R=dnslookup T=remote_smtp defer (-44) H=mx.d.test [192.0.2.7]: ...
 *   == x@d.test routing defer (-51): retry time not reached
 *   => blackhole (DATA ACL discarded recipients): why
 *   => discarded (system filter)
 *
 * Of two addresses the first is what the second became. What the other server said
 * stands in quotes that Exim escapes, or ends the line.
 */
#include "parse/exim.h"

#include "parse/postfix.h"

/* "550 5.1.1 text", "550-5.1.1 text": sets code and dsn. */
static void
take_reply(struct str s, struct event *ev)
{
	int64_t code;

	if (s.len > 3 && s.p[3] == '-' && str_number(str_head(s, 3), &code)) {
		EVENT_SET(ev, code, code);
		s = str_from(s, 4);
	}
	postfix_reply(&s, ev);
}

/* "RCPT TO:<c@d.test> SIZE=1: ", "end of data: ": up to what was answered. */
static bool
skip_command(struct str *s)
{
	struct str address;

	str_skip(s, STR("pipelined "));
	if ((str_skip(s, STR("RCPT TO:")) || str_skip(s, STR("MAIL FROM:"))) &&
	    !exim_bracketed(s, &address))
		return false;
	*s = str_from(*s, str_find(*s, STR(": ")));
	return str_skip(s, STR(": "));
}

/* "SMTP error from remote mail server after COMMAND: [host NAME [IP]: ]REPLY" */
static void
take_remote_error(struct str s, struct event *ev)
{
	if (!str_skip(&s, STR("SMTP error from remote mail server after ")) &&
	    !str_skip(&s, STR("LMTP error after ")))
		return;
	if (!skip_command(&s))
		return;
	/* Since 4.86 the host stands before the error, and this would be its own word. */
	if (str_skip(&s, STR("host ")) && (event_knows(ev, FIELD_relay_ip) ||
	    !exim_relay(&s, ev) || !str_skip(&s, STR(": "))))
		return;
	take_reply(s, ev);
}

/* What went wrong, the end of the line. */
static void
take_trouble(struct str text, struct event *ev)
{
	EVENT_TEXT(ev, text, text);
	take_remote_error(text, ev);
	if (event_knows(ev, FIELD_code) || event_knows(ev, FIELD_dsn))
		postfix_reason_of_dsn(ev);
	else
		exim_reason(text, ev->status.id == WORD_deferred, ev);
}

/* "C="250 2.0.0 Ok"": a backslash escapes in it. */
static void
take_confirmation(struct str *s, struct event *ev)
{
	size_t n = 0;
	struct str reply;

	while (n < s->len && s->p[n] != '"')
		n += s->p[n] == '\\' ? 2 : 1;
	reply = str_head(*s, n);
	*s = str_from(*s, n < s->len ? n + 1 : s->len);
	EVENT_TEXT(ev, text, reply);
	take_reply(reply, ev);
}

static void
take_duration(struct str value, enum field field, struct event *ev)
{
	int64_t usec;

	if (!exim_duration(value, &usec))
		return;
	if (field == FIELD_delay)
		EVENT_SET(ev, delay, usec);
	else
		EVENT_SET(ev, delay_transmit, usec);
}

/* "C=US, CN=mx: x"", the other server's own words, with what stands behind them. */
static void
skip_name(struct str *s)
{
	size_t field = str_find(*s, STR("\" ")), trouble = str_find(*s, STR("\": "));

	*s = str_from(*s, field < trouble ? field : trouble);
	str_skip_char(s, '"');
}

/* One field; it begins with a space. */
static void
take_field(struct str *s, struct event *ev)
{
	struct str address;
	int64_t size;

	*s = str_from(*s, 1);
	if (str_skip(s, STR("T=")))
		EVENT_TEXT(ev, relay, exim_value(s));
	else if (str_skip(s, STR("H=")))
		exim_relay(s, ev);
	else if (str_skip(s, STR("X=")))
		exim_cipher(exim_value(s), ev);
	else if (str_skip(s, STR("DN=\"")))
		skip_name(s);
	else if (str_skip(s, STR("C=\"")))
		take_confirmation(s, ev);
	else if (str_skip(s, STR("QT=")))
		take_duration(exim_value(s), FIELD_delay, ev);
	else if (str_skip(s, STR("DT=")))
		take_duration(exim_value(s), FIELD_delay_transmit, ev);
	else if (str_skip(s, STR("F="))) {
		if (exim_bracketed(s, &address))
			EVENT_TEXT(ev, sender, address);
	} else if (str_skip(s, STR("P="))) /* the return path */
		exim_bracketed(s, &address);
	else if (str_skip(s, STR("S="))) {
		if (str_number(exim_value(s), &size))
			EVENT_SET(ev, size, size);
	} else
		exim_value(s);
}

/*
 * " defer (111): Connection refused H=mx.d.test [192.0.2.7]: ...", "(-44) H=...: ...".
 * A number above 0 is the system's own error, told in the system's own words.
 */
static void
take_defer(struct str s, struct event *ev)
{
	struct str text;
	bool minus = str_skip_char(&s, '-');
	int64_t number;

	if (!str_skip_number(&s, &number) || !str_skip_char(&s, ')'))
		return;
	text = s;
	if (!minus && str_starts(s, STR(": ")))
		s = str_from(s, str_find(s, STR(" H=")));
	while (s.len && *s.p == ' ')
		take_field(&s, ev);
	if (str_starts(s, STR(": ")))
		text = s;
	if (str_skip(&text, STR(": ")))
		take_trouble(text, ev);
}

static void
take_fields(struct str s, struct event *ev)
{
	while (s.len) {
		if (str_skip(&s, STR(" defer ("))) {
			take_defer(s, ev);
			return;
		}
		if (str_skip(&s, STR(": "))) {
			take_trouble(s, ev);
			return;
		}
		if (*s.p != ' ')
			s = str_from(s, str_index(s, ' '));
		else
			take_field(&s, ev);
	}
}

/*
 * A file, a pipe, an autoreply or ":blackhole:" in place of an address: a name in
 * which spaces may stand, always with the address it stands for in brackets behind it.
 */
static bool
take_place(struct str *s, struct str *ret)
{
	static const struct str marks_of_place = STR("/|>:");
	size_t n;

	if (s->len == 0 || (str_index(marks_of_place, *s->p) == marks_of_place.len &&
	    !str_starts(*s, STR("save "))))
		return false;
	n = str_find(*s, STR(" <"));
	if (n == s->len)
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n);
	return true;
}

/* "(parent, parent)", logged with +all_parents. */
static void
skip_parents(struct str *s)
{
	size_t n;

	if (!str_starts(*s, STR(" (")))
		return;
	n = str_index(*s, ')');
	*s = str_from(*s, n < s->len ? n + 1 : n);
}

/* "c@d.test", "joe <joe@h.test>", "c@d.test <list@h.test>", "|/bin/x <list@h.test>". */
static bool
take_recipient(struct str *s, struct event *ev)
{
	struct str first, original, rest;
	bool place = take_place(s, &first);

	if (!place && !exim_address(s, &first))
		return false;
	/* "** x@d.test: Unrouteable address" */
	if (!place && first.len > 1 && first.p[first.len - 1] == ':') {
		first.len--;
		s->p--;
		s->len++;
	}
	EVENT_TEXT(ev, recipient, first);
	skip_parents(s);
	rest = *s;
	if (!str_skip_char(&rest, ' ') || !exim_bracketed(&rest, &original))
		return true;
	*s = rest;
	if (place || str_index(first, '@') == first.len)
		EVENT_TEXT(ev, recipient, original);
	else
		EVENT_TEXT(ev, orig_recipient, original);
	return true;
}

static const struct {
	struct str mark;
	uint8_t status; /* enum word */
} marks[] = {
	{STR("=> "), WORD_sent},
	{STR("-> "), WORD_sent},
	{STR(">> "), WORD_sent}, /* on its way while it came in (cutthrough) */
	{STR("*> "), WORD_sent}, /* held back by -N */
	{STR("== "), WORD_deferred},
	{STR("** "), WORD_bounced},
};

/*
 * "blackhole (DATA ACL discarded recipients): WHY", "discarded (system filter)": the whole
 * message, from now on.
 */
static enum parse_result
discarded(struct str s, struct event *ev)
{
	struct str action = str_from(s, str_find(s, STR("discarded ")));

	if (action.len == 0)
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_policy);
	EVENT_SET(ev, reason, REASON_access);
	EVENT_TEXT(ev, action, str_head(action, sizeof("discard") - 1));
	EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

enum parse_result
exim_delivery(struct str message, struct event *ev)
{
	if (!event_knows(ev, FIELD_qid)) /* such arrows are drawn by many */
		return PARSE_UNKNOWN;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (!str_skip(&message, marks[i].mark))
			continue;
		if (str_starts(message, STR("blackhole (")) ||
		    str_eq(message, STR("discarded (system filter)")))
			return discarded(message, ev);
		EVENT_WORD(ev, status, marks[i].status);
		str_skip_char(&message, ' '); /* one was quoted for the space it began with */
		if (!take_recipient(&message, ev))
			return PARSE_MALFORMED;
		EVENT_SET(ev, kind, KIND_delivery);
		take_fields(message, ev);
		return PARSE_EVENT;
	}
	return PARSE_UNKNOWN;
}
