/* SPDX-License-Identifier: Apache-2.0
 *
 * Header and body checks, of cleanup and of the SMTP client:
 *
 *   4F1D2A3B4C: reject: header Subject: pills from mx.b.test[192.0.2.1]; from=<a@b.test>
 *     to=<c@d.test> proto=ESMTP helo=<b>: 5.7.1 no pills here
 *   4F1D2A3B4C: replace: header Received: from x: Received: from y
 *
 * Here what an outsider wrote stands on the left and our own text on the right, and
 * a header may hold a whole line's end of its own. The end is the last one that is
 * complete. Where a sender could have written it, the client is left out. The SMTP
 * client names none.
 */
#include "parse/postfix.h"

struct ending {
	struct str client, sender, recipient, proto, helo;
	struct str text; /* what the rule's author had to say */
};

/* Their author's text mostly repeats what he found: the sender's words, behind the end. */
static const struct str repeating[] = {STR("replace"), STR("prepend"), STR("milter-header-")};

/* " from ", a host name, an address and a port. */
#define ORIGIN_MAX (6 + 255 + IP_TEXT_MAX + 2 + 8)

static const struct str places[] = {
	STR("header "), STR("body "), STR("nested header "), STR("mime header "),
	STR("mime-error "), STR("end-of-message "),
};

/* "HOST[IP]", "local" or "unknown": all of S. */
static bool
is_origin(struct str s)
{
	struct str host, ip;
	int64_t port;

	if (!postfix_host(&s, &host))
		return false;
	return s.len == 0 ? str_eq(host, STR("local")) || str_eq(host, STR("unknown")) :
			    postfix_endpoint(&s, &ip, &port) && s.len == 0;
}

/* The end of a line from its "; from=<" on. */
static bool
read_ending(struct str s, struct ending *ret)
{
	struct str helo;

	if (!str_skip(&s, STR("; from=<")) || !postfix_address(&s, &ret->sender))
		return false;
	if (str_skip(&s, STR(" to=<")) && !postfix_address(&s, &ret->recipient))
		return false;
	if (str_skip(&s, STR(" proto="))) {
		ret->proto = str_head(s, str_index(s, ' '));
		ret->proto = str_head(ret->proto, str_index(ret->proto, ':'));
		s = str_from(s, ret->proto.len);
	}
	if (str_skip(&s, STR(" helo=<"))) {
		helo = str_cut(&s, '>');
		if (str_index(helo, ' ') < helo.len)
			return false;
		ret->helo = helo;
	}
	ret->text = s;
	return str_skip(&ret->text, STR(": ")) || s.len == 0 || *s.p == ' ';
}

/* Where the client's name begins in what stands before "; from=<", or S.len. */
static size_t
origin_at(struct str s)
{
	size_t skip = s.len > ORIGIN_MAX ? s.len - ORIGIN_MAX : 0;
	struct str near = str_from(s, skip);
	size_t at = str_find_last(near, STR(" from "));

	if (at == near.len)
		return s.len;
	at += sizeof(" from ") - 1;
	return is_origin(str_from(near, at)) ? skip + at : s.len;
}

/* Does the address in front of *S, whether quoted or not, reach over LAST? Else skips it. */
static bool
reaches_over(struct str *s, const char *last)
{
	struct str address;

	if (s->p >= last)
		return false;
	if (!memchr(s->p, '>', (size_t)(last - s->p)))
		return true;
	return postfix_address(s, &address) && s->p > last;
}

/*
 * Does an earlier envelope reach over what was taken for the last? Then the last
 * may be a sender's or recipient's invention: inside quotes, or, where Postfix
 * does not quote, inside the brackets.
 */
static bool
is_inside_envelope(struct str s, size_t last)
{
	static const struct str mark = STR("; from=<");

	for (size_t end = last, at;; end = at) {
		struct str rest;

		at = str_find_last(str_head(s, end), mark);
		if (at == end)
			return false;
		if (origin_at(str_head(s, at)) == at)
			continue;
		rest = str_from(s, at + mark.len);
		if (reaches_over(&rest, s.p + last) ||
		    (str_skip(&rest, STR(" to=<")) && reaches_over(&rest, s.p + last)))
			return true;
	}
}

