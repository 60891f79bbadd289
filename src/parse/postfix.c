/* SPDX-License-Identifier: Apache-2.0
 *
 * What all lines of Postfix have in common:
 *
 *   [SEVERITY: ][QID: |NOQUEUE: ]TEXT
 *
 *   connect from mail.example.test[192.0.2.1]
 *   warning: 4F1D2A3B4C: queue file size limit exceeded
 *   NOQUEUE: reject: RCPT from ...
 */
#include "parse/postfix.h"

static const struct {
	struct str prefix;
	uint8_t severity;
} severities[] = {
	{STR("warning: "), SEVERITY_warning},
	{STR("error: "), SEVERITY_error},
	{STR("fatal: "), SEVERITY_fatal},
	{STR("panic: "), SEVERITY_panic},
};

/* What any daemon may say. */
static const struct postfix_row any_info[] = {
	{STR("using backwards-compatible default setting "), postfix_say, KIND_operational, 0},
	{STR("table "), postfix_say, KIND_operational, 0},
	{STR("cache "), postfix_ignore, 0, 0},
	{STR("close database "), postfix_ignore, 0, 0},
	{STR("> "), postfix_ignore, 0, 0}, /* the dialogue, for debug_peer_list */
	{STR("< "), postfix_ignore, 0, 0},
	{.read = NULL},
};

static const struct postfix_grammar any_daemon = {any_info, POSTFIX_NO_ROWS, POSTFIX_NO_ROWS};

enum parse_result
postfix_ignore(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row, (void)rest, (void)ev;
	return PARSE_IGNORED;
}

enum parse_result
postfix_say(const struct postfix_row *row, struct str rest, struct event *ev)
{
	EVENT_SET(ev, kind, row->kind);
	EVENT_TEXT(ev, text, str_range(rest.p - row->prefix.len, rest.p + rest.len));
	return PARSE_EVENT;
}

static bool
take_severity(struct str *message, struct event *ev)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(*severities); i++)
		if (str_skip(message, severities[i].prefix)) {
			EVENT_SET(ev, severity, severities[i].severity);
			return true;
		}
	return false;
}

static enum parse_result
try_rows(const struct postfix_row *row, struct str message, struct event *ev)
{
	for (; row->read; row++) {
		uint64_t known[2] = {ev->known[0], ev->known[1]};
		enum parse_result result;

		if (row->prefix.len && (message.len == 0 || *message.p != *row->prefix.p))
			continue;
		if (!str_starts(message, row->prefix))
			continue;
		result = row->read(row, str_from(message, row->prefix.len), ev);
		if (result != PARSE_UNKNOWN)
			return result;
		ev->known[0] = known[0];
		ev->known[1] = known[1];
	}
	return PARSE_UNKNOWN;
}

/* "QID: " or "NOQUEUE: "; *RET_QID is {NULL, 0} for the latter. */
static bool
take_qid(struct str *message, struct str *ret_qid)
{
	struct str s = *message;

	*ret_qid = (struct str){NULL, 0};
	if (!str_skip(&s, STR("NOQUEUE")) && !postfix_qid(&s, ret_qid))
		return false;
	if (!str_skip(&s, STR(": ")))
		return false;
	*message = s;
	return true;
}

/* What the line says, taken apart as far as all lines are alike. */
struct message {
	struct str text;   /* without severity */
	struct str queued; /* behind the queue id; {NULL, 0}: there is none */
	struct str qid;    /* {NULL, 0}: NOQUEUE */
	bool severe;
};

static enum parse_result
try_grammar(const struct postfix_grammar *grammar, const struct message *message,
    struct event *ev)
{
	enum parse_result result = PARSE_UNKNOWN;

	if (message->queued.p) {
		result = try_rows(grammar->queued, message->queued, ev);
		if (result == PARSE_EVENT && message->qid.p)
			EVENT_TEXT(ev, qid, message->qid);
	}
	if (result == PARSE_UNKNOWN)
		result = try_rows(message->severe ? grammar->warning : grammar->info,
		    message->text, ev);
	return result;
}

/* Trouble that has no row of its own. */
static enum parse_result
complain(const struct message *message, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_operational);
	if (message->qid.p)
		EVENT_TEXT(ev, qid, message->qid);
	EVENT_TEXT(ev, text, message->queued.p ? message->queued : message->text);
	return PARSE_EVENT;
}

enum parse_result
postfix_read(const struct postfix_grammar *const *grammars, struct str text, struct event *ev)
{
	struct message message = {.severe = take_severity(&text, ev)};
	enum parse_result result;

	message.text = text;
	if (text.len >= POSTFIX_MESSAGE_MAX)
		EVENT_SET(ev, truncated, true);
	if (take_qid(&text, &message.qid))
		message.queued = text;
	for (; *grammars; grammars++) {
		result = try_grammar(*grammars, &message, ev);
		if (result != PARSE_UNKNOWN)
			return result;
	}
	result = try_grammar(&any_daemon, &message, ev);
	return result == PARSE_UNKNOWN && message.severe ? complain(&message, ev) : result;
}
