/* SPDX-License-Identifier: Apache-2.0
 *
 * pickup, which takes what local programs submit:
 *
 *   4F1D2A3B4C: uid=33 from=<www-data>
 *   4F1D2A3B4C: uid=0 from=<root> orig_id=3A2B1C4D5E
 */
#include "parse/postfix.h"

/* "N from=<A>[ orig_id=Q]" */
static enum parse_result
submitted(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str sender;
	int64_t uid;

	(void)row;
	if (!str_skip_number(&rest, &uid) || !str_skip(&rest, STR(" from=")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_submitted);
	EVENT_SET(ev, uid, uid);
	if (!postfix_bracketed(&rest, &sender)) {
		EVENT_SET(ev, truncated, true);
	} else {
		EVENT_TEXT(ev, sender, sender);
		str_skip_char(&rest, ' ');
	}
	if (rest.len)
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

static const struct postfix_row queued[] = {
	{PREFIX("uid="), submitted, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_pickup = {POSTFIX_NO_ROWS, POSTFIX_NO_ROWS, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_pickup, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"pickup", NULL};

const struct parser parser_postfix_pickup = {
	.name = "postfix-pickup",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
