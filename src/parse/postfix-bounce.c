/* SPDX-License-Identifier: Apache-2.0
 *
 * bounce, which writes notifications:
 *
 *   4F1D2A3B4C: sender non-delivery notification: 5A6B7C8D9E
 *   4F1D2A3B4C: postmaster delay notification: 5A6B7C8D9E
 */
#include "parse/postfix.h"

/* "SORT notification: QID"; the action is the prefix and the sort. */
static enum parse_result
notification(const struct postfix_row *row, struct str rest, struct event *ev)
{
	static const struct str sorts[] = {STR("non-delivery"), STR("delay"),
	    STR("delivery status")};
	const char *begin = rest.p - row->prefix.len, *end;
	struct str qid;

	for (size_t i = 0; i < sizeof(sorts) / sizeof(*sorts); i++) {
		if (!str_skip(&rest, sorts[i]))
			continue;
		end = rest.p;
		if (!str_skip(&rest, STR(" notification: ")) || !postfix_qid(&rest, &qid))
			return PARSE_MALFORMED;
		EVENT_SET(ev, kind, KIND_bounce_link);
		EVENT_TEXT(ev, action, str_range(begin, end));
		EVENT_TEXT(ev, next_qid, qid);
		return PARSE_EVENT;
	}
	return PARSE_UNKNOWN;
}

static const struct postfix_row queued[] = {
	{PREFIX("sender "), notification, 0, 0},
	{PREFIX("postmaster "), notification, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_bounce = {POSTFIX_NO_ROWS, POSTFIX_NO_ROWS, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_bounce, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"bounce", "defer", "trace", NULL};

const struct parser parser_postfix_bounce = {
	.name = "postfix-bounce",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
