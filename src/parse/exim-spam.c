/* SPDX-License-Identifier: Apache-2.0
 *
 * SA-Exim, which asks SpamAssassin from local_scan():
 *
 *   SA: Action: silently tossed message: score=13.7 required=5.0 trigger=5.0 (scanned in 5/5
 *     secs | Message-Id: x@a.test). From <a@b.test> (host=mx.b.test [192.0.2.1]) for c@d.test
 *   SA: Action: scanned but message isn't spam: score=0.1 required=5.0 (scanned in 3/3 ...
 *   SA: Debug: SAEximRunCond expand returned: 'true'
 *
 * Message-Id, sender and recipients are the client's words: where they hold what stands
 * before him, too, or fill the line up to where it may have been cut, nothing of them is
 * told.
 */
#include "parse/exim.h"
#include "parse/filters.h"

/* "mx.b.test [192.0.2.1]) for ...", "NULL [192.0.2.1]) for ..." */
static bool
take_host(struct str s, struct event *ev)
{
	struct str name = str_cut(&s, '['), address = str_cut(&s, ']');

	if (!str_starts(s, STR(") for ")) || !filters_ip(address, ev))
		return false;
	name = str_trim(name);
	if (name.len && !str_eq(name, STR("NULL")))
		EVENT_TEXT(ev, name, name);
	return true;
}

/* " | Message-Id: x@a.test). From <a@b.test> (host=...", from the first word on. */
static void
take_message(struct str s, struct event *ev)
{
	static const struct str from = STR("). From <"), host = STR("> (host=");
	size_t sender = str_find(s, from), client = str_find(s, host);

	if (s.len > EXIM_WORDS_MAX || client == s.len || client < sender + from.len ||
	    str_find_last(s, from) != sender || str_find_last(s, host) != client ||
	    !take_host(str_from(s, client + host.len), ev))
		return;
	EVENT_TEXT(ev, sender, str_range(s.p + sender + from.len, s.p + client));
	if (sender)
		EVENT_TEXT(ev, msgid, str_head(s, sender));
}

enum parse_result
exim_spam(struct str message, struct event *ev)
{
	static const struct str score_mark = STR(": score="), id = STR(" | Message-Id: ");
	struct str action;
	int64_t score;
	size_t n;

	if (!str_skip(&message, STR("SA: ")))
		return PARSE_UNKNOWN;
	n = str_find(message, score_mark);
	action = str_head(message, n);
	message = str_from(message, n);
	if (!str_skip(&action, STR("Action: ")) || !str_skip(&message, score_mark) ||
	    !filters_score(&message, &score))
		return PARSE_IGNORED;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	EVENT_WORD(ev, verdict,
	    str_starts(action, STR("scanned but")) ? WORD_clean : WORD_spam);
	EVENT_SET(ev, score, score);
	EVENT_TEXT(ev, action, action);
	message = str_from(message, str_find(message, id));
	if (str_skip(&message, id))
		take_message(message, ev);
	return PARSE_EVENT;
}
