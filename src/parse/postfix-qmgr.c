/* SPDX-License-Identifier: Apache-2.0
 *
 * qmgr, the queue manager:
 *
 *   4F1D2A3B4C: from=<a@b.test>, size=2048, nrcpt=2 (queue active)
 *   4F1D2A3B4C: from=<a@b.test>, status=expired, returned to sender
 *   4F1D2A3B4C: removed
 *
 * The address stands in front, so lines are read from the right: before Postfix 3.5
 * a sender was logged without quotes and could hold ">, size=1, nrcpt=1".
 */
#include "parse/postfix-read.h"

enum parse_result
postfix_removed(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_removed);
	if (str_skip(&rest, STR(" (")))
		EVENT_TEXT(ev, action, str_cut(&rest, ')'));
	return PARSE_EVENT;
}

/* What no eight bytes hold. -1: it is no number. */
static PARSE_RARE int64_t
odd_number(struct str s)
{
	int64_t number;

	return str_number(s, &number) ? number : -1;
}

/* Takes "LITERAL N" off the end and returns N; -1: that does not end it. */
READ_INLINE int64_t
take_number(struct str *s, struct str literal)
{
	size_t n = s->len;
	struct str head = *s;
	int64_t number;

	if (!digits_take_last(&head, &number)) {
		while (n && char_is_digit(s->p[n - 1]))
			n--;
		head.len = n;
		number = odd_number(str_from(*s, n));
	}
	if (number < 0 || !str_ends(head, literal))
		return -1;
	s->len = head.len - literal.len;
	return number;
}

static struct str
unbracketed(struct str s)
{
	if (s.len >= 2 && *s.p == '<' && s.p[s.len - 1] == '>')
		return (struct str){s.p + 1, s.len - 2};
	return s;
}

/* "<A>, size=N, nrcpt=N", as it stands in front of what should not be there. */
static bool
take_from_left(struct str *s, int64_t *ret_size, int64_t *ret_nrcpt)
{
	struct str rest = *s, address;

	if (!postfix_bracketed(&rest, &address))
		return false;
	s->len = (size_t)(rest.p - s->p);
	return str_skip(&rest, STR(", size=")) && str_skip_number(&rest, ret_size) &&
	    str_skip(&rest, STR(", nrcpt=")) && str_skip_number(&rest, ret_nrcpt);
}

READ_INLINE enum parse_result
set_queued(struct str address, int64_t size, int64_t nrcpt, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_queued);
	EVENT_TEXT(ev, sender, unbracketed(address));
	EVENT_SET(ev, size, size);
	EVENT_SET(ev, nrcpt, nrcpt);
	return PARSE_EVENT;
}

static PARSE_RARE enum parse_result
odd_queue_active(struct str rest, struct event *ev)
{
	int64_t size, nrcpt;

	if (!take_from_left(&rest, &size, &nrcpt))
		return PARSE_MALFORMED;
	return set_queued(rest, size, nrcpt, ev);
}

READ_INLINE enum parse_result
queue_active(struct str rest, struct event *ev)
{
	static const struct str active = STR(" (queue active)");
	struct str address = rest;
	int64_t size, nrcpt;

	if (str_ends(address, active))
		address.len -= active.len;
	nrcpt = take_number(&address, STR(", nrcpt="));
	if (nrcpt < 0 || (size = take_number(&address, STR(", size="))) < 0)
		return odd_queue_active(rest, ev);
	return set_queued(address, size, nrcpt, ev);
}

static enum parse_result
from(const struct postfix_row *row, struct str rest, struct event *ev)
{
	static const struct str returned = STR(", returned to sender");
	static const struct str mark = STR(", status=");
	struct str head = rest;
	size_t n;

	(void)row;
	if (postfix_is_cut(ev)) /* what seems to be the end is the sender's */
		return PARSE_MALFORMED;
	if (!str_ends(rest, returned))
		return queue_active(rest, ev);
	head.len -= returned.len;
	n = str_find_last(head, mark);
	if (n == head.len)
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_expired);
	EVENT_TEXT(ev, sender, unbracketed(str_head(head, n)));
	EVENT_TEXT(ev, status, str_from(head, n + mark.len));
	return PARSE_EVENT;
}

static const struct postfix_row queued[] = {
	{PREFIX("from="), from, POSTFIX_SURE, 0},
	{PREFIX("removed"), postfix_removed, POSTFIX_SURE, 0},
	{PREFIX("to="), postfix_delivered, POSTFIX_SURE, 0},
	{PREFIX("skipped, still being delivered"), postfix_ignore, 0, 0},
	{PREFIX("status="), postfix_ignore, 0, 0}, /* "status=deferred (bounce failed)" */
	{.read = NULL},
};

const struct postfix_grammar postfix_qmgr = {POSTFIX_NO_ROWS, POSTFIX_NO_ROWS, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_qmgr, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"qmgr", "nqmgr", "oqmgr", NULL};

const struct parser parser_postfix_qmgr = {
	.name = "postfix-qmgr",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