/* Does what looks like a line's end begin before LAST? */
static bool
ends_earlier(struct str s, size_t last)
{
	for (size_t end = last, at;; end = at) {
		struct ending found;

		at = str_find_last(str_head(s, end), STR("; from=<"));
		if (at == end)
			return false;
		if (origin_at(str_head(s, at)) < at && read_ending(str_from(s, at), &found))
			return true;
	}
}

/*
 * Finds the line's end; *RET_LEN is what stands before " from ORIGIN". ONLY: there
 * must not be another.
 */
static bool
find_ending(struct str s, bool only, struct ending *ret, size_t *ret_len)
{
	for (size_t end = s.len, at, from;; end = at) {
		struct ending found = {.sender = {NULL, 0}};

		at = str_find_last(str_head(s, end), STR("; from=<"));
		if (at == end)
			return false;
		from = origin_at(str_head(s, at));
		if (from == at || !read_ending(str_from(s, at), &found))
			continue;
		if (is_inside_envelope(s, at) || (only && ends_earlier(s, at)))
			return false;
		found.client = str_range(s.p + from, s.p + at);
		*ret = found;
		*ret_len = from - (sizeof(" from ") - 1);
		return true;
	}
}

static void
set_ending(const struct ending *ending, struct event *ev)
{
	struct str client = ending->client, text = ending->text;

	postfix_client(&client, ev);
	EVENT_TEXT(ev, sender, ending->sender);
	if (ending->recipient.p)
		EVENT_TEXT(ev, recipient, ending->recipient);
	if (ending->proto.p)
		EVENT_TEXT(ev, proto, ending->proto);
	if (ending->helo.p)
		EVENT_TEXT(ev, helo, ending->helo);
	postfix_reply(&text, ev);
}

static bool
take_place(struct str *s, struct str *ret)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct str whole = *s;

		if (str_skip(s, places[i])) {
			*ret = str_head(whole, places[i].len - 1);
			return true;
		}
	}
	return false;
}

static bool
is_repeating(struct str action)
{
	for (size_t i = 0; i < sizeof(repeating) / sizeof(*repeating); i++)
		if (str_starts(action, repeating[i]))
			return true;
	return false;
}

/* "ACTION: PLACE ": leaves *REST behind it. */
static enum parse_result
begin(struct str *rest, struct str *ret_action, struct event *ev)
{
	struct str action = str_cut(rest, ':'), place;

	if (action.len == 0 || str_index(action, ' ') < action.len || action.len > 32)
		return PARSE_UNKNOWN;
	if (!str_skip_char(rest, ' ') || !take_place(rest, &place))
		return PARSE_UNKNOWN;
	EVENT_SET(ev, kind, str_starts(action, STR("milter-")) ? KIND_milter : KIND_content);
	EVENT_TEXT(ev, action, action);
	EVENT_TEXT(ev, stage, place);
	if (ev->kind == KIND_milter)
		EVENT_SET(ev, reason, REASON_milter);
	*ret_action = action;
	return PARSE_EVENT;
}

/* The SMTP client's: all of it is the sender's and the administrator's text. */
enum parse_result
postfix_content_sent(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = row->prefix;
	enum parse_result result;

	if (action.len) /* it stands before REST */
		rest = str_range(rest.p - action.len, rest.p + rest.len);
	result = begin(&rest, &action, ev);
	if (result == PARSE_EVENT)
		EVENT_TEXT(ev, text, rest);
	return result;
}

enum parse_result
postfix_content(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action;
	struct ending ending;
	size_t len;

	(void)row;
	if (begin(&rest, &action, ev) != PARSE_EVENT)
		return PARSE_UNKNOWN;
	if (!postfix_is_cut(ev) && find_ending(rest, is_repeating(action), &ending, &len)) {
		set_ending(&ending, ev);
		rest.len = len;
	} else if (str_find(rest, STR("; from=<")) < rest.len) {
		EVENT_SET(ev, truncated, true);
	}
	EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}
