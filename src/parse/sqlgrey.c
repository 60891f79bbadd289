/* SPDX-License-Identifier: Apache-2.0
 *
 * sqlgrey, a policy server that greylists; what it had refused smtpd tells, too:
 *
 *   grey: new: 192.0.2.1(192.0.2.1), a@b.test -> c@d.test
 *   grey: early reconnect: 192.0.2(192.0.2.1), -undef- -> c@d.test
 *   grey: reconnect ok: 192.0.2.1(192.0.2.1), a@b.test -> c@d.test (00:05:12)
 *   grey: from awl match: updating 192.0.2.1(192.0.2.1), a@b.test(a@b.test)
 *
 * What stands before the parentheses is the client as its lists know him, maybe a network
 * only; older versions have nothing else. `seconds` is how long he was kept waiting. Sender
 * and recipient are his words.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const struct {
	struct str words;
	bool delayed;
} decisions[] = {
	{STR("new: "), true},
	{STR("early reconnect: "), true},
	{STR("throttling: "), true},
	{STR("reconnect ok: "), false},
	{STR("domain awl match: updating "), false},
	{STR("from awl match: updating "), false},
};

static const struct note notes[] = {
	{STR("grey: domain awl: "), 0}, /* the next decision will tell */
	{STR("grey: from awl: "), 0},
	{STR("whitelist: "), 0},
	{STR("optin: "), 0},
	{STR("spam: "), 0}, /* who did not come again: told as new */
	{STR("perf: "), 0},
	{STR("conf: "), 0},
	{STR("martians: "), 0},
	{STR("dbaccess: "), KIND_operational},
	{STR("warning: "), KIND_operational},
	{STR("error: "), KIND_operational},
	{STR("fatal: "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* "192.0.2.1(192.0.2.1), ", "192.0.2(192.0.2.1), ", "192.0.2.1, " */
static bool
take_client(struct str *s, struct event *ev)
{
	struct str ip;
	size_t n = 0;

	if (postfix_ip(s, &ip) && str_skip(s, STR(", "))) {
		EVENT_TEXT(ev, ip, ip);
		return true;
	}
	while (n < s->len && (char_is_alnum(s->p[n]) || s->p[n] == '.' || s->p[n] == ':'))
		n++;
	*s = str_from(*s, n);
	if (str_skip(s, STR(", ")))
		return true;
	if (!str_skip_char(s, '(') || !postfix_ip(s, &ip) || !str_skip(s, STR("), ")))
		return false;
	EVENT_TEXT(ev, ip, ip);
	return true;
}

/* "(00:05:12)" off the end of *S */
static void
drop_waited(struct str *s, struct event *ev)
{
	size_t at = str_find_last(*s, STR(" ("));
	struct str rest = str_from(*s, at);
	int64_t usec;

	if (!str_skip(&rest, STR(" (")) || rest.len != sizeof("00:05:12)") - 1 ||
	    !str_ends(rest, STR(")")) || (usec = stamp_clock(rest.p)) < 0)
		return;
	EVENT_SET(ev, seconds, usec);
	s->len = at;
}

/* "a@b.test -> c@d.test"; neither if one may hold the other. */
static void
take_envelope(struct str s, struct event *ev)
{
	static const struct str mark = STR(" -> ");
	size_t at = str_find(s, mark);
	struct str sender = str_head(s, at);

	if (at == s.len || str_find_last(s, mark) != at)
		return;
	if (str_eq(sender, STR("-undef-")))
		sender.len = 0;
	EVENT_TEXT(ev, sender, sender);
	EVENT_TEXT(ev, recipient, str_from(s, at + mark.len));
}

/* Behind "grey: ". */
static enum parse_result
read_decision(struct str s, struct event *ev)
{
	size_t i = 0;
	struct str why;

	while (i < sizeof(decisions) / sizeof(*decisions) &&
	    !str_starts(s, decisions[i].words))
		i++;
	if (i == sizeof(decisions) / sizeof(*decisions))
		return PARSE_UNKNOWN;
	why = str_head(s, str_index(s, ':'));
	s = str_from(s, decisions[i].words.len);
	EVENT_SET(ev, kind, KIND_policy);
	if (!take_client(&s, ev))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, text, why);
	EVENT_WORD(ev, action, decisions[i].delayed ? WORD_greylist : WORD_pass);
	if (decisions[i].delayed)
		EVENT_SET(ev, reason, REASON_greylist);
	if (postfix_is_cut(ev))
		return PARSE_EVENT;
	drop_waited(&s, ev);
	take_envelope(s, ev);
	return PARSE_EVENT;
}

static enum parse_result
sqlgrey_read(struct str message, struct event *ev)
{
	enum parse_result result = filters_note(notes, message, ev);
	struct str s = message;

	return result == PARSE_UNKNOWN && str_skip(&s, STR("grey: ")) ? read_decision(s, ev) :
									result;
}

static const char *const tags[] = {"sqlgrey", NULL};

const struct parser parser_sqlgrey = {
	.name = "sqlgrey",
	.tags = tags,
	.read = sqlgrey_read,
};
