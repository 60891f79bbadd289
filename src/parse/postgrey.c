/* SPDX-License-Identifier: Apache-2.0
 *
 * postgrey, a policy server that greylists; what it had refused smtpd tells, too:
 *
 *   action=greylist, reason=new, client_name=mx.b.test, client_address=192.0.2.1,
 *     sender=a@b.test, recipient=c@d.test
 *   action=pass, reason=triplet found, delay=302, client_name=mx.b.test, ...
 *   4F1D2A3B4C: action=pass, reason=client AWL, client_name=mx.b.test,
 *     client_address=192.0.2.1/32, recipient=c@d.test
 *
 * `seconds` is how long the client was kept waiting. Sender and recipient are its words.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const struct note notes[] = {
	{STR("cleaning "), 0},
	{STR("whitelisted: "), 0},
	{STR("rm "), 0},
	{STR("Process Backgrounded"), 0},
	{STR("Binding to "), 0},
	{STR("Binding open file descriptors"), 0},
	{STR("Resolved "), 0},
	{STR("Setting gid "), 0},
	{STR("Setting uid "), 0},
	{STR("Group Not Defined"), 0},
	{STR("User Not Defined"), 0},
	{STR("Server closing"), 0},
	{STR("HUP received"), 0},
	{STR("Pid_file already exists "), KIND_operational},
	{STR("warning: "), KIND_operational},
	{STR("error: "), KIND_operational},
	{STR("fatal: "), KIND_operational},
	{.prefix = {NULL, 0}},
};

/* Net::Server's own stamp: "2026/09/24-02:18:10 postgrey (type ...) starting! pid(31)" */
static bool
is_stamped(struct str s)
{
	static const char form[] = "0000/00/00-00:00:00 ";

	if (s.len < sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == '0' ? !char_is_digit(s.p[i]) : s.p[i] != form[i])
			return false;
	return true;
}

/* ", sender=a@b.test, recipient=c@d.test"; neither if one may hold the other. */
static void
take_envelope(struct str s, struct event *ev)
{
	static const struct str mark = STR(", recipient=");
	size_t n = str_find(s, mark);
	struct str sender = str_head(s, n), recipient = str_from(s, n);

	if (!str_skip(&recipient, mark) || str_find(recipient, STR(", ")) < recipient.len)
		return;
	if (str_skip(&sender, STR(", sender=")))
		EVENT_TEXT(ev, sender, sender);
	EVENT_TEXT(ev, recipient, recipient);
}

/* What follows "action=". */
static enum parse_result
read_decision(struct str s, struct event *ev)
{
	struct str action = str_head(s, str_index(s, ',')), why, name, ip;
	int64_t seconds;
	size_t bits = 1;

	EVENT_SET(ev, kind, KIND_policy);
	EVENT_TEXT(ev, action, action);
	s = str_from(s, action.len);
	if (!str_skip(&s, STR(", reason=")))
		return PARSE_MALFORMED;
	why = str_head(s, str_index(s, ','));
	EVENT_TEXT(ev, text, why);
	if (str_eq(action, STR("greylist")))
		EVENT_SET(ev, reason, REASON_greylist);
	s = str_from(s, why.len);
	if (str_skip(&s, STR(", delay="))) {
		if (!str_skip_number(&s, &seconds) || seconds > INT32_MAX)
			return PARSE_MALFORMED;
		EVENT_SET(ev, seconds, seconds * 1000000);
	}
	if (!str_skip(&s, STR(", client_name=")) || !postfix_host(&s, &name) ||
	    !str_skip(&s, STR(", client_address=")) || !postfix_ip(&s, &ip))
		return PARSE_MALFORMED;
	EVENT_TEXT(ev, name, name);
	EVENT_TEXT(ev, ip, ip);
	if (s.len && *s.p == '/') {
		while (bits < s.len && char_is_digit(s.p[bits]))
			bits++;
		s = str_from(s, bits);
	}
	if (!postfix_is_cut(ev))
		take_envelope(s, ev);
	return PARSE_EVENT;
}

static enum parse_result
read_line(struct str message, struct event *ev)
{
	struct str s = message, qid;

	if (postfix_qid(&s, &qid)) {
		if (str_skip(&s, STR(": ")))
			EVENT_TEXT(ev, qid, qid);
		else
			s = message;
	}
	if (str_skip(&s, STR("action=")))
		return read_decision(s, ev);
	return is_stamped(message) ? PARSE_IGNORED : filters_note(notes, message, ev);
}

static const char *const tags[] = {"postgrey", "postfix/postgrey", NULL};

const struct parser parser_postgrey = {
	.name = "postgrey",
	.tags = tags,
	.read = read_line,
};
