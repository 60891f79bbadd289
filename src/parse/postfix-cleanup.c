/* SPDX-License-Identifier: Apache-2.0
 *
 * cleanup, which writes the queue file:
 *
 *   4F1D2A3B4C: message-id=<x@b.test>
 *   4F1D2A3B4C: milter-reject: END-OF-MESSAGE from mx.b.test[192.0.2.1]: 5.7.1 Spam; from=...
 *   4F1D2A3B4C: reject: header Subject: pills from ... (postfix-content.c)
 *   4F1D2A3B4C: removed (canceled)
 *
 * The message id is the sender's to choose and may hold anything.
 */
#include "parse/postfix.h"

static enum parse_result
message_id(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_message_id);
	EVENT_TEXT(ev, msgid, rest);
	return PARSE_EVENT;
}

static const struct postfix_row queued[] = {
	{PREFIX("message-id="), message_id, POSTFIX_SURE, 0},
	{PREFIX("resent-message-id="), message_id, POSTFIX_SURE, 0},
	{PREFIX("to="), postfix_delivered, POSTFIX_SURE, 0},
	{PREFIX("removed"), postfix_removed, POSTFIX_SURE, 0},
	{PREFIX(""), postfix_action, 0, 0},
	{PREFIX(""), postfix_content, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_cleanup = {POSTFIX_NO_ROWS, POSTFIX_NO_ROWS, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_cleanup, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const char *const daemons[] = {"cleanup", NULL};

const struct parser parser_postfix_cleanup = {
	.name = "postfix-cleanup",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
};
