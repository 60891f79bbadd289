/* SPDX-License-Identifier: Apache-2.0
 *
 * milter-greylist; what it had refused smtpd tells, too:
 *
 *   4F1D2A3B4C: addr mx.b.test[192.0.2.1] from <a@b.test> to <c@d.test> delayed for 00:05:00
 *     (ACL 112)
 *   (unknown id): addr [192.0.2.1][192.0.2.1] from <> to <c@d.test> delayed after DATA phase
 *     for 00:05:00
 *   4F1D2A3B4C: addr 192.0.2.1 from <a@b.test> rcpt <c@d.test>: autowhitelisted for another
 *     24:00:00
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const struct note notes[] = {
	{STR("skipping greylist because "), 0}, /* of a list; no client is told first */
	{STR("milter-greylist "), 0},           /* starting */
	{STR("Final database dump"), 0},
	{STR("Exiting"), 0},
	{STR("reloaded"), 0},
	{STR("reloading "), 0},
	{STR("greylist.db"), 0},
	{STR("smfi_"), KIND_operational},
	{STR("cannot "), KIND_operational},
	{STR("Cannot "), KIND_operational},
	{STR("config error "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* "mx.b.test[192.0.2.1]", "[192.0.2.1][192.0.2.1]", "192.0.2.1" of old versions and lists */
static bool
take_client(struct str *s, struct event *ev)
{
	struct str rest = *s, ip, name = {NULL, 0};

	/* If an address in brackets follows, all before it is a name. */
	if (postfix_ip(&rest, &ip) && str_starts(rest, STR(" ")) &&
	    str_find(rest, STR("] from <")) == rest.len) {
		EVENT_TEXT(ev, ip, ip);
		*s = rest;
		return true;
	}
	rest = *s;
	if (str_skip_char(&rest, '[')) {
		if (!postfix_ip(&rest, &ip) || !str_skip_char(&rest, ']'))
			return false;
	} else if (!postfix_host(&rest, &name)) {
		return false;
	}
	if (!str_skip_char(&rest, '[') || !postfix_ip(&rest, &ip) ||
	    !str_skip_char(&rest, ']'))
		return false;
	EVENT_TEXT(ev, ip, ip);
	if (name.p)
		EVENT_TEXT(ev, name, name);
	*s = rest;
	return true;
}

/* " from <a@b.test> to <c@d.test>", " ... rcpt <c@d.test>", as which both are consumed */
static bool
take_envelope(struct str *s, struct event *ev)
{
	struct str sender, recipient;

	if (!str_skip(s, STR(" from <")) || !postfix_address(s, &sender) ||
	    (!str_skip(s, STR(" to <")) && !str_skip(s, STR(" rcpt <"))) ||
	    !postfix_address(s, &recipient))
		return false;
	EVENT_TEXT(ev, sender, sender);
	EVENT_TEXT(ev, recipient, recipient);
	return true;
}

/* Behind "addr ": what was decided stands behind the client's words, or else at the end. */
static enum parse_result
read_decision(struct str s, struct event *ev)
{
	bool passed;

	EVENT_SET(ev, kind, KIND_policy);
	if (!take_client(&s, ev))
		return PARSE_MALFORMED;
	if (!take_envelope(&s, ev))
		return postfix_is_cut(ev) ? PARSE_EVENT : PARSE_MALFORMED;
	passed = str_skip(&s, STR(": autowhitelisted for "));
	if (!passed && !str_skip(&s, STR(" delayed ")))
		return PARSE_MALFORMED;
	EVENT_WORD(ev, action, passed ? WORD_pass : WORD_greylist);
	if (!passed)
		EVENT_SET(ev, reason, REASON_greylist);
	if (s.len)
		EVENT_TEXT(ev, text, s);
	return PARSE_EVENT;
}

static enum parse_result
milter_greylist_read(struct str message, struct event *ev)
{
	struct str s = message, qid = {NULL, 0};

	if (!str_skip(&s, STR("(unknown id)")) && !postfix_qid(&s, &qid))
		return filters_milter_note(notes, message, ev);
	if (!str_skip(&s, STR(": ")))
		return filters_milter_note(notes, message, ev);
	if (!str_skip(&s, STR("addr ")))
		return filters_milter_note(notes, s, ev);
	if (qid.p)
		EVENT_TEXT(ev, qid, qid);
	return read_decision(s, ev);
}

static const char *const tags[] = {"milter-greylist", NULL};

const struct parser parser_milter_greylist = {
	.name = "milter-greylist",
	.tags = tags,
	.read = milter_greylist_read,
};
